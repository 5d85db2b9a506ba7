"""Reading a CSV or Parquet table of recorded tracks: its columns as plain arrays, whatever their cells hold."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kalkan.scenario.recorded.columns import ColumnUnit, columns_of, lacking

F8 = NDArray[np.float64]
ENDINGS = (".csv", ".csv.gz", ".parquet")
MOST_BYTES = 1_000_000_000
_DELIMITERS = (",", ";", "\t", "|")
_YES = ("true", "t", "1", "1.0", "yes")


class TracksError(ValueError):
    """A file of recorded tracks that cannot be used; one sentence for each thing that is wrong with it."""

    def __init__(self, *sentences: str) -> None:
        super().__init__("; ".join(sentences))


class TrackFile(NamedTuple):
    """What a file holds.

    Attributes
    ----------
    columns : dict of str to ColumnUnit
        What is known of its columns.
    cells : dict of str to array (n,)
        By the column's own name: text as object arrays with None where there is none, numbers as float64 with nan,
        instants as datetime64[ns].
    zoned : set of str
        Columns of instants that have a time zone.
    odd_rows : int
        Rows of another number of cells than the header, which are left out.
    """

    columns: dict[str, ColumnUnit]
    cells: dict[str, NDArray[Any]]
    zoned: set[str]
    odd_rows: int

    def number(self, meaning: str) -> F8:
        """A column as numbers; nan where there is none, also where there is no such column."""
        column = self.columns.get(meaning)
        if column is None:
            return np.full(self.size, np.nan)
        cells = self.cells[column.name]
        return np.array(list(map(_number, cells)), float) if cells.dtype == object else cells.astype(float)

    def text(self, meaning: str) -> NDArray[Any] | None:
        """A column as text without spaces at its ends, ``""`` where there is none; None without such a column."""
        column = self.columns.get(meaning)
        if column is None:
            return None
        return np.array([_text(v) for v in self.cells[column.name].tolist()], object)

    def holds(self, meaning: str) -> NDArray[np.bool_]:
        """A column of yes and no; no where there is none."""
        words = self.text(meaning)
        return np.zeros(self.size, bool) if words is None else np.isin([w.lower() for w in words], _YES)

    @property
    def size(self) -> int:
        """Rows."""
        return len(next(iter(self.cells.values())))


def read_table(path: Path) -> TrackFile:
    """The known columns of a file.

    Raises
    ------
    TracksError
        It is absent, empty or no such table, or lacks a column.
    """
    _require(path)
    from pyarrow import ArrowException

    try:
        return _parquet(path) if path.name.lower().endswith(".parquet") else _csv(path)
    except ArrowException as error:
        raise TracksError(f"cannot be read as a table: {str(error).splitlines()[0]}") from None
    except (OSError, EOFError) as error:
        raise TracksError(f"cannot be read: {error}") from None


def _require(path: Path) -> None:
    if not path.name.lower().endswith(ENDINGS):
        raise TracksError(f"must be a CSV or Parquet file ({', '.join(ENDINGS)})")
    try:
        if not path.is_file():
            raise TracksError("is a folder, not a file" if path.is_dir() else "does not exist")
        size = path.stat().st_size
    except OSError as error:
        raise TracksError(f"cannot be read: {error.strerror}") from None
    if size == 0:
        raise TracksError("is empty")
    if size > MOST_BYTES:
        raise TracksError(f"has {size / 1e9:.1f} GB; at most 1 GB are read: cut out the hours and the area in question")


def _parquet(path: Path) -> TrackFile:
    import pyarrow as pa
    from pyarrow import parquet

    with parquet.ParquetFile(path) as file:
        columns = _known(file.schema_arrow.names)
        names = list(dict.fromkeys(c.name for c in columns.values()))
        table = file.read(columns=names)
    cells, zoned = {}, set()
    for name in names:
        column = table[name]
        if pa.types.is_timestamp(column.type):
            cells[name] = column.cast(pa.timestamp("ns", column.type.tz)).to_numpy().astype("datetime64[ns]")
            zoned |= {name} if column.type.tz else set()
        elif pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
            cells[name] = column.to_numpy().astype(float)
        else:
            cells[name] = np.array(column.to_pylist(), object)
    return _filled(TrackFile(columns, cells, zoned, 0))


def _csv(path: Path) -> TrackFile:
    """Every cell is read as text: an aircraft's address such as 4840e1 is no number."""
    import pyarrow as pa
    from pyarrow import csv

    header, delimiter = _header(path)
    columns = _known(header)
    names = list(dict.fromkeys(c.name for c in columns.values()))
    odd = 0

    def left_out(_: Any) -> str:
        nonlocal odd
        odd += 1
        return "skip"

    table = csv.read_csv(
        path,
        read_options=csv.ReadOptions(column_names=header, skip_rows=1),
        parse_options=csv.ParseOptions(delimiter=delimiter, invalid_row_handler=left_out),
        convert_options=csv.ConvertOptions(
            include_columns=names, column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
        ),
    )
    return _filled(TrackFile(columns, {n: np.array(table[n].to_pylist(), object) for n in names}, set(), odd))


def _header(path: Path) -> tuple[list[str], str]:
    """Names of the columns and what stands between them."""
    with gzip.open(path) if path.name.lower().endswith(".gz") else path.open("rb") as file:
        line = file.readline(100_000)
    try:
        text = line.decode("utf-8-sig").strip("\r\n")
    except UnicodeDecodeError:
        raise TracksError("is not UTF-8 text; save it as UTF-8") from None
    delimiter = max(_DELIMITERS, key=text.count)
    return [name.strip().strip('"') for name in text.split(delimiter)], delimiter


def _known(header: list[str]) -> dict[str, ColumnUnit]:
    columns = columns_of(header)
    if told := lacking(header, columns):
        raise TracksError(*told)
    return columns


def _filled(table: TrackFile) -> TrackFile:
    if not table.size:
        raise TracksError("has a header and no rows")
    return table


def _number(cell: Any) -> float:
    """A cell's number, with a point or a comma; nan where it is none."""
    if cell is None:
        return np.nan
    try:
        return float(cell)
    except ValueError:
        try:
            return float(str(cell).replace(",", "."))
        except ValueError:
            return np.nan


def _text(cell: Any) -> str:
    if cell is None or cell != cell:  # a missing number is not equal to itself
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def rows_of(ids: NDArray[Any]) -> Iterator[tuple[str, NDArray[np.int64]]]:
    """Each word of a column, sorted, with its rows in order."""
    words, of = np.unique(ids.astype(str), return_inverse=True)
    order = np.argsort(of, kind="stable")
    bounds = np.searchsorted(of[order], np.arange(len(words) + 1))
    for k, word in enumerate(words):
        yield str(word), order[bounds[k] : bounds[k + 1]]
