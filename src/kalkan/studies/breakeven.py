"""Where a conclusion flips: the value of one claim or defence parameter at which the answer crosses a line.

With the same random numbers at every value, the estimate and the two ends of its interval are curves in
that parameter. The break-even value is where the estimate crosses the threshold. Its interval holds
the values at which the answer's interval contains the threshold (inversion of the interval); where the
answer rises or falls throughout, it covers the true value with the confidence of the answer's interval.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from kalkan.engine.points import Point
from kalkan.errors import Problem, ProblemsError
from kalkan.results.goals import Goal
from kalkan.results.intervals import Interval
from kalkan.scenario import Scenario
from kalkan.scenario.writing.overrides import keepers, read_ends, read_parameter, shown, with_values
from kalkan.studies.answers import Answers
from kalkan.studies.sensitivity import answer_of, interval_of, sides

GRID, STEPS = 7, 6  # values looked at first, and halvings of the piece that holds a crossing
Curve = Callable[[Interval], float]


class BreakEven(NamedTuple):
    """What was found.

    Attributes
    ----------
    value, low, high : float
        Break-even value with its interval; `value` is nan if the answer does not cross, the ends are the
        range's where the answer's interval still holds the threshold there.
    crossings : int
        How often the answer crosses on the values first looked at; more than one: no single break-even.
    tolerance : float
        Values are known to this much.
    evaluated : list of (float, Interval)
        Every value looked at, rising, with the answer there.
    """

    value: float
    low: float
    high: float
    crossings: int
    tolerance: float
    evaluated: list[tuple[float, Interval]]


def break_even(
    answer: Callable[[list[float]], list[Interval]], low: float, high: float, threshold: float, *, whole: bool = False
) -> BreakEven:
    """Find where an answer crosses a threshold.

    Parameters
    ----------
    answer : callable
        Answers at a list of values, with intervals, under common random numbers.
    low, high : float
        Range of the parameter.
    threshold : float
    whole : bool
        Whether the parameter counts something.
    """
    known: dict[float, Interval] = {}

    def look(values: list[float]) -> None:
        new = [v for v in dict.fromkeys(values) if v not in known]
        known.update(zip(new, answer(new), strict=True) if new else ())

    grid = np.linspace(low, high, GRID)
    look([float(v) for v in (np.unique(grid.round()) if whole else grid)])
    signs = [known[v].estimate > threshold for v in sorted(known)]
    crossings = sum(a != b for a, b in itertools.pairwise(signs))
    tolerance = 1.0 if whole else (high - low) / (GRID - 1) / 2**STEPS
    found = [_crossing(known, look, curve, threshold, tolerance, whole) for curve in _CURVES]
    value = found[0] if crossings == 1 else math.nan
    ends = _ends(known, threshold, [x for x in found[1:] if math.isfinite(x)], low, high)
    return BreakEven(value, *ends, crossings, tolerance, sorted(known.items()))


_CURVES: tuple[Curve, ...] = (lambda i: i.estimate, lambda i: i.low, lambda i: i.high)


def flip(
    scenario: Scenario, answers: Answers, text: str, goal: Goal, n: int, variants: Sequence[str]
) -> tuple[BreakEven, str, str]:
    """Where a goal's conclusion flips over ``TARGET=LOW..HIGH``; also the target's name and the range's unit.

    Parameters
    ----------
    scenario : Scenario
    answers : Answers
    text : str
        Target and range.
    goal : Goal
        Measure of the last variant (or its difference from the first) and the threshold.
    n : int
        Replications at each value, the same ones.
    variants : sequence of str
        Names of those that take part.

    Raises
    ------
    ProblemsError
        The target or the range is wrong.
    """
    name, _, ends = text.partition("=")
    try:
        target = read_parameter(scenario, name)
        low, high, unit = read_ends(ends)
    except ValueError as error:
        raise ProblemsError([Problem(text, str(error))]) from None
    resolved = {k: v for k, v in scenario.variants_resolved().items() if k in variants}
    asked = {v.variant: v.label for v in sides(list(resolved.values()), goal)}
    own = [asked[n] for n in keepers(scenario, target) if n in asked]
    if own:
        names = " and ".join(f'"{label}"' for label in own)
        why = f"{names} sets {target.text} itself and would keep its value; ask about other variants (--variant)"
        raise ProblemsError([Problem(text, why)])
    whole = not unit and all(part.strip().lstrip("+-").isdigit() for part in ends.split(".."))

    def answer(values: list[float]) -> list[Interval]:
        made = [with_values(scenario, {target: shown(v, unit, whole=whole)}) for v in values]
        rows = [sides([v for k, v in s.variants_resolved().items() if k in variants], goal) for s in made]
        found = iter(answers.ask([Point(v, None, 0, n) for row in rows for v in row]))
        return [interval_of(answer_of([next(found) for _ in row], goal), goal) for row in rows]

    answers.expect((GRID + STEPS * len(_CURVES)) * len(asked), n)
    return break_even(answer, low, high, goal.value, whole=whole), name, unit


def _crossing(
    known: dict[float, Interval], look: Callable[[list[float]], None], curve: Curve, threshold: float,
    tolerance: float, whole: bool,
) -> float:  # fmt: skip
    """Where a curve first crosses, by halving; nan if it does not."""
    values = sorted(known)
    pairs = [
        (a, b)
        for a, b in itertools.pairwise(values)
        if (curve(known[a]) > threshold) != (curve(known[b]) > threshold)
    ]
    if not pairs:
        return math.nan
    a, b = pairs[0]
    while b - a > tolerance * (1.0 + 1e-9):
        middle = float(round((a + b) / 2.0)) if whole else (a + b) / 2.0
        look([middle])
        if (curve(known[middle]) > threshold) == (curve(known[a]) > threshold):
            a = middle
        else:
            b = middle
    return _between(a, b, curve(known[a]) - threshold, curve(known[b]) - threshold, whole)


def _between(a: float, b: float, fa: float, fb: float, whole: bool) -> float:
    """Crossing of the straight line between two values; for counts, the later of the two."""
    if whole or fa == fb or not (math.isfinite(fa) and math.isfinite(fb)):
        return b
    return a + (b - a) * fa / (fa - fb)


def _ends(
    known: dict[float, Interval], threshold: float, crossings: list[float], low: float, high: float
) -> tuple[float, float]:
    """Hull of the values at which the answer's interval holds the threshold."""
    inside = [v for v, i in known.items() if i.low <= threshold <= i.high]
    marks = [*crossings, *inside]
    if not marks:
        return math.nan, math.nan
    return max(low, min(marks)), min(high, max(marks))
