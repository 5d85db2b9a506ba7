"""Booking: the event log of a replication, and what its capacities did not suffice for."""

from __future__ import annotations

from kalkan.jit import kernel
from kalkan.kernels.world import World
from kalkan.schema import EVENT_LOG_FULL


@kernel
def fell_short(world: World, status: int) -> None:
    """A capacity did not suffice in this replication: its status tells the gravest that happened."""
    replications, row = world.records.replication, world.run.row[0]
    if replications.status[row] < status:
        replications.status[row] = status


@kernel
def note(world: World, t_s: float, kind: int, subject: int, obj: int, value: float) -> None:
    """Append to the event log of the replication; a full log sets the status and is left as it is."""
    records, row = world.records, world.run.row[0]
    i = records.replication.event_count[row]
    if i >= records.event.shape[1]:
        fell_short(world, EVENT_LOG_FULL)
        return
    records.event.event_time_s[row, i] = t_s
    records.event.event_kind[row, i] = kind
    records.event.event_subject[row, i] = subject
    records.event.event_object[row, i] = obj
    records.event.event_value[row, i] = value
    records.replication.event_count[row] = i + 1


@kernel
def in_time_order(world: World) -> None:
    """Sort the event log of the replication by time; what happened at one time stays as it was booked.

    A sector's plots are booked together once it has passed, each with its own time. Insertion sort:
    the log is nearly in order, so each entry moves past few others.
    """
    row, log = world.run.row[0], world.records.event
    n = world.records.replication.event_count[row]
    for i in range(1, n):
        t_s, kind, subject = log.event_time_s[row, i], log.event_kind[row, i], log.event_subject[row, i]
        obj, value = log.event_object[row, i], log.event_value[row, i]
        j = i
        while j > 0 and log.event_time_s[row, j - 1] > t_s:
            log.event_time_s[row, j] = log.event_time_s[row, j - 1]
            log.event_kind[row, j] = log.event_kind[row, j - 1]
            log.event_subject[row, j] = log.event_subject[row, j - 1]
            log.event_object[row, j] = log.event_object[row, j - 1]
            log.event_value[row, j] = log.event_value[row, j - 1]
            j -= 1
        log.event_time_s[row, j], log.event_kind[row, j], log.event_subject[row, j] = t_s, kind, subject
        log.event_object[row, j], log.event_value[row, j] = obj, value
