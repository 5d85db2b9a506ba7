"""Emission control: when radars that search are silent, and what that costs: a silent radar sees nothing.

*Cued*: silent until a post has a confirmed track within a range of the radar - its own, by what others see for it, or
another post's, if posts are coordinated - and again some time after the last one. *Blinking*: on and off by turns,
on at the start. *Wary*: silent while a confirmed track comes straight at it within a range, whatever its height, and
some time after. An engagement radar that does not search transmits while its fire unit has a target. A link needs no
radar: posts and units hear each other in silence. Tracks are looked at every second.
"""

from __future__ import annotations

from kalkan.earth.frames import into, out_of
from kalkan.jit import kernel
from kalkan.kernels.booking import note
from kalkan.kernels.damage import BLINKING, CUED, RADAR
from kalkan.kernels.engagement import dwell
from kalkan.kernels.state import ACQUIRING
from kalkan.kernels.world import World
from kalkan.schema import EV_RADAR_ON, EV_RADAR_SILENT
from kalkan.tracking.lifecycle import predicted
from kalkan.tracking.tables import CONFIRMED

LOOK_S = 1.0  # from one look at the tracks to the next [s]


@kernel
def next_s(world: World, r: int, t_s: float) -> float:
    """When radar `r` may change its emission next [s]."""
    emissions = world.plan.damage.emissions
    if emissions.manner[r] != BLINKING:
        return t_s + LOOK_S
    return t_s + (emissions.off_s[r] if world.state.condition.radars.silent[r] else emissions.on_s[r])


@kernel
def set_silent(world: World, r: int, t_s: float) -> bool:
    """Decide whether radar `r` is silent from now on; whether that is a change."""
    radars, emissions = world.state.condition.radars, world.plan.damage.emissions
    before = radars.silent[r] == 1
    if emissions.manner[r] == BLINKING:
        silent = not before
    else:
        if _is_met(world, r, t_s, emissions.manner[r] == CUED):
            radars.until_s[r] = t_s + emissions.hold_s[r]
        silent = (radars.until_s[r] > t_s) != (emissions.manner[r] == CUED)
    if silent == before:
        return False
    radars.silent[r] = silent
    book_silence(world, r, silent, t_s)
    return True


@kernel
def book_silence(world: World, r: int, silent: bool, t_s: float) -> None:
    """Book that radar `r` falls silent, as if it stayed so until the end, or that it transmits again."""
    left_s = world.plan.study.horizon_s - t_s
    world.records.radar.radar_silent_s[world.run.row[0], r] += left_s if silent else -left_s
    note(world, t_s, EV_RADAR_SILENT if silent else EV_RADAR_ON, -1, r, 0.0)


@kernel
def _is_met(world: World, r: int, t_s: float, cued: bool) -> bool:
    """Whether a confirmed track cues radar `r`, or threatens it."""
    plan, tracks, own = world.plan, world.state.tracks, world.plan.radars.picture[r]
    for p in range(plan.pictures.size):
        if p != own and not (own >= 0 and plan.pictures.coordination[own] and plan.pictures.coordination[p]):
            continue
        for a in range(tracks.n[p]):
            k = tracks.active[p, a]
            if tracks.table.status[p, k] == CONFIRMED and _is_near(world, r, p, k, t_s, cued):
                return True
    return False


@kernel
def _is_near(world: World, r: int, p: int, k: int, t_s: float, cued: bool) -> bool:
    """Whether track `k` of picture `p` is within the range of radar `r`, and, if it is not about a cue, comes at it."""
    plan, table, emissions = world.plan, world.state.tracks.table, world.plan.damage.emissions
    x, y, z = predicted(world.state.tracks, p, k, t_s)
    o, m, at = plan.pictures.origin_m, plan.pictures.to_local, plan.radars.position_m
    ex, ey, ez = out_of(m, p, x, y, z, o[p, 0], o[p, 1], o[p, 2])
    dx, dy, dz = at[r, 0] - ex, at[r, 1] - ey, at[r, 2] - ez
    if dx * dx + dy * dy + dz * dz > emissions.range_m[r] ** 2:
        return False
    if cued:
        return True
    vx, vy, vz = out_of(m, p, table.x[p, k, 3], table.x[p, k, 4], table.x[p, k, 5])
    east, north, _ = into(plan.radars.to_local, r, dx, dy, dz)
    v_east, v_north, _ = into(plan.radars.to_local, r, vx, vy, vz)
    ahead, beside = east * v_east + north * v_north, east * v_north - north * v_east
    v2 = max(v_east * v_east + v_north * v_north, 1.0)
    return ahead > 0.0 and beside * beside <= emissions.miss_m[r] ** 2 * v2


@kernel
def dwell_and_be_heard(world: World, u: int, t_s: float) -> None:
    """As ``engagement.dwell``; a unit that acquires or holds a target is heard."""
    dwell(world, u, t_s)
    radars, r = world.state.condition.radars, world.plan.units.radar[u]
    for c in range(world.plan.units.target_channels[u]):
        if world.state.slot.phase[u, c] >= ACQUIRING and radars.works[r]:
            radars.heard_s[r] = t_s


@kernel
def last_heard_s(world: World, r: int, t_s: float) -> float:
    """When radar `r` transmitted last [s]; -inf: never yet."""
    radars = world.state.condition.radars
    return t_s if radars.on[r] else radars.heard_s[r]


@kernel
def aimed_chance(world: World, i: int, t_s: float, p_hit: float, u0: float, u1: float) -> tuple[float, int]:
    """The chance that a threat that homes on emitters hits its place, and the radar that it flies at.

    Of the radars at its aim it flies at one that transmits, or did so within its memory, each as likely, unless a decoy
    emitter draws it away. Where none does, it flies on to where they were, with a share of its chance. kalkan's own
    simplification: its route is written, and it chooses on arrival.

    Parameters
    ----------
    p_hit : float
        Of its type [1].
    u0, u1 : float
        Draws in (0, 1): decoy or not, and which radar.

    Returns
    -------
    chance, radar
        0 where a decoy took it; -1 where no radar is heard.
    """
    plan, damage = world.plan, world.plan.damage
    aim, homing = plan.threats.aim[i], plan.threats.kind[i]
    heard, decoys = 0, 0.0
    for q in range(damage.parts.size):
        if damage.stands[aim, q] and _is_heard(world, q, homing, t_s):
            heard += 1
            decoys = max(decoys, damage.emissions.decoys[damage.parts.index[q]])
    if heard == 0:
        return p_hit * damage.homings.silent_share[homing], -1
    if u0 * (heard + decoys) >= heard:
        return 0.0, -1
    wanted = min(int(u1 * heard), heard - 1)
    for q in range(damage.parts.size):
        if damage.stands[aim, q] and _is_heard(world, q, homing, t_s):
            if wanted == 0:
                return p_hit, damage.parts.index[q]
            wanted -= 1
    return p_hit, -1


@kernel
def _is_heard(world: World, q: int, homing: int, t_s: float) -> bool:
    """Whether part `q` is a radar that a missile of this type flies at."""
    damage = world.plan.damage
    if damage.parts.kind[q] != RADAR:
        return False
    return t_s - last_heard_s(world, damage.parts.index[q], t_s) <= damage.homings.memory_s[homing]
