"""Hauling: reload vehicles that are few, and launchers that leave their place after so many rounds.

A launcher whose last round of a type is gone is reloaded by the first vehicle of its unit that is free; vehicles take
the launchers in the order in which they ran out, each for the reload time (a queue as of Kiefer and Wolfowitz 1955,
doi:10.1090/S0002-9947-1955-0066587-3, with vehicles for servers). A launcher that moves takes its rounds with it and
launches none until it stands again; a reload that ends meanwhile waits there. The rounds in the air need it no more.
kalkan's own simplifications: it stands where it stood, as seen from its targets, and vehicles find it.
"""

from __future__ import annotations

import math

import numpy as np

from kalkan.arrays import F8, Struct
from kalkan.jit import kernel
from kalkan.kernels import events
from kalkan.kernels.booking import note
from kalkan.kernels.damage import LAUNCHER
from kalkan.kernels.events import Heap
from kalkan.kernels.world import World
from kalkan.schema import EV_STANDS, MAX_TYPES


@kernel
def haul(
    units: Struct, launchers: Struct, magazine: Struct, unit: Struct, free_s: F8, heap: Heap, u: int, q: int, w: int,
    t_s: float,
) -> None:  # fmt: skip
    """What follows when launcher `q` of unit `u` has launched a round of type `w`.

    Parameters
    ----------
    free_s : array (n_unit, n_vehicle)
        When each reload vehicle is free [s].
    """
    if magazine.ready[q, w] == 0 and magazine.sets[q, w] > 0:
        magazine.sets[q, w] -= 1
        key = units.key[u] + np.uint64((q - units.first_launcher[u]) * MAX_TYPES + w)
        events.push(heap, reloaded_s(units, free_s, u, t_s), events.RELOAD, key, q * MAX_TYPES + w)
    magazine.fired[q] += 1
    if magazine.fired[q] == units.displace_after[u]:
        magazine.fired[q], magazine.moving[q] = 0, True
        for v in range(MAX_TYPES):
            magazine.parked[q, v], magazine.ready[q, v] = magazine.ready[q, v], 0
            unit.rounds[u, v] -= magazine.parked[q, v]
            unit.ready[u] -= magazine.parked[q, v]
        key = units.key[u] + np.uint64(q - units.first_launcher[u])
        events.push(heap, t_s + units.displace_s[u], events.STANDS, key, q)


@kernel
def reloaded_s(units: Struct, free_s: F8, u: int, t_s: float) -> float:
    """When a launcher of unit `u` that has run out at `t_s` will be reloaded [s]; its vehicle is taken until then."""
    if units.reload_vehicles[u] == 0:
        return t_s + units.reload_s[u]
    first = 0
    for v in range(units.reload_vehicles[u]):
        first = v if free_s[u, v] < free_s[u, first] else first
    free_s[u, first] = max(t_s, free_s[u, first]) + units.reload_s[u]
    return free_s[u, first]


@kernel
def out_until_s(world: World, q: int) -> float:
    """Until when launcher `q` is out of action [s]; the far past where it is not."""
    parts, condition = world.plan.damage.parts, world.state.condition
    for a in range(parts.size):
        if parts.kind[a] == LAUNCHER and parts.index[a] == q:
            return condition.parts.until_s[a]
    return -math.inf


@kernel
def stand(world: World, q: int, t_s: float) -> None:
    """Launcher `q` stands again, with its rounds and what was brought; one that is out does once it is repaired."""
    plan, state = world.plan, world.state
    magazine, u = state.magazine, plan.launchers.unit[q]
    out_s = out_until_s(world, q)
    if out_s > t_s:
        if out_s < math.inf:
            key = plan.units.key[u] + np.uint64(q - plan.units.first_launcher[u])
            events.push(state.heap, out_s, events.STANDS, key, q)
        return
    magazine.moving[q] = False
    for w in range(MAX_TYPES):
        n = magazine.parked[q, w]
        magazine.parked[q, w] = 0
        magazine.ready[q, w] += n
        state.unit.rounds[u, w] += n
        state.unit.ready[u] += n
    note(world, t_s, EV_STANDS, q, u, 0.0)
