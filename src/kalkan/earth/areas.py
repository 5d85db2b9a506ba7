"""Areas on both sides of 180°: polygons that end there and go on beyond (RFC 7946, section 3.1.9)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kalkan.arrays import F8
from kalkan.earth.meridians import unwrapped


def parts(rings: Sequence[F8]) -> list[list[F8]]:
    """An area as polygons that are each on one side of the date line.

    Parameters
    ----------
    rings : sequence of ndarray, shape (n, 2)
        Longitude and latitude [deg] of the outer ring, then of the holes; closed or not, wound either way. Two points
        that follow each other are less than 180° apart. A ring that runs round the earth holds the nearer pole.

    Returns
    -------
    list of list of ndarray
        Of each polygon the outer ring, then its holes: closed, within ±180°, outer rings counterclockwise and holes
        clockwise.
    """
    polygon = [_wound(_onwards(r), 1.0 if i == 0 else -1.0) for i, r in enumerate(rings) if len(r) > 2]
    if not polygon:
        return []
    lon = polygon[0][:, 0]
    found = []
    for i in range(1, len(polygon)):  # a hole is counted from where its area is
        polygon[i][:, 0] -= 360.0 * np.round((polygon[i][0, 0] - lon.mean()) / 360.0)
    for turn in range(int(np.floor((lon.min() + 180.0) / 360.0)), int(np.ceil((lon.max() + 180.0) / 360.0))):
        west = 360.0 * turn - 180.0
        eastern = _beyond(polygon, west, 1.0)
        kept = [k for p in eastern for k in _beyond(p, west + 360.0, -1.0)]
        found += [[np.vstack([r, r[:1]]) - [360.0 * turn, 0.0] for r in p] for p in kept]
    return found


def _onwards(ring: F8) -> F8:
    """An open ring with longitudes that count on from point to point, over the pole if it runs round the earth."""
    n = len(ring) - int(ring[0, 1] == ring[-1, 1] and unwrapped(ring[0, 0], ring[-1, 0]) == ring[-1, 0])
    lon, lat = np.degrees(np.unwrap(np.radians(np.append(ring[:n, 0], ring[0, 0])))), ring[:n, 1]
    turns = lon[-1] - lon[0]
    if abs(turns) < 180.0:
        return np.column_stack([lon[:n], lat])
    first = int(np.argmax(unwrapped(lon[:n], 0.0) * turns)) + 1  # the next point is beyond 180°
    way = float(np.sign(turns))
    turned = np.roll(np.column_stack([unwrapped(lon[:n], 0.0), lat]), -first, axis=0)
    seam = _at(turned[-1], turned[0] + [360.0 * way, 0.0], 180.0 * way)[1]
    pole = float(np.copysign(90.0, lat.mean()))
    ends = [[-180.0 * way, seam], [180.0 * way, seam], [180.0 * way, pole], [-180.0 * way, pole]]
    return np.vstack([ends[0], turned, *ends[1:]])


def _wound(ring: F8, way: float) -> F8:
    x, y = (ring - ring[0]).T
    return ring if way * np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y) >= 0.0 else ring[::-1]


def _beyond(polygon: list[F8], edge: float, side: float) -> list[list[F8]]:
    """The part of a polygon east (1) or west (-1) of a meridian, as polygons.

    What is left of its rings is joined along the meridian: from where a ring leaves, the area's own edge runs on with
    the area to its left, to the next place where a ring comes in.
    """
    whole, pieces = [], []
    for ring in polygon:
        inside = side * (ring[:, 0] - edge) >= 0.0
        if inside.all():
            whole.append(ring)
        elif inside.any():
            pieces += _pieces(ring, inside, edge)
    outer = _joined(pieces, side) + [r for r in whole if r is polygon[0]]
    holes = [r for r in whole if r is not polygon[0]]
    return [[o, *(h for h in holes if len(outer) == 1 or _holds(o, h[0]))] for o in outer]


def _pieces(ring: F8, inside: np.ndarray, edge: float) -> list[F8]:
    """The parts of a ring that are inside, each from the meridian to the meridian."""
    first = int(np.flatnonzero(inside & ~np.roll(inside, 1))[0])
    ring, inside = np.roll(ring, -first, axis=0), np.roll(inside, -first)
    found = []
    for i in np.flatnonzero(inside & ~np.roll(inside, 1)).tolist():
        end = i + int(np.argmin(np.append(inside[i:], False)))
        ends = [_at(ring[a], ring[b % len(ring)], edge) for a, b in ((i - 1, i), (end - 1, end))]
        found.append(np.vstack([ends[0], ring[i:end], ends[1]]))
    return found


def _at(a: F8, b: F8, edge: float) -> F8:
    """Where a line between two points meets a meridian."""
    return np.array([edge, a[1] + (edge - a[0]) / (b[0] - a[0]) * (b[1] - a[1])])


def _joined(pieces: list[F8], side: float) -> list[F8]:
    """Pieces as rings."""
    free, after = set(range(len(pieces))), {}
    for leaving in sorted(free, key=lambda k: side * pieces[k][-1, 1]):
        at = side * pieces[leaving][-1, 1]
        away = {k: at - side * pieces[k][0, 1] for k in free}
        nearest = min(free, key=lambda k: (away[k] < 0.0, abs(away[k])))
        after[leaving] = nearest
        free.remove(nearest)
    rings = []
    while after:
        chain = [next(iter(after))]
        while (further := after.pop(chain[-1])) != chain[0]:
            chain.append(further)
        rings.append(np.vstack([pieces[k] for k in chain]))
    return rings


def _holds(ring: F8, point: F8) -> bool:
    """Whether a point is within a ring (crossings of a ray to the east)."""
    (x0, y0), (x1, y1) = ring.T, np.roll(ring, -1, axis=0).T
    spans = (y0 > point[1]) != (y1 > point[1])
    x = x0[spans] + (point[1] - y0[spans]) / (y1[spans] - y0[spans]) * (x1[spans] - x0[spans])
    return bool(np.count_nonzero(x > point[0]) % 2)
