"""Course: what a vehicle that reacts flies from then on, written as knots behind those of its block's plan.

*Descending* it follows the low path of its place in the formation, over the same ground, and loses the height that it
has above that: it bends over, sinks no more steeply than its type's claim, and bends back; its speed along the path
stays what it was. *Turning back* it turns level at its hardest, the shortest way of turn, straight on, turn into its
own path three radii behind, and flies that home. What is written keeps the jitter that the vehicle has.

kalkan's own simplifications: in the turn its height changes evenly from that of one place to that of the other,
whatever lies below, and a descent that is under way goes on.
"""

from __future__ import annotations

import math

import numpy as np

from kalkan.earth.geodesy import ECCENTRICITY_SQ, MEAN_RADIUS_M
from kalkan.jit import kernel
from kalkan.kernels import events
from kalkan.kernels.plan import Plan
from kalkan.kernels.sensing import true_state
from kalkan.kernels.state import State
from kalkan.kernels.world import World
from kalkan.models.trajectory import evaluate
from kalkan.models.two_turns import along_turns, sinking, still_above, turn_straight_turn

BEHIND = 3.0  # radii behind it at which a vehicle that turns back is on its own path again
NOTHING_M = 1.0  # of height, that is no descent
_STEP_RAD = 0.2  # of turns
_STRAIGHTS = 4  # steps of the line between two turns
_BENDS = 8  # steps of each bend of a descent
_STEP_S = 5.0  # of its even part
_STEPS = 64  # at most
_REFINE = 6  # steps of a search that closes in on a place on a path, or on a time
_SHORTEST_S = 1e-3  # between two knots
SPARE_KNOTS = 2 * 32 + 2 * _BENDS + _STEPS + 16  # of one reaction, beyond those of the path that it ends in


def own_paths(plan: Plan) -> Plan:
    """The plan of a block in which vehicles react: with its own threats, paths and knots, and room for new ones."""
    reacting = plan.reacting
    if not reacting.on:
        return plan
    mine = reacting.vehicles[reacting.vehicles["last"] > reacting.vehicles["first"]]
    more_paths = np.zeros(mine.size, plan.paths.dtype)
    more_paths["first"], more_paths["last"] = mine["own_knot"], mine["own_knot"] + mine["room"]
    more_knots = np.zeros(int(mine["room"].sum()), plan.knots.dtype)
    return plan._replace(
        threats=plan.threats.copy(), paths=np.concatenate([plan.paths, more_paths]),
        knots=np.concatenate([plan.knots, more_knots]),
    )  # fmt: skip


def as_flown(plan: Plan, state: State) -> Plan:
    """The plan with what its vehicles flew in the replication that `state` is the end of."""
    if not plan.reacting.on:
        return plan
    reacted = state.reacted
    return plan._replace(threats=reacted.threats, paths=reacted.paths, knots=reacted.knots)


@kernel
def descend(world: World, i: int, low: int, t_s: float) -> float:
    """Threat `i` descends to the path of low number `low`; by how much [m], 0: it flies no higher."""
    plan, course = world.plan, world.state.reacted.courses
    b = plan.reacting.lows.path[low]
    if course.base[i] == b:
        return 0.0
    x, y, z, vx, vy, vz = true_state(plan, world.state.truth, i, t_s)
    before = course.base[i]
    course.base[i] = b
    base_s = _nearest_s(world, i, course.base_s[i] + course.way[i] * (t_s - course.at_s[i]), x, y, z)
    bx, by, bz, ux, uy, uz = _on_base(world, i, base_s)
    ex, ey, ez = _up(x, y, z)
    height = (x - bx) * ex + (y - by) * ey + (z - bz) * ez
    if height < NOTHING_M:
        course.base[i] = before
        return 0.0
    way = course.way[i]
    rate = (vx - way * ux) * ex + (vy - way * uy) * ey + (vz - way * uz) * ez
    _keep_flown(world, i, t_s)
    _follow(world, i, t_s, base_s, x - bx, y - by, z - bz, height, rate, plan.reacting.lows.leak_s[low])
    return height


@kernel
def turn_back(world: World, i: int, t_s: float) -> None:
    """Threat `i` turns into its own path, backwards."""
    plan, course, vehicles = world.plan, world.state.reacted.courses, world.plan.reacting.vehicles
    x, y, z, vx, vy, vz = true_state(plan, world.state.truth, i, t_s)
    ex, ey, ez = _up(x, y, z)
    base_s = _nearest_s(world, i, course.base_s[i] + (t_s - course.at_s[i]), x, y, z)
    bx, by, bz, ux, uy, uz = _on_base(world, i, base_s)
    height = _dot(x - bx, y - by, z - bz, ex, ey, ez)
    climb, base_climb = _dot(vx, vy, vz, ex, ey, ez), _dot(ux, uy, uz, ex, ey, ez)
    fx, fy, fz = vx - climb * ex, vy - climb * ey, vz - climb * ez  # forwards, level
    speed = math.sqrt(_dot(fx, fy, fz, fx, fy, fz))
    fx, fy, fz = fx / speed, fy / speed, fz / speed
    lx, ly, lz = ey * fz - ez * fy, ez * fx - ex * fz, ex * fy - ey * fx  # to the left, level
    now = math.sqrt(max(_dot(ux, uy, uz, ux, uy, uz) - base_climb * base_climb, speed * speed))
    radius = now * now / vehicles.turn_m_s2[i]
    join_s = max(base_s - BEHIND * radius / now, 0.0)
    jx, jy, jz, ux, uy, uz = _on_base(world, i, join_s)
    dx, dy, dz = jx - x + height * ex, jy - y + height * ey, jz - z + height * ez
    ahead, beside, above = _dot(dx, dy, dz, fx, fy, fz), _dot(dx, dy, dz, lx, ly, lz), _dot(dx, dy, dz, ex, ey, ez)
    home, aside = -_dot(ux, uy, uz, fx, fy, fz), -_dot(ux, uy, uz, lx, ly, lz)
    then = math.sqrt(home * home + aside * aside)
    first, t, straight, last, q = turn_straight_turn(ahead / radius, beside / radius, math.atan2(aside, home))
    rise = above + (ahead * ahead + beside * beside) / (2.0 * MEAN_RADIUS_M)
    end_climb = (ahead * home + beside * aside) / MEAN_RADIUS_M - _dot(ux, uy, uz, ex, ey, ez)
    t1, t2, t3, fall, bend, back, rate = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    if height >= NOTHING_M:  # a descent that is under way goes on
        rate, bend = climb - base_climb, vehicles.bend_m_s2[i]
        t1, t2, t3, fall, back = sinking(height, rate, now * vehicles.sin_descent[i], bend)
    else:
        height = 0.0
    _keep_flown(world, i, t_s)
    begin = t_s - world.state.truth.start_s[i]
    over_ground = _clearance_of(plan, course.base[i], join_s)
    now_over = plan.knots.clearance_m[plan.paths.last[plan.threats.path[i]] - 1] - height
    n1, n2 = math.ceil(t / _STEP_RAD), math.ceil(q / _STEP_RAD)
    lasts_s, left, sinks, level = 0.0, height, rate, 1.0
    for written in range(2):  # first how long it lasts, then what is flown
        s, at_s, level = 0.0, 0.0, now * _level(rate, now)
        for k in range(n1 + _STRAIGHTS + n2):
            before, before_s, before_level = s, at_s, level
            if k < n1:
                s = t * (k + 1) / n1
            elif k < n1 + _STRAIGHTS:
                s = t + straight * (k + 1 - n1) / _STRAIGHTS
            else:
                s = t + straight + q * (k + 1 - n1 - _STRAIGHTS) / n2
            u = s / (t + straight + q)
            over = now + u * (then - now)
            for _ in range(_REFINE):
                at_s = before_s + 2.0 * (s - before) * radius / (before_level + level)
                left, sinks = still_above(height, rate, t1, t2, t3, fall, bend, back, at_s)
                level = over * _level(sinks, over)
            if not written or k + 1 == n1 + _STRAIGHTS + n2:
                continue
            w = 1.0 - u
            ix, iy, heading = along_turns(first, t, straight, last, s)
            px, py, wx, wy = ix * radius, iy * radius, level * math.cos(heading), level * math.sin(heading)
            h = (u * u * (3.0 - 2.0 * u)) * rise + lasts_s * (u * w * w * base_climb - u * u * w * end_climb)
            climbs = 6.0 * u * w * rise / lasts_s + w * (1.0 - 3.0 * u) * base_climb + u * (3.0 * u - 2.0) * end_climb
            pz = h + left - height - (px * px + py * py) / (2.0 * MEAN_RADIUS_M)
            wz = climbs + sinks - (px * wx + py * wy) / MEAN_RADIUS_M
            _append(
                world, i, begin + at_s,
                x + px * fx + py * lx + pz * ex, y + px * fy + py * ly + pz * ey, z + px * fz + py * lz + pz * ez,
                wx * fx + wy * lx + wz * ex, wx * fy + wy * ly + wz * ey, wx * fz + wy * lz + wz * ez,
                now_over + u * (over_ground - now_over) + left,
            )  # fmt: skip
        lasts_s = at_s
    qx, qy, qz = _up(jx, jy, jz)
    level = level / then
    _append(
        world, i, begin + lasts_s, jx + left * qx, jy + left * qy, jz + left * qz,
        sinks * qx - level * ux, sinks * qy - level * uy, sinks * qz - level * uz, over_ground + left,
    )  # fmt: skip
    course.way[i], course.turned_s[i] = -1, t_s + lasts_s
    _follow(world, i, t_s + lasts_s, join_s, left * qx, left * qy, left * qz, left, sinks, -1.0)


@kernel
def _dot(ax: float, ay: float, az: float, bx: float, by: float, bz: float) -> float:
    return ax * bx + ay * by + az * bz


@kernel
def _up(x: float, y: float, z: float) -> tuple[float, float, float]:
    """Upwards at a place (ECEF): across the ellipsoid."""
    z = z / (1.0 - ECCENTRICITY_SQ)
    r = math.sqrt(x * x + y * y + z * z)
    return x / r, y / r, z / r


@kernel
def _on_base(world: World, i: int, base_s: float) -> tuple[float, float, float, float, float, float]:
    """Position [m] and velocity [m/s] on the path that threat `i` follows, with its jitter, as that is written."""
    plan, course = world.plan, world.state.reacted.courses
    knots, b = plan.knots, course.base[i]
    x, y, z, vx, vy, vz, hint = evaluate(
        knots.t_s, knots.position_m, knots.velocity_m_s, knots.lateral, plan.paths.first[b], plan.paths.last[b],
        course.hint[i], base_s, world.state.truth.offset_m[i],
    )  # fmt: skip
    course.hint[i] = hint
    return x, y, z, vx, vy, vz


@kernel
def _nearest_s(world: World, i: int, guess_s: float, x: float, y: float, z: float) -> float:
    """Time on the path that threat `i` follows when that is straight above or below a place [m], or across from it."""
    plan, b = world.plan, world.state.reacted.courses.base[i]
    end_s = plan.knots.t_s[plan.paths.last[b] - 1]
    ex, ey, ez = _up(x, y, z)
    s = min(max(guess_s, 0.0), end_s)
    for _ in range(_REFINE):
        bx, by, bz, ux, uy, uz = _on_base(world, i, s)
        climb = ux * ex + uy * ey + uz * ez
        ux, uy, uz = ux - climb * ex, uy - climb * ey, uz - climb * ez
        ahead = (x - bx) * ux + (y - by) * uy + (z - bz) * uz
        s = min(max(s + ahead / (ux * ux + uy * uy + uz * uz), 0.0), end_s)
    return s


@kernel
def _clearance_of(plan: Plan, path: int, base_s: float) -> float:
    """Height above the ground of a path [m], linear between its knots."""
    knots, k = plan.knots, plan.paths.first[path]
    while k < plan.paths.last[path] - 2 and base_s >= knots.t_s[k + 1]:
        k += 1
    share = min(max((base_s - knots.t_s[k]) / (knots.t_s[k + 1] - knots.t_s[k]), 0.0), 1.0)
    return knots.clearance_m[k] + share * (knots.clearance_m[k + 1] - knots.clearance_m[k])


@kernel
def _append(
    world: World, i: int, time: float, x: float, y: float, z: float, vx: float, vy: float, vz: float, clearance: float
) -> None:
    """One knot more of the own path of threat `i`; one that comes too soon takes the place of the one before."""
    plan, vehicles = world.plan, world.plan.reacting.vehicles
    knots, own = plan.knots, vehicles.own_path[i]
    k = plan.paths.last[own]
    if k > plan.paths.first[own] and time - knots.t_s[k - 1] < _SHORTEST_S:
        k -= 1
    if k >= vehicles.own_knot[i] + vehicles.room[i]:
        k -= 1  # there is room for as many as can be; the last stays the end
    knots.t_s[k], knots.clearance_m[k] = time, max(clearance, 0.0)
    knots.position_m[k, 0], knots.position_m[k, 1], knots.position_m[k, 2] = x, y, z
    knots.velocity_m_s[k, 0], knots.velocity_m_s[k, 1], knots.velocity_m_s[k, 2] = vx, vy, vz
    plan.paths.last[own] = k + 1


@kernel
def _append_base(world: World, i: int, time: float, knot: int, way: int, more: float) -> None:
    """A knot of the path that threat `i` follows, with its jitter, flown on or backwards, `more` above it [m]."""
    knots, offset = world.plan.knots, world.state.truth.offset_m[i]
    at, v, aside = knots.position_m[knot], knots.velocity_m_s[knot], knots.lateral[knot]
    x, y, z = at[0] + offset * aside[0, 0], at[1] + offset * aside[0, 1], at[2] + offset * aside[0, 2]
    vx, vy, vz = v[0] + offset * aside[1, 0], v[1] + offset * aside[1, 1], v[2] + offset * aside[1, 2]
    _append(world, i, time, x, y, z, way * vx, way * vy, way * vz, knots.clearance_m[knot] + more)


@kernel
def _keep_flown(world: World, i: int, t_s: float) -> None:
    """The own path of threat `i` is what it has flown until `t_s` [s]: it ends where it is now."""
    plan, truth, vehicles = world.plan, world.state.truth, world.plan.reacting.vehicles
    knots, paths, own = plan.knots, plan.paths, vehicles.own_path[i]
    time, path = t_s - truth.start_s[i], plan.threats.path[i]
    x, y, z, vx, vy, vz = true_state(plan, truth, i, t_s)
    clearance = _clearance_of(plan, path, time)
    if path != own:
        paths.first[own], paths.last[own] = vehicles.own_knot[i], vehicles.own_knot[i]
        for k in range(paths.first[path], paths.last[path]):
            if knots.t_s[k] < time:
                _append_base(world, i, knots.t_s[k], k, 1, 0.0)
        plan.threats.path[i], truth.hint[i] = own, vehicles.own_knot[i]
    else:
        while paths.last[own] - 1 > paths.first[own] and knots.t_s[paths.last[own] - 1] >= time:
            paths.last[own] -= 1
    _append(world, i, time, x, y, z, vx, vy, vz, clearance)


@kernel
def _follow(
    world: World, i: int, t_s: float, base_s: float, dx: float, dy: float, dz: float, height: float, rate: float,
    leak_s: float,
) -> None:  # fmt: skip
    """Write the rest of the own path of threat `i`: along the path that it follows, sinking to it.

    Parameters
    ----------
    t_s : float
        From then on [s]; the knot of that time is written.
    base_s : float
        Time on that path [s].
    dx, dy, dz : float
        Where it is from there, ECEF [m] ...
    height, rate : float
        ... upwards [m], and how that changes [m/s].
    leak_s : float
        Time on that path at which it is at its aim or release [s]; below 0: it is going home.
    """
    plan, course, truth = world.plan, world.state.reacted.courses, world.state.truth
    knots, b, way = plan.knots, course.base[i], course.way[i]
    first, last = plan.paths.first[b], plan.paths.last[b]
    end_s = knots.t_s[last - 1] if way == 1 else 0.0
    start_s, s, at_s, due_s = truth.start_s[i], 0.0, base_s, math.inf
    if height >= NOTHING_M:
        _, _, _, ux, uy, uz = _on_base(world, i, base_s)
        speed = math.sqrt(_dot(ux, uy, uz, ux, uy, uz))
        bend = plan.reacting.vehicles.bend_m_s2[i]
        t1, t2, t3, fall, back = sinking(height, rate, speed * plan.reacting.vehicles.sin_descent[i], bend)
        n2 = min(math.ceil(t2 / _STEP_S), _STEPS)
        for k in range(2 * _BENDS + n2):
            before_s, before_at_s = s, at_s
            if k < _BENDS:
                s = t1 * (k + 1) / _BENDS
            elif k < _BENDS + n2:
                s = t1 + t2 * (k + 1 - _BENDS) / n2
            else:
                s = t1 + t2 + t3 * (k + 1 - _BENDS - n2) / _BENDS
            _, r0 = still_above(height, rate, t1, t2, t3, fall, bend, back, before_s)
            _, rm = still_above(height, rate, t1, t2, t3, fall, bend, back, 0.5 * (before_s + s))
            left, r1 = still_above(height, rate, t1, t2, t3, fall, bend, back, s)
            level = (_level(r0, speed) + 4.0 * _level(rm, speed) + _level(r1, speed)) / 6.0
            at_s = before_at_s + way * level * (s - before_s)
            if way * (end_s - at_s) < 0.0:
                s = before_s + (s - before_s) * (end_s - before_at_s) / (at_s - before_at_s)
                at_s = end_s
                left, r1 = still_above(height, rate, t1, t2, t3, fall, bend, back, s)
            if leak_s >= 0.0 and before_at_s < leak_s <= at_s:
                due_s = t_s + before_s + (s - before_s) * (leak_s - before_at_s) / (at_s - before_at_s)
            x, y, z, ux, uy, uz = _on_base(world, i, at_s)
            share, now = left / height, way * _level(r1, speed)
            _append(
                world, i, t_s + s - start_s, x + share * dx, y + share * dy, z + share * dz,
                now * ux + r1 / height * dx, now * uy + r1 / height * dy, now * uz + r1 / height * dz,
                _clearance_of(plan, b, at_s) + left,
            )  # fmt: skip
            if at_s == end_s:
                break
    course.base_s[i], course.at_s[i] = at_s, t_s + s
    if leak_s >= 0.0 and leak_s > at_s:
        due_s = t_s + s + leak_s - at_s
    if at_s != end_s:
        for k in range(last - first):
            knot = first + k if way == 1 else last - 1 - k
            ahead = way * (knots.t_s[knot] - at_s)
            if ahead > _SHORTEST_S:
                _append_base(world, i, t_s + s - start_s + ahead, knot, way, 0.0)
    over_s = start_s + knots.t_s[plan.paths.last[plan.reacting.vehicles.own_path[i]] - 1]
    if leak_s < math.inf and due_s < math.inf:
        due_s = over_s if end_s <= leak_s else min(due_s, over_s)
    truth.end_s[i] = over_s
    events.push(world.state.heap, over_s, events.DEPARTURE, plan.threats.key[i], i)
    course.due_s[i] = math.inf if leak_s < 0.0 or course.due_s[i] == math.inf else due_s
    if course.due_s[i] < math.inf:
        events.push(world.state.heap, course.due_s[i], events.ARRIVAL, plan.threats.key[i], i)


@kernel
def _level(rate_m_s: float, speed_m_s: float) -> float:
    """Share of a speed that is left over the ground where a height changes at a rate."""
    sine = rate_m_s / speed_m_s
    return math.sqrt(max(1.0 - sine * sine, 0.0))
