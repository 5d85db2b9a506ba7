"""Coverage for GIS: cloud-optimised GeoTIFF and GeoJSON.

Rasters keep the equal-area plane of the maps and say so; GeoJSON is in longitude and latitude (RFC 7946).
"""

from __future__ import annotations

import json
import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kalkan.cover.coverage import Coverage
from kalkan.cover.floors import SIGHT, lowest, overlap
from kalkan.cover.grid import MapGrid
from kalkan.earth.areas import parts
from kalkan.earth.meridians import unwrapped
from kalkan.files import write_whole
from kalkan.scenario.nouns.fields import Altitude
from kalkan.views.coverage.words import height_text

NOWHERE = -9999.0  # in floor rasters
FARTHEST_FLOOR_M = 1e5


def write_files(coverage: Coverage, folder: Path) -> list[Path]:
    """Write every raster and vector file; returns their paths."""
    paths = [_floors(coverage, folder / "floor.tif"), _overlaps(coverage, folder / "overlap.tif")]
    for i, name in enumerate(coverage.laydown.radar_names):
        paths.append(_radar_floors(coverage, i, folder / f"floor-{name.replace('/', '-').replace(' ', '-')}.tif"))
    if coverage.passes is not None:
        path = folder / "passes.tif"
        _raster(path, coverage.grid, [coverage.passes.astype(np.int16)], ["engagements by the time of passing"], -1)
        paths.append(path)
    return [*paths, _areas(coverage, folder / "coverage.geojson"), _sites(coverage, folder / "sites.geojson")]


def _floors(coverage: Coverage, path: Path) -> Path:
    values, names = [], []
    for p_d in (SIGHT, *coverage.laydown.needed_db):
        floor = coverage.floor_m(p_d)
        told = "line of sight" if p_d == SIGHT else f"p_d {p_d:g}"
        values += [floor - coverage.grid.ground_m, floor]
        names += [f"{told}: floor above ground [m]", f"{told}: floor above sea level [m]"]
    return _raster(path, coverage.grid, [_known(v) for v in values], names, NOWHERE)


def _radar_floors(coverage: Coverage, r: int, path: Path) -> Path:
    values, names = [], []
    for p_d, band in coverage.bands[r].items():
        told = "line of sight" if p_d == SIGHT else f"p_d {p_d:g}"
        values += [band.above_ground_m(coverage.grid), band.floor_m, band.ceiling_m]
        quantities = ("floor above ground", "floor above sea level", "ceiling above sea level")
        names += [f"{told}: {quantity} [m]" for quantity in quantities]
    return _raster(path, coverage.grid, [_known(v) for v in values], names, NOWHERE)


def _overlaps(coverage: Coverage, path: Path) -> Path:
    heights = coverage.question.heights
    values = [overlap(coverage.of(0.5), coverage.grid, h) for h in heights]
    return _raster(path, coverage.grid, values, [f"radars, p_d 0.5, {height_text(h)}" for h in heights], None)


def _known(values: Any) -> NDArray[np.float32]:
    return np.where(np.isfinite(values), np.round(values, 1), NOWHERE).astype(np.float32)


def _raster(path: Path, grid: MapGrid, bands: list[Any], names: list[str], no_data: float | None) -> Path:
    """One cloud-optimised GeoTIFF."""
    import rasterio
    from rasterio.io import MemoryFile
    from rasterio.shutil import copy
    from rasterio.transform import from_origin

    profile = {
        "driver": "GTiff", "width": grid.n, "height": grid.n, "count": len(bands), "dtype": bands[0].dtype.name,
        "crs": rasterio.crs.CRS.from_string(grid.proj), "nodata": no_data,
        "transform": from_origin(-grid.half_m, grid.half_m, grid.cell_m, grid.cell_m),
    }  # fmt: skip
    with MemoryFile() as memory:
        with memory.open(**profile) as data:
            for i, (band, name) in enumerate(zip(bands, names, strict=True), start=1):
                data.write(band, i)
                data.set_band_description(i, name)
        with memory.open() as data:
            copy(data, path, driver="COG", compress="DEFLATE", resampling="NEAREST")
    return path


def _areas(coverage: Coverage, path: Path) -> Path:
    """Areas in which the target is seen, detected or first intercepted, by height, as multipolygons."""
    features = []
    ways: list[tuple[str, float, Any]] = [("all radars", p, coverage.of(p)) for p in (SIGHT, 0.5, 0.9)]
    ways += [(n, 0.5, [b[0.5]]) for n, b in zip(coverage.laydown.radar_names, coverage.bands, strict=True)]
    for name, p_d, bands in ways:
        for height in coverage.question.heights:
            shapes = seen_area(coverage.grid, lowest(bands), height)
            features.append(_feature(name, "sight" if p_d == SIGHT else "detection", p_d, height, shapes))
    for unit, of_unit in enumerate(coverage.reaches):
        for one in of_unit:
            shapes = _reach_area(coverage, unit, one.azimuth_rad, one.range_m[:, 0])
            features.append(_feature(one.unit, "first intercept", None, one.height, shapes))
    return _write(path, features)


def _feature(name: str, kind: str, p_d: float | None, height: Altitude, shapes: list[Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {
            "name": name, "kind": kind, "p_d": p_d or None, "height_m": height.metres, "above": height.above,
        },
        "geometry": {"type": "MultiPolygon", "coordinates": shapes},
    }  # fmt: skip


def seen_area(grid: MapGrid, floor_m: Any, height: Altitude) -> list[list[list[list[float]]]]:
    """Polygons [deg] where a floor [m above sea level] is not above a height, by contouring."""
    from contourpy import FillType, contour_generator

    level = height.metres
    values = floor_m - grid.ground_m if height.above == "ground" else floor_m
    values = np.minimum(np.where(np.isfinite(values), values, FARTHEST_FLOOR_M), 3.0 * abs(level) + 30.0)
    axis = -grid.half_m + grid.cell_m * (np.arange(grid.n) + 0.5)
    maker = contour_generator(axis, axis[::-1], values, fill_type=FillType.OuterOffset)
    filled: Any = maker.filled(-1e9, level)
    polygons, offsets = filled
    out = []
    for points, ends in zip(polygons, offsets, strict=True):
        lat, lon = grid.to_degrees(*points.T)
        out += _polygons([np.column_stack([lon[a:b], lat[a:b]]) for a, b in pairwise(ends)])
    return out


def _polygons(rings: list[Any]) -> list[list[list[list[float]]]]:
    """An area of longitudes and latitudes [deg] as polygons that end at 180°, without those that have no area."""
    found = []
    for part in parts(rings):
        rounded = [_ring(ring[:, 0], ring[:, 1], outer=i == 0) for i, ring in enumerate(part)]
        if len(rounded[0]) >= 4:
            found.append([r for r in rounded if len(r) >= 4])
    return found


def _ring(lon: Any, lat: Any, outer: bool) -> list[list[float]]:
    """A closed ring; the outer one runs counter-clockwise, holes clockwise."""
    points = [[round(float(x), 5), round(float(y), 5)] for x, y in zip(lon, lat, strict=True)]
    if points[0] != points[-1]:
        points.append(points[0])
    area = sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(points))
    return points if (area > 0.0) == outer else points[::-1]


def _reach_area(coverage: Coverage, unit: int, azimuth_rad: Any, range_m: Any) -> list[list[list[list[float]]]]:
    from kalkan.earth.geodesy import destination

    if not np.isfinite(range_m).any():
        return []
    site = coverage.laydown.layout.units[unit].site
    lat, lon = destination(math.radians(site.lat_deg), math.radians(site.lon_deg), azimuth_rad, np.nan_to_num(range_m))
    lat, lon = np.rad2deg(lat), unwrapped(np.rad2deg(lon), site.lon_deg)
    return _polygons([np.column_stack([lon, lat])])


def _sites(coverage: Coverage, path: Path) -> Path:
    nominal = coverage.laydown.nominal_range_m()
    features = [
        {
            "type": "Feature",
            "properties": {
                "name": r.name, "radar": r.entry, "antenna_above_ground_m": r.height_m,
                "antenna_above_sea_m": round(float(coverage.laydown.radars["antenna_m"][i]), 1),
                "nominal_range_m": round(float(nominal[i])),
            },
            "geometry": {"type": "Point", "coordinates": [r.site.lon_deg, r.site.lat_deg]},
        }
        for i, r in enumerate(coverage.laydown.layout.radars)
    ]  # fmt: skip
    return _write(path, features)


def _write(path: Path, features: list[dict[str, Any]]) -> Path:
    write_whole(path, json.dumps({"type": "FeatureCollection", "features": features}))
    return path
