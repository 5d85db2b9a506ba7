"""Cross-checks of civil traffic: that it is written in one way, that its airway can be flown, how much it makes."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from pydantic_core import PydanticCustomError

from kalkan.catalogue import CatalogueError
from kalkan.catalogue.kinds import CIVIL
from kalkan.scenario.checks.defence import check_type
from kalkan.scenario.checks.outlines import told_crossing
from kalkan.scenario.checks.raids import check_points, distance_m, seconds_of
from kalkan.scenario.checks.recorded import check_file
from kalkan.scenario.checks.review import Review, items_of, position_of, text_of
from kalkan.scenario.nouns.fields import read_speed
from kalkan.scenario.nouns.places import Place
from kalkan.scenario.nouns.traffic import AIRLINER, DAY_S, HOUR_S, OF_AIRWAY, OF_FILE, most_flights

_SOUND_M_S = 295.1  # at 11 km and above, US Standard Atmosphere 1976


def check_traffic(review: Review) -> int:
    """Every entry of traffic; the number of flights in all of them, about as a run makes them."""
    total = 0
    for i, entry in review.entries("traffic"):
        place: Place = ("traffic", i)
        check_type(review, place, entry, CIVIL)
        _check_way(review, place, entry)
        if "airway" in entry:
            _check_airway(review, place, entry)
            total += _flights(review, entry)
        elif isinstance(entry.get("file"), str):
            total += check_file(review, place, entry)
    return total


def _check_way(review: Review, place: Place, entry: dict[str, Any]) -> None:
    """It is an airway or a file, and has the keys of that one."""
    if "airway" not in entry and "file" not in entry:
        review.say(place, 'needs "airway", the positions that its flights pass, or "file", recorded tracks')
    elif "airway" in entry and "file" in entry:
        review.say((*place, "file"), 'stands beside "airway"; write two [[traffic]] tables')
    elif "airway" in entry:
        for key in OF_FILE:
            if key in entry:
                review.say((*place, key), 'belongs to recorded tracks, and there is no "file"')
    else:
        for key in OF_AIRWAY:
            if key in entry:
                review.say((*place, key), "belongs to an airway; recorded tracks are flown as they were recorded")


def _check_airway(review: Review, place: Place, entry: dict[str, Any]) -> None:
    if isinstance(entry["airway"], list):
        points = [position_of(p) for p in entry["airway"]]
        check_points(review, (*place, "airway"), points)
        sound = [p for p in points if p is not None]
        apart = len(sound) == len(points) > 1 and all(a != b for a, b in pairwise(sound))
        if apart and (told := told_crossing(sound, closed=False)):
            review.say((*place, "airway"), told)
    if entry.get("levels") == []:
        review.say((*place, "levels"), 'is empty; write such as ["FL330"], or leave it out')
    if "flights_per_hour" not in entry and "density" not in entry:
        review.say(place, 'needs "flights_per_hour", or "density" and "share": how many flights come in')
    elif "flights_per_hour" in entry:
        for key in ("density", "share"):
            if key in entry:
                review.say((*place, key), 'stands beside "flights_per_hour", which says how many flights come in')
    elif "share" not in entry:
        review.say((*place, "density"), 'needs "share": the part of those flights that take this airway')
    if "share" in entry and "density" not in entry and "flights_per_hour" not in entry:
        review.say((*place, "share"), 'needs "density": of which traffic it is a share')
    density = text_of(entry, "density")
    if density and review.facts.kinds.get(density) != "traffic":
        review.say((*place, "density"), review.facts.absent(density, "traffic"))
    if not entry.get("levels") and text_of(entry, "type") in review.facts.kinds:
        _check_level(review, place, text_of(entry, "type"))


def _check_level(review: Review, place: Place, vehicle: str) -> None:
    try:
        review.catalogue.value(vehicle, "operating_altitude")
    except CatalogueError:
        review.say(place, f'needs "levels": no source says how high "{vehicle}" flies')


def _flights(review: Review, entry: dict[str, Any]) -> int:
    """Flights that a run makes of an airway, 0 where that cannot be told."""
    points = [p for p in map(position_of, items_of(entry, "airway")) if p is not None]
    horizon_s, per_s = seconds_of(review.table("study").get("horizon")), _per_s(review, entry)
    speed_m_s = _speed_m_s(review, entry)
    if horizon_s is None or per_s is None or speed_m_s is None or len(points) < 2:
        return 0
    flown_s = sum(distance_m(*leg) for leg in pairwise(points)) / speed_m_s
    return most_flights(per_s * (horizon_s + flown_s))


def _per_s(review: Review, entry: dict[str, Any]) -> float | None:
    """Flights that come in per second [1/s], where that is written soundly."""
    written, share, density = (entry.get(key) for key in ("flights_per_hour", "share", "density"))
    if isinstance(written, int | float) and not isinstance(written, bool):
        return max(float(written), 0.0) / HOUR_S
    if not isinstance(share, int | float) or isinstance(share, bool) or not isinstance(density, str):
        return None
    if review.facts.kinds.get(density) != "traffic":
        return None
    return max(float(share), 0.0) * float(review.catalogue.value(density, "flights_per_day")) / DAY_S


def _speed_m_s(review: Review, entry: dict[str, Any]) -> float | None:
    if "speed" not in entry:
        vehicle = entry.get("type", AIRLINER)
        known = isinstance(vehicle, str) and review.facts.kinds.get(vehicle) == CIVIL
        return float(review.catalogue.value(vehicle, "cruise_speed")) if known else None
    try:
        speed = read_speed(entry["speed"])
    except PydanticCustomError:
        return None
    return speed.metres_per_second or (speed.mach or 0.0) * _SOUND_M_S or None
