"""Two kinds of not knowing, told apart: K draws of the claims, n replications of chance in each.

With ``y[i, j]`` the outcome of replication j under draw i, the one-way analysis of variance gives, without
bias,

    within  = mean over draws of the sample variance            (chance, per replication)
    between = variance of the draws' means - within / n         (what is not known)

The difference may be negative; it is then reported as 0 for a width and kept as it is for averaging.
Y. Sun, D. W. Apley and J. Staum, "Efficient nested simulation for estimating the variance of a conditional
expectation", Operations Research 59 (2011) 998-1007, doi:10.1287/opre.1110.0932: the estimator, and that
the best n does not grow with the budget.

Every draw has replications of its own, so that the chance in the grand mean falls with K n; variants
share them within a draw.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kalkan.results.intervals import Interval, t_interval

F8 = NDArray[np.float64]
MOST_INNER = 1000


class Nested(NamedTuple):
    """What K x n outcomes say.

    Attributes
    ----------
    mean : float
        Over claims and chance.
    between, within : float
        Variances: of the conditional mean over the claims (unbiased, may be negative), and of one
        replication under given claims.
    chance : float
        Half-width of the interval of the mean that more replications of the same draws would narrow.
    known : Interval
        Of the mean over claims and chance: both loops are finite.
    unknown : float
        Half of the central interval of the conditional mean over the claims.
    low, high : float
        That interval; chance is taken out of the draws' means by shrinking.
    draws, inner : int
        K and n.
    """

    mean: float
    between: float
    within: float
    chance: float
    known: Interval
    unknown: float
    low: float
    high: float
    draws: int
    inner: int


def nested(outcomes: F8, confidence: float = 0.95) -> Nested:
    """Separate chance from what is not known.

    Parameters
    ----------
    outcomes : float64 array (K, n)
        K and n at least 2.
    confidence : float
        Of the interval of the mean, and share of the claims between `low` and `high`.

    Raises
    ------
    ValueError
        For fewer than two draws or replications.
    """
    from scipy.special import stdtrit

    k, n = outcomes.shape
    if k < 2 or n < 2:
        raise ValueError(f"two draws and two replications in each are the least; got {k} and {n}")
    means = outcomes.mean(axis=1)
    within = float(outcomes.var(axis=1, ddof=1).mean())
    total = float(means.var(ddof=1))
    between = total - within / n
    half = float(stdtrit(k * (n - 1), 0.5 + confidence / 2.0)) * math.sqrt(within / (k * n))
    shrunk = means.mean() + (means - means.mean()) * math.sqrt(max(between, 0.0) / total if total > 0.0 else 0.0)
    tail = (1.0 - confidence) / 2.0
    low, high = (float(q) for q in np.quantile(shrunk, [tail, 1.0 - tail]))
    known = t_interval(means, confidence)
    return Nested(known.estimate, between, within, half, known, (high - low) / 2.0, low, high, k, n)


def between_error(between: float, within: float, draws: float, inner: float) -> float:
    """Standard error of the estimate of `between`, for normal conditional means and outcomes.

    The variances of two independent mean squares: ``2 (between + within/n)² / (K - 1)`` and
    ``2 within² / (K (n - 1) n²)``.
    """
    total = between + within / inner
    return math.sqrt(2.0 * total**2 / (draws - 1.0) + 2.0 * within**2 / (draws * (inner - 1.0) * inner**2))


def best_inner(between: float, within: float, overhead: float, budget: float) -> int:
    """Replications per draw that estimate `between` best for a budget.

    Parameters
    ----------
    between, within : float
        Variances, from a pilot.
    overhead : float
        What a new draw costs, in replications (its plan must be made).
    budget : float
        Replications, overheads counted with them.

    Returns
    -------
    int
        At least 2; as large as allowed where the claims do not seem to matter.
    """
    most = int(min(MOST_INNER, max(2.0, budget / 4.0 - overhead)))
    if within <= 0.0:
        return 2
    inner = np.arange(2, most + 1, dtype=np.float64)
    draws = np.maximum(budget / (inner + overhead), 2.0)
    errors = [between_error(max(between, 0.0), within, k, n) for k, n in zip(draws, inner, strict=True)]
    return int(inner[int(np.argmin(errors))])
