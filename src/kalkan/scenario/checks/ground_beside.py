"""What external sources and jammers ask of the terrain: ground to stand on, and orbits above it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from kalkan.earth.terrain import Terrain
from kalkan.scenario.nouns.jammers import Jammer
from kalkan.scenario.nouns.places import Place
from kalkan.scenario.nouns.scenario import Scenario
from kalkan.scenario.nouns.sources import Source
from kalkan.scenario.orbits import evenly

Floats = NDArray[np.float64]
LEAST_CLEARANCE_M = 100.0  # of an orbit above the ground
POINTS = 96  # of an orbit that are held against the ground
HIGHEST_MAST_M = 100.0  # what is no higher above the ground stands on it
DEEP_M = 10.0  # what lies less deep is the terrain's own error


def lost_beside(scenario: Scenario, terrain: Terrain) -> Iterator[tuple[Place, str]]:
    """Sources and jammers that cannot be where they are written, each with what is wrong there.

    An orbit whose height is the claim of its type is looked at when its figures are taken.
    """
    for i, source in enumerate(scenario.sources):
        place: Place = ("sources", i, "orbit" if source.orbit else "position")
        if why := _of_source(source, terrain):
            yield place, why
    for i, jammer in enumerate(scenario.jammers):
        if why := _of_jammer(jammer, terrain):
            yield ("jammers", i, "position"), why


def orbit_fault(lat_deg: Floats, lon_deg: Floats, altitude_m: float, terrain: Terrain) -> str:
    """Why nothing flies round these points at a height above the sea; empty if something can."""
    points = zip(lat_deg.tolist(), lon_deg.tolist(), strict=True)
    if lost := next((why for p in points if (why := no_ground(terrain, *p))), ""):
        return f"leaves the terrain: {lost}"
    highest_m = float(np.max(terrain.elevation(lat_deg, lon_deg)))
    if highest_m + LEAST_CLEARANCE_M > altitude_m:
        return f"is at {altitude_m:,.0f} m, and the ground under it at {highest_m:,.0f} m: fly higher"
    return ""


def stands_on_ground(jammer: Jammer, terrain: Callable[[], Terrain]) -> bool:
    """Whether a jammer that nothing carries stands on the ground, or on a mast, and is not on station in the air."""
    if jammer.position is None or jammer.altitude is None:
        return False
    above_m = jammer.altitude.metres
    if jammer.altitude.above != "ground":
        above_m -= max(float(terrain().elevation(*jammer.position)), 0.0)
    return above_m <= HIGHEST_MAST_M


def no_ground(terrain: Terrain, lat: float, lon: float) -> str:
    """Why nothing stands or flies at a place, and what to do about it; empty if something can."""
    why = terrain.no_site(lat, lon)
    return f"{why}; move it, or use another terrain{_exchanged(terrain, lat, lon)}" if why else ""


def _exchanged(terrain: Terrain, lat: float, lon: float) -> str:
    """A hint where latitude and longitude the other way round are on the terrain."""
    there = abs(lon) <= 90.0 and bool(terrain.covers(lon, lat))
    return " — are latitude and longitude swapped?" if there else ""


def _of_source(source: Source, terrain: Terrain) -> str:
    if source.orbit is None:
        return no_ground(terrain, *source.position) if source.position else ""
    if source.orbit.altitude is None:
        return ""
    lat, lon, _ = evenly(source.orbit, POINTS)
    return orbit_fault(np.degrees(lat), np.degrees(lon), source.orbit.altitude.metres, terrain)


def _of_jammer(jammer: Jammer, terrain: Terrain) -> str:
    if jammer.position is None or jammer.altitude is None:
        return ""
    if jammer.altitude.above == "ground":
        return no_ground(terrain, *jammer.position)
    ground_m = max(float(terrain.elevation(*jammer.position)), 0.0)
    if jammer.altitude.metres > ground_m - DEEP_M:
        return ""
    depth_m = ground_m - jammer.altitude.metres
    surface = "ground" if ground_m > 0.0 else "sea"
    return (
        f"is {depth_m:,.0f} m under the {surface}: put it above {ground_m:,.0f} m, or write a height above ground (AGL)"
    )
