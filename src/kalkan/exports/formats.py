"""The formats that a run can be exported to: what each is called, holds and is written by."""

from __future__ import annotations

from dataclasses import dataclass

from kalkan.errors import Problem, did_you_mean, nearest_of


@dataclass(frozen=True)
class Format:
    """One format.

    Attributes
    ----------
    suffix : str
        Of the file, if the user names none.
    others : tuple of str
        Further suffixes that the format knows.
    kind : str
        ``story`` (one replication), ``stream`` (one replication, also live) or ``tables`` (whole run).
    sentence : str
        For help and documentation.
    """

    suffix: str
    others: tuple[str, ...]
    kind: str
    sentence: str


FORMATS: dict[str, Format] = {
    "tacview": Format(".acmi", (), "story", "Tacview ACMI 2.2 text"),
    "czml": Format(".czml", (), "story", "CZML for Cesium"),
    "kml": Format(".kml", (".kmz",), "story", "OGC KML 2.2 with Google's gx:Track, or KMZ"),
    "geojson": Format(".geojson", (), "story", "GeoJSON (RFC 7946) for GIS programs"),
    "dis": Format(".dis", (".pcap",), "stream", "DIS 7 (IEEE 1278.1-2012) PDUs one behind the other, or pcap"),
    "asterix": Format(
        ".ast", (".pcap",), "stream", "ASTERIX CAT048 plots and CAT062 tracks, marked simulated; or pcap"
    ),
    "parquet": Format("", (), "tables", "a folder of Parquet tables, one for each kind of entity"),
    "csv": Format("", (), "tables", "a folder of CSV tables, one for each kind of entity, and one of their columns"),
    "netcdf": Format(".nc", (), "tables", "NetCDF-4, one group for each variant"),
}


def problem_of_format(name: str) -> Problem | None:
    """What is wrong with the name of a format, if anything."""
    if name in FORMATS:
        return None
    hint = did_you_mean(nearest_of(name, FORMATS))
    return Problem("--to", f'= "{name}" is not a format; there are {", ".join(FORMATS)}{hint}')
