"""A place in what is claimed: one number from 0 to 1 per quantity, for one-at-a-time and Sobol studies.

The figures of one quantity, pooled: every origin has the same weight, and within an origin its claims
and their ranges follow each other as in a draw (:mod:`kalkan.catalogue.stance`). Place 0 is the
lowest figure, 1 the highest, and in between the figure below which that share of the pool lies. Under
a uniform random place a quantity has the distribution that a draw gives it, but moves by itself: in a
draw all figures of one origin move together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kalkan.catalogue.consensus import Choice

if TYPE_CHECKING:
    from kalkan.catalogue.claims import Claim, Quantity

STEPS = 33  # figures per origin


def placed(claims: Sequence[Claim], item: Quantity, place: float) -> Choice:
    """The figure at a place of the pool.

    Parameters
    ----------
    claims : sequence of Claim
        Those that may answer; kalkan's own assumptions speak only where nobody else does.
    item : Quantity
    place : float
        From 0 to 1.
    """
    figures = pool(claims, item)
    number = min(int(place * len(figures)), len(figures) - 1)
    value, claim = figures[number]
    return Choice(claim, value, f"at {100.0 * place:.0f} % of what is claimed")


def pool(claims: Sequence[Claim], item: Quantity) -> list[tuple[float | str, Claim]]:
    """`STEPS` figures of every origin with the claims that they come from, in rising order."""
    from kalkan.catalogue.stance import figure_at, origin_of

    heard = [c for c in claims if c.kind != "assumption"] or list(claims)
    found: list[tuple[float | str, Claim]] = []
    for origin in sorted({origin_of(c) for c in heard}):
        own = [c for c in heard if origin_of(c) == origin]
        found += [figure_at(own, item, k / (STEPS - 1)) for k in range(STEPS)]
    return sorted(found, key=lambda pair: (str(pair[0]) if isinstance(pair[0], str) else "", pair[0]))
