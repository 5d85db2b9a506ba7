"""Lines that end at 180° and go on at −180°, as RFC 7946 (section 3.1.9) and KML's bounds of longitude ask for."""

from __future__ import annotations

import numpy as np

from kalkan.earth import areas
from kalkan.earth.meridians import unwrapped
from kalkan.engine.recording import Floats, Motion


def pieces(motion: Motion) -> list[tuple[Floats, Floats]]:
    """A motion as parts that do not cross the date line.

    Parameters
    ----------
    motion : Motion

    Returns
    -------
    list of (t_s, geodetic)
        Times [s], (n,), and latitude, longitude [degrees] and height [m], (n, 3). Where the motion crosses, one part
        ends and the next begins, at the time at which a straight line between its two points is there.
    """
    t_s, places = motion.t_s, motion.geodetic
    after = unwrapped(places[1:, 1], places[:-1, 1])  # of each point, seen from the one before
    crossed = np.flatnonzero(np.abs(after) > 180.0)
    parts, first = [], 0
    head: tuple[Floats, Floats] = np.empty(0), np.empty((0, 3))
    for i in crossed.tolist():
        side = float(np.copysign(180.0, after[i]))
        share = (side - places[i, 1]) / (after[i] - places[i, 1])
        at_s = t_s[i] + share * (t_s[i + 1] - t_s[i])
        edge = places[i] + share * (places[i + 1] - places[i])
        ends = [np.array([[edge[0], lon, edge[2]]]) for lon in (side, -side)]
        parts.append((np.r_[head[0], t_s[first : i + 1], at_s], np.vstack([head[1], places[first : i + 1], ends[0]])))
        head, first = (np.array([at_s]), ends[1]), i + 1
    parts.append((np.r_[head[0], t_s[first:]], np.vstack([head[1], places[first:]])))
    return parts


def by_piece(values: Floats, parts: list[tuple[Floats, Floats]], t_s: Floats) -> list[Floats]:
    """What belongs to the points of a motion, for the points of its parts: linear in time at their new ends."""
    return [np.interp(part, t_s, values) for part, _ in parts]


def lines(points: Floats) -> list[Floats]:
    """A line of longitudes and latitudes [degrees], (n, 2), as parts that do not cross the date line."""
    lon, lat = _onwards(points).T
    after = np.floor((lon + 180.0) / 360.0)
    parts: list[list[list[float]]] = [[[lon[0] - 360.0 * after[0], lat[0]]]]
    for i in range(1, lon.size):
        turn, step = after[i - 1], np.sign(after[i] - after[i - 1])
        if step:
            edge = 360.0 * turn + 180.0 * step
            at = lat[i - 1] + (edge - lon[i - 1]) / (lon[i] - lon[i - 1]) * (lat[i] - lat[i - 1])
            parts[-1].append([180.0 * step, at])
            parts.append([[-180.0 * step, at]])
        parts[-1].append([lon[i] - 360.0 * after[i], lat[i]])
    return [np.array(part) for part in parts]


def halves(corners: Floats) -> list[Floats]:
    """An area of longitudes and latitudes [degrees], (n, 2), as closed rings on one side of the date line each.

    Counterclockwise, as RFC 7946 (section 3.1.6) has outer rings.
    """
    return [polygon[0] for polygon in areas.parts([corners])]


def _onwards(points: Floats) -> Floats:
    """The same with longitudes that count on from point to point."""
    lon = np.degrees(np.unwrap(np.radians(points[:, 0])))
    return np.column_stack([lon, points[:, 1]])
