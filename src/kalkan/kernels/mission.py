"""The one loop: the first event in the queue, and the room that it belongs to, until the horizon.

scan → plots → tracks → orders → acquisition → launch → intercept → assessment; leakers arrive. What happens at each
kind of event is in ``rooms``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from kalkan.byref import by_reference
from kalkan.jit import kernel
from kalkan.kernels import events, random, rooms, slots
from kalkan.kernels import state as states
from kalkan.kernels.beginning import close, queue_first_events, reset
from kalkan.kernels.booking import in_time_order
from kalkan.kernels.carried import Carried, nothing
from kalkan.kernels.course import own_paths
from kalkan.kernels.outage import BEGIN, own_copies
from kalkan.kernels.plan import Plan
from kalkan.kernels.records import Records
from kalkan.kernels.state import State
from kalkan.kernels.world import RUN, World


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
    run_wave(plan, stream_of(seed, branch), first_replication, n, records, nothing())


def run_wave(
    plan: Plan, stream: random.Word, first_replication: int, n: int, records: Records, carried: Carried
) -> None:
    """One wave of a campaign: as :func:`run_block`, with what the defence has become for each row.

    Parameters
    ----------
    stream : uint64
        Key of the random numbers.
    carried : Carried
        ``loaded``, ``sets``, ``spells`` and ``n`` are read, ``launched`` and ``until_s`` are written.
    """
    plan = own_paths(own_copies(plan))
    _start(plan, new_state(plan), stream, first_replication, n, records, carried)


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
        each threat flew with in ``truth.start_s`` and ``truth.offset_m``; the scans' ``phase``; and what those
        who reacted flew (``course.as_flown``).
    """
    return trace_wave(plan, stream_of(seed, branch), replication, records, room, nothing())


def trace_wave(
    plan: Plan, stream: random.Word, replication: int, records: Records, room: int, carried: Carried
) -> State:
    """As :func:`trace_one`, of one wave of a campaign; its arguments are those of :func:`run_wave`."""
    plan = own_paths(own_copies(plan))
    state = new_state(plan, room)
    _start(plan, state, stream, replication, 1, records, carried)
    return state


def new_state(plan: Plan, trace_room: int = 0) -> State:
    """State with room for everything that `plan` can bring about, and for so many entries of the trace."""
    return states.allocate(plan, rooms.waiting(plan), trace_room)


def _start(
    plan: Plan, state: State, stream: random.Word, first_replication: int, n: int, records: Records,
    carried: Carried | None = None,
) -> None:  # fmt: skip
    """Hand over what the loop works on as one pointer, and the rooms that the plan needs."""
    run = np.zeros(1, RUN)
    run["stream"] = stream
    world = by_reference(World(slots.ready(plan), state, records, run, carried or nothing()))
    _run_rows(world, rooms.table(plan, world), first_replication, n)


def stream_of(seed: int, branch: int) -> random.Word:
    """Key of a study's random numbers; uint64 by name: a plain int would be int64 for half of all seeds."""
    return np.uint64(random.mix(np.uint64(seed), np.uint64(branch)))


@kernel
def _run_rows(world: World, table: tuple[Any, ...], first_replication: int, n: int) -> None:
    """The rows of a block, in compiled code: handing over a world from Python takes milliseconds."""
    for row in range(n):
        world.run.row[0], world.run.replication[0] = row, first_replication + row
        _replicate(world, table)


@kernel
def _replicate(world: World, table: tuple[Any, ...]) -> None:
    """One replication from start to horizon."""
    plan, state = world.plan, world.state
    reset(world)
    if plan.damage.on:
        table[events.CHANGE](world, BEGIN, 0.0)
    if plan.reacting.on:
        table[events.REACTION](world, BEGIN, 0.0)
    queue_first_events(plan, state)
    while state.heap.size[0] > 0:
        t_s, kind, entity = events.pop(state.heap)
        if t_s > plan.study.horizon_s:
            break
        table[kind](world, entity, t_s)
    close(world)
    in_time_order(world)
