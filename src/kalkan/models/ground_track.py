"""The tracks of a formation over the ground: geodesic legs joined by circular turns of bounded load.

Every leg of a route is a geodesic of the WGS-84 ellipsoid, and so are the parallel legs of a member that flies beside
it. What joins them is planned in `models.turns`; here it is laid out.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kalkan.models.dubins import Pose, Way, arc, shortest
from kalkan.models.turns import STRAIGHT_RAD, Turns, cut_m

Floats = NDArray[np.float64]
GRAVITY_M_S2 = 9.80665
ARC_STEP_RAD = math.radians(8.0)
_NEAREST = 0.002  # of the radius; between nearer points, what a sphere lacks of an ellipsoid would look like a turn


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
        Distance [m] at which each waypoint is passed: the middle of its arc, the beginning of the turn where it is
        flown over, and in proportion where it is left out.
    """

    s_m: Floats
    lat_deg: Floats
    lon_deg: Floats
    heading_rad: Floats
    fixed: NDArray[np.bool_]
    waypoint_s_m: Floats


class _Node(NamedTuple):
    """One turn of one member, in the plane of azimuths and distances from a waypoint.

    Geodesics through the waypoint are straight there; over tens of kilometres its scale is true to 1e-5.
    """

    waypoint: int  # its place among the kept ones
    azimuth_deg: float  # of the plane's first axis; the second points to the right
    way: Way  # of the turn, a single point where there is none
    passed: float  # share of the turn at which the waypoint is passed, nan: it is none
    step_m: float


class _Legs(NamedTuple):
    """Straight legs of one member, from the end of one turn to the beginning of the next."""

    lat_deg: Floats  # of their beginnings
    lon_deg: Floats
    azimuth_deg: Floats
    length_m: Floats


class _Points(NamedTuple):
    """Points laid off from one place each."""

    lat_deg: Floats  # of that place
    lon_deg: Floats
    azimuth_deg: Floats
    distance_m: Floats
    deflection_deg: Floats  # heading relative to the outward geodesic
    s_m: Floats  # from the beginning of this piece
    fixed: NDArray[np.bool_]


def trace(
    geod: Any, lat_deg: Floats, lon_deg: Floats, turns: Turns, step_m: Floats, offset_m: Floats
) -> list[GroundTrack]:
    """Sample the tracks of members.

    Parameters
    ----------
    geod : pyproj.Geod
        The ellipsoid.
    lat_deg, lon_deg : float64[n_waypoints]
        Waypoints [degrees], at least two, neighbours more than 10 m apart.
    turns : Turns
        How they are flown.
    step_m : float64[n_waypoints - 1]
        Greatest distance between points on each leg [m].
    offset_m : float64[k]
        Place of each member to the right of the route [m].
    """
    steps = np.array([step_m[a:b].min() for a, b in zip(turns.kept[:-1], turns.kept[1:], strict=True)])
    members = [_nodes(turns, float(d), steps) for d in offset_m]
    lat, lon = lat_deg[turns.kept], lon_deg[turns.kept]
    legs = _legs(geod, lat, lon, members)
    pieces = [_pieces(lat, lon, nodes, mine) for nodes, mine in zip(members, legs, strict=True)]
    flat = _Points(*(np.concatenate(part) for part in zip(*(p for mine in pieces for p in mine), strict=True)))
    lon_found, lat_found, back = geod.fwd(flat.lon_deg, flat.lat_deg, flat.azimuth_deg, flat.distance_m)
    heading = np.radians(np.asarray(back) + 180.0 + flat.deflection_deg)
    flown = _flown_m(geod, lat_deg, lon_deg)
    tracks, at = [], 0
    for nodes, mine, leg in zip(members, pieces, legs, strict=True):
        s, passed = _along(mine, nodes, leg.length_m)
        part = slice(at, at + len(s))
        at += len(s)
        keep = _apart(s, _NEAREST * float(turns.radius_m.min()))
        lat_kept, lon_kept, heading_kept = (column[part][keep] for column in (lat_found, lon_found, heading))
        waypoint_s = np.interp(flown, flown[turns.kept], passed)
        tracks.append(GroundTrack(s[keep], lat_kept, lon_kept, heading_kept, flat.fixed[part][keep], waypoint_s))
    return tracks


def _nodes(turns: Turns, offset: float, step_m: Floats) -> list[_Node]:
    """The turns of one member, its start and its end."""
    last = len(turns.kept) - 1
    cut = cut_m(turns, offset)
    start = Pose(0.0, offset, 0.0)
    nodes = [_Node(0, float(turns.azimuth_deg[0]), _point(start), 0.0, float(step_m[0]))]
    for k in range(1, last):
        turn, radius = float(turns.turn_rad[k]), float(turns.radius_m[k])
        step = float(step_m[k - 1 : k + 1].min())
        axis = float(turns.end_azimuth_deg[k - 1])
        if turns.over[k]:
            at_end = k == last - 1 and turns.slant_m == math.inf
            out = _beside(turn, offset, float(turns.length_m[k]) if at_end else None)
            way = shortest(start, out, radius, step, ARC_STEP_RAD)
            nodes.append(_Node(k, axis, way, 0.0, step))
        elif abs(turn) > STRAIGHT_RAD:
            way = arc(Pose(-float(cut[k]), offset, 0.0), turn, radius, step, ARC_STEP_RAD)
            nodes.append(_Node(k, axis, way, 0.5, step))
        else:
            nodes.append(_Node(k, axis, _point(start), 0.0, step))
    axis, step = float(turns.end_azimuth_deg[-1]), float(step_m[-1])
    turn = -math.atan2(offset, turns.slant_m) if turns.slant_m > 0.0 else 0.0
    if abs(turn) > STRAIGHT_RAD:
        radius = float(turns.radius_m[-1])
        before = turns.slant_m + radius * math.tan(abs(turn) / 2.0)
        way = arc(Pose(-before, offset, 0.0), turn, radius, step, ARC_STEP_RAD)
        nodes.append(_Node(last, axis, way, math.nan, step))
    nodes.append(_Node(last, axis, _point(Pose(0.0, 0.0 if turns.slant_m > 0.0 else offset, 0.0)), 0.0, step))
    return nodes


def _beside(turn: float, offset: float, straight_at_m: float | None) -> Pose:
    """Where a member leaves a waypoint that it flew over: on its next leg, or straight at the end of that leg."""
    x, y = -offset * math.sin(turn), offset * math.cos(turn)
    if straight_at_m is None:
        return Pose(x, y, turn)
    return Pose(x, y, math.atan2(straight_at_m * math.sin(turn) - y, straight_at_m * math.cos(turn) - x))


def _point(pose: Pose) -> Way:
    return Way(np.zeros(1), np.array([pose.x]), np.array([pose.y]), np.array([pose.heading]))


def _polar(way: Way) -> tuple[Floats, Floats, Floats]:
    """Bearing [degrees] from the plane's first axis, distance [m], and heading relative to that bearing [degrees]."""
    bearing = np.degrees(np.arctan2(way.y_m, way.x_m))
    return bearing, np.hypot(way.x_m, way.y_m), np.degrees(way.heading_rad) - bearing


def _legs(geod: Any, lat: Floats, lon: Floats, members: list[list[_Node]]) -> list[_Legs]:
    """The straight legs between the turns of every member."""
    nodes = [node for mine in members for node in mine]
    (lat_in, lon_in), (lat_out, lon_out) = (_laid_off(geod, lat, lon, nodes, end) for end in (0, -1))
    azimuth, _, length = geod.inv(lon_out[:-1], lat_out[:-1], lon_in[1:], lat_in[1:])
    legs, first = [], 0
    for mine in members:
        part = slice(first, first + len(mine) - 1)
        legs.append(_Legs(lat_out[part], lon_out[part], np.asarray(azimuth)[part], np.asarray(length)[part]))
        first += len(mine)
    return legs


def _laid_off(geod: Any, lat: Floats, lon: Floats, nodes: list[_Node], end: int) -> tuple[Floats, Floats]:
    """Latitude and longitude [degrees] of the first (0) or the last (-1) point of each turn."""
    polar = [_polar(Way(*(column[[end]] for column in n.way))) for n in nodes]
    azimuth = np.array([n.azimuth_deg + p[0][0] for n, p in zip(nodes, polar, strict=True)])
    at = [n.waypoint for n in nodes]
    lon_found, lat_found, _ = geod.fwd(lon[at], lat[at], azimuth, np.array([p[1][0] for p in polar]))
    return np.asarray(lat_found), np.asarray(lon_found)


def _pieces(lat: Floats, lon: Floats, nodes: list[_Node], legs: _Legs) -> list[_Points]:
    """Leg and turn in alternation, ending with the leg to the last node."""
    pieces: list[_Points] = []
    for k, node in enumerate(nodes[1:]):
        whole = k == len(nodes) - 2 or len(node.way.s_m) > 1  # else the next leg begins where this one ends
        pieces.append(_leg(legs, k, node.step_m, whole))
        bearing, distance, deflection = (column[1:-1] for column in _polar(node.way))
        n = len(bearing)
        pieces.append(
            _Points(
                np.full(n, lat[node.waypoint]), np.full(n, lon[node.waypoint]), node.azimuth_deg + bearing,
                distance, deflection, node.way.s_m[1:-1], np.ones(n, dtype=np.bool_),
            )
        )  # fmt: skip
    return pieces


def _leg(legs: _Legs, k: int, step_m: float, whole: bool) -> _Points:
    """Evenly spaced points of a leg, its last one only if it is wanted."""
    n = max(2, math.ceil(legs.length_m[k] / step_m) + 1)
    fixed = np.zeros(n, dtype=np.bool_)
    fixed[[0, -1]] = True
    along = np.linspace(0.0, legs.length_m[k], n)
    if not whole:
        along, fixed = along[:-1], fixed[:-1]
    lat, lon, azimuth = (np.full(len(along), v) for v in (legs.lat_deg[k], legs.lon_deg[k], legs.azimuth_deg[k]))
    return _Points(lat, lon, azimuth, along, np.zeros(len(along)), along, fixed)


def _along(pieces: list[_Points], nodes: list[_Node], leg_m: Floats) -> tuple[Floats, Floats]:
    """Distance [m] of every point of a member's track, and at which each waypoint is passed."""
    start, parts, passed = 0.0, [], [0.0]
    for k, node in enumerate(nodes[1:]):
        parts += [start + pieces[2 * k].s_m, start + leg_m[k] + pieces[2 * k + 1].s_m]
        start += float(leg_m[k])
        if not math.isnan(node.passed):
            passed.append(start + node.passed * float(node.way.s_m[-1]))
        start += float(node.way.s_m[-1])
    return np.concatenate(parts), np.array(passed)


def _apart(s_m: Floats, nearest_m: float) -> NDArray[np.int64]:
    """Points that are no nearer to each other than `nearest_m`, the first and the last among them."""
    if np.diff(s_m).min() >= nearest_m:
        return np.arange(len(s_m))
    kept = [0]
    for i, s in enumerate(s_m[:-1].tolist()):
        if s - s_m[kept[-1]] >= nearest_m and s_m[-1] - s >= nearest_m:
            kept.append(i)
    return np.array([*kept, len(s_m) - 1])


def _flown_m(geod: Any, lat: Floats, lon: Floats) -> Floats:
    """Distance [m] of each waypoint along the legs as written."""
    _, _, legs = geod.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
    return np.concatenate(([0.0], np.cumsum(legs)))
