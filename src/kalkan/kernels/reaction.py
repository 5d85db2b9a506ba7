"""Reaction: vehicles turn back, descend or give up when they are illuminated or shot at, as the scenario writes it.

*Illuminated* is a vehicle from when an engagement radar holds it, whether or not a round follows; that a radar
searches it, or looks for it in vain, it does not notice. *Shot at* is what a round was launched at, true or not to the
track that it was sent to. Each reaction of a vehicle is set off once, by the first radar or round, and its chance drawn
once. Who turns back or aborts before it was at its aim or release has *given up*, and attacks nothing more.
"""

from __future__ import annotations

import math

import numpy as np

from kalkan.jit import kernel
from kalkan.kernels import events, random
from kalkan.kernels.booking import note
from kalkan.kernels.course import descend, turn_back
from kalkan.kernels.emission import dwell_and_be_heard
from kalkan.kernels.engagement import dwell
from kalkan.kernels.launching import launch_when_due
from kalkan.kernels.leaving import depart, leak
from kalkan.kernels.outage import BEGIN
from kalkan.kernels.reacting import ABORT, DESCEND, ILLUMINATED, MOST, SHOT_AT, TURN_BACK
from kalkan.kernels.state import HOLDING
from kalkan.kernels.struck import leak_to_parts
from kalkan.kernels.world import World, draw
from kalkan.schema import EV_ABORTS, EV_DESCENDS, EV_TURNS_BACK, GAVE_UP, UNRESOLVED


@kernel
def react(world: World, entity: int, t_s: float) -> None:
    """A vehicle does what it is to do: `entity` is its number of `MOST`, and which of them."""
    if entity == BEGIN:
        _as_planned(world)
        return
    i, which = entity // MOST, entity % MOST
    plan, truth, course = world.plan, world.state.truth, world.state.reacted.courses
    if not truth.alive[i] or t_s < truth.start_s[i] or t_s >= truth.end_s[i]:
        return
    k = plan.reacting.vehicles.first[i] + which
    does, unit = plan.reacting.reactions.does[k], course.made_by[i, which]
    if does == ABORT:
        _give_up(world, i, t_s, EV_ABORTS, unit)
    elif t_s < course.turned_s[i]:
        events.push(world.state.heap, course.turned_s[i], events.REACTION, _key(world, i, which), entity)
    elif does == DESCEND:
        height = descend(world, i, plan.reacting.reactions.low[k] + plan.reacting.vehicles.lane[i], t_s)
        if height > 0.0:
            note(world, t_s, EV_DESCENDS, i, unit, height)
    elif does == TURN_BACK and course.way[i] == 1:
        turn_back(world, i, t_s)
        _give_up(world, i, t_s, EV_TURNS_BACK, unit)


@kernel
def _as_planned(world: World) -> None:
    """At the beginning of a replication everything flies as its route is written."""
    plan, truth, course = world.plan, world.state.truth, world.state.reacted.courses
    for i in range(truth.size):
        plan.threats.path[i] = plan.reacting.vehicles.path[i]
        course.noticed[i], course.rounds[i], course.made_by[i, :] = 0, 0, -1
        course.base[i], course.way[i], course.hint[i] = plan.reacting.vehicles.path[i], 1, 0
        course.base_s[i], course.at_s[i], course.turned_s[i], course.due_s[i] = 0.0, truth.start_s[i], -math.inf, -1.0


@kernel
def _key(world: World, i: int, which: int) -> random.Word:
    return world.plan.threats.key[i] + np.uint64(which)


@kernel
def _give_up(world: World, i: int, t_s: float, event: int, unit: int) -> None:
    """Threat `i` attacks nothing more; what it has released already it has."""
    records, row = world.records.threat, world.run.row[0]
    world.state.reacted.courses.due_s[i] = math.inf
    undecided = records.threat_outcome[row, i] == UNRESOLVED
    if undecided:
        records.threat_outcome[row, i] = GAVE_UP
        records.threat_end_s[row, i] = t_s
    if undecided or event == EV_TURNS_BACK:
        note(world, t_s, event, i, unit, 0.0)


@kernel
def _notice(world: World, i: int, u: int, when: int, t_s: float) -> None:
    """Threat `i` is illuminated or shot at by unit `u`: what that sets off is queued, once."""
    reacting, course = world.plan.reacting, world.state.reacted.courses
    for k in range(reacting.vehicles.first[i], reacting.vehicles.last[i]):
        which = k - reacting.vehicles.first[i]
        if reacting.reactions.when[k] != when or (course.noticed[i] >> which) & 1:
            continue
        course.noticed[i] |= 1 << which
        course.made_by[i, which] = u
        ordinal = MOST * when + reacting.reactions.does[k]
        u0, _, _, _ = draw(world, random.REACTION, world.plan.threats.key[i], 0, ordinal)
        if u0 < reacting.reactions.chance[k]:
            due_s = t_s + reacting.reactions.delay_s[k]
            events.push(world.state.heap, due_s, events.REACTION, _key(world, i, which), MOST * i + which)


@kernel
def _look_who_notices(world: World, u: int, t_s: float) -> None:
    """What unit `u` holds is illuminated, and that at which more rounds were launched than before is shot at."""
    slot, truth, course = world.state.slot, world.state.truth, world.state.reacted.courses
    for c in range(world.plan.units.target_channels[u]):
        i = slot.threat[u, c]
        if slot.phase[u, c] != HOLDING or i < 0:
            continue
        if not slot.remote[u, c]:  # what only a report holds is not illuminated
            _notice(world, i, u, ILLUMINATED, t_s)
        if truth.launched[i] > course.rounds[i]:
            course.rounds[i] = truth.launched[i]
            _notice(world, i, u, SHOT_AT, t_s)


@kernel
def dwell_and_be_noticed(world: World, u: int, t_s: float) -> None:
    """As ``engagement.dwell``; who is held or shot at may react."""
    dwell(world, u, t_s)
    _look_who_notices(world, u, t_s)


@kernel
def dwell_be_heard_and_noticed(world: World, u: int, t_s: float) -> None:
    """As ``emission.dwell_and_be_heard``; who is held or shot at may react."""
    dwell_and_be_heard(world, u, t_s)
    _look_who_notices(world, u, t_s)


@kernel
def launch_and_be_noticed(world: World, u: int, t_s: float) -> None:
    """As ``launching.launch_when_due``; who is shot at may react."""
    launch_when_due(world, u, t_s)
    _look_who_notices(world, u, t_s)


@kernel
def _is_due(world: World, i: int, t_s: float) -> bool:
    """Whether threat `i` is at its aim or release now, by what it has made of its course."""
    due_s = world.state.reacted.courses.due_s[i]
    return due_s == t_s or due_s < 0.0


@kernel
def leak_if_it_came(world: World, i: int, t_s: float) -> None:
    """As ``leaving.leak``, of what has not given up and comes when it says."""
    if _is_due(world, i, t_s):
        leak(world, i, t_s)


@kernel
def leak_to_parts_if_it_came(world: World, i: int, t_s: float) -> None:
    """As ``struck.leak_to_parts``, of what has not given up and comes when it says."""
    if _is_due(world, i, t_s):
        leak_to_parts(world, i, t_s)


@kernel
def depart_if_it_goes(world: World, i: int, t_s: float) -> None:
    """As ``leaving.depart``, at the end of what it really flew."""
    if t_s == world.state.truth.end_s[i]:
        depart(world, i, t_s)
