"""Struck: a threat gets through to a part of the defence, which may be put out by it.

A hit on a place puts out each part that stands there by that part's own claimed probability, for a repair time or for
good. What the defence lost earlier may be why a threat gets through: told where no other stage says why.
"""

from __future__ import annotations

import math

from kalkan.jit import kernel
from kalkan.kernels import random
from kalkan.kernels.damage import LAUNCHER, POST, RADAR
from kalkan.kernels.emission import aimed_chance
from kalkan.kernels.leaving import get_through, why
from kalkan.kernels.outage import put_out, settle
from kalkan.kernels.world import World, draw
from kalkan.schema import NEVER_SEEN, NO_TRACK, OUT_OF_ACTION, OUT_OF_ENVELOPE


@kernel
def leak_to_parts(world: World, i: int, t_s: float) -> None:
    """As ``leaving.leak``, where parts of the defence may be its aim, or may have been out."""
    plan = world.plan
    if not world.state.truth.alive[i]:
        return
    reason, kind, flown_at = _why_with_losses(world, i, why(world, i)), plan.threats.kind[i], -1
    p_hit = plan.kinds.hit_probability[kind]
    if plan.damage.homings.homes[kind]:
        u0, u1, _, _ = draw(world, random.HOMING, plan.threats.key[i], 0, 0)
        p_hit, flown_at = aimed_chance(world, i, t_s, p_hit, u0, u1)
    if get_through(world, i, t_s, reason, p_hit):
        strike(world, i, t_s, flown_at)
        settle(world, t_s)


@kernel
def _why_with_losses(world: World, i: int, reason: int) -> int:
    """The reason, or that the defence had lost parts: where it is said by nothing else, and one was out on its way.

    kalkan's own simplification: whether the part would have seen or stopped it is not asked.
    """
    truth = world.state.truth
    if world.state.condition.last_out_s[0] <= truth.start_s[i]:
        return reason
    unsaid = reason == OUT_OF_ENVELOPE and truth.obstacle_s[i, OUT_OF_ENVELOPE] == 0.0
    return OUT_OF_ACTION if reason in (NEVER_SEEN, NO_TRACK) or unsaid else reason


@kernel
def strike(world: World, i: int, t_s: float, flown_at: int) -> None:
    """Threat `i` hits its aim: each part that stands there is put out, or not; if it flew at a radar, that alone."""
    damage, records, row = world.plan.damage, world.records, world.run.row[0]
    parts, aim = damage.parts, world.plan.threats.aim[i]
    for q in range(parts.size):
        if not damage.stands[aim, q]:
            continue
        if flown_at >= 0 and not (parts.kind[q] == RADAR and parts.index[q] == flown_at):
            continue
        u0, u1, u2, _ = draw(world, random.STRUCK, world.plan.threats.key[i], parts.key[q], 0)
        if u0 >= parts.p_out[q]:
            continue
        put_out(world, q, t_s, math.inf if u1 < parts.beyond_repair[q] else t_s - parts.repair_s[q] * math.log(u2))
        index = parts.index[q]
        if parts.kind[q] == POST:
            records.post.post_losses[row, index] += 1
        elif parts.kind[q] == RADAR:
            records.radar.radar_losses[row, index] += 1
        elif parts.kind[q] == LAUNCHER:
            records.unit.launcher_losses[row, world.plan.launchers.unit[index]] += 1
