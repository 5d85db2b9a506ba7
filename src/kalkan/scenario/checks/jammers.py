"""Cross-checks of the jammers: each is somewhere, and jams a radar of the scenario."""

from __future__ import annotations

from typing import Any

from kalkan.scenario.checks.review import Review, text_of
from kalkan.scenario.checks.sources import SOURCE_KINDS
from kalkan.scenario.nouns.places import Place, nearest

_CARRIERS = ("raids", "flights")


def check_jammers(review: Review) -> None:
    """Every jammer."""
    carriers = [name for section in _CARRIERS for name in review.names(section)]
    for i, entry in review.entries("jammers"):
        place: Place = ("jammers", i)
        _check_place(review, place, entry)
        name = text_of(entry, "carried_by")
        if name and carriers and name not in carriers:
            review.say((*place, "carried_by"), f"is not a raid or flight of this scenario{nearest(name, carriers)}")
        _check_bands(review, place, entry)


def _check_place(review: Review, place: Place, entry: dict[str, Any]) -> None:
    """A jammer is carried or it stands, and what stands has a height."""
    carried, stands = "carried_by" in entry, "position" in entry
    if carried and stands:
        review.say((*place, "position"), "is beside carried_by; a jammer is carried or stands in one place")
    elif not carried and not stands:
        review.say(place, "is nowhere; give it carried_by, a raid or flight, or position and altitude")
    elif stands and "altitude" not in entry:
        review.say((*place, "position"), 'needs "altitude" beside it, such as "10 km MSL"')
    elif carried and "altitude" in entry:
        review.say((*place, "altitude"), "does nothing here; who carries the jammer has a route with heights")


def _check_bands(review: Review, place: Place, entry: dict[str, Any]) -> None:
    """Some radar of the scenario, a source's or the defence's own, works in one of its bands."""
    bands = entry.get("bands")
    if not isinstance(bands, list):
        return
    if not bands:
        review.say((*place, "bands"), 'is empty; a jammer needs a band, such as bands = ["S", "X"]')
        return
    types = [text_of(system, "type") for _, system in review.entries("systems")]
    radars = {radar for t in types if t in review.facts.systems for radar in review.facts.systems[t].radars}
    afar = {text_of(source, "type") for _, source in review.entries("sources")}
    radars |= {radar for radar in afar if review.facts.kinds.get(radar) in SOURCE_KINDS}
    heard = {radar: _band(review, radar) for radar in sorted(radars)}
    if heard and not set(heard.values()) & {b for b in bands if isinstance(b, str)}:
        told = ", ".join(f"{radar} works in {band}" for radar, band in heard.items())
        review.say((*place, "bands"), f"hold no radar of this scenario: {told}")


def _band(review: Review, radar: str) -> str:
    """Band of a radar: as the scenario assumes it, else as claimed."""
    assumed = review.table("assume").get(radar)
    word = text_of(assumed, "band") if isinstance(assumed, dict) else ""
    return word or str(review.catalogue.value(radar, "band"))
