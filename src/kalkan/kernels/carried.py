"""What a wave of a campaign begins with and what it leaves: rounds on launchers and behind them, parts that are out.

One row for each row of the records. A run of one raid carries nothing, and every array here has no length: launchers
are full then, and all parts work.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from kalkan.arrays import F8, I8, Struct
from kalkan.jit import kernel
from kalkan.kernels import events
from kalkan.kernels.plan import Plan
from kalkan.kernels.state import State
from kalkan.schema import MAX_TYPES

SPELLS_PER_PART = 4  # times in one wave that there is room for, on average
SPELL = np.dtype([("part", "i8"), ("from_s", "f8"), ("until_s", "f8")], align=True)


class Carried(NamedTuple):
    """From wave to wave, by row."""

    loaded: I8  # (n, n_launcher, MAX_TYPES) rounds on launchers
    sets: I8  # (n, n_launcher, MAX_TYPES) full reloads in stock
    launched: I8  # (n, n_launcher, MAX_TYPES) rounds launched in the wave
    spells: Struct  # (n, n_spell) SPELL: parts that are out, and from when until when [s]; inf: beyond the wave
    n: I8  # (n,) spells of each row
    until_s: F8  # (n, n_part) until when each part is out at the end [s]
    vehicle_s: F8  # (n, n_unit, n_vehicle) when each reload vehicle is back that is down at the begin [s]


def nothing() -> Carried:
    """Of a run of one raid."""
    return allocate(0, 0, 0)


def allocate(n: int, launchers: int, parts: int, units: int = 0, vehicles: int = 0) -> Carried:
    """Room for `n` rows, with so many reload vehicles of each unit at most."""
    loads, spells = (n, launchers, MAX_TYPES), SPELLS_PER_PART * parts
    return Carried(
        np.zeros(loads, np.int64), np.zeros(loads, np.int64), np.zeros(loads, np.int64), np.zeros((n, spells), SPELL),
        np.zeros(n, np.int64), np.zeros((n, parts)), np.zeros((n, units, vehicles)),
    )  # fmt: skip


@kernel
def is_carried(carried: Carried) -> bool:
    """Whether there is anything but a fresh defence."""
    return carried.n.size > 0


@kernel
def queue_spells(plan: Plan, state: State, carried: Carried, row: int) -> None:
    """Put into the queue when each part goes out; entities behind all others of ``events.CHANGE``."""
    damage = plan.damage
    first = damage.parts.size + damage.outages.size + plan.units.size + plan.radars.size
    for k in range(carried.n[row]):
        spell = carried.spells[row, k]
        events.push(state.heap, max(spell.from_s, 0.0), events.CHANGE, damage.parts.key[spell.part], first + k)


@kernel
def leave(state: State, carried: Carried, row: int) -> None:
    """Write down what is left at the end of the wave; a reload that is under way will have ended by the next."""
    for q in range(carried.launched.shape[1]):
        for w in range(MAX_TYPES):
            carried.launched[row, q, w] = state.magazine.launched[q, w]
    for a in range(carried.until_s.shape[1]):
        carried.until_s[row, a] = state.condition.parts.until_s[a] if state.condition.parts.size else -math.inf
