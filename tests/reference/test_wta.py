"""Weapon–target assignment against optima by exhaustive dynamic programming, and a published relaxation."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from kalkan import wta
from kalkan.wta.branching import solve as branch_and_price
from kalkan.wta.greedy import by_marginal_return, exchanged
from kalkan.wta.instance import reduce

DATA = Path(__file__).parent / "data"


def cases(*names: str) -> list[dict]:
    return [c for name in names for c in json.loads((DATA / f"{name}.json").read_text("utf-8"))["cases"]]


@pytest.mark.parametrize("case", cases("wta_static", "wta_typed"))
def test_the_value_is_the_proven_optimum(case):
    """The least value that survives, of one round each and of several, and its proof.

    Against: brute force: dynamic programming over all rounds that are left.
    """
    optimum = case["expected"]["optimum"]
    found = wta.solve(case["V"], case["P"], case["rounds"])
    assert found.value == pytest.approx(optimum, rel=1e-9)
    assert found.proven and found.bound <= optimum * (1 + 1e-12) and found.gap < 1e-8
    told = np.array(case["V"]) @ np.prod((1 - np.array(case["P"])) ** found.rounds, axis=0)
    assert told == pytest.approx(found.value, rel=1e-12), "the value is that of the rounds"
    assert (found.rounds.sum(axis=1) <= case["rounds"]).all()


def test_marginal_return_alone_is_not_optimal():
    """What the solver adds: by greatest marginal return, ten weapons leave more than the optimum.

    Against: brute force: dynamic programming over all rounds that are left.
    """
    mended = []
    for case in (c for c in cases("wta_static") if len(c["V"]) == 10):
        instance = reduce(np.array(case["V"], float), np.array(case["P"]), np.array(case["rounds"])).instance
        shots, optimum = by_marginal_return(instance), case["expected"]["optimum"]
        greedy, better = instance.value(shots), instance.value(exchanged(instance, shots))
        assert greedy > optimum * 1.01 and optimum * (1 - 1e-12) <= better <= greedy
        mended.append(better < greedy)
    assert any(mended)


def test_a_thousand_rounds_of_five_kinds_come_within_the_divisible_ones():
    """Bracken and McCormick's 5 kinds of weapons, no least numbers: whole rounds do nearly as well as divided ones.

    Against: published: data and objective 1735.5696 of their relaxation (GAMS model library), whose builder meets it.
    """
    bound, free = cases("wta_bracken_mccormick")
    assert bound["expected"]["damage"] == pytest.approx(bound["published"], abs=5e-5)
    found = wta.solve(free["V"], 1 - np.array(free["q"]), free["available"])
    damage, divided = sum(free["V"]) - found.value, free["expected"]["damage"]
    assert divided * (1 - 1e-5) < damage < divided
    assert found.proven


def test_branching_proves_what_the_first_programme_does_not():
    """Instances whose linear programme takes parts of rounds: branching closes the gap.

    Against: brute force: dynamic programming over all rounds that are left.
    """
    from tests.reference.builders.assignment import exhaustive

    branched = 0
    for seed in (1, 8, 23, 25, 27, 36):
        rng = np.random.default_rng(seed)
        values, p, rounds = rng.integers(25, 101, 8).astype(float), rng.uniform(0.3, 0.9, (3, 8)).round(2), [6, 6, 6]
        found = wta.solve(values, p, rounds)
        optimum = exhaustive({"V": values, "P": p, "rounds": rounds})["optimum"]
        assert found.value == pytest.approx(optimum, rel=1e-9)
        assert found.proven and found.bound <= optimum * (1 + 1e-12)
        branched += nodes_of(values, p, np.array(rounds)) > 1
    assert branched >= 4


def nodes_of(values, p, rounds) -> int:
    """Linear programmes that the search opens for nodes, the first among them."""
    from kalkan.wta import branching

    opened, real = [], branching._Search.node
    branching._Search.node = lambda self, *a: (opened.append(1), real(self, *a))[1]
    try:
        branch_and_price(reduce(values, p, rounds).instance, np.inf)
    finally:
        branching._Search.node = real
    return len(opened)
