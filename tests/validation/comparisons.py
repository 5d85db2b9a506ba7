"""What a test compared: a tolerance, and the largest part of it that was used up."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass
class Line:
    """All comparisons that one line of a test made under one kind of tolerance."""

    kind: str
    n: int = 0
    share: float = 0.0  # largest |deviation| / tolerance
    low: float = math.inf  # smallest and largest tolerance
    high: float = -math.inf

    def add(self, share: float, low: float, high: float, n: int) -> None:
        """Take `n` more comparisons in."""
        self.n += n
        self.share = max(self.share, share)
        self.low, self.high = min(self.low, low), max(self.high, high)


@dataclass
class Findings:
    """What the cases of one test compared."""

    cases: int = 0
    skipped: str = ""
    lines: dict[tuple[int, str], Line] = field(default_factory=dict)

    def add(self, at: int, kind: str, share: float, tolerance: float | tuple[float, float], n: int = 1) -> None:
        """Book `n` comparisons of the test's line `at`."""
        low, high = tolerance if isinstance(tolerance, tuple) else (tolerance, tolerance)
        self.lines.setdefault((at, kind), Line(kind)).add(share, low, high, n)

    @property
    def n(self) -> int:
        """Number of values compared."""
        return sum(line.n for line in self.lines.values())

    def tolerances(self) -> list[tuple[str, str]]:
        """Each tolerance in words, and the largest share of it that was found."""
        merged: dict[str, float] = defaultdict(float)
        for _, line in sorted(self.lines.items()):
            merged[words(line)] = max(merged[words(line)], line.share)
        return [(text, "holds" if text == "equal" else percent(share)) for text, share in merged.items()]


def words(line: Line) -> str:
    """Tolerance as the page says it."""
    if line.kind in ("equal", "inside the interval"):
        return line.kind
    low, high = number(line.low), number(line.high)
    return f"{line.kind} {low}" if low == high else f"{line.kind} {low} to {high}"


def number(x: float) -> str:
    """Three figures, and exponents without padding."""
    mantissa, _, exponent = f"{x:.3g}".partition("e")
    return f"{mantissa}e{int(exponent)}" if exponent else mantissa


def percent(share: float) -> str:
    """Share of a tolerance; below 1 % its digits would differ from one processor to the next."""
    return "< 1 %" if 0.0 < share < 0.01 else f"{100.0 * share:.0f} %"


def within(actual: Any, expected: Any, relative: float, absolute: float) -> tuple[float, str, float, int] | None:
    """Largest share of NumPy's sum of tolerances, its kind and size, and the number of values."""
    try:
        got, want = np.broadcast_arrays(np.asarray(actual, float), np.asarray(expected, float))
    except (TypeError, ValueError):
        return None
    allowed = absolute + relative * np.abs(want)
    usable = np.isfinite(got) & np.isfinite(want) & (allowed > 0.0)
    apart = np.subtract(got, want, out=np.zeros(got.shape), where=usable)
    share = np.divide(np.abs(apart), allowed, out=np.zeros(got.shape), where=usable)
    if not relative:
        return float(share.max(initial=0.0)), "abs", absolute, got.size
    kind = f"abs {number(absolute)} + rel" if absolute else "rel"
    return float(share.max(initial=0.0)), kind, relative, got.size


def ratio(left: Any, right: Any) -> tuple[float, tuple[float, float], int]:
    """Largest ratio of deviations to their bounds, the bounds' range, and the number of values."""
    deviation, bound = np.broadcast_arrays(np.asarray(left, float), np.asarray(right, float))
    share = np.divide(np.abs(deviation), bound, out=np.zeros(bound.shape), where=bound > 0.0)
    return float(share.max()), (float(bound.min()), float(bound.max())), bound.size


def from_middle(ends: Iterable[float], x: float) -> float:
    """Distance of `x` from an interval's middle, as a share of the half-width; of the width from an end at 0 or 1."""
    low, high = ends
    if low == 0.0 or high == 1.0:
        return (x - low if low == 0.0 else high - x) / (high - low)
    return abs(x - 0.5 * (low + high)) / (0.5 * (high - low))
