"""Outlines in the plane: whether a line or the border of an area crosses itself, or goes back over itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

XY: TypeAlias = tuple[float, float]
_STRAIGHT = 1e-9  # sine of an angle below which one side lies along another


def crossing(points: Sequence[XY], *, closed: bool) -> tuple[int, int] | None:
    """The first two sides of a line or outline that cross, touch or overlap; neighbours may touch where they meet.

    Parameters
    ----------
    points : sequence of (x, y)
        Corners in order, in any plane unit.
    closed : bool
        Whether the last corner joins the first.

    Returns
    -------
    (int, int) or None
        Sides counted from 0 at the first corner.
    """
    n = len(points)
    sides = [(points[i], points[(i + 1) % n]) for i in range(n if closed else n - 1)]
    for i, one in enumerate(sides):
        for j in range(i + 1, len(sides)):
            if j == i + 1:
                found = _goes_back(*one, sides[j][1])
            elif closed and i == 0 and j == len(sides) - 1:
                found = _goes_back(*sides[j], one[1])
            else:
                found = _meet(*one, *sides[j])
            if found:
                return i, j
    return None


def told_crossing(points: Sequence[tuple[float, float]], *, closed: bool) -> str:
    """What is wrong with a line or area of positions [degrees] that crosses itself, and what to do; else empty."""
    lon = points[0][1]
    found = crossing([(o - 360.0 * round((o - lon) / 360.0), a) for a, o in points], closed=closed)
    if found is None:
        return ""
    one, other = (k + 1 for k in found)
    what = "give its corners in order around it" if closed else "let it go its way without turning back over itself"
    return f"crosses itself: side {one} and side {other} meet; {what}"


def _goes_back(a: XY, b: XY, c: XY) -> bool:
    """Whether the way from b to c lies back along the one from a to b."""
    along = (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1])
    return along < 0.0 and abs(_turn(a, b, c)) <= -_STRAIGHT * along


def _meet(a: XY, b: XY, c: XY, d: XY) -> bool:
    """Whether two segments have a point in common."""
    turns = _turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b)
    if turns[0] * turns[1] < 0 and turns[2] * turns[3] < 0:
        return True
    ends = ((a, b, c), (a, b, d), (c, d, a), (c, d, b))
    return any(turn == 0 and _between(*three) for turn, three in zip(turns, ends, strict=True))


def _turn(a: XY, b: XY, c: XY) -> float:
    """Above 0: c lies left of a → b."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _between(a: XY, b: XY, c: XY) -> bool:
    """Whether c, on the line through a and b, lies between them."""
    return min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])
