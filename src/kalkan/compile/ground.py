"""The terrain of a scenario, and whether it holds everything that stands on it."""

from __future__ import annotations

from collections.abc import Iterator

from kalkan.compile.shared import Shared
from kalkan.earth.terrain import Terrain
from kalkan.errors import ProblemsError
from kalkan.scenario import Scenario
from kalkan.scenario.nouns.places import Place


def terrain_of(scenario: Scenario, shared: Shared | None = None) -> Terrain:
    """The scenario's terrain; of what is shared, a single raster is opened once as long as it does not change."""
    path, no_data = scenario.terrain_path, scenario.region.no_data
    if path is None:
        return Terrain.flat()
    if shared is None or not path.is_file() or path.suffix.lower() == ".vrt":  # made of other files
        return Terrain.open(path, no_data)
    about = path.stat()
    key = (path, no_data, about.st_mtime_ns, about.st_size)
    return shared.terrains.get(key, lambda: Terrain.open(path, no_data))


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
