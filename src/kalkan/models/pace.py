"""How fast a route is flown: leg speeds, what changes between them, and how long the way is in a climb."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kalkan.models.ground_track import GroundTrack

Floats = NDArray[np.float64]


def speeds(track: GroundTrack, leg_m_s: Floats, sideways_m_s: Floats, along: Floats, change_m_s2: float) -> Floats:
    """Speed [m/s] at each sample of a track.

    Parameters
    ----------
    track : GroundTrack
    leg_m_s : float64[m]
        Speed of each leg between waypoints [m/s]; it is nowhere exceeded.
    sideways_m_s, along : float64[n]
        At each sample, a speed [m/s] to either side in one direction that may come on top, and how much of
        that direction is along the flight [1]: together they are no faster than the leg.
    change_m_s2 : float
        How fast the speed may change [m/s²].
    """
    first = np.clip(np.searchsorted(track.waypoint_s_m, track.s_m, side="left") - 1, 0, len(leg_m_s) - 1)
    last = np.clip(np.searchsorted(track.waypoint_s_m, track.s_m, side="right") - 1, 0, len(leg_m_s) - 1)
    speed = np.minimum(leg_m_s[first], leg_m_s[last])
    speed = np.sqrt(speed**2 - sideways_m_s**2 * (1.0 - along**2)) - sideways_m_s * np.abs(along)
    around = np.pad(speed, 1, mode="edge")  # a leg ends between two samples
    square = np.minimum(np.minimum(around[:-2], around[2:]), speed) ** 2
    if np.ptp(square) > 0.0:
        ramp = 2.0 * change_m_s2 * track.s_m
        square = np.minimum.accumulate(square - ramp) + ramp
        square = np.minimum.accumulate((square + ramp)[::-1])[::-1] - ramp
    return np.sqrt(square)


def lengthened(slope: Floats, mean: Floats) -> Floats:
    """Length of each piece over its level length [1], from the slopes at both ends and its mean: Simpson's rule."""
    middle = 1.5 * mean - 0.25 * (slope[1:] + slope[:-1])
    ends = np.sqrt(1.0 + slope**2)
    return np.asarray((ends[1:] + ends[:-1] + 4.0 * np.sqrt(1.0 + middle**2)) / 6.0)
