"""What drives the spread of the answer over draws of the claims.

A quantity's share is estimated from the draws themselves: the outcomes' ranks over its ranks, by a line and a
bend (orthogonal polynomials of degree 1 and 2, as the first terms of a chaos expansion: B. Sudret, Reliab. Eng.
Syst. Saf. 93 (2008) 964-979, doi:10.1016/j.ress.2007.04.002). Effects that turn twice are missed; they are
found by Sobol indices (:mod:`kalkan.studies.sensitivity`), which need draws of their own.

How firmly a quantity is the first is told by resampling the draws (bootstrap: B. Efron, Ann. Statist. 7 (1979),
doi:10.1214/aos/1176344552): the share of the resamples in which it ranks first.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kalkan.catalogue import Stance
from kalkan.results.drawn import Driver
from kalkan.results.nested import nested
from kalkan.scenario import Scenario
from kalkan.studies.factors import Factor, disputed, under

if TYPE_CHECKING:
    from kalkan.compile.shared import Shared

F8 = NDArray[np.float64]
PERMUTATIONS = 2000
RESAMPLES = 500


def columns(
    variants: Sequence[Scenario], stances: Sequence[Stance], candidates: Collection[str] | None = None,
    shared: Shared | None = None, money: bool = False,
) -> tuple[list[tuple[str, ...]], F8]:  # fmt: skip
    """Names and ranks of what moves in the draws: one column per group of quantities that move together.

    Of what changes nothing but sums of money, only if `money`: it drives no other answer.
    """
    catalogue, assume = variants[0].catalogue, variants[0].assume
    groups: dict[bytes, list[str]] = {}
    ranked: dict[bytes, F8] = {}
    for factor in disputed(variants, money=money, shared=shared):
        if candidates is not None and factor.path not in candidates:
            continue
        for ranks in _moves(factor, catalogue, assume, stances):
            key = np.where(ranks[0] > ranks[-1], -ranks, ranks).round(6).tobytes()
            names = groups.setdefault(key, [])
            names += [factor.name] if factor.name not in names else []
            ranked.setdefault(key, ranks)
    table = np.array([ranked[k] for k in groups]).reshape(len(groups), len(stances))
    return [tuple(names) for names in groups.values()], table


def _moves(factor: Factor, catalogue: Any, assume: Any, stances: Sequence[Stance]) -> list[F8]:
    """Ranks of a quantity over the draws, for every condition under which it moves by itself.

    Of a branch: each of its words against all the others.
    """
    from scipy.stats import rankdata

    found: dict[bytes, F8] = {}
    for asked in factor.asked:
        values = [under(catalogue, assume, factor.path, asked, s).value for s in stances]
        rows = [[float(v == word) for v in values] for word in factor.branches] or [[float(v) for v in values]]
        for row in rows:
            ranks = np.asarray(rankdata(row), np.float64)
            if ranks.std() > 0.0:
                found.setdefault(ranks.tobytes(), ranks)
    return list(found.values())


def drivers(outcomes: F8, names: Sequence[tuple[str, ...]], ranks: F8, seed: int = 0) -> list[Driver]:
    """Quantities by their share in the spread of the draws' means.

    With a hundred quantities and some dozens of draws the strongest looks strong by luck; its chance is
    that of the largest fit over random orders of the outcomes (Westfall and Young 1993).

    Parameters
    ----------
    outcomes : float64 array (K, n)
        The answer, K draws of n replications.
    names : sequence of tuple of str
        Of each column of what moves.
    ranks : float64 array (columns, K)
        From :func:`columns`.
    seed : int
        Of the random orders.
    """
    from scipy.stats import rankdata

    if not len(names):
        return []
    means = outcomes.mean(axis=1)
    told, total = nested(outcomes), float(means.var(ddof=1))
    real = min(1.0, max(told.between, 0.0) / total) if total > 0.0 else 0.0
    order = _standard(np.asarray(rankdata(means), np.float64)[None, :])[0]
    line = _standard(ranks)
    bend = _bends(line)
    random = np.random.Generator(np.random.Philox(key=seed))
    shuffled = np.array([random.permutation(order) for _ in range(PERMUTATIONS)])
    luck = ((line @ shuffled.T) ** 2 + (bend @ shuffled.T) ** 2).max(axis=0)
    fit = (line @ order) ** 2 + (bend @ order) ** 2
    free = (1.0 + bend.any(axis=1)) / (means.size - 1.0)  # what columns without effect fit on average
    shares = np.clip((fit - free) / (1.0 - free) / real, 0.0, 1.0) if real > 0.0 else np.zeros_like(fit)
    first = _ranks_first(means, names, ranks, random)
    rows = zip(names, shares, fit, strict=True)
    return _strongest([Driver(n, float(share), float((luck >= f).mean()), first[n]) for n, share, f in rows])


def _ranks_first(
    means: F8, names: Sequence[tuple[str, ...]], ranks: F8, random: np.random.Generator
) -> dict[tuple[str, ...], float]:
    """Per group of names: share of resamples of the draws in which one of its columns has the best fit."""
    from scipy.stats import rankdata

    wins = dict.fromkeys(names, 0)
    for _ in range(RESAMPLES):
        rows = random.integers(0, means.size, means.size)
        order = _standard(np.asarray(rankdata(means[rows]), np.float64)[None, :])[0]
        line = _standard(ranks[:, rows])
        fit = (line @ order) ** 2 + (_bends(line) @ order) ** 2
        if fit.any():
            wins[names[int(np.argmax(fit))]] += 1
    return {n: w / RESAMPLES for n, w in wins.items()}


def _bends(line: F8) -> F8:
    """Of each row its square, made orthogonal to itself and to constants; 0 where the row has two values."""
    square = line**2 - (line**2).mean(axis=1, keepdims=True)
    square -= (square * line).sum(axis=1, keepdims=True) * line
    square[np.abs(square).max(axis=1) < 1e-9] = 0.0
    return _standard(square)


def _strongest(found: Sequence[Driver]) -> list[Driver]:
    """The strongest column of each group of names, the clearest first."""
    by_name = itertools.groupby(sorted(found, key=lambda d: (d.names, d.p, -d.share)), key=lambda d: d.names)
    return sorted((next(group) for _, group in by_name), key=lambda d: (d.p, -d.share))


def _standard(rows: F8) -> F8:
    """Rows with mean 0 and length 1; constant rows become 0."""
    centred = rows - rows.mean(axis=1, keepdims=True)
    length = np.sqrt((centred**2).sum(axis=1, keepdims=True))
    return np.divide(centred, length, out=np.zeros_like(centred), where=length > 0.0)
