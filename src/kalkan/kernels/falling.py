"""What falls: when and where a ballistic missile will come down, and where a round would meet it.

A post moves a track on as ``models.ballistic`` does what truly flies, with the ballistic coefficient that it takes it
for. Only a plan with ballistic missiles calls this, through the slots ``impact`` and ``meet``.
"""

from __future__ import annotations

import math

from kalkan.arrays import F8, Struct
from kalkan.earth.frames import into, out_of
from kalkan.jit import kernel
from kalkan.kernels.ballistic import Ballistic
from kalkan.kernels.intercept import altitude_m
from kalkan.models.ballistic import WGS84, fall, step
from kalkan.models.flyout import lookup

STEP_S = 1.0  # of the search for a meeting
EARLY_S = 5.0  # a round that would be there sooner by no more is launched, and flies so much longer
IMPACT_STEP_S = 2.0


@kernel
def impact(
    ballistic: Ballistic, pictures: Struct, assets: Struct, assets_m: F8, p: int,
    x: float, y: float, z: float, vx: float, vy: float, vz: float,
) -> tuple[float, float]:  # fmt: skip
    """Time until a track of picture `p` [m, m/s] comes down [s], and the value of the asset that it threatens by that.

    It threatens the most valuable asset within the post's ``threatened_m`` of the predicted impact; where there is
    none it counts ``minor_share`` of the least value.
    """
    ex, ey, ez, ux, uy, uz = outward(pictures, p, x, y, z, vx, vy, vz)
    end = fall(
        ex, ey, ez, ux, uy, uz, IMPACT_STEP_S, ballistic.coefficient_kg_m2, ballistic.air_kg_m3, WGS84,
        pictures.altitude_m[p],
    )  # fmt: skip
    px, py, _ = _inward(pictures, p, end.x, end.y, end.z)
    value, least = 0.0, math.inf
    for a in range(assets.size):
        least = min(least, assets.value[a])
        away2 = (assets_m[p, a, 0] - px) ** 2 + (assets_m[p, a, 1] - py) ** 2
        if away2 <= pictures.threatened_m[p] ** 2:
            value = max(value, assets.value[a])
    return end.t_s, value if value > 0.0 else pictures.minor_share[p] * least


@kernel
def meet(
    ballistic: Ballistic, pictures: Struct, units: Struct, interceptors: Struct, flight_s: F8, arrival_m_s: F8,
    u: int, w: int, x: float, y: float, z: float, vx: float, vy: float, vz: float,
) -> tuple[float, float, float]:  # fmt: skip
    """Time of flight [s], arrival speed [m/s] and altitude [m] of the earliest meeting of a shot fired now.

    As ``intercept.solve_intercept``, for a track that falls and for the interceptor's envelope against such targets;
    how fast it may be is asked where it is met, since the air slows it. A round that would be where the track enters
    the envelope much sooner than the track is not launched yet.
    """
    p, reach = units.picture[u], ballistic.reaches[w]
    floor = max(reach.altitude_min_m, ballistic.keep_out_m[u])
    ex, ey, ez, ux, uy, uz = outward(pictures, p, x, y, z, vx, vy, vz)
    tau, before_tau, before_gap, before_speed, before_high = 0.0, 0.0, math.inf, 0.0, 0.0
    while tau <= interceptors.flight_max_s[w] + STEP_S:
        px, py, pz = _inward(pictures, p, ex, ey, ez)
        ground = math.hypot(px - units.position_m[u, 0], py - units.position_m[u, 1])
        high = altitude_m(pictures, p, px, py, pz)
        gap, speed = math.inf, 0.0
        slow = ux * ux + uy * uy + uz * uz <= interceptors.target_speed_max_m_s[w] ** 2
        within = interceptors.range_min_m[w] <= ground <= reach.range_max_m and floor <= high <= reach.altitude_max_m
        if slow and within:
            flight, speed = lookup(
                flight_s[w], arrival_m_s[w], interceptors.range_step_m[w], interceptors.altitude_step_m[w], ground,
                max(high - units.altitude_m[u], 0.0),
            )  # fmt: skip
            gap = flight - tau
        if gap <= 0.0:
            if before_gap == math.inf:
                return (tau, speed, high) if gap >= -EARLY_S else (math.inf, 0.0, 0.0)
            share = before_gap / (before_gap - gap)
            return (
                before_tau + share * (tau - before_tau), before_speed + share * (speed - before_speed),
                before_high + share * (high - before_high),
            )  # fmt: skip
        if high < floor and high < before_high:
            break
        before_tau, before_gap, before_speed, before_high = tau, gap, speed, high
        ex, ey, ez, ux, uy, uz = step(
            ex, ey, ez, ux, uy, uz, STEP_S, ballistic.coefficient_kg_m2, ballistic.air_kg_m3, WGS84
        )  # fmt: skip
        tau += STEP_S
    return math.inf, 0.0, 0.0


@kernel
def outward(
    pictures: Struct, p: int, x: float, y: float, z: float, vx: float, vy: float, vz: float
) -> tuple[float, float, float, float, float, float]:
    """A state of picture `p`'s frame, earth-centred [m, m/s]."""
    m, o = pictures.to_local, pictures.origin_m
    ex, ey, ez = out_of(m, p, x, y, z, o[p, 0], o[p, 1], o[p, 2])
    ux, uy, uz = out_of(m, p, vx, vy, vz)
    return ex, ey, ez, ux, uy, uz


@kernel
def _inward(pictures: Struct, p: int, ex: float, ey: float, ez: float) -> tuple[float, float, float]:
    """An earth-centred place in picture `p`'s frame [m]."""
    o = pictures.origin_m
    return into(pictures.to_local, p, ex - o[p, 0], ey - o[p, 1], ez - o[p, 2])
