"""The track of a route over the ground: geodesic legs joined by circular turns of bounded load.

Every leg is a geodesic of the WGS-84 ellipsoid. At each waypoint between the first and the last
an arc touches both legs, so that the path cuts the corner. Where the legs are too short for the wanted
radius, the turns at their ends share the leg in proportion and are tighter than asked: the load
that this takes is reported. A turn back on itself is flown as a corner.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
GRAVITY_M_S2 = 9.80665
ARC_STEP_RAD = math.radians(8.0)
CORNER_CUT_M = 1.0
STRAIGHT_RAD = 1e-6


class GroundTrack(NamedTuple):
    """Points along a route, in order, and where its waypoints are.

    Attributes
    ----------
    s_m : float64[n]
        Distance flown over the ellipsoid [m], strictly increasing from 0.
    lat_deg, lon_deg : float64[n]
        Geodetic position [degrees].
    heading_rad : float64[n]
        Azimuth of flight [rad], clockwise from north.
    fixed : bool[n]
        Points that hold the shape (ends of legs, arcs) and may not be dropped.
    waypoint_s_m : float64[n_waypoints]
        Distance [m] at which each waypoint is passed: the middle of its arc.
    turn_rad, radius_m : float64[n_waypoints]
        Heading change [rad] (0 at the ends) and radius [m] (infinite without a turn).
    """

    s_m: Floats
    lat_deg: Floats
    lon_deg: Floats
    heading_rad: Floats
    fixed: NDArray[np.bool_]
    waypoint_s_m: Floats
    turn_rad: Floats
    radius_m: Floats


class _Legs(NamedTuple):
    length_m: Floats
    azimuth_deg: Floats
    end_azimuth_deg: Floats


class _Piece(NamedTuple):
    """Points laid off from one waypoint each."""

    origin: NDArray[np.int64]  # index of that waypoint
    s_m: Floats  # distance along the route [m]
    azimuth_deg: Floats
    distance_m: Floats
    deflection_deg: Floats  # heading relative to the outward geodesic
    fixed: NDArray[np.bool_]


def trace(lat_deg: Floats, lon_deg: Floats, wanted_radius_m: Floats, step_m: Floats) -> GroundTrack:
    """Sample a route.

    Parameters
    ----------
    lat_deg, lon_deg : float64[n_waypoints]
        Waypoints [degrees], at least two, neighbours more than 10 m apart.
    wanted_radius_m : float64[n_waypoints]
        Turn radius [m] at each waypoint (those of the ends are not used).
    step_m : float64[n_waypoints - 1]
        Greatest distance between points on each leg [m].
    """
    from pyproj import Geod

    geod = Geod(ellps="WGS84")
    azimuth, back, length = geod.inv(lon_deg[:-1], lat_deg[:-1], lon_deg[1:], lat_deg[1:])
    legs = _Legs(np.asarray(length), np.asarray(azimuth), np.asarray(back) + 180.0)
    turn = np.zeros(len(lat_deg))
    turn[1:-1] = _wrap(np.radians(legs.azimuth_deg[1:] - legs.end_azimuth_deg[:-1]))
    cut, radius = _fillets(legs.length_m, turn, wanted_radius_m)
    return _sample(geod, lat_deg, lon_deg, legs, turn, cut, radius, step_m)


def load_factor(speed_m_s: Floats, radius_m: Floats) -> Floats:
    """Load factor [g] of a level turn: sqrt(1 + (v² / (g r))²)."""
    return np.sqrt(1.0 + (speed_m_s**2 / (GRAVITY_M_S2 * radius_m)) ** 2)


def turn_radius_m(speed_m_s: Floats, max_load_factor: float) -> Floats:
    """Radius [m] of a level turn at a load factor above 1: v² / (g sqrt(n² - 1))."""
    return speed_m_s**2 / (GRAVITY_M_S2 * math.sqrt(max_load_factor**2 - 1.0))


def _wrap(angle_rad: Floats) -> Floats:
    return np.asarray((angle_rad + math.pi) % (2.0 * math.pi) - math.pi)


def _fillets(length_m: Floats, turn_rad: Floats, wanted_radius_m: Floats) -> tuple[Floats, Floats]:
    """How much of both legs each turn cuts off [m], and its radius [m]."""
    half_tan = np.tan(np.minimum(np.abs(turn_rad), math.pi - 1e-9) / 2.0)
    turning = np.abs(turn_rad) > STRAIGHT_RAD
    cut = np.where(turning, wanted_radius_m * half_tan, 0.0)
    share = np.minimum(1.0, 0.98 * length_m / np.maximum(cut[:-1] + cut[1:], 1e-9))
    cut = cut * np.minimum(np.append(share, 1.0), np.insert(share, 0, 1.0))
    radius = np.full(len(turn_rad), math.inf)
    radius[turning] = cut[turning] / half_tan[turning]
    corner = radius < CORNER_CUT_M
    cut[corner] = CORNER_CUT_M
    return cut, radius


def _sample(
    geod: object,
    lat_deg: Floats,
    lon_deg: Floats,
    legs: _Legs,
    turn: Floats,
    cut: Floats,
    radius: Floats,
    step_m: Floats,
) -> GroundTrack:
    """Lay off the pieces of the route one after the other and place their points on the earth."""
    pieces: list[_Piece] = []
    waypoint_s = np.zeros(len(lat_deg))
    start_s = 0.0
    for i in range(len(legs.length_m)):
        arc_m = _turn_length_m(turn[i], cut[i], radius[i])
        if arc_m > 0.0:
            step = float(step_m[i - 1 : i + 1].min())
            pieces.append(_arc(i, start_s, legs.end_azimuth_deg[i - 1], turn[i], cut[i], radius[i], step))
        waypoint_s[i] = start_s + arc_m / 2.0
        start_s += arc_m
        ends = (cut[i], legs.length_m[i] - cut[i + 1])
        pieces.append(_leg(i, start_s, legs.azimuth_deg[i], ends, step_m[i], i > 0 and arc_m == 0.0))
        start_s += ends[1] - ends[0]
    waypoint_s[-1] = start_s
    base, s, azimuth_deg, distance_m, deflection_deg, fixed = (
        np.concatenate(part) for part in zip(*pieces, strict=True)
    )
    lon, lat, back = geod.fwd(lon_deg[base], lat_deg[base], azimuth_deg, distance_m)  # type: ignore[attr-defined]
    lon[-1], lat[-1] = lon_deg[-1], lat_deg[-1]
    heading = np.radians(np.asarray(back) + 180.0 + deflection_deg)
    return GroundTrack(s, lat, lon, heading, fixed, waypoint_s, turn, radius)


def _leg(
    i: int, start_s: float, azimuth_deg: float, ends_m: tuple[float, float], step_m: float, skip_first: bool
) -> _Piece:
    """Evenly spaced points of the straight part of leg `i`, between two distances from its waypoint."""
    n = max(2, math.ceil((ends_m[1] - ends_m[0]) / step_m) + 1)
    along = np.linspace(*ends_m, n)
    fixed = np.zeros(n, dtype=np.bool_)
    fixed[[0, -1]] = True
    along, fixed = along[int(skip_first) :], fixed[int(skip_first) :]
    n = len(along)
    return _Piece(
        np.full(n, i), start_s + along - ends_m[0], np.full(n, azimuth_deg), along, np.zeros(n), fixed
    )


def _turn_length_m(turn_rad: float, cut_m: float, radius_m: float) -> float:
    """Distance flown in a turn [m]: its arc, or into the corner and out of it."""
    if cut_m == 0.0:
        return 0.0
    return 2.0 * cut_m if radius_m < CORNER_CUT_M else radius_m * abs(turn_rad)


def _arc(
    i: int,
    start_s: float,
    azimuth_in_deg: float,
    turn_rad: float,
    cut_m: float,
    radius_m: float,
    step_m: float,
) -> _Piece:
    """Inner points of the turn about waypoint `i`; none in a corner.

    Laid out in the plane of azimuths and distances from the waypoint, where geodesics through it are
    straight; over a turn's tens of kilometres its scale is true to 1e-5.
    """
    arc_m = radius_m * abs(turn_rad)
    n = max(2, math.ceil(max(abs(turn_rad) / ARC_STEP_RAD, arc_m / step_m)))
    fraction = np.arange(1, n) / n if radius_m >= CORNER_CUT_M else np.empty(0)
    side = math.copysign(1.0, turn_rad)
    swept = abs(turn_rad) * fraction
    ahead = -cut_m + radius_m * np.sin(swept)  # along the incoming heading, waypoint at 0
    right = side * radius_m * (1.0 - np.cos(swept))
    bearing = np.degrees(np.arctan2(right, ahead))
    return _Piece(
        np.full(len(fraction), i),
        start_s + arc_m * fraction,
        azimuth_in_deg + bearing,
        np.hypot(ahead, right),
        np.degrees(side * swept) - bearing,
        np.ones(len(fraction), dtype=np.bool_),
    )
