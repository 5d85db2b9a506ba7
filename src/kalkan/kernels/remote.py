"""Engaging on what only others see: a target channel that is held through reports instead of by its own radar.

Where a claim and the scenario allow it, a fire unit may be ordered onto a track that an external source has reported
lately though its engagement radar does not cover it, or loses it. The channel then takes the post's track as its
own estimate. What it launches must have a seeker that needs the engagement radar no more near the target
(``active_distance``); until then the unit sends it the track, so the meeting point must lie in the unit's sector, which
an idle unit turns there. kalkan's own simplifications: the round itself, high above its target's horizon, always
hears the unit; the chance that the track will still be told when it is needed is the link's availability; the round
meets what lies in the basket around the track, as every round does.
"""

from __future__ import annotations

from kalkan.arrays import Struct
from kalkan.earth.frames import out_of
from kalkan.jit import kernel
from kalkan.kernels.plan import Plan
from kalkan.kernels.sensing import covers, in_sector
from kalkan.kernels.state import State
from kalkan.models.hold import chance_within


@kernel
def told_lately(units: Struct, table: Struct, u: int, k: int, t_s: float) -> bool:
    """Whether unit `u` may engage track `k` on what others tell of it."""
    return units.on_remote[u] == 1 and t_s - table.told_s[units.picture[u], k] <= units.remote_age_s[u]


@kernel
def by_report(units: Struct, eng: Struct, table: Struct, u: int, c: int, t_s: float) -> bool:
    """Hold channel `c` of unit `u` through the post's track, if that was told of lately: its estimate is taken over."""
    p, k = units.picture[u], eng.track[u, c]
    if table.serial[p, k] != eng.track_serial[u, c] or not told_lately(units, table, u, k, t_s):
        return False
    eng.remote[u, c], eng.t_s[u, c] = 1, table.t_s[p, k]
    for i in range(6):
        eng.x[u, c, i] = table.x[p, k, i]
        for j in range(6):
            eng.p[u, c, i, j] = table.p[p, k, i, j]
    return True


@kernel
def faces(plan: Plan, r: int, boresight_rad: float, x: float, y: float, z: float) -> bool:
    """Whether a place of its picture's frame [m] lies in the sector of radar `r`, in sight or not."""
    o = plan.radars.offset_m
    e, n, _ = out_of(plan.radars.to_picture, r, x - o[r, 0], y - o[r, 1], z - o[r, 2])
    return in_sector(e, n, boresight_rad, plan.radars.sector_rad[r])


@kernel
def can_guide(plan: Plan, state: State, u: int, c: int, w: int, x: float, y: float, z: float) -> bool:
    """Whether channel `c` of unit `u` can bring a round of type `w` to a place of its picture's frame [m]."""
    r, slew = plan.units.radar[u], state.unit.slew_rad[u]
    if state.slot.remote[u, c]:
        return plan.interceptors.active_m[w] > 0.0 and faces(plan, r, slew, x, y, z)
    return covers(plan, r, slew, x, y, z)


@kernel
def chance_by_report(plan: Plan, eng: Struct, u: int, c: int, w: int, t_s: float) -> float:
    """Predicted chance that a round of type `w` meets what channel `c` of unit `u` holds through reports."""
    q, dt, variance = eng.p[u, c], t_s - eng.t_s[u, c], 0.0
    for i in range(3):
        variance += q[i, i] + dt * (2.0 * q[i, i + 3] + dt * q[i + 3, i + 3])
    return plan.units.remote_chance[u] * chance_within(plan.interceptors.basket_m[w], max(variance, 0.0) / 3.0)
