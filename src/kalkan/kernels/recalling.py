"""Recalling: orders that no longer serve are taken back before a round of theirs is in the air.

Only where a doctrine sets a ``reassign_gain``; else an order stands until its engagement ends. In each command cycle
the post first looks at its orders of which no round of the running salvo has left. It takes one back whose target is
gone or out of reach, gives it to another unit that would meet the target earlier by at least the gain, and takes back
the order of least value for a waiting target of more value that finds no free channel. Everything works on tracks.
"""

from __future__ import annotations

import math

from kalkan.arrays import Struct
from kalkan.jit import kernel
from kalkan.kernels.allotting import cycle_by_worth
from kalkan.kernels.booking import note
from kalkan.kernels.command import cued_after_s, evaluate_threat, give, meets, met_lately, rank, reaches, waiting
from kalkan.kernels.engagement import release
from kalkan.kernels.plan import Plan
from kalkan.kernels.state import HOLDING, IDLE, REACTING, State
from kalkan.kernels.world import World
from kalkan.schema import EV_RECALLED, NOT_CHOSEN, NOT_HELD
from kalkan.tracking.tables import FREE


@kernel
def cycle_anew(world: World, p: int, t_s: float) -> None:
    """A command cycle of picture `p` that first takes back what no longer serves; the next is queued."""
    if world.plan.pictures.reassign_gain_s[p] < math.inf:
        _reconsider(world, p, t_s)
        _make_room(world, p, t_s)
    cycle_by_worth(world, p, t_s)


@kernel
def _unshot(eng: Struct, u: int, c: int) -> bool:
    """Whether channel `c` has an order of whose running salvo no round has left, nor is one of another in the air."""
    return eng.phase[u, c] != IDLE and eng.salvo[u, c] < 0 and eng.in_flight[u, c] == 0


@kernel
def recall(world: World, u: int, c: int, t_s: float, reason: int) -> None:
    """Take back the order of channel `c`; the time that it took is booked against `reason`."""
    plan, state, records, row = world.plan, world.state, world.records, world.run.row[0]
    eng = state.slot
    blamed = eng.blamed[u, c]
    records.unit.orders_recalled[row, u] += 1
    note(world, t_s, EV_RECALLED, blamed, u, float(reason))
    if blamed >= 0:
        state.truth.obstacle_s[blamed, reason] += t_s - eng.since_s[u, c]
    release(world, u, c, t_s, t_s + plan.pictures.retry_s[plan.units.picture[u]])


@kernel
def _reconsider(world: World, p: int, t_s: float) -> None:
    """Take back the orders of picture `p` that cannot be carried out; pass on those that another unit would sooner."""
    plan, state = world.plan, world.state
    eng, table = state.slot, state.tracks.table
    for u in range(plan.units.size):
        if plan.units.picture[u] != p:
            continue
        for c in range(plan.units.target_channels[u]):
            if not _unshot(eng, u, c):
                continue
            k = eng.track[u, c]
            ended = table.serial[p, k] != eng.track_serial[u, c] or table.status[p, k] == FREE
            if ended or (eng.phase[u, c] != HOLDING and not met_lately(plan, state, p, k, t_s)):
                recall(world, u, c, t_s, NOT_HELD)
                continue
            until, why = _would_meet(plan, state, u, c, t_s)
            if until == math.inf:
                recall(world, u, c, t_s, why)
                continue
            other = _sooner(plan, state, u, k, t_s, until - plan.pictures.reassign_gain_s[p])
            if other >= 0:
                recall(world, u, c, t_s, NOT_CHOSEN)
                give(world, other, k, t_s)


@kernel
def _would_meet(plan: Plan, state: State, u: int, c: int, t_s: float) -> tuple[float, int]:
    """Time until a round of the order in channel `c` meets its track [s]; inf: none could, nor if ordered now.

    Its engagement radar looks for the track from the end of the reaction on; and why not.
    """
    eng, p = state.slot, plan.units.picture[u]
    wait_s = max(eng.ready_s[u, c] - t_s, 0.0) if eng.phase[u, c] == REACTING else 0.0
    flight, _ = reaches(plan, state, u, eng.track[u, c], t_s, t_s + wait_s)
    if flight < math.inf:
        return wait_s + flight, 0
    flight, why = reaches(plan, state, u, eng.track[u, c], t_s, t_s + plan.pictures.reaction_s[p])
    return plan.pictures.reaction_s[p] + flight, why


@kernel
def _sooner(plan: Plan, state: State, but: int, k: int, t_s: float, within_s: float) -> int:
    """The unit that would meet track `k` soonest of those that would within `within_s` [s] of now; -1: none does."""
    p, units, best, soonest = plan.units.picture[but], plan.units, -1, within_s
    for u in range(units.size):
        if units.picture[u] != p or u == but or state.retry_s[p, k, u] > t_s:
            continue
        until, _ = meets(plan, state, u, k, t_s)
        if until <= soonest:
            best, soonest = u, until
    return best


@kernel
def _make_room(world: World, p: int, t_s: float) -> None:
    """Give each waiting track that finds no free channel the one of the least valued order below its own value."""
    plan, state = world.plan, world.state
    n = waiting(plan, state, p, t_s)
    if n == 0:
        return
    rank(plan, state, p, t_s, n)
    for i in range(n):
        j = state.orders.order[i]
        k = state.orders.track[j]
        u, c = _least_valued(plan, state, p, k, state.orders.value[j], t_s)
        if u >= 0:
            recall(world, u, c, t_s, NOT_CHOSEN)
            give(world, u, k, t_s)


@kernel
def _least_valued(plan: Plan, state: State, p: int, k: int, value: float, t_s: float) -> tuple[int, int]:
    """Unit and channel of the order of least value, below `value`, whose unit could meet track `k` instead.

    (-1, -1): there is none, or some unit meets it with a free channel. What an engagement radar holds stays.
    """
    eng, units = state.slot, plan.units
    at_u, at_c, least = -1, -1, value
    for u in range(units.size):
        if units.picture[u] != p or state.retry_s[p, k, u] > t_s:
            continue
        if meets(plan, state, u, k, t_s)[0] < math.inf:
            return -1, -1
        if reaches(plan, state, u, k, t_s, t_s + cued_after_s(plan, state, u, k, t_s))[0] == math.inf:
            continue
        for c in range(units.target_channels[u]):
            if _unshot(eng, u, c) and eng.phase[u, c] < HOLDING:
                _, worth = evaluate_threat(plan, state, p, eng.track[u, c], t_s)
                if worth < least:
                    at_u, at_c, least = u, c, worth
    return at_u, at_c
