"""Leaving: a threat reaches its aim or release, or the end of its route; and why it got so far."""

from __future__ import annotations

import math

from kalkan.jit import kernel
from kalkan.kernels import random
from kalkan.kernels.booking import note
from kalkan.kernels.state import ACQUIRING, IDLE, REACTING
from kalkan.kernels.world import World, draw
from kalkan.schema import (
    DEPARTED,
    EV_DEPART,
    EV_HIT,
    EV_LEAK,
    LEAKED,
    MISSED,
    NEVER_SEEN,
    NO_TRACK,
    NOT_HELD,
    OBSTACLES,
    OUT_OF_ENVELOPE,
    TOO_LATE,
    UNRESOLVED,
)


@kernel
def leak(world: World, i: int, t_s: float) -> None:
    """Threat `i` reaches its aim or release point, unless it was killed."""
    if world.state.truth.alive[i]:
        get_through(world, i, t_s, why(world, i), world.plan.kinds.hit_probability[world.plan.threats.kind[i]])


@kernel
def get_through(world: World, i: int, t_s: float, reason: int, p_hit: float) -> bool:
    """Book that threat `i` leaks, and why; whether it hits its aim, which it does with this probability."""
    plan, records, row = world.plan, world.records, world.run.row[0]
    records.threat.threat_outcome[row, i] = LEAKED
    records.threat.threat_end_s[row, i] = t_s
    records.threat.threat_reason[row, i] = reason
    aim = plan.threats.aim[i]
    note(world, t_s, EV_LEAK, i, aim, float(reason))
    u0, _, _, _ = draw(world, random.HIT, plan.threats.key[i], 0, 0)
    if u0 >= p_hit:
        return False
    records.threat.threat_hit[row, i] = 1
    records.asset.asset_hits[row, aim] += 1
    note(world, t_s, EV_HIT, i, aim, 0.0)
    return True


@kernel
def why(world: World, i: int) -> int:
    """Why threat `i` leaks: the furthest stage reached, then what cost the most time."""
    state, records, row = world.state, world.records, world.run.row[0]
    truth, eng = state.truth, state.slot
    if truth.launched[i] > 0:
        return MISSED if truth.resolved[i] > 0 else TOO_LATE
    if math.isnan(records.threat.threat_first_told_s[row, i]):
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
def depart(world: World, i: int, t_s: float) -> None:
    """Threat `i` has flown its whole route; without an aim it departs."""
    state, records, row = world.state, world.records, world.run.row[0]
    if state.truth.alive[i] and records.threat.threat_outcome[row, i] == UNRESOLVED:
        records.threat.threat_outcome[row, i] = DEPARTED
        records.threat.threat_end_s[row, i] = t_s
        note(world, t_s, EV_DEPART, i, -1, 0.0)
