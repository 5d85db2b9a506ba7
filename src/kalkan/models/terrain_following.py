"""The altitude of a route: straight lines between levels, terrain following above ground, and what it may pull.

Above ground the aircraft flies a low profile that clears the wanted height at every sample, nowhere climbs or
dives more steeply than a stated slope, and bends no more than the load allows: crests are passed on parabolas
through their tops, valleys are cut by the parabolas that fit into them. Between levels, bends are
rounded by a running mean. kalkan's own simplification: the whole terrain ahead is known, and no energy is
lost in climbs.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kalkan.earth.geodesy import MEAN_RADIUS_M

Floats = NDArray[np.float64]
Elevation = Callable[[Floats, Floats], Floats]
Bools = NDArray[np.bool_]
ASIDE_STEP_M = 500.0
END_SLOPE = 0.6
"""Steepest climb and dive [m/m] in the last 10 km to an end above ground that lies below its surroundings."""
_END_M = 10e3
_LEAST = 6  # steps of the shortest mean between levels
_FINEST = 3  # steps in which a slope is reached at least


class Corridor(NamedTuple):
    """Where a path and its jitter go.

    Attributes
    ----------
    lat_deg, lon_deg, heading_rad : float64[n]
        Samples of the path [degrees] and their headings [rad].
    east, north : float64[n]
        Direction of its jitter [1].
    reach_m : float64[n]
        Largest jitter to either side [m].
    """

    lat_deg: Floats
    lon_deg: Floats
    heading_rad: Floats
    east: Floats
    north: Floats
    reach_m: Floats


class Profile(NamedTuple):
    """Altitude above sea level [m] and its slope [m/m], at the asked distances."""

    height_m: Floats
    slope: Floats


def highest_ground(corridor: Corridor, step_m: float, elevation: Elevation) -> Floats:
    """Ground altitude [m] for each sample of a path whose samples are `step_m` apart.

    The highest of some points around each, so that crests between samples and beside the path
    count: along the track, and to both sides as far as jitter may take it, staggered. At a path's end: beside it only.
    """
    n = math.ceil(float(corridor.reach_m.max()) / ASIDE_STEP_M)
    share = np.concatenate((np.zeros(3), [side * (k + 1) / n for k in range(n) for side in (1, -1)]))
    ahead = (np.arange(len(share)) % 3 - 1.0) * step_m / 3.0
    inner = np.ones(len(corridor.lat_deg))
    inner[[0, -1]] = 0.0
    along, apart = ahead[:, np.newaxis] * inner, share[:, np.newaxis] * corridor.reach_m
    north = np.degrees((np.cos(corridor.heading_rad) * along + corridor.north * apart) / MEAN_RADIUS_M)
    east = np.degrees((np.sin(corridor.heading_rad) * along + corridor.east * apart) / MEAN_RADIUS_M)
    lon = corridor.lon_deg + east / np.cos(np.radians(corridor.lat_deg))
    nearby = elevation((corridor.lat_deg + north).ravel(), lon.ravel())
    return np.asarray(np.asarray(nearby, dtype=np.float64).reshape(north.shape).max(axis=0))


def altitude_profile(
    s_m: Floats,
    waypoint_s_m: Floats,
    altitude_m: Floats,
    above_ground: Bools,
    ground_m: Floats,
    climb_slope: float,
    curvature_1_m: float,
    step_m: float,
) -> Profile:
    """Altitude of a route at its samples.

    Parameters
    ----------
    s_m, waypoint_s_m : float64[n], float64[n_waypoints]
        Distance along the route [m] of the samples and of the waypoints.
    altitude_m, above_ground : float64[n_waypoints], bool[n_waypoints]
        Altitude [m] at each waypoint and whether it counts from the ground or from sea level.
    ground_m : float64[n]
        Terrain altitude [m] at the samples (unused on legs between levels).
    climb_slope : float
        Steepest climb and dive of legs above ground [m/m].
    curvature_1_m : float
        Greatest second derivative of the altitude by the distance [1/m].
    step_m : float
        Spacing of the profile [m]; above ground no more than that of the samples.

    Notes
    -----
    Between two waypoints of one kind the altitude (height) changes linearly. Between one of each kind
    the two meanings are blended linearly, but never below the wanted height above ground. Legs
    between levels are flown as written, even into a mountain, except that bends are rounded. Both ends are met
    exactly; where the ground near an end above ground is too steep for that, the path ends above it.
    """
    follows = above_ground[:-1] | above_ground[1:]
    if not follows.any() and np.ptp(altitude_m) == 0.0:
        return Profile(np.full(len(s_m), altitude_m[0]), np.zeros(len(s_m)))
    n = max(math.ceil(s_m[-1] / step_m), 2)
    grid = np.linspace(0.0, s_m[-1], n + 1)
    leg = np.clip(np.searchsorted(waypoint_s_m, grid, side="right") - 1, 0, len(waypoint_s_m) - 2)
    share = (grid - waypoint_s_m[leg]) / (waypoint_s_m[leg + 1] - waypoint_s_m[leg])
    wanted = _wanted(leg, np.clip(share, 0.0, 1.0), altitude_m, above_ground, _highest(s_m, ground_m, grid))
    height, slope = _flown(grid, wanted, follows[leg], climb_slope, curvature_1_m)
    return _at(grid, height, slope, s_m)


def _highest(s: Floats, ground: Floats, grid: Floats) -> Floats:
    """Ground [m] at the points of the grid: the higher of the samples on either side."""
    after = np.searchsorted(s, grid, side="left").clip(0, len(s) - 1)
    before = (np.searchsorted(s, grid, side="right") - 1).clip(0, len(s) - 1)
    return np.maximum(ground[before], ground[after])


def _wanted(
    leg: NDArray[np.int64], share: Floats, altitude_m: Floats, above: Bools, ground_m: Floats
) -> Floats:
    """Altitude above sea level [m] that the waypoints ask for, point by point."""
    start = altitude_m[leg] + np.where(above[leg], ground_m, 0.0)
    end = altitude_m[leg + 1] + np.where(above[leg + 1], ground_m, 0.0)
    wanted = start + (end - start) * share
    mixed = above[leg] != above[leg + 1]
    lowest = ground_m + np.where(above[leg], altitude_m[leg], altitude_m[leg + 1])
    return np.asarray(np.where(mixed, np.maximum(wanted, lowest), wanted))


def _flown(
    grid: Floats, wanted: Floats, follows: Bools, climb_slope: float, curvature: float
) -> tuple[Floats, Floats]:
    """Altitude [m] and slope of what is flown where `wanted` is asked for: cleared and bent as the load allows."""
    step = float(grid[1])
    if not follows.any():
        width = max(2 * math.ceil(np.ptp(np.diff(wanted)) / step / curvature / step / 2.0), _LEAST)
        return _mean(wanted, width, step)
    curvature = min(curvature, climb_slope / (_FINEST * step))
    floor = np.where(follows, wanted, -np.inf)
    limit = np.full(len(grid) - 1, climb_slope)
    for way in (slice(None), slice(None, None, -1)):
        zone = slice(0, math.ceil(_END_M / step))
        limit[way][zone] = np.maximum(limit[way][zone], _end_slope(grid, floor[way], climb_slope))
    cleared = _cleared(np.concatenate(([0.0], np.cumsum(limit * step))), floor)
    profile = np.maximum(cleared, np.where(follows, -np.inf, wanted))
    profile = _valleys(_crests(profile, limit, curvature, step), curvature, step)
    return _mean(profile, 2, step)


def _end_slope(s: Floats, floor: Floats, slope: float) -> float:
    """Slope that the first point needs to be reached over the ground near it, within bounds."""
    near = (s > 0.0) & (s <= _END_M)
    needed = float(np.max((floor[near] - floor[0]) / s[near], initial=slope)) if np.isfinite(floor[0]) else slope
    return min(needed, END_SLOPE)


def _cleared(rise: Floats, floor: Floats) -> Floats:
    """Lowest profile over a floor whose slope is bounded; `rise` is the integral of that bound [m]."""
    ahead = np.maximum.accumulate(floor + rise) - rise
    behind = np.maximum.accumulate((floor - rise)[::-1])[::-1] + rise
    return np.maximum(ahead, behind)


def _crests(profile: Floats, limit: Floats, curvature: float, step: float) -> Floats:
    """The profile with its crests covered by parabolas through them, which go over into the steepest slope.

    Level on the crest, or as near to that as the slopes on both sides are; where an end would be lifted, inclined
    towards it.
    """
    slope = np.diff(profile) / step
    crest = np.flatnonzero(np.diff(slope) < -curvature * step) + 1
    before, after = slope[crest - 1], slope[crest]
    level = np.clip(0.0, after, before)
    to_start, to_end = crest * step, (len(profile) - 1 - crest) * step
    level = np.maximum(level, (profile[crest] - profile[0]) / to_start - curvature / 2.0 * to_start)
    level = np.minimum(level, (profile[-1] - profile[crest]) / to_end + curvature / 2.0 * to_end)
    level = np.clip(level, after, before)
    covered = profile.copy()
    for side in (1, -1):
        at, height, rise = crest.copy(), profile[crest].copy(), side * level
        for _ in range(len(profile)):
            here = at + (0 if side == 1 else -1)
            inside = (here >= 0) & (here < len(limit))
            at, height, rise, here = at[inside], height[inside], rise[inside], here[inside]
            steeper = np.maximum(rise - curvature * step, -np.maximum(limit[here], 0.0))
            steeper = np.minimum(steeper, rise)
            height = height + step * (rise + steeper) / 2.0
            at, rise = at + side, steeper
            above = height > covered[at]
            if not above.any():
                break
            np.maximum.at(covered, at, height)
            going = above | (rise > -limit[here])
            at, height, rise = at[going], height[going], rise[going]
    return covered


def _valleys(profile: Floats, curvature: float, step: float) -> Floats:
    """The lowest profile above one that nowhere bends upwards more than a curvature, with the same ends.

    Less a parabola of that curvature it is concave: the upper hull of the points. What lies below the chord of its
    neighbours is no part of it; it is left out until nothing does.
    """
    s = np.arange(len(profile)) * step
    bowl = curvature / 2.0 * s**2
    y = profile - bowl
    hull = np.arange(len(profile))
    while True:
        x, h = s[hull], y[hull]
        high = (h[1:-1] - h[:-2]) * (x[2:] - x[:-2]) > (h[2:] - h[:-2]) * (x[1:-1] - x[:-2])
        if high.all():
            return np.interp(s, x, h) + bowl
        hull = hull[np.concatenate(([True], high, [True]))]


def _mean(y: Floats, width: int, step: float) -> tuple[Floats, Floats]:
    """Running mean over an even number of steps, and its slope."""
    n = len(y) - 1
    line = np.linspace(y[0], y[-1], n + 1)
    rest = y - line
    integral = np.concatenate(([0.0], np.cumsum((rest[:-1] + rest[1:]) / 2.0)))
    after, before = np.arange(n + 1) + width // 2, np.arange(n + 1) - width // 2
    mean = line + (integral[_folded(after, n)] - integral[_folded(before, n)]) / width
    rise = _sign(after, n) * rest[_folded(after, n)] - _sign(before, n) * rest[_folded(before, n)]
    return mean, (y[-1] - y[0]) / (n * step) + rise / (width * step)


def _folded(index: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """Index of the mirror image within 0 to n."""
    inside = index % (2 * n)
    return np.where(inside > n, 2 * n - inside, inside)


def _sign(index: NDArray[np.int64], n: int) -> Floats:
    return np.where(index % (2 * n) > n, -1.0, 1.0)


def _at(grid: Floats, height: Floats, slope: Floats, s: Floats) -> Profile:
    """Altitude and slope between the points of the grid, by cubics."""
    step = float(grid[1])
    i = np.minimum((s / step).astype(np.int64), len(grid) - 2)
    u = np.clip(s / step - i, 0.0, 1.0)
    w = 1.0 - u
    at = w * w * (1.0 + 2.0 * u) * height[i] + u * u * (3.0 - 2.0 * u) * height[i + 1]
    at += step * u * w * (w * slope[i] - u * slope[i + 1])
    steep = 6.0 * u * w * (height[i + 1] - height[i]) / step
    steep += w * (1.0 - 3.0 * u) * slope[i] + u * (3.0 * u - 2.0) * slope[i + 1]
    return Profile(at, steep)
