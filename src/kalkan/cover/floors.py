"""Floor maps: the lowest height at which a target is in sight, or detected, over every cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from kalkan.arrays import F8
from kalkan.cover.eyes import eye_of, watched
from kalkan.cover.laydown import Laydown
from kalkan.cover.looks import bands
from kalkan.scenario.nouns.fields import Altitude

SIGHT = 0.0  # key of the bands of mere line of sight, beside those of each probability of detection


class GroundCells(Protocol):
    """Cells of a map with the ground under them, whatever the map's plane."""

    @property
    def lat_deg(self) -> F8:
        """Latitudes [deg], shape (n, m)."""

    @property
    def lon_deg(self) -> F8:
        """Longitudes [deg], shape (n, m)."""

    @property
    def ground_m(self) -> F8:
        """Heights [m above sea level], shape (n, m)."""


@dataclass(frozen=True)
class Band:
    """Heights between which a target is seen over every cell of a grid.

    Attributes
    ----------
    floor_m, ceiling_m : ndarray, shape (n, n)
        [m above sea level]; inf and -inf where there is no such height. Above the ground.
    """

    floor_m: F8
    ceiling_m: F8

    def above_ground_m(self, grid: GroundCells) -> F8:
        """The floor as height above the ground [m]."""
        return np.asarray(self.floor_m - grid.ground_m)

    def holds(self, grid: GroundCells, height: Altitude) -> np.ndarray:
        """Whether a target at a height is in the band, cell by cell."""
        h = heights_msl_m(grid, height)
        return np.asarray((self.floor_m <= h) & (h <= self.ceiling_m) & (h >= grid.ground_m))


def heights_msl_m(grid: GroundCells, height: Altitude) -> F8:
    """A height above ground or sea as height above sea level [m] over every cell."""
    return grid.ground_m + height.metres if height.above == "ground" else np.full(grid.ground_m.shape, height.metres)


def radar_bands(
    laydown: Laydown, grid: GroundCells, r: int, probabilities: Sequence[float] | None = None
) -> dict[float, Band]:
    """Bands of one radar: mere sight under :data:`SIGHT`, and each of the laydown's probabilities, or of those given.

    The target's nose points at the radar. All directions count, also those of a radar with a sector that turns, which
    looks at one sector at a time (kalkan's own simplification); of one that cannot turn, its sector.
    """
    p_d = list(laydown.needed_db if probabilities is None else probabilities)
    needed = np.array([laydown.needed_db[p][r] for p in p_d], np.float64)
    lat, lon = (np.deg2rad(v.ravel()) for v in (grid.lat_deg, grid.lon_deg))
    found = bands(eye_of(laydown, r), lat, lon, float(laydown.target.rcs_dbsm[r, 0]), needed)
    found[:, :, ~watched(laydown, r, lat, lon)] = np.array([np.inf, -np.inf])[None, :, None]
    found = found.reshape(*found.shape[:2], *grid.lat_deg.shape)
    return {p: _on_ground(f, grid) for p, f in zip([SIGHT, *p_d], found, strict=True)}


def _on_ground(found: F8, grid: GroundCells) -> Band:
    """A floor is never lower than the ground; a ceiling under the ground is none."""
    floor, ceiling = np.maximum(found[0], grid.ground_m), found[1]
    nowhere = ~(floor <= ceiling)
    return Band(np.where(nowhere, np.inf, floor), np.where(nowhere, -np.inf, ceiling))


def lowest(all_bands: list[Band]) -> F8:
    """Floor of the whole laydown [m above sea level]: the lowest of its radars'."""
    return np.asarray(np.min([b.floor_m for b in all_bands], axis=0))


def overlap(all_bands: list[Band], grid: GroundCells, height: Altitude) -> np.ndarray:
    """How many radars see a target at a height, cell by cell; uint8, shape (n, n)."""
    return np.asarray(np.sum([b.holds(grid, height) for b in all_bands], axis=0, dtype=np.uint8))
