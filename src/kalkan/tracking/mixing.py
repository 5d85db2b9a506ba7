"""Interacting multiple models (IMM): a track that flies straight on, turns, or falls, each with its chance.

Blom & Bar-Shalom, IEEE Transactions on Automatic Control 33, 1988, doi:10.1109/9.1299; Bar-Shalom, Li & Kirubarajan,
2001, §11.6. The estimate of the table is that of all modes together. Where it is another than they gave last, it has
come from elsewhere (a joined track, an engagement radar), and the modes begin anew from it with the chances that they
had. A mode without a turn rate takes part in mixing with the rate 0 and the error that a beginning turn may have.
"""

from __future__ import annotations

import math

from kalkan.arrays import F8
from kalkan.jit import kernel
from kalkan.tracking import motion
from kalkan.tracking.single import LOG_DENSITY, correct, credit
from kalkan.tracking.single import open as open_single
from kalkan.tracking.tables import TURN, AirPicture


@kernel
def open(air: AirPicture, p: int, k: int) -> None:
    """Begin a track: all that the modes know is its first plot, and it flies straight on."""
    open_single(air, p, k)
    for m in range(air.manner.n_modes[0]):
        air.bank.chance[p, k, m] = 1.0 if m == 0 else 0.0
    air.bank.told_x[p, k, 0] = math.inf


@kernel
def _revive(air: AirPicture, p: int, k: int) -> None:
    """Where the table's estimate is not the modes' own, they begin anew from it."""
    table, bank, same = air.table, air.bank, True
    for i in range(6):
        same = same and bank.told_x[p, k, i] == table.x[p, k, i]
    if same:
        return
    for m in range(air.manner.n_modes[0]):
        x, q = bank.x[p, k, m], bank.p[p, k, m]
        for i in range(6):
            x[i] = table.x[p, k, i]
            for j in range(6):
                q[i, j] = table.p[p, k, i, j]
        _no_turn(air, x, q)


@kernel
def _no_turn(air: AirPicture, x: F8, q: F8) -> None:
    """A state of 7 elements that does not turn yet."""
    sigma = air.manner.turn_sigma_rad_s[0]
    x[6] = 0.0
    for i in range(6):
        q[i, 6] = 0.0
        q[6, i] = 0.0
    q[6, 6] = sigma * sigma


@kernel
def _mix(air: AirPicture, p: int, k: int, to_s: float) -> None:
    """Mix the modes of a track and move them to a time [s], in ``air.mix``, with the chance of each then."""
    bank, manner, mix, n = air.bank, air.manner, air.mix, air.manner.n_modes[0]
    dt = to_s - air.table.t_s[p, k]
    _revive(air, p, k)
    for m in range(n):
        x, q, weight, total = mix.x[0, m], mix.p[0, m], mix.weight[0], 0.0
        for o in range(n):
            weight[o] = _switch(air, o, m, dt) * bank.chance[p, k, o]
            total += weight[o]
        mix.chance[0, m] = total
        for o in range(n):
            weight[o] /= total
        turns = manner.mode[0, m] == TURN
        combine(weight, bank.x[p, k], bank.p[p, k], n, 7 if turns else 6, x, q)
        motion.move(x, q, dt, manner, m, air.rules.ballistic_m[p])
        if not turns:
            _no_turn(air, x, q)


@kernel
def _switch(air: AirPicture, o: int, m: int, dt_s: float) -> float:
    """Chance that an object in mode `o` is in mode `m` after `dt_s` [s]."""
    n, rate, leave = air.manner.n_modes[0], air.manner.switch, 0.0
    for other in range(n):
        if other != o:
            leave += rate[0, o, other]
    if leave == 0.0:
        return 1.0 if o == m else 0.0
    left = 1.0 - math.exp(-leave * abs(dt_s))
    return 1.0 - left if o == m else left * rate[0, o, m] / leave


@kernel
def combine(weight: F8, xs: F8, qs: F8, n: int, size: int, x: F8, q: F8) -> None:
    """Mean and covariance of a mixture of `n` Gaussians, the first `size` elements of each."""
    for i in range(size):
        x[i] = 0.0
        for m in range(n):
            x[i] += weight[m] * xs[m, i]
        for j in range(i, size):
            q[i, j] = 0.0
    for m in range(n):
        w = weight[m]
        if w == 0.0:
            continue
        for i in range(size):
            off = w * (xs[m, i] - x[i])
            for j in range(i, size):
                q[i, j] += w * qs[m, i, j] + off * (xs[m, j] - x[j])
    for i in range(size):
        for j in range(i + 1, size):
            q[j, i] = q[i, j]


@kernel
def foresee(air: AirPicture, p: int, k: int, t_s: float, n: int) -> None:
    """Write into candidate `n` where track `k` will be at `t_s` [s], and how surely, whatever it does."""
    _mix(air, p, k, t_s)
    mix, cand = air.mix, air.candidates
    combine(mix.chance[0], mix.x[0], mix.p[0], air.manner.n_modes[0], 6, cand.x[n], cand.p[n])


@kernel
def absorb(air: AirPicture, r: int, p: int, k: int, j: int) -> float:
    """Take plot `j` of radar `r` into all modes of track `k`; the least of its squared distances [1]."""
    table, bank, mix, n = air.table, air.bank, air.mix, air.manner.n_modes[0]
    _mix(air, p, k, air.plots.t_s[j])
    weight, nearest, best, total = mix.weight[0], math.inf, -math.inf, 0.0
    for m in range(n):
        d2, log_det = correct(air, r, mix.x[0, m], mix.p[0, m], j)
        weight[m] = -0.5 * (d2 + log_det)
        nearest, best = min(nearest, d2), max(best, weight[m])
    for m in range(n):
        weight[m] = mix.chance[0, m] * math.exp(weight[m] - best)
        total += weight[m]
    credit(air, r, p, k, best + math.log(total) - LOG_DENSITY, j)
    for m in range(n):
        weight[m] /= total
        bank.chance[p, k, m] = weight[m]
        for i in range(7):
            bank.x[p, k, m, i] = mix.x[0, m, i]
            for o in range(7):
                bank.p[p, k, m, i, o] = mix.p[0, m, i, o]
    combine(weight, mix.x[0], mix.p[0], n, 6, table.x[p, k], table.p[p, k])
    for i in range(6):
        bank.told_x[p, k, i] = table.x[p, k, i]
    return nearest
