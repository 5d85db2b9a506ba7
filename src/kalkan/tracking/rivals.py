"""Rivals: two confirmed tracks that live on the plots of one object are made one.

Where a radar gives a plot that two tracks could own, and nothing to the other, that one goes empty-handed. One object
gives a radar one plot a turn: of two tracks on it now this one goes empty-handed and now that; two objects soon give
two plots in one turn, which ends the rivalry. Once each has gone empty-handed for the other, three turns together, and
none gave both a plot, they are one: the older lives on. A track that goes empty-handed all the time ends by itself.
kalkan's own rule, after the common one for tracks that share observations (Blackman & Popoli, "Design and Analysis of
Modern Tracking Systems", 1999, ch. 6).
"""

from __future__ import annotations

from kalkan.jit import kernel
from kalkan.tracking.continuing import join
from kalkan.tracking.tables import CONFIRMED, N_PLOTS, AirPicture

TURNS = 3  # so many turns in which only one had a plot settle it


@kernel
def settle_rivals(air: AirPicture, r: int, p: int, t_s: float) -> None:
    """Note which tracks of this sector went empty-handed for whom, and join those that must be one."""
    a, cand, table = air.assignment, air.candidates, air.table
    recent_s = t_s - 0.5 * air.radars.scan_period_s[r]
    for i in range(air.number[N_PLOTS]):
        mine = a.rows.column[i]
        if mine < 0:
            continue
        k = cand.track[cand.order[mine]]
        if table.status[p, k] != CONFIRMED:
            continue
        rival = table.rival[p, k]
        if rival >= 0 and air.looks.hit_s[p, rival, r] > recent_s:  # both have had a plot in this turn
            table.rival[p, k] = -1
            if table.rival[p, rival] == k:
                table.rival[p, rival] = -1
        for e in range(a.rows.first[i], a.rows.first[i + 1]):
            if a.pairs.column[e] != mine:
                j = cand.track[cand.order[a.pairs.column[e]]]
                if table.status[p, j] == CONFIRMED and air.looks.hit_s[p, j, r] <= recent_s:
                    _leave_empty_handed(air, p, j, k, t_s)


@kernel
def _is_rival(air: AirPicture, p: int, k: int, other: int) -> bool:
    """Whether `other` is still the track that took what track `k` could have had."""
    table = air.table
    return table.rival[p, k] == other and table.rival_serial[p, k] == table.serial[p, other]


@kernel
def _leave_empty_handed(air: AirPicture, p: int, j: int, k: int, t_s: float) -> None:
    """Track `k` took what track `j` could have had: one turn more, or the end of the younger."""
    table = air.table
    if not _is_rival(air, p, j, k):
        table.rival[p, j], table.rival_serial[p, j], table.turns[p, j] = k, table.serial[p, k], 0
    table.turns[p, j] += 1
    if _is_rival(air, p, k, j) and table.turns[p, j] + table.turns[p, k] >= TURNS:
        j_older = table.confirmed_s[p, j] < table.confirmed_s[p, k]
        keep, gone = (j, k) if j_older else (k, j)
        join(air, p, keep, gone, t_s, True)
