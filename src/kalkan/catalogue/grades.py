"""Grades of claims: by kind of claimant, whether its text was read, and whom it repeats.

===== ==============================================================================================
``A`` an analyst, an operator or a government, in a text that was read
``B`` a maker, in a text that was read; or what would be ``A``, at second hand or repeating a maker
``C`` the press or an encyclopaedia, in a text that was read; or what would be ``B``, at second hand
``D`` games, hobby pages and other simulators; the press or an encyclopaedia, at second hand
``E`` kalkan's own assumption
===== ==============================================================================================

At second hand: recalled ("from memory"), or the claimant's name says "via", "quoted" or "cites". A
grade says how good a *kind* of source is; it is no verdict on one figure. Two origins of one grade weigh
as much as one of the grade above: kalkan's own simplification, as are the ranges below.

A figure that stands alone without a range is not therefore certain. It is given one by its grade (a
marked assumption of kalkan's): see :mod:`kalkan.catalogue.voices`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from kalkan.catalogue.claims import Claim

GRADES = "ABCDE"
MEANING: Mapping[str, str] = {
    "A": "an analyst, operator or government, read",
    "B": "a maker, read; or A at second hand or repeating a maker",
    "C": "press or encyclopaedia, read; or B at second hand",
    "D": "game, hobby page or other simulator; or press or encyclopaedia at second hand",
    "E": "kalkan's own assumption",
}
_KINDS = {
    "independent-analysis": 0,
    "operator": 0,
    "government": 0,
    "manufacturer": 1,
    "encyclopaedia": 2,
    "press": 2,
    "estimate": 3,
}
_HEARSAY = re.compile(r"\b(via|quoted|cites|as reported)\b")


class Spread(NamedTuple):
    """What a figure without a range is taken to be uncertain by.

    Attributes
    ----------
    share : float
        Of the value, either way: lengths, speeds, times, counts.
    factor : float
        Times or divided by: cross-sections.
    price : float
        Times or divided by: money.
    way : float
        Of the way to 0 and to 1: fractions.
    """

    share: float
    factor: float
    price: float
    way: float


SPREAD: Mapping[str, Spread] = {
    "A": Spread(0.05, 1.25, 1.1, 0.1),
    "B": Spread(0.10, 1.6, 1.25, 0.15),
    "C": Spread(0.15, 2.0, 1.5, 0.2),
    "D": Spread(0.25, 4.0, 2.0, 0.3),
}


def grade(claim: Claim) -> str:
    """The grade of a claim: a letter of :data:`GRADES`."""
    if claim.kind == "assumption":
        return "E"
    place = _KINDS[claim.kind]
    if claim.voice == "manufacturer":
        place = max(place, 1)
    return GRADES[min(place + second_hand(claim), 3)]


def second_hand(claim: Claim) -> bool:
    """Whether the claimant's own text was not read."""
    return claim.verified != "seen" or bool(_HEARSAY.search(claim.claimant))


def best_grade(claims: Iterable[Claim]) -> str:
    """The best grade among claims."""
    return min(grade(c) for c in claims)


def weight(claims: Iterable[Claim]) -> int:
    """What an origin weighs by its best claim: 16, 8, 4, 2 for A to D; kalkan's own judgement (E) weighs as D."""
    return max(16 >> GRADES.index(best_grade(claims)), 2)
