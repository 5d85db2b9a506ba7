"""Outcomes of draws of the disputed claims: what is stored beside a run, and the measures that they give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from kalkan.engine.store import stored_unknown
from kalkan.errors import DamagedError
from kalkan.results.declared import DRAWN, MEASURES, shown_in
from kalkan.results.nested import Nested, nested

F8 = NDArray[np.float64]
SHOWN = shown_in(DRAWN)
LEAST_DRAWS = 4  # to be told at all
Outcomes = dict[str, dict[str, F8]]  # per variant and measure: (draws, INNER)
Told: TypeAlias = "tuple[list[dict[str, Nested]], list[dict[str, Nested]]]"  # of variants, and of differences


class Driver(NamedTuple):
    """How much of what is not known goes with one quantity.

    Attributes
    ----------
    names : tuple of str
        Quantities that move together in the draws; they cannot be told apart.
    share : float
        Of the variance of the draws' means (in ranks) that goes with it, without bias, over the share of these
        that is not chance.
    p : float
        Chance that the strongest of all quantities would look as strong without any effect.
    first : float
        Share of resamples of the draws in which it is the strongest.
    """

    names: tuple[str, ...]
    share: float
    p: float
    first: float = 0.0


class Unknown(NamedTuple):
    """What a run knows of what is not known.

    Attributes
    ----------
    outcomes : dict
        Per variant and measure: float64 array (draws, replications in each); empty if it was not asked.
    why : str
        Why it was not asked, or how the draws came to an end.
    drivers : sequence of Driver
        What the leakers of the first variant go with in the draws, clearest first; empty if there were too few draws
        to look.
    damaged : bool
        What is stored is not what was written.
    """

    outcomes: Outcomes
    why: str
    drivers: Sequence[Driver] = ()
    damaged: bool = False

    @property
    def draws(self) -> int:
        """How many draws of the claims were made."""
        return next((o["leakers"].shape[0] for o in self.outcomes.values()), 0)

    def told(self, variants: Sequence[str]) -> Told | None:
        """Measures of those of these variants that were drawn, and their differences from the first of them.

        None if there is nothing to tell.
        """
        mine = [v for v in variants if v in self.outcomes]
        return told([self.outcomes[v] for v in mine]) if mine and self.draws >= LEAST_DRAWS else None


def read_unknown(folder: Path) -> Unknown:
    """What the folder of a run holds; without draws if there is nothing, or if it is not what was written."""
    try:
        return unknown_of(stored_unknown(folder))
    except DamagedError as error:
        return Unknown({}, str(error), damaged=True)


def unknown_of(content: Mapping[str, Any] | None) -> Unknown:
    """Draws as they are stored, ready to be told."""
    if content is None:
        return Unknown({}, "")
    try:
        kept = {v: {k: np.array(x, np.float64) for k, x in m.items()} for v, m in content["outcomes"].items()}
        rows = content.get("drivers", [])
        found = [Driver(tuple(d["quantities"]), d["share"], d["p"], d["first"]) for d in rows]
        return Unknown(kept, str(content["why"]), found)
    except (ValueError, KeyError, TypeError, AttributeError):
        return Unknown({}, "")


def bounds_of(key: str, *, difference: bool = False) -> tuple[float, float]:
    """What the mean of a measure, or of its difference, cannot pass."""
    most = MEASURES[key].most
    return (-most if difference else 0.0), most


def told(outcomes: Sequence[dict[str, F8]], confidence: float = 0.95) -> Told:
    """Every measure of every variant, and of the differences from the first.

    Parameters
    ----------
    outcomes : sequence of dict of str to float64 array (K, n)
        Per variant.
    confidence : float
    """
    keys = _measured(outcomes)
    differences = [{k: o[k] - outcomes[0][k] for k in keys} for o in outcomes[1:]]

    def of(found: dict[str, F8], difference: bool) -> dict[str, Nested]:
        made = {}
        for key in keys:
            least, most = bounds_of(key, difference=difference)
            made[key] = nested(found[key], confidence, step=MEASURES[key].step, least=least, most=most)
        return made

    return [of(o, False) for o in outcomes], [of(d, True) for d in differences]


def _measured(outcomes: Sequence[dict[str, F8]]) -> list[str]:
    """Measures to tell, in order: those that every variant has, and of the rare ones what happened.

    Draws that were stored by an older version have fewer.
    """
    kept = [k for k in SHOWN if all(k in o for o in outcomes)]
    return [k for k in kept if not MEASURES[k].rare or any(o[k].any() for o in outcomes)]
