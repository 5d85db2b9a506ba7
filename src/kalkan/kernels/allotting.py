"""Assignment by what each engagement is worth: expected value, or a policy of the user's own.

In a command cycle every waiting track that some unit can take is a row of an offer: the value that it threatens, the
time until then, and for each unit when it would meet the track and how likely its salvo kills it. A policy says from
the offer, which is a few small arrays, what each engagement is worth (`kalkan.policies`); the free channels are then
given so that the sum is as large as it can be (``tracking.assignment``). One target gets one unit in a cycle.
"""

from __future__ import annotations

import math

from kalkan.arrays import F8, I8
from kalkan.jit import kernel
from kalkan.kernels.booking import fell_short
from kalkan.kernels.command import (
    book,
    book_without_channel,
    cued_after_s,
    cycle,
    free_channels,
    give_chosen,
    meets,
    milder,
    queue_next,
    rank,
    usable_channels,
    waiting,
)
from kalkan.kernels.intercept import altitude_m, solve_intercept
from kalkan.kernels.launching import allowed_there, worth_a_round
from kalkan.kernels.outlook import outlook, perceived_class
from kalkan.kernels.plan import ASSIGN_EXPECTED, Plan
from kalkan.kernels.state import ROWS_PER_CHANNEL, SPARE_ROWS, State
from kalkan.kernels.world import World
from kalkan.schema import NOT_CHOSEN, PAIRS_FULL
from kalkan.tracking.assignment import solve


@kernel
def expected_value(
    value: F8, urgency_s: F8, until_s: F8, p_kill: F8, rounds: I8, channels: I8, worth: F8
) -> None:
    """What each engagement keeps on average: value times the chance of a kill, if it comes before the target does.

    The sum over what is ordered is the expected value kept of weapon-target assignment with one engagement for each
    target (Manne 1958, doi:10.1287/opre.6.3.346); parameters as in ``kalkan.policies``.
    """
    for i in range(value.size):
        for u in range(rounds.size):
            in_time = until_s[i, u] <= urgency_s[i]
            worth[i, u] = value[i] * p_kill[i, u] if in_time else 0.0


@kernel
def cycle_by_worth(world: World, p: int, t_s: float) -> None:
    """A command cycle of picture `p`, which may be one that assigns in the usual ways; the next is queued."""
    plan, state = world.plan, world.state
    if plan.pictures.assignment[p] < ASSIGN_EXPECTED:
        cycle(world, p, t_s)
        return
    n = waiting(plan, state, p, t_s)
    if n > 0:
        n_channels = free_channels(plan, state, p)
        if n_channels == 0:
            book_without_channel(plan, state, p, t_s, n)
        else:
            rank(plan, state, p, t_s, n)
            _allot(world, p, t_s, n, n_channels)
    queue_next(plan, state, p, t_s)


@kernel
def _allot(world: World, p: int, t_s: float, n: int, n_channels: int) -> None:
    """Offer the waiting tracks, ask what each engagement is worth, and give the channels for the largest sum."""
    plan, state = world.plan, world.state
    orders, offers = state.orders, state.offers
    n_rows, most = 0, min(ROWS_PER_CHANNEL * n_channels + SPARE_ROWS, offers.value.size)
    for u in range(plan.units.size):
        mine = plan.units.picture[u] == p
        offers.rounds[u] = state.unit.ready[u] if mine else 0
        offers.channels[u] = usable_channels(plan, state, u) if mine else 0
    for i in range(n):
        if n_rows == most:
            break
        j = orders.order[i]
        reason = _offer(plan, state, p, j, t_s, n_rows)
        if reason == NOT_CHOSEN:
            orders.row[n_rows] = orders.track[j]
            n_rows += 1
        if reason > 0:
            book(state, p, orders.track[j], reason, plan.pictures.cycle_s[p])
    if n_rows == 0:
        return
    _weigh(plan, state, p, n_rows)
    if _pair(state, n_rows) == state.assignment.pairs.size:
        fell_short(world, PAIRS_FULL)
    solve(state.assignment, n_rows, n_channels)
    give_chosen(world, p, t_s, n_rows)


@kernel
def _offer(plan: Plan, state: State, p: int, j: int, t_s: float, row: int) -> int:
    """Write what the units of the post offer for waiting track `j`; why it may go without, 0: nobody looked."""
    orders, offers, reason = state.orders, state.offers, 0
    k = orders.track[j]
    offers.value[row], offers.urgency_s[row] = orders.value[j], orders.urgency_s[j]
    for u in range(plan.units.size):
        offers.until_s[row, u], offers.p_kill[row, u], offers.worth[row, u] = math.inf, 0.0, 0.0
        if plan.units.picture[u] != p or state.retry_s[p, k, u] > t_s:
            continue
        until, why = meets(plan, state, u, k, t_s)
        reason = milder(reason, why)
        if until < math.inf:
            reason = NOT_CHOSEN
            offers.until_s[row, u], offers.p_kill[row, u] = until, salvo_kills(plan, state, u, k, t_s)
    return reason


@kernel
def salvo_kills(plan: Plan, state: State, u: int, k: int, t_s: float) -> float:
    """Chance that the next salvo of unit `u` kills track `k`, ordered now: of independent rounds, as claimed.

    The factors of ``models.lethality`` are those of the predicted meeting; its height above the ground is taken for
    that above the sea. kalkan's own simplifications.
    """
    p, units = plan.units.picture[u], plan.units
    x, y, z, vz = outlook(plan.pictures, state.tracks, p, k, t_s + cued_after_s(plan, state, u, k, t_s))
    vx, vy = state.tracks.table.x[p, k, 3], state.tracks.table.x[p, k, 4]
    kind = perceived_class(plan.pictures, p, x, y, z, vx, vy, vz)
    for a in range(units.preference.shape[2]):
        w = units.preference[u, kind, a]
        if w < 0:
            break
        if state.unit.rounds[u, w] == 0:
            continue
        flight, speed, _ = solve_intercept(plan, u, w, x, y, z, vx, vy, vz)
        if not worth_a_round(plan, u, kind, w, x, y, z, vx, vy, vz, flight) or flight == math.inf:
            continue
        mx, my, mz = x + flight * vx, y + flight * vy, z + flight * vz
        if allowed_there(units, u, kind, math.hypot(mx - units.position_m[u, 0], my - units.position_m[u, 1])):
            left = plan.models.salvo(units.salvo[u, kind], units.max_rounds[u, kind], state.targets.fired[p, k])
            one = _one_kills(plan, u, w, kind, mx, my, mz, vx, vy, vz, speed)
            return 1.0 - (1.0 - one) ** min(left, state.unit.rounds[u, w])
    return 0.0


@kernel
def _one_kills(
    plan: Plan, u: int, w: int, kind: int,
    x: float, y: float, z: float, vx: float, vy: float, vz: float, speed_m_s: float,
) -> float:  # fmt: skip
    """Chance that one round of type `w` kills what it meets there [m, m/s], of the class that it is taken for."""
    p, types = plan.units.picture[u], plan.interceptors
    dx, dy, dz = x - plan.units.position_m[u, 0], y - plan.units.position_m[u, 1], z - plan.units.position_m[u, 2]
    target_m_s = math.sqrt(vx * vx + vy * vy + vz * vz)
    if target_m_s == 0.0:
        return types.p_kill[w, kind]
    away = (dx * vx + dy * vy + dz * vz) / (math.sqrt(dx * dx + dy * dy + dz * dz) * target_m_s)
    crossing_rad = math.acos(min(max(-away, -1.0), 1.0))
    height = altitude_m(plan.pictures, p, x, y, z)
    return plan.models.kill(
        types.p_kill[w, kind], speed_m_s / target_m_s, crossing_rad, height, height, types.altitude_min_m[w],
        types.altitude_max_m[w], types.no_speed_ratio[w, kind], types.full_speed_ratio[w, kind],
        types.full_crossing_rad[w], types.tail_chase_factor[w], types.edge_factor[w], types.edge_fraction[w],
    )  # fmt: skip


@kernel
def _weigh(plan: Plan, state: State, p: int, n_rows: int) -> None:
    """Ask the policy of the post."""
    o = state.offers
    if plan.pictures.assignment[p] == ASSIGN_EXPECTED:
        expected_value(
            o.value[:n_rows], o.urgency_s[:n_rows], o.until_s[:n_rows], o.p_kill[:n_rows], o.rounds, o.channels,
            o.worth[:n_rows],
        )  # fmt: skip
    else:
        plan.models.policy(
            o.value[:n_rows], o.urgency_s[:n_rows], o.until_s[:n_rows], o.p_kill[:n_rows], o.rounds, o.channels,
            o.worth[:n_rows],
        )  # fmt: skip


@kernel
def _pair(state: State, n_rows: int) -> int:
    """Rows and channels that may go together, at the cost of minus their worth; their number."""
    a, offers, n_pairs = state.assignment, state.offers, 0
    for i in range(n_rows):
        a.rows.first[i] = n_pairs
        column = 0
        for u in range(offers.channels.size):
            here = offers.until_s[i, u] < math.inf and offers.worth[i, u] > 0.0
            for c in range(column, column + offers.channels[u]):
                if here and n_pairs < a.pairs.size:
                    a.pairs.column[n_pairs], a.pairs.cost[n_pairs] = c, -offers.worth[i, u]
                    n_pairs += 1
            column += offers.channels[u]
    a.rows.first[n_rows] = n_pairs
    return n_pairs
