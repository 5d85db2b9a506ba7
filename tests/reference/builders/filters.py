"""Filters of tracks: Stone Soup's extended Kalman filter and turn, filterpy's interacting multiple models.

``pip install stonesoup==1.9.1 filterpy``. States are (east, north, up, and their rates); azimuth is compass.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import numpy as np

from tests.reference.builders import Builder, Case

START = dt.datetime(2024, 1, 1)
INTO = [0, 3, 1, 4, 2, 5]  # place in (x, vx, y, vy, z, vz) → place in (x, y, z, vx, vy, vz)


def _listed(array: Any) -> list[Any]:
    return np.asarray(array, float).tolist()


def straight(dt_s: float, density: float, density_up: float) -> tuple[Any, Any]:
    """Transition matrix and noise of nearly constant velocity with white acceleration."""
    f, q = np.eye(6), np.zeros((6, 6))
    for i, d in enumerate((density, density, density_up)):
        f[i, i + 3] = dt_s
        q[i, i], q[i, i + 3], q[i + 3, i] = d * dt_s**3 / 3.0, d * dt_s**2 / 2.0, d * dt_s**2 / 2.0
        q[i + 3, i + 3] = d * dt_s
    return f, q


def polar_jacobian(x: Any, radar_m: Any, rated: bool) -> Any:
    """Of elevation, bearing, range and range rate by (x, vx, y, vy, z, vz), where Stone Soup takes differences."""
    d, v = x[0::2] - radar_m, x[1::2]
    g2 = d[0] ** 2 + d[1] ** 2
    r2 = g2 + d[2] ** 2
    g, r = math.sqrt(g2), math.sqrt(r2)
    h = np.zeros((4 if rated else 3, 6))
    h[0, 0::2] = -d[0] * d[2] / (g * r2), -d[1] * d[2] / (g * r2), g / r2
    h[1, 0], h[1, 2] = -d[1] / g2, d[0] / g2
    h[2, 0::2] = d / r
    if rated:
        h[3, 0::2], h[3, 1::2] = (v - (d @ v) * d / r2) / r, d / r
    return h


def ekf(c: Case) -> Case:
    """Stone Soup's prediction and update, plot by plot."""
    from stonesoup.models.measurement.nonlinear import (
        CartesianToElevationBearingRange,
        CartesianToElevationBearingRangeRate,
    )
    from stonesoup.models.transition.linear import CombinedLinearGaussianTransitionModel, ConstantVelocity
    from stonesoup.predictor.kalman import ExtendedKalmanPredictor
    from stonesoup.types.angle import Bearing, Elevation
    from stonesoup.types.array import StateVector
    from stonesoup.types.detection import Detection
    from stonesoup.types.hypothesis import SingleHypothesis
    from stonesoup.types.state import GaussianState
    from stonesoup.updater.kalman import ExtendedKalmanUpdater

    axes = [ConstantVelocity(c["density"]), ConstantVelocity(c["density"]), ConstantVelocity(c["density_up"])]
    predictor = ExtendedKalmanPredictor(CombinedLinearGaussianTransitionModel(axes))
    sigma = [c["elevation_sigma_rad"], c["azimuth_sigma_rad"], c["range_sigma_m"]]
    common = {"ndim_state": 6, "mapping": (0, 2, 4), "translation_offset": StateVector(c["radar_m"])}
    def jacobian(state: Any, **_: Any) -> Any:
        return polar_jacobian(np.ravel(np.asarray(state.state_vector, float)), np.array(c["radar_m"]), rated)

    rated = bool(c["rate_sigma_m_s"])
    if rated:
        noise = np.diag(np.square([*sigma, c["rate_sigma_m_s"]]))
        model = CartesianToElevationBearingRangeRate(
            velocity_mapping=(1, 3, 5), noise_covar=noise, velocity=StateVector([0.0, 0.0, 0.0]), **common
        )
    else:
        model = CartesianToElevationBearingRange(noise_covar=np.diag(np.square(sigma)), **common)
    model.jacobian = jacobian
    updater = ExtendedKalmanUpdater(model)
    back = np.argsort(INTO)
    x, p = np.array(c["x"])[INTO], np.array(c["p"])[np.ix_(INTO, INTO)]
    state: Any = GaussianState(x[:, None], p, timestamp=START)
    xs, ps = [], []
    for t_s, rng, azimuth, elevation, rate in c["plots"]:
        when = START + dt.timedelta(seconds=t_s)
        vector = [Elevation(elevation), Bearing(0.5 * math.pi - azimuth), rng] + ([rate] if c["rate_sigma_m_s"] else [])
        detection = Detection(StateVector(vector), timestamp=when, measurement_model=model)
        state = updater.update(SingleHypothesis(predictor.predict(state, timestamp=when), detection))
        xs.append(_listed(np.ravel(state.state_vector)[back]))
        ps.append(_listed(np.asarray(state.covar)[np.ix_(back, back)]))
    return {"x": xs, "p": ps}


def imm(c: Case) -> Case:
    """filterpy's IMM of Kalman filters, plot by plot."""
    from filterpy.kalman import IMMEstimator, KalmanFilter

    filters = []
    for _ in c["densities"]:
        one = KalmanFilter(6, 3)
        one.x, one.P, one.H = np.array(c["x"])[:, None], np.array(c["p"]), np.eye(3, 6)
        filters.append(one)
    estimator = IMMEstimator(filters, np.array(c["chance"]), np.eye(len(filters)))
    xs, ps, chances, t_s = [], [], [], 0.0
    for when, z, r in c["plots"]:
        step, rates = when - t_s, np.array(c["switch"])
        leave = rates.sum(axis=1)
        left = 1.0 - np.exp(-leave * step)
        estimator.M = np.diag(1.0 - left) + rates * (left / leave)[:, None]
        estimator._compute_mixing_probabilities()
        for one, density in zip(filters, c["densities"], strict=True):
            one.F, one.Q = straight(step, density, density)
            one.R = np.array(r)
        estimator.predict()
        estimator.update(np.array(z)[:, None])
        t_s = when
        xs.append(_listed(np.ravel(estimator.x)))
        ps.append(_listed(estimator.P))
        chances.append(_listed(estimator.mu))
    return {"x": xs, "p": ps, "chance": chances}


def turn(c: Case) -> Case:
    """Stone Soup's turn with its rate in the state; the Jacobian by central differences of its function."""
    from stonesoup.models.transition.nonlinear import ConstantTurn
    from stonesoup.types.array import StateVector
    from stonesoup.types.state import State

    x = np.array(c["x"])  # x, y, z, vx, vy, vz, turn rate
    model = ConstantTurn(linear_noise_coeffs=np.array([0.0, 0.0]), turn_noise_coeff=0.0)
    step, places = dt.timedelta(seconds=c["dt_s"]), [0, 3, 1, 4, 6]

    def level(state: Any) -> Any:
        given = State(StateVector(state), timestamp=START)
        return np.ravel(np.asarray(model.function(given, time_interval=step), float))

    moved, f = x.copy(), np.eye(7)
    moved[places], moved[2] = level(x[places]), x[2] + c["dt_s"] * x[5]
    for i, (place, h) in enumerate(zip(places, (1e-2, 1e-2, 1e-2, 1e-2, 1e-5), strict=True)):
        beside = np.eye(5)[i] * h
        f[places, place] = (level(x[places] + beside) - level(x[places] - beside)) / (2.0 * h)
    f[2, 5] = c["dt_s"]
    return {"x": _listed(moved), "p": _listed(f @ np.array(c["p"]) @ f.T)}


BUILDERS = {
    "filter_ekf": Builder(ekf, rel=1e-7, abs=1e-6, needs=("stonesoup",)),
    "filter_imm": Builder(imm, rel=1e-8, abs=1e-8, needs=("filterpy",)),
    "filter_turn": Builder(turn, rel=1e-6, abs=1e-6, needs=("stonesoup",)),
}
