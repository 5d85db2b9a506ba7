"""Supply on the battlefield: rounds leave launchers, which are reloaded from stock, type by type."""

from __future__ import annotations

import numpy as np

from kalkan.jit import kernel
from kalkan.kernels import events
from kalkan.kernels.booking import note
from kalkan.kernels.carried import is_carried
from kalkan.kernels.plan import Plan
from kalkan.kernels.state import State
from kalkan.kernels.world import World
from kalkan.schema import EV_RELOAD, MAX_TYPES


@kernel
def fill(world: World) -> None:
    """Full launchers and full stock, as at the start; in a later wave of a campaign, what is there."""
    plan, state, carried, row = world.plan, world.state, world.carried, world.run.row[0]
    magazine = state.magazine
    magazine.fired[:], magazine.moving[:], magazine.parked[:], state.hauling_s[:] = 0, False, 0, 0.0
    magazine.launched[:] = 0
    if is_carried(carried):
        for u in range(carried.vehicle_s.shape[1]):
            for v in range(carried.vehicle_s.shape[2]):
                state.hauling_s[u, v] = carried.vehicle_s[row, u, v]
    state.unit.rounds[:] = 0
    state.unit.ready[:] = 0
    for q in range(plan.launchers.size):
        for w in range(MAX_TYPES):
            magazine.sets[q, w], n = plan.launchers.reload_sets[q], plan.launchers.load[q, w]
            if is_carried(carried):
                magazine.sets[q, w], n = carried.sets[row, q, w], carried.loaded[row, q, w]
            magazine.ready[q, w] = 0
            _load(plan, state, q, w, n)


@kernel
def _load(plan: Plan, state: State, q: int, w: int, n: int) -> None:
    """Put `n` rounds of type `w` on launcher `q`, which has none left; one that moves has it when it stands again."""
    u = plan.launchers.unit[q]
    if state.magazine.moving[q]:
        state.magazine.parked[q, w] += n
        return
    state.magazine.ready[q, w] += n
    state.unit.rounds[u, w] += n
    state.unit.ready[u] += n


@kernel
def take_round(plan: Plan, state: State, u: int, w: int, t_s: float) -> None:
    """Take a round of type `w` from the launcher of unit `u` that has most of it.

    A launcher whose last round of a type this was is reloaded with that type after the reload time, while
    stock lasts, whatever else it still carries. The unit must have such a round.
    """
    magazine = state.magazine
    best = -1
    for q in range(plan.units.first_launcher[u], plan.units.last_launcher[u]):
        if best < 0 or magazine.ready[q, w] > magazine.ready[best, w]:
            best = q
    magazine.ready[best, w] -= 1
    magazine.launched[best, w] += 1
    state.unit.rounds[u, w] -= 1
    state.unit.ready[u] -= 1
    if plan.models.hauls:
        plan.models.haul(plan.units, plan.launchers, magazine, state.unit, state.hauling_s, state.heap, u, best, w, t_s)
    elif magazine.ready[best, w] == 0 and magazine.sets[best, w] > 0:
        magazine.sets[best, w] -= 1
        key = plan.units.key[u] + np.uint64((best - plan.units.first_launcher[u]) * MAX_TYPES + w)
        events.push(state.heap, t_s + plan.units.reload_s[u], events.RELOAD, key, best * MAX_TYPES + w)


@kernel
def reload(world: World, entity: int, t_s: float) -> None:
    """A launcher has its rounds of one type again; `entity` names both."""
    plan, state = world.plan, world.state
    q, w = entity // MAX_TYPES, entity % MAX_TYPES
    _load(plan, state, q, w, plan.launchers.load[q, w])
    note(world, t_s, EV_RELOAD, q, plan.launchers.unit[q], float(w))
