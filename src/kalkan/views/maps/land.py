"""Which cells of a map are land by Natural Earth's coasts, for terrain that has no heights to tell."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kalkan.earth.box import Box
from kalkan.views.maps.natural_earth import lines_within

_SIDE_CELLS = 1.6  # so far beside a stretch of coast one looks for its land and its sea
_WIDEST_DEG = 40.0
_ROWS = 400


def land(box: Box, rows: int, columns: int) -> NDArray[np.bool_]:
    """Land of a regular grid of latitudes and longitudes.

    Coasts part the grid into pieces; each is land or sea by the sides of the coasts along it. Natural Earth's rings
    have land on their right. Where there is no coast, a wider box is asked.

    Parameters
    ----------
    box : Box
    rows, columns : int
        Cells from north to south and from west to east.

    Returns
    -------
    bool array (rows, columns)
    """
    from scipy import ndimage

    coasts = lines_within(*box).coasts
    stretches = [_cells(line, box, rows, columns) for line in coasts]
    wall = _walls(stretches, rows, columns)
    if not wall.any():
        return np.full((rows, columns), _all_land(box))
    pieces, n = ndimage.label(~wall)
    votes = np.zeros(n + 1)
    for at in stretches:
        for side, vote in ((1.0, 1.0), (-1.0, -1.0)):
            row, column = _beside(at, side * _SIDE_CELLS)
            inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
            np.add.at(votes, pieces[row[inside], column[inside]], vote)
    votes[0] = 0.0
    told = (votes != 0.0)[pieces]
    if not told.any():
        return np.full((rows, columns), _all_land(box))
    nearest = ndimage.distance_transform_edt(~told, return_distances=False, return_indices=True)
    return np.asarray((votes > 0.0)[pieces[tuple(nearest)]])


def _all_land(box: Box) -> bool:
    """Whether the middle of a box without coasts is land."""
    lat, lon = box.middle
    half_lat, half_lon = box.north - box.south, box.east - box.west
    if half_lat > _WIDEST_DEG:
        return False
    wider = Box(lon - half_lon, max(lat - half_lat, -90.0), lon + half_lon, min(lat + half_lat, 90.0))
    return bool(land(wider, _ROWS, _ROWS)[_ROWS // 2, _ROWS // 2])


def _cells(line: NDArray[np.float64], box: Box, rows: int, columns: int) -> NDArray[np.float64]:
    """A polyline in cells, (n, 2): column and row."""
    x = (line[:, 0] - box.west) / (box.east - box.west) * columns
    y = (box.north - line[:, 1]) / (box.north - box.south) * rows
    return np.column_stack([x, y])


def _walls(stretches: list[NDArray[np.float64]], rows: int, columns: int) -> NDArray[np.bool_]:
    """Cells that a coast touches."""
    from rasterio.features import rasterize
    from rasterio.transform import Affine

    lines = [{"type": "LineString", "coordinates": at.tolist()} for at in stretches]
    if not lines:
        return np.zeros((rows, columns), bool)
    drawn = rasterize(lines, (rows, columns), transform=Affine.identity(), all_touched=True, dtype="uint8")
    return np.asarray(drawn > 0)


def _beside(at: NDArray[np.float64], cells: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of the cells beside the middles of a line's pieces: to its right, or left if negative."""
    step = np.diff(at, axis=0)
    length = np.hypot(*step.T)
    keep = length > 0.0
    middle, step, length = (at[:-1] + at[1:])[keep] / 2.0, step[keep], length[keep]
    column = middle[:, 0] - cells * step[:, 1] / length  # rows run down
    row = middle[:, 1] + cells * step[:, 0] / length
    return np.floor(row).astype(int), np.floor(column).astype(int)
