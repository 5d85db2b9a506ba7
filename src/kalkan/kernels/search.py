"""Search: a radar's beam has passed a sector. Look, make plots, associate; the next sector is queued."""

from __future__ import annotations

from kalkan.jit import kernel
from kalkan.kernels import events
from kalkan.kernels.following import follow
from kalkan.kernels.plan import LOOK_ENGAGE, Plan
from kalkan.kernels.sensing import begin_scan, covers, false_plots, scan_start_s, true_plots
from kalkan.kernels.state import State
from kalkan.kernels.trace import keep_plots
from kalkan.kernels.world import World
from kalkan.schema import N_SECTORS
from kalkan.tracking.sector import track_sector
from kalkan.tracking.tables import N_PLOTS


@kernel
def sweep(world: World, r: int, t_s: float) -> None:
    """A sector of radar `r` has passed: look, make plots, associate; go on to the next sector."""
    boresight = open_sector(world, r)
    true_plots(world, r, boresight)
    false_plots(world, r, boresight)
    close_sector(world, r, t_s, boresight)


@kernel
def open_sector(world: World, r: int) -> float:
    """Begin the scan if this is its first sector, and the list of plots; the boresight [rad]."""
    plan, state = world.plan, world.state
    direction = boresight_of(plan, state, r)
    if state.sensed.scans.sector[r] == 0:
        begin_scan(plan, state.truth, state.sensed, r, direction)
    state.tracks.number[N_PLOTS] = 0
    return direction


@kernel
def close_sector(world: World, r: int, t_s: float, boresight: float) -> None:
    """Associate the sector's plots; go on to the next sector."""
    plan, state = world.plan, world.state
    radars, scans, air = plan.radars, state.sensed.scans, state.tracks
    keep_plots(state.trace, air.plots, air.number[N_PLOTS], r, radars.picture[r])
    start_s = t_s - radars.scan_period_s[r] / N_SECTORS
    track_sector(air, plan.models, covers, plan, r, scans.sector[r], boresight, start_s, t_s)
    follow(world, r)
    scans.sector[r] += 1
    if scans.sector[r] == N_SECTORS:
        scans.sector[r] = 0
        scans.number[r] += 1
    queue_sector(plan, state, r)


@kernel
def boresight_of(plan: Plan, state: State, r: int) -> float:
    """Where the middle of radar `r`'s sector points [rad]: an engagement radar turns with its unit."""
    if plan.radars.role[r] == LOOK_ENGAGE:
        for u in range(plan.units.size):
            if plan.units.radar[u] == r:
                return state.unit.slew_rad[u]
    return plan.radars.boresight_rad[r]


@kernel
def queue_sector(plan: Plan, state: State, r: int) -> None:
    """Queue the end of radar `r`'s running sector."""
    share = (state.sensed.scans.sector[r] + 1) / N_SECTORS
    t_s = scan_start_s(plan.radars, state.sensed.scans, r) + share * plan.radars.scan_period_s[r]
    events.push(state.heap, max(t_s, 0.0), events.SECTOR, plan.radars.key[r], r)
