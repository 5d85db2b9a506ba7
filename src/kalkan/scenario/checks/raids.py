"""Cross-checks of what flies: type, route, aim, release, names, and the size of the whole."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

from pydantic_core import PydanticCustomError

from kalkan.catalogue.kinds import BALLISTIC, CIVIL
from kalkan.earth.geodesy import geodetic_to_ecef
from kalkan.scenario.checks.ballistic import check_ballistic
from kalkan.scenario.checks.defence import check_type
from kalkan.scenario.checks.parts import position_of_part
from kalkan.scenario.checks.reactions import check_reactions
from kalkan.scenario.checks.review import Review, items_of, position_of, text_of, whole_of
from kalkan.scenario.nouns.places import Place, nearest
from kalkan.scenario.nouns.quantities import Bounds, read_quantity

AIM_TOLERANCE_M = 5_000.0
"""How far from its asset the last waypoint of a raid with an aim may lie [m]."""
NEAREST_M = 10.0
"""Waypoints that follow each other are no nearer than this [m] (:func:`kalkan.models.trajectory.build_paths`)."""

FLYING = ("raids", "flights")
"""Sections of what flies a route."""

_TIME = Bounds(("time",), '"1 s"')
_EARTH_RADIUS_M = 6_371_000.0


def check_raids(review: Review) -> int:
    """Every raid and flight; the number of vehicles in all of them."""
    total = 0
    for section in FLYING:
        for i, entry in review.entries(section):
            place: Place = (section, i)
            check_type(review, place, entry, "air vehicle", BALLISTIC if section == "raids" else CIVIL)
            if section == "raids":
                check_ballistic(review, place, entry)
            _check_route(review, place, entry)
            if section == "raids":
                _check_aim(review, place, entry)
                check_reactions(review, place, entry)
            _check_start(review, place, entry)
            total += max(whole_of(entry, "count") or 0, 0)
    _check_names(review)
    return total


def _check_names(review: Review) -> None:
    """No two things that fly have one name, whatever they are: it is the key of their random numbers."""
    seen: dict[str, str] = {}
    for section in (*FLYING, "traffic"):
        for i, entry in review.entries(section):
            name = text_of(entry, "name")
            if name and seen.setdefault(name, section) != section:
                review.say((section, i, "name"), f"is a name of {seen[name]} too; whatever flies needs its own name")


def _check_route(review: Review, place: Place, entry: dict[str, Any]) -> None:
    route = entry.get("route")
    if isinstance(route, list):
        points = [position_of(p.get("position")) if isinstance(p, dict) else None for p in route]
        check_points(review, (*place, "route"), points, "position")


def check_points(review: Review, place: Place, points: list[tuple[float, float] | None], *below: str) -> None:
    """There are two points at least, and none is where the one before is; `below` each stands its position."""
    if len(points) < 2:
        review.say(place, f"needs at least 2 waypoints, has {len(points)}")
    for k, (before, here) in enumerate(pairwise(points), start=1):
        if before is None or here is None:
            continue
        if here == before:
            review.say((*place, k, *below), f"is the same place as waypoint {k}")
        elif _chord_m(before, here) < NEAREST_M:
            review.say((*place, k, *below), f"is less than {NEAREST_M:g} m from waypoint {k}")


def _check_aim(review: Review, place: Place, entry: dict[str, Any]) -> None:
    """The aim is an asset, the release is a waypoint, and the route ends where it must."""
    aim, release = text_of(entry, "aim"), whole_of(entry, "release")
    assets = review.names("assets")
    complete = bool(assets) and len(assets) == len(items_of(review.tree, "assets"))
    there = None if aim in assets else position_of_part(review, aim)
    if isinstance(entry.get("aim"), str) and aim not in assets and there is None and complete:
        review.say((*place, "aim"), f"is not an asset of this scenario{nearest(aim, assets)}")
    if release is not None and "aim" not in entry:
        review.say((*place, "release"), 'needs "aim": the asset that the weapons are released against')
    waypoints = len(items_of(entry, "route"))
    if release is not None and waypoints and not 1 <= release <= waypoints:
        review.say((*place, "release"), f"must be a waypoint of the route, 1 to {waypoints}")
    if (aim in assets or there) and "release" not in entry:
        _check_end(review, place, entry, aim, there)


def _check_end(
    review: Review, place: Place, entry: dict[str, Any], aim: str, there: tuple[float, float] | None
) -> None:
    """Without a release, the last waypoint is the asset, or the part of the defence that stands `there`."""
    if there is None:
        there = position_of(next(a for _, a in review.entries("assets") if a.get("name") == aim).get("position"))
    route = items_of(entry, "route")
    end = position_of(route[-1].get("position")) if len(route) > 1 and isinstance(route[-1], dict) else None
    if end is None or there is None:
        return
    away_m = distance_m(there, end)
    if away_m > AIM_TOLERANCE_M:
        message = f'lies {away_m / 1e3:.0f} km from "{aim}"; without a release the route ends at its aim'
        review.say((*place, "route", len(route) - 1, "position"), message)


def _chord_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Straight distance [m] of two positions [deg] on the ellipsoid, as paths take it."""
    one, other = (geodetic_to_ecef(math.radians(lat), math.radians(lon), 0.0) for lat, lon in (a, b))
    return math.dist([float(v) for v in one], [float(v) for v in other])


def distance_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance [m] of two positions [deg] on a sphere; good to 0.5 %."""
    (lat1, lon1), (lat2, lon2) = ([math.radians(v) for v in p] for p in (a, b))
    h = math.sin((lat2 - lat1) / 2) ** 2
    h += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(h)))


def _check_start(review: Review, place: Place, entry: dict[str, Any]) -> None:
    """The raid starts within the simulated time."""
    start = seconds_of(entry.get("start"))
    horizon = seconds_of(review.table("study").get("horizon"))
    if start is not None and horizon and start >= horizon:
        told = str(review.table("study").get("horizon")).strip()
        review.say((*place, "start"), f"is not before the end of the simulated time, {told}")


def seconds_of(value: Any) -> float | None:
    """A time [s] as written, or None where none is."""
    try:
        return read_quantity(value, _TIME)[0] if isinstance(value, str) else None
    except PydanticCustomError:
        return None
