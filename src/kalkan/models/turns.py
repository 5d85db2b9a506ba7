"""How a route is turned: which waypoints are flown by, which are flown over, which cannot be flown.

Every turn is an arc of the radius that the load limit asks for. A waypoint is *flown by* if both of its
legs have room for the arc, for every member of the formation: members fly legs parallel to the
route's, joined where those meet (mitred). At a turn of more than 120 degrees the mitre would lie far away, so that
each member *flies over* its own place beside the waypoint and takes the shortest way of that radius into
its next leg. A waypoint whose turn does not fit between its neighbours is *left out*: the route is flown as the
coarser one that these aircraft can fly.

All of this is kalkan's own simplification of how formations turn.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kalkan.earth.geodesy import MEAN_RADIUS_M

Floats = NDArray[np.float64]
SHARP_RAD = math.radians(120.0)
STRAIGHT_RAD = 1e-6
_SHORTEST_M = 1.0  # what must be left of a leg between two turns
_KINK_RAD = 3e-4  # where a parallel leg, straight on the earth, may meet a turn laid out in a plane


class Turns(NamedTuple):
    """The legs and turns of a route that can be flown.

    Attributes
    ----------
    kept : int64[m]
        Waypoints that are flown, the first and the last among them.
    length_m, azimuth_deg, end_azimuth_deg : float64[m - 1]
        Geodesic legs between them [m], and their azimuths at both ends [degrees].
    turn_rad, radius_m : float64[m]
        Heading change [rad], positive to the right (0 at the ends), and radius [m].
    over : bool[m]
        Flown over instead of by.
    slant_m : float
        Distance before the last waypoint [m] at which members begin to converge on it; 0: they do not;
        inf: they fly at it from the waypoint before.
    """

    kept: NDArray[np.int64]
    length_m: Floats
    azimuth_deg: Floats
    end_azimuth_deg: Floats
    turn_rad: Floats
    radius_m: Floats
    over: NDArray[np.bool_]
    slant_m: float


def plan_turns(
    geod: Any,
    lat_deg: Floats,
    lon_deg: Floats,
    speed_m_s: Floats,
    turn_m_s2: float,
    half_width_m: float,
    converge_m: float | None,
) -> Turns:
    """Turns of a route for a formation.

    Parameters
    ----------
    geod : pyproj.Geod
    lat_deg, lon_deg : float64[n]
        Waypoints [degrees].
    speed_m_s : float64[n - 1]
        Speed on each leg [m/s]; a turn is laid out for the faster of its legs.
    turn_m_s2 : float
        Horizontal acceleration of turns [m/s²].
    half_width_m : float
        Members fly up to so far on either side of the route [m].
    converge_m : float, optional
        Members converge on the last waypoint from so far before it [m], if there is room; None: they do not.
    """
    kept = np.arange(len(lat_deg))
    while True:
        turns = _legs(geod, lat_deg[kept], lon_deg[kept], kept, speed_m_s, turn_m_s2)
        wanted = 0.0 if converge_m is None or half_width_m == 0.0 else converge_m
        room = _room_m(turns, half_width_m)
        least = max(half_width_m, turns.radius_m[-1]) + turns.radius_m[-1] * math.tan(math.pi / 8.0)
        by = ~turns.over
        by[[0, -1]] = False
        if wanted > 0.0 and by[-2]:
            room[-1] -= least
        needed = _needed_m(turns, half_width_m)
        short = np.flatnonzero((room < needed) & (by[:-1] | by[1:]))
        if short.size == 0:
            break
        leg = short[np.argmin(room[short])]
        ends = [k for k in (leg, leg + 1) if by[k]]
        kept = np.delete(kept, min(ends, key=lambda k: abs(turns.turn_rad[k])))
    if wanted > 0.0:
        spare = float(room[-1]) if by[-2] else float(room[-1]) - least
        beyond = max(half_width_m, float(turns.radius_m[-1]))
        spare -= float(needed[-1])
        wanted = min(max(wanted, beyond), spare + beyond) if spare >= 0.0 else math.inf
    return turns._replace(slant_m=wanted)


def _legs(
    geod: Any, lat: Floats, lon: Floats, kept: NDArray[np.int64], speed: Floats, turn_m_s2: float
) -> Turns:
    azimuth, back, length = geod.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
    azimuth, end = np.asarray(azimuth), np.asarray(back) + 180.0
    turn = np.zeros(len(kept))
    turn[1:-1] = _wrap(np.radians(azimuth[1:] - end[:-1]))
    leg = np.array([speed[a:b].max() for a, b in pairwise(kept)])
    fastest = np.maximum(np.append(leg, 0.0), np.insert(leg, 0, 0.0))
    over = np.abs(turn) > SHARP_RAD
    return Turns(kept, np.asarray(length), azimuth, end, turn, fastest**2 / turn_m_s2, over, 0.0)


def _wrap(angle_rad: Floats) -> Floats:
    return np.asarray((angle_rad + math.pi) % (2.0 * math.pi) - math.pi)


def cut_m(turns: Turns, offset_m: float) -> Floats:
    """How much of both of its legs [m] each turn takes from a member beside the route; negative: it flies on beyond."""
    half_tan = np.tan(np.minimum(np.abs(turns.turn_rad), SHARP_RAD) / 2.0)
    by = (np.abs(turns.turn_rad) > STRAIGHT_RAD) & ~turns.over
    return np.asarray(np.where(by, (turns.radius_m + offset_m * np.sign(turns.turn_rad)) * half_tan, 0.0))


def _needed_m(turns: Turns, half_width_m: float) -> Floats:
    """What must be left of each leg [m], so that the planes at its ends, true to (distance / R)² / 6, fit."""
    apart = half_width_m * ((turns.length_m + half_width_m) / MEAN_RADIUS_M) ** 2 / 6.0
    return np.asarray(np.minimum(_SHORTEST_M + apart / _KINK_RAD, np.maximum(turns.length_m / 4.0, _SHORTEST_M)))


def _room_m(turns: Turns, half_width_m: float) -> Floats:
    """What is left of each leg [m] between its turns, for the member for whom that is least."""
    cuts = [cut_m(turns, side * half_width_m) for side in (-1.0, 1.0)]
    return np.asarray(np.min([turns.length_m - c[:-1] - c[1:] for c in cuts], axis=0))
