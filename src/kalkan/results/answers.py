"""The oracle of every study: what a variant under a stance yields, one number per replication.

Asked for the same thing twice, also by another study or another day, it answers from its folder. The same thing is
the same variant, stance, catalogue, seed and replications under the same code: all of it that computes anything, since
a plan is only known to be the same without being made if everything that makes it is.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kalkan.catalogue import Stance
from kalkan.engine.identity import variant_identity
from kalkan.engine.points import Point, simulate
from kalkan.engine.remembered import Remembered, key_of
from kalkan.engine.watch import Watcher
from kalkan.results.declared import PLAIN
from kalkan.results.measures import plain_quantities
from kalkan.results.quantity import Finished
from kalkan.scenario import Scenario
from kalkan.schema import OK, STATUS
from kalkan.sources import code_identity

if TYPE_CHECKING:
    from kalkan.compile.shared import Shared

F8 = NDArray[np.float64]


class Answers:
    """Answers questions by simulation or from memory.

    Parameters
    ----------
    seed, threads : int
    folder : Path, optional
        Where answers are kept.
    watcher : Watcher, optional
    compiler, runner : callable, optional
        In place of the real ones.
    shared : Shared, optional
        What plans made before have in common with those that are asked for.

    Attributes
    ----------
    simulated : int
        Replications simulated so far; answers from memory do not count.
    seconds : float
        Time that they took [s].
    """

    def __init__(
        self, *, seed: int, threads: int, folder: Path | None = None, watcher: Watcher | None = None,
        compiler: Callable[..., Any] | None = None, runner: Callable[..., None] | None = None,
        shared: Shared | None = None,
    ) -> None:  # fmt: skip
        self.seed, self.threads = seed, threads
        self.memory = Remembered(folder)
        self.watcher = watcher or Watcher()
        self.compiler, self.runner, self._shared = compiler, runner, shared
        self.simulated, self.seconds = 0, 0.0
        self._code = code_identity()
        self._told: set[int] = set()
        self._identities: dict[int, tuple[Scenario, str]] = {}

    def ask(self, questions: Sequence[Point]) -> list[dict[str, F8]]:
        """Measures of `kalkan.results.declared.PLAIN`, one value per replication, for every question in turn."""
        keys = [self._key(q) for q in questions]
        found = {k: self._remembered(k) for k in dict.fromkeys(keys)}
        missing = {k: q for k, q in zip(keys, questions, strict=True) if found[k] is None}
        total, done = sum(q.n for q in questions), sum(q.n for k, q in zip(keys, questions, strict=True) if found[k])
        self.watcher.started(done, total)
        if not missing:
            return [found[k] or {} for k in keys]
        began = time.perf_counter()
        results = simulate(
            missing.values(), seed=self.seed, threads=self.threads, watcher=self.watcher, compiler=self.compiler,
            runner=self.runner, shared=self.shared(),
        )  # fmt: skip
        for (key, question), result in zip(missing.items(), results, strict=True):
            found[key] = _measured(question, result.arrays, result.compiled.labels, result.compiled.attrs)
            self.memory.write(key, found[key] or {})
            self._warn(result.arrays["status"])
            done += question.n
            self.simulated += question.n
            elapsed_s = time.perf_counter() - began
            horizon_s = question.scenario.study.horizon_s
            self.watcher.advanced(done, total, horizon_s * self.simulated, elapsed_s)
        self.seconds += time.perf_counter() - began
        return [found[k] or {} for k in keys]

    def _remembered(self, key: str) -> dict[str, F8] | None:
        """An answer from before, unless measures have been declared since."""
        found = self.memory.read(key)
        return found if found and found.keys() >= set(PLAIN) else None

    def shared(self) -> Shared:
        """What the plans of all questions have in common."""
        from kalkan.compile.shared import Shared

        self._shared = self._shared or Shared()
        return self._shared

    def _warn(self, status: NDArray[np.int8]) -> None:
        """Tell once of every way in which a capacity did not suffice."""
        for code in sorted({int(s) for s in status} - {OK, *self._told}):
            self._told.add(code)
            self.watcher.warning(f"a replication of this study {STATUS[code].sentence}")

    def _key(self, question: Point) -> str:
        scenario, stance, first, n, _ = question
        known = self._identities.get(id(scenario))
        if known is None or known[0] is not scenario:
            known = (scenario, variant_identity(scenario))
            self._identities[id(scenario)] = known
        only = sorted(stance.only) if stance and stance.only is not None else None
        text = stance.text if stance else scenario.stance
        return key_of(known[1], text, only, scenario.catalogue.identity, self.seed, first, n, self._code)


def _measured(question: Point, arrays: Any, labels: Any, attrs: Any) -> dict[str, F8]:
    rows = np.arange(question.first, question.first + question.n)
    measured = plain_quantities(Finished(rows, arrays, labels, attrs))
    return {key: measured[key].values for key in PLAIN}


def each(
    variants: Iterable[Scenario], stances: Iterable[Stance | None], blocks: Iterable[tuple[int, int]]
) -> list[Point]:
    """A question per stance (with its block of replications) and variant, variants varying fastest."""
    pairs = zip(stances, itertools.chain(blocks), strict=False)
    variants = list(variants)
    return [Point(v, stance, first, n) for stance, (first, n) in pairs for v in variants]
