"""Where one is in a corridor: no farther than half its width from its middle line, as a post asks of a track."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from kalkan.earth.terrain import METRES_PER_DEGREE

F8 = NDArray[np.float64]
CELLS = 160  # of the grid along its longer side, at least
_ACROSS = 8  # cells across the corridor, if that takes more
MOST_CELLS = 600


def corridor(lat_deg: F8, lon_deg: F8, width_m: float) -> tuple[F8, F8, F8]:
    """How far within a corridor each cell of a grid around it lies.

    Parameters
    ----------
    lat_deg, lon_deg : float64 (n,)
        Of its middle line; longitudes may count on beyond ±180°.
    width_m : float
        Its width [m].

    Returns
    -------
    lat_deg, lon_deg : float64 (a,), (b,)
        Of the grid.
    margin_m : float64 (a, b)
        Half the width less the distance from the line, on a plane that is true at the line's middle [m].
    """
    stretch = math.cos(math.radians(0.5 * (lat_deg.min() + lat_deg.max())))
    x, y = lon_deg * METRES_PER_DEGREE * stretch, lat_deg * METRES_PER_DEGREE
    room = 0.55 * width_m
    longer = max(np.ptp(x), np.ptp(y)) + 2.0 * room
    step = longer / min(max(CELLS, math.ceil(_ACROSS * longer / width_m)), MOST_CELLS)
    across, up = (np.arange(v.min() - room, v.max() + room + step, step) for v in (x, y))
    away = np.full((up.size, across.size), np.inf)
    for k in range(x.size - 1):
        away = np.minimum(away, _away_m(across[None, :], up[:, None], (x[k], y[k]), (x[k + 1], y[k + 1])))
    return up / METRES_PER_DEGREE, across / METRES_PER_DEGREE / stretch, 0.5 * width_m - away


def _away_m(x: F8, y: F8, start: tuple[float, float], end: tuple[float, float]) -> F8:
    """Distance from a leg [m]."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    share = np.clip(((x - start[0]) * dx + (y - start[1]) * dy) / (dx * dx + dy * dy), 0.0, 1.0)
    return np.asarray(np.hypot(x - start[0] - share * dx, y - start[1] - share * dy))
