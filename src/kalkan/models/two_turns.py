"""Turn, straight on, turn: the shortest such way between two poses, and how what sinks loses its height.

As ``models.dubins``, for the compiled loop, without the words of three turns (kalkan's own simplification: they are
shorter only between poses less than four radii apart).
"""

from __future__ import annotations

import math

from kalkan.jit import kernel

TWO_PI = 2.0 * math.pi
LEFT, RIGHT = 1, -1
_NOTHING_RAD = 1e-9


@kernel
def turn_straight_turn(x: float, y: float, heading: float) -> tuple[int, float, float, int, float]:
    """Shortest way of two turns with a straight line between them, from the origin along the first axis.

    Parameters
    ----------
    x, y : float
        Where it ends [radii of the turns].
    heading : float
        And in which direction, from the first axis towards the second [rad].

    Returns
    -------
    side, turn, straight, side, turn
        `LEFT` or `RIGHT`, angles [rad] and length [radii].

    Notes
    -----
    The formulas are those of ``models.dubins``, after Shkel & Lumelsky (2001).
    """
    d, towards = math.hypot(x, y), math.atan2(y, x)
    a, b = -towards, heading - towards
    best_first, best_t, best_p, best_last, best_q = LEFT, math.inf, 0.0, LEFT, 0.0
    for first in (LEFT, RIGHT):
        for last in (LEFT, RIGHT):
            if first == last:
                rise = first * (math.sin(a) - math.sin(b))
                p2 = 2.0 + d * d - 2.0 * math.cos(a - b) + 2.0 * d * rise
                way = math.atan2(first * (math.cos(b) - math.cos(a)), d + rise)
                p = math.sqrt(max(p2, 0.0))
            else:
                rise = first * (math.sin(a) + math.sin(b))
                p2 = d * d - 2.0 + 2.0 * math.cos(a - b) + 2.0 * d * rise
                if p2 < 0.0:
                    continue
                p = math.sqrt(p2)
                way = math.atan2(-first * (math.cos(a) + math.cos(b)), d + rise) - math.atan2(-2.0 * first, p)
            t, q = _turned(first * (way - a)), _turned(last * (b - way))
            if t + p + q < best_t + best_p + best_q:
                best_first, best_t, best_p, best_last, best_q = first, t, p, last, q
    return best_first, best_t, best_p, best_last, best_q


@kernel
def _turned(angle: float) -> float:
    """An angle as a turn: from 0 to below a full circle."""
    turn = angle - TWO_PI * math.floor(angle / TWO_PI)
    return 0.0 if turn > TWO_PI - _NOTHING_RAD else turn


@kernel
def along_turns(
    side1: int, turn1: float, straight: float, side2: int, s: float
) -> tuple[float, float, float]:
    """Place [radii] and heading [rad] after a distance `s` [radii] on a way of :func:`turn_straight_turn`."""
    a = min(s, turn1)
    heading = side1 * a
    x, y = side1 * math.sin(heading), side1 * (1.0 - math.cos(heading))
    b = min(max(s - turn1, 0.0), straight)
    x, y = x + b * math.cos(heading), y + b * math.sin(heading)
    c = max(s - turn1 - straight, 0.0)
    after = heading + side2 * c
    return (
        x + side2 * (math.sin(after) - math.sin(heading)), y - side2 * (math.cos(after) - math.cos(heading)), after
    )  # fmt: skip


@kernel
def sinking(height: float, rate: float, fastest: float, bend: float) -> tuple[float, float, float, float, float]:
    """How a height is lost, from one rate of change to none: bending, evenly, bending back.

    Parameters
    ----------
    height : float
        To be lost [m], above 0.
    rate : float
        Its rate of change at first [m/s].
    fastest : float
        It is lost no faster [m/s], unless it is at first.
    bend : float
        Vertical acceleration [m/s²], more only where what is lost already so fast has too little height left for it.

    Returns
    -------
    t1, t2, t3, fall, bend_back
        Lengths of the three parts [s], the rate of loss in the second [m/s], acceleration in the last [m/s²].
    """
    fall = min(fastest, math.sqrt(bend * height + 0.5 * rate * rate))
    if fall < -rate:
        back = max(bend, 0.5 * rate * rate / height)
        return 0.0, (height - 0.5 * rate * rate / back) / -rate, -rate / back, -rate, back
    t1, t3 = (fall + rate) / bend, fall / bend
    lost = 0.5 * (fall * fall - rate * rate) / bend + 0.5 * fall * fall / bend
    return t1, max(height - lost, 0.0) / fall, t3, fall, bend


@kernel
def still_above(
    height: float, rate: float, t1: float, t2: float, t3: float, fall: float, bend: float, back: float, s: float
) -> tuple[float, float]:
    """What is left of a height [m], and its rate [m/s], `s` [s] after what :func:`sinking` tells began."""
    a = min(s, t1)
    left, now = height + rate * a - 0.5 * bend * a * a, rate - bend * a
    b = min(max(s - t1, 0.0), t2)
    left -= fall * b
    c = min(max(s - t1 - t2, 0.0), t3)
    if c > 0.0 or b > 0.0:
        now = -fall + back * c
    return left - fall * c + 0.5 * back * c * c, now
