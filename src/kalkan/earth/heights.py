"""The horizon of an antenna whose height is drawn: between two heights that are kept.

A study that draws an antenna's height a hundred times would otherwise march over the terrain a
hundred times. Along one direction the highest tangent so far is the maximum, over the ground passed,
of functions that fall linearly with the height of the antenna. It is convex in that height, so that the
straight line between two heights lies above it, by at most a quarter of their distance times the change
of slope, and by nothing where the same ridge stays the highest. Over the example's terrain, half-way between
two heights and beyond 50 km, the median error is 0, that of 99 in 100 rays below 0.2 mrad, the largest 1 mrad.
kalkan's own simplification, used for drawn heights only.
"""

from __future__ import annotations

import math
from collections import OrderedDict

from kalkan.earth.horizon import BARE, N_AZ, N_RNG, Clutter, HorizonTable, load_or_build
from kalkan.earth.terrain import Terrain

NODE_M = 1.0  # heights that are kept are multiples of this
REMEMBERED = 16  # tables, 18 MB each
_recent: OrderedDict[tuple[object, ...], HorizonTable] = OrderedDict()


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
) -> HorizonTable:
    """Horizon of an antenna, linear between those of the two multiples of `NODE_M` around its height.

    Parameters and errors are those of :func:`kalkan.earth.horizon.load_or_build`.
    """
    key = (terrain.identity, lat_deg, lon_deg, antenna_m_above_ground, radius_m, k, n_az, n_rng, tuple(clutter))
    if key in _recent:
        _recent.move_to_end(key)
        return _recent[key]
    lower = math.floor(antenna_m_above_ground / NODE_M) * NODE_M
    share = (antenna_m_above_ground - lower) / NODE_M
    below, above = (
        load_or_build(terrain, lat_deg, lon_deg, h, radius_m, k, n_az, n_rng, clutter)
        for h in (lower, lower + NODE_M)
    )
    table = HorizonTable(
        below.tan_max + type(below.tan_max[0, 0])(share) * (above.tan_max - below.tan_max),
        below.radius_m,
        below.antenna_msl_m + share * NODE_M,
        lat_deg,
        lon_deg,
        k,
    )
    _recent[key] = table
    while len(_recent) > REMEMBERED:
        _recent.popitem(last=False)
    return table
