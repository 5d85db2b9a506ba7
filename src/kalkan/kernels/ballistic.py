"""Ballistic missiles: what the loop knows of them beside their paths, of one element each where none flies."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from kalkan.arrays import F8, Struct
from kalkan.kernels.fields import About, Field, record, switched

FLIES = "a raid of ballistic missiles"
REACH_FIELDS = (  # envelopes of the types of interceptor against them
    Field("range_max_m", "f8", "m", "longest range; 0: it has no such role", switched(f"{FLIES}: max_range_ballistic")),
    Field("altitude_min_m", "f8", "m", "lowest meeting above sea level", switched(f"{FLIES}: min_altitude_ballistic")),
    Field("altitude_max_m", "f8", "m", "highest meeting above sea level",
          switched(f"{FLIES}: max_altitude_ballistic")),
)  # fmt: skip
REACHES = record(REACH_FIELDS)


class Ballistic(NamedTuple):
    """How posts foresee what falls, and what may meet it."""

    on: Annotated[int, About("", "1: a ballistic missile flies", switched(FLIES))]
    coefficient_kg_m2: Annotated[
        float, About("kg/m2", "what posts take its ballistic coefficient for",
                     switched(f"{FLIES}: assumed_ballistic_coefficient"))
    ]  # fmt: skip
    air_kg_m3: Annotated[F8, About("kg/m3", "density of the air over height", switched(FLIES))]
    reaches: Annotated[Struct, REACH_FIELDS]  # (n_interceptor,)
    keep_out_m: Annotated[
        F8, About("m", "(unit) it meets none below this altitude", switched("doctrine.keep_out_altitude"))
    ]


def off() -> Ballistic:
    """No ballistic missiles."""
    return Ballistic(0, 0.0, np.zeros(2), np.zeros(1, REACHES), np.zeros(1))
