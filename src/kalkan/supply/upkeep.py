"""Upkeep: parts of the defence fail, wait for spares, are repaired and maintained; compiled, one replication at a time.

By events. Between two failures that need a spare a part's course is its own, so that each is followed alone as far as
its next such failure, or as far as is asked; only asking for spares, their arrival and what parts lend each other
happen in the order of time. Nothing depends on how time is cut: ``advance`` to a and then to b is ``advance`` to b,
bit for bit. kalkan's own simplifications: failures come at the same rate in raids and between, and not while a part
is down; a repaired part is as new; families of components are alike; as many repairs as there are run side by side;
what is down when its maintenance comes due is not maintained that time.
"""

from __future__ import annotations

import math

from kalkan.jit import kernel
from kalkan.kernels import random
from kalkan.kernels.random import Word
from kalkan.supply.lives import live, renew
from kalkan.supply.spares import arrive, ask, next_order, rob
from kalkan.supply.tables import GONE, MAINTAINED, REPAIRED, WAITS, WORKS, Spells, Upkeep, UpkeepState


@kernel
def begin(upkeep: Upkeep, state: UpkeepState, row: int, stream: Word, replication: int) -> None:
    """Replication `replication` begins in row `row`: each part in order from its time in service on, shelves full."""
    u = random.draw4(stream, replication, random.LOCAL, 0, 0, 0)[0]
    state.n_local[row] = int(upkeep.local_share * upkeep.n_family + u)
    state.n_order[row] = 0
    for p in range(state.pools.shape[1]):
        pool = state.pools[row, p]
        pool.stock = upkeep.spares[p // upkeep.n_family]
        pool.owed, pool.used, pool.ordered, pool.arrived, pool.never, pool.forgone = 0, 0, 0, 0, 0, 0
    for i in range(upkeep.parts.size):
        given, part = upkeep.parts[i], state.parts[row, i]
        part.status, part.missing, part.n_missing, part.turns = WORKS, 0, 0, 0
        part.failures, part.maintained, part.waits, part.robbed = 0, 0, 0, 0
        part.down_s, part.back_s, part.lost_s, part.first_due_s = math.inf, math.inf, 0.0, math.inf
        if given.every_s < math.inf:
            phase = random.draw4(stream, replication, random.TURN, given.key, 0, 0)[0]
            part.first_due_s = given.in_service_s + phase * given.every_s
        part.due_s = part.first_due_s
        state.demand_s[row, i] = math.inf
        live(upkeep, part, given, stream, replication, given.in_service_s)


@kernel
def advance(
    upkeep: Upkeep, state: UpkeepState, row: int, stream: Word, replication: int, from_s: float, until_s: float,
    spells: Spells,
) -> None:  # fmt: skip
    """All that happens from where the row stands up to and with `until_s`.

    Parameters
    ----------
    upkeep : Upkeep
    state : UpkeepState
        As `begin` or an earlier call left it.
    row, stream, replication
        As of `begin`.
    from_s, until_s : float
        Times of the campaign [s]. Spells that end by `from_s` are not told; the row may stand before it.
    spells : Spells
        Takes each time in which a part is down that overlaps (from_s, until_s]; its end is inf if it is later.
    """
    for i in range(upkeep.parts.size):
        _follow(upkeep, state, row, stream, replication, i, from_s, until_s, spells)
    while True:
        i = 0
        for k in range(1, upkeep.parts.size):
            if state.demand_s[row, k] < state.demand_s[row, i]:
                i = k
        t_s = state.demand_s[row, i]
        k = next_order(state.n_order, state.orders, row)
        if k >= 0 and state.orders.at_s[row, k] <= t_s:
            t_s = state.orders.at_s[row, k]
            if t_s > until_s:
                break
            i = arrive(upkeep, state, row, k)
        elif t_s > until_s or t_s == math.inf:
            break
        else:
            state.demand_s[row, i] = math.inf
            state.parts[row, i].failures += 1
            ask(upkeep, state, row, i, t_s)
        if i < 0:
            continue
        while i >= 0:  # whoever has what it needs goes on alone; who waits may be helped by another, or help
            group = upkeep.parts.group[i]
            if state.parts.status[row, i] == REPAIRED:
                _follow(upkeep, state, row, stream, replication, i, from_s, until_s, spells)
            i = rob(upkeep, state, row, group, t_s)
    for i in range(upkeep.parts.size):
        part = state.parts[row, i]
        if part.status == WAITS or part.status == REPAIRED or part.status == MAINTAINED:
            _tell(spells, row, i, part.down_s, math.inf)


@kernel
def retire(upkeep: Upkeep, state: UpkeepState, row: int, i: int, t_s: float) -> None:
    """Part `i` is gone for good, at the time to which the row has come: it fails no more, and gives nothing to others.

    What was ordered for it comes to the shelf, or to whoever waits.
    """
    part = state.parts[row, i]
    if part.status == GONE:
        return
    for family in range(upkeep.n_family):
        if part.missing & (1 << family):
            pool = state.pools[row, upkeep.parts.group[i] * upkeep.n_family + family]
            pool.owed -= 1
            pool.forgone += 1
    if part.status != WORKS:
        part.lost_s += t_s - part.down_s
    part.status, part.missing, part.n_missing = GONE, 0, 0
    part.fails_s, part.due_s, part.back_s, state.demand_s[row, i] = math.inf, math.inf, math.inf, math.inf


@kernel
def _follow(
    upkeep: Upkeep, state: UpkeepState, row: int, stream: Word, replication: int, i: int, from_s: float, until_s: float,
    spells: Spells,
) -> None:  # fmt: skip
    """Part `i` alone, to its next failure that needs a component or to `until_s`."""
    given, part = upkeep.parts[i], state.parts[row, i]
    while part.status != WAITS and part.status != GONE:
        if part.status != WORKS:
            if part.back_s > until_s:
                return
            _come_back(upkeep, state, row, stream, replication, i, from_s, spells)
        elif part.due_s < part.fails_s:
            if part.due_s > until_s:
                return
            part.status, part.down_s, part.back_s = MAINTAINED, part.due_s, part.due_s + given.maintenance_s
        elif part.fails_s > until_s:
            return
        elif part.family >= 0:
            state.demand_s[row, i] = part.fails_s
            return
        else:
            part.failures += 1
            part.status, part.down_s, part.back_s = REPAIRED, part.fails_s, part.fails_s + part.mend_s


@kernel
def _come_back(
    upkeep: Upkeep, state: UpkeepState, row: int, stream: Word, replication: int, i: int, from_s: float, spells: Spells
) -> None:
    """Repair or maintenance of part `i` has ended."""
    given, part = upkeep.parts[i], state.parts[row, i]
    t_s = part.back_s
    part.lost_s += t_s - part.down_s
    if t_s > from_s:
        _tell(spells, row, i, part.down_s, t_s)
    if part.status == REPAIRED:
        live(upkeep, part, given, stream, replication, t_s)
    else:
        part.maintained += 1
        part.fails_s += given.maintenance_s
        if upkeep.renews == 1:
            renew(upkeep, part, given, stream, replication, t_s)
    part.status, part.down_s, part.back_s = WORKS, math.inf, math.inf
    while part.due_s <= t_s:
        part.turns += 1
        part.due_s = part.first_due_s + part.turns * given.every_s


@kernel
def _tell(spells: Spells, row: int, i: int, from_s: float, until_s: float) -> None:
    n = spells.n[row]
    if n == spells.entries.shape[1]:
        spells.lost[row] += 1
        return
    spells.n[row] = n + 1
    spell = spells.entries[row, n]
    spell.part, spell.from_s, spell.until_s = i, from_s, until_s
