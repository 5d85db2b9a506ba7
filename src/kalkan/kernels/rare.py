"""Rare events: replications in which one threat is spared, and the likelihood ratio that pays for it.

For studies of rare leaks a plan may name a share of replications in which every interceptor misses a
chosen threat until it has leaked. What happens then has a different probability than in truth; the
records hold, for every threat, the logarithm of the ratio of the two (`threat_spared_log`):
``-log(1 - p)`` for each miss at kill probability p, minus infinity once it was killed. An
interceptor that cannot miss (p = 1) kills a spared threat too. See ``studies.rare`` for what is
made of it.
"""

from __future__ import annotations

import math

import numpy as np

from kalkan.jit import kernel
from kalkan.kernels import random
from kalkan.kernels.world import World, draw
from kalkan.schema import UNRESOLVED

_NOBODY = np.uint64(0)


@kernel
def choose_spared(world: World) -> None:
    """Draw which threat is spared in this replication: at most one, each by its share."""
    plan, state = world.plan, world.state
    u0, _, _, _ = draw(world, random.SPARE, _NOBODY, 0, 0)
    below = 0.0
    for i in range(state.truth.size):
        above = below + plan.threats.spared_share[i]
        state.truth.spared[i] = 1 if below <= u0 < above else 0
        below = above


@kernel
def misses(world: World, i: int, u0: float, p_kill: float) -> bool:
    """Whether an interceptor misses threat `i`, and the booking of the likelihood ratio."""
    state, records, row = world.state, world.records, world.run.row[0]
    free = records.threat.threat_outcome[row, i] == UNRESOLVED and p_kill < 1.0
    if u0 >= p_kill or (free and state.truth.spared[i] == 1):
        if free:
            records.threat.threat_spared_log[row, i] -= math.log1p(-p_kill)
        return True
    if free:
        records.threat.threat_spared_log[row, i] = -math.inf
    return False
