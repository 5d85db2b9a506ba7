"""Where an interceptor would meet a track: the fire-control solution.

The meeting point solves  T(range(τ), altitude(τ)) = τ  along the track's straight
extrapolation, with T the fly-out table. Nothing here knows the true target.

The gap  T − τ  cannot change faster than  1 + s_r·v_r + s_h·v_h , with s the steepest slopes of
the table [s/m] and v the largest rates of ground range and altitude [m/s]. Steps of  |gap| over
that never pass a solution, so the first one found is the earliest (Piyavskii 1972 and Shubert
1972, doi:10.1137/0709036, for one root of a Lipschitz function). Where the table is out of reach
a step leads to the edge of its cell, `LEAST_STEP_S` at the least.
"""

from __future__ import annotations

import math

from kalkan.arrays import Struct
from kalkan.earth.frames import out_of
from kalkan.jit import kernel
from kalkan.kernels.plan import Plan
from kalkan.models.flyout import GRAVITY_M_S2, lookup

LEAST_STEP_S = 0.05  # where the table is out of reach, no narrower window is looked for [s]
MAX_STEPS = 4000  # never reached by finite tables: a guard
TOLERANCE_S = 0.02


@kernel
def altitude_m(pictures: Struct, p: int, x: float, y: float, z: float) -> float:
    """Height above sea [m] of a point in picture `p`'s frame [m] (mean local sphere)."""
    r = pictures.mean_radius_m[p]
    w = r + pictures.altitude_m[p] + z
    g2 = x * x + y * y
    s = math.sqrt(g2 + w * w)
    return pictures.altitude_m[p] + z + g2 / (s + w)


@kernel
def climb_m_s(pictures: Struct, p: int, x: float, y: float, z: float, vx: float, vy: float, vz: float) -> float:
    """Rate of the height above sea [m/s] of a point in picture `p`'s frame [m, m/s]."""
    w = pictures.mean_radius_m[p] + pictures.altitude_m[p] + z
    return (x * vx + y * vy + w * vz) / math.sqrt(x * x + y * y + w * w)


@kernel
def falls(pictures: Struct, p: int, altitude: float, speed2: float) -> bool:
    """Whether a track so high [m] and fast [m2/s2] has more energy than anything that flies by wings."""
    limit = pictures.ballistic_m[p]
    return limit > 0.0 and altitude + speed2 / (2.0 * GRAVITY_M_S2) > limit


@kernel
def within(a: float, b: float, c: float) -> tuple[float, float]:
    """Interval of t in which  a t² + 2 b t + c <= 0  for a >= 0; (inf, -inf): never."""
    if a <= 0.0:
        if b == 0.0:
            return (-math.inf, math.inf) if c <= 0.0 else (math.inf, -math.inf)
        return (-math.inf, -0.5 * c / b) if b > 0.0 else (-0.5 * c / b, math.inf)
    root2 = b * b - a * c
    if root2 < 0.0:
        return math.inf, -math.inf
    far = -(b + math.copysign(math.sqrt(root2), b))  # the root without cancellation
    one, other = far / a, (c / far if far != 0.0 else 0.0)
    return min(one, other), max(one, other)


@kernel
def solve_intercept(
    plan: Plan, u: int, w: int,
    x: float, y: float, z: float, vx: float, vy: float, vz: float,
) -> tuple[float, float, float]:  # fmt: skip
    """Time of flight [s], arrival speed [m/s] and altitude [m] of the earliest meeting of a shot fired now.

    Parameters
    ----------
    u, w : int
        Fire unit and interceptor type.
    x ... vz : float
        Track now, in the picture's frame [m, m/s].

    Returns
    -------
    (inf, 0, 0) where no meeting point lies within the envelope: ranges, ceiling, target speed, time of
    flight. Windows narrower than `LEAST_STEP_S` may be overlooked where the table is out of reach.
    """
    interceptors, pictures, units = plan.interceptors, plan.pictures, plan.units
    p = units.picture[u]
    if plan.ballistic.on and falls(pictures, p, altitude_m(pictures, p, x, y, z), vx * vx + vy * vy + vz * vz):
        return plan.models.meet(
            plan.ballistic, pictures, units, interceptors, plan.flight_s, plan.arrival_m_s, u, w, x, y, z, vx, vy, vz
        )
    dx, dy = x - units.position_m[u, 0], y - units.position_m[u, 1]
    v_h = math.sqrt(vx * vx + vy * vy)
    v2 = v_h * v_h + vz * vz
    if v2 > interceptors.target_speed_max_m_s[w] ** 2:
        return math.inf, 0.0, 0.0
    reach, latest = interceptors.range_max_m[w], interceptors.flight_max_s[w]
    near, far = within(v_h * v_h, dx * vx + dy * vy, dx * dx + dy * dy - reach * reach)
    centre = pictures.mean_radius_m[p] + pictures.altitude_m[p] + z
    ceiling = pictures.mean_radius_m[p] + interceptors.altitude_max_m[w]
    low, high = within(v2, x * vx + y * vy + centre * vz, x * x + y * y + centre * centre - ceiling * ceiling)
    tau, end = max(near, low, 0.0), min(far, high, latest + TOLERANCE_S)
    if tau > end:
        return math.inf, 0.0, 0.0
    v_up = abs(vz) + v2 * end / pictures.mean_radius_m[p] + v_h * math.sqrt(x * x + y * y) / centre
    steepest = 1.0 + interceptors.range_slope_s_m[w] * v_h + interceptors.altitude_slope_s_m[w] * v_up
    range_step, altitude_step = interceptors.range_step_m[w], interceptors.altitude_step_m[w]
    for _ in range(MAX_STEPS):
        ground = min(math.sqrt((dx + tau * vx) ** 2 + (dy + tau * vy) ** 2), reach)
        altitude = altitude_m(pictures, p, x + tau * vx, y + tau * vy, z + tau * vz)
        height = max(altitude - units.altitude_m[u], 0.0)
        flight, speed = lookup(plan.flight_s[w], plan.arrival_m_s[w], range_step, altitude_step, ground, height)
        if flight == math.inf:
            tau += max(_to_edge_s(ground / range_step, range_step, v_h, height / altitude_step, altitude_step, v_up),
                       LEAST_STEP_S)  # fmt: skip
        elif abs(flight - tau) >= TOLERANCE_S:
            tau += abs(flight - tau) / steepest
        elif ground >= interceptors.range_min_m[w]:
            return flight, speed, altitude
        else:
            tau += LEAST_STEP_S
        if tau > end:
            return math.inf, 0.0, 0.0
    return math.inf, 0.0, 0.0


@kernel
def _to_edge_s(i: float, range_step: float, v_h: float, j: float, altitude_step: float, v_up: float) -> float:
    """Least time [s] until another line of the table counts, from its point (i, j), in steps of the table."""
    along = _to_line(i) * range_step / max(v_h, 1e-3)
    return min(along, _to_line(j) * altitude_step / max(v_up, 1e-3))


@kernel
def _to_line(i: float) -> float:
    """How far the next line of the table is, in steps.

    On a line it is the one after: the line itself is out of reach, and bears weight on both sides of it. A track
    below the ground (of a slow low target, at the end of its errors) runs along the lowest line.
    """
    i -= math.floor(i)
    return min(i, 1.0 - i) if i > 0.0 else 1.0


@kernel
def between_rad(one_rad: float, other_rad: float) -> float:
    """Angle from one compass direction to another, the shorter way round [rad]."""
    return (other_rad - one_rad + math.pi) % (2.0 * math.pi) - math.pi


@kernel
def bearing_rad(radars: Struct, r: int, x: float, y: float, z: float) -> float:
    """Compass direction [rad] from radar `r` to a point of its picture's frame [m]."""
    dx, dy, dz = x - radars.offset_m[r, 0], y - radars.offset_m[r, 1], z - radars.offset_m[r, 2]
    e, n, _ = out_of(radars.to_picture, r, dx, dy, dz)
    return math.atan2(e, n)
