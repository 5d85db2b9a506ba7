"""Within the range of a claim: where a draw takes its figure from.

The figure that a claimant gives is the middle of what it says: half of the draws lie below it and half above, evenly
between the figure and each end of its range, however unlike its two sides are ("5 s, 0 to 20 s": half below 5 s).
Otherwise ranges that reach far to one side would draw a world that their own authors hold for unlikely, a little
in each of a hundred figures. What is uncertain by a factor (:attr:`kalkan.catalogue.specs.Spec.by_factor`) is even in
its logarithm; a count has the whole numbers, each with its half on either side. A claim that gives a range alone stands
for the middle of it. kalkan's own simplification: claimants do not say what their ranges mean.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kalkan.catalogue.claims import Claim, ClaimedQuantity


def span(claim: Claim) -> tuple[float, float]:
    """Lower and upper end of a claim [SI]; equal if it gives one value."""
    ends = [float(v) for v in (claim.low, claim.value, claim.high) if v is not None]
    return min(ends), max(ends)


def figure_at(claims: Sequence[Claim], item: ClaimedQuantity, place: float) -> tuple[float | str, Claim]:
    """Figure at a place [0 to 1] of one origin's claims, from the less to the more capable, and its claim."""
    own = sorted(claims, key=lambda c: (c.figure, _span_or_word(c)))
    if item.spec.better == "low":
        own.reverse()
    number = min(int(place * len(own)), len(own) - 1)
    return _at(own[number], place * len(own) - number), own[number]


def _span_or_word(claim: Claim) -> tuple[float | str, ...]:
    """A claim's range, or its word: for sorting."""
    return (claim.value,) if isinstance(claim.value, str) else span(claim)


def _at(claim: Claim, place: float) -> float | str:
    """The value at a place [0 to 1] between the less and the more capable end of a claim's range."""
    middle = claim.figure
    if isinstance(middle, str):
        return middle
    low, high = span(claim)
    if low == high:
        return low
    place = 1.0 - place if claim.spec.better == "low" else place
    if claim.spec.whole:
        number = math.floor(_between(low - 0.5, middle, high + 0.5, place) + 0.5)
        return min(max(float(number), low), high)
    if claim.spec.by_factor and low > 0.0:
        return math.exp(_between(math.log(low), math.log(middle), math.log(high), place))
    return _between(low, middle, high, place)


def _between(low: float, middle: float, high: float, place: float) -> float:
    """From `low` at place 0 over `middle` at 1/2 to `high` at 1, straight on either side."""
    if place < 0.5:
        return low + 2.0 * place * (middle - low)
    return middle + (2.0 * place - 1.0) * (high - middle)
