"""Engagement: what a fire unit does with the tracks that it was ordered to engage.

A target channel goes through reaction → acquisition → hold. The engagement radar must itself
detect an object near the cue (own band, aspect, sector, line of sight), keeps its own filter,
and only while it holds are interceptors launched (``launching``) and supported (``arrival``).
"""

from __future__ import annotations

import math

from kalkan.arrays import Struct
from kalkan.earth.frames import out_of
from kalkan.jit import kernel
from kalkan.kernels import events, random
from kalkan.kernels.booking import fell_short, note
from kalkan.kernels.intercept import between_rad
from kalkan.kernels.launching import launch_due, perceived, wants_launch
from kalkan.kernels.memory import remember
from kalkan.kernels.plan import Plan
from kalkan.kernels.remote import by_report
from kalkan.kernels.sensing import distance_m, everything_now, look_at, measure, range_rate, true_state
from kalkan.kernels.slots import detected
from kalkan.kernels.state import ACQUIRING, HOLDING, IDLE, REACTING, State
from kalkan.kernels.trace import keep_slew
from kalkan.kernels.world import World, draw
from kalkan.schema import EV_HELD, EV_LOST, EV_ORDER, EV_RELEASE, MEMORY_FULL, NOT_HELD, TOO_LATE
from kalkan.tracking import filtering, motion
from kalkan.tracking.lifecycle import predicted, restate
from kalkan.tracking.tables import FREE, AirPicture

FAR_FUTURE_S = 1e18


@kernel
def order(world: World, u: int, k: int, t_s: float, turns_s: float, ready_s: float, slew_rad: float) -> None:
    """Give track `k` to a free target channel of fire unit `u`; it is cued at `ready_s` [s].

    An idle unit turns its sector to `slew_rad` [rad] from `turns_s` [s] on, until it is cued.
    """
    plan, state, records, row = world.plan, world.state, world.records, world.run.row[0]
    p, eng, tracks = plan.units.picture[u], state.slot, state.tracks
    c = 0
    while eng.phase[u, c] != IDLE:
        c += 1
    eng.phase[u, c] = REACTING
    eng.serial[u, c] += 1
    eng.track[u, c], eng.track_serial[u, c] = k, tracks.table.serial[p, k]
    eng.since_s[u, c], eng.ready_s[u, c] = t_s, ready_s
    eng.threat[u, c], eng.blamed[u, c] = -1, tracks.table.threat[p, k]
    eng.hits[u, c], eng.looks[u, c], eng.misses[u, c], eng.remote[u, c] = 0, 0, 0, 0
    eng.in_flight[u, c], eng.arrived[u, c], eng.salvo_left[u, c], eng.salvo[u, c] = 0, 0, 0, -1
    eng.fired[u, c] = state.targets.fired[p, k]
    eng.assess_s[u, c], eng.tried_s[u, c] = FAR_FUTURE_S, -FAR_FUTURE_S
    eng.obstacle[u, c] = TOO_LATE
    if state.unit.n[u] == 0:
        state.unit.from_rad[u], state.unit.slew_rad[u] = state.unit.slew_rad[u], slew_rad
        state.unit.turns_s[u], state.unit.turned_s[u] = turns_s, ready_s
        keep_slew(state.trace, t_s, u, slew_rad)
    state.unit.n[u] += 1
    state.targets.engaged[p, k] += 1
    records.unit.orders[row, u] += 1
    records.unit.channels_peak[row, u] = max(records.unit.channels_peak[row, u], state.unit.n[u])
    if state.unit.n[u] >= plan.units.target_channels[u]:
        state.unit.full_since_s[u] = t_s
    note(world, t_s, EV_ORDER, tracks.table.threat[p, k], u, float(state.unit.n[u]))
    if not state.unit.dwelling[u]:
        state.unit.dwelling[u] = True
        next_s = (math.floor(t_s / plan.units.update_s[u]) + 1.0) * plan.units.update_s[u]
        events.push(state.heap, next_s, events.DWELL, plan.units.key[u], u)


@kernel
def release(world: World, u: int, c: int, t_s: float, retry_s: float) -> None:
    """Free target channel `c`; the track is not given to this unit again before `retry_s` [s]."""
    plan, state, records, row = world.plan, world.state, world.records, world.run.row[0]
    p, eng, tracks = plan.units.picture[u], state.slot, state.tracks
    _let_fly(eng, state.flights, u, c, t_s)
    if state.unit.n[u] >= plan.units.target_channels[u]:
        records.unit.channels_full_s[row, u] += t_s - state.unit.full_since_s[u]
    eng.phase[u, c] = IDLE
    eng.serial[u, c] += 1
    state.unit.n[u] -= 1
    if t_s < state.unit.turned_s[u] and state.unit.n[u] == 0:
        _stop_turning(state, u, t_s)
    note(world, t_s, EV_RELEASE, eng.blamed[u, c], u, float(state.unit.n[u]))
    k = eng.track[u, c]
    if tracks.table.serial[p, k] == eng.track_serial[u, c]:
        state.targets.engaged[p, k] -= 1
        state.retry_s[p, k, u] = retry_s
    elif eng.fired[u, c] > 0 and retry_s > t_s:  # not judged dead: whatever continues its track has been shot at
        q = eng.p[u, c]
        forgets = remember(
            state.memory, p, eng.fired[u, c], eng.t_s[u, c], eng.x[u, c], q[0, 0] + q[1, 1] + q[2, 2],
            q[3, 3] + q[4, 4] + q[5, 5], plan.pictures.memory_s[p],
        )  # fmt: skip
        if forgets:
            fell_short(world, MEMORY_FULL)


@kernel
def turned_to(unit: Struct, u: int, t_s: float) -> float:
    """Where the sector of unit `u` looks while it turns, at `t_s` [s] before it has turned [rad]."""
    begun_s = t_s - unit.turns_s[u]
    share = begun_s / (unit.turned_s[u] - unit.turns_s[u]) if begun_s > 0.0 else 0.0
    return unit.from_rad[u] + share * between_rad(unit.from_rad[u], unit.slew_rad[u])


@kernel
def _stop_turning(state: State, u: int, t_s: float) -> None:
    """The sector of unit `u`, which has nothing to do now, stays where its turn has come to."""
    unit = state.unit
    unit.slew_rad[u] = turned_to(unit, u, t_s)
    unit.turned_s[u] = t_s
    keep_slew(state.trace, t_s, u, unit.slew_rad[u])


@kernel
def _let_fly(eng: Struct, flights: Struct, u: int, c: int, t_s: float) -> None:
    """Interceptors of channel `c` that need its hold no more at `t_s` [s] fly on to where its track was going."""
    for f in range(flights.shape[1]):
        mine = flights.engagement[u, f] == c and flights.engagement_serial[u, f] == eng.serial[u, c]
        if flights.busy[u, f] and mine and flights.alone_s[u, f] <= t_s:
            flights.alone[u, f], flights.t_s[u, f] = True, eng.t_s[u, c]
            for i in range(6):
                flights.x[u, f, i] = eng.x[u, c, i]


@kernel
def lose(world: World, u: int, c: int, t_s: float, reason: int) -> None:
    """Break an engagement that cannot go on; the time it took is booked against `reason`.

    From how far an engagement radar did not find the target is remembered with its track.
    """
    plan, state, records, row = world.plan, world.state, world.records, world.run.row[0]
    eng = state.slot
    blamed = eng.blamed[u, c]
    if reason == NOT_HELD:
        records.unit.not_held[row, u] += 1
        note(world, t_s, EV_LOST, blamed, u, 1.0 if eng.phase[u, c] == HOLDING else 0.0)
    if blamed >= 0:
        state.truth.obstacle_s[blamed, reason] += t_s - eng.since_s[u, c]
    p, k, targets = plan.units.picture[u], eng.track[u, c], state.targets
    if state.tracks.table.serial[p, k] == eng.track_serial[u, c]:
        if eng.phase[u, c] == HOLDING:
            targets.vanished_s[p, k] = t_s
        elif reason == NOT_HELD:
            x, y, z = predicted(state.tracks, p, k, t_s)
            slant_m = distance_m(plan.radars, plan.units.radar[u], x, y, z)
            targets.unseen_m[p, k], targets.unseen_s[p, k] = min(targets.unseen_m[p, k], slant_m), t_s
    release(world, u, c, t_s, t_s + plan.pictures.retry_s[p])


@kernel
def dwell(world: World, u: int, t_s: float) -> None:
    """One update of every target channel of fire unit `u`; the next is queued while any is busy."""
    plan, state = world.plan, world.state
    eng = state.slot
    number = round(t_s / plan.units.update_s[u])
    for c in range(plan.units.target_channels[u]):
        if eng.phase[u, c] == IDLE:
            continue
        if eng.phase[u, c] == REACTING and t_s >= eng.ready_s[u, c]:
            eng.phase[u, c] = ACQUIRING
        if eng.phase[u, c] == ACQUIRING:
            everything_now(plan, state, t_s)
            _acquire(world, u, c, t_s, number)
        elif eng.phase[u, c] == HOLDING:
            _hold(world, u, c, t_s, number)
    launch_due(world, u, t_s)
    if state.unit.n[u] > 0:
        events.push(state.heap, (number + 1) * plan.units.update_s[u], events.DWELL, plan.units.key[u], u)
    else:
        state.unit.dwelling[u] = False


@kernel
def _nearest_to_cue(plan: Plan, state: State, u: int, c: int, t_s: float) -> int:
    """The true object nearest to the cue that the radar could be looking at, or -1."""
    p, eng, tracks, truth = plan.units.picture[u], state.slot, state.tracks, state.truth
    k = eng.track[u, c]
    x, y, z = predicted(tracks, p, k, t_s)
    o = plan.pictures.origin_m
    ex, ey, ez = out_of(plan.pictures.to_local, p, x, y, z, o[p, 0], o[p, 1], o[p, 2])
    dt = t_s - tracks.table.t_s[p, k]
    q = tracks.table.p[p, k]
    var = 0.0
    for i in range(3):
        var += q[i, i] + 2.0 * dt * q[i, i + 3] + dt * dt * q[i + 3, i + 3]
    limit = plan.units.cue_m[u] + 3.0 * math.sqrt(max(var, 0.0))
    best, best2 = -1, limit * limit
    for i in range(truth.size):
        if not (truth.present[i] and truth.alive[i]):
            continue
        d2 = (truth.now_m[i, 0] - ex) ** 2 + (truth.now_m[i, 1] - ey) ** 2 + (truth.now_m[i, 2] - ez) ** 2
        if d2 < best2 and not _held(plan, state, u, c, i):
            best, best2 = i, d2
    return best


@kernel
def _held(plan: Plan, state: State, u: int, c: int, i: int) -> bool:
    """Whether another channel of the unit already looks at object `i`."""
    eng = state.slot
    for other in range(plan.units.target_channels[u]):
        if other != c and eng.phase[u, other] >= ACQUIRING and eng.threat[u, other] == i:
            return True
    return False


@kernel
def _acquire(world: World, u: int, c: int, t_s: float, number: int) -> None:
    """One look for the cued object: it is held after enough detections, given up after enough looks."""
    plan, state = world.plan, world.state
    p, eng, tracks, truth = plan.units.picture[u], state.slot, state.tracks, state.truth
    k = eng.track[u, c]
    if tracks.table.serial[p, k] != eng.track_serial[u, c] or tracks.table.status[p, k] == FREE:
        lose(world, u, c, t_s, NOT_HELD)
        return
    if eng.threat[u, c] < 0:
        eng.threat[u, c] = _nearest_to_cue(plan, state, u, c, t_s)
    i = eng.threat[u, c]
    eng.looks[u, c] += 1
    if i >= 0 and truth.present[i] and truth.alive[i]:
        hit = _measure_held(world, u, c, t_s, number, eng.hits[u, c] == 0)
        eng.hits[u, c] += 1 if hit else 0
        if not hit and eng.hits[u, c] == 0:
            eng.threat[u, c] = -1
    else:
        eng.threat[u, c] = -1
        eng.hits[u, c] = 0
    if eng.hits[u, c] >= plan.units.acquire_hits[u]:
        eng.phase[u, c] = HOLDING
        eng.misses[u, c] = 0
        state.targets.unseen_m[p, k] = math.inf
        _begin_salvo(plan, eng, u, c, t_s)
        note(world, t_s, EV_HELD, eng.threat[u, c], u, 0.0)
    elif eng.looks[u, c] >= plan.units.acquire_looks[u]:
        lose(world, u, c, t_s, NOT_HELD)


@kernel
def _measure_held(world: World, u: int, c: int, t_s: float, number: int, first: bool) -> bool:
    """Look at the channel's object; on a detection update (or begin) the channel's filter.

    Without one the channel may be held through what others tell (``remote``).
    """
    plan, state = world.plan, world.state
    p, eng, r = plan.units.picture[u], state.slot, plan.units.radar[u]
    i = eng.threat[u, c]
    px, py, pz, vx, vy, vz = true_state(plan, state.truth, i, t_s)
    p_d, snr_db, slant, e, n, up = look_at(
        plan, r, state.unit.slew_rad[u], plan.threats.kind[i],
        px, py, pz, vx, vy, vz,
    )  # fmt: skip
    if plan.interference.on:
        rate = range_rate(plan.radars, r, px, py, pz, vx, vy, vz)
        snr_db -= plan.models.interference_db(
            plan.interference, state.sensed.jamming, r, t_s, e, n, up, slant, rate
        )
        p_d = min(p_d, detected(plan.models, snr_db, plan.p_d[r, plan.kinds.swerling[plan.threats.kind[i]]]))
    if p_d <= 0.0:
        return by_report(plan.units, eng, state.tracks.table, u, c, t_s)
    u0, u1, u2, u3 = draw(world, random.DWELL, plan.threats.key[i], plan.radars.key[r], number)
    if u0 >= p_d:
        return by_report(plan.units, eng, state.tracks.table, u, c, t_s)
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
        motion.onward(plan.models, plan.pictures, p, x, q, t_s - eng.t_s[u, c])
        filtering.updated(plan.models, x, q, z, cov, state.matrix)
    eng.t_s[u, c], eng.snr_db[u, c], eng.snr_m[u, c], eng.remote[u, c] = t_s, snr_db, slant, 0
    return True


@kernel
def _hold(world: World, u: int, c: int, t_s: float, number: int) -> None:
    """Keep a held object, and assess; whether it is shot at is decided when all channels have looked."""
    plan, state = world.plan, world.state
    p, eng, truth, units = plan.units.picture[u], state.slot, state.truth, plan.units
    i = eng.threat[u, c]
    there = truth.alive[i] and t_s <= truth.end_s[i]
    if there and _measure_held(world, u, c, t_s, number, False):
        eng.misses[u, c] = 0
        if not eng.remote[u, c]:
            _report(eng, state.tracks, p, u, c)
    else:
        eng.misses[u, c] += 1
    gone = eng.misses[u, c] >= units.drop_misses[u]
    if gone and eng.arrived[u, c] > 0 and eng.salvo_left[u, c] > 0:
        eng.salvo_left[u, c] = 0  # it vanished after an intercept: cease fire, and assess
        if eng.in_flight[u, c] == 0:
            eng.assess_s[u, c] = t_s + eng.look_s[u, c]
    waiting = eng.salvo_left[u, c] == 0 and eng.in_flight[u, c] == 0
    if waiting and t_s >= eng.assess_s[u, c]:
        if _assess(world, u, c, t_s):
            return
    elif gone and not waiting and eng.arrived[u, c] == 0:
        if _judged_gone(world, u, c, t_s):
            release(world, u, c, t_s, t_s)
        else:
            lose(world, u, c, t_s, NOT_HELD)
        return
    hopeless = eng.tried_s[u, c] >= eng.ready_s[u, c] and t_s - eng.ready_s[u, c] > plan.pictures.patience_s[p]
    if hopeless and wants_launch(state, u, c) and eng.in_flight[u, c] == 0:  # waiting for the rails is no failure
        lose(world, u, c, t_s, eng.obstacle[u, c])


@kernel
def _assess(world: World, u: int, c: int, t_s: float) -> bool:
    """Judge the target dead or alive, perhaps wrongly; True when the engagement is over."""
    plan, state = world.plan, world.state
    eng = state.slot
    if _judged_gone(world, u, c, t_s):
        release(world, u, c, t_s, t_s)
        return True
    if eng.fired[u, c] >= plan.units.max_rounds[u, perceived(plan.pictures, plan.units, state.slot, u, c)]:
        release(world, u, c, t_s, FAR_FUTURE_S)
        return True
    if eng.misses[u, c] >= plan.units.drop_misses[u]:
        lose(world, u, c, t_s, NOT_HELD)
        return True
    _begin_salvo(plan, eng, u, c, t_s)
    return False


@kernel
def _judged_gone(world: World, u: int, c: int, t_s: float) -> bool:
    """Whether the target of channel `c` is taken for gone, perhaps wrongly; its track then needs a new plot.

    Gone is what was killed, by whichever round, or has reached its end.
    """
    plan, state = world.plan, world.state
    eng, truth, tracks = state.slot, state.truth, state.tracks
    p, i, k = plan.units.picture[u], eng.threat[u, c], eng.track[u, c]
    u0, _, _, _ = draw(world, random.ASSESSMENT, plan.threats.key[i], 0, truth.assessed[i])
    truth.assessed[i] += 1
    gone = not truth.alive[i] or t_s > truth.end_s[i]
    if gone == (u0 < plan.pictures.assessment_error[p]):
        return False
    if tracks.table.serial[p, k] == eng.track_serial[u, c]:
        tracks.table.judged_s[p, k] = t_s
        state.targets.fired[p, k] = 0  # if plots go on they are of another object, as of a formation seen as one
    return True


@kernel
def _begin_salvo(plan: Plan, eng: Struct, u: int, c: int, t_s: float) -> None:
    """The next salvo of channel `c`, as large as the doctrine and the rounds launched before allow."""
    kind = perceived(plan.pictures, plan.units, eng, u, c)
    eng.salvo_left[u, c] = plan.models.salvo(
        plan.units.salvo[u, kind], plan.units.max_rounds[u, kind], eng.fired[u, c]
    )
    eng.salvo[u, c] = -1
    eng.arrived[u, c] = 0
    eng.assess_s[u, c] = FAR_FUTURE_S if eng.salvo_left[u, c] > 0 else t_s
    eng.ready_s[u, c], eng.next_s[u, c] = t_s, t_s
    eng.look_s[u, c] = plan.units.look_s[u, kind]


@kernel
def _report(eng: Struct, air: AirPicture, p: int, u: int, c: int) -> None:
    """The post's track of a held target is as good as the engagement radar's: the unit reports what it sees."""
    k, table = eng.track[u, c], air.table
    if table.serial[p, k] != eng.track_serial[u, c] or table.status[p, k] == FREE or table.t_s[p, k] > eng.t_s[u, c]:
        return
    restate(air, p, k, eng.t_s[u, c], eng.x[u, c], eng.p[u, c], eng.threat[u, c])
