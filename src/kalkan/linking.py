"""How compiled code is put together: parts stay LLVM's language until somebody calls a program.

numba links, optimises and turns into machine code every compiled function with all that it calls, and does so
again one level up, though nobody calls most of them from Python. Here such a function, a *part*, stays LLVM IR. What
Python calls, a *program*, links every part below it once, makes them private to itself, so that LLVM may inline
freely and hand over only what a callee reads, and optimises the whole once.

Parts and programs are numba's own code libraries (``numba.core.codegen``) with a few methods of their own, chosen
through numba's documented ``pipeline_class``. The libraries are no public interface: `KNOWN` names the versions of
numba whose libraries were looked at and tested; on any other, and with ``KALKAN_PLAIN_JIT`` set, everything is compiled
as numba would, to the same results, only more slowly.
"""

from __future__ import annotations

import os
import uuid
from typing import Any

import numba
from numba.core import codegen, types
from numba.core.compiler import Compiler
from numba.core.cpu import CPUContext
from numba.core.environment import lookup_environment
from numba.core.typing.context import Context as TypingContext

KNOWN = ("0.68.",)
"""Versions of numba whose code libraries are known here, as their names begin."""


def is_plain() -> bool:
    """Whether everything is to be compiled as numba would."""
    return not numba.__version__.startswith(KNOWN) or bool(os.environ.get("KALKAN_PLAIN_JIT"))


class _NoMachineCode:
    """The code generator as a part shows it: with no machine code, there is no place to put an environment."""

    def __init__(self, generator: Any) -> None:
        self._generator = generator

    def __getattr__(self, name: str) -> Any:
        return getattr(self._generator, name)

    def set_env(self, env_name: str, env: Any) -> None:
        """Nothing to set; the program does it."""


class PartLibrary(codegen.JITCodeLibrary):
    """Code of one function, not linked with what it calls and not turned into machine code."""

    _whole: Any = None

    @property
    def codegen(self) -> Any:
        """The code generator."""
        return _NoMachineCode(self._codegen)

    def finalize(self) -> None:
        """Close it: no more code is added."""
        self._raise_if_finalized()
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        """No address: 0, as for a name that is not defined."""
        return 0

    def alone(self) -> Any:
        """Its own code, which may be linked many times."""
        return super()._get_module_for_linking()

    def _get_module_for_linking(self) -> Any:
        """For a library that is neither part nor program: the part with all that it calls."""
        if self._whole is None:
            self._whole = self.alone().clone()
            for library in _below(self):
                self._whole.link_in(_own_code(library), preserve=True)
        return self._whole


class ProgramLibrary(codegen.JITCodeLibrary):
    """Code of a function that Python calls, with every part below it once."""

    def finalize(self) -> None:
        """Link, optimise, and make machine code."""
        self._raise_if_finalized()
        for library in _below(self):
            self._reload_init.update(library._reload_init)
            self._final_module.link_in(_own_code(library), preserve=True)
        self._linking_libraries = []
        super().finalize()
        generator: Any = self._codegen
        for variable in self._final_module.global_variables:
            environment = variable.name.startswith("_ZN08NumbaEnv") and lookup_environment(variable.name)
            if environment:
                generator.set_env(variable.name, environment)

    def _optimize_final_module(self) -> None:
        """Make all that was linked in private, under names of its own, then optimise.

        The loader of machine code keeps one table of names, in which a private function whose arguments were changed
        would stand in for another program's function of that name.
        """
        mine = uuid.uuid4().hex[:12]
        for function in self._final_module.functions:
            linked_in = not function.is_declaration and function.linkage.name == "linkonce_odr"
            if linked_in and function.name.startswith("_ZN"):
                function.linkage = "internal"
                function.name = f"{function.name}.of.{mine}"
        super()._optimize_final_module()


def _own_code(library: Any) -> Any:
    return library.alone() if isinstance(library, PartLibrary) else library._get_module_for_linking()


def _below(library: Any) -> list[Any]:
    """All libraries that a part or program needs, each once; numba's own hold already what they call."""
    found: dict[Any, None] = {}
    waiting = list(library._linking_libraries)
    while waiting:
        one = waiting.pop()
        if one not in found and one is not library:
            found[one] = None
            if isinstance(one, PartLibrary):
                waiting += one._linking_libraries
    return list(found)


class RememberingContext(TypingContext):
    """A typing context that knows again which operator or function of numba's fits given types.

    numba looks through all its templates at each call, and again when it lowers it, some twelve for each ``+``: a
    quarter of a first start.
    """

    signatures: dict[Any, Any]

    @classmethod
    def of(cls, context: Any) -> RememberingContext:
        """The one that shares all with a context, its memory too, and answers what it has answered."""
        made = object.__new__(cls)
        made.__dict__ = context.__dict__
        if not hasattr(context, "signatures"):
            made.signatures = {}
        return made

    def signature(self, function: Any, args: Any, kws: Any) -> Any:
        """Signature of a call of one of numba's functions, as `function` finds it."""
        key = function, tuple(args)
        if kws:
            return _look_through(function, self, args, kws)
        if key not in self.signatures:
            found = _look_through(function, self, args, kws)
            if found is None:
                return None
            self.signatures[key] = found
        return self.signatures[key]


_look_through = types.BaseFunction.get_call_type


def _get_call_type(function: Any, context: Any, args: Any, kws: Any) -> Any:
    """In place of numba's own method, which it calls for whoever compiles something that is not kalkan's."""
    if isinstance(context, RememberingContext):
        return context.signature(function, args, kws)
    return _look_through(function, context, args, kws)


if not is_plain():
    types.BaseFunction.get_call_type = _get_call_type  # type: ignore[method-assign, assignment]


class PatientTarget(CPUContext):
    """A target context that looks for new implementations only where some have been registered since it looked last.

    numba looks whenever it does not find one at once, twice, 7,000 times in a first start.
    """

    _n_seen = -1

    @classmethod
    def of(cls, context: Any) -> PatientTarget:
        """The one that shares all with a context."""
        made = object.__new__(cls)
        made.__dict__ = context.__dict__
        return made

    def refresh(self) -> None:
        """Install what was registered since the last time."""
        if self._n_seen != self._n_registered():
            super().refresh()
            self._n_seen = self._n_registered()

    def _n_registered(self) -> int:
        """Implementations and templates in all registries that are known."""
        known = [*self._registries, *self.typing_context._registries]
        return sum(len(items) for one in known for items in vars(one).values() if isinstance(items, list))


class _Into(Compiler):
    """numba's compiler, into a library of the class `into`."""

    into: type

    def __init__(self, typingctx: Any, *rest: Any) -> None:
        context = RememberingContext.of(typingctx)
        super().__init__(context, *rest)
        self.state.targetctx = PatientTarget.of(self.state.targetctx)
        self.state.targetctx.typing_context = context

    def define_pipelines(self) -> Any:
        state = self.state
        if state.library is None:
            state.library = self.into(state.targetctx.codegen(), state.func_id.func_qualname)
            state.library.enable_object_caching()
        return super().define_pipelines()


class Part(_Into):
    """Compiles a part."""

    into = PartLibrary


class Program(_Into):
    """Compiles a program."""

    into = ProgramLibrary
