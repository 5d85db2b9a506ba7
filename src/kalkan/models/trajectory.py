"""What flies: paths as cubic Hermite pieces in earth-centred coordinates, fixed before the run.

`build_path` turns waypoints into knots of time, position and velocity; `evaluate` is the
compiled look-up. Members of a formation and route jitter share one path: each flies beside it
by an offset along the path's right-hand vector.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kalkan.earth.geodesy import MEAN_RADIUS_M, enu_basis, geodetic_to_ecef
from kalkan.jit import kernel
from kalkan.models.ground_track import GroundTrack, load_factor, trace, turn_radius_m
from kalkan.models.terrain_following import altitude_profile

Floats = NDArray[np.float64]
Terrain = Callable[[Floats, Floats], Floats]
GROUND_STEP_M = 150.0
LEVEL_STEP_M = 1000.0
LONGEST_PIECE_M = 20e3
CONVERGE_M = 30e3
ACCELERATION_M_S2 = 2.0
BEFORE, ON, AFTER = -1, 0, 1


class Path(NamedTuple):
    """A path; knots are in order of time, with strictly increasing times.

    Attributes
    ----------
    t : float64[n]
        Time [s].
    position, velocity : float64[n, 3]
        ECEF [m] and [m/s].
    lateral : float64[n, 3]
        Horizontal unit vector to the right of the velocity, times the taper of a converging path.
    waypoint_t : float64[n_waypoints]
        Time [s] at which each waypoint is passed (the middle of its turn).
    turn_load_factor : float64[n_waypoints]
        Load factor [g] of each turn; above `max_load_factor` where the legs are too short for
        the wanted radius; infinite in a corner (a turn back on itself).
    """

    t: Floats
    position: Floats
    velocity: Floats
    lateral: Floats
    waypoint_t: Floats
    turn_load_factor: Floats


def build_path(
    lat_deg: ArrayLike,
    lon_deg: ArrayLike,
    altitude_m: ArrayLike,
    above: Sequence[str],
    speed_m_s: ArrayLike,
    terrain_elevation: Terrain,
    start_s: float = 0.0,
    max_load_factor: float = 2.0,
    *,
    converge: bool = False,
    climb_slope: float = 0.2,
    corridor_m: float = 0.0,
) -> Path:
    """Path through waypoints.

    Parameters
    ----------
    lat_deg, lon_deg, altitude_m : array_like, n waypoints
        Position [degrees] and altitude [m], at least two, neighbours at least 10 m apart. The first
        and the last are reached exactly (above the highest ground of the corridor, if one is asked
        for and the path does not converge there), those between are rounded by a turn.
    above : sequence of "ground" or "sea", n
        What each altitude counts from. Above ground the path follows the terrain.
    speed_m_s : array_like, n - 1
        Horizontal speed [m/s] at altitude, constant on each leg; where two legs differ it changes at
        2 m/s² about the waypoint, over at most half of the shorter leg on either side.
    terrain_elevation : callable(lat_deg[], lon_deg[]) -> m
        Ground altitude [m]; asked every 150 m of legs above ground.
    start_s : float
        Time at the first waypoint [s].
    max_load_factor : float
        Load factor of turns [g], > 1.
    converge : bool
        Taper the lateral vectors to zero over the last 30 km (at most half of the route), so that
        every member reaches the last waypoint.
    climb_slope : float
        Steepest climb and dive when following terrain [m/m].
    corridor_m : float
        Width [m] over which terrain following heeds the highest ground: members fly beside the path.

    Returns
    -------
    Path

    Raises
    ------
    ValueError
        For fewer than two waypoints, coinciding neighbours, or numbers out of range.

    Notes
    -----
    Altitudes above sea level count from the WGS-84 ellipsoid (kalkan's own simplification: no
    geoid). Between knots the cubic stays within 1 m of the intended curve.
    """
    lat, lon, alt, speed = (
        np.atleast_1d(np.asarray(v, float)) for v in (lat_deg, lon_deg, altitude_m, speed_m_s)
    )
    from_ground = np.array([word == "ground" for word in above])
    _check(lat, lon, alt, from_ground, speed, max_load_factor)
    fastest = np.maximum(np.append(speed, 0.0), np.insert(speed, 0, 0.0))
    ground_leg = from_ground[:-1] | from_ground[1:]
    step_m = np.where(ground_leg, GROUND_STEP_M, LEVEL_STEP_M)
    track = trace(lat, lon, turn_radius_m(fastest, max_load_factor), step_m)
    taper = _taper(track.s_m, converge)
    ground = _ground(track, ground_leg, terrain_elevation, corridor_m, taper)
    height = altitude_profile(track.s_m, track.waypoint_s_m, alt, from_ground, ground, climb_slope)
    ground_speed, ramps = _speeds(track, speed)
    keep = _kept(track, height, ramps, _converging_m(track.s_m) if converge else 0.0)
    load = np.where(np.isinf(track.radius_m), 1.0, load_factor(fastest, np.maximum(track.radius_m, 1e-9)))
    load[track.radius_m < 1.0] = math.inf
    return _knots(track, height, ground_speed, start_s, taper, keep, load)


@kernel
def phase(t: Floats, first: int, last: int, time: float) -> int:
    """-1 before the first knot of a path, 0 on it, 1 after its last (knots ``first`` to ``last - 1``)."""
    if time < t[first]:
        return BEFORE
    return AFTER if time > t[last - 1] else ON


@kernel
def evaluate(
    t: Floats,
    position: Floats,
    velocity: Floats,
    lateral: Floats,
    first: int,
    last: int,
    hint: int,
    time: float,
    offset: float,
) -> tuple[float, float, float, float, float, float, int]:
    """Position and velocity on one path of many that share flat arrays.

    Parameters
    ----------
    t, position, velocity, lateral : float64[n], float64[n, 3] thrice
        Knots of all paths, one after the other.
    first, last : int
        This path's knots are ``first`` to ``last - 1``; at least two.
    hint : int
        Knot returned by the last call (anything at first): the search starts there, forwards or
        backwards, so that a sequence of near times costs O(1) each.
    time : float
        Time [s]; held at the ends of the path outside it (see `phase`).
    offset : float
        Distance to the right of the path [m].

    Returns
    -------
    x, y, z, vx, vy, vz, knot
        ECEF position [m], its exact derivative with time [m/s], and the next hint. The lateral vector
        is linear between knots, so that an offset path is continuous; its velocity steps where a turn
        begins and ends, as the outer member of a formation must fly faster.
    """
    i = min(max(hint, first), last - 2)
    while i < last - 2 and time >= t[i + 1]:
        i += 1
    while i > first and time < t[i]:
        i -= 1
    dt = t[i + 1] - t[i]
    u = min(max((time - t[i]) / dt, 0.0), 1.0)
    w = 1.0 - u
    p0, p1 = w * w * (1.0 + 2.0 * u), u * u * (3.0 - 2.0 * u)
    m0, m1 = dt * w * w * u, -dt * u * u * w
    q = 6.0 * u * w / dt
    n0, n1 = w * (1.0 - 3.0 * u), u * (3.0 * u - 2.0)
    x = p0 * position[i, 0] + p1 * position[i + 1, 0] + m0 * velocity[i, 0] + m1 * velocity[i + 1, 0]
    y = p0 * position[i, 1] + p1 * position[i + 1, 1] + m0 * velocity[i, 1] + m1 * velocity[i + 1, 1]
    z = p0 * position[i, 2] + p1 * position[i + 1, 2] + m0 * velocity[i, 2] + m1 * velocity[i + 1, 2]
    vx = q * (position[i + 1, 0] - position[i, 0]) + n0 * velocity[i, 0] + n1 * velocity[i + 1, 0]
    vy = q * (position[i + 1, 1] - position[i, 1]) + n0 * velocity[i, 1] + n1 * velocity[i + 1, 1]
    vz = q * (position[i + 1, 2] - position[i, 2]) + n0 * velocity[i, 2] + n1 * velocity[i + 1, 2]
    if offset != 0.0:
        rate = offset / dt
        x += offset * (w * lateral[i, 0] + u * lateral[i + 1, 0])
        y += offset * (w * lateral[i, 1] + u * lateral[i + 1, 1])
        z += offset * (w * lateral[i, 2] + u * lateral[i + 1, 2])
        vx += rate * (lateral[i + 1, 0] - lateral[i, 0])
        vy += rate * (lateral[i + 1, 1] - lateral[i, 1])
        vz += rate * (lateral[i + 1, 2] - lateral[i, 2])
    return x, y, z, vx, vy, vz, i


def _check(
    lat: Floats, lon: Floats, alt: Floats, above: NDArray[np.bool_], speed: Floats, load: float
) -> None:
    n = len(lat)
    if n < 2 or not len(lon) == len(alt) == len(above) == len(speed) + 1 == n:
        raise ValueError(f"a path needs two or more complete waypoints and one speed fewer, got {n}")
    if not np.all(speed > 0.0):
        raise ValueError("speeds must be above 0 m/s")
    if not load > 1.0:
        raise ValueError(f"max_load_factor = {load} must be above 1")
    place = np.stack(geodetic_to_ecef(np.radians(lat), np.radians(lon), 0.0), axis=-1)
    near = np.flatnonzero(np.linalg.norm(np.diff(place, axis=0), axis=1) < 10.0)
    if near.size:
        raise ValueError(f"waypoints {near[0] + 1} and {near[0] + 2} are less than 10 m apart")


def _ground(
    track: GroundTrack, ground_leg: NDArray[np.bool_], elevation: Terrain, corridor_m: float, taper: Floats
) -> Floats:
    """Ground altitude [m] at the samples of legs above ground, 0 elsewhere.

    The highest of some points around each sample, so that crests between samples and beside the path
    count: across the corridor, narrowed where the path converges, and along the track except at the ends.
    """
    ground = np.zeros(len(track.s_m))
    leg = np.clip(np.searchsorted(track.waypoint_s_m, track.s_m, side="right") - 1, 0, len(ground_leg) - 1)
    asked = np.flatnonzero(ground_leg[leg])
    if asked.size == 0:
        return ground
    lat, lon, heading = track.lat_deg[asked], track.lon_deg[asked], track.heading_rad[asked]
    ahead = np.linspace(-1.0, 1.0, 3) * GROUND_STEP_M / 3.0
    aside = np.linspace(-0.5, 0.5, 5) * corridor_m if corridor_m > 0.0 else np.zeros(1)
    inner = (asked > 0) & (asked < len(ground) - 1)
    along = np.tile(ahead, len(aside))[:, np.newaxis] * inner
    beside = np.repeat(aside, len(ahead))[:, np.newaxis] * taper[asked]
    north = np.degrees((np.cos(heading) * along - np.sin(heading) * beside) / MEAN_RADIUS_M)
    east = np.degrees((np.sin(heading) * along + np.cos(heading) * beside) / MEAN_RADIUS_M)
    nearby = elevation((lat + north).ravel(), (lon + east / np.cos(np.radians(lat))).ravel())
    ground[asked] = np.asarray(nearby, dtype=np.float64).reshape(north.shape).max(axis=0)
    return ground


def _taper(s_m: Floats, converge: bool) -> Floats:
    """Share of a lateral offset that is left at each sample: 1, or falling smoothly to 0 at the end."""
    if not converge:
        return np.ones(len(s_m))
    u = np.clip((s_m[-1] - s_m) / _converging_m(s_m), 0.0, 1.0)
    return np.asarray(u * u * (3.0 - 2.0 * u))


def _converging_m(s_m: Floats) -> float:
    return float(min(CONVERGE_M, s_m[-1] / 2.0))


def _speeds(track: GroundTrack, speed: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Horizontal speed [m/s] at each sample, and which samples lie where it changes."""
    at, squared = [0.0], [speed[0] ** 2]
    ramps = np.zeros(len(track.s_m), dtype=np.bool_)
    for i in np.flatnonzero(np.diff(speed)):
        middle = track.waypoint_s_m[i + 1]
        room = min(middle - track.waypoint_s_m[i], track.waypoint_s_m[i + 2] - middle) / 2.0
        half = min(room, max(abs(speed[i + 1] ** 2 - speed[i] ** 2) / (4.0 * ACCELERATION_M_S2), 1.0))
        at += [middle - half, middle + half]
        squared += [speed[i] ** 2, speed[i + 1] ** 2]
        ramps |= np.abs(track.s_m - middle) <= half + LEVEL_STEP_M
    return np.sqrt(np.interp(track.s_m, at, squared)), ramps


def _kept(track: GroundTrack, height: Floats, ramps: NDArray[np.bool_], taper_m: float) -> NDArray[np.int64]:
    """Indices of the samples that become knots: all but those in the midst of straight flight."""
    bend = np.zeros(len(height))
    slope = np.diff(height) / np.diff(track.s_m)
    bend[1:-1] = np.abs(np.diff(slope)) > 1e-8
    near_bend = np.convolve(bend, np.ones(3), mode="same") > 0.0
    needed = track.fixed | ramps | near_bend
    kept: list[int] = []
    reached = -math.inf
    tapering = track.s_m[-1] - taper_m
    for i, s in enumerate(track.s_m):
        longest = taper_m / 24.0 if taper_m and s > tapering - LEVEL_STEP_M else LONGEST_PIECE_M
        if needed[i] or s - reached >= longest:
            kept.append(i)
            reached = s
    return np.array(kept)


def pchip_slopes(x: Floats, y: Floats) -> Floats:
    """Slopes at the points of the shape-preserving cubic through them: no overshoot between levels.

    Fritsch & Butland 1984, doi:10.1137/0905021; three-point slopes at the ends. Equal to
    scipy's PchipInterpolator, whose import would take half a second of every start.

    Parameters
    ----------
    x, y : float64[n]
        Points, x increasing, n >= 2.
    """
    h, d = np.diff(x), np.diff(y) / np.diff(x)
    if len(x) == 2:
        return np.array([d[0], d[0]])
    slopes = np.zeros(len(x))
    w1, w2 = 2.0 * h[1:] + h[:-1], h[1:] + 2.0 * h[:-1]
    same = d[:-1] * d[1:] > 0.0
    safe = np.where(same[:, None], np.column_stack([d[:-1], d[1:]]), 1.0)
    slopes[1:-1] = np.where(same, (w1 + w2) / (w1 / safe[:, 0] + w2 / safe[:, 1]), 0.0)
    slopes[0] = _end_slope(h[0], h[1], d[0], d[1])
    slopes[-1] = _end_slope(h[-1], h[-2], d[-1], d[-2])
    return slopes


def _end_slope(h0: float, h1: float, d0: float, d1: float) -> float:
    """Three-point slope at an end, held to the sign and three times the size of the first chord."""
    slope = ((2.0 * h0 + h1) * d0 - h0 * d1) / (h0 + h1)
    if slope * d0 <= 0.0:
        return 0.0
    return 3.0 * d0 if d0 * d1 < 0.0 and abs(slope) > 3.0 * abs(d0) else slope


def _knots(
    track: GroundTrack,
    height: Floats,
    speed: Floats,
    start_s: float,
    taper: Floats,
    keep: NDArray[np.int64],
    load: Floats,
) -> Path:
    """Times, positions, velocities and lateral vectors at the kept samples."""
    stretch = 1.0 + height / MEAN_RADIUS_M  # distance at altitude over distance on the ellipsoid
    rate = speed / stretch
    pieces = 2.0 * np.diff(track.s_m) / (rate[:-1] + rate[1:])
    t = start_s + np.concatenate(([0.0], np.cumsum(pieces)))
    climb = pchip_slopes(track.s_m, height) * rate
    lat, lon = np.radians(track.lat_deg[keep]), np.radians(track.lon_deg[keep])
    basis = enu_basis(lat, lon)
    east, north, up = basis[:, 0], basis[:, 1], basis[:, 2]
    sin_h, cos_h = np.sin(track.heading_rad[keep])[:, None], np.cos(track.heading_rad[keep])[:, None]
    velocity = (sin_h * east + cos_h * north) * speed[keep, None] + up * climb[keep, None]
    lateral = (cos_h * east - sin_h * north) * taper[keep, None]
    position = np.stack(geodetic_to_ecef(lat, lon, height[keep]), axis=-1)
    waypoint_t = np.interp(track.waypoint_s_m, track.s_m, t)
    return Path(t[keep], position, velocity, lateral, waypoint_t, load)
