"""CSV (RFC 4180, UTF-8): the tidy tables of a run, a file each, and ``columns.csv``, which says what each column is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kalkan.files import whole
from kalkan.results.assemble import Results
from kalkan.results.tables import tables

COLUMNS = "columns"


def write(results: Results, folder: Path) -> None:
    """Write every table of a run into a folder, all variants in each; what has no value (nan) is an empty cell."""
    import pyarrow as pa
    import pyarrow.csv as pc

    told: dict[str, list[str]] = {"table": [], "column": [], "unit": [], "meaning": []}
    for name, table in tables(results):
        with whole(folder / f"{name}.csv") as file:
            pc.write_csv(_plain(pa, table), file)
        for field in table.schema:
            about = {k.decode(): v.decode() for k, v in (field.metadata or {}).items()}
            unit = "" if pa.types.is_dictionary(field.type) else about.get("unit", "")
            row = (name, field.name, unit, about.get("sentence", _KEYS.get(field.name, "")))
            for column, text in zip(told.values(), row, strict=True):
                column.append(text)
    with whole(folder / f"{COLUMNS}.csv") as file:
        pc.write_csv(pa.table(told), file)


_KEYS = {
    "variant": "Name of the variant.",
    "replication": "Number of the replication, from 0.",
    "threat": "Name of the air vehicle.",
    "raid": "Name of its raid.",
    "class": "Its class in the catalogue.",
    "side": "Whose it is: hostile, friendly or neutral.",
    "unit": "Name of the fire unit.",
    "interceptor": "Type of the interceptor.",
    "asset": "Name of the asset.",
    "radar": "Name of the radar.",
    "post": "Name of the command post.",
}


def _plain(pa: Any, table: Any) -> Any:
    """Words as text, nan as nothing."""
    import pyarrow.compute as pcompute

    columns = []
    for column in table.columns:
        if pa.types.is_dictionary(column.type):
            column = column.cast(pa.string())
        elif pa.types.is_floating(column.type):
            column = pcompute.if_else(pcompute.is_nan(column), pa.scalar(None, column.type), column)
        columns.append(column)
    return pa.table(columns, names=table.column_names)
