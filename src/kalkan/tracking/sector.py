"""Tracking: plots become tracks, sector by sector as the beam passes.

Initiator: M detections in the last N looks of one radar, of which the last fits the track well.
Gater: Mahalanobis distance. Data association: global nearest neighbour over the sector, cost
d² + ln|S|. Filter: see ``filtering``. Deleter: a confirmed track that no radar has met for ``coast_s``, a tentative
one whose last N − 1 looks were all misses. Where a radar measures the range rate, it counts in
association and filter like a fourth coordinate. Blackman & Popoli, "Design and Analysis of Modern
Tracking Systems", 1999, ch. 6.

Misses of a radar are booked only where they can delete a track: at tentative ones that it has met lately.
A look counts as a miss only where the track's place is within the radar's coverage and line
of sight; a valley that hides a target does not count against its track. It is booked one
sector late, since the plot of a track near a sector's edge may come with the next sector.
A track that goes on where another was lost is joined to it in ``continuing``.
kalkan's own simplifications: one plot per object and scan, no merging of close objects' plots;
new tracks begin with zero velocity and a wide spread.
"""

from __future__ import annotations

import math
from typing import Any

from kalkan.jit import kernel
from kalkan.schema import N_SECTORS
from kalkan.tracking.assignment import solve, sort_by
from kalkan.tracking.association import gather, pair
from kalkan.tracking.continuing import continue_tracks
from kalkan.tracking.lifecycle import book_misses, initiate, take
from kalkan.tracking.tables import N_CANDIDATES, N_CHANGES, N_FRESH, N_PLOTS, AirPicture, Wedge

TWO_PI = 2.0 * math.pi


@kernel
def track_sector(
    air: AirPicture, models: Any, covers: Any, sight: Any, r: int, sector: int, boresight_rad: float, start_s: float,
    end_s: float,
) -> None:  # fmt: skip
    """Make tracks of the plots of a sector; what becomes of tracks is in ``air.changes``.

    Parameters
    ----------
    air : AirPicture
        With the plots in ``air.plots``, so many as ``air.number[N_PLOTS]``.
    models : Filter, or what else has its fields
        The filter.
    covers : kernel
        ``covers(sight, r, boresight_rad, x, y, z)``: whether radar `r` would see a place of its picture's frame [m].
    sight : object
        Handed on to `covers`.
    r, sector : int
        Radar, and which sector of its turn.
    boresight_rad : float
        Where the middle of the radar's whole sector points (compass) [rad].
    start_s, end_s : float
        When the beam entered and left this one [s].
    """
    width, scan_s = air.radars.sector_rad[r], air.radars.scan_period_s[r]
    left = 0.0 if width >= TWO_PI else boresight_rad - 0.5 * width
    half = 0.5 * width / N_SECTORS
    centre = left + (2 * sector + 1) * half
    before = centre - 2.0 * half if sector > 0 or width >= TWO_PI else centre + width - 2.0 * half
    wedge = Wedge(
        math.sin(centre), math.cos(centre), math.sin(before), math.cos(before), math.tan(min(half, 1.5)),
        math.cos(half) ** 2, 0.5 * scan_s / N_SECTORS, end_s - 0.75 * scan_s,
    )  # fmt: skip
    track_look(air, models, covers, sight, r, wedge, boresight_rad, start_s, end_s)


@kernel
def track_look(
    air: AirPicture, models: Any, covers: Any, sight: Any, r: int, wedge: Wedge, boresight_rad: float, start_s: float,
    end_s: float,
) -> None:  # fmt: skip
    """Make tracks of the plots of a look at any part of the sky; parameters as of :func:`track_sector`."""
    p, plots, cand, a = air.radars.picture[r], air.plots, air.candidates, air.assignment
    middle_s, n = 0.5 * (start_s + end_s), air.number[N_PLOTS]
    air.number[N_FRESH], air.number[N_CHANGES], air.short[0] = 0, 0, 0
    sort_by(plots.range_m, plots.order, n)
    gather(air, models, r, p, wedge, start_s, middle_s, end_s)
    pair(air, models, r, middle_s)
    solve(a, n, air.number[N_CANDIDATES])
    for i in range(n):
        column = a.rows.column[i]
        if column >= 0:
            take(air, models, r, p, cand.track[cand.order[column]], plots.order[i])
    for i in range(n):
        if a.rows.column[i] < 0:
            initiate(air, models, r, p, plots.order[i])
    book_misses(air, models, covers, sight, r, p, wedge.recent_s, boresight_rad, start_s, end_s)
    if models.settles:
        models.settle(air, r, p, end_s)
    continue_tracks(air, p, end_s)
