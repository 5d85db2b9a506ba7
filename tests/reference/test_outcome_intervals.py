"""How often intervals of means cover on five distributions of outcomes, and how wide they are."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from kalkan.results.compare import difference
from kalkan.results.intervals import clopper_pearson, mean_ends, mean_interval, scarce
from kalkan.results.quantity import MEAN, PROPORTION, Quantity, count, estimate

CASES = {c["name"]: c for c in json.loads((Path(__file__).parent / "data" / "outcomes.json").read_text())["cases"]}
SAMPLES = 20_000
LEAST_COVERAGE, MOST_WIDTH = 0.94, 1.3


def _samples(name: str, n: int) -> tuple[np.ndarray, float, float]:
    """Samples (SAMPLES, n), their distribution's mean and standard deviation."""
    values, weights = (np.array(CASES[name][k], float) for k in ("values", "weights"))
    weights /= weights.sum()
    mean = float(values @ weights)
    spread = math.sqrt(float((values - mean) ** 2 @ weights))
    drawn = np.random.default_rng([n, len(name)]).choice(values, (SAMPLES, n), p=weights)
    return drawn, mean, spread


def _least(name: str) -> float:
    return -math.inf if name == "paired difference" else 0.0


@pytest.mark.parametrize("n", [20, 30, 50, 100, 200])
@pytest.mark.parametrize("name", CASES)
def test_means_cover(name: str, n: int) -> None:
    """Coverage of 20,000 nominal 95 % intervals of a mean of outcomes: at least 94 %; and their mean width: at most
    1.3 times that of the normal interval with the true standard deviation.

    Against: brute force: samples of five committed distributions (symmetric, skewed, many zeros, rare, paired
    difference).
    """
    drawn, mean, spread = _samples(name, n)
    low, high = mean_ends(drawn, step=1.0, least=_least(name))
    assert np.mean((low <= mean) & (mean <= high)) >= LEAST_COVERAGE
    assert np.mean(high - low) <= MOST_WIDTH * 2.0 * 1.96 * spread / math.sqrt(n)


def test_student_alone_does_not_cover() -> None:
    """Student's interval of 20 skewed counts covers in fewer than 92 % of the samples.

    Against: brute force: why there is a method of its own.
    """
    drawn, mean, _ = _samples("skewed", 20)
    half = 2.093024 * drawn.std(axis=1, ddof=1) / math.sqrt(20)
    assert np.mean(np.abs(drawn.mean(axis=1) - mean) <= half) < 0.92


@pytest.mark.parametrize("name", CASES)
def test_measures_and_differences_have_these_intervals(name: str) -> None:
    """What tables print is what was tested: an estimate of a count, and a paired difference."""
    for sample in _samples(name, 20)[0][:20]:
        low, high = (float(x) for x in mean_ends(sample, step=1.0, least=_least(name)))
        if name == "paired difference":
            d = difference(count("x", "", np.zeros(20)), count("x", "", sample))
            assert (d.low, d.high) == pytest.approx((low, high))
        else:
            assert estimate(count("x", "", sample))[5:7] == pytest.approx((low, high))


@pytest.mark.parametrize("n", [20, 50, 200])
def test_proportions_cover(n: int) -> None:
    """A proportion's interval covers with at least its confidence at every probability, and is at most 1.3 times as
    wide as the normal one where three or more are expected on either side.

    Against: closed form: the binomial distribution.
    """
    from scipy import stats

    k = np.arange(n + 1)
    measures = [estimate(Quantity("p", "", "1", PROPORTION, (np.arange(n) < x).astype(float))) for x in k]
    assert measures[3][4:7] == pytest.approx(clopper_pearson(3, n))
    low, high = (np.array([m[i] for m in measures]) for i in (5, 6))
    for p in np.linspace(0.001, 0.999, 333):
        weight = stats.binom.pmf(k, n, p)
        assert weight[(low <= p) & (p <= high)].sum() >= 0.95 - 1e-9
        if min(p, 1.0 - p) * n >= 3.0:
            assert weight @ (high - low) <= MOST_WIDTH * 2.0 * 1.96 * math.sqrt(p * (1.0 - p) / n)


@pytest.mark.parametrize("n", [20, 100, 1000])
def test_nothing_in_all_runs_has_an_interval(n: int) -> None:
    """The upper end of a count that is 0 in all n runs is 3/n.

    Against: published: the rule of three, Hanley and Lippman-Hand 1983, doi:10.1001/jama.1983.03330370053031.
    """
    none = estimate(count("leakers", "leakers", np.zeros(n), 56))
    assert none.low == 0.0 and none.high == pytest.approx(3.0 / n, rel=0.13) and none.high >= 2.99 / n
    assert none.scarce
    every = estimate(count("killed", "killed", np.full(n, 56.0), 56))
    assert every.high == 56.0 and every.low == pytest.approx(56.0 - none.high)
    cost = estimate(Quantity("cost_killed", "", "USD", MEAN, np.zeros(n), 50_000.0, 0.0))
    assert cost.high == pytest.approx(50_000.0 * none.high)
    same = difference(count("x", "", np.zeros(n)), count("x", "", np.zeros(n)))
    assert (same.low, same.high) == pytest.approx((-none.high, none.high)) and same.scarce


def test_too_few_is_said() -> None:
    """Fewer than 20 replications, or fewer than five that differ: no method can vouch for the interval."""
    random = np.random.default_rng(1)
    assert scarce(random.normal(0.0, 1.0, 19)) and not scarce(random.normal(0.0, 1.0, 20))
    assert scarce(np.r_[np.zeros(196), np.ones(4)]) and not scarce(np.r_[np.zeros(195), np.ones(5)])
    assert not estimate(Quantity("x", "", "m", MEAN, np.full(50, 7.0))).scarce  # the same every time: no interval


def test_bounds_and_single_values() -> None:
    assert mean_interval([3.0]) == (3.0, -math.inf, math.inf)
    assert mean_interval([3.0], least=0.0, most=56.0) == (3.0, 0.0, 56.0)
    assert mean_interval([2.0, 2.0, 2.0]) == (2.0, 2.0, 2.0)
    narrow, wide = (mean_interval([0.0, 1.0, 5.0, 2.0], c) for c in (0.8, 0.95))
    assert wide.low < narrow.low < narrow.estimate < narrow.high < wide.high
    assert narrow.high - narrow.estimate > narrow.estimate - narrow.low  # the longer tail
    with pytest.raises(ValueError, match="finite"):
        mean_interval([1.0, math.nan])
