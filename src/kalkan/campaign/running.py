"""Run a campaign: window after window, each as the loop runs any raid, for a block of replications at a time."""

from __future__ import annotations

from typing import Any

import numpy as np

from kalkan.campaign.history import History
from kalkan.campaign.merging import merge
from kalkan.campaign.windows import CampaignPlan, Window
from kalkan.kernels import mission, random
from kalkan.kernels.carried import Carried
from kalkan.kernels.plan import Plan
from kalkan.kernels.records import Records, allocate
from kalkan.kernels.state import State


def run_block(
    plan: Plan | CampaignPlan, seed: int, branch: int, first_replication: int, n: int, records: Records
) -> None:
    """Run replications of a plan, or of a campaign, into fresh `records`; see ``kernels.mission.run_block``."""
    if not isinstance(plan, CampaignPlan):
        mission.run_block(plan, seed, branch, first_replication, n, records)
        return
    stream = mission.stream_of(seed, branch)
    history = History(plan, stream, first_replication, n)
    for k, window in enumerate(plan.windows):
        carried = history.open(window)
        history.book_open(records, k, window, carried)
        own = allocate(n, window.sizes)
        mission.run_wave(window.plan, stream_of(stream, window), first_replication, n, own, carried)
        history.close(window, carried)
        _book(records, k, own, window)
    history.end(records)


def trace(
    plan: CampaignPlan, seed: int, branch: int, replication: int, wave: int, room: int, settings: Any = None
) -> tuple[State, Records, Carried]:
    """One wave of one replication, with a trace; those before it are run as they were.

    Parameters
    ----------
    plan : CampaignPlan
    seed, branch, replication, room
        As for ``kernels.mission.trace_one``.
    wave : int
        Which window.
    settings : Watching, optional
        In place of the plan's ``watching``.

    Returns
    -------
    (State, Records, Carried)
        As the wave ends, what it recorded, one row, and what it began with.
    """
    stream = mission.stream_of(seed, branch)
    history = History(plan, stream, replication, 1)
    for window in plan.windows[:wave]:
        carried = history.open(window)
        own = allocate(1, window.sizes)
        mission.run_wave(window.plan, stream_of(stream, window), replication, 1, own, carried)
        history.close(window, carried)
    window = plan.windows[wave]
    own = allocate(1, window.sizes)
    watched = window.plan if settings is None else window.plan._replace(watching=settings)
    carried = history.open(window)
    return mission.trace_wave(watched, stream_of(stream, window), replication, own, room, carried), own, carried


def stream_of(stream: random.Word, window: Window) -> random.Word:
    """Key of a window's random numbers: the campaign's, and the wave's name."""
    return np.uint64(random.mix(np.uint64(stream), np.uint64(window.key)))


def _book(records: Records, k: int, own: Records, window: Window) -> None:
    """Put what a window recorded into the campaign's records."""
    merge(records, own, window)
    records.wave_asset["wave_hits"][:, k, window.asset] = own.asset["asset_hits"]
