"""Beginning and end of a replication: the state before the first event, and what runs until the horizon."""

from __future__ import annotations

import math

from kalkan.jit import kernel
from kalkan.kernels import events, random
from kalkan.kernels.booking import fell_short
from kalkan.kernels.carried import is_carried, leave
from kalkan.kernels.plan import Plan
from kalkan.kernels.rare import choose_spared
from kalkan.kernels.search import queue_sector
from kalkan.kernels.state import IDLE, State
from kalkan.kernels.supply import fill
from kalkan.kernels.world import World, draw
from kalkan.schema import QUEUE_FULL
from kalkan.tracking.lifecycle import clear

BEFORE_ALL_S = -1.0  # jammers are heard before the first beam


@kernel
def reset(world: World) -> None:
    """State as before the first event, with this replication's jitters and scan phases."""
    plan, state = world.plan, world.state
    truth, tracks, eng = state.truth, state.tracks, state.slot
    state.heap.size[:] = 0
    state.now_s[0] = -1.0
    arrived_s = 0.0
    for i in range(truth.size):
        key = plan.threats.key[i]
        u0, u2, _, _ = draw(world, random.START, key, 0, 0)
        u1, _, _, _ = draw(world, random.ROUTE, key, 0, 0)
        truth.alive[i], truth.killed_s[i] = True, math.inf
        jitter = plan.threats.time_jitter_s[i] * random.normal(u0)
        begin_s = plan.threats.start_s[i]
        if plan.threats.mean_gap_s[i] > 0.0:  # Poisson arrivals: an exponential gap after the one before
            follows = i > 0 and plan.threats.raid[i] == plan.threats.raid[i - 1]
            begin_s = (arrived_s if follows else begin_s) - plan.threats.mean_gap_s[i] * math.log(u2)
            arrived_s = begin_s
        if plan.threats.parent[i] >= 0:  # it comes with the missile that releases it, which stands before it
            begin_s = truth.start_s[plan.threats.parent[i]]
        truth.start_s[i] = max(begin_s + jitter, 0.0) + plan.threats.shift_s[i]
        truth.end_s[i] = truth.start_s[i] + plan.threats.duration_s[i]
        beside = plan.threats.offset_m[i] + plan.threats.route_jitter_m[i] * random.normal(u1)
        truth.offset_m[i] = min(max(beside, -plan.threats.reach_m[i]), plan.threats.reach_m[i])
        truth.hint[i] = plan.paths.first[plan.threats.path[i]]
    choose_spared(world)
    truth.launched[:] = 0
    truth.resolved[:] = 0
    truth.met[:] = 0
    truth.assessed[:] = 0
    truth.salvos[:] = 0
    state.memory.fired[:] = 0
    truth.obstacle_s[:] = 0.0
    for r in range(plan.radars.size):
        u0, _, _, _ = draw(world, random.PHASE, plan.radars.key[r], 0, 0)
        state.sensed.scans.phase[r] = u0
        state.sensed.scans.number[r] = 0
        state.sensed.scans.sector[r] = 0
    clear(tracks)
    eng.phase[:] = IDLE
    eng.serial[:] = 0
    state.unit.n[:] = 0
    state.unit.dwelling[:] = False
    state.unit.launching[:] = False
    state.unit.next_launch_s[:] = 0.0
    state.flights.busy[:] = False
    state.unit.in_air[:] = 0
    state.unit.turns_s[:], state.unit.turned_s[:] = 0.0, 0.0
    for u in range(plan.units.size):
        state.unit.slew_rad[u] = plan.radars.boresight_rad[plan.units.radar[u]]
    fill(world)


@kernel
def queue_first_events(plan: Plan, state: State) -> None:
    """Arrivals and departures of all threats; first sector of each search radar; command cycles."""
    truth = state.truth
    for i in range(truth.size):
        leak_s = truth.start_s[i] + plan.threats.leak_s[i]
        if leak_s < math.inf:
            events.push(state.heap, leak_s, events.ARRIVAL, plan.threats.key[i], i)
        events.push(state.heap, truth.end_s[i], events.DEPARTURE, plan.threats.key[i], i)
    for r in range(plan.radars.size):
        if plan.radars.picture[r] >= 0:
            queue_sector(plan, state, r)
    if plan.sources.on:
        for s in range(plan.sources.radars.size):
            events.push(state.heap, 0.0, events.LINK, plan.sources.radars.key[s], s)
    if plan.warning.on:
        for n in range(plan.warning.launched.size):
            i = plan.warning.launched[n]
            told_s = truth.start_s[i] + plan.warning.delay_s
            events.push(state.heap, told_s, events.WARNING, plan.threats.key[i], i)
    for j in range(plan.interference.jammers.size):
        events.push(state.heap, BEFORE_ALL_S, events.JAMMING, plan.interference.jammers.key[j], j)
    for p in range(plan.pictures.size):
        if plan.identity.on:
            events.push(state.heap, 0.0, events.IDENTITY, plan.pictures.key[p], p)
        events.push(state.heap, plan.pictures.cycle_s[p], events.COMMAND, plan.pictures.key[p], p)
        if plan.ballistic.p_light > 0.0:
            events.push(state.heap, 0.5 * plan.pictures.cycle_s[p], events.DISCERN, plan.pictures.key[p], p)
        if plan.watching.decisions:
            events.push(state.heap, plan.pictures.cycle_s[p], events.EXPLAIN, plan.pictures.key[p], p)
    if plan.watching.period_s > 0.0:
        events.push(state.heap, plan.watching.period_s, events.WATCH, 0, 0)


@kernel
def close(world: World) -> None:
    """Book what runs until the horizon: full channels and the rounds left; and when each threat began."""
    plan, state, records, row = world.plan, world.state, world.records, world.run.row[0]
    if state.heap.size[1] > 0:
        fell_short(world, QUEUE_FULL)
    for i in range(state.truth.size):
        records.threat.threat_start_s[row, i] = state.truth.start_s[i]
    for u in range(plan.units.size):
        if state.unit.n[u] >= plan.units.target_channels[u]:
            records.unit.channels_full_s[row, u] += plan.study.horizon_s - state.unit.full_since_s[u]
        for w in range(records.loads.shape[2]):
            records.loads.rounds_left[row, u, w] = state.unit.rounds[u, w]
    if is_carried(world.carried):
        leave(state, world.carried, row)
