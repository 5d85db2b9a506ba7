"""Following the air picture: what its changes mean for engagements, for what was fired, and for the records.

A new track may go on with what another one was shot at; a joined one hands its engagements over; of a lost one that was
shot at the post remembers how often (``memory``).
"""

from __future__ import annotations

import math

from kalkan.arrays import Struct
from kalkan.jit import kernel
from kalkan.kernels.booking import fell_short, note
from kalkan.kernels.memory import recall, remember
from kalkan.kernels.plan import Plan
from kalkan.kernels.state import HOLDING, IDLE, State
from kalkan.kernels.trace import keep_track, keep_track_end
from kalkan.kernels.world import World
from kalkan.schema import EV_TRACK, EV_TRACK_END, MEMORY_FULL
from kalkan.tracking.tables import (
    ALONE,
    BORN,
    CONFIRMED,
    DROPPED,
    JOINED,
    MET,
    N_CHANGES,
    NEVER_S,
    PROVED,
    RESTATED,
    AirPicture,
)


@kernel
def follow(world: World, r: int) -> None:
    """Draw the conclusions from what a sector of radar `r` has changed, in order."""
    state, air = world.state, world.state.tracks
    p, changes = world.plan.radars.picture[r], air.changes
    if air.short[0] > 0:
        fell_short(world, air.short[0])
    for i in range(air.number[N_CHANGES]):
        kind, k = changes.kind[i], changes.track[i]
        if kind == BORN:
            forget(state, p, k)
        elif kind == MET:
            _book_plot(world, changes, r, p, i)
        elif kind == PROVED:
            _first_track(world, changes, r, i)
        elif kind == JOINED:
            _join(world, p, changes.other[i], k)
        elif kind == DROPPED:
            _lose(world, changes, p, i)
        elif kind == ALONE:
            _stand(world, p, k, changes.t_s[i])
        if kind in (MET, RESTATED):
            keep_track(state.trace, changes, p, i)


@kernel
def forget(state: State, p: int, k: int) -> None:
    """Nothing has been done yet about the new track in slot `k`."""
    targets = state.targets
    targets.engaged[p, k], targets.fired[p, k], targets.vanished_s[p, k] = 0, 0, NEVER_S
    targets.unseen_m[p, k], targets.unseen_s[p, k] = math.inf, NEVER_S
    for u in range(state.retry_s.shape[2]):
        state.retry_s[p, k, u] = NEVER_S


@kernel
def _book_plot(world: World, changes: Struct, r: int, p: int, i: int) -> None:
    """Book a plot of a true object that a confirmed track took."""
    if changes.before[i] != CONFIRMED or changes.threat[i] < 0:
        return
    if changes.was[i] >= 0 and changes.threat[i] != changes.was[i]:
        world.records.post.track_swaps[world.run.row[0], p] += 1
    _first_track(world, changes, r, i)


@kernel
def _first_track(world: World, changes: Struct, r: int, i: int) -> None:
    """Book the first confirmed track on a threat, just updated by radar `r`: when, how far from it, and which radar."""
    threats, row, threat = world.records.threat, world.run.row[0], changes.threat[i]
    if threat < 0 or not math.isnan(threats.threat_first_track_s[row, threat]):
        return
    x, from_m = changes.x, world.plan.radars.offset_m
    dx, dy, dz = x[i, 0] - from_m[r, 0], x[i, 1] - from_m[r, 1], x[i, 2] - from_m[r, 2]
    threats.threat_first_track_s[row, threat] = changes.t_s[i]
    threats.threat_first_track_range_m[row, threat] = math.sqrt(dx * dx + dy * dy + dz * dz)
    threats.threat_first_track_radar[row, threat] = r


@kernel
def _lose(world: World, changes: Struct, p: int, i: int) -> None:
    """A track has ended; unless its target was told to be gone, what was fired at it is remembered."""
    state, targets, k = world.state, world.state.targets, changes.track[i]
    keep_track_end(state.trace, changes, p, i)
    if targets.fired[p, k] > 0 and targets.engaged[p, k] == 0 and not changes.gone[i]:
        v, w = changes.variance_m2, changes.variance_m2_s2
        forgets = remember(
            state.memory, p, targets.fired[p, k], changes.state_s[i], changes.x[i], v[i, 0] + v[i, 1] + v[i, 2],
            w[i, 0] + w[i, 1] + w[i, 2], world.plan.pictures.memory_s[p],
        )  # fmt: skip
        if forgets:
            fell_short(world, MEMORY_FULL)
    if changes.status[i] == CONFIRMED:
        note(world, changes.t_s[i], EV_TRACK_END, changes.threat[i], p, 0.0)


@kernel
def _stand(world: World, p: int, k: int, confirmed_s: float) -> None:
    """A confirmed track is no other: it takes over what was lost before it, and is booked."""
    plan, state, row = world.plan, world.state, world.run.row[0]
    air, targets = state.tracks, state.targets
    if not adopted(plan.units, state.slot, air, targets, p, k):
        targets.fired[p, k] += recall(plan.pictures, air.gate, state.memory, air.table, p, k)
    world.records.post.tracks_confirmed[row, p] += 1
    if air.table.threat[p, k] < 0:
        world.records.post.tracks_false[row, p] += 1
    note(world, confirmed_s, EV_TRACK, air.table.threat[p, k], p, 0.0)


@kernel
def adopted(units: Struct, eng: Struct, air: AirPicture, targets: Struct, p: int, k: int) -> bool:
    """Whether a unit of the post holds the target of the new track, under one that is gone: it goes on as this."""
    table, best_u, best_c, best2 = air.table, -1, -1, air.gate
    for u in range(units.size):
        if units.picture[u] != p:
            continue
        for c in range(units.target_channels[u]):
            if eng.phase[u, c] != HOLDING or table.serial[p, eng.track[u, c]] == eng.track_serial[u, c]:
                continue
            dt, d2, var = table.t_s[p, k] - eng.t_s[u, c], 0.0, 0.0
            for i in range(3):
                d2 += (eng.x[u, c, i] + dt * eng.x[u, c, i + 3] - table.x[p, k, i]) ** 2
                var += table.p[p, k, i, i] + eng.p[u, c, i, i] + dt * dt * eng.p[u, c, i + 3, i + 3]
            if d2 / var < best2:
                best_u, best_c, best2 = u, c, d2 / var
    if best_u < 0:
        return False
    eng.track[best_u, best_c], eng.track_serial[best_u, best_c] = k, table.serial[p, k]
    targets.engaged[p, k] += 1
    targets.fired[p, k] = eng.fired[best_u, best_c]
    return True


@kernel
def _join(world: World, p: int, keep: int, gone: int) -> None:
    """Track `gone` has become `keep`, with which its engagements go on."""
    plan, state, targets = world.plan, world.state, world.state.targets
    targets.fired[p, keep] += targets.fired[p, gone]
    targets.fired[p, gone] = 0
    targets.vanished_s[p, keep] = max(targets.vanished_s[p, keep], targets.vanished_s[p, gone])
    _hand_over(plan, state, p, keep, gone)
    _count_all(plan.units, state.slot, state.tracks.table.serial[p, keep], targets.fired[p, keep], p, keep)
    world.records.post.tracks_merged[world.run.row[0], p] += 1


@kernel
def _hand_over(plan: Plan, state: State, p: int, keep: int, gone: int) -> None:
    """The engagements of track `gone` become those of `keep`; what a unit may not try, it may not try again."""
    eng, targets, table, retry_s = state.slot, state.targets, state.tracks.table, state.retry_s
    for u in range(plan.units.size):
        if plan.units.picture[u] != p:
            continue
        retry_s[p, keep, u] = max(retry_s[p, keep, u], retry_s[p, gone, u])
        for c in range(plan.units.target_channels[u]):
            if eng.phase[u, c] == IDLE or eng.track[u, c] != gone:
                continue
            if eng.track_serial[u, c] == table.serial[p, gone]:
                eng.track[u, c], eng.track_serial[u, c] = keep, table.serial[p, keep]
    targets.engaged[p, keep] += targets.engaged[p, gone]


@kernel
def _count_all(units: Struct, eng: Struct, serial: int, fired: int, p: int, k: int) -> None:
    """Every engagement of track `k` knows of all rounds launched at it, under whichever track."""
    for u in range(units.size):
        if units.picture[u] != p:
            continue
        for c in range(units.target_channels[u]):
            mine = eng.track[u, c] == k and eng.track_serial[u, c] == serial
            if eng.phase[u, c] != IDLE and mine:
                eng.fired[u, c] = fired
