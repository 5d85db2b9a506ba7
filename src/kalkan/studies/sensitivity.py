"""Which disputed quantity moves the answer most: one at a time for people, Sobol indices for experts.

One at a time: every disputed quantity at the lowest and at the highest figure that anyone claims (a
branch at each of its words, of which the bar has the two farthest apart), all others at the scenario's
stance, with the same random numbers. Sobol: quantities (or whole kinds of
conflict) drawn independently from what is claimed; the share of the answer's variance that each explains
alone (first order) and with all others (total). A. Saltelli et al., Comput. Phys. Commun. 181 (2010)
259-270, doi:10.1016/j.cpc.2009.09.018, through SALib (J. Herman and W. Usher, JOSS 2 (2017) 97,
doi:10.21105/joss.00097).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kalkan.catalogue import Stance, read_stance
from kalkan.engine.numbers import FIRST
from kalkan.engine.points import Point
from kalkan.results.declared import MEASURES
from kalkan.results.goals import Goal
from kalkan.results.intervals import Interval, mean_interval
from kalkan.scenario import Scenario
from kalkan.studies.answers import Answers
from kalkan.studies.factors import Factor, disputed

F8 = NDArray[np.float64]


class Bar(NamedTuple):
    """One bar of the tornado: the answer's change with a quantity at either end of what is claimed.

    Attributes
    ----------
    factor : Factor
    low, high : Interval
        Answer minus the answer at the scenario's stance, paired by replication.
    """

    factor: Factor
    low: Interval
    high: Interval

    @property
    def swing(self) -> float:
        """Distance between the farthest of the answers at either end and at the stance."""
        ends = (0.0, self.low.estimate, self.high.estimate)
        return max(ends) - min(ends)


class Index(NamedTuple):
    """Sobol indices of a quantity or a group, with half-widths of their intervals.

    Attributes
    ----------
    name : str
    first, first_half : float
        Share of the variance that it explains alone.
    total, total_half : float
        Share that goes with it in any way.
    members : tuple of str
        Quantities in the group.
    """

    name: str
    first: float
    first_half: float
    total: float
    total_half: float
    members: tuple[str, ...]


class Sobol(NamedTuple):
    """Indices, and how much of the variance is chance that the shared random numbers left in."""

    indices: list[Index]
    variance: float
    chance_share: float
    evaluations: int


class Sensitivity(NamedTuple):
    """What a study of sensitivity found.

    Attributes
    ----------
    answer : Interval
        At the scenario's stance.
    bars : list of Bar
        One per disputed quantity, the longest first.
    sobol : dict of str to Sobol
        Of ``quantities`` and of ``conflicts``, as far as they were asked for.
    """

    answer: Interval
    bars: list[Bar]
    sobol: dict[str, Sobol]


def answer_of(found: Sequence[dict[str, F8]], goal: Goal) -> F8:
    """The goal's measure per replication: the last variant's, minus the first's if a difference is meant."""
    return found[-1][goal.key] - found[0][goal.key] if goal.difference else found[-1][goal.key]


def interval_of(values: F8, goal: Goal, confidence: float = 0.95) -> Interval:
    """Interval of the mean of a goal's values."""
    least = -math.inf if goal.difference else 0.0
    return mean_interval(values, confidence, step=MEASURES[goal.key].step, least=least)


def sides(variants: Sequence[Scenario], goal: Goal) -> list[Scenario]:
    """The variants that a goal needs: the last, and the first for a difference."""
    return [variants[0], variants[-1]] if goal.difference else [variants[-1]]


def ask(
    answers: Answers, variants: Sequence[Scenario], goal: Goal, stances: Sequence[Stance | None], n: int,
    first: int = FIRST,
) -> list[F8]:  # fmt: skip
    """The goal's values under each stance, all with the same `n` replications from `first` on."""
    chosen = sides(variants, goal)
    found = answers.ask([Point(v, stance, first, n) for stance in stances for v in chosen])
    return [answer_of(found[i : i + len(chosen)], goal) for i in range(0, len(found), len(chosen))]


def tornado(
    answers: Answers, variants: Sequence[Scenario], goal: Goal, n: int, *, first: int = FIRST, confidence: float = 0.95,
    later: Callable[[Sequence[Factor]], int] = lambda _: 0,
) -> tuple[Interval, list[Bar]]:  # fmt: skip
    """The answer at the scenario's stance, and one bar per disputed quantity, the longest first.

    Parameters
    ----------
    answers : Answers
    variants : sequence of Scenario
    goal : Goal
    n : int
        Replications of each variant under each figure.
    first : int
        The first of their numbers.
    confidence : float
    later : callable
        Evaluations that the study will ask for behind these, at most, from the quantities.
    """
    factors = disputed(sides(variants, goal), money=goal.key.startswith("cost"), shared=answers.shared())
    stance = read_stance(variants[0].stance, variants[0].catalogue)
    ends = [replace(stance, places={**stance.places, f.path: place}) for f in factors for place in f.places]
    answers.expect((1 + len(ends) + later(factors)) * len(sides(variants, goal)), n)
    answers.watcher.stage(f"one at a time: {len(factors)} disputed quantities at either end × {n} replications")
    base, *values = ask(answers, variants, goal, [None, *ends], n, first)
    change = goal._replace(difference=True)
    changes = iter([interval_of(value - base, change, confidence) for value in values])
    bars = [_bar(f, list(itertools.islice(changes, len(f.places)))) for f in factors]
    return interval_of(base, goal, confidence), sorted(bars, key=lambda b: (-b.swing, b.factor.path))


def _bar(factor: Factor, changes: list[Interval]) -> Bar:
    """The bar of a quantity; of a branch with the words under which the answer is least and greatest."""
    if not factor.branches:
        return Bar(factor, *changes)
    least, most = min(changes, key=lambda c: c.estimate), max(changes, key=lambda c: c.estimate)
    words = (factor.branches[changes.index(least)], factor.branches[len(changes) - 1 - changes[::-1].index(most)])
    return Bar(factor._replace(low=words[0], high=words[1]), least, most)


def groups_of(bars: Sequence[Bar], most: int) -> list[tuple[str, tuple[Factor, ...]]]:
    """The `most` quantities with the longest bars, each by itself; those without effect are left out."""
    return [(b.factor.name, (b.factor,)) for b in bars[:most] if b.swing > 0.0]


def most_evaluations(factors: Sequence[Factor], most: int, base: int, conflicts: bool) -> int:
    """Evaluations of the Sobol studies that may follow, of `most` quantities and over kinds of conflict."""
    groups = [min(most, len(factors))] + [len({f.conflict for f in factors})] * conflicts
    return sum(base * (k + 2) for k in groups if k)


def conflicts_of(bars: Sequence[Bar]) -> list[tuple[str, tuple[Factor, ...]]]:
    """Quantities with any effect, by the kind of their conflict."""
    kinds: dict[str, list[Factor]] = {}
    for bar in bars:
        if bar.swing > 0.0:
            kinds.setdefault(bar.factor.conflict, []).append(bar.factor)
    return [(kind, tuple(factors)) for kind, factors in sorted(kinds.items())]


def sobol(
    answers: Answers, variants: Sequence[Scenario], goal: Goal, groups: Sequence[tuple[str, tuple[Factor, ...]]],
    base: int, n: int, *, confidence: float = 0.95, seed: int = 1,
) -> Sobol:  # fmt: skip
    """Sobol indices of groups of quantities over what is claimed.

    Parameters
    ----------
    answers : Answers
    variants : sequence of Scenario
    goal : Goal
    groups : sequence of (name, factors)
    base : int
        Size of the base sample, a power of 2; ``base * (groups + 2)`` evaluations.
    n : int
        Replications per evaluation, always the same ones.
    confidence : float
        Of the intervals (bootstrap).
    seed : int
        Of the sample and the bootstrap.
    """
    factors = [f for _, members in groups for f in members]
    stance = read_stance(variants[0].stance, variants[0].catalogue)
    spread: list[float] = []

    def model(sample: F8) -> F8:
        places = [{f.path: float(x) for f, x in zip(factors, row, strict=True)} for row in sample]
        values = ask(answers, variants, goal, [replace(stance, places={**stance.places, **p}) for p in places], n)
        spread.extend(float(v.var(ddof=1)) / n for v in values)
        return np.array([v.mean() for v in values])

    evaluations = base * (len(groups) + 2)
    answers.watcher.stage(f"Sobol indices of {len(groups)}: {evaluations:,} evaluations × {n} replications")
    names = [name for name, members in groups for _ in members]
    found, variance, evaluations = indices(model, names, base, confidence=confidence, seed=seed)
    members = {name: tuple(f.name for f in fs) for name, fs in groups}
    chance = min(1.0, float(np.mean(spread)) / variance) if variance > 0.0 else 0.0
    return Sobol([i._replace(members=members[i.name]) for i in found], variance, chance, evaluations)


def indices(
    model: Callable[[F8], F8], names: Sequence[str], base: int, *, bounds: tuple[float, float] = (0.0, 1.0),
    confidence: float = 0.95, seed: int = 1,
) -> tuple[list[Index], float, int]:  # fmt: skip
    """Sobol indices of a model of independent uniform inputs.

    Parameters
    ----------
    model : callable
        From a sample (N, k) to N outcomes.
    names : sequence of str
        Of the group of each input; equal names move together.
    base : int
        Base sample, a power of 2.
    bounds : (float, float)
        Of every input.

    Returns
    -------
    (list of Index, float, int)
        Indices by total effect, variance of the outcomes, and how many evaluations were made.
    """
    from SALib.analyze import sobol as analysis
    from SALib.sample import sobol as sampling

    problem: dict[str, Any] = {
        "num_vars": len(names),
        "names": [f"x{i}" for i in range(len(names))],
        "bounds": [list(bounds)] * len(names),
        "groups": list(names),
    }
    sample = sampling.sample(problem, base, calc_second_order=False, seed=seed)
    outcomes = model(sample)
    variance = float(outcomes.var(ddof=1))
    kinds = list(dict.fromkeys(names))
    if variance == 0.0:
        return [Index(k, 0.0, 0.0, 0.0, 0.0, ()) for k in kinds], 0.0, len(sample)
    with np.errstate(all="ignore"):
        s = analysis.analyze(problem, outcomes, calc_second_order=False, conf_level=confidence, seed=seed)
    rows = zip(kinds, s["S1"], s["S1_conf"], s["ST"], s["ST_conf"], strict=True)
    found = [Index(k, float(a), float(b), float(c), float(d), ()) for k, a, b, c, d in rows]
    return sorted(found, key=lambda x: -x.total), variance, len(sample)
