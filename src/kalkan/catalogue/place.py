"""A place in what is claimed: one number from 0 to 1 per quantity, for one-at-a-time and Sobol studies.

The figures of one quantity, pooled: every origin has the weight of its grade, and within an origin its
claims and their ranges follow each other as in a draw (:mod:`kalkan.catalogue.stance`). Place 0 is the
lowest figure, 1 the highest, and in between the figure below which that share of the pool lies. Words
have places as well, in the order of the alphabet, each as wide as its weight: they are branches. Under
a uniform random place a quantity has the distribution that a draw gives it, but moves by itself: in a
draw all figures of one origin move together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from kalkan.catalogue.best_source import Choice
from kalkan.catalogue.grades import weight
from kalkan.catalogue.ranges import figure_at
from kalkan.catalogue.voices import origin_of

if TYPE_CHECKING:
    from kalkan.catalogue.claims import Claim, ClaimedQuantity

STEPS = 33  # figures per origin and unit of weight


def placed(heard: Sequence[Claim], item: ClaimedQuantity, place: float) -> Choice:
    """The figure at a place of the pool.

    Parameters
    ----------
    heard : sequence of Claim
        Those that speak (:mod:`kalkan.catalogue.voices`).
    item : ClaimedQuantity
    place : float
        From 0 to 1.
    """
    figures = pool(heard, item)
    number = min(int(place * len(figures)), len(figures) - 1)
    value, claim = figures[number]
    return Choice(claim, value, f"at {100.0 * place:.0f} % of what is claimed")


def pool(heard: Sequence[Claim], item: ClaimedQuantity) -> list[tuple[float | str, Claim]]:
    """`STEPS` figures for every unit of weight of every origin, with their claims, in rising order."""
    by_origin = {o: [c for c in heard if origin_of(c) == o] for o in sorted({origin_of(c) for c in heard})}
    weights = {o: weight(own) for o, own in by_origin.items()}
    unit = math.gcd(*weights.values())
    found: list[tuple[float | str, Claim]] = []
    for origin, own in by_origin.items():
        steps = STEPS * weights[origin] // unit
        found += [figure_at(own, item, k / (steps - 1)) for k in range(steps)]
    return sorted(found, key=lambda pair: (str(pair[0]) if isinstance(pair[0], str) else "", pair[0]))
