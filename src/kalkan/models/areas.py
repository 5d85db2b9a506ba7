"""Areas on a map: whether a point is in a polygon, or within a corridor and flying along it."""

from __future__ import annotations

import math

from kalkan.arrays import F8
from kalkan.jit import kernel


@kernel
def in_polygon(corner_m: F8, first: int, last: int, x_m: float, y_m: float) -> bool:
    """Whether a point lies in a polygon: a ray from it crosses the outline an odd number of times.

    Parameters
    ----------
    corner_m : float64 (n, 2)
        Corners of polygons [m]; those of this one are ``first ... last - 1``.
    first, last : int
    x_m, y_m : float
        The point [m].
    """
    inside, j = False, last - 1
    for i in range(first, last):
        xi, yi, xj, yj = corner_m[i, 0], corner_m[i, 1], corner_m[j, 0], corner_m[j, 1]
        if (yi > y_m) != (yj > y_m) and x_m < (xj - xi) * (y_m - yi) / (yj - yi) + xi:
            inside = not inside
        j = i
    return inside


@kernel
def along_corridor(
    corner_m: F8, first: int, last: int, half_width_m: float, x_m: float, y_m: float, vx: float, vy: float
) -> float:
    """How well a point flies along the nearest leg of a corridor: the cosine between them; -1 outside.

    Parameters
    ----------
    corner_m, first, last
        Points of the corridor's middle line [m], as for :func:`in_polygon`.
    half_width_m : float
        A point no farther than this from the line is inside [m].
    x_m, y_m, vx, vy : float
        The point [m] and its velocity [m/s].

    Returns
    -------
    float
        0 to 1, in either direction of the leg; -1: outside.
    """
    best, nearest2 = -1.0, half_width_m * half_width_m
    speed = math.sqrt(vx * vx + vy * vy)
    for i in range(first, last - 1):
        ax, ay = corner_m[i, 0], corner_m[i, 1]
        dx, dy = corner_m[i + 1, 0] - ax, corner_m[i + 1, 1] - ay
        length2 = dx * dx + dy * dy
        share = min(max(((x_m - ax) * dx + (y_m - ay) * dy) / length2, 0.0), 1.0) if length2 > 0.0 else 0.0
        away2 = (x_m - ax - share * dx) ** 2 + (y_m - ay - share * dy) ** 2
        if away2 <= nearest2:
            nearest2 = away2
            best = abs(dx * vx + dy * vy) / math.sqrt(length2) / speed if speed > 0.0 and length2 > 0.0 else 0.0
    return best
