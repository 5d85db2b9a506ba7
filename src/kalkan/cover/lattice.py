"""A fixed lattice of Web Mercator pixels: tiles of it around radars, kept while other radars move.

The lattice does not move with what it shows. What a radar sees stays valid pixel by pixel when another
one is dragged, and tiles are put together without resampling.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from kalkan.arrays import F8
from kalkan.cover.grid import ground_under
from kalkan.earth.box import Box
from kalkan.earth.terrain import METRES_PER_DEGREE, Terrain

LIMIT_DEG = 84.0  # Web Mercator ends a little beyond
FINER = 2.0 ** (-1.0 / 4.0)  # pixel sizes come in these steps


@dataclass(frozen=True)
class Tile:
    """A rectangle of the lattice.

    Attributes
    ----------
    step : float
        Side of a pixel as a share of the earth's circumference [1].
    top, left : int
        Row and column of its north-western pixel, counted from 180° W and the Mercator square's north.
    height, width : int
        [pixels]. A tile across 180° E goes on beyond the last column of the lattice, or begins before the first.
    """

    step: float
    top: int
    left: int
    height: int
    width: int

    @property
    def rows_deg(self) -> F8:
        """Latitude of the rows' middles [deg], the northern one first."""
        return np.array([_latitude(v) for v in (self.top + 0.5 + np.arange(self.height)) * self.step])

    @property
    def columns_deg(self) -> F8:
        """Longitude of the columns' middles [deg]."""
        return np.asarray((self.left + 0.5 + np.arange(self.width)) * self.step * 360.0 - 180.0)

    @property
    def box(self) -> Box:
        """West, south, east, north edges [deg]."""
        west, east = (v * self.step * 360.0 - 180.0 for v in (self.left, self.left + self.width))
        north, south = (_latitude(v * self.step) for v in (self.top, self.top + self.height))
        return Box(west, south, east, north)

    def pixel_km2(self) -> F8:
        """Area of a pixel of each row [km²], shape (height,)."""
        edges = np.array([_latitude((self.top + i) * self.step) for i in range(self.height + 1)])
        high = -np.diff(edges) * METRES_PER_DEGREE
        return np.asarray(high * self.step * 360.0 * METRES_PER_DEGREE * np.cos(np.radians(self.rows_deg)) / 1e6)

    def box_of(self, mask: np.ndarray) -> Box:
        """West, south, east, north edges [deg] of what is set in an array of this tile, and a pixel around it."""
        rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
        if not rows.size:
            return self.box
        top, left = (max(int(i[0]) - 1, 0) for i in (rows, columns))
        bottom, right = (min(int(i[-1]) + 2, n) for i, n in zip((rows, columns), mask.shape, strict=True))
        return Tile(self.step, self.top + top, self.left + left, bottom - top, right - left).box

    def part(self, whole: np.ndarray, of: Tile) -> np.ndarray:
        """What of an array of a larger tile lies here."""
        top, left = self.top - of.top, self.left - of.left
        return whole[top : top + self.height, left : left + self.width]


@dataclass(frozen=True)
class Ground:
    """A tile's cells with the ground under them: what floors are computed over."""

    lat_deg: F8
    lon_deg: F8
    ground_m: F8


def ground_of(tile: Tile, terrain: Terrain) -> Ground:
    """Positions [deg] and heights [m] of a tile's pixels, shape (height, width) each."""
    lat, lon = (np.ascontiguousarray(v) for v in np.meshgrid(tile.rows_deg, tile.columns_deg, indexing="ij"))
    return Ground(lat, lon, ground_under(terrain, lat, lon))


def tile_of(box: Box, step: float) -> Tile:
    """The smallest tile that holds a box [deg]."""
    west, south, east, north = box
    left, right = math.floor(_x(west) / step), math.ceil(_x(east) / step)
    top, bottom = math.floor(_y(north) / step), math.ceil(_y(south) / step)
    return Tile(step, top, left, bottom - top, right - left)


def box_around(lat_deg: float, lon_deg: float, radius_m: float) -> Box:
    """West, south, east, north [deg] of what holds a circle, between the Mercator square's north and south."""
    up = radius_m / METRES_PER_DEGREE * 1.01
    across = min(up / math.cos(math.radians(min(abs(lat_deg) + up, 85.0))), 180.0)
    south, north = max(lat_deg - up, -LIMIT_DEG), min(lat_deg + up, LIMIT_DEG)
    return Box(lon_deg - across, south, lon_deg + across, north)


def step_for(boxes: Iterable[Box], largest_px: int) -> float:
    """The smallest of the pixel sizes with which boxes [deg] are together at most that many pixels long."""
    west, south, east, north = zip(*boxes, strict=True)
    side = max(_x(max(east)) - _x(min(west)), _y(min(south)) - _y(max(north)))
    return float(FINER ** math.floor(math.log(side / largest_px) / math.log(FINER)))


def joined(tiles: Iterable[Tile]) -> Tile:
    """The smallest tile that holds tiles of one step."""
    every = list(tiles)
    top, left = min(t.top for t in every), min(t.left for t in every)
    bottom, right = max(t.top + t.height for t in every), max(t.left + t.width for t in every)
    return Tile(every[0].step, top, left, bottom - top, right - left)


def _x(lon_deg: float) -> float:
    return lon_deg / 360.0 + 0.5


def _y(lat_deg: float) -> float:
    return 0.5 - math.asinh(math.tan(math.radians(lat_deg))) / (2.0 * math.pi)


def _latitude(y: float) -> float:
    return math.degrees(math.atan(math.sinh(math.pi * (1.0 - 2.0 * y))))
