"""Parquet: the tidy tables of a run, a file each."""

from __future__ import annotations

from pathlib import Path

from kalkan.files import whole
from kalkan.results.assemble import Results
from kalkan.results.tables import tables


def write(results: Results, folder: Path) -> None:
    """Write every table of a run into a folder, all variants in each."""
    import pyarrow.parquet as pq

    for name, table in tables(results):
        with whole(folder / f"{name}.parquet") as file:
            pq.write_table(table, file, compression="zstd")
