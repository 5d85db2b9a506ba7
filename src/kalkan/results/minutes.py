"""What happened when, read from the event log of one replication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kalkan.schema import (
    EV_FIRST_PLOT,
    EV_KILL,
    EV_LAUNCH,
    EV_LEAK,
    EV_ORDER,
    EV_RELEASE,
)

F8 = NDArray[np.float64]
Events = Mapping[str, NDArray[Any]]
KINDS = {"seen": EV_FIRST_PLOT, "launch": EV_LAUNCH, "kill": EV_KILL, "leak": EV_LEAK}


class Steps(NamedTuple):
    """A number that changes in steps: it is ``values[i]`` from ``times_s[i]`` on, and 0 before."""

    times_s: F8
    values: F8

    @property
    def peak(self) -> float:
        """Largest value."""
        return float(self.values.max(initial=0.0))


class Marks(NamedTuple):
    """Events of one kind.

    Attributes
    ----------
    times_s : float64 array (n,)
    subjects : int64 array (n,)
        Index of the threat; -1: none.
    """

    times_s: F8
    subjects: NDArray[np.int64]


def marks(events: Events) -> dict[str, Marks]:
    """First plots, launches, kills and leaks; of a threat that several radars see only the first plot."""
    found = {}
    for name, kind in KINDS.items():
        rows = np.flatnonzero(events["event_kind"] == kind)
        subjects = events["event_subject"][rows].astype(np.int64)
        if kind == EV_FIRST_PLOT:
            rows = rows[np.sort(np.unique(subjects, return_index=True)[1])] if rows.size else rows
            subjects = events["event_subject"][rows].astype(np.int64)
        found[name] = Marks(events["event_time_s"][rows].astype(np.float64), subjects)
    return found


def running_total(times_s: F8) -> Steps:
    """How many had happened by each time."""
    return Steps(np.sort(times_s), np.arange(1.0, times_s.size + 1.0))


def channels_in_use(events: Events, units: Sequence[str]) -> dict[str, Steps]:
    """Target channels in use, per fire unit: every order and release carries the number."""
    kind = events["event_kind"]
    return {
        name: _steps(events, ((kind == EV_ORDER) | (kind == EV_RELEASE)) & (events["event_object"] == u))
        for u, name in enumerate(units)
    }


def _steps(events: Events, chosen: NDArray[np.bool_]) -> Steps:
    rows = _in_order(events["event_time_s"], np.flatnonzero(chosen))
    times, values = (events[f"event_{part}"][rows].astype(np.float64) for part in ("time_s", "value"))
    return Steps(times, values)


def _in_order(times_s: NDArray[Any], rows: NDArray[np.intp]) -> NDArray[np.intp]:
    """Rows by time: the log is written as things are computed, and a sector's plots are computed together."""
    return rows[np.argsort(times_s[rows], kind="stable")]
