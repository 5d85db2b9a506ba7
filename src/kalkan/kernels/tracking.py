"""Tracking: plots become tracks, sector by sector as the beam passes.

Initiator: M detections in the last N looks of one radar, of which the last fits the track well.
Gater: Mahalanobis distance. Data association: global nearest neighbour over the sector, cost
d² + ln|S|. Filter: see ``filtering``. Deleter: a confirmed track that no radar has met for ``coast_s``, a tentative
one whose last N − 1 looks were all misses. Where a radar measures the range rate, it counts in
association and filter like a fourth coordinate. Blackman & Popoli, "Design and Analysis of Modern
Tracking Systems", 1999, ch. 6.

Misses of a radar are booked only where they can delete a track: at tentative ones that it has met lately.
A look counts as a miss only where the track's place is within the radar's coverage and line
of sight; a valley that hides a target does not count against its track. It is booked one
sector late, since the plot of a track near a sector's edge may come with the next sector.
A track that goes on where another was lost is joined to it in ``merging``.
kalkan's own simplifications: one plot per object and scan, no merging of close objects' plots;
new tracks begin with zero velocity and a wide spread.
"""

from __future__ import annotations

import math

from kalkan.jit import kernel
from kalkan.kernels import filtering
from kalkan.kernels.assignment import solve, sort_by
from kalkan.kernels.booking import fell_short, note
from kalkan.kernels.memory import remember
from kalkan.kernels.plan import F8, Plan, Struct
from kalkan.kernels.sensing import TWO_PI, covers
from kalkan.kernels.state import CONFIRMED, FREE, TENTATIVE, Assignment, Sensed, Tracks
from kalkan.kernels.trace import keep_track, keep_track_end
from kalkan.kernels.world import World
from kalkan.schema import CANDIDATES_FULL, EV_TRACK_END, N_SECTORS, PAIRS_FULL, TRACKS_FULL

EDGE_M = 6000.0  # tracks this far outside a sector still compete for its plots [m]
NEVER_S = -1e9


@kernel
def associate_sector(world: World, r: int, boresight_rad: float, start_s: float, end_s: float) -> None:
    """Match the plots of the sector that radar `r` swept from `start_s` to `end_s` [s] with tracks."""
    plan, state = world.plan, world.state
    p = plan.radars.picture[r]
    sensed, plots, cand = state.sensed, state.sensed.plots, state.sensed.candidates
    middle_s = 0.5 * (start_s + end_s)
    sort_by(plots.range_m, plots.order, sensed.n[0])
    sensed.n[3] = 0
    _gather(world, r, p, boresight_rad, start_s, middle_s, end_s)
    n_rows = sensed.n[0]
    if _pair(plan.radars, r, sensed, state.assignment, middle_s, plan.study.gate, state.matrix):
        fell_short(world, PAIRS_FULL)
    solve(state.assignment, n_rows, sensed.n[1])
    for i in range(n_rows):
        j = plots.order[i]
        column = state.assignment.rows.column[i]
        if column >= 0:
            _take(world, r, p, cand.track[cand.order[column]], j)
    for i in range(n_rows):
        if state.assignment.rows.column[i] < 0:
            _initiate(world, r, p, plots.order[i])
    _book_misses(world, r, p, boresight_rad, start_s, end_s)


@kernel
def _gather(world: World, r: int, p: int, boresight_rad: float, start_s: float, t_s: float, end_s: float) -> None:
    """One pass over the post's tracks, those aside that this radar has met in this rotation.

    Ends confirmed tracks that have coasted too long; lists the tentative ones of the sector before this one
    whose look is due to be booked at `end_s` [s]; makes candidates of those that could own a plot,
    predicted to `t_s` [s].
    """
    plan, state = world.plan, world.state
    radars, tracks, sensed = plan.radars, state.tracks, state.sensed
    scan_s, width, m = radars.scan_period_s[r], radars.sector_rad[r], radars.to_picture
    left = 0.0 if width >= TWO_PI else boresight_rad - 0.5 * width
    sector, half = sensed.scans.sector[r], 0.5 * width / N_SECTORS
    centre = left + (2 * sector + 1) * half
    before = centre - 2.0 * half if sector > 0 or width >= TWO_PI else centre + width - 2.0 * half
    s, c, s_before, c_before = math.sin(centre), math.cos(centre), math.sin(before), math.cos(before)
    slope, cos2_half = math.tan(min(half, 1.5)), math.cos(half) ** 2
    recent = t_s - 0.5 * scan_s
    sensed.n[1], sensed.n[2] = 0, 0
    a = 0
    while a < tracks.n[p]:
        k = tracks.active[p, a]
        if tracks.table.status[p, k] == CONFIRMED and start_s - tracks.table.hit_s[p, k] > plan.pictures.coast_s[p]:
            drop(world, p, k, start_s)
            continue
        a += 1
        if tracks.looks.hit_s[p, k, r] > recent:
            continue
        to_book = tracks.table.status[p, k] == TENTATIVE and _miss_matters(plan, tracks, p, k, r, end_s)
        if sensed.n[0] == 0 and not to_book:
            continue
        dt = t_s - tracks.table.t_s[p, k]
        dx = tracks.table.x[p, k, 0] + dt * tracks.table.x[p, k, 3] - radars.offset_m[r, 0]
        dy = tracks.table.x[p, k, 1] + dt * tracks.table.x[p, k, 4] - radars.offset_m[r, 1]
        dz = tracks.table.x[p, k, 2] + dt * tracks.table.x[p, k, 5] - radars.offset_m[r, 2]
        e = m[r, 0, 0] * dx + m[r, 1, 0] * dy + m[r, 2, 0] * dz
        north = m[r, 0, 1] * dx + m[r, 1, 1] * dy + m[r, 2, 1] * dz
        if to_book:
            along = e * s_before + north * c_before
            if along >= 0.0 and along * along >= cos2_half * (e * e + north * north):
                sensed.due[sensed.n[2]] = k
                sensed.n[2] += 1
        if sensed.n[0] == 0:
            continue
        spread2 = 9.0 * tracks.table.p[p, k, 3, 3] * dt * dt  # (3 sigma)² of the drift since the last plot
        along, across = e * s + north * c, abs(north * s - e * c)
        outside = max(across - max(along, 0.0) * slope, -along) - EDGE_M
        if outside > 0.0 and outside * outside > spread2:
            continue
        if sensed.n[1] < sensed.candidates.size:
            _consider(plan, tracks, sensed, r, p, k, dt, dx, dy, dz)
        else:
            fell_short(world, CANDIDATES_FULL)
    _order_by_range(sensed)


@kernel
def _miss_matters(plan: Plan, tracks: Tracks, p: int, k: int, r: int, t_s: float) -> bool:
    """Whether a miss of radar `r` can delete tentative track `k`: it has met it lately, or nobody has for long."""
    return tracks.looks.history[p, k, r] != 0 or t_s - tracks.table.hit_s[p, k] > plan.pictures.coast_s[p]


@kernel
def _consider(
    plan: Plan, tracks: Tracks, sensed: Sensed, r: int, p: int, k: int, dt: float, dx: float, dy: float, dz: float
) -> None:
    """Make track `k`, now dx, dy, dz [m] from the radar, a candidate if a plot lies in its range window."""
    radars, cand, gate, x = plan.radars, sensed.candidates, plan.study.gate, tracks.table.x
    noise, n = plan.pictures.process_noise_m_s2[p], sensed.n[1]
    half_s = 0.5 * radars.scan_period_s[r] / N_SECTORS
    rng = math.sqrt(dx * dx + dy * dy + dz * dz)
    drift = half_s * math.sqrt(x[p, k, 3] ** 2 + x[p, k, 4] ** 2 + x[p, k, 5] ** 2)  # until a plot's own time
    trace = _predicted_trace(tracks, p, k, dt, noise)
    if not _plot_near(sensed, rng, drift + math.sqrt(gate * (trace + 16.0 * radars.range_sigma_m[r] ** 2))):
        return
    cand.track[n] = k
    cand.range_m[n] = rng
    cand.slack_m2[n] = 2.0 * (drift * drift + gate * trace)  # (a + b)² <= 2 (a² + b²)
    for i in range(6):
        cand.x[n, i] = x[p, k, i]
        for j in range(6):
            cand.p[n, i, j] = tracks.table.p[p, k, i, j]
    plan.models.predict(cand.x[n], cand.p[n], dt, noise)
    q = cand.p[n]
    var = q[0, 0] * dx * dx + q[1, 1] * dy * dy + q[2, 2] * dz * dz
    var += 2.0 * (q[0, 1] * dx * dy + q[0, 2] * dx * dz + q[1, 2] * dy * dz)
    along_range = max(var, 0.0) / (rng * rng + 1.0) + 16.0 * radars.range_sigma_m[r] ** 2
    cand.window_m[n] = drift + math.sqrt(gate * along_range)
    sensed.n[1] = n + 1


@kernel
def _order_by_range(sensed: Sensed) -> None:
    """Sort the candidates by range and lay side by side what the search for pairs reads of each."""
    cand, near = sensed.candidates, sensed.near
    sort_by(cand.range_m, cand.order, sensed.n[1])
    for rank in range(sensed.n[1]):
        k = cand.order[rank]
        near.range_m[rank], near.window_m[rank] = cand.range_m[k], cand.window_m[k]
        near.slack_m2[rank] = cand.slack_m2[k]
        near.x_m[rank, 0], near.x_m[rank, 1], near.x_m[rank, 2] = cand.x[k, 0], cand.x[k, 1], cand.x[k, 2]
        near.candidate[rank] = k


@kernel
def _predicted_trace(tracks: Tracks, p: int, k: int, dt_s: float, noise_m_s2: float) -> float:
    """Trace [m2] of the position covariance that ``filtering.predict`` would give."""
    q = tracks.table.p
    trace = 0.0
    for i in range(3):
        trace += q[p, k, i, i] + dt_s * (2.0 * q[p, k, i, i + 3] + dt_s * q[p, k, i + 3, i + 3])
    return trace + 0.75 * (noise_m_s2 * dt_s * dt_s) ** 2


@kernel
def _plot_near(sensed: Sensed, range_m: float, window_m: float) -> bool:
    """Whether any plot of the sector lies within the window of a range [m] (bisection in the sorted list)."""
    plots = sensed.plots
    low, high = 0, sensed.n[0]
    while low < high:
        middle = (low + high) >> 1
        if plots.range_m[plots.order[middle]] < range_m - window_m:
            low = middle + 1
        else:
            high = middle
    return low < sensed.n[0] and plots.range_m[plots.order[low]] <= range_m + window_m


@kernel
def _pair(
    radars: Struct, r: int, sensed: Sensed, a: Assignment, t_s: float, gate: float, scratch: F8
) -> bool:
    """List the gated pairs of plots (rows, by range) and candidates (columns, by range); whether some had no room."""
    plots, cand, near = sensed.plots, sensed.candidates, sensed.near
    widest, full = 0.0, False
    for rank in range(sensed.n[1]):
        widest = max(widest, near.window_m[rank])
    n_pairs, low = 0, 0
    for i in range(sensed.n[0]):
        a.rows.first[i] = n_pairs
        j = plots.order[i]
        rng = plots.range_m[j]
        z, cov, doppler = plots.z_m[j], plots.r_m2[j], plots.rate_m2_s2[j] < math.inf
        dt_s, spread_m2 = plots.t_s[j] - t_s, 2.0 * gate * (cov[0, 0] + cov[1, 1] + cov[2, 2])
        lx, ly, lz = z[0] - radars.offset_m[r, 0], z[1] - radars.offset_m[r, 1], z[2] - radars.offset_m[r, 2]
        while low < sensed.n[1] and near.range_m[low] < rng - widest:
            low += 1
        for column in range(low, sensed.n[1]):
            if near.range_m[column] > rng + widest:
                break
            if abs(near.range_m[column] - rng) > near.window_m[column]:
                continue
            dx, dy, dz = z[0] - near.x_m[column, 0], z[1] - near.x_m[column, 1], z[2] - near.x_m[column, 2]
            if dx * dx + dy * dy + dz * dz > spread_m2 + near.slack_m2[column]:
                continue
            if n_pairs >= a.pairs.size:
                full = True
                continue
            k = near.candidate[column]
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
    a.rows.first[sensed.n[0]] = n_pairs
    return full


RATE_GATE = 2.2  # room for the range rate: 99.9 % of four degrees of freedom are this much above those of three
STAY_ALONE = 200.0  # price of leaving a plot unmatched: above any gated d² + ln|S|, so pairs are always worth it


@kernel
def _take(world: World, r: int, p: int, k: int, j: int) -> None:
    """Update track `k` of picture `p` with plot `j` of radar `r`."""
    plan, state, records, row = world.plan, world.state, world.records, world.run.row[0]
    tracks, plots = state.tracks, state.sensed.plots
    t = plots.t_s[j]
    dt_s, noise = t - tracks.table.t_s[p, k], plan.pictures.process_noise_m_s2[p]
    plan.models.predict(tracks.table.x[p, k], tracks.table.p[p, k], dt_s, noise)
    if tracks.table.status[p, k] == TENTATIVE:
        tracks.table.misfit[p, k] = _misfit(plan.radars, plots, tracks.table, state.matrix, r, p, k, j)
    plan.models.update(tracks.table.x[p, k], tracks.table.p[p, k], plots.z_m[j], plots.r_m2[j], state.matrix)
    _take_rate(plan.radars, plots, tracks.table, state.gain, r, p, k, j)
    tracks.table.t_s[p, k] = t
    tracks.table.hit_s[p, k] = max(t, tracks.table.hit_s[p, k])
    tracks.looks.hit_s[p, k, r] = t
    owner = plots.threat[j]
    if tracks.table.status[p, k] == CONFIRMED and owner >= 0:
        if tracks.table.threat[p, k] >= 0 and owner != tracks.table.threat[p, k]:
            records.post.track_swaps[row, p] += 1
        _first_track(world, r, p, k, owner, t)
    if owner >= 0 or tracks.table.status[p, k] == TENTATIVE:
        tracks.table.threat[p, k] = owner
    _shift(world, r, p, k, True, t)
    keep_track(state.trace, tracks.table, p, k, owner)


@kernel
def _misfit(radars: Struct, plots: Struct, table: Struct, scratch: F8, r: int, p: int, k: int, j: int) -> float:
    """Squared Mahalanobis distance of plot `j` from track `k`, predicted to its time."""
    x, q, o = table.x[p, k], table.p[p, k], radars.offset_m
    z = plots.z_m[j]
    d2, _ = filtering.distance(x, q, z, plots.r_m2[j], 0.0, math.inf, scratch)
    if plots.rate_m2_s2[j] < math.inf:
        residual, variance, _, _, _ = filtering.rate_residual(
            x, q, z[0] - o[r, 0], z[1] - o[r, 1], z[2] - o[r, 2], plots.rate_m_s[j], plots.rate_m2_s2[j]
        )
        d2 += residual * residual / variance
    return d2


@kernel
def _take_rate(radars: Struct, plots: Struct, table: Struct, gain: F8, r: int, p: int, k: int, j: int) -> None:
    """Update track `k` with the range rate of plot `j`, where radar `r` measures it."""
    if plots.rate_m2_s2[j] < math.inf:
        z, o = plots.z_m[j], radars.offset_m
        filtering.update_rate(
            table.x[p, k], table.p[p, k], z[0] - o[r, 0], z[1] - o[r, 1], z[2] - o[r, 2],
            plots.rate_m_s[j], plots.rate_m2_s2[j], gain,
        )  # fmt: skip


@kernel
def _shift(world: World, r: int, p: int, k: int, hit: bool, t_s: float) -> None:
    """Book one look of radar `r` at track `k`; confirm or delete by the initiation rule."""
    plan, state = world.plan, world.state
    tracks = state.tracks
    n = plan.pictures.confirm_n[p]
    bits = ((tracks.looks.history[p, k, r] << 1) | (1 if hit else 0)) & ((1 << n) - 1)
    tracks.looks.history[p, k, r] = bits
    if tracks.table.status[p, k] != TENTATIVE:
        return
    if hit and _convinces(plan.pictures, tracks.table, p, k, _count(bits)):
        tracks.table.status[p, k] = CONFIRMED
        tracks.table.confirmed_s[p, k] = t_s
        state.sensed.fresh[state.sensed.n[3]] = k  # booked in merging, unless it continues another track
        state.sensed.n[3] += 1
        if tracks.table.threat[p, k] >= 0:
            _first_track(world, r, p, k, tracks.table.threat[p, k], t_s)
        return
    keep = (1 << (n - 1)) - 1 if n > 1 else 0
    for other in range(plan.radars.key.size):
        if plan.radars.picture[other] == p and tracks.looks.history[p, k, other] & keep:
            return
    drop(world, p, k, t_s)


@kernel
def _convinces(pictures: Struct, table: Struct, p: int, k: int, hits: int) -> bool:
    """Whether tentative track `k`, with so many detections lately, is one object: one more is wanted of a fast one."""
    v2 = table.x[p, k, 3] ** 2 + table.x[p, k, 4] ** 2 + table.x[p, k, 5] ** 2
    wanted = pictures.confirm_m[p]
    if v2 > pictures.usual_speed_m_s[p] ** 2:
        wanted = max(wanted, min(wanted + 1, pictures.confirm_n[p]))
    return hits >= wanted and table.misfit[p, k] <= pictures.confirm_gate[p]


@kernel
def _first_track(world: World, r: int, p: int, k: int, threat: int, t_s: float) -> None:
    """Book the first confirmed track on a threat, just updated by radar `r`: when, how far from it, and which radar."""
    plan, state, records, row = world.plan, world.state, world.records, world.run.row[0]
    if not math.isnan(records.threat.threat_first_track_s[row, threat]):
        return
    x, from_m = state.tracks.table.x, plan.radars.offset_m
    dx, dy, dz = x[p, k, 0] - from_m[r, 0], x[p, k, 1] - from_m[r, 1], x[p, k, 2] - from_m[r, 2]
    records.threat.threat_first_track_s[row, threat] = t_s
    records.threat.threat_first_track_range_m[row, threat] = math.sqrt(dx * dx + dy * dy + dz * dz)
    records.threat.threat_first_track_radar[row, threat] = r


@kernel
def _count(bits: int) -> int:
    """Number of ones."""
    n = 0
    while bits:
        bits &= bits - 1
        n += 1
    return n


@kernel
def _initiate(world: World, r: int, p: int, j: int) -> None:
    """Begin a tentative track on plot `j`, if the post has room."""
    plan, state = world.plan, world.state
    tracks, plots = state.tracks, state.sensed.plots
    n = tracks.n[p]
    if n >= min(plan.pictures.capacity[p], tracks.table.shape[1]):
        fell_short(world, TRACKS_FULL)
        return
    k = tracks.free[p, tracks.table.shape[1] - 1 - n]
    tracks.active[p, n] = k
    tracks.n[p] = n + 1
    tracks.table.serial[p, k] += 1
    tracks.table.status[p, k] = TENTATIVE
    t = plots.t_s[j]
    tracks.table.t_s[p, k], tracks.table.hit_s[p, k], tracks.table.begun_s[p, k] = t, t, t
    tracks.table.begun_by[p, k], tracks.table.fired[p, k] = r, 0
    tracks.table.unseen_m[p, k], tracks.table.unseen_s[p, k] = math.inf, NEVER_S
    tracks.table.begun_m2[p, k], tracks.table.misfit[p, k] = 0.0, 0.0
    for i in range(3):
        tracks.table.begun_m[p, k, i] = plots.z_m[j, i]
        tracks.table.begun_m2[p, k] += plots.r_m2[j, i, i]
    filtering.begin(
        tracks.table.x[p, k], tracks.table.p[p, k], plots.z_m[j], plots.r_m2[j], plan.study.initial_speed_m_s
    )
    _take_rate(plan.radars, plots, tracks.table, state.gain, r, p, k, j)
    for other in range(plan.radars.key.size):
        tracks.looks.hit_s[p, k, other] = NEVER_S
        tracks.looks.history[p, k, other] = 0
    tracks.looks.hit_s[p, k, r] = t
    tracks.table.threat[p, k] = plots.threat[j]
    tracks.table.engaged[p, k] = 0
    tracks.table.judged_s[p, k], tracks.table.vanished_s[p, k] = NEVER_S, NEVER_S
    for unit in range(tracks.retry_s.shape[2]):
        tracks.retry_s[p, k, unit] = NEVER_S
    _shift(world, r, p, k, True, t)
    keep_track(state.trace, tracks.table, p, k, plots.threat[j])


@kernel
def drop(world: World, p: int, k: int, t_s: float) -> None:
    """Delete track `k`: its slot goes back to the stack."""
    state = world.state
    tracks = state.tracks
    keep_track_end(state.trace, tracks.table, p, k, t_s)
    shot_at = tracks.table.fired[p, k] > 0 and tracks.table.engaged[p, k] == 0
    if shot_at and tracks.table.judged_s[p, k] < tracks.table.hit_s[p, k]:
        table = tracks.table
        remember(state.memory, p, table.fired[p, k], table.t_s[p, k], table.x[p, k], table.p[p, k])
    if tracks.table.status[p, k] == CONFIRMED:
        note(world, t_s, EV_TRACK_END, tracks.table.threat[p, k], p, 0.0)
    tracks.table.status[p, k] = FREE
    n = tracks.n[p] - 1
    for a in range(n + 1):
        if tracks.active[p, a] == k:
            tracks.active[p, a] = tracks.active[p, n]
            break
    tracks.n[p] = n
    tracks.free[p, tracks.table.shape[1] - 1 - n] = k


@kernel
def _book_misses(world: World, r: int, p: int, boresight_rad: float, start_s: float, end_s: float) -> None:
    """Book a miss for the due tracks that this radar covers and has not met after all."""
    plan, state = world.plan, world.state
    tracks = state.tracks
    recent = end_s - 0.75 * plan.radars.scan_period_s[r]
    for a in range(state.sensed.n[2]):
        k = state.sensed.due[a]
        if tracks.looks.hit_s[p, k, r] > recent:
            continue
        x, y, z = predicted(tracks, p, k, start_s)
        if covers(plan, r, boresight_rad, x, y, z):
            _shift(world, r, p, k, False, end_s)
        elif tracks.table.status[p, k] == TENTATIVE and end_s - tracks.table.hit_s[p, k] > plan.pictures.coast_s[p]:
            drop(world, p, k, end_s)


@kernel
def predicted(tracks: Tracks, p: int, k: int, t_s: float) -> tuple[float, float, float]:
    """Where track `k` should be at `t_s` [s], in the picture's frame [m]."""
    dt = t_s - tracks.table.t_s[p, k]
    return (
        tracks.table.x[p, k, 0] + dt * tracks.table.x[p, k, 3],
        tracks.table.x[p, k, 1] + dt * tracks.table.x[p, k, 4],
        tracks.table.x[p, k, 2] + dt * tracks.table.x[p, k, 5],
    )
