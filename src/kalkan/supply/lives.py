"""Chance in upkeep: when a part fails, what it then needs, and how long things last.

All that follows from a part's n-th failure is one draw, keyed by the part's name and n: variants in which the part has
failed as often draw the same. A life begun anew by maintenance is a draw of its own, keyed by n and how often.
"""

from __future__ import annotations

import math

from kalkan.arrays import Struct
from kalkan.jit import kernel
from kalkan.kernels import random
from kalkan.kernels.random import Word
from kalkan.schema import EXPONENTIAL, FIXED, WEIBULL
from kalkan.supply.tables import Upkeep


@kernel
def lasting_s(distribution: int, scale_s: float, shape: float, u: float) -> float:
    """A time [s] from a uniform in (0, 1): ``scale_s`` is that of `scale_of`.

    Weibull's with shape k: scale (-ln u)^(1/k), ageing for k > 1. Lognormal: scale exp(σ z), usual of repairs
    (MIL-HDBK-338B, 5.6.2.1). Fixed: the scale itself.
    """
    if distribution == EXPONENTIAL:
        return -scale_s * math.log(u)
    if distribution == FIXED:
        return scale_s
    if distribution == WEIBULL:
        return scale_s * (-math.log(u)) ** (1.0 / shape)
    return scale_s * math.exp(shape * random.normal(u))


def scale_of(distribution: int, mean_s: float, shape: float) -> float:
    """The scale [s] of a distribution with this mean [s]."""
    if distribution in (EXPONENTIAL, FIXED):
        return mean_s
    return mean_s / math.gamma(1.0 + 1.0 / shape) if distribution == WEIBULL else mean_s * math.exp(-0.5 * shape**2)


@kernel
def live(upkeep: Upkeep, part: Struct, given: Struct, stream: Word, replication: int, t_s: float) -> None:
    """A part is back in action, as new: all that its next failure will be."""
    u_life, u_need, u_mend, part.u_lead = random.draw4(
        stream, replication, random.LIFE, given.key, 0, part.failures
    )
    part.renewed = 0
    part.fails_s = t_s + lasting_s(upkeep.failures, given.life_s, upkeep.failure_shape, u_life)
    part.mend_s = lasting_s(upkeep.repairs, given.repair_s, upkeep.repair_spread, u_mend)
    part.family = -1
    if u_need < given.p_spare:
        part.family = min(int(u_need / given.p_spare * upkeep.n_family), upkeep.n_family - 1)


@kernel
def renew(upkeep: Upkeep, part: Struct, given: Struct, stream: Word, replication: int, t_s: float) -> None:
    """Maintenance has made a part as new: its next failure is what it would have been, at another time."""
    part.renewed += 1
    u = random.draw4(stream, replication, random.RENEWAL, given.key, part.renewed, part.failures)[0]
    part.fails_s = t_s + lasting_s(upkeep.failures, given.life_s, upkeep.failure_shape, u)
