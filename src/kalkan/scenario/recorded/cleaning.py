"""From the points of one aircraft to the tracks that it flew: repeats, glitches, gaps and stretches on the ground.

All rules are kalkan's own simplifications. Receivers see a position wrongly decoded as a jump of many kilometres, and a
wrong altitude as a jump of thousands of metres; networks repeat the last position while they have no newer one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

F8 = NDArray[np.float64]
FASTEST_M_S = 450.0  # over ground: an airliner in the strongest jet stream has 370
NEAR_M = 300.0  # jumps by less are errors of position, not of decoding
STEEPEST_M_S = 40.0  # climb and descent: 8,000 ft/min, as in an emergency
STEP_M = 300.0  # altitudes that differ by less agree
AGREEING = 3  # points that jump together are where it is, and those before were not
SHORTEST_S, FEWEST = 60.0, 3  # a track lasts so long, and has so many points
SPACING_S = 10.0  # between the points that are kept: at 1 s, errors of position would be speeds
_RADIUS_M = 6_371_000.0


class FlownPoints(NamedTuple):
    """Points of one aircraft; nan where a speed, heading or altitude is not known.

    Attributes
    ----------
    t_s : float64 (n,)
    lat_deg, lon_deg, altitude_m, speed_m_s, heading_rad : float64 (n,)
    """

    t_s: F8
    lat_deg: F8
    lon_deg: F8
    altitude_m: F8
    speed_m_s: F8
    heading_rad: F8

    def at(self, rows: NDArray[np.int64] | NDArray[np.bool_] | slice) -> FlownPoints:
        """Some of them."""
        return FlownPoints(*(column[rows] for column in self))


class Cleaned(NamedTuple):
    """What is left of an aircraft's points, and how many rows each rule took."""

    tracks: list[FlownPoints]
    repeats: int = 0
    glitches: int = 0
    wrong_altitudes: int = 0
    divided: int = 0
    fragments: int = 0


def clean(points: FlownPoints, longest_gap_s: float) -> Cleaned:
    """Tracks of one aircraft.

    Parameters
    ----------
    points : FlownPoints
        In any order.
    longest_gap_s : float
        A longer time between two points divides a track.
    """
    points = points.at(np.argsort(points.t_s, kind="stable"))
    fresh = _fresh(points)
    points, repeats = points.at(fresh), int((~fresh).sum())
    sound, jumps = consistent(points)
    points, glitches = points.at(sound), int((~sound).sum())
    jumps = jumps[sound]
    wrong = wrong_altitudes(points)
    points = points._replace(altitude_m=np.where(wrong, np.nan, points.altitude_m))
    begins = np.diff(points.t_s, prepend=-np.inf) > longest_gap_s
    parts = np.split(np.arange(points.t_s.size), np.flatnonzero((begins | jumps)[1:]) + 1)
    whole = [part for part in parts if _whole(points.at(part))]
    tracks = [thinned(_with_altitudes(points.at(part))) for part in whole]
    fragments = sum(part.size for part in parts) - sum(part.size for part in whole)
    return Cleaned(tracks, repeats, glitches, int(wrong.sum()), max(len(whole) - 1, 0), fragments)


def _fresh(points: FlownPoints) -> NDArray[np.bool_]:
    """Points at a time of their own, whose position is not the one before, repeated."""
    later = np.diff(points.t_s, prepend=-np.inf) > 0.0
    moved = (np.diff(points.lat_deg, prepend=np.nan) != 0.0) | (np.diff(points.lon_deg, prepend=np.nan) != 0.0)
    return later & moved


def consistent(points: FlownPoints) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which points an aircraft can have flown one after the other, and before which of them it jumped.

    A point that could not be reached from the last sound one is wrong, unless so many behind it agree with it
    that the ones before are another flight.
    """
    n = points.t_s.size
    sound, jumps = np.ones(n, bool), np.zeros(n, bool)
    away_m = distance_m(points.lat_deg[:-1], points.lon_deg[:-1], points.lat_deg[1:], points.lon_deg[1:])
    if (away_m <= NEAR_M + FASTEST_M_S * np.diff(points.t_s)).all():
        return sound, jumps  # nearly always
    last, astray = 0, list[int]()
    for k in range(1, n):
        if _reachable(points, last, k):
            sound[astray] = False
            astray, last = [], k
            continue
        if astray and not _reachable(points, astray[-1], k):
            sound[astray] = False
            astray = []
        astray.append(k)
        if len(astray) == AGREEING:
            jumps[astray[0]] = True
            astray, last = [], k
    sound[astray] = False
    return sound, jumps


def _reachable(points: FlownPoints, a: int, b: int) -> bool:
    away_m = distance_m(points.lat_deg[a], points.lon_deg[a], points.lat_deg[b], points.lon_deg[b])
    return bool(away_m <= NEAR_M + FASTEST_M_S * (points.t_s[b] - points.t_s[a]))


def distance_m(lat1: F8, lon1: F8, lat2: F8, lon2: F8) -> F8:
    """Great-circle distance [m] on a sphere, degrees given."""
    a, b, half = np.radians(lat1), np.radians(lat2), np.radians(np.asarray(lon2) - lon1) / 2.0
    h = np.sin((b - a) / 2.0) ** 2 + np.cos(a) * np.cos(b) * np.sin(half) ** 2
    return np.asarray(2.0 * _RADIUS_M * np.arcsin(np.sqrt(np.minimum(h, 1.0))))


def wrong_altitudes(points: FlownPoints) -> NDArray[np.bool_]:
    """Altitudes that none of two points before and behind agrees with in majority, given how steeply it may fly."""
    known = np.flatnonzero(np.isfinite(points.altitude_m))
    wrong = np.zeros(points.t_s.size, bool)
    if known.size < FEWEST:
        return wrong
    t, z = points.t_s[known], points.altitude_m[known]
    against, asked = np.zeros(known.size, int), np.zeros(known.size, int)
    for step in (-2, -1, 1, 2):
        there = np.arange(known.size) + step
        inside = (there >= 0) & (there < known.size)
        other = np.clip(there, 0, known.size - 1)
        off = np.abs(z - z[other]) > STEP_M + STEEPEST_M_S * np.abs(t - t[other])
        against += inside & off
        asked += inside
    wrong[known] = 2 * against > asked
    return wrong


def _whole(points: FlownPoints) -> bool:
    """Whether a piece is long enough to be a track, and its height is known somewhere."""
    long = points.t_s.size >= FEWEST and points.t_s[-1] - points.t_s[0] >= SHORTEST_S
    return bool(long and np.isfinite(points.altitude_m).any())


def _with_altitudes(points: FlownPoints) -> FlownPoints:
    """Altitudes that are not known, linear in time between those that are."""
    known = np.isfinite(points.altitude_m)
    return points._replace(altitude_m=np.interp(points.t_s, points.t_s[known], points.altitude_m[known]))


def thinned(points: FlownPoints) -> FlownPoints:
    """Points no nearer in time than `SPACING_S`, with the first and the last."""
    keep, last_s = [0], points.t_s[0]
    for k in range(1, points.t_s.size - 1):
        if points.t_s[k] - last_s >= SPACING_S and points.t_s[-1] - points.t_s[k] >= SPACING_S:
            keep.append(k)
            last_s = points.t_s[k]
    return points.at(np.array([*keep, points.t_s.size - 1]))
