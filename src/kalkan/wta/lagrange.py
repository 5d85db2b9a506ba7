"""Prices of rounds by subgradient ascent, on sets that are quickly found at given prices."""

from __future__ import annotations

import time

import numpy as np

from kalkan.wta.candidates import Start
from kalkan.wta.instance import Floats, Instance, Whole

STALLED = 8  # steps without progress, after which they become smaller


class Quick:
    """Sets that are quickly found: each grows by the round of greatest net gain while one pays."""

    def __init__(self, instance: Instance, start: Start) -> None:
        self._instance, self._start = instance, start
        self._left = np.ascontiguousarray(start.spare.T)  # (target, weapon), as is what follows
        self._able = np.where(self._left > 0, np.ascontiguousarray(instance.p.T), 0.0)

    def at(self, prices: Floats) -> tuple[Floats, Whole]:
        """What each target's set costs, and the weapons of all rounds that were added."""
        residual, paid, able = self._start.residual.copy(), self._start.paid.copy(), self._able
        active, taken = np.arange(self._instance.n_targets), []
        while len(active):
            gain = able[active]
            gain *= residual[active, None]
            gain -= prices
            weapon = gain.argmax(axis=1)
            pays = gain[np.arange(len(active)), weapon] > 1e-12 * residual[active]
            active, weapon = active[pays], weapon[pays]
            residual[active] *= self._instance.q[weapon, active]
            paid[active] += prices[weapon]
            taken.append((active, weapon))
            self._left[active, weapon] -= 1
            gone = self._left[active, weapon] == 0
            able[active[gone], weapon[gone]] = 0.0
        targets, weapons = (np.concatenate(part) for part in zip(*taken, strict=True))
        np.add.at(self._left, (targets, weapons), 1)
        able[targets, weapons] = self._instance.p[weapons, targets]
        return residual + paid, weapons


def marginal_prices(instance: Instance, shots: Whole) -> Floats:
    """What the loss of one round of each weapon would cost in an assignment."""
    residual = instance.surviving(shots)
    with np.errstate(divide="ignore", invalid="ignore"):
        loss = np.where(shots > 0, residual * instance.p / np.maximum(instance.q, 1e-12), np.inf)
    found = loss.min(axis=1, initial=np.inf)
    return np.where(np.isfinite(found), found, 0.0)


def ascent(instance: Instance, start: Start, shots: Whole, steps: int, deadline: float) -> Floats:
    """Prices near the best: subgradient steps of Polyak's length, smoothed, from an assignment's marginal prices."""
    value, prices = instance.value(shots), marginal_prices(instance, shots)
    best, best_prices, length, stalled = -np.inf, prices, 1.0, 0
    direction, quick = np.zeros(instance.n_weapons), Quick(instance, start)
    for _ in range(steps):
        costs, weapons = quick.at(prices)
        bound = costs.sum() - prices @ instance.rounds
        if bound > best + 1e-9 * value:
            best, best_prices, stalled = bound, prices, 0
        else:
            stalled += 1
        if stalled >= STALLED:
            prices, length, stalled, direction = best_prices, length / 1.6, 0, np.zeros(instance.n_weapons)
        used = np.bincount(weapons, minlength=instance.n_weapons)
        direction = 0.6 * direction + 0.4 * (used - instance.rounds)
        feasible = np.where((prices <= 0) & (direction < 0), 0.0, direction)
        square = feasible @ feasible
        if square < 1e-12 or length < 1e-3 or time.perf_counter() > deadline:
            break
        prices = np.maximum(0.0, prices + length * max(value - bound, 0.0) / square * feasible)
    return best_prices
