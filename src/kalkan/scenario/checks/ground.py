"""What a scenario asks of its terrain: that it can be read, holds what stands on it, and lies under what flies.

A run asks the same of a scenario before it begins (:mod:`kalkan.compile.ground`), in the same words. Nothing here
imports numba.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kalkan.earth.geodesy import destination, inverse
from kalkan.earth.terrain import Terrain, TerrainError
from kalkan.errors import Problem, ProblemsError
from kalkan.scenario.checks.ground_beside import lost_beside, no_ground
from kalkan.scenario.nouns.places import Place
from kalkan.scenario.nouns.raids import Waypoint
from kalkan.scenario.nouns.scenario import Scenario

Floats = NDArray[np.float64]
Lost = tuple[Place, str]
SMALL_CELLS = 20_000_000  # a terrain of no more cells is read whole at every check: about half a second
LEG_STEP_M = 250.0  # legs are held against the ground so often, or once a cell
DEPTH_M = 10.0  # what lies less deep is the terrain's own error: a kilometre cell of GLOBE is off by 30 m (90 %)


def ground_faults(scenario: Scenario, *, whole: bool = False) -> tuple[Problem, ...]:
    """Everything for which a run would refuse the terrain of a scenario, or what is on and over it.

    Parameters
    ----------
    scenario : Scenario
        Checked; all of its variants are looked at.
    whole : bool
        Read a large terrain whole, too; one of up to `SMALL_CELLS` always is.
    """
    try:
        terrain = open_terrain(scenario)  # the region is the same in all variants
        if whole or terrain.cells <= SMALL_CELLS:
            terrain.require_readable()
        lost = {v.variant: (v, lost_ground(v, terrain)) for v in scenario.variants_resolved().values()}
    except TerrainError as error:
        return (terrain_problem(scenario, error),)
    except ProblemsError as error:
        return error.problems
    plain = lost[scenario.variant][1]
    return tuple(
        variant.problem(place, message)
        for variant, found in lost.values()
        for place, message in found
        if found is plain or (variant.written_at(place), message) not in plain
    )


def open_terrain(scenario: Scenario) -> Terrain:
    """The scenario's terrain.

    Raises
    ------
    ProblemsError
        It cannot be opened, with its line.
    """
    path = scenario.terrain_path
    try:
        return Terrain.flat() if path is None else Terrain.open(path, scenario.region.no_data, [scenario.base_dir])
    except TerrainError as error:
        raise ProblemsError([terrain_problem(scenario, error)]) from None


def terrain_problem(scenario: Scenario, error: TerrainError) -> Problem:
    """What is wrong with a terrain, at the line that names it."""
    text = str(error).removeprefix(f"terrain {scenario.terrain_path}: ").removeprefix("terrain ")
    return scenario.problem(("region", "terrain"), text)


def lost_ground(scenario: Scenario, terrain: Terrain) -> list[Lost]:
    """Sites without ground under them, and what flies not above it; each place with what is wrong there."""
    return [*lost_sites(scenario, terrain), *_lost_routes(scenario, terrain), *lost_beside(scenario, terrain)]


def lost_sites(scenario: Scenario, terrain: Terrain) -> list[Lost]:
    """Systems and fire units neither on ground nor at sea; assets only if holes are errors.

    Otherwise an asset off the terrain is at sea.
    """
    found = ((place, no_ground(terrain, *at)) for place, at in _sites(scenario))
    return [(place, why) for place, why in found if why]


def _sites(scenario: Scenario) -> Iterator[tuple[Place, tuple[float, float]]]:
    for i, system in enumerate(scenario.systems):
        yield ("systems", i, "position"), system.position
        for k, position in enumerate(system.fire_unit_positions or ()):
            yield ("systems", i, "fire_unit_positions", k), position
    for i, asset in enumerate(scenario.assets if scenario.region.no_data == "error" else ()):
        yield ("assets", i, "position"), asset.position


def _lost_routes(scenario: Scenario, terrain: Terrain) -> list[Lost]:
    """Routes that leave a terrain whose holes are errors, and those that go under the ground or the sea.

    What is looked at is the route as written; members beside it, and the bends that the load limits make, are not.
    """
    routes: list[tuple[Place, Sequence[Waypoint]]] = [((*p, "route"), group.route) for p, group in scenario.groups]
    routes += [((*p, "airway"), route) for p, route in scenario.airways]
    return [((*place, k), message) for place, route in routes for k, message in _faults(route, terrain)]


def _faults(route: Sequence[Waypoint], terrain: Terrain) -> Iterator[tuple[int, str]]:
    """Waypoints (from 0) of a route with what is wrong there, or on the leg that begins there."""
    points = [w.position for w in route]
    held = terrain.no_data == "error"
    lost = [held and not terrain.covers(*p) for p in points]
    deep = [w.above == "sea" and _depth_m(w, terrain) > DEPTH_M for w in route]
    under = {k for k in range(len(lost)) if deep[k] and not lost[k]}
    for k, w in enumerate(route):
        if lost[k]:
            yield k, no_ground(terrain, *points[k])
        elif k in under:
            yield k, _under(f"is {_depth_m(w, terrain):,.0f} m under the", _ground_m(terrain, *w.position))
    for k, (w, after) in enumerate(pairwise(route)):
        if lost[k] or lost[k + 1] or {k, k + 1} & under or not (held or w.above == after.above == "sea"):
            continue
        lat, lon, share = _leg(points[k], points[k + 1], terrain)
        if held and not (there := terrain.covers(lat, lon)).all():
            j = int(np.argmin(there))
            yield k, f"is followed by a leg without a height under it, first at {lat[j]:.4f}, {lon[j]:.4f}; fly around"
        elif w.above == after.above == "sea":
            ground = terrain.elevation(lat, lon)
            clear = w.altitude_m + share * (after.altitude_m - w.altitude_m) - ground
            j = int(np.argmin(clear))
            if clear[j] < -DEPTH_M:
                at = f"at {lat[j]:.4f}, {lon[j]:.4f}, on the way to waypoint {k + 2}"
                yield k, _under(f"is followed by a leg that goes {-clear[j]:,.0f} m under the", float(ground[j]), at)


def _under(how: str, ground_m: float, at: str = "") -> str:
    surface = "sea" if ground_m <= 0.0 else "ground"
    least = f"{max(ground_m, 0.0):,.0f} m there"
    return f"{how} {surface}{' ' + at if at else ''}: fly above {least}, or write a height above ground (AGL)"


def _depth_m(waypoint: Waypoint, terrain: Terrain) -> float:
    return _ground_m(terrain, *waypoint.position) - waypoint.altitude_m


def _ground_m(terrain: Terrain, lat: float, lon: float) -> float:
    return float(terrain.elevation(lat, lon))


def _leg(start: tuple[float, float], end: tuple[float, float], terrain: Terrain) -> tuple[Floats, Floats, Floats]:
    """Latitude and longitude [deg] along a geodesic, and the share of it flown."""
    rad = [math.radians(v) for v in (*start, *end)]
    azimuth, length = (float(v) for v in inverse(*rad))
    share = np.linspace(0.0, 1.0, max(2, math.ceil(length / max(LEG_STEP_M, terrain.cell_m)) + 1))
    lat, lon = destination(rad[0], rad[1], azimuth, share * length)
    return np.degrees(lat), np.degrees(lon), share
