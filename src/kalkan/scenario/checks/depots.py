"""Cross-checks of stores, depots and production: who is supplied, with what, and that it counts for something."""

from __future__ import annotations

from typing import Any

from kalkan.scenario.checks.defence import check_interceptor
from kalkan.scenario.checks.raids import seconds_of
from kalkan.scenario.checks.review import Review, items_of, text_of, whole_of
from kalkan.scenario.nouns.places import Place, nearest, quoted
from kalkan.scenario.nouns.systems import SUPPLIED_KEYS

MADE_PER_YEAR = "made_per_year"
_IDLE = "does nothing without [[waves]]: it counts between raids only; write some, or remove it"


def check_depots(review: Review) -> None:
    """Stores of systems, depots and what is made for them."""
    served: dict[str, str] = {}
    for i, entry in review.entries("depots"):
        place: Place = ("depots", i)
        _check_serves(review, place, entry, served)
        _check_rounds(review, (*place, "rounds"), entry.get("rounds"), _systems(review, entry))
        _check_has_some(review, place, entry)
    for i, entry in review.entries("production"):
        _check_production(review, ("production", i), entry)
    for i, entry in review.entries("systems"):
        _check_store(review, ("systems", i), entry, served)
    if review.tree.get("waves"):
        return
    for section in ("depots", "production"):
        if review.tree.get(section):
            review.say((section,), _IDLE)
    for i, entry in review.entries("systems"):
        for key in SUPPLIED_KEYS:
            if key in entry:
                review.say(("systems", i, key), _IDLE)


def _check_serves(review: Review, place: Place, entry: dict[str, Any], served: dict[str, str]) -> None:
    """It serves systems of the scenario, each of which no other depot serves."""
    if entry.get("serves") == []:
        review.say((*place, "serves"), 'is empty; name whom it supplies, such as serves = ["north"]')
    known, own = review.names("systems"), text_of(entry, "name")
    for k, name in enumerate(items_of(entry, "serves")):
        here = (*place, "serves", k)
        if not isinstance(name, str):
            continue
        if name not in known:
            review.say(here, f"is not a system of this scenario{nearest(name, known)}")
        elif name in served:
            other = "twice by this depot" if served[name] == own else f"by depot {quoted(served[name])} already"
            review.say(here, f"is served {other}; a system has one depot")
        else:
            served[name] = own


def _systems(review: Review, depot: dict[str, Any]) -> list[dict[str, Any]]:
    """The systems that a depot serves."""
    names = items_of(depot, "serves")
    return [system for _, system in review.entries("systems") if text_of(system, "name") in names]


def _check_rounds(review: Review, place: Place, rounds: Any, systems: list[dict[str, Any]]) -> None:
    """Missiles exist, and somebody who gets them launches them."""
    for missile in rounds if isinstance(rounds, dict) else ():
        _check_missile(review, (*place, missile), missile, systems)


def _check_missile(review: Review, place: Place, missile: str, systems: list[dict[str, Any]]) -> None:
    check_interceptor(review, place, missile)
    launched = [_launches(review, s) for s in systems]
    if place in review.found or not launched or any(taken is None or missile in taken for taken in launched):
        return
    listed = sorted({m for taken in launched for m in taken or ()})
    whose = f'system "{text_of(systems[0], "name")}"' if len(systems) == 1 else "the systems that its depot serves"
    review.say(place, f"is launched by none of the launchers of {whose}{nearest(missile, listed)}")


def _launches(review: Review, system: dict[str, Any]) -> list[str] | None:
    """Missiles that a system launches: of its loads, else all that it carries; None where that is not known."""
    loads = system.get("loads")
    if isinstance(loads, dict):
        return [m for m in loads if whole_of(loads, m) != 0]
    carried = review.facts.carried.get(text_of(system, "type"))
    return None if carried is None else list(carried)


def _check_has_some(review: Review, place: Place, entry: dict[str, Any]) -> None:
    """It has missiles, or gets some."""
    rounds = entry.get("rounds", {})
    empty = isinstance(rounds, dict) and not any(n for n in rounds.values())
    made = [text_of(p, "depot") for _, p in review.entries("production")]
    if empty and text_of(entry, "name") not in made:
        review.say(place, 'has no missiles and gets none: write rounds = { "48n6e3" = 64 }, or [[production]] for it')


def _check_production(review: Review, place: Place, entry: dict[str, Any]) -> None:
    """For a depot that is there, a missile that it needs, at a rate that is known, from before it ends."""
    known, depot, missile = review.names("depots"), text_of(entry, "depot"), text_of(entry, "missile")
    if depot and depot not in known:
        told = nearest(depot, known) or "; there are none: write [[depots]]"
        review.say((*place, "depot"), f"is not a depot of this scenario{told}")
    systems = [s for _, d in review.entries("depots") if text_of(d, "name") == depot for s in _systems(review, d)]
    if missile:
        _check_missile(review, (*place, "missile"), missile, systems)
    found = review.catalogue.entries.get(missile)
    if "per_month" not in entry and found is not None and MADE_PER_YEAR not in found.quantities:
        told = f"is missing, and nobody claims {MADE_PER_YEAR} of {quoted(missile)}; write it"
        review.say((*place, "per_month"), told)
    begins, ends = seconds_of(entry.get("from", "0 s")), seconds_of(entry.get("until"))
    if begins is not None and ends is not None and ends <= begins:
        review.say((*place, "until"), "is not after it begins")
    if "delay" in entry and not {"from", "until"} & entry.keys():
        told = "does nothing where production neither begins nor ends: it belongs to from or until; remove it"
        review.say((*place, "delay"), told)


def _check_store(review: Review, place: Place, entry: dict[str, Any], served: dict[str, str]) -> None:
    """A store of missiles that the system launches; a time to bring what is there."""
    _check_rounds(review, (*place, "store"), entry.get("store"), [entry])
    if "restock_time" in entry and not entry.get("store") and text_of(entry, "name") not in served:
        told = "has nothing to bring: the system has no store, and no depot serves it"
        review.say((*place, "restock_time"), told)
