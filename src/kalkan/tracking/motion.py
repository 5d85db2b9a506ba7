"""Models of motion: a state and its covariance moved on in time, with horizontal and vertical noise of their own.

States are position [m], velocity [m/s] and turn rate [rad/s] (counter-clockwise as seen from above) in a picture's
east-north-up frame. Noise is an acceleration that holds from plot to plot, white acceleration, or both. Bar-Shalom,
Li & Kirubarajan, "Estimation with Applications to Tracking and Navigation", 2001, §6.2, §6.3 and §11.7.
"""

from __future__ import annotations

import math
from typing import Any

from kalkan.arrays import F8, Struct
from kalkan.jit import kernel
from kalkan.tracking import filtering
from kalkan.tracking.tables import BALLISTIC, TURN

GRAVITY_M_S2 = 9.80665  # standard, at the surface
EARTH_M = 6_371_000.0  # mean radius
SMALL_ANGLE = 1e-4  # a turn by less is taken as straight, to second order [rad]


@kernel
def move(x: F8, p: F8, dt_s: float, manner: Struct, mode: int, ballistic_m: float) -> None:
    """Move a state (6 or 7 elements) by dt [s] with a mode of the filter, in place (dt may be slightly negative).

    It falls in a ballistic mode, and in any where it has more energy than `ballistic_m` [m]: see :func:`unheld`.
    """
    falls = manner.mode[0, mode] == BALLISTIC or unheld(x, ballistic_m, EARTH_M)
    if manner.mode[0, mode] == TURN:
        turn(x, p, dt_s)
        p[6, 6] += manner.turn_density_rad2_s3[0] * abs(dt_s)
    else:
        filtering.predict(x, p, dt_s, 0.0)
    if falls:
        fall(x, dt_s, EARTH_M)
    disturb(p, dt_s, manner, mode)


@kernel
def ahead(models: Any, x: F8, p: F8, dt_s: float, noise_m_s2: float, ballistic_m: float, deep_m: float) -> None:
    """Predict a state of 6 elements with the filter of `models`; what no wing holds falls (a user's filter decides).

    Parameters
    ----------
    ballistic_m, deep_m : float
        See :func:`unheld`.
    """
    falls = models.usual_filter != 0 and unheld(x, ballistic_m, deep_m)
    filtering.moved(models, x, p, dt_s, noise_m_s2)
    if falls:
        fall(x, dt_s, deep_m)


@kernel
def onward(models: Any, rules: Struct, p: int, x: F8, q: F8, dt_s: float) -> None:
    """As :func:`ahead`, in the frame and by the rules of picture `p`."""
    ahead(models, x, q, dt_s, rules.process_noise_m_s2[p], rules.ballistic_m[p], EARTH_M)


@kernel
def unheld(x: F8, ballistic_m: float, deep_m: float) -> bool:
    """Whether a state has more height and speed squared over 2 g than `ballistic_m` [m]: no wing holds it; 0: no.

    Parameters
    ----------
    deep_m : float
        By how much the earth's centre lies below the origin of the state's frame [m].
    """
    if ballistic_m <= 0.0:
        return False
    up = x[2] + deep_m
    high_m = math.sqrt(x[0] * x[0] + x[1] * x[1] + up * up) - EARTH_M
    return high_m + (x[3] * x[3] + x[4] * x[4] + x[5] * x[5]) / (2.0 * GRAVITY_M_S2) > ballistic_m


@kernel
def disturb(p: F8, dt_s: float, manner: Struct, mode: int) -> None:
    """Add the noise of a mode over dt [s] to a covariance."""
    t2, span = dt_s * dt_s, abs(dt_s)
    for i in range(3):
        a = manner.noise_m_s2[0, mode] if i < 2 else manner.noise_up_m_s2[0, mode]
        q = manner.density_m2_s3[0, mode] if i < 2 else manner.density_up_m2_s3[0, mode]
        v = a * a * t2
        p[i, i] += 0.25 * v * t2 + q * span * t2 / 3.0
        p[i, i + 3] += 0.5 * v * dt_s + 0.5 * q * dt_s * span
        p[i + 3, i] = p[i, i + 3]
        p[i + 3, i + 3] += v + q * span


@kernel
def fall(x: F8, dt_s: float, deep_m: float) -> None:
    """Add what gravity does to a state that flew straight on for dt [s]; the earth's centre is `deep_m` [m] below.

    kalkan's own simplification: without drag, and gravity as it was at the end of the way, towards the earth's centre.
    """
    ex, ny, up = x[0], x[1], x[2] + deep_m
    r2 = ex * ex + ny * ny + up * up
    g = GRAVITY_M_S2 * EARTH_M * EARTH_M / (r2 * math.sqrt(r2))
    ax, ay, az = -g * ex, -g * ny, -g * up
    half = 0.5 * dt_s * dt_s
    x[0] += half * ax
    x[1] += half * ay
    x[2] += half * az
    x[3] += dt_s * ax
    x[4] += dt_s * ay
    x[5] += dt_s * az


@kernel
def turn(x: F8, p: F8, dt_s: float) -> None:
    """Move a state of 7 elements through a level turn at its own rate; covariance to first order."""
    w = x[6]
    angle = w * dt_s
    s, c = math.sin(angle), math.cos(angle)
    if abs(angle) > SMALL_ANGLE:
        along, across = s / w, (1.0 - c) / w
        d_along, d_across = (dt_s * c - along) / w, (dt_s * s - across) / w  # by the turn rate
    else:
        along, across = dt_s, 0.5 * w * dt_s * dt_s
        d_along, d_across = -w * dt_s * dt_s * dt_s / 3.0, 0.5 * dt_s * dt_s
    vx, vy = x[3], x[4]
    x[0] += along * vx - across * vy
    x[1] += across * vx + along * vy
    x[2] += dt_s * x[5]
    x[3], x[4] = c * vx - s * vy, s * vx + c * vy
    fx, fy = d_along * vx - d_across * vy, d_across * vx + d_along * vy
    gx, gy = dt_s * (-s * vx - c * vy), dt_s * (c * vx - s * vy)
    for j in range(7):  # F P: rows 2, 5, 6 aside all change
        p3, p4, p6 = p[3, j], p[4, j], p[6, j]
        p[0, j] += along * p3 - across * p4 + fx * p6
        p[1, j] += across * p3 + along * p4 + fy * p6
        p[2, j] += dt_s * p[5, j]
        p[3, j] = c * p3 - s * p4 + gx * p6
        p[4, j] = s * p3 + c * p4 + gy * p6
    for i in range(7):  # (F P) F'
        p3, p4, p6 = p[i, 3], p[i, 4], p[i, 6]
        p[i, 0] += along * p3 - across * p4 + fx * p6
        p[i, 1] += across * p3 + along * p4 + fy * p6
        p[i, 2] += dt_s * p[i, 5]
        p[i, 3] = c * p3 - s * p4 + gx * p6
        p[i, 4] = s * p3 + c * p4 + gy * p6
