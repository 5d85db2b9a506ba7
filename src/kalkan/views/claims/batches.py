"""The batches of a scenario in time: contract, delivery and readiness, by whose dates, how far disputed."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.text import Text

from kalkan.catalogue import Catalogue, resolve
from kalkan.errors import Problem, ProblemsError
from kalkan.scenario import Scenario
from kalkan.scenario.nouns.batches import Batch
from kalkan.scenario.readiness import (
    THIS,
    Claimed,
    End,
    NamedParts,
    Timed,
    Used,
    claims_of,
    deliveries_of,
    there,
    whose,
)
from kalkan.views.claims.explanation import Explanation
from kalkan.views.screen import CellText, WordTable

PICTURE = "readiness"
_DAYS = ("contract", "delivered", "ready")
WORDS = {
    "contract": "contract", "delivered": "delivery", "delivery_time": "from contract to delivery", "ready": "readiness",
    "training_from": "training begins", "training": "training", "work_up": "work-up",
}  # fmt: skip
"""What a scenario calls it, and what readers do."""


class Readiness(Explanation):
    """When the batches of a scenario are ready: plain data that prints as text and draws itself."""

    def view(self, everything: bool = False) -> RenderableType:
        """For a screen of rich: a table for every set of variants with the same batches."""
        return Group(*(part for group in self["groups"] for part in _group_view(group, self["as_of"])))

    def write(self, folder: str | Path) -> list[Path]:
        """Draw readiness over months into a folder, as PNG and SVG; what was written."""
        from kalkan.views.claims.readiness_figure import figure_of
        from kalkan.views.studies.plots import save

        Path(folder).mkdir(parents=True, exist_ok=True)
        return save(figure_of(self), Path(folder), PICTURE)


def readiness(scenario: Scenario) -> Readiness:
    """When what the batches of a scenario bring is delivered and ready.

    Parameters
    ----------
    scenario : Scenario
        With its variants; those with the same batches under the same figures are told together.

    Returns
    -------
    Readiness
        JSON-ready: ``title``, ``as_of`` (by label of the variant, null: none is asked for) and ``groups``, each with
        ``variants`` (labels), ``deliveries``, ``curve`` and ``whose``. A delivery has ``batch``, ``brings``,
        ``fire_units``, ``launchers`` and, of ``contract``, ``delivered`` and ``ready``, the day that is used and the
        ``earliest`` and ``latest`` of what is claimed. A
        curve has, for ``used``, ``earliest`` and ``latest``, the days on which something becomes ready, with the fire
        units and launchers of all batches that are there from then on; what comes with no batch is not counted.
        ``whose`` says, by batch, who says each date and time.

    Raises
    ------
    ProblemsError
        It has no batches.
    """
    found: dict[str, dict[str, Any]] = {}
    variants = scenario.variants_resolved().values()
    for variant in variants:
        if variant.batches:
            told = _told(variant)
            found.setdefault(repr(told), {"variants": [], **told})["variants"].append(variant.label)
    if not found:
        where = scenario.problem(("batches",), "are missing: nothing here has a date; [[batches]] say what comes when")
        raise ProblemsError([Problem("batches", where.message, where.file)])
    days = {v.label: v.as_of for v in variants if v.batches}
    return Readiness({"title": scenario.title, "as_of": days, "groups": list(found.values())})


def _told(variant: Scenario) -> dict[str, Any]:
    catalogue = variant.catalogue
    figures = Claimed(catalogue, variant.assume)
    wholes, used = deliveries_of(variant, figures, Used(figures))
    ends = {
        name: deliveries_of(variant, figures, End(catalogue, variant.assume, pick))[1]
        for name, pick in (("earliest", min), ("latest", max))
    }
    return {
        "deliveries": [_row(d, ends["earliest"][k], ends["latest"][k]) for k, d in enumerate(used)],
        "curve": {name: _curve(rows, wholes) for name, rows in (("used", used), *ends.items())},
        "whose": {b.name: _whose(b, catalogue, figures) for b in variant.bought},
    }


def _units(parts: Iterable[str]) -> tuple[int, int]:
    """Fire units, by their engagement radars, and launchers among single parts."""
    of_units = [p.split("/")[-1] for p in parts if p.split("/")[-2].isdigit()]
    launchers = sum(name.startswith("launcher ") for name in of_units)
    return len(of_units) - launchers, launchers


def _row(used: Timed, earliest: Timed, latest: Timed) -> dict[str, Any]:
    units, launchers = _units(used.parts)
    row: dict[str, Any] = {
        "batch": used.batch, "brings": list(used.brings), "fire_units": units, "launchers": launchers,
    }  # fmt: skip
    for key in _DAYS:
        day, first, last = (getattr(t, key) for t in (used, earliest, latest))
        row[key] = day and {"day": _iso(day), "earliest": _iso(first), "latest": _iso(last)}
    return row


def _iso(day: datetime.date) -> str:
    return day.isoformat()


def _curve(deliveries: Sequence[Timed], wholes: dict[str, NamedParts]) -> list[dict[str, Any]]:
    """What is there from each day on which something becomes ready."""
    steps = []
    for day in sorted({d.ready for d in deliveries}):
        standing = [there(name, whole, deliveries, day) for name, whole in wholes.items()]
        steps.append(
            {
                "day": _iso(day),
                "fire_units": sum(len(s.units) for s in standing),
                "launchers": sum(sum(s.units.values()) for s in standing),
            }
        )
    return steps


def _whose(batch: Batch, catalogue: Catalogue, figures: Claimed) -> list[dict[str, Any]]:
    """Who says each date and time, and what others say."""
    rows = whose(batch, lambda entry, quantity: resolve(catalogue, entry, quantity, assume=figures.assume))
    for row in rows:
        entry, _, quantity = row["path"].rpartition(".")
        claims = claims_of(catalogue, entry, quantity) if entry else []
        row["others"] = [
            {"says": c.shown, "claimant": c.claimant, "kind": c.kind, "date": c.date, "url": c.url}
            for c in claims
            if (c.claimant, c.note) != (row["claimant"], row["note"])
        ]
        alone = next((c for c in claims if (c.claimant, c.note) == (row["claimant"], row["note"])), None)
        row["claimed"] = alone.shown if alone else ""
    return rows


def _group_view(group: dict[str, Any], as_of: dict[str, str | None]) -> list[RenderableType]:
    table = WordTable(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    table.add_column("batch", ratio=3)
    table.add_column("brings", ratio=4)
    for name in ("contract", "delivery", "ready"):
        table.add_column(name, no_wrap=True)
    for row in group["deliveries"]:
        table.add_row(CellText(row["batch"]), CellText(_brings(row)), *(Text(_day(row[key])) for key in _DAYS))
    parts: list[RenderableType] = [Text(", ".join(group["variants"]), style="bold"), table]
    parts += [Text(_there(group, label, day)) for label, day in as_of.items() if day and label in group["variants"]]
    for batch, rows in group["whose"].items():
        parts += [Text(""), Text(batch, style="bold cyan")]
        parts += [Text(f"  {line}") for row in rows for line in _lines(row)]
    return parts


def _there(group: dict[str, Any], label: str, day: str) -> str:
    """What is there as of a day of a variant."""
    curve = group["curve"]
    now, most, least = (_count(curve[name], day) for name in ("used", "earliest", "latest"))
    apart = f", {least} to {most} by what is claimed" if least != most else ""
    ready = list(dict.fromkeys(", ".join(r["brings"]) for r in group["deliveries"] if r["ready"]["day"] <= day))
    told = f": {'; '.join(ready)}" if ready else ""
    return f"as of {day} ({label}): {_many(now, 'fire unit')} ready{apart}{told}"


def _count(curve: list[dict[str, Any]], day: str) -> int:
    return next((step["fire_units"] for step in reversed(curve) if step["day"] <= day), 0)


def _brings(row: dict[str, Any]) -> str:
    counted = [_many(row["fire_units"], "fire unit")] if row["fire_units"] else []
    counted += [_many(row["launchers"], "launcher")] if row["launchers"] else []
    return f"{', '.join(row['brings'])}\n{', '.join(counted)}" if counted else ", ".join(row["brings"])


def _many(n: int, thing: str) -> str:
    return f"{n} {thing}{'s'[: n != 1]}"


def _day(told: dict[str, str] | None) -> str:
    """The day that is used, and below it how far it is disputed."""
    if told is None:
        return ""
    apart = f"\n{told['earliest']} …\n{told['latest']}" if told["earliest"] != told["latest"] else ""
    return told["day"] + apart


def _lines(row: dict[str, Any]) -> list[str]:
    """Who says it, and who says otherwise."""
    name = WORDS[row["about"]]
    if row["claimant"] == THIS:
        return [f"{name}: {row['says']}, written in the scenario"]
    note = f": {row['note']}" if row["note"] else ""
    lines = [f"{name}: {row['claimed'] or row['says']}, {row['claimant']}{note}"]
    said: dict[str, list[str]] = {}
    for other in row["others"]:
        said.setdefault(other["says"], []).append(other["claimant"])
    return lines + [f"    {says}: {', '.join(dict.fromkeys(who))}" for says, who in said.items()]


