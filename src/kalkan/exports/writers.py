"""Which module writes a format; each is loaded when it is asked for, since most need a library of their own."""

from __future__ import annotations

from typing import Any


def writer_of(name: str) -> Any:
    """The module that writes a format of :data:`kalkan.exports.FORMATS`.

    A format of recordings has ``content(recording, start) -> bytes`` or ``packets(recording, start) -> iterator of
    (time [s], bytes)``; a format of whole runs has ``write(results, out)``. What it cannot hold it says in
    ``left_out(recording)``.
    """
    module: Any
    match name:
        case "tacview":
            from kalkan.exports import tacview as module
        case "czml":
            from kalkan.exports import czml as module
        case "kml":
            from kalkan.exports import kml as module
        case "geojson":
            from kalkan.exports import geojson as module
        case "dis":
            from kalkan.exports import dis as module
        case "asterix":
            from kalkan.exports import asterix as module
        case "parquet":
            from kalkan.exports import parquet as module
        case "csv":
            from kalkan.exports import csv as module
        case "netcdf":
            from kalkan.exports import netcdf as module
        case _:
            raise ValueError(f"no module writes {name}")
    return module
