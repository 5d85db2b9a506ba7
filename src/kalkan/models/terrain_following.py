"""The altitude of a route: straight lines between levels, and terrain following above ground.

Above ground, the aircraft flies the lowest profile that clears the wanted height at every sample
and nowhere climbs or dives more steeply than a stated slope; a running mean rounds its corners.
kalkan's own simplification: the whole terrain ahead is known, and no energy is lost in climbs.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
DIVE_SLOPE = 0.6
"""Slope [m/m] relative to the ground, near an end that lies lower than terrain following would reach."""
_DIVE_ROUND_M = 1500.0
_ROUND = 3  # samples either side of the running mean


def altitude_profile(
    s_m: Floats,
    waypoint_s_m: Floats,
    altitude_m: Floats,
    above_ground: Bools,
    ground_m: Floats,
    climb_slope: float,
) -> Floats:
    """Altitude above sea level [m] at each sample of a route.

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

    Notes
    -----
    Between two waypoints of one kind the altitude (height) changes linearly. Between one of each kind
    the two meanings are blended linearly, but never below the wanted height above ground. Legs
    between levels are flown as written, even into a mountain.
    """
    leg = np.clip(np.searchsorted(waypoint_s_m, s_m, side="right") - 1, 0, len(waypoint_s_m) - 2)
    share = (s_m - waypoint_s_m[leg]) / (waypoint_s_m[leg + 1] - waypoint_s_m[leg])
    wanted = _wanted(leg, np.clip(share, 0.0, 1.0), altitude_m, above_ground, ground_m)
    follows = (above_ground[:-1] | above_ground[1:])[leg]
    profile = wanted.copy()
    for first, last in _runs(follows):
        piece = slice(first, last)
        profile[piece] = _follow(s_m[piece], wanted[piece], climb_slope)
    return profile


def _wanted(
    leg: NDArray[np.int64], share: Floats, altitude_m: Floats, above: Bools, ground_m: Floats
) -> Floats:
    """Altitude above sea level [m] that the waypoints ask for, sample by sample."""
    start = altitude_m[leg] + np.where(above[leg], ground_m, 0.0)
    end = altitude_m[leg + 1] + np.where(above[leg + 1], ground_m, 0.0)
    wanted = start + (end - start) * share
    mixed = above[leg] != above[leg + 1]
    lowest = ground_m + np.where(above[leg], altitude_m[leg], altitude_m[leg + 1])
    return np.asarray(np.where(mixed, np.maximum(wanted, lowest), wanted))


def _runs(mask: Bools) -> list[tuple[int, int]]:
    """Half-open index ranges in which `mask` holds."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False])).astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _follow(s: Floats, wanted: Floats, slope: float) -> Floats:
    """Lowest profile of bounded slope over `wanted`, rounded, and exact at both ends."""
    ahead = np.maximum.accumulate(wanted + slope * s) - slope * s
    behind = np.maximum.accumulate((wanted - slope * s)[::-1])[::-1] + slope * s
    lift = np.maximum(_rounded(np.maximum(ahead, behind)), wanted) - wanted
    from_end = np.minimum(s - s[0], s[-1] - s)
    return np.asarray(wanted + np.minimum(lift, DIVE_SLOPE * from_end**2 / (from_end + _DIVE_ROUND_M)))


def _rounded(profile: Floats) -> Floats:
    """Running mean of the running maximum: never below the profile, level where it is level."""
    n = len(profile)
    if n < 4 * _ROUND + 1:
        return profile
    padded = np.pad(profile, 2 * _ROUND, mode="edge")
    width = 2 * _ROUND + 1
    highest = np.lib.stride_tricks.sliding_window_view(padded, width).max(axis=1)
    return np.asarray(np.lib.stride_tricks.sliding_window_view(highest, width).mean(axis=1))
