"""A tree of arrays handed to compiled code as one pointer.

By value, a NamedTuple of NamedTuples of arrays travels as one word for each number and some seven for each array, in
the signature of every function that takes it. As a :class:`Ref` it is one block of words, filled once, from which
compiled code reads what it needs; a branch of the tree is a pointer into the same block. Compiled code reads its
fields by the same names, so that a kernel takes either.

What is pointed to is laid out as numba's own descriptors of arrays are: ``nitems``, ``data``, ``shape`` and
``strides`` in 8-byte words. Only what kalkan needs can be in the tree: arrays, floats, integers, booleans, and
functions that travel as values (``jit.first_class``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, ClassVar, TypeVar, cast

import numba
import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    NativeValue,
    infer_getattr,
    lower_getattr_generic,
    models,
    register_model,
    typeof_impl,
    unbox,
)
from numba.np.arrayobj import make_array
from numpy.typing import NDArray

WORD = ir.IntType(64)
T = TypeVar("T", bound=tuple[Any, ...])


class Ref:
    """A NamedTuple of arrays, numbers and such NamedTuples in one block of words.

    Parameters
    ----------
    target : NamedTuple
        Kept alive by this object, and must not be moved: writing into its arrays is seen on both sides, its numbers
        are copied.

    Raises
    ------
    TypeError
        For anything else, and anything else in the tree.
    """

    def __init__(self, target: tuple[Any, ...]) -> None:
        if not hasattr(target, "_fields"):
            raise TypeError(f"{type(target).__name__} is no NamedTuple, and cannot be handed over by reference")
        self.target = target
        self.words = np.array(list(_words(target)), dtype=np.int64)
        self.address = self.words.ctypes.data
        self.kind: RefType | None = None  # found when it is first handed over, which takes milliseconds


def by_reference(target: T) -> T:
    """What to hand to a kernel for a large NamedTuple; to the eyes of the type checker itself.

    With ``NUMBA_DISABLE_JIT`` set kernels are plain Python, and get the tree itself, its structured arrays as `Fields`.
    """
    return _plain(target) if vars(numba.config)["DISABLE_JIT"] else cast(T, Ref(target))


def structured(array: Any) -> Any:
    """What to hand to a kernel for a structured array, or a tuple of some, beside a tree: uncompiled, its `Fields`."""
    if not vars(numba.config)["DISABLE_JIT"]:
        return array
    return _plain(array) if isinstance(array, tuple) else Fields(array)


class Fields:
    """A structured array as kernels see it: its fields are attributes, each a view, beside its shape and size."""

    def __init__(self, array: NDArray[Any]) -> None:
        self.shape, self.size = array.shape, array.size
        vars(self).update({name: array[name] for name in array.dtype.names or ()})
        self._array = array

    def __getitem__(self, at: Any) -> Fields | Record:
        """The part of it at a place."""
        found = self._array[at]
        return Record(found) if isinstance(found, np.void) else Fields(found)


class Record:
    """One element of a structured array as kernels see it: what is set is set in the array."""

    def __init__(self, record: np.void) -> None:
        object.__setattr__(self, "_record", record)

    def __getattr__(self, name: str) -> Any:
        return self._record[name]

    def __setattr__(self, name: str, value: Any) -> None:
        self._record[name] = value


def _plain(target: T) -> T:
    """The tree with every structured array as `Fields`."""
    seen: list[Any] = [_plain(v) if isinstance(v, tuple) else v for v in target]
    seen = [Fields(v) if isinstance(v, np.ndarray) and v.dtype.names else v for v in seen]
    return type(target)(*seen)


def _words(target: tuple[Any, ...]) -> Iterator[int]:
    for name, value in zip(target._fields, target, strict=True):  # type: ignore[attr-defined]
        if isinstance(value, tuple):
            yield from _words(value)
        elif isinstance(value, np.ndarray):
            yield from (value.size, value.ctypes.data, *value.shape, *value.strides)
        elif isinstance(value, types.WrapperAddressProtocol):
            yield value.__wrapper_address__()
        elif isinstance(value, float):
            yield int(np.float64(value).view(np.int64))
        elif isinstance(value, int | np.integer | np.bool_):
            yield int(value)
        else:
            raise TypeError(f"{name}: {type(value).__name__} cannot be handed to compiled code by reference")


def _size(kind: Any) -> int:
    """Words that a value of a type takes."""
    if isinstance(kind, types.Array):
        return 2 + 2 * kind.ndim
    if isinstance(kind, types.BaseNamedTuple):
        return sum(_size(each) for each in _fields(kind).values())
    return 1


def _fields(kind: Any) -> dict[str, types.Type]:
    """Names and types of a NamedTuple's fields."""
    return dict(zip(kind.fields, kind.types, strict=True))


class RefType(types.Type):
    """Type of a `Ref`: the type of what it points to. As numba's own types, there is one of each in a process."""

    of_leaves: ClassVar[dict[Any, RefType]] = {}

    def __init__(self, target: Any) -> None:
        self.target = target
        self.place: dict[str, tuple[int, types.Type]] = {}
        at = 0
        for name, kind in _fields(target).items():
            self.place[name] = at, kind
            at += _size(kind)
        told = hashlib.sha256(target.name.encode()).hexdigest()[:16]
        super().__init__(f"Ref({target.instance_class.__name__} {told})")  # names of symbols are made of it: short ones

    @property
    def key(self) -> str:
        """What makes two such types the same."""
        return self.name


register_model(RefType)(models.OpaqueModel)


@typeof_impl.register(Ref)
def _typeof(value: Ref, context: Any) -> RefType:
    """Type of a reference, found once for all trees of the same types of leaves: finding it takes milliseconds."""
    if value.kind is None:
        like = _like(value.target)
        if like not in RefType.of_leaves:
            RefType.of_leaves[like] = RefType(numba.typeof(value.target))
        value.kind = RefType.of_leaves[like]
    return value.kind


def _like(value: Any) -> Any:
    """What decides the type of a tree."""
    if isinstance(value, tuple):
        return type(value), *map(_like, value)
    if isinstance(value, np.ndarray):
        flags = value.flags
        return value.dtype, value.ndim, flags.c_contiguous, flags.f_contiguous, flags.writeable, flags.aligned
    if isinstance(value, types.WrapperAddressProtocol):
        return value.signature()
    return type(value)


@unbox(RefType)
def _unbox(kind: RefType, value: Any, c: Any) -> Any:
    address = c.pyapi.object_getattr_string(value, "address")
    pointer = c.builder.inttoptr(c.pyapi.long_as_longlong(address), ir.IntType(8).as_pointer())
    c.pyapi.decref(address)
    return NativeValue(pointer)


@infer_getattr
class _Fields(AttributeTemplate):
    key = RefType

    def generic_resolve(self, ref: Any, name: Any) -> Any:  # type: ignore[override]
        if name not in ref.place:
            return None
        kind = ref.place[name][1]
        return RefType(kind) if isinstance(kind, types.BaseNamedTuple) else kind


@lower_getattr_generic(RefType)
def _read(context: Any, builder: Any, ref: RefType, pointer: Any, name: str) -> Any:
    at, kind = ref.place[name]
    if isinstance(kind, types.BaseNamedTuple):
        return builder.gep(pointer, [WORD(8 * at)])
    words = builder.bitcast(pointer, WORD.as_pointer())

    def load(i: int) -> Any:
        word = builder.load(builder.gep(words, [WORD(at + i)]))
        word.set_metadata("invariant.load", builder.module.add_metadata([]))  # the block is filled once
        return word

    if isinstance(kind, types.Array):
        return _array(context, builder, kind, load)
    if isinstance(kind, types.FunctionType):
        function = cgutils.create_struct_proxy(kind)(context, builder)
        function.c_addr = builder.inttoptr(load(0), function.c_addr.type)
        function.py_addr = function.jit_addr = cgutils.get_null_value(function.c_addr.type)
        return function._getvalue()
    if isinstance(kind, types.Float):
        return builder.bitcast(load(0), context.get_value_type(kind))
    return context.cast(builder, load(0), types.int64, kind)


def _array(context: Any, builder: Any, kind: types.Array, load: Any) -> Any:
    """The descriptor, as numba has it, of an array that nobody in compiled code owns."""
    array = make_array(kind)(context, builder)
    array.meminfo = cgutils.get_null_value(array.meminfo.type)
    array.parent = cgutils.get_null_value(array.parent.type)
    array.nitems = load(0)
    array.itemsize = WORD(context.get_abi_sizeof(context.get_data_type(kind.dtype)))
    array.data = builder.inttoptr(load(1), array.data.type)
    array.shape = cgutils.pack_array(builder, [load(2 + d) for d in range(kind.ndim)])
    array.strides = cgutils.pack_array(builder, [load(2 + kind.ndim + d) for d in range(kind.ndim)])
    return array._getvalue()
