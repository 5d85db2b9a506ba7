"""Carry the disagreement of the sources to the answer: draws of the claims around replications of chance."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kalkan.catalogue import Stance, draw
from kalkan.results.answers import Answers, each
from kalkan.results.factors import Factor, disputed, under
from kalkan.results.nested import Nested, best_inner, nested
from kalkan.scenario import Scenario

F8 = NDArray[np.float64]
SHOWN = ("leakers", "killed", "p_no_leaker", "hits", "value_kept", "spent", "cost_spent")
DESIGN_SEED, PILOT_SEED = 1, 2
PILOT_DRAWS, PILOT_INNER, LEAST_INNER = 12, 6, 16
PERMUTATIONS = 2000
PLAN_COST = 4.0  # of a draw's plans, in replications of all variants


class Driver(NamedTuple):
    """How much of what is not known goes with one quantity.

    Attributes
    ----------
    names : tuple of str
        Quantities that move together in the draws; they cannot be told apart.
    share : float
        Squared rank correlation with the draws' means, over the share of these that is not chance.
    p : float
        Chance that the strongest of all quantities would look as strong without any effect.
    """

    names: tuple[str, ...]
    share: float
    p: float


class Propagated(NamedTuple):
    """What a study over draws found.

    Attributes
    ----------
    labels : list of str
        Headings of the variants.
    of_variant : list of dict of str to Nested
        By measure, for every variant.
    differences : list of dict of str to Nested
        Paired differences of the second and later variants from the first.
    drivers : list of Driver
        For the measure asked, of the last difference (or the only variant), strongest first.
    outcomes : list of dict of str to float64 array (K, n)
        Everything, for every variant.
    draws, inner : int
    """

    labels: list[str]
    of_variant: list[dict[str, Nested]]
    differences: list[dict[str, Nested]]
    drivers: list[Driver]
    outcomes: list[dict[str, F8]]
    draws: int
    inner: int


def split(answers: Answers, key: str, budget: int, variants: Sequence[Scenario]) -> tuple[int, int]:
    """Draws and replications per draw for a budget of replications per variant, from a pilot.

    The pilot has draws of another design; at least `LEAST_INNER` replications keep the cost of plans small.
    """
    outcomes = _simulate(answers, variants, PILOT_DRAWS, PILOT_INNER, PILOT_SEED)
    told = nested(_answer(outcomes, key))
    inner = max(LEAST_INNER, best_inner(told.between, told.within, PLAN_COST, budget))
    return max(8, round(budget / inner)), inner


def propagate(
    answers: Answers, chosen: Sequence[Scenario], *, key: str = "leakers", draws: int, inner: int,
    candidates: Collection[str] | None = None, confidence: float = 0.95,
) -> Propagated:  # fmt: skip
    """Simulate every variant under every draw.

    Parameters
    ----------
    answers : Answers
    chosen : sequence of Scenario
        Variants; differences are from the first.
    key : str
        Measure whose drivers are told.
    draws, inner : int
        Draws of the claims (a Latin hypercube), and replications in each.
    candidates : collection of str, optional
        Paths of the quantities that may be drivers, from a study of their own; the fewer they are, the
        less luck there is to fear. Default: all.
    confidence : float
    """
    outcomes = _simulate(answers, chosen, draws, inner, DESIGN_SEED)
    differences = [{k: o[k] - outcomes[0][k] for k in SHOWN} for o in outcomes[1:]]
    catalogue = chosen[0].catalogue
    stances = [draw(catalogue, DESIGN_SEED, i, draws) for i in range(draws)]
    answer = _answer(outcomes, key)
    return Propagated(
        [v.label for v in chosen],
        [{k: nested(o[k], confidence) for k in SHOWN} for o in outcomes],
        [{k: nested(d[k], confidence) for k in SHOWN} for d in differences],
        drivers(answer, *columns(chosen, stances, candidates)),
        outcomes,
        draws,
        inner,
    )


def _answer(outcomes: list[dict[str, F8]], key: str) -> F8:
    return outcomes[-1][key] - outcomes[0][key] if len(outcomes) > 1 else outcomes[0][key]


def _simulate(
    answers: Answers, variants: Sequence[Scenario], draws: int, inner: int, design: int
) -> list[dict[str, F8]]:
    """Per variant and measure: outcomes (K, n). Draw i has replications i n to (i + 1) n - 1."""
    catalogue = variants[0].catalogue
    stances = (draw(catalogue, design, i, draws) for i in range(draws))
    blocks = ((i * inner, inner) for i in range(draws))
    found = answers.ask(each(variants, stances, blocks))
    return [
        {key: np.array([a[key] for a in found[v :: len(variants)]]) for key in found[0]} for v in range(len(variants))
    ]


def columns(
    variants: Sequence[Scenario], stances: Sequence[Stance], candidates: Collection[str] | None = None
) -> tuple[list[tuple[str, ...]], F8]:
    """Names and ranks of what moves in the draws: one column per group of quantities that move together."""
    catalogue, assume = variants[0].catalogue, variants[0].assume
    groups: dict[bytes, list[str]] = {}
    ranked: dict[bytes, F8] = {}
    for factor in disputed(variants):
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
    """Ranks of a quantity over the draws, for every condition under which it moves by itself."""
    from scipy.stats import rankdata

    found: dict[bytes, F8] = {}
    for asked in factor.asked:
        values = [float(under(catalogue, assume, factor.path, asked, s).value) for s in stances]
        ranks = np.asarray(rankdata(values), np.float64)
        if ranks.std() > 0.0:
            found.setdefault(ranks.tobytes(), ranks)
    return list(found.values())


def drivers(outcomes: F8, names: Sequence[tuple[str, ...]], ranks: F8, seed: int = 0) -> list[Driver]:
    """Quantities by their share in the spread of the draws' means.

    The share is a squared rank correlation, good for effects that rise or fall throughout. With a hundred
    quantities and some dozens of draws the strongest looks strong by luck; its chance is that of the
    largest correlation over random orders of the outcomes (Westfall and Young 1993).
    """
    from scipy.stats import rankdata

    if not len(names):
        return []
    means = outcomes.mean(axis=1)
    told = nested(outcomes)
    total = float(means.var(ddof=1))
    real = min(1.0, max(told.between, 0.0) / total) if total > 0.0 else 0.0
    order = _standard(np.asarray(rankdata(means), np.float64)[None, :])[0]
    table = _standard(ranks)
    strength = (table @ order) ** 2
    random = np.random.Generator(np.random.Philox(key=seed))
    shuffled = np.array([random.permutation(order) for _ in range(PERMUTATIONS)])
    luck = ((table @ shuffled.T) ** 2).max(axis=0)
    found = [
        Driver(n, min(1.0, float(s / real)) if real > 0.0 else 0.0, float((luck >= s).mean()))
        for n, s in zip(names, strength, strict=True)
    ]
    return sorted(_strongest(found), key=lambda d: -d.share)


def _strongest(found: Sequence[Driver]) -> list[Driver]:
    """The strongest column of each group of names."""
    by_name = itertools.groupby(sorted(found, key=lambda d: (d.names, -d.share)), key=lambda d: d.names)
    return [next(group) for _, group in by_name]


def _standard(rows: F8) -> F8:
    """Rows with mean 0 and length 1; constant rows become 0."""
    centred = rows - rows.mean(axis=1, keepdims=True)
    length = np.sqrt((centred**2).sum(axis=1, keepdims=True))
    return np.divide(centred, length, out=np.zeros_like(centred), where=length > 0.0)
