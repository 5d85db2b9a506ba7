"""What kalkan keeps on disk and may make again: how much there is, and taking away what nobody has used for long.

Every version of the engine has a folder of machine code of its own (:func:`kalkan.jit.stamp`), every antenna site a
horizon table, and small answers (:mod:`kalkan.kept`) lie beside them; none is missed by anybody but the next to need
it, who makes it again. A folder is marked when its engine is used, a table or an answer when it is read.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from kalkan import jit
from kalkan.caches import cache_root
from kalkan.kept import ENDING, FOLDER

UNUSED_DAYS = 30.0
DAY_S = 86_400.0
ENGINE, HORIZON, ANSWER = "engine", "horizon", "answer"
LEAVING = ".leaving-"  # before the name of a folder that is being taken away


class CacheEntry(NamedTuple):
    """One thing in the cache.

    Attributes
    ----------
    kind : str
        ``engine`` (the machine code of one version), ``horizon`` (a table of lines of sight) or ``answer``.
    path : Path
    size_bytes : int
    unused_days : float
        Time since it was made or last used [d].
    present : bool
        Whether it is the engine of this version in this environment, which is never taken away.
    """

    kind: str
    path: Path
    size_bytes: int
    unused_days: float
    present: bool = False

    @property
    def old(self) -> bool:
        """Whether nobody has used it for long."""
        return not self.present and self.unused_days > UNUSED_DAYS


def kept() -> list[CacheEntry]:
    """Everything in the cache: engines, horizon tables, then answers, each with the latest used first."""
    engines = [_measured(ENGINE, p, p == jit.code_cache()) for p in _entries(jit.code_cache().parent) if p.is_dir()]
    tables = [_measured(HORIZON, p) for p in _entries(cache_root() / "horizon") if p.suffix == ".npy"]
    answers = [_measured(ANSWER, p) for p in _entries(cache_root() / FOLDER) if p.suffix == ENDING]
    return [entry for kind in (engines, tables, answers) for entry in sorted(kind, key=lambda k: k.unused_days)]


def clean() -> list[CacheEntry]:
    """Take away what has not been used for `UNUSED_DAYS`; what was taken away.

    An engine that a process is compiling at the moment stays, as does what cannot be removed. A folder is renamed
    before it is emptied, so that no process finds half an engine.
    """
    return [thing for thing in kept() if thing.old and (_drop if thing.kind == ENGINE else _drop_file)(thing.path)]


def lock_of(engine: Path) -> Path:
    """The file that is locked by whoever compiles into an engine's folder, or takes it away."""
    return engine.with_name(engine.name + ".lock")


def _drop(engine: Path) -> bool:
    import filelock

    try:
        with filelock.FileLock(lock_of(engine), timeout=0):
            if not _measured(ENGINE, engine).old:
                return False
            leaving = engine.with_name(f"{LEAVING}{engine.name}")
            engine.rename(leaving)
            shutil.rmtree(leaving)
            return True
    except (filelock.Timeout, OSError):
        return False


def _drop_file(path: Path) -> bool:
    try:
        path.unlink()
    except OSError:
        return False
    return True


def _measured(kind: str, path: Path, present: bool = False) -> CacheEntry:
    size, used_s = 0, 0.0
    for file in (path, *(path.rglob("*") if path.is_dir() else ())):
        with contextlib.suppress(OSError):
            about = file.stat()
            size += 0 if file.is_dir() else about.st_size
            used_s = max(used_s, about.st_mtime)
    return CacheEntry(kind, path, size, (time.time() - used_s) / DAY_S, present)


def _entries(folder: Path) -> Iterator[Path]:
    with contextlib.suppress(OSError):
        yield from (Path(entry.path) for entry in os.scandir(folder))
