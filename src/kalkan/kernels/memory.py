"""Memory: targets that were shot at and whose track was lost.

A post limits its rounds by target, but knows targets only as tracks. When a track that was shot at ends
without being judged dead, what was launched at it is remembered at its last place; a new track that can
continue it takes the count over. So a track that breaks does not buy a fresh salvo. kalkan's own
simplification: the nearest such memory is taken, which in a dense raid may be a neighbour's.
"""

from __future__ import annotations

import math

from kalkan.arrays import F8, Struct
from kalkan.jit import kernel


@kernel
def remember(
    memory: Struct, p: int, fired: int, t_s: float, x: F8, variance_m2: float, variance_m2_s2: float,
    memory_s: float,
) -> bool:  # fmt: skip
    """Keep that `fired` rounds went at a target last seen at `t_s` [s]; the oldest memory makes way.

    Parameters
    ----------
    x : array (6,)
        Its last state [m, m/s], in picture `p`'s frame.
    variance_m2, variance_m2_s2 : float
        Trace of the covariance of its position [m2] and of its velocity [m2/s2].
    memory_s : float
        How long a memory counts [s].

    Returns
    -------
    bool
        Whether one made way that would still have counted.
    """
    oldest = 0
    for m in range(memory.shape[1]):
        if memory.fired[p, m] == 0:
            oldest = m
            break
        if memory.t_s[p, m] < memory.t_s[p, oldest]:
            oldest = m
    forgets = memory.fired[p, oldest] > 0 and t_s - memory.t_s[p, oldest] <= memory_s
    memory.fired[p, oldest], memory.t_s[p, oldest] = fired, t_s
    memory.variance_m2[p, oldest], memory.variance_m2_s2[p, oldest] = variance_m2, variance_m2_s2
    for i in range(6):
        memory.x[p, oldest, i] = x[i]
    return forgets


@kernel
def recall(pictures: Struct, gate: float, memory: Struct, table: Struct, p: int, k: int) -> int:
    """Rounds launched at the nearest lost target that track `k` can continue, which is then forgotten; or 0."""
    best, best2 = -1, math.inf
    for m in range(memory.shape[1]):
        gap_s = table.begun_s[p, k] - memory.t_s[p, m]
        if memory.fired[p, m] == 0 or gap_s <= 0.0 or gap_s > pictures.memory_s[p]:
            continue
        v2, d2, off2 = 0.0, 0.0, 0.0
        for i in range(3):
            v2 += memory.x[p, m, i + 3] ** 2
            away = table.begun_m[p, k, i] - memory.x[p, m, i]
            d2 += away * away
            off2 += (away - gap_s * memory.x[p, m, i + 3]) ** 2
        drift2 = gap_s * gap_s * memory.variance_m2_s2[p, m]
        error = math.sqrt(gate * (memory.variance_m2[p, m] + drift2 + table.begun_m2[p, k]))
        if d2 <= (math.sqrt(v2) * gap_s + error) ** 2 and off2 < best2:
            best, best2 = m, off2
    if best < 0:
        return 0
    fired = memory.fired[p, best]
    memory.fired[p, best] = 0
    return fired
