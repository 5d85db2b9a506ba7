"""Cross-checks of raids: type, route, aim, release, and the size of the whole."""

from __future__ import annotations

import math
from typing import Any

from pydantic_core import PydanticCustomError

from kalkan.scenario.checks.defence import check_type
from kalkan.scenario.checks.review import Review, is_position, items_of, text_of, whole_of
from kalkan.scenario.nouns.places import Place, nearest
from kalkan.scenario.nouns.quantities import Bounds, read_quantity
from kalkan.scenario.nouns.raids import MAX_VEHICLES

AIM_TOLERANCE_M = 5_000.0
"""How far from its asset the last waypoint of a raid with an aim may lie [m]."""

_TIME = Bounds(("time",), '"1 s"')
_EARTH_RADIUS_M = 6_371_000.0


def check_raids(review: Review) -> None:
    """Every raid, and the number of vehicles in all of them."""
    total = 0
    for i, entry in review.entries("raids"):
        place: Place = ("raids", i)
        check_type(review, place, entry, "air vehicle")
        _check_route(review, place, entry)
        _check_aim(review, place, entry)
        _check_start(review, place, entry)
        total += max(whole_of(entry, "count") or 0, 0)
    if total > MAX_VEHICLES:
        review.say(("raids",), f"hold {total} air vehicles in all; at most {MAX_VEHICLES} are allowed")


def _check_route(review: Review, place: Place, entry: dict[str, Any]) -> None:
    route = entry.get("route")
    if not isinstance(route, list):
        return
    if len(route) < 2:
        review.say((*place, "route"), f"needs at least 2 waypoints, has {len(route)}")
    points = [p.get("position") if isinstance(p, dict) else None for p in route]
    for k in range(1, len(points)):
        if points[k] is not None and points[k] == points[k - 1]:
            review.say((*place, "route", k, "position"), f"is the same place as waypoint {k}")


def _check_aim(review: Review, place: Place, entry: dict[str, Any]) -> None:
    """The aim is an asset, the release is a waypoint, and the route ends where it must."""
    aim, release = text_of(entry, "aim"), whole_of(entry, "release")
    assets = review.names("assets")
    complete = bool(assets) and len(assets) == len(items_of(review.tree, "assets"))
    if isinstance(entry.get("aim"), str) and aim not in assets and complete:
        review.say((*place, "aim"), f"is not an asset of this scenario{nearest(aim, assets)}")
    if release is not None and "aim" not in entry:
        review.say((*place, "release"), 'needs "aim": the asset that the weapons are released against')
    waypoints = len(items_of(entry, "route"))
    if release is not None and waypoints and not 1 <= release <= waypoints:
        review.say((*place, "release"), f"must be a waypoint of the route, 1 to {waypoints}")
    if aim in assets and "release" not in entry:
        _check_end(review, place, entry, aim)


def _check_end(review: Review, place: Place, entry: dict[str, Any], aim: str) -> None:
    """Without a release, the last waypoint is the asset."""
    asset = next(a for _, a in review.entries("assets") if a.get("name") == aim)
    route = items_of(entry, "route")
    end = route[-1].get("position") if len(route) > 1 and isinstance(route[-1], dict) else None
    if not (is_position(end) and is_position(asset.get("position"))):
        return
    distance_m = _distance_m(asset["position"], end)
    if distance_m > AIM_TOLERANCE_M:
        message = f'lies {distance_m / 1e3:.0f} km from "{aim}"; without a release the route ends at its aim'
        review.say((*place, "route", len(route) - 1, "position"), message)


def _distance_m(a: list[float], b: list[float]) -> float:
    """Great-circle distance [m] of two positions [deg] on a sphere; good to 0.5 %."""
    (lat1, lon1), (lat2, lon2) = ([math.radians(v) for v in p] for p in (a, b))
    h = math.sin((lat2 - lat1) / 2) ** 2
    h += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * _EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(h)))


def _check_start(review: Review, place: Place, entry: dict[str, Any]) -> None:
    """The raid starts within the simulated time."""
    start = _seconds(entry.get("start"))
    horizon = _seconds(review.table("study").get("horizon"))
    if start is not None and horizon and start >= horizon:
        told = str(review.table("study").get("horizon")).strip()
        review.say((*place, "start"), f"is not before the end of the simulated time, {told}")


def _seconds(value: Any) -> float | None:
    try:
        return read_quantity(value, _TIME)[0] if isinstance(value, str) else None
    except PydanticCustomError:
        return None
