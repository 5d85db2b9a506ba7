"""Where everything stands and flies: what a map needs, read from a compiled scenario.

Nothing here decides anything; positions come from the plan, heights from the terrain, and lines of
sight from the horizon tables that the simulation itself uses.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kalkan.earth.box import Box
from kalkan.earth.geodesy import ecef_to_geodetic
from kalkan.earth.terrain import METRES_PER_DEGREE, Grid, Terrain
from kalkan.kernels.plan import LOOK_SEARCH

if TYPE_CHECKING:
    from kalkan.compile import Compiled
    from kalkan.scenario import Scenario

F8 = NDArray[np.float64]
SIGHT_CELLS = 220  # cells of a line-of-sight grid along its longer side
RELIEF_CELLS = 260_000
MARGIN = 0.08  # room around everything, as a share of the map
LEAST_M = 30_000.0  # half width of the smallest map


class NamedPoint(NamedTuple):
    """A named point [degrees]."""

    name: str
    lat_deg: float
    lon_deg: float


class Route(NamedTuple):
    """The path of a raid.

    Attributes
    ----------
    name, type : str
    members : int
    lat_deg, lon_deg : float64 arrays
        Along the path.
    clearance_m : float
        Median height above the ground by the time spent there, as in every table [m].
    aim : str
        Asset that it is sent against, or ``""``.
    """

    name: str
    type: str
    members: int
    lat_deg: F8
    lon_deg: F8
    clearance_m: float
    aim: str


class Layer(NamedTuple):
    """Where something holds, on a grid of latitudes and longitudes.

    Attributes
    ----------
    label : str
    lat_deg, lon_deg : float64 arrays (n,), (m,)
    margin : float64 array (n, m)
        It holds where this is not negative; nan: nothing is known (beyond what was computed).
    """

    label: str
    lat_deg: F8
    lon_deg: F8
    margin: F8

    @property
    def share(self) -> float:
        """Share of the known cells where it holds."""
        return float((self.margin >= 0.0).sum() / max(1, (~np.isnan(self.margin)).sum()))


@dataclass(frozen=True)
class LaydownMap:
    """Sites, assets, routes, terrain and what is in sight, for one variant.

    Attributes
    ----------
    title : str
    assets, posts, units : tuple of NamedPoint
    reach_m : dict of str to float
        Greatest range of each interceptor by the claim used [m].
    routes : tuple of Route
    box : Box
    relief : Grid or None
        Heights; None over a flat sea.
    layers : list of Layer
        Drawn over the terrain, the first as an area, later ones as lines.
    """

    title: str
    assets: tuple[NamedPoint, ...]
    posts: tuple[NamedPoint, ...]
    units: tuple[NamedPoint, ...]
    reach_m: dict[str, float]
    routes: tuple[Route, ...]
    box: Box
    relief: Grid | None
    layers: list[Layer] = field(default_factory=list)



def laydown(scenario: Scenario, compiled: Compiled, box: Box | None = None) -> LaydownMap:
    """Everything that a map of one variant shows.

    Parameters
    ----------
    scenario : Scenario
        The variant.
    compiled : Compiled
        The same, compiled.
    box : Box, optional
        Edges; default: all sites, assets and routes with some room.
    """
    plan = compiled.plan
    assets, posts, units = _sites(scenario, compiled)
    routes = _routes(scenario, compiled)
    box = box or around(scenario, compiled)
    path = scenario.terrain_path
    relief = None if path is None else _relief(Terrain.open(path, scenario.region.no_data), box)
    reach = dict(zip(compiled.labels["interceptor"], plan.interceptors["range_max_m"].tolist(), strict=True))
    made = LaydownMap(scenario.label, assets, posts, units, reach, routes, box, relief)
    made.layers.extend(_sight(compiled, made, h) for h in _heights_m(routes))
    return made


def places_key(compiled: Compiled) -> tuple[object, ...]:
    """Equal for variants whose maps look the same: names, positions, heights of antennas, reach and paths."""
    plan = compiled.plan
    arrays = (
        plan.pictures["origin_m"], plan.radars["position_m"], plan.radars["range_max_m"],
        plan.interceptors["range_max_m"], plan.knots["position_m"], plan.threats["path"], plan.asset_m[0],
    )  # fmt: skip
    return (*(tuple(names) for names in compiled.labels.values()), *(np.ascontiguousarray(a).tobytes() for a in arrays))


def joint_box(boxes: list[Box]) -> Box:
    """One box around all."""
    west, south, east, north = zip(*boxes, strict=True)
    return Box(min(west), min(south), max(east), max(north))


def _places(names: list[str], ecef_m: F8) -> tuple[NamedPoint, ...]:
    lat, lon, _ = ecef_to_geodetic(ecef_m[:, 0], ecef_m[:, 1], ecef_m[:, 2])
    degrees = zip(names, np.degrees(lat).tolist(), np.degrees(lon).tolist(), strict=True)
    return tuple(NamedPoint(n, round(a, 6), round(o, 6)) for n, a, o in degrees)


def _routes(scenario: Scenario, compiled: Compiled) -> tuple[Route, ...]:
    plan, found = compiled.plan, []
    raids = sorted(scenario.raids, key=lambda r: r.name)
    heights = (compiled.attrs["raid_clearance_m"][raid.name] for raid in raids)
    for raid, (first, last), height in zip(raids, plan.paths[: len(raids)], heights, strict=True):
        lat, lon, _ = ecef_to_geodetic(*plan.knots[first:last]["position_m"].T)
        found.append(
            Route(raid.name, raid.type, raid.count, np.degrees(lat), np.degrees(lon), height, raid.aim or "")
        )
    return tuple(found)


def _sites(scenario: Scenario, compiled: Compiled) -> tuple[tuple[NamedPoint, ...], ...]:
    """Assets, posts and fire units."""
    plan = compiled.plan
    return (
        tuple(NamedPoint(a.name, *map(float, a.position)) for a in scenario.assets),
        _places(compiled.labels["post"], plan.pictures["origin_m"]),
        _places(compiled.labels["unit"], plan.radars["position_m"][plan.units["radar"]]),
    )


def around(scenario: Scenario, compiled: Compiled) -> Box:
    """A box around all sites, assets and routes with some room, neither a ribbon nor a tower."""
    places = [p for group in _sites(scenario, compiled) for p in group]
    routes = _routes(scenario, compiled)
    lat = np.concatenate([[p.lat_deg for p in places], *(r.lat_deg for r in routes)])
    lon = np.concatenate([[p.lon_deg for p in places], *(r.lon_deg for r in routes)])
    middle = (lat.min() + lat.max()) / 2.0, (lon.min() + lon.max()) / 2.0
    stretch = 1.0 / math.cos(math.radians(middle[0]))
    least = LEAST_M / METRES_PER_DEGREE
    half = max(float(np.ptp(lat)) * (0.5 + MARGIN), least), max(float(np.ptp(lon)) * (0.5 + MARGIN), least * stretch)
    tall = max(half[0], 0.55 * half[1] / stretch)
    wide = max(half[1], 0.75 * half[0] * stretch)
    return Box(*(float(v) for v in (middle[1] - wide, middle[0] - tall, middle[1] + wide, middle[0] + tall)))


def _relief(terrain: Terrain, box: Box) -> Grid:
    lat, lon = box.middle
    half_lat, half_lon = (box.north - box.south) / 2.0, (box.east - box.west) / 2.0 / box.stretch
    radius = METRES_PER_DEGREE * math.hypot(half_lat, half_lon)
    grid = terrain.window(lat, lon, radius, RELIEF_CELLS)
    lats = grid.lat0_deg + grid.dlat_deg * np.arange(grid.values.shape[0])
    lons = grid.lon0_deg + grid.dlon_deg * np.arange(grid.values.shape[1])
    rows = np.flatnonzero((lats >= box.south + grid.dlat_deg) & (lats <= box.north - grid.dlat_deg))
    cols = np.flatnonzero((lons >= box.west - grid.dlon_deg) & (lons <= box.east + grid.dlon_deg))
    cut = grid.values[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]
    return Grid(cut, float(lats[rows[0]]), float(lons[cols[0]]), grid.dlat_deg, grid.dlon_deg)


def _heights_m(routes: tuple[Route, ...]) -> list[float]:
    """The lowest and the highest flight of the raid above the ground, one digit each [m]."""
    heights = sorted(max(r.clearance_m, 10.0) for r in routes)
    rounded = [float(f"{h:.0e}") for h in (heights[0], heights[-1])]
    return rounded if rounded[1] > 2.0 * rounded[0] else rounded[:1]


def _sight(compiled: Compiled, made: LaydownMap, height_m: float) -> Layer:
    """Where some searching radar has line of sight to a height above the ground."""
    box = made.box
    n_lon = round(SIGHT_CELLS / max(1.0, box.height_to_width))
    lat = np.linspace(box.south, box.north, max(2, round(n_lon * box.height_to_width)))
    lon = np.linspace(box.west, box.east, n_lon)
    floor = lowest_in_sight_m(compiled, lat[:, None], lon[None, :])
    ground = _ground_m(made.relief, lat, lon)
    return Layer(f"{height_m:,.0f} m above the ground", lat, lon, ground + height_m - floor)


def _ground_m(relief: Grid | None, lat: F8, lon: F8) -> F8:
    if relief is None:
        return np.zeros((lat.size, lon.size))
    rows = np.clip(np.rint((lat - relief.lat0_deg) / relief.dlat_deg).astype(int), 0, relief.values.shape[0] - 1)
    cols = np.clip(np.rint((lon - relief.lon0_deg) / relief.dlon_deg).astype(int), 0, relief.values.shape[1] - 1)
    return np.asarray(relief.values[np.ix_(rows, cols)], float)


def lowest_in_sight_m(compiled: Compiled, lat_deg: Any, lon_deg: Any) -> F8:
    """Lowest height above sea level [m] to which any searching radar has line of sight.

    By the simulation's own horizon tables and within the instrumented range; nan where no table reaches,
    inf where one does but nothing is in range. Shapes broadcast.
    """
    from kalkan.earth.geodesy import inverse
    from kalkan.earth.horizon import HorizonTable, floor_height

    plan = compiled.plan
    lat, lon = np.broadcast_arrays(np.radians(lat_deg), np.radians(lon_deg))
    lowest = np.full(lat.shape, np.nan)
    for radar in plan.radars:
        if radar["picture"] < 0 and radar["role"] != LOOK_SEARCH:
            continue
        at = [float(v) for v in ecef_to_geodetic(*radar["position_m"])]
        azimuth, d = inverse(at[0], at[1], lat, lon)
        n_az, n_rng, first = (int(radar[f"horizon_{k}"]) for k in ("n_azimuth", "n_range", "first"))
        table = HorizonTable(
            plan.horizon[first : first + n_az * n_rng].reshape(n_az, n_rng), float(radar["horizon_radius_m"]),
            float(radar["antenna_m"]), math.degrees(at[0]), math.degrees(at[1]), plan.study.refraction_k,
        )  # fmt: skip
        floor = np.asarray(floor_height(table, azimuth, d))
        floor[(d > table.radius_m) & (d <= radar["range_max_m"])] = np.nan
        floor[d > radar["range_max_m"]] = np.inf
        lowest = np.fmin(lowest, floor)
    return lowest
