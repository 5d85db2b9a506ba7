"""Ballistic missiles: what the loop knows of them beside their paths, of one element each where none flies."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from kalkan.arrays import F8, I8, Struct
from kalkan.kernels.fields import About, Field, record, switched

FLIES = "a raid of ballistic missiles"
RELEASES = "raids.decoys or debris"
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
    light_kg_m2: Annotated[
        float, About("kg/m2", "and that of a decoy or debris",  switched(f"{RELEASES}: assumed_decoy_coefficient"))
    ]
    p_light: Annotated[float, About("1", "P(decoy) before any evidence; 0: no missile releases anything",
                                    switched(f"{RELEASES}: decoy_prior"))]  # fmt: skip
    surely_light: Annotated[float, About("1", "P(decoy) from which on a track is taken for one",
                                         switched(f"{RELEASES}: decoy_confidence"))]  # fmt: skip
    steep_sin: Annotated[float, About("1", "sine of the angle below the horizon at which nothing flies",
                                      switched(f"{RELEASES}: steep_fall"))]  # fmt: skip
    spares: Annotated[I8, About("", "(unit) 1: it shoots at nothing that is taken for a decoy",
                                switched(f"{RELEASES}: doctrine.spare_decoys"))]  # fmt: skip
    air_kg_m3: Annotated[F8, About("kg/m3", "density of the air over height", switched(FLIES))]
    reaches: Annotated[Struct, REACH_FIELDS]  # (n_interceptor,)
    keep_out_m: Annotated[
        F8, About("m", "(unit) it meets none below this altitude", switched("doctrine.keep_out_altitude"))
    ]


APART = np.dtype(
    [  # what a post makes of each track's fall, (n_picture, slot); see models.discrimination
        ("serial", "i8"),  # of the track that it is about
        ("light", "i8"),  # 1: it is taken for a decoy or debris
        ("t_s", "f8"),  # time of the last state that was looked at [s]
        ("column_s", "f8"),  # and of the last one in its fall [s]; -inf: none
        ("flow_w_m2", "f8"),  # what the air took there
        ("column_j_m2", "f8"),  # and since its energy was noted
        ("energy_j_kg", "f8"),  # that energy
        ("variance_j2_kg2", "f8"),  # and its variance
    ],
    align=True,
)


def allocate(ballistic: Ballistic, n_picture: int, slots: int) -> Struct:
    """Room for what posts make of falls; of one element where nothing is released."""
    apart = np.zeros((n_picture, slots) if ballistic.p_light > 0.0 else (1, 1), APART)
    apart["serial"] = -1
    return apart


def off() -> Ballistic:
    """No ballistic missiles."""
    return Ballistic(0, 0.0, 0.0, 0.0, 0.0, 0.0, np.zeros(1, np.int64), np.zeros(2), np.zeros(1, REACHES), np.zeros(1))
