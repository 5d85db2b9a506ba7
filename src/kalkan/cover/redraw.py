"""Coverage at one height, quick enough to follow a site that is dragged.

The figures, stance, weather, clutter and looks are those of the whole study (:mod:`kalkan.cover.coverage`); what is
coarser is horizon tables and pixels, and tracks come from fewer directions: kalkan's own simplification for this
picture only. What each radar sees and each fire unit reaches is kept by its content, so that only what has moved is
computed again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from kalkan.arrays import F8
from kalkan.catalogue.kinds import BALLISTIC
from kalkan.compile.ground import terrain_of
from kalkan.compile.layout import Layout, RadarSite, UnitSite
from kalkan.compile.radars import Antenna
from kalkan.compile.shared import Shared
from kalkan.compile.weather import RadarAir
from kalkan.cover.content import content
from kalkan.cover.eyes import eye_of, shooter_of, stays
from kalkan.cover.floors import SIGHT, radar_bands
from kalkan.cover.footprint import Footprint, footprint, launched
from kalkan.cover.lattice import Tile, box_around, ground_of, joined, step_for, tile_of
from kalkan.cover.laydown import FARTHEST_M, Laydown, lay_down, unit_range_m
from kalkan.cover.loss import LOSSLESS, LossTable, loss_of
from kalkan.cover.reach import Reach, reach
from kalkan.earth.box import Box
from kalkan.earth.frames import Frame
from kalkan.earth.geodesy import enu
from kalkan.earth.horizon import HorizonTable, build
from kalkan.earth.meridians import together
from kalkan.earth.refraction import effective_radius_m
from kalkan.earth.terrain import Terrain, TerrainError
from kalkan.kept import Kept
from kalkan.scenario import Scenario, Weather
from kalkan.scenario.nouns.fields import Altitude

REACH = "reach"
SHOWN: dict[str, float | None] = {"sight": SIGHT, "p_d 0.5": 0.5, "p_d 0.9": 0.9, REACH: None}
FALLING = Altitude(60e3, "sea")  # whatever falls is looked for as far away as that
PIXELS = 420  # along the longer side, or a little less
SKETCH = 130  # the same, of the look that finds how far it goes
N_AZIMUTHS, N_RANGES = 720, 500  # of horizon tables over terrain
DIRECTIONS = 120  # of tracks


@dataclass(frozen=True)
class Picture:
    """How many radars see a target, or fire units reach it, pixel by pixel.

    Attributes
    ----------
    tile : Tile
    count : ndarray of uint8, shape (height, width)
    names : list of str
        Radars that feed a picture, or fire units.
    km2 : list of float
        Area that each sees or reaches [km²].
    together_km2 : float
        Area that at least one does.
    """

    tile: Tile
    count: np.ndarray
    names: list[str]
    km2: list[float]
    together_km2: float


class Redraw:
    """Pictures of coverage, one after the other; what each radar sees and each fire unit reaches is kept.

    Attributes
    ----------
    shared : Shared
        What is kept besides of terrain and figures.
    """

    def __init__(self) -> None:
        self.shared = Shared()
        self._horizons: Kept[HorizonTable] = Kept(64)
        self._highest: Kept[float] = Kept(64)
        self._losses: Kept[LossTable] = Kept(64)
        self._masks: Kept[np.ndarray] = Kept(128)
        self._reaches: Kept[Reach] = Kept(128)
        self._footprints: Kept[Footprint] = Kept(16)

    def picture(
        self, scenario: Scenario, shows: str, target: str, height: Altitude, pixels: int = PIXELS
    ) -> Picture:
        """Sight, detection or reach of one variant of a scenario.

        Parameters
        ----------
        scenario : Scenario
            Checked.
        shows : str
            One of :data:`SHOWN`.
        target : str
            Air vehicle of the catalogue.
        height : Altitude
            Of the target, above ground or sea; of what falls it says nothing about where it can be met.
        pixels : int
            Along the longer side of the picture at most.

        Raises
        ------
        ProblemsError, TerrainError
            Sites are off the terrain; heights are missing where they must not.
        """
        terrain = terrain_of(scenario, self.shared)
        if scenario.catalogue.entry(target).kind == BALLISTIC and shows == REACH:
            height = FALLING
        laydown = lay_down(
            scenario, scenario.catalogue, target, terrain=terrain, part=_engaging if shows == REACH else _searching,
            farthest_m=self._farthest(terrain, height, scenario.region.farthest_k), horizons=self._horizon,
            losses=_no_loss if shows == "sight" else self._loss, shared=self.shared,
        )  # fmt: skip
        one = self._reached if shows == REACH else self._seen
        made = self._footprint(laydown) if shows == REACH and laydown.ballistic.on else None
        wide_m = 0.0 if made is None else made.grid.half_m
        boxes = [box_around(*c) for c in _circles(laydown, SHOWN[shows], wide_m)]
        for size in (SKETCH, pixels):
            step = step_for(boxes, size)
            tiles = [tile_of(box, step) for box in boxes]
            masks = [one(laydown, i, tile, shows, height) for i, tile in enumerate(tiles)]
            boxes = [_extent(tile, mask, box) for tile, mask, box in zip(tiles, masks, boxes, strict=True)]
        names = [u.name for u in laydown.layout.units] if shows == REACH else laydown.radar_names
        return _together(tiles, masks, names)

    def _horizon(self, terrain: Terrain, antenna: Antenna) -> HorizonTable:
        lat, lon, height_m, radius_m, k, n_az, n_rng, clutter, layers = antenna
        if n_az * n_rng > N_AZIMUTHS * N_RANGES:
            n_az, n_rng = N_AZIMUTHS, N_RANGES
        arguments = (lat, lon, height_m, radius_m, k, n_az, n_rng, clutter, layers)
        return self._horizons.get((terrain.identity, arguments), lambda: build(terrain, *arguments))

    def _loss(self, air: RadarAir, weather: Weather, antenna_m: float, range_max_m: float) -> LossTable:
        """As the whole study's; kept for radars that stay where they are."""
        key = content(weather, air, antenna_m, range_max_m)
        return self._losses.get(key, lambda: loss_of(air, weather, antenna_m, range_max_m))

    def _farthest(self, terrain: Terrain, height: Altitude, k: float) -> Callable[[Frame], float]:
        """How far away [m] a target at a height may be in sight at all, by the highest ground around an antenna."""
        radius = effective_radius_m(k)

        def bound(antenna: Frame) -> float:
            up = antenna.axes[2]
            place = math.degrees(math.asin(up[2])), math.degrees(math.atan2(up[1], up[0]))
            top = height.metres + (self._highest_ground_m(terrain, *place) if height.above == "ground" else 0.0)
            far = math.sqrt(2.0 * radius * max(antenna.altitude_m, 0.0)) + math.sqrt(2.0 * radius * top)
            return min(far, FARTHEST_M)

        return bound

    def _highest_ground_m(self, terrain: Terrain, lat_deg: float, lon_deg: float) -> float:
        """Highest cell [m] within all ranges of a site and half a degree more; inf where the terrain does not tell."""
        place = round(lat_deg), round(lon_deg)

        def find() -> float:
            try:
                return max(float(terrain.window(*place, FARTHEST_M + 80e3, 4_000_000).values.max()), 0.0)
            except TerrainError:
                return math.inf

        return 0.0 if terrain.is_flat else self._highest.get((terrain.identity, place), find)

    def _seen(self, laydown: Laydown, r: int, tile: Tile, shows: str, height: Altitude) -> np.ndarray:
        """Where radar `r` sees, or detects, a target."""
        p_d = SHOWN[shows] or SIGHT
        needed = () if p_d == SIGHT else (p_d, float(laydown.needed_db[p_d][r]), float(laydown.target.rcs_dbsm[r, 0]))

        def look() -> np.ndarray:
            ground = ground_of(tile, laydown.terrain)
            return radar_bands(laydown, ground, r, [p_d] if p_d else [])[p_d].holds(ground, height)

        key = content(laydown.terrain.identity, eye_of(laydown, r), stays(laydown, r), tile, needed, height)
        return self._masks.get(key, look)

    def _reached(self, laydown: Laydown, u: int, tile: Tile, shows: str, height: Altitude) -> np.ndarray:
        """Where a target that flies straight at fire unit `u` can be met first, or nearer.

        Of one that falls, the aims that it can defend: :mod:`kalkan.cover.footprint`.
        """
        if laydown.ballistic.on:
            return self._defended(laydown, u, tile)
        r, target = int(laydown.units["radar"][u]), laydown.target
        key = content(
            laydown.terrain.identity, eye_of(laydown, r), stays(laydown, r), shooter_of(laydown, u), height,
            target.speed_m_s, target.rcs_dbsm[r], float(laydown.needed_db[0.5][r]),
        )  # fmt: skip
        first = self._reaches.get(key, lambda: reach(laydown, u, height, n_azimuth=DIRECTIONS))
        return self._masks.get((key, tile), lambda: _within(first, laydown, u, tile))

    def _defended(self, laydown: Laydown, u: int, tile: Tile) -> np.ndarray:
        """Aims at which fire unit `u` can meet a ballistic missile; nowhere, if no raid says where it is launched."""
        made = self._footprint(laydown)
        if made is None:
            return np.zeros((tile.height, tile.width), bool)
        grid = made.grid
        x, y = grid.to_plane(*np.meshgrid(tile.rows_deg, tile.columns_deg, indexing="ij"))
        row = np.floor((grid.half_m - y) / grid.cell_m).astype(np.int64)
        column = np.floor((grid.half_m + x) / grid.cell_m).astype(np.int64)
        on_it = (row >= 0) & (row < grid.n) & (column >= 0) & (column < grid.n)
        return on_it & (made.shots[u][row.clip(0, grid.n - 1), column.clip(0, grid.n - 1)] > 0)

    def _footprint(self, laydown: Laydown) -> Footprint | None:
        """Of the first raid of the missile that is looked at."""
        raid = launched(laydown)
        if raid is None:
            return None
        units = range(len(laydown.layout.units))
        each = [(shooter_of(laydown, u), eye_of(laydown, int(laydown.units["radar"][u]))) for u in units]
        key = content(laydown.terrain.identity, each, raid.name, repr(raid), laydown.target.rcs_dbsm)
        return self._footprints.get(key, lambda: footprint(laydown, raid))


def _extent(tile: Tile, mask: np.ndarray, box: Box) -> Box:
    """Of what is seen, within the box that was looked at."""
    west, south, east, north = tile.box_of(mask)
    return Box(max(west, box.west), max(south, box.south), min(east, box.east), min(north, box.north))


def _searching(layout: Layout) -> Layout:
    """The radars that feed a picture."""
    return Layout(layout.posts, [r for r in layout.radars if r.feeds], [])


def _engaging(layout: Layout) -> Layout:
    """The fire units that carry something, each with its radar."""
    units = [u for u in layout.units if any(u.loads.values())]
    radars = [layout.radars[u.radar] for u in units]
    return Layout(layout.posts, radars, [replace(u, radar=i) for i, u in enumerate(units)])


def _no_loss(*_: object) -> LossTable:
    """Weather does not matter to mere sight."""
    return LOSSLESS


def _circles(laydown: Laydown, p_d: float | None, wide_m: float = 0.0) -> list[tuple[float, float, float]]:
    """Latitude, longitude [deg] and radius [m], at least `wide_m`, of all that a radar sees or a fire unit reaches."""
    if p_d is None:
        reach_m = [max(unit_range_m(laydown, i), wide_m) for i in range(len(laydown.layout.units))]
        return _around(laydown.layout.units, reach_m)
    far = np.minimum(laydown.radars["range_max_m"], laydown.radars["horizon_radius_m"])
    if p_d:
        gain_db = -np.array([float(np.min(loss.loss_db)) for loss in laydown.losses])
        far = np.minimum(far, laydown.nominal_range_m(min(laydown.needed_db)) * 10.0 ** (gain_db / 40.0))
    return _around(laydown.layout.radars, far.tolist())


def _around(stands: Sequence[RadarSite | UnitSite], radius_m: Sequence[float]) -> list[tuple[float, float, float]]:
    lon = together([s.site.lon_deg for s in stands]).tolist()
    return [(s.site.lat_deg, x, float(d)) for s, x, d in zip(stands, lon, radius_m, strict=True)]


def _within(first: Reach, laydown: Laydown, u: int, tile: Tile) -> np.ndarray:
    """Pixels within the outline of the first meeting: straight between two directions that have one."""
    site = laydown.layout.units[u].site
    place = math.radians(site.lat_deg), math.radians(site.lon_deg)
    rows, columns = np.radians(tile.rows_deg)[:, None], np.radians(tile.columns_deg)[None, :]
    e, n, up = enu(*place, 0.0, rows, columns, np.zeros((1, 1)))
    curved = effective_radius_m(1.0)
    away_m = curved * np.arctan2(np.hypot(e, n), curved + up)
    return np.asarray(away_m <= _outline_m(first.range_m[:, 0], np.arctan2(e, n)))


def _outline_m(range_m: F8, azimuth_rad: F8) -> F8:
    """Range of the outline [m] in any direction; 0 where there is no meeting."""
    size = range_m.size
    at = (azimuth_rad / (2.0 * math.pi)) % 1.0 * size
    left = at.astype(np.int64) % size
    share = at - np.floor(at)
    a, b = range_m[left], range_m[(left + 1) % size]
    nearest = np.where(share < 0.5, a, b)
    between = a + share * (b - a)
    return np.nan_to_num(np.where(np.isnan(between), nearest, between))


def _together(tiles: list[Tile], masks: list[np.ndarray], names: list[str]) -> Picture:
    whole = joined(tiles)
    count = np.zeros((whole.height, whole.width), np.uint8)
    for tile, mask in zip(tiles, masks, strict=True):
        part = tile.part(count, whole)
        part += mask
    km2 = [float(mask.sum(axis=1) @ tile.pixel_km2()) for tile, mask in zip(tiles, masks, strict=True)]
    return Picture(whole, count, names, km2, float((count > 0).sum(axis=1) @ whole.pixel_km2()))


__all__ = ["REACH", "SHOWN", "Picture", "Redraw"]
