"""Cross-checks of zones, rules of engagement and priors: forms, limits, times, keys that would do nothing."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from pydantic_core import PydanticCustomError

from kalkan.scenario.checks.outlines import told_crossing
from kalkan.scenario.checks.review import Review, items_of, position_of, text_of
from kalkan.scenario.nouns.fields import Altitude, read_altitude
from kalkan.scenario.nouns.places import Place
from kalkan.scenario.nouns.quantities import Bounds, read_quantity
from kalkan.scenario.nouns.rules_of_engagement import CORRIDORS, SIDE_WORDS, ZONE_WORDS
from kalkan.schema import ORIGIN_ZONE, RESTRICTED_ZONE, WEAPONS_ZONE, ZONES

_TIME = Bounds(("time",), '"1 s"')
ORIGIN, RESTRICTED, WEAPONS = (ZONES[k].word for k in (ORIGIN_ZONE, RESTRICTED_ZONE, WEAPONS_ZONE))
_CONTROL = ("weapons_control", "required_confidence")
_OWN_KEYS = {"side": ORIGIN, "counts_as_hostile": RESTRICTED, **dict.fromkeys(_CONTROL, WEAPONS)}


def check_rules_of_engagement(review: Review) -> None:
    """Zones, periods and priors."""
    for i, entry in review.entries("zones"):
        _check_zone(review, ("zones", i), entry)
    _check_periods(review)
    prior = review.table("identity").get("prior")
    if isinstance(prior, dict) and all(prior.get(side) in (0, 0.0) for side in SIDE_WORDS):
        review.say(("identity", "prior"), "must have a share above 0")


def _check_zone(review: Review, place: Place, entry: dict[str, Any]) -> None:
    kind = text_of(entry, "kind")
    if kind in ZONE_WORDS:
        _check_form(review, place, entry, kind)
        _check_own_keys(review, place, entry, kind)
    for key, closed in (("area", True), ("line", False)):
        _check_outline(review, (*place, key), items_of(entry, key), closed)
    _check_limits(review, place, entry)
    _check_times(review, place, entry)


def _check_form(review: Review, place: Place, entry: dict[str, Any], kind: str) -> None:
    """A corridor is a line with a width, every other zone an area."""
    wanted = ("line", "width") if kind in CORRIDORS else ("area",)
    for key in ("area", "line", "width"):
        if key in wanted and key not in entry:
            review.say((*place, key), f"is missing; a zone of kind {kind} has {' and '.join(wanted)}")
        elif key in entry and key not in wanted:
            review.say((*place, key), f"does not belong to a zone of kind {kind}, which has {' and '.join(wanted)}")


def _check_own_keys(review: Review, place: Place, entry: dict[str, Any], kind: str) -> None:
    """Keys that mean something in one kind of zone alone."""
    for key, owner in _OWN_KEYS.items():
        if key in entry and kind != owner:
            review.say((*place, key), f"does nothing in a zone of kind {kind}; it belongs to kind {owner}")
    if kind == ORIGIN and "side" not in entry:
        sides = ", ".join(f'"{side}"' for side in SIDE_WORDS)
        review.say((*place, "side"), f"is missing; a zone of origin says whose it is: {sides}")
    if kind == WEAPONS and not set(_CONTROL) & set(entry):
        review.say((*place, "weapons_control"), "is missing; a weapons zone has one, or a required_confidence")


def _check_outline(review: Review, place: Place, written: list[Any], closed: bool) -> None:
    """Enough corners, no two in one place, and no side that crosses another."""
    least = 3 if closed else 2
    if written and len(written) < least:
        review.say(place, f"needs at least {least} positions, has {len(written)}")
    points = [p for value in written if (p := position_of(value)) is not None]
    if len(points) != len(written) or len(points) < least:
        return
    around = [*points, points[0]] if closed else points
    twins = [k for k, (a, b) in enumerate(pairwise(around)) if a == b]
    if twins:
        review.say((*place, min(twins[0] + 1, len(points) - 1)), "is the same place as its neighbour")
        return
    if told := told_crossing(points, closed=closed):
        review.say(place, told)


def _altitude(value: Any) -> Altitude | None:
    try:
        return read_altitude(value)
    except PydanticCustomError:
        return None


def _check_limits(review: Review, place: Place, entry: dict[str, Any]) -> None:
    """Limits are above the sea, the upper above the lower."""
    limits = {key: _altitude(entry.get(key)) for key in ("floor", "ceiling")}
    for key, found in limits.items():
        if found is not None and found.above != "sea":
            review.say((*place, key), "must be above the sea, such as \"1 km MSL\": a track's height is known above it")
    floor, ceiling = (found if found is not None and found.above == "sea" else None for found in limits.values())
    if floor is not None and ceiling is not None and ceiling.metres <= floor.metres:
        review.say((*place, "ceiling"), "must be above the floor")


def _seconds(value: Any, otherwise: float | None = None) -> float | None:
    try:
        return read_quantity(value, _TIME)[0] if isinstance(value, str) else otherwise
    except PydanticCustomError:
        return None


def _check_times(review: Review, place: Place, entry: dict[str, Any]) -> tuple[float, float] | None:
    """It begins before it ends, and within the simulated time; the two times, if they are sound."""
    begin = _seconds(entry.get("from"), 0.0)
    end = _seconds(entry.get("until"), float("inf") if "until" not in entry else None)
    if begin is not None and end is not None and end <= begin:
        review.say((*place, "until"), "must be later than from")
        return None
    horizon = _seconds(review.table("study").get("horizon"))
    if begin is not None and horizon and begin >= horizon:
        told = str(review.table("study").get("horizon")).strip()
        review.say((*place, "from"), f"is not before the end of the simulated time, {told}")
    return None if begin is None or end is None else (begin, end)


def _check_periods(review: Review) -> None:
    """Periods say something, and do not overlap."""
    rules = review.table("rules_of_engagement")
    known: list[tuple[tuple[float, float], int]] = []
    for i, entry in enumerate(items_of(rules, "periods")):
        if not isinstance(entry, dict):
            continue
        place: Place = ("rules_of_engagement", "periods", i)
        if not set(_CONTROL) & set(entry):
            review.say((*place, "weapons_control"), "is missing; a period has one, or a required_confidence")
        times = _check_times(review, place, entry)
        if times is None:
            continue
        for (begin, end), other in known:
            if times[0] < end and begin < times[1]:
                review.say(place, f"overlaps with period {other + 1}; let one end before the other begins")
                break
        known.append((times, i))
