"""Cross-checks of outages, and of the systems whose posts take over from others."""

from __future__ import annotations

from typing import Any

from kalkan.scenario.checks.parts import named_parts
from kalkan.scenario.checks.raids import seconds_of
from kalkan.scenario.checks.review import Review, items_of, text_of
from kalkan.scenario.nouns.places import Place, nearest

_MEANS = ("mean_time_between_failures", "mean_time_to_repair")
_SHOWN = 6
_ONCE = ("from", "until", "probability")


def check_outages(review: Review) -> None:
    """Parts, times and means of every outage; successors of every system."""
    for i, entry in review.entries("outages"):
        place: Place = ("outages", i)
        _check_parts(review, place, entry)
        _check_times(review, place, entry)
    names = review.names("systems")
    for i, entry in review.entries("systems"):
        other, here = text_of(entry, "hand_over"), ("systems", i, "hand_over")
        others = [n for n in names if n != text_of(entry, "name")]
        if not other:
            continue
        if other == text_of(entry, "name"):
            review.say(here, "is the system itself; name another, whose post takes over")
        elif other not in others:
            review.say(here, f"is not a system of this scenario{nearest(other, others)}")
        elif entry.get("link") == "cut":
            review.say(here, "does nothing where the link is cut: its fire units have no post to lose")
        elif any(text_of(s, "name") == other and s.get("link") == "cut" for _, s in review.entries("systems")):
            review.say(here, f'"{other}" has its link cut: it has no post that could take over')


def _check_parts(review: Review, place: Place, entry: dict[str, Any]) -> None:
    listed = items_of(entry, "parts")
    if entry.get("parts") == []:
        review.say((*place, "parts"), 'is empty; name a part, such as parts = ["north/post"]')
    known = named_parts(review)
    for k, name in enumerate(listed):
        if isinstance(name, str) and known and name.lower() not in {n.lower() for n in known}:
            review.say((*place, "parts", k), f"is not a part of a system here{_near(name, known)}")


def _near(name: str, known: list[str]) -> str:
    """What was likely meant, else some of the shortest names."""
    short = ", ".join(f'"{n}"' for n in sorted(known, key=lambda n: (len(n), n))[:_SHOWN])
    return nearest(name, known, show_all=0) or f"; known are {short} and more"


def _check_times(review: Review, place: Place, entry: dict[str, Any]) -> None:
    """It happens once or again and again, and ends after it begins."""
    means, once = [k for k in _MEANS if k in entry], [k for k in _ONCE if k in entry]
    if len(means) == 1:
        other = next(k for k in _MEANS if k not in means)
        review.say((*place, means[0]), f'needs {other} beside it, such as {other} = "2 h"')
    if means and once:
        review.say((*place, once[0]), "is of an outage that happens once; beside mean times it does nothing: remove it")
    begins, ends = seconds_of(entry.get("from", "0 s")), seconds_of(entry.get("until"))
    if begins is not None and ends is not None and ends <= begins:
        review.say((*place, "until"), "is not after it begins")
    horizon = seconds_of(review.table("study").get("horizon"))
    if begins is not None and horizon and begins >= horizon:
        review.say((*place, "from"), f"is not before the end of the simulated time, {review.table('study')['horizon']}")
