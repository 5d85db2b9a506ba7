"""Parquet: one table for each kind of entity, a row for each of them in each replication."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kalkan.results.assemble import Results
from kalkan.schema import RAGGED, VARIABLES

TABLES = {
    "replications": (),
    "threats": ("threat",),
    "fire_units": ("unit",),
    "interceptors": ("unit", "interceptor"),
    "assets": ("asset",),
    "radars": ("radar",),
    "posts": ("post",),
}


def write(results: Results, folder: Path) -> None:
    """Write every table of a run into a folder, all variants in each."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    for name, dims in TABLES.items():
        parts = [_entities(pa, results, variant, dims) for variant in results.variants]
        pq.write_table(pa.concat_tables(parts), folder / f"{name}.parquet", compression="zstd")
    events = [_events(pa, results, variant) for variant in results.variants]
    pq.write_table(pa.concat_tables(events), folder / "events.parquet", compression="zstd")


def _entities(pa: Any, results: Results, variant: str, dims: tuple[str, ...]) -> Any:
    """One variant's rows of the variables with these dimensions."""
    records = results.records[variant]
    names = [n for n, v in VARIABLES.items() if v.dims == ("replication", *dims) and n in records.arrays]
    shape = (records.replications.size, *(len(records.labels[d]) for d in dims))
    columns = {"variant": _word(pa, np.zeros(int(np.prod(shape)), np.int8), [variant])}
    columns["replication"] = pa.array(np.broadcast_to(_along(records.replications, 0, len(shape)), shape).ravel())
    for axis, dim in enumerate(dims, start=1):
        labels = records.labels[dim]
        rows = np.broadcast_to(_along(np.arange(len(labels)), axis, len(shape)), shape)
        columns[dim] = _word(pa, rows.ravel(), labels)
        if dim == "threat":
            for part in ("raid", "class"):
                of_threat = list(records.attrs[f"threat_{part}"])
                kinds = sorted(set(of_threat))
                codes = np.array([kinds.index(v) for v in of_threat])
                columns[part] = _word(pa, codes[rows.ravel()], kinds)
    for name in names:
        columns[name] = _column(pa, name, records.arrays[name].ravel())
    return _table(pa, columns)


def _events(pa: Any, results: Results, variant: str) -> Any:
    """One variant's event logs, one behind the other; subjects and objects by name where they are one."""
    records = results.records[variant]
    logs = [results.events(variant, int(r)) for r in records.replications]
    sizes = [log["event_kind"].size for log in logs]
    whole = {name: np.concatenate([log[name] for log in logs]) for name in RAGGED if name in logs[0]}
    columns = {
        "variant": _word(pa, np.zeros(sum(sizes), np.int8), [variant]),
        "replication": pa.array(np.repeat(records.replications, sizes)),
    }
    for name in whole:
        columns[name] = _column(pa, name, whole[name])
    return _table(pa, columns)


def _along(values: NDArray[Any], axis: int, n_axes: int) -> NDArray[Any]:
    return values.reshape([-1 if a == axis else 1 for a in range(n_axes)])


def _column(pa: Any, name: str, values: NDArray[Any]) -> Any:
    """A variable: its codes become words, nan stays nan."""
    if codes := VARIABLES[name].codes:
        return _word(pa, values, [code.word or "none" for code in codes])
    return pa.array(values)


def _word(pa: Any, codes: NDArray[Any], words: list[str]) -> Any:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(words))


def _table(pa: Any, columns: dict[str, Any]) -> Any:
    """A table whose variables carry their unit and sentence."""
    fields = []
    for name, column in columns.items():
        about = VARIABLES.get(name)
        metadata = {"unit": about.unit, "sentence": about.sentence} if about else None
        fields.append(pa.field(name, column.type, metadata=metadata))
    return pa.Table.from_arrays(list(columns.values()), schema=pa.schema(fields))
