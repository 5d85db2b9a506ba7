"""The map's grid: an equal-area plane around the laydown, with the ground under it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from kalkan.arrays import F8
from kalkan.cover.laydown import FARTHEST_M
from kalkan.earth.geodesy import geodesic_m
from kalkan.earth.meridians import middle, unwrapped
from kalkan.earth.terrain import Terrain

CELLS = 640  # along each side


@dataclass(frozen=True)
class MapGrid:
    """Square cells on a Lambert azimuthal equal-area plane: areas are true, distances within 0.1 % at 450 km.

    Attributes
    ----------
    proj : str
        The plane, for PROJ.
    half_m : float
        From the centre to each edge [m].
    cell_m : float
        Size of a cell [m].
    lat_deg, lon_deg : ndarray, shape (n, n)
        Cell centres; row 0 is the northern one. Longitudes count on across 180°.
    ground_m : ndarray, shape (n, n)
        Height of the ground [m above sea level].
    covered : ndarray of bool, shape (n, n)
        Whether the terrain holds a height there.
    """

    proj: str
    half_m: float
    cell_m: float
    lat_deg: F8
    lon_deg: F8
    ground_m: F8
    covered: np.ndarray

    @property
    def n(self) -> int:
        """Cells along a side."""
        return int(self.lat_deg.shape[0])

    @property
    def cell_km2(self) -> float:
        """Area of a cell [km²]."""
        return self.cell_m**2 / 1e6

    def to_plane(self, lat_deg: F8, lon_deg: F8) -> tuple[F8, F8]:
        """East and north [m] on the plane of positions [deg]."""
        x, y = _transformer("EPSG:4326", self.proj).transform(np.asarray(lon_deg), np.asarray(lat_deg))
        return np.asarray(x), np.asarray(y)

    def to_degrees(self, x_m: F8, y_m: F8) -> tuple[F8, F8]:
        """Latitude and longitude [deg] of positions on the plane; longitudes are unwrapped about its middle."""
        there = _transformer(self.proj, "EPSG:4326")
        lon, lat = there.transform(np.asarray(x_m), np.asarray(y_m))
        return np.asarray(lat), unwrapped(lon, there.transform(0.0, 0.0)[0])


@lru_cache(maxsize=8)
def _transformer(source: str, target: str) -> Any:
    from pyproj import Transformer

    return Transformer.from_crs(source, target, always_xy=True)


def grid_around(sites: F8, reach_m: F8, terrain: Terrain, cells: int = CELLS) -> MapGrid:
    """A square that holds a circle around every site.

    Parameters
    ----------
    sites : ndarray, shape (n, 2)
        Latitude and longitude [deg].
    reach_m : ndarray, shape (n,)
        Radius of each circle [m]; none counts for more than `FARTHEST_M`.
    terrain : Terrain
    cells : int
        Cells along a side.
    """
    lat0 = float(0.5 * (sites[:, 0].min() + sites[:, 0].max()))
    lon0 = float(unwrapped(middle(sites[:, 1]), 0.0))
    away = geodesic_m(*np.deg2rad([lat0, lon0]), *np.deg2rad(sites.T))
    half_m = float(np.max(away + np.minimum(reach_m, FARTHEST_M))) * 1.04
    proj = f"+proj=laea +lat_0={lat0:.6f} +lon_0={lon0:.6f} +datum=WGS84 +units=m +no_defs"
    return square(proj, half_m, cells, terrain)


def square(proj: str, half_m: float, cells: int, terrain: Terrain) -> MapGrid:
    """The grid of one plane."""
    cell = 2.0 * half_m / cells
    x = -half_m + cell * (np.arange(cells) + 0.5)
    blank = MapGrid(proj, half_m, cell, np.empty((0, 0)), np.empty((0, 0)), np.empty((0, 0)), np.empty((0, 0), bool))
    lat, lon = blank.to_degrees(*np.meshgrid(x, -x))
    return MapGrid(proj, half_m, cell, lat, lon, ground_under(terrain, lat, lon), terrain.covers(lat, lon))


def ground_under(terrain: Terrain, lat: F8, lon: F8) -> F8:
    """Heights [m above sea level], and 0 where there are none: at the corners of a map, which nobody asks for."""
    if terrain.no_data == "sea":
        return terrain.elevation(lat, lon)
    covered, out = terrain.covers(lat, lon), np.zeros(lat.shape)
    out[covered] = terrain.elevation(lat[covered], lon[covered])
    return out
