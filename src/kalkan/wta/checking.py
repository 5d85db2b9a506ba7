"""What is wrong with the arguments: all of it at once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kalkan.errors import Problem, ProblemsError
from kalkan.wta.instance import Floats, Whole

MOST_ROUNDS = 10_000  # of one weapon


class Arguments:
    """The arguments as arrays.

    Raises
    ------
    ProblemsError
        With everything that is wrong.
    """

    values: Floats
    p_kill: Floats
    rounds: Whole
    time_limit_s: float

    def __init__(self, values: Any, p_kill: Any, rounds: Any, time_limit_s: Any) -> None:
        self._problems: list[Problem] = []
        self.values = self._numbers("values", values, 1, "one for each target")
        self.p_kill = self._numbers("p_kill", p_kill, 2, "weapon × target")
        self._range("values", self.values, 0.0, np.inf, "must be a finite number, at least 0")
        self._range("p_kill", self.p_kill, 0.0, 1.0, "must be a probability from 0 to 1")
        self.rounds = self._rounds(rounds)
        self.time_limit_s = self._time(time_limit_s)
        self._shapes(rounds is not None)
        if self._problems:
            raise ProblemsError(self._problems)

    def _say(self, where: str, message: str) -> None:
        self._problems.append(Problem(where, message))

    def _numbers(self, name: str, given: Any, ndim: int, of: str) -> Floats:
        try:
            found = np.asarray(given, dtype=np.float64)
        except (TypeError, ValueError):
            self._say(name, f"must be numbers, {of}")
            return np.zeros((0,) * ndim)
        if found.ndim != ndim:
            self._say(name, f"must have {ndim} dimension{'s' * (ndim > 1)}, {of}; has the shape {found.shape}")
            return np.zeros((0,) * ndim)
        return found

    def _range(self, name: str, found: Floats, low: float, high: float, wanted: str) -> None:
        """One problem for all places that are out of range: how many, and the first."""
        with np.errstate(invalid="ignore"):
            self._places(name, found, ~(np.isfinite(found) & (found >= low) & (found <= high)), wanted)

    def _places(self, name: str, found: Floats, wrong: NDArray[np.bool_], wanted: str) -> None:
        places = np.argwhere(wrong)
        if len(places):
            at = ", ".join(str(i) for i in places[0])
            n = len(places) - 1
            others = f" (so must {n} other{'s' * (n > 1)})" if n else ""
            self._say(f"{name}[{at}] = {found[tuple(places[0])]:g}", wanted + others)

    def _rounds(self, given: Any) -> Whole:
        if given is None:
            return np.ones(self.p_kill.shape[0], dtype=np.int64)
        found = self._numbers("rounds", given, 1, "one for each weapon")
        with np.errstate(invalid="ignore"):
            wrong = ~((found >= 0) & (found <= MOST_ROUNDS) & (found == np.floor(found)))
        self._places("rounds", found, wrong, f"must be a whole number from 0 to {MOST_ROUNDS:,}")
        return np.where(wrong, 0, found).astype(np.int64)

    def _time(self, given: Any) -> float:
        if given is None:
            return np.inf
        try:
            found = float(given)
        except (TypeError, ValueError):
            found = np.nan
        if not found >= 0:
            self._say("time_limit_s", f"must be seconds, at least 0, or None for no limit; is {given!r}")
        return found

    def _shapes(self, has_rounds: bool) -> None:
        """Lengths that don't fit each other, where the arguments are arrays at all."""
        broken = {problem.where for problem in self._problems}
        if not {"values", "p_kill"} & broken and self.values.shape[0] != self.p_kill.shape[1]:
            self._say("p_kill", f"has {self.p_kill.shape[1]} targets (columns), values have {self.values.shape[0]}")
        if has_rounds and not {"rounds", "p_kill"} & broken and self.rounds.shape[0] != self.p_kill.shape[0]:
            self._say("rounds", f"are {self.rounds.shape[0]}, p_kill has {self.p_kill.shape[0]} weapons (rows)")
