"""The event queue: a binary heap ordered by time, then kind, then name hash.

The order of two events at one instant never depends on who pushed first.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kalkan.arrays import I8, Struct
from kalkan.jit import kernel

# kinds, in the order in which they happen at one instant
ARRIVAL, SECTOR, INTERCEPT, RELOAD, DWELL, LAUNCH, COMMAND, DEPARTURE, IDENTITY, LINK, JAMMING, WATCH = range(12)
CHANGE, STANDS, EXPLAIN = range(12, 15)  # of the condition of the defence; of launchers; of decisions
REACTION, DISCERN, WARNING = range(15, 18)  # of a vehicle; of what falls; of launches


ENTRY = np.dtype([("t_s", "f8"), ("kind", "i8"), ("key", "u8"), ("entity", "i8")], align=True)


class Heap(NamedTuple):
    """Queue storage; ``size[0]`` entries are in use, ``size[1]`` had no room."""

    entries: Struct  # (capacity,) ENTRY
    size: I8  # (2,)


def allocate(capacity: int) -> Heap:
    """Room for `capacity` waiting events."""
    return Heap(np.zeros(capacity, ENTRY), np.zeros(2, np.int64))


@kernel
def before(t1: float, kind1: int, key1: int, t2: float, kind2: int, key2: int) -> bool:
    """Whether the first event comes first."""
    if t1 != t2:
        return t1 < t2
    if kind1 != kind2:
        return kind1 < kind2
    return key1 < key2


@kernel
def push(heap: Heap, t_s: float, kind: int, key: int, entity: int) -> None:
    """Add an event; one beyond the capacity, which bounds what can wait, is dropped and counted."""
    i = heap.size[0]
    if i >= heap.entries.size:
        heap.size[1] += 1
        return
    heap.size[0] = i + 1
    while i > 0:
        up = (i - 1) >> 1
        if not before(t_s, kind, key, heap.entries.t_s[up], heap.entries.kind[up], heap.entries.key[up]):
            break
        heap.entries.t_s[i] = heap.entries.t_s[up]
        heap.entries.kind[i] = heap.entries.kind[up]
        heap.entries.key[i] = heap.entries.key[up]
        heap.entries.entity[i] = heap.entries.entity[up]
        i = up
    heap.entries.t_s[i] = t_s
    heap.entries.kind[i] = kind
    heap.entries.key[i] = key
    heap.entries.entity[i] = entity


@kernel
def pop(heap: Heap) -> tuple[float, int, int]:
    """Take the first event: (time [s], kind, entity). The heap must not be empty."""
    t_s, kind, entity = heap.entries.t_s[0], heap.entries.kind[0], heap.entries.entity[0]
    n = heap.size[0] - 1
    heap.size[0] = n
    lt, lk, lh, le = heap.entries.t_s[n], heap.entries.kind[n], heap.entries.key[n], heap.entries.entity[n]
    i = 0
    while True:
        down = 2 * i + 1
        if down >= n:
            break
        if down + 1 < n and before(
            heap.entries.t_s[down + 1], heap.entries.kind[down + 1], heap.entries.key[down + 1],
            heap.entries.t_s[down], heap.entries.kind[down], heap.entries.key[down],
        ):  # fmt: skip
            down += 1
        if not before(heap.entries.t_s[down], heap.entries.kind[down], heap.entries.key[down], lt, lk, lh):
            break
        heap.entries.t_s[i] = heap.entries.t_s[down]
        heap.entries.kind[i] = heap.entries.kind[down]
        heap.entries.key[i] = heap.entries.key[down]
        heap.entries.entity[i] = heap.entries.entity[down]
        i = down
    if n > 0:
        heap.entries.t_s[i] = lt
        heap.entries.kind[i] = lk
        heap.entries.key[i] = lh
        heap.entries.entity[i] = le
    return t_s, kind, entity
