"""Radars of a table of plots: what each measures, how well, where it stands."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from kalkan.arrays import F8, Struct
from kalkan.earth.frames import Frame, between, frame
from kalkan.errors import Problem, did_you_mean, nearest_of
from kalkan.tracking.driving import SENSORS
from kalkan.tracking.tables import FEWEST_FALSE

ROTATIONS = {"clockwise": 1.0, "counter-clockwise": -1.0, "none": 0.0}


@dataclass(frozen=True, kw_only=True)
class Sensor:
    """One radar. Angles are compass azimuth (clockwise from north) and elevation above its horizontal.

    Attributes
    ----------
    name : str
        As in the plots' column ``radar``.
    scan_period_s : float
        From one look at an object to the next [s].
    range_sigma_m, azimuth_sigma_deg, elevation_sigma_deg : float
        1-sigma errors [m, deg].
    range_rate_sigma_m_s : float, optional
        1-sigma error of the range rate [m/s]; None: it measures none.
    position_m : tuple of float
        Antenna: east, north, up in the common local frame [m]; flat earth.
    lat_deg, lon_deg, altitude_m : float, optional
        Antenna on the earth (WGS 84), in place of `position_m`; of all radars, or of none. The common frame is that of
        the first radar.
    range_min_m, range_max_m, elevation_min_deg, elevation_max_deg : float
        What it covers: where it has missed a track.
    range_bias_m, azimuth_bias_deg, elevation_bias_deg : float
        Known errors of registration, taken off its plots [m, deg].
    false_plots_per_scan : float
        Mean, over all that it covers; for ``initiation="score"``.
    rotation : str, optional
        ``"clockwise"``, ``"counter-clockwise"``, or ``"none"``: plots of a turn come in no order. None: its plots tell.
    """

    name: str
    scan_period_s: float
    range_sigma_m: float
    azimuth_sigma_deg: float
    elevation_sigma_deg: float
    range_rate_sigma_m_s: float | None = None
    position_m: tuple[float, float, float] = (0.0, 0.0, 0.0)
    lat_deg: float | None = None
    lon_deg: float | None = None
    altitude_m: float = 0.0
    range_min_m: float = 0.0
    range_max_m: float = 1e6
    elevation_min_deg: float = -90.0
    elevation_max_deg: float = 90.0
    range_bias_m: float = 0.0
    azimuth_bias_deg: float = 0.0
    elevation_bias_deg: float = 0.0
    false_plots_per_scan: float = 10.0
    rotation: str | None = None

    @property
    def on_earth(self) -> bool:
        """Whether it has a place on the earth."""
        return self.lat_deg is not None and self.lon_deg is not None


def given(sensors: Iterable[Sensor | Mapping[str, Any]], problems: list[Problem]) -> list[Sensor]:
    """The radars as `Sensor`; whatever is wrong with them goes to `problems`."""
    found = [_one(i, s, problems) for i, s in enumerate([sensors] if isinstance(sensors, Sensor) else sensors)]
    known = [s for s in found if s is not None]
    if not found:
        problems.append(Problem("sensors", "there is none; a table of plots needs at least one radar"))
    for s in known:
        problems.extend(_problems_of(s))
    names = [s.name for s in known]
    for name in sorted({n for n in names if names.count(n) > 1}):
        problems.append(Problem(f'sensors · "{name}"', f"is there {names.count(name)} times; names must differ"))
    if len({s.on_earth for s in known}) > 1:
        without = ", ".join(f'"{s.name}"' for s in known if not s.on_earth)
        problems.append(Problem("sensors", f"some have lat_deg and lon_deg; {without} not: give all, or none"))
    return known


def _one(i: int, sensor: Any, problems: list[Problem]) -> Sensor | None:
    if isinstance(sensor, Sensor):
        return sensor
    known = {f.name: f for f in fields(Sensor)}
    if not isinstance(sensor, Mapping):
        message = f"is {type(sensor).__name__}; give kalkan.tracking.Sensor, or a dict of its fields"
        problems.append(Problem(f"sensors[{i}]", message))
        return None
    strange = [k for k in sensor if k not in known]
    missing = [n for n in ("name", *_ABOVE_ZERO) if n not in sensor]
    for key in strange:
        hint = did_you_mean(nearest_of(str(key), known))
        problems.append(Problem(f"sensors[{i}] · {key}", f"is no field of a radar{hint}"))
    for name in missing:
        problems.append(Problem(f"sensors[{i}] · {name}", "is missing"))
    return None if strange or missing else Sensor(**sensor)


_ABOVE_ZERO = ("scan_period_s", "range_sigma_m", "azimuth_sigma_deg", "elevation_sigma_deg")
_FINITE = ("range_bias_m", "azimuth_bias_deg", "elevation_bias_deg", "altitude_m")


def _problems_of(s: Sensor) -> Iterator[Problem]:
    where = f'sensors · "{s.name}"'
    for name in _ABOVE_ZERO:
        if not _number(getattr(s, name)) or getattr(s, name) <= 0.0:
            yield Problem(f"{where} · {name}", f"= {getattr(s, name)!r} must be a number above 0")
    for name in _FINITE:
        if not _number(getattr(s, name)):
            yield Problem(f"{where} · {name}", f"= {getattr(s, name)!r} must be a number")
    rate = s.range_rate_sigma_m_s
    if rate is not None and (not _number(rate) or rate <= 0.0):
        yield Problem(f"{where} · range_rate_sigma_m_s", f"= {rate!r} must be above 0, or None: it measures none")
    if not (_number(s.range_min_m) and _number(s.range_max_m) and 0.0 <= s.range_min_m < s.range_max_m):
        yield Problem(f"{where} · range_max_m", f"from {s.range_min_m!r} to {s.range_max_m!r} m is no range")
    low, high = s.elevation_min_deg, s.elevation_max_deg
    if not (_number(low) and _number(high) and -90.0 <= low < high <= 90.0):
        yield Problem(f"{where} · elevation_max_deg", f"from {low!r} to {high!r} degrees is no span of elevations")
    if not _number(s.false_plots_per_scan) or s.false_plots_per_scan < 0.0:
        yield Problem(f"{where} · false_plots_per_scan", f"= {s.false_plots_per_scan!r} must be 0 or more")
    if s.rotation is not None and s.rotation not in ROTATIONS:
        hint = did_you_mean(nearest_of(str(s.rotation), ROTATIONS))
        yield Problem(f"{where} · rotation", f"= {s.rotation!r} is none of {', '.join(map(repr, ROTATIONS))}{hint}")
    if (s.lat_deg is None) != (s.lon_deg is None):
        yield Problem(f"{where} · lat_deg", "needs lon_deg beside it, and the other way round")
    elif s.on_earth and not (_within(s.lat_deg, 90.0) and _within(s.lon_deg, 180.0)):
        yield Problem(f"{where} · lat_deg", f"{s.lat_deg!r}, {s.lon_deg!r} is no place on the earth [deg]")
    if len(s.position_m) != 3 or not all(map(_number, s.position_m)):
        yield Problem(f"{where} · position_m", f"= {s.position_m!r} must be east, north, up [m]")


def _number(value: Any) -> bool:
    sound = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
    return sound and math.isfinite(value)


def _within(value: Any, most: float) -> bool:
    return _number(value) and abs(value) <= most


def table(sensors: Sequence[Sensor]) -> Struct:
    """The radars as the compiled tracker takes them; which way they turn is still open."""
    out = np.zeros(len(sensors), SENSORS)
    origin = _frame(sensors[0]) if sensors[0].on_earth else None
    for i, s in enumerate(sensors):
        rotation, offset = between(_frame(s), origin) if origin else (np.eye(3), np.array(s.position_m, float))
        out["to_picture"][i], out["offset_m"][i] = rotation, offset
    for name in ("scan_period_s", "range_sigma_m", "range_min_m", "range_max_m"):
        out[name] = [getattr(s, name) for s in sensors]
    out["sector_rad"] = 2.0 * math.pi
    out["azimuth_sigma_rad"] = np.radians([s.azimuth_sigma_deg for s in sensors])
    out["elevation_sigma_rad"] = np.radians([s.elevation_sigma_deg for s in sensors])
    out["rate_sigma_m_s"] = [math.inf if s.range_rate_sigma_m_s is None else s.range_rate_sigma_m_s for s in sensors]
    out["sin_elevation_min"] = np.sin(np.radians([s.elevation_min_deg for s in sensors]))
    out["sin_elevation_max"] = np.sin(np.radians([s.elevation_max_deg for s in sensors]))
    return out


def _frame(s: Sensor) -> Frame:
    return frame(float(s.lat_deg or 0.0), float(s.lon_deg or 0.0), s.altitude_m)


def log_false(sensors: Sequence[Sensor]) -> F8:
    """Ln of the density of each radar's false plots over range, azimuth and elevation [1/(m rad2)]."""
    density = [
        max(s.false_plots_per_scan, FEWEST_FALSE) / (2.0 * math.pi * (s.range_max_m - s.range_min_m))
        / math.radians(s.elevation_max_deg - s.elevation_min_deg)
        for s in sensors
    ]  # fmt: skip
    return np.log(np.array(density))
