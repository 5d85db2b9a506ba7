"""All checks of one raw tree: pydantic's of every field, and the cross-checks beside them."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from kalkan.catalogue import read_stance
from kalkan.earth.elevation import TILE_ENDINGS, tiles_in
from kalkan.scenario.checks.air import check_air
from kalkan.scenario.checks.assume import check_assume
from kalkan.scenario.checks.ballistic import check_early_warning
from kalkan.scenario.checks.batches import check_batches
from kalkan.scenario.checks.campaign import check_campaign
from kalkan.scenario.checks.capacities import check_memory, check_types
from kalkan.scenario.checks.claims import check_stance
from kalkan.scenario.checks.defence import check_doctrine, check_systems
from kalkan.scenario.checks.depots import check_depots
from kalkan.scenario.checks.emission import check_emission
from kalkan.scenario.checks.exposure import check_exposure
from kalkan.scenario.checks.jammers import check_jammers
from kalkan.scenario.checks.outages import check_outages
from kalkan.scenario.checks.raids import FLYING, check_raids, distance_m
from kalkan.scenario.checks.review import Review, items_of, position_of, text_of
from kalkan.scenario.checks.rules_of_engagement import check_rules_of_engagement
from kalkan.scenario.checks.sources import check_sources
from kalkan.scenario.checks.supply import check_supply
from kalkan.scenario.checks.theory import theory_fault
from kalkan.scenario.checks.traffic import check_traffic
from kalkan.scenario.checks.weather import check_weather
from kalkan.scenario.nouns.assets import FLAT, TERRAIN_ENDINGS
from kalkan.scenario.nouns.fields import folder_name_fault, name_fault
from kalkan.scenario.nouns.places import Place, nearest, quoted
from kalkan.scenario.nouns.raids import MAX_VEHICLES
from kalkan.scenario.nouns.scenario import Scenario
from kalkan.scenario.nouns.variants import LISTS
from kalkan.scenario.nouns.wording import REQUIRED, Wording

_FAR_DEG = 20.0
_NEAR_DEG = 5.0
_ALONE_M = 300_000.0
_THEORY_READS = ("theory", "stance", "assets", "systems", "doctrine", "raids", "flights", "traffic", "assume", "study")


def check_tree(review: Review) -> Scenario | None:
    """Check a tree and build its scenario.

    Parameters
    ----------
    review : Review
        Its `found` receives every finding.

    Returns
    -------
    Scenario or None
        None if anything was found.
    """
    scenario = _check_fields(review)
    _check_lists(review)
    _check_named_tables(review)
    _check_swapped(review)
    check_air(review)
    _check_terrain(review)
    check_systems(review)
    check_types(review)
    check_memory(review)
    check_doctrine(review)
    check_sources(review)
    _check_flying(review)
    check_early_warning(review)
    check_weather(review)
    check_rules_of_engagement(review)
    check_exposure(review)
    check_jammers(review)
    check_outages(review)
    check_batches(review)
    check_campaign(review)
    check_depots(review)
    check_emission(review)
    assume = check_assume(review)
    check_supply(review, assume)
    stance = check_stance(review)
    _check_theory(review, {"assume": assume, "stance": stance})
    if review.found or scenario is None:
        return None
    return scenario.model_copy(update={"assume": assume, "stance": stance})


def _check_theory(review: Review, checked: dict[str, Any]) -> None:
    """The closed form that is named fits the scenario; asked as soon as the sections that it reads are sound."""
    if "theory" not in review.tree or any(place[0] in _THEORY_READS for place in review.found):
        return
    read = Scenario.model_validate({k: review.tree[k] for k in _THEORY_READS if k in review.tree})
    catalogue = review.catalogue.under(read_stance(checked["stance"], review.catalogue))
    fault = theory_fault(read.model_copy(update=checked), catalogue)
    if fault:
        review.say(("theory",), fault)


def _check_flying(review: Review) -> None:
    """Everything that flies, and that it is not too much."""
    flown, traffic = check_raids(review), check_traffic(review)
    total = flown + traffic
    if total > MAX_VEHICLES:
        section = "traffic" if traffic > flown else next((s for s in FLYING if review.names(s)), "raids")
        own = f"makes {traffic} of " if section == "traffic" else "hold "
        review.say((section,), f"{own}{total} air vehicles in all; at most {MAX_VEHICLES} are allowed")


def _check_fields(review: Review) -> Scenario | None:
    """Run pydantic; its findings come in this project's words."""
    try:
        return Scenario.model_validate(review.tree)
    except ValidationError as error:
        wording = Wording(review.tree)
        for item in error.errors(include_url=False, include_input=False):
            place, message = wording.translate(item)
            review.say(place, message)
    return None


def _check_lists(review: Review) -> None:
    """Each list section that must have entries has some, and their names differ."""
    for section in LISTS:
        items = review.tree.get(section)
        if section in REQUIRED and isinstance(items, list) and not items:
            review.say((section,), f"is empty; a scenario needs at least one [[{section}]] table")
        seen: set[str] = set()
        for i, entry in review.entries(section):
            name = text_of(entry, "name")
            if name in seen:
                review.say((section, i, "name"), f"is used twice; every entry of {section} needs its own name")
            if name:
                seen.add(name)


def _check_named_tables(review: Review) -> None:
    """Names of doctrines and variants, and of the file's own variant."""
    for section, fault_of in (("doctrine", name_fault), ("variants", folder_name_fault)):
        for name in review.table(section):
            fault = fault_of(name)
            if fault:
                review.say((section, name), f"has a name that {fault}")
    base = review.tree.get("base", "base")
    seen = {base.casefold(): base} if isinstance(base, str) else {}
    for name in review.table("variants"):
        if seen.setdefault(name.casefold(), name) != name:
            twin = seen[name.casefold()]
            review.say(("variants", name), f"differs from {quoted(twin)} in capitals only; both name a folder")
    if isinstance(base, str) and base in review.table("variants"):
        review.say(("variants", base), 'has the name of the file\'s own variant; rename it, or set "base"')


def _position_places(review: Review) -> list[tuple[Place, float, float]]:
    """Place, latitude and longitude [deg] of every position that is well formed."""
    found: list[tuple[Place, Any]] = []
    for section in LISTS:
        for i, entry in review.entries(section):
            found.append(((section, i, "position"), entry.get("position")))
            orbit = entry.get("orbit") if section == "sources" else None
            if isinstance(orbit, dict):
                found.append(((section, i, "orbit", "centre"), orbit.get("centre")))
                listed = enumerate(items_of(orbit, "waypoints"))
                found += [((section, i, "orbit", "waypoints", k), point) for k, point in listed]
            found += [((section, i, "airway", k), p) for k, p in enumerate(items_of(entry, "airway"))]
            for outline in ("area", "line"):
                found += [((section, i, outline, k), at) for k, at in enumerate(items_of(entry, outline))]
            found.append(((section, i, "launch"), entry.get("launch")))
            points = entry.get("route")
            for k, point in enumerate(points if isinstance(points, list) else []):
                if isinstance(point, dict):
                    found.append(((section, i, "route", k, "position"), point.get("position")))
    read = [(place, position_of(value)) for place, value in found]
    return [(place, *at) for place, at in read if at is not None]


def _check_swapped(review: Review) -> None:
    """A position far from the others, that would lie among them if its numbers were exchanged."""
    positions = _position_places(review)
    if len(positions) >= 4:
        _check_far(review, positions)
    _check_alone(review, positions)


def _check_far(review: Review, positions: list[tuple[Place, float, float]]) -> None:
    """A position far from the middle of all, that would lie there if exchanged."""
    mid_lat = statistics.median(lat for _, lat, _ in positions)
    mid_lon = statistics.median(lon for _, _, lon in positions)
    for place, lat, lon in positions:
        far = max(abs(lat - mid_lat), abs(lon - mid_lon)) > _FAR_DEG
        if far and max(abs(lon - mid_lat), abs(lat - mid_lon)) < _NEAR_DEG:
            review.say(place, "lies far from everything else — are latitude and longitude swapped?")


def _check_alone(review: Review, positions: list[tuple[Place, float, float]]) -> None:
    """A site or an asset out of reach of everything else, that would stand beside something if exchanged."""
    for i, (place, lat, lon) in enumerate(positions):
        others = [(a, o) for k, (_, a, o) in enumerate(positions) if k != i]
        if len(place) != 3 or abs(lon) > 90.0 or not others:
            continue
        away_m, exchanged_m = (min(distance_m(at, other) for other in others) for at in ((lat, lon), (lon, lat)))
        if away_m > _ALONE_M and exchanged_m < away_m / 10.0:
            review.say(
                place,
                f"lies {away_m / 1e3:,.0f} km from everything else, and {exchanged_m / 1e3:,.0f} km with latitude and "
                "longitude exchanged — are they swapped?",
            )


def _check_terrain(review: Review) -> None:
    """The terrain file or folder exists, and clutter has land to stand on."""
    name = text_of(review.table("region"), "terrain")
    if "clutter_height" in review.table("region") and name in ("", FLAT):
        review.say(("region", "clutter_height"), "needs a terrain: a flat earth is sea, on which nothing stands")
    if name.endswith("/"):
        _check_tiles(review, review.base_dir / name)
        return
    if not name or name == FLAT or not name.lower().endswith(TERRAIN_ENDINGS):
        return
    path = review.base_dir / name
    try:
        if path.is_file():
            return
        names = [p.name for p in path.parent.iterdir() if p.suffix.lower() in TERRAIN_ENDINGS]
    except (OSError, ValueError):
        names = []
    place = "this folder" if str(review.base_dir) == "." else f"the folder {quoted(str(review.base_dir))}"
    review.say(("region", "terrain"), f"is not a file in {place}{_habit(name) or nearest(path.name, names)}")


def _habit(name: str) -> str:
    """The remedy for what paths of Windows and of shells leave in a name; ``""`` if none."""
    if any(ord(c) < 32 for c in name):
        return ": a \\ begins an escape between double quotes; write / instead"
    if "\\" in name:
        return "; between folders stands /"
    return "; ~ is not read as your home folder: write its name" if name.startswith("~") else ""


def _check_tiles(review: Review, folder: Path) -> None:
    """The folder of tiles exists and holds some."""
    try:
        if not folder.is_dir():
            review.say(("region", "terrain"), "is not a folder")
        elif not tiles_in(folder):
            review.say(("region", "terrain"), f"holds no elevation files ({', '.join(TILE_ENDINGS)})")
    except (OSError, ValueError):
        review.say(("region", "terrain"), "is not a folder that can be read")
