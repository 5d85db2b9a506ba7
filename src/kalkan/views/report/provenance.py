"""Every figure that a run used, over all its variants, and its sources with numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from kalkan.catalogue import Catalogue
from kalkan.catalogue.entries import CatalogueError
from kalkan.catalogue.resolve import matches
from kalkan.units import printed
from kalkan.views.numbers import exact
from kalkan.views.report.material import Material

_ACRONYMS = {"rcs": "radar cross-section", "p d": "detection probability", "p fa": "false-alarm probability"}


@dataclass(frozen=True)
class Figure:
    """One figure used.

    Attributes
    ----------
    entry, quantity, name : str
        Identifiers, and the quantity with its conditions for people.
    value : str
        As claimed, else in SI; where variants differ, each with its variant.
    claimant, kind, title, date, url, rule : str
        Of the claim used; ``kind`` is ``"scenario"`` where the scenario assumes the value.
    others : str
        What it might be: the claim's own range, and the range of the claims that were not used; or ``""``.
    """

    entry: str
    quantity: str
    name: str
    value: str
    claimant: str
    kind: str
    title: str
    date: str
    url: str
    rule: str
    others: str


@dataclass
class Cited:
    """Sources in the order in which they are first named, as text and link."""

    rows: list[tuple[str, str]] = field(default_factory=list)
    _number: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def number(self, f: Figure) -> int:
        """Number of a figure's source, from 1; 0 for what no source says."""
        if f.kind in ("assumption", "scenario"):
            return 0
        key = (f.claimant, f.title, f.url)
        if key not in self._number:
            date = "" if f.date in ("", "undated") else f", {f.date}"
            title = f"{f.claimant}: {f.title}" if f.title else f.claimant
            self.rows.append((f"{title}{date}" + (" (undated)" if f.date == "undated" else ""), f.url))
            self._number[key] = len(self.rows)
        return self._number[key]


def used(material: Material) -> list[Figure]:
    """Figures of all variants, sorted by entry and quantity; those that differ are told apart."""
    rows: dict[tuple[Any, ...], dict[str, dict[str, Any]]] = {}
    for variant in material.results.variants:
        for row in material.results.records[variant].attrs.get("inputs", []):
            key = (row["entry"], row["quantity"], tuple(sorted((k, str(v)) for k, v in row["conditions"].items())))
            rows.setdefault(key, {})[variant] = row
    found = []
    for key in sorted(rows):
        by_variant = rows[key]
        different = {(shown_value(r), r["claimant"], r["rule"]): v for v, r in by_variant.items()}
        for value, variant in different.items():
            who = "" if len(different) == 1 else _users(value, by_variant, material)
            found.append(_figure(by_variant[variant], who, material.catalogue))
    return found


def _users(value: tuple[str, str, str], by_variant: dict[str, Any], material: Material) -> str:
    """The variants that use this value."""
    names = [material.label(v) for v, r in by_variant.items() if (shown_value(r), r["claimant"], r["rule"]) == value]
    return ", ".join(f"“{n}”" for n in names)


def _figure(row: dict[str, Any], variants: str, catalogue: Catalogue | None) -> Figure:
    assumed = row["claimant"] == "this scenario"
    shown = shown_value(row) + (f" ({variants})" if variants else "")
    own = row["kind"] == "assumption" and not assumed
    rule = f"assumed (grade E): {row['note']}" if own and row.get("note") else row["rule"]
    return Figure(
        row["entry"], row["quantity"], name_of(row), shown, row["claimant"], "scenario" if assumed else row["kind"],
        row.get("title", ""), row.get("date", ""), row.get("url", ""), rule, _band(row, catalogue),
    )  # fmt: skip


def _band(row: dict[str, Any], catalogue: Catalogue | None) -> str:
    """The chosen claim's own range, and what others claim."""
    parts = []
    if row.get("low") is not None and row.get("high") is not None and row["low"] != row["high"]:
        whose = "kalkan's range" if row.get("marked") else "own range"
        parts.append(f"{whose} {_in_unit(row, row['low'])} to {_in_unit(row, row['high'])}")
    others = "" if catalogue is None else _others(row, catalogue)
    return "; ".join([*parts, *([f"others say {others}"] if others else [])])


def _in_unit(row: dict[str, Any], value_si: float) -> str:
    """An SI value in the unit of the value shown."""
    number, _, unit = str(row.get("shown", "")).partition(" ")
    try:
        scale = row["value"] / float(number)
    except (ValueError, ZeroDivisionError, TypeError):
        return exact(value_si)
    return f"{exact(value_si / scale)} {unit}".strip()


def name_of(row: dict[str, Any]) -> str:
    """The quantity of an input with its conditions, for people."""
    words = row["quantity"].replace("_", " ")
    words = _ACRONYMS.get(words, words)
    told = [str(v) if isinstance(v, str) else f"{k.replace('_', ' ')} {exact(v)}" for k, v in row["conditions"].items()]
    return words + (f" ({', '.join(told)})" if told else "")


def shown_value(row: dict[str, Any]) -> str:
    """The value of an input as its claimant writes it, else in SI."""
    if row.get("shown"):
        return str(row["shown"])
    if isinstance(row["value"], str):
        return str(row["value"])
    return f"{exact(row['value'])} {printed(row['unit']) if row['unit'] not in ('1', '') else ''}".strip()


def _others(row: dict[str, Any], catalogue: Catalogue) -> str:
    """What other claims for the same conditions say, from the least to the greatest."""
    try:
        item = catalogue.quantity(row["entry"], row["quantity"])
    except CatalogueError:
        return ""
    asked = {k: v for k, v in row["conditions"].items() if k in (*item.spec.by, *item.default)}
    able = [c for c in item.claims if not c.excluded and c.level == item.level and matches(c, asked, item)]
    other = [c for c in able if c.shown != row.get("shown") and c.figure != row["value"]]
    if not other:
        return ""
    numbers = sorted((c for c in other if not isinstance(c.figure, str)), key=lambda c: float(c.figure))
    if not numbers:
        return ", ".join(dict.fromkeys(str(c.figure) for c in other))
    low, high = (c.as_claimed(c.figure) for c in (numbers[0], numbers[-1]))
    return low if low == high else f"{low} to {high}"
