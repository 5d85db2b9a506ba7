"""Continuing: a track that goes on where another was lost in a turn becomes that track.

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

from kalkan.arrays import Struct
from kalkan.jit import kernel
from kalkan.tracking.lifecycle import change, drop
from kalkan.tracking.tables import ALONE, CONFIRMED, JOINED, N_FRESH, RESTATED, TENTATIVE, AirPicture


@kernel
def _before_turn(air: AirPicture, p: int, new: int) -> int:
    """The confirmed track that the newly confirmed one can continue, the nearest to its first place; -1: none."""
    table = air.table
    begun_s = table.begun_s[p, new]
    latest_s = 0.5 * (begun_s + table.confirmed_s[p, new])
    best, best2 = -1, math.inf
    for a in range(air.n[p]):
        k = air.active[p, a]
        hit_s = table.hit_s[p, k]
        if table.status[p, k] != CONFIRMED or hit_s > latest_s or table.judged_s[p, k] >= hit_s:
            continue
        if k != new and _could_turn(air, p, k, new):
            off2, dt = 0.0, begun_s - table.t_s[p, k]
            for i in range(3):
                off2 += (table.x[p, k, i] + dt * table.x[p, k, i + 3] - table.begun_m[p, new, i]) ** 2
            if off2 < best2:
                best, best2 = k, off2
    return best


@kernel
def _could_turn(air: AirPicture, p: int, old: int, new: int) -> bool:
    """Whether one object may have gone from the old track's last place to the new one's first, at about one speed."""
    table, gate = air.table, air.gate
    gap_s = abs(table.begun_s[p, new] - table.t_s[p, old])
    v_old, var_old = _speed(table, p, old)
    v_new, var_new = _speed(table, p, new)
    change = air.rules.process_noise_m_s2[p] * gap_s
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
def _same_object(air: AirPicture, p: int, new: int) -> int:
    """The confirmed track nearest to the newly confirmed one that must be the same object, or -1.

    Place and velocity agree within the errors of both, and no radar has met the older one since the new
    one began to take its plots: one object gives a radar one plot a turn, two objects give two.
    """
    table = air.table
    t_s, best, best2 = table.t_s[p, new], -1, air.gate
    for a in range(air.n[p]):
        k = air.active[p, a]
        if k == new or table.status[p, k] != CONFIRMED or _met_since(air, p, k, table.begun_s[p, new]):
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
def _met_since(air: AirPicture, p: int, k: int, t_s: float) -> bool:
    """Whether any search radar of the picture has met track `k` in the turn of `t_s` [s] or later."""
    for r in range(air.radars.size):
        if air.radars.picture[r] == p and air.looks.hit_s[p, k, r] > t_s - 0.5 * air.radars.scan_period_s[r]:
            return True
    return False


@kernel
def _speed(table: Struct, p: int, k: int) -> tuple[float, float]:
    """Speed of a track [m/s] and its variance [m2/s2], first order."""
    x, q = table.x, table.p
    v2, var = 0.0, 0.0
    for i in range(3, 6):
        v2 += x[p, k, i] ** 2
        for j in range(3, 6):
            var += x[p, k, i] * x[p, k, j] * q[p, k, i, j]
    return math.sqrt(v2), var / max(v2, 1e-9)


@kernel
def continue_tracks(air: AirPicture, p: int, t_s: float) -> None:
    """Join the tracks that a sector has just confirmed to those that they are; tell which stand alone."""
    for i in range(air.number[N_FRESH]):
        k = air.fresh[i]
        old = _before_turn(air, p, k)
        if old < 0:
            old = _same_object(air, p, k)
        if old >= 0:
            join(air, p, old, k, t_s, False)
        else:
            change(air, ALONE, p, k, air.table.confirmed_s[p, k], air.table.threat[p, k])


@kernel
def join(air: AirPicture, p: int, keep: int, gone: int, t_s: float, stood: bool) -> None:
    """Track `gone` ends, as one that `stood` alone until now or never did; `keep` lives on with the later estimate."""
    table, looks = air.table, air.looks
    if table.hit_s[p, gone] > table.hit_s[p, keep]:
        table.t_s[p, keep], table.hit_s[p, keep] = table.t_s[p, gone], table.hit_s[p, gone]
        table.threat[p, keep] = table.threat[p, gone]
        for i in range(6):
            table.x[p, keep, i] = table.x[p, gone, i]
            for j in range(6):
                table.p[p, keep, i, j] = table.p[p, gone, i, j]
    table.judged_s[p, keep] = max(table.judged_s[p, keep], table.judged_s[p, gone])
    for r in range(air.radars.size):
        looks.hit_s[p, keep, r] = max(looks.hit_s[p, keep, r], looks.hit_s[p, gone, r])
    i = change(air, JOINED, p, gone, t_s, table.threat[p, gone])
    air.changes.other[i] = keep
    if not stood:
        table.status[p, gone] = TENTATIVE
    drop(air, p, gone, t_s)
    change(air, RESTATED, p, keep, t_s, table.threat[p, keep])
