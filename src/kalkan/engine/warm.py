"""The compiled engine: whether it is there, and compiling it once, under a lock."""

from __future__ import annotations

import contextlib
import functools
import gc
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kalkan.engine.watch import Watcher
from kalkan.kept import anew

if TYPE_CHECKING:
    from kalkan.compile import Compiled

Runner = Callable[..., None]
COLLECT_EACH = 200_000  # new objects; Python's own 700 to 2,000
READY = "ready"  # a file of this name and that of a part marks that the part's machine code is there
PLANS, LOOP = "plans", "loop"  # what makes plans, and what every plan needs of the loop


def engine_is_compiled(parts: Sequence[str] = (PLANS, LOOP)) -> bool:
    """Whether parts were compiled before: by this environment, from these files, for this processor."""
    from kalkan import jit

    folders = [folder for folder in jit.code_caches() if _is_sound(folder)]
    return all(any((folder / f"{READY}-{part}").exists() for folder in folders) for part in parts)


@functools.cache
def _is_sound(folder: Path) -> bool:
    """Whether the marks in a folder can be believed; looked at once in a process.

    Files that are not what was written are taken away with the marks, so that what they held is compiled again under
    the eyes of the user. Where they cannot be taken away, nobody runs them either.
    """
    from kalkan.linking import is_plain

    if is_plain():  # numba's own files have no checksums
        return True
    from kalkan.machine_code import damaged

    try:
        unsound = damaged(folder)
        for path in [*folder.glob(f"{READY}-*"), *unsound] if unsound else ():
            path.unlink(missing_ok=True)
    except OSError:
        return False
    return True


def parts_of(compiled: Compiled) -> list[str]:
    """The parts of the loop that a plan needs: its rooms and models, those of a user's own aside."""
    from kalkan.kernels import rooms, slots

    found = [name for plan in compiled.plans for name in (*rooms.names(plan), *slots.names(plan))]
    return [LOOP, *dict.fromkeys(found)]


@contextlib.contextmanager
def compiling(parts: Sequence[str] = (PLANS,)) -> Iterator[None]:
    """Hold the machine-wide lock on the code cache while parts are not there; mark them on a good end.

    Processes that start together wait for the first, and then find its work done.
    """
    from kalkan import jit
    from kalkan.caches import caches

    folder = jit.code_cache()
    if engine_is_compiled(parts) or not caches().is_written:
        with contextlib.suppress(OSError):
            os.utime(folder / f"{READY}-{parts[0]}")  # used today: not to be taken away
        yield
        return
    with _held(folder), anew(), _seldom_collecting():
        yield
        with contextlib.suppress(OSError):  # a full disk: compiled again next time
            for part in parts:
                (folder / f"{READY}-{part}").touch()


@contextlib.contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Python looks for circular garbage far more rarely: a sixth of a compilation otherwise goes into that."""
    before = gc.get_threshold()
    gc.set_threshold(COLLECT_EACH, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextlib.contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Hold the lock on a folder of machine code."""
    import filelock

    from kalkan.engine.cache import lock_of

    folder.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(lock_of(folder)):
        yield


def fetch_engine(compiled: Compiled, runner: Runner, watcher: Watcher, loaded: bool = False) -> None:
    """Compile what a plan needs of the loop, or fetch it from the cache.

    Parameters
    ----------
    compiled : Compiled
    runner : callable
    watcher : Watcher
        Told if there is something to compile.
    loaded : bool
        The loop has been fetched in this process; only what is not compiled yet is looked after.
    """
    parts = parts_of(compiled)
    if not engine_is_compiled(parts):
        watcher.compiling_engine()
    elif loaded:
        return
    with compiling(parts):
        load_engine(compiled, runner)


def load_engine(compiled: Compiled, runner: Runner) -> None:
    """Compile the loop for a plan, or fetch it from the cache: one replication that nobody keeps."""
    from kalkan.kernels.records import allocate

    runner(compiled.runs, 0, 0, 0, 1, allocate(1, compiled.sizes))


def warm() -> bool:
    """Compile the engine now, for a small scenario over flat ground.

    Returns
    -------
    bool
        False if it had been compiled before.
    """
    from kalkan.campaign import run_block
    from kalkan.catalogue import load_catalogue
    from kalkan.compile import compile_scenario
    from kalkan.scenario import parse, starter

    before = engine_is_compiled()
    with compiling():
        compiled = compile_scenario(parse(starter("small")), load_catalogue())
    fetch_engine(compiled, run_block, Watcher())
    return not before
