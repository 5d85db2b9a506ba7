"""Simulated figures beside exact answers, as a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kalkan.results.quantity import CONFIDENCE, PROPORTION, estimate
from kalkan.results.theory import against_theory, words

TITLE = "against theory"


def theory_table(columns: Sequence[Any]) -> dict[str, Any]:
    """A row per quantity of the closed form, each value with its ``exact`` one; no rows without one."""
    held = [against_theory(c.results.records[c.variant]) for c in columns]
    rows: dict[str, dict[str, Any]] = {}
    for number, found in enumerate(held):
        for h in found:
            m = estimate(h.quantity, CONFIDENCE)
            kind = "proportion" if m.kind == PROPORTION else "mean"
            row = rows.setdefault(
                m.key, {"key": m.key, "name": m.name, "unit": m.unit, "kind": kind, "values": [None] * len(held)}
            )
            row["differences"] = []
            row["values"][number] = {"mean": m.mean, "low": m.low, "high": m.high, "n": m.n, "exact": h.exact}
    return {"title": TITLE, "rows": list(rows.values())}


def theory_notes(columns: Sequence[Any]) -> list[str]:
    """Which law, whose, and with what numbers."""
    return theory_words(c.results.records[c.variant].attrs for c in columns)


def theory_words(attrs: Iterable[Mapping[str, Any]]) -> list[str]:
    """The same of variants' attributes."""
    return list(dict.fromkeys(words(a["theory"]) for a in attrs if a.get("theory")))
