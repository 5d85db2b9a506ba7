"""Measures and differences against numbers worked out by hand, published examples and SciPy."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from toy_engine import simulate

from kalkan.errors import StoreError
from kalkan.results.assemble import Results, load_records
from kalkan.results.compare import difference, newcombe, welch
from kalkan.results.intervals import mean_interval
from kalkan.results.measures import quantities
from kalkan.results.quantity import MEAN, PROPORTION, Finished, Quantity, estimate, ratio
from kalkan.schema import DEPARTED, KILLED, LEAKED, MISSED, NEVER_SEEN, UNRESOLVED
from kalkan.views.numbers import exact, number, percent, plus_minus, span

CRN = json.loads((Path(__file__).parents[1] / "reference/data/crn_and_sample_size.json").read_text())


@pytest.fixture
def by_hand():
    """Two replications of four threats; two assets; one fire unit with two types of interceptor."""
    none = np.zeros((2, 1), np.int32)
    arrays = {
        "status": np.zeros(2, np.int8),
        "threat_outcome": np.array([[LEAKED] * 2 + [KILLED, DEPARTED], [KILLED] * 3 + [UNRESOLVED]], np.int8),
        "threat_reason": np.array([[MISSED, NEVER_SEEN, 0, 0], [0, 0, 0, 0]], np.int8),
        "threat_first_plot_range_m": np.array([[100, np.nan, 300, 500], [200, 400, np.nan, np.nan]]),
        "threat_first_launch_range_m": np.full((2, 4), np.nan),
        "asset_hits": np.array([[1, 1], [0, 0]], np.int16),
        "spent": np.array([[[4, 2]], [[5, 1]]], np.int32),
        "rounds_left": np.array([[[0, 2]], [[1, 1]]], np.int32),
        "met_nothing": none, "orders": none, "not_held": none, "channels_full_s": none,
        "tracks_false": none, "track_swaps": none, "tracks_merged": none, "unheld_rounds": none,
    }  # fmt: skip
    labels = {"threat": list("abcd"), "unit": ["u"], "interceptor": ["x", "y"], "asset": ["p", "q"]}
    attrs = {
        "threat_raid": ["low", "low", "high", "high"],
        "threat_class": ["uav", "uav", "aircraft", "aircraft"],
        "asset_value": [10.0, 6.0],
        "asset_hits_to_destroy": [1, 3],
        "interceptor_unit_cost_usd": [100.0, 10.0],
        "threat_unit_cost_usd": [1.0, 2.0, 30.0, 40.0],
    }
    return Finished(np.arange(2), arrays, labels, attrs)


def test_measures_by_hand(by_hand):
    found = {k: q.values.tolist() for k, q in quantities(by_hand).items() if q.kind != "ratio"}
    expected = {
        "leakers": [2, 0],
        "killed": [1, 3],
        "departed": [1, 0],
        "unresolved": [0, 1],
        "p_no_leaker": [0, 0],  # the second has no leaker, but one that is still undecided
        "hits": [2, 0],
        "value_lost": [10 + 6 / 3, 0],
        "value_kept": [25, 100],
        "hits_of_asset/q": [1, 0],
        "spent": [6, 6],
        "spent_of_type/x": [4, 5],
        "rounds_left/y": [2, 1],
        "cost_spent": [420, 510],
        "cost_killed": [30, 33],
        "leakers_of_raid/low": [2, 0],
        "killed_of_raid/high": [1, 1],
        "leakers_of_class/aircraft": [0, 0],
        "reason/missed": [1, 0],
        "reason/never seen": [1, 0],
        "reason/no missile": [0, 0],
    }
    for key, values in expected.items():
        assert found[key] == pytest.approx(values), key


def test_an_asset_is_lost_once(by_hand):
    by_hand.arrays["asset_hits"][0] = [3, 2]  # of 1 and 3 that it takes
    assert quantities(by_hand)["value_lost"].values.tolist() == [10.0 + 4.0, 0.0]


def test_ratios_by_hand(by_hand):
    means = {k: estimate(q).mean for k, q in quantities(by_hand).items() if q.kind == "ratio"}
    assert means["shots_per_kill"] == pytest.approx(12 / 4)
    assert means["cost_exchange"] == pytest.approx(930 / 63)
    assert means["first_plot_range/low"] == pytest.approx((100 + 200 + 400) / 3)
    assert means["first_plot_range/high"] == pytest.approx((300 + 500) / 2)
    assert means["reason_share/missed"] == pytest.approx(50)
    assert math.isnan(means["first_launch_range/low"])


def test_endings_that_do_not_sum_to_the_raid_are_refused(by_hand):
    by_hand.arrays["threat_outcome"][1, 2] = 9
    with pytest.raises(StoreError, match="do not sum to the raid"):
        quantities(by_hand)


def test_ratio_interval_covers_the_true_ratio_as_often_as_it_says():
    """Interval of a ratio of means: 95 % of 2000 samples of 60, within four standard errors of it (0.5 % each).

    Against: brute force: coverage.
    """
    rng = np.random.default_rng(1)
    covered = 0
    for _ in range(2000):
        y = rng.poisson(8.0, 60).astype(float)
        x = 2.0 * y + rng.normal(0.0, 3.0, 60) + 1.0
        m = estimate(ratio("r", "r", "1", x, y))
        covered += m.low <= 2.125 <= m.high
    assert abs(covered / 2000 - 0.95) < 0.02


def test_newcombe_against_his_example():
    """Difference of proportions, 56/70 against 48/80: 0.0524 to 0.3339.

    Against: published: Newcombe, Statist. Med. 17 (1998) 873-890, method 10.
    """
    first, second = np.zeros(70), np.zeros(80)
    first[:56], second[:48] = 1, 1
    assert newcombe(second, first, 0.0) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


def test_proportions_that_never_vary_still_have_an_interval():
    none = Quantity("p_no_leaker", "", "1", PROPORTION, np.zeros(50))
    d = difference(none, none)
    assert d.mean == 0.0
    assert -0.08 < d.low < -0.03 and 0.03 < d.high < 0.08


def test_welch_against_scipy():
    """Difference of unpaired means.

    Against: program: scipy.stats.ttest_ind without equal variances.
    """
    rng = np.random.default_rng(3)
    a, b = rng.normal(0, 1, 12), rng.normal(1, 4, 40)
    low, high = stats.ttest_ind(b, a, equal_var=False).confidence_interval(0.95)
    assert welch(a, b) == pytest.approx((b.mean() - a.mean(), low, high), abs=1e-10)


@pytest.mark.parametrize(
    "case", [c for c in CRN["cases"] if "p1" in c and "var_crn_monotone" in c["expected"]]
)
def test_pairing_has_the_variance_of_the_closed_form(case):
    """Variance of a paired difference under common random numbers. One uniform per replication, U < p: stratified
    draws make the sample variance exact up to 1/n.

    Against: closed form: covariance min(p1, p2) - p1 p2.
    """
    n = case["n"] * 200
    u = (np.arange(n) + 0.5) / n
    a, b = (u < case["p2"]).astype(float), (u < case["p1"]).astype(float)
    d = difference(Quantity("x", "", "1", MEAN, a), Quantity("x", "", "1", MEAN, b))
    assert d.paired
    z = stats.t.ppf(0.975, n - 1)
    shorter = min(d.mean - d.low, d.high - d.mean)  # Student's; the other reaches farther, for skewness
    assert (shorter / z) ** 2 * 200 == pytest.approx(case["expected"]["var_crn_monotone"], rel=1e-4)
    independent = (welch(a, b).half_width / z) ** 2 * 200
    assert independent == pytest.approx(case["expected"]["var_independent"], rel=1e-4)
    gain = case["expected"]["var_independent"] / case["expected"]["var_crn_monotone"]
    assert d.gain == pytest.approx(gain, rel=1e-4)


def test_difference_is_the_other_minus_the_base_with_its_correlation():
    a, b = np.array([1.0, 2.0, 4.0]), np.array([3.0, 4.5, 6.0])
    d = difference(Quantity("x", "", "1", MEAN, a), Quantity("x", "", "1", MEAN, b))
    assert (d.mean, d.low, d.high) == pytest.approx(tuple(mean_interval(b - a)))
    assert d.low == pytest.approx(stats.ttest_rel(b, a).confidence_interval(0.95).low), "Student's, on the shorter side"
    assert d.mean > 0 and d.correlation == pytest.approx(np.corrcoef(a, b)[0, 1])


def test_results_of_a_run(tmp_path):
    results = Results(*load_records(simulate(tmp_path / "out")))
    assert results.variants == ("base", "worse") and results.complete
    for name in results.variants:
        data = results.tree[name]
        endings = [results.measures()[name][k].mean for k in ("leakers", "killed", "departed", "unresolved")]
        assert sum(endings) == pytest.approx(data.sizes["threat"])
        assert results.leakers[name].mean() == (data["threat_outcome"] == LEAKED).sum("threat").mean()
        assert data["spent"].attrs["unit"] == "1"
        assert data["raid"].values.tolist() == ["cruise"] * 4 + ["drone"] * 2
    d = results.compare()["worse"]["leakers"]
    assert d.paired and d.low > 0.0
    assert d.mean == pytest.approx(results.leakers.mean()["worse"] - results.leakers.mean()["base"])
    with pytest.raises(AttributeError, match="no measure 'leekers'"):
        _ = results.leekers


def test_one_variant_gives_a_labelled_array(tmp_path):
    results = Results(*load_records(simulate(tmp_path / "out"), variants=["worse"], replications=15))
    assert results.leakers.dims == ("replication",)
    assert results.leakers.sizes["replication"] == 15


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (plus_minus(21.3456, 20.85, 21.85), "21.3 ± 0.5"),
        (plus_minus(21.3456, 21.22, 21.47), "21.35 ± 0.13"),  # the longer arm
        (plus_minus(21.3456, 21.225, 21.466), "21.35 ± 0.12"),
        (plus_minus(0.02, 0.0, 0.06), "0.02 (< 0.06)"),
        (plus_minus(0.0, 0.0, 0.015), "0 (< 0.015)"),
        (plus_minus(0.25, 0.0, 2.2), "0.3 (< 2.2)"),  # it happened: not 0, as what never did
        (plus_minus(3.5, 0.0, 4.0), "3.5 (< 4.0)"),  # nor an end of its interval
        (plus_minus(97.0, 60.0, 100.0, most=100.0), "97 (> 60)"),
        (plus_minus(25.0, 0.0, 58.0, most=100.0), "25 (< 58)"),
        (plus_minus(67.0, 0.0, 100.0, most=100.0), "67 (0 to 100)"),
        (plus_minus(94.0, 87.0, 100.0, most=100.0), "94 (> 87)"),
        (plus_minus(1.0, 0.0, 2.2), "1.0 (< 2.2)"),
        (plus_minus(0.14, 0.05, 0.3), "0.14 (0.05 to 0.30)"),
        (plus_minus(-15.2, -15.7, -14.7, signed=True), "−15.2 ± 0.5"),
        (plus_minus(15.2, 14.7, 15.7, signed=True), "+15.2 ± 0.5"),
        (plus_minus(0.001, -0.499, 0.501, signed=True), "0.0 ± 0.5"),
        (plus_minus(31234.0, 30934.0, 31534.0), "31,234 ± 300"),
        (plus_minus(5.0, 4.04, 5.96), "5.0 ± 1.0"),
        (plus_minus(16.0, 16.0, 16.0), "16"),
        (plus_minus(16.0, -math.inf, math.inf), "16"),
        (plus_minus(math.nan, math.nan, math.nan), "–"),
        (span(0.2, 0.105, 0.348), "20 % (11 to 35)"),  # halves away from zero, as the app and people do
        (span(0.725, 0.62, 0.82), "73 % (62 to 82)"),
        (percent(0.725), "73 %"),
        (percent(0.675), "68 %"),
        (plus_minus(125.889, 125.874, 125.904), "125.89 ± 0.02"),  # no more than the interval deserves
        (plus_minus(1258.89, 1258.74, 1259.04), "1258.9 ± 0.2"),
        (plus_minus(6.08, 5.95, 6.21), "6.08 ± 0.13"),
        (number(-0.015, 2), "−0.02"),
        (number(12345.5, 0), "12,346"),
        (span(0.0, 0.0, 0.019), "0.0 % (0.0 to 1.9)"),
        (exact(0.123456), "0.123"),
        (exact(0.0, signed=True), "0"),
    ],
)
def test_numbers_as_people_read_them(value, text):
    assert value == text
