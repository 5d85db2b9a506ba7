"""The compiled engine: whether it is there, and compiling it once, under a lock."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kalkan.compile import Compiled

Runner = Callable[..., None]
READY = "ready"  # a file of this name marks a complete code cache


def engine_is_compiled() -> bool:
    """Whether the engine has been compiled before: by this environment, from these files, for this processor."""
    from kalkan import jit

    return (jit.code_cache() / READY).exists()


@contextlib.contextmanager
def compiling() -> Iterator[None]:
    """Hold the machine-wide lock on the code cache; mark the cache complete on a good end.

    Processes that start together wait for the first, and then find its work done.
    """
    import filelock

    from kalkan import jit
    from kalkan.engine.cache import lock_of

    folder = jit.code_cache()
    folder.mkdir(parents=True, exist_ok=True)
    if engine_is_compiled():
        with contextlib.suppress(OSError):
            (folder / READY).touch()  # used today: not to be taken away
        yield
        return
    with filelock.FileLock(lock_of(folder)):
        yield
        (folder / READY).touch()


def load_engine(compiled: Compiled, runner: Runner) -> None:
    """Compile the loop for a plan, or fetch it from the cache: one replication that nobody keeps."""
    from kalkan.kernels.records import allocate

    runner(compiled.plan, 0, 0, 0, 1, allocate(1, compiled.sizes))


def warm() -> bool:
    """Compile the engine now, for a small scenario over flat ground.

    Returns
    -------
    bool
        False if it had been compiled before.
    """
    from kalkan.catalogue import load_catalogue
    from kalkan.compile import compile_scenario
    from kalkan.kernels.mission import run_block
    from kalkan.scenario import parse, starter

    before = engine_is_compiled()
    with compiling():
        compiled = compile_scenario(parse(starter("small")), load_catalogue())
        load_engine(compiled, run_block)
    return not before

