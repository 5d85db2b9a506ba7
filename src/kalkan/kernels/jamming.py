"""Jamming: where each jammer is, what each radar hears of it, and the strobes that it leaves.

A jammer is looked at in steps; between them it is taken on along its velocity, which a turn of 3 g bends by
15 m. Which side lobe it comes in through is left to each look (``interference``). Where a radar's table of the
horizon ends before the jammer, what stands beyond hides nothing (kalkan's own simplification).
"""

from __future__ import annotations

import math

from kalkan.earth.frames import into
from kalkan.earth.horizon import visible
from kalkan.earth.refraction import look
from kalkan.jit import kernel
from kalkan.kernels import events, random
from kalkan.kernels.interference import interference_db
from kalkan.kernels.search import boresight_of
from kalkan.kernels.sensing import TWO_PI, in_sector, look_at, range_rate, true_state
from kalkan.kernels.trace import keep_strobe
from kalkan.kernels.world import World, draw

STEP_S = 1.0


@kernel
def radiate(world: World, j: int, t_s: float) -> None:
    """Renew what every radar hears of jammer `j`, as long as it is there."""
    plan, state = world.plan, world.state
    jammers, truth, heard = plan.interference.jammers, state.truth, state.sensed.jamming
    i, now_s = jammers.threat[j], max(t_s, 0.0)
    heard.jam[:, j] = 0.0
    if t_s < 0.0:
        heard.scan[:, j] = -1
    if i >= 0 and (not truth.alive[i] or now_s > truth.end_s[i]):
        return
    events.push(state.heap, now_s + STEP_S, events.JAMMING, jammers.key[j], j)
    if i >= 0 and now_s < truth.start_s[i]:
        return
    x, y, z = jammers.position_m[j, 0], jammers.position_m[j, 1], jammers.position_m[j, 2]
    vx, vy, vz = 0.0, 0.0, 0.0
    if i >= 0:
        x, y, z, vx, vy, vz = true_state(plan, truth, i, now_s)
    for r in range(plan.radars.size):
        _hear(world, r, j, now_s, x, y, z, vx, vy, vz)


@kernel
def _hear(
    world: World, r: int, j: int, t_s: float, x: float, y: float, z: float, vx: float, vy: float, vz: float
) -> None:
    """What radar `r` hears of jammer `j` at a place [m] with a velocity [m/s], ECEF; nothing from below its horizon."""
    plan, radars, heard = world.plan, world.plan.radars, world.state.sensed.jamming
    at_1m = plan.interference.jam_1m[r, j]
    if at_1m == 0.0 or radars.range_max_m[r] == 0.0:
        return
    dx, dy, dz = x - radars.position_m[r, 0], y - radars.position_m[r, 1], z - radars.position_m[r, 2]
    e, n, u = into(radars.to_local, r, dx, dy, dz)
    terms = (radars.lat_terms[r, 0], radars.lat_terms[r, 1], radars.lat_terms[r, 2])
    ground, _, tangent = look(e, n, u, radars.antenna_m[r], terms, plan.study.refraction_k)
    seen = visible(
        plan.horizon, radars.horizon_first[r], radars.horizon_n_azimuth[r], radars.horizon_n_range[r],
        radars.horizon_radius_m[r], e, n, min(ground, radars.horizon_radius_m[r]), tangent,
    )  # fmt: skip
    if not seen:
        return
    ve, vn, vu = into(radars.to_local, r, vx, vy, vz)
    heard.t_s[r, j], heard.jam[r, j] = t_s, at_1m / max(dx * dx + dy * dy + dz * dz, 1.0)
    heard.x[r, j, 0], heard.x[r, j, 1], heard.x[r, j, 2] = e, n, u
    heard.v[r, j, 0], heard.v[r, j, 1], heard.v[r, j, 2] = ve, vn, vu
    scan = world.state.sensed.scans.number[r]
    if radars.picture[r] >= 0 and heard.scan[r, j] != scan and heard.jam[r, j] >= plan.interference.receivers.strobe[r]:
        heard.scan[r, j] = scan
        if in_sector(e, n, boresight_of(plan, world.state, r), radars.sector_rad[r]) and not _sees(
            world, r, j, t_s, x, y, z, vx, vy, vz
        ):
            _strobe(world, r, j, t_s, e, n, scan)


@kernel
def _sees(
    world: World, r: int, j: int, t_s: float, x: float, y: float, z: float, vx: float, vy: float, vz: float
) -> bool:
    """Whether radar `r` has burnt through to the carrier of jammer `j`: its signal is that of the reference claim."""
    plan, state = world.plan, world.state
    i = plan.interference.jammers.threat[j]
    if i < 0:
        return False
    p_d, snr_db, slant, e, n, u = look_at(
        plan, r, boresight_of(plan, state, r), plan.threats.kind[i], x, y, z, vx, vy, vz
    )
    rate = range_rate(plan.radars, r, x, y, z, vx, vy, vz)
    snr_db -= interference_db(plan.interference, state.sensed.jamming, r, t_s, e, n, u, slant, rate)
    return p_d > 0.0 and snr_db >= plan.radars.snr_reference_db[r]


@kernel
def _strobe(world: World, r: int, j: int, t_s: float, e: float, n: float, scan: int) -> None:
    """Book a strobe: the direction of a jammer, with the radar's error, and no range."""
    plan = world.plan
    jammers = plan.interference.jammers
    u0, _, _, _ = draw(world, random.STROBE, jammers.key[j], plan.radars.key[r], scan)
    azimuth = math.atan2(e, n) + plan.radars.azimuth_sigma_rad[r] * random.normal(u0)
    world.records.radar.strobes[world.run.row[0], r] += 1
    keep_strobe(world.state.trace, t_s, r, j, jammers.threat[j], azimuth % TWO_PI)
