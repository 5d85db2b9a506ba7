"""Parts of the weapon–target assignment by themselves: pricing, the linear programme, branching."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from kalkan.wta.branching import _branches
from kalkan.wta.candidates import Limits
from kalkan.wta.instance import reduce
from kalkan.wta.master import Master, alone
from kalkan.wta.pricing import search


def drawn(seed: int):
    """An instance of four kinds of weapons, prices, and limits as a node of the search has them."""
    rng = np.random.default_rng(seed)
    p = np.where(rng.random((4, 5)) < 0.8, rng.uniform(0.1, 1.0, (4, 5)).round(2), 0.0)
    p[0, 0] = 1.0
    instance = reduce(rng.uniform(1, 100, 5), p, rng.integers(1, 4, 4)).instance
    rounds = np.broadcast_to(instance.rounds[:, None], instance.p.shape)
    least = (rng.random(rounds.shape) < 0.1).astype(np.int64)
    most = np.maximum(least, rng.integers(0, 4, rounds.shape).clip(max=rounds))
    prices = rng.uniform(0, 12, instance.n_weapons) * (rng.random(instance.n_weapons) < 0.9)
    return instance, prices, Limits(least, most)


def costs_of_all_sets(instance, prices, limits, target):
    """Every set of rounds within limits, with what survives and what it costs."""
    ranges = [range(a, b + 1) for a, b in zip(limits.least[:, target], limits.most[:, target], strict=True)]
    return [instance.values[target] * np.prod(instance.q[:, target] ** x) + prices @ x
            for x in map(np.array, itertools.product(*ranges))]  # fmt: skip


@pytest.mark.parametrize("room", [1.001, math.inf])
@pytest.mark.parametrize("seed", range(25))
def test_pricing_finds_the_cheapest_set_of_each_target(seed, room):
    """Whether anything is wanted, or only what costs a thousandth more at most: the sharper limit drops more."""
    instance, prices, limits = drawn(seed)
    start = limits.start(instance, prices)
    least = np.array([min(costs_of_all_sets(instance, prices, limits, t)) for t in range(instance.n_targets)])
    found = search(instance, prices, start, np.maximum(least, 1e-6) * room, few=1, limit=10**6, deadline=math.inf)
    assert found.complete
    held = np.zeros(instance.p.shape, dtype=np.int64)
    held[found.columns.weapon, found.columns.target[found.columns.of]] = found.columns.number
    assert (held >= limits.least).all() and (held <= limits.most).all()
    assert found.lower == pytest.approx(least, rel=1e-12, abs=1e-12)
    assert instance.surviving(held) + prices @ held == pytest.approx(least, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("seed", range(10))
def test_all_cheap_sets_are_found_and_a_search_cut_short_bounds_from_below(seed):
    instance, prices, limits = drawn(seed)
    start = limits.start(instance, prices)
    costs = [sorted(costs_of_all_sets(instance, prices, limits, t)) for t in range(instance.n_targets)]
    below = np.array([c[0] for c in costs]) * 1.2 + 1e-9
    every = search(instance, prices, start, below, few=10**6, limit=10**6, deadline=math.inf, tighten=False)
    cheap = sum(c < b for of, b in zip(costs, below, strict=True) for c in of)
    assert every.complete and instance.n_targets <= len(every.columns.target) <= cheap
    cut = search(instance, prices, start, np.full(instance.n_targets, math.inf), few=1, limit=-1, deadline=math.inf)
    assert not cut.complete and (cut.lower <= [c[0] * (1 + 1e-12) for c in costs]).all()


def test_no_weapon_gives_more_than_it_has_and_each_target_takes_one_set():
    """Against two targets worth the same, one round: half a set each, or one whole, but never two."""
    instance = reduce(np.array([8.0, 8.0]), np.array([[0.5, 0.5]]), np.array([1])).instance
    master = Master(instance)
    for shots in ([[0, 0]], [[1, 1]]):
        master.add(alone(np.array(shots)))
    solved = master.solve(math.inf)
    assert solved.value == pytest.approx(12.0) and solved.mean.sum() == pytest.approx(1.0)
    assert solved.worth.sum() - solved.prices @ instance.rounds == pytest.approx(12.0), "strong duality"
    master.open(Limits(np.array([[0, 1]]), np.array([[1, 1]])))
    assert master.solve(math.inf).mean.tolist() == [[0.0, 1.0]]


def test_two_branches_share_all_whole_assignments():
    instance = reduce(np.array([8.0, 4.0]), np.array([[0.5, 0.25]]), np.array([3])).instance
    root = Limits(np.zeros((1, 2), dtype=np.int64), np.full((1, 2), 3))
    both = _branches(instance, root, np.array([[1.5, 1.0]]))
    assert [branch.least.tolist() for branch in both] == [[[0, 0]], [[2, 0]]]
    assert [branch.most.tolist() for branch in both] == [[[1, 3]], [[3, 3]]]
    assert _branches(instance, root, np.array([[2.0, 1.0]])) == [] == _branches(instance, root, None)
    full = Limits(np.array([[0, 3]]), root.most)
    assert len(_branches(instance, full, np.array([[0.5, 3.0]]))) == 1, "four rounds there are not"
