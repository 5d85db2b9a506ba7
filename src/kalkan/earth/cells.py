"""Stored numbers → heights in metres: holes that no tag marks, impossible heights, and beds of seas."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kalkan.earth.elevation import Measured

HIGHEST_M = 9_000.0  # Everest 8849 m
LOWEST_M = -11_100.0  # Challenger Deep -10 935 m
LOWEST_LAND_M = -450.0  # shore of the Dead Sea -439 m: what lies deeper is the bed of a sea
VOIDS = (-32768.0, -32767.0, 32767.0, -9999.0)  # stored where nothing was measured
VOIDS_OF_INT16 = (-32768.0, 32767.0)  # its ends
VOIDS_IF_IMPOSSIBLE = (9999.0, 32768.0, 65535.0, 99999.0, -99999.0, 999999.0, -999999.0, -2147483648.0, 2147483647.0)
HUGE = 1e30  # and whatever is farther from 0, such as -3.4e38 of a float
SURVEYED_CELLS = 4_200_000  # of a larger raster only SPREAD x SPREAD blocks, evenly spread
SPREAD, BLOCK = 8, 256


class Survey(NamedTuple):
    """What a first look over a raster found.

    Attributes
    ----------
    lowest_m : float
        Lowest height [m]; 0 if there is none.
    voids : tuple of float
        Stored numbers that stand for holes, though no tag says so.
    n_heights : int
        Cells with a height.
    whole : bool
        Whether all cells were looked at.
    """

    lowest_m: float
    voids: tuple[float, ...]
    n_heights: int
    whole: bool

    @property
    def has_seabed(self) -> bool:
        """Whether heights are those of the ground under the sea."""
        return self.lowest_m < LOWEST_LAND_M


def heights_of(raw: Any, how: Measured) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Heights of stored numbers, and which of them are impossible.

    Holes without a tag are found by kalkan's own rule: numbers that makers of elevation models store where nothing
    was measured. With a scale, 32767 or -9999 may be heights, and count as holes only where the height is impossible.

    Parameters
    ----------
    raw : masked array
        As stored; masked where a tag says that there is none.
    how : Measured

    Returns
    -------
    heights_m : float32
        NaN in holes.
    impossible : bool
        Where no height on earth is meant, and no hole.
    """
    stored = np.ma.getdata(raw)
    with np.errstate(over="ignore", invalid="ignore"):
        heights = stored.astype(np.float32)
        if how != Measured(unit=how.unit) or how.unit_m != 1.0:
            heights = ((heights * how.scale + how.offset) * how.unit_m).astype(np.float32)
    if np.ma.is_masked(raw):
        heights[np.ma.getmaskarray(raw)] = np.nan
    for void in VOIDS if how.scale == 1.0 else VOIDS_OF_INT16 if stored.dtype == np.int16 else ():
        heights[stored == void] = np.nan
    impossible = (heights < LOWEST_M) | (heights > HIGHEST_M)
    if impossible.any():
        odd = stored[impossible].astype(np.float64)
        hole = ~np.isfinite(odd) | (np.abs(odd) >= HUGE) | np.isin(odd, (*VOIDS, *VOIDS_IF_IMPOSSIBLE))
        heights[impossible] = np.where(hole, np.nan, heights[impossible])
        impossible[impossible] = ~hole
    return heights, impossible


def blocks_of(height: int, width: int) -> Iterator[tuple[int, int, int, int]]:
    """Row, column, rows and columns of the blocks that a survey looks at."""
    if height * width <= SURVEYED_CELLS:
        yield 0, 0, height, width
        return
    for i in range(SPREAD):
        for j in range(SPREAD):
            row, column = (int((k + 0.5) * side / SPREAD) for k, side in ((i, height), (j, width)))
            top, left = max(row - BLOCK // 2, 0), max(column - BLOCK // 2, 0)
            yield top, left, min(BLOCK, height - top), min(BLOCK, width - left)


def survey(read: Callable[[int, int, int, int], Any], height: int, width: int, how: Measured) -> Survey:
    """A first look over a raster.

    Parameters
    ----------
    read : callable
        Stored numbers, masked, of row, column, rows and columns.
    height, width : int
        Of the raster [cells].
    how : Measured
    """
    lowest, n, voids = 0.0, 0, set[float]()
    for block in blocks_of(height, width):
        raw = read(*block)
        heights, _ = heights_of(raw, how)
        there = np.isfinite(heights)
        n += int(there.sum())
        lowest = min(lowest, float(heights[there].min())) if there.any() else lowest
        if not there.all():
            untagged = np.ma.getdata(raw)[~there & ~np.ma.getmaskarray(raw)]
            voids |= set(np.unique(untagged[np.isfinite(untagged)])[:9].tolist())
    return Survey(lowest, tuple(sorted(voids)), n, height * width <= SURVEYED_CELLS)


def averaged(heights_m: NDArray[np.float32], group: int) -> NDArray[np.float32]:
    """Means of square groups of cells, holes left aside; the last groups may be short.

    Parameters
    ----------
    heights_m : float32 (n_row, n_column)
        NaN in holes.
    group : int
        Rows and columns of a group.

    Returns
    -------
    float32 (ceil(n_row / group), ceil(n_column / group))
        NaN where a group has holes only.
    """
    short = [-side % group for side in heights_m.shape]
    if any(short):
        heights_m = np.pad(heights_m, [(0, n) for n in short], constant_values=np.nan)
    there = ~np.isnan(heights_m)
    if there.all():
        return np.asarray(_summed(heights_m, group) / group**2, np.float32)
    n = _summed(there.astype(np.float32), group)
    return np.asarray(_summed(np.where(there, heights_m, np.float32(0.0)), group) / np.where(n, n, np.nan), np.float32)


def _summed(values: NDArray[np.float32], group: int) -> NDArray[np.float64]:
    """Sums of square groups: rows first, which lie together in memory."""
    down = values.reshape(-1, group, values.shape[1]).sum(axis=1)
    return np.asarray(sum(down[:, j::group] for j in range(1, group)) + down[:, 0::group].astype(np.float64))
