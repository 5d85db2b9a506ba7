"""Coasts and borders of Natural Earth (public domain), as polylines.

The world at 1:50 m and, finer, the region of the examples at 1:10 m; made by docs/design/natural_earth.py. Borders
are drawn as Natural Earth draws them (de facto control); kalkan takes no side.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

DATA = Path(__file__).parent / "data" / "natural_earth.npz"


@dataclass(frozen=True)
class Lines:
    """Polylines of one kind.

    Attributes
    ----------
    coasts, borders : tuple of ndarray, each of shape (n_point, 2)
        Longitude and latitude [deg].
    """

    coasts: tuple[NDArray[np.float64], ...]
    borders: tuple[NDArray[np.float64], ...]


def lines_within(west: float, south: float, east: float, north: float) -> Lines:
    """All polylines that touch a box [deg]; the finer set where it holds the whole box."""
    box = _arrays()["region_box"]
    inside = west >= box[0] and south >= box[1] and east <= box[2] and north <= box[3]
    coasts: list[NDArray[np.float64]] = []
    borders: list[NDArray[np.float64]] = []
    for points, is_border in _lines("region" if inside else "world"):
        lon, lat = points.T
        if lon.max() >= west and lon.min() <= east and lat.max() >= south and lat.min() <= north:
            (borders if is_border else coasts).append(points)
    return Lines(tuple(coasts), tuple(borders))


@lru_cache(maxsize=1)
def _arrays() -> dict[str, NDArray[Any]]:
    with np.load(DATA) as stored:
        return dict(stored)


@lru_cache(maxsize=2)
def _lines(which: str) -> list[tuple[NDArray[np.float64], bool]]:
    arrays = {name: _arrays()[f"{which}_{name}"] for name in ("transform", "starts", "steps", "lengths", "border")}
    scale, offset = arrays["transform"]
    ends = np.cumsum(arrays["lengths"])
    found = []
    for start, end, n, border in zip(arrays["starts"], ends, arrays["lengths"], arrays["border"], strict=True):
        steps = np.vstack([start, arrays["steps"][end - n : end]]).astype(np.int64)
        found.append((steps.cumsum(axis=0) * scale + offset, bool(border)))
    return found
