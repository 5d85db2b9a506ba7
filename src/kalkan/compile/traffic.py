"""Civil traffic → what it flies and when.

Flights of an airway come in as they would have before the scenario began, so that the airway is in use from its first
second on: their process begins as long before as the airway takes. Which altitude a flight has follows from its name,
and so does the phase of evenly spaced flights (kalkan's own simplifications).
"""

from __future__ import annotations

import math

from kalkan.compile.inputs import Inputs
from kalkan.compile.recorded import recorded_wing
from kalkan.compile.threats import JITTER_SIGMAS, Wing, flown, load_factor, member, speed_m_s
from kalkan.earth.terrain import Terrain, TerrainError
from kalkan.errors import Problem, ProblemsError
from kalkan.models.trajectory import Path
from kalkan.names import name_hash
from kalkan.scenario import Scenario, Traffic
from kalkan.scenario.nouns.fields import Altitude
from kalkan.scenario.nouns.raids import EVEN
from kalkan.scenario.nouns.traffic import DAY_S, HOUR_S, most_flights


def compile_traffic(scenario: Scenario, inputs: Inputs, terrain: Terrain) -> tuple[list[Wing], list[str]]:
    """Wings of all civil traffic, by name, and what is to be told of recorded tracks.

    Raises
    ------
    ProblemsError
        An airway leaves the terrain or cannot be flown, or a file cannot be used; all such at once.
    """
    wings, told, problems = [], list[str](), list[Problem]()
    for i, traffic in sorted(enumerate(scenario.traffic), key=lambda numbered: numbered[1].name):
        try:
            if traffic.file is None:
                wings.append(airway_wing(traffic, inputs, terrain, scenario.study.horizon_s))
            else:
                wing, sentences = recorded_wing(traffic, scenario.base_dir, terrain, scenario.study.horizon_s)
                wings.append(wing)
                told += sentences
        except (ValueError, TerrainError) as error:
            key = "airway" if traffic.file is None else "file"
            problems.append(scenario.problem(("traffic", i, key), str(error)))
    if problems:
        raise ProblemsError(problems)
    return wings, told


def per_s(traffic: Traffic, inputs: Inputs) -> float:
    """Flights that come in per second [1/s]: as written, or a share of what is claimed of a whole area."""
    if traffic.flights_per_hour is not None:
        return traffic.flights_per_hour / HOUR_S
    return (traffic.share or 0.0) * inputs.number(traffic.density or "", "flights_per_day") / DAY_S


def airway_wing(traffic: Traffic, inputs: Inputs, terrain: Terrain, horizon_s: float) -> Wing:
    """The flights of an airway that may be in the air before the horizon.

    Poisson arrivals have as many members as all but one replication in a million need (`most_flights`); those that
    come after the horizon never fly.
    """
    levels = traffic.levels or (Altitude(inputs.number(traffic.type, "operating_altitude"), "sea"),)
    lanes = tuple(_lane(traffic, level, inputs, terrain) for level in levels)
    ahead_s = min(float(path.t[-1]) for path in lanes)
    gap_s = 1.0 / per_s(traffic, inputs)
    even = traffic.arrivals == EVEN
    mean = (horizon_s + ahead_s) / gap_s
    names = [f"{traffic.name} {i + 1}" for i in range(math.ceil(mean) if even else most_flights(mean))]
    phase = share_of(traffic.name) if even else 0.0
    rows = []
    for i, name in enumerate(names):
        lane = name_hash(name) % len(lanes)
        rows.append(
            member(
                (i + phase) * gap_s if even else 0.0, lanes[lane], path=lane, mean_gap_s=0.0 if even else gap_s,
                shift_s=-ahead_s, route_jitter_m=traffic.route_jitter_m, transmits=traffic.transmits,
                iff=traffic.answer, flight_plan=traffic.flight_plan,
            )
        )  # fmt: skip
    return Wing(traffic.name, traffic.type, traffic.side, names, lanes, rows)


def share_of(name: str) -> float:
    """A share from 0 to 1 that follows from a name."""
    return name_hash(name) / 2.0**64


def _lane(traffic: Traffic, level: Altitude, inputs: Inputs, terrain: Terrain) -> Path:
    """What a flight at one altitude flies."""
    route = tuple((lat, lon, level.metres, level.above) for lat, lon in traffic.airway)
    speeds = tuple(
        speed_m_s(traffic.speed, traffic.type, at, level, inputs, terrain) for at in traffic.airway[:-1]
    )
    (path,) = flown(
        inputs, terrain, route, speeds, load_factor(traffic.type, inputs), False, (0.0,),
        JITTER_SIGMAS * traffic.route_jitter_m, None,
    )  # fmt: skip
    return path
