"""Filters of tracks against other programs: extended Kalman filter, interacting multiple models, turn, gravity."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from scipy import stats

from kalkan.byref import by_reference, structured
from kalkan.tracking import configuring, filtering, mixing, motion, single, tables
from kalkan.tracking.configuring import Config, MotionModel
from kalkan.tracking.converting import covariance, to_picture
from kalkan.tracking.driving import RULE_OF_PICTURE, SENSORS

DATA = Path(__file__).parents[1] / "reference" / "data"
BOUNDS = json.loads((DATA / "nees_bounds.json").read_text())["cases"]
KALATA = json.loads((DATA / "alpha_beta_kalata.json").read_text())["cases"]


def cases(name):
    found = json.loads((DATA / f"filter_{name}.json").read_text(encoding="utf-8"))["cases"]
    return [pytest.param(c, id=c["name"]) for c in found]


class Station:
    """A radar, and one track in slot 0 of its picture, begun with an estimate at time 0."""

    def __init__(self, config, x, p, radar_m=(0.0, 0.0, 0.0), sigmas=(50.0, 2e-3, 3e-3, math.inf)):
        radars = np.zeros(1, SENSORS)
        radars["to_picture"], radars["offset_m"], radars["scan_period_s"] = np.eye(3), radar_m, 5.0
        names = ("range_sigma_m", "azimuth_sigma_rad", "elevation_sigma_rad", "rate_sigma_m_s")
        for name, sigma in zip(names, sigmas, strict=True):
            radars[name] = sigma
        rules = np.zeros(1, RULE_OF_PICTURE)
        self.air = tables.allocate(radars, rules, 25.0, 150.0, 4, 4, configuring.manner(config))
        self.module = mixing if config.filter == "imm" else single
        self.air.table["x"][0, 0], self.air.table["p"][0, 0] = x, p
        self.ref, self.radars = by_reference(self.air), structured(radars)
        if config.filter == "imm":
            self.air.bank["told_x"][0, 0] = np.inf
            self.air.bank["chance"][0, 0, 0] = 1.0

    @property
    def estimate(self):
        return self.air.table["x"][0, 0].copy(), self.air.table["p"][0, 0].copy()

    def take(self, t_s, z, r, rate=(0.0, math.inf)):
        """A plot at a position z [m] with covariance r [m2]; its squared distance."""
        plot = self.air.plots[0:1]
        plot["t_s"], plot["z_m"], plot["r_m2"], plot["rate_m_s"], plot["rate_m2_s2"] = t_s, z, r, *rate
        d2 = self.module.absorb(self.ref, 0, 0, 0, 0)
        self.air.table["t_s"][0, 0] = t_s
        return d2

    def take_polar(self, t_s, rng, azimuth, elevation, rate):
        """A plot in the radar's own coordinates."""
        z, r, ground = np.zeros(3), np.zeros((3, 3)), rng * math.cos(elevation)
        enu = ground * math.sin(azimuth), ground * math.cos(azimuth), rng * math.sin(elevation)
        to_picture(self.radars, 0, *enu, z)
        s = self.air.radars[0]
        covariance(self.radars, 0, *enu, s["range_sigma_m"], s["azimuth_sigma_rad"], s["elevation_sigma_rad"], r)
        self.take(t_s, z, r, (rate, s["rate_sigma_m_s"] ** 2))


def close(found, expected, p, share=1e-6):
    """Equal within a share of the standard deviations."""
    sigma = np.sqrt(np.diag(p))
    np.testing.assert_array_less(np.abs(found[0] - expected[0]), share * sigma)
    np.testing.assert_array_less(np.abs(found[1] - expected[1]), share * np.outer(sigma, sigma))


@pytest.mark.parametrize("case", cases("ekf"))
def test_the_extended_kalman_filter_is_stone_soups(case):
    """Estimates after each plot in range, azimuth, elevation and range rate, to 1e-6 standard deviations.

    Against: program: Stone Soup 1.9.1.
    """
    motion_ = MotionModel(density_m2_s3=case["density"], density_up_m2_s3=case["density_up"])
    sigmas = [case[f"{name}_sigma_{unit}"] for name, unit in (("range", "m"), ("azimuth", "rad"), ("elevation", "rad"))]
    station = Station(
        Config(motions=(motion_,)), case["x"], case["p"], case["radar_m"],
        (*sigmas, case["rate_sigma_m_s"] or math.inf),
    )  # fmt: skip
    for plot, x, p in zip(case["plots"], case["expected"]["x"], case["expected"]["p"], strict=True):
        station.take_polar(*plot)
        close(station.estimate, (np.array(x), np.array(p)), p)


@pytest.mark.parametrize("case", cases("imm"))
def test_interacting_multiple_models_are_filterpys(case):
    """Estimates and chances of the modes after each plot of a target that begins to turn, to 1e-6 standard deviations.

    Against: program: filterpy's IMMEstimator.
    """
    n = len(case["densities"])
    motions = tuple(MotionModel(density_m2_s3=d, density_up_m2_s3=d) for d in case["densities"])
    config = Config(filter="imm", motions=motions)
    station = Station(config, case["x"], case["p"])
    station.air.manner["polar"], station.air.manner["switch"][0, :n, :n] = 0, case["switch"]
    station.air.bank["chance"][0, 0, :n] = case["chance"]
    expected = case["expected"]
    for plot, x, p, chance in zip(case["plots"], expected["x"], expected["p"], expected["chance"], strict=True):
        station.take(*plot)
        close(station.estimate, (np.array(x), np.array(p)), p)
        np.testing.assert_allclose(station.air.bank["chance"][0, 0, :n], chance, rtol=1e-6)


@pytest.mark.parametrize("case", cases("turn"))
def test_a_turn_is_stone_soups(case):
    """State and covariance through a coordinated turn, to 1e-6 (its Jacobian is of differences).

    Against: program: Stone Soup 1.9.1, ConstantTurn.
    """
    x, p = np.array(case["x"]), np.array(case["p"])
    motion.turn(x, p, case["dt_s"])
    np.testing.assert_allclose(x, case["expected"]["x"], rtol=1e-9, atol=1e-5)
    close((x, p), (x, np.array(case["expected"]["p"])), case["expected"]["p"], 1e-5)


def test_a_whole_circle_comes_back_to_where_it_began():
    """A turn of 360 degrees in steps, right and left, against: closed form."""
    for w in (0.05, -0.02, 0.3):
        x, p = np.array([1e4, 2e4, 5e3, 200.0, -50.0, 0.0, w]), np.eye(7)
        start = x.copy()
        for _ in range(36):
            motion.turn(x, p, 2.0 * math.pi / abs(w) / 36)
        np.testing.assert_allclose(x, start, rtol=1e-9, atol=1e-6)


class Usual(NamedTuple):
    """The loop's usual filter, as its kernels take it."""

    usual_filter: int
    predict: Callable[..., None]


FALL = np.array([40e3, -20e3, 60e3, 1100.0, 600.0, 800.0])  # 173 km of height and speed squared over 2 g


def fallen(start):
    """Where a state is after 100 s in the central field, by scipy's DOP853."""
    from scipy.integrate import solve_ivp

    radius, mu = motion.EARTH_M, motion.GRAVITY_M_S2 * motion.EARTH_M**2

    def field(_, y):
        place = np.array([y[0], y[1], y[2] + radius])
        return [*y[3:], *(-mu * place / np.linalg.norm(place) ** 3)]

    return solve_ivp(field, (0.0, 100.0), start, method="DOP853", rtol=1e-11, atol=1e-6).y[:, -1]


@pytest.mark.parametrize(("kind", "ballistic_m"), [("ballistic", 0.0), ("constant velocity", 170e3)])
def test_a_ballistic_body_falls_as_on_a_sphere(kind, ballistic_m):
    """100 s of free flight in steps of half a second, from 60 km up at 1.5 km/s, to 2 m.

    Against: program: scipy's DOP853 in the same central field.
    """
    x, p = FALL.copy(), np.eye(6)
    manner = structured(configuring.manner(Config(motions=(MotionModel(kind=kind),))))
    for _ in range(200):
        motion.move(x, p, 0.5, manner, 0, ballistic_m)
    np.testing.assert_allclose(x, fallen(FALL), atol=2.0)


@pytest.mark.parametrize("deep_m", [motion.EARTH_M, 0.0], ids=["local axes", "earth-centred axes"])
def test_what_no_wing_holds_falls_with_the_usual_filter(deep_m):
    """The same flight with the loop's usual filter, in both kinds of axes: it falls with more energy than asked only.

    Against: program: scipy's DOP853 in the same central field.
    """
    up = np.array([0.0, 0.0, motion.EARTH_M - deep_m, 0.0, 0.0, 0.0])
    usual = Usual(1, filtering.predict)
    for ballistic_m, expected in ((170e3, fallen(FALL)), (300e3, None), (0.0, None)):
        x, p = FALL + up, np.eye(6)
        for _ in range(200):
            motion.ahead(usual, x, p, 0.5, 0.0, ballistic_m, deep_m)
        straight = FALL + 100.0 * np.array([*FALL[3:], 0.0, 0.0, 0.0])
        np.testing.assert_allclose(x - up, straight if expected is None else expected, atol=2.0)


@pytest.mark.parametrize("case", KALATA, ids=lambda c: f"index {c['tracking_index']}")
def test_steady_gains_are_kalatas(case):
    """Steady-state gains of position and velocity along the line of sight, to 1e-6.

    Against: closed form: Kalata 1984.
    """
    t, sigma = 4.0, 80.0
    noise = case["tracking_index"] * sigma / t**2
    config = Config(motions=(MotionModel(noise_m_s2=noise, noise_up_m_s2=noise),))
    far = np.array([0.0, 3e5, 0.0, 0.0, 0.0, 0.0])
    station = Station(config, far, np.diag([sigma**2] * 3 + [300.0**2] * 3))
    r = np.eye(3) * sigma**2
    for k in range(1, 2000):
        x, p = station.estimate
        filtering.predict(x, p, t, noise)
        before = p.copy()
        station.take(k * t, far[:3], r)
    gain = np.linalg.solve(before[:3, :3] + r, before[:, :3].T).T[:, 1]
    assert gain[1] == pytest.approx(case["expected"]["alpha"], rel=1e-6)
    assert gain[4] * t == pytest.approx(case["expected"]["beta"], rel=1e-6)
    assert station.estimate[1][1, 1] == pytest.approx(case["expected"]["alpha"] * sigma**2, rel=1e-6)


def test_both_filters_are_one_where_plot_and_track_are_at_one_place():
    """A plot where the track is predicted: extended and converted measurements have one line of sight, to 1e-9."""
    rng = np.random.default_rng(2)
    for _ in range(20):
        place, speed = rng.normal(0.0, 3e4, 3), rng.normal(0.0, 150.0, 3)
        a = rng.normal(size=(6, 6)) * np.array([200.0] * 3 + [40.0] * 3)[:, None]
        p, found = a @ a.T + np.diag([1e3] * 3 + [1e2] * 3), []
        for filter_name in ("ekf", "converted"):
            station, slant = Station(Config(filter=filter_name), np.r_[place, speed], p), float(np.linalg.norm(place))
            station.take_polar(0.0, slant, math.atan2(place[0], place[1]), math.asin(place[2] / slant), math.nan)
            found.append(station.estimate)
        close(found[0], found[1], found[1][1], 1e-9)


def test_they_part_with_the_angle_between_plot_and_track():
    """The difference of the two filters falls with the square of the angle, or faster, and is small where that is."""
    place, p = np.array([20e3, 30e3, 6e3, -200.0, 50.0, 0.0]), np.diag([500.0**2] * 3 + [50.0**2] * 3)
    slant, far = float(np.linalg.norm(place[:3])), []
    for off in (0.02, 0.01, 0.005):
        found = []
        for filter_name in ("ekf", "converted"):
            station = Station(Config(filter=filter_name), place, p)
            azimuth = math.atan2(place[0], place[1]) + off
            station.take_polar(0.0, slant, azimuth, math.asin(place[2] / slant), math.nan)
            found.append(station.estimate[0])
        far.append(float(np.linalg.norm((found[0] - found[1])[:3])))
    assert far[1] < far[0] / 3.5 and far[2] < far[1] / 3.5
    assert far[2] < 1.0, "a fifth of a degree beside: less than a metre"


def test_the_converted_filter_is_the_loops():
    """With one noise for all axes: state and covariance of ``filtering``'s prediction and update, to 1e-12."""
    rng = np.random.default_rng(3)
    config = Config(filter="converted", motions=(MotionModel(noise_m_s2=4.0, noise_up_m_s2=4.0),))
    x, p = np.r_[rng.normal(0.0, 1e4, 3), rng.normal(0.0, 200.0, 3)], np.diag([1e4] * 3 + [1e3] * 3)
    station, t_s, scratch = Station(config, x, p), 0.0, np.zeros((5, 3, 3))
    for dt in (5.0, 4.0, 0.3, 9.0):
        t_s += dt
        a = rng.normal(size=(3, 3))
        z, r = x[:3] + rng.normal(0.0, 50.0, 3), 900.0 * (a @ a.T + np.eye(3))
        filtering.predict(x, p, dt, 4.0)
        filtering.update(x, p, z, r, scratch)
        station.take(t_s, z, r)
    np.testing.assert_allclose(station.estimate[0], x, rtol=1e-12)
    np.testing.assert_allclose(station.estimate[1], p, rtol=1e-12, atol=1e-9)


@pytest.mark.parametrize("filter_name", ["ekf", "imm"])
def test_errors_are_as_large_as_the_filter_says(filter_name):
    """NEES and NIS of 500 flights that move as the filter believes, measured in polar coordinates.

    Against: closed form: 99 % bounds of χ² over 500 runs; the IMM, whose errors are a mixture, within 15 % of them.
    """
    rng = np.random.default_rng(9)
    density, runs, steps, dt = 20.0, 500, 8, 5.0
    sigmas = (60.0, 2e-3, 3e-3, math.inf)
    nees, nis = np.zeros((runs, steps)), np.zeros((runs, steps))
    config = Config(
        filter=filter_name,
        motions=(MotionModel(density_m2_s3=density, density_up_m2_s3=density),) * (2 if filter_name == "imm" else 1),
    )
    q = np.array([[dt**3 / 3.0, dt**2 / 2.0], [dt**2 / 2.0, dt]]) * density
    root_q, p0 = np.linalg.cholesky(q), np.diag([200.0**2] * 3 + [50.0**2] * 3)
    for run in range(runs):
        truth = np.array([40e3, 30e3, 8e3, -150.0, 80.0, 0.0])
        station = Station(config, truth + np.sqrt(np.diag(p0)) * rng.normal(size=6), p0, sigmas=sigmas)
        for k in range(steps):
            truth[:3] += dt * truth[3:]
            for axis in range(3):
                truth[[axis, axis + 3]] += root_q @ rng.normal(size=2)
            d, g = np.linalg.norm(truth[:3]), math.hypot(truth[0], truth[1])
            plot = np.array([d, math.atan2(truth[0], truth[1]), math.atan2(truth[2], g)])
            plot += np.array(sigmas[:3]) * rng.normal(size=3)
            z, r = _converted(station, plot)
            nis[run, k] = station.take((k + 1) * dt, z, r)
            x, p = station.estimate
            nees[run, k] = (truth - x) @ np.linalg.solve(p, truth - x)
    for values, dim in ((nees, 6), (nis, 3)):
        case = next(c for c in BOUNDS if (c["dim"], c["runs"], c["alpha"]) == (dim, runs, 0.01))
        low, high = case["expected"]["bounds"]
        room = 0.15 * dim if filter_name == "imm" else 0.0
        outside = sum(not low - room <= m <= high + room for m in values.mean(axis=0))
        assert outside <= 1, f"{values.mean(axis=0)} of {low:.2f} to {high:.2f}"
    assert stats.chi2.ppf(0.5, 3) * 0.9 < np.median(nis) < stats.chi2.ppf(0.5, 3) * 1.1


def _converted(station, plot):
    z, r = np.zeros(3), np.zeros((3, 3))
    ground = plot[0] * math.cos(plot[2])
    enu = ground * math.sin(plot[1]), ground * math.cos(plot[1]), plot[0] * math.sin(plot[2])
    to_picture(station.radars, 0, *enu, z)
    s = station.air.radars[0]
    covariance(station.radars, 0, *enu, s["range_sigma_m"], s["azimuth_sigma_rad"], s["elevation_sigma_rad"], r)
    return z, r


def test_an_estimate_from_elsewhere_begins_the_modes_anew():
    """What another source says of a track stands: after the next plot nothing is left of what the modes believed."""
    truth = np.array([30e3, 20e3, 6e3, -200.0, 0.0, 0.0])
    p0 = np.diag([100.0**2] * 3 + [30.0**2] * 3)
    told, fresh = Station(Config(filter="imm"), truth, p0), Station(Config(filter="imm"), truth, p0)
    r = np.eye(3) * 2500.0
    for k in range(1, 4):
        told.take(5.0 * k, truth[:3] + 5.0 * k * truth[3:], r)
    elsewhere = np.array([20e3, 25e3, 5e3, 0.0, 220.0, 0.0])
    for station in (told, fresh):
        station.air.table["x"][0, 0], station.air.table["p"][0, 0] = elsewhere, p0
        station.air.table["t_s"][0, 0] = 20.0
    fresh.air.bank["chance"][0, 0] = told.air.bank["chance"][0, 0]
    for station in (told, fresh):
        station.take(25.0, elsewhere[:3] + 5.0 * elsewhere[3:], r)
    close(told.estimate, fresh.estimate, fresh.estimate[1], 1e-9)
