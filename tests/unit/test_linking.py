"""Compiled code put together in one piece: parts without machine code, trees of arrays by reference."""

import os
import subprocess
import sys
from typing import NamedTuple

import numba
import numpy as np
import pytest

from kalkan import linking
from kalkan.byref import Ref, by_reference
from kalkan.jit import builder, first_class, kernel


class Leaf(NamedTuple):
    values: np.ndarray
    grid: np.ndarray
    count: int


class Tree(NamedTuple):
    scale: float
    shift: int
    inner: Leaf
    on: bool
    flags: np.ndarray
    last: Leaf


def leaf(seed, n):
    rng = np.random.default_rng(seed)
    return Leaf(rng.normal(size=n), rng.normal(size=(4, 6))[:, ::2], -n)


def tree(on=True):
    return Tree(0.1, -(2**40), leaf(1, 5), on, np.array([True, False]), leaf(2, 3))


@kernel
def total(of):
    """What a branch holds; strides, shapes and signs matter."""
    s = float(of.count)
    for i in range(of.values.size):
        s += of.values[i] * (i + 1)
    for i in range(of.grid.shape[0]):
        for k in range(of.grid.shape[1]):
            s += of.grid[i, k] * (10 * i + k)
    return s


@kernel
def weigh(of, factor):
    """Read every kind of field, hand branches on, write one."""
    of.last.values[0] = factor
    s = of.scale * total(of.inner) + total(of.last) + of.shift * 1e-12
    if of.on and of.flags[0] and not of.flags[1]:
        s = -s
    return s


@pytest.mark.parametrize("on", [True, False])
def test_a_reference_reads_what_the_value_reads(on):
    by_value, referred = tree(on), tree(on)
    assert weigh(by_reference(referred), 2.5) == weigh(by_value, 2.5) == weigh.py_func(tree(on), 2.5)
    assert referred.last.values[0] == 2.5, "what compiled code writes is seen outside"


def test_only_arrays_and_numbers_can_be_referred_to():
    with pytest.raises(TypeError, match="name: str cannot be handed to compiled code"):
        Ref(NamedTuple("Odd", [("name", str)])("text"))
    with pytest.raises(TypeError, match="ndarray is no NamedTuple"):
        Ref(np.zeros(3))


def test_an_unknown_or_wrongly_written_field_is_an_error():
    @kernel
    def wrong(of):
        return of.nothing

    with pytest.raises(numba.TypingError, match="nothing"):
        wrong(by_reference(tree()))

    @kernel
    def writes(of):
        of.inner.values[0] = 1.0

    frozen = tree()
    frozen.inner.values.flags.writeable = False
    with pytest.raises(numba.TypingError, match=r"(?i)readonly"):
        writes(by_reference(frozen))


def test_this_numba_is_one_whose_libraries_are_known():
    """With a new numba: look at its ``core/codegen.py``, then name it in ``linking.KNOWN``."""
    assert numba.__version__.startswith(linking.KNOWN)
    assert not linking.is_plain()


def library_of(dispatcher):
    return next(iter(dispatcher.overloads.values())).library


def test_callees_are_compiled_as_parts_only():
    """A function that only compiled code calls gets no machine code of its own; the program holds it, privately."""

    @kernel
    def inner(x):
        return x * 3.0

    @kernel
    def middle(x):
        return inner(x) + 1.0

    @kernel
    def outer(x):
        return middle(x) * inner(x)

    assert outer(2.0) == 42.0
    assert not inner.overloads and not middle.overloads, "Python has called neither"
    held = library_of(outer)
    assert isinstance(held, linking.ProgramLibrary)
    open_names = [f.name for f in held.get_defined_functions() if f.linkage.name == "external"]
    assert open_names and all("outer" in name for name in open_names)
    assert inner(2.0) == 6.0, "and Python may call it later"


def test_numbas_own_functions_may_call_kernels():
    """A kernel with all that it calls can be linked into a function that is none of ours."""

    @numba.njit
    def theirs(values):
        return total(values) * 2.0

    @builder
    def ours(values):
        out = np.empty(2)
        out[0], out[1] = total(values), theirs(values)
        return out

    values = leaf(3, 4)
    assert theirs(values) == 2.0 * total(values)
    np.testing.assert_array_equal(ours(values), [total(values), 2.0 * total(values)])


def test_one_function_for_two_kinds_of_arguments():
    """Private copies of one callee, changed for their program, never stand in for each other."""
    assert weigh(tree(), 1.0) == weigh(by_reference(tree()), 1.0)
    other = tree()._replace(scale=np.float64(0.1), flags=np.array([1, 0]))
    assert weigh(by_reference(other), 1.0) == weigh(tree(), 1.0)


def test_compiled_plainly_the_bits_are_the_same(tmp_path):
    """The same answers where numba links as it likes."""
    asked = (
        "import sys; sys.path.insert(0, 'tests/unit'); import test_linking as t; from kalkan import linking;"
        "from kalkan.byref import by_reference;"
        "print(linking.is_plain(), t.weigh(by_reference(t.tree()), 2.5).hex(), t.total(t.leaf(3, 4)).hex())"
    )
    told = []
    for plain in ("", "1"):
        env = {**os.environ, "KALKAN_PLAIN_JIT": plain, "KALKAN_CACHE_DIR": str(tmp_path / f"cache{plain}")}
        done = subprocess.run([sys.executable, "-c", asked], env=env, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        told.append(done.stdout.split())
    assert [line[0] for line in told] == ["False", "True"]
    assert told[0][1:] == told[1][1:]


class Tool(NamedTuple):
    work: object
    by: float


@kernel
def twice(x, values):
    return 2.0 * x + values[0]


@kernel
def thrice(x, values):
    return 3.0 * x + values[0]


@kernel
def use(tool, values):
    return tool.work(tool.by, values)


def test_a_function_in_a_tree_is_called_and_changing_it_compiles_nothing_else():
    values, returns = np.array([0.5]), numba.types.float64
    tools = [Tool(first_class(f, returns, 1.0, values), 5.0) for f in (twice, thrice)]
    assert [use(by_reference(tool), values) for tool in tools] == [10.5, 15.5]
    assert len(use.signatures) == 1


def test_a_function_of_other_types_is_refused():
    with pytest.raises(numba.TypingError):
        first_class(twice, numba.types.float64, 1.0, 2.0)


def test_types_of_other_layouts_have_other_names():
    one, other = numba.typeof(by_reference(leaf(1, 2))), numba.typeof(by_reference(leaf(1, 2)._replace(count=1.0)))
    assert one != other and one.name != other.name and len(one.name) < 60
    assert one == numba.typeof(by_reference(leaf(3, 9)))


@pytest.mark.skipif(linking.is_plain(), reason="numba compiles everything its own way")
def test_what_is_remembered_of_numbas_functions_is_what_numba_says():
    """Every look-up that kalkan's functions have made here, again through numba's own templates."""
    total(leaf(3, 4))
    context = linking.RememberingContext.of(numba.core.registry.cpu_target.typing_context)
    assert len(context.signatures) > 10
    for (function, args), signature in context.signatures.items():
        again = linking._look_through(function, numba.core.registry.cpu_target.typing_context, args, {})
        assert again == signature, (function, args)


@pytest.mark.skipif(linking.is_plain(), reason="numba compiles everything its own way")
def test_other_peoples_functions_are_looked_up_as_ever():
    context = linking.RememberingContext.of(numba.core.registry.cpu_target.typing_context)
    before = len(context.signatures)

    @numba.njit
    def theirs(a, b):
        return a // b + 3 % a

    assert theirs(np.int16(7), np.int16(2)) == 6
    assert len(context.signatures) == before


def test_uncompiled_the_tree_itself_is_handed_over():
    asked = (
        "import sys; sys.path.insert(0, 'tests/unit'); import test_linking as t; from kalkan.byref import by_reference;"
        "tree = t.tree(); given = by_reference(tree); assert given.last.values is tree.last.values;"
        "print(t.weigh(given, 2.5).hex())"
    )
    env = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run([sys.executable, "-c", asked], env=env, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert float.fromhex(done.stdout.strip()) == pytest.approx(weigh(tree(), 2.5), rel=1e-12)
