"""A quick propagation as part of a run: how far the sources' disagreement carries, for half of the run's time at most.

Draws come one after the other from a Latin hypercube of `DESIGN`, each with a pair of replications of the first variant
and of the last that is compared with it, and end when the next ones would pass the share of processor time. Which draws
these are depends on the seed alone, and so do their outcomes: two runs of one seed agree in all draws that both have
made. They stand in ``unknown.json`` of the run's folder, written after every few draws, so that a run that was stopped
goes on there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kalkan.catalogue import draw
from kalkan.engine.identity import variant_identity
from kalkan.engine.run import locked, processors
from kalkan.engine.store import Store, stored_unknown
from kalkan.engine.watch import Interrupted, Watcher
from kalkan.errors import DamagedError
from kalkan.results.drawn import LEAST_DRAWS, SHOWN, Unknown, unknown_of
from kalkan.results.nested import QUANTILES_FROM
from kalkan.scenario import Scenario
from kalkan.sources import code_identity
from kalkan.studies.answers import Answers
from kalkan.studies.drivers import columns, drivers
from kalkan.studies.factors import anything_disputed
from kalkan.studies.propagate import design_of, simulate

if TYPE_CHECKING:
    from kalkan.compile.shared import Shared

DESIGN, INNER = 64, 2
MOST_AT_ONCE = 4  # draws between two looks at the clock
SHARE_OF_TIME = 0.5  # of the processor time of the run's replications
TOLD_DRIVERS = 10  # are kept
LOOK_S, LOOK_SHARE = 2.0, 0.1  # processor time to look for what drives the answer [s], and of all that may be spent
MARGIN = 1.1  # on what the next draws are foretold to cost
COSTLIER = 3.0  # a drawn world than the consensus, before the first is known
LEAST_REPLICATIONS = round(LEAST_DRAWS * INNER * COSTLIER / SHARE_OF_TIME)

def ask_unknown(
    scenario: Scenario, folder: Path, names: Sequence[str], replications: int, *, draws: int | None = None,
    spent_s: float = 0.0, threads: int | None = None, watcher: Watcher | None = None,
    compiler: Callable[..., Any] | None = None, runner: Callable[..., None] | None = None,
    shared: Shared | None = None,
) -> None:  # fmt: skip
    """Draw the disputed claims for a finished run, and keep the outcomes in its folder.

    Parameters
    ----------
    scenario : Scenario
        As it was run.
    folder : Path
        Of the run.
    names : sequence of str
        Variants that were run. Without `draws` the first and the last that is compared with it are drawn: their
        difference is the headline, and each of the others would cost as many draws.
    replications : int
        Of each of them.
    draws : int, optional
        So many, of every variant, whatever they cost; default as many as the share of time allows.
    spent_s : float
        Processor time that the run took in this process [s]; no less counts than what its replications took.
    threads, watcher, compiler, runner, shared
        See :func:`kalkan.engine.run.run_study`.

    Raises
    ------
    Interrupted
        Ctrl-C; finished draws are kept.
    StoreError
        The folder is in use or cannot be written.
    """
    store = Store.open(folder)
    resolved = scenario.variants_resolved()
    compared = [n for n in names[1:] if not resolved[n].against] or names[1:]
    drawn = names if draws is not None else [*names[:1], *compared[-1:]]
    variants = {n: v for n, v in resolved.items() if n in drawn}
    answers = Answers(
        seed=int(store.run["seed"]), threads=threads or processors(), compiler=compiler, runner=runner, shared=shared
    )
    study = _Study(store, variants, answers, watcher or Watcher(), replications, draws, spent_s)
    lock = locked(folder)
    try:
        study.run()
    except KeyboardInterrupt:
        total = replications * len(variants)
        raise Interrupted(total, total, str(folder)) from None
    finally:
        lock.release()


class _Study:
    """One call of `ask_unknown`: what is kept from before, what may still be spent, what is written."""

    def __init__(
        self, store: Store, variants: dict[str, Scenario], answers: Answers, watcher: Watcher, replications: int,
        draws: int | None, spent_s: float,
    ) -> None:  # fmt: skip
        self.spent_s = spent_s
        self.store, self.variants, self.answers, self.watcher = store, variants, answers, watcher
        self.replications, self.wanted = replications, draws
        self.key = {
            "of": {n: variant_identity(v) for n, v in variants.items()}, "seed": answers.seed,
            "catalogue": store.run["catalogue"], "code": code_identity(), "design": [DESIGN, INNER],
        }  # fmt: skip
        self.latest_s = 0.0  # processor time of a draw, of the latest that were made [s]
        self.content: dict[str, Any] = {"key": self.key, "replications": 0, "cpu_s": 0.0, "outcomes": {}, "why": ""}

    def run(self) -> None:
        """Go on from what is kept until there are draws enough, or no time is left."""
        self._take_up()
        if self.content["replications"] == self.replications and self.wanted is None:
            return
        why = self._nothing_to_ask()
        if not why:
            self.watcher.stage(f"what is not known: draws of the disputed claims × {INNER} replications of each")
            while n := self._affordable():
                self._draw(n)
            why = self._ending()
            self._look_for_drivers()
        self.content |= {"why": why, "replications": self.replications}
        self._write()

    @property
    def made(self) -> int:
        """Draws so far."""
        return Unknown(self.content["outcomes"], "").draws

    def _take_up(self) -> None:
        """What the folder holds of the same study; a run of more replications may draw more."""
        try:
            old = stored_unknown(self.store.path)
        except DamagedError:
            return
        if old is None:
            return
        if old.get("key") == self.key:
            self.content = old | {"outcomes": unknown_of(old).outcomes}
        elif old.get("outcomes") and isinstance(old.get("key"), dict):
            self._say_anew(old["key"])
        if self.wanted is not None and self.made > self.wanted:
            kept = self.content["outcomes"].items()
            self.content["outcomes"] = {n: {k: x[: self.wanted] for k, x in m.items()} for n, m in kept}

    def _say_anew(self, old: dict[str, Any]) -> None:
        """That draws from before are not used, if it was not the user who asked for others."""
        words = {"catalogue": "another catalogue", "code": "other code of kalkan's"}
        why = " and ".join(word for part, word in words.items() if old.get(part) != self.key[part])
        if why:
            self.watcher.warning(f"the draws of the disputed claims beside this run were made with {why}: made anew")

    def _nothing_to_ask(self) -> str:
        """Why there is nothing to draw, or ``""``."""
        if len({v.stance for v in self.variants.values()}) > 1:
            return "several stances stand side by side"
        if self.wanted is None and self.replications < LEAST_REPLICATIONS and not self.made:
            return f"a run of fewer than {LEAST_REPLICATIONS} replications has no time for it"
        began = time.process_time()
        nothing = not self.made and not anything_disputed(list(self.variants.values()), self.answers.shared())
        self.content["cpu_s"] += time.process_time() - began
        return "nothing that the scenario uses is disputed" if nothing else ""

    def _affordable(self) -> int:
        """How many draws may be made before the next look at the clock."""
        left = (DESIGN if self.wanted is None else min(DESIGN, self.wanted)) - self.made
        if self.wanted is not None or not self.made:
            return max(0, min(left, MOST_AT_ONCE if self.wanted else 1))
        each_s = MARGIN * (self.latest_s or self.content["cpu_s"] / self.made)
        free_s = self._budget_s() - self.content["cpu_s"] - (LOOK_S if self._may_look() else 0.0)
        return max(0, min(left, MOST_AT_ONCE, int(free_s / each_s)))

    def _may_look(self) -> bool:
        """Whether there is time to look for drivers."""
        return self.wanted is not None or LOOK_SHARE * self._budget_s() >= LOOK_S

    def _budget_s(self) -> float:
        """Processor time [s] that the draws may take."""
        simulated_s = sum(b.seconds for b in self.store.blocks if b.first < self.replications)
        return SHARE_OF_TIME * max(self.spent_s, simulated_s)

    def _draw(self, n: int) -> None:
        """Make the next `n` draws and write them down."""
        began = time.process_time()
        self.watcher.note(f"what is not known: {self.made} draws of the claims")
        which = range(self.made, self.made + n)
        found = simulate(
            self.answers, list(self.variants.values()), which, DESIGN, INNER, design_of(self.answers.seed)
        )
        old = self.content["outcomes"]
        for name, measures in zip(self.variants, found, strict=True):
            new = {k: measures[k] for k in SHOWN}
            more = {k: np.concatenate([old[name][k], new[k]]) for k in SHOWN if k in old[name]} if name in old else new
            old[name] = more
        self.latest_s = (time.process_time() - began) / n
        self.content["cpu_s"] += n * self.latest_s
        self._write()

    def _look_for_drivers(self) -> None:
        """What the leakers of the first variant go with, if there are draws enough for quantiles, and time."""
        if self.made < QUANTILES_FROM or not self._may_look() or self.content.get("looked_at") == self.made:
            return
        if self.wanted is None and self.content["cpu_s"] + LOOK_S > self._budget_s():
            return
        began = time.process_time()
        name, variant = next(iter(self.variants.items()))
        stances = [draw(variant.catalogue, design_of(self.answers.seed), i, DESIGN) for i in range(self.made)]
        moved = columns([variant], stances, shared=self.answers.shared())
        found = drivers(self.content["outcomes"][name]["leakers"], *moved)
        first = found[:TOLD_DRIVERS]
        rows = [{"quantities": list(d.names), "share": d.share, "p": d.p, "first": d.first} for d in first]
        self.content |= {"drivers": rows, "looked_at": self.made}
        self.content["cpu_s"] += time.process_time() - began

    def _ending(self) -> str:
        if self.wanted is None and self.made < LEAST_DRAWS:
            return f"the share of time allowed for {self.made} draws of the disputed claims only"
        return ""

    def _write(self) -> None:
        outcomes = {n: {k: x.tolist() for k, x in m.items()} for n, m in self.content["outcomes"].items()}
        self.store.save_unknown(self.content | {"outcomes": outcomes})
