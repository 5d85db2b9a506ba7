"""Compiled looks along a flown path: what one radar sees of an aircraft at each of its looks.

As :mod:`kalkan.cover.looks`, with which it shares the eye and its sight; here the aircraft is where its path takes it,
and the radar sees it from a side of its own.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kalkan.arrays import F8
from kalkan.cover.looks import Eye, sight_band, snr_at
from kalkan.earth.frames import into
from kalkan.earth.horizon import azimuth_turns
from kalkan.earth.refraction import ground_range_height, local_radius
from kalkan.jit import builder, kernel
from kalkan.models.atmosphere import GRAVITY_M_S2
from kalkan.models.detection import interpolate_p_d
from kalkan.models.signature import aspect_rcs_dbsm
from kalkan.models.trajectory import evaluate

I8 = NDArray[np.int64]
STEP_S = 0.5  # either side of a look, over which the acceleration is taken
N_SEEN = 7
SNR_DB, P_D, RCS_DBSM, AZIMUTH, ELEVATION, COS_ASPECT, SLANT_M = range(N_SEEN)


class Knots(NamedTuple):
    """One path, as :func:`kalkan.models.trajectory.evaluate` takes it."""

    t_s: F8
    position_m: F8
    velocity_m_s: F8
    lateral: F8


@kernel
def within(east: float, north: float, middle_rad: float, half_rad: float) -> bool:
    """Whether a direction lies within half a sector's width of its middle (compass)."""
    if half_rad >= math.pi:
        return True
    along = east * math.sin(middle_rad) + north * math.cos(middle_rad)
    return along >= math.sqrt(east * east + north * north) * math.cos(half_rad)


@kernel
def body_angles(
    d: tuple[float, float, float], v: tuple[float, float, float], lift: tuple[float, float, float]
) -> tuple[float, float]:
    """Azimuth and elevation [rad] of a direction as an aircraft has it.

    Parameters
    ----------
    d : tuple
        Direction from the aircraft, unit vector.
    v, lift : tuple
        Its velocity, and acceleration less gravity, in the same axes. Nose along the velocity, wings at right angles to
        the lift: a coordinated turn without angle of attack (kalkan's own simplification).

    Returns
    -------
    azimuth_rad, elevation_rad
        Clockwise from the nose as the pilot sees it, from -π to π; above the plane of the wings.
    """
    speed = math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2])
    x, y, z = v[0] / speed, v[1] / speed, v[2] / speed
    along = lift[0] * x + lift[1] * y + lift[2] * z
    a, b, c = lift[0] - along * x, lift[1] - along * y, lift[2] - along * z
    size = math.sqrt(a * a + b * b + c * c)
    a, b, c = a / size, b / size, c / size
    ahead = d[0] * x + d[1] * y + d[2] * z
    above = d[0] * a + d[1] * b + d[2] * c
    right = d[0] * (y * c - z * b) + d[1] * (z * a - x * c) + d[2] * (x * b - y * a)
    return math.atan2(right, ahead), math.asin(min(max(above, -1.0), 1.0))


@kernel
def state_at(
    flown: Knots, hint: int, t_s: float, offset_m: float
) -> tuple[float, float, float, float, float, float, int]:
    """Position [m], velocity [m/s], and the next hint."""
    return evaluate(
        flown.t_s, flown.position_m, flown.velocity_m_s, flown.lateral, 0, flown.t_s.size, hint, t_s, offset_m
    )


@kernel
def lift_at(
    flown: Knots, hint: int, t_s: float, offset_m: float, x: float, y: float, z: float
) -> tuple[float, float, float]:
    """Acceleration less gravity [m/s²] at a place [m] of the path, over a second."""
    before, after = max(t_s - STEP_S, flown.t_s[0]), min(t_s + STEP_S, flown.t_s[flown.t_s.size - 1])
    _, _, _, bx, by, bz, _ = state_at(flown, hint, before, offset_m)
    _, _, _, cx, cy, cz, _ = state_at(flown, hint, after, offset_m)
    dt, pull = after - before, GRAVITY_M_S2 / math.sqrt(x * x + y * y + z * z)
    return (cx - bx) / dt + pull * x, (cy - by) / dt + pull * y, (cz - bz) / dt + pull * z


@builder
def looks_along(
    eye: Eye, flown: Knots, offset_m: float, when_s: F8, middle_rad: float, half_rad: float, rcs_dbsm: F8,
    added_m2: float, p_d_row: F8, snr_min_db: float, inv_step: float,
) -> F8:  # fmt: skip
    """What a radar sees of an aircraft at given times, as the loop's own looks (``kernels.sensing.look_at``).

    Parameters
    ----------
    eye : Eye
    flown : Knots
    offset_m : float
        How far the path is moved to the side [m].
    when_s : ndarray, shape (n,)
        Times of the looks since the path's beginning [s].
    middle_rad, half_rad : float
        Middle (compass) and half width of the radar's sector [rad].
    rcs_dbsm : ndarray, shape (3,)
        Nose, beam, tail [dB above 1 m²].
    added_m2 : float
        Cross-section of reflectors, the same from everywhere [m²].
    p_d_row : ndarray
        Table of probabilities of detection from `snr_min_db` on, `inv_step` nodes per dB.

    Returns
    -------
    ndarray, shape (n, N_SEEN)
        SNR of one pulse [dB], probability of detection [1], the aircraft's own cross-section [dB above 1 m²], azimuth
        and elevation of the radar as the aircraft has it [rad], cosine of the angle to the nose [1], slant range [m].
        NaN where there is no line of sight.
    """
    out = np.full((when_s.size, N_SEEN), math.nan)
    hint = 0
    for i in range(when_s.size):
        t = when_s[i]
        px, py, pz, vx, vy, vz, hint = state_at(flown, hint, t, offset_m)
        e, n, u = into(eye.axes, 0, px - eye.x_m, py - eye.y_m, pz - eye.z_m)
        slant = math.sqrt(e * e + n * n + u * u)
        if not eye.range_min_m <= slant <= eye.range_max_m or not within(e, n, middle_rad, half_rad):
            continue
        d, h = ground_range_height(e, n, u, eye.h0_m, eye.lat_terms)
        radius = local_radius(e, n, eye.lat_terms)
        low, high = sight_band(eye, d, azimuth_turns(e, n), radius)
        if not low <= h <= high:
            continue
        lift = lift_at(flown, hint, t, offset_m, px, py, pz)
        x, y, z = (eye.x_m - px) / slant, (eye.y_m - py) / slant, (eye.z_m - pz) / slant
        speed = math.sqrt(vx * vx + vy * vy + vz * vz)
        cosine = (x * vx + y * vy + z * vz) / speed
        own = aspect_rcs_dbsm(rcs_dbsm[0], rcs_dbsm[1], rcs_dbsm[2], cosine)
        together = 10.0 * math.log10(10.0 ** (0.1 * own) + added_m2)
        snr_db = snr_at(eye, together, d, h, radius)
        out[i, SNR_DB], out[i, P_D] = snr_db, interpolate_p_d(p_d_row, snr_min_db, inv_step, snr_db)
        out[i, RCS_DBSM], out[i, COS_ASPECT], out[i, SLANT_M] = own, cosine, slant
        out[i, AZIMUTH], out[i, ELEVATION] = body_angles((x, y, z), (vx, vy, vz), lift)
    return out
