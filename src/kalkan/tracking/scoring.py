"""A picture at one instant against the truth, as compiled code: what ``metrics`` tells of many, without its memory.

Pairs of tracks and objects by the optimal assignment of GOSPA (α = 2, p = 2); a track that is left over belongs to the
object nearest to it within the cut-off, too, as a second track on it; the others belong to none. kalkan's own
simplification: ``metrics.siap`` asks for a few samples in a row before a track belongs, here each instant is judged by
itself, and in a formation two tracks near two aircraft are not both the nearer one's.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from kalkan.arrays import Struct
from kalkan.jit import kernel
from kalkan.tracking.assignment import solve
from kalkan.tracking.tables import Assignment

OBJECTS = np.dtype(
    [  # true objects that are there
        ("x", "f8", 6),  # in the picture's frame [m, m/s]
        ("number", "i8"),  # which it is
        ("in_view", "i8"),  # 1 if the picture's own radars can see it
        ("tracked", "i8"),  # answer: 1 if a track is assigned to it
    ],
    align=True,
)
CLAIMANTS = np.dtype(
    [  # tracks that claim to tell of one
        ("x", "f8", 6),  # [m, m/s]
        ("slot", "i8"),  # which it is
        ("owner", "i8"),  # answer: row of the object that it belongs to, -1: none
        ("error_m", "f8"),  # answer: distance from it [m]
        ("spare", "i8"),  # answer: 1 if it is assigned to none
    ],
    align=True,
)


class Score(NamedTuple):
    """How good a picture is at one instant."""

    gospa_m: float
    tracked: int  # objects that a track is assigned to
    owned: int  # tracks that belong to an object
    full: bool  # there was no room for all pairs: the rest is lacking


@kernel
def score(
    objects: Struct, n_objects: int, claimants: Struct, n_claimants: int, cut_off_m: float, a: Assignment
) -> Score:
    """Assign tracks to objects; which belongs to which stands in `claimants` and `objects` afterwards.

    Parameters
    ----------
    objects : OBJECTS
    claimants : CLAIMANTS
    n_objects, n_claimants : int
        So many of each, at most as many as `a` has room for.
    cut_off_m : float
        No pair is further apart [m].
    a : Assignment
        Scratch.
    """
    c2, n_pairs, full = cut_off_m * cut_off_m, 0, False
    for j in range(n_claimants):
        claimants.owner[j], claimants.error_m[j] = -1, math.inf
    for i in range(n_objects):
        objects.tracked[i] = 0
        a.rows.first[i] = n_pairs
        for j in range(n_claimants):
            d2 = _distance2(objects, i, claimants, j, c2)
            if d2 >= c2:
                continue
            if n_pairs == a.pairs.size:
                full = True
                break
            a.pairs.column[n_pairs], a.pairs.cost[n_pairs] = j, d2 - c2
            n_pairs += 1
            if d2 < claimants.error_m[j] ** 2:
                claimants.owner[j], claimants.error_m[j] = i, math.sqrt(d2)
    a.rows.first[n_objects] = n_pairs
    solve(a, n_objects, n_claimants)
    whole, tracked, owned = 0.5 * c2 * (n_objects + n_claimants), 0, 0
    for i in range(n_objects):
        j = a.rows.column[i]
        if j >= 0:
            d2 = _distance2(objects, i, claimants, j, c2)
            claimants.owner[j], claimants.error_m[j] = i, math.sqrt(d2)
            objects.tracked[i] = 1
            whole += d2 - c2
            tracked += 1
    for j in range(n_claimants):
        claimants.spare[j] = a.columns.row[j] < 0
        owned += claimants.owner[j] >= 0
    return Score(math.sqrt(max(whole, 0.0)), tracked, owned, full)


@kernel
def _distance2(objects: Struct, i: int, claimants: Struct, j: int, enough_m2: float) -> float:
    """Squared distance [m2] of an object and a track; of far ones only that it is enough."""
    d2 = 0.0
    for axis in range(3):
        d2 += (objects.x[i, axis] - claimants.x[j, axis]) ** 2
        if d2 >= enough_m2:
            return d2
    return d2
