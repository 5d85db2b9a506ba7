"""What must hold of any weapon–target assignment."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kalkan import wta
from kalkan.wta.greedy import by_marginal_return
from kalkan.wta.instance import reduce, surviving

CHANCE = st.one_of(st.sampled_from([0.0, 0.5, 1.0]), st.floats(0.0, 1.0).map(lambda p: round(p, 3)))
VALUE = st.one_of(st.sampled_from([0.0, 1.0, 50.0]), st.floats(0.0, 1e4).map(lambda v: round(v, 2)))


@st.composite
def problems(draw):
    """Values, chances and rounds: some worth nothing, some forbidden, some sure, some weapons alike or empty."""
    weapons, targets = draw(st.integers(0, 7)), draw(st.integers(0, 6))
    p = draw(arrays(float, (weapons, targets), elements=CHANCE))
    if weapons > 1 and draw(st.booleans()):
        p[1] = p[0]
    return draw(arrays(float, targets, elements=VALUE)), p, draw(arrays(np.int64, weapons, elements=st.integers(0, 4)))


def left(values, p, rounds) -> float:
    return float(surviving(values, 1 - p, rounds).sum())


@settings(deadline=None, max_examples=60)
@given(problems())
def test_an_answer_is_an_assignment_and_its_bound_is_below(problem):
    values, p, rounds = problem
    found = wta.solve(values, p, rounds)
    assert found.rounds.shape == p.shape and found.rounds.dtype == np.int64 and (found.rounds >= 0).all()
    assert (found.rounds.sum(axis=1) <= rounds).all(), "no weapon gives more than it has"
    assert (found.rounds[p == 0] == 0).all(), "a chance of 0 forbids"
    assert found.value == pytest.approx(left(values, p, found.rounds), rel=1e-12, abs=0)
    assert 0 <= found.bound <= found.value and found.proven


@settings(deadline=None, max_examples=40)
@given(problems())
def test_no_greedy_assignment_is_better(problem):
    values, p, rounds = problem
    instance = reduce(values, p, rounds).instance
    greedy = instance.value(by_marginal_return(instance)) if instance.n_weapons else values.sum()
    assert wta.solve(values, p, rounds).value <= greedy * (1 + 1e-12)


@settings(deadline=None, max_examples=40)
@given(problems(), st.randoms(use_true_random=False))
def test_order_and_units_do_not_matter(problem, random):
    """Weapons and targets in another order, values in another unit: the same value; rounds one by one: the same too."""
    values, p, rounds = problem
    i, j = (random.sample(range(n), n) for n in p.shape)
    value = wta.solve(values, p, rounds).value
    close = {"rel": 1e-6, "abs": 1e-12}
    assert wta.solve(values[j], p[i][:, j], rounds[i]).value == pytest.approx(value, **close)
    assert wta.solve(values * 1e-5, p, rounds).value == pytest.approx(value * 1e-5, **close)
    assert wta.solve(values, np.repeat(p, rounds, axis=0)).value == pytest.approx(value, **close)


@settings(deadline=None, max_examples=30)
@given(problems(), st.data())
def test_one_round_more_never_hurts(problem, data):
    values, p, rounds = problem
    if not len(rounds):
        return
    more = rounds.copy()
    more[data.draw(st.integers(0, len(rounds) - 1))] += 1
    assert wta.solve(values, p, more).value <= wta.solve(values, p, rounds).value * (1 + 1e-6)
