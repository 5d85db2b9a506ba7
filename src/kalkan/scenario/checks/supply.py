"""Cross-checks of supply: what is said twice, and figures that are assumed beyond what upkeep can follow."""

from __future__ import annotations

from collections.abc import Mapping

from kalkan.scenario.checks.review import Review
from kalkan.scenario.nouns.places import Place
from kalkan.scenario.nouns.supply import MOST_SPARES
from kalkan.schema import MOST_FAMILIES

CLAIMS = "kalkan-upkeep"
_TWICE = {"spares": "spares", "in_service": "in_service_time"}
_HOUR_S, _LONGEST_S = 3600.0, 86_400.0 * 365.25 * 50.0
# of a quantity: what it must be at least, at most, and how that is told
_BOUNDS = {
    "mean_time_between_failures": (_HOUR_S, _LONGEST_S, "must be between 1 h and 50 years"),
    "mean_time_to_repair": (0.0, _LONGEST_S, "must be at most 50 years"),
    "in_service_time": (0.0, _LONGEST_S, "must be at most 50 years"),
    "maintenance_interval": (_HOUR_S, _LONGEST_S, "must be between 1 h and 50 years"),
    "component_families": (1.0, MOST_FAMILIES, f"must be between 1 and {MOST_FAMILIES}"),
    "spares": (0.0, MOST_SPARES, f"must be at most {MOST_SPARES}"),
}


def check_supply(review: Review, assume: Mapping[str, Mapping[str, object]]) -> None:
    """Supply, and what the scenario assumes of it.

    Parameters
    ----------
    review : Review
    assume : mapping
        The scenario's own claims in SI.
    """
    own = assume.get(CLAIMS, {})
    for key, quantity in _TWICE.items():
        if key in review.table("supply") and quantity in own:
            told = f"is said by [assume.{CLAIMS}] {quantity} as well: leave one of them out"
            review.say(("supply", key), told)
    if "supply" in review.tree and "theory" in review.tree:
        told = "stands beside theory, whose closed form is of a defence that is whole: remove one of them"
        review.say(("supply",), told)
    for quantity, value in own.items():
        for place, number in _numbers(("assume", CLAIMS, quantity), value):
            low, high, told = _BOUNDS.get(quantity, (0.0, float("inf"), ""))
            if not low <= number <= high:
                review.say(place, told)
    _check_maintenance(review, own)


def _check_maintenance(review: Review, own: Mapping[str, object]) -> None:
    """Maintenance ends before the next begins."""
    names = ("maintenance_interval", "maintenance_time")
    if not any(name in own for name in names):
        return
    interval, time = (own.get(name, review.catalogue.value(CLAIMS, name)) for name in names)
    if isinstance(interval, float) and isinstance(time, float) and time >= interval:
        name = names[1] if names[1] in own else names[0]
        says = "must be shorter than maintenance_interval" if name == names[1] else "must be longer than it takes"
        review.say(("assume", CLAIMS, name), f"{says}: a part would never be back in action")


def _numbers(place: Place, value: object) -> list[tuple[Place, float]]:
    """Every number of an assumed value, which may be a table by condition, with its place."""
    if isinstance(value, Mapping):
        return [((*place, str(key)), number) for key, number in value.items() if isinstance(number, float)]
    return [(place, value)] if isinstance(value, float) else []
