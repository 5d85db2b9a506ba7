"""Recorded tracks: a file's rows as the flights that they are of, in SI, with a summary of what was dropped and why."""

from __future__ import annotations

import functools
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kalkan.scenario.recorded import columns as c
from kalkan.scenario.recorded.cleaning import F8, FASTEST_M_S, FlownPoints, clean
from kalkan.scenario.recorded.instants import Instants, instants_of
from kalkan.scenario.recorded.table import TrackFile, TracksError, read_table, rows_of
from kalkan.scenario.recorded.units import Options, faults, in_si, require_places

KEPT_FILES = 4


class RecordedTrack(NamedTuple):
    """One flight.

    Attributes
    ----------
    name : str
        Callsign, else the address or id; a number behind it where there are several of one name.
    points : FlownPoints
        Of which `t_s` is Unix time, or time since the file's own start.
    """

    name: str
    points: FlownPoints


class RecordedTracks(NamedTuple):
    """What a file holds.

    Attributes
    ----------
    tracks : tuple of RecordedTrack
        By name.
    begins_s, ends_s : float
        First and last time of all tracks, as `FlownPoints.t_s`.
    told : tuple of str
        What was read, how it was understood, and what was dropped, one sentence each.
    own_start : bool
        Whether times count from a start of the file's own.
    """

    tracks: tuple[RecordedTrack, ...]
    begins_s: float
    ends_s: float
    told: tuple[str, ...]
    own_start: bool


def read_tracks(path: Path, options: Options) -> RecordedTracks:
    """Read and clean a file; one that has not changed is read once.

    Raises
    ------
    TracksError
        It cannot be read, lacks a column, holds nothing that flies, or is in other units than it is said to be.
    """
    try:
        about = path.stat()
    except (OSError, ValueError):
        raise TracksError("does not exist") from None
    return _read(path, about.st_mtime_ns, about.st_size, tuple(options))


@functools.lru_cache(KEPT_FILES)
def _read(path: Path, mtime_ns: int, size: int, asked: tuple[str | float | None, ...]) -> RecordedTracks:
    options = Options(*asked)  # type: ignore[arg-type]
    table = read_table(path)
    instants = instants_of(table, c.TIME, options.time_unit, options.utc_offset_s or 0.0)
    dropped = Counter({"rows with another number of cells": table.odd_rows})
    points, keep = _points(table, instants, options, dropped)
    tracks = _tracks(table, points, keep, options.longest_gap_s, dropped)
    if not tracks:
        why = _dropped(dropped) or "its rows fit no track"
        raise TracksError(f"holds no track of an aircraft in flight; {why}{_remedy(table, dropped)}")
    if told := [*faults(table, points.altitude_m[keep], [t.points for t in tracks], options)]:
        raise TracksError(*told)
    begins, ends = min(t.points.t_s[0] for t in tracks), max(t.points.t_s[-1] for t in tracks)
    summary = (_summary(table, tracks, dropped), *_understood(table, instants, options))
    return RecordedTracks(tuple(tracks), float(begins), float(ends), summary, instants.own_start)


def _remedy(table: TrackFile, dropped: Counter[str]) -> str:
    """What to do where one reason took nearly all rows."""
    most, n = max(dropped.items(), key=lambda d: d[1])
    if n < 0.9 * table.size:
        return ""
    return {
        TIMELESS: ': write times as seconds, or with a date such as "2026-05-01T12:00:00Z"',
        GLITCHES: f": from row to row they move faster than {FASTEST_M_S:g} m/s — are times in seconds?",
    }.get(most, "")


def _points(
    table: TrackFile, instants: Instants, options: Options, dropped: Counter[str]
) -> tuple[FlownPoints, NDArray[np.bool_]]:
    """Every row as a point in SI, and which of them are to be used."""
    t_s = _times_of_positions(table, instants, options)
    lat, lon = table.number(c.LAT), table.number(c.LON)
    altitude = in_si(table, c.GEOMETRIC, options.altitude_unit, "m")
    other = in_si(table, c.BAROMETRIC, options.altitude_unit, "m")
    altitude = np.where(np.isfinite(altitude), altitude, other)
    speed = in_si(table, c.SPEED, options.speed_unit, "m/s")
    with np.errstate(invalid="ignore"):
        nowhere = ~(np.abs(lat) <= 90.0) | ~(np.abs(lon) <= 180.0) | ((lat == 0.0) & (lon == 0.0))
    require_places(lat, lon)
    keep = np.ones(t_s.size, bool)
    for why, bad in (
        (TIMELESS, ~np.isfinite(t_s)),
        ("rows without a position", nowhere),
        ("rows on the ground", _on_ground(table, t_s)),
    ):
        dropped[why] += int((keep & bad).sum())
        keep &= ~bad
    points = FlownPoints(t_s, lat, lon, altitude, speed, np.radians(table.number(c.HEADING)))
    return points, keep


def _on_ground(table: TrackFile, t_s: F8) -> NDArray[np.bool_]:
    """Rows that say so, and single ones between them that deny it: those are wrong, as their altitudes are."""
    says, told_apart = table.holds(c.GROUND), _told_apart(table)
    grounded = says.copy()
    for _, rows in rows_of(told_apart) if says.any() else ():
        rows = rows[np.argsort(t_s[rows], kind="stable")]
        there = says[rows]
        grounded[rows[1:-1]] |= there[:-2] & there[2:]
    return grounded


def _told_apart(table: TrackFile) -> NDArray[np.object_]:
    """What tells aircraft apart: their addresses or ids, else their callsigns; one of the two is there."""
    ids = table.text(c.ID)
    return np.asarray(table.text(c.CALLSIGN) if ids is None else ids, object)


def _times_of_positions(table: TrackFile, instants: Instants, options: Options) -> F8:
    """When each position was true [s]: where a network tells that, no later than the row, else the row's own time."""
    if c.SEEN not in table.columns or instants.own_start:
        return instants.t_s
    seen = instants_of(table, c.SEEN, None, options.utc_offset_s or 0.0).t_s
    with np.errstate(invalid="ignore"):
        return np.where((seen <= instants.t_s) & (instants.t_s - seen < options.longest_gap_s), seen, instants.t_s)


def _tracks(
    table: TrackFile, points: FlownPoints, keep: NDArray[np.bool_], longest_gap_s: float, dropped: Counter[str]
) -> list[RecordedTrack]:
    """Every aircraft's tracks, named and sorted."""
    told_apart, callsigns = _told_apart(table), table.text(c.CALLSIGN)
    dropped["rows without an id"] += int((keep & (told_apart == "")).sum())
    rows = np.flatnonzero(keep & (told_apart != ""))
    found: list[tuple[str, FlownPoints]] = []
    for word, of in rows_of(told_apart[rows]):
        mine = rows[of]
        cleaned = clean(points.at(mine), longest_gap_s)
        dropped["repeats"] += cleaned.repeats
        dropped[GLITCHES] += cleaned.glitches
        dropped["points in fragments shorter than a minute, or without any altitude"] += cleaned.fragments
        dropped[ALTITUDES] += cleaned.wrong_altitudes
        dropped[DIVIDED] += cleaned.divided
        found += [(_called(word, callsigns, mine, points.t_s, track), track) for track in cleaned.tracks]
    return _named(found)


ALTITUDES, DIVIDED = "wrong altitudes", "divided at gaps"
TIMELESS, GLITCHES = "rows without a time", "glitches of position"


def _called(
    word: str, callsigns: NDArray[np.object_] | None, rows: NDArray[np.int64], t_s: F8, track: FlownPoints
) -> str:
    """The callsign that most rows of a track have, else its id; letters and digits only."""
    if callsigns is not None:
        during = rows[(t_s[rows] >= track.t_s[0]) & (t_s[rows] <= track.t_s[-1])]
        common = Counter(w for w in callsigns[during].tolist() if w).most_common(1)
        word = common[0][0] if common else word
    return "".join(ch for ch in word if ch.isalnum() or ch == "-") or "unnamed"


def _named(found: list[tuple[str, FlownPoints]]) -> list[RecordedTrack]:
    """Tracks in order of name and time, each with a name of its own."""
    seen: Counter[str] = Counter()
    tracks = []
    for name, points in sorted(found, key=lambda each: (each[0], each[1].t_s[0], each[1].lat_deg[0])):
        seen[name] += 1
        tracks.append(RecordedTrack(name if seen[name] == 1 else f"{name}/{seen[name]}", points))
    return tracks


def _summary(table: TrackFile, tracks: list[RecordedTrack], dropped: Counter[str]) -> str:
    minutes = (max(t.points.t_s[-1] for t in tracks) - min(t.points.t_s[0] for t in tracks)) / 60.0
    text = f"{table.size:,} rows, {len(tracks):,} tracks over {minutes:,.0f} min"
    text += f", {dropped[DIVIDED]:,} of them parts of an aircraft's track divided at gaps" if dropped[DIVIDED] else ""
    altered = f"; {dropped[ALTITUDES]:,} wrong altitudes replaced from beside" if dropped[ALTITUDES] else ""
    return f"{text}; dropped: {_dropped(dropped) or 'nothing'}{altered}"


def _dropped(dropped: Counter[str]) -> str:
    return ", ".join(f"{n:,} {why}" for why, n in dropped.items() if n and why not in (ALTITUDES, DIVIDED))


def _understood(table: TrackFile, instants: Instants, options: Options) -> list[str]:
    """How a file was understood where it does not say so itself."""
    told = []
    if instants.zoneless and options.utc_offset_s is None:
        told.append("its times have no zone and are taken as UTC; utc_offset says otherwise")
    if instants.own_start:
        told.append("its times count from a start of its own")
    for meaning, unit, key in (
        (c.GEOMETRIC if c.GEOMETRIC in table.columns else c.BAROMETRIC, options.altitude_unit, "altitude_unit"),
        (c.SPEED, options.speed_unit, "speed_unit"),
    ):
        if meaning in table.columns and unit is None and not table.columns[meaning].unit:
            column, usual = table.columns[meaning].name, "m" if key == "altitude_unit" else "m/s"
            typical = float(np.nanmedian(table.number(meaning)))
            told.append(f'column "{column}" is taken in {usual}, typically {typical:,.4g}; {key} says otherwise')
    return told
