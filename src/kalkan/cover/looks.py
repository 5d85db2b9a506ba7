"""Compiled looks: floors, ceilings, detection and engagements over many points.

All of this room's machine code is in this file, and it calls only ``models`` and ``earth``: the cache
notices edits here by itself. Positions come as latitude and longitude; the geometry is the kernels' own
(:mod:`kalkan.earth.refraction`, :mod:`kalkan.earth.horizon`). Heights are above sea level.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kalkan.earth.frames import into
from kalkan.earth.geodesy import ECCENTRICITY_SQ, SEMI_MAJOR_M
from kalkan.earth.horizon import azimuth_turns, horizon_tan
from kalkan.earth.refraction import apparent_tan, ground_range_height, height_at_tan, local_radius
from kalkan.jit import builder, kernel
from kalkan.models.detection import interpolate_p_d
from kalkan.models.flyout import lookup
from kalkan.models.radar import snr_from_constant_db
from kalkan.models.signature import aspect_rcs_dbsm

F8 = NDArray[np.float64]
F4 = NDArray[np.float32]
STEPS = 48  # heights tried between floor and ceiling where a loss hides the floor
FINE_M = 1.0  # and the width to which the lowest detected height is narrowed down


class Eye(NamedTuple):
    """One radar, as scalars and flat arrays."""

    x_m: float  # antenna, ECEF [m]
    y_m: float
    z_m: float
    axes: F8  # (1, 3, 3) rows east, north, up
    h0_m: float  # antenna above sea level [m]
    lat_terms: tuple[float, float, float]
    k: float
    table: F4  # its horizon table, raveled
    n_az: int
    n_rng: int
    radius_m: float
    tan_low: float  # elevation limits
    tan_high: float
    range_min_m: float  # slant [m]
    range_max_m: float
    snr_1m_db: float
    loss_db: F8
    loss_least_db: float
    loss_range_step_m: float
    loss_tan_low: float
    loss_tan_step: float


@kernel
def local(eye: Eye, lat_rad: float, lon_rad: float, h_m: float) -> tuple[float, float, float]:
    """East, north, up [m] of a place in the eye's frame."""
    s, c = math.sin(lat_rad), math.cos(lat_rad)
    normal = SEMI_MAJOR_M / math.sqrt(1.0 - ECCENTRICITY_SQ * s * s)
    dx = (normal + h_m) * c * math.cos(lon_rad) - eye.x_m
    dy = (normal + h_m) * c * math.sin(lon_rad) - eye.y_m
    dz = (normal * (1.0 - ECCENTRICITY_SQ) + h_m) * s - eye.z_m
    return into(eye.axes, 0, dx, dy, dz)


@kernel
def height_at_slant(d: float, slant: float, h0: float, radius: float) -> float:
    """Greatest height [m] at ground range d within a slant range; -inf where the ground range is too far."""
    theta = d / radius
    across = (radius + h0) * math.sin(theta)
    rest = slant * slant - across * across
    if rest < 0.0:
        return -math.inf
    return math.sqrt(rest) + h0 - 2.0 * (radius + h0) * math.sin(0.5 * theta) ** 2


@kernel
def slant_to(d: float, h: float, h0: float, radius: float) -> float:
    """Slant range [m] of height h at ground range d, over the real earth's radius."""
    chord = 2.0 * math.sin(0.5 * d / radius)
    return math.sqrt((h - h0) ** 2 + (radius + h) * (radius + h0) * chord * chord)


@kernel
def loss_at(eye: Eye, slant: float, tan_el: float) -> float:
    """Loss [dB] by bilinear interpolation, constant beyond the table."""
    n_r, n_t = eye.loss_db.shape
    x = min(max(slant / eye.loss_range_step_m, 0.0), n_r - 1.0)
    y = min(max((tan_el - eye.loss_tan_low) / eye.loss_tan_step, 0.0), n_t - 1.0)
    i, j = min(int(x), n_r - 2), min(int(y), n_t - 2)
    u, w = x - i, y - j
    near = eye.loss_db[i, j] + w * (eye.loss_db[i, j + 1] - eye.loss_db[i, j])
    far = eye.loss_db[i + 1, j] + w * (eye.loss_db[i + 1, j + 1] - eye.loss_db[i + 1, j])
    return near + u * (far - near)


@kernel
def snr_at(eye: Eye, rcs_dbsm: float, d: float, h: float, radius: float) -> float:
    """SNR [dB] of a target at ground range d and height h, losses taken off."""
    slant = max(slant_to(d, h, eye.h0_m, radius), 1.0)
    tan_el = apparent_tan(d, h, eye.h0_m, eye.k * radius)
    return snr_from_constant_db(eye.snr_1m_db, rcs_dbsm, slant) - loss_at(eye, slant, tan_el)


@kernel
def sight_band(eye: Eye, d: float, turns: float, radius: float) -> tuple[float, float]:
    """Lowest and highest height [m] in sight at ground range d: terrain, elevation and range limits."""
    if d > eye.radius_m:
        return math.inf, -math.inf
    re = eye.k * radius
    lowest_tan = horizon_tan(eye.table, 0, eye.n_az, eye.n_rng, eye.radius_m, turns, d)
    floor = height_at_tan(d, max(lowest_tan, eye.tan_low), eye.h0_m, re)
    ceiling = min(height_at_tan(d, eye.tan_high, eye.h0_m, re), height_at_slant(d, eye.range_max_m, eye.h0_m, radius))
    if slant_to(d, floor, eye.h0_m, radius) < eye.range_min_m:
        floor = height_at_slant(d, eye.range_min_m, eye.h0_m, radius)
    return (floor, ceiling) if floor <= ceiling else (math.inf, -math.inf)


@kernel
def detection_band(
    eye: Eye, d: float, floor: float, ceiling: float, radius: float, rcs_dbsm: float, needed_db: float
) -> tuple[float, float]:
    """Part [m, m] of a band of heights in which the SNR suffices: from its lowest detected height up.

    Without losses the SNR falls with height, as the slant range grows: the floor decides. Where a loss that
    is larger at low elevation hides the floor, the lowest detected height is searched for upwards.
    """
    free_db = eye.snr_1m_db + rcs_dbsm - needed_db - eye.loss_least_db
    ceiling = min(ceiling, height_at_slant(d, 10.0 ** (free_db / 40.0), eye.h0_m, radius))
    if not floor <= ceiling:
        return math.inf, -math.inf
    if snr_at(eye, rcs_dbsm, d, floor, radius) >= needed_db:
        return floor, ceiling
    low, step = floor, (ceiling - floor) / STEPS
    for i in range(1, STEPS + 1):
        high = floor + i * step
        if snr_at(eye, rcs_dbsm, d, high, radius) >= needed_db:
            while high - low > FINE_M:
                middle = 0.5 * (low + high)
                if snr_at(eye, rcs_dbsm, d, middle, radius) >= needed_db:
                    high = middle
                else:
                    low = middle
            return high, ceiling
        low = high
    return math.inf, -math.inf


@builder
def bands(eye: Eye, lat_rad: F8, lon_rad: F8, rcs_dbsm: float, needed_db: F8) -> F8:
    """Heights in sight and heights detected over every place.

    Parameters
    ----------
    lat_rad, lon_rad : ndarray, shape (n,)
    rcs_dbsm : float
        Cross-section of the target [dB above 1 m²].
    needed_db : ndarray, shape (m,)
        SNRs [dB].

    Returns
    -------
    ndarray, shape (1 + m, 2, n)
        Floor and ceiling [m above sea level] of sight, then of detection at each SNR; inf and -inf: nowhere.
    """
    out = np.empty((1 + needed_db.size, 2, lat_rad.size))
    for i in range(lat_rad.size):
        e, n, u = local(eye, lat_rad[i], lon_rad[i], 0.0)
        d, _ = ground_range_height(e, n, u, eye.h0_m, eye.lat_terms)
        radius = local_radius(e, n, eye.lat_terms)
        floor, ceiling = sight_band(eye, d, azimuth_turns(e, n), radius)
        out[0, 0, i], out[0, 1, i] = floor, ceiling
        for j in range(needed_db.size):
            low, high = detection_band(eye, d, floor, ceiling, radius, rcs_dbsm, needed_db[j])
            out[1 + j, 0, i], out[1 + j, 1, i] = low, high
    return out


@builder
def ground_ranges(eye: Eye, lat_rad: F8, lon_rad: F8) -> F8:
    """Ground range [m] of every place from the eye."""
    out = np.empty(lat_rad.size)
    for i in range(lat_rad.size):
        e, n, u = local(eye, lat_rad[i], lon_rad[i], 0.0)
        out[i], _ = ground_range_height(e, n, u, eye.h0_m, eye.lat_terms)
    return out


@builder
def section_p_d(
    eye: Eye, azimuth_rad: float, d_m: F8, h_m: F8, rcs_dbsm: float, p_d_row: F8, snr_min_db: float, inv_step: float
) -> F8:
    """Probability of detection [1] over ranges and heights of one azimuth, 0 out of sight; shape (n_h, n_d)."""
    out = np.zeros((h_m.size, d_m.size))
    sin_az, cos_az = math.sin(azimuth_rad), math.cos(azimuth_rad)
    radius = local_radius(sin_az, cos_az, eye.lat_terms)
    turns = azimuth_turns(sin_az, cos_az)
    for j in range(d_m.size):
        floor, ceiling = sight_band(eye, d_m[j], turns, radius)
        for i in range(h_m.size):
            if floor <= h_m[i] <= ceiling:
                snr_db = snr_at(eye, rcs_dbsm, d_m[j], h_m[i], radius)
                out[i, j] = interpolate_p_d(p_d_row, snr_min_db, inv_step, snr_db)
    return out


class Shooter(NamedTuple):
    """One fire unit's interceptors, in its order of choice, and its times."""

    flight_s: F8  # (n_type, n_range, n_altitude)
    range_step_m: F8  # (n_type,)
    altitude_step_m: F8
    range_min_m: F8
    range_max_m: F8
    altitude_min_m: F8  # above the ground
    altitude_max_m: F8  # above sea level
    target_speed_max_m_s: F8
    site_m: float  # launcher above sea level [m]
    reaction_s: float
    assessment_s: float


@kernel
def flight_to(shooter: Shooter, d: float, h: float, clearance: float, speed: float) -> float:
    """Shortest time of flight [s] of any type to a place; inf outside all envelopes."""
    best = math.inf
    for m in range(shooter.range_step_m.size):
        if not shooter.range_min_m[m] <= d <= shooter.range_max_m[m] or speed > shooter.target_speed_max_m_s[m]:
            continue
        if clearance < shooter.altitude_min_m[m] or h > shooter.altitude_max_m[m]:
            continue
        time_s, _ = lookup(
            shooter.flight_s[m], shooter.flight_s[m], shooter.range_step_m[m], shooter.altitude_step_m[m], d,
            max(h - shooter.site_m, 0.0),
        )  # fmt: skip
        best = min(best, time_s)
    return best


@kernel
def meeting(
    shooter: Shooter, t: float, first: int, last: int, dt: float, d: F8, h: F8, clearance: F8, speed: float
) -> float:
    """Time [s] at which an interceptor launched at t or later first meets the target; inf if not before `last`."""
    before = math.inf
    for i in range(max(first, int(t / dt)), last):
        wait = flight_to(shooter, d[i], h[i], clearance[i], speed) - (i * dt - t)
        if wait <= 0.0:
            if before == math.inf or before <= 0.0:
                return max(i * dt, t)
            return i * dt - dt * wait / (wait - before)
        before = wait
    return math.inf


@builder
def engage(
    eye: Eye, shooter: Shooter, lat_rad: F8, lon_rad: F8, h_m: F8, ground_m: F8, dt: float, speed: float,
    rcs_dbsm: F8, needed_db: float, n_shots: int,
) -> tuple[F8, F8]:  # fmt: skip
    """Engagement after engagement along straight tracks: shoot, look, shoot.

    A shot needs the target in the engagement radar's sight, with sufficient SNR, without a break from launch
    (and the reaction before it) to the meeting. After the meeting the assessment takes its time.

    Parameters
    ----------
    lat_rad, lon_rad, h_m, ground_m : ndarray, shape (n_track, n_t)
        Track positions every `dt` seconds, height and ground height [m above sea level].
    dt, speed : float
        Time step [s] and speed [m/s].
    rcs_dbsm : ndarray, shape (3,)
        Nose, beam, tail [dB above 1 m²].
    needed_db : float
        SNR [dB] that the engagement radar needs.
    n_shots : int
        Meetings remembered per track.

    Returns
    -------
    meetings_s : ndarray, shape (n_track, n_shots)
        Times of the meetings [s since the track's start]; inf: none.
    first_seen_s : ndarray, shape (n_track,)
        First time in sight [s]; inf: never.
    """
    n_track, n_t = lat_rad.shape
    meetings = np.full((n_track, n_shots), math.inf)
    first_seen = np.full(n_track, math.inf)
    d, slant, clearance = np.empty(n_t), np.empty(n_t), np.empty(n_t)
    seen = np.zeros(n_t, np.bool_)
    for k in range(n_track):
        for i in range(n_t):
            e, n, u = local(eye, lat_rad[k, i], lon_rad[k, i], h_m[k, i])
            d[i], h = ground_range_height(e, n, u, eye.h0_m, eye.lat_terms)
            radius = local_radius(e, n, eye.lat_terms)
            slant[i] = max(math.sqrt(e * e + n * n + u * u), 1.0)
            clearance[i] = h_m[k, i] - ground_m[k, i]
            closing = (slant[i - 1] - slant[i]) / (speed * dt) if i > 0 else 1.0
            rcs = aspect_rcs_dbsm(rcs_dbsm[0], rcs_dbsm[1], rcs_dbsm[2], min(max(closing, -1.0), 1.0))
            low, high = sight_band(eye, d[i], azimuth_turns(e, n), radius)
            seen[i] = low <= h <= high and snr_at(eye, rcs, d[i], h, radius) >= needed_db
        i, shot = 0, 0
        while i < n_t and shot < n_shots:
            if not seen[i]:
                i += 1
                continue
            end = i
            while end < n_t and seen[end]:
                end += 1
            first_seen[k] = min(first_seen[k], i * dt)
            t = i * dt + shooter.reaction_s
            while shot < n_shots:
                met = meeting(shooter, t, i, end, dt, d, h_m[k], clearance, speed)
                if met == math.inf:
                    break
                meetings[k, shot] = met
                shot += 1
                t = met + shooter.assessment_s
            i = end
    return meetings, first_seen


@builder
def radial_points(
    eye_lat_rad: float, eye_lon_rad: float, azimuth_rad: F8, d_m: F8, lat_terms: tuple[float, float, float]
) -> F8:
    """Latitude and longitude [rad] at ground ranges along azimuths, shape (2, n_az, n_d).

    The inverse of the kernels' own geometry (normal section of the ellipsoid, Euler sphere).
    """
    out = np.empty((2, azimuth_rad.size, d_m.size))
    sa, ca = math.sin(eye_lat_rad), math.cos(eye_lat_rad)
    w = SEMI_MAJOR_M / math.sqrt(1.0 - ECCENTRICITY_SQ * sa * sa)
    for i in range(azimuth_rad.size):
        sin_az, cos_az = math.sin(azimuth_rad[i]), math.cos(azimuth_rad[i])
        radius = local_radius(sin_az, cos_az, lat_terms)
        for j in range(d_m.size):
            along = radius * math.sin(d_m[j] / radius)
            down = 2.0 * radius * math.sin(0.5 * d_m[j] / radius) ** 2
            e, n = along * sin_az, along * cos_az
            x = w * ca - sa * n - ca * down
            z = w * (1.0 - ECCENTRICITY_SQ) * sa + ca * n - sa * down
            out[0, i, j] = math.atan2(z, math.hypot(x, e) * (1.0 - ECCENTRICITY_SQ))
            out[1, i, j] = eye_lon_rad + math.atan2(e, x)
    return out
