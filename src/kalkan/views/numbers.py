"""Numbers as people read them: rounded where their uncertainty begins."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

MINUS = "−"
MOST_DIGITS = 4  # of a mean that is told with two digits of its interval
TRUSTED = 12  # significant digits of a float that count: what lies behind is binary noise
LOPSIDED = 1.4  # longer over shorter arm of an interval from which on both ends are written


def decimals(half_width: float, mean: float = 0.0) -> int:
    """Decimals that an interval deserves: one digit of its half-width; two if that is a 1 and the mean stays short."""
    if not math.isfinite(half_width) or half_width <= 0.0:
        return 0
    exponent = math.floor(math.log10(half_width))
    if round(half_width / 10.0**exponent, 1) >= 9.5:
        exponent += 1
    leading = half_width / 10.0**exponent
    before = math.floor(math.log10(abs(mean))) + 1 if mean else 0  # digits before the point
    second = leading < 1.95 and before - exponent + 1 <= MOST_DIGITS
    return min(6, max(0, -exponent + second))


def rounded(value: float, places: int = 0) -> str:
    """Plain digits, halves away from zero as in every table that people make: 72.5 is 73, 0.015 is 0.02.

    The one rounding of all that is told. Python's own rounds halves to even and 0.015, which is a little less
    in binary, to 0.01.
    """
    quantum = Decimal(1).scaleb(-places)
    return str(Decimal(f"{value:.{TRUSTED}g}").quantize(quantum, ROUND_HALF_UP))


def percent(share: float, places: int = 0) -> str:
    """A share as ``73 %``."""
    return f"{number(100.0 * share, places)} %"


def ends(low: float, high: float) -> dict[str, float | None]:
    """Ends of an interval for a record: None without both: JSON knows no infinity, one alone bounds nothing."""
    both = math.isfinite(low) and math.isfinite(high)
    return {"low": low if both else None, "high": high if both else None}


def number(value: float, places: int, *, signed: bool = False) -> str:
    """A number with a true minus sign and, from 10,000 up, commas."""
    if not math.isfinite(value):
        return "–"
    digits = rounded(abs(value), places)
    if abs(value) >= 1e4:
        whole, _, after = digits.partition(".")
        digits = f"{int(whole):,}" + (f".{after}" if after else "")
    if float(digits.replace(",", "")) == 0.0:
        return digits
    return (MINUS if value < 0 else "+" if signed else "") + digits


def exact(value: float, *, signed: bool = False) -> str:
    """A number without an interval: up to three significant digits, no needless zeros."""
    if not math.isfinite(value):
        return "–"
    if value == round(value):
        return number(value, 0, signed=signed)
    places = max(0, 2 - math.floor(math.log10(abs(value))))
    text = number(value, min(places, 6), signed=signed)
    return text.rstrip("0").rstrip(".") if "." in text else text


def plus_minus(mean: float, low: float, high: float, *, signed: bool = False, most: float = math.inf) -> str:
    """``21.3 ± 0.5``; only the mean if there is no interval or it has no width.

    The ± is the longer arm. An interval with one arm much longer than the other is written with both ends,
    ``0.14 (0.05 to 0.30)``, and so is one whose ± would pass what it does not itself: 0 (unless `signed`, for
    differences) or `most`; an end that is 0 or `most` is left out, ``0.02 (< 0.06)``. Both ends stay apart from
    the mean: one leaker in four replications is ``0.3 (< 2.0)``, not ``0 (< 2)``, which is what none reads as.
    """
    longer, shorter = max(high - mean, mean - low), min(high - mean, mean - low)
    if not math.isfinite(mean):
        return "–"
    if not math.isfinite(longer) or longer <= 1e-9 * max(1.0, abs(mean)):
        return exact(mean, signed=signed)
    places = decimals(longer, mean)
    beyond = not signed and (mean - longer < 0.0 <= low or mean + longer > most >= high)
    if beyond or longer > LOPSIDED * shorter:
        places += _runs_into(mean, low, high, places)
        mean_text, *ends = ("0" if x == 0.0 else number(x, places, signed=signed) for x in (mean, low, high))
        if not signed and (low == 0.0) != (high == most):
            return f"{mean_text} (< {ends[1]})" if low == 0.0 else f"{mean_text} (> {ends[0]})"
        return f"{mean_text} ({' to '.join(ends)})"
    return f"{number(mean, places, signed=signed)} ± {number(longer, places)}"


def _runs_into(mean: float, low: float, high: float, places: int) -> bool:
    """Whether rounding makes an end of an interval of a mean that it is not."""
    told = rounded(mean, places)
    return any(end != mean and rounded(end, places) == told for end in (low, high))


def span(mean: float, low: float, high: float, *, signed: bool = False) -> str:
    """``12 % (8 to 17)`` for a proportion, whose interval need not be symmetric."""
    if not math.isfinite(mean):
        return "–"
    places = min(decimals(50.0 * (high - low), 100.0 * mean), 2)
    low_text, high_text = (number(100.0 * x, places, signed=signed) for x in (low, high))
    return f"{number(100.0 * mean, places, signed=signed)} % ({low_text} to {high_text})"
