"""Whether a terrain holds everything that stands on it."""

from __future__ import annotations

from collections.abc import Iterator

from kalkan.earth.terrain import Terrain
from kalkan.errors import ProblemsError
from kalkan.scenario import Scenario
from kalkan.scenario.places import Place


def require_sites(scenario: Scenario, terrain: Terrain) -> None:
    """Every system and fire unit stands where the terrain has a height; assets only if holes are errors.

    Otherwise an asset off the terrain is at sea.

    Raises
    ------
    ProblemsError
        All that do not, each with its line.
    """
    message = "is where the terrain has no height (off its edge, or a hole); move it, or use another terrain"
    lost = [place for place, (lat, lon) in _sites(scenario) if not terrain.covers(lat, lon)]
    if lost:
        raise ProblemsError([scenario.problem(place, message) for place in lost])


def _sites(scenario: Scenario) -> Iterator[tuple[Place, tuple[float, float]]]:
    for i, system in enumerate(scenario.systems):
        yield ("systems", i, "position"), system.position
        for k, position in enumerate(system.fire_unit_positions or ()):
            yield ("systems", i, "fire_unit_positions", k), position
    for i, asset in enumerate(scenario.assets if scenario.region.no_data == "error" else ()):
        yield ("assets", i, "position"), asset.position
