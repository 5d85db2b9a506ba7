"""Raids → paths, threats and their types."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kalkan.arrays import F8, Struct
from kalkan.compile.inputs import Inputs, keys
from kalkan.earth.geodesy import ecef_to_geodetic
from kalkan.earth.terrain import Terrain, TerrainError
from kalkan.errors import Problem, ProblemsError
from kalkan.kernels.plan import KINDS, KNOTS, PATHS, THREATS, struct
from kalkan.models.atmosphere import sound_speed
from kalkan.models.trajectory import Path, build_paths
from kalkan.scenario import Raid, Scenario
from kalkan.scenario.nouns.doctrine import TARGET_CLASSES
from kalkan.scenario.nouns.raids import POISSON

G_M_S2 = 9.80665
LEAST_LOAD_FACTOR = 1.05
DRAWN_LOAD_G = 0.5  # load factors that are drawn are multiples of this: kalkan's own simplification
MOST_PATHS = 64  # of one raid
JITTER_SIGMAS = 3.0
"""Jitter of the route is drawn from a normal distribution and held to so many standard deviations."""


class Formation(NamedTuple):
    """Where the members of one raid fly."""

    route: Path  # the raid's own
    lanes: tuple[Path, ...]  # one for each place
    lane: NDArray[np.int64]  # (n_member,) index into lanes
    beside_m: F8  # (n_member,) how far to the right of it they fly [m]


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
    """Build the paths of every raid and the list of its members, sorted by name.

    Raises
    ------
    ProblemsError
        A route leaves the terrain, or cannot be flown; all such raids at once.
    """
    raids = sorted(scenario.raids, key=lambda r: r.name)
    types = sorted({r.type for r in raids})
    formations, problems = [], []
    for raid in raids:
        try:
            formations.append(_formation(raid, inputs, terrain))
        except (ValueError, TerrainError) as error:
            problems.append(Problem(f'raids "{raid.name}" · route', str(error)))
    if problems:
        raise ProblemsError(problems)
    paths = [f.route for f in formations] + [path for f in formations for path in f.lanes]
    return Raids(
        _knots(paths, terrain),
        _bounds(paths),
        _members(raids, formations, types, scenario),
        [f"{r.name} {i + 1}" for r in raids for i in range(r.count)],
        [r.name for r in raids for _ in range(r.count)],
        [r.type for r in raids for _ in range(r.count)],
        types,
    )


def _formation(raid: Raid, inputs: Inputs, terrain: Terrain) -> Formation:
    """Where the members of a raid fly.

    Members are spread evenly over the width. Each place has a path of its own; where there are more than `MOST_PATHS`
    places, neighbours share the path in their midst and fly beside it as a jitter would take them (kalkan's own
    simplification).
    """
    lat = [w.position[0] for w in raid.route]
    lon = [w.position[1] for w in raid.route]
    off = [i + 1 for i in range(len(lat)) if not terrain.is_flat and not terrain.covers(lat[i], lon[i])]
    if off and terrain.no_data == "error":
        raise ValueError(f"waypoint {off[0]} is off the terrain; use a larger one, or another route")
    share = np.arange(raid.count) / max(raid.count - 1, 1) - 0.5 if raid.count > 1 else np.zeros(1)
    place_m = share * raid.formation_width_m + 0.0  # no negative zeros
    lanes_m = np.unique(place_m)
    if len(lanes_m) > MOST_PATHS:
        lanes_m = (np.arange(MOST_PATHS) + 0.5) / MOST_PATHS * raid.formation_width_m - raid.formation_width_m / 2.0
    lane = np.argmin(np.abs(place_m[:, None] - lanes_m), axis=1)
    beside_m = place_m - lanes_m[lane]
    flight = (
        tuple(zip(lat, lon, [w.altitude_m for w in raid.route], [w.above for w in raid.route], strict=True)),
        tuple(_speeds(raid, inputs, terrain)),
        _load_factor(raid.type, inputs),
        raid.aim is not None and raid.release is None,
        (0.0, *lanes_m.tolist()),
        float(np.abs(beside_m).max()) + JITTER_SIGMAS * raid.route_jitter_m,
        _attack(raid),
    )
    route, *lanes = inputs.shared.paths.get(
        (terrain.identity, terrain.no_data, flight), lambda: _flown(terrain, *flight)
    )
    return Formation(route, tuple(lanes), lane, beside_m)


def _load_factor(vehicle: str, inputs: Inputs) -> float:
    """Load factor [g] of the hardest turn; one that is drawn is rounded, so that draws share their paths."""
    load_g = inputs.number(vehicle, "max_load_factor") / G_M_S2
    if inputs.drawn(vehicle, "max_load_factor"):
        load_g = round(load_g / DRAWN_LOAD_G) * DRAWN_LOAD_G
    return max(load_g, LEAST_LOAD_FACTOR)


def _attack(raid: Raid) -> int | None:
    """Waypoint (from 0) at which the raid attacks, None: nowhere."""
    if raid.release is not None:
        return raid.release - 1
    return len(raid.route) - 1 if raid.aim is not None else None


def _flown(
    terrain: Terrain,
    route: tuple[tuple[float, float, float, str], ...],
    speeds_m_s: tuple[float, ...],
    max_load_factor: float,
    converge: bool,
    offsets_m: tuple[float, ...],
    jitter_m: float,
    attack: int | None,
) -> tuple[Path, ...]:
    """Paths over a terrain."""
    lat, lon, altitude, above = (list(column) for column in zip(*route, strict=True))
    return tuple(
        build_paths(
            lat, lon, altitude, above, list(speeds_m_s), terrain.elevation, max_load_factor,
            offset_m=offsets_m, converge=converge, jitter_m=jitter_m, attack=attack,
        )
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


def _members(raids: list[Raid], formations: list[Formation], types: list[str], scenario: Scenario) -> Struct:
    assets = sorted(a.name for a in scenario.assets)
    rows: list[dict[str, float]] = []
    first = len(raids)
    for number, (raid, formation) in enumerate(zip(raids, formations, strict=True)):
        gap = raid.spacing_s if raid.arrivals == POISSON else 0.0
        exposed = math.inf if raid.exposure_s is None else raid.exposure_s
        aim = assets.index(raid.aim) if raid.aim is not None else -1
        due = _due_s(raid, formation.route)
        for i, (lane, beside) in enumerate(zip(formation.lane.tolist(), formation.beside_m.tolist(), strict=True)):
            path = formation.lanes[lane]
            leak = _due_s(raid, path) if raid.aim is not None else math.inf
            rows.append(
                {
                    "path": first + lane, "raid": number, "kind": types.index(raid.type),
                    "start_s": raid.start_s + i * (raid.spacing_s - gap), "mean_gap_s": gap,
                    "shift_s": due - leak if raid.aim is not None else 0.0, "offset_m": beside,
                    "time_jitter_s": raid.time_jitter_s, "route_jitter_m": raid.route_jitter_m,
                    "reach_m": path.reach_m, "aim": aim,
                    "leak_s": min(leak, exposed) if raid.aim is not None else leak,
                    "duration_s": min(float(path.t[-1]), exposed), "spared_share": 0.0,
                }
            )  # fmt: skip
        first += len(formation.lanes)
    names = [f"{r.name} {i + 1}" for r in raids for i in range(r.count)]
    return struct(THREATS, key=keys(names), **{name: [row[name] for row in rows] for name in rows[0]})


def _due_s(raid: Raid, path: Path) -> float:
    """Path time [s] at which a member is at its aim or release."""
    return float(path.t[-1] if raid.release is None else path.waypoint_t[raid.release - 1])


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
