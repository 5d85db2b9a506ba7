"""Merging: two tracks of one picture that are one object become one track.

Two ways in which an object comes to have two tracks, and the test for each:

* A turn carries it out of its track's gate: the old track runs straight on, a new one begins. When
  the new one is confirmed it is taken for the continuation of a confirmed track that no radar has
  met since it began, from whose last place the object could have come at its speed, and whose
  speed is the same within its errors; where there is more than one such, of none. Track segment
  association in its simplest form: Zhang & Bar-Shalom, IEEE Transactions on Aerospace and
  Electronic Systems 47, 2011.
* A plot outside the gate begins a second track beside the first, and the two share the plots from
  then on. One object gives one plot a look, so they were never both met in one of the last looks,
  but in turn: the other, this one, the other. Such a pair is one object when the difference of the
  estimates is within the gate, in position and in velocity (Bar-Shalom & Li, "Multitarget-
  Multisensor Tracking", 1995, ch. 8), and no more than ``same_object_m``.

The older track is kept with its engagements and gets the estimate of whichever was met last; the
engagements of the other are handed over. kalkan's own simplifications: the two estimates' common
process noise is left out of the test, and estimates are not fused: both come of the same radars.
"""

from __future__ import annotations

import math

from kalkan.jit import stage
from kalkan.kernels import filtering
from kalkan.kernels.plan import Plan
from kalkan.kernels.records import Records
from kalkan.kernels.state import CONFIRMED, IDLE, State, Tracks
from kalkan.kernels.trace import keep_track
from kalkan.kernels.tracking import drop, predicted, predicted_trace


@stage
def merge_sector(plan: Plan, state: State, records: Records, row: int, r: int, t_s: float) -> None:
    """Join what the sector that radar `r` has just swept shows to be one; after ``associate_sector``."""
    p, sensed, table = plan.radars.picture[r], state.sensed, state.tracks.table
    for i in range(sensed.n[0]):
        column = state.assignment.rows.column[i]
        if column < 0:
            continue
        k = sensed.candidates.track[sensed.candidates.order[column]]
        if table.status[p, k] == CONFIRMED and table.confirmed_s[p, k] == table.t_s[p, k]:
            old = _before_turn(plan, state, p, k)
            if old >= 0:
                join(plan, state, records, row, p, old, k, t_s)
    for a in range(sensed.n[2]):
        k = sensed.due[a]
        if table.status[p, k] != CONFIRMED or state.tracks.looks.history[p, k, r] & 1:
            continue
        twin = _twin(plan, state, p, k, r, t_s)
        if twin >= 0:
            older = twin if table.begun_s[p, twin] < table.begun_s[p, k] else k
            join(plan, state, records, row, p, older, k + twin - older, t_s)


@stage
def _before_turn(plan: Plan, state: State, p: int, new: int) -> int:
    """The one confirmed track that the newly confirmed one can continue; -1: there is none, or more than one."""
    tracks, table = state.tracks, state.tracks.table
    begun_s = table.begun_s[p, new]
    fresh_s = begun_s - plan.pictures.fresh_share[p] * plan.pictures.coast_s[p]
    found = -1
    for a in range(tracks.n[p]):
        k = table.active[p, a]
        hit_s = table.hit_s[p, k]
        if table.status[p, k] != CONFIRMED or hit_s >= begun_s or hit_s < fresh_s or table.judged_s[p, k] >= hit_s:
            continue
        if k != new and _could_turn(tracks, p, k, new, plan.study.gate):
            if found >= 0:
                return -1
            found = k
    return found


@stage
def _could_turn(tracks: Tracks, p: int, old: int, new: int, gate: float) -> bool:
    """Whether one object may have gone from the old track's last place to the new one's first, at one speed."""
    table = tracks.table
    v_old, var_old = _speed(tracks, p, old)
    v_new, var_new = _speed(tracks, p, new)
    if (v_old - v_new) ** 2 > gate * (var_old + var_new):
        return False
    d2 = 0.0
    for i in range(3):
        d2 += (table.begun_m[p, new, i] - table.x[p, old, i]) ** 2
    gap_s = table.begun_s[p, new] - table.t_s[p, old]
    reach = min(v_old, v_new) * gap_s + math.sqrt(gate * (_trace(tracks, p, old, 0) + table.begun_m2[p, new]))
    return d2 <= reach * reach


@stage
def _speed(tracks: Tracks, p: int, k: int) -> tuple[float, float]:
    """Speed of a track [m/s] and its variance [m2/s2], first order."""
    x, q = tracks.table.x, tracks.table.p
    v2, var = 0.0, 0.0
    for i in range(3, 6):
        v2 += x[p, k, i] ** 2
        for j in range(3, 6):
            var += x[p, k, i] * x[p, k, j] * q[p, k, i, j]
    return math.sqrt(v2), var / max(v2, 1e-9)


@stage
def _trace(tracks: Tracks, p: int, k: int, first: int) -> float:
    """Trace of a track's covariance of position [m2] (first 0) or velocity [m2/s2] (3)."""
    q = tracks.table.p
    return q[p, k, first, first] + q[p, k, first + 1, first + 1] + q[p, k, first + 2, first + 2]


@stage
def _twin(plan: Plan, state: State, p: int, k: int, r: int, t_s: float) -> int:
    """A confirmed track that shares the plots of `k`, which radar `r` has just missed after a hit, or -1."""
    tracks, table, cand = state.tracks, state.tracks.table, state.sensed.candidates
    noise, gate = plan.pictures.process_noise_m_s2[p], plan.study.gate
    near2 = plan.pictures.same_object_m[p] ** 2
    seasoned_s = t_s - plan.pictures.confirm_n[p] * plan.radars.scan_period_s[r]
    if table.begun_s[p, k] > seasoned_s or not tracks.looks.history[p, k, r] & 2:
        return -1
    x, y, z = predicted(tracks, p, k, t_s)
    _predict_into(state, p, k, 0, t_s, noise)
    var = cand.p[0, 0, 0] + cand.p[0, 1, 1] + cand.p[0, 2, 2]
    for a in range(tracks.n[p]):
        m = table.active[p, a]
        if table.status[p, m] != CONFIRMED or m == k or table.begun_s[p, m] > seasoned_s:
            continue
        if (tracks.looks.history[p, m, r] & 3) != 1 or tracks.looks.history[p, m, r] < 4:
            continue
        mx, my, mz = predicted(tracks, p, m, t_s)
        d2 = (mx - x) ** 2 + (my - y) ** 2 + (mz - z) ** 2
        if d2 > min(near2, gate * (var + predicted_trace(tracks, p, m, t_s - table.t_s[p, m], noise))):
            continue
        if _met_together(plan, tracks, p, k, m):
            continue
        _predict_into(state, p, m, 1, t_s, noise)
        if _agree(state, gate):
            return m
    return -1


@stage
def _met_together(plan: Plan, tracks: Tracks, p: int, one: int, other: int) -> bool:
    """Whether any radar has met both in one of its last looks: then they are two."""
    for r in range(plan.radars.size):
        if plan.radars.picture[r] == p and tracks.looks.history[p, one, r] & tracks.looks.history[p, other, r]:
            return True
    return False


@stage
def _predict_into(state: State, p: int, k: int, place: int, t_s: float, noise_m_s2: float) -> None:
    """Write track `k` at `t_s` [s] into a place of the candidates, whose sector is over."""
    table, cand = state.tracks.table, state.sensed.candidates
    for i in range(6):
        cand.x[place, i] = table.x[p, k, i]
        for j in range(6):
            cand.p[place, i, j] = table.p[p, k, i, j]
    filtering.predict(cand.x[place], cand.p[place], t_s - table.t_s[p, k], noise_m_s2)


@stage
def _agree(state: State, gate: float) -> bool:
    """Whether the estimates in places 0 and 1 differ by no more than their errors, in position and velocity."""
    cand, scratch = state.sensed.candidates, state.matrix
    d2, _ = filtering.distance(cand.x[0], cand.p[0], cand.x[1], cand.p[1], 0.0, gate, scratch)
    if d2 == math.inf:
        return False
    d2, _ = filtering.distance(
        cand.x[0, 3:], cand.p[0, 3:, 3:], cand.x[1, 3:], cand.p[1, 3:, 3:], 0.0, gate, scratch
    )  # fmt: skip
    return d2 < math.inf


@stage
def join(plan: Plan, state: State, records: Records, row: int, p: int, keep: int, gone: int, t_s: float) -> None:
    """Track `gone` ends; `keep` lives on with the later estimate, both histories and both engagements."""
    tracks, table = state.tracks, state.tracks.table
    if table.hit_s[p, gone] > table.hit_s[p, keep]:
        table.t_s[p, keep], table.hit_s[p, keep] = table.t_s[p, gone], table.hit_s[p, gone]
        table.threat[p, keep] = table.threat[p, gone]
        for i in range(6):
            table.x[p, keep, i] = table.x[p, gone, i]
            for j in range(6):
                table.p[p, keep, i, j] = table.p[p, gone, i, j]
    table.judged_s[p, keep] = max(table.judged_s[p, keep], table.judged_s[p, gone])
    for r in range(plan.radars.size):
        tracks.looks.hit_s[p, keep, r] = max(tracks.looks.hit_s[p, keep, r], tracks.looks.hit_s[p, gone, r])
        tracks.looks.history[p, keep, r] |= tracks.looks.history[p, gone, r]
    _hand_over(plan, state, p, keep, gone)
    records.post.tracks_merged[row, p] += 1
    drop(state, records, row, p, gone, t_s)
    keep_track(state.trace, table, p, keep, table.threat[p, keep])


@stage
def _hand_over(plan: Plan, state: State, p: int, keep: int, gone: int) -> None:
    """The engagements of track `gone` become those of `keep`; what a unit may not try, it may not try again."""
    eng, tracks, table = state.slot, state.tracks, state.tracks.table
    for u in range(plan.units.size):
        if plan.units.picture[u] != p:
            continue
        tracks.retry_s[p, keep, u] = max(tracks.retry_s[p, keep, u], tracks.retry_s[p, gone, u])
        for c in range(plan.units.target_channels[u]):
            if eng.phase[u, c] == IDLE or eng.track[u, c] != gone:
                continue
            if eng.track_serial[u, c] == table.serial[p, gone]:
                eng.track[u, c], eng.track_serial[u, c] = keep, table.serial[p, keep]
    table.engaged[p, keep] += table.engaged[p, gone]
