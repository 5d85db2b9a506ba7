"""Carry the disagreement of the sources to the answer: draws of the claims around replications of chance."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kalkan.catalogue import draw
from kalkan.engine.numbers import FIRST, FIRST_PILOT
from kalkan.results.drawn import Driver, told
from kalkan.results.nested import Nested, best_inner, nested
from kalkan.scenario import Scenario
from kalkan.studies.answers import Answers, each
from kalkan.studies.drivers import columns, drivers

F8 = NDArray[np.float64]
PILOT_DRAWS, PILOT_INNER, LEAST_INNER = 12, 6, 16
PLAN_COST = 4.0  # of a draw's plans, in replications of all variants


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
        For the measure asked, of the last difference (or the only variant), clearest first.
    drivers_of : list of list of Driver
        The same, of every variant by itself.
    outcomes : list of dict of str to float64 array (K, n)
        Everything, for every variant.
    draws, inner : int
    """

    labels: list[str]
    of_variant: list[dict[str, Nested]]
    differences: list[dict[str, Nested]]
    drivers: list[Driver]
    drivers_of: list[list[Driver]]
    outcomes: list[dict[str, F8]]
    draws: int
    inner: int


def design_of(seed: int) -> int:
    """Seed of a study's draws: another seed draws other claims too."""
    return 2 * seed + 1


def split(answers: Answers, key: str, budget: int, variants: Sequence[Scenario]) -> tuple[int, int]:
    """Draws and replications per draw for a budget of replications per variant, from a pilot.

    The pilot has draws of another design and replications of its own; at least `LEAST_INNER` replications keep the cost
    of plans small.
    """
    answers.watcher.stage(f"a pilot: {PILOT_DRAWS} draws × {PILOT_INNER} replications of each variant")
    which, design = range(PILOT_DRAWS), design_of(answers.seed) - 1
    outcomes = simulate(answers, variants, which, PILOT_DRAWS, PILOT_INNER, design, FIRST_PILOT)
    pilot = nested(_answer(outcomes, key))
    inner = max(LEAST_INNER, best_inner(pilot.between, pilot.within, PLAN_COST, budget))
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
    answers.watcher.stage(f"the study: {draws:,} draws × {inner:,} replications of each variant")
    answers.expect(draws * len(chosen), inner)
    design = design_of(answers.seed)
    outcomes = simulate(answers, chosen, range(draws), draws, inner, design)
    catalogue = chosen[0].catalogue
    stances = [draw(catalogue, design, i, draws) for i in range(draws)]
    moved = columns(chosen, stances, candidates, answers.shared(), key.startswith("cost"))
    return Propagated(
        [v.label for v in chosen],
        *told(outcomes, confidence),
        drivers(_answer(outcomes, key), *moved),
        [drivers(o[key], *moved) for o in outcomes],
        outcomes,
        draws,
        inner,
    )


def _answer(outcomes: list[dict[str, F8]], key: str) -> F8:
    return outcomes[-1][key] - outcomes[0][key] if len(outcomes) > 1 else outcomes[0][key]


def simulate(
    answers: Answers, variants: Sequence[Scenario], which: Sequence[int], size: int, inner: int, design: int,
    first: int = FIRST,
) -> list[dict[str, F8]]:  # fmt: skip
    """Some draws of a design of `size`; per variant and measure: outcomes (draws, inner).

    Draw i has replications i n to (i + 1) n - 1 from `first` on.
    """
    catalogue = variants[0].catalogue
    stances = (draw(catalogue, design, i, size) for i in which)
    blocks = ((first + i * inner, inner) for i in which)
    found = answers.ask(each(variants, stances, blocks))
    return [
        {key: np.array([a[key] for a in found[v :: len(variants)]]) for key in found[0]} for v in range(len(variants))
    ]
