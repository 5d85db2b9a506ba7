"""Positions in the forms that people have: decimal degrees, degrees-minutes-seconds, MGRS.

All are WGS-84. MGRS is read by the ``mgrs`` package (NGA's GEOTRANS); a reference names a square, and stands for its
middle, as there.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from kalkan.scenario.nouns.places import quoted
from kalkan.scenario.nouns.quantities import wrong

_FORM = "must be [latitude, longitude] in degrees, such as [36.5, 33.2]"
_OR_TEXT = f'{_FORM}, or text such as "36°30\'00\\"N 33°12\'00\\"E" or "36S WF 17909 39462" (MGRS)'
_MGRS = re.compile(r"(?:\d{1,2}[C-HJ-NP-X]|[ABYZ])[A-HJ-NP-Z]{2}(\d*)")
_PACKED = re.compile(r"(\d{2})(\d{2})(\d{2}(?:\.\d+)?)?([NS])[ ,]*(\d{3})(\d{2})(\d{2}(?:\.\d+)?)?([EW])")
_MARK = r"[°º˚'′’‘`´\"″”“\s:]"
_ANGLE = re.compile(rf"(?:\d+(?:\.\d+)?{_MARK}*){{1,3}}")
_PAIRS = tuple(
    re.compile(p)
    for p in (r"([^NSEW]+[NS])[\s,;/]*([^NSEW]+[EW])", r"([^NSEW]+[EW])[\s,;/]*([^NSEW]+[NS])",
              r"([NS][^NSEW]+?)[\s,;/]*([EW][^NSEW]+)", r"([EW][^NSEW]+?)[\s,;/]*([NS][^NSEW]+)",
              r"([^NSEW,;]+)[,;]\s*([^NSEW,;]+)")
)  # fmt: skip
_KEYS = ({"lat", "lon"}, {"latitude", "longitude"})
LEAST_DIGITS = 4


def read_position(value: Any) -> tuple[float, float]:
    """Latitude and longitude [deg], or the sentence for what is wrong with what is written."""
    if isinstance(value, str):
        return _within(*_text(value))
    if isinstance(value, Mapping) and set(value) in _KEYS:
        value = [value[key] for key in sorted(value)]  # latitude comes first in the alphabet, too
    if not isinstance(value, list | tuple):
        raise wrong(_OR_TEXT)
    if len(value) == 2 and all(isinstance(v, str) for v in value):
        return _within(*_ordered(*value))
    if not all(isinstance(v, int | float) and not isinstance(v, bool) for v in value) or len(value) != 2:
        raise wrong(_FORM + _count_hint(value))
    if any(isinstance(v, float) and not math.isfinite(v) for v in value):
        raise wrong("is not a pair of finite numbers")
    return _within(*value)


def _count_hint(value: Sequence[Any]) -> str:
    """What three or four numbers may have been meant to be."""
    numbers = all(isinstance(v, int | float) and not isinstance(v, bool) for v in value)
    if numbers and len(value) == 3:
        return "; a height does not belong to it"
    if len(value) == 4 and all(isinstance(v, int) and not isinstance(v, bool) for v in value):
        return f"; write decimals with a point: [{value[0]}.{value[1]}, {value[2]}.{value[3]}]"
    return ""


def _within(lat: float, lon: float) -> tuple[float, float]:
    if abs(lat) > 90:
        swapped = " — are latitude and longitude swapped?" if abs(lon) <= 90 and abs(lat) <= 180 else ""
        raise wrong(f"has a latitude outside -90 to 90{swapped}")
    if abs(lon) > 180:
        nearer = lon - 360.0 * round(lon / 360.0)
        hint = f"; did you mean {nearer:g}?" if abs(lon) <= 540 else ""
        raise wrong(f"has a longitude outside -180 to 180{hint}")
    return float(lat), float(lon)


def _text(written: str) -> tuple[float, float]:
    """A position in one text: MGRS, packed degrees-minutes-seconds (AIP), or two angles."""
    text = written.strip().upper().replace("DEG", "°")
    if found := _MGRS.fullmatch(re.sub(r"\s", "", text)):
        return _of_mgrs(re.sub(r"\s", "", text), len(found[1]))
    if packed := _PACKED.fullmatch(text):
        d = [float(v or 0.0) for v in packed.group(1, 2, 3, 5, 6, 7)]
        return _angle(d[:3], packed[4]), _angle(d[3:], packed[8])
    for pair in _PAIRS:
        if found := pair.fullmatch(text):
            return _ordered(*found.groups())
    raise wrong(_OR_TEXT)


def _ordered(one: str, other: str) -> tuple[float, float]:
    """Two angles as latitude and longitude: by their letters, else as written."""
    (a, first), (b, second) = _read_angle(one), _read_angle(other)
    letters = first + second
    if not letters or re.fullmatch("[NS][EW]", letters):
        return a, b
    if re.fullmatch("[EW][NS]", letters):
        return b, a
    raise wrong("needs one of N and S for its latitude and one of E and W for its longitude, or neither")


def _read_angle(written: str) -> tuple[float, str]:
    """One angle [deg] and its letter, if it has one."""
    text = written.strip().upper().replace("DEG", "°")
    letter = "".join(c for c in (text[:1], text[-1:]) if c in "NSEW")[:1]
    bare = text.strip("NSEW ").strip()
    sign = -1.0 if not letter and bare.startswith("-") else 1.0
    bare = bare if letter else bare.lstrip("+-")
    if not _ANGLE.fullmatch(bare):
        raise wrong(f"has {quoted(written.strip())}, which is not an angle such as 36°30'00\"N, 36°30.0'N or 36.5")
    parts = [float(v) for v in re.findall(r"\d+(?:\.\d+)?", bare)]
    if any(v % 1.0 for v in parts[:-1]):
        raise wrong(f"has {quoted(written.strip())}: only the last of degrees, minutes and seconds may have decimals")
    return sign * _angle(parts, letter), letter


def _angle(parts: Sequence[float], letter: str) -> float:
    """Degrees of degrees, minutes and seconds; south and west are negative."""
    if any(v >= 60.0 for v in parts[1:]):
        raise wrong("has minutes or seconds of 60 and more")
    size = sum(v / 60.0**i for i, v in enumerate(parts))
    return -size if letter in ("S", "W") else size


def _of_mgrs(reference: str, digits: int) -> tuple[float, float]:
    if digits % 2 or not LEAST_DIGITS <= digits <= 10:
        raise wrong(f"is an MGRS reference with {digits} digits; it needs 4, 6, 8 or 10 (1 km to 1 m)")
    from mgrs import MGRS
    from mgrs.core import MGRSError

    try:
        lat, lon = MGRS().toLatLon(reference)
    except MGRSError:
        raise wrong("is not an MGRS reference: zone, band and square do not belong together") from None
    return float(lat), float(lon)


POSITION_SCHEMA: dict[str, Any] = {
    "anyOf": [
        {
            "type": "array",
            "prefixItems": [
                {"type": "number", "minimum": -90, "maximum": 90, "description": "latitude [deg]"},
                {"type": "number", "minimum": -180, "maximum": 180, "description": "longitude [deg]"},
            ],
            "items": False,
            "minItems": 2,
        },
        {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2},
        {"type": "string", "description": "Degrees, minutes and seconds, or MGRS."},
        {
            "type": "object",
            "properties": {"lat": {"type": "number"}, "lon": {"type": "number"}},
            "required": ["lat", "lon"],
            "additionalProperties": False,
        },
    ],
    "examples": [[36.5, 33.2], "36°30'00\"N 33°12'00\"E", "36S WF 17909 39462"],
}
