"""The ground under an interactive map: shaded relief as a picture, coasts and borders as lines."""

from __future__ import annotations

import base64
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kalkan.earth.box import Box
from kalkan.earth.meridians import span
from kalkan.earth.terrain import Terrain
from kalkan.views.maps.land import land
from kalkan.views.maps.natural_earth import lines_within

Floats = NDArray[np.float64]
LARGEST_PX = 1100
_TONE = 0.80  # of low land
LATITUDE_LIMIT_DEG = 84.0  # Web Mercator ends a little beyond


def box_around(lat_deg: Floats, lon_deg: Floats, margin: float = 0.6, least_deg: float = 0.5) -> Box:
    """A box that holds all places, and on each side `margin` of their spread, but at least `least_deg`.

    Its longitudes count on beyond ±180° where that lies within.
    """
    south, north = float(lat_deg.min()), float(lat_deg.max())
    west, east = span(lon_deg)
    spread = max(north - south, (east - west) * math.cos(math.radians((south + north) / 2)), least_deg)
    up = margin * spread
    across = min(up / max(math.cos(math.radians((south + north) / 2)), 0.1), 180.0 - 0.5 * (east - west))
    south, north = max(south - up, -LATITUDE_LIMIT_DEG), min(north + up, LATITUDE_LIMIT_DEG)
    return Box(west - across, south, east + across, north)


def ground(terrain: Terrain, box: Box) -> dict[str, Any]:
    """What a map needs of the ground within a box.

    Returns
    -------
    dict
        JSON-ready: ``box`` [deg], ``relief`` (a PNG as data URI), ``coasts`` and
        ``borders`` (lists of [longitude, latitude, longitude, …] in degrees).
    """
    lines = lines_within(*box)
    return {
        "box": list(box),
        "relief": _data_uri(flat_png(box) if terrain.is_flat else relief_png(terrain, box)),
        "coasts": [part for line in lines.coasts for part in _clipped(line, box)],
        "borders": [part for line in lines.borders for part in _clipped(line, box)],
    }


def mercator_grid(box: Box, width: int, height: int) -> tuple[Floats, Floats]:
    """Latitude of the rows and longitude of the columns [deg] of a picture in Web Mercator."""
    y0, y1 = (math.asinh(math.tan(math.radians(v))) for v in (box.north, box.south))
    y = y0 + (np.arange(height) + 0.5) / height * (y1 - y0)
    lon = box.west + (np.arange(width) + 0.5) / width * (box.east - box.west)
    return np.degrees(np.arctan(np.sinh(y))), lon


def picture_size(box: Box, largest_px: int) -> tuple[int, int]:
    """Width and height [pixels] of a picture in Web Mercator."""
    y0, y1 = (math.asinh(math.tan(math.radians(v))) for v in (box.south, box.north))
    aspect = math.radians(box.east - box.west) / (y1 - y0)
    width, height = (largest_px, largest_px / aspect) if aspect > 1.0 else (largest_px * aspect, largest_px)
    return max(2, round(width)), max(2, round(height))


def relief_png(terrain: Terrain, box: Box, largest_px: int = LARGEST_PX) -> bytes:
    """Shaded relief lit from the north-west, in Web Mercator: grey, and clear where there is sea.

    kalkan's own simplification: light on slopes (Horn 1981, doi:10.1109/PROC.1981.11918), the land's own
    tone rising with its height; heights are stretched so that a 1 km grid still shows its ridges. Where the terrain
    ends the land goes on without heights.
    """
    width, height = picture_size(box, largest_px)
    lat, lon = mercator_grid(box, width, height)
    ground_m = terrain.elevation(lat[:, None], lon[None, :])
    metres = 111_320.0 * np.cos(np.radians(lat)) * (box.east - box.west) / width
    down, across = np.gradient(ground_m)
    stretch = float(np.clip(metres.mean() / 130.0, 1.5, 7.0))
    slope_e, slope_s = stretch * across / metres[:, None], stretch * down / metres[:, None]
    light = (1.0 + 0.5 * slope_e + 0.5 * slope_s) / np.sqrt(1.5 * (1.0 + slope_e**2 + slope_s**2))
    tone = _TONE - 0.10 * np.clip(ground_m / 2500.0, 0.0, 1.0)
    grey = np.clip(255.0 * (tone + 0.55 * (light - 0.8165)), 20.0, 255.0)
    return png(np.stack([grey, np.where(_is_land(terrain, box, lat, lon, ground_m), 255, 0)]).astype(np.uint8))


def _is_land(terrain: Terrain, box: Box, lat: Floats, lon: Floats, ground_m: Floats) -> NDArray[np.bool_]:
    """Where ground rises above the sea; by Natural Earth's coasts where it lies below it, or the terrain ends."""
    above = ground_m > 0.0
    if above.all():
        return above
    untold = (ground_m < 0.0) | ~terrain.covers(lat[:, None], lon[None, :])
    return np.asarray(np.where(untold, _land_of_rows(box, lat, lon.size), above) if untold.any() else above)


def _land_of_rows(box: Box, lat: Floats, columns: int) -> NDArray[np.bool_]:
    """Land by Natural Earth's coasts, in rows at latitudes [deg]."""
    found = land(box, lat.size, columns)
    rows = np.clip(((box.north - lat) / (box.north - box.south) * lat.size).astype(int), 0, lat.size - 1)
    return np.asarray(found[rows])


def flat_png(box: Box, largest_px: int = LARGEST_PX) -> bytes:
    """Land of one tone, by Natural Earth's coasts, in Web Mercator: for terrain without heights."""
    width, height = picture_size(box, largest_px)
    lat, _ = mercator_grid(box, width, height)
    grey = np.full((height, width), round(255.0 * _TONE))
    return png(np.stack([grey, np.where(_land_of_rows(box, lat, width), 255, 0)]).astype(np.uint8))


def png(bands: NDArray[np.uint8]) -> bytes:
    """A PNG file of 1 to 4 bands (n, height, width): grey, grey and alpha, RGB or RGBA."""
    import warnings

    import rasterio
    from rasterio.io import MemoryFile

    n, height, width = bands.shape
    with warnings.catch_warnings(), MemoryFile() as file:
        warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
        with file.open(driver="PNG", width=width, height=height, count=n, dtype="uint8", ZLEVEL=6) as out:
            out.write(bands)
        return bytes(file.read())


def _data_uri(data: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(data).decode()


def _clipped(line: Floats, box: Box) -> list[list[float]]:
    """Parts of a polyline within a box, one point beyond its edges included."""
    lon, lat = line.T
    inside = (lon >= box.west) & (lon <= box.east) & (lat >= box.south) & (lat <= box.north)
    near = inside.copy()
    near[1:] |= inside[:-1]
    near[:-1] |= inside[1:]
    edges = np.flatnonzero(np.diff(np.r_[False, near, False].astype(np.int8)))
    return [np.round(line[a:b], 4).ravel().tolist() for a, b in edges.reshape(-1, 2) if b - a > 1]
