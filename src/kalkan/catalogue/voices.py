"""Which claims speak for a case, and with what ranges.

1. A claim that states every condition of the quantity (band and aspect of a cross-section) speaks for
   the case. A *class figure*, which leaves one of them open ("F-22/F-35, 0.001 to 0.01 m2", no aspect),
   speaks only where no claim states them all, is marked, and is uncertain by at least a factor of
   :data:`CLASS_FACTOR` (a fraction, a length ...: by grade D).
2. kalkan's own assumptions speak only where nobody else does, unless they stand *beside* what others
   say: an alternative that nobody claims and nobody excludes.
3. Where one origin speaks and gives no range, its figures are uncertain by its grade
   (:data:`kalkan.catalogue.grades.SPREAD`): a marked assumption of kalkan's. Counts that do not move by
   that much and full circles stay as they are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from kalkan.catalogue.grades import SPREAD, Spread, grade

if TYPE_CHECKING:
    from kalkan.catalogue.claims import Claim, ClaimedQuantity

CLASS_FACTOR = 4.0  # middle of the beam-to-nose ratios of the origins that give both; 6 dB
ZENITH, CIRCLE = 0.5 * math.pi, 2.0 * math.pi


def voices(able: Sequence[Claim], item: ClaimedQuantity) -> list[Claim]:
    """The claims that speak, with the ranges that they count with.

    Parameters
    ----------
    able : sequence of Claim
        Not excluded, of the right level and conditions; not empty.
    item : ClaimedQuantity

    Returns
    -------
    list of Claim
        In the order given. Copies have ``marked``: why their range is kalkan's.
    """
    stated = [c for c in able if states_all(c, item)]
    heard = _heard(stated or able)
    if not stated:
        heard = [_of_class(c, item) for c in heard]
    quoted = {c.origin for c in heard if c.kind != "assumption"}
    if len(quoted) != 1 or any(c.kind == "assumption" for c in heard):
        return heard
    return [_ranged(c) for c in heard]


def origin_of(claim: Claim) -> str:
    """What moves together in a draw: its origin; each of kalkan's own assumptions is one by itself."""
    return f"kalkan: {claim.entry}.{claim.quantity}" if claim.origin == "kalkan" else claim.origin


def states_all(claim: Claim, item: ClaimedQuantity) -> bool:
    """Whether a claim states every condition that its quantity depends on; if not, it is a class figure."""
    return all(key in claim.conditions for key in item.spec.by)


def open_conditions(claim: Claim, item: ClaimedQuantity) -> list[str]:
    """The conditions that a class figure leaves open."""
    return [key for key in item.spec.by if key not in claim.conditions]


def _heard(claims: Sequence[Claim]) -> list[Claim]:
    quoted = [c for c in claims if c.kind != "assumption"]
    return [c for c in claims if c.kind != "assumption" or c.beside] if quoted else list(claims)


def _of_class(claim: Claim, item: ClaimedQuantity) -> Claim:
    """A class figure, at least as uncertain as what it leaves open."""
    if isinstance(claim.value, str):
        return claim
    figure = float(claim.figure)
    low, high = spread(claim, figure, SPREAD["D"]._replace(factor=CLASS_FACTOR))
    ends = [float(v) for v in (claim.low, claim.high, low, high) if v is not None]
    left = " and ".join(open_conditions(claim, item))
    return replace(claim, low=min(ends), high=max(ends), marked=f"a class figure that states no {left}", listed=claim)


def _ranged(claim: Claim) -> Claim:
    """A figure that stands alone, with a range by its grade if it has none."""
    if isinstance(claim.value, str) or claim.value is None or len({claim.low, claim.value, claim.high} - {None}) > 1:
        return claim
    letter = grade(claim)
    low, high = spread(claim, float(claim.value), SPREAD[letter])
    if low == high:
        return claim
    return replace(claim, low=low, high=high, marked=f"no range claimed: kalkan's, by grade {letter}", listed=claim)


def spread(claim: Claim, figure: float, by: Spread) -> tuple[float, float]:
    """Ends of a range around a figure [SI], as its dimension asks."""
    spec = claim.spec
    if spec.by_factor or spec.dimension == "money":
        factor = by.factor if spec.by_factor else by.price
        return figure / factor, figure * factor
    if spec.dimension == "fraction":
        return figure * (1.0 - by.way), figure + (1.0 - figure) * by.way
    if spec.dimension == "angle" and abs(figure) >= 0.999 * CIRCLE:
        return figure, figure
    step = by.share * abs(figure)
    low, high = figure - step, figure + step
    if spec.whole:
        return float(round(low)), float(round(high))
    if spec.dimension == "angle":
        limit = ZENITH if claim.quantity.startswith("elevation_m") else CIRCLE
        return max(low, -limit), min(high, limit)
    return low, high
