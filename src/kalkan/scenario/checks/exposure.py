"""Cross-checks of the exposure: friends fly, and sectors divide the circle."""

from __future__ import annotations

import math

from pydantic_core import PydanticCustomError

from kalkan.scenario.checks.review import Review, text_of
from kalkan.scenario.nouns.quantities import Bounds, read_quantity
from kalkan.schema import FRIENDLY, SIDES

_WHOLE = {"azimuth_width": 360.0, "elevation_width": 90.0}
_ANGLE = Bounds(("angle",), '"15 deg"')
_FINE = 1e-6


def check_exposure(review: Review) -> None:
    """Nothing in ``[exposure]`` is without effect, and its widths fit."""
    if "exposure" not in review.tree:
        return
    friend = SIDES[FRIENDLY].word
    if not any((text_of(entry, "side") or friend) == friend for _, entry in review.entries("flights")):
        review.say(("exposure",), f'does nothing without flights of friends; add [[flights]] with side = "{friend}"')
    for key, whole_deg in _WHOLE.items():
        try:
            width = math.degrees(read_quantity(review.table("exposure").get(key), _ANGLE)[0])
        except PydanticCustomError:
            continue
        parts = whole_deg / width if width > 0.0 else 0.0
        if parts >= 1.0 and abs(parts - round(parts)) > _FINE:
            nearest = whole_deg / round(parts)
            told = f'must divide {whole_deg:g} deg into whole parts, such as "{nearest:.4g} deg" (1/{round(parts)})'
            review.say(("exposure", key), told)
