"""Times of a table as seconds since 1970 UTC (Unix time): numbers, ISO 8601 texts or Parquet's instants."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kalkan.scenario.recorded.table import F8, TrackFile, TracksError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNIX_S = 1e8  # numbers below are seconds since some start of their own; 1e8 is in 1973
_SCALES = ((1e17, 1e-9), (1e14, 1e-6), (1e11, 1e-3))  # numbers from so large on are nano-, micro-, milliseconds


class Instants(NamedTuple):
    """Times of the rows.

    Attributes
    ----------
    t_s : float64 (n,)
        Unix time [s], or seconds since the file's own start; nan where a cell holds no time.
    zoneless : bool
        Whether they were told without a time zone, and taken in the zone that the scenario names.
    own_start : bool
        Whether they count from a start of the file's own.
    """

    t_s: F8
    zoneless: bool = False
    own_start: bool = False


def instants_of(table: TrackFile, meaning: str, unit: str | None, utc_offset_s: float) -> Instants:
    """Times in a column.

    Parameters
    ----------
    table : TrackFile
    meaning : str
        A key of ``columns.NAMES``.
    unit : str or None
        Of numbers, ``"s"`` or ``"ms"``; None: as their size tells.
    utc_offset_s : float
        How far the clock of times without a zone is ahead of UTC [s].
    """
    column = table.columns[meaning]
    cells = table.cells[column.name]
    if np.issubdtype(cells.dtype, np.datetime64):
        t_s = np.where(np.isnat(cells), np.nan, cells.astype("datetime64[ns]").astype(np.int64) * 1e-9)
        zoned = column.name in table.zoned
        return Instants(t_s if zoned else t_s - utc_offset_s, not zoned)
    numbers = table.number(meaning)
    if np.isfinite(numbers).mean() > 0.5 or cells.dtype != object:
        return _of_numbers(numbers, unit)
    if unit is not None:
        raise TracksError(f'has times such as "{_first(cells)}", which are no numbers: leave time_unit out')
    return _of_texts(cells, utc_offset_s)


def _of_numbers(numbers: F8, unit: str | None) -> Instants:
    typical = float(np.nanmedian(np.abs(numbers)))
    if unit is not None:
        scale = 1e-3 if unit == "ms" else 1.0
    else:
        scale = next((factor for least, factor in _SCALES if typical >= least), 1.0)
    return Instants(numbers * scale, own_start=typical * scale < _UNIX_S)


def _of_texts(cells: NDArray[Any], utc_offset_s: float) -> Instants:
    known = {text: read_instant(text, utc_offset_s) for text in set(cells.tolist()) if text}
    read = [known.get(text, (np.nan, False)) for text in cells.tolist()]
    return Instants(np.array([t for t, _ in read], float), any(zoneless for _, zoneless in read))


def read_instant(text: Any, utc_offset_s: float) -> tuple[float, bool]:
    """Unix time [s] of an ISO 8601 text, and whether it had no time zone; nan if it is no such text."""
    try:
        read = datetime.fromisoformat(str(text).strip())
    except ValueError:
        return np.nan, False
    if read.tzinfo is not None:
        return (read - _EPOCH).total_seconds(), False
    return (read.replace(tzinfo=UTC) - _EPOCH).total_seconds() - utc_offset_s, True


def _first(cells: NDArray[Any]) -> str:
    return next((str(c) for c in cells if c), "")
