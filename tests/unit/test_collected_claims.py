"""Every figure that was collected from public texts is in the catalogue, or its absence is accounted for.

``data/collected_claims.csv`` is the list of 943 figures from which the catalogue was made, one a row, with the
address of the text; ``accounted`` says why a row has no figure of its own in the catalogue.
"""

import csv
import math
from collections import defaultdict
from pathlib import Path

import pytest

from kalkan.catalogue import load_catalogue, parse_load
from kalkan.money import DATED, DOLLARS
from kalkan.units import UNITS

with (Path(__file__).parent / "data" / "collected_claims.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))
CLAIMS = [c for e in load_catalogue().entries.values() for q in e.quantities.values() for c in q.claims]


def by_address():
    found = defaultdict(list)
    for claim in CLAIMS:
        if claim.kind != "assumption":
            found[claim.url].append(claim)
    return found


ADDRESSES = by_address()


def figures(row):
    """What a row says, in SI where its unit is one of kalkan's (counts of things have none)."""
    factor = UNITS[row["unit"]][1] if row["unit"] in UNITS else 1.0
    for name in ("value", "low", "high"):
        try:
            yield float(row[name]) * factor
        except ValueError:
            continue


def said(claim):
    """The figures of a claim; of a load in words, its counts; of money, in dollars of its own year."""
    if claim.quantity == "load":
        return [float(n) for n in parse_load(claim.value).values()]
    as_told = DOLLARS[claim.unit.partition(" of ")[0]] / DATED[claim.unit] if claim.unit in DATED else 1.0
    return [x * as_told for x in (claim.value, claim.low, claim.high) if isinstance(x, (int, float))]


def is_held(row):
    """Whether a claim from the same text says one of the row's figures; of a row of words, anything."""
    wanted, there = list(figures(row)), ADDRESSES[row["url"]]
    if not wanted:
        return bool(there)
    return any(math.isclose(a, b, rel_tol=0.011, abs_tol=1e-12) for a in wanted for c in there for b in said(c))


def test_the_list_is_whole():
    assert len(ROWS) == 943 and [int(r["row"]) for r in ROWS] == list(range(1, 944))


@pytest.mark.parametrize("system", sorted({r["system"] for r in ROWS}))
def test_every_collected_figure_is_held_or_accounted_for(system):
    lost = [r for r in ROWS if r["system"] == system and not r["accounted"] and not is_held(r)]
    assert lost == []


def test_few_are_only_accounted_for():
    accounted = [r for r in ROWS if r["accounted"]]
    assert len(accounted) <= 0.06 * len(ROWS)
    assert all(len(r["accounted"]) > 10 for r in accounted)


def test_a_figure_that_nobody_holds_is_found():
    row = dict(ROWS[10], value="123456.5", low="", high="", accounted="")
    assert not is_held(row)
