"""Cross-checks of the weather: keys that would do nothing, and frequencies beyond the models."""

from __future__ import annotations

from pydantic_core import PydanticCustomError

from kalkan.scenario.checks.review import Review
from kalkan.scenario.nouns.quantities import Bounds, read_quantity

_NEEDS = {"rain_height": "rain_rate", "rain_extent": "rain_rate", "wave_height": "sea_lobing"}
_EXAMPLES = {"rain_rate": 'rain_rate = "20 mm/h"', "sea_lobing": "sea_lobing = true"}
HIGHEST_HZ = 1e12


def check_weather(review: Review) -> None:
    """Nothing in ``[weather]`` is without effect, and the radars' frequencies are within the models."""
    table = review.table("weather")
    for key, needed in _NEEDS.items():
        if key in table and needed not in table:
            review.say(("weather", key), f"does nothing without {needed}; add {_EXAMPLES[needed]}")
    if "weather" in review.tree:
        _check_frequencies(review)


def _check_frequencies(review: Review) -> None:
    for entry, values in review.table("assume").items():
        text = values.get("frequency") if isinstance(values, dict) else None
        try:
            value = read_quantity(text, Bounds(("frequency",), '"3 GHz"'))[0]
        except PydanticCustomError:
            continue
        if value > HIGHEST_HZ:
            place = ("assume", entry, "frequency")
            review.say(place, "must be at most 1000 GHz where there is a [weather] table")
