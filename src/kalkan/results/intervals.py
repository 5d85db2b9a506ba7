"""Confidence intervals for proportions, means and paired differences.

Sources: E. B. Wilson, JASA 22 (1927), doi:10.1080/01621459.1927.10502953; C. J. Clopper and
E. S. Pearson, Biometrika 26 (1934), doi:10.1093/biomet/26.4.404; Student, Biometrika 6 (1908);
N. J. Johnson, JASA 73 (1978) 536-544, doi:10.1080/01621459.1978.10480051 (means of skewed values).

Means of outcomes get :func:`mean_interval`, proportions Clopper and Pearson's interval; how often both cover,
and how wide they are, is tested on committed distributions (``tests/reference/data/outcomes.json``).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

F8 = NDArray[np.float64]
SAFETY = 1.4  # on Johnson's shift: the skewness of a small sample is too small on average
ENOUGH, ENOUGH_VARIED = 20, 5  # replications, and how many of them must differ from the most frequent value


class Interval(NamedTuple):
    """An estimate with its two-sided interval, all in the unit of the quantity."""

    estimate: float
    low: float
    high: float

    @property
    def half_width(self) -> float:
        """Half of the distance between the ends."""
        return (self.high - self.low) / 2.0

    @property
    def reach(self) -> float:
        """From the estimate to the farther end."""
        return max(self.high - self.estimate, self.estimate - self.low)


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


def mean_interval(
    values: ArrayLike, confidence: float = 0.95, *, step: float = 0.0, least: float = -math.inf, most: float = math.inf
) -> Interval:
    """Interval of the mean of independent outcomes that may be skewed, mostly zero or rare; see `mean_ends`.

    One value gives infinite ends (or the bounds).

    Raises
    ------
    ValueError
        Without values, for values that are not finite, or a confidence out of range.
    """
    x = np.asarray(values, dtype=np.float64).reshape(-1)
    _check_values(x, confidence)
    low, high = mean_ends(x, confidence, step=step, least=least, most=most)
    return Interval(float(x.mean()), float(low), float(high))


def mean_ends(
    values: F8, confidence: float = 0.95, *, step: float = 0.0, least: float = -math.inf, most: float = math.inf
) -> tuple[F8, F8]:
    """Ends of intervals of means, many samples at once.

    Student's interval, with two additions. On the side of the longer tail it reaches farther by Johnson's
    shift for skewness, ``s g (2 t² + 1) / (6 n)`` with g the sample's adjusted skewness, times `SAFETY`; the
    other side is not shortened, since there the estimated spread errs. And an event of the size `step` that has
    not been seen yet on either side is counted with a variance that gives a count that is 0 in all n
    replications the upper end 3/n (the "rule of three": J. A. Hanley and A. Lippman-Hand, JAMA 249 (1983),
    doi:10.1001/jama.1983.03330370053031). The safety factor and the one-sided use are kalkan's own.

    Parameters
    ----------
    values : float64 array (..., n)
        A sample along the last axis.
    confidence : float
        In (0, 1).
    step : float
        Smallest change that one event makes: 1 for counts; 0 where there is no such thing.
    least, most : float
        What a mean cannot pass.

    Returns
    -------
    low, high : float64 arrays (...)
    """
    from scipy.special import ndtri, stdtrit

    n = values.shape[-1]
    mean = values.mean(axis=-1)
    if n == 1:
        return np.full_like(mean, least), np.full_like(mean, most)
    spread = values.std(axis=-1, ddof=1)
    t = float(stdtrit(n - 1, 0.5 + confidence / 2.0))
    unseen = (math.log(1.0 - confidence) / float(ndtri(0.5 + confidence / 2.0))) ** 2
    plain = t * spread / math.sqrt(n)
    guarded = t * np.sqrt(spread**2 / n + unseen * step**2 / (n * (n - 1.0)))
    shift = SAFETY * spread * skewness(values) * (2.0 * t * t + 1.0) / (6.0 * n)
    low = mean - np.maximum(guarded, plain - np.minimum(shift, 0.0))
    high = mean + np.maximum(guarded, plain + np.maximum(shift, 0.0))
    return np.maximum(low, least), np.minimum(high, most)


def skewness(values: F8) -> F8:
    """Adjusted Fisher-Pearson skewness along the last axis; 0 for fewer than three or equal values."""
    n = values.shape[-1]
    deviations = values - values.mean(axis=-1, keepdims=True)
    variance = (deviations**2).mean(axis=-1)
    if n < 3:
        return np.zeros_like(variance)
    third = (deviations**3).mean(axis=-1)
    plain = np.divide(third, variance**1.5, out=np.zeros_like(third), where=variance > 0.0)
    return plain * math.sqrt(n * (n - 1.0)) / (n - 2.0)


def scarce(values: ArrayLike) -> bool:
    """Whether a sample is too small for an interval of its mean that any method could vouch for.

    Fewer than `ENOUGH` values, or fewer than `ENOUGH_VARIED` that differ from the most frequent one: what was not seen
    may then decide the mean.
    """
    x = np.asarray(values, dtype=np.float64).reshape(-1)
    most_frequent = int(np.unique(x, return_counts=True)[1].max()) if x.size else 0
    return bool(x.size < ENOUGH or x.size - most_frequent < ENOUGH_VARIED)


def _check_counts(successes: int, trials: int, confidence: float) -> None:
    if not 0 <= successes <= trials or trials < 1:
        raise ValueError(f"{successes} successes of {trials} trials is not a proportion")
    _check_confidence(confidence)


def _check_values(values: F8, confidence: float) -> None:
    _check_confidence(confidence)
    if values.size == 0 or not np.all(np.isfinite(values)):
        raise ValueError("an interval of a mean needs at least one value, all of them finite")


def _check_confidence(confidence: float) -> None:
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"confidence = {confidence} must lie between 0 and 1")
