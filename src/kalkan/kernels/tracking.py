"""Tracking: plots become tracks, sector by sector as the beam passes.

Initiator: M detections in the last N looks of one radar. Gater: Mahalanobis distance.
Data association: global nearest neighbour over the sector, cost d² + ln|S|. Filter: see
``filtering``. Deleter: a confirmed track that no radar has met for ``coast_s``, a tentative
one whose last N − 1 looks were all misses. Blackman & Popoli, "Design and Analysis of Modern
Tracking Systems", 1999, ch. 6.

A look counts as a miss only where the track's place is within the radar's coverage and line
of sight; a valley that hides a target does not count against its track. It is booked one
sector late, since the plot of a track near a sector's edge may come with the next sector.
kalkan's own simplifications: one plot per object and scan, no merging of close objects; new
tracks begin with zero velocity and a wide spread.
"""

from __future__ import annotations

import math

from kalkan.jit import kernel, stage
from kalkan.kernels import filtering
from kalkan.kernels.assignment import solve, sort_by
from kalkan.kernels.plan import F8, N_SECTORS, Plan
from kalkan.kernels.records import Records, note
from kalkan.kernels.sensing import TWO_PI, sees
from kalkan.kernels.state import CONFIRMED, FREE, TENTATIVE, Assignment, Sensed, State, Tracks
from kalkan.schema import EV_TRACK, EV_TRACK_END, OK, TRACKS_FULL

EDGE_M = 6000.0  # tracks this far outside a sector still compete for its plots [m]
NEVER_S = -1e9


@stage
def associate_sector(
    plan: Plan, state: State, records: Records, row: int, r: int, boresight_rad: float, start_s: float, end_s: float
) -> None:
    """Match the plots of the sector that radar `r` swept from `start_s` to `end_s` [s] with tracks."""
    p = plan.radars.picture[r]
    sensed, plots, cand = state.sensed, state.sensed.plots, state.sensed.candidates
    middle_s = 0.5 * (start_s + end_s)
    width = plan.radars.sector_rad[r]
    left = 0.0 if width >= TWO_PI else boresight_rad - 0.5 * width
    centre = left + width * (sensed.scans.sector[r] + 0.5) / N_SECTORS
    half = 0.5 * width / N_SECTORS
    sort_by(plots.range_m, plots.order, sensed.n[0])
    _gather(plan, state.tracks, sensed, r, p, centre, half, middle_s)
    n_rows = sensed.n[0]
    _pair(sensed, state.assignment, middle_s, plan.study.gate, state.matrix)
    solve(state.assignment, n_rows, sensed.n[1])
    for i in range(n_rows):
        j = plots.order[i]
        column = state.assignment.rows.column[i]
        if column >= 0:
            _take(plan, state, records, row, r, p, cand.track[cand.order[column]], j)
    for i in range(n_rows):
        if state.assignment.rows.column[i] < 0:
            _initiate(plan, state, records, row, r, p, plots.order[i])
    _book_misses(plan, state, records, row, r, p, boresight_rad, centre, half, start_s, end_s)


@stage
def _gather(
    plan: Plan, tracks: Tracks, sensed: Sensed, r: int, p: int, centre: float, half: float, t_s: float
) -> None:
    """Candidates: tracks in or near the sector that this radar has not met in this rotation."""
    half_s = 0.5 * plan.radars.scan_period_s[r] / N_SECTORS
    sensed.n[1] = 0
    if sensed.n[0] == 0:
        return
    radars, cand, gate = plan.radars, sensed.candidates, plan.study.gate
    m = radars.to_picture
    s, c = math.sin(centre), math.cos(centre)
    slope = math.tan(min(half, 1.5))
    recent = t_s - 0.5 * radars.scan_period_s[r]
    n = 0
    for a in range(tracks.n[p]):
        k = tracks.table.active[p, a]
        if tracks.looks.hit_s[p, k, r] > recent or n >= cand.size:
            continue
        dt = t_s - tracks.table.t_s[p, k]
        dx = tracks.table.x[p, k, 0] + dt * tracks.table.x[p, k, 3] - radars.offset_m[r, 0]
        dy = tracks.table.x[p, k, 1] + dt * tracks.table.x[p, k, 4] - radars.offset_m[r, 1]
        dz = tracks.table.x[p, k, 2] + dt * tracks.table.x[p, k, 5] - radars.offset_m[r, 2]
        e = m[r, 0, 0] * dx + m[r, 1, 0] * dy + m[r, 2, 0] * dz
        north = m[r, 0, 1] * dx + m[r, 1, 1] * dy + m[r, 2, 1] * dz
        spread = math.sqrt(tracks.table.p[p, k, 3, 3]) * abs(dt)
        along, across = e * s + north * c, abs(north * s - e * c)
        margin = EDGE_M + 3.0 * spread
        if across > max(along, 0.0) * slope + margin or along < -margin:
            continue
        rng = math.sqrt(dx * dx + dy * dy + dz * dz)
        drift = half_s * math.sqrt(
            tracks.table.x[p, k, 3] ** 2 + tracks.table.x[p, k, 4] ** 2 + tracks.table.x[p, k, 5] ** 2
        )  # between the middle of the sector and a plot's own time
        trace = _predicted_trace(tracks, p, k, dt, plan.pictures.process_noise_m_s2[p])
        if not _plot_near(sensed, rng, drift + math.sqrt(gate * (trace + 16.0 * radars.range_sigma_m[r] ** 2))):
            continue
        cand.track[n] = k
        cand.range_m[n] = rng
        cand.trace_m2[n] = trace
        for i in range(6):
            cand.x[n, i] = tracks.table.x[p, k, i]
            for j in range(6):
                cand.p[n, i, j] = tracks.table.p[p, k, i, j]
        filtering.predict(cand.x[n], cand.p[n], dt, plan.pictures.process_noise_m_s2[p])
        q = cand.p[n]
        var = q[0, 0] * dx * dx + q[1, 1] * dy * dy + q[2, 2] * dz * dz
        var += 2.0 * (q[0, 1] * dx * dy + q[0, 2] * dx * dz + q[1, 2] * dy * dz)
        along_range = max(var, 0.0) / (rng * rng + 1.0) + 16.0 * radars.range_sigma_m[r] ** 2
        cand.window_m[n] = drift + math.sqrt(gate * along_range)
        n += 1
    sensed.n[1] = n
    sort_by(cand.range_m, cand.order, n)


@stage
def _predicted_trace(tracks: Tracks, p: int, k: int, dt_s: float, noise_m_s2: float) -> float:
    """Trace [m2] of the position covariance that ``filtering.predict`` would give."""
    q = tracks.table.p
    trace = 0.0
    for i in range(3):
        trace += q[p, k, i, i] + dt_s * (2.0 * q[p, k, i, i + 3] + dt_s * q[p, k, i + 3, i + 3])
    return trace + 0.75 * (noise_m_s2 * dt_s * dt_s) ** 2


@stage
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


@stage
def _pair(sensed: Sensed, a: Assignment, t_s: float, gate: float, scratch: F8) -> None:
    """List the gated pairs of plots (rows, by range) and candidates (columns, by range)."""
    plots, cand = sensed.plots, sensed.candidates
    widest = 0.0
    for i in range(sensed.n[1]):
        widest = max(widest, cand.window_m[i])
    n_pairs, low = 0, 0
    for i in range(sensed.n[0]):
        a.rows.first[i] = n_pairs
        j = plots.order[i]
        rng = plots.range_m[j]
        z, r = plots.z_m[j], plots.r_m2[j]
        dt_s, trace = plots.t_s[j] - t_s, r[0, 0] + r[1, 1] + r[2, 2]
        while low < sensed.n[1] and cand.range_m[cand.order[low]] < rng - widest:
            low += 1
        for column in range(low, sensed.n[1]):
            k = cand.order[column]
            if cand.range_m[k] > rng + widest:
                break
            if abs(cand.range_m[k] - rng) > cand.window_m[k] or n_pairs >= a.pairs.size:
                continue
            dx = z[0] - cand.x[k, 0] - dt_s * cand.x[k, 3]
            dy = z[1] - cand.x[k, 1] - dt_s * cand.x[k, 4]
            dz = z[2] - cand.x[k, 2] - dt_s * cand.x[k, 5]
            if dx * dx + dy * dy + dz * dz > gate * (trace + cand.trace_m2[k]):
                continue
            d2, log_det = filtering.distance(cand.x[k], cand.p[k], z, r, dt_s, gate, scratch)
            if d2 < math.inf:
                a.pairs.column[n_pairs] = column
                a.pairs.cost[n_pairs] = d2 + log_det - STAY_ALONE
                n_pairs += 1
    a.rows.first[sensed.n[0]] = n_pairs


STAY_ALONE = 200.0  # price of leaving a plot unmatched: above any gated d² + ln|S|, so pairs are always worth it


@stage
def _take(plan: Plan, state: State, records: Records, row: int, r: int, p: int, k: int, j: int) -> None:
    """Update track `k` of picture `p` with plot `j` of radar `r`."""
    tracks, plots = state.tracks, state.sensed.plots
    t = plots.t_s[j]
    dt_s, noise = t - tracks.table.t_s[p, k], plan.pictures.process_noise_m_s2[p]
    filtering.predict(tracks.table.x[p, k], tracks.table.p[p, k], dt_s, noise)
    filtering.update(tracks.table.x[p, k], tracks.table.p[p, k], plots.z_m[j], plots.r_m2[j], state.matrix)
    tracks.table.t_s[p, k] = t
    tracks.table.hit_s[p, k] = max(t, tracks.table.hit_s[p, k])
    tracks.looks.hit_s[p, k, r] = t
    owner = plots.threat[j]
    if tracks.table.status[p, k] == CONFIRMED and owner >= 0:
        if tracks.table.threat[p, k] >= 0 and owner != tracks.table.threat[p, k]:
            records.post.track_swaps[row, p] += 1
        _first_track(records, row, owner, t)
    if owner >= 0 or tracks.table.status[p, k] == TENTATIVE:
        tracks.table.threat[p, k] = owner
    _shift(plan, state, records, row, r, p, k, True, t)


@stage
def _shift(
    plan: Plan, state: State, records: Records, row: int, r: int, p: int, k: int, hit: bool, t_s: float
) -> None:
    """Book one look of radar `r` at track `k`; confirm or delete by the initiation rule."""
    tracks = state.tracks
    n = plan.pictures.confirm_n[p]
    bits = ((tracks.looks.history[p, k, r] << 1) | (1 if hit else 0)) & ((1 << n) - 1)
    tracks.looks.history[p, k, r] = bits
    if tracks.table.status[p, k] != TENTATIVE:
        return
    if hit and _count(bits) >= plan.pictures.confirm_m[p]:
        tracks.table.status[p, k] = CONFIRMED
        owner = tracks.table.threat[p, k]
        records.post.tracks_confirmed[row, p] += 1
        if owner < 0:
            records.post.tracks_false[row, p] += 1
        else:
            _first_track(records, row, owner, t_s)
        note(records, row, t_s, EV_TRACK, owner, p, 0.0)
        return
    keep = (1 << (n - 1)) - 1 if n > 1 else 0
    for other in range(plan.radars.key.size):
        if plan.radars.picture[other] == p and tracks.looks.history[p, k, other] & keep:
            return
    drop(tracks, records, row, p, k, t_s)


@stage
def _first_track(records: Records, row: int, threat: int, t_s: float) -> None:
    """Book the first confirmed track on a threat."""
    if math.isnan(records.threat.threat_first_track_s[row, threat]):
        records.threat.threat_first_track_s[row, threat] = t_s


@kernel
def _count(bits: int) -> int:
    """Number of ones."""
    n = 0
    while bits:
        bits &= bits - 1
        n += 1
    return n


@stage
def _initiate(plan: Plan, state: State, records: Records, row: int, r: int, p: int, j: int) -> None:
    """Begin a tentative track on plot `j`, if the post has room."""
    tracks, plots = state.tracks, state.sensed.plots
    n = tracks.n[p]
    if n >= min(plan.pictures.capacity[p], tracks.table.shape[1]):
        if records.replication.status[row] == OK:
            records.replication.status[row] = TRACKS_FULL
        return
    k = tracks.table.free[p, tracks.table.shape[1] - 1 - n]
    tracks.table.active[p, n] = k
    tracks.n[p] = n + 1
    tracks.table.serial[p, k] += 1
    tracks.table.status[p, k] = TENTATIVE
    t = plots.t_s[j]
    tracks.table.t_s[p, k], tracks.table.hit_s[p, k] = t, t
    filtering.begin(
        tracks.table.x[p, k], tracks.table.p[p, k], plots.z_m[j], plots.r_m2[j], plan.study.initial_speed_m_s
    )
    for other in range(plan.radars.key.size):
        tracks.looks.hit_s[p, k, other] = NEVER_S
        tracks.looks.history[p, k, other] = 0
    tracks.looks.hit_s[p, k, r] = t
    tracks.table.threat[p, k] = plots.threat[j]
    tracks.table.engaged[p, k] = 0
    tracks.table.judged_s[p, k] = NEVER_S
    for unit in range(tracks.retry_s.shape[2]):
        tracks.retry_s[p, k, unit] = NEVER_S
    _shift(plan, state, records, row, r, p, k, True, t)


@stage
def drop(tracks: Tracks, records: Records, row: int, p: int, k: int, t_s: float) -> None:
    """Delete track `k`: its slot goes back to the stack."""
    if tracks.table.status[p, k] == CONFIRMED:
        note(records, row, t_s, EV_TRACK_END, tracks.table.threat[p, k], p, 0.0)
    tracks.table.status[p, k] = FREE
    n = tracks.n[p] - 1
    for a in range(n + 1):
        if tracks.table.active[p, a] == k:
            tracks.table.active[p, a] = tracks.table.active[p, n]
            break
    tracks.n[p] = n
    tracks.table.free[p, tracks.table.shape[1] - 1 - n] = k


@stage
def _book_misses(
    plan: Plan, state: State, records: Records, row: int, r: int, p: int, boresight_rad: float, centre: float,
    half: float, start_s: float, end_s: float,
) -> None:  # fmt: skip
    """Book misses for tracks of the sector before this one, and end tracks that coasted too long."""
    tracks, radars = state.tracks, plan.radars
    m = radars.to_picture
    before = centre - 2.0 * half
    if radars.sector_rad[r] < TWO_PI and state.sensed.scans.sector[r] == 0:
        before = centre + radars.sector_rad[r] - 2.0 * half  # the last sector of the sweep before
    s, c = math.sin(before), math.cos(before)
    cos_half = math.cos(half)
    recent = end_s - 0.75 * radars.scan_period_s[r]
    a = 0
    while a < tracks.n[p]:
        k = tracks.table.active[p, a]
        a += 1
        if tracks.table.status[p, k] == CONFIRMED and end_s - tracks.table.hit_s[p, k] > plan.pictures.coast_s[p]:
            drop(tracks, records, row, p, k, end_s)
            a -= 1
            continue
        if tracks.looks.hit_s[p, k, r] > recent:
            continue
        dt = start_s - tracks.table.t_s[p, k]
        dx = tracks.table.x[p, k, 0] + dt * tracks.table.x[p, k, 3] - radars.offset_m[r, 0]
        dy = tracks.table.x[p, k, 1] + dt * tracks.table.x[p, k, 4] - radars.offset_m[r, 1]
        dz = tracks.table.x[p, k, 2] + dt * tracks.table.x[p, k, 5] - radars.offset_m[r, 2]
        e = m[r, 0, 0] * dx + m[r, 1, 0] * dy + m[r, 2, 0] * dz
        n = m[r, 0, 1] * dx + m[r, 1, 1] * dy + m[r, 2, 1] * dz
        if e * s + n * c < cos_half * math.sqrt(e * e + n * n):
            continue
        u = m[r, 0, 2] * dx + m[r, 1, 2] * dy + m[r, 2, 2] * dz
        slant2 = e * e + n * n + u * u
        if slant2 > radars.range_max_m[r] ** 2 or slant2 < radars.range_min_m[r] ** 2:
            covered = False
        else:
            covered = sees(plan, r, boresight_rad, e, n, u)
        if covered:
            count = tracks.n[p]
            _shift(plan, state, records, row, r, p, k, False, end_s)
            if tracks.n[p] < count:
                a -= 1
        elif tracks.table.status[p, k] == TENTATIVE and end_s - tracks.table.hit_s[p, k] > plan.pictures.coast_s[p]:
            drop(tracks, records, row, p, k, end_s)
            a -= 1


@stage
def predicted(tracks: Tracks, p: int, k: int, t_s: float) -> tuple[float, float, float]:
    """Where track `k` should be at `t_s` [s], in the picture's frame [m]."""
    dt = t_s - tracks.table.t_s[p, k]
    return (
        tracks.table.x[p, k, 0] + dt * tracks.table.x[p, k, 3],
        tracks.table.x[p, k, 1] + dt * tracks.table.x[p, k, 4],
        tracks.table.x[p, k, 2] + dt * tracks.table.x[p, k, 5],
    )
