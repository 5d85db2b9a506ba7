"""A catalogue, or some of its entries, as a TOML data file that reads back to the same claims."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from kalkan.catalogue.claims import Claim, ClaimedQuantity, Entry
from kalkan.catalogue.specs import TEXT
from kalkan.catalogue.whole import Catalogue
from kalkan.units import UNITS

_WHO = ("claimant", "kind", "title", "url", "date", "version", "origin", "verified")


def as_toml(catalogue: Catalogue, entries: Collection[str] | None = None) -> str:
    """The text of a data file: the sources that are cited, then the entries.

    Parameters
    ----------
    catalogue : Catalogue
    entries : collection of str, optional
        Identifiers; default all.

    Returns
    -------
    str
        TOML that :func:`kalkan.catalogue.read_catalogue` reads back: every claim with its figures in
        the unit as claimed (15 digits), conditions, source and remarks.
    """
    import tomlkit

    chosen = [catalogue.entry(i) for i in (catalogue.ids() if entries is None else entries)]
    first: dict[str, Claim] = {}
    for entry in chosen:
        for item in entry.quantities.values():
            for claim in item.claims:
                first.setdefault(claim.source, claim)
    document = tomlkit.document()
    sources = tomlkit.table(is_super_table=True)
    for name, claim in first.items():
        sources.append(name, _table({k: getattr(claim, k) for k in _WHO if getattr(claim, k)}))
    document.append("sources", sources)
    for entry in chosen:
        document.append(entry.id, _entry(entry, first))
    return tomlkit.dumps(document)


def _table(content: dict[str, Any]) -> Any:
    import tomlkit

    table = tomlkit.table()
    for key, value in content.items():
        table.append(key, value)
    return table


def _entry(entry: Entry, first: dict[str, Claim]) -> Any:
    level = next((q.level for q in entry.quantities.values()), "system")
    head = {"kind": entry.kind, "name": entry.name, "level": level, "about": entry.about}
    table = _table({k: v for k, v in {**head, "aliases": list(entry.aliases)}.items() if v})
    for item in entry.quantities.values():
        table.append(item.name, _quantity(item, level, first))
    return table


def _quantity(item: ClaimedQuantity, entry_level: str, first: dict[str, Claim]) -> Any:
    import tomlkit

    head = {
        "level": item.level if item.level != entry_level else "",
        "default": _inline(dict(item.default)),
        "conditions_from": _inline(dict(item.conditions_from)),
        "contradicts": _inline({k: list(v) for k, v in item.contradicts.items()}),
        "conflict": item.conflict,
        "about": item.about,
        "review": item.review,
    }
    table = _table({k: v for k, v in head.items() if v})
    rows = tomlkit.array()
    for claim in item.claims:
        rows.add_line(_inline(_row(claim, item.level, first[claim.source])), indent="  ")
    rows.add_line(indent="")
    table.append("claims", rows)
    return table


def _inline(content: dict[str, Any]) -> Any:
    import tomlkit

    table = tomlkit.inline_table()
    table.update(content)
    return table


def _row(claim: Claim, level: str, source: Claim) -> dict[str, Any]:
    """One claim; of its source only what differs from the source's first claim."""
    row: dict[str, Any] = {}
    for key in ("value", "low", "high"):
        number = getattr(claim, key)
        if number is not None:
            row[key] = number if isinstance(number, str) else _as_claimed(number, claim.unit)
    if claim.spec.dimension != TEXT:
        row["unit"] = claim.unit
    if claim.conditions:
        row["at"] = {k: list(v) if isinstance(v, tuple) else v for k, v in claim.conditions.items()}
    row["source"] = claim.source
    row |= {k: getattr(claim, k) for k in _WHO if getattr(claim, k) != getattr(source, k)}
    row |= {k: getattr(claim, k) for k in ("conflict", "excluded", "note") if getattr(claim, k)}
    row |= {"beside": True} if claim.beside else {}
    return row | ({"level": claim.level} if claim.level != level else {})


def _as_claimed(value_si: float, unit: str) -> float | int:
    """A value in its own unit, to 15 digits; whole numbers without a point."""
    number = float(f"{value_si / UNITS[unit][1]:.15g}")
    return int(number) if number.is_integer() and abs(number) < 1e15 else number
