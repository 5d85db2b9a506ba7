"""The compiled engine: whether it is there, and compiling it once, under a lock."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kalkan.compile import Compiled

Runner = Callable[..., None]
READY = "ready"  # a file of this name marks a complete code cache


def engine_is_compiled() -> bool:
    """Whether this version of the engine has been compiled on this machine before."""
    from kalkan import jit

    return (jit.code_cache() / READY).exists()


@contextlib.contextmanager
def compiling() -> Iterator[None]:
    """Hold the machine-wide lock on the code cache; mark the cache complete on a good end.

    Processes that start together wait for the first, and then find its work done.
    """
    import filelock

    from kalkan import jit

    folder = jit.code_cache()
    folder.mkdir(parents=True, exist_ok=True)
    if engine_is_compiled():
        yield
        return
    with filelock.FileLock(str(folder / "compiling.lock")):
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


def engine_identity() -> str:
    """Hash [16 hex digits] of all code that decides a replication's results, and of numba and Python."""
    from kalkan import compile as bridge
    from kalkan.jit import source_stamp

    digest = hashlib.sha256(source_stamp().encode())
    for path in sorted(Path(bridge.__file__).parent.glob("*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]
