"""Merging: a track that goes on where another was lost in a turn becomes that track.

A hard turn carries an object out of its track's gate: the old track runs straight on, a new one begins.
When the new one is confirmed it is taken for the continuation of a confirmed track that no radar has met
in the second half of the new one's life, from whose last place the object could have come at its speed,
and whose speed is the same within its errors and the manoeuvre allowed for; of several the one that
would have come nearest. Track segment association in its simplest
form: Zhang & Bar-Shalom, IEEE Transactions on Aerospace and Electronic Systems 47, 2011.

The older track is kept with its engagements and gets the new one's estimate; engagements of the new one
are handed over. So it is with two tracks that share the plots of one object: their states agree, and no
radar has met both in a turn.
"""

from __future__ import annotations

import math

from kalkan.jit import kernel
from kalkan.kernels.booking import note
from kalkan.kernels.memory import recall
from kalkan.kernels.plan import Plan, Struct
from kalkan.kernels.state import CONFIRMED, HOLDING, IDLE, TENTATIVE, State, Tracks
from kalkan.kernels.trace import keep_track
from kalkan.kernels.tracking import drop
from kalkan.kernels.world import World
from kalkan.schema import EV_TRACK


@kernel
def merge_sector(world: World, r: int, t_s: float) -> None:
    """Join the tracks that the sector of radar `r` has just confirmed to those that they are, and book the others."""
    plan, state, records, row = world.plan, world.state, world.records, world.run.row[0]
    p, sensed, table = plan.radars.picture[r], state.sensed, state.tracks.table
    for i in range(sensed.n[3]):
        k = sensed.fresh[i]
        old = _before_turn(plan, state, p, k)
        if old < 0:
            old = _same_object(plan.radars, state.tracks, plan.study.gate, p, k)
        if old >= 0:
            join(world, p, old, k, t_s)
            continue
        if not _adopted(plan.units, state.slot, table, plan.study.gate, p, k):
            table.fired[p, k] += recall(plan.pictures, plan.study.gate, state.memory, table, p, k)
        records.post.tracks_confirmed[row, p] += 1
        if table.threat[p, k] < 0:
            records.post.tracks_false[row, p] += 1
        note(world, table.confirmed_s[p, k], EV_TRACK, table.threat[p, k], p, 0.0)


@kernel
def _adopted(units: Struct, eng: Struct, table: Struct, gate: float, p: int, k: int) -> bool:
    """Whether a unit of the post holds the target of the new track, under one that is gone: it goes on as this."""
    best_u, best_c, best2 = -1, -1, gate
    for u in range(units.size):
        if units.picture[u] != p:
            continue
        for c in range(units.target_channels[u]):
            if eng.phase[u, c] != HOLDING or table.serial[p, eng.track[u, c]] == eng.track_serial[u, c]:
                continue
            dt, d2, var = table.t_s[p, k] - eng.t_s[u, c], 0.0, 0.0
            for i in range(3):
                d2 += (eng.x[u, c, i] + dt * eng.x[u, c, i + 3] - table.x[p, k, i]) ** 2
                var += table.p[p, k, i, i] + eng.p[u, c, i, i] + dt * dt * eng.p[u, c, i + 3, i + 3]
            if d2 / var < best2:
                best_u, best_c, best2 = u, c, d2 / var
    if best_u < 0:
        return False
    eng.track[best_u, best_c], eng.track_serial[best_u, best_c] = k, table.serial[p, k]
    table.engaged[p, k] += 1
    table.fired[p, k] = eng.fired[best_u, best_c]
    return True


@kernel
def _before_turn(plan: Plan, state: State, p: int, new: int) -> int:
    """The confirmed track that the newly confirmed one can continue, the nearest to its first place; -1: none."""
    tracks, table = state.tracks, state.tracks.table
    begun_s = table.begun_s[p, new]
    latest_s = 0.5 * (begun_s + table.confirmed_s[p, new])
    best, best2 = -1, math.inf
    for a in range(tracks.n[p]):
        k = tracks.active[p, a]
        hit_s = table.hit_s[p, k]
        if table.status[p, k] != CONFIRMED or hit_s > latest_s or table.judged_s[p, k] >= hit_s:
            continue
        if k != new and _could_turn(plan, tracks, p, k, new):
            off2, dt = 0.0, begun_s - table.t_s[p, k]
            for i in range(3):
                off2 += (table.x[p, k, i] + dt * table.x[p, k, i + 3] - table.begun_m[p, new, i]) ** 2
            if off2 < best2:
                best, best2 = k, off2
    return best


@kernel
def _could_turn(plan: Plan, tracks: Tracks, p: int, old: int, new: int) -> bool:
    """Whether one object may have gone from the old track's last place to the new one's first, at about one speed."""
    table, gate = tracks.table, plan.study.gate
    gap_s = abs(table.begun_s[p, new] - table.t_s[p, old])
    v_old, var_old = _speed(tracks, p, old)
    v_new, var_new = _speed(tracks, p, new)
    change = plan.pictures.process_noise_m_s2[p] * gap_s
    if (v_old - v_new) ** 2 > gate * (var_old + var_new + change * change):
        return False
    d2 = 0.0
    for i in range(3):
        d2 += (table.begun_m[p, new, i] - table.x[p, old, i]) ** 2
    q = table.p
    var = q[p, old, 0, 0] + q[p, old, 1, 1] + q[p, old, 2, 2] + table.begun_m2[p, new]
    reach = min(v_old, v_new) * gap_s + math.sqrt(gate * var)
    return d2 <= reach * reach


@kernel
def _same_object(radars: Struct, tracks: Tracks, gate: float, p: int, new: int) -> int:
    """The confirmed track nearest to the newly confirmed one that must be the same object, or -1.

    Place and velocity agree within the errors of both, and no radar has met the older one since the new
    one began to take its plots: one object gives a radar one plot a turn, two objects give two.
    """
    table = tracks.table
    t_s, best, best2 = table.t_s[p, new], -1, gate
    for a in range(tracks.n[p]):
        k = tracks.active[p, a]
        if k == new or table.status[p, k] != CONFIRMED or _met_since(radars, tracks, p, k, table.begun_s[p, new]):
            continue
        dt, d2, v2, var, var_v = t_s - table.t_s[p, k], 0.0, 0.0, 0.0, 0.0
        for i in range(3):
            d2 += (table.x[p, k, i] + dt * table.x[p, k, i + 3] - table.x[p, new, i]) ** 2
            v2 += (table.x[p, k, i + 3] - table.x[p, new, i + 3]) ** 2
            q, q_v = table.p[p, k, i, i], table.p[p, k, i + 3, i + 3]
            var += table.p[p, new, i, i] + q + dt * (2.0 * table.p[p, k, i, i + 3] + dt * q_v)
            var_v += table.p[p, new, i + 3, i + 3] + q_v
        off2 = d2 / var + v2 / var_v
        if off2 < best2:
            best, best2 = k, off2
    return best


@kernel
def _met_since(radars: Struct, tracks: Tracks, p: int, k: int, t_s: float) -> bool:
    """Whether any search radar of the post has met track `k` in the turn of `t_s` [s] or later."""
    for r in range(radars.size):
        if radars.picture[r] == p and tracks.looks.hit_s[p, k, r] > t_s - 0.5 * radars.scan_period_s[r]:
            return True
    return False


@kernel
def _speed(tracks: Tracks, p: int, k: int) -> tuple[float, float]:
    """Speed of a track [m/s] and its variance [m2/s2], first order."""
    x, q = tracks.table.x, tracks.table.p
    v2, var = 0.0, 0.0
    for i in range(3, 6):
        v2 += x[p, k, i] ** 2
        for j in range(3, 6):
            var += x[p, k, i] * x[p, k, j] * q[p, k, i, j]
    return math.sqrt(v2), var / max(v2, 1e-9)


@kernel
def join(world: World, p: int, keep: int, gone: int, t_s: float) -> None:
    """Track `gone`, just confirmed, ends as one that never stood alone; `keep` lives on with the later estimate.

    Engagements of both go on with `keep`.
    """
    plan, state, records, row = world.plan, world.state, world.records, world.run.row[0]
    tracks, table = state.tracks, state.tracks.table
    if table.hit_s[p, gone] > table.hit_s[p, keep]:
        table.t_s[p, keep], table.hit_s[p, keep] = table.t_s[p, gone], table.hit_s[p, gone]
        table.threat[p, keep] = table.threat[p, gone]
        for i in range(6):
            table.x[p, keep, i] = table.x[p, gone, i]
            for j in range(6):
                table.p[p, keep, i, j] = table.p[p, gone, i, j]
    table.fired[p, keep] += table.fired[p, gone]
    table.fired[p, gone] = 0
    table.judged_s[p, keep] = max(table.judged_s[p, keep], table.judged_s[p, gone])
    table.vanished_s[p, keep] = max(table.vanished_s[p, keep], table.vanished_s[p, gone])
    for r in range(plan.radars.size):
        tracks.looks.hit_s[p, keep, r] = max(tracks.looks.hit_s[p, keep, r], tracks.looks.hit_s[p, gone, r])
    _hand_over(plan, state, p, keep, gone)
    _count_all(plan.units, state.slot, table, p, keep)
    records.post.tracks_merged[row, p] += 1
    table.status[p, gone] = TENTATIVE
    drop(world, p, gone, t_s)
    keep_track(state.trace, table, p, keep, table.threat[p, keep])


@kernel
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


@kernel
def _count_all(units: Struct, eng: Struct, table: Struct, p: int, k: int) -> None:
    """Every engagement of track `k` knows of all rounds launched at it, under whichever track."""
    for u in range(units.size):
        if units.picture[u] != p:
            continue
        for c in range(units.target_channels[u]):
            mine = eng.track[u, c] == k and eng.track_serial[u, c] == table.serial[p, k]
            if eng.phase[u, c] != IDLE and mine:
                eng.fired[u, c] = table.fired[p, k]
