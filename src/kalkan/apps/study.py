"""What the commands of studies share: options, the scenario with its oracle, and how an answer is printed."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kalkan.apps.reporting import INTERRUPTED, print_json

if TYPE_CHECKING:
    from kalkan.results.answers import Answers
    from kalkan.results.goals import Goal
    from kalkan.scenario import Scenario

File = Annotated[Path, typer.Argument(metavar="FILE", help="A scenario file (TOML).")]
Json = Annotated[bool, typer.Option("--json", help="Print the same content as JSON.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress on the error stream.")]
Seed = Annotated[int | None, typer.Option("--seed", metavar="S", help="Seed; default the file's.")]
Threads = Annotated[int | None, typer.Option("--threads", metavar="N", help="Threads; default all processors.")]
Variants = Annotated[
    list[str] | None, typer.Option("--variant", metavar="NAME", help="This variant only; may be repeated.")
]
Whose = Annotated[str | None, typer.Option("--stance", metavar="WHOSE", help="Whose figures; default the file's.")]
Catalogues = Annotated[
    list[Path] | None, typer.Option("--catalogue", metavar="FILE", help="Another catalogue file; may be repeated.")
]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Folder of the study; default out/ and the file's name.")
]
Of = Annotated[
    str, typer.Option("--of", metavar="MEASURE", help='Such as leakers, p_no_leaker or "leakers difference".')
]


def run_or_until(
    scenario: Scenario, until: str | None, *, replications: int | None, variants: Sequence[str] | None, **options: Any
) -> int:
    """Run a fixed number of replications, or until a goal; how many per variant there are to look at."""
    from kalkan.engine.run import run_study

    if until is None:
        run_study(scenario, replications=replications, variants=variants, **options)
        return scenario.study.replications if replications is None else replications
    from kalkan.results.until import read_until, run_until

    goals = read_until(until, scenario, variants)
    told = run_until(scenario, goals, most=replications, variants=variants, **options)
    return int(told["replications"])


@dataclass
class Study:
    """What every study starts from."""

    scenario: Scenario
    names: list[str]
    variants: list[Scenario]
    answers: Answers
    folder: Path
    replications: int
    seed: int
    threads: int


@contextlib.contextmanager
def study(
    file: Path, *, catalogue: list[Path] | None, stance: str | None, variant: list[str] | None, seed: int | None,
    threads: int | None, replications: int | None, otherwise: int | None, out: Path | None, quiet: bool,
) -> Iterator[Study]:  # fmt: skip
    """The scenario, checked, and the oracle; a stop by Ctrl-C says that nothing is lost."""
    from kalkan.apps.progress import watcher
    from kalkan.engine.run import chosen, processors
    from kalkan.results.answers import Answers
    from kalkan.scenario import load

    scenario = load(file, files=catalogue or ())
    if stance is not None:
        scenario = scenario.with_stances([stance])
    n = replications if replications is not None else otherwise or scenario.study.replications
    seed = scenario.study.seed if seed is None else seed
    threads = processors() if threads is None else threads
    names = chosen(scenario, variant, n, seed, threads)
    folder = Path("out") / f"{file.stem}-studies" if out is None else out
    variants = [v for name, v in scenario.variants_resolved().items() if name in names]
    try:
        with watcher(quiet) as watch:
            answers = Answers(seed=seed, threads=threads, folder=folder / "points", watcher=watch)
            yield Study(scenario, names, variants, answers, folder, n, seed, threads)
    except KeyboardInterrupt:
        print(f"stopped; what is finished is kept in {folder}: the same command goes on from there", file=sys.stderr)
        raise typer.Exit(INTERRUPTED) from None


def goal_of(text: str, variants: int = 2, *, wants: str = "", option: str = "--of") -> Goal:
    """A goal as read from an option; a mistake is told at that option."""
    from kalkan.results.goals import read_goal

    try:
        goal = read_goal(text, wants=wants)
    except ValueError as error:
        raise mistake(option, str(error)) from None
    if goal.difference and variants < 2:
        raise mistake(option, "a difference needs at least two variants")
    return goal


def mistake(where: str, message: str) -> Exception:
    """One problem, to be raised."""
    from kalkan.errors import Problem, ProblemsError

    return ProblemsError([Problem(where, message)])


def power_of_two(base: int) -> None:
    """Refuse a base sample that Sobol sequences do not fill."""
    if base < 0 or base & (base - 1) or base > 65536:
        raise mistake("--base", f"= {base} must be a power of 2, or 0 for no Sobol study")


def at_least_two(**numbers: int | None) -> None:
    """Refuse options, by name, that are too small for a variance."""
    from kalkan.errors import Problem, ProblemsError

    wrong = [(k, v) for k, v in numbers.items() if v is not None and not 2 <= v <= 10_000_000]
    if wrong:
        raise ProblemsError([Problem(f"--{k}", f"= {v} must be a whole number from 2 to 10000000") for k, v in wrong])


def show(
    as_json: bool, content: dict[str, Any], files: Sequence[Path], heading: str,
    tables: Sequence[tuple[list[str], list[list[str]]]], sentence: str = "", keep: Path | None = None,
) -> None:  # fmt: skip
    """Print a study: as JSON, or its heading, tables, sentence and files; `keep` it for reports."""
    if keep is not None:
        keep.write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")
        files = [*files, keep]
    if as_json:
        print_json({**content, "files": [str(f) for f in files]})
        return
    from kalkan.apps.screen import screen
    from kalkan.views.tables import grid

    out = screen()
    out.print(heading, style="bold", markup=False)
    for heads, rows in tables:
        out.print()
        out.print(grid(heads, rows))
    if sentence:
        out.print()
        out.print(sentence, markup=False)
    if files:
        out.print()
        out.print("figures and tables: " + ", ".join(str(f) for f in files), style="dim", markup=False)
