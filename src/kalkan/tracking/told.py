"""Tracks that others tell: reports of somebody else's tracker, correlated with a picture's own tracks and fused.

A report is an estimate with its covariance. It belongs to the confirmed track whose squared Mahalanobis distance d²
and ln|S| together are least, within the gate of six degrees of freedom; two reports of one source never belong to one
track. What belongs together is fused by covariance intersection (``fusion``), since both follow one object whose
manoeuvres are noise to both, and since what was fused before comes again. A report of which every combination with
the track's own estimate would be that estimate tells nothing new. What belongs to no track becomes one of its own.
"""

from __future__ import annotations

import math
from typing import Any

from kalkan.arrays import F8, Struct
from kalkan.jit import kernel
from kalkan.schema import TRACKS_FULL
from kalkan.tracking import motion
from kalkan.tracking.fusion import TRACK_GATE, cholesky, covariance_intersection, track_distance
from kalkan.tracking.lifecycle import fell_short
from kalkan.tracking.tables import CONFIRMED, NEVER_S, AirPicture

KEEP_GATE = 4.0 * TRACK_GATE  # what was correlated is taken apart at twice the distance (kalkan's own simplification)


@kernel
def candidates(
    air: AirPicture, models: Any, p: int, t_s: float, x: F8, q: F8, owned: Struct, mine: Struct, j: int, work: F8
) -> tuple[int, int]:
    """The two tracks of picture `p` that a report fits best, -1 where there is none; those of others are left out.

    Parameters
    ----------
    t_s : float
        Time of the report's estimate [s].
    x, q : array (6,), (6, 6)
        That estimate [m, m/s], in the picture's frame.
    owned : Struct (slot,)
        Fields threat and serial: what of the same source each track is taken for.
    mine : Struct
        Fields x and p: scratch, of which entry `j` is used.
    work : array (4, 6, 6)
        Scratch.
    """
    table, first, second, best, next_best = air.table, -1, -1, math.inf, math.inf
    spread = q[0, 0] + q[1, 1] + q[2, 2]
    for a in range(air.n[p]):
        k = air.active[p, a]
        if table.status[p, k] != CONFIRMED or (owned.threat[k] >= 0 and owned.serial[k] == table.serial[p, k]):
            continue
        dt, d2, own = t_s - table.t_s[p, k], 0.0, 0.0
        for i in range(3):
            d2 += (table.x[p, k, i] + dt * table.x[p, k, i + 3] - x[i]) ** 2
            own += table.p[p, k, i, i] + dt * dt * table.p[p, k, i + 3, i + 3]
        if d2 > 2.0 * TRACK_GATE * (spread + own) + 1e6:  # surely out of the gate
            continue
        own_at(air, models, p, k, t_s, mine, j)
        off2, log_det = track_distance(x, q, mine.x[j], mine.p[j], work)
        if off2 > TRACK_GATE:
            continue
        if off2 + log_det < best:
            second, next_best = first, best
            first, best = k, off2 + log_det
        elif off2 + log_det < next_best:
            second, next_best = k, off2 + log_det
    return first, second


@kernel
def own_at(air: AirPicture, models: Any, p: int, k: int, t_s: float, mine: Struct, j: int) -> None:
    """Write the estimate of track `k`, moved to `t_s` [s], into entry `j` of `mine`."""
    x, q = mine.x[j], mine.p[j]
    for i in range(6):
        x[i] = air.table.x[p, k, i]
        for m in range(6):
            q[i, m] = air.table.p[p, k, i, m]
    motion.onward(models, air.rules, p, x, q, t_s - air.table.t_s[p, k])


@kernel
def belongs(
    air: AirPicture, models: Any, p: int, k: int, t_s: float, x: F8, q: F8, mine: Struct, j: int, work: F8
) -> bool:
    """Whether a report still fits track `k`, whose estimate at `t_s` [s] is then in entry `j` of `mine`."""
    own_at(air, models, p, k, t_s, mine, j)
    return track_distance(x, q, mine.x[j], mine.p[j], work)[0] <= KEEP_GATE


@kernel
def fuse(
    air: AirPicture, p: int, k: int, t_s: float, keep_s: float, x: F8, q: F8, mine: Struct, j: int, work: F8
) -> bool:
    """Take a report into track `k`, whose own estimate at `t_s` [s] is in entry `j` of `mine`; kept for `keep_s` [s].

    Returns
    -------
    bool
        Whether the report told more than the track knew.
    """
    table = air.table
    table.told_s[p, k], table.kept_s[p, k] = t_s, t_s + keep_s
    table.hit_s[p, k] = max(table.hit_s[p, k], t_s)
    if knows_more(mine.p[j], q, work):
        return False
    own = mine.p[j]
    if math.isnan(covariance_intersection(mine.x[j], own, x, q, table.x[p, k], table.p[p, k], work)):
        return False
    table.t_s[p, k] = t_s
    return True


@kernel
def knows_more(own: F8, other: F8, work: F8) -> bool:
    """Whether covariance intersection would keep the own estimate: tr(other⁻¹ own) is no more than its size.

    That is its condition for ω = 1: the determinant's logarithm falls towards `own` to the end. `own` and `other` are
    (n, n), `work` is scratch.
    """
    n, low, column = own.shape[0], work[0], work[1, 0]
    if not cholesky(other, low, n):
        return True
    trace = 0.0
    for j in range(n):  # L⁻¹ own L⁻ᵀ has the same trace: solve L L^T y = own[:, j], of which y[j] counts
        for i in range(n):
            c = own[i, j]
            for m in range(i):
                c -= low[i, m] * column[m]
            column[i] = c / low[i, i]
        for i in range(n - 1, j - 1, -1):
            c = column[i]
            for m in range(i + 1, n):
                c -= low[m, i] * column[m]
            column[i] = c / low[i, i]
        trace += column[j]
    return trace <= n


@kernel
def begin_told(air: AirPicture, p: int, t_s: float, keep_s: float, x: F8, q: F8, threat: int) -> int:
    """Begin a confirmed track of picture `p` on a report; its slot, or -1 where there is no room.

    Parameters
    ----------
    t_s, keep_s : float
        Time of the report's estimate [s], and for how long the track is kept if nobody meets it or tells of it [s].
    x, q : array (6,), (6, 6)
        That estimate [m, m/s], in the picture's frame.
    threat : int
        Diagnostic only: the object.
    """
    table, looks, n = air.table, air.looks, air.n[p]
    if n >= min(air.rules.capacity[p], table.shape[1]):
        fell_short(air, TRACKS_FULL)
        return -1
    k = air.free[p, table.shape[1] - 1 - n]
    air.active[p, n] = k
    air.n[p] = n + 1
    table.serial[p, k] += 1
    table.status[p, k] = CONFIRMED
    table.t_s[p, k], table.hit_s[p, k], table.begun_s[p, k] = t_s, t_s, t_s
    table.told_s[p, k], table.kept_s[p, k] = t_s, t_s + keep_s
    table.confirmed_s[p, k], table.judged_s[p, k] = t_s, NEVER_S
    table.begun_by[p, k], table.begun_m2[p, k], table.misfit[p, k] = -1, 0.0, 0.0
    table.rival[p, k], table.turns[p, k] = -1, 0
    table.threat[p, k] = threat
    for i in range(6):
        table.x[p, k, i] = x[i]
        for j in range(6):
            table.p[p, k, i, j] = q[i, j]
    for i in range(3):
        table.begun_m[p, k, i] = x[i]
        table.begun_m2[p, k] += q[i, i]
    for r in range(air.radars.size):
        looks.hit_s[p, k, r] = NEVER_S
        looks.history[p, k, r] = 0
    return k


@kernel
def met_by_own(air: AirPicture, p: int, k: int) -> bool:
    """Whether any radar of the picture has met track `k`."""
    for r in range(air.radars.size):  # noqa: SIM110 (the loop is compiled)
        if air.radars.picture[r] == p and air.looks.hit_s[p, k, r] > NEVER_S:
            return True
    return False
