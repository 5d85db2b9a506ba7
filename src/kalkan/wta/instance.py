"""What is to be solved, without what cannot matter: equal weapons are one weapon with more rounds."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
LEAST_Q = 1e-300  # a sure kill leaves this, so that it has a logarithm


class Instance(NamedTuple):
    """One static weapon–target assignment.

    Attributes
    ----------
    values : array, shape (target,)
        Above zero.
    p, q : array, shape (weapon, target)
        Chance that a round kills, and that it does not.
    decay : array, shape (weapon, target)
        -log q: what a round takes from the logarithm of the value that survives.
    rounds : array of int, shape (weapon,)
    """

    values: Floats
    p: Floats
    q: Floats
    decay: Floats
    rounds: Whole

    @property
    def n_weapons(self) -> int:
        """Kinds of weapons."""
        return len(self.rounds)

    @property
    def n_targets(self) -> int:
        """Targets that are worth something."""
        return len(self.values)

    def surviving(self, shots: Whole) -> Floats:
        """Expected value of each target that survives shots (weapon, target)."""
        return surviving(self.values, self.q, shots)

    def value(self, shots: Whole) -> float:
        """Expected value that survives shots (weapon, target)."""
        return float(self.surviving(shots).sum())

    def scaled(self, factor: float) -> Instance:
        """The same with other units of value."""
        return self._replace(values=self.values * factor)


def surviving(values: Floats, q: Floats, shots: Whole) -> Floats:
    """Expected value [of values] of each target after shots (weapon, target): V · Π q^x."""
    found: Floats = values * np.prod(np.where(shots > 0, q**shots, 1.0), axis=0)
    return found


class Reduced(NamedTuple):
    """An instance, and where its rows and columns come from.

    Attributes
    ----------
    instance : Instance
    kind : array of int, shape (weapon as given,)
        Row of the instance; -1: it can do nothing.
    targets : array of int, shape (target of the instance,)
        Targets as given; the others are worth nothing.
    rounds : array of int, shape (weapon as given,)
    shape : tuple of int
        (weapons, targets) as given.
    """

    instance: Instance
    kind: Whole
    targets: Whole
    rounds: Whole
    shape: tuple[int, int]

    def expand(self, shots: Whole) -> Whole:
        """Rounds (weapon, target) as given: weapons of a kind give theirs in their order."""
        full = np.zeros(self.shape, dtype=np.int64)
        for kind, row in enumerate(shots):
            targets = np.repeat(self.targets, row)
            weapons = np.repeat(np.flatnonzero(self.kind == kind), self.rounds[self.kind == kind])
            np.add.at(full, (weapons[: len(targets)], targets), 1)
        return full


def reduce(values: Floats, p_kill: Floats, rounds: Whole) -> Reduced:
    """Merge weapons of equal rows; leave out who has no round or no chance, and what is worth nothing."""
    targets = np.flatnonzero(values > 0)
    p = p_kill[:, targets]
    able = np.flatnonzero((rounds > 0) & (p > 0).any(axis=1))
    kinds, of = np.unique(p[able], axis=0, return_inverse=True)
    kind = np.full(len(rounds), -1, dtype=np.int64)
    kind[able] = of.ravel()
    total = np.bincount(of.ravel(), weights=rounds[able], minlength=len(kinds)).astype(np.int64)
    q = 1.0 - kinds
    instance = Instance(values[targets], kinds, q, -np.log(np.maximum(q, LEAST_Q)), total)
    return Reduced(instance, kind, targets, rounds, (p_kill.shape[0], p_kill.shape[1]))
