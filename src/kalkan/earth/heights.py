"""The horizon of an antenna whose height is drawn: between two heights that are kept.

A study that draws an antenna's height a hundred times would otherwise march over the terrain a
hundred times. Along one direction the highest tangent so far is the maximum, over the ground passed,
of functions that fall linearly with the height of the antenna. It is convex in that height, so that the
straight line between two heights lies above it, by at most a quarter of their distance times the change
of slope, and by nothing where the same ridge stays the highest. Over the example's terrain, half-way between
two heights and beyond 50 km, the median error is 0, that of 99 in 100 rays below 0.5 mrad, the largest 2.2 mrad.
kalkan's own simplification, used for drawn heights only.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kalkan.earth.horizon import BARE, N_AZ, N_RNG, Clutter, HorizonTable, load_or_build
from kalkan.earth.refractivity import Layers
from kalkan.earth.terrain import Terrain
from kalkan.kept import Kept

NODE_M = 2.0  # heights that are kept are multiples of this
REMEMBERED = 32  # tables of these heights, 18 MB each, mapped from their files where there are any
CHUNK = 64  # azimuths worked on at once, so that they stay in the processor's cache


class Between(NamedTuple):
    """The horizon of an antenna between two heights.

    Attributes
    ----------
    below, above : HorizonTable
        Of the multiples of `NODE_M` around the height.
    share : float
        Of the way from `below` to `above`, 0 to 1.
    """

    below: HorizonTable
    above: HorizonTable
    share: float

    @property
    def n_az(self) -> int:
        """Number of azimuths."""
        return self.below.n_az

    @property
    def n_rng(self) -> int:
        """Number of range columns."""
        return self.below.n_rng

    @property
    def radius_m(self) -> float:
        """Range of the last column [m]."""
        return self.below.radius_m

    def write(self, out: NDArray[np.float32]) -> None:
        """Fill `out`, (n_az, n_rng), with the highest apparent elevation tangent so far."""
        share = np.float32(self.share)
        for first in range(0, self.n_az, CHUNK):
            rows = slice(first, first + CHUNK)
            part, low = out[rows], self.below.tan_max[rows]
            np.subtract(self.above.tan_max[rows], low, out=part)
            part *= share
            part += low


def at_height(
    terrain: Terrain,
    lat_deg: float,
    lon_deg: float,
    antenna_m_above_ground: float,
    radius_m: float,
    k: float,
    n_az: int = N_AZ,
    n_rng: int = N_RNG,
    clutter: Clutter = BARE,
    layers: Layers = (),
    *,
    kept: Kept[HorizonTable],
) -> Between:
    """Horizon of an antenna, linear between those of the two multiples of `NODE_M` around its height.

    Parameters and errors are those of :func:`kalkan.earth.horizon.load_or_build`, and `kept`: the horizons of
    these multiples that were made before; `REMEMBERED` of them are worth keeping.
    """
    lower = math.floor(antenna_m_above_ground / NODE_M) * NODE_M
    below, above = (
        _node(terrain, (lat_deg, lon_deg, h, radius_m, k, n_az, n_rng, clutter, layers), kept)
        for h in (lower, lower + NODE_M)
    )
    return Between(below, above, (antenna_m_above_ground - lower) / NODE_M)


def _node(
    terrain: Terrain, given: tuple[float, float, float, float, float, int, int, Clutter, Layers],
    kept: Kept[HorizonTable],
) -> HorizonTable:  # fmt: skip
    """The table of a height that is kept, from memory, from its file, or made now."""
    return kept.get((terrain.identity, *given), lambda: load_or_build(terrain, *given))
