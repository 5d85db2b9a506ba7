"""The terrain of a scenario, and whether it holds everything that stands on it."""

from __future__ import annotations

from typing import Any

import numpy as np

from kalkan.arrays import F8
from kalkan.compile.layout import RadarSite
from kalkan.compile.shared import Shared
from kalkan.earth.terrain import Terrain
from kalkan.errors import ProblemsError
from kalkan.scenario import Scenario
from kalkan.scenario.checks.ground import Lost, lost_ground, lost_sites, open_terrain


def terrain_of(scenario: Scenario, shared: Shared | None = None) -> Terrain:
    """The scenario's terrain; of what is shared, a single raster is opened once as long as it does not change."""
    path, no_data = scenario.terrain_path, scenario.region.no_data
    if path is None:
        return Terrain.flat()
    if shared is None or not path.is_file() or path.suffix.lower() == ".vrt":  # made of other files
        return open_terrain(scenario)
    about = path.stat()
    key = (path, no_data, about.st_mtime_ns, about.st_size)
    return shared.terrains.get(key, lambda: open_terrain(scenario))


def require_sites(scenario: Scenario, terrain: Terrain) -> None:
    """Every system and fire unit stands where the terrain has a height.

    Raises
    ------
    ProblemsError
        All that do not, each with its line.
    """
    _refuse(scenario, lost_sites(scenario, terrain))


def require_ground(scenario: Scenario, terrain: Terrain) -> None:
    """Sites have ground under them, and routes are above it.

    Raises
    ------
    ProblemsError
        All that is not so, each with its line.
    """
    _refuse(scenario, lost_ground(scenario, terrain))


def _refuse(scenario: Scenario, lost: list[Lost]) -> None:
    if lost:
        raise ProblemsError([scenario.problem(place, message) for place, message in lost])


def told_of(
    scenario: Scenario, terrain: Terrain, radars: list[RadarSite], reach_m: F8, shared: Shared
) -> dict[str, Any]:
    """What a reader must know of the ground, as facts: how files were read, and where heights are missing.

    Parameters
    ----------
    scenario : Scenario
    terrain : Terrain
    radars : list of RadarSite
    reach_m : float64 (n_radar,)
        How far each looks, as far as anything is there to see [m].
    shared : Shared
        Where shares are kept that were found before.
    """
    if terrain.is_flat:
        return {}
    return {**terrain.told, "missing": _missing(terrain, radars, reach_m, shared), "at_sea": _at_sea(scenario, terrain)}


def _missing(terrain: Terrain, radars: list[RadarSite], reach_m: F8, shared: Shared) -> dict[str, Any] | None:
    """The radar's circle that lacks most heights: its share of the area, and where the first gap lies."""
    found = []
    for radar, radius_m in zip(radars, np.asarray(reach_m).tolist(), strict=True):
        share, distance_m, azimuth_deg = _gap(terrain, (radar.site.lat_deg, radar.site.lon_deg, radius_m), shared)
        where = {"radius_m": radius_m, "distance_m": distance_m, "azimuth_deg": azimuth_deg}
        found.append({"radar": radar.name, "share": share, **where})
    worst = max(found, key=lambda gap: gap["share"], default=None)
    return worst if worst and worst["share"] > 0.0 else None


def _gap(terrain: Terrain, circle: tuple[float, float, float], shared: Shared) -> tuple[float, float, float]:
    return shared.gaps.get((terrain.identity, circle), lambda: terrain.missing_share(*circle))


def _at_sea(scenario: Scenario, terrain: Terrain) -> list[str]:
    """Systems that lie where the terrain has no height."""
    places = {s.name: [s.position, *(s.fire_unit_positions or ())] for s in scenario.systems}
    return [name for name, each in places.items() if not all(terrain.covers(*p) for p in each)]
