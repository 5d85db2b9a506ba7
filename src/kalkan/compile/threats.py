"""Raids and flights → where their members fly and when, and what their types are."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kalkan.arrays import F8, Struct
from kalkan.compile.inputs import Inputs
from kalkan.earth.terrain import Terrain
from kalkan.kernels.plan import KINDS, struct
from kalkan.models.atmosphere import sound_speed
from kalkan.models.trajectory import Path, build_paths
from kalkan.scenario.nouns.doctrine import TARGET_CLASSES
from kalkan.scenario.nouns.fields import Altitude, Speed
from kalkan.scenario.nouns.flights import Group
from kalkan.scenario.nouns.raids import POISSON

G_M_S2 = 9.80665
LEAST_LOAD_FACTOR = 1.05
DRAWN_LOAD_G = 0.5  # load factors that are drawn are multiples of this: kalkan's own simplification
MOST_PATHS = 64  # of one raid
JITTER_SIGMAS = 3.0
"""Jitter of the route is drawn from a normal distribution and held to so many standard deviations."""


class Formation(NamedTuple):
    """Where the members of one raid or flight fly."""

    route: Path  # its own
    lanes: tuple[Path, ...]  # one for each place
    lane: NDArray[np.int64]  # (n_member,) index into lanes
    beside_m: F8  # (n_member,) how far to the right of it they fly [m]


class Wing(NamedTuple):
    """Flying things that are written together: a raid, a flight, an airway's flights, a file's tracks.

    Attributes
    ----------
    name, type, side : str
    names : list of str
        Of its members.
    lanes : tuple of Path
        What they fly.
    rows : list of dict
        Of each member the fields of ``kernels.plan.THREATS``, but for those that all members share; `path` counts
        from the first of `lanes`.
    """

    name: str
    type: str
    side: str
    names: list[str]
    lanes: tuple[Path, ...]
    rows: list[dict[str, float]]


def formation_of(raid: Group, inputs: Inputs, terrain: Terrain) -> Formation:
    """Where the members of a raid fly.

    Members are spread evenly over the width. Each place has a path of its own; where there are more than `MOST_PATHS`
    places, neighbours share the path in their midst and fly beside it as a jitter would take them (kalkan's own
    simplification).
    """
    lat = [w.position[0] for w in raid.route]
    lon = [w.position[1] for w in raid.route]
    share = np.arange(raid.count) / max(raid.count - 1, 1) - 0.5 if raid.count > 1 else np.zeros(1)
    place_m = share * raid.formation_width_m + 0.0  # no negative zeros
    lanes_m = np.unique(place_m)
    if len(lanes_m) > MOST_PATHS:
        lanes_m = (np.arange(MOST_PATHS) + 0.5) / MOST_PATHS * raid.formation_width_m - raid.formation_width_m / 2.0
    lane = np.argmin(np.abs(place_m[:, None] - lanes_m), axis=1)
    beside_m = place_m - lanes_m[lane]
    flight = (
        tuple(zip(lat, lon, [w.altitude_m for w in raid.route], [w.above for w in raid.route], strict=True)),
        tuple(leg_speeds_m_s(raid, inputs, terrain)),
        load_factor(raid.type, inputs),
        raid.aim is not None and raid.release is None,
        (0.0, *lanes_m.tolist()),
        float(np.abs(beside_m).max()) + JITTER_SIGMAS * raid.route_jitter_m,
        _attack(raid),
    )
    route, *lanes = flown(inputs, terrain, *flight)
    return Formation(route, tuple(lanes), lane, beside_m)


def load_factor(vehicle: str, inputs: Inputs) -> float:
    """Load factor [g] of the hardest turn; one that is drawn is rounded, so that draws share their paths."""
    load_g = inputs.number(vehicle, "max_load_factor") / G_M_S2
    if inputs.drawn(vehicle, "max_load_factor"):
        load_g = round(load_g / DRAWN_LOAD_G) * DRAWN_LOAD_G
    return max(load_g, LEAST_LOAD_FACTOR)


def _attack(raid: Group) -> int | None:
    """Waypoint (from 0) at which the raid attacks, None: nowhere."""
    if raid.release is not None:
        return raid.release - 1
    return len(raid.route) - 1 if raid.aim is not None else None


def flown(inputs: Inputs, terrain: Terrain, *flight: Any) -> tuple[Path, ...]:
    """Paths over a terrain, made once for what plans have in common; `flight` as :func:`_paths` takes it."""
    made: tuple[Path, ...] = inputs.shared.paths.get(
        (terrain.identity, terrain.no_data, flight), lambda: _paths(terrain, *flight)
    )
    return made


def _paths(
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


def leg_speeds_m_s(raid: Group, inputs: Inputs, terrain: Terrain) -> list[float]:
    """Speed of each leg [m/s]; a Mach number is taken at the altitude of the leg's first waypoint."""
    speeds = []
    for w in raid.route[:-1]:
        written = w.speed if w.speed is not None else raid.speed
        speeds.append(speed_m_s(written, raid.type, w.position, w.altitude, inputs, terrain))
    return speeds


def speed_m_s(
    written: Speed | None, vehicle: str, position: tuple[float, float], altitude: Altitude, inputs: Inputs,
    terrain: Terrain,
) -> float:  # fmt: skip
    """Speed [m/s] as written, a Mach number at the altitude above a position; else as claimed."""
    if written is None:
        return inputs.number(vehicle, "cruise_speed")
    if written.mach is None:
        return written.metres_per_second or 0.0
    ground = float(terrain.elevation(*position)) if altitude.above == "ground" else 0.0
    return written.mach * float(sound_speed(altitude.metres + ground))


def member(start_s: float, flown: Path, **more: float) -> dict[str, float]:
    """One flying thing that attacks nothing and flies its path to the end, but for what `more` says."""
    return {
        "start_s": start_s, "mean_gap_s": 0.0, "shift_s": 0.0, "offset_m": 0.0, "time_jitter_s": 0.0,
        "route_jitter_m": 0.0, "reach_m": flown.reach_m, "aim": -1, "leak_s": math.inf,
        "duration_s": float(flown.t[-1]), "spared_share": 0.0, "parent": -1, **more,
    }  # fmt: skip


def wing_of(raid: Group, formation: Formation, assets: list[str]) -> Wing:
    """The members of a raid or flight.

    Parameters
    ----------
    raid : Raid or Flight
    formation : Formation
    assets : list of str
        Names, sorted.
    """
    gap = raid.spacing_s if raid.arrivals == POISSON else 0.0
    exposed = math.inf if raid.exposure_s is None else raid.exposure_s
    aim = assets.index(raid.aim) if raid.aim is not None else -1
    due = due_s(raid, formation.route)
    rows = []
    for i, (lane, beside) in enumerate(zip(formation.lane.tolist(), formation.beside_m.tolist(), strict=True)):
        path = formation.lanes[lane]
        leak = due_s(raid, path) if raid.aim is not None else math.inf
        rows.append(
            member(
                raid.start_s + i * (raid.spacing_s - gap), path, path=lane, mean_gap_s=gap,
                shift_s=due - leak if raid.aim is not None else 0.0, offset_m=beside,
                time_jitter_s=raid.time_jitter_s, route_jitter_m=raid.route_jitter_m, aim=aim,
                leak_s=min(leak, exposed) if raid.aim is not None else leak,
                duration_s=min(float(path.t[-1]), exposed), transmits=raid.transmits, iff=raid.answer,
                flight_plan=raid.flight_plan,
            )
        )  # fmt: skip
    names = [f"{raid.name} {i + 1}" for i in range(raid.count)]
    return Wing(raid.name, raid.type, raid.side, names, formation.lanes, rows)


def due_s(raid: Group, path: Path) -> float:
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
        hit_probability=[inputs.worth_of(t, "hit_probability") for t in types],
    )
    return kinds, rcs
