"""Confidence intervals for proportions, means and paired differences.

Sources: E. B. Wilson, JASA 22 (1927), doi:10.1080/01621459.1927.10502953; C. J. Clopper and
E. S. Pearson, Biometrika 26 (1934), doi:10.1093/biomet/26.4.404; Student, Biometrika 6 (1908).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray


class Interval(NamedTuple):
    """An estimate with its two-sided interval, all in the unit of the quantity."""

    estimate: float
    low: float
    high: float

    @property
    def half_width(self) -> float:
        """Half of the distance between the ends."""
        return (self.high - self.low) / 2.0


def wilson(successes: int, trials: int, confidence: float = 0.95) -> Interval:
    """Wilson score interval of a proportion.

    Parameters
    ----------
    successes, trials : int
        ``0 <= successes <= trials``, ``trials >= 1``.
    confidence : float
        In (0, 1).

    Raises
    ------
    ValueError
        For counts or a confidence out of range.
    """
    from scipy.special import ndtri

    _check_counts(successes, trials, confidence)
    z = float(ndtri(0.5 + confidence / 2.0))
    p = successes / trials
    centre = p + z * z / (2.0 * trials)
    spread = z * math.sqrt(p * (1.0 - p) / trials + (z / (2.0 * trials)) ** 2)
    scale = 1.0 + z * z / trials
    low = 0.0 if successes == 0 else (centre - spread) / scale
    high = 1.0 if successes == trials else (centre + spread) / scale
    return Interval(p, low, high)


def clopper_pearson(successes: int, trials: int, confidence: float = 0.95) -> Interval:
    """Clopper-Pearson interval of a proportion: covers at least with `confidence`; see `wilson`."""
    from scipy.special import betaincinv

    _check_counts(successes, trials, confidence)
    tail = (1.0 - confidence) / 2.0
    x, n = successes, trials
    low = 0.0 if x == 0 else float(betaincinv(x, n - x + 1, tail))
    high = 1.0 if x == n else float(betaincinv(x + 1, n - x, 1.0 - tail))
    return Interval(x / n, low, high)


def t_interval(values: ArrayLike, confidence: float = 0.95) -> Interval:
    """Student interval of the mean of independent values (one per replication).

    One value gives infinite ends; values that are all equal give an interval of no width.

    Raises
    ------
    ValueError
        Without values, for values that are not finite, or a confidence out of range.
    """
    from scipy.special import stdtrit

    x: NDArray[np.float64] = np.asarray(values, dtype=np.float64).reshape(-1)
    _check_confidence(confidence)
    if x.size == 0 or not np.all(np.isfinite(x)):
        raise ValueError("an interval of a mean needs at least one value, all of them finite")
    mean = float(x.mean())
    if x.size == 1:
        return Interval(mean, -math.inf, math.inf)
    half = float(stdtrit(x.size - 1, 0.5 + confidence / 2.0)) * float(x.std(ddof=1)) / math.sqrt(x.size)
    return Interval(mean, mean - half, mean + half)


def paired_t(values: ArrayLike, others: ArrayLike, confidence: float = 0.95) -> Interval:
    """Student interval of the mean of ``values - others``, paired by replication.

    Raises
    ------
    ValueError
        For arrays of different length; otherwise as `t_interval`.
    """
    a = np.asarray(values, dtype=np.float64)
    b = np.asarray(others, dtype=np.float64)
    if a.shape != b.shape:
        raise ValueError(f"pairs need arrays of one shape, got {a.shape} and {b.shape}")
    return t_interval(a - b, confidence)


def _check_counts(successes: int, trials: int, confidence: float) -> None:
    if not 0 <= successes <= trials or trials < 1:
        raise ValueError(f"{successes} successes of {trials} trials is not a proportion")
    _check_confidence(confidence)


def _check_confidence(confidence: float) -> None:
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"confidence = {confidence} must lie between 0 and 1")
