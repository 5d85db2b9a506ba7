"""What a laydown's radars see at a height above the ground, as a picture that is quick to redraw.

Coarser than the run's own horizon tables, so that it follows a site that is dragged: kalkan's own
simplification for this picture only. Detection of a given target is another matter; see the coverage maps.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kalkan.compile.layout import RadarSite, lay_out
from kalkan.earth.geodesy import enu, euler_radius
from kalkan.earth.horizon import HorizonTable, build, floor_height
from kalkan.earth.terrain import METRES_PER_DEGREE, Terrain
from kalkan.scenario import Scenario
from kalkan.views.ground import Box, mercator_grid, picture_size, png
from kalkan.views.scene import inputs_of, terrain_of

Floats = NDArray[np.float64]
N_AZIMUTHS, N_RANGES = 720, 500
PIXELS = 540
HIGHEST_GROUND_M = 2500.0  # how far sight can reach is bounded with targets this much higher


class Antenna(NamedTuple):
    """A radar as far as this picture is concerned; places in degrees."""

    lat_deg: float
    lon_deg: float
    height_m: float
    range_m: float


def antennas(radars: Sequence[RadarSite], ranges_m: Sequence[float]) -> list[Antenna]:
    """Antennas of a layout; one per mast where several stand at the same place and height."""
    found = [Antenna(r.site.lat_deg, r.site.lon_deg, r.height_m, m) for r, m in zip(radars, ranges_m, strict=True)]
    return list(dict.fromkeys(found))


def sight_of_scenario(scenario: Scenario, height_m: float) -> dict[str, Any]:
    """:func:`sight` of the radars that feed the pictures of one variant of a scenario."""
    inputs = inputs_of(scenario)
    radars = [r for r in lay_out(scenario, inputs).radars if r.feeds]
    ranges = [inputs.number(r.entry, "instrumented_range") for r in radars]
    path = scenario.terrain_path
    terrain = _opened(path, path.stat().st_mtime, scenario.region.no_data) if path else terrain_of(scenario)
    return sight(terrain, antennas(radars, ranges), height_m, scenario.region.refraction_k)


@lru_cache(maxsize=2)
def _opened(path: Path, _modified: float, no_data: str) -> Terrain:
    return Terrain.open(path, no_data)


def sight(terrain: Terrain, eyes: Sequence[Antenna], height_m: float, k: float) -> dict[str, Any]:
    """Where a target at a height above the ground is in sight of how many antennas.

    Parameters
    ----------
    terrain : Terrain
    eyes : sequence of Antenna
        At least one.
    height_m : float
        Of the target above the ground [m].
    k : float
        Effective-earth factor [1].

    Returns
    -------
    dict
        JSON-ready: ``height_m``, ``box`` [deg], ``png`` (data URI: clear, or blue where it is in sight, deeper
        for more antennas) and ``area_km2``, in sight of at least one.
    """
    reaches = [min(e.range_m, _reach_m(terrain, e, height_m, k)) for e in eyes]
    box = _box(eyes, reaches)
    lat, lon = mercator_grid(box, *picture_size(box, PIXELS))
    ground_m = terrain.elevation(lat[:, None], lon[None, :])
    count = np.zeros(ground_m.shape, np.int64)
    seen_from = {(e.lat_deg, e.lon_deg): _directions(e, lat, lon) for e in eyes}
    for eye, reach in zip(eyes, reaches, strict=True):
        directions = seen_from[eye.lat_deg, eye.lon_deg]
        count += _seen(_table(terrain, eye, _rounded(reach), k), eye, directions, ground_m + height_m)
    wide = (lon[1] - lon[0]) * METRES_PER_DEGREE * np.cos(np.radians(lat))
    high = -np.gradient(lat) * METRES_PER_DEGREE
    area = float(((count > 0).sum(axis=1) * wide * high).sum()) / 1e6
    picture = "data:image/png;base64," + base64.b64encode(png(paint(count, len(eyes)))).decode()
    return {"height_m": height_m, "box": list(box), "png": picture, "area_km2": round(area)}


class Directions(NamedTuple):
    """From one site to every pixel."""

    azimuth_rad: Floats
    ground_m: Floats  # along the ground
    across_m: Floats  # in the site's horizontal plane at sea level
    up_m: Floats  # above that plane, of sea level


def _directions(eye: Antenna, lat: Floats, lon: Floats) -> Directions:
    site = math.radians(eye.lat_deg), math.radians(eye.lon_deg)
    e, n, u = enu(*site, 0.0, np.radians(lat)[:, None], np.radians(lon)[None, :], np.zeros((1, 1)))
    azimuth = np.arctan2(e, n)
    across = np.hypot(e, n)
    radius = euler_radius(site[0], azimuth)
    return Directions(azimuth, radius * np.arctan2(across, radius + u), across, u)


def _seen(table: HorizonTable, eye: Antenna, to: Directions, height_m: Floats) -> NDArray[np.bool_]:
    floor = floor_height(table, to.azimuth_rad, to.ground_m)
    slant = np.hypot(to.across_m, to.up_m + height_m - table.antenna_msl_m)
    return np.asarray((height_m >= floor) & (slant <= eye.range_m))


def _reach_m(terrain: Terrain, eye: Antenna, height_m: float, k: float) -> float:
    """Beyond this nothing at that height is in sight, whatever the terrain [m]."""
    radius = k * 6_371_000.0
    high = 0.0 if terrain.is_flat else HIGHEST_GROUND_M
    antenna = terrain.site_elevation(eye.lat_deg, eye.lon_deg) + eye.height_m
    return math.sqrt(2.0 * radius * max(antenna, 0.0)) + math.sqrt(2.0 * radius * (height_m + high))


def _rounded(reach_m: float) -> float:
    return math.ceil(reach_m / 20_000.0) * 20_000.0


@lru_cache(maxsize=24)
def _table(terrain: Terrain, eye: Antenna, radius_m: float, k: float) -> HorizonTable:
    sizes = (4, 800) if terrain.is_flat else (N_AZIMUTHS, N_RANGES)
    return build(terrain, eye.lat_deg, eye.lon_deg, eye.height_m, radius_m, k, *sizes)


def _box(eyes: Sequence[Antenna], reaches: Sequence[float]) -> Box:
    up = [r / METRES_PER_DEGREE * 1.01 for r in reaches]
    across = [u / math.cos(math.radians(min(abs(e.lat_deg) + u, 85.0))) for e, u in zip(eyes, up, strict=True)]
    return Box(
        max(min(e.lon_deg - a for e, a in zip(eyes, across, strict=True)), -180.0),
        max(min(e.lat_deg - u for e, u in zip(eyes, up, strict=True)), -84.0),
        min(max(e.lon_deg + a for e, a in zip(eyes, across, strict=True)), 180.0),
        min(max(e.lat_deg + u for e, u in zip(eyes, up, strict=True)), 84.0),
    )


def paint(count: NDArray[Any], n: int) -> NDArray[np.uint8]:
    """Blue, deeper for more antennas, with a firm edge."""
    seen = count > 0
    padded = np.pad(seen, 1)
    inner = padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    alpha = np.where(seen, 36 + 60 * count / max(n, 1), 0)
    alpha = np.where(seen & ~inner, 150, alpha)
    colour = np.broadcast_to(np.array([38, 110, 214])[:, None, None], (3, *count.shape))
    return np.concatenate([colour, alpha[None]]).astype(np.uint8)
