"""Where an interceptor would meet a track: the fire-control solution.

The meeting point solves  T(range(τ), altitude(τ)) = τ  along the track's straight
extrapolation, with T the fly-out table. Nothing here knows the true target.
"""

from __future__ import annotations

import math

from kalkan.jit import kernel, stage
from kalkan.kernels.plan import Plan, Struct
from kalkan.models.flyout import lookup

LOOK_AHEAD_S = 10.0  # step along the track while the point is still out of reach [s]
MAX_STEPS = 24
TOLERANCE_S = 0.02


@kernel
def altitude_m(pictures: Struct, p: int, x: float, y: float, z: float) -> float:
    """Height above sea [m] of a point in picture `p`'s frame [m] (mean local sphere)."""
    r = pictures.mean_radius_m[p]
    w = r + pictures.altitude_m[p] + z
    g2 = x * x + y * y
    s = math.sqrt(g2 + w * w)
    return pictures.altitude_m[p] + z + g2 / (s + w)


@stage
def solve_intercept(
    plan: Plan, u: int, w: int,
    x: float, y: float, z: float, vx: float, vy: float, vz: float,
) -> tuple[float, float, float]:  # fmt: skip
    """Time of flight [s], arrival speed [m/s] and altitude [m] of a shot fired now.

    Parameters
    ----------
    u, w : int
        Fire unit and interceptor type.
    x ... vz : float
        Track now, in the picture's frame [m, m/s].

    Returns
    -------
    (inf, 0, 0) where no meeting point lies within the envelope.
    """
    interceptors, pictures, units = plan.interceptors, plan.pictures, plan.units
    p = units.picture[u]
    dx, dy = x - units.position_m[u, 0], y - units.position_m[u, 1]
    speed_m_s = math.sqrt(vx * vx + vy * vy + vz * vz)
    if speed_m_s > interceptors.target_speed_max_m_s[w]:
        return math.inf, 0.0, 0.0
    reach = interceptors.range_max_m[w]
    if dx * dx + dy * dy > reach * reach and dx * vx + dy * vy >= 0.0:
        return math.inf, 0.0, 0.0
    tau = 0.0
    for _ in range(MAX_STEPS):
        ground = math.sqrt((dx + tau * vx) ** 2 + (dy + tau * vy) ** 2)
        if tau > interceptors.flight_max_s[w] + LOOK_AHEAD_S:
            return math.inf, 0.0, 0.0
        if ground > reach:  # it must come nearer first, and cannot do so sooner than this
            tau += (ground - reach) / max(speed_m_s, 1.0) + TOLERANCE_S
            continue
        altitude = altitude_m(pictures, p, x + tau * vx, y + tau * vy, z + tau * vz)
        height = max(altitude - units.altitude_m[u], 0.0)
        flight, speed = lookup(
            plan.flight_s[w], plan.arrival_m_s[w], interceptors.range_step_m[w],
            interceptors.altitude_step_m[w], ground, height,
        )  # fmt: skip
        if flight == math.inf:
            tau += LOOK_AHEAD_S
        elif abs(flight - tau) < TOLERANCE_S:
            inside = interceptors.range_min_m[w] <= ground <= reach and altitude <= interceptors.altitude_max_m[w]
            return (flight, speed, altitude) if inside else (math.inf, 0.0, 0.0)
        else:
            tau = flight
    return math.inf, 0.0, 0.0


@kernel
def bearing_rad(radars: Struct, r: int, x: float, y: float, z: float) -> float:
    """Compass direction [rad] from radar `r` to a point of its picture's frame [m]."""
    m = radars.to_picture
    dx, dy, dz = x - radars.offset_m[r, 0], y - radars.offset_m[r, 1], z - radars.offset_m[r, 2]
    e = m[r, 0, 0] * dx + m[r, 1, 0] * dy + m[r, 2, 0] * dz
    n = m[r, 0, 1] * dx + m[r, 1, 1] * dy + m[r, 2, 1] * dz
    return math.atan2(e, n)
