"""Reactions of raids → who reacts to what, and the paths that they descend to."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from kalkan.arrays import Struct
from kalkan.compile.inputs import Inputs
from kalkan.compile.threats import G_M_S2, due_s, formation_of, leg_speeds_m_s, load_factor
from kalkan.earth.terrain import Terrain
from kalkan.kernels.course import SPARE_KNOTS
from kalkan.kernels.plan import struct
from kalkan.kernels.reacting import LOWS, REACTIONS, VEHICLES, Reacting, calm
from kalkan.models.trajectory import VERTICAL_SHARE, Path
from kalkan.scenario import Raid, Scenario
from kalkan.scenario.nouns.fields import Altitude, Speed
from kalkan.scenario.nouns.reactions import DOES, WHENS


class Low(NamedTuple):
    """What the members of a raid fly once they have descended.

    Attributes
    ----------
    raid : str
    reaction : int
        Among those of the raid.
    first : int
        Index of the first of `lanes` into the paths.
    lanes : tuple of Path
        One for each place in the formation.
    leak_s : list of float
        Of each, when it is at its aim or release [s]; inf: never.
    """

    raid: str
    reaction: int
    first: int
    lanes: tuple[Path, ...]
    leak_s: list[float]


def lows_of(scenario: Scenario, first: int, inputs: Inputs, terrain: Terrain) -> list[Low]:
    """Of each raid that may descend its paths lower down, of which the first has the number `first`."""
    lows = []
    for raid in sorted(scenario.raids, key=lambda r: r.name):
        for k, reaction in enumerate(raid.react):
            if reaction.to is not None:
                lower = lowered(raid, reaction.to, inputs, terrain)
                lanes = formation_of(lower, inputs, terrain).lanes
                leak_s = [due_s(raid, lane) if raid.aim is not None else math.inf for lane in lanes]
                lows.append(Low(raid.name, k, first, lanes, leak_s))
                first += len(lanes)
    return lows


def lowered(raid: Raid, to: Altitude, inputs: Inputs, terrain: Terrain) -> Raid:
    """A raid whose route is nowhere higher than an altitude, flown as fast as its own."""
    speeds = [Speed(metres_per_second=v) for v in leg_speeds_m_s(raid, inputs, terrain)]
    route = [
        w.model_copy(update={"altitude": _lower(w.position, w.altitude, to, terrain), "speed": speed})
        for w, speed in zip(raid.route, (*speeds, None), strict=True)
    ]
    return raid.model_copy(update={"route": tuple(route)})


def _lower(position: tuple[float, float], altitude: Altitude, to: Altitude, terrain: Terrain) -> Altitude:
    """The lower of two altitudes over a position."""
    ground = 0.0 if altitude.above == to.above else float(terrain.elevation(*position))
    above_sea = [a.metres + (ground if a.above == "ground" else 0.0) for a in (altitude, to)]
    return to if above_sea[1] < above_sea[0] else altitude


def compile_reacting(
    scenario: Scenario, raid_of: list[str], threats: Struct, paths: Struct, n_knots: int, lows: list[Low],
    inputs: Inputs,
) -> Reacting:  # fmt: skip
    """Who of all that flies reacts to what."""
    if not any(r.react for r in scenario.raids):
        return calm()
    rows = [(low.first + j, leak) for low in lows for j, leak in enumerate(low.leak_s)]
    vehicles = np.zeros(len(raid_of), VEHICLES)
    vehicles["path"], vehicles["own_path"] = threats["path"], -1
    reactions: list[tuple[Any, ...]] = []
    own, knot, length = len(paths), n_knots, paths["last"] - paths["first"]
    for raid in sorted(scenario.raids, key=lambda r: r.name):
        mine = [i for i, name in enumerate(raid_of) if name == raid.name] if raid.react else []
        if not mine:
            continue
        beneath = {low.reaction: low for low in lows if low.raid == raid.name}
        below = {k: _row(lows, low) for k, low in beneath.items()}
        lanes = threats["path"][mine] - threats["path"][mine].min()
        longest = max(int(length[low.first : low.first + len(low.lanes)].max()) for low in beneath.values()) if beneath else 0
        load_g = load_factor(raid.type, inputs)
        for i, lane in zip(mine, lanes.tolist(), strict=True):
            flown = int(length[threats["path"][i]])
            room = flown + len(raid.react) * (SPARE_KNOTS + max(flown, longest))
            vehicles[i] = (
                len(reactions), len(reactions) + len(raid.react), threats["path"][i], lane, own, knot, room,
                G_M_S2 * math.sqrt(load_g**2 - 1.0), min(VERTICAL_SHARE * (load_g - 1.0), 1.0) * G_M_S2,
                math.sin(inputs.number(raid.type, "steepest_descent")),
            )  # fmt: skip
            own, knot = own + 1, knot + room
        reactions += [
            (WHENS.index(r.when), DOES.index(r.do), r.delay_s, r.chance, below.get(k, -1)) for k, r in enumerate(raid.react)
        ]
    columns = zip(("when", "does", "delay_s", "chance", "low"), zip(*reactions, strict=True), strict=True)
    path, leak_s = zip(*rows, strict=True) if rows else ((), ())
    return Reacting(
        1, struct(REACTIONS, **dict(columns)), struct(LOWS, path=np.array(path, np.int64), leak_s=np.array(leak_s)), vehicles
    )


def _row(lows: list[Low], low: Low) -> int:
    """Number of its first lane among those of all."""
    return sum(len(other.lanes) for other in lows[: lows.index(low)])
