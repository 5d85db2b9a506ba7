"""The only file that knows numba's options.

``@kernel`` marks a function of the compiled loop: nopython mode, GIL released, IEEE
arithmetic without fast-math (so that results are bit-identical for any number of threads),
machine code cached on disk.

numba notices edits of the file that defines a function but not of the files that it calls:
a stale cache would give wrong answers. The cache folder therefore carries a hash of all
sources that can be compiled and of whatever else machine code depends on (:func:`stamp`).
"""

from __future__ import annotations

import functools
import os
import platform
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar, cast

import platformdirs

from kalkan import sources

F = TypeVar("F", bound=Callable[..., Any])
_OWN = ("NUMBA_CACHE_DIR",)  # of numba's settings, the one that is made here


@functools.cache
def stamp() -> str:
    """Hash [16 hex digits] of everything that decides what the compiled code is, and whether numba finds it.

    Besides the sources these are the versions of numba, llvmlite and Python, numba's own settings, the processor
    with its features, and where the sources are and when they were written: numba keeps machine code by the place
    and the time of a file, so that of another checkout would not be found, though its content were the same.
    """
    from llvmlite import binding

    paths = sources.files_of(sources.COMPILED)
    settings = sorted(f"{k}={v}" for k, v in os.environ.items() if k.startswith("NUMBA_") and k not in _OWN)
    places = [f"{p} {p.stat().st_mtime_ns}" for p in paths]
    compiler = [f"{name} {version(name)}" for name in sources.COMPILER]
    processor = [platform.machine(), binding.get_host_cpu_name(), binding.get_host_cpu_features().flatten()]
    return sources.digest_of(paths, sys.version, *compiler, *processor, *settings, *places)


def cache_root() -> Path:
    """Folder for everything that kalkan may rebuild: machine code and horizon tables.

    ``KALKAN_CACHE_DIR`` overrides the platform's user cache folder.
    """
    chosen = os.environ.get("KALKAN_CACHE_DIR")
    return Path(chosen) if chosen else Path(platformdirs.user_cache_dir("kalkan"))


def code_cache() -> Path:
    """Folder of the compiled code for exactly this :func:`stamp`."""
    return cache_root() / "code" / stamp()


os.environ["NUMBA_CACHE_DIR"] = str(code_cache())
import numba  # noqa: E402  (the cache folder must be named before numba is imported)

vars(numba.config)["CACHE_DIR"] = os.environ["NUMBA_CACHE_DIR"]


def kernel(function: F) -> F:
    """Compile a function for the loop: it allocates nothing, so numba counts no references.

    Reference counts are atomic operations; with them the loop runs at half the speed.
    """
    return _compiled(function, _nrt=False)


def builder(function: F) -> F:
    """Compile a function that makes arrays, for work before the loop."""
    return _compiled(function)


def stage(function: F) -> F:
    """Like `kernel`, for functions that only kernels call: no wrapper for Python is made.

    Unpacking a whole Plan and State from Python costs more compile time than most stages'
    own work.
    """
    return _compiled(function, _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True)


def program(function: F) -> F:
    """Like `kernel`, for the one function that Python calls with a whole Plan and State.

    All that it calls becomes private to its machine code, so that LLVM may inline freely and hand
    over only the arrays that a callee reads. As public functions each takes the whole Plan and State
    by value, some two hundred words a call: the loop then needs 1.4 times the time.
    """
    _PROGRAMS.add(function.__qualname__)
    return _compiled(function, _nrt=False)


_PROGRAMS: set[str] = set()


def _keep_callees_private() -> None:
    """Teach numba's linker about `program`; a numba that has no such method only yields slower code.

    Private functions get names of their own: the loader of machine code keeps one table of names, in
    which one whose arguments were changed would stand in for the public function of that name.
    """
    from numba.core import codegen

    library: Any = codegen.CPUCodeLibrary
    optimise = getattr(library, "_optimize_final_module", None)
    if optimise is None:
        return

    def optimise_program(self: Any) -> None:
        if self.name in _PROGRAMS:
            for function in self._final_module.functions:
                if not function.is_declaration and function.linkage.name == "linkonce_odr":
                    function.linkage = "internal"
                    function.name = f"{function.name}.of.{self.name}"
        optimise(self)

    library._optimize_final_module = optimise_program


_keep_callees_private()


def _compiled(function: F, **options: bool) -> F:
    """Compile with the common options.

    numba compiles a callee once more for every constant that it is called with; here a constant
    counts as its type, which saves a third of the time of compilation.
    """
    njit: Any = numba.njit  # its annotations do not know all of its options
    compiled = njit(cache=True, nogil=True, error_model="numpy", **options)(function)
    template = compiled.get_call_template

    def by_type(args: tuple[Any, ...], kws: dict[str, Any]) -> Any:
        plain = {name: numba.types.unliteral(a) for name, a in kws.items()}
        return template(tuple(numba.types.unliteral(a) for a in args), plain)

    compiled.get_call_template = by_type
    return cast(F, compiled)
