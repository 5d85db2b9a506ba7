"""Engagement: what a fire unit does with the tracks that it was ordered to engage.

A target channel goes through reaction → acquisition → hold. The engagement radar must itself
detect an object near the cue (own band, aspect, sector, line of sight), keeps its own filter,
and only while it holds are interceptors launched and supported. An interceptor meets whichever
true object lies within the basket around the held track when it arrives, or nothing.
"""

from __future__ import annotations

import math

import numpy as np

from kalkan.jit import stage
from kalkan.kernels import events, filtering, random
from kalkan.kernels.intercept import altitude_m, solve_intercept
from kalkan.kernels.plan import Plan
from kalkan.kernels.records import Records, note
from kalkan.kernels.sensing import covers, everything_now, look_at, measure, true_state
from kalkan.kernels.state import ACQUIRING, FREE, HOLDING, IDLE, REACTING, State
from kalkan.kernels.supply import take_round
from kalkan.kernels.trace import keep_channels, keep_intercept, keep_launch, keep_slew
from kalkan.kernels.tracking import predicted
from kalkan.models.lethality import altitude_factor, crossing_factor, speed_factor
from kalkan.schema import (
    EV_EMPTY,
    EV_HELD,
    EV_KILL,
    EV_LAUNCH,
    EV_LOST,
    EV_MISS,
    EV_ORDER,
    KILLED,
    NO_CHANNEL,
    NO_MISSILE,
    NOT_HELD,
    OUT_OF_ENVELOPE,
    TOO_LATE,
    UNRESOLVED,
)  # fmt: skip

CUE_M = 1000.0  # the engagement radar searches this far beyond the cue's own 3 sigma [m]
FAR_FUTURE_S = 1e18


@stage
def order(
    plan: Plan, state: State, records: Records, row: int, u: int, k: int, t_s: float, ready_s: float, slew_rad: float
) -> None:
    """Give track `k` to a free target channel of fire unit `u`; it is cued at `ready_s` [s]."""
    p, eng, tracks = plan.units.picture[u], state.slot, state.tracks
    c = 0
    while eng.phase[u, c] != IDLE:
        c += 1
    eng.phase[u, c] = REACTING
    eng.serial[u, c] += 1
    eng.track[u, c], eng.track_serial[u, c] = k, tracks.table.serial[p, k]
    eng.since_s[u, c], eng.ready_s[u, c] = t_s, ready_s
    eng.threat[u, c], eng.blamed[u, c] = -1, tracks.table.threat[p, k]
    eng.hits[u, c], eng.looks[u, c], eng.misses[u, c] = 0, 0, 0
    eng.in_flight[u, c], eng.arrived[u, c], eng.salvo_left[u, c], eng.salvos[u, c] = 0, 0, 0, 0
    eng.assess_s[u, c], eng.tried_s[u, c] = FAR_FUTURE_S, -FAR_FUTURE_S
    eng.obstacle[u, c] = TOO_LATE
    state.unit.n[u] += 1
    state.unit.slew_rad[u] = slew_rad
    keep_slew(state.trace, t_s, u, slew_rad)
    keep_channels(state.trace, t_s, u, state.unit.n[u])
    tracks.table.engaged[p, k] += 1
    records.unit.orders[row, u] += 1
    records.unit.channels_peak[row, u] = max(records.unit.channels_peak[row, u], state.unit.n[u])
    if state.unit.n[u] >= plan.units.target_channels[u]:
        state.unit.full_since_s[u] = t_s
    note(records, row, t_s, EV_ORDER, tracks.table.threat[p, k], u, 0.0)
    if not state.unit.dwelling[u]:
        state.unit.dwelling[u] = True
        next_s = (math.floor(t_s / plan.units.update_s[u]) + 1.0) * plan.units.update_s[u]
        events.push(state.heap, next_s, events.DWELL, plan.units.key[u], u)


@stage
def release(plan: Plan, state: State, records: Records, row: int, u: int, c: int, t_s: float, retry_s: float) -> None:
    """Free target channel `c`; the track is not given to this unit again before `retry_s` [s]."""
    p, eng, tracks = plan.units.picture[u], state.slot, state.tracks
    if state.unit.n[u] >= plan.units.target_channels[u]:
        records.unit.channels_full_s[row, u] += t_s - state.unit.full_since_s[u]
    eng.phase[u, c] = IDLE
    eng.serial[u, c] += 1
    state.unit.n[u] -= 1
    keep_channels(state.trace, t_s, u, state.unit.n[u])
    k = eng.track[u, c]
    if tracks.table.serial[p, k] == eng.track_serial[u, c]:
        tracks.table.engaged[p, k] -= 1
        tracks.retry_s[p, k, u] = retry_s


@stage
def lose(plan: Plan, state: State, records: Records, row: int, u: int, c: int, t_s: float, reason: int) -> None:
    """Break an engagement that cannot go on; the time it took is booked against `reason`."""
    eng = state.slot
    blamed = eng.blamed[u, c]
    if reason == NOT_HELD:
        records.unit.not_held[row, u] += 1
        note(records, row, t_s, EV_LOST, blamed, u, 0.0)
    if blamed >= 0:
        state.truth.obstacle_s[blamed, reason] += t_s - eng.since_s[u, c]
    release(plan, state, records, row, u, c, t_s, t_s + plan.pictures.retry_s[plan.units.picture[u]])


@stage
def dwell(
    plan: Plan, state: State, records: Records, row: int, stream: int, replication: int, u: int, t_s: float
) -> None:
    """One update of every target channel of fire unit `u`; the next is queued while any is busy."""
    eng = state.slot
    number = round(t_s / plan.units.update_s[u])
    for c in range(plan.units.target_channels[u]):
        if eng.phase[u, c] == IDLE:
            continue
        if eng.phase[u, c] == REACTING and t_s >= eng.ready_s[u, c]:
            eng.phase[u, c] = ACQUIRING
        if eng.phase[u, c] == ACQUIRING:
            everything_now(plan, state, t_s)
            _acquire(plan, state, records, row, stream, replication, u, c, t_s, number)
        elif eng.phase[u, c] == HOLDING:
            _hold(plan, state, records, row, stream, replication, u, c, t_s, number)
    _launch_due(plan, state, records, row, u, t_s)
    if state.unit.n[u] > 0:
        events.push(state.heap, (number + 1) * plan.units.update_s[u], events.DWELL, plan.units.key[u], u)
    else:
        state.unit.dwelling[u] = False


@stage
def _nearest_to_cue(plan: Plan, state: State, u: int, c: int, t_s: float) -> int:
    """The true object nearest to the cue that the radar could be looking at, or -1."""
    p, eng, tracks, truth = plan.units.picture[u], state.slot, state.tracks, state.truth
    k = eng.track[u, c]
    x, y, z = predicted(tracks, p, k, t_s)
    m = plan.pictures.to_local
    ex = plan.pictures.origin_m[p, 0] + m[p, 0, 0] * x + m[p, 1, 0] * y + m[p, 2, 0] * z
    ey = plan.pictures.origin_m[p, 1] + m[p, 0, 1] * x + m[p, 1, 1] * y + m[p, 2, 1] * z
    ez = plan.pictures.origin_m[p, 2] + m[p, 0, 2] * x + m[p, 1, 2] * y + m[p, 2, 2] * z
    dt = t_s - tracks.table.t_s[p, k]
    q = tracks.table.p[p, k]
    var = 0.0
    for i in range(3):
        var += q[i, i] + 2.0 * dt * q[i, i + 3] + dt * dt * q[i + 3, i + 3]
    limit = CUE_M + 3.0 * math.sqrt(max(var, 0.0))
    best, best2 = -1, limit * limit
    for i in range(truth.size):
        if not (truth.present[i] and truth.alive[i]):
            continue
        d2 = (truth.now_m[i, 0] - ex) ** 2 + (truth.now_m[i, 1] - ey) ** 2 + (truth.now_m[i, 2] - ez) ** 2
        if d2 < best2 and not _held(plan, state, u, c, i):
            best, best2 = i, d2
    return best


@stage
def _held(plan: Plan, state: State, u: int, c: int, i: int) -> bool:
    """Whether another channel of the unit already looks at object `i`."""
    eng = state.slot
    for other in range(plan.units.target_channels[u]):
        if other != c and eng.phase[u, other] >= ACQUIRING and eng.threat[u, other] == i:
            return True
    return False


@stage
def _acquire(
    plan: Plan, state: State, records: Records, row: int, stream: int, replication: int, u: int, c: int, t_s: float,
    number: int,
) -> None:  # fmt: skip
    """One look for the cued object: it is held after enough detections, given up after enough looks."""
    p, eng, tracks, truth = plan.units.picture[u], state.slot, state.tracks, state.truth
    k = eng.track[u, c]
    if tracks.table.serial[p, k] != eng.track_serial[u, c] or tracks.table.status[p, k] == FREE:
        lose(plan, state, records, row, u, c, t_s, NOT_HELD)
        return
    if eng.threat[u, c] < 0:
        eng.threat[u, c] = _nearest_to_cue(plan, state, u, c, t_s)
    i = eng.threat[u, c]
    eng.looks[u, c] += 1
    if i >= 0 and truth.present[i] and truth.alive[i]:
        hit = _measure_held(plan, state, stream, replication, u, c, t_s, number, eng.hits[u, c] == 0)
        eng.hits[u, c] += 1 if hit else 0
        if not hit and eng.hits[u, c] == 0:
            eng.threat[u, c] = -1
    else:
        eng.threat[u, c] = -1
        eng.hits[u, c] = 0
    if eng.hits[u, c] >= plan.units.acquire_hits[u]:
        eng.phase[u, c] = HOLDING
        eng.misses[u, c] = 0
        eng.salvo_left[u, c] = plan.units.salvo[u]
        eng.salvos[u, c] = 1
        eng.ready_s[u, c] = t_s
        note(records, row, t_s, EV_HELD, eng.threat[u, c], u, 0.0)
    elif eng.looks[u, c] >= plan.units.acquire_looks[u]:
        lose(plan, state, records, row, u, c, t_s, NOT_HELD)


@stage
def _measure_held(
    plan: Plan, state: State, stream: int, replication: int, u: int, c: int, t_s: float, number: int, first: bool
) -> bool:
    """Look at the channel's object; on a detection update (or begin) the channel's filter."""
    p, eng, r = plan.units.picture[u], state.slot, plan.units.radar[u]
    i = eng.threat[u, c]
    px, py, pz, vx, vy, vz = true_state(plan, state.truth, i, t_s)
    p_d, snr_db, slant, e, n, up = look_at(
        plan, r, state.unit.slew_rad[u], plan.threats.kind[i],
        px, py, pz, vx, vy, vz,
    )  # fmt: skip
    if p_d <= 0.0:
        return False
    u0, u1, u2, u3 = random.draw4(stream, replication, random.DWELL, plan.threats.key[i], plan.radars.key[r], number)
    if u0 >= p_d:
        return False
    z, cov = state.measured.z_m[0], state.measured.r_m2[0]
    measure(
        plan.radars, r, snr_db, slant, e, n, up, random.normal(u1), random.normal(u2), random.normal(u3), z, cov
    )
    x, q = eng.x[u, c], eng.p[u, c]
    if first:
        tracks, k = state.tracks, eng.track[u, c]
        filtering.begin(x, q, z, cov, plan.study.initial_speed_m_s)
        for j in range(3):
            x[j + 3] = tracks.table.x[p, k, j + 3]
            for m in range(3):
                q[j + 3, m + 3] = tracks.table.p[p, k, j + 3, m + 3]
    else:
        filtering.predict(x, q, t_s - eng.t_s[u, c], plan.pictures.process_noise_m_s2[p])
        filtering.update(x, q, z, cov, state.matrix)
    eng.t_s[u, c] = t_s
    return True


@stage
def _hold(
    plan: Plan, state: State, records: Records, row: int, stream: int, replication: int, u: int, c: int, t_s: float,
    number: int,
) -> None:  # fmt: skip
    """Keep a held object, and assess; whether it is shot at is decided when all channels have looked."""
    p, eng, truth, units = plan.units.picture[u], state.slot, state.truth, plan.units
    i = eng.threat[u, c]
    there = truth.alive[i] and t_s <= truth.end_s[i]
    if there and _measure_held(plan, state, stream, replication, u, c, t_s, number, False):
        eng.misses[u, c] = 0
    else:
        eng.misses[u, c] += 1
    gone = eng.misses[u, c] >= units.drop_misses[u]
    if gone and eng.arrived[u, c] > 0 and eng.salvo_left[u, c] > 0:
        eng.salvo_left[u, c] = 0  # it vanished after an intercept: cease fire, and assess
        if eng.in_flight[u, c] == 0:
            eng.assess_s[u, c] = t_s + plan.pictures.assessment_s[p]
    waiting = eng.salvo_left[u, c] == 0 and eng.in_flight[u, c] == 0
    if waiting and t_s >= eng.assess_s[u, c]:
        if _assess(plan, state, records, row, stream, replication, u, c, t_s):
            return
    elif gone and not waiting and eng.arrived[u, c] == 0:
        lose(plan, state, records, row, u, c, t_s, NOT_HELD)
        return
    hopeless = eng.tried_s[u, c] >= eng.ready_s[u, c] and t_s - eng.ready_s[u, c] > plan.pictures.patience_s[p]
    if hopeless and _wants_launch(state, u, c) and eng.in_flight[u, c] == 0:  # waiting for the rails is no failure
        lose(plan, state, records, row, u, c, t_s, eng.obstacle[u, c])


@stage
def _assess(
    plan: Plan, state: State, records: Records, row: int, stream: int, replication: int, u: int, c: int, t_s: float
) -> bool:
    """Judge the target dead or alive, perhaps wrongly; True when the engagement is over."""
    p, eng, truth, units, tracks = (
        plan.units.picture[u], state.slot, state.truth, plan.units, state.tracks,
    )  # fmt: skip
    i = eng.threat[u, c]
    ordinal = truth.assessed[i]
    truth.assessed[i] += 1
    u0, _, _, _ = random.draw4(stream, replication, random.ASSESSMENT, plan.threats.key[i], 0, ordinal)
    gone = not truth.alive[i] or t_s > truth.end_s[i]
    judged_gone = gone != (u0 < plan.pictures.assessment_error[p])
    if judged_gone:
        k = eng.track[u, c]
        if tracks.table.serial[p, k] == eng.track_serial[u, c]:
            tracks.table.judged_s[p, k] = t_s
        release(plan, state, records, row, u, c, t_s, t_s)
        return True
    if units.look[u] == 0 or eng.salvos[u, c] >= units.max_salvos[u]:
        release(plan, state, records, row, u, c, t_s, FAR_FUTURE_S)
        return True
    if eng.misses[u, c] >= units.drop_misses[u]:
        lose(plan, state, records, row, u, c, t_s, NOT_HELD)
        return True
    eng.salvo_left[u, c] = units.salvo[u]
    eng.salvos[u, c] += 1
    eng.arrived[u, c] = 0
    eng.assess_s[u, c] = FAR_FUTURE_S
    eng.ready_s[u, c] = t_s
    return False


@stage
def _near_asset(plan: Plan, p: int, x: float, y: float, vx: float, vy: float) -> bool:
    """Whether a track passes a threatened asset within a minute (then the reserve may be used)."""
    v2 = vx * vx + vy * vy
    for a in range(plan.assets.size):
        dx, dy = plan.asset_m[p, a, 0] - x, plan.asset_m[p, a, 1] - y
        t = (dx * vx + dy * vy) / v2 if v2 > 0.0 else 0.0
        near2 = (dx - t * vx) ** 2 + (dy - t * vy) ** 2
        if 0.0 <= t <= 60.0 and near2 <= plan.pictures.threatened_m[p] ** 2:
            return True
    return False


@stage
def _wants_launch(state: State, u: int, c: int) -> bool:
    """Whether channel `c` has rounds of a salvo to launch at an object that it saw at its last look."""
    eng = state.slot
    return eng.phase[u, c] == HOLDING and eng.salvo_left[u, c] > 0 and eng.misses[u, c] == 0


@stage
def launch_when_due(plan: Plan, state: State, records: Records, row: int, u: int, t_s: float) -> None:
    """The launch interval of fire unit `u` has passed while a channel waited for it."""
    state.unit.launching[u] = False
    _launch_due(plan, state, records, row, u, t_s)


@stage
def _launch_due(plan: Plan, state: State, records: Records, row: int, u: int, t_s: float) -> None:
    """Launch what the unit's launch interval allows at `t_s` [s], and queue the next launch.

    The channel that has been ready longest comes first; one that cannot shoot now makes way.
    """
    eng, unit = state.slot, state.unit
    waiting = False
    while t_s >= unit.next_launch_s[u]:
        first = -1
        for c in range(plan.units.target_channels[u]):
            if _wants_launch(state, u, c) and eng.tried_s[u, c] < t_s:
                first = c if first < 0 or eng.ready_s[u, c] < eng.ready_s[u, first] else first
        if first < 0:
            return
        before = eng.salvo_left[u, first]
        _try_launch(plan, state, records, row, u, first, t_s)
        if eng.salvo_left[u, first] == before:
            eng.tried_s[u, first] = t_s
    for c in range(plan.units.target_channels[u]):
        waiting = waiting or _wants_launch(state, u, c)
    if waiting and not unit.launching[u]:
        unit.launching[u] = True
        events.push(state.heap, unit.next_launch_s[u], events.LAUNCH, plan.units.key[u], u)


@stage
def _try_launch(plan: Plan, state: State, records: Records, row: int, u: int, c: int, t_s: float) -> None:
    """Launch one interceptor of the first type in the order of choice that can meet the track."""
    p, eng, units = plan.units.picture[u], state.slot, plan.units
    if state.unit.in_air[u] >= units.missile_channels[u]:
        eng.obstacle[u, c] = NO_CHANNEL
        return
    dt = t_s - eng.t_s[u, c]
    s = eng.x[u, c]
    x, y, z = s[0] + dt * s[3], s[1] + dt * s[4], s[2] + dt * s[5]
    rounds = state.unit.ready[u]
    if rounds == 0 or (rounds <= units.reserve[u] and not _near_asset(plan, p, x, y, s[3], s[4])):
        eng.obstacle[u, c] = NO_MISSILE
        return
    eng.obstacle[u, c] = OUT_OF_ENVELOPE
    for a in range(units.preference.shape[1]):
        w = units.preference[u, a]
        if w < 0:
            break
        if state.unit.rounds[u, w] == 0:
            continue
        flight, speed, _ = solve_intercept(plan, u, w, x, y, z, s[3], s[4], s[5])
        if flight == math.inf:
            continue
        mx, my, mz = x + flight * s[3], y + flight * s[4], z + flight * s[5]
        ground = math.hypot(mx - units.position_m[u, 0], my - units.position_m[u, 1])
        if ground > units.earliest_m[u] or not covers(
            plan, units.radar[u], state.unit.slew_rad[u], mx, my, mz
        ):
            continue
        f = _launch(plan, state, records, row, u, c, w, t_s, flight, speed)
        keep_launch(state.trace, t_s, u, f, w, eng.threat[u, c], t_s + flight, mx, my, mz)
        return


@stage
def _launch(
    plan: Plan, state: State, records: Records, row: int, u: int, c: int, w: int, t_s: float, flight_s: float,
    speed_m_s: float,
) -> int:  # fmt: skip
    """Take a round and send it; its arrival is queued. The missile channel that it takes."""
    eng, flights, truth = state.slot, state.flights, state.truth
    take_round(plan, state, u, w, t_s)
    f = 0
    while flights.busy[u, f]:
        f += 1
    flights.busy[u, f] = True
    state.unit.in_air[u] += 1
    flights.engagement[u, f], flights.engagement_serial[u, f] = c, eng.serial[u, c]
    flights.kind[u, f], flights.arrival_s[u, f], flights.speed_m_s[u, f] = w, t_s + flight_s, speed_m_s
    i = eng.threat[u, c]
    flights.blamed[u, f] = i
    eng.in_flight[u, c] += 1
    eng.salvo_left[u, c] -= 1
    state.unit.next_launch_s[u] = t_s + plan.units.launch_interval_s[u]
    records.loads.spent[row, u, w] += 1
    truth.launched[i] += 1
    records.threat.threat_shots[row, i] += 1
    if math.isnan(records.threat.threat_first_launch_s[row, i]):
        records.threat.threat_first_launch_s[row, i] = t_s
        dx = eng.x[u, c, 0] - plan.units.position_m[u, 0]
        dy = eng.x[u, c, 1] - plan.units.position_m[u, 1]
        dz = eng.x[u, c, 2] - plan.units.position_m[u, 2]
        records.threat.threat_first_launch_range_m[row, i] = math.sqrt(dx * dx + dy * dy + dz * dz)
    note(records, row, t_s, EV_LAUNCH, i, u, float(w))
    slots = flights.shape[1]
    events.push(state.heap, t_s + flight_s, events.INTERCEPT, plan.units.key[u] + np.uint64(f), u * slots + f)
    return f


@stage
def arrive(
    plan: Plan, state: State, records: Records, row: int, stream: int, replication: int, entity: int, t_s: float
) -> None:
    """An interceptor arrives: it meets the object nearest to the held track within its basket, or nothing."""
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
            eng.assess_s[u, c] = t_s + plan.pictures.assessment_s[plan.units.picture[u]]
    i = _object_in_basket(plan, state, u, c, w, t_s) if supported else -1
    if i < 0:
        if truth.alive[flights.blamed[u, f]]:
            records.unit.met_nothing[row, u] += 1
        note(records, row, t_s, EV_EMPTY, flights.blamed[u, f], u, float(w))
        keep_intercept(state.trace, t_s, u, f, EV_EMPTY, -1)
        return
    u0, _, _, _ = random.draw4(stream, replication, random.KILL, plan.threats.key[i], 0, truth.met[i])
    truth.met[i] += 1
    if u0 >= _p_kill(plan, state, u, w, i, flights.speed_m_s[u, f], t_s):
        note(records, row, t_s, EV_MISS, i, u, float(w))
        keep_intercept(state.trace, t_s, u, f, EV_MISS, i)
        return
    truth.alive[i] = False
    records.loads.kills[row, u, w] += 1
    records.threat.threat_killer[row, i] = u
    if records.threat.threat_outcome[row, i] == UNRESOLVED:
        records.threat.threat_outcome[row, i] = KILLED
        records.threat.threat_end_s[row, i] = t_s
    note(records, row, t_s, EV_KILL, i, u, float(w))
    keep_intercept(state.trace, t_s, u, f, EV_KILL, i)


@stage
def _object_in_basket(plan: Plan, state: State, u: int, c: int, w: int, t_s: float) -> int:
    """The true object nearest to the channel's track within the interceptor's basket, or -1."""
    p, eng, truth = plan.units.picture[u], state.slot, state.truth
    dt = t_s - eng.t_s[u, c]
    s = eng.x[u, c]
    x, y, z = s[0] + dt * s[3], s[1] + dt * s[4], s[2] + dt * s[5]
    m, o = plan.pictures.to_local, plan.pictures.origin_m
    ex = o[p, 0] + m[p, 0, 0] * x + m[p, 1, 0] * y + m[p, 2, 0] * z
    ey = o[p, 1] + m[p, 0, 1] * x + m[p, 1, 1] * y + m[p, 2, 1] * z
    ez = o[p, 2] + m[p, 0, 2] * x + m[p, 1, 2] * y + m[p, 2, 2] * z
    everything_now(plan, state, t_s)
    best, best2 = -1, plan.interceptors.basket_m[w] ** 2
    for i in range(truth.size):
        if truth.present[i] and truth.alive[i]:
            d2 = (truth.now_m[i, 0] - ex) ** 2 + (truth.now_m[i, 1] - ey) ** 2 + (truth.now_m[i, 2] - ez) ** 2
            if d2 < best2:
                best, best2 = i, d2
    return best


@stage
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
    m = plan.pictures.to_local
    altitude = altitude_m(
        plan.pictures, p,
        m[p, 0, 0] * ox + m[p, 0, 1] * oy + m[p, 0, 2] * oz,
        m[p, 1, 0] * ox + m[p, 1, 1] * oy + m[p, 1, 2] * oz,
        m[p, 2, 0] * ox + m[p, 2, 1] * oy + m[p, 2, 2] * oz,
    )  # fmt: skip
    claimed = plan.interceptors.p_kill[w, plan.kinds.target_class[plan.threats.kind[i]]]
    return (
        claimed
        * speed_factor(speed_m_s / target)
        * crossing_factor(math.acos(cos_crossing))
        * altitude_factor(max(altitude, 0.0), 0.0, plan.interceptors.altitude_max_m[w])
        * altitude_factor(_clearance_m(plan, state, i, t_s), plan.interceptors.altitude_min_m[w], 1e9)
    )


@stage
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
