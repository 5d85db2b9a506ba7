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
import warnings
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar, cast

from kalkan import sources
from kalkan.caches import caches

F = TypeVar("F", bound=Callable[..., Any])
_SETTINGS = ("NUMBA_", "KALKAN_PLAIN_JIT")
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
    settings = sorted(f"{k}={v}" for k, v in os.environ.items() if k.startswith(_SETTINGS) and k not in _OWN)
    places = [f"{p} {p.stat().st_mtime_ns}" for p in paths]
    compiler = [f"{name} {version(name)}" for name in sources.COMPILER]
    processor = [platform.machine(), binding.get_host_cpu_name(), binding.get_host_cpu_features().flatten()]
    return sources.digest_of(paths, sys.version, *compiler, *processor, *settings, *places)


def code_cache() -> Path:
    """Folder that takes the compiled code for exactly this :func:`stamp`."""
    return caches().root / "code" / stamp()


def code_caches() -> list[Path]:
    """Folders in which it is looked for; numba by itself looks where it writes."""
    return [code_cache()] if linking.is_plain() else [root / "code" / stamp() for root in caches().read]


os.environ["NUMBA_CACHE_DIR"] = str(code_cache())
import numba  # noqa: E402  (the cache folder must be named before numba is imported)
import numba.experimental.function_type  # noqa: E402  (the type of functions as values)

from kalkan import linking  # noqa: E402

warnings.filterwarnings("ignore", "First-class function type feature is experimental")  # it is what `Callee` is for
vars(numba.config)["CACHE_DIR"] = os.environ["NUMBA_CACHE_DIR"]


def kernel(function: F) -> F:
    """Compile a function for the loop: it allocates nothing, so numba counts no references.

    Reference counts are atomic operations; with them the loop runs at half the speed.
    """
    return _compiled(function, _nrt=False)


def builder(function: F) -> F:
    """Compile a function that makes arrays, for work before the loop."""
    return _compiled(function)


class Callee(numba.types.WrapperAddressProtocol):
    """A compiled function that travels as a value; see :func:`first_class`."""

    def __init__(self, function: Any, signature: Any) -> None:
        function.compile(signature)
        compiled = function.overloads[signature.args]
        self._signature = signature
        self._address = compiled.library.get_pointer_to_function(compiled.fndesc.llvm_cfunc_wrapper_name)

    def __wrapper_address__(self) -> int:
        """Where it is, for calls as of C."""
        return self._address

    def signature(self) -> Any:
        """Its types."""
        return self._signature


def first_class(function: F, returns: Any, *like: Any) -> F:
    """A kernel that compiled code calls through a pointer, so that the caller need not be compiled with it.

    Parameters
    ----------
    function : kernel
        Compiled, or fetched from the cache, by this call.
    returns : numba type
        What it returns.
    like : object
        Arguments of the types that it is called with, or numba types.

    Returns
    -------
    function
        To the eyes of the type checker, and uncompiled, itself; else a value for a field of a tree (``byref``) or an
        argument of a kernel.
    """
    if vars(numba.config)["DISABLE_JIT"]:
        return function
    kinds = [a if isinstance(a, numba.types.Type) else numba.typeof(a) for a in like]
    return cast(F, Callee(function, returns(*kinds)))


class Absent(numba.types.WrapperAddressProtocol):
    """In the place of a :class:`Callee` that is never called: its types, and nothing compiled."""

    def __init__(self, signature: Any) -> None:
        self._signature = signature

    def __wrapper_address__(self) -> int:
        """Nowhere."""
        return 0

    def signature(self) -> Any:
        """Its types."""
        return self._signature


def absent(returns: Any, *like: Any) -> Any:
    """What stands for a kernel of these types where a switch beside it says that it is never called."""
    if vars(numba.config)["DISABLE_JIT"]:
        return None
    return Absent(returns(*[a if isinstance(a, numba.types.Type) else numba.typeof(a) for a in like]))


def _compiled(function: F, **options: bool) -> F:
    """Compile with the common options, as a program where Python calls and as a part where compiled code does.

    Only programs have a wrapper for Python and are kept on disk: unpacking a whole Plan from Python costs more compile
    time than most parts' own work. numba compiles a callee once more for every constant that it is called with;
    here a constant counts as its type, which saves a third of the time of compilation.
    """
    if vars(numba.config)["DISABLE_JIT"]:
        return function
    common = {"nogil": True, "error_model": "numpy", **options}
    njit: Any = numba.njit  # its annotations do not know all of its options
    if linking.is_plain():
        program = njit(cache=caches().is_written, **common)(function)
        own = program.get_call_template, program.get_overload
    else:
        from kalkan import machine_code

        program = njit(pipeline_class=linking.Program, **common)(function)
        program._cache = machine_code.cache_of(function, code_caches(), allocates=options.get("_nrt", True))
        wrappers = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
        own = None

    @functools.cache
    def part() -> Any:
        """What compiled code calls: its template and its code, by types; made when the first does."""
        if own is not None:
            return own
        made = njit(pipeline_class=linking.Part, **wrappers, **common)(function)
        return made.get_call_template, made.get_overload

    def by_type(args: tuple[Any, ...], kws: dict[str, Any]) -> Any:
        plain = {name: numba.types.unliteral(a) for name, a in kws.items()}
        return part()[0](tuple(numba.types.unliteral(a) for a in args), plain)

    program.get_call_template, program.get_overload = by_type, lambda signature: part()[1](signature)
    return cast(F, program)
