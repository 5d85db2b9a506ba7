"""Mutants one at a time, each in a copy of the source with a cache of its own, its test run uncompiled.

Uncompiled (``NUMBA_DISABLE_JIT``) kernels are plain Python: the same replication bit for bit
(``tests/twins/test_plain_python.py``), without the minute that compiling a changed engine takes. The user's own tree
and caches are never touched.
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.mutants.source import SOURCE, Mutant, put_in

ROOT = SOURCE.parents[1]
LONGEST_S = 300  # a mutant that makes a test last longer is broken, not noticed
Outcome = dict[str, str]  # node of pytest → "passed", "asserted" or what else happened


def faults(mutants: Sequence[Mutant]) -> list[str]:
    """What is wrong with a list of mutants, beside their texts."""
    names = [m.name for m in mutants]
    twice = {name for name in names if names.count(name) > 1}
    absent = {m.test for m in mutants if not (ROOT / m.test.partition("::")[0]).is_file()}
    return [f'two mutants are called "{name}"' for name in twice] + [f"there is no test {test}" for test in absent]


def untouched(mutants: Sequence[Mutant], processes: int, kept: Path) -> bool:
    """Whether the tests that are asked pass, uncompiled, as long as nothing is changed.

    Parameters
    ----------
    mutants : sequence of Mutant
    processes : int
        Among which the tests are divided.
    kept : Path
        Folder for what processes may share: see ``plugin.py``.
    """
    wanted = sorted({m.test for m in mutants})
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(processes) as pool:
        copy, shares = _copy(Path(folder)), [wanted[i::processes] for i in range(processes) if wanted[i::processes]]
        ended = list(pool.map(lambda share: _tested(copy, share, LONGEST_S * len(share), kept), shares))
    outcome, told = {k: v for part, _ in ended for k, v in part.items()}, "".join(said for _, said in ended)
    bad = [f"{test}: {outcome.get(test, 'did not run')}" for test in wanted if outcome.get(test) != "passed"]
    if bad:
        print("without any mutant:", *bad, told[-3000:], sep="\n", file=sys.stderr)
    return not bad


def judge(mutants: Sequence[Mutant], processes: int, kept: Path) -> list[tuple[Mutant, str]]:
    """Those that their test did not notice, and what happened instead."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(processes) as pool:
        copies: queue.SimpleQueue[Path] = queue.SimpleQueue()
        for i in range(processes):
            copies.put(_copy(Path(folder) / str(i)))

        def one(mutant: Mutant) -> str:
            copy = copies.get()
            try:
                return _noticed(copy, mutant, kept)
            finally:
                copies.put(copy)

        return [(m, told) for m, told in zip(mutants, pool.map(one, mutants), strict=True) if told]


def _noticed(copy: Path, mutant: Mutant, kept: Path) -> str:
    """``""`` if the mutant's test fails by an assertion, else what happened."""
    begun = time.perf_counter()
    before = put_in(copy / "kalkan", mutant)
    try:
        outcome, told = _tested(copy, [mutant.test], LONGEST_S, kept)
    finally:
        for path, text in before.items():
            path.write_text(text, encoding="utf-8")
    found = outcome.get(mutant.test, f"did not run: {told[-800:]}")
    verdict = "noticed" if found == "asserted" else "SURVIVED" if found == "passed" else "BROKEN"
    print(f"{verdict:9}{time.perf_counter() - begun:5.1f} s  {mutant.name}", flush=True)
    return {"asserted": "", "passed": "its test passes all the same"}.get(found, f"no assertion failed, but {found}")


def _copy(folder: Path) -> Path:
    """A copy of the source, to be found before the installed one, with the page that a package holds too."""
    shutil.copytree(SOURCE, folder / "kalkan", ignore=shutil.ignore_patterns("static"))
    shutil.copy(ROOT / "docs/limits.md", folder / "kalkan/views/report/limits.md")
    return folder


def _tested(copy: Path, tests: Sequence[str], longest_s: float, kept: Path) -> tuple[Outcome, str]:
    """Run tests on a copy of the source; how each ended, and what pytest said."""
    with tempfile.TemporaryDirectory() as scratch:
        told = Path(scratch) / "outcomes.json"
        env = os.environ | {
            "PYTHONPATH": os.pathsep.join([str(copy), str(ROOT)]), "NUMBA_DISABLE_JIT": "1",
            "PYTHONDONTWRITEBYTECODE": "1", "KALKAN_CACHE_DIR": str(Path(scratch) / "cache"),
            "KALKAN_MUTANT": str(copy), "KALKAN_OUTCOMES": str(told), "KALKAN_FLY_OUTS": str(kept),
        }  # fmt: skip
        command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.mutants.plugin", "-p", "no:cacheprovider",
                   "-W", "ignore::RuntimeWarning", *tests]  # fmt: skip
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        with subprocess.Popen(command, cwd=ROOT, env=env, start_new_session=True, **pipes) as running:
            try:
                said, _ = running.communicate(timeout=longest_s)
            except subprocess.TimeoutExpired:
                os.killpg(running.pid, signal.SIGKILL)  # with all that its tests have started
                return dict.fromkeys(tests, f"not over after {longest_s:.0f} s"), ""
        outcome: Outcome = json.loads(told.read_text(encoding="utf-8")) if told.is_file() else {}
        return outcome, said
