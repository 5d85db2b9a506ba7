"""Rooms: what happens at an event, one program for each kind, compiled only where a plan needs it.

The loop calls a room through a pointer. So a change of one room compiles no other, and what a scenario does not use
costs nothing at the first start. A new kind of event is a number in ``events``, a kernel ``(world, entity, t_s)``, and
a row of `ROOMS`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numba import types

from kalkan.jit import first_class, kernel
from kalkan.kernels import events
from kalkan.kernels.arrival import arrive
from kalkan.kernels.command import cycle
from kalkan.kernels.engagement import dwell
from kalkan.kernels.launching import launch_when_due
from kalkan.kernels.leaving import depart, leak
from kalkan.kernels.plan import Plan
from kalkan.kernels.search import sweep
from kalkan.kernels.supply import reload
from kalkan.kernels.world import World
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


def _searches(plan: Plan) -> bool:
    return bool((plan.radars["picture"] >= 0).any())


def _has_reloads(plan: Plan) -> bool:
    return bool(plan.launchers["reload_sets"].any())


ROOMS = (
    Room(events.ARRIVAL, leak, lambda plan: plan.threats.size, _has_aims),
    Room(events.SECTOR, sweep, lambda plan: plan.radars.size, _searches),
    Room(events.INTERCEPT, arrive, lambda plan: plan.units.size * _channels(plan), _has_missiles),
    Room(events.RELOAD, reload, lambda plan: plan.launchers.size * MAX_TYPES, _has_reloads),
    Room(events.DWELL, dwell, lambda plan: plan.units.size, lambda plan: plan.units.size > 0),
    Room(events.LAUNCH, launch_when_due, lambda plan: plan.units.size, _has_missiles),
    Room(events.COMMAND, cycle, lambda plan: plan.pictures.size, lambda plan: plan.units.size > 0),
    Room(events.DEPARTURE, depart, lambda plan: plan.threats.size, lambda plan: True),
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
    return sum(room.waiting(plan) for room in ROOMS) + SPARE


def table(plan: Plan, world: World) -> tuple[Handle, ...]:
    """The rooms that `plan` needs, by kind of event, compiled for the types of `world`."""
    handles = {room.kind: room.handle if room.needed(plan) else nothing for room in ROOMS}
    return tuple(first_class(handles[kind], types.void, world, 0, 0.0) for kind in sorted(handles))
