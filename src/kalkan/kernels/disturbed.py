"""Search in a hard world: a sector's plots where signals compete with more than noise, and with each other.

The room of ``search.sweep`` for plans with interference or limited resolution. A look draws the numbers that it would
draw without, so that a plot which interference takes is the very plot that the radar would have had.

Objects within one cell of range, angle and (where a claim says so) range rate give one plot: the strongest takes in
all that are within a cell of it, and so on with what is left. kalkan's own simplifications: signals add by power,
due north, where a turn ends, objects are always apart, and an engagement radar sees its target by itself.
"""

from __future__ import annotations

import math

import numpy as np

from kalkan.arrays import Struct
from kalkan.jit import kernel
from kalkan.kernels import random
from kalkan.kernels.interference import aside_rad, clutter_to_noise, interference_db
from kalkan.kernels.search import close_sector, open_sector
from kalkan.kernels.sensing import (
    TWO_PI,
    count_plot,
    false_plots,
    first_seen,
    has_room,
    look_at,
    measure,
    measure_rate,
    range_rate,
    scan_start_s,
    true_state,
)
from kalkan.kernels.slots import detected
from kalkan.kernels.world import World, draw
from kalkan.schema import N_SECTORS
from kalkan.tracking.tables import N_PLOTS

CLUTTER_SLOTS = 1 << 20  # draws of a scan's clutter begin beyond those of its false alarms


@kernel
def sweep_disturbed(world: World, r: int, t_s: float) -> None:
    """A sector of radar `r` has passed: as ``search.sweep``, in a hard world."""
    scans, returns = world.state.sensed.scans, world.state.sensed.returns
    if scans.number[r] == 0 and scans.sector[r] == 0:
        world.state.sensed.merged[r, :] = -1
    boresight = open_sector(world, r)
    n = _returns(world, r, boresight, scans.sector[r], 0, 0)
    if world.plan.interference.resolution:
        if scans.sector[r] + 1 < N_SECTORS:
            n = _returns(world, r, boresight, scans.sector[r] + 1, 1, n)
        _merge(world, r, n)
    for a in range(n):
        if returns.within[a] < 0 and not returns.ahead[a]:
            _detect(world, r, a, n)
    false_plots(world, r, boresight)
    if world.plan.interference.clutter_on:
        _clutter_plots(world, r, boresight)
    close_sector(world, r, t_s, boresight)


@kernel
def _returns(world: World, r: int, boresight: float, sector: int, ahead: int, a: int) -> int:
    """Look at the threats of a sector; what comes back over the radar's own noise is listed from `a` on.

    Of the sector `ahead` those that the beam meets within its own width, and not those that a plot of the sector
    before held. The number of returns in the list.
    """
    plan, state, truth = world.plan, world.state, world.state.truth
    scans, beams, returns = state.sensed.scans, state.sensed.beams, state.sensed.returns
    beam = plan.interference.receivers.azimuth_beam_rad[r] / plan.radars.sector_rad[r]
    until_s = scan_start_s(plan.radars, scans, r) + (sector / N_SECTORS + beam) * plan.radars.scan_period_s[r]
    i = scans.head[r, sector]
    while i >= 0:
        t = beams.beam_s[r, i]
        here = t < until_s if ahead else state.sensed.merged[r, i] != scans.number[r]
        if here and truth.alive[i] and truth.start_s[i] <= t <= truth.end_s[i]:
            px, py, pz, vx, vy, vz = true_state(plan, truth, i, t)
            p_d, snr_db, slant, e, n, u = look_at(plan, r, boresight, plan.threats.kind[i], px, py, pz, vx, vy, vz)
            if p_d > 0.0:
                returns.threat[a], returns.within[a], returns.t_s[a], returns.snr_db[a] = i, -1, t, snr_db
                returns.slant_m[a], returns.rate_m_s[a] = slant, range_rate(plan.radars, r, px, py, pz, vx, vy, vz)
                returns.x[a, 0], returns.x[a, 1], returns.x[a, 2] = e, n, u
                returns.ahead[a], returns.taken[a] = ahead, 0
                a += 1
        i = beams.next[r, i]
    return a


@kernel
def _merge(world: World, r: int, n: int) -> None:
    """Give all within a cell of a stronger return to it, the strongest first."""
    sensed, receivers = world.state.sensed, world.plan.interference.receivers
    returns = sensed.returns
    while True:
        best = -1
        for a in range(n):
            if not (returns.taken[a] or returns.ahead[a]) and (best < 0 or returns.snr_db[a] > returns.snr_db[best]):
                best = a
        if best < 0:
            return
        returns.taken[best] = 1
        for a in range(n):
            if not returns.taken[a] and _one_cell(receivers, returns, r, best, a):
                returns.taken[a], returns.within[a] = 1, best
                sensed.merged[r, returns.threat[a]] = sensed.scans.number[r]
        _add_up(returns, best, n)


@kernel
def _one_cell(receivers: Struct, returns: Struct, r: int, a: int, b: int) -> bool:
    """Whether radar `r` cannot tell two returns apart."""
    if abs(returns.slant_m[a] - returns.slant_m[b]) >= receivers.cell_m[r]:
        return False
    if abs(returns.rate_m_s[a] - returns.rate_m_s[b]) >= receivers.cell_m_s[r]:
        return False
    x, y = returns.x[a], returns.x[b]
    if abs(aside_rad(x[0], x[1], y[0], y[1])) >= receivers.azimuth_beam_rad[r]:
        return False
    above = math.asin(x[2] / returns.slant_m[a]) - math.asin(y[2] / returns.slant_m[b])
    return abs(above) < receivers.elevation_beam_rad[r]


@kernel
def _add_up(returns: Struct, best: int, n: int) -> None:
    """Signals of a cell add up; place and range rate are their means, weighted by signal."""
    total, rate, e, north, u = 0.0, 0.0, 0.0, 0.0, 0.0
    for a in range(n):
        if a == best or returns.within[a] == best:
            weight = 10.0 ** (0.1 * returns.snr_db[a])
            total += weight
            rate += weight * returns.rate_m_s[a]
            e += weight * returns.x[a, 0]
            north += weight * returns.x[a, 1]
            u += weight * returns.x[a, 2]
    returns.snr_db[best], returns.rate_m_s[best] = 10.0 * math.log10(total), rate / total
    returns.x[best, 0], returns.x[best, 1], returns.x[best, 2] = e / total, north / total, u / total
    returns.slant_m[best] = math.sqrt(e * e + north * north + u * u) / total


@kernel
def _detect(world: World, r: int, a: int, n: int) -> None:
    """What becomes of return `a`: a plot, none, or one that interference took."""
    plan, state, radars, returns = world.plan, world.state, world.plan.radars, world.state.sensed.returns
    i, t_s, slant = returns.threat[a], returns.t_s[a], returns.slant_m[a]
    e, north, u, rate = returns.x[a, 0], returns.x[a, 1], returns.x[a, 2], returns.rate_m_s[a]
    taken = interference_db(plan.interference, state.sensed.jamming, r, t_s, e, north, u, slant, rate)
    curve = plan.p_d[r, plan.kinds.swerling[plan.threats.kind[i]]]
    p_clear, snr_db = detected(plan.models, returns.snr_db[a], curve), returns.snr_db[a] - taken
    p_d = min(p_clear, detected(plan.models, snr_db, curve))
    u0, u1, u2, u3 = draw(world, random.DETECTION, plan.threats.key[i], radars.key[r], state.sensed.scans.number[r])
    if u0 >= p_d:
        if u0 < p_clear:
            _book_lost(world, r, a, taken)
        return
    if not has_room(world):
        return
    plots, j = state.tracks.plots, state.tracks.number[N_PLOTS]
    state.tracks.number[N_PLOTS] = j + 1
    plots.range_m[j] = measure(
        radars, r, snr_db, slant, e, north, u, random.normal(u1), random.normal(u2), random.normal(u3),
        plots.z_m[j], plots.r_m2[j],
    )  # fmt: skip
    measure_rate(radars, r, plots, j, snr_db, rate, random.normal(u0 / p_d))
    plots.t_s[j] = t_s
    plots.threat[j] = i
    count_plot(world, i, r, t_s, slant)
    for b in range(n):
        if returns.within[b] == a:
            first_seen(world, returns.threat[b], r, t_s, slant)
            world.records.radar.plots_merged[world.run.row[0], r] += 1


@kernel
def _book_lost(world: World, r: int, a: int, taken_db: float) -> None:
    """Book a plot that interference took to jamming or to clutter, whichever takes more."""
    plan, returns, row = world.plan, world.state.sensed.returns, world.run.row[0]
    residue, gain = 0.0, 1.0
    if plan.interference.clutter_on:
        x = returns.x[a]
        residue, gain = clutter_to_noise(
            plan.interference, r, x[0], x[1], x[2], returns.slant_m[a], returns.rate_m_s[a]
        )
    if 10.0 * math.log10((1.0 + residue) / gain) > 0.5 * taken_db:
        world.records.radar.plots_cluttered[row, r] += 1
    else:
        world.records.radar.plots_jammed[row, r] += 1


@kernel
def _clutter_plots(world: World, r: int, boresight: float) -> None:
    """Append the sector's false plots of clutter: Poisson, where land and sea are seen, and as slow as they are."""
    plan, state, row = world.plan, world.state, world.run.row[0]
    radars, scans, spikes = plan.radars, state.sensed.scans, plan.interference.spikes
    n_azimuth, n_range = plan.interference.clutter.shape[1], plan.interference.clutter.shape[2]
    width, sector = radars.sector_rad[r], scans.sector[r]
    left = 0.0 if width >= TWO_PI else boresight - 0.5 * width
    first = math.ceil((left + sector / N_SECTORS * width) / TWO_PI * n_azimuth)
    last = math.ceil((left + (sector + 1) / N_SECTORS * width) / TWO_PI * n_azimuth)
    before, key = _spikes_before(spikes, r, first, n_azimuth), radars.key[r]
    mean = _spikes_before(spikes, r, last, n_azimuth) - before
    if mean <= 0.0:
        return
    slot = CLUTTER_SLOTS + scans.number[r] * N_SECTORS + sector
    u0, _, _, _ = draw(world, random.FALSE_ALARM, key, np.uint64(0), slot)
    for f in range(random.poisson(u0, min(mean, 600.0))):
        if not has_room(world):
            return
        u1, u2, u3, u4 = draw(world, random.FALSE_ALARM, key, np.uint64(f + 1), slot)
        row_of = first
        while row_of + 1 < last and _spikes_before(spikes, r, row_of + 1, n_azimuth) - before <= u1 * mean:
            row_of += 1
        within = u1 * mean - (_spikes_before(spikes, r, row_of, n_azimuth) - before)
        i, j = row_of % n_azimuth, 0
        start = spikes[r, i * n_range]
        while j + 1 < n_range and spikes[r, i * n_range + j + 1] - start <= within:
            j += 1
        away = plan.interference.receivers.clutter_reach_m[r] * ((j + u2) / n_range) ** 2
        if away < radars.range_min_m[r] or away > radars.range_max_m[r]:
            continue
        azimuth = (row_of - 0.5 + u3) / n_azimuth * TWO_PI
        t_s = scan_start_s(radars, scans, r) + (azimuth - left) / width * radars.scan_period_s[r]
        _spike(world, r, max(t_s, 0.0), away, azimuth, plan.interference.surface_rad[r, i, j], 2.0 * u4 - 1.0)
        world.records.radar.clutter_plots[row, r] += 1


@kernel
def _spikes_before(spikes: np.ndarray, r: int, row: int, n_azimuth: int) -> float:
    """Mean number of clutter's false plots of radar `r` in the azimuths before a row, counted on over turns."""
    n_range = (spikes.shape[1] - 1) // n_azimuth
    turns = math.floor(row / n_azimuth)
    return turns * spikes[r, spikes.shape[1] - 1] + spikes[r, (row - turns * n_azimuth) * n_range]


@kernel
def _spike(
    world: World, r: int, t_s: float, away_m: float, azimuth_rad: float, elevation_rad: float, slowness: float
) -> None:
    """Append one false plot of clutter at a place, with a range rate within the filter's notch."""
    radars, plots, air = world.plan.radars, world.state.tracks.plots, world.state.tracks
    j = air.number[N_PLOTS]
    air.number[N_PLOTS] = j + 1
    flat, snr_db = away_m * math.cos(elevation_rad), radars.snr_reference_db[r]
    e, n, u = flat * math.sin(azimuth_rad), flat * math.cos(azimuth_rad), away_m * math.sin(elevation_rad)
    plots.range_m[j] = measure(radars, r, snr_db, away_m, e, n, u, 0.0, 0.0, 0.0, plots.z_m[j], plots.r_m2[j])
    measure_rate(radars, r, plots, j, snr_db, slowness * world.plan.interference.receivers.notch_m_s[r], 0.0)
    plots.t_s[j] = t_s
    plots.threat[j] = -1
