"""What the loop knows of vehicles that react, and where those that did are going.

A vehicle reacts when an engagement radar holds it (*illuminated*) or a round has been launched at it (*shot at*), as
the scenario writes it. What it then flies is written, knot by knot, behind the block's own copy of the paths
(``course.own_paths``), with all that it has flown before: no kernel that asks where a thing is needs to know. What it
descends to is a path made before the run, beside each member's own, over the same ground. Where nothing reacts every
array here has no length.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from kalkan.arrays import Struct
from kalkan.kernels.fields import INDEX, About, Field, follows, given, record, switched

ILLUMINATED, SHOT_AT = range(2)  # reactions.when
DESCEND, TURN_BACK, ABORT = range(3)  # reactions.does
MOST = 6  # reactions of one raid: each of these, each way
NEED = "raids.react"

REACTION_FIELDS = (
    Field("when", "i8", "", "ILLUMINATED or SHOT_AT", given("raids.react.when")),
    Field("does", "i8", "", "DESCEND, TURN_BACK or ABORT", given("raids.react.do")),
    Field("delay_s", "f8", "s", "from then on until it is done", switched("raids.react.delay")),
    Field("chance", "f8", "1", "that a vehicle does it at all", switched("raids.react.chance")),
    Field("low", "i8", "", "first of its lows, -1: it does not descend", INDEX),
)
LOW_FIELDS = (  # what those of each place in a formation fly that descend
    Field("path", "i8", "", "index into paths", INDEX),
    Field("leak_s", "f8", "s", "path time at which it reaches its aim or release, inf: never",
          switched("raids.react: cruise_speed")),
)  # fmt: skip
VEHICLE_FIELDS = (  # everything that flies
    Field("first", "i8", "", "its first reaction", INDEX),
    Field("last", "i8", "", "one past its last", INDEX),
    Field("path", "i8", "", "that it flies unless it reacts: an index into paths", INDEX),
    Field("lane", "i8", "", "its place in the formation", INDEX),
    Field("own_path", "i8", "", "that it flies once it has reacted, beyond those of the plan", INDEX),
    Field("own_knot", "i8", "", "first knot of that", INDEX),
    Field("room", "i8", "1", "knots that there is room for", follows("the knots of its paths")),
    Field("turn_m_s2", "f8", "m/s2", "horizontal acceleration of its hardest level turn",
          switched("raids.react: max_load_factor")),
    Field("bend_m_s2", "f8", "m/s2", "vertical acceleration when it begins and ends a descent",
          switched("raids.react: max_load_factor")),
    Field("sin_descent", "f8", "1", "sine of its steepest descent", switched("raids.react: steepest_descent")),
)  # fmt: skip
REACTIONS, LOWS, VEHICLES = map(record, (REACTION_FIELDS, LOW_FIELDS, VEHICLE_FIELDS))


class Reacting(NamedTuple):
    """Who reacts to what, and how."""

    on: Annotated[int, About("", "1: some raid reacts", switched(NEED))]
    reactions: Annotated[Struct, REACTION_FIELDS]  # (n_reaction,)
    lows: Annotated[Struct, LOW_FIELDS]  # (n_low,)
    vehicles: Annotated[Struct, VEHICLE_FIELDS]  # (n_threat,)


def calm() -> Reacting:
    """Nobody reacts."""
    return Reacting(0, np.zeros(0, REACTIONS), np.zeros(0, LOWS), np.zeros(0, VEHICLES))


COURSE = np.dtype(
    [  # where each vehicle is going, (n_threat,)
        ("noticed", "i8"),  # reactions that have been set off, one bit each
        ("made_by", "i8", MOST),  # the fire unit that set them off; -1: none
        ("rounds", "i8"),  # rounds at it that it has been asked about
        ("base", "i8"),  # path that it follows, or will again when what it does is done
        ("way", "i8"),  # 1: as that is written, -1: backwards
        ("base_s", "f8"),  # path time on it [s] ...
        ("at_s", "f8"),  # ... at this time [s]
        ("turned_s", "f8"),  # until then it turns [s]
        ("due_s", "f8"),  # at aim or release [s]; inf: never, -1: as planned
        ("hint", "i8"),  # last knot used of its base
    ],
    align=True,
)


class Reacted(NamedTuple):
    """Of those who reacted; of no length where nobody can. `threats`, `paths` and `knots` are those of the block."""

    courses: Struct  # (n_threat,) COURSE
    threats: Struct
    paths: Struct
    knots: Struct


def allocate(reacting: Reacting, threats: Struct, paths: Struct, knots: Struct) -> Reacted:
    """Room for the courses of all vehicles, or for nothing."""
    if not reacting.on:
        return Reacted(np.zeros(0, COURSE), threats[:0], paths[:0], knots[:0])
    return Reacted(np.zeros(threats.size, COURSE), threats, paths, knots)
