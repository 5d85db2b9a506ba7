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
    vehicles = np.zeros(len(raid_of), VEHICLES)
    vehicles["path"], vehicles["own_path"] = threats["path"], -1
    reactions: list[tuple[Any, ...]] = []
    own, knot, length = len(paths), n_knots, paths["last"] - paths["first"]
    for raid in sorted((r for r in scenario.raids if r.react), key=lambda r: r.name):
        mine = [i for i, name in enumerate(raid_of) if name == raid.name]
        beneath = {low.reaction: low for low in lows if low.raid == raid.name}
        longest = max((lane.t.size for low in beneath.values() for lane in low.lanes), default=0)
        limits, first = _limits(raid, inputs), len(reactions)
        for i in mine:
            flown, lane = int(length[threats["path"][i]]), threats["path"][i] - threats["path"][mine].min()
            room = flown + len(raid.react) * (SPARE_KNOTS + max(flown, longest))
            vehicles[i] = (first, first + len(raid.react), threats["path"][i], lane, own, knot, room, *limits)
            own, knot = own + 1, knot + room
        for k, r in enumerate(raid.react):
            low = _row(lows, beneath[k]) if k in beneath else -1
            reactions.append((WHENS.index(r.when), DOES.index(r.do), r.delay_s, r.chance, low))
    columns = dict(zip(("when", "does", "delay_s", "chance", "low"), zip(*reactions, strict=True), strict=True))
    path = [low.first + j for low in lows for j in range(len(low.lanes))]
    leak_s = [s for low in lows for s in low.leak_s]
    return Reacting(1, struct(REACTIONS, **columns), struct(LOWS, path=path, leak_s=leak_s), vehicles)


def _limits(raid: Raid, inputs: Inputs) -> tuple[float, float, float]:
    """Accelerations of a type's hardest level turn and of its bends [m/s²], and the sine of its steepest descent [1].

    It bends no harder than the share of its load that climbs may take, nor than what falls.
    """
    load_g = load_factor(raid.type, inputs)
    bend_g = min(VERTICAL_SHARE * (load_g - 1.0), 1.0)
    steepest_rad = inputs.number(raid.type, "steepest_descent")
    return G_M_S2 * math.sqrt(load_g**2 - 1.0), G_M_S2 * bend_g, math.sin(steepest_rad)


def _row(lows: list[Low], low: Low) -> int:
    """Number of its first lane among those of all."""
    return sum(len(other.lanes) for other in lows[: lows.index(low)])
