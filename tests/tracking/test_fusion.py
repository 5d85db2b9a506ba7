"""Fusion of two tracks whose errors are correlated in an unknown way."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import minimize_scalar

from kalkan.tracking.fusion import TRACK_GATE, covariance_intersection, track_distance

WORK = np.zeros((4, 6, 6))


def fused(xa, pa, xb, pb):
    x, p = np.zeros(xa.size), np.zeros_like(pa)
    return covariance_intersection(xa, pa, xb, pb, x, p, WORK), x, p


def spread(rng, scale=(300.0, 300.0, 300.0, 10.0, 10.0, 10.0)):
    """A covariance of a state in [m, m/s]."""
    a = rng.normal(size=(6, 6))
    return np.diag(scale) @ (a @ a.T / 6.0 + 0.05 * np.eye(6)) @ np.diag(scale)


def least(pa, pb):
    """The formula of Julier and Uhlmann, its omega by a general search."""
    ia, ib = np.linalg.inv(pa), np.linalg.inv(pb)
    ln_det = lambda w: -np.linalg.slogdet(w * ia + (1.0 - w) * ib)[1]  # noqa: E731
    w = minimize_scalar(ln_det, bounds=(0.0, 1.0), method="bounded", options={"xatol": 1e-12}).x
    return min((w, 0.0, 1.0), key=ln_det), ia, ib


@pytest.mark.parametrize("seed", range(20))
def test_it_is_covariance_intersection_with_the_least_determinant(seed):
    """omega to 1e-6, state and covariance to 1e-5 of the formula with scipy's minimum.

    Against: closed form: Julier & Uhlmann 1997, P⁻¹ = ω A⁻¹ + (1 − ω) B⁻¹; program: scipy.optimize.
    """
    rng = np.random.default_rng(seed)
    pa, pb, xa, xb = spread(rng), spread(rng), rng.normal(size=6), rng.normal(size=6)
    omega, ia, ib = least(pa, pb)
    found, x, p = fused(xa, pa, xb, pb)
    assert found == pytest.approx(omega, abs=1e-6)
    expected = np.linalg.inv(omega * ia + (1.0 - omega) * ib)
    np.testing.assert_allclose(p, expected, rtol=1e-5, atol=1e-5 * np.abs(expected).max())
    np.testing.assert_allclose(x, expected @ (omega * ia @ xa + (1.0 - omega) * ib @ xb), rtol=1e-5, atol=1e-5)


def test_two_crossed_ellipses_meet_in_the_middle():
    """Variances (4, 1) and (1, 4) with the third axis equal: ω = 1/2, variances 8/5, state by their informations.

    Against: closed form: by hand, 1 / (1/2 · 1/4 + 1/2 · 1) = 8/5; 8/5 · 1/2 · (x_a / 4 + x_b).
    """
    xa, xb = np.array([1.0, 0.0, 3.0]), np.array([0.0, 5.0, 5.0])
    omega, x, p = fused(xa, np.diag([4.0, 1.0, 2.0]), xb, np.diag([1.0, 4.0, 2.0]))
    assert omega == pytest.approx(0.5, abs=1e-12)
    np.testing.assert_allclose(p, np.diag([1.6, 1.6, 2.0]), atol=1e-12)
    np.testing.assert_allclose(x, [0.2, 1.0, 4.0], atol=1e-12)


def test_an_estimate_that_is_worse_in_every_way_adds_nothing():
    """Against: property: the least determinant is that of the better one, whichever comes first."""
    rng = np.random.default_rng(3)
    good, xa, xb = spread(rng), rng.normal(size=6), rng.normal(size=6)
    for omega, x, p in (fused(xa, good, xb, 9.0 * good), fused(xb, 9.0 * good, xa, good)):
        assert omega in (0.0, 1.0)
        np.testing.assert_allclose(x, xa, rtol=1e-9)
        np.testing.assert_allclose(p, good, rtol=1e-9)


def test_an_estimate_fused_with_itself_stays_what_it_is():
    """However often: what a post hears of its own track, by whatever way, makes it no surer.

    Against: property: idempotence.
    """
    rng = np.random.default_rng(5)
    x, p = rng.normal(size=6), spread(rng)
    x0, p0 = x.copy(), p.copy()
    for _ in range(20):
        covariance_intersection(x, p, x, p, x, p, WORK)  # in place, too
    np.testing.assert_allclose(x, x0, rtol=1e-12)
    np.testing.assert_allclose(p, p0, rtol=1e-9, atol=1e-9 * np.abs(p0).max())


def test_it_does_not_matter_which_comes_first():
    """Against: property: symmetry."""
    rng = np.random.default_rng(6)
    pa, pb, xa, xb = spread(rng), spread(rng), rng.normal(size=6), rng.normal(size=6)
    w, x, p = fused(xa, pa, xb, pb)
    v, y, q = fused(xb, pb, xa, pa)
    assert w + v == pytest.approx(1.0, abs=1e-9)
    np.testing.assert_allclose(x, y, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(p, q, rtol=1e-9, atol=1e-9 * np.abs(p).max())


def test_units_do_not_matter():
    """Metres or kilometres: one omega. Against: property: the determinant's ratio has no unit."""
    rng = np.random.default_rng(7)
    pa, pb, x = spread(rng), spread(rng), np.zeros(6)
    k = np.diag([1e-3] * 3 + [3.6] * 3)
    assert fused(x, pa, x, pb)[0] == pytest.approx(fused(x, k @ pa @ k, x, k @ pb @ k)[0], abs=1e-9)


@pytest.mark.parametrize("seed", range(30))
def test_its_covariance_is_never_less_than_the_error_s_whatever_the_correlation(seed):
    """Fused less true covariance has no negative eigenvalue, for full and partial correlation of any direction.

    Against: closed form: error Wa ea + Wb eb with Cov(ea, eb) = A^½ C B^½, C any contraction.
    """
    rng = np.random.default_rng(seed)
    pa, pb = spread(rng), spread(rng)
    zero, p = np.zeros(6), fused(np.zeros(6), pa, np.zeros(6), pb)[2]
    wa = np.array([fused(unit, pa, zero, pb)[1] for unit in np.eye(6)]).T
    wb = np.array([fused(zero, pa, unit, pb)[1] for unit in np.eye(6)]).T
    np.testing.assert_allclose(wa + wb, np.eye(6), atol=1e-6)
    contraction = np.linalg.qr(rng.normal(size=(6, 6)))[0]
    for share in (-1.0, -0.5, 0.0, 0.5, 1.0):
        cross = np.linalg.cholesky(pa) @ (share * contraction) @ np.linalg.cholesky(pb).T
        true = wa @ pa @ wa.T + wb @ pb @ wb.T + wa @ cross @ wb.T + (wa @ cross @ wb.T).T
        unit = np.diag(1.0 / np.sqrt(np.diag(p)))
        assert np.linalg.eigvalsh(unit @ (p - true) @ unit).min() > -1e-9


def test_two_copies_taken_as_independent_would_be_too_sure():
    """What the rule is for: with equal errors the usual fusion halves the covariance, this one keeps it.

    Against: property: consistency.
    """
    p0, x0 = np.eye(6), np.zeros(6)
    _, _, p = fused(x0, p0, x0, p0)
    np.testing.assert_allclose(p, p0, atol=1e-12)
    assert (np.diag(p) > np.diag(np.linalg.inv(2.0 * np.linalg.inv(p0)))).all()


def test_what_is_no_covariance_is_refused_and_leaves_all_as_it_was():
    bad = np.diag([1.0, 1.0, 1.0, 1.0, 1.0, -1.0])
    for pa, pb in ((bad, np.eye(6)), (np.eye(6), bad)):
        omega, x, p = fused(np.ones(6), pa, np.ones(6), pb)
        assert math.isnan(omega) and not x.any() and not p.any()
    assert track_distance(np.ones(6), bad, np.zeros(6), 0.5 * np.eye(6), WORK) == (math.inf, 0.0)


def test_the_distance_of_two_tracks_is_mahalanobis():
    """Squared distance and ln|S| to 1e-9, and the gate is the 99.9 % quantile.

    Against: program: numpy.linalg, scipy.stats.chi2.
    """
    rng = np.random.default_rng(9)
    pa, pb, d = spread(rng), spread(rng), rng.normal(0.0, 300.0, 6)
    d2, log_det = track_distance(np.zeros(6), pa, d, pb, WORK)
    assert d2 == pytest.approx(d @ np.linalg.solve(pa + pb, d), rel=1e-9)
    assert log_det == pytest.approx(np.linalg.slogdet(pa + pb)[1], rel=1e-9)
    assert pytest.approx(stats.chi2.ppf(0.999, 6), abs=0.01) == TRACK_GATE


def test_tracks_with_alike_errors_are_never_further_apart_than_the_gate_says():
    """10,000 pairs of estimates of one object, half of each error common: fewer than 0.1 % fall outside.

    Against: property: S is too wide for errors that are alike (Bar-Shalom 1981).
    """
    rng = np.random.default_rng(10)
    common = rng.normal(size=(10_000, 6))
    a, b = (np.sqrt(0.5) * (common + rng.normal(size=common.shape)) for _ in range(2))
    eye = np.eye(6)
    out = [track_distance(u, eye, v, eye, WORK)[0] > TRACK_GATE for u, v in zip(a, b, strict=True)]
    assert np.mean(out) < 1e-3
