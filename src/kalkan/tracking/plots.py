"""Tables of plots: any table with the columns of `COLUMNS`, checked, as arrays in SI units.

A column's name says its unit: ``azimuth_deg`` and ``azimuth_rad`` are the same quantity.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kalkan.arrays import F8, Struct
from kalkan.errors import Problem, did_you_mean, nearest_of
from kalkan.tracking.driving import REPORTS
from kalkan.tracking.sensors import Sensor

FOOT_M, NAUTICAL_MILE_M = 0.3048, 1852.0
EARTH_M = 6_371_000.0  # mean radius, for heights
MOST_TURNS = 1e7  # of a table


class PlotColumn(NamedTuple):
    """A quantity of a plot.

    Attributes
    ----------
    spellings : dict of str to float
        Names of a column, each with what one of its units is in SI.
    says : str
    needed : bool
    """

    spellings: Mapping[str, float]
    says: str
    needed: bool = True


COLUMNS: dict[str, PlotColumn] = {
    "time": PlotColumn({"t_s": 1.0, "time": 1.0}, "when the beam met it: seconds, or ``time`` as numpy.datetime64"),
    "radar": PlotColumn({"radar": 1.0}, "name of its radar, or the number of it in the list of radars"),
    "range": PlotColumn({"range_m": 1.0, "range_km": 1e3, "range_nmi": NAUTICAL_MILE_M}, "slant range"),
    "azimuth": PlotColumn(
        {"azimuth_rad": 1.0, "azimuth_deg": math.radians(1.0)}, "compass azimuth: clockwise from the radar's north"
    ),
    "elevation": PlotColumn(
        {"elevation_rad": 1.0, "elevation_deg": math.radians(1.0), "height_m": 1.0, "height_ft": FOOT_M},
        "elevation above the radar's horizontal; or, in its place, height above sea level",
    ),
    "range rate": PlotColumn({"range_rate_m_s": 1.0}, "range rate, positive outwards; NaN where not measured", False),
}


class PlotTable(NamedTuple):
    """A table that holds what it should."""

    reports: Struct  # REPORTS, in the order of the table
    zero: np.datetime64 | None  # of ``t_s``, where the table has dates


def open_table(plots: Any) -> dict[str, NDArray[Any]]:
    """The columns of a dict of arrays, structured array, DataFrame, Dataset, or Parquet or ASTERIX file.

    Raises
    ------
    TypeError
        It is nothing of these.
    """
    if isinstance(plots, str | Path):
        return _open_file(Path(plots))
    if isinstance(plots, np.ndarray) and plots.dtype.names:
        return {name: plots[name] for name in plots.dtype.names}
    if hasattr(plots, "column_names") and hasattr(plots, "to_pydict"):  # pyarrow.Table
        return {name: plots.column(name).to_numpy() for name in plots.column_names}
    if hasattr(plots, "data_vars"):  # xarray.Dataset
        return {str(name): np.asarray(plots[name].values) for name in plots.variables}
    if hasattr(plots, "columns"):  # pandas.DataFrame and its like
        return {str(name): np.asarray(plots[name]) for name in plots.columns}
    if isinstance(plots, Mapping):
        return {str(name): np.asarray(values) for name, values in plots.items()}
    raise TypeError(f"{type(plots).__name__} is no table of plots")


def _open_file(path: Path) -> dict[str, NDArray[Any]]:
    if path.suffix.lower() == ".parquet":
        import pyarrow.parquet as pq

        return open_table(pq.read_table(path))
    from kalkan.tracking.asterix import read

    return read(path.read_bytes())


def checked(
    table: Mapping[str, NDArray[Any]], sensors: Sequence[Sensor], problems: list[Problem]
) -> PlotTable | None:  # fmt: skip
    """The plots of a table; whatever is wrong with it goes to `problems`, which hold what is wrong with the sensors."""
    before = len(problems)
    chosen = {quantity: _spelling(quantity, table, problems) for quantity in COLUMNS}
    there = {q: name for q, name in chosen.items() if name}
    problems.extend(_shapes({name: table[name] for name in there.values()}))
    if len(problems) > before:
        return None
    n = next(iter(table[name] for name in there.values())).size
    out, zero = np.zeros(n, REPORTS), None
    out["radar"] = _radars(table[there["radar"]], sensors, problems)
    out["rate_m_s"], out["track"] = np.nan, -1
    if np.issubdtype(table[there["time"]].dtype, np.datetime64):
        times = table[there["time"]].astype("datetime64[ns]")
        zero = times.min().astype("datetime64[D]").astype("datetime64[ns]")
        out["t_s"] = (times - zero) / np.timedelta64(1, "s")
        if np.isnat(times).any():
            problems.append(Problem(f"plots · {there['time']}", _some("are no time", np.isnat(times))))
    else:
        out["t_s"] = _numbers("time", there["time"], table, problems)
    for quantity, into in (("range", "range_m"), ("azimuth", "azimuth_rad"), ("elevation", "elevation_rad")):
        out[into] = _numbers(quantity, there[quantity], table, problems)
    if "range rate" in there:
        out["rate_m_s"] = _numbers("range rate", there["range rate"], table, problems, gaps=True)
        blind = [s.name for i, s in enumerate(sensors) if s.range_rate_sigma_m_s is None and
                 np.isfinite(out["rate_m_s"][out["radar"] == i]).any()]  # fmt: skip
        for name in blind:
            message = "its plots have a range rate: say how good it is, or leave the column out"
            problems.append(Problem(f'sensors · "{name}" · range_rate_sigma_m_s', message))
    if not problems:
        problems.extend(_implausible(out, there, sensors))
    if problems:
        return None
    if there["elevation"].startswith("height"):
        out["elevation_rad"] = _elevations(out, sensors)
    out["range_m"] -= np.array([s.range_bias_m for s in sensors])[out["radar"]]
    out["azimuth_rad"] -= np.radians([s.azimuth_bias_deg for s in sensors])[out["radar"]]
    out["elevation_rad"] -= np.radians([s.elevation_bias_deg for s in sensors])[out["radar"]]
    return PlotTable(out, zero)


def _spelling(quantity: str, table: Mapping[str, Any], problems: list[Problem]) -> str:
    """The column that holds a quantity, "" if there is none."""
    column = COLUMNS[quantity]
    found = [name for name in column.spellings if name in table]
    if len(found) > 1 and quantity == "elevation" and not found[0].startswith("height"):
        found = found[:1]  # heights beside elevations are another matter
    if len(found) == 1:
        return found[0]
    if len(found) > 1:
        problems.append(Problem(f"plots · {found[1]}", f"says what {found[0]} says: one of them is enough"))
    elif column.needed:
        wanted, others = next(iter(column.spellings)), [n for n in table if not _known(n)]
        close = nearest_of(wanted, others, alike=0.5)
        there = f"; there are {', '.join(table) or 'no columns'}"
        hint = f'; "{close}" is there: which unit is it in?' if close else there
        problems.append(Problem(f"plots · {' or '.join(column.spellings)}", f"is missing{hint}"))
    return ""


def _known(name: str) -> bool:
    return any(name in column.spellings for column in COLUMNS.values())


def _shapes(columns: Mapping[str, NDArray[Any]]) -> Iterator[Problem]:
    sizes = {name: values.shape for name, values in columns.items()}
    for name, shape in sizes.items():
        if len(shape) != 1:
            yield Problem(f"plots · {name}", f"has the shape {shape}; a column is one row of values")
    if len(set(sizes.values())) > 1:
        told = ", ".join(f"{n} {s[0] if s else 1}" for n, s in sizes.items())
        yield Problem("plots", f"columns differ in length: {told}")
    if sizes and all(s == (0,) for s in sizes.values()):
        yield Problem("plots", "the table is empty")


def _radars(values: NDArray[Any], sensors: Sequence[Sensor], problems: list[Problem]) -> NDArray[np.int64]:
    """Number of each plot's radar."""
    names = [s.name for s in sensors]
    if np.issubdtype(values.dtype, np.integer):
        strange = (values < 0) | (values >= len(names))
        if strange.any():
            message = f"{_some(f'are no place in the list of {len(names)} radars', strange)} (they count from 0)"
            problems.append(Problem("plots · radar", message))
        return np.where(strange, 0, values).astype(np.int64)
    found, which = np.unique(values.astype(str), return_inverse=True)
    for name in found:
        if name not in names:
            hint = did_you_mean(nearest_of(name, names))
            problems.append(Problem("plots · radar", f'"{name}" is none of the sensors: {", ".join(names)}{hint}'))
    return np.array([names.index(n) if n in names else 0 for n in found], np.int64)[which]


def _numbers(
    quantity: str, name: str, table: Mapping[str, NDArray[Any]], problems: list[Problem], *, gaps: bool = False
) -> F8:  # fmt: skip
    """A column in SI."""
    try:
        values = np.asarray(table[name], np.float64)
    except (TypeError, ValueError):
        problems.append(Problem(f"plots · {name}", f"must be numbers, not {table[name].dtype}"))
        return np.zeros(table[name].size)
    wrong = np.isinf(values) if gaps else ~np.isfinite(values)
    if wrong.any():
        problems.append(Problem(f"plots · {name}", _some("are not finite numbers: leave such plots out", wrong)))
    return np.where(wrong, 1.0, values) * COLUMNS[quantity].spellings[name]


def _some(what: str, which: NDArray[np.bool_]) -> str:
    n, first = int(which.sum()), int(np.flatnonzero(which)[0])
    return f"{n:,} of {which.size:,} {what}, the first in row {first}"


def _implausible(out: Struct, there: Mapping[str, str], sensors: Sequence[Sensor]) -> Iterator[Problem]:
    """What was most likely meant in another unit, or is out of order."""
    yield from _angles("azimuth", there, out["azimuth_rad"], 360.0)
    if there["elevation"].startswith("elevation"):
        yield from _angles("elevation", there, out["elevation_rad"], 90.0)
    where = f"plots · {there['range']}"
    if (out["range_m"] <= 0.0).any():
        yield Problem(where, _some("are not above 0", out["range_m"] <= 0.0))
    for i, s in enumerate(sensors):
        mine = out["range_m"][out["radar"] == i]
        most = float(mine.max(initial=0.0))
        if mine.size and float(np.median(mine)) > 2.0 * s.range_max_m:
            seen = f"{s.range_max_m / 1e3:,.0f} km"
            message = f'of "{s.name}" reaches {most / 1e3:,.0f} km, and the radar sees {seen}: which unit is it in?'
            yield Problem(where, message)
        elif 0.0 < most < s.range_min_m:
            seen = f"{s.range_min_m:,.0f} m"
            message = f'of "{s.name}" reaches {most:,.0f} m, and the radar sees from {seen} on: which unit is it in?'
            yield Problem(where, message)
    yield from _out_of_order(out, f"plots · {there['time']}", sensors)


def _angles(quantity: str, there: Mapping[str, str], angle_rad: F8, most_deg: float) -> Iterator[Problem]:
    """Angles beyond what there is: most likely degrees in a column of radians."""
    name, most = there[quantity], float(np.abs(angle_rad).max())
    if most <= math.radians(most_deg) + 1e-3:
        return
    unit = COLUMNS[quantity].spellings[name]
    degrees = unit == 1.0 and most <= most_deg + 0.01
    advice = f'these are degrees: name the column "{quantity}_deg"' if degrees else f"most is {most_deg:g} degrees"
    yield Problem(f"plots · {name}", f"reaches {most / unit:g}: {advice}")


def _out_of_order(out: Struct, where: str, sensors: Sequence[Sensor]) -> Iterator[Problem]:
    """Times that go back by more than a turn, or span what no table does."""
    for i, s in enumerate(sensors):
        rows = np.flatnonzero(out["radar"] == i)
        step = np.diff(out["t_s"][rows])
        if step.size and step.min() < -1.01 * s.scan_period_s:
            row, back = int(rows[int(step.argmin()) + 1]), -float(step.min())
            order = "a table is in order of time, and past midnight times go on growing"
            yield Problem(where, f'of "{s.name}" goes back by {back:,.0f} s in row {row}, more than a turn: {order}')
    span, shortest = float(np.ptp(out["t_s"])), min(s.scan_period_s for s in sensors)
    if span / shortest > MOST_TURNS:
        yield Problem(where, f"spans {span:,.0f} s, more than ten million turns: is it in seconds?")


def _elevations(out: Struct, sensors: Sequence[Sensor]) -> F8:
    """Elevations [rad] from heights above sea level, over a sphere."""
    below = np.array([EARTH_M + (s.altitude_m if s.on_earth else s.position_m[2]) for s in sensors])[out["radar"]]
    slant, above = out["range_m"], EARTH_M + out["elevation_rad"]
    sine = (above**2 - below**2 - slant**2) / (2.0 * below * slant)
    return np.arcsin(np.clip(sine, -1.0, 1.0))
