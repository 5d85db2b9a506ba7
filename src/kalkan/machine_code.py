"""Machine code on disk: numba's cache, with a checksum before every file, and looked for in several folders.

numba runs whatever bytes it finds; one flipped bit ends the process. Here a file whose checksum is wrong counts as
absent: the function is compiled again, and the file replaced. A folder that cannot be written is read all the same.
The classes of ``numba.core.caching`` are no public interface: they are used for the versions of numba that
`kalkan.linking` knows.
"""

from __future__ import annotations

import contextlib
import os
import pickle
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from numba.core import caching, config

from kalkan.files import checksum, content_of


def damaged(folder: Path) -> list[Path]:
    """Files of machine code below a folder that are not what was written."""
    return [path for path in folder.rglob("*.nb[ic]") if content_of(path) is None]


class CodeFile(caching.IndexDataCacheFile):
    """Index and data files of one function, each behind its checksum."""

    def _load_index(self) -> Any:
        try:
            version, stamp, overloads = self._fetch(self._index_path)
        except OSError:
            return {}
        return overloads if (version, stamp) == (self._version, self._source_stamp) else {}

    def _save_index(self, overloads: Any) -> None:
        self._keep(self._index_path, (self._version, self._source_stamp, overloads))

    def _load_data(self, name: str) -> Any:
        return self._fetch(self._data_path(name))

    def _save_data(self, name: str, data: Any) -> None:
        self._keep(self._data_path(name), data)

    def _fetch(self, path: str) -> Any:
        """What was written; an `OSError` where there is nothing, or something else."""
        content = content_of(path)
        if content is None:
            raise OSError(f"{path} is damaged")
        return pickle.loads(content)

    def _keep(self, path: str, thing: Any) -> None:
        content = self._dump(thing)
        with self._open_for_write(path) as file:
            file.write(checksum(content) + content)


class _CodePlace(caching.UserProvidedCacheLocator):
    """Where the files of a function are: numba's own place, of which nobody asks whether it can be written."""

    @classmethod
    def from_function(cls, py_func: Any, py_file: str) -> Any:
        return cls(py_func, py_file) if os.path.exists(py_file) else None  # noqa: PTH110 - no file at all, at times

    def ensure_cache_path(self) -> None:
        Path(self.get_cache_path()).mkdir(parents=True, exist_ok=True)


class _Kept(caching.CompileResultCacheImpl):
    _locator_classes = [_CodePlace, caching.IPythonCacheLocator]


class ProgramCache(caching.FunctionCache):
    """The cache of one program.

    Parameters
    ----------
    function : callable
    folders : sequence of Path
        Where files are looked for; those of which the first is `numba.config.CACHE_DIR` are written there.
    allocates : bool
        Whether its code asks numba's runtime for memory.
    """

    _impl_class = _Kept

    def __init__(self, function: Callable[..., Any], folders: Sequence[Path], allocates: bool) -> None:
        super().__init__(function)
        self._allocates = allocates
        place = Path(self._cache_path)
        written = Path(vars(config)["CACHE_DIR"])
        places = [f / place.relative_to(written) for f in folders] if place.is_relative_to(written) else [place]
        about = self._impl.filename_base, self._impl.locator.get_source_stamp()
        self._files = [CodeFile(str(p), *about) for p in places]
        self._cache_file = CodeFile(str(place), *about)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """The program of a signature, if it is on disk.

        Before it looks, numba makes all ready that a compilation might need, SciPy's linear algebra among it: a fifth
        of a warm start. What is on disk needs none of that, but its runtime where it asks that for memory; and whoever
        compiles makes it ready all the same (``CompilerBase``).
        """
        if self._allocates:
            return super().load_overload(sig, target_context)
        with self._guard_against_spurious_io_errors():
            return self._load_overload(sig, target_context)

    def _load_overload(self, sig: Any, target_context: Any) -> Any:
        key = self._index_key(sig, target_context.codegen())
        for file in self._files if self._enabled else ():
            found = file.load(key)
            if found is not None:
                return self._impl.rebuild(target_context, found)
        return None

    def _save_overload(self, sig: Any, data: Any) -> None:
        with contextlib.suppress(OSError):  # then it is compiled again next time
            super()._save_overload(sig, data)


def cache_of(function: Callable[..., Any], folders: Sequence[Path], allocates: bool) -> Any:
    """The cache of a program; one that keeps nothing for a function that no file holds."""
    try:
        return ProgramCache(function, folders, allocates)
    except (RuntimeError, OSError, TypeError):
        return caching.NullCache()
