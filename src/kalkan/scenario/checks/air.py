"""Cross-checks of how the air bends rays: said once, and in layers from the sea up."""

from __future__ import annotations

from typing import Any

from pydantic_core import PydanticCustomError

from kalkan.scenario.checks.review import Review, items_of
from kalkan.scenario.nouns.quantities import Bounds, read_quantity

MAX_LAYERS = 20
_HEIGHT = Bounds(("length",), '"300 m"')
_SAID = ("refraction_k", "refractivity_gradient", "refractivity_layers")


def check_air(review: Review) -> None:
    """Refraction is said once; layers begin at the sea, and each above the one before."""
    region = review.table("region")
    said = [key for key in _SAID if key in region]
    for other in said[1:]:
        review.say(("region", other), f"is beside {said[0]}, which {_other_way(said[0])}; leave one out")
    layers = items_of(region, "refractivity_layers")
    if "refractivity_layers" in region and layers == []:
        review.say(("region", "refractivity_layers"), "is empty; leave it out, or give the first layer, from 0 m")
    if len(layers) > MAX_LAYERS:
        review.say(("region", "refractivity_layers"), f"has {len(layers)} layers; at most {MAX_LAYERS} are allowed")
    _check_order(review, [_from_m(layer) for layer in layers])


def _other_way(said: str) -> str:
    return "follows from it" if said == "refraction_k" else "says the same in one number"


def _check_order(review: Review, begins_m: list[float | None]) -> None:
    below_m: float | None = None
    for i, begin_m in enumerate(begins_m):
        place = ("region", "refractivity_layers", i, "from")
        if begin_m is None:
            continue
        if i == 0 and begin_m != 0.0:
            review.say(place, "must be 0 m: the first layer begins at the sea")
        if below_m is not None and begin_m <= below_m:
            review.say(place, "is not above the layer before it; list layers from the lowest up")
        below_m = begin_m


def _from_m(layer: Any) -> float | None:
    """Where a raw layer begins [m]; None where that is not to be read."""
    try:
        return read_quantity(layer["from"], _HEIGHT)[0] if isinstance(layer, dict) and "from" in layer else None
    except PydanticCustomError:
        return None
