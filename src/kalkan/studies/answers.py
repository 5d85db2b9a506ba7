"""The oracle of every study: what a variant under a stance yields, one number per replication.

Asked for the same thing twice, also by another study or another day, it answers from its folder. The same thing is
the same plan, seed and replications under the same engine and the same code that counts: as with results folders.
Where the variant, its stance, the catalogue and all code that computes are what they were, so is the plan, and nothing
is made to see it; else the plan is made and compared, and an answer of another world is not used, which is said.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kalkan.catalogue import Stance
from kalkan.engine.identity import (
    engine_change,
    identity_of,
    plan_parts,
    told_changes,
    variant_identity,
    written_identity,
)
from kalkan.engine.plain import plain
from kalkan.engine.points import Point, compiled_point, simulate
from kalkan.engine.remembered import Remembered, key_of
from kalkan.engine.watch import Watcher
from kalkan.results.declared import PLAIN
from kalkan.results.measures import plain_quantities
from kalkan.results.quantity import Finished
from kalkan.scenario import Scenario
from kalkan.schema import OK, STATUS
from kalkan.sources import code_identity, counting_identity, engine_identity, versions_here
from kalkan.studies.forecast import Forecast

if TYPE_CHECKING:
    from kalkan.compile.shared import Shared

FIGURE = ("entry", "quantity", "conditions", "value", "unit", "shown")  # of an input, what is kept to tell a change
F8 = NDArray[np.float64]


class Keys(NamedTuple):
    """Names of a question: as its user put it, and with everything that makes its plan."""

    question: str
    sure: str


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
    compared : int
        Replications of answers from before whose plans were made again and found to be the same.
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
        self.simulated, self.compared, self.seconds = 0, 0, 0.0
        self._forecast: Forecast | None = None
        self._told: set[int] = set()
        self._said = False
        self._names: dict[int, tuple[Scenario, str, str]] = {}
        self._ready: Any = None  # the plan of the next point, if it was made to be compared

    def expect(self, evaluations: int, n: int) -> None:
        """Of a study of at most so many questions with `n` replications each: tell its watcher what it will cost."""
        self._forecast = Forecast(self.watcher, evaluations, n)

    def ask(self, questions: Sequence[Point]) -> list[dict[str, F8]]:
        """Measures of `kalkan.results.declared.PLAIN`, one value per replication, for every question in turn."""
        keys = [self._keys(q) for q in questions]
        found = {k: self._recalled(k) for k in dict.fromkeys(keys)}
        missing = {k: q for k, q in zip(keys, questions, strict=True) if found[k] is None}
        total, kept = sum(q.n for q in questions), sum(q.n for k, q in zip(keys, questions, strict=True) if found[k])
        self.watcher.started(kept, total)
        if self._forecast:
            self._forecast.kept(len(questions) - len(missing))
        if not missing:
            return [found[k] or {} for k in keys]
        began, before, asked = time.perf_counter(), self.simulated + self.compared, list[Keys]()
        results = simulate(
            self._points(missing, found, asked), seed=self.seed, threads=self.threads, watcher=self.watcher,
            compiler=self._made, runner=self.runner,
        )  # fmt: skip
        for i, result in enumerate(results):
            key, question = asked[i], missing[asked[i]]
            found[key] = _measured(question, result.arrays, result.compiled.labels, result.compiled.attrs)
            self._remember(key, question, result.compiled, found[key] or {})
            self._warn(result.arrays["status"])
            self.simulated += question.n
            if self._forecast:
                self._forecast.made()
            done = kept + self.simulated + self.compared - before
            elapsed_s = time.perf_counter() - began
            horizon_s = question.scenario.study.horizon_s
            self.watcher.advanced(done, total, horizon_s * self.simulated, elapsed_s)
        self.seconds += time.perf_counter() - began
        return [found[k] or {} for k in keys]

    def _recalled(self, keys: Keys) -> dict[str, F8] | None:
        """An answer that is known to be of this world without making its plan."""
        note = self.memory.note(keys.question)
        return self.memory.read(note["answer"]) if note and note.get("sure") == keys.sure else None

    def shared(self) -> Shared:
        """What the plans of all questions have in common."""
        from kalkan.compile.shared import Shared

        self._shared = self._shared or Shared()
        return self._shared

    def _points(
        self, missing: dict[Keys, Point], found: dict[Keys, dict[str, F8] | None], asked: list[Keys]
    ) -> Iterator[Point]:
        """What must be simulated; before it, what was answered under another plan or other code is looked at."""
        for keys, question in missing.items():
            note = self.memory.note(keys.question)
            if note is not None and note.get("sure") != keys.sure:
                found[keys] = self._compared(note, keys, question)
            if found[keys] is None:
                asked.append(keys)
                yield question

    def _compared(self, note: dict[str, Any], keys: Keys, question: Point) -> dict[str, F8] | None:
        """An answer from before, if its world is still this one; else that it is not is said once."""
        version = note["versions"].get("kalkan", "?")
        if note["engine"] != engine_identity():
            self._say(engine_change(note["versions"], versions_here()))
        elif note["counting"] != counting_identity():
            self._say(f"kalkan {version} counted what is recorded otherwise")
        else:
            compiled = compiled_point(question, self.watcher, self._made, None)
            same = plan_parts(compiled) == note["plan"]
            if same and (kept := self.memory.read(note["answer"])):
                self.memory.write_note(keys.question, note | {"sure": keys.sure})
                self.compared += question.n
                return kept
            self._ready = compiled
            if not same:
                self._say(told_changes(note, compiled, version))
        return None

    def _say(self, why: str) -> None:
        """Once, that answers from before are of another world."""
        if not self._said:
            self.watcher.warning(f"what {self.memory.folder} holds of this study is asked anew: {why}")
        self._said = True

    def _made(self, scenario: Scenario, catalogue: Any, **options: Any) -> Any:
        """The plan that was just made to be compared, or a new one."""
        from kalkan.compile import compile_scenario

        ready, self._ready = self._ready, None
        make = self.compiler or partial(compile_scenario, shared=self.shared())
        return ready or make(scenario, catalogue, **options)

    def _remember(self, keys: Keys, question: Point, compiled: Any, measured: dict[str, F8]) -> None:
        """Keep an answer under its world, and note under the question which world that is."""
        if self.memory.folder is None:
            return
        parts = plan_parts(compiled)
        answer = key_of(
            identity_of(parts), engine_identity(), counting_identity(), self.seed, question.first, question.n
        )
        inputs = [{k: row[k] for k in FIGURE} for row in plain(compiled.attrs).get("inputs", ())]
        self.memory.write(answer, measured)
        note = {
            "sure": keys.sure, "answer": answer, "engine": engine_identity(), "counting": counting_identity(),
            "versions": versions_here(), "plan": parts, "attrs": {"inputs": inputs},
        }  # fmt: skip
        self.memory.write_note(keys.question, note)

    def _warn(self, status: NDArray[np.int8]) -> None:
        """Tell once of every way in which a capacity did not suffice."""
        for code in sorted({int(s) for s in status} - {OK, *self._told}):
            self._told.add(code)
            self.watcher.warning(f"a replication of this study {STATUS[code].sentence}")

    def _keys(self, question: Point) -> Keys:
        scenario, stance, first, n, _ = question
        known = self._names.get(id(scenario))
        if known is None or known[0] is not scenario:
            known = (scenario, written_identity(scenario), variant_identity(scenario))
            self._names[id(scenario)] = known
        only = sorted(stance.only) if stance and stance.only is not None else None
        asked = (stance.text if stance else None, only, self.seed, first, n)
        sure = (known[2], scenario.stance, scenario.catalogue.identity, code_identity())
        return Keys(key_of(known[1], *asked), key_of(*sure, *asked))


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
