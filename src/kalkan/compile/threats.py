"""Raids → paths, threats and their types."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np

from kalkan.compile.inputs import Inputs, keys
from kalkan.earth.geodesy import ecef_to_geodetic
from kalkan.earth.terrain import Terrain
from kalkan.errors import Problem, ProblemsError
from kalkan.kernels.plan import F8, KINDS, KNOTS, PATHS, THREATS, Struct, struct
from kalkan.models.atmosphere import sound_speed
from kalkan.models.trajectory import Path, build_path
from kalkan.scenario import Raid, Scenario
from kalkan.scenario.doctrine import TARGET_CLASSES

G_M_S2 = 9.80665


@dataclass
class Raids:
    """What comes in, as arrays and names."""

    knots: Struct
    paths: Struct
    threats: Struct
    names: list[str]
    raid_of: list[str]
    type_of: list[str]
    types: list[str]


def compile_raids(scenario: Scenario, inputs: Inputs, terrain: Terrain) -> Raids:
    """Build every raid's path and the list of its members, sorted by name.

    Raises
    ------
    ProblemsError
        A route leaves the terrain, or cannot be flown; all such raids at once.
    """
    raids = sorted(scenario.raids, key=lambda r: r.name)
    types = sorted({r.type for r in raids})
    paths, problems = [], []
    for raid in raids:
        try:
            paths.append(_path(raid, inputs, terrain))
        except ValueError as error:
            problems.append(Problem(f'raids "{raid.name}" · route', str(error)))
    if problems:
        raise ProblemsError(problems)
    return Raids(
        _knots(paths, terrain),
        _bounds(paths),
        _members(raids, paths, types, scenario),
        [f"{r.name} {i + 1}" for r in raids for i in range(r.count)],
        [r.name for r in raids for _ in range(r.count)],
        [r.type for r in raids for _ in range(r.count)],
        types,
    )


def _path(raid: Raid, inputs: Inputs, terrain: Terrain) -> Path:
    lat = [w.position[0] for w in raid.route]
    lon = [w.position[1] for w in raid.route]
    off = [i + 1 for i in range(len(lat)) if not terrain.is_flat and not terrain.covers(lat[i], lon[i])]
    if off and terrain.no_data == "error":
        raise ValueError(f"waypoint {off[0]} is off the terrain; use a larger one, or another route")
    return _flown(
        terrain,
        tuple(zip(lat, lon, [w.altitude_m for w in raid.route], [w.above for w in raid.route], strict=True)),
        tuple(_speeds(raid, inputs, terrain)),
        max(inputs.number(raid.type, "max_load_factor") / G_M_S2, 1.05),
        raid.aim is not None and raid.release is None,
        raid.formation_width_m + 4.0 * raid.route_jitter_m,
    )


@functools.lru_cache(maxsize=128)
def _flown(
    terrain: Terrain,
    route: tuple[tuple[float, float, float, str], ...],
    speeds_m_s: tuple[float, ...],
    max_load_factor: float,
    converge: bool,
    corridor_m: float,
) -> Path:
    """A path over a terrain; variants and draws that agree on it share it."""
    lat, lon, altitude, above = (list(column) for column in zip(*route, strict=True))
    return build_path(
        lat, lon, altitude, above, list(speeds_m_s), terrain.elevation, 0.0, max_load_factor,
        converge=converge, corridor_m=corridor_m,
    )  # fmt: skip


def _speeds(raid: Raid, inputs: Inputs, terrain: Terrain) -> list[float]:
    """Speed of each leg [m/s]; a Mach number is taken at the altitude of the leg's first waypoint."""
    speeds = []
    for w in raid.route[:-1]:
        fixed, mach = (w.speed_m_s, w.speed_mach) if w.speed is not None else (raid.speed_m_s, raid.speed_mach)
        if mach is not None:
            ground = float(terrain.elevation(*w.position)) if w.above == "ground" else 0.0
            fixed = mach * float(sound_speed(w.altitude_m + ground))
        speeds.append(fixed if fixed is not None else inputs.number(raid.type, "cruise_speed"))
    return speeds


def _bounds(paths: list[Path]) -> Struct:
    ends = np.cumsum([p.t.size for p in paths])
    return struct(PATHS, first=np.r_[0, ends[:-1]], last=ends)


def _knots(paths: list[Path], terrain: Terrain) -> Struct:
    position = np.concatenate([p.position for p in paths])
    lat, lon, height = ecef_to_geodetic(*position.T)
    ground = terrain.elevation(np.degrees(lat), np.degrees(lon))
    return struct(
        KNOTS,
        t_s=np.concatenate([p.t for p in paths]),
        position_m=position,
        velocity_m_s=np.concatenate([p.velocity for p in paths]),
        lateral=np.concatenate([p.lateral for p in paths]),
        clearance_m=np.maximum(height - ground, 0.0),
    )


def _members(raids: list[Raid], paths: list[Path], types: list[str], scenario: Scenario) -> Struct:
    assets = sorted(a.name for a in scenario.assets)
    rows = []
    for number, (raid, path) in enumerate(zip(raids, paths, strict=True)):
        duration = float(path.t[-1] - path.t[0])
        leak = math.inf
        if raid.release is not None:
            leak = float(path.waypoint_t[raid.release - 1])
        elif raid.aim is not None:
            leak = duration
        aim = assets.index(raid.aim) if raid.aim is not None else -1
        for i in range(raid.count):
            place = i / (raid.count - 1) - 0.5 if raid.count > 1 else 0.0
            rows.append(
                (
                    number, types.index(raid.type), raid.start_s + i * raid.spacing_s,
                    place * raid.formation_width_m, raid.time_jitter_s, raid.route_jitter_m, aim, leak, duration, 0.0,
                )
            )  # fmt: skip
    names = [f"{r.name} {i + 1}" for r in raids for i in range(r.count)]
    columns = dict(zip((n for n in THREATS.names or () if n != "key"), zip(*rows, strict=True), strict=True))
    return struct(THREATS, key=keys(names), **columns)


def compile_kinds(types: list[str], bands: list[str], inputs: Inputs) -> tuple[Struct, F8]:
    """Signatures of each type in each radar's band, and what it does on arrival."""
    rcs = np.empty((len(types), len(bands), 3))
    for i, entry in enumerate(types):
        for j, band in enumerate(bands):
            for k, aspect in enumerate(("nose", "beam", "tail")):
                value = inputs.number(entry, "rcs", band=band, aspect=aspect)
                rcs[i, j, k] = 10.0 * math.log10(max(value, 1e-30))
    kinds = struct(
        KINDS,
        swerling=[inputs.whole(t, "swerling") for t in types],
        target_class=[TARGET_CLASSES.index(inputs.word(t, "target_class")) for t in types],
        hit_probability=[inputs.number(t, "hit_probability") for t in types],
    )
    return kinds, rcs
