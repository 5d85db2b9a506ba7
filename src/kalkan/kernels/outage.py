"""Outages: parts of the defence go out and come back, and who leads a fire unit changes with them.

A command post that is out orders nothing, and the radars that report to it report to nobody; a radar that is out sees
nothing; a fire unit whose link is down hears nothing from its post; a launcher that is out keeps its rounds. A post
leads while it works and has a picture: a radar of its own that works, or external tracks. A fire unit without such a
leader comes under the post that the scenario names as its successor, if that leads, or else searches with its own
radar and orders itself, and knows nothing of what others engage; it goes back when it can. kalkan's own
simplifications: before it changes hands it breaks off what it does not hold yet and finishes what it holds, and
its acquisition radars report to the successor at once.

What then holds is written into the block's own copies of ``plan.units``, ``plan.radars`` and ``plan.pictures``
(:func:`own_copies`): a radar that does not work has no range, so that no kernel needs to ask.
"""

from __future__ import annotations

import math

from kalkan.jit import kernel
from kalkan.kernels import events, random
from kalkan.kernels.booking import note
from kalkan.kernels.carried import is_carried, queue_spells
from kalkan.kernels.damage import ALONE, ALWAYS, BLINKING, CUED, LAUNCHER, LINK, OWN, POST, RADAR, SUCCESSOR
from kalkan.kernels.emission import book_silence, next_s, set_silent
from kalkan.kernels.engagement import lose
from kalkan.kernels.plan import LOOK_ENGAGE, Plan
from kalkan.kernels.search import queue_sector
from kalkan.kernels.state import HOLDING, IDLE
from kalkan.kernels.world import World, draw
from kalkan.schema import (
    EV_ALONE,
    EV_LAUNCHER_BACK,
    EV_LAUNCHER_OUT,
    EV_LED,
    EV_LINK_BACK,
    EV_LINK_OUT,
    EV_POST_BACK,
    EV_POST_OUT,
    EV_RADAR_BACK,
    EV_RADAR_OUT,
    MAX_TYPES,
    OUT_OF_ACTION,
)

BEGIN = -1  # the entity of the first call: nothing has happened yet


def own_copies(plan: Plan) -> Plan:
    """The plan of a block whose defence can be hit: with its own units, radars and pictures, which change."""
    if not plan.damage.on:
        return plan
    return plan._replace(units=plan.units.copy(), radars=plan.radars.copy(), pictures=plan.pictures.copy())


@kernel
def change(world: World, entity: int, t_s: float) -> None:
    """A part may be back, an outage begins, a unit may change hands, a radar may fall silent: `entity` says which."""
    damage, condition = world.plan.damage, world.state.condition
    n_part, n_outage = damage.parts.size, damage.outages.size
    radar_0 = n_part + n_outage + world.plan.units.size
    spell_0 = radar_0 + world.plan.radars.size
    if entity == BEGIN:
        _begin(world)
    elif entity < n_part:
        if t_s < condition.parts.until_s[entity] < math.inf:
            until_s, key = condition.parts.until_s[entity], damage.parts.key[entity]
            events.push(world.state.heap, until_s, events.CHANGE, key, entity)
    elif entity < n_part + n_outage:
        _go_out(world, entity - n_part, t_s)
    elif entity >= spell_0:
        spell = world.carried.spells[world.run.row[0], entity - spell_0]
        put_out(world, spell.part, t_s, spell.until_s)
    elif entity < radar_0:
        condition.units.waiting[entity - n_part - n_outage] = 0
    else:
        r = entity - radar_0
        changed = set_silent(world, r, t_s)
        events.push(world.state.heap, next_s(world, r, t_s), events.CHANGE, world.plan.radars.key[r], entity)
        if not changed:
            return
    settle(world, t_s)


@kernel
def _begin(world: World) -> None:
    """Everything works and is led by its own post; the first time of every outage is queued."""
    plan, damage, condition = world.plan, world.plan.damage, world.state.condition
    condition.parts.until_s[:], condition.parts.out[:], condition.outages.n[:] = 0.0, 0, 0
    condition.posts.works[:], condition.posts.leads[:], condition.radars.works[:] = 1, 1, 1
    condition.units.rank[:], condition.units.wanted[:], condition.units.waiting[:] = OWN, OWN, 0
    condition.units.linked[:], condition.launchers.out[:], condition.last_out_s[0] = 1, 0, -math.inf
    condition.radars.until_s[:], condition.radars.on[:], condition.radars.heard_s[:] = 0.0, 0, -math.inf
    for u in range(plan.units.size):
        _lead(world, u, OWN)
    for r in range(plan.radars.size):
        _report_to(world, r, OWN)
        condition.radars.searching[r] = 1 if plan.radars.picture[r] >= 0 else 0
        manner = damage.emissions.manner[r]
        condition.radars.silent[r] = manner == CUED
        if manner == CUED:
            book_silence(world, r, True, 0.0)
        if manner != ALWAYS:
            first_s = damage.emissions.on_s[r] if manner == BLINKING else 0.0
            entity = damage.parts.size + damage.outages.size + plan.units.size + r
            events.push(world.state.heap, first_s, events.CHANGE, plan.radars.key[r], entity)
    for o in range(damage.outages.size):
        first_s = _first_s(world, o)
        if first_s < math.inf:
            events.push(world.state.heap, first_s, events.CHANGE, damage.outages.key[o], damage.parts.size + o)
    if is_carried(world.carried):
        queue_spells(plan, world.state, world.carried, world.run.row[0])


@kernel
def _first_s(world: World, o: int) -> float:
    """When outage `o` happens first [s]; what fails again and again may be out at the start, as at any other time."""
    outages = world.plan.damage.outages
    u0, u1, _, _ = draw(world, random.OUTAGE, outages.key[o], 0, 0)
    if outages.up_s[o] == 0.0:
        return outages.from_s[o] if u0 < outages.probability[o] else math.inf
    if u0 < outages.down_s[o] / (outages.up_s[o] + outages.down_s[o]):
        return 0.0
    return -outages.up_s[o] * math.log(u1)


@kernel
def _go_out(world: World, o: int, t_s: float) -> None:
    """Outage `o` begins; of what fails again and again the next is queued. Times between are exponential."""
    damage, condition = world.plan.damage, world.state.condition
    outages = damage.outages
    until_s = outages.until_s[o]
    if outages.up_s[o] > 0.0:
        condition.outages.n[o] += 1
        u0, u1, _, _ = draw(world, random.OUTAGE, outages.key[o], 0, condition.outages.n[o])
        until_s = t_s - outages.down_s[o] * math.log(u0)
        next_s = until_s - outages.up_s[o] * math.log(u1)
        events.push(world.state.heap, next_s, events.CHANGE, outages.key[o], damage.parts.size + o)
    put_out(world, outages.part[o], t_s, until_s)


@kernel
def put_out(world: World, q: int, t_s: float, until_s: float) -> None:
    """Part `q` is out until then [s], or longer if it was to be; the time is booked. ``settle`` does the rest."""
    parts, condition, records, row = world.plan.damage.parts, world.state.condition, world.records, world.run.row[0]
    before_s, i = condition.parts.until_s[q], parts.index[q]
    if until_s <= before_s:
        return
    if before_s <= t_s and until_s < math.inf:
        events.push(world.state.heap, until_s, events.CHANGE, parts.key[q], q)
    lost_s = max(min(until_s, world.plan.study.horizon_s) - max(t_s, before_s), 0.0)
    condition.parts.until_s[q] = until_s
    if parts.kind[q] == POST:
        records.post.post_out_s[row, i] += lost_s
    elif parts.kind[q] == RADAR:
        records.radar.radar_out_s[row, i] += lost_s
    elif parts.kind[q] == LINK:
        records.unit.link_out_s[row, i] += lost_s
    else:
        records.unit.launchers_out_s[row, world.plan.launchers.unit[i]] += lost_s


@kernel
def settle(world: World, t_s: float) -> None:
    """Bring everything into the condition that its parts are in."""
    plan, condition = world.plan, world.state.condition
    any_out = False
    for q in range(plan.damage.parts.size):
        out = condition.parts.until_s[q] > t_s
        any_out = any_out or (out and plan.damage.parts.kind[q] != LAUNCHER)
        if out != (condition.parts.out[q] == 1):
            condition.parts.out[q] = out
            _turn(world, q, out, t_s)
    if any_out:
        condition.last_out_s[0] = math.inf
    elif condition.last_out_s[0] == math.inf:
        condition.last_out_s[0] = t_s
    for p in range(plan.damage.n_posts):
        condition.posts.leads[p] = _can_lead(world, p)
        plan.pictures.external_picture[p] = plan.damage.external[p] * condition.posts.works[p]
    for u in range(plan.units.size):
        _settle_unit(world, u, t_s)
    for r in range(plan.radars.size):
        _settle_radar(world, r, t_s)


@kernel
def _turn(world: World, q: int, out: bool, t_s: float) -> None:
    """Part `q` goes out, or is back."""
    parts, condition = world.plan.damage.parts, world.state.condition
    i, kind = parts.index[q], parts.kind[q]
    if kind == POST:
        condition.posts.works[i] = not out
        note(world, t_s, EV_POST_OUT if out else EV_POST_BACK, -1, i, 0.0)
    elif kind == RADAR:
        condition.radars.works[i] = not out
        note(world, t_s, EV_RADAR_OUT if out else EV_RADAR_BACK, -1, i, 0.0)
    elif kind == LINK:
        condition.units.linked[i] = not out
        note(world, t_s, EV_LINK_OUT if out else EV_LINK_BACK, -1, i, 0.0)
    else:
        _turn_launcher(world, i, out)
        note(world, t_s, EV_LAUNCHER_OUT if out else EV_LAUNCHER_BACK, i, world.plan.launchers.unit[i], 0.0)


@kernel
def _turn_launcher(world: World, q: int, out: bool) -> None:
    """The ready rounds of launcher `q` are put aside, or are its fire unit's again."""
    state, launchers, u = world.state, world.state.condition.launchers, world.plan.launchers.unit[q]
    launchers.out[q] = out
    for w in range(MAX_TYPES):
        n = state.magazine.ready[q, w] if out else launchers.aside[q, w]
        launchers.aside[q, w] = n if out else 0
        change_by = -n if out else n
        state.magazine.ready[q, w] += change_by
        state.unit.rounds[u, w] += change_by
        state.unit.ready[u] += change_by


@kernel
def _can_lead(world: World, p: int) -> bool:
    """Whether post `p` works and has a picture: a radar of its own that works, or external tracks."""
    damage, condition = world.plan.damage, world.state.condition
    if not condition.posts.works[p] or damage.external[p]:
        return condition.posts.works[p] == 1
    for r in range(damage.radars.size):  # noqa: SIM110 (the loop is compiled)
        if damage.radars.picture[r, OWN] == p and condition.radars.works[r]:
            return True
    return False


@kernel
def _settle_unit(world: World, u: int, t_s: float) -> None:
    """Who leads fire unit `u`, and whether it may take orders now."""
    plan, state, condition = world.plan, world.state, world.state.condition
    units, unit = condition.units, state.unit
    works = condition.radars.works[plan.units.radar[u]] == 1
    wanted = _leader(world, u)
    if wanted != units.wanted[u]:
        units.wanted[u], units.due_s[u] = wanted, t_s + plan.damage.takeover_s
    if not works or wanted != units.rank[u]:
        _break_off(world, u, t_s, works)
    if wanted != units.rank[u] and t_s >= units.due_s[u] and unit.n[u] == 0 and unit.in_air[u] == 0:
        _change_hands(world, u, wanted, t_s)
    unit.withheld[u] = OUT_OF_ACTION if wanted != units.rank[u] or not works else 0
    if wanted != units.rank[u] and not units.waiting[u]:
        units.waiting[u] = 1
        entity = plan.damage.parts.size + plan.damage.outages.size + u
        next_s = units.due_s[u] if units.due_s[u] > t_s else t_s + plan.units.update_s[u]
        events.push(state.heap, next_s, events.CHANGE, plan.units.key[u], entity)


@kernel
def _change_hands(world: World, u: int, rank: int, t_s: float) -> None:
    """Fire unit `u` comes under a leader of this rank; its time alone is booked as if it stayed so until the end."""
    units, records, row = world.state.condition.units, world.records, world.run.row[0]
    left_s = world.plan.study.horizon_s - t_s
    if rank == ALONE:
        records.unit.alone_s[row, u] += left_s
    elif units.rank[u] == ALONE:
        records.unit.alone_s[row, u] -= left_s
    units.rank[u] = rank
    _lead(world, u, rank)
    note(world, t_s, EV_ALONE if rank == ALONE else EV_LED, -1, u, float(world.plan.units.picture[u]))


@kernel
def _leader(world: World, u: int) -> int:
    """Rank of the leader that fire unit `u` is to have."""
    damage, condition = world.plan.damage, world.state.condition
    leaders = damage.units.picture
    own, other, alone = leaders[u, OWN], leaders[u, SUCCESSOR], leaders[u, ALONE]
    if own == alone:
        return OWN
    if not condition.units.linked[u]:
        return ALONE
    if condition.posts.leads[own]:
        return OWN
    return SUCCESSOR if other >= 0 and condition.posts.leads[other] else ALONE


@kernel
def _break_off(world: World, u: int, t_s: float, works: bool) -> None:
    """Fire unit `u` gives up what it does not hold; without its radar, everything."""
    eng = world.state.slot
    for c in range(world.plan.units.target_channels[u]):
        if eng.phase[u, c] != IDLE and (not works or eng.phase[u, c] != HOLDING):
            lose(world, u, c, t_s, OUT_OF_ACTION)


@kernel
def _lead(world: World, u: int, rank: int) -> None:
    """Write what fire unit `u` is under a leader of this rank."""
    units, led = world.plan.units, world.plan.damage.units
    units.picture[u], units.on_remote[u] = led.picture[u, rank], led.on_remote[u, rank]
    for i in range(3):
        units.position_m[u, i] = led.position_m[u, rank, i]


@kernel
def _report_to(world: World, r: int, rank: int) -> None:
    """Write what radar `r` is under a leader of this rank."""
    radars, led = world.plan.radars, world.plan.damage.radars
    radars.picture[r] = led.picture[r, rank]
    for i in range(3):
        radars.offset_m[r, i] = led.offset_m[r, rank, i]
        for j in range(3):
            radars.to_picture[r, i, j] = led.to_picture[r, rank, i, j]


@kernel
def _settle_radar(world: World, r: int, t_s: float) -> None:
    """To whom radar `r` reports, and whether it sees anything; one that begins to search begins with a new turn."""
    plan, state, condition = world.plan, world.state, world.state.condition
    damage, radars, rank = plan.damage, plan.radars, OWN
    works, home = condition.radars.works[r] == 1, damage.radars.picture[r, OWN]
    if radars.role[r] == LOOK_ENGAGE:
        for u in range(plan.units.size):
            rank = condition.units.rank[u] if plan.units.radar[u] == r else rank
    elif not condition.posts.works[home]:
        other = damage.radars.picture[r, SUCCESSOR]
        if other >= 0 and condition.posts.works[other]:
            rank = SUCCESSOR
        else:
            works = False  # its plots reach nobody
    _report_to(world, r, rank)
    works = works and not condition.radars.silent[r]
    on = works and radars.picture[r] >= 0
    if condition.radars.on[r] and not on:
        condition.radars.heard_s[r] = t_s
    condition.radars.on[r] = on
    radars.range_max_m[r] = damage.range_max_m[r] if works else 0.0
    radars.false_alarms_per_scan[r] = damage.false_alarms[r] if works else 0.0
    if radars.picture[r] >= 0 and not condition.radars.searching[r]:
        scans = state.sensed.scans
        condition.radars.searching[r], scans.sector[r] = 1, 0
        scans.number[r] = math.floor(t_s / radars.scan_period_s[r] + scans.phase[r]) + 1
        queue_sector(plan, state, r)
