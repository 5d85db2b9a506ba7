"""Longitudes that are neighbours have neighbouring numbers: unwrapped, they count on across 180°.

Positions at the door and in files lie within ±180°. Maps, mosaics and middles are made of unwrapped longitudes, so
that a scene across the date line is a scene as anywhere else.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def unwrapped(lon_deg: ArrayLike, about_deg: Any) -> NDArray[np.float64]:
    """Longitudes [deg] within half a turn of a meridian [deg]; those that are stay what they are, to the last bit."""
    lon = np.asarray(lon_deg, dtype=np.float64)
    return np.asarray(lon - 360.0 * np.round((lon - about_deg) / 360.0))


def span(lon_deg: ArrayLike) -> tuple[float, float]:
    """West and east end [deg] of the shortest arc that holds all longitudes.

    Parameters
    ----------
    lon_deg : array_like
        Within ±180°, at least one.

    Returns
    -------
    west, east : float
        East is not below west, and beyond 180° where the arc lies across that meridian. Of two arcs of one length,
        the one that does not.
    """
    lon = np.unique(np.asarray(lon_deg, dtype=np.float64))
    gaps = np.diff(lon, append=lon[0] + 360.0)
    widest = len(lon) - 1 if gaps[-1] >= gaps.max() - 1e-9 else int(np.argmax(gaps))
    west, east = float(lon[(widest + 1) % len(lon)]), float(lon[widest])
    return west, east if east >= west else east + 360.0


def middle(lon_deg: ArrayLike) -> float:
    """Middle [deg] of the shortest arc that holds all longitudes, 180 and more where that lies beyond."""
    west, east = span(lon_deg)
    return 0.5 * (west + east)


def together(lon_deg: ArrayLike) -> NDArray[np.float64]:
    """All longitudes [deg], unwrapped about their middle."""
    return unwrapped(lon_deg, middle(lon_deg))
