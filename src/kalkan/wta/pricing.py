"""The cheapest sets of rounds against each target at given prices: exactly, by branch and bound.

A set is grown round by round in the order of its target's list; it is dropped where even the continuous knapsack of
what may follow does not beat the best known. Sets of all targets are grown together, as arrays.
"""

from __future__ import annotations

import time
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kalkan.wta.candidates import Candidates, Start, first_where, least_cost, listed, spread, without_losers
from kalkan.wta.instance import Floats, Instance, Whole

AT_ONCE = 300_000  # sets that are grown together: bounds the memory


class Columns(NamedTuple):
    """Sets of rounds, each against one target.

    Attributes
    ----------
    target : array of int, shape (set,)
    of : array of int, shape (entry,)
        Set that an entry belongs to, rising.
    weapon, number : array of int, shape (entry,)
        Rounds of a weapon.
    """

    target: Whole
    of: Whole
    weapon: Whole
    number: Whole

    def costs(self, instance: Instance) -> Floats:
        """Value that survives each set."""
        found = instance.values[self.target].copy()
        np.multiply.at(found, self.of, instance.q[self.weapon, self.target[self.of]] ** self.number)
        return found


def columns_of(target: Whole, of: Whole, weapon: Whole, n_weapons: int) -> Columns:
    """Sets from single rounds (`of`: which set, `weapon`), in any order."""
    entry, number = np.unique(of * max(n_weapons, 1) + weapon, return_counts=True)
    return Columns(target, entry // max(n_weapons, 1), entry % max(n_weapons, 1), number)


class Priced(NamedTuple):
    """What a search found.

    Attributes
    ----------
    columns : Columns
        The cheapest few of each target.
    lower : array, shape (target,)
        No set of a target costs less: exact where `complete`.
    complete : bool
        False: it stopped at its limit.
    """

    columns: Columns
    lower: Floats
    complete: bool


class _Sets(NamedTuple):
    """Sets that may still grow; `name` is their row in the book of sets."""

    target: Whole
    at: Whole
    residual: Floats
    paid: Floats
    name: Whole

    def those(self, which: NDArray | slice) -> _Sets:
        return _Sets(self.target[which], self.at[which], self.residual[which], self.paid[which], self.name[which])


class _Prices:
    """Every set that was kept: the one that it was grown from and the round that was added; and which cost little."""

    def __init__(self, below: Floats) -> None:
        none = np.full(len(below), -1, dtype=np.int64)
        self.size, self._parents, self._weapons = len(below), [none], [none]
        self.least = below.copy()  # cost of each target's cheapest set
        self._cheap: list[tuple[Whole, Floats, Whole]] = []

    def enter(self, parent: Whole, weapon: Whole) -> Whole:
        self._parents.append(parent)
        self._weapons.append(weapon)
        self.size += len(parent)
        return np.arange(self.size - len(parent), self.size)

    def note(self, sets: _Sets, below: Floats) -> None:
        """Write down those that cost less than `below` (target,)."""
        cost = sets.residual + sets.paid
        cheap = cost < below[sets.target]
        self._cheap.append((sets.target[cheap], cost[cheap], sets.name[cheap]))
        np.minimum.at(self.least, sets.target[cheap], cost[cheap])

    def cheapest(self, few: int, least: Whole) -> Columns:
        """Up to `few` of each target, with the rounds that all sets hold (`least`, weapon × target)."""
        target, cost, name = (np.concatenate(part) for part in zip(*self._cheap, strict=True))
        order = np.lexsort((cost, target))
        ranked = target[order]
        order = order[np.arange(len(order)) - np.searchsorted(ranked, ranked) < few]
        return self._unrolled(target[order], name[order], least)

    def _unrolled(self, target: Whole, name: Whole, least: Whole) -> Columns:
        parents, weapons = np.concatenate(self._parents), np.concatenate(self._weapons)
        of, held = _held(target, least)
        sets, rounds, index = [of], [held], np.arange(len(name))
        while len(name):
            grown = weapons[name] >= 0
            index, name = index[grown], name[grown]
            sets.append(index)
            rounds.append(weapons[name])
            name = parents[name]
        return columns_of(target, np.concatenate(sets), np.concatenate(rounds), len(least))


def search(
    instance: Instance, prices: Floats, start: Start, below: Floats, *, few: int, limit: int, deadline: float,
    tighten: bool = True,
) -> Priced:  # fmt: skip
    """The cheapest sets of each target.

    Parameters
    ----------
    instance : Instance
    prices : array, shape (weapon,)
        Of a round, not negative.
    start : Start
        What every set holds, and may.
    below : array, shape (target,)
        Only sets that cost less are wanted.
    few : int
        So many of each target are told.
    limit : int
        Sets that are looked at before it gives up.
    deadline : float
        By ``time.perf_counter`` [s].
    tighten : bool
        Whether only sets that beat those found before are wanted; else all that cost less than `below`.
    """
    c = listed(instance, prices, start, below)
    for _ in range(2):  # what is left gives a sharper bound
        c = without_losers(c, start, below)
    book, looked, complete = _Prices(below), 0, True
    best = book.least if tighten else below
    lower = below.copy()
    heap = [_Sets(np.arange(instance.n_targets), c.first, start.residual, start.paid, np.arange(instance.n_targets))]
    book.note(heap[0], best)
    while heap:
        sets = heap.pop()
        least = least_cost(c, sets.target, sets.at, sets.residual, sets.paid)
        if looked > limit or time.perf_counter() > deadline:
            complete = False
            np.minimum.at(lower, sets.target, least)
            continue
        sets = sets.those(least < best[sets.target])
        counts = _reach(c, sets, best) - sets.at
        few_enough = max(1, int(np.searchsorted(np.cumsum(counts), AT_ONCE)))
        if few_enough < len(counts):
            heap.append(sets.those(slice(few_enough, None)))
            sets, counts = sets.those(slice(few_enough)), counts[:few_enough]
        owner, place = spread(sets.at, counts)
        in_turn = (place == sets.at[owner]) | c.opens[place]
        owner, place = owner[in_turn], place[in_turn]
        looked += len(owner)
        grown = _grown(c, sets, owner, place, best, book)
        book.note(grown, best)
        heap += [grown] if len(grown.at) else []
    return Priced(book.cheapest(few, start.least), np.minimum(lower, book.least), complete)


def _reach(c: Candidates, sets: _Sets, best: Floats) -> Whole:
    """For each set the place from which on a next round cannot beat the best, even with all that follows."""
    return first_where(
        lambda at: least_cost(c, sets.target, at, sets.residual, sets.paid) >= best[sets.target],
        sets.at, c.end[sets.target],
    )  # fmt: skip


def _grown(c: Candidates, sets: _Sets, owner: Whole, place: Whole, best: Floats, book: _Prices) -> _Sets:
    """Sets with one round more, but those that cannot beat the best."""
    target = sets.target[owner]
    residual, paid = sets.residual[owner] * c.q[place], sets.paid[owner] + c.price[place]
    good = least_cost(c, target, place + 1, residual, paid) < best[target]
    owner, place = owner[good], place[good]
    name = book.enter(sets.name[owner], c.weapon[place])
    return _Sets(target[good], place + 1, residual[good], paid[good], name)


def _held(target: Whole, least: Whole) -> tuple[Whole, Whole]:
    """Single rounds that every set of its target holds."""
    if not least.any():
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    of, weapon = np.nonzero(least[:, target].T)
    counts = least[weapon, target[of]]
    return np.repeat(of, counts), np.repeat(weapon, counts)
