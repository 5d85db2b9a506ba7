"""Biases of radars, from objects that two of them see."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from kalkan.errors import KalkanError
from kalkan.tracking.registration import PairedRadar, Pairs, learn_offset, registration

BOUNDS = json.loads((Path(__file__).parents[1] / "reference/data/nees_bounds.json").read_text())["cases"]
DEGREE = math.radians(1.0)
TILT = np.linalg.qr(np.random.default_rng(1).normal(size=(3, 3)))[0]
TILT = TILT * np.sign(np.linalg.det(TILT))
SMALL = np.array([[1.0, 0.0, 0.0], [0.0, math.cos(0.02), math.sin(0.02)], [0.0, -math.sin(0.02), math.cos(0.02)]])
RADARS = (
    PairedRadar(np.array([0.0, 0.0, 10.0]), 50.0, 0.1 * DEGREE, 0.15 * DEGREE),
    PairedRadar(np.array([60e3, -20e3, 200.0]), 100.0, 0.2 * DEGREE, 0.3 * DEGREE, SMALL),
)
TRUE = np.array([150.0, 0.4 * DEGREE, -80.0, -0.25 * DEGREE])


def measured(places, sensor, bias, noise):
    """Range, compass azimuth and elevation of places in the common frame, with bias and noise."""
    local = (places - sensor.position_m) @ (np.eye(3) if sensor.axes is None else sensor.axes).T
    rng = np.linalg.norm(local, axis=1)
    plot = np.stack([rng, np.arctan2(local[:, 0], local[:, 1]), np.arcsin(local[:, 2] / rng)], axis=1)
    sigma = (sensor.range_sigma_m, sensor.azimuth_sigma_rad, sensor.elevation_sigma_rad)
    return plot + [*bias, 0.0] + noise * np.array(sigma)


def pairs_of(seed, n=60, radars=RADARS, true=TRUE, loud=1.0):
    rng = np.random.default_rng(seed)
    places = np.stack([rng.uniform(-40e3, 90e3, n), rng.uniform(30e3, 110e3, n), rng.uniform(1e3, 11e3, n)], axis=1)
    plots = [measured(places, r, true[2 * i : 2 * i + 2], loud * rng.normal(size=(n, 3))) for i, r in enumerate(radars)]
    return Pairs(np.tile([0, 1], (n, 1)), np.stack(plots, axis=1))


def biases(found):
    return np.stack([found["range_bias"], found["azimuth_bias"]], axis=1).ravel()


def test_without_noise_the_biases_are_recovered_exactly():
    """Four biases from three objects, to 1 mm and 1e-8 rad, though they shift plots by hundreds of metres.

    Against: closed form: the measurements' own definition.
    """
    found = biases(registration(pairs_of(3, n=3, loud=0.0), RADARS))
    np.testing.assert_allclose(found[0::2], TRUE[0::2], atol=1e-3)
    np.testing.assert_allclose(found[1::2], TRUE[1::2], atol=1e-8)


def test_errors_are_as_large_as_the_covariance_says():
    """Normalised squared error of all four biases, averaged over 500 runs, within its 99 % bounds; so are residuals.

    Against: closed form: χ² with 4, and with 3 n − 4 degrees of freedom.
    """
    runs = 500
    case = next(c for c in BOUNDS if (c["dim"], c["runs"], c["alpha"]) == (1, runs, 0.01))
    assert case["expected"]["bounds"] == pytest.approx(stats.chi2.ppf([0.005, 0.995], runs) / runs)
    low4, high4 = stats.chi2.ppf([0.005, 0.995], 4 * runs) / runs
    nees, residual = [], []
    for seed in range(runs):
        found = registration(pairs_of(seed), RADARS)
        off = biases(found) - TRUE
        nees.append(off @ np.linalg.solve(found["covariance"].values, off))
        residual.append((found.attrs["chi2"], found.attrs["freedom"]))
    assert low4 < np.mean(nees) < high4
    chi2, freedom = np.sum(residual, axis=0)
    assert stats.chi2.ppf(0.005, freedom) < chi2 < stats.chi2.ppf(0.995, freedom)


def test_sigmas_are_the_roots_of_the_covariance():
    found = registration(pairs_of(1), RADARS)
    sigma = np.stack([found["range_sigma"], found["azimuth_sigma"]], axis=1).ravel()
    np.testing.assert_allclose(sigma, np.sqrt(np.diag(found["covariance"])))
    assert found["range_bias"].attrs["units"] == "m" and found["azimuth_bias"].attrs["units"] == "rad"


def test_four_times_the_pairs_halve_the_errors():
    """Against: closed form: the information adds up; to 15 %, since objects lie elsewhere."""
    few, many = (registration(pairs_of(2, n=n), RADARS) for n in (200, 800))
    np.testing.assert_allclose(many["range_sigma"] / few["range_sigma"], 0.5, rtol=0.15)
    np.testing.assert_allclose(many["azimuth_sigma"] / few["azimuth_sigma"], 0.5, rtol=0.15)


def test_which_radar_comes_first_does_not_matter():
    given = pairs_of(4)
    turned = Pairs(given.radar[:, ::-1], given.plot[:, ::-1])
    np.testing.assert_allclose(biases(registration(turned, RADARS)), biases(registration(given, RADARS)), rtol=1e-6)


def test_three_radars_are_registered_together():
    """Pairs of the first with the second, and of the second with the third: six biases, each within 5 sigma.

    Against: property: consistency.
    """
    third = PairedRadar(np.array([-30e3, 40e3, 50.0]), 30.0, 0.05 * DEGREE, 0.1 * DEGREE)
    radars, true = (*RADARS, third), np.array([*TRUE, 40.0, 0.1 * DEGREE])
    one, two = pairs_of(5, true=TRUE), pairs_of(6, radars=radars[1:], true=true[2:])
    both = Pairs(np.concatenate([one.radar, two.radar + 1]), np.concatenate([one.plot, two.plot]))
    found = registration(both, radars)
    off = biases(found) - true
    assert (np.abs(off) < 5.0 * np.sqrt(np.diag(found["covariance"]))).all()


def test_two_radars_at_one_place_cannot_tell_their_azimuths_apart():
    """Only the difference of their biases shows; a prior makes the rest finite, and the difference is right."""
    beside = (RADARS[0], RADARS[0]._replace(range_sigma_m=60.0))
    with pytest.raises(KalkanError, match="give a prior"):
        registration(pairs_of(7, radars=beside), beside)
    found = registration(pairs_of(7, radars=beside), beside, prior=(200.0, 0.5 * DEGREE))
    difference = float(found["azimuth_bias"][0] - found["azimuth_bias"][1])
    assert difference == pytest.approx(TRUE[1] - TRUE[3], abs=0.1 * DEGREE)
    assert (found["azimuth_sigma"] > 0.3 * DEGREE).all()


def test_a_prior_that_is_sure_keeps_the_biases_where_they_were():
    found = registration(pairs_of(8), RADARS, prior=(1e-3, 1e-8))
    assert np.abs(biases(found)[0::2]).max() < 0.01 and np.abs(biases(found)[1::2]).max() < 1e-6


def test_offsets_learnt_one_by_one_are_the_weighted_mean():
    """Forty differences with covariances of their own, and a prior: state and covariance to 1e-9.

    Against: closed form: information of the prior and of all differences added up.
    """
    rng = np.random.default_rng(11)
    b, q = np.zeros(2), np.diag([300.0**2, 300.0**2])
    information, vector = np.linalg.inv(q), np.zeros(2)
    for _ in range(40):
        a = rng.normal(size=(2, 2)) * 150.0
        r = a @ a.T + 50.0**2 * np.eye(2)
        d = np.array([250.0, -120.0]) + np.linalg.cholesky(r) @ rng.normal(size=2)
        learn_offset(b, q, d, r)
        information, vector = information + np.linalg.inv(r), vector + np.linalg.solve(r, d)
    np.testing.assert_allclose(q, np.linalg.inv(information), rtol=1e-9)
    np.testing.assert_allclose(b, np.linalg.solve(information, vector), rtol=1e-9)
