"""Quantities with units as a scenario writes them, with the words for whatever is wrong."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic_core import PydanticCustomError, core_schema

from kalkan import units
from kalkan.scenario.nouns.places import nearest

LONGEST_QUANTITY = 60
_NUMBER_PATTERN = r"\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*"
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
    high_text : str
        The upper bound as the user would write it.
    """

    dimensions: tuple[str, ...]
    example: str
    low: float = 0.0
    high: float = math.inf
    above_low: bool = False
    high_text: str = ""


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
    try:
        number, unit = units.split_quantity(value)
    except ValueError:
        raise wrong(f"is not a number with a unit, such as {bounds.example}") from None
    if not unit:
        raise wrong(f"needs a unit, such as {bounds.example}")
    result, dimension = _convert(number, unit, bounds)
    if not math.isfinite(result):
        raise wrong("is not a finite number")
    _within(result, bounds)
    return result, dimension


def _convert(number: float, unit: str, bounds: Bounds) -> tuple[float, str]:
    allowed = [u for d in bounds.dimensions for u in units.units_of(d)]
    if unit not in units.UNITS:
        listed = nearest(unit, allowed, show_all=0) or "; known here: " + ", ".join(allowed)
        raise wrong(f'has an unknown unit "{unit[:20]}"{listed}')
    result, dimension = units.to_si(number, unit)
    if dimension not in bounds.dimensions:
        raise wrong(f"is {_a(dimension)}, not {_a(bounds.dimensions[0])}; write it as {bounds.example}")
    return result, dimension


def _within(result: float, bounds: Bounds) -> None:
    if bounds.low == 0.0 and result < 0.0:
        raise wrong("must not be negative")
    if result < bounds.low or (bounds.above_low and result <= bounds.low):
        raise wrong("must be greater than zero" if bounds.low == 0.0 else "is too small")
    if result > bounds.high:
        raise wrong(f"must be at most {bounds.high_text}")


def _a(dimension: str) -> str:
    word = {"mach": "Mach number", "ratio_db": "ratio in dB"}.get(dimension, dimension)
    return f"an {word}" if word[0] in "aeiou" else f"a {word}"


def quantity_schema(bounds: Bounds, ending: str = "") -> dict[str, Any]:
    """JSON Schema of a quantity string, with a pattern that names its units."""
    names = [u for d in bounds.dimensions for u in units.units_of(d)]
    listed = "|".join(re.escape(u).replace("\\ ", " ") for u in sorted(names, key=len, reverse=True))
    examples = [e for e in re.findall(r'"([^"]+)"', bounds.example)]
    return {"type": "string", "pattern": f"^{_NUMBER_PATTERN}({listed}){ending}\\s*$", "examples": examples}


@dataclass(frozen=True, slots=True, eq=False)
class Reads:
    """Pydantic metadata: how a value is read, and its JSON Schema.

    Attributes
    ----------
    read : callable
        Takes what TOML gave, returns the value, raises :func:`wrong`.
    schema : dict
        JSON Schema of what the user may write.
    """

    read: Callable[[Any], Any]
    schema: dict[str, Any]

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, source: Any, handler: Any) -> dict[str, Any]:
        return dict(self.schema)


def quantity(bounds: Bounds) -> Reads:
    """A quantity string, read as one SI number."""
    return Reads(lambda value: read_quantity(value, bounds)[0], quantity_schema(bounds))
