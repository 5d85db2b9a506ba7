"""Quantities with units: "40 km", "5 min", "0.2 deg" → SI, once, at the door.

Inside kalkan every number is in SI (metres, seconds, radians, kilograms, square metres) and
its name carries the unit (``scan_period_s``). Mach numbers depend on altitude and stay a
``mach`` dimension here; ``compile`` converts them with the standard atmosphere. Rain rates stay in
mm/h and gradients of refractivity in N/km, the units in which the field's formulas are written.
A year has 365.25 days and a month is a twelfth of it.
"""

from __future__ import annotations

import math

from kalkan.money import DATED, DOLLARS

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
    "days": ("time", 86_400.0),
    "months": ("time", 86_400.0 * 365.25 / 12.0),
    "years": ("time", 86_400.0 * 365.25),
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
    "kg/m2": ("areal density", 1.0),
    "GHz": ("frequency", 1e9),
    "MHz": ("frequency", 1e6),
    "kHz": ("frequency", 1e3),
    "Hz": ("frequency", 1.0),
    "kW": ("power", 1e3),
    "MW": ("power", 1e6),
    "W": ("power", 1.0),
    "N/km": ("refractivity gradient", 1.0),
    **{unit: ("money", dollars) for unit, dollars in (DOLLARS | DATED).items()},
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
    "areal density": "kg/m2",
    "frequency": "Hz",
    "power": "W",
    "refractivity gradient": "N/km",
    "money": "USD",
    "ratio_db": "dB",
    "fraction": "1",
    "number": "1",
}
# unit -> other spellings that mean it and nothing else; case and a full stop behind them do not count
SPELLINGS: dict[str, tuple[str, ...]] = {
    "m": ("metre", "metres", "meter", "meters", "mtr"),
    "km": ("kilometre", "kilometres", "kilometer", "kilometers", "kms"),
    "ft": ("foot", "feet"),
    "NM": ("nmi", "nautical mile", "nautical miles"),
    "mi": ("statute mile", "statute miles"),
    "s": ("sec", "secs", "second", "seconds"),
    "ms": ("msec", "millisecond", "milliseconds"),
    "min": ("mins", "minute", "minutes"),
    "h": ("hr", "hrs", "hour", "hours"),
    "days": ("d", "day"),
    "months": ("month",),
    "years": ("yr", "yrs", "year"),
    "m/s": ("mps", "m/sec", "metres per second", "meters per second"),
    "km/h": ("kph", "kmh", "kmph", "km/hr", "kilometres per hour", "kilometers per hour"),
    "kt": ("kts", "kn", "knot", "knots"),
    "mph": ("mi/h", "miles per hour"),
    "Mach": ("Ma",),
    "rad": ("radian", "radians"),
    "mrad": ("milliradian", "milliradians"),
    "deg": ("°", "º", "degree", "degrees"),
    "deg/s": ("°/s", "deg/sec", "degrees per second"),
    "m2": ("sq m", "sqm", "m**2", "square metre", "square metres", "square meter", "square meters"),
    "km2": ("km²", "km^2", "sq km", "square kilometres", "square kilometers"),
    "kg": ("kgs", "kilogram", "kilograms"),
    "t": ("tonne", "tonnes"),
    "m/s2": ("m/s²", "m/s^2"),
    "mm/h": ("mm/hr",),
    "%": ("percent", "per cent", "pct"),
}
# spelling -> what it may mean: (unit, factor to it, whose)
AMBIGUOUS: dict[str, tuple[tuple[str, float, str], ...]] = {
    **dict.fromkeys(("mile", "miles"), (("mi", 1.0, "statute"), ("NM", 1.0, "nautical"))),
    **dict.fromkeys(("mil", "mils"), (("deg", 360 / 6400, "6400 a circle"), ("deg", 360 / 6000, "6000 a circle"))),
    **dict.fromkeys(("ton", "tons"), (("t", 1.0, "metric"), ("t", 0.90718474, "short"))),
}
_CASE_COUNTS = ("m", "s", "h", "t", "g", "ms", "MHz", "")  # in another case it may be another unit
_SPELT = {
    **{unit.casefold(): unit for unit in UNITS if unit not in _CASE_COUNTS},
    **{text.casefold(): unit for unit, texts in SPELLINGS.items() for text in texts},
}


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


def unit_named(text: str) -> str | None:
    """The unit (a key of :data:`UNITS`) that a spelling means, or None; nothing is guessed."""
    if text in UNITS:
        return text
    return _SPELT.get(" ".join(text.casefold().removesuffix(".").split()))


def printed(unit: str) -> str:
    """A unit as it is printed, with raised figures: ``m²`` for ``m2``."""
    return unit.replace("^", "").replace("m2", "m²").replace("m3", "m³").replace("s2", "s²")


def units_of(dimension: str) -> list[str]:
    """Unit names that a dimension may be written in, the most usual first; money may also be of a year."""
    return [u for u, (d, _) in UNITS.items() if d == dimension and u and u not in DATED]


def spellings_of(dimension: str) -> list[str]:
    """Every spelling of the units of a dimension, in small letters but for the units' own names."""
    return [text for unit in units_of(dimension) for text in (unit, *SPELLINGS.get(unit, ()))]
