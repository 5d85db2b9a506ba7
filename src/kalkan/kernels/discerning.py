"""Discerning: a post weighs, plot by plot, whether what falls loses energy like a missile or like something lighter.

Midway between two command cycles it looks at the newest state of every confirmed track that has the energy of a
ballistic missile. What the air took since the track's energy was noted (``models.discrimination``) tells a decoy or
debris, which falls behind, from what it fell with. The energy is noted anew as long as nothing has been learnt and it
is known better, or where it grew: a motor burns. A track that has lost its energy when it is seen counts as light where
it sinks as only light things do. A track that is surely light is not ordered to be engaged by units that spare decoys,
and who engages it breaks off. Only a plan in which missiles release something has this room.

kalkan's own simplifications: a post looks for decoys where a scenario has any; it knows the standard air, and reads
nothing but drag: neither size, nor shape, nor how a body tumbles.
"""

from __future__ import annotations

import math

from kalkan.arrays import F8
from kalkan.jit import kernel
from kalkan.kernels import events
from kalkan.kernels.booking import note
from kalkan.kernels.falling import outward
from kalkan.kernels.identity import break_off
from kalkan.kernels.intercept import altitude_m, climb_m_s, falls
from kalkan.kernels.plan import Plan
from kalkan.kernels.state import State
from kalkan.kernels.world import World
from kalkan.models.ballistic import WGS84, air_at, energy_j_kg, height_m
from kalkan.models.discrimination import column_j_m2, flow_w_m2, p_light
from kalkan.models.flyout import GRAVITY_M_S2
from kalkan.schema import EV_SPARED, EV_TAKEN_HEAVY, EV_TAKEN_LIGHT
from kalkan.tracking.tables import CONFIRMED


@kernel
def discern(world: World, p: int, t_s: float) -> None:
    """Weigh the tracks of picture `p` anew; the next time is queued."""
    plan, state = world.plan, world.state
    tracks, apart = state.tracks, state.apart
    for a in range(tracks.n[p]):
        k = tracks.active[p, a]
        if tracks.table.status[p, k] != CONFIRMED:
            continue
        if apart.serial[p, k] != tracks.table.serial[p, k]:
            apart.serial[p, k], apart.light[p, k] = tracks.table.serial[p, k], 0
            apart.t_s[p, k], apart.column_s[p, k] = -math.inf, -math.inf
        p_decoy = weighed(plan, state, p, k)
        light = 1 if p_decoy >= plan.ballistic.surely_light else 0
        if p_decoy >= 0.0 and light != apart.light[p, k]:
            apart.light[p, k] = light
            note(world, t_s, EV_TAKEN_LIGHT if light else EV_TAKEN_HEAVY, tracks.table.threat[p, k], p, p_decoy)
        if apart.light[p, k] and state.targets.engaged[p, k] > 0:
            for u in range(plan.units.size):
                if plan.units.picture[u] == p and plan.ballistic.spares[u]:
                    break_off(world, p, k, u, t_s, EV_SPARED)
    events.push(state.heap, t_s + plan.pictures.cycle_s[p], events.DISCERN, plan.pictures.key[p], p)


@kernel
def weighed(plan: Plan, state: State, p: int, k: int) -> float:
    """P(decoy or debris) of track `k` of picture `p` after its newest plot; -1 where there is nothing new."""
    apart, table, ballistic = state.apart, state.tracks.table, plan.ballistic
    s, q, at_s = table.x[p, k], table.p[p, k], table.t_s[p, k]
    speed2 = s[3] * s[3] + s[4] * s[4] + s[5] * s[5]
    high = altitude_m(plan.pictures, p, s[0], s[1], s[2])
    if at_s <= apart.t_s[p, k]:
        return -1.0
    if not falls(plan.pictures, p, high, speed2):
        apart.t_s[p, k] = at_s
        return 1.0 if sinks(plan, p, s, q, high, speed2) else -1.0
    x, y, z, vx, vy, vz = outward(plan.pictures, p, s[0], s[1], s[2], s[3], s[4], s[5])
    energy = energy_j_kg(x, y, z, vx, vy, vz, WGS84)
    flow = flow_w_m2(air_at(ballistic.air_kg_m3, height_m(x, y, z, WGS84)), math.sqrt(speed2))
    deep = plan.pictures.mean_radius_m[p] + plan.pictures.altitude_m[p] + s[2]
    pull = WGS84.mu_m3_s2 / (x * x + y * y + z * z) / math.sqrt(s[0] * s[0] + s[1] * s[1] + deep * deep)
    slope = (pull * s[0], pull * s[1], pull * deep, s[3], s[4], s[5])  # of the energy, by the state
    variance = 0.0
    for i in range(6):
        for j in range(6):
            variance += slope[i] * q[i, j] * slope[j]
    if apart.column_s[p, k] > -math.inf:
        apart.column_j_m2[p, k] += column_j_m2(apart.flow_w_m2[p, k], flow, at_s - apart.column_s[p, k])
    lost, spread = apart.energy_j_kg[p, k] - energy, apart.variance_j2_kg2[p, k] + variance
    learnt = apart.column_j_m2[p, k] / ballistic.light_kg_m2 > math.sqrt(variance)
    better = variance <= apart.variance_j2_kg2[p, k] and not learnt
    anew = apart.column_s[p, k] == -math.inf or better or lost < -plan.pictures.climb_sigmas[p] * math.sqrt(spread)
    apart.t_s[p, k], apart.column_s[p, k], apart.flow_w_m2[p, k] = at_s, at_s, flow
    if anew:
        apart.energy_j_kg[p, k], apart.variance_j2_kg2[p, k], apart.column_j_m2[p, k] = energy, variance, 0.0
        return ballistic.p_light
    return p_light(
        ballistic.p_light, lost, spread, apart.column_j_m2[p, k], ballistic.light_kg_m2, ballistic.coefficient_kg_m2
    )


@kernel
def sinks(plan: Plan, p: int, s: F8, q: F8, high_m: float, speed2: float) -> bool:
    """Whether a track that has lost its energy falls as steeply and slowly as light things do at the end.

    That is more steeply than anything that flies, and slower than the heaviest decoy falls in air so dense: a missile
    is faster to the ground.
    """
    ballistic = plan.ballistic
    climb = climb_m_s(plan.pictures, p, s[0], s[1], s[2], s[3], s[4], s[5])
    sure = climb < -plan.pictures.climb_sigmas[p] * math.sqrt(q[5, 5])
    steep = climb * climb > ballistic.steep_sin * ballistic.steep_sin * speed2
    slow = speed2 * air_at(ballistic.air_kg_m3, high_m) < 2.0 * GRAVITY_M_S2 * ballistic.light_kg_m2
    return sure and steep and slow
