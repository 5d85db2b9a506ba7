"""Cross-checks of external sources, and of what systems want of them."""

from __future__ import annotations

from typing import Any

from kalkan.scenario.checks.facts import article
from kalkan.scenario.checks.review import Review, items_of, text_of
from kalkan.scenario.nouns.fields import read_altitude
from kalkan.scenario.nouns.places import Place, nearest

AIRBORNE, ON_GROUND = "airborne radar", "radar"
SOURCE_KINDS = (AIRBORNE, ON_GROUND)
FEWEST_WAYPOINTS = 3


def check_sources(review: Review) -> None:
    """Types and places of every source; and no system takes, or engages on, what is not there."""
    for i, entry in review.entries("sources"):
        place: Place = ("sources", i)
        kind = _check_type(review, place, entry)
        _check_where(review, place, entry, kind)
        _check_orbit(review, (*place, "orbit"), entry.get("orbit"))
    for i, entry in review.entries("systems"):
        _check_system(review, ("systems", i), entry)


def _check_type(review: Review, place: Place, entry: dict[str, Any]) -> str:
    """The type is a radar that can be a source; its kind, or ``""``."""
    name = text_of(entry, "type")
    if not isinstance(entry.get("type"), str):
        return ""
    kind = review.facts.kinds.get(name, "")
    known = [i for k in SOURCE_KINDS for i in review.facts.ids(k)]
    if not kind:
        review.say((*place, "type"), f"is not in the catalogue{nearest(name, known, also=review.facts.spellings)}")
    elif kind not in SOURCE_KINDS:
        listed = ", ".join(f'"{k}"' for k in known)
        review.say((*place, "type"), f"is {article(kind)}, not an airborne radar or a radar; known: {listed}")
        return ""
    return kind


def _check_where(review: Review, place: Place, entry: dict[str, Any], kind: str) -> None:
    """It has one place: a position on the ground, or an orbit in the air."""
    stands, flies = "position" in entry, "orbit" in entry
    if stands and flies:
        review.say((*place, "orbit"), "cannot be given beside a position: a source stands or flies; remove one of them")
    elif not (stands or flies):
        review.say(place, 'has no place: give position = [36.5, 33.2], or for an airborne radar an [sources.orbit]')
    elif flies and kind == ON_GROUND:
        review.say((*place, "orbit"), "is for airborne radars, and its type stands on the ground: give a position")
    elif stands and kind == AIRBORNE:
        review.say((*place, "position"), "is for radars on the ground, and its type flies: give an orbit")


def _check_orbit(review: Review, place: Place, orbit: Any) -> None:
    if not isinstance(orbit, dict):
        return
    middle, points = "centre" in orbit, "waypoints" in orbit
    if middle and points:
        review.say((*place, "waypoints"), "cannot be given beside a centre: an orbit is a racetrack or points")
    elif not (middle or points):
        review.say(place, 'has no place: give centre and length = "80 km", or waypoints')
    elif middle and "length" not in orbit:
        review.say(place, 'needs the length of its legs beside the centre, such as length = "80 km"')
    for key in ("length", "width", "heading"):
        if points and not middle and key in orbit:
            review.say((*place, key), "belongs to a racetrack, and does nothing beside waypoints: remove it")
    listed = items_of(orbit, "waypoints")
    if points and isinstance(orbit["waypoints"], list) and len(listed) < FEWEST_WAYPOINTS:
        review.say((*place, "waypoints"), f"needs at least {FEWEST_WAYPOINTS} points, has {len(listed)}")
    try:
        above = read_altitude(orbit["altitude"]).above if "altitude" in orbit else "sea"
    except ValueError:
        return
    if above == "ground":
        review.say((*place, "altitude"), 'must be above sea level: an orbit is level, such as "9 km MSL"')


def _check_system(review: Review, place: Place, entry: dict[str, Any]) -> None:
    """What a system wants of external sources is there, and a claim says that it can use it."""
    takes = entry.get("external_picture", entry.get("integrated"))
    if takes is True and not list(review.entries("sources")):
        key = "external_picture" if "external_picture" in entry else "integrated"
        review.say((*place, key), "needs at least one [[sources]] table: there is nothing to take")
    if entry.get("engage_on_remote") is not True:
        return
    here = (*place, "engage_on_remote")
    if takes is not True:
        review.say(here, "does nothing without external_picture = true: its post is told of no such track")
    facts = review.facts.systems.get(text_of(entry, "type"))
    assumed = review.table("assume").get(text_of(entry, "type"))
    claimed = assumed.get("engage_on_remote") if isinstance(assumed, dict) else None
    if facts and not (claimed == "yes" or (claimed is None and facts.engage_on_remote)):
        review.say(here, "is not claimed of this system; remove it, or assume engage_on_remote = \"yes\" of its type")
