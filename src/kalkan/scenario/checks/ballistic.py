"""Cross-checks of raids of ballistic missiles: what such a raid needs, what it cannot have, and how far it reaches."""

from __future__ import annotations

import math
from typing import Any

from pydantic_core import PydanticCustomError

from kalkan.catalogue.kinds import BALLISTIC
from kalkan.earth.geodesy import inverse
from kalkan.scenario.checks.review import Review, position_of, text_of, whole_of
from kalkan.scenario.nouns.places import Place
from kalkan.scenario.nouns.quantities import Bounds, read_quantity

_RANGE = Bounds(("length",), '"300 km"')

OF_ROUTES = ("route", "speed", "release", "exposure", "formation_width", "route_jitter")
"""Keys of raids that fly a route."""
OF_FALLS = ("launch", "trajectory", "apogee", "decoys", "decoys_released", "debris")
"""Keys of raids of ballistic missiles."""
NEAREST_M = 30_000.0
"""Nearer aims are no ballistic flight that kalkan models [m]."""


def check_ballistic(review: Review, place: Place, entry: dict[str, Any]) -> None:
    """A ballistic missile is launched at an asset in its reach; anything else flies a route."""
    kind = review.facts.kinds.get(text_of(entry, "type"))
    if kind is not None and kind != BALLISTIC:
        for key in (k for k in OF_FALLS if k in entry):
            review.say((*place, key), "is for ballistic missiles; what flies by wings has a route")
    if kind != BALLISTIC and "route" not in entry and "launch" not in entry:
        review.say((*place, "route"), "is missing; every raid needs it")
    if kind != BALLISTIC:
        return
    for key in (k for k in OF_ROUTES if k in entry):
        review.say((*place, key), "is not for ballistic missiles: they have a launch, an aim and a trajectory")
    for key in (k for k in ("launch", "aim") if k not in entry):
        review.say((*place, key), "is missing; every raid of ballistic missiles needs it")
    if "apogee" in entry and "trajectory" in entry:
        review.say((*place, "apogee"), "says how high it flies, and so does trajectory; leave one of them out")
    _check_released(review, place, entry)
    _check_reach(review, place, entry)


def check_early_warning(review: Review) -> None:
    """There are launches to warn of."""
    kinds = {review.facts.kinds.get(text_of(entry, "type")) for _, entry in review.entries("raids")}
    if "early_warning" in review.tree and kinds and None not in kinds and BALLISTIC not in kinds:
        review.say(("early_warning",), "warns of launches of ballistic missiles, and no raid is of such a type")


def _check_released(review: Review, place: Place, entry: dict[str, Any]) -> None:
    """Where decoys are released says something of decoys alone; a type that breaks up is claimed to."""
    if "decoys_released" in entry and not whole_of(entry, "decoys"):
        review.say((*place, "decoys_released"), "says where decoys are released, and there are none: write decoys = 2")
    kind, breaking = text_of(entry, "type"), review.facts.breaking
    if entry.get("debris") is True and kind not in breaking:
        those = ", ".join(f'"{b}"' for b in sorted(breaking))
        review.say((*place, "debris"), f'nobody claims that "{kind}" breaks up; of these it is claimed: {those}')


def _check_reach(review: Review, place: Place, entry: dict[str, Any]) -> None:
    """The aim is neither too far for the type nor too near for a ballistic flight."""
    launch = position_of(entry.get("launch"))
    assets = {a.get("name"): position_of(a.get("position")) for _, a in review.entries("assets")}
    aim, kind = assets.get(text_of(entry, "aim")), text_of(entry, "type")
    if launch is None or aim is None:
        return
    length = float(inverse(*map(math.radians, (*launch, *aim)))[1])
    reach = _range_m(review, kind)
    if length > reach:
        message = f'is {length / 1e3:.0f} km from "{entry["aim"]}", out of reach: "{kind}" flies {reach / 1e3:.0f} km'
        review.say((*place, "launch"), message)
    elif length < NEAREST_M:
        least = f"a ballistic flight begins {NEAREST_M / 1e3:.0f} km away at the least"
        review.say((*place, "launch"), f'is {length / 1e3:.0f} km from "{entry["aim"]}"; {least}')


def _range_m(review: Review, kind: str) -> float:
    """How far a type flies [m]: as the scenario assumes, else as claimed."""
    assumed = review.table("assume").get(kind)
    try:
        return read_quantity(assumed["range"], _RANGE)[0] if isinstance(assumed, dict) else review.facts.range_m[kind]
    except (KeyError, PydanticCustomError):
        return review.facts.range_m[kind]
