"""Plots in, tracks out: arrays are laid out look by look, and the compiled tracker is driven over them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kalkan.arrays import F8, I8, Struct
from kalkan.byref import by_reference
from kalkan.schema import N_SECTORS
from kalkan.tracking import choosing, configuring, tables
from kalkan.tracking.configuring import Config
from kalkan.tracking.driving import ESTIMATES, LIVES, LOOKS_TO_COME, N_ROW, N_TRACK, Drive, drive

LEAST_PLOTS = 8  # fewer do not tell how a beam goes round
STEADY_BEAM = 0.9  # of a beam that goes round, the mean of the unit vectors of where it started is as long as this [1]
MOST_PLOTS_ASKED = 500
MOST_ROOM = 1_000_000  # for estimates, to begin with: pages that nothing is written to cost nothing


def turning(t_s: F8, azimuth_rad: F8, scan_period_s: float) -> tuple[float, float]:
    """How a radar's beam goes round, as its plots tell.

    Returns
    -------
    sense, azimuth_rad
        1 clockwise, -1 counter-clockwise, 0 not at all; where the beam was at 0 s (compass) [rad].
    """
    if t_s.size < LEAST_PLOTS:
        return 0.0, 0.0
    step = max(t_s.size // MOST_PLOTS_ASKED, 1)
    angle, azimuth = 2.0 * math.pi / scan_period_s * t_s[::step], azimuth_rad[::step]
    found = [(sense, np.exp(1j * (azimuth - sense * angle)).mean()) for sense in (1.0, -1.0)]
    steady = [(sense, float(np.angle(mean))) for sense, mean in found if abs(mean) > STEADY_BEAM]
    return steady[0] if len(steady) == 1 else (0.0, 0.0)


def spans_s(sensors: Struct) -> F8:
    """How long a look of each radar takes [s]."""
    return np.where(sensors["sense"] != 0.0, sensors["scan_period_s"] / N_SECTORS, sensors["scan_period_s"])


def looks(t_s: F8, radar: I8, sensors: Struct) -> tuple[Struct, NDArray[np.intp]]:
    """All looks between the first plot and the last, by end; and the plots in their order, each look's by time.

    Parameters
    ----------
    t_s, radar : array (n,)
        Of the plots [s].
    sensors : structured array
        SENSORS, with their senses.
    """
    spans = spans_s(sensors)
    number = np.floor(t_s / spans[radar]).astype(np.int64)
    low, high = math.floor(t_s.min() / spans.max()) * spans.max(), t_s.max()
    first = np.floor(low / spans).astype(np.int64)
    count = np.floor(high / spans).astype(np.int64) - first + 1
    offset = np.concatenate([[0], np.cumsum(count)])
    r = np.repeat(np.arange(sensors.size), count)
    end = (np.arange(offset[-1]) - np.repeat(offset[:-1] - first, count) + 1) * spans[r]
    by_end = np.lexsort((r, end))
    rank = np.empty(by_end.size, np.int64)
    rank[by_end] = np.arange(by_end.size)
    of_plot = rank[offset[radar] + number - first[radar]]
    by_time = np.argsort(t_s, kind="stable")
    order = by_time[np.argsort(of_plot[by_time], kind="stable")]
    out = np.zeros(by_end.size, LOOKS_TO_COME)
    out["radar"], out["end_s"] = r[by_end], end[by_end]
    out["start_s"] = out["end_s"] - spans[out["radar"]]
    out["last"] = np.cumsum(np.bincount(of_plot, minlength=by_end.size))
    out["first"][1:] = out["last"][:-1]
    return out, order


def _most_at_once(t_s: F8, slowest_s: float, config: Config) -> int:
    """More tracks than can live at once: each has had a plot within the time after which it would end."""
    looks_alive = max(config.drop_looks, config.confirm_n + 1 if config.initiation == "m of n" else 0)
    counts = np.bincount(((t_s - t_s.min()) / ((looks_alive + 2.0) * slowest_s)).astype(np.int64))
    return int((counts + np.concatenate([[0], counts[:-1]])).max()) + 1


def run(
    reports: Struct, sensors: Struct, log_false: F8, config: Config, times: F8, covariances: bool = True
) -> tuple[Drive, NDArray[np.intp]]:  # fmt: skip
    """Drive the tracker over reports until nothing is left.

    Parameters
    ----------
    reports : structured array (n,)
        REPORTS, in any order, at least one.
    sensors : structured array (n_radar,)
        SENSORS, their senses settled.
    log_false : array (n_radar,)
        ln of the density of false plots [1/(m rad2)], for the score.
    config : Config
    times : array (m,)
        When estimates are wanted, ascending [s].
    covariances : bool
        Whether their covariances are wanted too.

    Returns
    -------
    drive, order
        Its reports are those at `order`; its lives and estimates are as long as they were filled.
    """
    to_come, order = looks(reports["t_s"], reports["radar"], sensors)
    mine, slowest_s = reports.take(order), float(sensors["scan_period_s"].max())
    mine["track"] = -1
    slots = min(config.capacity, _most_at_once(mine["t_s"], slowest_s, config))
    rows = max(int((to_come["last"] - to_come["first"]).max()), slots)
    air = tables.allocate(
        sensors, configuring.rules(config, slowest_s), config.gate, config.initial_speed_m_s, slots, rows,
        configuring.manner(config),
    )  # fmt: skip
    air.log_false[:] = log_false
    air.free[0] = np.arange(slots)[::-1]
    quick_s = config.drop_looks / float((1.0 / sensors["scan_period_s"]).sum())
    room = min(slots * times.size, MOST_ROOM)
    d = Drive(
        air, sensors, mine, to_come, times, np.zeros(reports.size, LIVES), np.zeros(room, ESTIMATES),
        np.zeros((room if covariances else 0, 6, 6)), np.zeros(slots, np.int64),
        np.array([quick_s, config.drop_looks]), np.zeros(4, np.int64), np.zeros(1, np.int64),
    )  # fmt: skip
    models = choosing.alone("imm" if config.filter == "imm" else "ekf", config.initiation)
    while not drive(by_reference(d), models):
        d = d._replace(estimates=_longer(d.estimates), covariance=_longer(d.covariance))
    n = d.number[N_ROW]
    return d._replace(
        lives=d.lives[: d.number[N_TRACK]], estimates=d.estimates[:n].copy(), covariance=d.covariance[:n].copy()
    ), order


def _longer(array: NDArray[Any]) -> NDArray[Any]:
    """Twice as long."""
    return np.concatenate([array, np.zeros_like(array)])
