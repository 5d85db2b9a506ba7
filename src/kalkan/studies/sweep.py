"""Sweeps: the answer over values of one or two defence parameters or claims, with common random numbers."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any, NamedTuple

from kalkan.engine.points import Point
from kalkan.errors import Problem, ProblemsError
from kalkan.results.compare import difference
from kalkan.results.declared import MEASURES, PLAIN
from kalkan.results.goals import Goal
from kalkan.results.intervals import Interval
from kalkan.results.quantity import Quantity, estimate
from kalkan.scenario import Scenario
from kalkan.scenario.writing.overrides import Parameter, keepers, read_parameter, read_values, with_values
from kalkan.studies.answers import Answers
from kalkan.studies.further import Further, further

MOST_POINTS = 2500


class Axis(NamedTuple):
    """One swept parameter."""

    parameter: Parameter
    values: list[Any]


class Swept(NamedTuple):
    """What a sweep found.

    Attributes
    ----------
    axes : list of Axis
        One or two; the second varies fastest.
    labels : list of str
        Headings of the variants.
    points : list of tuple
        Values at every point, in order.
    values : list of list of dict of str to Interval
        Per point and variant: every measure.
    differences : list of list of dict of str to Interval
        Per point: paired differences of the second and later variants from the first.
    n : int
        Replications at each point.
    kept : dict of str to list of str
        Per target, headings of the variants that set it themselves: their own value stays at every point.
    further : list of Further
        Where the number of batches is swept: what each further one changes.
    """

    axes: list[Axis]
    labels: list[str]
    points: list[tuple[Any, ...]]
    values: list[list[dict[str, Interval]]]
    differences: list[list[dict[str, Interval]]]
    n: int
    kept: dict[str, list[str]]
    further: list[Further] = []

    def of(self, goal: Goal, variant: int) -> list[Interval]:
        """A goal's measure at every point, of a variant or (by its number less one) of a difference."""
        table = self.differences if goal.difference else self.values
        return [row[variant][goal.key] for row in table]


def read_axes(scenario: Scenario, texts: Sequence[str]) -> list[Axis]:
    """Axes written as ``TARGET=VALUES``.

    Raises
    ------
    ProblemsError
        With everything that is wrong.
    """
    axes: list[Axis] = []
    problems = []
    for text in texts:
        try:
            axes.append(_axis(scenario, text, axes))
        except ValueError as error:
            problems.append(Problem(f"--over {text}", str(error)))
    if not problems and len(axes) > 2:
        problems.append(Problem("--over", "at most two parameters can be swept at once"))
    size = 1
    for axis in axes:
        size *= len(axis.values)
    if size > MOST_POINTS:
        problems.append(Problem("--over", f"{size:,} points are more than {MOST_POINTS:,}"))
    if problems:
        raise ProblemsError(problems)
    return axes


def _axis(scenario: Scenario, text: str, others: Sequence[Axis]) -> Axis:
    parameter, sign, values = text.partition("=")
    if not sign:
        raise ValueError("needs values, such as doctrine.standard.salvo=1,2,3")
    found = read_values(values)
    if len(found) < 2:
        raise ValueError("needs two values at least")
    twice = next((v for i, v in enumerate(found) if v in found[:i]), None)
    if twice is not None:
        raise ValueError(f"names {twice} twice; each value once")
    read = read_parameter(scenario, parameter)
    if read.place in [axis.parameter.place for axis in others]:
        raise ValueError(f'sweeps "{read.text}" once more; name another parameter')
    return Axis(read, found)


def points_of(scenario: Scenario, axes: Sequence[Axis]) -> tuple[list[tuple[Any, ...]], list[Scenario]]:
    """Values at every point, and the scenario there.

    Raises
    ------
    ProblemsError
        Values that the scenario does not allow; all of them at once.
    """
    points = list(itertools.product(*(axis.values for axis in axes)))
    made, problems = [], {}
    for point in points:
        try:
            made.append(with_values(scenario, dict(zip((a.parameter for a in axes), point, strict=True))))
        except ProblemsError as error:
            problems.update({(p.where, p.message): p for p in error.problems})
    if problems:
        raise ProblemsError(list(problems.values()))
    return points, made


def sweep(
    scenario: Scenario, axes: Sequence[Axis], answers: Answers, n: int, *, variants: Sequence[str] | None = None,
    confidence: float = 0.95,
) -> Swept:  # fmt: skip
    """Simulate every variant at every point.

    Parameters
    ----------
    scenario : Scenario
    axes : sequence of Axis
        One or two.
    answers : Answers
    n : int
        Replications, the same ones at every point.
    variants : sequence of str, optional
    confidence : float
    """
    points, scenarios = points_of(scenario, axes)
    rows = [[v for name, v in s.variants_resolved().items() if not variants or name in variants] for s in scenarios]
    answers.expect(sum(map(len, rows)), n)
    found = iter(answers.ask([Point(v, None, 0, n) for row in rows for v in row]))
    values, differences, every = [], [], []
    for row in rows:
        quantities = [_quantities(next(found)) for _ in row]
        every.append(quantities)
        values.append([{k: _interval(estimate(q, confidence)) for k, q in qs.items()} for qs in quantities])
        base = quantities[0]
        differences.append(
            [
                {k: _interval(difference(base[k], qs[k], confidence=confidence)) for k in PLAIN}
                for qs in quantities[1:]
            ]
        )
    labels = {v.variant: v.label for v in rows[0]}
    kept = {a.parameter.text: [labels[n] for n in keepers(scenario, a.parameter) if n in labels] for a in axes}
    counted = next((i for i, a in enumerate(axes) if a.parameter.counts_batches), None)
    steps = [] if counted is None else further(points, every, counted, confidence)
    return Swept(list(axes), [v.label for v in rows[0]], points, values, differences, n, kept, steps)


def _quantities(found: dict[str, Any]) -> dict[str, Quantity]:
    chosen = (MEASURES[key] for key in PLAIN)
    return {m.key: Quantity(m.key, m.key, m.unit, m.kind, found[m.key], m.step, 0.0, m.most) for m in chosen}


def _interval(found: Any) -> Interval:
    return Interval(found.mean, found.low, found.high)
