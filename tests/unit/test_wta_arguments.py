"""Weapon–target assignment by itself: arguments, limits of time, and what is told."""

from __future__ import annotations

import doctest
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import kalkan
from kalkan import wta
from kalkan.errors import ProblemsError
from kalkan.wta import solving


def drawn(weapons, targets, seed=3):
    """As the instances of tests/reference/data/wta_static.json."""
    rng = np.random.default_rng(seed)
    return rng.integers(25, 101, targets), rng.uniform(0.6, 0.9, (weapons, targets)).round(4)


def test_the_name_is_loaded_when_it_is_used():
    assert kalkan.wta is wta and set(wta.__all__) == {"Allocation", "solve"}
    with pytest.raises(AttributeError, match="no attribute 'plan'"):
        _ = wta.plan
    heavy = "('numpy', 'highspy', 'numba')"
    code = f"import sys, kalkan\nkalkan.wta.__all__\nprint([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_example_of_the_docstring_is_true():
    assert doctest.testmod(solving).attempted > 0 and doctest.testmod(solving).failed == 0


def test_the_page_is_true():
    done = doctest.testfile(str(Path(__file__).parents[2] / "docs" / "wta.md"), module_relative=False, encoding="utf-8")
    assert done.attempted > 6 and done.failed == 0


def test_it_is_silent(capfd):
    wta.solve(*drawn(6, 5))
    assert capfd.readouterr() == ("", "")


def test_by_hand():
    """A sure round for the cheaper target, since the other weapon can do nothing there; alone, for the dearer."""
    found = wta.solve([20, 30], [[1.0, 1.0], [0.0, 0.5]])
    assert found.rounds.tolist() == [[1, 0], [0, 1]] and found.value == 15.0
    assert wta.solve([10, 30], [[1.0, 1.0]]).rounds.tolist() == [[0, 1]]
    assert wta.solve([10, 30], [[1.0, 1.0]], [2]).value == 0.0
    assert repr(found) == "Allocation(2 rounds, value 15, bound 15, proven)"


@pytest.mark.parametrize(
    ("values", "p", "rounds", "value"),
    [
        ([], np.zeros((0, 0)), None, 0.0), ([5, 6], np.zeros((0, 2)), None, 11.0), ([], np.zeros((3, 0)), None, 0.0),
        ([0, 0], [[0.5, 0.5]], None, 0.0), ([5, 6], [[0, 0]], None, 11.0), ([5, 6], [[0.5, 0.5]], [0], 11.0),
        ([1e-200, 0], [[0.5, 0.5]], None, 5e-201), ([1e200], [[0.5]], [3], 1.25e199),
    ],
)  # fmt: skip
def test_where_nothing_is_to_be_decided(values, p, rounds, value):
    found = wta.solve(values, p, rounds)
    assert found.value == pytest.approx(value, rel=1e-12) and found.bound == pytest.approx(value) and found.proven


def test_a_limit_of_time_gives_an_honest_gap():
    values, p = drawn(150, 150)
    whole = wta.solve(values, p)
    assert whole.proven
    start = time.perf_counter()
    cut = wta.solve(values, p, time_limit_s=0)
    assert time.perf_counter() - start < 20, "far below what the proof takes, however busy the machine"
    assert cut.bound <= whole.value <= cut.value and not cut.proven
    assert cut.gap == pytest.approx((cut.value - cut.bound) / cut.value) and "gap" in repr(cut)


def test_everything_that_is_wrong_is_told_at_once():
    with pytest.raises(ProblemsError) as told:
        wta.solve([1, -2, np.nan], [[0.5, 1.5, np.nan], [0.1, -0.1, 0.2]], [1.5, -1], time_limit_s=-3)
    places = {p.where: p.message for p in told.value.problems}
    assert places == {
        "values[1] = -2": "must be a finite number, at least 0 (so must 1 other)",
        "p_kill[0, 1] = 1.5": "must be a probability from 0 to 1 (so must 2 others)",
        "rounds[0] = 1.5": "must be a whole number from 0 to 10,000 (so must 1 other)",
        "time_limit_s": "must be seconds, at least 0, or None for no limit; is -3",
    }
    assert "input: 4 problems" in str(told.value)


@pytest.mark.parametrize(
    ("arguments", "where", "says"),
    [
        (([1, 2], [[0.5, 0.5, 0.5]]), "p_kill", "has 3 targets (columns), values have 2"),
        (([1, 2], [[0.5, 0.5]], [1, 2, 3]), "rounds", "are 3, p_kill has 1 weapons (rows)"),
        (([[1, 2]], [[0.5, 0.5]]), "values", "must have 1 dimension, one for each target; has the shape (1, 2)"),
        (([1, 2], [0.5, 0.5]), "p_kill", "must have 2 dimensions, weapon × target; has the shape (2,)"),
        ((["a", 2], [[0.5, 0.5]]), "values", "must be numbers, one for each target"),
        (([1, 2], [[0.5, 0.5], [0.5]]), "p_kill", "must be numbers, weapon × target"),
        (([1, np.inf], [[0.5, 0.5]]), "values[1] = inf", "must be a finite number, at least 0"),
        (([1, 2], [[0.5, 0.5]], [20_000]), "rounds[0] = 20000", "must be a whole number from 0 to 10,000"),
        (([1], [[0.5]], None, "soon"), "time_limit_s", "must be seconds, at least 0, or None for no limit; is 'soon'"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_by_its_place(arguments, where, says):
    with pytest.raises(ProblemsError) as told:
        wta.solve(*arguments)
    assert [(p.where, p.message) for p in told.value.problems] == [(where, says)]
