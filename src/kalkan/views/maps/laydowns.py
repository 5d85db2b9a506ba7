"""Where everything stands and flies: what a map needs, read from a compiled scenario.

Nothing here decides anything; positions come from the plan, heights from the terrain, and lines of
sight from the horizon tables that the simulation itself uses.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from kalkan.compile.ground import terrain_of
from kalkan.earth.box import Box
from kalkan.earth.geodesy import ecef_to_geodetic
from kalkan.earth.meridians import span, unwrapped
from kalkan.earth.terrain import METRES_PER_DEGREE, Grid, Terrain
from kalkan.kernels.plan import LOOK_SEARCH
from kalkan.scenario.outlines import Outline, zones_and_airways
from kalkan.views.maps.beside import stations

if TYPE_CHECKING:
    from kalkan.compile import Compiled
    from kalkan.scenario import Scenario

F8 = NDArray[np.float64]
SIGHT_CELLS = 220  # cells of a line-of-sight grid along its longer side
RELIEF_CELLS = 260_000
CUT_CELLS = 2  # a map may be so much larger than its relief, which is cut within the map's edges
MARGIN = 0.08  # room around everything, as a share of the map
LEAST_M = 30_000.0  # half width of the smallest map


class NamedPoint(NamedTuple):
    """A named point [degrees]; its longitude may count on beyond ±180°, as its map does."""

    name: str
    lat_deg: float
    lon_deg: float


class Route(NamedTuple):
    """The path of a raid or a flight.

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
    side : str
        Whose it is, a word of ``schema.SIDES``.
    """

    name: str
    type: str
    members: int
    lat_deg: F8
    lon_deg: F8
    clearance_m: float
    aim: str
    side: str


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
    others : tuple of NamedPoint
        External sources within the box; one that flies at the middle of its racetrack.
    jammers : tuple of NamedPoint
        Jammers within the box that nothing carries.
    reach_m : dict of str to float
        Greatest range of each interceptor, by its name, by the claim used [m].
    routes : tuple of Route
    outlines : tuple of Outline
        Zones and airways.
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
    others: tuple[NamedPoint, ...]
    jammers: tuple[NamedPoint, ...]
    reach_m: dict[str, float]
    routes: tuple[Route, ...]
    outlines: tuple[Outline, ...]
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
    assets, posts, units = (tuple(_beside(box, p) for p in group) for group in (assets, posts, units))
    routes = tuple(_beside(box, r) for r in routes)
    relief = None if scenario.terrain_path is None else _relief(terrain_of(scenario), box)
    entries = scenario.catalogue.entries
    names = [entries[i].name for i in compiled.labels["interceptor"]]
    reach = dict(zip(names, plan.interceptors["range_max_m"].tolist(), strict=True))
    others, jammers = (
        tuple(p for p in (_beside(box, p) for p in _others(scenario, role)) if _within(box, p))
        for role in ("source", "jammer")
    )
    zones = zones_and_airways(scenario)
    made = LaydownMap(scenario.label, assets, posts, units, others, jammers, reach, routes, zones, box, relief)
    made.layers.extend(_sight(compiled, made, h) for h in _heights_m(routes))
    return made


def _others(scenario: Scenario, *roles: str) -> tuple[NamedPoint, ...]:
    """External sources or jammers that are in one place, or around one."""
    return tuple(NamedPoint(s["name"], *s["position"]) for s in stations(scenario) if s["role"] in roles)


def _within(box: Box, point: NamedPoint) -> bool:
    return box.south < point.lat_deg < box.north and box.west < point.lon_deg < box.east


def places_key(scenario: Scenario, compiled: Compiled) -> tuple[object, ...]:
    """Equal for variants whose maps look the same: names, positions, heights of antennas, reach, paths and zones."""
    plan = compiled.plan
    arrays = (
        plan.pictures["origin_m"], plan.radars["position_m"], plan.radars["range_max_m"],
        plan.interceptors["range_max_m"], plan.knots["position_m"], plan.threats["path"], plan.asset_m[:1],
    )  # fmt: skip
    labels = (tuple(names) for names in compiled.labels.values())
    drawn = zones_and_airways(scenario), _others(scenario, "source"), _others(scenario, "jammer")
    return (*drawn, *labels, *(np.ascontiguousarray(a).tobytes() for a in arrays))


def joint_box(boxes: list[Box]) -> Box:
    """One box around all."""
    west, south, east, north = (np.array(edge) for edge in zip(*boxes, strict=True))
    turn = unwrapped((west + east) / 2.0, (west[0] + east[0]) / 2.0) - (west + east) / 2.0
    return Box(*(float(v) for v in ((west + turn).min(), south.min(), (east + turn).max(), north.max())))


_Drawn = TypeVar("_Drawn", NamedPoint, Route)


def _beside(box: Box, drawn: _Drawn) -> _Drawn:
    """The same within the longitudes of a map."""
    lon: Any = unwrapped(drawn.lon_deg, box.middle[1])
    return drawn._replace(lon_deg=lon[()])


def _places(names: list[str], ecef_m: F8) -> tuple[NamedPoint, ...]:
    lat, lon, _ = ecef_to_geodetic(ecef_m[:, 0], ecef_m[:, 1], ecef_m[:, 2])
    degrees = zip(names, np.degrees(lat).tolist(), np.degrees(lon).tolist(), strict=True)
    return tuple(NamedPoint(n, round(a, 6), round(o, 6)) for n, a, o in degrees)


def _routes(scenario: Scenario, compiled: Compiled) -> tuple[Route, ...]:
    plan, found = compiled.plan, []
    groups = [group for _, group in scenario.groups]
    heights = compiled.attrs["raid_clearance_m"] | compiled.attrs["flight_clearance_m"]
    for group, (first, last) in zip(groups, plan.paths[: len(groups)], strict=True):
        lat, lon, _ = ecef_to_geodetic(*plan.knots[first:last]["position_m"].T)
        where = np.degrees(lat), np.degrees(lon), heights[group.name]
        found.append(Route(group.name, group.type, group.count, *where, group.aim or "", group.side))
    return tuple(found)


def _sites(scenario: Scenario, compiled: Compiled) -> tuple[tuple[NamedPoint, ...], ...]:
    """Assets, posts and fire units."""
    plan, own = compiled.plan, compiled.plan.damage.n_posts
    return (
        tuple(NamedPoint(a.name, *map(float, a.position)) for a in scenario.assets),
        _places(compiled.labels["post"][:own], plan.pictures["origin_m"][:own]),
        _places(compiled.labels["unit"], plan.radars["position_m"][plan.units["radar"]]),
    )


def around(scenario: Scenario, compiled: Compiled) -> Box:
    """A box around all sites, assets and routes with some room, neither a ribbon nor a tower."""
    places = [p for group in _sites(scenario, compiled) for p in group]
    routes = _routes(scenario, compiled)
    lat = np.concatenate([[p.lat_deg for p in places], *(r.lat_deg for r in routes)])
    lon = np.concatenate([[p.lon_deg for p in places], *(r.lon_deg for r in routes)])
    west, east = span(lon)
    middle = (lat.min() + lat.max()) / 2.0, (west + east) / 2.0
    stretch = 1.0 / math.cos(math.radians(middle[0]))
    least = LEAST_M / METRES_PER_DEGREE
    half = max(float(np.ptp(lat)) * (0.5 + MARGIN), least), max((east - west) * (0.5 + MARGIN), least * stretch)
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
    if not (rows.size > 1 and cols.size > 1):  # the terrain ends before the box: sea
        return Grid(np.zeros((2, 2), np.float32), box.north, box.west, box.south - box.north, box.east - box.west)
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
    rows = np.rint((lat - relief.lat0_deg) / relief.dlat_deg).astype(int)
    cols = np.rint((lon - relief.lon0_deg) / relief.dlon_deg).astype(int)
    last_row, last_col = relief.values.shape[0] - 1, relief.values.shape[1] - 1
    held = np.ix_(np.clip(rows, 0, last_row), np.clip(cols, 0, last_col))
    off_row = (rows < -CUT_CELLS) | (rows > last_row + CUT_CELLS)  # there the terrain ends: sea
    off_col = (cols < -CUT_CELLS) | (cols > last_col + CUT_CELLS)
    return np.where(off_row[:, None] | off_col, 0.0, np.asarray(relief.values[held], float))


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
