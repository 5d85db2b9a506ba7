"""Reach: where a target can be intercepted once, twice, … before it has passed.

Every fire unit works alone, with rounds and channels enough: shoot, look, shoot with the interceptor that
arrives first. The engagement radar must hold the target from the reaction to the meeting. What comes out is an
upper bound on what one fire unit can do, and no forecast: the simulation says how often shots are fired and hit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kalkan.arrays import F8
from kalkan.cover.eyes import eye_of, shooter_of, site_rad, watched
from kalkan.cover.grid import MapGrid
from kalkan.cover.laydown import FARTHEST_M, Laydown, unit_range_m
from kalkan.cover.looks import Eye, Shooter, engage, radial_points
from kalkan.earth.terrain import Terrain
from kalkan.scenario.nouns.fields import Altitude

STEP_M = 250.0  # along a track
N_AZIMUTH = 180
MOST_SHOTS = 24
STOP_M = 3_000.0  # engagements nearer than this do not count


@dataclass(frozen=True)
class Reach:
    """Engagements of one fire unit of a target that flies straight at it, from every direction.

    Attributes
    ----------
    unit : str
    height : Altitude
    azimuth_rad : ndarray, shape (n_az,)
        Where the target comes from.
    range_m : ndarray, shape (n_az, n_shot)
        Ground range of the first, second, … meeting [m]; NaN: there is none.
    seen_m : ndarray, shape (n_az,)
        Ground range at which the engagement radar first sees it [m]; NaN: never.
    nominal_m : float
        Claimed range of the longest-reaching interceptor [m].
    """

    unit: str
    height: Altitude
    azimuth_rad: F8
    range_m: F8
    seen_m: F8
    nominal_m: float

    @property
    def engagements(self) -> np.ndarray:
        """Number of possible engagements by direction."""
        return np.asarray(np.isfinite(self.range_m).sum(axis=1))

    def area_km2(self, n: int = 1) -> float:
        """Area [km²] within the outline of the n-th meeting."""
        r = np.nan_to_num(self.range_m[:, n - 1])
        return float(np.sum(r**2) * math.pi / self.azimuth_rad.size / 1e6)


def reach(
    laydown: Laydown, u: int, height: Altitude, speed_m_s: float | None = None, n_azimuth: int = N_AZIMUTH
) -> Reach:
    """Engagements of fire unit `u` of targets inbound from `n_azimuth` directions."""
    speed = laydown.target.speed_m_s if speed_m_s is None else speed_m_s
    r = int(laydown.units["radar"][u])
    eye, shooter = eye_of(laydown, r), shooter_of(laydown, u)
    start = min(unit_range_m(laydown, u) + 60.0 * speed, FARTHEST_M)
    d: F8 = np.arange(start, 0.0, -STEP_M, dtype=np.float64)
    azimuth: F8 = np.arange(n_azimuth, dtype=np.float64) * (2.0 * math.pi / n_azimuth)
    lat, lon = radial_points(*site_rad(laydown, r), azimuth, d, eye.lat_terms)
    needed = float(laydown.needed_db[0.5][r])
    watch = watched(laydown, r, lat, lon)
    meetings, seen = _engage(
        eye, shooter, laydown.terrain, lat, lon, height, speed, laydown.target.rcs_dbsm[r], needed, watch
    )
    ranges = start - meetings * speed
    ranges[~(ranges >= STOP_M)] = np.nan
    seen_m = np.where(np.isfinite(seen), start - seen * speed, np.nan)
    return Reach(laydown.layout.units[u].name, height, azimuth, ranges, seen_m, unit_range_m(laydown, u))


def _engage(
    eye: Eye, shooter: Shooter, terrain: Terrain, lat: F8, lon: F8, height: Altitude, speed: float, rcs: F8,
    needed_db: float, watch: np.ndarray,
) -> tuple[F8, F8]:  # fmt: skip
    """Run the compiled engagements over tracks of positions [rad] `STEP_M` apart, seen where `watch` holds."""
    ground = terrain.elevation(np.rad2deg(lat), np.rad2deg(lon))
    h = ground + height.metres if height.above == "ground" else np.full(ground.shape, height.metres)
    h = np.where((h < ground) | ~watch, -1e4, h)  # nowhere to be seen, as inside a mountain
    lat, lon, h, ground = (np.ascontiguousarray(v) for v in (lat, lon, h, ground))
    rcs = np.ascontiguousarray(rcs, np.float64)
    return engage(eye, shooter, lat, lon, h, ground, STEP_M / speed, float(speed), rcs, needed_db, MOST_SHOTS)


def passes(laydown: Laydown, grid: MapGrid, height: Altitude, heading_rad: float, every: int = 2) -> np.ndarray:
    """How many times targets on one heading could have been engaged by the time they pass each cell.

    Parameters
    ----------
    grid : MapGrid
    height : Altitude
    heading_rad : float
        Compass direction of flight, the same for all tracks [rad].
    every : int
        Tracks lie this many cells apart; between them the nearest one counts.

    Returns
    -------
    ndarray of int16, shape (n, n)
        Engagements of all fire units together.
    """
    n_track, n_along = grid.n // every, math.ceil(2.9 * grid.half_m / STEP_M)
    side: F8 = (np.arange(n_track, dtype=np.float64) - (n_track - 1) / 2.0) * (2.9 * grid.half_m / n_track)
    along: F8 = -1.45 * grid.half_m + STEP_M * np.arange(n_along, dtype=np.float64)
    s, c = math.sin(heading_rad), math.cos(heading_rad)
    x = along[None, :] * s + side[:, None] * c
    y = along[None, :] * c - side[:, None] * s
    lat, lon = (np.deg2rad(v) for v in grid.to_degrees(x, y))
    total = np.zeros((n_track, n_along), np.int16)
    speed = laydown.target.speed_m_s
    for u in range(len(laydown.layout.units)):
        r = int(laydown.units["radar"][u])
        eye, shooter = eye_of(laydown, r), shooter_of(laydown, u)
        meetings, _ = _engage(
            eye, shooter, laydown.terrain, lat, lon, height, speed, laydown.target.rcs_dbsm[r],
            float(laydown.needed_db[0.5][r]), watched(laydown, r, lat, lon),
        )  # fmt: skip
        t = np.arange(n_along) * (STEP_M / speed)
        total += np.array([np.searchsorted(m, t, side="right") for m in meetings], np.int16)
    return _onto(grid, total, side, along, heading_rad)


def _onto(grid: MapGrid, values: np.ndarray, side: F8, along: F8, heading_rad: float) -> np.ndarray:
    """The value of the nearest track point in every cell."""
    axis = -grid.half_m + grid.cell_m * (np.arange(grid.n) + 0.5)
    x, y = np.meshgrid(axis, -axis)
    s, c = math.sin(heading_rad), math.cos(heading_rad)
    i = np.clip(np.rint((x * c - y * s - side[0]) / (side[1] - side[0])).astype(int), 0, side.size - 1)
    j = np.clip(np.rint((x * s + y * c - along[0]) / STEP_M).astype(int), 0, along.size - 1)
    return np.asarray(values[i, j])
