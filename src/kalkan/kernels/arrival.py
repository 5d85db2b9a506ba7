"""Arrival: an interceptor meets whichever true object lies near its held track, or nothing, and kills by chance."""

from __future__ import annotations

import math

from kalkan.arrays import F8
from kalkan.earth.frames import into, out_of
from kalkan.jit import kernel
from kalkan.kernels import random
from kalkan.kernels.booking import note
from kalkan.kernels.intercept import altitude_m
from kalkan.kernels.plan import Plan
from kalkan.kernels.rare import misses
from kalkan.kernels.sensing import everything_now
from kalkan.kernels.state import State
from kalkan.kernels.trace import keep_intercept
from kalkan.kernels.world import World, draw
from kalkan.models.lethality import common_failure, own_chance
from kalkan.schema import EV_EMPTY, EV_KILL, EV_MISS, GAVE_UP, HOSTILE, KILLED, UNRESOLVED


@kernel
def arrive(world: World, entity: int, t_s: float) -> None:
    """An interceptor arrives: it meets the object nearest to the held track within its basket, or nothing."""
    plan, state, records, row = world.plan, world.state, world.records, world.run.row[0]
    flights, eng, truth = state.flights, state.slot, state.truth
    slots = flights.shape[1]
    u, f = entity // slots, entity % slots
    flights.busy[u, f] = False
    state.unit.in_air[u] -= 1
    truth.resolved[flights.blamed[u, f]] += 1
    c, w = flights.engagement[u, f], flights.kind[u, f]
    supported = eng.serial[u, c] == flights.engagement_serial[u, f]
    if supported:
        eng.in_flight[u, c] -= 1
        eng.arrived[u, c] += 1
        if eng.in_flight[u, c] == 0 and eng.salvo_left[u, c] == 0:
            eng.assess_s[u, c] = t_s + eng.look_s[u, c]
    i = -1
    if supported:
        i = _object_in_basket(plan, state, u, w, eng.x[u, c], eng.t_s[u, c], t_s)
    elif flights.alone[u, f]:
        i = _object_in_basket(plan, state, u, w, flights.x[u, f], flights.t_s[u, f], t_s)
    if i < 0:
        if truth.alive[flights.blamed[u, f]]:
            records.unit.met_nothing[row, u] += 1
            if not supported:
                records.unit.unheld_rounds[row, u] += 1
        note(world, t_s, EV_EMPTY, flights.blamed[u, f], u, float(w))
        keep_intercept(state.trace, t_s, u, f, EV_EMPTY, -1)
        return
    _first_intercept(world, u, i)
    u0, _, _, _ = draw(world, random.KILL, plan.threats.key[i], 0, truth.met[i])
    truth.met[i] += 1
    p_kill = _p_kill(plan, state, u, w, i, flights.speed_m_s[u, f], t_s)
    share = plan.pictures.common_cause[plan.units.picture[u]]
    u1, _, _, _ = draw(world, random.COMMON, plan.threats.key[i], 0, flights.salvo[u, f])
    if u1 < common_failure(p_kill, share) or misses(world, i, u0, own_chance(p_kill, share)):
        note(world, t_s, EV_MISS, i, u, float(w))
        keep_intercept(state.trace, t_s, u, f, EV_MISS, i)
        return
    truth.alive[i], truth.killed_s[i] = False, t_s
    if plan.ballistic.p_light > 0.0:
        _release_nothing(plan, state, i, t_s)
    if plan.threats.side[i] == HOSTILE and plan.threats.parent[i] < 0:
        records.loads.kills[row, u, w] += 1
    records.threat.threat_killer[row, i] = u
    ended = records.threat.threat_outcome[row, i]
    if ended in (UNRESOLVED, GAVE_UP):
        records.threat.threat_outcome[row, i] = KILLED
        records.threat.threat_end_s[row, i] = t_s
    note(world, t_s, EV_KILL, i, u, float(w))
    keep_intercept(state.trace, t_s, u, f, EV_KILL, i)


@kernel
def _release_nothing(plan: Plan, state: State, i: int, t_s: float) -> None:
    """Threat `i` is killed: what it has not released yet never flies."""
    truth = state.truth
    for j in range(truth.size):
        if plan.threats.parent[j] == i and truth.start_s[j] > t_s:
            truth.alive[j], truth.start_s[j], truth.end_s[j] = False, math.inf, math.inf


@kernel
def _first_intercept(world: World, u: int, i: int) -> None:
    """Book how far from fire unit `u` (its radar) object `i` is when an interceptor first meets it."""
    plan, state, records, row = world.plan, world.state, world.records, world.run.row[0]
    if records.threat.threat_first_intercept_unit[row, i] >= 0:
        return
    now, from_m, r = state.truth.now_m, plan.radars.position_m, plan.units.radar[u]
    dx, dy, dz = now[i, 0] - from_m[r, 0], now[i, 1] - from_m[r, 1], now[i, 2] - from_m[r, 2]
    records.threat.threat_first_intercept_range_m[row, i] = math.sqrt(dx * dx + dy * dy + dz * dz)
    records.threat.threat_first_intercept_unit[row, i] = u


@kernel
def _object_in_basket(plan: Plan, state: State, u: int, w: int, s: F8, seen_s: float, t_s: float) -> int:
    """The true object nearest to a track with state `s` at `seen_s` [s] within the interceptor's basket, or -1."""
    p, truth = plan.units.picture[u], state.truth
    dt = t_s - seen_s
    x, y, z = s[0] + dt * s[3], s[1] + dt * s[4], s[2] + dt * s[5]
    m, o = plan.pictures.to_local, plan.pictures.origin_m
    ex, ey, ez = out_of(m, p, x, y, z, o[p, 0], o[p, 1], o[p, 2])
    everything_now(plan, state, t_s)
    best, best2 = -1, plan.interceptors.basket_m[w] ** 2
    for i in range(truth.size):
        if truth.present[i] and truth.alive[i]:
            d2 = (truth.now_m[i, 0] - ex) ** 2 + (truth.now_m[i, 1] - ey) ** 2 + (truth.now_m[i, 2] - ez) ** 2
            if d2 < best2:
                best, best2 = i, d2
    return best


@kernel
def _p_kill(plan: Plan, state: State, u: int, w: int, i: int, speed_m_s: float, t_s: float) -> float:
    """Claimed single-shot probability times the factors of models.lethality, for object `i`."""
    p, truth, r = plan.units.picture[u], state.truth, plan.units.radar[u]
    dx = truth.now_m[i, 0] - plan.radars.position_m[r, 0]
    dy = truth.now_m[i, 1] - plan.radars.position_m[r, 1]
    dz = truth.now_m[i, 2] - plan.radars.position_m[r, 2]
    vx, vy, vz = truth.now_m_s[i, 0], truth.now_m_s[i, 1], truth.now_m_s[i, 2]
    slant = math.sqrt(dx * dx + dy * dy + dz * dz)
    target = max(math.sqrt(vx * vx + vy * vy + vz * vz), 1e-3)
    cos_crossing = min(max(-(dx * vx + dy * vy + dz * vz) / max(slant * target, 1e-9), -1.0), 1.0)
    ox = truth.now_m[i, 0] - plan.pictures.origin_m[p, 0]
    oy = truth.now_m[i, 1] - plan.pictures.origin_m[p, 1]
    oz = truth.now_m[i, 2] - plan.pictures.origin_m[p, 2]
    east, north, up = into(plan.pictures.to_local, p, ox, oy, oz)
    altitude = altitude_m(plan.pictures, p, east, north, up)
    types, kind = plan.interceptors, plan.kinds.target_class[plan.threats.kind[i]]
    return plan.models.kill(
        types.p_kill[w, kind], speed_m_s / target, math.acos(cos_crossing),
        altitude, _clearance_m(plan, state, i, t_s), types.altitude_min_m[w], types.altitude_max_m[w],
        types.no_speed_ratio[w, kind], types.full_speed_ratio[w, kind], types.full_crossing_rad[w],
        types.tail_chase_factor[w], types.edge_factor[w], types.edge_fraction[w],
    )  # fmt: skip


@kernel
def _clearance_m(plan: Plan, state: State, i: int, t_s: float) -> float:
    """Height of object `i` above the ground [m], linear between the knots of its path."""
    knots, path = plan.knots, plan.threats.path[i]
    t = t_s - state.truth.start_s[i]
    k = min(max(state.truth.hint[i], plan.paths.first[path]), plan.paths.last[path] - 2)
    while k < plan.paths.last[path] - 2 and t >= knots.t_s[k + 1]:
        k += 1
    while k > plan.paths.first[path] and t < knots.t_s[k]:
        k -= 1
    share = min(max((t - knots.t_s[k]) / (knots.t_s[k + 1] - knots.t_s[k]), 0.0), 1.0)
    return knots.clearance_m[k] + share * (knots.clearance_m[k + 1] - knots.clearance_m[k])
