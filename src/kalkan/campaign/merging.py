"""Records of windows as one row of the campaign: each threat in its place, what is counted summed up.

What a variable is when several windows are put together follows from its dimensions; the few that are neither of one
threat nor counted are named here.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kalkan.campaign.windows import Numbers, Window
from kalkan.kernels.records import Records, columns
from kalkan.schema import EVENT_LOG_FULL, EVENTS, RAGGED, VARIABLES, dim_of

HIGHEST = ("status", "channels_peak")  # over all windows
LATEST = ("rounds_left",)  # of the last window in which it is there


def merge(into: Records, own: Records, window: Window) -> None:
    """Put what one window recorded into the campaign's records, rows for rows."""
    whole, part = columns(into), columns(own)
    for name, values in part.items():
        about = VARIABLES[name]
        dims = about.dims[1:]
        if name in RAGGED or name == "event_count" or not values.size or set(dims) - set(Window._fields):
            continue
        if about.unit == "index":
            values = _renumbered(values, getattr(window, dim_of(about.sentence)))
        _put(whole[name], values, [getattr(window, d) for d in dims], name)
    _append(whole, part, window)


def _put(whole: NDArray[Any], values: NDArray[Any], places: list[Numbers], name: str) -> None:
    where = np.ix_(np.arange(len(values)), *places)
    if name in HIGHEST:
        whole[where] = np.maximum(whole[where], values)
    elif "threat" in VARIABLES[name].dims or name in LATEST:
        whole[where] = values
    else:
        whole[where] += values


def _renumbered(numbers: NDArray[Any], places: Numbers) -> NDArray[Any]:
    """Numbers of things as the campaign counts them; -1 stays none."""
    if not places.size:
        return numbers
    found: NDArray[Any] = np.where(numbers >= 0, places[np.maximum(numbers, 0)], -1).astype(numbers.dtype)
    return found


def _append(whole: dict[str, NDArray[Any]], part: dict[str, NDArray[Any]], window: Window) -> None:
    """Put the event logs behind those of the windows before; times stay those of their window."""
    for row, n in enumerate(part["event_count"].tolist()):
        first = int(whole["event_count"][row])
        n = min(n, whole["event_kind"].shape[1] - first)
        if n < part["event_count"][row]:
            whole["status"][row] = max(whole["status"][row], EVENT_LOG_FULL)
        log = {name: part[name][row, :n] for name in RAGGED}
        kinds = log["event_kind"]
        of_threat = np.array([e.of_threat for e in EVENTS])[kinds]
        _renumber_some(log, "event_subject", of_threat, window.threat)
        for kind in np.unique(kinds).tolist():
            dim = dim_of(EVENTS[kind].sentence, "object: ")
            if dim:
                _renumber_some(log, "event_object", kinds == kind, getattr(window, dim))
        for name, values in log.items():
            whole[name][row, first : first + n] = values
        whole["event_count"][row] = first + n


def _renumber_some(log: dict[str, NDArray[Any]], name: str, which: NDArray[np.bool_], places: Numbers) -> None:
    numbers = log[name].copy()
    numbers[which] = _renumbered(numbers[which], places)
    log[name] = numbers
