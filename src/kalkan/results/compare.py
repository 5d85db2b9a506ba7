"""Differences between two variants or two runs, with intervals.

Replications of equal number under equal seeds share their random numbers: they are pairs, and the
interval is that of the differences (:func:`kalkan.results.intervals.mean_interval`). What pairing gains is the
variance that independent samples would give over that of the differences: as many times more replications would be
needed without it. Otherwise the samples are independent: Welch's interval
(Biometrika 34, 1947) for means, Newcombe's hybrid score for proportions. Differences of paired
proportions: Newcombe's method 10 (Statist. Med. 17, 1998, 2635-2650).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kalkan.results.intervals import Interval, mean_interval, scarce, wilson
from kalkan.results.quantity import CONFIDENCE, PROPORTION, Quantity

F8 = NDArray[np.float64]


class Difference(NamedTuple):
    """What is gained by going from one variant to another.

    Attributes
    ----------
    key : str
        Of the measure.
    mean, low, high : float
        Later minus earlier, with its interval; nan where the measure is undefined.
    n : int
        Pairs, or the smaller sample.
    paired : bool
    correlation : float
        Between the pairs; nan if unpaired or if one of them does not vary.
    gain : float
        Variance of the difference of independent samples over that of the pairs; nan if unpaired or if nothing varies.
    scarce : bool
        Whether the sample is too small for any method; see :func:`kalkan.results.intervals.scarce`.
    """

    key: str
    mean: float
    low: float
    high: float
    n: int
    paired: bool
    correlation: float
    gain: float = math.nan
    scarce: bool = False

    @property
    def half_width(self) -> float:
        """Half of the interval."""
        return (self.high - self.low) / 2.0

    @property
    def reach(self) -> float:
        """From the estimate to the farther end."""
        return max(self.high - self.mean, self.mean - self.low)


def common(first: NDArray[np.int64], second: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows of the replications that both have, in equal order."""
    _, a, b = np.intersect1d(first, second, assume_unique=True, return_indices=True)
    return a, b


def difference(
    base: Quantity, other: Quantity, *, paired: bool = True, confidence: float = CONFIDENCE
) -> Difference:
    """``other - base``.

    Parameters
    ----------
    base, other : Quantity
        The same measure; if paired, of the same replications in the same order.
    paired : bool
    confidence : float
        In (0, 1).
    """
    a, b = base.values, other.values
    n = min(a.size, b.size)
    if n == 0 or not (np.isfinite(a).all() and np.isfinite(b).all()):
        return Difference(base.key, math.nan, math.nan, math.nan, n, paired, math.nan)
    correlation = _correlation(a, b) if paired else math.nan
    gain = _gain(a, b) if paired else math.nan
    if base.kind == PROPORTION:
        interval = newcombe(a, b, 0.0 if math.isnan(correlation) else correlation, confidence)
        return Difference(base.key, *interval, n, paired, correlation, gain)
    if not paired:
        interval = welch(a, b, confidence)
        few = (scarce(a) or scarce(b)) and interval.low < interval.high
        return Difference(base.key, *interval, n, paired, correlation, gain, few)
    interval = mean_interval(b - a, confidence, step=base.step)
    return Difference(base.key, *interval, n, paired, correlation, gain, scarce(b - a) and interval.low < interval.high)


def newcombe(base: F8, other: F8, correlation: float, confidence: float = CONFIDENCE) -> Interval:
    """Difference of two proportions, ``other - base``, from Wilson's limits of each.

    Parameters
    ----------
    base, other : float64 arrays
        Values 0 and 1.
    correlation : float
        Phi coefficient between pairs; 0 for independent samples.
    """
    p1, l1, u1 = wilson(int(other.sum()), other.size, confidence)
    p2, l2, u2 = wilson(int(base.sum()), base.size, confidence)
    d1, e1, d2, e2 = p1 - l1, u1 - p1, p2 - l2, u2 - p2
    below = math.sqrt(max(0.0, d1 * d1 - 2.0 * correlation * d1 * e2 + e2 * e2))
    above = math.sqrt(max(0.0, e1 * e1 - 2.0 * correlation * e1 * d2 + d2 * d2))
    return Interval(p1 - p2, p1 - p2 - below, p1 - p2 + above)


def welch(base: F8, other: F8, confidence: float = CONFIDENCE) -> Interval:
    """Difference of the means of two independent samples, ``other - base``."""
    from scipy.special import stdtrit

    mean = float(other.mean() - base.mean())
    if min(base.size, other.size) < 2:
        return Interval(mean, -math.inf, math.inf)
    va, vb = (float(x.var(ddof=1)) / x.size for x in (base, other))
    if va + vb == 0.0:
        return Interval(mean, mean, mean)
    freedom = (va + vb) ** 2 / (va * va / (base.size - 1) + vb * vb / (other.size - 1))
    half = float(stdtrit(freedom, 0.5 + confidence / 2.0)) * math.sqrt(va + vb)
    return Interval(mean, mean - half, mean + half)


def _gain(a: F8, b: F8) -> float:
    if a.size < 2:
        return math.nan
    apart, together = float(a.var(ddof=1) + b.var(ddof=1)), float((b - a).var(ddof=1))
    return apart / together if together > 1e-12 * apart else math.nan


def _correlation(a: F8, b: F8) -> float:
    if a.size < 2 or a.std() == 0.0 or b.std() == 0.0:
        return math.nan
    return float(np.corrcoef(a, b)[0, 1])
