"""Identity: what a post gathers about who a track is, what the rules of engagement make of it, and what is broken off.

A look at the identities of a post's confirmed tracks comes once in ``identity.period_s``, about a turn of its radar:
the interrogator asks what a radar has met since the last look, and everything else is read off the track. Of each kind
of evidence the newest outcome counts, once (``models.identity``); interrogations go by how many have brought no reply.
What is drawn about an object - whether its set works, whether it is found under its plan - is drawn once for the
replication and is the same for every post. A reply belongs to the track, not to the object: one that comes to follow
another object keeps it until ``memory_s`` has passed, and that is how a track of a friend comes to cover an enemy.

kalkan's own simplifications: a look happens at one instant for all tracks; whoever an own radar meets can be asked; an
incompatible interrogator hears civil replies and no military ones; a report of an external source that identifies
counts as one interrogation more, by a set that friends and airliners answer, and says nothing else of identity; posts
tell each other nothing of it; rounds in flight are not called back when a track turns out to be a friend.
"""

from __future__ import annotations

import math

import numpy as np

from kalkan.arrays import F8, Struct
from kalkan.jit import kernel
from kalkan.kernels import events, random
from kalkan.kernels.booking import note
from kalkan.kernels.command import meets
from kalkan.kernels.engagement import release
from kalkan.kernels.evidence import (
    CRUISE,
    ELSEWHERE,
    FAST,
    HEARD,
    IFF_NO_REPLY,
    IFF_REPLIED,
    INSIDE,
    LOW,
    MOST_ASKED,
    NO_PLAN,
    NOT_HEARD,
    NOT_KNOWN,
    OTHER,
    OUTSIDE,
    PLAN_AND_REPLY,
    PLAN_AND_SILENT,
    PLAN_ONLY,
    REPLY_ONLY,
    SILENT_ONLY,
    SLOW,
)
from kalkan.kernels.intercept import altitude_m
from kalkan.kernels.plan import IFF_COMPATIBLE, IFF_NONE, Plan
from kalkan.kernels.state import IDLE, State
from kalkan.kernels.trace import keep_identity
from kalkan.kernels.world import World, draw
from kalkan.models.areas import along_corridor, in_polygon
from kalkan.models.identity import UNTOLD, identify
from kalkan.schema import (
    AIRWAY,
    AIRWAY_ZONE,
    CONTROL_FREE,
    CONTROL_HOLD,
    CONTROL_TIGHT,
    EMITTER,
    EV_CEASED,
    EV_KNOWN_FRIENDLY,
    EV_KNOWN_HOSTILE,
    EV_KNOWN_NEUTRAL,
    EV_NOT_KNOWN,
    FRIENDLY,
    HOSTILE,
    IFF,
    IFF_VALID,
    NEUTRAL,
    NOT_IDENTIFIED,
    ON_HOLD,
    ORIGIN,
    ORIGIN_ZONE,
    PROFILE,
    RESTRICTED,
    RESTRICTED_ZONE,
    ROUTE,
    ROUTE_ZONE,
    TRANSPONDER,
    WEAPONS_ZONE,
)
from kalkan.tracking.lifecycle import predicted
from kalkan.tracking.tables import CONFIRMED, NEVER_S, AirPicture

VERDICTS = (EV_KNOWN_HOSTILE, EV_KNOWN_FRIENDLY, EV_KNOWN_NEUTRAL, EV_NOT_KNOWN)  # by side, the last for none


@kernel
def look_who(world: World, p: int, t_s: float) -> None:
    """A look at the identities of picture `p`'s confirmed tracks; the next is queued."""
    plan, state = world.plan, world.state
    tracks, who = state.tracks, state.known.who
    number = round(t_s / plan.identity.period_s)
    if number == 0:
        _begin(world, p)
    for a in range(tracks.n[p]):
        k = tracks.active[p, a]
        if tracks.table.status[p, k] != CONFIRMED:
            continue
        if who.serial[p, k] != tracks.table.serial[p, k]:
            _meet(plan, state, p, k)
        changed = _ask(world, p, k, t_s, number)
        changed = _watch(plan, state, p, k, t_s) or changed
        if changed:
            _think(world, p, k, t_s)
        _rule(world, p, k, t_s)
    events.push(state.heap, t_s + plan.identity.period_s, events.IDENTITY, plan.pictures.key[p], p)


@kernel
def _begin(world: World, p: int) -> None:
    """Nothing is known; what each object shows of itself in this replication is drawn, the same for every post."""
    plan, who, signs = world.plan, world.state.known.who, world.state.known.signs
    identity, threats = plan.identity, plan.threats
    for k in range(who.shape[1]):
        who.serial[p, k], who.cleared[p, k], who.asked_for[p, k] = -1, -1, -1
    for i in range(threats.size):
        u0, u1, u2, _ = draw(world, random.SIGNS, threats.key[i], np.uint64(0), 0)
        if threats.iff[i] == IFF_VALID:
            signs.valid[i] = u0 >= identity.p_broken
        else:
            signs.valid[i] = threats.side[i] != FRIENDLY and u0 < identity.p_imitated
        signs.planned[i] = u1 < (identity.p_planned if threats.flight_plan[i] else identity.p_chance)
        signs.heard[i] = u2 < identity.p_heard[threats.side[i]]


@kernel
def _meet(plan: Plan, state: State, p: int, k: int) -> None:
    """A track that no look has met: nothing is known of it but where it began."""
    who, table = state.known.who, state.tracks.table
    who.serial[p, k], who.cleared[p, k] = table.serial[p, k], -1
    who.asked[p, k], who.replied_s[p, k], who.verdict[p, k] = 0, NEVER_S, NOT_KNOWN
    for kind in range(who.outcome.shape[2]):
        who.outcome[p, k, kind] = -1
    at = table.begun_m
    who.outcome[p, k, ORIGIN] = _origin(plan, p, at[p, k, 0], at[p, k, 1], at[p, k, 2], table.begun_s[p, k])


@kernel
def _origin(plan: Plan, p: int, x: float, y: float, z: float, t_s: float) -> int:
    """Outcome of where a track began: in a side's zone of origin, elsewhere, or UNTOLD where there are none."""
    zones, found = plan.identity.zones, UNTOLD
    high, x, y = _on_map(plan.pictures, p, x, y, z)
    for a in range(zones.size):
        if zones.kind[a] != ORIGIN_ZONE or not zones.from_s[a] <= t_s < zones.until_s[a]:
            continue
        if _within(zones, plan.identity.corner_m[p], a, high, x, y):
            return 1 + zones.side[a]
        found = ELSEWHERE
    return found


@kernel
def _on_map(pictures: Struct, p: int, x: float, y: float, z: float) -> tuple[float, float, float]:
    """Altitude above the sea of a point of picture `p`'s frame, and its east and north at sea level [m].

    A point at altitude h stands (R + h)/R as far from the origin's vertical as the ground below it (a sphere).
    """
    high = altitude_m(pictures, p, x, y, z)
    shrunk = pictures.mean_radius_m[p] / (pictures.mean_radius_m[p] + high)
    return high, shrunk * x, shrunk * y


@kernel
def _within(zones: Struct, corner_m: F8, a: int, high_m: float, x: float, y: float) -> bool:
    """Whether a point of the map [m] lies in area `a`."""
    if not zones.floor_m[a] <= high_m <= zones.ceiling_m[a]:
        return False
    return in_polygon(corner_m, zones.first[a], zones.last[a], x, y)


@kernel
def _told(who: Struct, p: int, k: int, kind: int, outcome: int) -> bool:
    """Note the outcome of a kind of evidence; whether it is another than before."""
    before = who.outcome[p, k, kind]
    who.outcome[p, k, kind] = outcome
    return before != outcome


@kernel
def _ask(world: World, p: int, k: int, t_s: float, number: int) -> bool:
    """Interrogate track `k` if it was met since the last look, or a source has asked it; whether that is news."""
    plan, state = world.plan, world.state
    who, table, identity = state.known.who, state.tracks.table, plan.identity
    i, how = table.threat[p, k], plan.pictures.iff[p]
    if t_s - who.replied_s[p, k] > identity.memory_s and who.replied_s[p, k] > NEVER_S:
        who.asked[p, k], who.replied_s[p, k] = 0, NEVER_S
    met = _met(state.tracks, p, k, t_s - identity.period_s)
    told = who.asked_for[p, k] == table.serial[p, k]
    who.asked_for[p, k] = -1
    if (how == IFF_COMPATIBLE and met) or told:
        who.asked[p, k] += 1
        if i >= 0 and state.known.signs.valid[i]:
            u0, _, _, _ = draw(world, random.INTERROGATION, plan.threats.key[i], plan.pictures.key[p], number)
            if u0 < identity.p_reply:
                who.replied_s[p, k] = t_s
    changed = _told(who, p, k, IFF, _iff(who, p, k))
    if met or told or who.outcome[p, k, TRANSPONDER] < 0:
        changed = _told(who, p, k, TRANSPONDER, _civil(plan, state, i, (how != IFF_NONE and met) or told)) or changed
        changed = _told(who, p, k, EMITTER, _emitter(plan, state, i)) or changed
    return changed


@kernel
def _met(air: AirPicture, p: int, k: int, since_s: float) -> bool:
    """Whether a radar of picture `p` has met track `k` since then; what external sources tell of it does not count."""
    for r in range(air.radars.size):  # noqa: SIM110 (the loop is compiled)
        if air.radars.picture[r] == p and air.looks.hit_s[p, k, r] > since_s:
            return True
    return False


@kernel
def _iff(who: Struct, p: int, k: int) -> int:
    """Outcome of the military interrogations of track `k`."""
    if who.replied_s[p, k] > NEVER_S:
        return IFF_REPLIED
    return IFF_NO_REPLY + min(who.asked[p, k], MOST_ASKED) if who.asked[p, k] > 0 else UNTOLD


@kernel
def _civil(plan: Plan, state: State, i: int, asks: bool) -> int:
    """Outcome of a civil transponder and a flight plan, of object `i` (-1: none is there)."""
    planned = i >= 0 and state.known.signs.planned[i] == 1
    if not asks:
        return PLAN_ONLY if planned else NO_PLAN
    if i >= 0 and plan.threats.transmits[i] == 1:
        return PLAN_AND_REPLY if planned else REPLY_ONLY
    return PLAN_AND_SILENT if planned else SILENT_ONLY


@kernel
def _emitter(plan: Plan, state: State, i: int) -> int:
    """Outcome of listening to object `i`."""
    if not plan.identity.listens:
        return UNTOLD
    return HEARD if i >= 0 and state.known.signs.heard[i] == 1 else NOT_HEARD


@kernel
def _watch(plan: Plan, state: State, p: int, k: int, t_s: float) -> bool:
    """Read off track `k` how and where it flies; whether that told something new."""
    who, table = state.known.who, state.tracks.table
    x, y, z = predicted(state.tracks, p, k, t_s)
    vx, vy, vz = table.x[p, k, 3], table.x[p, k, 4], table.x[p, k, 5]
    high, x, y = _on_map(plan.pictures, p, x, y, z)
    changed = _told(who, p, k, PROFILE, _profile(plan, p, high, math.sqrt(vx * vx + vy * vy + vz * vz)))
    airway = _corridor(plan, p, AIRWAY_ZONE, high, x, y, vx, vy, t_s, plan.identity.course)
    changed = _told(who, p, k, AIRWAY, airway) or changed
    changed = _told(who, p, k, ROUTE, _corridor(plan, p, ROUTE_ZONE, high, x, y, vx, vy, t_s, 0.0)) or changed
    restricted = UNTOLD
    zones = plan.identity.zones
    for a in range(zones.size):
        if zones.kind[a] == RESTRICTED_ZONE and zones.from_s[a] <= t_s < zones.until_s[a] and restricted != INSIDE:
            inside = _within(zones, plan.identity.corner_m[p], a, high, x, y)
            restricted = INSIDE if inside else OUTSIDE
    return _told(who, p, k, RESTRICTED, restricted) or changed


@kernel
def _profile(plan: Plan, p: int, high_m: float, speed_m_s: float) -> int:
    """Outcome of speed and height together."""
    pictures = plan.pictures
    if speed_m_s < pictures.slow_m_s[p]:
        return SLOW
    if high_m < pictures.low_m[p]:
        return LOW
    if speed_m_s > pictures.usual_speed_m_s[p]:
        return FAST
    return CRUISE if high_m >= plan.identity.cruise_m else OTHER


@kernel
def _corridor(
    plan: Plan, p: int, kind: int, high_m: float, x: float, y: float, vx: float, vy: float, t_s: float, least: float
) -> int:
    """Outcome of corridors of a kind: inside one and along it (cosine at least `least`), outside, or UNTOLD."""
    zones, found = plan.identity.zones, UNTOLD
    for a in range(zones.size):
        if zones.kind[a] != kind or not zones.from_s[a] <= t_s < zones.until_s[a]:
            continue
        found = OUTSIDE
        if zones.floor_m[a] <= high_m <= zones.ceiling_m[a]:
            corner_m, half_m = plan.identity.corner_m[p], zones.half_width_m[a]
            along = along_corridor(corner_m, zones.first[a], zones.last[a], half_m, x, y, vx, vy)
            if along >= least:
                return INSIDE
    return found


@kernel
def _think(world: World, p: int, k: int, t_s: float) -> None:
    """The probabilities of track `k` after what is new; kept for the replay."""
    state, identity = world.state, world.plan.identity
    who, table = state.known.who, state.tracks.table
    identify(identity.log_prior, identity.log_likelihood, who.outcome[p, k], who.p[p, k])
    keep_identity(state.trace, who, p, k, table.serial[p, k], table.threat[p, k], t_s)


@kernel
def _rule(world: World, p: int, k: int, t_s: float) -> None:
    """What the rules of engagement say of track `k` now; what they no longer allow is broken off."""
    plan, state = world.plan, world.state
    who, table = state.known.who, state.tracks.table
    x, y, z = predicted(state.tracks, p, k, t_s)
    attacks = _attacks(plan, p, x, y, table.x[p, k, 3], table.x[p, k, 4])
    high, x, y = _on_map(plan.pictures, p, x, y, z)
    control, confidence = _control(plan, p, high, x, y, t_s)
    _know(world, p, k, t_s, confidence)
    if control == CONTROL_HOLD and attacks and who.p[p, k, HOSTILE] >= confidence:
        who.cleared[p, k] = table.serial[p, k]  # in self-defence
        return
    if _allowed(who.p[p, k], control, confidence, _as_hostile(plan, p, high, x, y, t_s)):
        who.cleared[p, k] = table.serial[p, k]
        return
    who.cleared[p, k] = -1
    if state.targets.engaged[p, k] > 0:
        break_off(world, p, k, -1, t_s, EV_CEASED)
    else:
        _book_refusal(plan, state, p, k, ON_HOLD if control == CONTROL_HOLD else NOT_IDENTIFIED, t_s)


@kernel
def _attacks(plan: Plan, p: int, x: float, y: float, vx: float, vy: float) -> bool:
    """Whether a track [m, m/s] is within ``self_defence_m`` of a fire unit of post `p` and will pass it near.

    Near is what threatens an asset (``threatened_m``). All fire units of the post then count as attacked (kalkan's own
    simplification: the post fights as one).
    """
    units, reach_m, near_m = plan.units, plan.identity.self_defence_m, plan.pictures.threatened_m[p]
    v2 = max(vx * vx + vy * vy, 1.0)
    for u in range(units.size):
        dx, dy = units.position_m[u, 0] - x, units.position_m[u, 1] - y
        if units.picture[u] != p or dx * dx + dy * dy > reach_m * reach_m:
            continue
        t = (dx * vx + dy * vy) / v2
        if t > 0.0 and (dx - t * vx) ** 2 + (dy - t * vy) ** 2 <= near_m * near_m:
            return True
    return False


@kernel
def _allowed(p: F8, control: int, confidence: float, as_hostile: bool) -> bool:
    """Whether a track of these probabilities may be shot at; full confidence in a friend or a neutral there is not."""
    if control == CONTROL_HOLD:
        return False
    if as_hostile:
        return True
    if control == CONTROL_TIGHT:
        return p[HOSTILE] >= confidence
    return confidence >= 1.0 or p[FRIENDLY] + p[NEUTRAL] < confidence


@kernel
def _control(plan: Plan, p: int, high_m: float, x: float, y: float, t_s: float) -> tuple[int, float]:
    """Weapons control and confidence at a place and time: of the period, or of the strictest weapons zone there."""
    rules, zones = plan.identity.rules, plan.identity.zones
    usual, sure = CONTROL_HOLD, 1.0
    for a in range(rules.size):
        if rules.from_s[a] <= t_s < rules.until_s[a]:
            usual, sure = rules.control[a], rules.confidence[a]
    control, confidence, found = usual, sure, False
    for a in range(zones.size):
        if zones.kind[a] != WEAPONS_ZONE or not zones.from_s[a] <= t_s < zones.until_s[a]:
            continue
        if not _within(zones, plan.identity.corner_m[p], a, high_m, x, y):
            continue
        its = usual if zones.control[a] < 0 else zones.control[a]
        asks = sure if math.isnan(zones.confidence[a]) else zones.confidence[a]
        if not found or _stricter(its, asks, control, confidence):
            control, confidence, found = its, asks, True
    return control, confidence


@kernel
def _stricter(control: int, confidence: float, than: int, its: float) -> bool:
    """Whether one control is stricter than another: hold, tight, free; tight by more confidence, free by less."""
    if control != than:
        return control < than
    return confidence < its if control == CONTROL_FREE else confidence > its


@kernel
def _as_hostile(plan: Plan, p: int, high_m: float, x: float, y: float, t_s: float) -> bool:
    """Whether a place lies in a restricted zone in which everything counts as hostile."""
    zones = plan.identity.zones
    for a in range(zones.size):
        now = zones.as_hostile[a] == 1 and zones.from_s[a] <= t_s < zones.until_s[a]
        if now and _within(zones, plan.identity.corner_m[p], a, high_m, x, y):
            return True
    return False


@kernel
def _know(world: World, p: int, k: int, t_s: float, confidence: float) -> None:
    """Note when a track becomes known as of a side, or is no more."""
    who, verdict = world.state.known.who, NOT_KNOWN
    for side in range(who.p.shape[2]):
        if who.p[p, k, side] >= confidence:
            verdict = side
    if verdict != who.verdict[p, k]:
        who.verdict[p, k] = verdict
        note(world, t_s, VERDICTS[verdict], world.state.tracks.table.threat[p, k], p, who.p[p, k, HOSTILE])


@kernel
def break_off(world: World, p: int, k: int, only: int, t_s: float, event: int) -> None:
    """Stop the engagements of a track by unit `only` (-1: any) and note why; what flies already flies on."""
    plan, state = world.plan, world.state
    eng, table = state.slot, state.tracks.table
    for u in range(plan.units.size):
        if plan.units.picture[u] != p or only not in (-1, u):
            continue
        for c in range(plan.units.target_channels[u]):
            mine = eng.track[u, c] == k and eng.track_serial[u, c] == table.serial[p, k]
            if eng.phase[u, c] == IDLE or not mine:
                continue
            eng.salvo_left[u, c] = 0
            if eng.in_flight[u, c] == 0:
                note(world, t_s, event, eng.blamed[u, c], u, 0.0)
                release(world, u, c, t_s, t_s)


@kernel
def _book_refusal(plan: Plan, state: State, p: int, k: int, reason: int, t_s: float) -> None:
    """Book the time until the next look against what forbade a shot at a hostile that some unit could meet now."""
    i = state.tracks.table.threat[p, k]
    if i < 0 or plan.threats.side[i] != HOSTILE:
        return
    for u in range(plan.units.size):
        if plan.units.picture[u] == p and meets(plan, state, u, k, t_s)[0] < math.inf:
            state.truth.obstacle_s[i, reason] += plan.identity.period_s
            return
