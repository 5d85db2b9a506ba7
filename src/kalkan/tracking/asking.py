"""``kalkan.tracking.track``: a table of plots in, tracks as labelled arrays out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kalkan.arrays import F8, I8, Struct
from kalkan.errors import Problem, ProblemsError
from kalkan.schema import STATUS
from kalkan.tracking import configuring, plots, running, sensors
from kalkan.tracking.configuring import Config
from kalkan.tracking.driving import Drive
from kalkan.tracking.sensors import ROTATIONS, Sensor

if TYPE_CHECKING:
    import xarray as xr

COMPONENTS = ("east", "north", "up", "v_east", "v_north", "v_up")
MOST_TIMES = 1_000_000


def track(
    plots: Any, sensors: Iterable[Sensor | Mapping[str, Any]], *, config: Config | None = None,
    times: ArrayLike | None = None,
) -> xr.Dataset:  # fmt: skip
    """Make tracks of the plots of one or several radars, with the code of the simulation's own command posts.

    Parameters
    ----------
    plots : dict of arrays, structured array, pandas.DataFrame, xarray.Dataset, pyarrow.Table, or path
        With the columns that docs/tracking.md lists: time, radar, slant range, compass azimuth, elevation or height,
        range rate if any. A path is that of a Parquet file or of one with ASTERIX category 048 (also as a capture).
        The order of plots within a turn does not matter.
    sensors : iterable of Sensor or dict
        The radars.
    config : Config, optional
    times : array_like, optional
        When estimates are wanted, as seconds of the plots' own clock or, where they have dates, as datetime64.
        Default: after every turn of the fastest radar. An estimate knows the looks that have ended by its time.

    Returns
    -------
    xarray.Dataset
        ``plot_track`` (plot): the track that each plot belongs to, -1 none. ``begun_s``, ``confirmed_s``, ``ended_s``
        (NaN: it lives) and ``n_plots`` (track). Of each confirmed track at each time, dimension ``estimate``, in order
        of time: ``x`` [m, m/s], its covariance ``p``, ``status`` ("met" or "coasting": no plot in the last turn),
        with coordinates ``of_track`` and ``t_s``. Frame: east, north, up [m], as of the sensors.

    Raises
    ------
    ProblemsError
        Everything that is wrong with plots, sensors and config.
    """
    problems: list[Problem] = []
    settings = config or Config()
    if isinstance(settings, Config):
        problems.extend(configuring.problems_of(settings))
    else:
        problems.append(Problem("config", f"is {type(settings).__name__}; kalkan.tracking.Config"))
    radars = _sensors_of(sensors, problems)
    told = _plots_of(plots, radars, problems)
    if problems or told is None:
        raise ProblemsError(problems)
    table = settled(told.reports, radars)
    wanted = _times(told, table, times)
    drive, order = running.run(told.reports, table, _log_false(radars), settings, wanted)
    return _dataset(drive, order, told, wanted, radars, settings)


def _sensors_of(given: Any, problems: list[Problem]) -> list[Sensor]:
    return sensors.given(given, problems)


def _log_false(radars: list[Sensor]) -> F8:
    return sensors.log_false(radars)


def _plots_of(given: Any, radars: list[Sensor], problems: list[Problem]) -> plots.PlotTable | None:
    """The plots, checked as far as the radars allow."""
    try:
        columns = plots.open_table(given)
    except TypeError as e:
        wanted = "a dict of arrays, structured array, DataFrame or Dataset, or the path of a Parquet or ASTERIX file"
        problems.append(Problem("plots", f"{e}: give {wanted}"))
        return None
    except OSError as e:
        problems.append(Problem("plots", f"cannot be read: {e.strerror or e}", str(given)))
        return None
    return plots.checked(columns, radars, problems) if radars else None


def settled(reports: Struct, radars: list[Sensor]) -> Struct:
    """The radars as the compiled tracker takes them, with how their beams go round."""
    table = sensors.table(radars)
    for r, sensor in enumerate(radars):
        mine = reports["radar"] == r if len(radars) > 1 else slice(None)
        sense, phase = running.turning(reports["t_s"][mine], reports["azimuth_rad"][mine], sensor.scan_period_s)
        if sensor.rotation is None or ROTATIONS[sensor.rotation] == sense:
            table["sense"][r], table["phase_rad"][r] = sense, phase
    return table


def _times(told: plots.PlotTable, table: Struct, times: ArrayLike | None) -> F8:
    """When estimates are wanted [s]."""
    t_s = told.reports["t_s"]
    if times is None:
        turn_s = float(table["scan_period_s"].min())
        first, last = math.floor(t_s.min() / turn_s) + 1, math.floor(t_s.max() / turn_s) + 1
        return turn_s * np.arange(first, last + 1)
    wanted = np.asarray(times)
    if np.issubdtype(wanted.dtype, np.datetime64) and told.zero is not None:
        wanted = (wanted.astype("datetime64[ns]") - told.zero) / np.timedelta64(1, "s")
    problems = []
    try:
        found = np.atleast_1d(np.asarray(wanted, np.float64))
    except (TypeError, ValueError):
        found = np.zeros(1)
        problems.append(Problem("times", f"must be numbers [s], not {wanted.dtype}"))
    if found.ndim != 1 or not np.isfinite(found).all():
        problems.append(Problem("times", "must be one row of finite numbers [s]"))
    elif (np.diff(found) < 0.0).any():
        problems.append(Problem("times", "must not go back"))
    if problems:
        raise ProblemsError(problems)
    return found


def _dataset(
    d: Drive, order: NDArray[np.intp], told: plots.PlotTable, times: F8, radars: list[Sensor], config: Config
) -> xr.Dataset:  # fmt: skip
    import xarray as xr

    place, kept = _kept(d.lives)
    lives, rows, slowest_s = d.lives[kept], d.estimates, max(s.scan_period_s for s in radars)
    plot_track = np.full(order.size, -1, np.int64)
    taken = d.reports["track"]
    plot_track[order] = np.where(taken >= 0, place[taken], -1)
    n_plots = np.bincount(plot_track[plot_track >= 0], minlength=kept.size)
    t_s = times[rows["time"]]
    coasting = t_s - rows["hit_s"] > slowest_s
    of_time = {"t_s": ("estimate", t_s, _unit("s", "time"))}
    if told.zero is not None:
        of_time["time"] = ("estimate", told.zero + (t_s * 1e9).astype("timedelta64[ns]"), {})
    return xr.Dataset(
        {
            "plot_track": ("plot", plot_track, _unit("1", "track that the plot belongs to, -1: none")),
            "begun_s": ("track", lives["begun_s"], _unit("s", "its first plot")),
            "confirmed_s": ("track", lives["confirmed_s"], _unit("s", "the plot that confirmed it")),
            "ended_s": ("track", lives["ended_s"], _unit("s", "when it was dropped; NaN: never")),
            "n_plots": ("track", n_plots, _unit("1", "plots that belong to it")),
            "x": (("estimate", "component"), rows["x"], _unit("m, m/s", "position and velocity")),
            "p": (("estimate", "component", "other"), d.covariance, _unit("m2, m2/s, m2/s2", "covariance of x")),
            "status": ("estimate", np.where(coasting, "coasting", "met"), _unit("", "of its last turn")),
        },
        {
            "of_track": ("estimate", place[rows["track"]], _unit("1", "track")),
            **of_time,
            "component": list(COMPONENTS), "other": list(COMPONENTS),
        },
        {"short_of": _short(d), "filter": config.filter, "config": repr(asdict(config))},
    )  # fmt: skip


def _kept(lives: Struct) -> tuple[I8, NDArray[np.intp]]:
    """Place of each track among the confirmed ones that are no part of another (-1: none), and which these are."""
    root = np.arange(lives.size)
    for k in np.flatnonzero(lives["into"] >= 0):  # and what it was joined to may have been joined again
        into = lives["into"][k]
        while into >= 0:
            root[k], into = into, lives["into"][into]
    kept = np.flatnonzero(np.isfinite(lives["confirmed_s"]) & (lives["into"] < 0))
    place = np.full(lives.size + 1, -1, np.int64)
    place[kept] = np.arange(kept.size)
    return place[np.append(root, lives.size)], kept


def _unit(unit: str, says: str) -> dict[str, str]:
    return {"units": unit, "long_name": says}


def _short(d: Drive) -> str:
    """What did not suffice on the way, "" if nothing."""
    return STATUS[int(d.short[0])].sentence if d.short[0] else ""
