"""Numbers as people read them: rounded where their uncertainty begins."""

from __future__ import annotations

import math

MINUS = "−"
LOPSIDED = 1.4  # longer over shorter arm of an interval from which on both ends are written


def decimals(half_width: float) -> int:
    """Decimals that an interval deserves: one digit of its half-width, two if that digit is a 1."""
    if not math.isfinite(half_width) or half_width <= 0.0:
        return 0
    exponent = math.floor(math.log10(half_width))
    if round(half_width / 10.0**exponent, 1) >= 9.5:
        exponent += 1
    leading = half_width / 10.0**exponent
    return min(6, max(0, -exponent + (1 if leading < 1.95 else 0)))


def number(value: float, places: int, *, signed: bool = False) -> str:
    """A number with a true minus sign and, from 10,000 up, commas."""
    if not math.isfinite(value):
        return "–"
    digits = f"{abs(value):,.{places}f}" if abs(value) >= 1e4 else f"{abs(value):.{places}f}"
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
    differences) or `most`; an end that is 0 or `most` is left out, ``0.02 (< 0.06)``.
    """
    longer, shorter = max(high - mean, mean - low), min(high - mean, mean - low)
    if not math.isfinite(mean):
        return "–"
    if not math.isfinite(longer) or longer <= 1e-9 * max(1.0, abs(mean)):
        return exact(mean, signed=signed)
    places = decimals(longer)
    beyond = not signed and (mean - longer < 0.0 <= low or mean + longer > most >= high)
    if beyond or longer > LOPSIDED * shorter:
        mean_text, *ends = ("0" if x == 0.0 else number(x, places, signed=signed) for x in (mean, low, high))
        if not signed and (low == 0.0) != (high == most):
            return f"{mean_text} (< {ends[1]})" if low == 0.0 else f"{mean_text} (> {ends[0]})"
        return f"{mean_text} ({' to '.join(ends)})"
    return f"{number(mean, places, signed=signed)} ± {number(longer, places)}"


def span(mean: float, low: float, high: float, *, signed: bool = False) -> str:
    """``12 % (8 to 17)`` for a proportion, whose interval need not be symmetric."""
    if not math.isfinite(mean):
        return "–"
    places = min(decimals(50.0 * (high - low)), 2)
    low_text, high_text = (number(100.0 * x, places, signed=signed) for x in (low, high))
    return f"{number(100.0 * mean, places, signed=signed)} % ({low_text} to {high_text})"
