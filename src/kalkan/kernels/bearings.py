"""Jamming of external sources: what each hears of every jammer at a look, and the strobes that it tells.

As ``jamming`` for own radars, but at the source's looks, which are made up when it reports; the place that stands for
its antenna is the row of all tables. A strobe that could not be told, since the link was down, is told with the next
report unless a newer one is there.
"""

from __future__ import annotations

import math

from kalkan.earth.frames import into
from kalkan.earth.horizon import visible
from kalkan.earth.refraction import look
from kalkan.jit import kernel
from kalkan.kernels import random
from kalkan.kernels.sensing import TWO_PI, true_state
from kalkan.kernels.trace import keep_strobe
from kalkan.kernels.world import World, draw
from kalkan.tracking.tables import FREE


@kernel
def listen(world: World, s: int, t_s: float) -> None:
    """What source `s` hears of every jammer at a look; nothing of those that are gone, or below its horizon."""
    plan, state = world.plan, world.state
    jammers, truth, heard = plan.source_interference.jammers, state.truth, state.external.heard
    place = state.external.watch.place[s]
    for j in range(jammers.size):
        i = jammers.threat[j]
        heard.jam[place, j] = 0.0
        if i >= 0 and not (truth.start_s[i] <= t_s <= truth.end_s[i] and t_s < truth.killed_s[i]):
            continue
        x, y, z = jammers.position_m[j, 0], jammers.position_m[j, 1], jammers.position_m[j, 2]
        if i >= 0:
            x, y, z, _, _, _ = true_state(plan, truth, i, t_s)
        _hear(world, s, place, j, t_s, x, y, z)


@kernel
def _hear(world: World, s: int, place: int, j: int, t_s: float, x: float, y: float, z: float) -> None:
    """What source `s`, for the terrain at a place, hears of jammer `j` at x, y, z (ECEF) [m]."""
    plan, watch, heard = world.plan, world.state.external.watch, world.state.external.heard
    sources, places = plan.sources, plan.sources.places
    at_1m, o = plan.source_interference.jam_1m[place, j], places.position_m
    if at_1m == 0.0:
        return
    e, n, u = into(places.to_local, place, x - o[place, 0], y - o[place, 1], z - o[place, 2])
    terms = (places.lat_terms[place, 0], places.lat_terms[place, 1], places.lat_terms[place, 2])
    ground, _, tangent = look(e, n, u, places.antenna_m[place], terms, plan.study.refraction_k)
    seen = visible(
        sources.horizon, places.horizon_first[place], places.horizon_n_azimuth[place], places.horizon_n_range[place],
        places.horizon_radius_m[place], e, n, min(ground, places.horizon_radius_m[place]), tangent,
    )  # fmt: skip
    if not seen:
        return
    dx, dy, dz = x - watch.offset_m[s, 0], y - watch.offset_m[s, 1], z - watch.offset_m[s, 2]
    e, n, u = into(places.to_local, place, dx, dy, dz)
    heard.t_s[place, j], heard.jam[place, j] = t_s, at_1m / max(dx * dx + dy * dy + dz * dz, 1.0)
    heard.x[place, j, 0], heard.x[place, j, 1], heard.x[place, j, 2] = e, n, u


@kernel
def take_bearings(world: World, s: int, t_s: float) -> None:
    """Note the direction of every jammer that source `s` heard at a look and whose carrier it did not see."""
    plan, external = world.plan, world.state.external
    jammers, watch, followed = plan.source_interference.jammers, external.watch, external.followed
    heard = external.heard
    place = watch.place[s]
    for j in range(jammers.size):
        if heard.jam[place, j] == 0.0 or heard.jam[place, j] < plan.source_interference.receivers.strobe[place]:
            continue
        i = jammers.threat[j]
        if i >= 0 and followed.status[s, i] != FREE and followed.t_s[s, i] == t_s:
            continue
        u0, _, _, _ = draw(world, random.SOURCE_STROBE, jammers.key[j], plan.sources.radars.key[s], watch.scan[s])
        azimuth = math.atan2(heard.x[place, j, 0], heard.x[place, j, 1])
        azimuth += plan.sources.radars.azimuth_sigma_rad[s] * random.normal(u0)
        external.bearings.direction_rad[s, j], external.bearings.waiting[s, j] = azimuth % TWO_PI, 1


@kernel
def tell_strobes(world: World, s: int, t_s: float) -> None:
    """Tell every post that takes external tracks the strobes of source `s` that it has not been told yet."""
    plan, bearings, records = world.plan, world.state.external.bearings, world.records
    jammers = plan.source_interference.jammers
    for j in range(jammers.size):
        if not bearings.waiting[s, j]:
            continue
        bearings.waiting[s, j] = 0
        for p in range(plan.pictures.size):
            if plan.pictures.external_picture[p]:
                records.post.strobes_told[world.run.row[0], p] += 1
        keep_strobe(world.state.trace, t_s, -1 - s, j, jammers.threat[j], bearings.direction_rad[s, j])
