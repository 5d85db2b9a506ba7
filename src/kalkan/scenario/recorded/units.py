"""Units of a file of recorded tracks: those that it says, or that its columns' names do, and whether they can be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from kalkan.scenario.recorded import columns as c
from kalkan.scenario.recorded.cleaning import F8, FlownPoints, distance_m
from kalkan.scenario.recorded.table import TrackFile, TracksError
from kalkan.units import to_si

FLIGHT_LEVEL_M = 30.48
HIGHEST_M = 20_000.0  # altitudes above are feet that were taken for metres: no airliner flies there
FAST_M_S, LOWEST_M = 150.0, 1_000.0  # faster than 250 knots nobody flies so low: the limit below FL100 (ICAO Annex 11)
MANY = 0.01  # share of the altitudes that must be so
PAIRS = 20  # of points, from which on recorded speeds are held against those that positions tell
ALIKE = (0.7, 1.4)  # ratio of the two, if the unit is the one that is told


class Options(NamedTuple):
    """What a scenario says of a file; None: as the file tells."""

    altitude_unit: str | None = None
    speed_unit: str | None = None
    time_unit: str | None = None
    utc_offset_s: float | None = None
    longest_gap_s: float = 300.0


def in_si(table: TrackFile, meaning: str, unit: str | None, usual: str) -> F8:
    """A column in SI: in the unit that the scenario says, else its name, else the usual one."""
    return np.asarray(table.number(meaning) * _size_of(unit or _unit_in(table, meaning) or usual))


def _size_of(unit: str) -> float:
    """One of a unit, or one flight level, in SI."""
    return FLIGHT_LEVEL_M if unit == "FL" else to_si(1.0, unit)[0]


def _unit_in(table: TrackFile, meaning: str) -> str:
    """The unit that the name of a column tells, or ``""``."""
    return table.columns[meaning].unit if meaning in table.columns else ""


def require_places(lat: F8, lon: F8) -> None:
    """Positions are degrees, latitude first.

    Raises
    ------
    TracksError
        They are not.
    """
    with np.errstate(invalid="ignore"):
        outside = np.mean(np.abs(lat) > 90.0)
    if outside > MANY and np.nanmax(np.abs(lon)) <= 90.0:
        raise TracksError("has latitudes outside -90 to 90 — are latitude and longitude swapped?")
    if outside > 0.5:
        raise TracksError("has latitudes outside -90 to 90: positions must be in degrees")


def faults(table: TrackFile, altitude_m: F8, tracks: Sequence[FlownPoints], options: Options) -> Iterator[str]:
    """What tells that a file is in other units than it is said to be, one sentence each.

    Parameters
    ----------
    table : TrackFile
    altitude_m : float64 (n,)
        Of all rows that are used [m], as they are understood.
    tracks : sequence of FlownPoints
        What became of them.
    options : Options
    """
    yield from _of_altitudes(table, altitude_m, options)
    yield from _of_low_altitudes(tracks, table, options)
    yield from _of_speeds(tracks, table, options)


def _of_altitudes(table: TrackFile, altitude_m: F8, options: Options) -> Iterator[str]:
    """Whether altitudes can only be feet."""
    high = altitude_m[np.isfinite(altitude_m)]
    if high.size and np.mean(high > HIGHEST_M) > MANY:
        unit = _altitude_unit(table, options)
        top = np.quantile(high, 1.0 - MANY / 2.0) / _size_of(unit)
        remedy = 'write altitude_unit = "ft"' if unit == "m" else f'its altitudes are not in "{unit}"'
        yield f"has altitudes up to {top:,.0f} {unit}, where no airliner flies: feet? {remedy}"


def _of_low_altitudes(tracks: Sequence[FlownPoints], table: TrackFile, options: Options) -> Iterator[str]:
    """Whether altitudes are kilometres or flight levels: at cruising speed nothing is so low, and as these they fit."""
    low: list[float] = []
    for p in tracks:
        low += p.altitude_m[:-1][_flown_m_s(p) > FAST_M_S].tolist()
    if len(low) < PAIRS or (typical := float(np.median(low))) > LOWEST_M:
        return
    unit = _altitude_unit(table, options)
    number = typical / _size_of(unit)
    fits = [name for name in ("FL", "km") if LOWEST_M < number * _size_of(name) < HIGHEST_M]
    if fits:
        remedy = f'write altitude_unit = "{fits[0]}"'
        yield f"has altitudes of {number:,.3g} {unit} where aircraft fly faster than {FAST_M_S:g} m/s: {remedy}"


def _altitude_unit(table: TrackFile, options: Options) -> str:
    return options.altitude_unit or _unit_in(table, c.GEOMETRIC) or _unit_in(table, c.BAROMETRIC) or "m"


def _flown_m_s(p: FlownPoints) -> F8:
    """Speed [m/s] from each point to the next, as positions and times tell."""
    with np.errstate(invalid="ignore", divide="ignore"):
        away_m = distance_m(p.lat_deg[:-1], p.lon_deg[:-1], p.lat_deg[1:], p.lon_deg[1:])
        return np.asarray(away_m / np.diff(p.t_s))


def _of_speeds(tracks: Sequence[FlownPoints], table: TrackFile, options: Options) -> Iterator[str]:
    """Whether recorded speeds are not about those that positions and times tell."""
    unit = options.speed_unit or _unit_in(table, c.SPEED) or "m/s"
    ratios: list[float] = []
    for p in tracks:
        dt = np.diff(p.t_s)
        with np.errstate(invalid="ignore", divide="ignore"):
            flown = _flown_m_s(p)
            ratio = p.speed_m_s[:-1] / flown
        ratios += ratio[np.isfinite(ratio) & (flown > 30.0) & (dt < 60.0)].tolist()
    if len(ratios) < PAIRS or ALIKE[0] < (r := float(np.median(ratios))) < ALIKE[1]:
        return
    real = {name: r * to_si(1.0, name)[0] / to_si(1.0, unit)[0] for name in ("m/s", "kt", "km/h")}
    fits = [name for name, ratio in real.items() if ALIKE[0] < ratio < ALIKE[1]]
    remedy = f'write speed_unit = "{fits[0]}"' if fits else "leave that column out, and speeds follow from positions"
    yield f"has speeds that are {r:.2f} times what its positions tell, taken as {unit}: {remedy}"
