"""What every study starts from: the scenario and its variants, the oracle, and arguments that make sense."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from kalkan.engine.numbers import MOST_REPLICATIONS
from kalkan.engine.run import chosen, processors
from kalkan.engine.watch import Watcher
from kalkan.errors import Problem, ProblemsError
from kalkan.results.goals import Goal, read_goal
from kalkan.scenario import Scenario, ScenarioSource, load
from kalkan.studies.answers import Answers


class Asked(NamedTuple):
    """How a study is to be made: what all of them have in common.

    Attributes
    ----------
    scenario : path, table or Scenario
    seed, threads : int, optional
        Default the file's, and all processors.
    variants : sequence of str, optional
        Names of those that take part; default all.
    stance : str, optional
        Whose figures, in place of the scenario's stance.
    files : sequence of path
        More catalogue files.
    out : path, optional
        Folder of the study; default ``out/`` and the file's name with ``-studies``.
    progress : Watcher, optional
    """

    scenario: ScenarioSource
    seed: int | None = None
    threads: int | None = None
    variants: Sequence[str] | None = None
    stance: str | None = None
    files: Sequence[str | Path] = ()
    out: str | Path | None = None
    progress: Watcher | None = None

    @property
    def folder(self) -> Path:
        """Folder of the study."""
        if self.out is not None:
            return Path(self.out)
        name = Path(self.scenario).stem if isinstance(self.scenario, str | Path) else "study"
        return Path("out") / f"{name}-studies"


class Inquiry(NamedTuple):
    """The scenario, checked, with what answers questions about it."""

    scenario: Scenario
    names: list[str]
    variants: list[Scenario]
    answers: Answers
    replications: int
    seed: int
    threads: int

MOST_BASE = 65_536  # points of a Sobol sequence that a study may take


def begin(asked: Asked, replications: int | None = None) -> Inquiry:
    """Load the scenario and set up the oracle.

    Parameters
    ----------
    asked : Asked
    replications : int, optional
        Default the file's.

    Raises
    ------
    ProblemsError
        The scenario or one of the arguments is wrong.
    """
    scenario = load(asked.scenario, files=[Path(f) for f in asked.files])
    if asked.stance is not None:
        scenario = scenario.with_stances([asked.stance])
    n = scenario.study.replications if replications is None else replications
    seed = scenario.study.seed if asked.seed is None else asked.seed
    threads = processors() if asked.threads is None else asked.threads
    names = chosen(scenario, asked.variants, n, seed, threads)
    variants = [v for name, v in scenario.variants_resolved().items() if name in names]
    answers = Answers(seed=seed, threads=threads, folder=asked.folder / "points", watcher=asked.progress)
    return Inquiry(scenario, names, variants, answers, n, seed, threads)


def goal_of(text: str, variants: int = 2, *, wants: str = "", option: str = "--of") -> Goal:
    """A goal as a user writes it; a mistake is told at that option."""
    try:
        goal = read_goal(text, wants=wants)
    except ValueError as error:
        raise mistake(option, str(error)) from None
    if goal.difference and variants < 2:
        raise mistake(option, "a difference needs at least two variants")
    return goal


def mistake(where: str, message: str) -> ProblemsError:
    """One problem, to be raised."""
    return ProblemsError([Problem(where, message)])


def power_of_two(base: int) -> None:
    """Refuse a base sample that Sobol sequences do not fill."""
    if base < 0 or base & (base - 1) or base > MOST_BASE:
        raise mistake("--base", f"= {base} must be a power of 2 up to {MOST_BASE}, or 0 for no Sobol study")


def at_least_two(**numbers: int | None) -> None:
    """Refuse options, by name, that are too small for a variance."""
    wrong = [(k, v) for k, v in numbers.items() if v is not None and not 2 <= v <= MOST_REPLICATIONS]
    if wrong:
        limits = f"must be a whole number from 2 to {MOST_REPLICATIONS}"
        raise ProblemsError([Problem(f"--{k}", f"= {v} {limits}") for k, v in wrong])
