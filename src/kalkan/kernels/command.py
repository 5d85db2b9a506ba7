"""Command: threat evaluation and weapon assignment, once per command cycle, on tracks alone.

Evaluation: time until the track passes the asset that it threatens, and that asset's value.
Assignment: in order of urgency or value to the unit that can meet it soonest, or optimal over
all free channels of the post at once. Orders take effect after the post's reaction time.
"""

from __future__ import annotations

import math

from kalkan.arrays import F8, Struct
from kalkan.earth.frames import out_of
from kalkan.jit import kernel
from kalkan.kernels import events
from kalkan.kernels.booking import fell_short
from kalkan.kernels.engagement import order
from kalkan.kernels.intercept import altitude_m, bearing_rad, between_rad, falls, solve_intercept
from kalkan.kernels.launching import allowed_there, worth_a_round
from kalkan.kernels.outlook import outlook, perceived_class, too_high_m
from kalkan.kernels.plan import ASSIGN_NEAREST, ASSIGN_OPTIMAL, Plan
from kalkan.kernels.remote import faces, told_lately
from kalkan.kernels.sensing import TWO_PI, covers, distance_m
from kalkan.kernels.state import ROWS_PER_CHANNEL, SPARE_ROWS, State
from kalkan.kernels.world import World
from kalkan.schema import (
    NO_CHANNEL,
    NO_MISSILE,
    NOT_CHOSEN,
    NOT_HELD,
    NOT_WORTH,
    OUT_OF_ENVELOPE,
    PAIRS_FULL,
    TAKEN_FOR_DECOY,
    TOO_LATE,
)
from kalkan.tracking.assignment import solve, sort_by
from kalkan.tracking.lifecycle import predicted
from kalkan.tracking.tables import CONFIRMED


@kernel
def cycle(world: World, p: int, t_s: float) -> None:
    """A command cycle of picture `p`; the next is queued."""
    _decide(world, p, t_s)
    queue_next(world.plan, world.state, p, t_s)


@kernel
def queue_next(plan: Plan, state: State, p: int, t_s: float) -> None:
    """The next cycle of picture `p` waits its turn."""
    events.push(state.heap, t_s + plan.pictures.cycle_s[p], events.COMMAND, plan.pictures.key[p], p)


@kernel
def _decide(world: World, p: int, t_s: float) -> None:
    """Order engagements from picture `p`."""
    plan, state = world.plan, world.state
    n = waiting(plan, state, p, t_s)
    if n == 0:
        return
    n_channels = free_channels(plan, state, p)
    if n_channels == 0:
        book_without_channel(plan, state, p, t_s, n)
        return
    rank(plan, state, p, t_s, n)
    if plan.pictures.assignment[p] == ASSIGN_OPTIMAL:
        _assign_optimally(world, p, t_s, n, n_channels)
    else:
        _assign_in_order(world, p, t_s, n)


@kernel
def waiting(plan: Plan, state: State, p: int, t_s: float) -> int:
    """List the confirmed tracks that nobody engages; their number."""
    tracks, orders = state.tracks, state.orders
    if plan.pictures.coordination[p] == 1:
        _mark_elsewhere(plan, state, p, t_s)
    n = 0
    for a in range(tracks.n[p]):
        k = tracks.active[p, a]
        if tracks.table.status[p, k] != CONFIRMED or state.targets.engaged[p, k] > 0:
            continue
        if plan.identity.on and state.known.who.cleared[p, k] != tracks.table.serial[p, k]:
            continue
        if not met_lately(plan, state, p, k, t_s) or not _due(plan.units, state.retry_s, p, k, t_s):
            continue
        if plan.pictures.coordination[p] == 1 and orders.elsewhere[k]:
            continue
        orders.track[n] = k
        n += 1
    return n


@kernel
def met_lately(plan: Plan, state: State, p: int, k: int, t_s: float) -> bool:
    """Whether track `k` was met lately, and since it was taken for gone or a fire unit saw it no more."""
    gone_s = max(state.tracks.table.judged_s[p, k], state.targets.vanished_s[p, k])
    stale_s = max(gone_s, t_s - plan.pictures.fresh_share[p] * plan.pictures.coast_s[p])
    return state.tracks.table.hit_s[p, k] > stale_s


@kernel
def _due(units: Struct, retry_s: F8, p: int, k: int, t_s: float) -> bool:
    """Whether some unit of the post may be given track `k` again, before anything is worked out about it."""
    for u in range(units.size):  # noqa: SIM110 (the loop is compiled)
        if units.picture[u] == p and retry_s[p, k, u] <= t_s:
            return True
    return False


@kernel
def rank(plan: Plan, state: State, p: int, t_s: float, n: int) -> None:
    """Evaluate the listed tracks and sort them: the nearest first, or the most valuable."""
    orders = state.orders
    for i in range(n):
        urgency, value = evaluate_threat(plan, state, p, orders.track[i], t_s)
        orders.urgency_s[i], orders.value[i] = urgency, value
        if plan.pictures.assignment[p] == ASSIGN_NEAREST:
            orders.key[i] = urgency
        else:
            orders.key[i] = -plan.models.worth(value, urgency, 0.0, plan.pictures.urgency_s[p])
    sort_by(orders.key, orders.order, n)


@kernel
def evaluate_threat(plan: Plan, state: State, p: int, k: int, t_s: float) -> tuple[float, float]:
    """Time to the threatened asset [s] and its value.

    A track threatens an asset when, flying straight on, it will pass within the post's
    ``threatened_m``. One that threatens none counts ``minor_share`` of the least value, at the time in
    which it could reach the nearest asset (kalkan's own simplification).
    """
    tracks, assets = state.tracks, plan.assets
    x, y, z = predicted(tracks, p, k, t_s)
    vx, vy = tracks.table.x[p, k, 3], tracks.table.x[p, k, 4]
    if plan.ballistic.on:
        vz = tracks.table.x[p, k, 5]
        if falls(plan.pictures, p, altitude_m(plan.pictures, p, x, y, z), vx * vx + vy * vy + vz * vz):
            return plan.models.impact(plan.ballistic, plan.pictures, assets, plan.asset_m, p, x, y, z, vx, vy, vz)
    v2 = max(vx * vx + vy * vy, 1.0)
    limit2 = plan.pictures.threatened_m[p] ** 2
    urgency, value = math.inf, 0.0
    nearest2, least = math.inf, math.inf
    for a in range(assets.size):
        dx, dy = plan.asset_m[p, a, 0] - x, plan.asset_m[p, a, 1] - y
        t = (dx * vx + dy * vy) / v2
        d2 = dx * dx + dy * dy
        least, nearest2 = min(least, assets.value[a]), min(nearest2, d2)
        passes = d2 < limit2 or (t > 0.0 and (dx - t * vx) ** 2 + (dy - t * vy) ** 2 <= limit2)
        if passes and max(t, 0.0) < urgency:
            urgency, value = max(t, 0.0), assets.value[a]
    if value == 0.0:
        return math.sqrt(nearest2 / v2), plan.pictures.minor_share[p] * least
    return urgency, value


@kernel
def meets(plan: Plan, state: State, u: int, k: int, t_s: float) -> tuple[float, int]:
    """How soon a round of unit `u` could meet track `k`, ordered now: (inf, why not) or (time until then [s], 0).

    The track is moved on to when the unit would be cued, then some interceptor type that the doctrine spends on such a
    target must be able to meet it in the unit's sector (an idle unit may turn, unless its radar also searches), in line
    of sight and not too far off. Where others tell of it and the unit may engage on that, a type with a seeker of its
    own is enough, and no line of sight is needed (``remote``).
    """
    units = plan.units
    if state.unit.ready[u] == 0:
        return math.inf, NO_MISSILE
    if state.unit.n[u] >= units.target_channels[u]:
        return math.inf, _why_not_busy(plan, state, u, k, t_s)
    wait = cued_after_s(plan, state, u, k, t_s)
    flight, why = reaches(plan, state, u, k, t_s, t_s + wait)
    return wait + flight, why


@kernel
def cued_after_s(plan: Plan, state: State, u: int, k: int, t_s: float) -> float:
    """Time until unit `u` would be cued to track `k` if it were ordered now [s].

    The post reacts, then an idle unit turns. The crew of another is slower by what it works at already, and does not
    begin before the unit has turned to that.
    """
    p, unit = plan.units.picture[u], state.unit
    reaction_s = plan.pictures.reaction_s[p]
    if unit.n[u] > 0:
        return max(reaction_s + plan.units.crew_load_s[u] * unit.n[u], unit.turned_s[u] - t_s)
    x, y, z = predicted(state.tracks, p, k, t_s + reaction_s)
    wanted = facing(plan.radars, plan.units, unit, u, x, y, z)
    return reaction_s + abs(between_rad(unit.slew_rad[u], wanted)) / plan.units.slew_rad_s[u]


@kernel
def reaches(plan: Plan, state: State, u: int, k: int, t_s: float, later_s: float) -> tuple[float, int]:
    """Time of flight [s] (inf: none, and why not) of a unit that has a channel for track `k`, cued at `later_s` [s]."""
    p, units, tracks = plan.units.picture[u], plan.units, state.tracks
    x, y, z, vz = outlook(plan.pictures, tracks, p, k, later_s)
    vx, vy = tracks.table.x[p, k, 3], tracks.table.x[p, k, 4]
    kind = perceived_class(plan.pictures, p, x, y, z, vx, vy, vz)
    if state.targets.fired[p, k] >= units.max_rounds[u, kind]:
        return math.inf, NOT_CHOSEN
    r = units.radar[u]
    best, reason = _soonest(plan, state, u, kind, x, y, z, vx, vy, vz, False)
    if best == math.inf:
        return math.inf, reason
    boresight = facing_both(plan.radars, plan.units, state.unit, u, x, y, z, x + best * vx, y + best * vy, z)
    if state.unit.withheld[u] > 0:
        return math.inf, state.unit.withheld[u]
    if _tried_nearer(plan.pictures, state.targets, p, k, t_s, distance_m(plan.radars, r, x, y, z)):
        return math.inf, NOT_HELD
    z -= too_high_m(
        plan.pictures, plan.radars, plan.horizon, plan.study.refraction_k, tracks.table, p, k, x, y, z
    )
    later_m = x + best * vx, y + best * vy, z + best * vz
    if not (covers(plan, r, boresight, x, y, z) and covers(plan, r, boresight, *later_m)):
        if not told_lately(units, tracks.table, u, k, t_s):
            return math.inf, OUT_OF_ENVELOPE
        best, _ = _soonest(plan, state, u, kind, x, y, z, vx, vy, vz, True)
        if best == math.inf or not faces(plan, r, boresight, x + best * vx, y + best * vy, z + best * vz):
            return math.inf, OUT_OF_ENVELOPE
    if _strikes_before(plan.pictures, plan.asset_m, p, best, x, y, z, vx, vy):
        return math.inf, TOO_LATE
    if plan.ballistic.p_light > 0.0 and plan.ballistic.spares[u] and taken_for_light(state.apart, tracks.table, p, k):
        return math.inf, TAKEN_FOR_DECOY
    return best, 0


@kernel
def taken_for_light(apart: Struct, table: Struct, p: int, k: int) -> bool:
    """Whether track `k` of picture `p` is taken for a decoy or debris."""
    return apart.light[p, k] == 1 and apart.serial[p, k] == table.serial[p, k]


@kernel
def _tried_nearer(pictures: Struct, targets: Struct, p: int, k: int, t_s: float, slant_m: float) -> bool:
    """Whether an engagement radar of the post did not find track `k` lately, hardly farther away than `slant_m` [m]."""
    lately = t_s - targets.unseen_s[p, k] < pictures.memory_s[p]
    return lately and slant_m > pictures.nearer_share[p] * targets.unseen_m[p, k]


@kernel
def _why_not_busy(plan: Plan, state: State, u: int, k: int, t_s: float) -> int:
    """Why unit `u`, all of whose channels are busy, does not take track `k`: only its range is looked at."""
    p, units = plan.units.picture[u], plan.units
    x, y, _ = predicted(state.tracks, p, k, t_s + plan.pictures.reaction_s[p])
    ground2, longest = (x - units.position_m[u, 0]) ** 2 + (y - units.position_m[u, 1]) ** 2, 0.0
    for w in range(plan.interceptors.size):
        if state.unit.rounds[u, w] > 0:
            longest = max(longest, plan.interceptors.range_max_m[w])
    return NO_CHANNEL if ground2 <= longest * longest else OUT_OF_ENVELOPE


@kernel
def _strikes_before(
    pictures: Struct, assets_m: F8, p: int, until_s: float, x: float, y: float, z: float, vx: float, vy: float
) -> bool:
    """Whether a low track is at the asset that it heads for within `until_s` [s], or has been there just now."""
    if altitude_m(pictures, p, x, y, z) >= pictures.low_m[p]:
        return False
    v2, near2 = max(vx * vx + vy * vy, 1.0), pictures.strike_m[p] ** 2
    ago_s = -pictures.fresh_share[p] * pictures.coast_s[p] - pictures.reaction_s[p]
    for a in range(assets_m.shape[1]):
        dx, dy = assets_m[p, a, 0] - x, assets_m[p, a, 1] - y
        t = (dx * vx + dy * vy) / v2
        if ago_s <= t < until_s and (dx - t * vx) ** 2 + (dy - t * vy) ** 2 <= near2:
            return True
    return False


@kernel
def _soonest(
    plan: Plan, state: State, u: int, kind: int,
    x: float, y: float, z: float, vx: float, vy: float, vz: float, alone: bool,
) -> tuple[float, int]:  # fmt: skip
    """Shortest time of flight [s] of unit `u`'s rounds to a track, inf: none; and why not.

    With `alone` only rounds count that near their target need the engagement radar no more.
    """
    units, best, reason = plan.units, math.inf, NO_MISSILE
    gx, gy = x - units.position_m[u, 0], y - units.position_m[u, 1]
    for a in range(units.preference.shape[2]):
        w = units.preference[u, kind, a]
        if w < 0:
            break
        if state.unit.rounds[u, w] == 0 or (alone and plan.interceptors.active_m[w] <= 0.0):
            continue
        flight, _, _ = solve_intercept(plan, u, w, x, y, z, vx, vy, vz)
        if not worth_a_round(plan, u, kind, w, x, y, z, vx, vy, vz, flight):
            reason = NOT_WORTH if reason == NO_MISSILE else reason
            continue
        reason = OUT_OF_ENVELOPE
        if flight < best and allowed_there(units, u, kind, math.hypot(gx + flight * vx, gy + flight * vy)):
            best = flight
    return best, reason


@kernel
def give(world: World, u: int, k: int, t_s: float) -> None:
    """Order unit `u` to engage track `k`; an idle unit turns its sector there first."""
    turns, ready, wanted = _turn_and_cue(world.plan, world.state, u, k, t_s)
    order(world, u, k, t_s, turns, ready, wanted)


@kernel
def _turn_and_cue(plan: Plan, state: State, u: int, k: int, t_s: float) -> tuple[float, float, float]:
    """What an order of track `k` to unit `u` leads to: it turns from [s] on, is cued at [s] and then faces [rad]."""
    p, unit = plan.units.picture[u], state.unit
    turns = t_s + plan.pictures.reaction_s[p]
    if unit.n[u] > 0:
        return turns, t_s + cued_after_s(plan, state, u, k, t_s), unit.slew_rad[u]
    x, y, z = predicted(state.tracks, p, k, turns)
    wanted = facing(plan.radars, plan.units, unit, u, x, y, z)
    until, _ = meets(plan, state, u, k, t_s)
    if until < math.inf:
        left, v = until - plan.pictures.reaction_s[p], state.tracks.table.x[p, k]
        wanted = facing_both(plan.radars, plan.units, unit, u, x, y, z, x + left * v[3], y + left * v[4], z)
    return turns, turns + abs(between_rad(unit.slew_rad[u], wanted)) / plan.units.slew_rad_s[u], wanted


@kernel
def facing_both(
    radars: Struct, units: Struct, unit: Struct, u: int, x: float, y: float, z: float, mx: float, my: float, mz: float
) -> float:  # fmt: skip
    """Where unit `u` would look to engage something at x, y, z that it meets at mx, my, mz [m]: as ``facing``.

    Where the meeting would lie outside its sector, an idle unit turns to midway between the two.
    """
    r, boresight = units.radar[u], facing(radars, units, unit, u, x, y, z)
    if unit.n[u] > 0 or radars.picture[r] >= 0:
        return boresight
    off = between_rad(boresight, bearing_rad(radars, r, mx, my, mz))
    if abs(off) <= 0.5 * radars.sector_rad[r]:
        return boresight
    return boresight + 0.5 * (off + between_rad(boresight, bearing_rad(radars, r, x, y, z)))


@kernel
def facing(radars: Struct, units: Struct, unit: Struct, u: int, x: float, y: float, z: float) -> float:
    """Where unit `u` would look to engage something there [m]: an idle one turns, as far as it must and no further.

    It must when the target is outside the inner half of its sector. One whose radar also searches never turns.
    """
    r, slew = units.radar[u], unit.slew_rad[u]
    if unit.n[u] > 0 or radars.picture[r] >= 0 or radars.sector_rad[r] >= TWO_PI:
        return slew
    off, inner = between_rad(slew, bearing_rad(radars, r, x, y, z)), 0.5 * 0.5 * radars.sector_rad[r]
    return slew + off - math.copysign(min(abs(off), inner), off)


@kernel
def book(state: State, p: int, k: int, reason: int, cycle_s: float) -> None:
    """Book a cycle's time against the reason for which the track went without an order."""
    i = state.tracks.table.threat[p, k]
    if i >= 0:
        state.truth.obstacle_s[i, reason] += cycle_s


@kernel
def book_without_channel(plan: Plan, state: State, p: int, t_s: float, n: int) -> None:
    """No unit of the post can take an order now: only the reasons are booked, in any order."""
    for i in range(n):
        k, reason = state.orders.track[i], 0
        for u in range(plan.units.size):
            if plan.units.picture[u] == p and state.retry_s[p, k, u] <= t_s:
                _, why = meets(plan, state, u, k, t_s)
                reason = milder(reason, why)
        if reason > 0:
            book(state, p, k, reason, plan.pictures.cycle_s[p])


@kernel
def milder(one: int, other: int) -> int:
    """Of two reasons the one that came closer to a shot."""
    return max(one, other) if one > 0 else other


@kernel
def _assign_in_order(world: World, p: int, t_s: float, n: int) -> None:
    """Give each track, in order of the key, to the unit that meets it soonest."""
    plan, state = world.plan, world.state
    orders, units = state.orders, plan.units
    for a in range(n):
        k = orders.track[orders.order[a]]
        best, soonest, reason = -1, math.inf, 0
        for u in range(units.size):
            if units.picture[u] != p or state.retry_s[p, k, u] > t_s:
                continue
            until, why = meets(plan, state, u, k, t_s)
            if until < soonest:
                best, soonest = u, until
            elif until == math.inf:
                reason = milder(reason, why)
        if best >= 0:
            give(world, best, k, t_s)
        elif reason > 0:
            book(state, p, k, reason, plan.pictures.cycle_s[p])


@kernel
def _assign_optimally(world: World, p: int, t_s: float, n: int, n_columns: int) -> None:
    """Maximise the summed worth over all free channels of the post.

    Rows are tracks that some unit can engage now: the first in the order of the key, twice as many as there
    are channels and some more. An idle unit may turn, but only to one side: once it has its first order, the
    others that it was to get must lie in its sector now, or wait for the next cycle (kalkan's own simplification).
    """
    plan, state = world.plan, world.state
    orders, a = state.orders, state.assignment
    most, n_rows, n_pairs = ROWS_PER_CHANNEL * n_columns + SPARE_ROWS, 0, 0
    for i in range(n):
        j = orders.order[i]
        if n_rows == most:
            break
        a.rows.first[n_rows] = n_pairs
        n_pairs, reason = _pairs_of(plan, state, p, j, t_s, n_pairs)
        if n_pairs == a.pairs.size:
            fell_short(world, PAIRS_FULL)
        if n_pairs > a.rows.first[n_rows]:
            orders.row[n_rows] = orders.track[j]
            n_rows += 1
        if reason > 0:
            book(state, p, orders.track[j], reason, plan.pictures.cycle_s[p])
    a.rows.first[n_rows] = n_pairs
    solve(a, n_rows, n_columns)
    give_chosen(world, p, t_s, n_rows)


@kernel
def give_chosen(world: World, p: int, t_s: float, n_rows: int) -> None:
    """Give every row its column of the solved assignment, unless its unit has turned away meanwhile."""
    plan, state = world.plan, world.state
    for i in range(n_rows):
        column = state.assignment.rows.column[i]
        if column < 0:
            continue
        k, u = state.orders.row[i], state.channel[column]
        turned_away = state.unit.n[u] > 0 and meets(plan, state, u, k, t_s)[0] == math.inf
        if not turned_away:
            book(state, p, k, NOT_CHOSEN, -plan.pictures.cycle_s[p])
            give(world, u, k, t_s)


@kernel
def _pairs_of(plan: Plan, state: State, p: int, j: int, t_s: float, n_pairs: int) -> tuple[int, int]:
    """Append the channels that could take waiting track `j`: number of pairs then, and why it may go without."""
    orders, units, a = state.orders, plan.units, state.assignment
    k, reason, column = orders.track[j], 0, 0
    for u in range(units.size):
        if units.picture[u] != p:
            continue
        free = usable_channels(plan, state, u)
        if state.retry_s[p, k, u] <= t_s:
            until, why = meets(plan, state, u, k, t_s)
            reason = milder(reason, why)
            if until < math.inf:
                reason = NOT_CHOSEN
                worth = plan.models.worth(orders.value[j], orders.urgency_s[j], until, plan.pictures.urgency_s[p])
                for c in range(column, min(column + free, column + a.pairs.size - n_pairs)):
                    a.pairs.column[n_pairs] = c
                    a.pairs.cost[n_pairs] = -worth
                    n_pairs += 1
        column += free
    return n_pairs, reason


@kernel
def usable_channels(plan: Plan, state: State, u: int) -> int:
    """Free target channels of a unit that has a round ready."""
    return plan.units.target_channels[u] - state.unit.n[u] if state.unit.ready[u] > 0 else 0


@kernel
def free_channels(plan: Plan, state: State, p: int) -> int:
    """Write the unit of every usable target channel of the post; their number."""
    n = 0
    for u in range(plan.units.size):
        if plan.units.picture[u] == p:
            for _ in range(usable_channels(plan, state, u)):
                state.channel[n] = u
                n += 1
    return n


@kernel
def _to_earth(plan: Plan, p: int, x: float, y: float, z: float, out: F8) -> None:
    """Picture frame [m] → ECEF [m], into out (3,)."""
    o = plan.pictures.origin_m
    out[0], out[1], out[2] = out_of(plan.pictures.to_local, p, x, y, z, o[p, 0], o[p, 1], o[p, 2])


@kernel
def _mark_elsewhere(plan: Plan, state: State, p: int, t_s: float) -> None:
    """Mark own tracks that another coordinated post engages: the nearest to each of its engaged tracks."""
    tracks, orders = state.tracks, state.orders
    for a in range(tracks.n[p]):
        orders.elsewhere[tracks.active[p, a]] = False
    theirs, ours = state.matrix[4, 0], state.matrix[4, 1]
    for other in range(plan.pictures.size):
        if other == p or plan.pictures.coordination[other] == 0:
            continue
        for b in range(tracks.n[other]):
            j = tracks.active[other, b]
            if state.targets.engaged[other, j] == 0:
                continue
            x, y, z = predicted(tracks, other, j, t_s)
            _to_earth(plan, other, x, y, z, theirs)
            best, best2 = -1, math.inf
            for a in range(tracks.n[p]):
                k = tracks.active[p, a]
                if tracks.table.status[p, k] != CONFIRMED or orders.elsewhere[k]:
                    continue
                x, y, z = predicted(tracks, p, k, t_s)
                _to_earth(plan, p, x, y, z, ours)
                d2 = (ours[0] - theirs[0]) ** 2 + (ours[1] - theirs[1]) ** 2 + (ours[2] - theirs[2]) ** 2
                var = 0.0
                for i in range(3):
                    var += tracks.table.p[p, k, i, i] + tracks.table.p[other, j, i, i]
                limit = plan.pictures.same_object_m[p] + 3.0 * math.sqrt(var)
                if d2 < best2 and d2 < limit * limit:
                    best, best2 = k, d2
            if best >= 0:
                orders.elsewhere[best] = True
