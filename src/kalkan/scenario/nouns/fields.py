"""The kinds of values that a scenario is written in, each with its own words for what is wrong.

Every kind is a pydantic type that reads what TOML gives, turns it into SI, and describes
itself in the JSON Schema. No message here is pydantic's.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict
from pydantic_core import PydanticCustomError

from kalkan.scenario.nouns.places import nearest
from kalkan.scenario.nouns.quantities import Bounds, Reads, quantity_schema, read_quantity, wrong

NAME_PATTERN = r"^[A-Za-z0-9 _-]+$"
LONGEST_NAME = 60
MAX_MACH = 5.0
MAX_SPEED_M_S = 1700.0
MAX_ALTITUDE_M = 30_000.0
MIN_ALTITUDE_M = -500.0


class Noun(BaseModel):
    """Base of every table of a scenario: strict, frozen, no unknown keys."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


def whole(low: int, high: int) -> Reads:
    """A whole number between two bounds, both allowed."""

    def read(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise wrong(f"must be a whole number between {low} and {high}")
        if not low <= value <= high:
            raise wrong(f"must be between {low} and {high}")
        return value

    return Reads(read, {"type": "integer", "minimum": low, "maximum": high})


def number(low: float, high: float, *, above_low: bool = False) -> Reads:
    """A plain finite number between two bounds."""
    told = f"must be between {low:g} and {high:g}"
    if above_low:
        told = f"must be greater than {low:g} and at most {high:g}"

    def read(value: Any) -> float:
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise wrong("must be a number without quotes")
        if isinstance(value, float) and not math.isfinite(value):
            raise wrong("is not a finite number")
        if not low <= value <= high or (above_low and value == low):
            raise wrong(told)
        return float(value)

    least = "exclusiveMinimum" if above_low else "minimum"
    return Reads(read, {"type": "number", least: low, "maximum": high})


def choice(*words: str) -> Reads:
    """One of a few words."""
    listed = ", ".join(f'"{w}"' for w in words)

    def read(value: Any) -> str:
        if not isinstance(value, str) or value not in words:
            near = nearest(value, words, show_all=0) if isinstance(value, str) else ""
            raise wrong(f"must be one of {listed}{near}")
        return value

    return Reads(read, {"type": "string", "enum": list(words)})


def _read_name(value: Any) -> str:
    if not isinstance(value, str):
        raise wrong("must be text in quotes")
    told = name_fault(value)
    if told:
        raise wrong(told)
    return value


def name_fault(value: str) -> str:
    """What is wrong with a name, or ``""``."""
    if not value.strip():
        return "must not be empty"
    if len(value) > LONGEST_NAME:
        return f"is longer than {LONGEST_NAME} characters"
    if not re.fullmatch(NAME_PATTERN[1:-1], value):
        return "may hold only letters A-Z, digits, spaces, _ and -"
    return ""


def read_position(value: Any) -> tuple[float, float]:
    """``[latitude, longitude]`` in degrees, or the sentence for what is wrong with it."""
    numbers = isinstance(value, list | tuple) and len(value) == 2
    if not numbers or not all(isinstance(v, int | float) and not isinstance(v, bool) for v in value):
        raise wrong("must be [latitude, longitude] in degrees, such as [36.5, 33.2]")
    lat, lon = value
    if any(isinstance(v, float) and not math.isfinite(v) for v in value):
        raise wrong("is not a pair of finite numbers")
    if abs(lat) > 90:
        swapped = " — are latitude and longitude swapped?" if abs(lon) <= 90 and abs(lat) <= 180 else ""
        raise wrong(f"has a latitude outside -90 to 90{swapped}")
    if abs(lon) > 180:
        raise wrong("has a longitude outside -180 to 180")
    return float(lat), float(lon)


@dataclass(frozen=True, slots=True)
class Altitude:
    """Height of a waypoint.

    Attributes
    ----------
    metres : float
        Height [m].
    above : str
        ``"ground"`` (AGL) or ``"sea"`` (MSL).
    """

    metres: float
    above: str


@dataclass(frozen=True, slots=True)
class Speed:
    """Speed over ground as written: exactly one of the two is set.

    Attributes
    ----------
    metres_per_second : float or None
        [m/s]
    mach : float or None
        Mach number; needs the altitude to become a speed.
    """

    metres_per_second: float | None = None
    mach: float | None = None


_LENGTH_ABOVE = Bounds(("length",), '"60 m AGL" or "9 km MSL"', low=MIN_ALTITUDE_M)
_SPEED = Bounds(("speed", "mach"), '"240 m/s" or "0.7 Mach"', above_low=True)


def read_altitude(value: Any) -> Altitude:
    """A height with its reference, such as ``"60 m AGL"``, or the sentence for what is wrong with it."""
    if not isinstance(value, str):
        raise wrong('must be a height and its reference, such as "60 m AGL" or "9 km MSL"')
    words = value.rsplit(maxsplit=1)
    reference = words[-1] if words else ""
    if len(words) < 2 or reference not in ("AGL", "MSL"):
        return _no_reference(value, reference)
    metres, _ = read_quantity(words[0], _LENGTH_ABOVE)
    if reference == "AGL" and metres < 0:
        raise wrong("must not be negative above ground")
    if metres > MAX_ALTITUDE_M:
        raise wrong("must be at most 30 km")
    return Altitude(metres, "ground" if reference == "AGL" else "sea")


def _no_reference(value: str, last: str) -> Altitude:
    """Raise the sentence for an altitude that does not end in AGL or MSL."""
    if last.upper() in ("AGL", "MSL"):
        raise wrong(f"must end in {last.upper()} in capital letters")
    try:
        read_quantity(value, _LENGTH_ABOVE)
    except PydanticCustomError:
        raise wrong('must be a height and its reference, such as "60 m AGL" or "9 km MSL"') from None
    height = value.strip()
    raise wrong(f'needs "{height} AGL" (above ground) or "{height} MSL" (above sea level)')


def _read_speed(value: Any) -> Speed:
    result, dimension = read_quantity(value, _SPEED)
    if result > (MAX_MACH if dimension == "mach" else MAX_SPEED_M_S):
        raise wrong("is faster than Mach 5 (1700 m/s), beyond any air vehicle modelled here")
    return Speed(mach=result) if dimension == "mach" else Speed(metres_per_second=result)


_POSITION_SCHEMA = {
    "type": "array",
    "prefixItems": [
        {"type": "number", "minimum": -90, "maximum": 90, "description": "latitude [deg]"},
        {"type": "number", "minimum": -180, "maximum": 180, "description": "longitude [deg]"},
    ],
    "items": False,
    "minItems": 2,
    "examples": [[36.5, 33.2]],
}
_NAME_SCHEMA = {"type": "string", "pattern": NAME_PATTERN, "minLength": 1, "maxLength": LONGEST_NAME}

Name = Annotated[str, Reads(_read_name, _NAME_SCHEMA)]
Position = Annotated[tuple[float, float], Reads(read_position, _POSITION_SCHEMA)]
AltitudeText = Annotated[Altitude, Reads(read_altitude, quantity_schema(_LENGTH_ABOVE, r"\s+(AGL|MSL)"))]
SpeedText = Annotated[Speed, Reads(_read_speed, quantity_schema(_SPEED))]
