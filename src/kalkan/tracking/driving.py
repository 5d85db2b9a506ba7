"""Driving: the plots of a table go through the tracker look by look, as they do in the loop sector by sector.

A look is what one radar has seen in an eighth of a turn, or in a whole turn of a radar whose beam does not go round.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from kalkan.arrays import F8, I8, Struct
from kalkan.earth.frames import out_of
from kalkan.jit import kernel
from kalkan.tracking.converting import covariance, to_picture
from kalkan.tracking.lifecycle import drop, predicted
from kalkan.tracking.sector import track_look
from kalkan.tracking.tables import BORN, CONFIRMED, DROPPED, JOINED, MET, N_CHANGES, N_PLOTS, PROVED, AirPicture, Wedge

SENSORS = np.dtype(
    [  # the radars of a table; the first six fields are those of the loop's
        ("picture", "i8"),
        ("offset_m", "f8", 3),  # antenna in the picture's frame [m]
        ("to_picture", "f8", (3, 3)),  # its east, north, up → the picture's [1]
        ("scan_period_s", "f8"),  # [s]
        ("sector_rad", "f8"),  # [rad]
        ("range_sigma_m", "f8"),  # 1-sigma [m]
        ("azimuth_sigma_rad", "f8"),  # [rad]
        ("elevation_sigma_rad", "f8"),  # [rad]
        ("rate_sigma_m_s", "f8"),  # [m/s], inf: it measures none
        ("range_min_m", "f8"),  # what it covers [m]
        ("range_max_m", "f8"),
        ("sin_elevation_min", "f8"),  # [1]
        ("sin_elevation_max", "f8"),
        ("sense", "f8"),  # 1: its beam turns clockwise, -1: counter-clockwise, 0: it looks everywhere at once
        ("phase_rad", "f8"),  # where the beam was at time 0 (compass) [rad]
    ],
    align=True,
)
RULE_OF_PICTURE = np.dtype(
    [
        ("confirm_m", "i8"),
        ("confirm_n", "i8"),
        ("confirm_gate", "f8"),
        ("usual_speed_m_s", "f8"),
        ("coast_s", "f8"),
        ("gone_s", "f8"),
        ("process_noise_m_s2", "f8"),
        ("ballistic_m", "f8"),  # see motion.unheld; 0 here, where a motion is asked for by name
        ("capacity", "i8"),
    ],
    align=True,
)
REPORTS = np.dtype(
    [  # plots as radars report them, in the order of looks
        ("t_s", "f8"),
        ("radar", "i8"),
        ("range_m", "f8"),
        ("azimuth_rad", "f8"),
        ("elevation_rad", "f8"),
        ("rate_m_s", "f8"),  # NaN: not measured
        ("track", "i8"),  # out: number of the track that took it, -1: none had room
    ],
    align=True,
)
LOOKS_TO_COME = np.dtype(
    [("radar", "i8"), ("start_s", "f8"), ("end_s", "f8"), ("first", "i8"), ("last", "i8")], align=True
)
LIVES = np.dtype(
    [  # of each track, by number
        ("slot", "i8"),
        ("into", "i8"),  # the track that it was joined to, -1: none
        ("begun_s", "f8"),
        ("confirmed_s", "f8"),  # NaN: never
        ("ended_s", "f8"),  # NaN: it lives
        ("n_plots", "i8"),
    ],
    align=True,
)
ESTIMATES = np.dtype([("time", "i8"), ("track", "i8"), ("hit_s", "f8"), ("x", "f8", 6)], align=True)
SAME_S = 1e-6  # times within this are one: a look that ends when estimates are asked for comes first [s]
N_LOOK, N_TIME, N_TRACK, N_ROW = range(4)  # places in Drive.number


class Drive(NamedTuple):
    """A table on its way through the tracker."""

    air: AirPicture
    sensors: Struct  # SENSORS
    reports: Struct  # REPORTS
    looks: Struct  # LOOKS_TO_COME, by end
    times: F8  # when estimates are asked for, ascending [s]
    lives: Struct  # LIVES
    estimates: Struct  # ESTIMATES
    covariance: F8  # (estimate, 6, 6), or (0, 6, 6) where nobody asks for it
    tracks: I8  # (slot,) number of the track in each slot
    patience: F8  # (2,) no track ends before [s]; missed looks of the radars that cover it after which it ends
    number: I8  # (4,) next look, next time, tracks, estimates
    short: I8  # (1,) gravest of schema.STATUS that any look brought about


@kernel
def covers(sensors: Struct, r: int, boresight_rad: float, x: float, y: float, z: float) -> bool:
    """Whether a place of the picture [m] lies within the radar's ranges and elevations."""
    o = sensors.offset_m
    e, n, u = out_of(sensors.to_picture, r, x - o[r, 0], y - o[r, 1], z - o[r, 2])
    slant = math.sqrt(e * e + n * n + u * u)
    if slant < sensors.range_min_m[r] or slant > sensors.range_max_m[r]:
        return False
    return slant * sensors.sin_elevation_min[r] <= u <= slant * sensors.sin_elevation_max[r]


@kernel
def drive(d: Drive, models: Any) -> bool:
    """Take looks in until the estimates are full (False) or nothing is left (True); then go on where it stopped."""
    while d.number[N_LOOK] < d.looks.size:
        b = d.number[N_LOOK]
        if not _tell(d, models, d.looks.end_s[b]):
            return False
        _take_look(d, models, b)
        d.number[N_LOOK] = b + 1
    return _tell(d, models, math.inf)


@kernel
def _take_look(d: Drive, models: Any, b: int) -> None:
    """Hand the plots of look `b` to the tracker and write down what becomes of its tracks."""
    air, r, first = d.air, d.looks.radar[b], d.looks.first[b]
    n = d.looks.last[b] - first
    if n == 0 and air.n[0] == 0:
        return
    start_s, end_s = d.looks.start_s[b], d.looks.end_s[b]
    if d.sensors.size > 1:
        _forget(d, start_s)
    for i in range(n):
        _convert(air, d.sensors, d.reports, first + i, i)
    air.number[N_PLOTS] = n
    track_look(air, models, covers, d.sensors, r, _wedge(d.sensors, r, start_s, end_s), 0.0, start_s, end_s)
    d.short[0] = max(d.short[0], air.short[0])
    for i in range(air.number[N_CHANGES]):
        _note(d, i, first)


@kernel
def _forget(d: Drive, t_s: float) -> None:
    """End confirmed tracks that the radars that cover them have missed too often by `t_s` [s].

    One radar's own looks are counted in ``association.gather``, by time.
    """
    air, a = d.air, 0
    while a < air.n[0]:
        k = air.active[0, a]
        age_s = t_s - air.table.hit_s[0, k]
        if air.table.status[0, k] == CONFIRMED and age_s > d.patience[0]:
            x, y, z = predicted(air, 0, k, t_s)
            looks = 0.0
            for r in range(d.sensors.size):
                if covers(d.sensors, r, 0.0, x, y, z):
                    looks += age_s / d.sensors.scan_period_s[r]
            if looks > d.patience[1]:
                air.number[N_CHANGES] = 0
                drop(air, 0, k, t_s)
                _note(d, 0, 0)
                continue
        a += 1


@kernel
def _wedge(sensors: Struct, r: int, start_s: float, end_s: float) -> Wedge:
    """Where the beam of a radar was between two times [s]."""
    if sensors.sense[r] == 0.0:
        return Wedge(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.5 * (end_s - start_s), start_s)
    turn = sensors.sense[r] * 2.0 * math.pi / sensors.scan_period_s[r]
    centre = sensors.phase_rad[r] + turn * 0.5 * (start_s + end_s)
    step, half = turn * (end_s - start_s), 0.5 * abs(turn) * (end_s - start_s)
    return Wedge(
        math.sin(centre), math.cos(centre), math.sin(centre - step), math.cos(centre - step),
        math.tan(min(half, 1.5)), math.cos(half) ** 2, 0.5 * (end_s - start_s),
        end_s - 0.75 * sensors.scan_period_s[r],
    )  # fmt: skip


@kernel
def _convert(air: AirPicture, sensors: Struct, reports: Struct, j: int, i: int) -> None:
    """Report `j` as plot `i` of the look."""
    plots, r, rng = air.plots, reports.radar[j], reports.range_m[j]
    up, ground = rng * math.sin(reports.elevation_rad[j]), rng * math.cos(reports.elevation_rad[j])
    east, north = ground * math.sin(reports.azimuth_rad[j]), ground * math.cos(reports.azimuth_rad[j])
    plots.t_s[i], plots.range_m[i], plots.threat[i] = reports.t_s[j], rng, -1
    to_picture(sensors, r, east, north, up, plots.z_m[i])
    covariance(
        sensors, r, east, north, up, sensors.range_sigma_m[r], sensors.azimuth_sigma_rad[r],
        sensors.elevation_sigma_rad[r], plots.r_m2[i],
    )  # fmt: skip
    plots.rate_m_s[i], plots.rate_m2_s2[i] = 0.0, math.inf
    if reports.rate_m_s[j] == reports.rate_m_s[j]:
        plots.rate_m_s[i], plots.rate_m2_s2[i] = reports.rate_m_s[j], sensors.rate_sigma_m_s[r] ** 2


@kernel
def _note(d: Drive, i: int, first: int) -> None:
    """Write change `i` of the look into the lives of tracks and beside its plot."""
    changes, lives = d.air.changes, d.lives
    slot, kind = changes.track[i], changes.kind[i]
    if kind == BORN:
        k = d.number[N_TRACK]
        d.tracks[slot] = k
        d.number[N_TRACK] = k + 1
        lives.slot[k], lives.into[k], lives.n_plots[k] = slot, -1, 0
        lives.begun_s[k], lives.confirmed_s[k], lives.ended_s[k] = changes.t_s[i], math.nan, math.nan
        return
    k = d.tracks[slot]
    if kind == MET:
        d.reports.track[first + changes.plot[i]] = k
        lives.n_plots[k] += 1
    elif kind == PROVED:
        lives.confirmed_s[k] = changes.t_s[i]
    elif kind == JOINED:
        lives.into[k] = d.tracks[changes.other[i]]
    elif kind == DROPPED:
        lives.ended_s[k] = changes.t_s[i]


@kernel
def _tell(d: Drive, models: Any, before_s: float) -> bool:
    """Write the confirmed tracks at the times that are asked for before the end of the next look; False: no room."""
    while d.number[N_TIME] < d.times.size and d.times[d.number[N_TIME]] < before_s - SAME_S:
        i, air, rows = d.number[N_TIME], d.air, d.estimates
        if d.number[N_ROW] + air.n[0] > rows.size:
            return False
        for a in range(air.n[0]):
            k = air.active[0, a]
            if air.table.status[0, k] != CONFIRMED:
                continue
            row = d.number[N_ROW]
            rows.time[row], rows.track[row], rows.hit_s[row] = i, d.tracks[k], air.table.hit_s[0, k]
            models.foresee(air, 0, k, d.times[i], 0)
            for c in range(6):
                rows.x[row, c] = air.candidates.x[0, c]
                for o in range(6 if d.covariance.shape[0] else 0):
                    d.covariance[row, c, o] = air.candidates.p[0, c, o]
            d.number[N_ROW] = row + 1
        d.number[N_TIME] = i + 1
    return True
