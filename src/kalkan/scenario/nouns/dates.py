"""Dates as a scenario writes them: a day, a month, a year, a period, or a claim of the catalogue about one.

Dates are kept as text, since a month and a claim are no days. :func:`span` reads those that are no claims.
"""

from __future__ import annotations

import calendar
import datetime
import re
from typing import Annotated, Any, NamedTuple

from pydantic_core import PydanticCustomError

from kalkan.scenario.nouns.quantities import LONGEST_QUANTITY, Bounds, Reads, quantity_schema, read_quantity, wrong

EXAMPLE = '"2026-01-01"'
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_CLAIM = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*\.[a-z][a-z0-9_]*")
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_LASTING = Bounds(("time",), '"5 months"', high=86_400.0 * 365.25 * 50.0, high_text="50 years")
_DATE_PATTERN = r"\d{4}(-\d\d(-\d\d)?)?"


class Span(NamedTuple):
    """First and last day of what a date means: of a month, its first and its last."""

    first: datetime.date
    last: datetime.date


def span(text: str) -> Span | None:
    """The days that a text such as ``"2019-07-12"``, ``"2019-07"`` or ``"2019-07-12/2019-07-25"`` means, or None."""
    begin, slash, end = text.partition("/")
    first, last = _one(begin), _one(end if slash else begin)
    if first is None or last is None or first.first > last.last:
        return None
    return Span(first.first, last.last)


def _one(text: str) -> Span | None:
    match = _DATE.fullmatch(text.strip())
    if match is None or not _FIRST_YEAR <= int(match[1]) <= _LAST_YEAR:
        return None
    year, month = int(match[1]), int(match[2] or 0)
    if month > 12 or (match[2] and not month) or (match[3] and not 1 <= int(match[3]) <= _days(year, month)):
        return None
    if match[3]:
        day = datetime.date(year, month, int(match[3]))
        return Span(day, day)
    low, high = (month, month) if month else (1, 12)
    return Span(datetime.date(year, low, 1), datetime.date(year, high, _days(year, high)))


def _days(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def is_claim(text: str) -> bool:
    """Whether a text is written as a claim is: an entry of the catalogue, a full stop and a quantity."""
    return _CLAIM.fullmatch(text) is not None


def _as_text(value: Any) -> Any:
    """A date as TOML has it, without quotes, as text."""
    return value.isoformat() if isinstance(value, datetime.date) else value


def read_day(value: Any) -> str:
    """One day as ISO 8601 text."""
    value = _as_text(value)
    found = span(value) if isinstance(value, str) else None
    if found is None or found.first != found.last:
        raise wrong(f"must be a day, such as {EXAMPLE}")
    return found.first.isoformat()


def read_when(value: Any) -> str:
    """A day, month, year or period as text, or the path of a claim."""
    value = _as_text(value)
    if not isinstance(value, str) or not (span(value) or is_claim(value)):
        raise wrong(
            f'must be a date such as {EXAMPLE} or "2026-01", a period such as "2026-01-01/2026-01-15", or a claim such '
            'as "s-400-deal.first_delivery"'
        )
    return value.replace(" ", "")


def read_lasting(value: Any) -> float | str:
    """A time [s], or the path of a claim about one."""
    if isinstance(value, str) and len(value) <= LONGEST_QUANTITY and is_claim(value):
        return value
    return read_quantity(value, _LASTING)[0]


def sound(read: Any, value: Any) -> Any:
    """What a reader makes of a raw value, or None where it refuses it."""
    try:
        return read(value)
    except PydanticCustomError:
        return None


_PATH = {"type": "string", "pattern": rf"^{_CLAIM.pattern}$"}
Day = Annotated[str, Reads(read_day, {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$", "examples": ["2026-01-01"]})]
When = Annotated[
    str,
    Reads(
        read_when,
        {
            "type": "string",
            "pattern": rf"^({_DATE_PATTERN}(/{_DATE_PATTERN})?|{_CLAIM.pattern})$",
            "examples": ["2026-01-01", "2026-01", "s-400-deal.first_delivery"],
        },
    ),
]
_TIME = {"anyOf": [quantity_schema(_LASTING), _PATH], "examples": ["5 months", "s-400-deal.course_length"]}
Lasting = Annotated[float | str, Reads(read_lasting, _TIME, "s")]
