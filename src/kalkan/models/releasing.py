"""Releasing: what a ballistic missile lets go falls on a path of its own, beside it.

A body leaves a flight at one of its knots with a velocity across it, and then falls as the missile does
(``models.ballistic``), with its own ballistic coefficient: without air the two draw apart by the separation speed times
the time, in air the lighter one falls behind. Several leave at once, evenly all round the line of flight.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from kalkan.models.ballistic import STEP_S, WGS84, Earth, fall, fallen, height_m
from kalkan.models.trajectory import Path

Floats = NDArray[np.float64]


def heights_m(path: Path, earth: Earth = WGS84) -> Floats:
    """Heights over the ellipsoid of a path's knots [m]."""
    return np.array([height_m(x, y, z, earth) for x, y, z in path.position.tolist()])


def knot_of_burnout(path: Path, boost_s: float) -> int:
    """The knot at which the boost is over."""
    return int(np.searchsorted(path.t, boost_s))


def knot_of_apogee(path: Path) -> int:
    """The highest knot."""
    return int(heights_m(path).argmax())


def knot_below(path: Path, altitude_m: float) -> int:
    """The first knot on the way down that is below an altitude [m]; the highest one where none is as high."""
    heights = heights_m(path)
    top = int(heights.argmax())
    under = np.flatnonzero(heights[top:] < altitude_m)
    return min(top + int(under[0]) if under.size else top, path.t.size - 2)


def spread(middle: float, ratio: float, n: int) -> Floats:
    """`n` values around a middle in equal steps of the logarithm, as of `n` equal parts of a range.

    Parameters
    ----------
    ratio : float
        The highest over the lowest end of the range [1].
    """
    at = (np.arange(n) + 0.5) / max(n, 1) - 0.5
    found: Floats = middle * ratio**at
    return found


def across(velocity: Floats, position: Floats, n: int, turn: float = 0.0) -> Floats:
    """Directions [1] evenly round a line of flight, (n, 3), the first to the right of it.

    Parameters
    ----------
    velocity, position : float64[3]
        Earth-centred.
    turn : float
        All of them turned by so much of the angle between two.
    """
    ahead = velocity / np.linalg.norm(velocity)
    right = np.cross(ahead, position)
    right /= np.linalg.norm(right)
    over = np.cross(right, ahead)
    angle = 2.0 * math.pi * (np.arange(n) + turn) / max(n, 1)
    found: Floats = np.cos(angle)[:, None] * right + np.sin(angle)[:, None] * over
    return found


def fall_beside(
    path: Path, knot: int, apart_m_s: Floats, coefficient_kg_m2: float, floor_m: float, air: Floats,
    step_s: float = STEP_S, earth: Earth = WGS84,
) -> Path:  # fmt: skip
    """What leaves a flight at a knot, until it comes down through a height; its time counts from there.

    Parameters
    ----------
    apart_m_s : float64[3]
        With which velocity beside the missile's own, earth-centred [m/s].
    coefficient_kg_m2 : float
        Its ballistic coefficient.
    floor_m : float
        Height over the ellipsoid at which it ends [m].
    air : array
        Density as :func:`kalkan.models.ballistic.standard_air` gives it.
    """
    (x, y, z), (vx, vy, vz) = path.position[knot].tolist(), (path.velocity[knot] + apart_m_s).tolist()
    end = fall(x, y, z, vx, vy, vz, step_s, coefficient_kg_m2, air, earth, floor_m)
    rows = fallen(x, y, z, vx, vy, vz, end.t_s, step_s, coefficient_kg_m2, air, earth)
    t = rows[:, 0]
    return Path(t, rows[:, 1:4], rows[:, 4:7], np.zeros((t.size, 2, 3)), np.array([0.0, t[-1]]), 0.0)
