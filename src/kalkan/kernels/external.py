"""External sources: radars of others look, follow what they see, and tell posts of it over a link.

At each report the source's looks until the report's own time are made up: it looks at everything at once, once in
each scan, by the same radar equation, detection and noise as own radars; what it detects goes into a filter of its own
in earth-centred axes, confirmed by M of N looks and ended by misses in a row. Then the reports go out: what was met
since it was told last, moved on to the time of arrival, turned into the post's frame, with the registration bias of
this replication and the link's own error. Of several sources that hold an object only the one that knows it best
tells it, as the holder of reporting responsibility on a tactical data link does (MIL-STD-6016, in open descriptions).

Jamming, clutter and weather reach it through the models of own radars (``interference``, ``weather``), with the
place that stands for its antenna in the place of a radar. Where it hears a jammer and does not see the carrier it
tells the direction, a strobe; what it sees no more it does not tell, and posts' tracks of it age.

Every number drawn here is keyed by the source: nothing that the defence draws depends on it. kalkan's own
simplifications: a source begins no false tracks and confuses no objects of its own picture; all looks of a scan are at
one instant; its own motion is taken off what land and sea send back; the link is up or down for a fixed time at once; a
track of the post that the report no longer fits is correlated anew, with a new chance to err.
"""

from __future__ import annotations

import math

from kalkan.arrays import F8, Struct
from kalkan.earth.frames import into
from kalkan.earth.horizon import visible
from kalkan.earth.refraction import local_radius, look
from kalkan.jit import kernel
from kalkan.kernels import events, random
from kalkan.kernels.bearings import listen, take_bearings, tell_strobes
from kalkan.kernels.booking import fell_short, note
from kalkan.kernels.following import adopted, forget
from kalkan.kernels.memory import recall
from kalkan.kernels.plan import SNR_MIN_DB, Plan
from kalkan.kernels.sensing import measure, true_state
from kalkan.kernels.slots import detected
from kalkan.kernels.sources import External, Sources
from kalkan.kernels.trace import keep_told
from kalkan.kernels.world import World, draw
from kalkan.models.radar import snr_from_constant_db
from kalkan.models.signature import aspect_rcs_dbsm
from kalkan.schema import EV_TOLD
from kalkan.tracking import filtering, motion
from kalkan.tracking.registration import learn_offset
from kalkan.tracking.tables import CONFIRMED, FREE, NEVER_S, TENTATIVE
from kalkan.tracking.told import begin_told, belongs, candidates, fuse, met_by_own, own_at

REPORT, OWN = 0, 1  # entries of External.told


@kernel
def tell(world: World, s: int, t_s: float) -> None:
    """A report of source `s` is there: what it saw until it was sent, and what posts make of it."""
    plan, state = world.plan, world.state
    radars, watch = plan.sources.radars, state.external.watch
    if watch.row[s] != world.run.row[0] or watch.replication[s] != world.run.replication[0]:
        _begin(world, s)
    else:
        sent_s = t_s - radars.latency_s[s]
        _look_until(world, s, sent_s)
        link = (radars.key[s], radars.availability[s], radars.outage_s[s])
        if link_is_up(link, world.run.stream[0], world.run.replication[0], sent_s):
            _deliver(world, s, t_s)
            if plan.source_interference.jammers.size > 0:
                tell_strobes(world, s, t_s)
    due_s = (watch.report[s] + watch.report_phase[s]) * radars.update_s[s] + radars.latency_s[s]
    watch.report[s] += 1
    events.push(state.heap, due_s, events.LINK, radars.key[s], s)


@kernel
def _begin(world: World, s: int) -> None:
    """State of source `s` as before its first look, with this replication's phases and registration bias."""
    plan, external = world.plan, world.state.external
    watch, radars = external.watch, plan.sources.radars
    u0, u1, u2, u3 = draw(world, random.SOURCE, radars.key[s], 0, 0)
    u4, _, _, _ = draw(world, random.SOURCE, radars.key[s], 0, 1)
    watch.replication[s], watch.row[s] = world.run.replication[0], world.run.row[0]
    watch.scan[s], watch.report[s] = 0, 0
    watch.scan_phase[s], watch.orbit_phase[s], watch.report_phase[s] = u0, u1, u4
    watch.bias_m[s, 0] = radars.bias_m[s] * random.normal(u2)
    watch.bias_m[s, 1] = radars.bias_m[s] * random.normal(u3)
    for p in range(external.learnt.shape[0]):
        for a in range(2):
            external.learnt.offset_m[p, s, a] = 0.0
            for b in range(2):
                external.learnt.q_m2[p, s, a, b] = radars.bias_m[s] ** 2 if a == b else 0.0
    for i in range(external.followed.shape[1]):
        external.followed.status[s, i] = FREE
    external.bearings.waiting[s, :] = 0
    for p in range(external.paired.shape[0]):
        for i in range(external.paired.shape[2]):
            external.paired.slot[p, s, i], external.paired.number[p, s, i] = -1, 0
        for k in range(external.owned.shape[2]):
            external.owned.threat[p, s, k] = -1


@kernel
def link_is_up(
    link: tuple[random.Word, float, float], stream: random.Word, replication: int, t_s: float
) -> bool:
    """Whether a link is up for what is sent at `t_s` [s]; it can change at multiples of its `outage_s`.

    Parameters
    ----------
    link : tuple
        Of its source the ``key``, ``availability`` [1] and ``outage_s`` [s].
    stream, replication, t_s
        See ``random.draw4``.
    """
    key, availability, outage_s = link
    u0, _, _, _ = random.draw4(stream, replication, random.LINK_UP, key, 0, max(int(t_s / outage_s), 0))
    return u0 < availability


@kernel
def _look_until(world: World, s: int, t_s: float) -> None:
    """Make the looks of source `s` that are due until `t_s` [s]."""
    watch, radars = world.state.external.watch, world.plan.sources.radars
    while True:
        at_s = (watch.scan[s] + watch.scan_phase[s]) * radars.scan_period_s[s]
        if at_s > t_s:
            return
        _place_antenna(world.plan.sources, watch, s, at_s)
        _scan(world, s, at_s)
        watch.scan[s] += 1


@kernel
def _place_antenna(sources: Sources, watch: Struct, s: int, t_s: float) -> None:
    """Put the antenna of source `s` where it is at `t_s` [s]: linear between the points of its orbit."""
    radars, knots = sources.radars, sources.knots
    first, n = radars.first_knot[s], radars.n_knots[s]
    along = (t_s / radars.orbit_s[s] + watch.orbit_phase[s]) * n if n > 1 else 0.0
    whole = math.floor(along)
    a = first + int(whole) % n
    b = first + (int(whole) + 1) % n
    near = a if along - whole < 0.5 else b
    place = knots.place[near]
    watch.place[s] = place
    for i in range(3):
        here = knots.position_m[a, i]
        watch.offset_m[s, i] = here + (along - whole) * (knots.position_m[b, i] - here)
        for j in range(3):
            watch.to_picture[s, i, j] = sources.places.to_local[place, j, i]


@kernel
def _scan(world: World, s: int, t_s: float) -> None:
    """One look of source `s` at everything that flies at `t_s` [s]."""
    plan, state = world.plan, world.state
    truth, followed = state.truth, state.external.followed
    jammed = plan.source_interference.jammers.size > 0
    if jammed:
        listen(world, s, t_s)
    for i in range(truth.size):
        if truth.start_s[i] <= t_s <= truth.end_s[i] and t_s < truth.killed_s[i] and _meets(world, s, i, t_s):
            _take(plan, state.external, s, i, t_s)
        elif followed.status[s, i] != FREE:
            _miss(plan.sources.radars, followed, s, i)
    if jammed:
        take_bearings(world, s, t_s)


@kernel
def _meets(world: World, s: int, i: int, t_s: float) -> bool:
    """Whether source `s` detects object `i`; the plot is then in its scratch."""
    plan, state = world.plan, world.state
    radars, watch, plot = plan.sources.radars, state.external.watch, state.external.plot
    px, py, pz, vx, vy, vz = true_state(plan, state.truth, i, t_s)
    dx, dy, dz = px - watch.offset_m[s, 0], py - watch.offset_m[s, 1], pz - watch.offset_m[s, 2]
    slant = math.sqrt(dx * dx + dy * dy + dz * dz)
    if slant > radars.range_max_m[s] or slant < radars.range_min_m[s]:
        return False
    seen, ground, height, tan_elevation = sees(plan.sources, s, watch.place[s], plan.study.refraction_k, px, py, pz)
    if not seen:
        return False
    e, n, u = into(plan.sources.places.to_local, watch.place[s], dx, dy, dz)
    speed = math.sqrt(vx * vx + vy * vy + vz * vz)
    cos_aspect = -(dx * vx + dy * vy + dz * vz) / (slant * speed) if speed > 0.0 else 0.0
    kind, rcs = plan.threats.kind[i], plan.sources.rcs_dbsm
    rcs_dbsm = aspect_rcs_dbsm(rcs[kind, s, 0], rcs[kind, s, 1], rcs[kind, s, 2], cos_aspect)
    snr_db = snr_from_constant_db(radars.snr_1m_db[s], rcs_dbsm, slant)
    if plan.source_weather.on:
        snr_db -= _weather_db(plan, watch.place[s], e, n, slant, ground, height, tan_elevation)
    if plan.source_interference.on:
        rate = (dx * vx + dy * vy + dz * vz) / slant
        taken_db = plan.models.interference_db(
            plan.source_interference, state.external.heard, watch.place[s], t_s, e, n, u, slant, rate
        )
        snr_db -= taken_db
    if snr_db <= SNR_MIN_DB:
        return False
    p_d = detected(plan.models, snr_db, plan.sources.p_d[s, plan.kinds.swerling[kind]])
    u0, u1, u2, u3 = draw(world, random.SOURCE_LOOK, plan.threats.key[i], radars.key[s], watch.scan[s])
    if u0 >= p_d:
        return False
    measure(
        watch, s, snr_db, slant, e, n, u, random.normal(u1), random.normal(u2), random.normal(u3), plot.z_m[0],
        plot.r_m2[0],
    )  # fmt: skip
    return True


@kernel
def _weather_db(
    plan: Plan, place: int, e: float, n: float, slant_m: float, ground_m: float, height_m: float, tan_elevation: float
) -> float:
    """What the weather takes from a look [dB] of the antenna at a place."""
    places = plan.sources.places
    terms = (places.lat_terms[place, 0], places.lat_terms[place, 1], places.lat_terms[place, 2])
    radius = plan.study.refraction_k * local_radius(e, n, terms)
    return plan.models.loss_db(
        plan.source_weather, place, places.range_max_m[place], places.antenna_m[place], radius, e, n, slant_m, ground_m,
        height_m, tan_elevation,
    )  # fmt: skip


@kernel
def sees(
    sources: Sources, s: int, place: int, refraction_k: float, x: float, y: float, z: float
) -> tuple[bool, float, float, float]:
    """Whether an object at x, y, z (ECEF) [m] is within elevation limits and line of sight from a place.

    And its ground range [m], altitude [m] and apparent elevation tangent [1].
    """
    radars, places = sources.radars, sources.places
    o = places.position_m
    e, n, u = into(places.to_local, place, x - o[place, 0], y - o[place, 1], z - o[place, 2])
    terms = (places.lat_terms[place, 0], places.lat_terms[place, 1], places.lat_terms[place, 2])
    ground, height, tan_elevation = look(e, n, u, places.antenna_m[place], terms, refraction_k)
    if tan_elevation < radars.tan_elevation_min[s] or tan_elevation > radars.tan_elevation_max[s]:
        return False, ground, height, tan_elevation
    seen = visible(
        sources.horizon, places.horizon_first[place], places.horizon_n_azimuth[place], places.horizon_n_range[place],
        places.horizon_radius_m[place], e, n, ground, tan_elevation,
    )  # fmt: skip
    return seen, ground, height, tan_elevation


@kernel
def _take(plan: Plan, external: External, s: int, i: int, t_s: float) -> None:
    """Take the plot in the scratch into what source `s` holds of object `i`."""
    followed, plot, radars = external.followed, external.plot, plan.sources.radars
    x, q = followed.x[s, i], followed.p[s, i]
    bits = 0
    if followed.status[s, i] == FREE:
        filtering.begin(x, q, plot.z_m[0], plot.r_m2[0], plan.study.initial_speed_m_s)
        followed.status[s, i], followed.told_s[s, i] = TENTATIVE, -math.inf
    else:
        bits = followed.history[s, i]
        _ahead(plan, s, x, q, t_s - followed.t_s[s, i])
        filtering.updated(plan.models, x, q, plot.z_m[0], plot.r_m2[0], external.matrix)
    followed.t_s[s, i], followed.misses[s, i] = t_s, 0
    followed.spread_m2[s, i] = q[0, 0] + q[1, 1] + q[2, 2]
    bits = ((bits << 1) | 1) & ((1 << radars.confirm_n[s]) - 1)
    followed.history[s, i] = bits
    hits = 0
    while bits:
        bits &= bits - 1
        hits += 1
    if hits >= radars.confirm_m[s]:
        followed.status[s, i] = CONFIRMED


@kernel
def _ahead(plan: Plan, s: int, x: F8, q: F8, dt_s: float) -> None:
    """Move an estimate of source `s`, in earth-centred axes, by dt [s]."""
    noise_m_s2, ballistic_m = plan.sources.radars.process_noise_m_s2[s], plan.pictures.ballistic_m[0]
    motion.ahead(plan.models, x, q, dt_s, noise_m_s2, ballistic_m, 0.0)


@kernel
def _miss(radars: Struct, followed: Struct, s: int, i: int) -> None:
    """Source `s` has not met object `i`: a tentative track ends with its hits, a confirmed one after misses."""
    followed.misses[s, i] += 1
    followed.history[s, i] = (followed.history[s, i] << 1) & ((1 << radars.confirm_n[s]) - 1)
    confirmed = followed.status[s, i] == CONFIRMED
    if followed.misses[s, i] >= radars.drop_misses[s] if confirmed else followed.history[s, i] == 0:
        followed.status[s, i] = FREE


@kernel
def _deliver(world: World, s: int, t_s: float) -> None:
    """Tell every post that takes external tracks what source `s` has met since it told it last."""
    plan, external = world.plan, world.state.external
    followed = external.followed
    for i in range(followed.shape[1]):
        if followed.status[s, i] != CONFIRMED or followed.t_s[s, i] <= followed.told_s[s, i]:
            continue
        if not _is_mine(followed, s, i):
            continue
        followed.told_s[s, i] = followed.t_s[s, i]
        for p in range(plan.pictures.size):
            if plan.pictures.external_picture[p]:
                _write_report(plan, external, s, p, i, t_s)
                _receive(world, s, p, i, t_s)


@kernel
def _is_mine(followed: Struct, s: int, i: int) -> bool:
    """Whether no other source holds object `i` better: reporting responsibility; the first of two that are alike."""
    for other in range(followed.shape[0]):
        if other == s or followed.status[other, i] != CONFIRMED:
            continue
        theirs, ours = followed.spread_m2[other, i], followed.spread_m2[s, i]
        if theirs < ours or (theirs == ours and other < s):
            return False
    return True


@kernel
def _write_report(plan: Plan, external: External, s: int, p: int, i: int, t_s: float) -> None:
    """What source `s` holds of object `i`, as picture `p` gets it at `t_s` [s]: in its frame, biased, less certain."""
    followed, told, radars, work = external.followed, external.told, plan.sources.radars, external.work
    x, q, out, cov = work[0, 0], work[1], told.x[REPORT], told.p[REPORT]
    for a in range(6):
        x[a] = followed.x[s, i, a]
        for b in range(6):
            q[a, b] = followed.p[s, i, a, b]
    _ahead(plan, s, x, q, t_s - followed.t_s[s, i])
    m, o = plan.pictures.to_local, plan.pictures.origin_m
    bias = external.watch.bias_m
    out[0], out[1], out[2] = into(
        m, p, x[0] - o[p, 0], x[1] - o[p, 1], x[2] - o[p, 2], bias[s, 0], bias[s, 1], 0.0
    )
    out[3], out[4], out[5] = into(m, p, x[3], x[4], x[5])
    _turn(m[p], q, cov, work[2])
    known_m2 = radars.accuracy_m[s] ** 2
    for a in range(3):
        cov[a, a] += known_m2 + (radars.bias_m[s] ** 2 if a < 2 and not radars.registered[s] else 0.0)
    if radars.registered[s]:
        for a in range(2):
            out[a] -= external.learnt.offset_m[p, s, a]
            for b in range(2):
                cov[a, b] += external.learnt.q_m2[p, s, a, b]


@kernel
def _register(external: External, s: int, p: int) -> None:
    """Learn from a report and an own track of one object, in the scratch, how the source's grid lies to the post's.

    Only a track that no report has been fused with tells: its error has nothing of the source's in it.
    """
    told, b, q = external.told, external.learnt.offset_m[p, s], external.learnt.q_m2[p, s]
    d, r = external.work[0, 0], external.work[1]
    for a in range(2):
        d[a] = told.x[REPORT, a] + b[a] - told.x[OWN, a]
        for c in range(2):
            r[a, c] = told.p[REPORT, a, c] - q[a, c] + told.p[OWN, a, c]
    learn_offset(b, q, d, r)


@kernel
def _turn(m: F8, q: F8, out: F8, half: F8) -> None:
    """Covariance (6, 6) turned by `m` (3, 3), which acts on position and velocity alike; `half` is scratch."""
    for a in range(3):
        for b in range(6):
            half[a, b] = m[a, 0] * q[0, b] + m[a, 1] * q[1, b] + m[a, 2] * q[2, b]
            half[a + 3, b] = m[a, 0] * q[3, b] + m[a, 1] * q[4, b] + m[a, 2] * q[5, b]
    for a in range(6):
        for b in range(3):
            out[a, b] = half[a, 0] * m[b, 0] + half[a, 1] * m[b, 1] + half[a, 2] * m[b, 2]
            out[a, b + 3] = half[a, 3] * m[b, 0] + half[a, 4] * m[b, 1] + half[a, 5] * m[b, 2]


@kernel
def _receive(world: World, s: int, p: int, i: int, t_s: float) -> None:
    """Picture `p` gets the report in the scratch: into the track that it belongs to, or as a track of its own."""
    plan, state, records, row = world.plan, world.state, world.records, world.run.row[0]
    external, air = state.external, state.tracks
    told, paired, work = external.told, external.paired, external.work
    x, q = told.x[REPORT], told.p[REPORT]
    air.short[0] = 0
    k = paired.slot[p, s, i]
    known = k >= 0 and air.table.serial[p, k] == paired.serial[p, s, i] and air.table.status[p, k] == CONFIRMED
    began = False
    if not (known and belongs(air, plan.models, p, k, t_s, x, q, told, OWN, work)):
        k, began = _correlate(world, s, p, i, t_s)
        if k >= 0 and not began and plan.sources.radars.registered[s] and air.table.told_s[p, k] == NEVER_S:
            _register(external, s, p)
    if k >= 0 and not began and fuse(air, p, k, t_s, _keep_s(plan.sources.radars, s), x, q, told, OWN, work):
        records.post.tracks_fused[row, p] += 1
        if not met_by_own(air, p, k):
            air.table.threat[p, k] = i
    if k >= 0 and plan.identity.on and plan.sources.radars.identifies[s]:
        state.known.who.asked_for[p, k] = air.table.serial[p, k]
    if air.short[0] > 0:
        fell_short(world, air.short[0])
    if math.isnan(records.threat.threat_first_told_s[row, i]):
        records.threat.threat_first_told_s[row, i] = t_s
        note(world, t_s, EV_TOLD, i, p, 0.0)
    keep_told(state.trace, air.table, told, p, k, s, i, t_s)


@kernel
def _correlate(world: World, s: int, p: int, i: int, t_s: float) -> tuple[int, bool]:
    """The track of picture `p` that the report in the scratch is taken to belong to, perhaps wrongly.

    Returns
    -------
    k, began
        Its slot, -1 where there was no room; whether the report began it. If not, its own estimate is in the scratch.
    """
    plan, state, records, row = world.plan, world.state, world.records, world.run.row[0]
    external, air = state.external, state.tracks
    told, paired, owned = external.told, external.paired, external.owned
    x, q = told.x[REPORT], told.p[REPORT]
    _disown(paired, owned, p, s, i)
    first, second = candidates(air, plan.models, p, t_s, x, q, owned[p, s], told, OWN, external.work)
    key, other, number = plan.threats.key[i], plan.sources.radars.key[s], paired.number[p, s, i]
    u0, _, _, _ = draw(world, random.CORRELATION, key, other, number)
    paired.number[p, s, i] += 1
    wrong = first >= 0 and u0 < plan.sources.radars.p_wrong[s]
    k = second if wrong else first
    began = k < 0
    if began:
        k = begin_told(air, p, t_s, _keep_s(plan.sources.radars, s), x, q, i)
        if k < 0:
            paired.slot[p, s, i] = -1
            return -1, True
        forget(state, p, k)
        if not adopted(plan.units, state.slot, air, state.targets, p, k):
            state.targets.fired[p, k] += recall(plan.pictures, air.gate, state.memory, air.table, p, k)
        records.post.tracks_told[row, p] += 1
    if wrong or (not began and air.table.threat[p, k] >= 0 and air.table.threat[p, k] != i):
        records.post.wrong_correlations[row, p] += 1
    paired.slot[p, s, i], paired.serial[p, s, i] = k, air.table.serial[p, k]
    owned.threat[p, s, k], owned.serial[p, s, k] = i, air.table.serial[p, k]
    if not began:
        own_at(air, plan.models, p, k, t_s, told, OWN)
    return k, began


@kernel
def _keep_s(radars: Struct, s: int) -> float:
    """How long a post keeps a track that source `s` tells of no more [s]: as many reports as it coasts looks."""
    return radars.drop_misses[s] * radars.update_s[s]


@kernel
def _disown(paired: Struct, owned: Struct, p: int, s: int, i: int) -> None:
    """What object `i` of source `s` was taken for in picture `p` is free for others."""
    k = paired.slot[p, s, i]
    if k >= 0 and owned.threat[p, s, k] == i:
        owned.threat[p, s, k] = -1
