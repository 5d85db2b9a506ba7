"""Orbits of airborne sources as closed lines: a racetrack's corners, or waypoints, and points at equal distances."""

from __future__ import annotations

import itertools
import math

import numpy as np
from numpy.typing import NDArray

from kalkan.earth.geodesy import destination, inverse
from kalkan.scenario.nouns.sources import Orbit

Floats = NDArray[np.float64]


def corners(orbit: Orbit) -> list[tuple[float, float]]:
    """Latitude and longitude [rad] of the points between which an orbit is flown straight."""
    if orbit.waypoints is None:
        return racetrack(orbit)
    return [(math.radians(lat), math.radians(lon)) for lat, lon in orbit.waypoints]


def racetrack(orbit: Orbit) -> list[tuple[float, float]]:
    """Points [rad] around a racetrack, clockwise: two straight legs and two half circles."""
    assert orbit.centre is not None and orbit.length_m is not None
    half, radius = 0.5 * orbit.length_m, 0.5 * orbit.width_m
    turn = np.linspace(0.0, math.pi, 13)
    along = np.r_[half + radius * np.sin(turn), -half - radius * np.sin(turn)]
    across = np.r_[-radius * np.cos(turn), radius * np.cos(turn)]  # to the right of the heading
    lat, lon = (math.radians(v) for v in orbit.centre)
    away, azimuth = np.hypot(along, across), orbit.heading_rad + np.arctan2(across, along)
    lats, lons = destination(lat, lon, azimuth, away)
    return list(zip(np.asarray(lats).tolist(), np.asarray(lons).tolist(), strict=True))


def evenly(orbit: Orbit, n: int) -> tuple[Floats, Floats, float]:
    """`n` points [rad] at equal distances around an orbit, and its length [m]."""
    closed = corners(orbit)
    closed = [*closed, closed[0]]
    legs = [inverse(*a, *b)[:2] for a, b in itertools.pairwise(closed)]
    ends = np.cumsum([float(length) for _, length in legs])
    at = np.arange(n) * ends[-1] / n
    leg = np.searchsorted(ends, at, side="right")
    begun = np.r_[0.0, ends[:-1]][leg]
    lat, lon = np.array(closed)[leg].T
    azimuth = np.array([a for a, _ in legs])[leg]
    lat, lon = destination(lat, lon, azimuth, at - begun)
    return np.asarray(lat), np.asarray(lon), float(ends[-1])
