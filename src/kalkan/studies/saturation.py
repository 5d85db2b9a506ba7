"""Where a defence is saturated: leakers against the size of the raid as it is written, and the knee of that curve.

Every raid is multiplied by the same factors; who flies which route, how fast and how far apart stays as written.
Nothing looks for a worse raid. Below the knee a raid loses the share that the defence always lets through, beyond it
what the defence has no round or channel left for. The curve is told by two straight lines through the origin and one
point, the knee: kalkan's own simplification, fitted by least squares to the means of replications that share their
random numbers over the sizes; the knee's interval is Efron's percentile bootstrap over the replications
(Ann. Statist. 7 (1979), 1-26). It tells chance, not how well two lines tell a curve.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kalkan.engine.points import Point
from kalkan.errors import Problem, ProblemsError
from kalkan.results.intervals import Interval, mean_interval
from kalkan.scenario import Scenario
from kalkan.scenario.nouns.raids import MAX_VEHICLES, Raid
from kalkan.studies.answers import Answers

LEAKERS = "leakers"
MOST_OF_A_RAID = 2000
LEAST_SIZES = 4  # two lines have three numbers
KNEES, RESAMPLES = 400, 1000  # places of the knee that are tried between two sizes' ends, and resamples
_LATEST_HORIZON_S = 86_400.0
F8 = NDArray[np.float64]


class Knee(NamedTuple):
    """Two straight lines that tell a curve of leakers.

    Attributes
    ----------
    size : Interval
        Size of the raid at the knee, with its interval.
    before, beyond : Interval
        Share of what is added to a raid that leaks, below the knee and beyond it.
    clear : bool
        Whether more leaks beyond than before, clear of chance, and the interval lies within the sizes asked for.
    """

    size: Interval
    before: Interval
    beyond: Interval
    clear: bool


class LeakerCurve(NamedTuple):
    """Leakers of one variant over the size of the raid.

    Attributes
    ----------
    label : str
        Heading of the variant.
    sizes : list of int
        Vehicles of all raids together, rising.
    leakers : list of Interval
        Mean per replication at each size.
    knee : Knee
    """

    label: str
    sizes: list[int]
    leakers: list[Interval]
    knee: Knee


class Saturation(NamedTuple):
    """What was found: factors of the raid's size, a curve per variant, replications at each point."""

    times: list[float]
    curves: list[LeakerCurve]
    n: int


def saturation(
    variants: Sequence[Scenario], answers: Answers, times: Sequence[float], n: int, *, same_duration: bool = False,
    seed: int = 1,
) -> Saturation:  # fmt: skip
    """Leakers of every variant at every size, and the knee.

    Parameters
    ----------
    variants : sequence of Scenario
    answers : Answers
    times : sequence of float
        Factors of every raid's count, rising.
    n : int
        Replications at each size, the same ones.
    same_duration : bool
        Members follow each other so much closer that a raid lasts as long as written.
    seed : int
        Of the resamples.

    Raises
    ------
    ProblemsError
        A raid becomes larger than any may be, or two sizes are the same.
    """
    made = [[of_size(v, f, same_duration=same_duration) for f in times] for v in variants]
    _check(variants, times, made)
    answers.expect(len(variants) * len(times), n)
    found = iter(answers.ask([Point(s, None, 0, n) for row in made for s in row]))
    curves = []
    for variant, row in zip(variants, made, strict=True):
        leakers = np.array([next(found)[LEAKERS] for _ in row])
        sizes = [size_of(s) for s in row]
        told = knee(np.array(sizes, np.float64), leakers, seed=seed)
        means = [mean_interval(x, step=1.0, least=0.0, most=float(k)) for x, k in zip(leakers, sizes, strict=True)]
        curves.append(LeakerCurve(variant.label, sizes, means, told))
    return Saturation(list(times), curves, n)


def size_of(scenario: Scenario) -> int:
    """Vehicles of all raids together."""
    return sum(raid.count for raid in scenario.raids)


def of_size(scenario: Scenario, times: float, *, same_duration: bool = False) -> Scenario:
    """A variant whose raids are so many times as large, one vehicle each at least.

    A raid whose members come at their spacing lasts longer; so much longer is simulated, up to a day.
    """
    raids = tuple(_larger(raid, times, same_duration) for raid in scenario.raids)
    added_s = max((_lasts_s(b) - _lasts_s(a) for a, b in zip(scenario.raids, raids, strict=True)), default=0.0)
    horizon_s = min(scenario.study.horizon_s + max(0.0, added_s), max(_LATEST_HORIZON_S, scenario.study.horizon_s))
    fields: dict[str, object] = {"raids": raids}
    if horizon_s != scenario.study.horizon_s:
        fields["study"] = scenario.study.model_copy(update={"horizon_s": horizon_s})
    return scenario.model_copy(update=fields)


def _larger(raid: Raid, times: float, same_duration: bool) -> Raid:
    count = max(1, math.floor(raid.count * times + 0.5))
    spacing_s = raid.spacing_s
    if same_duration and count > 1 and raid.count > 1:
        spacing_s *= (raid.count - 1) / (count - 1)
    return raid.model_copy(update={"count": count, "spacing_s": spacing_s})


def _lasts_s(raid: Raid) -> float:
    return (raid.count - 1) * raid.spacing_s


def _check(variants: Sequence[Scenario], times: Sequence[float], made: Sequence[Sequence[Scenario]]) -> None:
    """Every raid and every variant within what may fly, and sizes that differ."""
    said: dict[str, None] = {}
    for variant, row in zip(variants, made, strict=True):
        if not variant.raids:
            said[f'"{variant.label}" has no raid whose size could change'] = None
            continue
        for factor, scaled in zip(times, row, strict=True):
            for raid in scaled.raids:
                if raid.count > MOST_OF_A_RAID:
                    what = f'{raid.count:,} vehicles of raid "{raid.name}"'
                    said[f"{factor:g} makes {what}; at most {MOST_OF_A_RAID:,} are allowed"] = None
            if size_of(scaled) > MAX_VEHICLES:
                said[f"{factor:g} makes {size_of(scaled):,} air vehicles in all; at most {MAX_VEHICLES:,}"] = None
        sizes = [size_of(s) for s in row]
        if len(set(sizes)) < len(sizes):
            text = ", ".join(map(str, sizes))
            said[f'give "{variant.label}" the sizes {text}: leave out those that make the same size'] = None
    if said:
        raise ProblemsError([Problem("--times", message) for message in said])


def knee(sizes: F8, leakers: F8, *, confidence: float = 0.95, seed: int = 1) -> Knee:
    """Two lines that tell leakers over the size of a raid, the first through the origin.

    Parameters
    ----------
    sizes : float64 array (k,)
        Rising, at least :data:`LEAST_SIZES`.
    leakers : float64 array (k, n)
        A column per replication, with the same random numbers at every size.
    confidence : float
    seed : int
        Of the resamples.
    """
    places = np.linspace(sizes[0], sizes[-2], KNEES)
    n = leakers.shape[1]
    picks = np.random.default_rng(seed).multinomial(n, np.full(n, 1.0 / n), size=RESAMPLES) / n
    means = np.column_stack([leakers.mean(axis=1), leakers @ picks.T])
    best = np.full(means.shape[1], np.inf)
    found = np.zeros((3, means.shape[1]))
    for place in places:
        lines = np.column_stack([np.minimum(sizes, place), np.maximum(sizes - place, 0.0)])
        slopes = np.linalg.lstsq(lines, means, rcond=None)[0]
        misfit = ((means - lines @ slopes) ** 2).sum(axis=0)
        better = misfit < best * (1.0 - 1e-9)
        best[better] = misfit[better]
        found[:, better] = np.vstack([np.full(means.shape[1], place), slopes])[:, better]
    tail = (1.0 - confidence) / 2.0
    at, before, beyond = (
        Interval(float(row[0]), *(float(x) for x in np.quantile(row[1:], [tail, 1.0 - tail]))) for row in found
    )
    bends = float(np.quantile(found[2, 1:] - found[1, 1:], tail)) > 0.0
    within = bool(at.low > sizes[0] and at.high < sizes[-2])
    return Knee(at, before, beyond, bends and n > 1 and within)
