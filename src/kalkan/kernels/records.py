"""Records: what the loop writes down, one row per replication, laid out by the schema.

Variables that share their dimensions share one structured array (see ``plan`` for why);
:func:`columns` gives them back one by one.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kalkan.jit import kernel
from kalkan.kernels.plan import Struct
from kalkan.schema import EVENT_LOG_FULL, VARIABLES


class Records(NamedTuple):
    """Structured arrays; fields are the schema's variables of these dimensions."""

    replication: Struct  # (n,)
    threat: Struct  # (n, n_threat)
    unit: Struct  # (n, n_unit)
    loads: Struct  # (n, n_unit, n_interceptor)
    asset: Struct  # (n, n_asset)
    radar: Struct  # (n, n_radar)
    post: Struct  # (n, n_post)
    event: Struct  # (n, n_event)


DIMS: dict[str, tuple[str, ...]] = {
    "replication": (),
    "threat": ("threat",),
    "unit": ("unit",),
    "loads": ("unit", "interceptor"),
    "asset": ("asset",),
    "radar": ("radar",),
    "post": ("post",),
    "event": ("event",),
}


def _variables(part: str) -> list[str]:
    dims = ("replication", *DIMS[part])
    return [name for name, v in VARIABLES.items() if v.dims == dims]


def allocate(n_replications: int, sizes: dict[str, int]) -> Records:
    """Records for `n_replications`.

    Parameters
    ----------
    n_replications : int
        Length of the leading axis.
    sizes : dict
        Length of every other dimension of the schema (``threat``, ``unit``, ``interceptor``,
        ``asset``, ``post``, ``radar``, ``event``).

    Returns
    -------
    Records
        Zeros; times and ranges of threats nan; indices -1.
    """
    parts = []
    for part in Records._fields:
        names = _variables(part)
        dtype = np.dtype([(name, VARIABLES[name].dtype) for name in names], align=True)
        array = np.zeros([n_replications, *(sizes[d] for d in DIMS[part])], dtype)
        for name in names:
            if VARIABLES[name].unit == "index":
                array[name] = -1
            elif part == "threat" and VARIABLES[name].dtype == "float32":
                array[name] = np.nan
        parts.append(array)
    return Records(*parts)


def columns(records: Records) -> dict[str, NDArray[Any]]:
    """Every variable of the schema by name, as a view."""
    return {
        name: part[name] for part_name, part in zip(records._fields, records, strict=True)
        for name in _variables(part_name)
    }  # fmt: skip


@kernel
def fell_short(replications: Struct, row: int, status: int) -> None:
    """A capacity did not suffice in a replication: its status tells the gravest that happened."""
    if replications.status[row] < status:
        replications.status[row] = status


@kernel
def note(records: Records, row: int, t_s: float, kind: int, subject: int, obj: int, value: float) -> None:
    """Append to the event log of a replication; a full log sets the status and is left as it is."""
    i = records.replication.event_count[row]
    if i >= records.event.shape[1]:
        fell_short(records.replication, row, EVENT_LOG_FULL)
        return
    records.event.event_time_s[row, i] = t_s
    records.event.event_kind[row, i] = kind
    records.event.event_subject[row, i] = subject
    records.event.event_object[row, i] = obj
    records.event.event_value[row, i] = value
    records.replication.event_count[row] = i + 1


@kernel
def in_time_order(records: Records, row: int) -> None:
    """Sort the event log of a replication by time; what happened at one time stays as it was booked.

    A sector's plots are booked together once it has passed, each with its own time. Insertion sort:
    the log is nearly in order, so each entry moves past few others.
    """
    log, n = records.event, records.replication.event_count[row]
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
