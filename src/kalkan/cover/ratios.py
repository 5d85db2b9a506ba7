"""Nominal circle against true coverage, as areas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kalkan.arrays import F8
from kalkan.cover.eyes import eye_of
from kalkan.cover.floors import Band
from kalkan.cover.grid import MapGrid
from kalkan.cover.laydown import FARTHEST_M, Laydown
from kalkan.cover.looks import ground_ranges
from kalkan.scenario.nouns.fields import Altitude


@dataclass(frozen=True)
class Ratio:
    """One row of the headline.

    Attributes
    ----------
    name : str
        A radar, a fire unit, or the whole laydown.
    nominal_range_m : float
        Radius of the circle that is usually drawn [m]; NaN for the whole laydown.
    nominal_km2 : float
        Its area; for the whole laydown that of all circles together.
    true_km2 : tuple of float
        Area in which a target is really seen or reached, by height.
    """

    name: str
    nominal_range_m: float
    nominal_km2: float
    true_km2: tuple[float, ...]

    @property
    def share(self) -> tuple[float, ...]:
        """True area over nominal area, by height [1]."""
        return tuple(t / self.nominal_km2 if self.nominal_km2 > 0.0 else 0.0 for t in self.true_km2)


def radar_ratios(
    laydown: Laydown, grid: MapGrid, all_bands: Sequence[Band], heights: Sequence[Altitude]
) -> list[Ratio]:
    """Rows of all radars, then the whole laydown's.

    The nominal circle is the range in free space at which the target is detected with probability 0.5, within the
    instrumented range and the map; both areas are counted on the same grid.
    """
    nominal = np.minimum(laydown.nominal_range_m(), FARTHEST_M)
    circles = [_circle(laydown, grid, r, float(d)) for r, d in enumerate(nominal)]
    seen = [[b.holds(grid, h) for h in heights] for b in all_bands]
    rows = [
        Ratio(name, float(d), _km2(circle, grid), tuple(_km2(s, grid) for s in by_height))
        for name, d, circle, by_height in zip(laydown.radar_names, nominal, circles, seen, strict=True)
    ]
    together = tuple(_km2(np.any([s[i] for s in seen], axis=0), grid) for i in range(len(heights)))
    return [*rows, Ratio("all radars", float("nan"), _km2(np.any(circles, axis=0), grid), together)]


def _circle(laydown: Laydown, grid: MapGrid, r: int, radius_m: float) -> np.ndarray:
    lat, lon = (np.deg2rad(v.ravel()) for v in (grid.lat_deg, grid.lon_deg))
    d: F8 = ground_ranges(eye_of(laydown, r), lat, lon)
    return np.asarray(d <= radius_m).reshape(grid.lat_deg.shape)


def _km2(mask: np.ndarray, grid: MapGrid) -> float:
    return float(np.count_nonzero(mask)) * grid.cell_km2
