"""Where a terrain has no heights: how much of a circle, and whether a hole can be water."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kalkan.earth.geodesy import destination

SHORE_M = 50.0  # ground higher than this all around a hole is no shore
OPEN_SEA_M = 200_000.0  # a hole that goes on so far is a sea
N_TURN, N_RING = 720, 400  # directions and ranges from which a share is estimated
N_COAST = 72  # directions in which a shore is looked for
NEAR_CELLS, WIDER = 20, 1.05  # steps of one cell first, then of a growing size
Covers = Callable[..., NDArray[np.bool_]]
Heights = Callable[..., NDArray[np.float64]]


def share_missing(covers: Covers, cell_m: float, circle: tuple[float, float, float]) -> tuple[float, float, float]:
    """Share [0..1] of a circle's area without heights, and where the first gap lies.

    Parameters
    ----------
    covers : callable
        Whether there is a height at latitudes and longitudes [deg].
    cell_m : float
        Size of a cell [m]; no range step is finer.
    circle : tuple of three float
        Latitude and longitude [deg], radius [m].

    Returns
    -------
    share, distance_m, azimuth_deg
        The last two are NaN without a gap.
    """
    lat_deg, lon_deg, radius_m = circle
    ring = np.linspace(0.0, radius_m, 2 + int(radius_m / max(cell_m, radius_m / N_RING)))
    turn = np.linspace(0.0, 2.0 * np.pi, N_TURN, endpoint=False)
    gap = ~covers(*_places(lat_deg, lon_deg, turn, ring))
    if not gap.any():
        return 0.0, math.nan, math.nan
    j, i = divmod(int(np.argmax(gap.T)), turn.size)
    weights = np.maximum(ring, ring[1] / 8.0)
    return float((gap * weights).sum() / (turn.size * weights.sum())), float(ring[j]), float(np.rad2deg(turn[i]))


def lowest_shore_m(heights: Heights, cell_m: float, lat_deg: float, lon_deg: float) -> float:
    """Lowest ground [m] that is met first on the way from a hole in any direction, within `OPEN_SEA_M`.

    Parameters
    ----------
    heights : callable
        Heights [m] at latitudes and longitudes [deg], NaN where there are none.
    cell_m : float
        Size of a cell [m].
    lat_deg, lon_deg : float
        In the hole [deg].

    Returns
    -------
    float
        0 where some directions meet none, NaN where none does.
    """
    n = math.ceil(math.log(max(OPEN_SEA_M / cell_m / NEAR_CELLS, 2.0)) / math.log(WIDER))
    ring = cell_m * np.concatenate([np.arange(1.0, NEAR_CELLS + 1.0), NEAR_CELLS * WIDER ** np.arange(1.0, n)])
    turn = np.linspace(0.0, 2.0 * np.pi, N_COAST, endpoint=False)
    found = heights(*_places(lat_deg, lon_deg, turn, ring))
    met = np.isfinite(found)
    if not met.any():
        return math.nan
    if not met.any(axis=1).all():
        return 0.0
    return float(found[np.arange(turn.size), met.argmax(axis=1)].min())


def _places(lat_deg: float, lon_deg: float, turn_rad: Any, ring_m: Any) -> tuple[Any, Any]:
    """Latitudes and longitudes [deg] around a place, shape (n_turn, n_ring)."""
    there = destination(np.deg2rad(lat_deg), np.deg2rad(lon_deg), turn_rad[:, None], ring_m)
    return np.rad2deg(there[0]), np.rad2deg(there[1])
