"""Launching: which target channel of a fire unit gets the rails next, and with which interceptor.

A unit launches once in its launch interval, or in the interval that its doctrine sets within a salvo, for the channel
that has been ready longest and can shoot now; never at what its engagement radar did not see at its last look, never
without a fire-control solution, and only if the predicted chance that the round meets its target (``holding``) is as
large as the doctrine asks. Which type, and whether the target is worth one, the doctrine says by target class.
What is kept for the last moment is launched at the last moment at which it still comes in time: what counts is
where the target will be when the round meets it, not when it leaves, and whether it can be seen until then.
"""

from __future__ import annotations

import math

import numpy as np

from kalkan.arrays import Struct
from kalkan.jit import kernel
from kalkan.kernels import events
from kalkan.kernels.booking import note
from kalkan.kernels.holding import chance_to_meet
from kalkan.kernels.intercept import bearing_rad, solve_intercept
from kalkan.kernels.outlook import believed_vz, perceived_class
from kalkan.kernels.plan import ALWAYS, LAST_RESORT, Plan
from kalkan.kernels.remote import can_guide, chance_by_report
from kalkan.kernels.sensing import covers
from kalkan.kernels.state import HOLDING, State
from kalkan.kernels.supply import take_round
from kalkan.kernels.trace import keep_launch
from kalkan.kernels.world import World
from kalkan.schema import EV_LAUNCH, NO_CHANNEL, NO_MISSILE, NOT_WORTH, OUT_OF_ENVELOPE, POOR_CHANCE

AHEAD = 8  # places on a target's way to an asset at which a unit that waits would look for it


@kernel
def last_moment(
    plan: Plan, u: int, x: float, y: float, z: float, vx: float, vy: float, vz: float, flight_s: float
) -> bool:
    """Whether waiting would lose a track [m, m/s] that a round of unit `u`, launched now, meets after `flight_s` [s].

    A reserve's time after the meeting it will have passed an asset that it threatens, or from then on the unit's radar
    will see nothing of it on its way there: looked at in `AHEAD` places, wherever the unit has to turn to, of a target
    that goes on straight and level. kalkan's own simplification.
    """
    p, r, v2 = plan.units.picture[u], plan.units.radar[u], vx * vx + vy * vy
    wait_s = plan.pictures.reserve_s[p]
    for a in range(plan.asset_m.shape[1]):
        dx, dy = plan.asset_m[p, a, 0] - x - flight_s * vx, plan.asset_m[p, a, 1] - y - flight_s * vy
        t = (dx * vx + dy * vy) / v2 if v2 > 0.0 else 0.0
        near2 = (dx - t * vx) ** 2 + (dy - t * vy) ** 2
        if t < 0.0 or near2 > plan.pictures.threatened_m[p] ** 2:
            continue
        seen = False
        for k in range(AHEAD):
            s = flight_s + wait_s + (k + 0.5) / AHEAD * (t - wait_s)
            px, py, pz = x + s * vx, y + s * vy, z + s * vz
            seen = seen or (t > wait_s and covers(plan, r, bearing_rad(plan.radars, r, px, py, pz), px, py, pz))
        if not seen:
            return True
    return False


@kernel
def worth_a_round(
    plan: Plan, u: int, kind: int, w: int,
    x: float, y: float, z: float, vx: float, vy: float, vz: float, flight_s: float,
) -> bool:  # fmt: skip
    """Whether unit `u` spends a round of type `w` on a track of this class: always, as a last resort, never."""
    worth = plan.units.worth[u, kind, w]
    if worth != LAST_RESORT or flight_s == math.inf:
        return worth == ALWAYS
    return last_moment(plan, u, x, y, z, vx, vy, vz, flight_s)


@kernel
def allowed_there(units: Struct, u: int, kind: int, ground_m: float) -> bool:
    """Whether the doctrine lets unit `u` meet a target of this class at a ground range [m]."""
    return units.latest_m[u, kind] <= ground_m <= units.earliest_m[u, kind]


@kernel
def perceived(pictures: Struct, units: Struct, eng: Struct, u: int, c: int) -> int:
    """Target class that unit `u` takes its held target for."""
    s = eng.x[u, c]
    return perceived_class(pictures, units.picture[u], s[0], s[1], s[2], s[3], s[4], s[5])


@kernel
def wants_launch(state: State, u: int, c: int) -> bool:
    """Whether channel `c` has rounds of a salvo to launch at an object that it saw at its last look."""
    eng = state.slot
    return eng.phase[u, c] == HOLDING and eng.salvo_left[u, c] > 0 and eng.misses[u, c] == 0


@kernel
def launch_when_due(world: World, u: int, t_s: float) -> None:
    """The launch interval of fire unit `u` has passed while a channel waited for it."""
    state = world.state
    state.unit.launching[u] = False
    launch_due(world, u, t_s)


@kernel
def launch_due(world: World, u: int, t_s: float) -> None:
    """Launch what the unit's launch interval allows at `t_s` [s], and queue the next launch.

    The channel that has been ready longest comes first; one that cannot shoot now makes way.
    """
    plan, state = world.plan, world.state
    eng, unit = state.slot, state.unit
    due_s = math.inf
    while t_s >= unit.next_launch_s[u]:
        first = -1
        for c in range(plan.units.target_channels[u]):
            if wants_launch(state, u, c) and eng.tried_s[u, c] < t_s and eng.next_s[u, c] <= t_s:
                first = c if first < 0 or eng.ready_s[u, c] < eng.ready_s[u, first] else first
        if first < 0:
            break
        before = eng.salvo_left[u, first]
        _try_launch(world, u, first, t_s)
        if eng.salvo_left[u, first] == before:
            eng.tried_s[u, first] = t_s
    for c in range(plan.units.target_channels[u]):
        again_s = max(unit.next_launch_s[u], eng.next_s[u, c])
        if again_s > t_s and wants_launch(state, u, c):
            due_s = min(due_s, again_s)
    if due_s < math.inf and not unit.launching[u]:
        unit.launching[u] = True
        events.push(state.heap, due_s, events.LAUNCH, plan.units.key[u], u)


@kernel
def _try_launch(world: World, u: int, c: int, t_s: float) -> None:
    """Launch one interceptor of the first type in the order of choice that can meet the track and is likely to."""
    plan, state = world.plan, world.state
    p, eng, units = plan.units.picture[u], state.slot, plan.units
    if state.unit.in_air[u] >= units.missile_channels[u]:
        eng.obstacle[u, c] = NO_CHANNEL
        return
    dt = t_s - eng.t_s[u, c]
    s = eng.x[u, c]
    x, y = s[0] + dt * s[3], s[1] + dt * s[4]
    rounds = state.unit.ready[u]
    if rounds == 0:
        eng.obstacle[u, c] = NO_MISSILE
        return
    vz = believed_vz(plan.pictures, p, s, eng.p[u, c])
    z = s[2] + dt * vz
    kind = perceived(plan.pictures, plan.units, state.slot, u, c)
    eng.obstacle[u, c] = OUT_OF_ENVELOPE
    for a in range(units.preference.shape[2]):
        w = units.preference[u, kind, a]
        if w < 0:
            break
        if state.unit.rounds[u, w] == 0:
            continue
        flight, speed, _ = solve_intercept(plan, u, w, x, y, z, s[3], s[4], vz)
        if not worth_a_round(plan, u, kind, w, x, y, z, s[3], s[4], vz, flight):
            eng.obstacle[u, c] = NOT_WORTH
            continue
        if flight == math.inf:
            continue
        mx, my, mz = x + flight * s[3], y + flight * s[4], z + flight * vz
        ground = math.hypot(mx - units.position_m[u, 0], my - units.position_m[u, 1])
        if not allowed_there(units, u, kind, ground) or not can_guide(plan, state, u, c, w, mx, my, mz):
            continue
        if rounds <= units.reserve[u] and not last_moment(plan, u, x, y, z, s[3], s[4], vz, flight):
            eng.obstacle[u, c] = NO_MISSILE
            continue
        if eng.remote[u, c]:
            chance = chance_by_report(plan, eng, u, c, w, t_s)
        else:
            chance = chance_to_meet(plan, state, u, c, w, x, y, z, s[3], s[4], vz, flight, speed)
        if chance < units.least_chance[u]:
            eng.obstacle[u, c] = POOR_CHANCE
            continue
        f = _launch(world, u, c, w, kind, t_s, flight, speed)
        keep_launch(state.trace, p, t_s, u, f, w, eng.threat[u, c], t_s + flight, mx, my, mz)
        return


@kernel
def _launch(
    world: World, u: int, c: int, w: int, kind: int, t_s: float, flight_s: float, speed_m_s: float
) -> int:
    """Take a round and send it; its arrival is queued. The missile channel that it takes."""
    plan, state, records, row = world.plan, world.state, world.records, world.run.row[0]
    eng, flights, truth = state.slot, state.flights, state.truth
    take_round(plan, state, u, w, t_s)
    f = 0
    while flights.busy[u, f]:
        f += 1
    flights.busy[u, f] = True
    state.unit.in_air[u] += 1
    flights.engagement[u, f], flights.engagement_serial[u, f] = c, eng.serial[u, c]
    flights.kind[u, f], flights.arrival_s[u, f], flights.speed_m_s[u, f] = w, t_s + flight_s, speed_m_s
    i = eng.threat[u, c]
    flights.blamed[u, f] = i
    _count_round(eng, flights, truth, state.tracks.table, state.targets, plan.units.picture[u], u, c, f, i)
    _space_launches(plan.units, state.unit, eng, u, c, kind, t_s)
    records.loads.spent[row, u, w] += 1
    records.unit.remote_rounds[row, u] += eng.remote[u, c]
    truth.launched[i] += 1
    records.threat.threat_shots[row, i] += 1
    if math.isnan(records.threat.threat_first_launch_s[row, i]):
        records.threat.threat_first_launch_s[row, i] = t_s
        records.threat.threat_first_launch_unit[row, i] = u
        if plan.identity.on:
            side, p, k = plan.threats.side[i], plan.units.picture[u], eng.track[u, c]
            plan.models.shot(state.known.who, plan.identity.log_likelihood, records.threat, row, i, side, p, k)
        dx = eng.x[u, c, 0] - plan.units.position_m[u, 0]
        dy = eng.x[u, c, 1] - plan.units.position_m[u, 1]
        dz = eng.x[u, c, 2] - plan.units.position_m[u, 2]
        records.threat.threat_first_launch_range_m[row, i] = math.sqrt(dx * dx + dy * dy + dz * dz)
    note(world, t_s, EV_LAUNCH, i, u, float(w))
    slots = flights.shape[1]
    flights.alone[u, f], flights.alone_s[u, f] = False, t_s + flight_s - _alone_s(
        plan.interceptors, eng, u, c, w, speed_m_s
    )
    events.push(state.heap, t_s + flight_s, events.INTERCEPT, plan.units.key[u] + np.uint64(f), u * slots + f)
    return f


@kernel
def _space_launches(units: Struct, unit: Struct, eng: Struct, u: int, c: int, kind: int, t_s: float) -> None:
    """When unit `u` may launch again, and when channel `c` its next round of a salvo, which ripples by the doctrine.

    Rounds of one salvo may leave closer together than the unit's launch interval, or at once: from several launchers.
    """
    interval_s, ripple_s = units.launch_interval_s[u], units.ripple_s[u, kind]
    eng.next_s[u, c] = t_s + ripple_s
    unit.next_launch_s[u] = t_s + (min(interval_s, ripple_s) if eng.salvo_left[u, c] > 0 else interval_s)


@kernel
def _count_round(
    eng: Struct, flights: Struct, truth: Struct, table: Struct, targets: Struct, p: int, u: int, c: int, f: int,
    i: int,
) -> None:
    """Book a round against channel, target and track; the first of a salvo opens it."""
    if eng.salvo[u, c] < 0:
        eng.salvo[u, c] = truth.salvos[i]
        truth.salvos[i] += 1
    flights.salvo[u, f] = eng.salvo[u, c]
    eng.in_flight[u, c] += 1
    eng.salvo_left[u, c] -= 1
    eng.fired[u, c] += 1
    if table.serial[p, eng.track[u, c]] == eng.track_serial[u, c]:
        targets.fired[p, eng.track[u, c]] = max(targets.fired[p, eng.track[u, c]] + 1, eng.fired[u, c])


@kernel
def _alone_s(interceptors: Struct, eng: Struct, u: int, c: int, w: int, speed_m_s: float) -> float:
    """How long before the meeting an interceptor needs the engagement radar no more [s]; closing head-on."""
    s = eng.x[u, c]
    return interceptors.active_m[w] / (speed_m_s + math.sqrt(s[3] * s[3] + s[4] * s[4] + s[5] * s[5]))
