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

The interval of the grand mean is one over draws: it holds for other draws as well as for other replications, and two
seeds agree within it. What is not known is told as quantiles of the draws' true means: the means are shrunk until
their variance is the one between draws, so that chance is taken out and no value passes what was found in a draw.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kalkan.results.intervals import Interval, mean_interval

F8 = NDArray[np.float64]
MOST_INNER = 1000
SHARE = 0.9  # of the claims between the quantiles that are told, where there are draws enough
QUANTILES_FROM = 20  # draws: with fewer, 5 % and 95 % lie outside of what was found
ALL = 1.0  # of fewer draws the least and the greatest are told, and called that
RESAMPLES = 400


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
        Half-width of the part of the mean's interval that more replications of the same draws would narrow.
    known : Interval
        Of the mean over claims and chance: both loops are finite.
    low, high : float
        Quantiles of the conditional mean over the claims, with `share` between them; chance is taken out. With fewer
        than `QUANTILES_FROM` draws the least and the greatest of these draws, and no quantiles.
    low_error, high_error : float
        Half-widths of their own intervals: of quantiles by bootstrap over the draws, of ends by the chance in a draw.
    share : float
    draws, inner : int
        K and n.
    """

    mean: float
    between: float
    within: float
    chance: float
    known: Interval
    low: float
    high: float
    low_error: float
    high_error: float
    share: float
    draws: int
    inner: int


def share_of(draws: int) -> float:
    """Share of the claims between the quantiles that so many draws can tell; `ALL`: of the draws, from end to end."""
    return SHARE if draws >= QUANTILES_FROM else ALL


def nested(
    outcomes: F8, confidence: float = 0.95, *, share: float | None = None, step: float = 0.0,
    least: float = -math.inf, most: float = math.inf,
) -> Nested:  # fmt: skip
    """Separate chance from what is not known.

    Parameters
    ----------
    outcomes : float64 array (K, n)
        K and n at least 2.
    confidence : float
        Of the interval of the mean, and of the quantiles' own.
    share : float, optional
        Of the claims between `low` and `high`; default what so many draws can tell.
    step : float
        Smallest change that one event makes to a replication; see :func:`kalkan.results.intervals.mean_ends`.
    least, most : float
        What a mean cannot pass.

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
    between = float(means.var(ddof=1)) - within / n
    half = float(stdtrit(k * (n - 1), 0.5 + confidence / 2.0)) * math.sqrt(within / (k * n))
    share = share_of(k) if share is None else share
    low, high = _quantiles(means[None, :], within / n, share)[:, 0]
    quantiles = share < ALL
    errors = _errors(means, within / n, share, confidence) if quantiles else (_chance(within / n, confidence),) * 2
    known = mean_interval(means, confidence, step=step / n, least=least, most=most)
    return Nested(
        known.estimate, between, within, half, known, float(low), float(high), *errors, share, k, n
    )


def _quantiles(means: F8, chance: float, share: float) -> F8:
    """Quantiles (2, m) of m sets of K draws' true means.

    Parameters
    ----------
    means : float64 array (m, K)
        Of the draws' replications.
    chance : float
        Variance that chance has in each of them.
    share : float
        Between the quantiles.
    """
    shrunk = _shrunk(means, chance)
    tail = (1.0 - share) / 2.0
    return np.asarray(np.quantile(shrunk, [tail, 1.0 - tail], axis=1, method="median_unbiased"))


def _shrunk(means: F8, chance: float) -> F8:
    """Means of sets of draws (m, K), drawn together until chance of that variance is out of them."""
    centre = means.mean(axis=1, keepdims=True)
    total = means.var(axis=1, ddof=1, keepdims=True)
    real = np.divide(np.maximum(total - chance, 0.0), total, out=np.zeros_like(total), where=total > 0.0)
    return np.asarray(centre + (means - centre) * np.sqrt(real))


def true_means(outcomes: F8) -> F8:
    """Means of the draws (K,) of outcomes (K, n), n at least 2, with chance taken out as in :func:`nested`."""
    within = float(outcomes.var(axis=1, ddof=1).mean())
    return _shrunk(outcomes.mean(axis=1)[None, :], within / outcomes.shape[1])[0]


def quantile_of(values: F8, p: float) -> float:
    """A value that was found, of which there is infinity: the least that a share `p` of all does not pass."""
    return float(np.sort(values)[min(values.size - 1, max(0, math.ceil(p * values.size) - 1))])


def _errors(means: F8, chance: float, share: float, confidence: float) -> tuple[float, float]:
    """Half-widths of the intervals of both quantiles: draws are resampled, always in the same way."""
    random = np.random.Generator(np.random.Philox(key=means.size))
    again = means[random.integers(0, means.size, (RESAMPLES, means.size))]
    found = _quantiles(again, chance, share)
    tail = (1.0 - confidence) / 2.0
    low, high = np.quantile(found, [tail, 1.0 - tail], axis=1)
    return float(high[0] - low[0]) / 2.0, float(high[1] - low[1]) / 2.0


def _chance(variance: float, confidence: float) -> float:
    """Half-width of the interval of one draw's mean by chance alone."""
    from scipy.special import ndtri

    return float(ndtri(0.5 + confidence / 2.0)) * math.sqrt(variance)


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
