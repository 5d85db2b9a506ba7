"""Run a study: blocks of replications over threads, into a results folder that can be resumed.

Every replication depends on the scenario, the seed and its own number alone, so the size of
the blocks, the number of threads and the order of the work cannot change a result. All variants
use branch 0 of the random numbers: what happens to the same threat in the same replication is
drawn from the same numbers in each of them (common random numbers), and differences are paired.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kalkan.catalogue import Catalogue
from kalkan.engine.folder import describe, prepare
from kalkan.engine.job import Job
from kalkan.engine.numbers import MOST_REPLICATIONS
from kalkan.engine.plans import Compiler, Plans
from kalkan.engine.warm import Runner
from kalkan.engine.watch import Watcher
from kalkan.errors import Problem, ProblemsError, StoreError
from kalkan.scenario import Scenario, ScenarioSource, load
from kalkan.scenario.nouns.fields import LONGEST_NAME

if TYPE_CHECKING:
    import filelock

    from kalkan.compile.shared import Shared

LARGEST_SEED = 2**63 - 1


def run_study(
    scenario: ScenarioSource,
    *,
    replications: int | None = None,
    seed: int | None = None,
    threads: int | None = None,
    variants: Sequence[str] | None = None,
    out: str | Path | None = None,
    overwrite: bool = False,
    progress: Watcher | None = None,
    catalogue: Catalogue | None = None,
    compiler: Compiler | None = None,
    runner: Runner | None = None,
    shared: Shared | None = None,
) -> Path:
    """Simulate a scenario's variants; go on where an earlier run into the same folder stopped.

    Parameters
    ----------
    scenario : path, table or Scenario
    replications, seed : int, optional
        Per variant; default the file's study.
    threads : int, optional
        Default: every processor that this process may use.
    variants : sequence of str, optional
        Names of the variants to run; default all.
    out : path, optional
        Results folder; default ``out/`` and the name of the file.
    overwrite : bool
        Replace what the folder holds.
    progress : Watcher, optional
    catalogue : Catalogue, optional
        Default the one that the scenario was checked against.
    compiler, runner : callable, optional
        In place of ``kalkan.compile.compile_scenario`` and ``kalkan.campaign.run_block``.
    shared : Shared, optional
        What plans made before have in common with those of this run.

    Returns
    -------
    Path
        The results folder.

    Raises
    ------
    ProblemsError
        The scenario or one of the arguments is wrong.
    StoreError
        The folder holds a different run, is in use, or cannot be written.
    Interrupted
        Ctrl-C; finished blocks are kept.
    """
    if isinstance(scenario, str | Path):
        out = Path("out") / Path(scenario).stem if out is None else out
    scenario = load(scenario, catalogue=catalogue)
    folder = folder_of(scenario, out)
    catalogue = scenario.catalogue if catalogue is None else catalogue
    replications = scenario.study.replications if replications is None else replications
    seed = scenario.study.seed if seed is None else seed
    threads = processors() if threads is None else threads
    names = chosen(scenario, variants, replications, seed, threads)
    run = describe(scenario, catalogue, names, seed, replications)
    plans = Plans(scenario, catalogue, progress or Watcher(), compiler, shared)
    lock = locked(folder)
    try:
        store = prepare(folder, run, plans, overwrite=overwrite)
        Job(store, plans, names, replications, threads, runner).run()
    finally:
        lock.release()
    return folder


def locked(folder: Path) -> filelock.BaseFileLock:
    """The folder, made if need be, and held so that no other run writes to it; to be released.

    Raises
    ------
    StoreError
        Another run writes to it, or it cannot be made.
    """
    import filelock

    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(str(folder / "lock"), timeout=0)
        lock.acquire()
    except filelock.Timeout:
        raise StoreError(f"another kalkan run is writing to {folder}; choose another --out") from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreError(f"{folder} cannot be written: {reason}; choose another --out") from error
    return lock


def chosen(
    scenario: Scenario, variants: Sequence[str] | None, replications: int, seed: int, threads: int
) -> list[str]:
    """Names of the variants to run, in the file's order; every wrong argument is told at once."""
    known = list(scenario.variants_resolved())
    wanted = known if variants is None or not len(variants) else list(variants)
    problems = [
        Problem("--variant", f'"{n}" is not a variant; there are {", ".join(known)}') for n in wanted if n not in known
    ]
    limits = (("--replications", replications, 1, MOST_REPLICATIONS), ("--seed", seed, 0, LARGEST_SEED),
              ("--threads", threads, 1, 4096))  # fmt: skip
    for name, value, low, high in limits:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            problems.append(Problem(name, f"= {value} must be a whole number from {low} to {high}"))
    if problems:
        raise ProblemsError(problems)
    return [n for n in known if n in wanted]


def folder_of(scenario: Scenario, out: str | Path | None) -> Path:
    """The results folder: as wanted, or ``out/`` and the scenario's title."""
    title = unicodedata.normalize("NFC", scenario.title).replace("İ", "I").lower()  # else "i" and a loose dot
    slug = re.sub(r"[\W_]+", "-", title)[:LONGEST_NAME].strip("-") or "study"
    return Path("out") / slug if out is None else Path(out)


def processors() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
