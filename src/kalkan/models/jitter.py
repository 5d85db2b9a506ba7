"""Jitter of a route: a whole path moved to one side, and how that tapers towards an aim.

The side is one horizontal direction along the whole path, so that every turn is flown as without jitter, in another
place: neither speed nor load change. kalkan's own simplification: on other legs than the one at which
the direction is at right angles, a part of the jitter is along the flight.

Where members converge on an aim, jitter tapers to nothing over the last part of the route: eased in, then
evenly in time. The path is flown as much more slowly there as the sideways speed of the largest jitter asks for.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kalkan.earth.geodesy import enu_basis

Floats = NDArray[np.float64]
LARGEST_JITTER_M = 30e3
LOAD_SHARE = 0.1
"""Of the horizontal load: what a jitter that tapers may take."""
_LOAD_MARGIN = 0.75  # a cubic between knots exceeds the second derivative of what it joins by up to a third
_SPEED_SHARE = 0.2  # of the speed: how fast a jitter may taper
_EASE = 0.25  # share of the taper in which it begins
_MEAN = 1.0 - _EASE / 2.0
_PIECES = 24


def finest_m(length_m: Floats, taper_m: float) -> float:
    """Spacing of samples [m] that a taper on legs of these lengths [m] needs."""
    return min(taper_m, float(length_m.sum()) / 2.0) / _PIECES


def direction_of(geod: Any, lat_deg: Floats, lon_deg: Floats, attack: int | None) -> Floats:
    """The direction of jitter, ECEF [1]: to the right of the leg into a waypoint (None: of the longest), at its end."""
    _, back, length = geod.inv(lon_deg[:-1], lat_deg[:-1], lon_deg[1:], lat_deg[1:])
    leg = int(np.argmax(length)) if attack is None else max(attack - 1, 0)
    heading = math.radians(float(back[leg]) + 180.0)
    east, north, _ = enu_basis(np.radians(lat_deg[leg + 1]), np.radians(lon_deg[leg + 1]))
    return np.asarray(math.cos(heading) * east - math.sin(heading) * north)


def largest_m(s_m: Floats, speed_m_s: Floats, taper_m: float, load_m_s2: float, wanted_m: float) -> float:
    """Largest jitter [m], up to the wanted one, that can taper within the limits.

    Parameters
    ----------
    s_m : float64[n]
        Distance along the path [m].
    speed_m_s : float64[m]
        Speeds of the legs [m/s].
    taper_m : float
        Length of its end over which jitter tapers [m], at most half of the path; 0: it does not.
    load_m_s2 : float
        Acceleration that it may take [m/s²].
    """
    wanted_m = min(wanted_m, LARGEST_JITTER_M)
    if taper_m == 0.0 or wanted_m == 0.0:
        return wanted_m
    length, fastest = _tapering_m(s_m, taper_m), float(speed_m_s.max())
    by_speed = _SPEED_SHARE * _MEAN * length * float(speed_m_s.min()) / fastest
    by_load = _LOAD_MARGIN * load_m_s2 * _MEAN * _EASE * (length / fastest) ** 2
    return min(wanted_m, by_speed, by_load)


def _tapering_m(s_m: Floats, taper_m: float) -> float:
    """Length of the end of a route over which jitter tapers [m]."""
    return min(taper_m, float(s_m[-1]) / 2.0)


def left(s_m: Floats, t_s: Floats, taper_m: float) -> tuple[Floats, Floats]:
    """Share of the jitter that is left at each time [1], and its rate [1/s]: eased in, then even until the end."""
    if taper_m == 0.0:
        return np.ones(len(t_s)), np.zeros(len(t_s))
    begin = float(np.interp(s_m[-1] - _tapering_m(s_m, taper_m), s_m, t_s))
    whole = t_s[-1] - begin
    ease, rate = _EASE * whole, 1.0 / (_MEAN * whole)
    since = np.maximum(t_s - begin, 0.0)
    eased = np.minimum(since, ease)
    gone = rate * (eased**2 / (2.0 * ease) + since - eased)
    share = 1.0 - gone
    share[-1] = 0.0
    return share, -rate * eased / ease


def sideways_m_s(s_m: Floats, fastest_m_s: float, taper_m: float, reach_m: float) -> Floats:
    """No more than so fast [m/s] does a tapering jitter of `reach_m` move a path, at each distance `s_m`."""
    if taper_m == 0.0:
        return np.zeros(len(s_m))
    length = _tapering_m(s_m, taper_m)
    return np.where(s_m >= s_m[-1] - length, reach_m * fastest_m_s / (_MEAN * length), 0.0)


def across(direction: Floats, basis: Floats, heading_rad: Floats) -> tuple[Floats, Floats, Floats]:
    """The direction of jitter at each place: east and north of it [1], and its share along the flight [1]."""
    east, north = basis[:, 0] @ direction, basis[:, 1] @ direction
    size = np.maximum(np.hypot(east, north), 1e-9)
    east, north = east / size, north / size
    return east, north, east * np.sin(heading_rad) + north * np.cos(heading_rad)
