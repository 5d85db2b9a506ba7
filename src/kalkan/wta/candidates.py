"""Rounds that may belong to the best set of a target at given prices, and what any set of them costs at least.

What a set costs is the value that survives and the prices of its rounds: R · exp(-Σ decay) + Σ price. Taken in order
of price over decay, part of a round allowed, the rounds give the least cost in closed form: as long as what survives
is above the next ratio, the next round pays. This continuous knapsack bounds every set from below; with running sums
it is one binary search for each of many sets at once.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kalkan.wta.instance import Floats, Instance, Whole

OTHERS = 4  # rounds that a first bound looks ahead


class Start(NamedTuple):
    """What every set of a target holds already.

    Attributes
    ----------
    least, spare : array of int, shape (weapon, target)
        Rounds that it holds, and that may be added.
    residual, paid : array, shape (target,)
        Value that survives what it holds, and its price.
    """

    least: Whole
    spare: Whole
    residual: Floats
    paid: Floats


class Limits(NamedTuple):
    """Fewest and most rounds at each target, arrays (weapon, target)."""

    least: Whole
    most: Whole

    def start(self, instance: Instance, prices: Floats) -> Start:
        """From where sets are grown."""
        return Start(self.least, self.most - self.least, instance.surviving(self.least), prices @ self.least)


class Candidates(NamedTuple):
    """Lists of rounds, one after the other, each target's in order of price over decay and ended by a sentinel.

    Attributes
    ----------
    first, end : array of int, shape (target,)
        Places of each list and of its sentinel.
    weapon : array of int
    opens : array of bool
        The first round of its weapon: later ones follow one another.
    decay, price, q : array
    ratio, log_ratio : array
        Price over decay.
    sum_decay, sum_price : array
        Of all before it in its list.
    turn : array
        sum_decay + log_ratio, rising: a round pays in full or part while log R is above.
    """

    first: Whole
    end: Whole
    weapon: Whole
    opens: NDArray[np.bool_]
    decay: Floats
    price: Floats
    q: Floats
    ratio: Floats
    log_ratio: Floats
    sum_decay: Floats
    sum_price: Floats
    turn: Floats


def spread(starts: Whole, counts: Whole) -> tuple[Whole, Whole]:
    """Owners and members of the ranges ``starts[i] : starts[i] + counts[i]``."""
    owner = np.repeat(np.arange(len(counts)), counts)
    before = np.repeat(np.cumsum(counts) - counts, counts)
    return owner, np.arange(len(owner)) - before + np.repeat(starts, counts)


def listed(instance: Instance, prices: Floats, start: Start, best: Floats) -> Candidates:
    """Rounds that a set cheaper than `best` (target,) may hold, by a bound that needs no order of them."""
    target, weapon = np.nonzero(_hopeful(instance, prices, start, best).T)
    decay, price = instance.decay[weapon, target], prices[weapon]
    gain = start.residual[target] * instance.p[weapon, target]
    copies = start.spare[weapon, target]
    if copies.max(initial=1) > 1:
        with np.errstate(divide="ignore"):
            last = 1.0 + (np.log(gain) - np.log(price)) / decay  # the copy whose gain is its price
        copies = np.maximum(1, np.minimum(copies, np.floor(np.minimum(last, 1e9) + 1e-9))).astype(np.int64)
    owner, copy = spread(np.zeros(len(copies), dtype=np.int64), copies)
    target, weapon, decay, price = target[owner], weapon[owner], decay[owner], price[owner]
    order = np.lexsort((copy, weapon, price / decay, target))
    target, weapon = target[order], weapon[order]
    return _laid(
        target, instance.n_targets, weapon, copy[order] == 0, decay[order], price[order], instance.q[weapon, target]
    )


def _hopeful(instance: Instance, prices: Floats, start: Start, best: Floats) -> NDArray[np.bool_]:
    """Pairs (weapon, target): worth their price on the untouched target, and not too dear even with ideal others.

    More rounds at the target cost at least the least price each, and leave at least the least share.
    """
    pays = (start.residual * instance.p > prices[:, None]) & (start.spare > 0)
    least_price = np.where(pays, prices[:, None], np.inf).min(axis=0, initial=np.inf)
    least_q = np.where(pays, instance.q, 1.0).min(axis=0, initial=1.0)
    after = instance.q * start.residual
    rest, share = after, np.ones_like(least_q)
    for more in range(1, OTHERS):
        share = share * least_q
        rest = np.minimum(rest, more * least_price + after * share)
    rest = np.minimum(rest, OTHERS * least_price)
    hopeful: NDArray[np.bool_] = pays & (rest < (best - start.paid) - prices[:, None])
    return hopeful


def without_losers(c: Candidates, start: Start, best: Floats) -> Candidates:
    """Those that some set cheaper than `best` (target,) may hold."""
    target, at = spread(c.first, c.end - c.first)
    least = least_cost(c, target, c.first[target], start.residual[target] * c.q[at], start.paid[target] + c.price[at])
    kept = least < best[target]
    target, at = target[kept], at[kept]
    return _laid(target, len(best), c.weapon[at], c.opens[at], c.decay[at], c.price[at], c.q[at])


def least_cost(c: Candidates, target: Whole, at: Whole, residual: Floats, paid: Floats) -> Floats:
    """Lower bound of any set that holds what left `residual` for `paid`, and more from place `at` on.

    All arguments are arrays of one shape, a set each.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        level = np.log(residual) + c.sum_decay[at]
        stop = first_where(lambda place: c.turn[place] >= level, at, c.end[target])
        last = np.maximum(stop - 1, at)
        whole = np.exp(level - c.sum_decay[stop])
        part = c.ratio[last] * (1.0 + level - c.sum_decay[last] - c.log_ratio[last])
        filled = np.where(
            whole >= c.ratio[last], c.sum_price[stop] + whole, c.sum_price[last] + part
        ) - c.sum_price[at]
    return paid + np.where(stop == at, residual, filled)


def first_where(holds, low: Whole, high: Whole) -> Whole:  # type: ignore[no-untyped-def]
    """For each pair, the first place in low : high from which on something holds; high where it never does."""
    low, high = low.copy(), high.copy()
    while (open_ := low < high).any():
        middle = (low + high) >> 1
        true = holds(middle)
        high = np.where(open_ & true, middle, high)
        low = np.where(open_ & ~true, middle + 1, low)
    return low


def _laid(
    target: Whole, n_targets: int, weapon: Whole, opens: NDArray[np.bool_], decay: Floats, price: Floats, q: Floats
) -> Candidates:
    """Lists from rounds that are in order already."""
    counts = np.bincount(target, minlength=n_targets)
    first = np.concatenate([[0], np.cumsum(counts + 1)[:-1]])
    place, size = np.arange(len(target)) + target, len(target) + n_targets

    def with_sentinels(of: NDArray, sentinel: float) -> NDArray:
        found = np.full(size, sentinel, dtype=of.dtype)
        found[place] = of
        return found

    def sums(of: Floats) -> Floats:
        before = np.concatenate([[0.0], np.cumsum(of)[:-1]])
        found: Floats = before - np.repeat(before[first], counts + 1)
        return found

    decays, prices = with_sentinels(decay, 0.0), with_sentinels(price, 0.0)
    ratio = with_sentinels(price / decay, np.inf)
    with np.errstate(divide="ignore"):
        log_ratio = np.log(ratio)
    sum_decay = sums(decays)
    return Candidates(
        first, first + counts, with_sentinels(weapon, -1), with_sentinels(opens, False), decays, prices,
        with_sentinels(q, 1.0), ratio, log_ratio, sum_decay, sums(prices), sum_decay + log_ratio,
    )  # fmt: skip
