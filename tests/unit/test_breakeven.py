"""Break-even values of answers whose crossing is known, and the coverage of their intervals."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kalkan.results.intervals import Interval, mean_interval
from kalkan.studies.breakeven import break_even


def test_exact_curve() -> None:
    found = break_even(lambda vs: [Interval(v * v, v * v - 0.5, v * v + 0.5) for v in vs], 0.0, 3.0, 2.0)
    assert found.value == pytest.approx(math.sqrt(2.0), abs=found.tolerance)
    assert found.low == pytest.approx(math.sqrt(1.5), abs=found.tolerance)
    assert found.high == pytest.approx(math.sqrt(2.5), abs=found.tolerance)
    assert found.crossings == 1
    assert [v for v, _ in found.evaluated] == sorted(v for v, _ in found.evaluated)
    assert len(found.evaluated) < 30


def test_no_crossing_and_many() -> None:
    never = break_even(lambda vs: [Interval(v, v, v) for v in vs], 0.0, 1.0, 5.0)
    assert never.crossings == 0 and math.isnan(never.value) and math.isnan(never.low)
    often = break_even(lambda vs: [Interval(*[math.sin(v)] * 3) for v in vs], 0.5, 9.0, 0.0)
    assert often.crossings > 1 and math.isnan(often.value)


def test_counts() -> None:
    asked: list[float] = []

    def answer(values: list[float]) -> list[Interval]:
        asked.extend(values)
        return [Interval(10.0 - v, 9.5 - v, 10.5 - v) for v in values]

    found = break_even(answer, 1, 12, 4.5, whole=True)
    assert found.value == 6.0  # the first count at which 10 - v is no longer above 4.5
    assert all(float(v).is_integer() for v in asked)


def test_interval_covers_with_shared_random_numbers() -> None:
    """Answer = 4 - 5 x on average, replications shared over x as the engine does; break-even at 0.4."""
    random, covered, trials = np.random.default_rng(9), 0, 600
    for _ in range(trials):
        u = random.random((200, 10))
        noise = random.normal(0.0, 1.0, 200)

        def answer(values: list[float], u: np.ndarray = u, noise: np.ndarray = noise) -> list[Interval]:
            return [mean_interval(4.0 - 0.5 * (u < v).sum(axis=1) + noise) for v in values]

        found = break_even(answer, 0.1, 0.7, 2.0)
        covered += found.low <= 0.4 <= found.high
    assert covered / trials == pytest.approx(0.95, abs=3.0 * math.sqrt(0.95 * 0.05 / trials))
