"""Ballistic flights that come down at their aim: of least energy, lofted, depressed, or with a given apogee.

For an elevation of the boost, its direction and burn-out speed are found by Newton's method so that the fall ends at
the aim; the elevation by what is asked. The reach of a type is its own claim, not a result.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kalkan.earth.geodesy import enu_basis, geodetic_to_ecef, inverse
from kalkan.models.ballistic import STEP_S, WGS84, Earth, Fallen, fall, fallen, height_m
from kalkan.models.trajectory import Path

Floats = NDArray[np.float64]
LOWEST_RAD, HIGHEST_RAD = math.radians(12.0), math.radians(82.0)
NEAR_M = 0.05  # the fall ends this near its aim
_NEWTON = 40
_SPEED_STEP_M_S, _TURN_STEP_RAD = 0.5, 2e-4
_ANGLE_TOLERANCE_RAD = 1e-5


class Aim(NamedTuple):
    """From where to where, and what flies.

    Attributes
    ----------
    launch, aim : tuple of float
        Latitude and longitude [rad], height over the ellipsoid [m].
    coefficient_kg_m2, boost_s : float
        Ballistic coefficient after burn-out, time under thrust.
    air : array
        Density as :func:`kalkan.models.ballistic.standard_air` gives it.
    earth : Earth
    step_s : float
        Of the integration.
    """

    launch: tuple[float, float, float]
    aim: tuple[float, float, float]
    coefficient_kg_m2: float
    boost_s: float
    air: Floats
    earth: Earth = WGS84
    step_s: float = STEP_S


class Shot(NamedTuple):
    """A flight to the aim: how it is begun, and how it ends."""

    elevation_rad: float
    azimuth_rad: float
    burnout_m_s: float
    end: Fallen  # of the fall; its time counts from burn-out

    @property
    def apogee_m(self) -> float:
        """Highest point above the ellipsoid [m]."""
        return self.end.apogee_m


class UnflownError(ValueError):
    """No such flight leads to the aim."""


def ballistic_path(aim: Aim, trajectory: str, apogee_m: float | None, ratios: tuple[float, float]) -> tuple[Path, Shot]:
    """The flight that is asked for, as a path from the launch to the aim, and how it is flown.

    Parameters
    ----------
    trajectory : str
        ``"least-energy"``, ``"lofted"`` or ``"depressed"``; without meaning where `apogee_m` is given.
    apogee_m : float, optional
        Highest point above the ellipsoid [m].
    ratios : tuple of float
        Apogee of a lofted and of a depressed flight over that of least energy [1].

    Raises
    ------
    UnflownError
        No flight with this apogee leads to the aim.
    """
    shot = chosen(aim, trajectory, apogee_m, ratios)
    return path_of(aim, shot), shot


def chosen(aim: Aim, trajectory: str, apogee_m: float | None, ratios: tuple[float, float]) -> Shot:
    """How the flight that is asked for is begun; as :func:`ballistic_path`."""
    if apogee_m is not None:
        return with_apogee(aim, apogee_m)
    shot = least_energy(aim)
    if trajectory == "least-energy":
        return shot
    return with_apogee(aim, shot.apogee_m * ratios[0 if trajectory == "lofted" else 1])


def least_energy(aim: Aim) -> Shot:
    """The flight that needs the least speed at burn-out."""
    from scipy.optimize import minimize_scalar

    found = minimize_scalar(
        lambda angle: solved(aim, angle).burnout_m_s, bounds=(math.radians(25.0), math.radians(65.0)), method="bounded",
        options={"xatol": 1e-4},
    )  # fmt: skip
    return solved(aim, float(found.x))


def with_apogee(aim: Aim, apogee_m: float) -> Shot:
    """The flight with a given apogee [m]."""
    from scipy.optimize import brentq

    low, high = solved(aim, LOWEST_RAD), solved(aim, HIGHEST_RAD)
    if not low.apogee_m <= apogee_m <= high.apogee_m:
        possible = f"{low.apogee_m / 1e3:.0f} to {high.apogee_m / 1e3:.0f} km"
        raise UnflownError(f"has no flight to its aim with an apogee of {apogee_m / 1e3:.0f} km; possible: {possible}")
    angle = brentq(
        lambda a: solved(aim, a).apogee_m - apogee_m, LOWEST_RAD, HIGHEST_RAD, xtol=_ANGLE_TOLERANCE_RAD
    )  # fmt: skip
    return solved(aim, float(angle))


def solved(aim: Aim, elevation_rad: float, like: Shot | None = None) -> Shot:
    """The flight with a given elevation of the boost; sought from one `like` it, to a neighbouring aim.

    Raises
    ------
    UnflownError
        None was found.
    """
    azimuth, distance = _geodesic(aim)
    speed = math.sqrt(9.81 * distance / math.sin(2.0 * elevation_rad))
    if like is not None:
        azimuth, speed = like.azimuth_rad, like.burnout_m_s
    there = np.array(geodetic_to_ecef(*aim.aim)).reshape(3)
    basis = enu_basis(*aim.aim[:2])
    for _ in range(_NEWTON):
        end = flown(aim, elevation_rad, azimuth, speed)
        miss = basis[:2] @ (np.array(end[1:4]) - there)
        if math.hypot(*miss) < NEAR_M:
            return Shot(elevation_rad, azimuth, speed, end)
        faster = basis[:2] @ (np.array(flown(aim, elevation_rad, azimuth, speed + _SPEED_STEP_M_S)[1:4]) - there)
        turned = basis[:2] @ (np.array(flown(aim, elevation_rad, azimuth + _TURN_STEP_RAD, speed)[1:4]) - there)
        slope = np.column_stack([(faster - miss) / _SPEED_STEP_M_S, (turned - miss) / _TURN_STEP_RAD])
        change = np.linalg.solve(slope, -miss)
        speed += float(np.clip(change[0], -0.3 * speed, 0.3 * speed))
        azimuth += float(np.clip(change[1], -0.3, 0.3))
    raise UnflownError("has no ballistic flight that comes down at its aim")


def _geodesic(aim: Aim) -> tuple[float, float]:
    azimuth, distance = inverse(*aim.launch[:2], *aim.aim[:2])
    return float(azimuth), float(distance)


def burnout(aim: Aim, elevation_rad: float, azimuth_rad: float, speed_m_s: float) -> tuple[Floats, Floats]:
    """ECEF place [m] and velocity [m/s] at the end of the boost."""
    start, direction = _line(aim, elevation_rad, azimuth_rad)
    return start + direction * 0.5 * speed_m_s * aim.boost_s, direction * speed_m_s


def flown(aim: Aim, elevation_rad: float, azimuth_rad: float, speed_m_s: float) -> Fallen:
    """Where the fall after a boost ends at the height of the aim."""
    place, velocity = burnout(aim, elevation_rad, azimuth_rad, speed_m_s)
    x, y, z = (float(v) for v in geodetic_to_ecef(*aim.aim))
    floor_m = height_m(x, y, z, aim.earth)
    return fall(*_state(place, velocity), aim.step_s, aim.coefficient_kg_m2, aim.air, aim.earth, floor_m)


def _state(place: Floats, velocity: Floats) -> tuple[float, float, float, float, float, float]:
    (x, y, z), (vx, vy, vz) = place.tolist(), velocity.tolist()
    return x, y, z, vx, vy, vz


def _line(aim: Aim, elevation_rad: float, azimuth_rad: float) -> tuple[Floats, Floats]:
    """Launch point, ECEF [m], and direction of the boost [1]."""
    east, north, up = enu_basis(*aim.launch[:2])
    level = math.sin(azimuth_rad) * east + math.cos(azimuth_rad) * north
    start = np.array(geodetic_to_ecef(*aim.launch)).reshape(3)
    return start, math.cos(elevation_rad) * level + math.sin(elevation_rad) * up


def path_of(aim: Aim, shot: Shot) -> Path:
    """A flight as knots: of the boost, exact; of the fall, one at every step."""
    start, direction = _line(aim, shot.elevation_rad, shot.azimuth_rad)
    n = math.ceil(aim.boost_s / (4.0 * aim.step_s))
    t = aim.boost_s * np.arange(n) / max(n, 1)
    pace = shot.burnout_m_s / aim.boost_s if n else 0.0
    rows = falling(aim, shot)
    times = np.concatenate([t, aim.boost_s + rows[:, 0]])
    position = np.concatenate([start + direction * (0.5 * pace * t**2)[:, None], rows[:, 1:4]])
    moved = np.concatenate([direction * (pace * t)[:, None], rows[:, 4:7]])
    return Path(times, position, moved, np.zeros((times.size, 2, 3)), np.array([0.0, times[-1]]), 0.0)


def falling(aim: Aim, shot: Shot) -> Floats:
    """States from burn-out to the aim at every step: rows of t [s], ECEF place [m] and velocity [m/s]."""
    place, velocity = burnout(aim, shot.elevation_rad, shot.azimuth_rad, shot.burnout_m_s)
    return fallen(*_state(place, velocity), shot.end.t_s, aim.step_s, aim.coefficient_kg_m2, aim.air, aim.earth)
