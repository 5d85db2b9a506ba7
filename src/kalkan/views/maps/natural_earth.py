"""Coasts and borders of Natural Earth (public domain), as polylines.

The world at 1:50 m and, finer, the region of the examples at 1:10 m; made by docs/design/natural_earth.py. Borders
are drawn as Natural Earth draws them (de facto control); kalkan takes no side.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
    """All polylines that touch a box [deg]; the finer set where it holds the whole box.

    A box may go on beyond ±180°: lines from there count on as it does.
    """
    with np.load(DATA) as stored:
        box = stored["region_box"]
        inside = west >= box[0] and south >= box[1] and east <= box[2] and north <= box[3]
        points, first, is_border = _lines(stored, "region" if inside else "world")
    starts = first[:-1]
    lon, lat = points.T
    high = (np.maximum.reduceat(lat, starts) >= south) & (np.minimum.reduceat(lat, starts) <= north)
    most, least = np.maximum.reduceat(lon, starts), np.minimum.reduceat(lon, starts)
    found: tuple[list[NDArray[np.float64]], ...] = [], []
    for turn in (-360.0, 0.0, 360.0):
        touch = high & (most + turn >= west) & (least + turn <= east)
        for kind, lines in zip((~is_border, is_border), found, strict=True):
            lines += [points[first[i] : first[i + 1]] + np.array([turn, 0.0]) for i in np.flatnonzero(touch & kind)]
    return Lines(*map(tuple, found))


def _lines(stored: Mapping[str, NDArray[Any]], which: str) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Points of all lines behind each other [deg], where each line begins (and the last ends), and which are borders.

    Stored are the first point of each line and the steps from each point to the next, in whole units.
    """
    scale, offset = stored[f"{which}_transform"]
    lengths = stored[f"{which}_lengths"].astype(np.int64)
    first = np.concatenate([[0], np.cumsum(lengths + 1)])
    whole = np.empty((first[-1], 2), np.int64)
    begins = np.zeros(first[-1], bool)
    begins[first[:-1]] = True
    whole[begins], whole[~begins] = stored[f"{which}_starts"], stored[f"{which}_steps"]
    summed = whole.cumsum(axis=0)
    before = np.concatenate([[[0, 0]], summed[first[1:-1] - 1]])  # the sum ahead of each line
    points = (summed - np.repeat(before, lengths + 1, axis=0)) * scale + offset
    return points, first, stored[f"{which}_border"].astype(bool)
