"""The filter and the plots' covariances are honest: NEES and NIS within chi-square bounds."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from kalkan.kernels.plan import RADARS
from kalkan.kernels.sensing import measure
from kalkan.tracking import filtering
from kalkan.tracking.association import RATE_GATE

CASES = json.loads((Path(__file__).parent / "data" / "nees_bounds.json").read_text())["cases"]
RUNS, GROUPS = 500, 4
STEPS = (0, 3, 6, 9)


def bounds(dim: int) -> tuple[float, float]:
    """99 % bounds of an average over `RUNS`."""
    known = next(c for c in CASES if (c["dim"], c["runs"], c["alpha"]) == (dim, RUNS, 0.01))
    return tuple(known["expected"]["bounds"])


def outside(values, dim: int) -> int:
    """How many averages, each over a group of runs at one step, lie outside their 99 % bounds."""
    low, high = bounds(dim)
    means = values.reshape(GROUPS, RUNS, -1).mean(axis=1)[:, STEPS]
    return int(((means < low) | (means > high)).sum())


@pytest.fixture(scope="module")
def errors():
    """NEES and NIS [runs, step] of targets that fly as the filter believes: accelerations that hold for one step."""
    rng = np.random.default_rng(4)
    sigma_v, sigma_a = 250.0, 3.0
    steps = np.array([6.0, 12.0, 4.0, 9.0, 6.0, 6.0, 12.0, 2.0, 6.0, 10.0])  # uneven: the filter takes any step
    mixing = rng.normal(size=(3, 3))
    r = 2500.0 * (mixing @ mixing.T / 3.0 + 0.3 * np.eye(3))  # a tilted covariance couples all axes
    root = np.linalg.cholesky(r)
    nees, nis = (np.empty((RUNS * GROUPS, steps.size)) for _ in range(2))
    scratch = np.zeros((5, 3, 3))
    for run in range(RUNS * GROUPS):
        truth = np.r_[rng.normal(0.0, 1e5, 3), rng.normal(0.0, sigma_v, 3)]
        x, p = np.zeros(6), np.zeros((6, 6))
        filtering.begin(x, p, truth[:3] + root @ rng.normal(size=3), r, sigma_v)
        for k, dt in enumerate(steps):
            a = rng.normal(0.0, sigma_a, 3)
            truth[:3] += dt * truth[3:] + 0.5 * dt * dt * a
            truth[3:] += dt * a
            z = truth[:3] + root @ rng.normal(size=3)
            filtering.predict(x, p, dt, sigma_a)
            innovation = z - x[:3]
            nis[run, k] = innovation @ np.linalg.solve(p[:3, :3] + r, innovation)
            assert filtering.distance(x, p, z, r, 0.0, 1e9, scratch)[0] == pytest.approx(nis[run, k], rel=1e-9)
            filtering.update(x, p, z, r, scratch)
            nees[run, k] = (truth - x) @ np.linalg.solve(p, truth - x)
    return nees, nis


def test_estimates_are_as_good_as_the_filter_says(errors):
    """Normalised estimation error squared (NEES) of 2000 flights in four groups: at most 2 of 16 averages outside
    their 99 % bounds.

    Against: closed form: χ² with 6 degrees of freedom (Bar-Shalom, Li and Kirubarajan, 2001).
    """
    assert outside(errors[0], 6) <= 2  # of 16; more than 2 happen by chance once in 2000


def test_innovations_are_as_wide_as_the_filter_says(errors):
    """Normalised innovation squared (NIS), likewise.

    Against: closed form: χ² with 3 degrees of freedom.
    """
    assert outside(errors[1], 3) <= 2


def test_a_step_of_two_parts_is_one_step_when_nothing_manoeuvres():
    """A prediction in two parts, one of them backwards, is one prediction.

    Against: property: the transition matrices' semigroup.
    """
    rng = np.random.default_rng(8)
    a = rng.normal(size=(6, 6))
    x, p = rng.normal(size=6), a @ a.T
    x2, p2 = x.copy(), p.copy()
    filtering.predict(x, p, 7.0, 0.0)
    filtering.predict(x2, p2, 9.5, 0.0)
    filtering.predict(x2, p2, -2.5, 0.0)
    np.testing.assert_allclose(x, x2, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(p, p2, rtol=1e-10, atol=1e-10)


def test_a_range_rate_is_taken_in_like_any_measurement():
    """Residual, its variance, state and covariance after one range rate, to 1e-9.

    Against: closed form: Kalman's update in matrices, H = (0, line of sight).
    """
    rng = np.random.default_rng(6)
    a = rng.normal(size=(6, 6))
    x, p, sight, variance = rng.normal(0.0, 200.0, 6), a @ a.T, np.array([3e4, -5e4, 4e3]), 4.0
    h = np.r_[np.zeros(3), sight / np.linalg.norm(sight)]
    s = h @ p @ h + variance
    residual, expected_p = 35.0 - h @ x, p - np.outer(p @ h, p @ h) / s
    expected_x = x + p @ h / s * residual
    found = filtering.rate_residual(x, p, *sight, 35.0, variance)
    assert found == pytest.approx((residual, s, *h[3:]), rel=1e-9)
    filtering.update_rate(x, p, *sight, 35.0, variance, np.zeros(6))
    np.testing.assert_allclose(x, expected_x, rtol=1e-9)
    np.testing.assert_allclose(p, expected_p, rtol=1e-9, atol=1e-12)


def test_a_range_rate_widens_the_gate_by_its_own_share():
    """99.9 % of plots fall within the gate, with three coordinates or with the range rate as a fourth; to 0.001.

    Against: program: scipy.stats.chi2, quantiles with 4 and with 3 degrees of freedom.
    """
    assert pytest.approx(stats.chi2.ppf(0.999, 4) - stats.chi2.ppf(0.999, 3), abs=1e-3) == RATE_GATE


@pytest.mark.parametrize(("east", "north", "up"), [(60e3, 80e3, 9e3), (-3e3, 40e3, 200.0), (5e3, -6e3, 8e3)])
def test_plots_scatter_as_their_covariance_says(east, north, up):
    """Range, azimuth and elevation errors of plots at the reference SNR, in a turned frame: their normalised
    square lies within 99 % bounds.

    Against: closed form: χ² with 3 degrees of freedom.
    """
    turn = np.linalg.qr(np.random.default_rng(2).normal(size=(3, 3)))[0]
    turn *= np.linalg.det(turn)
    radars = np.zeros(1, RADARS)
    radars["range_sigma_m"], radars["azimuth_sigma_rad"], radars["elevation_sigma_rad"] = 30.0, 2e-3, 3e-3
    radars["snr_reference_db"], radars["to_picture"], radars["offset_m"] = 13.0, turn, (10.0, -20.0, 5.0)
    true = turn @ (east, north, up) + (10.0, -20.0, 5.0)
    slant = float(np.sqrt(east**2 + north**2 + up**2))
    rng = np.random.default_rng(int(abs(east)))
    z, cov = np.zeros(3), np.zeros((3, 3))
    d2 = []
    for _ in range(RUNS):
        measured = measure(radars, 0, 13.0, slant, east, north, up, *rng.normal(size=3), z, cov)
        assert abs(measured - slant) < 30.0 * 6.0
        d2.append((z - true) @ np.linalg.solve(cov, z - true))
    low, high = bounds(3)
    assert low <= np.mean(d2) <= high
