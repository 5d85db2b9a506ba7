"""The linear programme of sets: each target takes one set, no weapon gives more rounds than it has (HiGHS)."""

from __future__ import annotations

import time
from typing import NamedTuple

import highspy
import numpy as np

from kalkan.wta.candidates import Limits
from kalkan.wta.instance import Floats, Instance, Whole
from kalkan.wta.pricing import Columns

TOLERANCE = 1e-9  # of HiGHS, primal and dual; values are scaled so that this is little


class Solved(NamedTuple):
    """A solved programme.

    Attributes
    ----------
    value : float
    worth : array, shape (target,)
        What a set of a target may cost.
    prices : array, shape (weapon,)
        Of a round.
    mean : array, shape (weapon, target)
        Rounds, in part of a round.
    """

    value: float
    worth: Floats
    prices: Floats
    mean: Floats


class _Quiet(highspy.Highs):
    """HiGHS without a word: 1.16 says who it is where it enables callbacks, before any option can be set."""

    def enableCallbacks(self) -> None:  # noqa: N802  (HiGHS' name)
        """Called while it is made."""
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()


class Master:
    """All sets that are known, of which the programme takes shares."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._sets: list[Columns] = []
        self._size = 0
        self._highs = _Quiet()
        for option, value in (
            ("output_flag", False), ("threads", 1), ("presolve", "off"), ("primal_feasibility_tolerance", TOLERANCE),
            ("dual_feasibility_tolerance", TOLERANCE),
        ):  # fmt: skip
            self._highs.setOptionValue(option, value)
        n = instance.n_targets
        low = np.concatenate([np.ones(n), np.full(instance.n_weapons, -np.inf)])
        high = np.concatenate([np.ones(n), instance.rounds.astype(float)])
        none = np.zeros(0, dtype=np.int32)
        self._highs.addRows(len(low), low, high, 0, np.zeros(len(low), dtype=np.int32), none, np.zeros(0))

    def add(self, sets: Columns) -> None:
        """Know more sets."""
        n, costs = len(sets.target), sets.costs(self._instance)
        of = np.concatenate([np.arange(n), sets.of])
        row = np.concatenate([sets.target, self._instance.n_targets + sets.weapon])
        entry = np.concatenate([np.ones(n), sets.number])
        order = np.argsort(of, kind="stable")
        starts = np.searchsorted(of[order], np.arange(n)).astype(np.int32)
        self._highs.addCols(
            n, costs, np.zeros(n), np.full(n, np.inf), len(of), starts, row[order].astype(np.int32), entry[order]
        )
        self._sets.append(sets._replace(of=sets.of + self._size))
        self._size += n

    def known(self) -> Columns:
        """All sets."""
        self._sets = [Columns(*(np.concatenate(parts) for parts in zip(*self._sets, strict=True)))]
        return self._sets[0]

    def open(self, limits: Limits) -> None:
        """Allow only sets within limits, and know the least set of each target, so that there is a solution."""
        self.add(alone(limits.least))
        sets, n = self.known(), self._size
        at = sets.weapon, sets.target[sets.of]
        held = np.bincount(sets.of, weights=np.minimum(sets.number, limits.least[at]), minlength=n)
        over = np.bincount(sets.of, weights=sets.number > limits.most[at], minlength=n) > 0
        barred = over | (held < limits.least.sum(axis=0)[sets.target])
        high = np.where(barred, 0.0, np.inf)
        self._highs.changeColsBounds(n, np.arange(n, dtype=np.int32), np.zeros(n), high)

    def solve(self, deadline: float) -> Solved | None:
        """The cheapest shares; None: the time is over."""
        highs, instance = self._highs, self._instance
        highs.setOptionValue("time_limit", highs.getRunTime() + max(0.0, deadline - time.perf_counter()))
        highs.run()
        if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution = highs.getSolution()
        dual, n = np.array(solution.row_dual), instance.n_targets
        prices = np.maximum(-dual[n:], 0.0)
        mean = self._mean(np.array(solution.col_value))
        return Solved(highs.getInfo().objective_function_value, dual[:n], prices, mean)

    def _mean(self, shares: Floats) -> Floats:
        sets = self.known()
        found = np.zeros(self._instance.p.shape)
        np.add.at(found, (sets.weapon, sets.target[sets.of]), sets.number * shares[sets.of])
        return found


def alone(shots: Whole) -> Columns:
    """The sets of an assignment (weapon, target), one of each target."""
    target, weapon = np.nonzero(shots.T)
    return Columns(np.arange(shots.shape[1]), target, weapon, shots[weapon, target])
