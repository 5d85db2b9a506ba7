"""After how many raids a dearer defence has paid, and up to which cost it does, with the sources' disagreement.

Under every draw of the claims the later defence costs more by some sum, and each raid like this one then costs less by
another (interceptors and damage): so many raids pay for it, or none do. Turned round, what so many raids save is what
the systems may cost more. Raids are like this one, and their savings add up: kalkan's own simplification.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kalkan.results.nested import Nested, nested, quantile_of, share_of, true_means
from kalkan.scenario import Scenario
from kalkan.studies.answers import Answers
from kalkan.studies.propagate import design_of, simulate

F8 = NDArray[np.float64]
COSTS, RAID = "cost_systems", "cost_raid"


class Payback(NamedTuple):
    """What a later variant pays back, against the first.

    Attributes
    ----------
    label, instead : str
        Headings of the later variant and of the first.
    dearer : Nested
        What its systems cost more [USD].
    saved : Nested
        What a raid then costs less [USD].
    worth : Nested
        What its systems may cost more and have paid after `raids` raids [USD].
    raids : int
    after : tuple of float
        Raids until it has paid, over the draws, chance in them taken out: low quantile, median, high quantile (as
        `saved.share` says); inf: not in such a draw.
    never : float
        Share of the draws in which no number of raids pays.
    """

    label: str
    instead: str
    dearer: Nested
    saved: Nested
    worth: Nested
    raids: int
    after: tuple[float, float, float]
    never: float


def not_said(variants: Sequence[Scenario]) -> list[str]:
    """What nobody says of the costs that a payback is made of."""
    told = []
    if not any(a.cost_usd for v in variants for a in v.assets):
        told.append('no asset has a cost: write what it takes to replace it, such as cost = "200 M USD"')
    for name, kind in dict.fromkeys((s.name, s.type) for v in variants for s in v.systems if s.price_usd is None):
        claimed = variants[0].catalogue.entry(kind).quantities.get("price")
        if claimed is None or all(c.excluded for c in claimed.claims):
            told.append(f'nobody says what system "{name}" costs: write it, such as price = "500 M USD"')
    return told


def payback(answers: Answers, variants: Sequence[Scenario], raids: int, draws: int, inner: int) -> list[Payback]:
    """Of every later variant against the first.

    Parameters
    ----------
    answers : Answers
    variants : sequence of Scenario
        Two or more.
    raids : int
        After so many it shall have paid.
    draws, inner : int
        Draws of the claims (a Latin hypercube), and replications in each.
    """
    answers.watcher.stage(f"{draws:,} draws of the claims × {inner:,} replications of each variant")
    answers.expect(draws * len(variants), inner)
    first, *later = simulate(answers, variants, range(draws), draws, inner, design_of(answers.seed))
    labels = [v.label for v in variants]
    return [_against(first, found, label, labels[0], raids) for found, label in zip(later, labels[1:], strict=True)]


def _against(first: dict[str, F8], later: dict[str, F8], label: str, instead: str, raids: int) -> Payback:
    dearer, saved = later[COSTS] - first[COSTS], first[RAID] - later[RAID]
    after = raids_until(dearer.mean(axis=1), true_means(saved))
    tail = (1.0 - share_of(after.size)) / 2.0
    low, middle, high = (quantile_of(after, p) for p in (tail, 0.5, 1.0 - tail))
    return Payback(
        label, instead, nested(dearer), nested(saved), nested(raids * saved), raids, (low, middle, high),
        float(np.isinf(after).mean()),
    )  # fmt: skip


def raids_until(dearer: F8, saved: F8) -> F8:
    """Raids until what is saved in each has paid for what the systems cost more; none where they do not; inf: never."""
    wanted = np.divide(dearer, saved, out=np.full(dearer.shape, np.inf), where=saved > 0.0)
    return np.where(dearer <= 0.0, 0.0, wanted)
