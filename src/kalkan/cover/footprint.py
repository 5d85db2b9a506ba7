"""Footprint: the set of aim points at which a battery can meet a ballistic missile, and how often, before it hits.

For every aim on a grid the missile flies from where a raid of the scenario launches it, with that raid's elevation of
the boost. A fire unit sees it from burn-out on, with the missile's nose towards it (its smallest cross-section:
kalkan's own simplification), and works alone, with rounds and channels enough: shoot, look, shoot, as in ``reach``,
within the envelopes against ballistic missiles. An upper bound on what the simulation does, and no forecast.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kalkan.arrays import F8
from kalkan.compile.ballistic import aim_of, shot_of
from kalkan.cover.eyes import eye_of, shooter_of, watched
from kalkan.cover.grid import MapGrid, grid_around
from kalkan.cover.laydown import Laydown
from kalkan.cover.looks import Shooter, engage
from kalkan.earth.geodesy import ecef_to_geodetic
from kalkan.models.ballistic_aim import Aim, Shot, UnflownError, falling, solved
from kalkan.scenario.nouns.raids import Raid

CELLS = 48  # along each side of the map
STEP_S = 1.0  # of the flights and their looks
MOST_SHOTS = 8
NOWHERE_M = -1e4  # height of what has come down: in no sight
EDGE = 1.25  # the map reaches so much beyond the longest range
WIDER, WIDEST = 1.25, 4.0  # steps and end of the search for a map that cuts nothing off


@dataclass(frozen=True)
class Footprint:
    """What each fire unit can defend against one launch point.

    Attributes
    ----------
    raid : str
        Whose launch point and elevation it is.
    launch_deg : tuple of float
    grid : MapGrid
    units : tuple of str
    shots : int16 (n_unit, n, n)
        Meetings that are possible one after the other before the missile is at the aim; -1: no flight leads there.
    first_m : float64 (n_unit, n, n)
        Height of the first meeting above the sea [m]; NaN: none.
    assets : tuple of str
    asset_shots : int16 (n_unit, n_asset)
    asset_first_m : float64 (n_unit, n_asset)
    """

    raid: str
    launch_deg: tuple[float, float]
    grid: MapGrid
    units: tuple[str, ...]
    shots: NDArray[np.int16]
    first_m: F8
    assets: tuple[str, ...]
    asset_shots: NDArray[np.int16]
    asset_first_m: F8

    def area_km2(self, unit: int, shots: int = 1) -> float:
        """Area of the aims at which a unit can meet the missile so often [km²]."""
        return float((self.shots[unit] >= shots).sum() * self.grid.cell_km2)


def footprint(laydown: Laydown, raid: Raid, cells: int = CELLS) -> Footprint:
    """What each fire unit of a laydown against a ballistic missile can defend when a raid's launch point fires.

    The map is so wide that nothing is defended at its edge, up to `WIDEST` times the reach.
    """
    edge = EDGE
    made = _within(laydown, raid, cells, edge)
    while edge < WIDEST and _is_cut(made):
        edge *= WIDER
        made = _within(laydown, raid, cells, edge)
    return made


def launched(laydown: Laydown) -> Raid | None:
    """The first raid of the ballistic missile that a laydown is against; None: no raid launches it."""
    return next((r for r in laydown.scenario.raids if r.type == laydown.target.entry), None)


def _is_cut(made: Footprint) -> bool:
    """Whether something is defended at the edge of the map."""
    edges = made.shots[:, [0, -1], :], made.shots[:, :, [0, -1]]
    return any(bool((edge > 0).any()) for edge in edges)


def _within(laydown: Laydown, raid: Raid, cells: int, edge: float) -> Footprint:
    """The footprint on a map that reaches so many times as far as the interceptors."""
    units = range(len(laydown.layout.units))
    reach_m = np.array([_reach_m(laydown, u) for u in units])
    sites = np.array([(u.site.lat_deg, u.site.lon_deg) for u in laydown.layout.units])
    grid = grid_around(sites, np.maximum(edge * reach_m, 1e3), laydown.terrain, cells)
    assets = sorted(laydown.scenario.assets, key=lambda a: a.name)
    lat = np.concatenate([grid.lat_deg.ravel(), [a.position[0] for a in assets]])
    lon = np.concatenate([grid.lon_deg.ravel(), [a.position[1] for a in assets]])
    stand = laydown.terrain.elevation(*np.array([a.position for a in assets]).T)
    ground = np.concatenate([grid.ground_m.ravel(), stand])
    tracks = flights(laydown, raid, lat, lon, ground)
    found = [_defended(laydown, u, tracks) for u in units]
    shots, first = (np.array([f[i] for f in found]) for i in (0, 1))
    shape, n = (len(found), *grid.lat_deg.shape), grid.lat_deg.size
    return Footprint(
        raid.name, raid.waypoints[0].position, grid, tuple(u.name for u in laydown.layout.units),
        shots[:, :n].reshape(shape), first[:, :n].reshape(shape), tuple(a.name for a in assets), shots[:, n:],
        first[:, n:],
    )  # fmt: skip


@dataclass(frozen=True)
class FallTracks:
    """Falls to many aims, every `STEP_S` from burn-out.

    Attributes
    ----------
    lat_rad, lon_rad, h_m : float64 (n_aim, n_t)
        Places; `NOWHERE_M` high once it has come down.
    speed_m_s : float64 (n_aim,)
        At burn-out; NaN: no flight leads to the aim.
    """

    lat_rad: F8
    lon_rad: F8
    h_m: F8
    speed_m_s: F8


def flights(laydown: Laydown, raid: Raid, lat_deg: F8, lon_deg: F8, ground_m: F8) -> FallTracks:
    """Falls from a raid's launch point, with its own elevation, to aims [deg, m]."""
    home = next(a.position for a in laydown.scenario.assets if a.name == raid.aim)
    own = aim_of(raid, home, laydown.figures, laydown.terrain)
    elevation = shot_of(own, raid, laydown.figures).elevation_rad
    rows, speeds, like = [], np.full(lat_deg.size, np.nan), None
    for i, place in enumerate(zip(np.radians(lat_deg), np.radians(lon_deg), ground_m, strict=True)):
        aim = own._replace(aim=(float(place[0]), float(place[1]), float(place[2])), step_s=STEP_S)
        shot = _shot(aim, elevation, like)
        like = shot or like
        rows.append(np.zeros((0, 7)) if shot is None else falling(aim, shot))
        speeds[i] = math.nan if shot is None else shot.burnout_m_s
    n_t = max((r.shape[0] for r in rows), default=0)
    lat, lon, h = np.zeros((len(rows), n_t)), np.zeros((len(rows), n_t)), np.full((len(rows), n_t), NOWHERE_M)
    for i, r in enumerate(rows):
        lat[i, : len(r)], lon[i, : len(r)], h[i, : len(r)] = ecef_to_geodetic(*r[:, 1:4].T)
    return FallTracks(lat, lon, h, speeds)


def _shot(aim: Aim, elevation_rad: float, like: Shot | None) -> Shot | None:
    """The flight to an aim, sought from one to a neighbour; None: there is none."""
    try:
        return solved(aim, elevation_rad, like)
    except (UnflownError, np.linalg.LinAlgError):
        return None


def _defended(laydown: Laydown, u: int, tracks: FallTracks) -> tuple[NDArray[np.int16], F8]:
    """Possible meetings of unit `u` with each fall, and the height of the first [m]."""
    r = int(laydown.units["radar"][u])
    nose = np.full(3, laydown.target.rcs_dbsm[r, 0])
    h = np.where(watched(laydown, r, tracks.lat_rad, tracks.lon_rad), tracks.h_m, NOWHERE_M)
    lat, lon, h = (np.ascontiguousarray(v) for v in (tracks.lat_rad, tracks.lon_rad, h))
    meetings, _ = engage(
        eye_of(laydown, r), ballistic_shooter(laydown, u), lat, lon, h, np.zeros_like(h), STEP_S,
        float(np.nanmax(tracks.speed_m_s)), nose, float(laydown.needed_db[0.5][r]), MOST_SHOTS,
    )  # fmt: skip
    shots = np.isfinite(meetings).sum(axis=1).astype(np.int16)
    shots[np.isnan(tracks.speed_m_s)] = -1
    t, first = np.arange(h.shape[1]) * STEP_S, np.full(shots.size, np.nan)
    for i in np.flatnonzero(shots > 0):
        first[i] = np.interp(meetings[i, 0], t, tracks.h_m[i])
    return shots, first


def ballistic_shooter(laydown: Laydown, u: int) -> Shooter:
    """Fire unit `u` with its envelopes against ballistic missiles: heights count above the sea."""
    carried = [int(i) for i in np.unique(laydown.units["preference"][u]) if i >= 0]
    reaches = laydown.ballistic.reaches[carried]
    lowest = np.maximum(reaches["altitude_min_m"], laydown.ballistic.keep_out_m[u])
    return shooter_of(laydown, u)._replace(
        range_max_m=np.ascontiguousarray(reaches["range_max_m"]), altitude_min_m=np.ascontiguousarray(lowest),
        altitude_max_m=np.ascontiguousarray(reaches["altitude_max_m"]),
    )  # fmt: skip


def _reach_m(laydown: Laydown, u: int) -> float:
    return float(ballistic_shooter(laydown, u).range_max_m.max(initial=0.0))
