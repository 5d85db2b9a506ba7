"""Quantities with units: "40 km", "5 min", "0.2 deg" → SI, once, at the door.

Inside kalkan every number is in SI (metres, seconds, radians, kilograms, square metres) and
its name carries the unit (``scan_period_s``). Mach numbers depend on altitude and stay a
``mach`` dimension here; ``compile`` converts them with the standard atmosphere. Rain rates stay in
mm/h, the unit in which the field's formulas are written.
"""

from __future__ import annotations

import math
import re

# unit -> (dimension, factor to SI)
UNITS: dict[str, tuple[str, float]] = {
    "m": ("length", 1.0),
    "km": ("length", 1e3),
    "ft": ("length", 0.3048),
    "nm": ("length", 1852.0),
    "NM": ("length", 1852.0),
    "mi": ("length", 1609.344),
    "s": ("time", 1.0),
    "ms": ("time", 1e-3),
    "min": ("time", 60.0),
    "h": ("time", 3600.0),
    "m/s": ("speed", 1.0),
    "km/s": ("speed", 1e3),
    "km/h": ("speed", 1 / 3.6),
    "kt": ("speed", 1852.0 / 3600.0),
    "mph": ("speed", 0.44704),
    "Mach": ("mach", 1.0),
    "rad": ("angle", 1.0),
    "mrad": ("angle", 1e-3),
    "deg": ("angle", math.pi / 180.0),
    "deg/s": ("angular rate", math.pi / 180.0),
    "rad/s": ("angular rate", 1.0),
    "m2": ("area", 1.0),
    "m^2": ("area", 1.0),
    "m²": ("area", 1.0),
    "km2": ("area", 1e6),
    "kg": ("mass", 1.0),
    "t": ("mass", 1e3),
    "g": ("acceleration", 9.80665),
    "m/s2": ("acceleration", 1.0),
    "mm/h": ("rain rate", 1.0),
    "g/m3": ("density", 1e-3),
    "g/m^3": ("density", 1e-3),
    "g/m³": ("density", 1e-3),
    "kg/m3": ("density", 1.0),
    "GHz": ("frequency", 1e9),
    "MHz": ("frequency", 1e6),
    "M USD": ("money", 1e6),
    "USD": ("money", 1.0),
    "dB": ("ratio_db", 1.0),
    "%": ("fraction", 0.01),
    "": ("number", 1.0),
    "fraction": ("fraction", 1.0),
    "count": ("number", 1.0),
}
# dimension -> the SI unit that numbers of this dimension carry inside kalkan
SI_UNIT: dict[str, str] = {
    "length": "m",
    "time": "s",
    "speed": "m/s",
    "mach": "Mach",
    "angle": "rad",
    "angular rate": "rad/s",
    "area": "m2",
    "mass": "kg",
    "acceleration": "m/s2",
    "rain rate": "mm/h",
    "density": "kg/m3",
    "frequency": "Hz",
    "money": "USD",
    "ratio_db": "dB",
    "fraction": "1",
    "number": "1",
}
_NUMBER = re.compile(r"^\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(.*?)\s*$")


def to_si(value: float, unit: str) -> tuple[float, str]:
    """Convert a value to SI.

    Parameters
    ----------
    value : float
        Value in `unit`.
    unit : str
        A key of :data:`UNITS`.

    Returns
    -------
    (float, str)
        The value in SI, and its dimension (a key of :data:`SI_UNIT`).

    Raises
    ------
    ValueError
        `unit` is not known.
    """
    try:
        dimension, factor = UNITS[unit]
    except KeyError:
        raise ValueError(f"unknown unit {unit!r}") from None
    return value * factor, dimension


def units_of(dimension: str) -> list[str]:
    """Unit names that a dimension may be written in, the most usual first."""
    return [u for u, (d, _) in UNITS.items() if d == dimension and u]


def split_quantity(text: str) -> tuple[float, str]:
    """Split ``"40 km"`` into ``(40.0, "km")``.

    Raises
    ------
    ValueError
        The text does not start with a number.
    """
    match = _NUMBER.match(text)
    if match is None:
        raise ValueError(f"{text!r} does not start with a number")
    return float(match.group(1)), match.group(2)
