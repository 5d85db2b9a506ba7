"""Rare leaks: how likely is it that anything leaks, when nearly nothing does?

A threat can leak only if every interceptor that meets it before misses. Replications are therefore drawn
from a mixture: with a small share everything happens as in truth, else one threat is *spared*: all that
meets it misses until it has leaked (``kernels.rare``). A replication's weight is the ratio of its true
probability to that under the mixture,

    w = 1 / (share_0 + sum_j share_j R_j),    R_j = product over its intercepts of 1 / (1 - p), 0 if killed,

and the mean of ``w [anything leaked]`` is unbiased. The union of rare events is thus sampled by what can
cause it: A. B. Owen, Y. Maximov and M. Chertkov, "Importance sampling the union of rare events", Electron. J.
Statist. 13 (2019) 231-254, doi:10.1214/18-EJS1527. Weights never exceed 1 / share_0 (a defensive mixture: T.
Hesterberg, Technometrics 37 (1995) 185-194), and where a spared threat j leaks not 1 / share_j either, so that a
wrong choice of shares costs time, never truth. A pilot chooses the shares by what each threat contributes
(cross-entropy).

Leaks that no interceptor had a part in (never seen, no channel) come with their natural frequency only;
they are counted without error, but not sooner.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kalkan.engine.numbers import FIRST_RARE
from kalkan.engine.points import Point, simulate
from kalkan.engine.store import Arrays
from kalkan.errors import ProblemsError
from kalkan.results.intervals import Interval
from kalkan.scenario import Scenario
from kalkan.schema import LEAKED

F8 = NDArray[np.float64]
TRUE_SHARE = 0.1  # of replications in which nothing is spared
PILOT = 0.2  # of all replications
EVEN = 0.5  # how much of the shares stays even after the pilot


class Rare(NamedTuple):
    """What was found.

    Attributes
    ----------
    p : Interval
        Probability that anything leaks.
    leakers : Interval
        Mean number of leakers.
    n : int
        Replications, the pilot's among them.
    gain : float
        Replications of a plain run for the same error of `p`, over `n`; nan if nothing leaked.
    effective : float
        Effective number of replications behind `p`: square of the sum of weights of those with a leaker over
        the sum of squares.
    mean_weight : Interval
        Of all replications; holds 1 if the weights are right.
    culprits : list of (str, float)
        Threats by their share in p, the largest first.
    """

    p: Interval
    leakers: Interval
    n: int
    gain: float
    effective: float
    mean_weight: Interval
    culprits: list[tuple[str, float]]


class Sample(NamedTuple):
    """Weights and leaks of replications from one mixture."""

    weight: F8  # (n,)
    leaked: NDArray[np.bool_]  # (n, n_threat)


_OF_ONE_RAID = (
    "make a campaign, in which a leak of one wave hangs on those before it: rare events are asked of one raid on a "
    "defence that is whole; remove it"
)
PerSample = Callable[[Sample], F8]


def rare(
    variant: Scenario, n: int, *, seed: int, threads: int, confidence: float = 0.95, **options: object
) -> Rare:
    """Probability that anything leaks, by importance sampling.

    Parameters
    ----------
    variant : Scenario
        One variant.
    n : int
        Replications, a fifth of which is the pilot.
    seed, threads : int
    confidence : float
    **options
        ``compiler``, ``runner``, ``watcher`` of :func:`kalkan.engine.points.simulate`.

    Raises
    ------
    ProblemsError
        It is a campaign.
    """
    for table in ("waves", "supply"):
        if getattr(variant, table):
            raise ProblemsError([variant.problem((table,), _OF_ONE_RAID)])
    names = [f"{r.name} {i + 1}" for r in sorted(variant.raids, key=lambda r: r.name) for i in range(r.count)]
    even = np.full(len(names), (1.0 - TRUE_SHARE) / len(names))
    n_pilot = max(1, round(PILOT * n))
    from kalkan.compile.shared import Shared

    blocks = ((even, FIRST_RARE, n_pilot), (None, FIRST_RARE + n_pilot, n - n_pilot))
    samples: list[Sample] = []
    shared = Shared()
    for shares, first, size in blocks:
        chosen = _better(samples[0], even) if shares is None else shares
        point = Point(variant, None, first, size, dict(zip(names, chosen.tolist(), strict=True)))
        (found,) = simulate([point], seed=seed, threads=threads, shared=shared, **options)  # type: ignore[arg-type]
        samples.append(_weighed(found.arrays, chosen))
    return _rare(samples, names, confidence)


def _better(pilot: Sample, even: F8) -> F8:
    """Shares by what each threat contributes to the probability of a leak, half of them kept even."""
    each = pilot.leaked / np.maximum(pilot.leaked.sum(axis=1, keepdims=True), 1)
    part = (pilot.weight[:, None] * each).sum(axis=0)
    if part.sum() == 0.0:
        return even
    shares: F8 = EVEN * even + (1.0 - EVEN) * even.sum() * part / part.sum()
    return shares


def _weighed(arrays: Arrays, shares: F8) -> Sample:
    """Weights of replications drawn with these shares, and what leaked in them."""
    mine = slice(shares.size)  # the raids come first
    return Sample(weights(arrays["threat_spared_log"][:, mine], shares), arrays["threat_outcome"][:, mine] == LEAKED)


def weights(spared_log: F8, shares: F8) -> F8:
    """True probability over probability in the mixture, for every replication.

    Parameters
    ----------
    spared_log : float64 array (n, n_threat)
        ``threat_spared_log`` of the records.
    shares : float64 array (n_threat,)
        Share of the replications in which each threat is spared; together below 1.
    """
    with np.errstate(divide="ignore", over="ignore"):
        mixed = (1.0 - shares.sum()) + (shares * np.exp(spared_log)).sum(axis=1)
        return np.asarray(1.0 / mixed, np.float64)


def _rare(samples: list[Sample], names: list[str], confidence: float) -> Rare:
    weight = np.concatenate([s.weight for s in samples])
    leaked = np.concatenate([s.leaked for s in samples])
    any_leak = leaked.any(axis=1)
    hit = weight * any_leak
    p = _interval(samples, lambda s: s.weight * s.leaked.any(axis=1), confidence)
    leakers = _interval(samples, lambda s: s.weight * s.leaked.sum(axis=1), confidence)
    mean_weight = _interval(samples, lambda s: s.weight, confidence)
    n = weight.size
    variance = _variance(samples, lambda s: s.weight * s.leaked.any(axis=1))
    gain = p.estimate * (1.0 - p.estimate) / (variance * n) if variance > 0.0 else math.nan
    each = leaked / np.maximum(leaked.sum(axis=1, keepdims=True), 1)
    part = (weight[:, None] * each).sum(axis=0)
    ranking = np.argsort(-part, kind="stable")
    culprits = [(names[i], float(part[i] / part.sum())) for i in ranking if part[i] > 0.0]
    effective = float(hit.sum() ** 2 / (hit**2).sum()) if hit.any() else 0.0
    return Rare(p, leakers, n, gain, effective, mean_weight, culprits)


def _variance(samples: list[Sample], values: PerSample) -> float:
    """Variance of the mean over all replications; each stage counts by its number."""
    total = sum(s.weight.size for s in samples)
    parts = [values(s) for s in samples]
    return float(sum(x.size**2 / total**2 * x.var(ddof=1) / x.size for x in parts if x.size > 1))


def _interval(samples: list[Sample], values: PerSample, confidence: float) -> Interval:
    """Normal interval of the mean of weighted values; its lower end is not below 0."""
    from scipy.special import ndtri

    parts = [values(s) for s in samples]
    mean = float(np.concatenate(parts).mean())
    half = float(ndtri(0.5 + confidence / 2.0)) * math.sqrt(_variance(samples, values))
    return Interval(mean, max(0.0, mean - half), mean + half)
