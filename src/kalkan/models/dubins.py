"""Shortest way between two places and headings of a vehicle that cannot turn more tightly than a radius.

Dubins, "On curves of minimal length with a constraint on average curvature", Am. J. Math. 79 (1957),
doi:10.2307/2372560; the six words as formulas in Shkel & Lumelsky, "Classification of the Dubins set",
Robotics and Autonomous Systems 34 (2001), doi:10.1016/S0921-8890(00)00127-5. In a plane whose angles
grow from the first axis towards the second, whichever way round that is on the map.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
TWO_PI = 2.0 * math.pi
_NOTHING_RAD = 1e-9
_MISSES = 1e-6  # a word whose end is this far off, in radii, is none


class Pose(NamedTuple):
    """A place [m] in a plane and a heading [rad]."""

    x: float
    y: float
    heading: float


class Way(NamedTuple):
    """Points along a way from one pose to another, both ends included.

    Attributes
    ----------
    s_m : float64[n]
        Distance from its start [m].
    x_m, y_m, heading_rad : float64[n]
        Place [m] and heading [rad].
    """

    s_m: Floats
    x_m: Floats
    y_m: Floats
    heading_rad: Floats


DubinsWord = tuple[tuple[int, float], ...]  # (+1, 0 or -1; angle or length in radii), three times


def arc(start: Pose, turn_rad: float, radius_m: float, step_m: float, step_rad: float) -> Way:
    """Points of one arc, by signed angle [rad]."""
    return _fly(start, ((int(math.copysign(1.0, turn_rad)), abs(turn_rad)),), radius_m, step_m, step_rad)


def shortest(start: Pose, end: Pose, radius_m: float, step_m: float, step_rad: float) -> Way:
    """Points of the shortest way with turns of one radius.

    Parameters
    ----------
    start, end : Pose
        Anywhere, also in one place.
    radius_m : float
        Of every turn [m].
    step_m, step_rad : float
        Greatest distance [m], and in turns greatest angle [rad], between points.
    """
    dx, dy = (end.x - start.x) / radius_m, (end.y - start.y) / radius_m
    distance, towards = math.hypot(dx, dy), math.atan2(dy, dx)
    alpha, beta = (start.heading - towards) % TWO_PI, (end.heading - towards) % TWO_PI
    words = [w for find in (_csc, _crossing, _ccc) for w in find(distance, alpha, beta)]
    arrives = [w for w in words if _misses(w, distance, alpha, beta) < _MISSES]
    return _fly(start, min(arrives, key=_length), radius_m, step_m, step_rad)


def _length(word: DubinsWord) -> float:
    return sum(amount for _, amount in word)


def _turned(angle: float) -> float:
    """An angle as a turn: from 0 to below a full circle."""
    turn = angle % TWO_PI
    return 0.0 if turn > TWO_PI - _NOTHING_RAD else turn


def _word(first: int, t: float, middle: int, p: float, last: int, q: float) -> DubinsWord:
    return (first, _turned(t)), (middle, _turned(p) if middle else p), (last, _turned(q))


def _csc(d: float, a: float, b: float) -> list[DubinsWord]:
    """Turn, straight, turn the same way."""
    words = []
    for side in (1, -1):
        rise = side * (math.sin(a) - math.sin(b))
        p2 = 2.0 + d * d - 2.0 * math.cos(a - b) + 2.0 * d * rise
        way = math.atan2(side * (math.cos(b) - math.cos(a)), d + rise)
        words.append(_word(side, side * (way - a), 0, math.sqrt(max(p2, 0.0)), side, side * (b - way)))
    return words


def _crossing(d: float, a: float, b: float) -> list[DubinsWord]:
    """Turn, straight, turn the other way."""
    words = []
    for side in (1, -1):
        rise = side * (math.sin(a) + math.sin(b))
        p2 = d * d - 2.0 + 2.0 * math.cos(a - b) + 2.0 * d * rise
        if p2 < 0.0:
            continue
        p = math.sqrt(p2)
        way = math.atan2(-side * (math.cos(a) + math.cos(b)), d + rise) - math.atan2(-2.0 * side, p)
        words.append(_word(side, side * (way - a), 0, p, -side, side * (way - b)))
    return words


def _ccc(d: float, a: float, b: float) -> list[DubinsWord]:
    """Three turns, the middle one the other way."""
    words = []
    for side in (1, -1):
        fall = side * (math.sin(b) - math.sin(a))
        cosine = (6.0 - d * d + 2.0 * math.cos(a - b) + 2.0 * d * fall) / 8.0
        if abs(cosine) > 1.0:
            continue
        p = TWO_PI - math.acos(cosine)
        way = math.atan2(side * (math.cos(b) - math.cos(a)), d - fall)
        t = side * (way - a) + p / 2.0
        words.append(_word(side, t, -side, p, side, side * (b - a) - t + p))
    return words


def _misses(word: DubinsWord, d: float, a: float, b: float) -> float:
    """How far from its goal a word ends [radii, rad]."""
    x, y, heading = 0.0, 0.0, a
    for side, amount in word:
        x, y, heading = _after(x, y, heading, side, amount)
    return math.hypot(x - d, y) + abs(math.remainder(heading - b, TWO_PI))


def _after(x: float, y: float, heading: float, side: int, amount: float) -> tuple[float, float, float]:
    """Where one piece of a word ends, in radii."""
    if side == 0:
        return x + amount * math.cos(heading), y + amount * math.sin(heading), heading
    new = heading + side * amount
    return x + side * (math.sin(new) - math.sin(heading)), y - side * (math.cos(new) - math.cos(heading)), new


def _fly(start: Pose, word: DubinsWord, radius_m: float, step_m: float, step_rad: float) -> Way:
    x, y, heading = start.x / radius_m, start.y / radius_m, start.heading
    s, parts = 0.0, [np.array([[0.0], [x], [y], [heading]])]
    for side, amount in word:
        if amount <= 0.0:
            continue
        finest = step_m / radius_m
        n = max(1, math.ceil(amount / (min(finest, step_rad) if side else finest)))
        along = amount * np.arange(1, n + 1) / n
        parts.append(np.array([s + along, *_points(side, x, y, heading, along)]))
        x, y, heading = _after(x, y, heading, side, amount)
        s += amount
    rows = np.concatenate(parts, axis=1)
    return Way(rows[0] * radius_m, rows[1] * radius_m, rows[2] * radius_m, rows[3])


def _points(side: int, x: float, y: float, heading: float, along: Floats) -> tuple[Floats, Floats, Floats]:
    if side == 0:
        same = np.full(len(along), heading)
        return x + along * math.cos(heading), y + along * math.sin(heading), same
    new = heading + side * along
    return x + side * (np.sin(new) - math.sin(heading)), y - side * (np.cos(new) - math.cos(heading)), new
