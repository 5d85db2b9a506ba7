"""What each further batch changes, and from which number on one more changes nothing that can be told from chance.

Replications are the same at every number, so that all differences are paired. *Enough* is the least number from which
no larger one that was looked at differs by more than chance: differences to every larger number are looked at, not
only to the next, since what two batches change together may be clear where each by itself is not. Each is tested by
itself at the confidence of its interval: kalkan's own simplification.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from kalkan.results.compare import difference
from kalkan.results.declared import PLAIN
from kalkan.results.intervals import Interval
from kalkan.results.quantity import Quantity

Quantities = Mapping[str, Quantity]


class Further(NamedTuple):
    """A curve over the number of batches, of one variant at one value of what else is swept.

    Attributes
    ----------
    variant : int
        Its number.
    at : tuple
        Value of the other parameter; empty: there is none.
    numbers : list of int
        Of batches, rising.
    steps : list of dict of str to Interval
        By measure: each number less the one before it; one fewer than `numbers`.
    enough : dict of str to int
        By measure: from this number on, none differs by more than chance.
    rest : dict of str to Interval
        By measure: what the largest number changes against that one.
    """

    variant: int
    at: tuple[Any, ...]
    numbers: list[int]
    steps: list[dict[str, Interval]]
    enough: dict[str, int]
    rest: dict[str, Interval]


def further(
    points: Sequence[tuple[Any, ...]], found: Sequence[Sequence[Quantities]], axis: int, confidence: float
) -> list[Further]:
    """Every curve over the number of batches.

    Parameters
    ----------
    points : sequence of tuple
        Values at every point of a sweep.
    found : sequence of sequence of mapping
        Per point and variant: measures, of the same replications everywhere.
    axis : int
        Which of the values is the number of batches.
    confidence : float
    """
    rows: dict[tuple[Any, ...], dict[int, Sequence[Quantities]]] = {}
    for point, quantities in zip(points, found, strict=True):
        rows.setdefault((*point[:axis], *point[axis + 1 :]), {})[point[axis]] = quantities
    return [
        _curve(v, at, {n: row[n][v] for n in sorted(row)}, confidence)
        for v in range(len(found[0]))
        for at, row in rows.items()
    ]


def _curve(variant: int, at: tuple[Any, ...], by: Mapping[int, Quantities], confidence: float) -> Further:
    numbers = list(by)

    def change(key: str, few: int, many: int) -> Interval:
        told = difference(by[few][key], by[many][key], confidence=confidence)
        return Interval(told.mean, told.low, told.high)

    steps = [{k: change(k, few, many) for k in PLAIN} for few, many in itertools.pairwise(numbers)]
    enough, rest = {}, {}
    for key in PLAIN:
        least = len(numbers) - 1
        while least and all(_holds_none(change(key, numbers[least - 1], many)) for many in numbers[least:]):
            least -= 1
        enough[key], rest[key] = numbers[least], change(key, numbers[least], numbers[-1])
    return Further(variant, at, numbers, steps, enough, rest)


def _holds_none(change: Interval) -> bool:
    return change.low <= 0.0 <= change.high
