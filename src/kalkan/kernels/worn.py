"""Rooms of a defence that can be hit: searching and reloading, unless the radar or the launcher is out."""

from __future__ import annotations

import math

import numpy as np

from kalkan.jit import kernel
from kalkan.kernels import events
from kalkan.kernels.disturbed import sweep_disturbed
from kalkan.kernels.hauling import out_until_s
from kalkan.kernels.search import close_sector, open_sector, sweep
from kalkan.kernels.supply import reload
from kalkan.kernels.world import World
from kalkan.schema import MAX_TYPES


@kernel
def sweep_if_it_works(world: World, r: int, t_s: float) -> None:
    """As ``search.sweep``, of a radar that still searches and may see nothing."""
    if not _ended(world, r) and not _passed_blindly(world, r, t_s):
        sweep(world, r, t_s)


@kernel
def sweep_disturbed_if_it_works(world: World, r: int, t_s: float) -> None:
    """As ``disturbed.sweep_disturbed``, of a radar that still searches and may see nothing."""
    if not _ended(world, r) and not _passed_blindly(world, r, t_s):
        sweep_disturbed(world, r, t_s)


@kernel
def _ended(world: World, r: int) -> bool:
    """Whether radar `r` feeds no picture any more: its search has ended."""
    if world.plan.radars.picture[r] >= 0:
        return False
    world.state.condition.radars.searching[r] = 0
    return True


@kernel
def _passed_blindly(world: World, r: int, t_s: float) -> bool:
    """Whether radar `r` sees nothing just now; its turn goes on."""
    if world.plan.radars.range_max_m[r] > 0.0:
        return False
    close_sector(world, r, t_s, open_sector(world, r))
    return True


@kernel
def reload_if_it_works(world: World, entity: int, t_s: float) -> None:
    """As ``supply.reload``; a launcher that is out is reloaded when it is back."""
    q = entity // MAX_TYPES
    out_s = out_until_s(world, q)
    if out_s <= t_s:
        reload(world, entity, t_s)
    elif out_s < math.inf:
        key = world.plan.units.key[world.plan.launchers.unit[q]] + np.uint64(entity)
        events.push(world.state.heap, out_s, events.RELOAD, key, entity)
