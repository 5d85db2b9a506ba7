"""Recorded tracks → what they fly, and when the scenario meets them."""

from __future__ import annotations

import pathlib

import numpy as np

from kalkan.arrays import F8
from kalkan.compile.threats import Wing, member
from kalkan.earth.terrain import Terrain
from kalkan.models.recorded import path_through
from kalkan.models.trajectory import Path
from kalkan.scenario import Traffic
from kalkan.scenario.checks.recorded import begins_s, tracks_of
from kalkan.scenario.recorded.cleaning import FlownPoints

LOWEST_M = 30.0
"""Points below this height above the ground are lifted to it: altitudes by pressure go under it on some days [m]."""


def recorded_wing(
    traffic: Traffic, base_dir: pathlib.Path, terrain: Terrain, horizon_s: float
) -> tuple[Wing, list[str]]:
    """The tracks of a file that are in the air within the simulated time, and what is told of them.

    Raises
    ------
    ValueError, TerrainError
        The file cannot be used, or leads out of the terrain.
    """
    recorded = tracks_of(traffic, base_dir)
    zero_s = begins_s(traffic, recorded)
    names, lanes, lifted = list[str](), list[Path](), 0
    rows: list[dict[str, float]] = []
    for name, points in recorded.tracks:
        mine = within(points._replace(t_s=points.t_s - zero_s), horizon_s)
        if mine is None:
            continue
        height, low = _above_ground(mine, terrain)
        lifted += low
        lanes.append(
            path_through(mine.t_s, mine.lat_deg, mine.lon_deg, height, mine.speed_m_s, mine.heading_rad)
        )
        start = float(mine.t_s[0])
        rows.append(
            member(
                max(start, 0.0), lanes[-1], path=len(names), shift_s=min(start, 0.0), transmits=traffic.transmits,
                iff=traffic.answer, flight_plan=traffic.flight_plan,
            )
        )  # fmt: skip
        names.append(f"{traffic.name} {name}")
    told = [*recorded.told, f"{len(names):,} of its {len(recorded.tracks):,} tracks fly in the simulated time"]
    if lifted:
        told.append(f"{lifted:,} of their points lay under {LOWEST_M:g} m above the ground and were lifted to it")
    wing = Wing(traffic.name, traffic.type, traffic.side, names, tuple(lanes), rows)
    return wing, [f'traffic "{traffic.name}": {sentence}' for sentence in told]


def within(points: FlownPoints, horizon_s: float) -> FlownPoints | None:
    """The points from the last before 0 to the first behind the horizon; None if nothing flies in between."""
    t = points.t_s
    first = max(int(np.searchsorted(t, 0.0, side="right")) - 1, 0)
    last = min(int(np.searchsorted(t, horizon_s, side="right")), t.size - 1)
    return points.at(slice(first, last + 1)) if last > first and t[last] > 0.0 and t[first] < horizon_s else None


def _above_ground(points: FlownPoints, terrain: Terrain) -> tuple[F8, int]:
    """Heights [m], none under the ground, and how many were lifted."""
    lowest = np.asarray(terrain.elevation(points.lat_deg, points.lon_deg), float) + LOWEST_M
    return np.maximum(points.altitude_m, lowest), int((points.altitude_m < lowest).sum())
