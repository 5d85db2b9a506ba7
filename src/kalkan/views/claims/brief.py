"""An entry of the catalogue on one screen: what runs use, what it has besides, and where to read on."""

from __future__ import annotations

from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from kalkan.catalogue import DEFAULT
from kalkan.catalogue.role import CONTEXT, DATES
from kalkan.errors import bare
from kalkan.views.claims.tables import shown
from kalkan.views.screen import CellText, WordTable

MOST_ROWS, MOST_NAMES, MOST_CASES = 10, 16, 2


def brief_view(explanation: dict[str, Any]) -> RenderableType:
    """An entry without the claims: its figures that drive runs, its parts, and the names of what else is claimed.

    Parameters
    ----------
    explanation : dict
        From :func:`kalkan.catalogue.explain`, of a whole entry.
    """
    entry, quantities = explanation["entry"], explanation["quantities"]
    blocks = heading(entry, explanation["stance"])
    parts = explanation["parts"]
    driving = [q for q in quantities if q["role"] not in (CONTEXT, DATES)]
    dating = [q for q in quantities if q["role"] == DATES]
    idle = [q for q in quantities if q["role"] == CONTEXT]
    rows = _most_telling([q for q in driving or quantities if len(q["claims"]) > 1 or not parts])
    if rows:
        blocks += [Text(""), _figures(rows, "kalkan uses" if driving else "claims come to")]
    for told, names in (
        ("its parts", [p["id"] if p["name"].lower() == p["id"] else f"{p['id']} ({p['name']})" for p in parts]),
        ("runs use as well", [q["quantity"] for q in driving if q not in rows]),
        ("dates and times that batches may name", [f"{entry['id']}.{q['quantity']}" for q in dating]),
        ("claimed, and used by no run", [q["quantity"] for q in idle if q not in rows]),
    ):
        if names:
            more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
            blocks += [Text(""), Text.assemble((f"{told}: ", "bold"), ", ".join(names[:MOST_NAMES]), more)]
    return Group(*blocks, Text(""), Text(_next(entry["id"], rows, parts), style="dim"))


def heading(entry: dict[str, Any], stance: str) -> list[RenderableType]:
    """Name, identifier, kind; aliases; description; whose figures."""
    blocks: list[RenderableType] = [Text.assemble((entry["name"], "bold"), f"  ({entry['id']}, {entry['kind']})")]
    if also := other_names(entry):
        blocks.append(Text("also looked for as: " + ", ".join(also), style="dim"))
    if entry["about"]:
        blocks.append(Text(entry["about"], style="dim"))
    if stance != DEFAULT:
        blocks.append(Text(f"under the stance {stance}", style="bold"))
    return blocks


def other_names(entry: dict[str, Any]) -> list[str]:
    """Aliases that are more than another spelling of identifier or name."""
    return [a for a in entry["aliases"] if bare(a) not in {bare(entry["id"]), bare(entry["name"])}]


def _most_telling(quantities: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """At most `MOST_ROWS`, in the catalogue's order: those that were reviewed, then those with the most claims."""
    ranked = sorted(quantities, key=lambda q: (not q["review"], -len(q["claims"])))[:MOST_ROWS]
    return [q for q in quantities if q in ranked]


def _figures(quantities: list[dict[str, Any]], verb: str) -> Table:
    table = WordTable(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("quantity", no_wrap=True)
    table.add_column(verb, style="bold", ratio=4)
    table.add_column("claimed", ratio=3)
    table.add_column("what it means", style="dim", ratio=6)
    for q in quantities:
        cases = [_case(c, q) for c in q["cases"]]
        more = f" and {len(cases) - MOST_CASES} more" if len(cases) > MOST_CASES else ""
        figure = "; ".join(cases[:MOST_CASES]) + more
        table.add_row(*map(CellText, (q["quantity"], figure, _claimed(q), q["sentence"])))
    return table


def _case(case: dict[str, Any], quantity: dict[str, Any]) -> str:
    words = " ".join(str(case["conditions"][key]) for key in quantity["by"])
    return f"{case['shown']} ({words})" if words else str(case["shown"])


def _claimed(quantity: dict[str, Any]) -> str:
    """``2 to 8, by 13``: what is claimed at the level that runs use, and how many claims there are."""
    claims = [c for c in quantity["claims"] if not c["excluded"] and c["level"] == quantity["level"]]
    values = [c["value_si"] for c in claims]
    if len(claims) < 2:
        return "1 claim"
    if any(isinstance(v, str) for v in values):
        return f"{len(set(values))} answers in {len(claims)} claims"
    unit = quantity["cases"][0]["unit_si"] if quantity["cases"] else ""
    written = {c["value_si"]: c["shown"].partition(" (")[0] for c in claims}  # nobody counts months in seconds
    alike = unit == "s" and len({text.rpartition(" ")[2] for text in written.values()}) == 1
    low, high = (written[end(values)] if alike else shown(end(values), unit) for end in (min, max))
    return f"{low} to {high}, {len(claims)} claims" if low != high else f"{low}, {len(claims)} claims"


def _next(entry: str, rows: list[dict[str, Any]], parts: list[dict[str, Any]]) -> str:
    told = []
    if rows:
        most = max(rows, key=lambda q: len(q["claims"]))["quantity"]
        told.append(f"kalkan explain {entry}.{most}: every claim about one of them, with its source")
    if parts:
        told.append(f"kalkan explain {parts[0]['id']}: one of its parts")
    if rows:
        told.append(f"kalkan explain {entry} --all: every claim about all of them")
    return "\n".join(told)
