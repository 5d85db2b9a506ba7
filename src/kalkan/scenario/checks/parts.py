"""The parts of the defence that the systems of a raw tree have, and where they stand."""

from __future__ import annotations

from typing import Any

from kalkan.scenario.checks.review import Review, items_of, position_of, text_of, whole_of
from kalkan.scenario.parts import around, is_aim, parts_of, unit_of


def named_parts(review: Review) -> list[str]:
    """Every name of a part of the defence that the scenario may use; none if a system is not sound."""
    found: list[str] = []
    for _, entry in review.entries("systems"):
        found += parts_of_system(review, entry)
    return found


def parts_of_system(review: Review, entry: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """What may be named of a system, each with the single parts that it means; nothing if the system is not sound."""
    name, kind = text_of(entry, "name"), text_of(entry, "type")
    facts = review.facts.systems.get(kind)
    if not name or facts is None:
        return {}
    units, launchers = _counts(review, entry, kind)
    linked = entry.get("link", "up") == "up"
    each = dict.fromkeys(range(1, units + 1), launchers)
    return parts_of(name, each, facts.radars[:-1], facts.radars[-1], linked)


def _counts(review: Review, entry: dict[str, Any], kind: str) -> tuple[int, int]:
    """Fire units of a system, and launchers of each: as written, assumed or claimed."""
    units = whole_of(entry, "fire_units") or len(items_of(entry, "fire_unit_positions"))
    units = units or review.assumed_whole(kind, "fire_units", review.facts.systems[kind].fire_units)
    claimed = round(float(review.catalogue.value(kind, "launchers_per_fire_unit")))
    return units, whole_of(entry, "launchers") or review.assumed_whole(kind, "launchers_per_fire_unit", claimed)


def position_of_part(review: Review, name: str) -> tuple[float, float] | None:
    """Where a part of the defence stands [deg]; None: there is no such part, or it is not known."""
    for _, entry in review.entries("systems"):
        system = text_of(entry, "name")
        if name.lower() not in {n.lower() for n in parts_of_system(review, entry)} or not is_aim(name):
            continue
        post, number = position_of(entry.get("position")), unit_of(name, system)
        if post is None or number is None:
            return post
        written = items_of(entry, "fire_unit_positions")
        if written:
            return position_of(written[number - 1]) if number <= len(written) else None
        units = _counts(review, entry, text_of(entry, "type"))[0]
        distance_m = float(review.catalogue.value("kalkan-model", "fire_unit_distance"))
        return around(post, units, distance_m)[number - 1]
    return None


def emitters_at(review: Review, name: str) -> int | None:
    """Radars that stand at a part of the defence; None: there is no such part."""
    for _, entry in review.entries("systems"):
        facts = review.facts.systems.get(text_of(entry, "type"))
        named = {n.lower(): parts for n, parts in parts_of_system(review, entry).items()}
        if facts and name.lower() in named:
            return sum(part.rpartition("/")[2] in facts.radars for part in named[name.lower()])
    return None
