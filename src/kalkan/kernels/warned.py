"""Warned: a post is told of a launch, and its idle fire units look to where the missile will rise.

What is told is a launch point and an impact, each with an error of its own east and north, drawn once for a missile and
alike for all posts. A post heeds it where the impact may be at one of its assets: no further from it than
``threatened_m`` and two of the impact's sigma. An idle unit whose sector can turn, and does not hold that direction in
its inner half, turns its middle to the launch point at its own rate; one that searches with that radar searches there
from then on, one that is led is there when its order comes. It stays so until another warning or an order.

kalkan's own simplifications: every launch is seen at once, or never; the warning is no track, so nobody is shot at for
it; a turn counts when it is done, so that a newer warning or an order begins from where the unit looked before.
"""

from __future__ import annotations

from kalkan.earth.frames import into
from kalkan.jit import kernel
from kalkan.kernels import events, random
from kalkan.kernels.booking import note
from kalkan.kernels.intercept import bearing_rad, between_rad
from kalkan.kernels.sensing import TWO_PI
from kalkan.kernels.trace import keep_slew
from kalkan.kernels.world import World, draw
from kalkan.schema import EV_CUED, EV_WARNED

SIGMAS = 2.0  # of the impact within which an asset counts as threatened


@kernel
def warn(world: World, entity: int, t_s: float) -> None:
    """A warning about threat `entity` is there, or, beyond all threats, a fire unit has turned."""
    n = world.plan.threats.size
    if entity < n:
        _tell(world, entity, t_s)
    else:
        _turned(world, entity - n, t_s)


@kernel
def _tell(world: World, i: int, t_s: float) -> None:
    """What is told of the launch of threat `i`, and what posts and units make of it."""
    plan, state, warning = world.plan, world.state, world.plan.warning
    u0, u1, u2, u3 = draw(world, random.WARNING, plan.threats.key[i], 0, 0)
    u4, _, _, _ = draw(world, random.WARNING, plan.threats.key[i], 0, 1)
    if u0 >= warning.p_told or not state.truth.alive[i]:
        return
    from_e, from_n = warning.launch_m * random.normal(u1), warning.launch_m * random.normal(u2)
    to_e, to_n = warning.impact_m * random.normal(u3), warning.impact_m * random.normal(u4)
    world.records.threat.threat_warned_s[world.run.row[0], i] = t_s
    path, place, o = plan.threats.path[i], plan.knots.position_m, plan.pictures.origin_m
    first, last = plan.paths.first[path], plan.paths.last[path] - 1
    for p in range(plan.pictures.size):
        x, y, _ = into(
            plan.pictures.to_local, p, place[last, 0] - o[p, 0], place[last, 1] - o[p, 1], place[last, 2] - o[p, 2]
        )
        reach = plan.pictures.threatened_m[p] + SIGMAS * warning.impact_m
        heeds = False
        for a in range(plan.assets.size):
            away2 = (plan.asset_m[p, a, 0] - x - to_e) ** 2 + (plan.asset_m[p, a, 1] - y - to_n) ** 2
            heeds = heeds or away2 <= reach * reach
        note(world, t_s, EV_WARNED, i, p, state.truth.end_s[i])
        x, y, z = into(
            plan.pictures.to_local, p, place[first, 0] - o[p, 0], place[first, 1] - o[p, 1], place[first, 2] - o[p, 2]
        )
        for u in range(plan.units.size):
            if heeds and plan.units.picture[u] == p:
                _look_there(world, u, bearing_rad(plan.radars, plan.units.radar[u], x + from_e, y + from_n, z), t_s)


@kernel
def _look_there(world: World, u: int, direction_rad: float, t_s: float) -> None:
    """Unit `u`, if idle, begins to turn to a direction [rad] that its sector does not hold in its inner half."""
    plan, state = world.plan, world.state
    width = plan.radars.sector_rad[plan.units.radar[u]]
    off = between_rad(state.unit.slew_rad[u], direction_rad)
    if state.unit.n[u] > 0 or width >= TWO_PI or abs(off) <= 0.25 * width:
        return
    there_s = t_s + abs(off) / plan.units.slew_rad_s[u]
    state.cue.rad[u], state.cue.due_s[u] = direction_rad, there_s
    state.cue.orders[u] = world.records.unit.orders[world.run.row[0], u]
    events.push(state.heap, there_s, events.WARNING, plan.radars.key[plan.units.radar[u]], plan.threats.size + u)


@kernel
def _turned(world: World, u: int, t_s: float) -> None:
    """Unit `u` looks to where it was cued, unless a newer warning or an order has come since."""
    state, orders = world.state, world.records.unit.orders[world.run.row[0], u]
    if state.unit.n[u] > 0 or t_s != state.cue.due_s[u] or orders != state.cue.orders[u]:
        return
    state.unit.slew_rad[u] = state.cue.rad[u]
    keep_slew(state.trace, t_s, u, state.cue.rad[u])
    note(world, t_s, EV_CUED, -1, u, 0.0)
