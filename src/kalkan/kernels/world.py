"""World: all that an event reads and writes, handed on as one pointer.

What is planned, what changes, what is written down, and which replication it is. A room of the loop gets the
world, an entity and a time, and nothing else.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kalkan.arrays import Struct
from kalkan.jit import kernel
from kalkan.kernels import random
from kalkan.kernels.carried import Carried
from kalkan.kernels.plan import Plan
from kalkan.kernels.records import Records
from kalkan.kernels.state import State

RUN = np.dtype(
    [
        ("stream", "u8"),  # key of the study's random numbers
        ("replication", "i8"),
        ("row", "i8"),  # of the records that it fills
    ],
    align=True,
)


class World(NamedTuple):
    """Of one replication at a time."""

    plan: Plan
    state: State
    records: Records
    run: Struct  # (1,) RUN
    carried: Carried


@kernel
def draw(
    world: World, purpose: int, entity: random.Word, other: random.Word, ordinal: int
) -> tuple[float, float, float, float]:
    """Four uniforms in (0, 1) of this replication; see ``random.draw4``."""
    run = world.run
    return random.draw4(run.stream[0], run.replication[0], purpose, entity, other, ordinal)
