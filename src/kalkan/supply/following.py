"""Stock by itself: what is left at each level after raids that spend so much, without a scenario."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from kalkan.arrays import I8
from kalkan.byref import by_reference
from kalkan.kernels.random import mix
from kalkan.schema import MAX_TYPES
from kalkan.supply.books import Books, books
from kalkan.supply.stock import Stock, advance, allocate, begin, spend
from kalkan.supply.stores import Stores


class Spending(NamedTuple):
    """What a fire unit launches at one instant, if it has so much on its launchers."""

    at_s: float
    unit: int  # in the order in which the stores were made
    missile: int  # type, in the order of the list of missiles
    rounds: int


def follow(
    stores: Stores, raids: Sequence[Spending], times_s: Sequence[float], *, replications: int = 1, seed: int = 0
) -> Books:
    """The books at some times, raid after raid, in each of many replications.

    Parameters
    ----------
    stores : Stores
        From :func:`kalkan.supply.stores_of`.
    raids : sequence of Spending
        Rounds leave the launcher of the unit that has most of them; what is not there is not launched.
    times_s : sequence of float
        When the books are read [s], rising; a raid of the same instant has been.
    replications, seed : int
        Replication k of a seed draws the same convoys whatever else happens.

    Returns
    -------
    Books
        Each array ``(time, replication, type)``.

    Raises
    ------
    ValueError
        Times are negative or do not rise, or a raid is of a unit or missile that is not there.
    """
    times, listed = list(times_s), sorted(raids)
    if any(b < a for a, b in zip([0.0, *times], times, strict=False)):
        raise ValueError("times_s must not be negative, and must rise")
    for raid in listed:
        if not (0 <= raid.unit < stores.units.size and 0 <= raid.missile < stores.types):
            raise ValueError(f"there is no such unit or missile: {raid}")
        if raid.at_s < 0.0 or raid.rounds < 0:
            raise ValueError(f"a raid comes at 0 s or later, and spends no less than nothing: {raid}")
    state, stream = allocate(stores, replications), np.uint64(mix(np.uint64(seed), np.uint64(0)))
    plain, handed = by_reference(stores), by_reference(state)
    for k in range(replications):
        begin(plain, handed, k)
    now_s, found = 0.0, []
    steps = sorted([(r.at_s, 0, i) for i, r in enumerate(listed)] + [(t, 1, i) for i, t in enumerate(times)])
    for at_s, reads, i in steps:
        for k in range(replications):
            advance(plain, handed, k, stream, k, now_s, at_s)
            if not reads:
                spend(handed, k, _fire(stores, state, k, listed[i]))
        now_s = at_s
        if reads:
            found.append(books(stores, state))
    return Books(*(np.array(part) for part in zip(*found, strict=True)))


def _fire(stores: Stores, state: Stock, row: int, raid: Spending) -> I8:
    """Take rounds of one type off a unit's launchers; how many, ``(n_unit, MAX_TYPES)``."""
    fired = np.zeros((stores.units.size, MAX_TYPES), np.int64)
    unit = stores.units[raid.unit]
    left = state.loaded[row, unit["first"] : unit["last"], raid.missile]
    for _ in range(min(raid.rounds, int(left.sum()))):
        left[left.argmax()] -= 1
        fired[raid.unit, raid.missile] += 1
    return fired
