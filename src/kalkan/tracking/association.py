"""Association: which tracks could own the plots of a sector, and what each pair would cost.

Gater: Mahalanobis distance. Cost d² + ln|S|. Where a radar measures the range rate, it counts like a fourth
coordinate.
"""

from __future__ import annotations

import math
from typing import Any

from kalkan.earth.frames import out_of
from kalkan.jit import kernel
from kalkan.schema import CANDIDATES_FULL, PAIRS_FULL
from kalkan.tracking import filtering, motion
from kalkan.tracking.assignment import sort_by
from kalkan.tracking.lifecycle import drop, fell_short, miss_matters
from kalkan.tracking.tables import CONFIRMED, N_CANDIDATES, N_DUE, N_PLOTS, TENTATIVE, AirPicture, Wedge

EDGE_M = 6000.0  # tracks this far outside a sector still compete for its plots [m]
RATE_GATE = 2.2  # room for the range rate: 99.9 % of four degrees of freedom are this much above those of three
STAY_ALONE = 200.0  # price of leaving a plot unmatched: above any gated d² + ln|S|, so pairs are always worth it


@kernel
def gather(
    air: AirPicture, models: Any, r: int, p: int, wedge: Wedge, start_s: float, t_s: float, end_s: float
) -> None:
    """One pass over the picture's tracks, those aside that this radar has met in this rotation.

    Ends confirmed tracks that have coasted too long, sooner those of what is taken for gone; lists the tentative
    ones of the sector before this one whose look is due to be booked at `end_s` [s]; makes candidates of those that
    could own a plot, predicted to `t_s` [s].
    """
    radars, rules, table, n = air.radars, air.rules, air.table, air.number
    m = radars.to_picture
    s, c, s_before, c_before = wedge.sin, wedge.cos, wedge.sin_before, wedge.cos_before
    slope, cos2_half = wedge.slope, wedge.cos2_half
    recent = t_s - 0.5 * radars.scan_period_s[r]
    n[N_CANDIDATES], n[N_DUE] = 0, 0
    a = 0
    while a < air.n[p]:
        k = air.active[p, a]
        hit_s, judged_s = table.hit_s[p, k], table.judged_s[p, k]
        over = start_s - hit_s > rules.coast_s[p] or (judged_s >= hit_s and start_s - judged_s > rules.gone_s[p])
        if over and table.status[p, k] == CONFIRMED and start_s > table.kept_s[p, k]:
            drop(air, p, k, start_s)
            continue
        a += 1
        if air.looks.hit_s[p, k, r] > recent:
            continue
        to_book = table.status[p, k] == TENTATIVE and miss_matters(air, p, k, r, end_s)
        if n[N_PLOTS] == 0 and not to_book:
            continue
        dt = t_s - table.t_s[p, k]
        dx = table.x[p, k, 0] + dt * table.x[p, k, 3] - radars.offset_m[r, 0]
        dy = table.x[p, k, 1] + dt * table.x[p, k, 4] - radars.offset_m[r, 1]
        dz = table.x[p, k, 2] + dt * table.x[p, k, 5] - radars.offset_m[r, 2]
        e, north, _ = out_of(m, r, dx, dy, dz)
        if to_book:
            along = e * s_before + north * c_before
            if along >= 0.0 and along * along >= cos2_half * (e * e + north * north):
                air.due[n[N_DUE]] = k
                n[N_DUE] += 1
        if n[N_PLOTS] == 0:
            continue
        spread2 = 9.0 * table.p[p, k, 3, 3] * dt * dt  # (3 sigma)² of the drift since the last plot
        along, across = e * s + north * c, abs(north * s - e * c)
        outside = max(across - max(along, 0.0) * slope, -along) - EDGE_M
        if outside > 0.0 and outside * outside > spread2:
            continue
        if n[N_CANDIDATES] < air.candidates.size:
            _consider(air, models, r, p, k, wedge.half_s, t_s, dt, dx, dy, dz)
        else:
            fell_short(air, CANDIDATES_FULL)
    _order_by_range(air)


@kernel
def _consider(
    air: AirPicture, models: Any, r: int, p: int, k: int, half_s: float, t_s: float, dt: float, dx: float, dy: float,
    dz: float,
) -> None:  # fmt: skip
    """Make track `k`, at `t_s` [s] dx, dy, dz [m] from the radar, a candidate if a plot lies in its range window."""
    radars, cand, gate, x = air.radars, air.candidates, air.gate, air.table.x
    noise, n = air.rules.process_noise_m_s2[p], air.number[N_CANDIDATES]
    rng = math.sqrt(dx * dx + dy * dy + dz * dz)
    drift = half_s * math.sqrt(x[p, k, 3] ** 2 + x[p, k, 4] ** 2 + x[p, k, 5] ** 2)  # until a plot's own time
    if motion.unheld(x[p, k], air.rules.ballistic_m[p], motion.EARTH_M):
        drift += 0.5 * motion.GRAVITY_M_S2 * dt * dt
    if models.other_filter:
        models.foresee(air, p, k, t_s, n)
        trace = cand.p[n, 0, 0] + cand.p[n, 1, 1] + cand.p[n, 2, 2]
    else:
        trace = _predicted_trace(air, p, k, dt, noise)
    if not _plot_near(air, rng, drift + math.sqrt(gate * (trace + 16.0 * radars.range_sigma_m[r] ** 2))):
        return
    cand.track[n] = k
    cand.range_m[n] = rng
    cand.slack_m2[n] = 2.0 * (drift * drift + gate * trace)  # (a + b)² <= 2 (a² + b²)
    if not models.other_filter:
        for i in range(6):
            cand.x[n, i] = x[p, k, i]
            for j in range(6):
                cand.p[n, i, j] = air.table.p[p, k, i, j]
        motion.onward(models, air.rules, p, cand.x[n], cand.p[n], dt)
    q = cand.p[n]
    var = q[0, 0] * dx * dx + q[1, 1] * dy * dy + q[2, 2] * dz * dz
    var += 2.0 * (q[0, 1] * dx * dy + q[0, 2] * dx * dz + q[1, 2] * dy * dz)
    along_range = max(var, 0.0) / (rng * rng + 1.0) + 16.0 * radars.range_sigma_m[r] ** 2
    cand.window_m[n] = drift + math.sqrt(gate * along_range)
    air.number[N_CANDIDATES] = n + 1


@kernel
def _order_by_range(air: AirPicture) -> None:
    """Sort the candidates by range and lay side by side what the search for pairs reads of each."""
    cand, near = air.candidates, air.near
    sort_by(cand.range_m, cand.order, air.number[N_CANDIDATES])
    for rank in range(air.number[N_CANDIDATES]):
        k = cand.order[rank]
        near.range_m[rank], near.window_m[rank] = cand.range_m[k], cand.window_m[k]
        near.slack_m2[rank] = cand.slack_m2[k]
        near.x_m[rank, 0], near.x_m[rank, 1], near.x_m[rank, 2] = cand.x[k, 0], cand.x[k, 1], cand.x[k, 2]
        near.candidate[rank] = k


@kernel
def _predicted_trace(air: AirPicture, p: int, k: int, dt_s: float, noise_m_s2: float) -> float:
    """Trace [m2] of the position covariance that ``filtering.predict`` would give."""
    q = air.table.p
    trace = 0.0
    for i in range(3):
        trace += q[p, k, i, i] + dt_s * (2.0 * q[p, k, i, i + 3] + dt_s * q[p, k, i + 3, i + 3])
    return trace + 0.75 * (noise_m_s2 * dt_s * dt_s) ** 2


@kernel
def _plot_near(air: AirPicture, range_m: float, window_m: float) -> bool:
    """Whether any plot of the sector lies within the window of a range [m] (bisection in the sorted list)."""
    plots = air.plots
    low, high = 0, air.number[N_PLOTS]
    while low < high:
        middle = (low + high) >> 1
        if plots.range_m[plots.order[middle]] < range_m - window_m:
            low = middle + 1
        else:
            high = middle
    return low < air.number[N_PLOTS] and plots.range_m[plots.order[low]] <= range_m + window_m


@kernel
def pair(air: AirPicture, models: Any, r: int, t_s: float) -> None:
    """List the gated pairs of plots (rows, by range) and candidates (columns, by range), predicted to `t_s` [s]."""
    radars, plots, cand, near, a = air.radars, air.plots, air.candidates, air.near, air.assignment
    gate, scratch, n_columns, widest = air.gate, air.matrix, air.number[N_CANDIDATES], 0.0
    for rank in range(air.number[N_CANDIDATES]):
        widest = max(widest, near.window_m[rank])
    n_pairs, low = 0, 0
    for i in range(air.number[N_PLOTS]):
        a.rows.first[i] = n_pairs
        j = plots.order[i]
        rng = plots.range_m[j]
        z, cov, doppler = plots.z_m[j], plots.r_m2[j], plots.rate_m2_s2[j] < math.inf
        dt_s, spread_m2 = plots.t_s[j] - t_s, 2.0 * gate * (cov[0, 0] + cov[1, 1] + cov[2, 2])
        lx, ly, lz = z[0] - radars.offset_m[r, 0], z[1] - radars.offset_m[r, 1], z[2] - radars.offset_m[r, 2]
        while low < n_columns and near.range_m[low] < rng - widest:
            low += 1
        for column in range(low, n_columns):
            if near.range_m[column] > rng + widest:
                break
            if abs(near.range_m[column] - rng) > near.window_m[column]:
                continue
            dx, dy, dz = z[0] - near.x_m[column, 0], z[1] - near.x_m[column, 1], z[2] - near.x_m[column, 2]
            if dx * dx + dy * dy + dz * dz > spread_m2 + near.slack_m2[column]:
                continue
            if n_pairs >= a.pairs.size:
                fell_short(air, PAIRS_FULL)
                continue
            k = near.candidate[column]
            if models.other_filter:
                models.place(air, r, k, dt_s, j)
                d2, det = filtering.distance(cand.x[k], cand.p[k], air.vector[0], scratch[4], dt_s, gate, scratch)
            else:
                d2, det = filtering.distance(cand.x[k], cand.p[k], z, cov, dt_s, gate, scratch)
            if d2 < math.inf and doppler:
                residual, variance, _, _, _ = filtering.rate_residual(
                    cand.x[k], cand.p[k], lx, ly, lz, plots.rate_m_s[j], plots.rate_m2_s2[j]
                )
                d2 += residual * residual / variance
                det *= variance
            if d2 < gate + RATE_GATE:
                a.pairs.column[n_pairs] = column
                a.pairs.cost[n_pairs] = d2 + math.log(det) - STAY_ALONE
                n_pairs += 1
    a.rows.first[air.number[N_PLOTS]] = n_pairs
