"""A run that goes on until its answer is sharp enough; see ``kalkan.engine.stopping`` for the rule."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kalkan.engine import stopping
from kalkan.engine.run import run_study
from kalkan.engine.store import Store
from kalkan.errors import Problem, ProblemsError
from kalkan.results.assemble import Results, load_records
from kalkan.results.goals import Goal, read_goal
from kalkan.scenario import Scenario
from kalkan.studies.unknown import DESIGN, ask_unknown

if TYPE_CHECKING:
    from kalkan.compile.shared import Shared


class Stopped(NamedTuple):
    """When a run stopped, and why.

    Attributes
    ----------
    goals : list of str
        What was wanted, such as ``"leakers ± 0.2"``.
    reached : bool
        Whether all of it was.
    replications : int
        Of each variant.
    looks : list of Look
    why : str
        In a sentence.
    """

    goals: list[str]
    reached: bool
    replications: int
    looks: list[stopping.Look]
    why: str

    def record(self) -> dict[str, Any]:
        """As JSON has it."""
        looks = [{"replications": look.n, "excess": _finite(look.excess)} for look in self.looks]
        return {**self._asdict(), "looks": looks}


def read_until(text: str, scenario: Scenario, variants: Sequence[str] | None = None) -> list[Goal]:
    """Goals such as ``"leakers ± 0.2, leakers difference ± 0.3"``.

    Raises
    ------
    ProblemsError
        With everything that is wrong.
    """
    goals, problems = [], []
    for part in text.split(","):
        try:
            goals.append(read_goal(part.strip(), wants="±", ratios=True))
        except ValueError as error:
            problems.append(Problem("--until", str(error)))
    n = len(variants or scenario.variants_resolved())
    if any(g.difference for g in goals) and n < 2:
        problems.append(Problem("--until", "a difference needs at least two variants"))
    if problems:
        raise ProblemsError(problems)
    return goals


def run_or_until(
    scenario: Scenario, until: str | None, *, replications: int | None, variants: Sequence[str] | None,
    out: str | Path, unknown: bool | int = True, **options: Any,
) -> int:  # fmt: skip
    """Run a fixed number of replications, or until a goal; how many per variant there are to look at.

    Then draw the disputed claims, for half of the time that it took at most.

    Parameters
    ----------
    scenario : Scenario
    until : str or None
        A goal, such as ``"leakers ± 0.2"``; `replications` is then the most.
    replications : int or None
        Default the file's.
    out : path
        Results folder.
    unknown : bool or int
        Whether the claims are drawn, or how many times; see :func:`kalkan.studies.unknown.ask_unknown`.
    variants, **options
        See :func:`kalkan.engine.run.run_study`.
    """
    if unknown is not True and not 0 <= unknown <= DESIGN:
        raise ProblemsError([Problem("--unknown", f"= {unknown} must be a whole number from 0 to {DESIGN}")])
    from kalkan.compile.shared import Shared

    began = time.process_time()
    options.setdefault("shared", Shared())
    if until is None:
        run_study(scenario, replications=replications, variants=variants, out=out, **options)
        n = scenario.study.replications if replications is None else replications
    else:
        goals = read_until(until, scenario, variants)
        told = run_until(scenario, goals, most=replications, variants=variants, out=out, **options)
        n = told.replications
    if unknown:
        names = chosen_names(scenario, variants)
        same = {k: options.get(k) for k in ("threads", "compiler", "runner", "shared")}
        draws = None if unknown is True else int(unknown)
        spent_s = time.process_time() - began
        ask_unknown(
            scenario, Path(out), names, n, draws=draws, spent_s=spent_s, watcher=options.get("progress"), **same
        )
    return n


def chosen_names(scenario: Scenario, variants: Sequence[str] | None) -> list[str]:
    """Names of the variants that were run, in the file's order."""
    return [n for n in scenario.variants_resolved() if not variants or n in variants]


def run_until(
    scenario: Scenario,
    goals: Sequence[Goal],
    *,
    most: int | None = None,
    first: int = stopping.FIRST,
    variants: Sequence[str] | None = None,
    out: str | Path,
    overwrite: bool = False,
    **options: Any,
) -> Stopped:
    """Run all variants until every goal is reached in every one of them.

    The replications are those of a run of fixed length, and the looks depend on them alone: a run that
    was stopped and is started again looks at the same samples and stops at the same one.

    Parameters
    ----------
    scenario : Scenario
    goals : sequence of Goal
        From :func:`read_until`; a difference is meant from the first variant, for each of the others.
    most : int, optional
        Replications per variant at which the run ends in any case.
    first : int
        Replications of the first look.
    variants, out, overwrite, **options
        See :func:`kalkan.engine.run.run_study`.

    Returns
    -------
    Stopped
        It also stands in the folder's ``run.json`` as ``stopping``.
    """
    most = stopping.MOST if most is None else most
    compiler = _once(options.pop("compiler", None), options.get("shared"))
    again = {"overwrite": overwrite}

    def excess_at(n: int) -> float:
        run_study(
            scenario, replications=n, variants=variants, out=out, compiler=compiler,
            overwrite=again.pop("overwrite", False), **options,
        )  # fmt: skip
        results = Results(*load_records(out, variants=variants, replications=n))
        return max(stopping.excess_of(half_widths(results, goal), goal.value) for goal in goals)

    seen = list(stopping.looks(excess_at, most, first))
    told = _told(goals, seen)
    store = Store.open(out)
    store.run["stopping"] = told.record()
    store.save_run()
    return told


def half_widths(results: Results, goal: Goal) -> list[float]:
    """How far a goal's measure in every variant, or its differences from the first, may lie from the estimate.

    Intervals of counts hold room for an event that was not seen yet (Nádas's first-stage term, a variance of about 1/n
    more): a hundred replications without a leaker do not prove that there is none.
    """
    found = results.compare() if goal.difference else results.measures()
    return [m[goal.key].reach for m in found.values()]


def _told(goals: Sequence[Goal], seen: list[stopping.Look]) -> Stopped:
    last = seen[-1]
    reached = last.excess <= 1.0
    listed = ", ".join(g.text for g in goals)
    why = (
        f"stopped at {last.n:,} replications per variant, at look {len(seen)}, the first with {listed}"
        if reached
        else f"stopped at the limit of {last.n:,} replications per variant without {listed}"
    )
    return Stopped([g.text for g in goals], reached, last.n, seen, why)


def _finite(x: float) -> float | None:
    return x if x < float("inf") else None


def _once(compiler: Callable[..., Any] | None, shared: Shared | None) -> Callable[..., Any]:
    """A compiler that makes each variant's plan once for all looks."""
    made: dict[str, Any] = {}

    def compile_once(scenario: Scenario, catalogue: Any, progress: Any = None) -> Any:
        if scenario.base not in made:
            from kalkan.compile import compile_scenario

            compile_it = compiler or partial(compile_scenario, shared=shared)
            made[scenario.base] = compile_it(scenario, catalogue, progress=progress)
        return made[scenario.base]

    return compile_once
