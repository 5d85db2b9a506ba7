"""Supply on the battlefield: rounds leave launchers, empty launchers are reloaded from stock."""

from __future__ import annotations

import numpy as np

from kalkan.jit import stage
from kalkan.kernels import events
from kalkan.kernels.plan import MAX_TYPES, Plan
from kalkan.kernels.records import Records, note
from kalkan.kernels.state import State
from kalkan.schema import EV_RELOAD


@stage
def fill(plan: Plan, state: State) -> None:
    """Full launchers and full stock, as at the start."""
    magazine = state.magazine
    state.unit.rounds[:] = 0
    state.unit.ready[:] = 0
    for q in range(plan.launchers.size):
        magazine.sets[q] = plan.launchers.reload_sets[q]
        _load(plan, state, q)


@stage
def _load(plan: Plan, state: State, q: int) -> None:
    """Put a full load on launcher `q`."""
    u = plan.launchers.unit[q]
    for w in range(MAX_TYPES):
        state.magazine.ready[q, w] = plan.launchers.load[q, w]
        state.unit.rounds[u, w] += plan.launchers.load[q, w]
        state.unit.ready[u] += plan.launchers.load[q, w]


@stage
def take_round(plan: Plan, state: State, u: int, w: int, t_s: float) -> None:
    """Take a round of type `w` from the launcher of unit `u` that has most of it.

    A launcher that is empty now is reloaded after the reload time, while stock lasts.
    The unit must have such a round.
    """
    magazine = state.magazine
    best = -1
    for q in range(plan.units.first_launcher[u], plan.units.last_launcher[u]):
        if best < 0 or magazine.ready[q, w] > magazine.ready[best, w]:
            best = q
    magazine.ready[best, w] -= 1
    state.unit.rounds[u, w] -= 1
    state.unit.ready[u] -= 1
    for other in range(MAX_TYPES):
        if magazine.ready[best, other] > 0:
            return
    if magazine.sets[best] > 0:
        magazine.sets[best] -= 1
        key = plan.units.key[u] + np.uint64(best - plan.units.first_launcher[u])
        events.push(state.heap, t_s + plan.units.reload_s[u], events.RELOAD, key, best)


@stage
def reload(plan: Plan, state: State, records: Records, row: int, q: int, t_s: float) -> None:
    """Launcher `q` is full again."""
    _load(plan, state, q)
    note(records, row, t_s, EV_RELOAD, q, plan.launchers.unit[q], 0.0)
