"""Quantities with units as a scenario writes them, with the words for whatever is wrong."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic_core import PydanticCustomError, core_schema

from kalkan import units
from kalkan.errors import with_article
from kalkan.scenario.nouns.spelling import UnclearError, duration_s, mach_number, split_quantity

LONGEST_QUANTITY = 60
_NUMBER_PATTERN = r"[-+]?(\d[\d.,'’_ ]*|[.,]\d+)([eE][-+]?\d+)?\s*"
_ALSO = {
    "time": r"|(\d+:)?\d+:[0-5]\d([.,]\d+)?|(\d+\s*(h|hr|hours?|m|min|minutes?|s|sec|seconds?)\s*)+\d*",
    "mach": r"|[mM]([aA]|[aA][cC][hH])?\s*\d*[.,]?\d+",
    "money": rf"|{_NUMBER_PATTERN}((M|bn) )?USD of (19|20)\d\d",
}
_WINDS = {"N": 0, "NE": 45, "E": 90, "SE": 135, "S": 180, "SW": 225, "W": 270, "NW": 315}
_NOT_FINITE = re.compile(r"\s*[-+]?(nan|inf)", re.IGNORECASE)


def wrong(message: str) -> PydanticCustomError:
    """Error whose text is `message`, word for word."""
    return PydanticCustomError("kalkan", "{message}", {"message": message})


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a quantity may be; all numbers in SI.

    Attributes
    ----------
    dimensions : tuple of str
        Dimensions of :mod:`kalkan.units` that are allowed.
    example : str
        How to write it, for the message: ``"240 m/s" or "0.7 Mach"``.
    low, high : float
        Closed bounds [SI].
    above_low : bool
        The lower bound itself is not allowed.
    high_text, low_text : str
        The bounds as the user would write them; of a lower one that is not 0.
    """

    dimensions: tuple[str, ...]
    example: str
    low: float = 0.0
    high: float = math.inf
    above_low: bool = False
    high_text: str = ""
    low_text: str = ""


def read_quantity(value: Any, bounds: Bounds) -> tuple[float, str]:
    """Read a quantity string.

    Parameters
    ----------
    value : object
        What TOML gave.
    bounds : Bounds
        What is allowed.

    Returns
    -------
    (float, str)
        Value [SI] and dimension.

    Raises
    ------
    PydanticCustomError
        With the sentence for the user.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise wrong(f"needs a unit, such as {bounds.example}")
    if not isinstance(value, str):
        raise wrong(f"must be text with a number and a unit, such as {bounds.example}")
    if len(value) > LONGEST_QUANTITY:
        raise wrong(f"is not a number with a unit, such as {bounds.example}")
    if _NOT_FINITE.match(value):
        raise wrong("is not a finite number")
    result, dimension = _whole_text(value, bounds) or _number_and_unit(value, bounds)
    if not math.isfinite(result):
        raise wrong("is not a finite number")
    _within(result, bounds)
    return result, dimension


def _whole_text(value: str, bounds: Bounds) -> tuple[float, str] | None:
    """Spellings that are more than a number and a unit, where they are meant."""
    if "time" in bounds.dimensions and (seconds := duration_s(value)) is not None:
        return seconds, "time"
    if "mach" in bounds.dimensions and (mach := mach_number(value)) is not None:
        return mach, "mach"
    if "angle" in bounds.dimensions and (wind := _WINDS.get(value.strip().upper())) is not None:
        raise wrong(f'needs a number; {value.strip()} is "{wind} deg"')
    return None


def _number_and_unit(value: str, bounds: Bounds) -> tuple[float, str]:
    try:
        number, unit = split_quantity(value)
    except UnclearError as unclear:
        raise wrong(str(unclear)) from None
    except ValueError:
        raise wrong(f"is not a number with a unit, such as {bounds.example}") from None
    if not unit:
        raise wrong(f"needs a unit, such as {bounds.example}")
    return _convert(number, unit, bounds)


def _convert(number: float, unit: str, bounds: Bounds) -> tuple[float, str]:
    named = units.unit_named(unit)
    if named is None:
        raise wrong(_unknown_unit(number, unit, bounds))
    result, dimension = units.to_si(number, named)
    if dimension not in bounds.dimensions:
        raise wrong(f"is {_a(dimension)}, not {_a(bounds.dimensions[0])}; write it as {bounds.example}")
    return result, dimension


def _unknown_unit(number: float, unit: str, bounds: Bounds) -> str:
    """The units that there are; never one that is only spelled alike, since it would change the value's size."""
    meanings = [m for m in units.AMBIGUOUS.get(unit.casefold(), ()) if units.UNITS[m[0]][0] in bounds.dimensions]
    if meanings:
        both = " or ".join(f'"{number * factor:.9g} {name}" ({whose})' for name, factor, whose in meanings)
        return f'is unclear: "{unit}" may mean {both}; write one of them'
    if unit.casefold() == "dbsm" and "area" in bounds.dimensions and abs(number) < 300.0:
        return f'is in dBsm; write "{10.0 ** (number / 10.0):.3g} m2"'
    allowed = [u for d in bounds.dimensions for u in units.units_of(d)]
    return f'has an unknown unit "{unit[:20]}"; known here: ' + ", ".join(allowed)


def _within(result: float, bounds: Bounds) -> None:
    if bounds.low == 0.0 and result < 0.0:
        turn = math.degrees(bounds.high) if bounds.dimensions == ("angle",) and bounds.high >= math.tau else 0.0
        told = f"; {math.degrees(result):.9g} deg is {math.degrees(result) + turn:.9g} deg" if turn else ""
        raise wrong("must not be negative" + told)
    if result < bounds.low or (bounds.above_low and result <= bounds.low):
        raise wrong("must be greater than zero" if bounds.low == 0.0 else f"must be at least {bounds.low_text}")
    if result > bounds.high:
        raise wrong(f"must be at most {bounds.high_text}")


def _a(dimension: str) -> str:
    word = {"mach": "Mach number", "ratio_db": "ratio in dB"}.get(dimension, dimension)
    return with_article(word)


def quantity_pattern(dimensions: tuple[str, ...], ending: str = "") -> str:
    """Regular expression of a quantity string (ECMA 262), with the spellings of its units."""
    names = [u for d in dimensions for u in units.spellings_of(d)]
    listed = "|".join(re.escape(u).replace("\\ ", " ") for u in sorted(names, key=len, reverse=True))
    also = "".join(_ALSO.get(d, "") for d in dimensions)
    return f"^\\s*({_NUMBER_PATTERN}({listed}){ending}{also})\\s*$"


def quantity_schema(bounds: Bounds, ending: str = "") -> dict[str, Any]:
    """JSON Schema of a quantity string, with a pattern that names its units."""
    examples = [e for e in re.findall(r'"([^"]+)"', bounds.example)]
    return {"type": "string", "pattern": quantity_pattern(bounds.dimensions, ending), "examples": examples}


@dataclass(frozen=True, slots=True, eq=False)
class Reads:
    """Pydantic metadata: how a value is read, and its JSON Schema.

    Attributes
    ----------
    read : callable
        Takes what TOML gave, returns the value, raises :func:`wrong`.
    schema : dict
        JSON Schema of what the user may write.
    unit : str
        SI unit of a quantity that is kept as a number; ``""`` for other values.
    """

    read: Callable[[Any], Any]
    schema: dict[str, Any]
    unit: str = ""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, source: Any, handler: Any) -> dict[str, Any]:
        return dict(self.schema)


MONEY = Bounds(("money",), '"200 M USD" or "2.5 bn USD of 2017"', high=1e15, high_text="1,000,000 bn USD")
"""A price or a cost; without a year in dollars of :data:`kalkan.money.PRICE_YEAR`."""


def quantity(bounds: Bounds) -> Reads:
    """A quantity string, read as one SI number."""
    unit = units.SI_UNIT[bounds.dimensions[0]]
    return Reads(lambda value: read_quantity(value, bounds)[0], quantity_schema(bounds), unit)
