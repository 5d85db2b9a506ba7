"""The one loop: a page of calls in mission order. Everything that varies is elsewhere.

scan → plots → tracks → orders → acquisition → launch → intercept → assessment; leakers arrive.
"""

from __future__ import annotations

import math

import numpy as np

from kalkan.byref import by_reference
from kalkan.jit import kernel
from kalkan.kernels import events, random
from kalkan.kernels import state as states
from kalkan.kernels.arrival import arrive
from kalkan.kernels.command import cycle
from kalkan.kernels.engagement import dwell
from kalkan.kernels.launching import launch_when_due
from kalkan.kernels.merging import merge_sector
from kalkan.kernels.plan import LOOK_ENGAGE, Plan
from kalkan.kernels.rare import choose_spared
from kalkan.kernels.records import Records, fell_short, in_time_order, note
from kalkan.kernels.sensing import begin_scan, false_plots, scan_start_s, true_plots
from kalkan.kernels.state import ACQUIRING, IDLE, REACTING, State
from kalkan.kernels.supply import fill, reload
from kalkan.kernels.trace import keep_plots
from kalkan.kernels.tracking import associate_sector
from kalkan.schema import (
    DEPARTED,
    EV_DEPART,
    EV_HIT,
    EV_LEAK,
    LEAKED,
    MISSED,
    N_SECTORS,
    NEVER_SEEN,
    NO_TRACK,
    NOT_HELD,
    OBSTACLES,
    OUT_OF_ENVELOPE,
    QUEUE_FULL,
    TOO_LATE,
    UNRESOLVED,
)  # fmt: skip


def run_block(plan: Plan, seed: int, branch: int, first_replication: int, n: int, records: Records) -> None:
    """Run replications ``first_replication … + n`` into rows ``0 … n`` of fresh `records`.

    Parameters
    ----------
    plan : Plan
    seed, branch : int
        Key of the random numbers; each non-negative, below 2**64.
    first_replication, n : int
        Which replications; each depends on its own number alone.
    records : Records
        From ``records.allocate``. The GIL is released while the loop runs.
    """
    _start(plan, states.allocate(plan), _stream(seed, branch), first_replication, n, records)


def trace_one(plan: Plan, seed: int, branch: int, replication: int, records: Records, room: int) -> State:
    """Run one replication into row 0 of fresh `records`, with a trace.

    Parameters
    ----------
    plan, seed, branch, replication, records
        As for :func:`run_block`.
    room : int
        Entries of the trace that can be kept.

    Returns
    -------
    State
        As it stands at the end: ``trace.entries``, of which ``trace.n[0]`` were wanted; the jitters that
        each threat flew with in ``truth.start_s`` and ``truth.offset_m``; the scans' ``phase``.
    """
    state = states.allocate(plan, room)
    _start(plan, state, _stream(seed, branch), replication, 1, records)
    return state


def _start(plan: Plan, state: State, stream: random.Word, first_replication: int, n: int, records: Records) -> None:
    """Hand over what the loop works on, each as one pointer."""
    _run_rows(by_reference(plan), by_reference(state), stream, first_replication, n, by_reference(records))


def _stream(seed: int, branch: int) -> random.Word:
    """Key of a study's random numbers; uint64 by name: a plain int would be int64 for half of all seeds."""
    return np.uint64(random.mix(np.uint64(seed), np.uint64(branch)))


@kernel
def _run_rows(plan: Plan, state: State, stream: random.Word, first_replication: int, n: int, records: Records) -> None:
    """The rows of a block, in compiled code: handing over a Plan from Python takes milliseconds."""
    for row in range(n):
        _replicate(plan, state, stream, first_replication + row, records, row)


@kernel
def _replicate(plan: Plan, state: State, stream: random.Word, replication: int, records: Records, row: int) -> None:
    """One replication from start to horizon."""
    _reset(plan, state, stream, replication)
    _queue_first_events(plan, state)
    while state.heap.size[0] > 0:
        t_s, kind, entity = events.pop(state.heap)
        if t_s > plan.study.horizon_s:
            break
        if kind == events.SECTOR:
            _sweep(plan, state, records, row, stream, replication, entity, t_s)
        elif kind == events.DWELL:
            dwell(plan, state, records, row, stream, replication, entity, t_s)
        elif kind == events.LAUNCH:
            launch_when_due(plan, state, records, row, entity, t_s)
        elif kind == events.COMMAND:
            cycle(plan, state, records, row, entity, t_s)
            events.push(
                state.heap, t_s + plan.pictures.cycle_s[entity], events.COMMAND, plan.pictures.key[entity], entity
            )
        elif kind == events.INTERCEPT:
            arrive(plan, state, records, row, stream, replication, entity, t_s)
        elif kind == events.RELOAD:
            reload(plan, state, records, row, entity, t_s)
        elif kind == events.ARRIVAL:
            _leak(plan, state, records, row, stream, replication, entity, t_s)
        else:
            _depart(state, records, row, entity, t_s)
    _close(plan, state, records, row)
    in_time_order(records, row)


@kernel
def _reset(plan: Plan, state: State, stream: random.Word, replication: int) -> None:
    """State as before the first event, with this replication's jitters and scan phases."""
    truth, tracks, eng = state.truth, state.tracks, state.slot
    state.heap.size[:] = 0
    state.now_s[0] = -1.0
    arrived_s = 0.0
    for i in range(truth.size):
        key = plan.threats.key[i]
        u0, u2, _, _ = random.draw4(stream, replication, random.START, key, 0, 0)
        u1, _, _, _ = random.draw4(stream, replication, random.ROUTE, key, 0, 0)
        truth.alive[i] = True
        jitter = plan.threats.time_jitter_s[i] * random.normal(u0)
        begin_s = plan.threats.start_s[i]
        if plan.threats.mean_gap_s[i] > 0.0:  # Poisson arrivals: an exponential gap after the one before
            follows = i > 0 and plan.threats.raid[i] == plan.threats.raid[i - 1]
            begin_s = (arrived_s if follows else begin_s) - plan.threats.mean_gap_s[i] * math.log(u2)
            arrived_s = begin_s
        truth.start_s[i] = max(begin_s + jitter, 0.0) + plan.threats.shift_s[i]
        truth.end_s[i] = truth.start_s[i] + plan.threats.duration_s[i]
        beside = plan.threats.offset_m[i] + plan.threats.route_jitter_m[i] * random.normal(u1)
        truth.offset_m[i] = min(max(beside, -plan.threats.reach_m[i]), plan.threats.reach_m[i])
        truth.hint[i] = plan.paths.first[plan.threats.path[i]]
    choose_spared(plan, state, stream, replication)
    truth.launched[:] = 0
    truth.resolved[:] = 0
    truth.met[:] = 0
    truth.assessed[:] = 0
    truth.salvos[:] = 0
    state.memory.fired[:] = 0
    truth.obstacle_s[:] = 0.0
    for r in range(plan.radars.size):
        u0, _, _, _ = random.draw4(stream, replication, random.PHASE, plan.radars.key[r], 0, 0)
        state.sensed.scans.phase[r] = u0
        state.sensed.scans.number[r] = 0
        state.sensed.scans.sector[r] = 0
    cap = tracks.table.shape[1]
    for p in range(tracks.n.size):
        tracks.n[p] = 0
        for k in range(cap):
            tracks.free[p, k] = cap - 1 - k
            tracks.table.status[p, k] = states.FREE
            tracks.table.serial[p, k] = 0
    eng.phase[:] = IDLE
    eng.serial[:] = 0
    state.unit.n[:] = 0
    state.unit.dwelling[:] = False
    state.unit.launching[:] = False
    state.unit.next_launch_s[:] = 0.0
    state.flights.busy[:] = False
    state.unit.in_air[:] = 0
    for u in range(plan.units.size):
        state.unit.slew_rad[u] = plan.radars.boresight_rad[plan.units.radar[u]]
    fill(plan, state)


@kernel
def _queue_first_events(plan: Plan, state: State) -> None:
    """Arrivals and departures of all threats; first sector of each search radar; command cycles."""
    truth = state.truth
    for i in range(truth.size):
        leak_s = truth.start_s[i] + plan.threats.leak_s[i]
        if leak_s < math.inf:
            events.push(state.heap, leak_s, events.ARRIVAL, plan.threats.key[i], i)
        events.push(state.heap, truth.end_s[i], events.DEPARTURE, plan.threats.key[i], i)
    for r in range(plan.radars.size):
        if plan.radars.picture[r] >= 0:
            _queue_sector(plan, state, r)
    for p in range(plan.pictures.size):
        events.push(state.heap, plan.pictures.cycle_s[p], events.COMMAND, plan.pictures.key[p], p)


@kernel
def _queue_sector(plan: Plan, state: State, r: int) -> None:
    """Queue the end of radar `r`'s running sector."""
    share = (state.sensed.scans.sector[r] + 1) / N_SECTORS
    t_s = scan_start_s(plan.radars, state.sensed.scans, r) + share * plan.radars.scan_period_s[r]
    events.push(state.heap, max(t_s, 0.0), events.SECTOR, plan.radars.key[r], r)


@kernel
def _sweep(
    plan: Plan, state: State, records: Records, row: int, stream: random.Word, replication: int, r: int, t_s: float
) -> None:
    """A sector of radar `r` has passed: look, make plots, associate; go on to the next sector."""
    radars, scans = plan.radars, state.sensed.scans
    boresight = _boresight(plan, state, r)
    if scans.sector[r] == 0:
        begin_scan(plan, state.truth, state.sensed, r, boresight)
    state.sensed.n[0] = 0
    true_plots(plan, state, records, row, stream, replication, r, boresight)
    false_plots(plan, state.sensed, records, row, stream, replication, r, boresight)
    keep_plots(state.trace, state.sensed.plots, state.sensed.n[0], r)
    start_s = t_s - radars.scan_period_s[r] / N_SECTORS
    associate_sector(plan, state, records, row, r, boresight, start_s, t_s)
    merge_sector(plan, state, records, row, r, t_s)
    scans.sector[r] += 1
    if scans.sector[r] == N_SECTORS:
        scans.sector[r] = 0
        scans.number[r] += 1
    _queue_sector(plan, state, r)


@kernel
def _boresight(plan: Plan, state: State, r: int) -> float:
    """Where the middle of radar `r`'s sector points [rad]: an engagement radar turns with its unit."""
    if plan.radars.role[r] == LOOK_ENGAGE:
        for u in range(plan.units.size):
            if plan.units.radar[u] == r:
                return state.unit.slew_rad[u]
    return plan.radars.boresight_rad[r]


@kernel
def _leak(
    plan: Plan, state: State, records: Records, row: int, stream: random.Word, replication: int, i: int, t_s: float
) -> None:
    """Threat `i` reaches its aim or release point, unless it was killed."""
    if not state.truth.alive[i]:
        return
    records.threat.threat_outcome[row, i] = LEAKED
    records.threat.threat_end_s[row, i] = t_s
    records.threat.threat_reason[row, i] = _why(state, records, row, i)
    aim = plan.threats.aim[i]
    note(records, row, t_s, EV_LEAK, i, aim, float(records.threat.threat_reason[row, i]))
    u0, _, _, _ = random.draw4(stream, replication, random.HIT, plan.threats.key[i], 0, 0)
    if u0 < plan.kinds.hit_probability[plan.threats.kind[i]]:
        records.threat.threat_hit[row, i] = 1
        records.asset.asset_hits[row, aim] += 1
        note(records, row, t_s, EV_HIT, i, aim, 0.0)


@kernel
def _why(state: State, records: Records, row: int, i: int) -> int:
    """Why threat `i` leaks: the furthest stage reached, then what cost the most time."""
    truth, eng = state.truth, state.slot
    if truth.launched[i] > 0:
        return MISSED if truth.resolved[i] > 0 else TOO_LATE
    if math.isnan(records.threat.threat_first_plot_s[row, i]):
        return NEVER_SEEN
    if math.isnan(records.threat.threat_first_track_s[row, i]):
        return NO_TRACK
    for u in range(state.unit.size):
        for c in range(eng.shape[1]):
            if eng.phase[u, c] == IDLE or eng.blamed[u, c] != i:
                continue
            if eng.phase[u, c] == REACTING:
                return TOO_LATE
            return NOT_HELD if eng.phase[u, c] == ACQUIRING else eng.obstacle[u, c]
    best, most = OUT_OF_ENVELOPE, 0.0
    for reason in OBSTACLES:
        if truth.obstacle_s[i, reason] > most:
            best, most = reason, truth.obstacle_s[i, reason]
    return best


@kernel
def _depart(state: State, records: Records, row: int, i: int, t_s: float) -> None:
    """Threat `i` has flown its whole route; without an aim it departs."""
    if state.truth.alive[i] and records.threat.threat_outcome[row, i] == UNRESOLVED:
        records.threat.threat_outcome[row, i] = DEPARTED
        records.threat.threat_end_s[row, i] = t_s
        note(records, row, t_s, EV_DEPART, i, -1, 0.0)


@kernel
def _close(plan: Plan, state: State, records: Records, row: int) -> None:
    """Book what runs until the horizon: full channels and the rounds left; and when each threat began."""
    if state.heap.size[1] > 0:
        fell_short(records.replication, row, QUEUE_FULL)
    for i in range(state.truth.size):
        records.threat.threat_start_s[row, i] = state.truth.start_s[i]
    for u in range(plan.units.size):
        if state.unit.n[u] >= plan.units.target_channels[u]:
            records.unit.channels_full_s[row, u] += plan.study.horizon_s - state.unit.full_since_s[u]
        for w in range(records.loads.shape[2]):
            records.loads.rounds_left[row, u, w] = state.unit.rounds[u, w]
