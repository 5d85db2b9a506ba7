"""Explaining: after each command cycle, what was decided about every track, and on which grounds.

Only where one replication is told whole (``trace``). Of an order: when and where a round will meet the track, and how
many channels the unit then uses. Of a track that waits: the unit that came closest to a shot, what stood in its way,
and where its round will first reach the track, if that goes on straight. Of a held target that is not shot at: why not.
It is written down when it changes. Nothing here changes what happens: the same kernels are asked that decide
(``command.meets``).
"""

from __future__ import annotations

import math

from kalkan.jit import kernel
from kalkan.kernels import events
from kalkan.kernels.command import facing_both, meets, met_lately
from kalkan.kernels.intercept import solve_intercept
from kalkan.kernels.launching import allowed_there, wants_launch, worth_a_round
from kalkan.kernels.outlook import outlook, perceived_class
from kalkan.kernels.plan import Plan
from kalkan.kernels.sensing import covers
from kalkan.kernels.state import IDLE, State
from kalkan.kernels.trace import HELD, ORDERED, WAITED, keep_decision
from kalkan.kernels.world import World
from kalkan.schema import NO_REASON, NOT_CHOSEN, NOT_IDENTIFIED, OUT_OF_ENVELOPE, REASONS
from kalkan.tracking.tables import CONFIRMED

AHEAD_S, STEP_S = 1200.0, 4.0  # how far ahead, and in which steps, it is looked for where a round will reach a track
KINDS, STAGES = len(REASONS), 3  # of a decision: why, and waited, ordered or held


@kernel
def explain(world: World, p: int, t_s: float) -> None:
    """Tell what picture `p` has decided in the cycle that has just passed; the next time is queued."""
    plan, state = world.plan, world.state
    tracks = state.tracks
    for a in range(tracks.n[p]):
        k = tracks.active[p, a]
        if tracks.table.status[p, k] != CONFIRMED:
            continue
        if state.targets.engaged[p, k] == 0:
            if met_lately(plan, state, p, k, t_s):
                _of_waiting(plan, state, p, k, t_s)
            continue
        for u in range(plan.units.size):
            if plan.units.picture[u] == p:
                _of_channels(plan, state, u, k, t_s)
    events.push(state.heap, t_s + plan.pictures.cycle_s[p], events.EXPLAIN, plan.pictures.key[p], p)


@kernel
def _of_channels(plan: Plan, state: State, u: int, k: int, t_s: float) -> None:
    """What unit `u` does about track `k`, if it engages it: just ordered, or held and not shot at."""
    p, eng = plan.units.picture[u], state.slot
    for c in range(plan.units.target_channels[u]):
        mine = eng.track[u, c] == k and eng.track_serial[u, c] == state.tracks.table.serial[p, k]
        if eng.phase[u, c] == IDLE or not mine:
            continue
        if eng.since_s[u, c] == t_s:
            _tell(plan, state, p, k, u, ORDERED, NO_REASON, t_s)
        elif wants_launch(state, u, c) and eng.tried_s[u, c] >= eng.ready_s[u, c]:
            _tell(plan, state, p, k, u, HELD, eng.obstacle[u, c], t_s)


@kernel
def _of_waiting(plan: Plan, state: State, p: int, k: int, t_s: float) -> None:
    """Why track `k` waits: the mildest of the reasons of the post's units, and whose it is."""
    if plan.identity.on and state.known.who.cleared[p, k] != state.tracks.table.serial[p, k]:
        _tell(plan, state, p, k, -1, WAITED, NOT_IDENTIFIED, t_s)
        return
    best, reason = -1, NO_REASON
    for u in range(plan.units.size):
        if plan.units.picture[u] != p or state.retry_s[p, k, u] > t_s:
            continue
        until, why = meets(plan, state, u, k, t_s)
        why = NOT_CHOSEN if until < math.inf else why
        if best < 0 or why > reason:
            best, reason = u, why
    if best >= 0:
        _tell(plan, state, p, k, best, WAITED, reason, t_s)


@kernel
def _tell(plan: Plan, state: State, p: int, k: int, u: int, stage: int, reason: int, t_s: float) -> None:
    """Write a decision about track `k` into the trace, if it is another than the last one about it."""
    told, serial = state.explained, state.tracks.table.serial[p, k]
    decision = 1 + reason + KINDS * (stage + STAGES * (u + 1))
    if told.serial[p, k] == serial and told.decision[p, k] == decision and stage != ORDERED:
        return
    told.serial[p, k], told.decision[p, k] = serial, decision
    wait_s, meeting_m, w = math.nan, math.nan, -1
    if u >= 0 and (stage == ORDERED or reason == OUT_OF_ENVELOPE):
        wait_s, meeting_m, w = first_reached(plan, state, u, k, t_s)
    busy, of = (state.unit.n[u], plan.units.target_channels[u]) if u >= 0 else (0, 0)
    keep_decision(
        state.trace, t_s, u, k, serial, state.tracks.table.threat[p, k], stage, reason, w, wait_s, meeting_m, busy, of
    )


@kernel
def first_reached(plan: Plan, state: State, u: int, k: int, t_s: float) -> tuple[float, float, int]:
    """When a round of unit `u` could first be launched that meets track `k`, if that goes straight on.

    Returns
    -------
    (float, float, int)
        From now on [s], ground range of the meeting from the unit [m], and the type of interceptor; (nan, nan, -1):
        within `AHEAD_S` none. In steps of `STEP_S`; what the unit has ready now counts.
    """
    p, r, units = plan.units.picture[u], plan.units.radar[u], plan.units
    x0, y0, z0, vz = outlook(plan.pictures, state.tracks, p, k, t_s)
    vx, vy = state.tracks.table.x[p, k, 3], state.tracks.table.x[p, k, 4]
    kind = perceived_class(plan.pictures, p, x0, y0, z0, vx, vy, vz)
    for step in range(int(AHEAD_S / STEP_S)):
        s = step * STEP_S
        x, y, z = x0 + s * vx, y0 + s * vy, z0 + s * vz
        for a in range(units.preference.shape[2]):
            w = units.preference[u, kind, a]
            if w < 0:
                break
            if state.unit.rounds[u, w] == 0:
                continue
            flight, _, _ = solve_intercept(plan, u, w, x, y, z, vx, vy, vz)
            if flight == math.inf or not worth_a_round(plan, u, kind, w, x, y, z, vx, vy, vz, flight):
                continue
            mx, my, mz = x + flight * vx, y + flight * vy, z + flight * vz
            ground = math.hypot(mx - units.position_m[u, 0], my - units.position_m[u, 1])
            boresight = facing_both(plan.radars, units, state.unit, u, x, y, z, mx, my, mz)
            seen = covers(plan, r, boresight, x, y, z) and covers(plan, r, boresight, mx, my, mz)
            if seen and allowed_there(units, u, kind, ground):
                return s, ground, w
    return math.nan, math.nan, -1
