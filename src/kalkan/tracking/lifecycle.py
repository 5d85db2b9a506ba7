"""Lifecycle of a track: begun by a plot, met by plots, proved or not, dropped.

Initiator: M detections in the last N looks of one radar, of which the last fits the track well. Deleter: a confirmed
track that no radar has met for ``coast_s``, nor for ``gone_s`` since its object was judged to be gone (so that it takes
no neighbour's plots), and that nobody tells of (``kept_s``); a tentative one whose last N − 1 looks were all misses.
"""

from __future__ import annotations

import math
from typing import Any

from kalkan.arrays import F8, Struct
from kalkan.jit import kernel
from kalkan.schema import TRACKS_FULL
from kalkan.tracking import filtering, motion
from kalkan.tracking.tables import (
    BORN,
    CONFIRM,
    CONFIRMED,
    DROP,
    DROPPED,
    FREE,
    MET,
    N_CHANGES,
    N_DUE,
    N_FRESH,
    NEVER_S,
    PROVED,
    TENTATIVE,
    WAIT,
    AirPicture,
)


@kernel
def clear(air: AirPicture) -> None:
    """No tracks, as before the first plot."""
    slots = air.table.shape[1]
    for p in range(air.n.size):
        air.n[p] = 0
        for k in range(slots):
            air.free[p, k] = slots - 1 - k
            air.table.status[p, k], air.table.serial[p, k] = FREE, 0


@kernel
def initiate(air: AirPicture, models: Any, r: int, p: int, j: int) -> None:
    """Begin a tentative track on plot `j` of radar `r`, if the picture has room."""
    table, plots, looks, n = air.table, air.plots, air.looks, air.n[p]
    if n >= min(air.rules.capacity[p], table.shape[1]):
        fell_short(air, TRACKS_FULL)
        return
    k = air.free[p, table.shape[1] - 1 - n]
    air.active[p, n] = k
    air.n[p] = n + 1
    table.serial[p, k] += 1
    table.status[p, k] = TENTATIVE
    t = plots.t_s[j]
    table.t_s[p, k], table.hit_s[p, k], table.begun_s[p, k] = t, t, t
    table.begun_by[p, k], table.judged_s[p, k] = r, NEVER_S
    table.told_s[p, k], table.kept_s[p, k] = NEVER_S, NEVER_S
    table.begun_m2[p, k], table.misfit[p, k] = 0.0, 0.0
    table.rival[p, k], table.turns[p, k] = -1, 0
    for i in range(3):
        table.begun_m[p, k, i] = plots.z_m[j, i]
        table.begun_m2[p, k] += plots.r_m2[j, i, i]
    filtering.begin(table.x[p, k], table.p[p, k], plots.z_m[j], plots.r_m2[j], air.initial_speed_m_s)
    if models.other_filter:
        models.open(air, p, k)
    _take_rate(air, r, p, k, j)
    for other in range(air.radars.size):
        looks.hit_s[p, k, other] = NEVER_S
        looks.history[p, k, other] = 0
    looks.hit_s[p, k, r] = t
    table.threat[p, k] = plots.threat[j]
    change(air, BORN, p, k, t, -1)
    _shift(air, models, r, p, k, True, t)
    i = change(air, MET, p, k, t, plots.threat[j])
    air.changes.before[i], air.changes.plot[i] = TENTATIVE, j


@kernel
def take(air: AirPicture, models: Any, r: int, p: int, k: int, j: int) -> None:
    """Update track `k` of picture `p` with plot `j` of radar `r`."""
    table, plots = air.table, air.plots
    t, before, was, owner = plots.t_s[j], table.status[p, k], table.threat[p, k], plots.threat[j]
    if models.other_filter:
        table.misfit[p, k] = models.absorb(air, r, p, k, j)
    else:
        motion.onward(models, air.rules, p, table.x[p, k], table.p[p, k], t - table.t_s[p, k])
        if before == TENTATIVE:
            table.misfit[p, k] = _misfit(air, r, p, k, j)
        filtering.updated(models, table.x[p, k], table.p[p, k], plots.z_m[j], plots.r_m2[j], air.matrix)
        _take_rate(air, r, p, k, j)
    table.t_s[p, k] = t
    table.hit_s[p, k] = max(t, table.hit_s[p, k])
    air.looks.hit_s[p, k, r] = t
    if owner >= 0 or before == TENTATIVE:
        table.threat[p, k] = owner
    _shift(air, models, r, p, k, True, t)
    i = change(air, MET, p, k, t, owner)
    air.changes.before[i], air.changes.was[i], air.changes.plot[i] = before, was, j


@kernel
def _misfit(air: AirPicture, r: int, p: int, k: int, j: int) -> float:
    """Squared Mahalanobis distance of plot `j` from track `k`, predicted to its time."""
    x, q, o, plots = air.table.x[p, k], air.table.p[p, k], air.radars.offset_m, air.plots
    z = plots.z_m[j]
    d2, _ = filtering.distance(x, q, z, plots.r_m2[j], 0.0, math.inf, air.matrix)
    if plots.rate_m2_s2[j] < math.inf:
        residual, variance, _, _, _ = filtering.rate_residual(
            x, q, z[0] - o[r, 0], z[1] - o[r, 1], z[2] - o[r, 2], plots.rate_m_s[j], plots.rate_m2_s2[j]
        )
        d2 += residual * residual / variance
    return d2


@kernel
def _take_rate(air: AirPicture, r: int, p: int, k: int, j: int) -> None:
    """Update track `k` with the range rate of plot `j`, where radar `r` measures it."""
    plots = air.plots
    if plots.rate_m2_s2[j] < math.inf:
        z, o = plots.z_m[j], air.radars.offset_m
        filtering.update_rate(
            air.table.x[p, k], air.table.p[p, k], z[0] - o[r, 0], z[1] - o[r, 1], z[2] - o[r, 2],
            plots.rate_m_s[j], plots.rate_m2_s2[j], air.gain,
        )  # fmt: skip


@kernel
def _shift(air: AirPicture, models: Any, r: int, p: int, k: int, hit: bool, t_s: float) -> None:
    """Book one look of radar `r` at track `k`; confirm or delete by the initiation rule."""
    n = air.rules.confirm_n[p]
    bits = ((air.looks.history[p, k, r] << 1) | (1 if hit else 0)) & ((1 << n) - 1)
    air.looks.history[p, k, r] = bits
    if air.table.status[p, k] != TENTATIVE:
        return
    verdict = WAIT
    if models.other_rule:
        verdict = models.judge(air, p, k, hit)
    elif hit and _convinces(air.rules, air.table, p, k, _count(bits)):
        verdict = CONFIRM
    if verdict == CONFIRM:
        air.table.status[p, k] = CONFIRMED
        air.table.confirmed_s[p, k] = t_s
        air.fresh[air.number[N_FRESH]] = k  # told of in `continuing`, unless it continues another track
        air.number[N_FRESH] += 1
        change(air, PROVED, p, k, t_s, air.table.threat[p, k])
        return
    if models.other_rule and verdict != DROP:
        return
    keep = (1 << (n - 1)) - 1 if n > 1 else 0
    for other in range(air.radars.size):
        if verdict != DROP and air.radars.picture[other] == p and air.looks.history[p, k, other] & keep:
            return
    drop(air, p, k, t_s)


@kernel
def _convinces(rules: Struct, table: Struct, p: int, k: int, hits: int) -> bool:
    """Whether tentative track `k`, with so many detections lately, is one object: one more is wanted of a fast one."""
    v2 = table.x[p, k, 3] ** 2 + table.x[p, k, 4] ** 2 + table.x[p, k, 5] ** 2
    wanted = rules.confirm_m[p]
    if v2 > rules.usual_speed_m_s[p] ** 2:
        wanted = max(wanted, min(wanted + 1, rules.confirm_n[p]))
    return hits >= wanted and table.misfit[p, k] <= rules.confirm_gate[p]


@kernel
def _count(bits: int) -> int:
    """Number of ones."""
    n = 0
    while bits:
        bits &= bits - 1
        n += 1
    return n


@kernel
def miss_matters(air: AirPicture, p: int, k: int, r: int, t_s: float) -> bool:
    """Whether a miss of radar `r` can delete tentative track `k`: it has met it lately, or nobody has for long."""
    return air.looks.history[p, k, r] != 0 or t_s - air.table.hit_s[p, k] > air.rules.coast_s[p]


@kernel
def book_misses(
    air: AirPicture, models: Any, covers: Any, sight: Any, r: int, p: int, recent_s: float, boresight_rad: float,
    start_s: float, end_s: float,
) -> None:  # fmt: skip
    """Book a miss for the due tracks that this radar covers and has not met after all, not since `recent_s` [s]."""
    for a in range(air.number[N_DUE]):
        k = air.due[a]
        if air.looks.hit_s[p, k, r] > recent_s:
            continue
        x, y, z = predicted(air, p, k, start_s)
        if covers(sight, r, boresight_rad, x, y, z):
            _shift(air, models, r, p, k, False, end_s)
        elif air.table.status[p, k] == TENTATIVE and end_s - air.table.hit_s[p, k] > air.rules.coast_s[p]:
            drop(air, p, k, end_s)


@kernel
def drop(air: AirPicture, p: int, k: int, t_s: float) -> None:
    """Delete track `k`: its slot goes back to the stack."""
    change(air, DROPPED, p, k, t_s, air.table.threat[p, k])
    air.table.status[p, k] = FREE
    n = air.n[p] - 1
    for a in range(n + 1):
        if air.active[p, a] == k:
            air.active[p, a] = air.active[p, n]
            break
    air.n[p] = n
    air.free[p, air.table.shape[1] - 1 - n] = k


@kernel
def predicted(air: AirPicture, p: int, k: int, t_s: float) -> tuple[float, float, float]:
    """Where track `k` should be at `t_s` [s], in the picture's frame [m]."""
    x, dt = air.table.x, t_s - air.table.t_s[p, k]
    return x[p, k, 0] + dt * x[p, k, 3], x[p, k, 1] + dt * x[p, k, 4], x[p, k, 2] + dt * x[p, k, 5]


@kernel
def restate(air: AirPicture, p: int, k: int, t_s: float, x: F8, q: F8, threat: int) -> None:
    """A better estimate of track `k` from elsewhere, as of `t_s` [s], stands from now on.

    Parameters
    ----------
    x, q : array (6,), (6, 6)
        State [m, m/s] and covariance in the picture's frame.
    threat : int
        Diagnostic only: the object that was seen.
    """
    table = air.table
    table.t_s[p, k] = table.hit_s[p, k] = t_s
    table.threat[p, k] = threat
    for i in range(6):
        table.x[p, k, i] = x[i]
        for j in range(6):
            table.p[p, k, i, j] = q[i, j]


@kernel
def change(air: AirPicture, kind: int, p: int, k: int, t_s: float, threat: int) -> int:
    """Tell what becomes of track `k` at `t_s` [s], with its estimate; the entry's place."""
    changes, table, i = air.changes, air.table, air.number[N_CHANGES]
    air.number[N_CHANGES] = i + 1
    changes.kind[i], changes.track[i], changes.other[i], changes.serial[i] = kind, k, -1, table.serial[p, k]
    changes.status[i], changes.before[i] = table.status[p, k], table.status[p, k]
    changes.threat[i], changes.was[i], changes.t_s[i] = threat, threat, t_s
    changes.state_s[i], changes.gone[i] = table.t_s[p, k], table.judged_s[p, k] >= table.hit_s[p, k]
    for axis in range(3):
        changes.x[i, axis], changes.x[i, axis + 3] = table.x[p, k, axis], table.x[p, k, axis + 3]
        changes.variance_m2[i, axis] = table.p[p, k, axis, axis]
        changes.variance_m2_s2[i, axis] = table.p[p, k, axis + 3, axis + 3]
    return i


@kernel
def fell_short(air: AirPicture, status: int) -> None:
    """A capacity did not suffice in this sector: the gravest that happened is told."""
    air.short[0] = max(air.short[0], status)
