"""The assignment of a defence's rounds that leaves the least expected value, and how sure that is."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kalkan.wta.checking import Arguments
from kalkan.wta.instance import Instance, reduce, surviving

PROVEN = 1e-6  # relative gap
MEAN_VALUE = 100.0  # that a target has left after greedy in the units of the solver, whose tolerances are absolute


@dataclass(frozen=True, eq=False)
class Allocation:
    """Rounds at targets, the expected value that survives, and what no assignment can beat.

    Attributes
    ----------
    rounds : array of int, shape (weapon, target)
        Rounds of each weapon at each target.
    value : float
        Expected value that survives, in the units of the values given.
    bound : float
        No assignment leaves less; never above `value`.
    """

    rounds: NDArray[np.int64]
    value: float
    bound: float

    @property
    def gap(self) -> float:
        """What a better assignment could save at most, as a share of `value`."""
        return (self.value - self.bound) / self.value if self.value > 0 else 0.0

    @property
    def proven(self) -> bool:
        """Whether that is at most a millionth: nothing better is left to be found."""
        return self.gap <= PROVEN

    def __repr__(self) -> str:
        says = "proven" if self.proven else f"gap {self.gap:.2g}"
        return f"Allocation({self.rounds.sum()} rounds, value {self.value:.10g}, bound {self.bound:.10g}, {says})"


def solve(
    values: ArrayLike, p_kill: ArrayLike, rounds: ArrayLike | None = None, time_limit_s: float | None = None
) -> Allocation:
    """Assign rounds to targets so that the least expected value survives: min Σ V Π (1 - p)^x.

    The static weapon–target assignment (Manne 1958, doi:10.1287/opre.6.3.346): all rounds are committed at once,
    each kills its target by itself with its probability, whatever the others do.

    Parameters
    ----------
    values : array_like, shape (target,)
        What is lost where a target is not killed: the value of what is defended. At least 0, any unit.
    p_kill : array_like, shape (weapon, target)
        Chance [0..1] that a round of a weapon kills a target; 0 forbids the pair.
    rounds : array_like of int, shape (weapon,), optional
        Rounds of each weapon, 0 to 10,000; default one each. Not all need be used.
    time_limit_s : float, optional
        Wall seconds after which the best that is known is told, with its gap; default: until proven.

    Returns
    -------
    Allocation
        ``.rounds``, ``.value``, ``.bound``, ``.gap`` and ``.proven`` (gap at most 1e-6).

    Raises
    ------
    ProblemsError
        With everything that is wrong with the arguments.

    Examples
    --------
    >>> from kalkan import wta
    >>> found = wta.solve([40, 30], [[0.8, 0.6], [0.7, 0.7], [0.5, 0.6]])
    >>> found.rounds.tolist(), round(found.value, 1), found.proven
    ([[1, 0], [0, 1], [0, 1]], 11.6, True)
    """
    given = Arguments(values, p_kill, rounds, time_limit_s)
    deadline = time.perf_counter() + given.time_limit_s
    reduced = reduce(given.values, given.p_kill, given.rounds)
    shots, bound = _solved(reduced.instance, deadline)
    full = reduced.expand(shots)
    value = float(surviving(given.values, 1.0 - given.p_kill, full).sum())
    return Allocation(full, value, min(bound, value))


def _solved(instance: Instance, deadline: float) -> tuple[NDArray[np.int64], float]:
    """Rounds and bound, in units in which HiGHS' tolerances are fine."""
    from kalkan.wta.branching import solve as branch_and_price
    from kalkan.wta.greedy import by_marginal_return

    shots = by_marginal_return(instance) if instance.n_weapons else np.zeros(instance.p.shape, dtype=np.int64)
    value = instance.value(shots)
    if not instance.n_weapons or value <= 0.0:
        return shots, value
    scale = MEAN_VALUE * instance.n_targets / value
    best = branch_and_price(instance.scaled(scale), deadline)
    return best.shots, best.bound / scale
