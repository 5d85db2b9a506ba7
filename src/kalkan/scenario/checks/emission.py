"""Cross-checks of emission control, and of missiles that home on what transmits."""

from __future__ import annotations

from typing import Any

from kalkan.scenario.checks.parts import emitters_at
from kalkan.scenario.checks.review import Review, text_of
from kalkan.scenario.nouns.places import Place

_NEEDED = {"cued": ("range",), "wary": ("range",), "blinking": ("on", "off")}
_ALLOWED = {"cued": ("range", "hold"), "wary": ("range", "hold"), "blinking": ("on", "off")}
_SUCH_AS = {"range": "80 km", "on": "20 s", "off": "40 s"}


def check_emission(review: Review) -> None:
    """Every system's emission control is complete; every missile that homes on emitters has one to home on."""
    for i, entry in review.entries("systems"):
        if isinstance(entry.get("emission"), dict):
            _check_manner(review, ("systems", i, "emission"), entry["emission"])
    for i, entry in review.entries("raids"):
        if text_of(entry, "type") in review.facts.homing:
            _check_aim(review, ("raids", i), entry)


def _check_manner(review: Review, place: Place, emission: dict[str, Any]) -> None:
    manner = text_of(emission, "manner")
    for key in _NEEDED.get(manner, ()):
        if key not in emission:
            review.say((*place, "manner"), f'needs {key} beside it, such as {key} = "{_SUCH_AS[key]}"')
    for key in emission:
        if manner in _ALLOWED and key != "manner" and key in _SUCH_AS | {"hold": ""} and key not in _ALLOWED[manner]:
            review.say((*place, key), f'does nothing where emission is "{manner}": remove it')


def _check_aim(review: Review, place: Place, entry: dict[str, Any]) -> None:
    """A missile that homes on emitters is aimed at a place with a radar."""
    aim = text_of(entry, "aim")
    remedy = "aim it at a system, a fire unit or a radar"
    if not aim:
        review.say(place, f"homes on emitters and has no aim: {remedy}")
    elif aim in review.names("assets"):
        review.say((*place, "aim"), f"is an asset, on which nothing transmits; its type homes on emitters: {remedy}")
    elif emitters_at(review, aim) == 0:
        review.say((*place, "aim"), f"has no radar that its type could home on: {remedy}")
