"""Rooms: what happens at an event, one program for each kind, compiled only where a plan needs it.

The loop calls a room through a pointer. So a change of one room compiles no other, and what a scenario does not use
costs nothing at the first start. A new kind of event is a number in ``events``, a kernel ``(world, entity, t_s)``, and
a row of `ROOMS`; of rooms of one kind a plan needs one at most.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numba import types

from kalkan.jit import first_class, kernel
from kalkan.kernels import events
from kalkan.kernels.allotting import cycle_by_worth
from kalkan.kernels.arrival import arrive
from kalkan.kernels.carried import SPELLS_PER_PART
from kalkan.kernels.command import cycle
from kalkan.kernels.discerning import discern
from kalkan.kernels.disturbed import sweep_disturbed
from kalkan.kernels.emission import dwell_and_be_heard
from kalkan.kernels.engagement import dwell
from kalkan.kernels.explaining import explain
from kalkan.kernels.external import tell
from kalkan.kernels.hauling import stand
from kalkan.kernels.identity import look_who
from kalkan.kernels.jamming import radiate
from kalkan.kernels.launching import launch_when_due
from kalkan.kernels.leaving import depart, leak
from kalkan.kernels.outage import change
from kalkan.kernels.plan import ASSIGN_EXPECTED, Plan
from kalkan.kernels.quality import watch
from kalkan.kernels.reacting import MOST
from kalkan.kernels.reaction import (
    depart_if_it_goes,
    dwell_and_be_noticed,
    dwell_be_heard_and_noticed,
    launch_and_be_noticed,
    leak_if_it_came,
    leak_to_parts_if_it_came,
    react,
)
from kalkan.kernels.recalling import cycle_anew
from kalkan.kernels.search import sweep
from kalkan.kernels.struck import leak_to_parts
from kalkan.kernels.supply import reload
from kalkan.kernels.warned import warn
from kalkan.kernels.world import World
from kalkan.kernels.worn import reload_if_it_works, sweep_disturbed_if_it_works, sweep_if_it_works
from kalkan.schema import MAX_TYPES

Handle = Callable[[World, int, float], None]


class Room(NamedTuple):
    """One kind of event."""

    kind: int  # as in ``events``
    handle: Handle  # kernel that is called with the world, the entity, and the time [s]
    waiting: Callable[[Plan], int]  # most events of this kind that wait at once
    needed: Callable[[Plan], bool]  # whether any can happen


def _has_missiles(plan: Plan) -> bool:
    return bool(plan.launchers["load"].any())


def _channels(plan: Plan) -> int:
    """Missile channels of the unit that has most."""
    return int(plan.units["missile_channels"].max(initial=1))


def _has_aims(plan: Plan) -> bool:
    return bool(np.isfinite(plan.threats["leak_s"]).any())


def _has_units(plan: Plan) -> bool:
    return bool(plan.units.size)


def _worn(plan: Plan) -> bool:
    return bool(plan.damage.on)


def _searches(plan: Plan) -> bool:
    return bool((plan.radars["picture"] >= 0).any()) or _worn(plan)


def _undisturbed(plan: Plan) -> bool:
    return _searches(plan) and not plan.interference.on


def _disturbed(plan: Plan) -> bool:
    return _searches(plan) and bool(plan.interference.on)


def _jammed(plan: Plan) -> bool:
    return bool(plan.interference.jammers.size)


def _has_reloads(plan: Plan) -> bool:
    return bool(plan.launchers["reload_sets"].any())


def _weighs(plan: Plan) -> bool:
    weighs = bool((plan.pictures["assignment"] >= ASSIGN_EXPECTED).any())
    return plan.units.size > 0 and weighs and not _reassigns(plan)


def _reassigns(plan: Plan) -> bool:
    return plan.units.size > 0 and bool(np.isfinite(plan.pictures["reassign_gain_s"]).any())


def _commands(plan: Plan) -> bool:
    return plan.units.size > 0 and not _weighs(plan) and not _reassigns(plan)


def _displaces(plan: Plan) -> bool:
    return bool(plan.units["displace_after"].any())


def _sources(plan: Plan) -> int:
    return int(plan.sources.radars.size) if plan.sources.on else 0


def _discerns(plan: Plan) -> int:
    return int(plan.pictures.size) if plan.ballistic.p_light > 0.0 else 0


def _warnings(plan: Plan) -> int:
    """One of each launch, and of each a turn of every fire unit."""
    return int(plan.warning.launched.size * (1 + plan.units.size)) if plan.warning.on else 0


def _watches(plan: Plan) -> bool:
    return plan.watching.period_s > 0.0


def _whole(needed: Callable[[Plan], bool]) -> Callable[[Plan], bool]:
    """Needed, and nothing of the defence can be put out."""
    return lambda plan: needed(plan) and not _worn(plan)


def _hit(needed: Callable[[Plan], bool]) -> Callable[[Plan], bool]:
    """Needed, and parts of the defence can be put out."""
    return lambda plan: needed(plan) and _worn(plan)


def _changes(plan: Plan) -> int:
    """One of each part, outage, fire unit and radar, and of each time that a part of a campaign's defence is out."""
    damage = plan.damage
    spells = SPELLS_PER_PART * damage.parts.size
    n = damage.parts.size + damage.outages.size + plan.units.size + plan.radars.size + spells
    return int(n) if damage.on else 0


def _reacts(plan: Plan) -> bool:
    return bool(plan.reacting.on)


def _flies_on(needed: Callable[[Plan], bool]) -> Callable[[Plan], bool]:
    """Needed, and nothing that flies reacts."""
    return lambda plan: needed(plan) and not _reacts(plan)


def _noticed(needed: Callable[[Plan], bool]) -> Callable[[Plan], bool]:
    """Needed, and what flies may react."""
    return lambda plan: needed(plan) and _reacts(plan)


def _endings(plan: Plan) -> int:
    """One for each threat, and another for each time that it changes its course."""
    return int(plan.threats.size * (1 + MOST * plan.reacting.on))


ROOMS = (
    Room(events.ARRIVAL, leak, _endings, _flies_on(_whole(_has_aims))),
    Room(events.ARRIVAL, leak_to_parts, _endings, _flies_on(_hit(_has_aims))),
    Room(events.ARRIVAL, leak_if_it_came, _endings, _noticed(_whole(_has_aims))),
    Room(events.ARRIVAL, leak_to_parts_if_it_came, _endings, _noticed(_hit(_has_aims))),
    Room(events.SECTOR, sweep, lambda plan: plan.radars.size, _whole(_undisturbed)),
    Room(events.SECTOR, sweep_disturbed, lambda plan: plan.radars.size, _whole(_disturbed)),
    Room(events.SECTOR, sweep_if_it_works, lambda plan: plan.radars.size, _hit(_undisturbed)),
    Room(events.SECTOR, sweep_disturbed_if_it_works, lambda plan: plan.radars.size, _hit(_disturbed)),
    Room(events.INTERCEPT, arrive, lambda plan: plan.units.size * _channels(plan), _has_missiles),
    Room(events.RELOAD, reload, lambda plan: plan.launchers.size * MAX_TYPES, _whole(_has_reloads)),
    Room(events.RELOAD, reload_if_it_works, lambda plan: plan.launchers.size * MAX_TYPES, _hit(_has_reloads)),
    Room(events.DWELL, dwell, lambda plan: plan.units.size, _flies_on(_whole(_has_units))),
    Room(events.DWELL, dwell_and_be_heard, lambda plan: plan.units.size, _flies_on(_hit(_has_units))),
    Room(events.DWELL, dwell_and_be_noticed, lambda plan: plan.units.size, _noticed(_whole(_has_units))),
    Room(events.DWELL, dwell_be_heard_and_noticed, lambda plan: plan.units.size, _noticed(_hit(_has_units))),
    Room(events.LAUNCH, launch_when_due, lambda plan: plan.units.size, _flies_on(_has_missiles)),
    Room(events.LAUNCH, launch_and_be_noticed, lambda plan: plan.units.size, _noticed(_has_missiles)),
    Room(events.COMMAND, cycle, lambda plan: plan.pictures.size, _commands),
    Room(events.COMMAND, cycle_by_worth, lambda plan: plan.pictures.size, _weighs),
    Room(events.COMMAND, cycle_anew, lambda plan: plan.pictures.size, _reassigns),
    Room(events.DEPARTURE, depart, _endings, _flies_on(lambda plan: True)),
    Room(events.DEPARTURE, depart_if_it_goes, _endings, _noticed(lambda plan: True)),
    Room(events.IDENTITY, look_who, lambda plan: plan.pictures.size, lambda plan: bool(plan.identity.on)),
    Room(events.LINK, tell, _sources, lambda plan: bool(plan.sources.on)),
    Room(events.JAMMING, radiate, lambda plan: plan.interference.jammers.size, _jammed),
    Room(events.WATCH, watch, lambda plan: 1, _watches),
    Room(events.CHANGE, change, _changes, _worn),
    Room(events.STANDS, stand, lambda plan: plan.launchers.size, _displaces),
    Room(events.REACTION, react, lambda plan: MOST * plan.threats.size * plan.reacting.on, _reacts),
    Room(events.EXPLAIN, explain, lambda plan: plan.pictures.size, lambda plan: bool(plan.watching.decisions)),
    Room(events.WARNING, warn, _warnings, lambda plan: bool(plan.warning.on)),
    Room(events.DISCERN, discern, _discerns, lambda plan: _discerns(plan) > 0),
)
SPARE = 8  # entries of the queue beyond what can wait


@kernel
def nothing(world: World, entity: int, t_s: float) -> None:
    """In the place of a room that a plan does not need: no such event happens."""


def names(plan: Plan) -> list[str]:
    """The rooms that `plan` needs."""
    return [room.handle.__name__ for room in ROOMS if room.needed(plan)]


def waiting(plan: Plan) -> int:
    """Most events that can wait at once."""
    return sum({room.kind: room.waiting(plan) for room in ROOMS}.values()) + SPARE


def table(plan: Plan, world: World) -> tuple[Handle, ...]:
    """The rooms that `plan` needs, by kind of event, compiled for the types of `world`."""
    handles = {room.kind: nothing for room in ROOMS} | {room.kind: room.handle for room in ROOMS if room.needed(plan)}
    return tuple(first_class(handles[kind], types.void, world, 0, 0.0) for kind in sorted(handles))
