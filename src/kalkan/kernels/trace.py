"""Trace: the whole story of one replication, kept only where there is room for it.

A normal run has a trace of no length: each call below is then one comparison. Nothing here
changes the state or draws a random number, so a traced replication is the same replication.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kalkan.arrays import I8, Struct
from kalkan.jit import kernel
from kalkan.kernels.evidence import MOST_OUTCOMES

PLOT, TRACK, TRACK_END, LAUNCH, INTERCEPT, SLEW, IDENTITY, REPORT, STROBE, DECISION = range(10)  # trace.kind
WAITED, ORDERED, HELD = range(3)  # of a decision: no order, an order just given, held and not shot at

TRACE = np.dtype(
    [
        ("kind", "i8"),
        ("t_s", "f8"),
        ("place", "i8"),  # radar of a plot or a strobe, picture of a track or a report, fire unit of everything else
        ("slot", "i8"),  # of the track or the missile channel; of a report the external source, of a
        # strobe the jammer
        ("serial", "i8"),  # of the track in its slot; of a plot or a launch the picture in whose frame it is
        ("threat", "i8"),  # true object of the plot, aimed at, or met; -1: none
        ("code", "i8"),  # a track's status, an interceptor's type, an intercept's event kind; of an identity its
        # evidence: the outcomes of all kinds, each a digit to the base of evidence.MOST_OUTCOMES, the first the lowest
        # of a decision the reason (NO_REASON: an order)
        ("value", "f8"),  # arrival of an interceptor [s], direction of a sector or a strobe [rad]; of a decision the
        # time until a round could be launched at it [s]
        ("x", "f8", 6),  # position and velocity in the picture's frame [m, m/s]; of an identity P of each side; of a
        # decision its stage, interceptor type (-1: none), ground range of the meeting [m], channels in use and in all
        ("variance_m2", "f8", 3),  # of the position [m2]
    ],
    align=True,
)


class Trace(NamedTuple):
    """Entries in order of time of writing; ``n[0]`` counts also those for which there was no room."""

    entries: Struct  # (room,) TRACE
    n: I8  # (1,)


def allocate(room: int) -> Trace:
    """A trace with room for so many entries; 0: nothing is kept."""
    return Trace(np.zeros(room, TRACE), np.zeros(1, np.int64))


@kernel
def _begin(trace: Trace, kind: int, t_s: float, place: int, threat: int) -> int:
    """Begin an entry; its index, or -1 if there is no room."""
    i = trace.n[0]
    trace.n[0] = i + 1
    if i >= trace.entries.size:
        return -1
    trace.entries.kind[i], trace.entries.t_s[i] = kind, t_s
    trace.entries.place[i], trace.entries.threat[i] = place, threat
    return i


@kernel
def keep_plots(trace: Trace, plots: Struct, n: int, r: int, p: int) -> None:
    """Keep the first `n` plots of a sector of radar `r`, which are in the frame of picture `p`."""
    if trace.entries.size == 0:
        return
    for j in range(n):
        i = _begin(trace, PLOT, plots.t_s[j], r, plots.threat[j])
        if i >= 0:
            trace.entries.serial[i] = p
            for axis in range(3):
                trace.entries.x[i, axis] = plots.z_m[j, axis]
                trace.entries.variance_m2[i, axis] = plots.r_m2[j, axis, axis]


@kernel
def keep_track(trace: Trace, changes: Struct, p: int, c: int) -> None:
    """Keep the track of picture `p` that change `c` has updated."""
    if trace.entries.size == 0:
        return
    i = _begin(trace, TRACK, changes.state_s[c], p, changes.threat[c])
    if i >= 0:
        trace.entries.slot[i], trace.entries.serial[i] = changes.track[c], changes.serial[c]
        trace.entries.code[i] = changes.status[c]
        for axis in range(3):
            trace.entries.x[i, axis], trace.entries.x[i, axis + 3] = changes.x[c, axis], changes.x[c, axis + 3]
            trace.entries.variance_m2[i, axis] = changes.variance_m2[c, axis]


@kernel
def keep_track_end(trace: Trace, changes: Struct, p: int, c: int) -> None:
    """Keep that the track of change `c` is deleted, and as what: tentative, if it was joined when confirmed."""
    if trace.entries.size == 0:
        return
    i = _begin(trace, TRACK_END, changes.t_s[c], p, changes.threat[c])
    if i >= 0:
        trace.entries.code[i] = changes.status[c]
        trace.entries.slot[i], trace.entries.serial[i] = changes.track[c], changes.serial[c]


@kernel
def keep_told(
    trace: Trace, table: Struct, told: Struct, p: int, k: int, s: int, threat: int, t_s: float
) -> None:
    """Keep a report of external source `s` as picture `p` got it (``told``), and the track `k` that has it, if any."""
    if trace.entries.size == 0:
        return
    i = _begin(trace, REPORT, t_s, p, threat)
    if i >= 0:
        trace.entries.slot[i] = s
        for axis in range(3):
            trace.entries.x[i, axis], trace.entries.x[i, axis + 3] = told.x[0, axis], told.x[0, axis + 3]
            trace.entries.variance_m2[i, axis] = told.p[0, axis, axis]
    i = _begin(trace, TRACK, table.t_s[p, k], p, threat) if k >= 0 else -1
    if i >= 0:
        trace.entries.slot[i], trace.entries.serial[i] = k, table.serial[p, k]
        trace.entries.code[i] = table.status[p, k]
        for axis in range(3):
            trace.entries.x[i, axis], trace.entries.x[i, axis + 3] = table.x[p, k, axis], table.x[p, k, axis + 3]
            trace.entries.variance_m2[i, axis] = table.p[p, k, axis, axis]


@kernel
def keep_launch(
    trace: Trace, p: int, t_s: float, u: int, f: int, w: int, threat: int, arrival_s: float,
    x: float, y: float, z: float,
) -> None:  # fmt: skip
    """Keep a launch from unit `u`, channel `f`, and where it is to meet the track [m] in the frame of picture `p`."""
    if trace.entries.size == 0:
        return
    i = _begin(trace, LAUNCH, t_s, u, threat)
    if i >= 0:
        trace.entries.slot[i], trace.entries.code[i], trace.entries.value[i] = f, w, arrival_s
        trace.entries.serial[i] = p
        trace.entries.x[i, 0], trace.entries.x[i, 1], trace.entries.x[i, 2] = x, y, z


@kernel
def keep_intercept(trace: Trace, t_s: float, u: int, f: int, event: int, threat: int) -> None:
    """Keep how the flight on missile channel `f` of unit `u` ended, and what it met (-1: nothing)."""
    if trace.entries.size == 0:
        return
    i = _begin(trace, INTERCEPT, t_s, u, threat)
    if i >= 0:
        trace.entries.slot[i], trace.entries.code[i] = f, event


@kernel
def keep_slew(trace: Trace, t_s: float, u: int, direction_rad: float) -> None:
    """Keep where unit `u` turns the middle of its sector (compass) [rad]."""
    if trace.entries.size == 0:
        return
    i = _begin(trace, SLEW, t_s, u, -1)
    if i >= 0:
        trace.entries.value[i] = direction_rad


@kernel
def keep_identity(trace: Trace, who: Struct, p: int, k: int, serial: int, threat: int, t_s: float) -> None:
    """Keep what picture `p` thinks of who its track `k` is, and why: see ``evidence.WHO``."""
    if trace.entries.size == 0:
        return
    i = _begin(trace, IDENTITY, t_s, p, threat)
    if i >= 0:
        trace.entries.slot[i], trace.entries.serial[i] = k, serial
        code = 0
        for kind in range(who.outcome.shape[2] - 1, -1, -1):
            code = MOST_OUTCOMES * code + who.outcome[p, k, kind]
        trace.entries.code[i] = code
        for side in range(who.p.shape[2]):
            trace.entries.x[i, side] = who.p[p, k, side]


@kernel
def keep_strobe(trace: Trace, t_s: float, r: int, j: int, threat: int, direction_rad: float) -> None:
    """Keep that radar `r` heard jammer `j` in a direction (compass) [rad] and saw nothing there; source s is -1 - s."""
    if trace.entries.size == 0:
        return
    i = _begin(trace, STROBE, t_s, r, threat)
    if i >= 0:
        trace.entries.slot[i], trace.entries.value[i] = j, direction_rad


@kernel
def keep_decision(
    trace: Trace, t_s: float, u: int, k: int, serial: int, threat: int, stage: int, reason: int, w: int,
    wait_s: float, meeting_m: float, busy: int, of: int,
) -> None:  # fmt: skip
    """Keep what was decided about track `k`, and on which grounds; `u` is the unit that it is about, -1: none."""
    if trace.entries.size == 0:
        return
    i = _begin(trace, DECISION, t_s, u, threat)
    if i >= 0:
        trace.entries.slot[i], trace.entries.serial[i], trace.entries.code[i] = k, serial, reason
        trace.entries.value[i] = wait_s
        trace.entries.x[i, 0], trace.entries.x[i, 1], trace.entries.x[i, 2] = stage, w, meeting_m
        trace.entries.x[i, 3], trace.entries.x[i, 4] = busy, of
