"""Cross-checks of how raids react: who can, what each reaction needs, and that it changes anything."""

from __future__ import annotations

from typing import Any

from pydantic_core import PydanticCustomError

from kalkan.catalogue.kinds import BALLISTIC
from kalkan.scenario.checks.review import Review, items_of, text_of
from kalkan.scenario.nouns.fields import Altitude, read_altitude
from kalkan.scenario.nouns.places import Place, quoted
from kalkan.scenario.nouns.reactions import ABORT, DESCEND, TURN_BACK


def check_reactions(review: Review, place: Place, entry: dict[str, Any]) -> None:
    """Each reaction of a raid is one that its vehicles can do, and says what it needs."""
    if "react" not in entry:
        return
    kind = text_of(entry, "type")
    of_routes = review.facts.kinds.get(kind) == "air vehicle"
    if review.facts.kinds.get(kind) == BALLISTIC:
        review.say((*place, "react"), "is not for ballistic missiles: they fall, whoever looks at them; leave it out")
    elif of_routes and kind not in review.facts.reacting:
        review.say(
            (*place, "react"),
            f"{quoted(kind)} does not react: the catalogue claims no steepest_descent for it; leave react out",
        )
    if "exposure" in entry:
        review.say((*place, "react"), "does not go with exposure, whose vehicles fly no route; leave one out")
    if not isinstance(entry["react"], list):
        review.say((*place, "react"), 'must be a list of tables, such as [{ when = "shot at", do = "turn back" }]')
    seen: set[tuple[str, str]] = set()
    for k, one in enumerate(items_of(entry, "react")):
        if isinstance(one, dict):
            _check_reaction(review, (*place, "react", k), one, entry, seen)


def _check_reaction(
    review: Review, place: Place, one: dict[str, Any], entry: dict[str, Any], seen: set[tuple[str, str]]
) -> None:
    when, does = text_of(one, "when"), text_of(one, "do")
    if when and does and (when, does) in seen:
        review.say((*place, "do"), f"stands twice for what is {quoted(when)}; a vehicle does it once")
    seen.add((when, does))
    if does == DESCEND and "to" not in one:
        review.say((*place, "to"), 'is missing; descend needs the altitude to descend to, such as to = "60 m AGL"')
    if does in (TURN_BACK, ABORT) and "to" in one:
        review.say((*place, "to"), f"is for descend; {quoted(does)} stays at the height of its route")
    if does == ABORT and "release" not in entry:
        review.say(
            (*place, "do"),
            "abort is for a raid with a release, which it then leaves undone while it flies on; without one the route "
            'ends at the aim: write the release and the way out, or "turn back"',
        )
    if does == DESCEND and isinstance(one.get("to"), str):
        _check_lower(review, (*place, "to"), one["to"], entry)


def _check_lower(review: Review, place: Place, written: str, entry: dict[str, Any]) -> None:
    """The altitude is below some waypoint of its own kind, or the route has waypoints of the other kind."""
    to = _altitude(written)
    route = [_altitude(w.get("altitude")) for w in items_of(entry, "route") if isinstance(w, dict)]
    flown = [a for a in route if a is not None]
    if to is None or not flown or len(flown) < len(route) or any(a.above != to.above for a in flown):
        return
    highest = max(a.metres for a in flown)
    if to.metres >= highest:
        review.say(place, f"is no descent: the route is nowhere higher than {highest:g} m; write a lower altitude")


def _altitude(written: Any) -> Altitude | None:
    try:
        return read_altitude(written)
    except PydanticCustomError:
        return None
