"""What flies: paths as cubic Hermite pieces in earth-centred coordinates, fixed before the run.

`build_paths` turns the waypoints of a formation into one path for each place beside the route, as knots of time,
position and velocity; `evaluate` is the compiled look-up. Jitter of the route moves a whole path to the side: every
turn is flown as before, in another place.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kalkan.earth.geodesy import MEAN_RADIUS_M, enu_basis, geodetic_to_ecef
from kalkan.jit import kernel
from kalkan.models import jitter
from kalkan.models.ground_track import GRAVITY_M_S2, GroundTrack, trace
from kalkan.models.pace import lengthened, speeds
from kalkan.models.terrain_following import Corridor, Elevation, Profile, altitude_profile, highest_ground
from kalkan.models.turns import plan_turns

Floats = NDArray[np.float64]
GROUND_STEP_M = 150.0
LEVEL_STEP_M = 1000.0
LONGEST_PIECE_M = 20e3
CONVERGE_M = 30e3
ACCELERATION_M_S2 = 2.0
BEFORE, ON, AFTER = -1, 0, 1
VERTICAL_SHARE = 0.7  # of the load above 1 g: what pull-ups may take where the altitude changes
_LEAST_PIECES = 24  # of a route with climbs
_CURVE_MARGIN = 0.72  # a cubic between knots may bend more than the profile where that goes from climb to dive


class Path(NamedTuple):
    """A path; knots are in order of time, with strictly increasing times.

    Attributes
    ----------
    t : float64[n]
        Time [s].
    position, velocity : float64[n, 3]
        ECEF [m] and [m/s].
    lateral : float64[n, 2, 3]
        Where a jitter of 1 m moves the knot [1], and how fast [1/s]. Horizontal, of one direction along the whole
        path: to the right of the leg that matters. Tapered to 0 at the end of a converging path.
    waypoint_t : float64[n_waypoints]
        Time [s] at which each waypoint is passed (the middle of its turn; the beginning where it is flown over).
    reach_m : float
        Largest jitter [m] to either side with which speed and load keep their limits, no more than was asked for.
    """

    t: Floats
    position: Floats
    velocity: Floats
    lateral: Floats
    waypoint_t: Floats
    reach_m: float


class Loads(NamedTuple):
    """Largest accelerations [m/s²] whose sum, with gravity, is no more than a load factor."""

    turn: float  # of a turn, level
    climb: float  # upwards and downwards
    along: float  # of a change of speed
    taper: float  # of a jitter that tapers


class _Aside(NamedTuple):
    """Jitter at the samples of a track."""

    basis: Floats  # (n, 3, 3) east, north, up [1]
    east: Floats  # its direction [1]
    north: Floats
    along: Floats  # how much of that is along the flight [1]
    speed_m_s: Floats  # no more than so fast does the largest move while it tapers [m/s]
    reach_m: float  # the largest [m]
    taper_m: float  # length of the end over which it tapers [m]


class _Asked(NamedTuple):
    """Waypoints as arrays."""

    lat: Floats
    lon: Floats
    alt: Floats
    above: NDArray[np.bool_]
    speed: Floats


def build_paths(
    lat_deg: ArrayLike,
    lon_deg: ArrayLike,
    altitude_m: ArrayLike,
    above: Sequence[str],
    speed_m_s: ArrayLike,
    terrain_elevation: Elevation,
    max_load_factor: float = 2.0,
    *,
    offset_m: Sequence[float] = (0.0,),
    converge: bool = False,
    climb_slope: float = 0.2,
    jitter_m: float = 0.0,
    attack: int | None = None,
) -> list[Path]:
    """Paths of the members of a formation, each starting at time 0.

    Parameters
    ----------
    lat_deg, lon_deg, altitude_m : array_like, n waypoints
        Position [degrees] and altitude [m], at least two, neighbours at least 10 m apart. The first and the last are
        reached exactly by a member without offset (but see `models.terrain_following` for ends in a valley); those
        between are rounded or flown over, see `models.turns`.
    above : sequence of "ground" or "sea", n
        What each altitude counts from. Above ground the path follows the terrain.
    speed_m_s : array_like, n - 1
        Speed [m/s] along the path at altitude, constant on each leg; where two legs differ it changes at up to
        2 m/s², on the faster of them. No leg is flown faster than its speed.
    terrain_elevation : callable(lat_deg[], lon_deg[]) -> m
        Ground altitude [m]; asked every 150 m of legs above ground.
    max_load_factor : float
        Load factor [g], > 1, that turns, climbs and changes of speed keep together.
    offset_m : sequence of float
        Places of the members to the right of the route [m].
    converge : bool
        Every member, with whatever jitter, reaches the last waypoint: members turn towards it 30 km before, or as
        far before as the formation is wide, if the last leg is as long; jitter tapers over as much of the route.
    climb_slope : float
        Steepest climb and dive when following terrain [m/m].
    jitter_m : float
        Largest jitter of the route [m] to either side: terrain following heeds the highest ground over it.
    attack : int, optional
        Waypoint (from 0) at whose inbound leg jitter is at right angles to the flight; default the longest leg's end.

    Returns
    -------
    list of Path
        In the order of `offset_m`.

    Raises
    ------
    ValueError
        For fewer than two waypoints, coinciding neighbours, or numbers out of range.

    Notes
    -----
    Altitudes above sea level count from the WGS-84 ellipsoid (kalkan's own simplification: no
    geoid). Between knots the cubic stays within 1 m of the intended curve.

    Jitter is a translation in one direction (kalkan's own simplification): on other legs than the one at which it is
    at right angles, a part of it is along the flight. Where it tapers, the path is flown as much more slowly as
    the sideways speed of the largest jitter asks for.
    """
    lat, lon, alt, speed = (
        np.atleast_1d(np.asarray(v, float)) for v in (lat_deg, lon_deg, altitude_m, speed_m_s)
    )
    asked = _Asked(lat, lon, alt, np.array([word == "ground" for word in above]), speed)
    _check(*asked, max_load_factor)
    width = 2.0 * float(np.abs(offset_m).max())
    taper_m = max(CONVERGE_M, width) if converge else 0.0
    loads = _loads(asked, max_load_factor, converge and jitter_m > 0.0)
    turns = plan_turns(_geod(), lat, lon, speed, loads.turn, width / 2.0, taper_m if converge else None)
    ground_leg = asked.above[:-1] | asked.above[1:]
    step_m = np.where(ground_leg, GROUND_STEP_M, LEVEL_STEP_M if loads.climb == 0.0 else GROUND_STEP_M)
    if loads.climb > 0.0:
        step_m = np.minimum(step_m, float(turns.length_m.sum()) / _LEAST_PIECES)
    if converge and jitter_m > 0.0:
        step_m = np.minimum(step_m, jitter.finest_m(turns.length_m, taper_m))
    direction = jitter.direction_of(_geod(), lat, lon, attack)
    paths = []
    for track in trace(_geod(), lat, lon, turns, step_m, np.asarray(offset_m, float)):
        reach_m = jitter.largest_m(track.s_m, speed, taper_m, loads.taper, jitter_m)
        aside = _aside(track, direction, reach_m, taper_m, float(speed.max()))
        profile = altitude_profile(
            track.s_m, track.waypoint_s_m, alt, asked.above, _ground(track, ground_leg, terrain_elevation, aside),
            climb_slope, _CURVE_MARGIN * max(loads.climb, 1e-9) / speed.max() ** 2, float(step_m.min()),
        )  # fmt: skip
        paths.append(_path(track, profile, speeds(track, speed, aside.speed_m_s, aside.along, loads.along), aside))
    return paths


@cache
def _geod() -> Any:
    from pyproj import Geod

    return Geod(ellps="WGS84")


def _loads(asked: _Asked, load_factor: float, tapers: bool) -> Loads:
    """What turns, climbs and changes of speed may take of the load, each only where there are any."""
    level = not asked.above.any() and np.ptp(asked.alt) == 0.0
    climb = 0.0 if level else VERTICAL_SHARE * (load_factor - 1.0) * GRAVITY_M_S2
    left = math.sqrt((load_factor * GRAVITY_M_S2) ** 2 - (GRAVITY_M_S2 + climb) ** 2)
    taper = jitter.LOAD_SHARE * left if tapers else 0.0
    steady = np.ptp(asked.speed) == 0.0 and not tapers
    along = 0.0 if steady else min(ACCELERATION_M_S2, left / 2.0)
    return Loads(math.sqrt((left - taper) ** 2 - along**2), climb, along, taper)


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
    t, position, velocity, lateral : float64[n], float64[n, 3] twice, float64[n, 2, 3]
        Knots of all paths, one after the other.
    first, last : int
        This path's knots are ``first`` to ``last - 1``; at least two.
    hint : int
        Knot returned by the last call (anything at first): the search starts there, forwards or
        backwards, so that a sequence of near times costs O(1) each.
    time : float
        Time [s]; held at the ends of the path outside it (see `phase`).
    offset : float
        Jitter [m]: how far the path is moved sideways.

    Returns
    -------
    x, y, z, vx, vy, vz, knot
        ECEF position [m], its exact derivative with time [m/s], and the next hint.
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
        p0, p1, m0, m1 = offset * p0, offset * p1, offset * m0, offset * m1
        q, n0, n1 = offset * q, offset * n0, offset * n1
        x += p0 * lateral[i, 0, 0] + p1 * lateral[i + 1, 0, 0] + m0 * lateral[i, 1, 0] + m1 * lateral[i + 1, 1, 0]
        y += p0 * lateral[i, 0, 1] + p1 * lateral[i + 1, 0, 1] + m0 * lateral[i, 1, 1] + m1 * lateral[i + 1, 1, 1]
        z += p0 * lateral[i, 0, 2] + p1 * lateral[i + 1, 0, 2] + m0 * lateral[i, 1, 2] + m1 * lateral[i + 1, 1, 2]
        vx += q * (lateral[i + 1, 0, 0] - lateral[i, 0, 0]) + n0 * lateral[i, 1, 0] + n1 * lateral[i + 1, 1, 0]
        vy += q * (lateral[i + 1, 0, 1] - lateral[i, 0, 1]) + n0 * lateral[i, 1, 1] + n1 * lateral[i + 1, 1, 1]
        vz += q * (lateral[i + 1, 0, 2] - lateral[i, 0, 2]) + n0 * lateral[i, 1, 2] + n1 * lateral[i + 1, 1, 2]
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


def _aside(track: GroundTrack, direction: Floats, reach_m: float, taper_m: float, fastest_m_s: float) -> _Aside:
    basis = enu_basis(np.radians(track.lat_deg), np.radians(track.lon_deg))
    east, north, along = jitter.across(direction, basis, track.heading_rad)
    speed = jitter.sideways_m_s(track.s_m, fastest_m_s, taper_m, reach_m)
    return _Aside(basis, east, north, along, speed, reach_m, taper_m)


def _ground(track: GroundTrack, ground_leg: NDArray[np.bool_], elevation: Elevation, aside: _Aside) -> Floats:
    """Highest ground [m] that each sample of legs above ground must heed, 0 elsewhere."""
    ground = np.zeros(len(track.s_m))
    leg = np.clip(np.searchsorted(track.waypoint_s_m, track.s_m, side="right") - 1, 0, len(ground_leg) - 1)
    over = ground_leg[leg]
    if over.any():
        left, _ = jitter.left(track.s_m, track.s_m, aside.taper_m)  # by distance: about as by time
        columns = (track.lat_deg, track.lon_deg, track.heading_rad, aside.east, aside.north, aside.reach_m * left)
        ground[over] = highest_ground(Corridor(*(c[over] for c in columns)), GROUND_STEP_M, elevation)
    return ground


def _kept(track: GroundTrack, slope: Floats, speed: Floats, share: Floats) -> NDArray[np.int64]:
    """Indices of the samples that become knots: all but those in the midst of straight and steady flight."""
    needed = track.fixed.copy()
    for values, finest in ((slope, 1e-8), (speed, 1e-6), (share, 1e-9)):
        changes = np.abs(np.diff(values)) > finest
        needed[:-1] |= changes
        needed[1:] |= changes
    straight = np.flatnonzero(~needed)
    since = track.s_m[straight] // LONGEST_PIECE_M
    needed[straight[np.flatnonzero(np.diff(since, prepend=-1.0) > 0.0)]] = True
    return np.flatnonzero(needed)


def _path(track: GroundTrack, profile: Profile, flown_m_s: Floats, aside: _Aside) -> Path:
    """Times, positions, velocities and lateral vectors at the kept samples."""
    stretch = 1.0 + profile.height_m / MEAN_RADIUS_M  # distance at altitude over that on the ellipsoid
    slope = profile.slope / stretch
    level = np.diff(track.s_m) * (stretch[1:] + stretch[:-1]) / 2.0
    length = level * lengthened(slope, np.diff(profile.height_m) / level)
    t = np.concatenate(([0.0], np.cumsum(2.0 * length / (flown_m_s[:-1] + flown_m_s[1:]))))
    left, rate = jitter.left(track.s_m, t, aside.taper_m)
    keep = _kept(track, profile.slope, flown_m_s, left)
    east, north, up = (aside.basis[keep, k] for k in range(3))
    ground_speed = flown_m_s / np.sqrt(1.0 + slope**2)
    heading = track.heading_rad[keep, None]
    velocity = (np.sin(heading) * east + np.cos(heading) * north) * ground_speed[keep, None]
    velocity += up * (slope * ground_speed)[keep, None]
    direction = aside.east[keep, None] * east + aside.north[keep, None] * north
    sinking = up * (left * aside.along * ground_speed / MEAN_RADIUS_M)[keep, None]  # level over a round earth
    lateral = np.stack([direction * left[keep, None], direction * rate[keep, None] - sinking], axis=1)
    lat, lon = np.radians(track.lat_deg[keep]), np.radians(track.lon_deg[keep])
    position = np.stack(geodetic_to_ecef(lat, lon, profile.height_m[keep]), axis=-1)
    return Path(t[keep], position, velocity, lateral, np.interp(track.waypoint_s_m, track.s_m, t), aside.reach_m)
