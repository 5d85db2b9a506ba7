"""The kinds of values that a scenario is written in, each with its own words for what is wrong.

Every kind is a pydantic type that reads what TOML gives, turns it into SI, and describes
itself in the JSON Schema. No message here is pydantic's.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict
from pydantic_core import PydanticCustomError

from kalkan.errors import printable
from kalkan.scenario.nouns.places import nearest, quoted
from kalkan.scenario.nouns.positions import POSITION_SCHEMA, read_position
from kalkan.scenario.nouns.quantities import LONGEST_QUANTITY, Bounds, Reads, quantity_schema, read_quantity, wrong
from kalkan.scenario.nouns.spelling import flight_level_m, height_parts

NAME_MARKS = "_-.,#()&/+'’№°"
NAME_PATTERN = r"^[^\s\x00-\x1f\x7f!\"$%*:;<=>?@\[\\\]^`{|}~]([^\x00-\x1f\x7f!\"$%*:;<=>?@\[\\\]^`{|}~]*\S)?$"
"""What the JSON Schema says of names, in every dialect of expressions; :func:`name_fault` says the rest."""
LONGEST_NAME = 60
_DEVICES = frozenset({"CON", "PRN", "AUX", "NUL", *(f"{port}{i}" for port in ("COM", "LPT") for i in range(10))})
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


def choice(
    *words: str, elsewhere: Mapping[str, str] | None = None, also: Callable[[], Sequence[str]] = tuple
) -> Reads:
    """One of a few words, or of those that are `also` known when it is read.

    Of words that belong elsewhere, `elsewhere` says where.
    """

    def read(value: Any) -> str:
        known = (*words, *also())
        if not isinstance(value, str) or value not in known:
            near = nearest(value, known, show_all=0) if isinstance(value, str) else ""
            hint = f"; {elsewhere[value]}" if isinstance(value, str) and elsewhere and value in elsewhere else near
            raise wrong(f"must be one of {', '.join(quoted(w) for w in known)}{hint}")
        return value

    return Reads(read, {"type": "string", "enum": list(words)})


def _named(fault: Callable[[str], str]) -> Callable[[Any], str]:
    """A reader of names that have no fault."""

    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise wrong("must be text in quotes")
        if told := fault(value):
            raise wrong(told)
        return value

    return read


def name_fault(value: str) -> str:
    """What is wrong with a name, or ``""``: letters and digits of every script, spaces and a few marks."""
    if not value.strip():
        return "must not be empty"
    if len(value) > LONGEST_NAME:
        return f"is longer than {LONGEST_NAME} characters"
    if value != value.strip():
        return "must not begin or end with a space"
    strange = next((c for c in value if not _in_names(c)), "")
    if strange:
        shown = f'"{strange}"' if strange.isprintable() else f"the character U+{ord(strange):04X}"
        return f"may hold only letters, digits, spaces and {' '.join(NAME_MARKS)}, not {shown}"
    return "" if any(c.isalnum() for c in value) else "needs a letter or a digit"


def text_fault(value: str) -> str:
    """What is wrong with a text of the user's own, or ``""``: nothing in it may steer a terminal."""
    strange = next((c for c in value if c != printable(c)), "")
    return f"holds the control character U+{ord(strange):04X}" if strange else ""


def folder_name_fault(value: str) -> str:
    """What is wrong with the name of a variant, which is also the name of a folder on every system, or ``""``."""
    if told := name_fault(value):
        return told
    if "/" in value or value.endswith("."):
        return "may hold no / and no full stop at its end: it is the name of a folder too"
    if value.partition(".")[0].rstrip().upper() in _DEVICES or value == "zarr.json":
        return "is a word that systems keep for themselves, and it is the name of a folder too"
    return ""


def _in_names(c: str) -> bool:
    """Letters, their marks and joiners, numbers, the space and :data:`NAME_MARKS`."""
    return c == " " or c in NAME_MARKS or c in "\u200c\u200d" or unicodedata.category(c)[0] in "LMN"


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


_HEIGHT_WANTED = 'must be a height and its reference, such as "60 m AGL", "9 km MSL" or "FL310"'
_LENGTH_ABOVE = Bounds(("length",), '"60 m AGL" or "9 km MSL"', low=MIN_ALTITUDE_M, low_text="-500 m")
_SPEED = Bounds(("speed", "mach"), '"240 m/s" or "0.7 Mach"', above_low=True)


def read_altitude(value: Any) -> Altitude:
    """A height with its reference, such as ``"60 m AGL"``, or the sentence for what is wrong with it."""
    if not isinstance(value, str) or len(value) > LONGEST_QUANTITY:
        raise wrong(_HEIGHT_WANTED)
    level = flight_level_m(value)
    parts = ("", "sea") if level is not None else height_parts(value)
    if parts is None:
        raise wrong(_no_reference(value))
    metres = level if level is not None else read_quantity(parts[0], _LENGTH_ABOVE)[0]
    if parts[1] == "ground" and metres < 0:
        raise wrong("must not be negative above ground")
    if metres > MAX_ALTITUDE_M:
        raise wrong("must be at most 30 km")
    return Altitude(metres, parts[1])


def _no_reference(value: str) -> str:
    """What is wrong with an altitude that does not say what it is above."""
    try:
        read_quantity(value, _LENGTH_ABOVE)
    except PydanticCustomError:
        return _HEIGHT_WANTED
    height = value.strip()
    return f'needs "{height} AGL" (above ground) or "{height} MSL" (above sea level)'


def read_speed(value: Any) -> Speed:
    """A speed or a Mach number, such as ``"240 m/s"``, or the sentence for what is wrong with it."""
    result, dimension = read_quantity(value, _SPEED)
    if result > (MAX_MACH if dimension == "mach" else MAX_SPEED_M_S):
        raise wrong("is faster than Mach 5 (1700 m/s), beyond any air vehicle modelled here")
    return Speed(mach=result) if dimension == "mach" else Speed(metres_per_second=result)


_ABOVE_PATTERN = (
    r"\s+(AGL|agl|AMSL|amsl|ASL|asl|MSL|msl|above ground( level)?|above (mean )?sea level)|[fF][lL]\s*\d{2,3}(\s*MSL)?"
)
_NAME_SCHEMA = {"type": "string", "pattern": NAME_PATTERN, "minLength": 1, "maxLength": LONGEST_NAME}

Name = Annotated[str, Reads(_named(name_fault), _NAME_SCHEMA)]
Words = Annotated[str, Reads(_named(text_fault), {"type": "string"})]
FolderName = Annotated[str, Reads(_named(folder_name_fault), _NAME_SCHEMA)]
Position = Annotated[tuple[float, float], Reads(read_position, POSITION_SCHEMA)]
AltitudeText = Annotated[Altitude, Reads(read_altitude, quantity_schema(_LENGTH_ABOVE, _ABOVE_PATTERN))]
SpeedText = Annotated[Speed, Reads(read_speed, quantity_schema(_SPEED))]
