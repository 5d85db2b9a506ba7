"""Spares: one is ordered as one is taken, and whoever finds none waits, first come first served.

A part asks for a component when it fails, and repair on site begins when it has it. Who waits may, where that is
allowed, take what it lacks from another of its group that is down waiting for something else; the other then waits
for both. So of the parts of a group as many wait as components of the scarcest family are owed, and no fewer could.
"""

from __future__ import annotations

import math

from kalkan.arrays import I8, Struct
from kalkan.jit import kernel
from kalkan.supply.lives import lasting_s
from kalkan.supply.tables import REPAIRED, WAITS, Upkeep, UpkeepState


@kernel
def ask(upkeep: Upkeep, state: UpkeepState, row: int, i: int, t_s: float) -> bool:
    """Part `i` has failed and needs a component, one of which is ordered; whether it waits."""
    part = state.parts[row, i]
    p = upkeep.parts.group[i] * upkeep.n_family + part.family
    pool = state.pools[row, p]
    order(upkeep, state, row, p, part.family, t_s, part.u_lead)
    part.down_s = t_s
    if pool.stock > 0:
        pool.stock -= 1
        pool.used += 1
        _mend(part, t_s)
        return False
    pool.owed += 1
    part.waits += 1
    part.status, part.missing, part.n_missing = WAITS, 1 << part.family, 1
    return True


@kernel
def order(upkeep: Upkeep, state: UpkeepState, row: int, p: int, family: int, t_s: float, u: float) -> None:
    """One component for pool `p`: it comes after its lead time, or never where sanctions keep it away."""
    pool = state.pools[row, p]
    pool.ordered += 1
    at_home = family < state.n_local[row]
    if upkeep.sanctions == 1 and not at_home:
        pool.never += 1
        return
    n = state.n_order[row]
    state.orders.at_s[row, n] = t_s + lasting_s(
        upkeep.lead_times, upkeep.local_s if at_home else upkeep.foreign_s, 1.0, u
    )
    state.orders.pool[row, n] = p
    state.n_order[row] = n + 1


@kernel
def arrive(upkeep: Upkeep, state: UpkeepState, row: int, k: int) -> int:
    """Order `k` has come: to the part that has waited longest, whose number it returns, or to the shelf, -1."""
    t_s, p = state.orders.at_s[row, k], state.orders.pool[row, k]
    last = state.n_order[row] - 1
    state.n_order[row] = last
    state.orders.at_s[row, k], state.orders.pool[row, k] = state.orders.at_s[row, last], state.orders.pool[row, last]
    pool = state.pools[row, p]
    pool.arrived += 1
    if pool.owed == 0:
        pool.stock += 1
        return -1
    group, bit = p // upkeep.n_family, 1 << (p % upkeep.n_family)
    first, since_s = -1, math.inf
    for i in range(upkeep.parts.size):
        part = state.parts[row, i]
        if upkeep.parts.group[i] == group and part.missing & bit and part.down_s < since_s:
            first, since_s = i, part.down_s
    pool.owed -= 1
    pool.used += 1
    part = state.parts[row, first]
    part.missing ^= bit
    part.n_missing -= 1
    if part.n_missing == 0:
        _mend(part, t_s)
    return first


@kernel
def rob(upkeep: Upkeep, state: UpkeepState, row: int, group: int, t_s: float) -> int:
    """Whoever of a group has waited longest and can be made whole by others that wait is; its number, or -1."""
    if upkeep.cannibalisation == 0:
        return -1
    waiting = 0
    for i in range(upkeep.parts.size):
        waiting += upkeep.parts.group[i] == group and state.parts.status[row, i] == WAITS
    first, since_s = -1, math.inf
    for i in range(upkeep.parts.size):
        part = state.parts[row, i]
        mine = upkeep.parts.group[i] == group and part.status == WAITS
        if mine and part.down_s < since_s and _can_be_had(upkeep, state, row, part.missing, group, waiting):
            first, since_s = i, part.down_s
    if first >= 0:
        part = state.parts[row, first]
        for family in range(upkeep.n_family):
            if part.missing & (1 << family):
                _lend(upkeep, state, row, group, first, 1 << family)
        part.missing, part.n_missing = 0, 0
        _mend(part, t_s)
    return first


@kernel
def _can_be_had(upkeep: Upkeep, state: UpkeepState, row: int, missing: int, group: int, waiting: int) -> bool:
    """Whether each of some components is in one of the parts that wait."""
    for family in range(upkeep.n_family):
        if missing & (1 << family) and state.pools.owed[row, group * upkeep.n_family + family] >= waiting:
            return False
    return True


@kernel
def _lend(upkeep: Upkeep, state: UpkeepState, row: int, group: int, taker: int, bit: int) -> None:
    """Of the parts that wait and have a component, the one that lacks most gives it."""
    giver, most = -1, 0
    for i in range(upkeep.parts.size):
        part = state.parts[row, i]
        mine = upkeep.parts.group[i] == group and part.status == WAITS and i != taker
        if mine and not part.missing & bit and part.n_missing > most:
            giver, most = i, part.n_missing
    part = state.parts[row, giver]
    part.missing |= bit
    part.n_missing += 1
    part.robbed += 1


@kernel
def _mend(part: Struct, t_s: float) -> None:
    """A part has all that it needs: repair on site."""
    part.status, part.back_s = REPAIRED, t_s + part.mend_s


@kernel
def next_order(n_order: I8, orders: Struct, row: int) -> int:
    """The order that comes next; -1: none is under way."""
    found, at_s = -1, math.inf
    for k in range(n_order[row]):
        if orders.at_s[row, k] < at_s:
            found, at_s = k, orders.at_s[row, k]
    return found
