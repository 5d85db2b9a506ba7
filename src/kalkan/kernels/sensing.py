"""Sensing: what a radar's beam finds. True objects become plots, noise becomes false plots.

A rotation is processed sector by sector. At its start every threat is put into the sector in
which the beam will meet it, with the beam's own time; when the sector has passed, its threats
are looked at, each at that time: coverage, terrain, radar equation, detection, noise.
"""

from __future__ import annotations

import math

import numpy as np

from kalkan.arrays import F8, Struct
from kalkan.earth.frames import into, out_of
from kalkan.earth.horizon import azimuth_turns, visible
from kalkan.earth.refraction import local_radius, look
from kalkan.jit import kernel
from kalkan.kernels import random
from kalkan.kernels.booking import fell_short, note
from kalkan.kernels.plan import SNR_MIN_DB, Plan
from kalkan.kernels.slots import detected
from kalkan.kernels.state import Sensed, State
from kalkan.kernels.world import World, draw
from kalkan.models.radar import measurement_sigma, snr_from_constant_db
from kalkan.models.signature import aspect_rcs_dbsm
from kalkan.models.trajectory import evaluate
from kalkan.schema import EV_FIRST_PLOT, N_SECTORS, PLOTS_FULL
from kalkan.tracking.converting import covariance, to_picture
from kalkan.tracking.tables import N_PLOTS

TWO_PI = 2.0 * math.pi


@kernel
def true_state(
    plan: Plan, truth: Struct, i: int, t_s: float
) -> tuple[float, float, float, float, float, float]:
    """Position [m] and velocity [m/s] of threat `i` at time `t_s` [s], ECEF."""
    knots, path = plan.knots, plan.threats.path[i]
    x, y, z, vx, vy, vz, hint = evaluate(
        knots.t_s, knots.position_m, knots.velocity_m_s, knots.lateral, plan.paths.first[path], plan.paths.last[path],
        truth.hint[i], t_s - truth.start_s[i], truth.offset_m[i],
    )  # fmt: skip
    truth.hint[i] = hint
    return x, y, z, vx, vy, vz


@kernel
def in_sector(east: float, north: float, boresight_rad: float, width_rad: float) -> bool:
    """Whether a direction lies within half the width of the boresight (compass angle)."""
    if width_rad >= TWO_PI:
        return True
    along = east * math.sin(boresight_rad) + north * math.cos(boresight_rad)
    return along >= math.sqrt(east * east + north * north) * math.cos(0.5 * width_rad)


@kernel
def look_at(
    plan: Plan, r: int, boresight_rad: float, kind: int,
    px: float, py: float, pz: float, vx: float, vy: float, vz: float,
) -> tuple[float, float, float, float, float, float]:  # fmt: skip
    """One look of radar `r` at an object.

    Parameters
    ----------
    boresight_rad : float
        Where the sector's middle points (compass) [rad].
    kind : int
        Type of the object.
    px ... vz : float
        Its position [m] and velocity [m/s], ECEF.

    Returns
    -------
    p_d, snr_db, slant_m, east, north, up
        Detection probability (0: outside coverage, sector or line of sight), SNR [dB], slant
        range [m] and local position [m].
    """
    radars = plan.radars
    dx, dy, dz = px - radars.position_m[r, 0], py - radars.position_m[r, 1], pz - radars.position_m[r, 2]
    slant = math.sqrt(dx * dx + dy * dy + dz * dz)
    if slant > radars.range_max_m[r] or slant < radars.range_min_m[r]:
        return 0.0, SNR_MIN_DB, slant, 0.0, 0.0, 0.0
    e, n, u = into(radars.to_local, r, dx, dy, dz)
    seen, ground, height, tan_elevation = sight(plan, r, boresight_rad, e, n, u)
    if not seen:
        return 0.0, SNR_MIN_DB, slant, e, n, u
    speed = math.sqrt(vx * vx + vy * vy + vz * vz)
    cos_aspect = -(dx * vx + dy * vy + dz * vz) / (slant * speed) if speed > 0.0 else 0.0
    rcs = plan.rcs_dbsm
    rcs_dbsm = aspect_rcs_dbsm(rcs[kind, r, 0], rcs[kind, r, 1], rcs[kind, r, 2], cos_aspect)
    snr_db = snr_from_constant_db(radars.snr_1m_db[r], rcs_dbsm, slant)
    if plan.weather.on:
        terms = (radars.lat_terms[r, 0], radars.lat_terms[r, 1], radars.lat_terms[r, 2])
        radius = plan.study.refraction_k * local_radius(e, n, terms)
        snr_db -= plan.models.loss_db(
            plan.weather, r, radars.range_max_m[r], radars.antenna_m[r], radius, e, n, slant, ground, height,
            tan_elevation,
        )  # fmt: skip
    p_d = detected(plan.models, snr_db, plan.p_d[r, plan.kinds.swerling[kind]])
    return p_d, snr_db, slant, e, n, u


@kernel
def sight(
    plan: Plan, r: int, boresight_rad: float, e: float, n: float, u: float
) -> tuple[bool, float, float, float]:
    """Whether a local position [m] is in the sector, the elevation limits and the line of sight.

    Returns
    -------
    seen, ground_m, height_m, tan_elevation
        The last three, if it is in the sector: ground range [m], altitude [m], apparent elevation tangent [1].
    """
    radars = plan.radars
    if not in_sector(e, n, boresight_rad, radars.sector_rad[r]):
        return False, 0.0, 0.0, 0.0
    terms = (radars.lat_terms[r, 0], radars.lat_terms[r, 1], radars.lat_terms[r, 2])
    ground, height, tan_elevation = look(e, n, u, radars.antenna_m[r], terms, plan.study.refraction_k)
    if tan_elevation < radars.tan_elevation_min[r] or tan_elevation > radars.tan_elevation_max[r]:
        return False, ground, height, tan_elevation
    seen = visible(
        plan.horizon, radars.horizon_first[r], radars.horizon_n_azimuth[r], radars.horizon_n_range[r],
        radars.horizon_radius_m[r], e, n, ground, tan_elevation,
    )  # fmt: skip
    return seen, ground, height, tan_elevation


@kernel
def covers(plan: Plan, r: int, boresight_rad: float, x: float, y: float, z: float) -> bool:
    """Whether radar `r` would see a point of its picture's frame [m] (range, sector, elevation, terrain)."""
    radars = plan.radars
    dx, dy, dz = x - radars.offset_m[r, 0], y - radars.offset_m[r, 1], z - radars.offset_m[r, 2]
    slant2 = dx * dx + dy * dy + dz * dz
    if slant2 > radars.range_max_m[r] ** 2 or slant2 < radars.range_min_m[r] ** 2:
        return False
    e, n, u = out_of(radars.to_picture, r, dx, dy, dz)
    return sight(plan, r, boresight_rad, e, n, u)[0]


@kernel
def distance_m(radars: Struct, r: int, x: float, y: float, z: float) -> float:
    """Slant range of a point of its picture's frame [m] from radar `r` [m], at least 1."""
    o = radars.offset_m
    return max(math.sqrt((x - o[r, 0]) ** 2 + (y - o[r, 1]) ** 2 + (z - o[r, 2]) ** 2), 1.0)


@kernel
def measure(
    radars: Struct, r: int, snr_db: float, slant: float, e: float, n: float, u: float,
    g0: float, g1: float, g2: float, z: F8, cov: F8,
) -> float:  # fmt: skip
    """Write a noisy plot into z (3,) [m] and cov (3, 3) [m2], in the picture's frame.

    Parameters
    ----------
    slant, e, n, u : float
        True slant range and local position [m].
    g0, g1, g2 : float
        Standard normal draws for range, azimuth, elevation.

    Returns
    -------
    float
        Measured slant range [m].
    """
    reference_db = radars.snr_reference_db[r]
    s_range = measurement_sigma(radars.range_sigma_m[r], reference_db, snr_db, radars.noise_floor[r])
    scale = s_range / radars.range_sigma_m[r]
    s_azimuth, s_elevation = scale * radars.azimuth_sigma_rad[r], scale * radars.elevation_sigma_rad[r]
    ground = math.sqrt(e * e + n * n)
    sin_a, cos_a = (e / ground, n / ground) if ground > 0.0 else (0.0, 1.0)
    da, de = s_azimuth * g1, s_elevation * g2
    rng = max(slant + s_range * g0, 1.0)
    c, s = math.cos(de), math.sin(de)
    horizontal, up = (ground * c - u * s) * rng / slant, (u * c + ground * s) * rng / slant
    c, s = math.cos(da), math.sin(da)
    east = horizontal * (sin_a * c + cos_a * s)
    north = horizontal * (cos_a * c - sin_a * s)
    to_picture(radars, r, east, north, up, z)
    covariance(radars, r, east, north, up, s_range, s_azimuth, s_elevation, cov)
    return rng


@kernel
def range_rate(
    radars: Struct, r: int, px: float, py: float, pz: float, vx: float, vy: float, vz: float
) -> float:
    """True range rate [m/s] of an object at px ... pz [m] with velocity vx ... vz [m/s], ECEF."""
    dx, dy, dz = px - radars.position_m[r, 0], py - radars.position_m[r, 1], pz - radars.position_m[r, 2]
    return (dx * vx + dy * vy + dz * vz) / math.sqrt(dx * dx + dy * dy + dz * dz)


@kernel
def measure_rate(radars: Struct, r: int, plots: Struct, j: int, snr_db: float, rate_m_s: float, g: float) -> None:
    """Write the range rate [m/s] of plot `j`, with error `g` (standard normal); radars without Doppler know none."""
    plots.rate_m_s[j], plots.rate_m2_s2[j] = 0.0, math.inf
    if radars.rate_sigma_m_s[r] < math.inf:
        sigma = measurement_sigma(
            radars.rate_sigma_m_s[r], radars.snr_reference_db[r], snr_db, radars.noise_floor[r]
        )
        plots.rate_m_s[j], plots.rate_m2_s2[j] = rate_m_s + sigma * g, sigma * sigma


@kernel
def scan_start_s(radars: Struct, scans: Struct, r: int) -> float:
    """When the running scan of radar `r` began [s]."""
    return (scans.number[r] - scans.phase[r]) * radars.scan_period_s[r]


@kernel
def begin_scan(plan: Plan, truth: Struct, sensed: Sensed, r: int, boresight_rad: float) -> None:
    """Put every threat that flies during the scan into the sector in which the beam meets it."""
    radars, scans, beams = plan.radars, sensed.scans, sensed.beams
    for s in range(N_SECTORS):
        scans.head[r, s] = -1
    period, width = radars.scan_period_s[r], radars.sector_rad[r]
    t0 = scan_start_s(radars, scans, r)
    left = 0.0 if width >= TWO_PI else boresight_rad - 0.5 * width
    for i in range(truth.alive.size - 1, -1, -1):
        if not truth.alive[i] or truth.start_s[i] > t0 + period or truth.end_s[i] < t0:
            continue
        t = max(t0, truth.start_s[i])
        x, y, z, vx, vy, vz = true_state(plan, truth, i, t)
        dx, dy, dz = x - radars.position_m[r, 0], y - radars.position_m[r, 1], z - radars.position_m[r, 2]
        e, n, _ = into(radars.to_local, r, dx, dy, dz)
        ve, vn, _ = into(radars.to_local, r, vx, vy, vz)
        turn = (n * ve - e * vn) / max(e * e + n * n, 1.0)  # [rad/s], clockwise
        share = turn * period / width
        if abs(share) > 0.5:
            turn, share = 0.0, 0.0
        turns = azimuth_turns(e, n) - (turn * (t - t0) + left) / TWO_PI
        angle = TWO_PI * (turns - math.floor(turns))
        beam = t0 + period * angle / width / (1.0 - share)
        sector = int((beam - t0) / period * N_SECTORS)
        if angle >= width or sector >= N_SECTORS or beam < 0.0:
            continue
        beams.beam_s[r, i] = beam
        beams.next[r, i] = scans.head[r, sector]
        scans.head[r, sector] = i


@kernel
def true_plots(world: World, r: int, boresight_rad: float) -> None:
    """Look at every threat of the sector that has just passed; append what is detected."""
    plan, state = world.plan, world.state
    sensed, truth, air = state.sensed, state.truth, state.tracks
    scans, plots = sensed.scans, air.plots
    scan = scans.number[r]
    i = scans.head[r, scans.sector[r]]
    while i >= 0:
        t = sensed.beams.beam_s[r, i]
        if truth.alive[i] and truth.start_s[i] <= t <= truth.end_s[i] and has_room(world):
            px, py, pz, vx, vy, vz = true_state(plan, truth, i, t)
            p_d, snr_db, slant, e, n, u = look_at(
                plan, r, boresight_rad, plan.threats.kind[i],
                px, py, pz, vx, vy, vz,
            )  # fmt: skip
            if p_d > 0.0:
                u0, u1, u2, u3 = draw(world, random.DETECTION, plan.threats.key[i], plan.radars.key[r], scan)
                if u0 < p_d:
                    j = air.number[N_PLOTS]
                    air.number[N_PLOTS] = j + 1
                    plots.range_m[j] = measure(
                        plan.radars, r, snr_db, slant, e, n, u, random.normal(u1), random.normal(u2), random.normal(u3),
                        plots.z_m[j], plots.r_m2[j],
                    )  # fmt: skip
                    rate = range_rate(plan.radars, r, px, py, pz, vx, vy, vz)
                    measure_rate(plan.radars, r, plots, j, snr_db, rate, random.normal(u0 / p_d))
                    plots.t_s[j] = t
                    plots.threat[j] = i
                    count_plot(world, i, r, t, slant)
        i = sensed.beams.next[r, i]


@kernel
def has_room(world: World) -> bool:
    """Whether the sector has room for another plot; if not, the status says so."""
    air = world.state.tracks
    if air.number[N_PLOTS] < air.plots.size:
        return True
    fell_short(world, PLOTS_FULL)
    return False


@kernel
def count_plot(world: World, i: int, r: int, t_s: float, slant_m: float) -> None:
    """Book a plot of a true object."""
    world.records.radar.plots[world.run.row[0], r] += 1
    first_seen(world, i, r, t_s, slant_m)


@kernel
def first_seen(world: World, i: int, r: int, t_s: float, slant_m: float) -> None:
    """Book the first plot of a true object, alone or with others."""
    records, row = world.records, world.run.row[0]
    if math.isnan(records.threat.threat_first_plot_s[row, i]):
        records.threat.threat_first_plot_s[row, i] = t_s
        records.threat.threat_first_plot_range_m[row, i] = slant_m
        records.threat.threat_first_plot_radar[row, i] = r
        note(world, t_s, EV_FIRST_PLOT, i, r, slant_m)


@kernel
def false_plots(world: World, r: int, boresight_rad: float) -> None:
    """Append the false alarms of the sector: Poisson, uniform in range, azimuth, elevation and range rate."""
    plan, records, row = world.plan, world.records, world.run.row[0]
    radars, scans, air = plan.radars, world.state.sensed.scans, world.state.tracks
    plots = air.plots
    mean = radars.false_alarms_per_scan[r] / N_SECTORS
    if mean <= 0.0:
        return
    key = radars.key[r]
    slot = scans.number[r] * N_SECTORS + scans.sector[r]
    u0, _, _, _ = draw(world, random.FALSE_ALARM, key, np.uint64(0), slot)
    width, period = radars.sector_rad[r], radars.scan_period_s[r]
    left = 0.0 if width >= TWO_PI else boresight_rad - 0.5 * width
    t0 = scan_start_s(radars, scans, r)
    for f in range(random.poisson(u0, mean)):
        if not has_room(world):
            return
        u1, u2, u3, u4 = draw(world, random.FALSE_ALARM, key, np.uint64(f + 1), slot)
        share = (scans.sector[r] + u1) / N_SECTORS
        t = t0 + share * period
        if t < 0.0:
            continue
        rng = radars.range_min_m[r] + u2 * (radars.range_max_m[r] - radars.range_min_m[r])
        low, high = math.atan(radars.tan_elevation_min[r]), math.atan(radars.tan_elevation_max[r])
        elevation = low + u3 * (high - low)
        azimuth = left + share * width
        e = rng * math.cos(elevation) * math.sin(azimuth)
        n = rng * math.cos(elevation) * math.cos(azimuth)
        j = air.number[N_PLOTS]
        air.number[N_PLOTS] = j + 1
        snr_db = radars.snr_reference_db[r]
        plots.range_m[j] = measure(
            radars, r, snr_db, rng, e, n, rng * math.sin(elevation), 0.0, 0.0, 0.0, plots.z_m[j], plots.r_m2[j]
        )
        fastest = math.sqrt(plan.study.gate) * plan.study.initial_speed_m_s
        measure_rate(radars, r, plots, j, snr_db, (2.0 * u4 - 1.0) * fastest, 0.0)
        plots.t_s[j] = t
        plots.threat[j] = -1
        records.radar.false_plots[row, r] += 1


@kernel
def everything_now(plan: Plan, state: State, t_s: float) -> None:
    """Evaluate every threat that flies at `t_s` into the scratch fields ``now_*`` and ``present``.

    Fire units dwell at common instants, so the work is done once per instant; whoever reads
    ``present`` also asks ``alive``.
    """
    truth = state.truth
    if state.now_s[0] == t_s:
        return
    state.now_s[0] = t_s
    for i in range(truth.size):
        truth.present[i] = truth.alive[i] and truth.start_s[i] <= t_s <= truth.end_s[i]
        if truth.present[i]:
            x, y, z, vx, vy, vz = true_state(plan, truth, i, t_s)
            truth.now_m[i, 0], truth.now_m[i, 1], truth.now_m[i, 2] = x, y, z
            truth.now_m_s[i, 0], truth.now_m_s[i, 1], truth.now_m_s[i, 2] = vx, vy, vz
