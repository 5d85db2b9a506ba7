"""Intervals against statsmodels' values, a textbook data set and their own coverage."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from kalkan.results.compare import difference
from kalkan.results.intervals import clopper_pearson, mean_ends, mean_interval, wilson
from kalkan.results.quantity import MEAN, Quantity

CASES = json.loads((Path(__file__).parent / "data" / "binomial_intervals.json").read_text())["cases"]
# Student (1908): extra hours of sleep of ten patients under two drugs
SLEEP_1 = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
SLEEP_2 = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]


@pytest.mark.parametrize("case", CASES)
def test_proportions(case: dict) -> None:
    """Wilson's and Clopper and Pearson's intervals of 28 counts.

    Against: program: statsmodels; doi:10.1080/01621459.1927.10502953, doi:10.1093/biomet/26.4.404.
    """
    x, n, confidence = case["x"], case["n"], 1.0 - case["alpha"]
    for function, name in ((wilson, "wilson"), (clopper_pearson, "clopper_pearson")):
        got = function(x, n, confidence)
        assert got.estimate == x / n
        assert got[1:] == pytest.approx(case["expected"][name], abs=1e-9)


def test_paired_difference_of_the_sleep_data() -> None:
    """Paired difference of the sleep data: -1.58, to -0.7001142; beyond -2.4598858 on the side of the longer tail.

    Against: program: R's t.test(sleep, paired); data of Student 1908, doi:10.1093/biomet/6.1.1.
    """
    base, other = (Quantity("extra sleep", "", "h", MEAN, np.array(hours)) for hours in (SLEEP_2, SLEEP_1))
    got = difference(base, other)
    assert (got.mean, got.high) == pytest.approx((-1.58, -0.7001142), abs=1e-7)
    assert got.low < -2.4598858


def test_mean_covers_as_often_as_it_says() -> None:
    """A nominal 90 % interval of six normal values covers the mean in 90 % of 4000 samples, within four standard
    errors; at most in 94 %, though it makes room for a longer tail.

    Against: brute force: coverage.
    """
    rng = np.random.default_rng(3)
    low, high = mean_ends(rng.normal(5.0, 2.0, (4000, 6)), 0.9)
    share = np.mean((low <= 5.0) & (high >= 5.0))
    assert 0.9 - 4 * math.sqrt(0.09 / 4000) <= share <= 0.94


def test_edges() -> None:
    """One value, equal values, no and all successes; impossible counts are refused.

    Against: property: limits.
    """
    assert mean_interval([3.0])[1:] == (-math.inf, math.inf)
    assert mean_interval([2.0, 2.0, 2.0]) == (2.0, 2.0, 2.0)
    assert wilson(0, 5).low == 0.0 and wilson(5, 5).high == 1.0
    with pytest.raises(ValueError, match="6 successes of 5"):
        wilson(6, 5)
    with pytest.raises(ValueError, match="finite"):
        mean_interval([1.0, math.nan])
