"""Numbers, times and heights as people write them: ``"9,5 km"``, ``"10:30"``, ``"1 h 30 min"``, ``"FL310"``.

Whatever has one meaning is read. What may have two is refused with both of them, since a guess can
be wrong by a thousand: ``"9,500 m"`` is nine and a half metres in Ankara and nine and a half kilometres in London.
"""

from __future__ import annotations

import re

from kalkan import units

_ONE_SPACE = dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f"), " ") | {ord("\u2212"): "-"}
_QUANTITY = re.compile(r"([-+]?)((?:\d[\d.,'’_ ]*)?[.,]?\d+|\d+\.)([eE][-+]?\d+)?\s*(?![\d.,])(.*)")
_PLAIN = re.compile(r"\d+\.?\d*|\.\d+")
_MAYBE_THOUSANDS = re.compile(r"([1-9]\d{0,2})(?:,(\d{3})|\.(\d\d0))")
_GROUPED = re.compile(r"\d{1,3}(?:([ '’_.,])\d{3})(?:\1\d{3})*(?:(?!\1)([.,])\d+)?")
_COMMA = re.compile(r"(\d*),(\d+)")
_CLOCK = re.compile(r"([-+]?)(?:(\d+):([0-5]\d)|(\d+)):([0-5]\d(?:[.,]\d+)?)")
_PART = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*([^\W\d_]*)\.?\s*")
_MACH = re.compile(r"(?:mach|ma|m)\s*(?=[.\d])(.*)", re.IGNORECASE)
_LEVEL = re.compile(r"\s*FL\s*(\d{2,3})\s*(?:MSL)?\s*", re.IGNORECASE)
_REFERENCE = re.compile(
    r"(.*?\S)\s+(?:(AGL|above ground(?: level)?)|(?:AMSL|ASL|MSL|above (?:mean )?sea level))\s*",
    re.IGNORECASE | re.DOTALL,
)


class UnclearError(ValueError):
    """A text that may mean two things; its words say which."""


def split_quantity(text: str) -> tuple[float, str]:
    """Number and unit of a text such as ``"9 500 m"`` or ``"9,5 km"``; the unit as it is written.

    Raises
    ------
    UnclearError
        It may be a decimal or thousands.
    ValueError
        It does not begin with a number.
    """
    match = _QUANTITY.fullmatch(text.translate(_ONE_SPACE).strip())
    if match is None:
        raise ValueError(f"{text!r} does not start with a number")
    sign, body, exponent, unit = match.groups()
    return float(f"{sign}{_digits(body, unit)}{exponent or ''}"), unit


def _digits(body: str, unit: str) -> str:
    """Digits with at most a decimal point."""
    if unclear := _MAYBE_THOUSANDS.fullmatch(body):
        whole, after = unclear[1], unclear[2] or unclear[3]
        small = f"{whole}.{after}".rstrip("0").rstrip(".")
        both = " or ".join(f'"{n} {unit}"'.replace(' "', '"') for n in (small, whole + after))
        raise UnclearError(f'is unclear: "{body}" may be a decimal or thousands; write {both}')
    if _PLAIN.fullmatch(body):
        return body
    if grouped := _GROUPED.fullmatch(body):
        whole, _, after = body.rpartition(grouped[2]) if grouped[2] else (body, "", "")
        return re.sub(r"\D", "", whole) + (f".{after}" if after else "")
    if comma := _COMMA.fullmatch(body):
        return f"{comma[1] or 0}.{comma[2]}"
    raise ValueError(f"{body!r} is not a number")


def duration_s(text: str) -> float | None:
    """Seconds of ``"10:30"`` (minutes and seconds), ``"1:30:00"``, ``"1h30"``; None for other texts."""
    if clock := _CLOCK.fullmatch(text.strip()):
        hours, minutes = int(clock[2] or 0), int(clock[3] or clock[4])
        seconds = hours * 3600.0 + minutes * 60.0 + float(clock[5].replace(",", "."))
        return -seconds if clock[1] == "-" else seconds
    parts = _PART.findall(text)
    if len(parts) < 2 or _PART.sub("", text):
        return None
    return _together([(float(n.replace(",", ".")), unit) for n, unit in parts])


def _together(parts: list[tuple[float, str]]) -> float | None:
    """Hours, minutes and seconds in this order; the last may leave its unit out."""
    steps = ("h", "min", "s")
    total, last = 0.0, -1
    for number, unit in parts:
        named = "min" if unit.casefold() == "m" else units.unit_named(unit) if unit else None
        at = steps.index(named) if named in steps else last + 1 if not unit and last >= 0 else 3
        if at <= last or at > 2:
            return None
        total, last = total + number * units.to_si(1.0, steps[at])[0], at
    return total


def mach_number(text: str) -> float | None:
    """Number of ``"Mach 0.8"`` or ``"M0.8"``; None for other texts."""
    match = _MACH.fullmatch(text.strip())
    try:
        number, unit = split_quantity(match[1]) if match else (0.0, "none")
    except ValueError:
        return None
    return None if unit else number


def flight_level_m(text: str) -> float | None:
    """Height [m] of a flight level, hundreds of feet; None for other texts.

    kalkan's own simplification: the standard atmosphere's pressure altitude counts as the height above
    the sea (ICAO Doc 4444, PANS-ATM, defines the level by pressure).
    """
    match = _LEVEL.fullmatch(text)
    return int(match[1]) * units.to_si(100.0, "ft")[0] if match else None


def height_parts(text: str) -> tuple[str, str] | None:
    """A height and what it is above (``"ground"`` or ``"sea"``), where a text says that."""
    match = _REFERENCE.fullmatch(text)
    return (match[1], "ground" if match[2] else "sea") if match else None
