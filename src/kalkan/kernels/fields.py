"""How a field of the Plan is declared: once, with its type, unit, meaning and where its numbers come from.

The structured types that compiled code reads, the page *What the loop knows* and the test that every number of a
simulation has a claim all follow from these declarations.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, NamedTuple, get_args, get_origin, get_type_hints

import numpy as np

CLAIMED, GIVEN, FOLLOWING, SWITCHED, INDEXING = "claims", "scenario", "follows from", "switched on by", "index"


class Taken(NamedTuple):
    """Where a field's numbers come from.

    Attributes
    ----------
    kind : str
        CLAIMED: from quantities of the catalogue, with which they change; GIVEN: from keys of the scenario, whatever
        is claimed; FOLLOWING: from where things stand or what else is in the plan; SWITCHED: zero until the scenario
        asks for it; INDEXING: a position in another list, or a hash.
    of : str
        The quantities, the keys, what it follows from or what switches it on.
    """

    kind: str
    of: str = ""


class About(NamedTuple):
    """What a number or an array of the Plan is; `unit` is ``"1"`` for a pure number and ``""`` for what has none."""

    unit: str
    meaning: str
    source: Taken


class Field(NamedTuple):
    """One field of a structured type; `shape` of one element, as NumPy takes it."""

    name: str
    dtype: str
    unit: str
    meaning: str
    source: Taken
    shape: int | tuple[int, ...] = ()


class PlanEntry(NamedTuple):
    """A field as a reader finds it: ``radars.scan_period_s``, with the shape of the whole."""

    name: str
    written_as: str
    about: About


def claims(quantities: str) -> Taken:
    """From these quantities of the catalogue."""
    return Taken(CLAIMED, quantities)


def given(keys: str) -> Taken:
    """From these keys of the scenario, or words; no claim moves it."""
    return Taken(GIVEN, keys)


def follows(of: str) -> Taken:
    """From other parts of the plan."""
    return Taken(FOLLOWING, of)


def switched(by: str) -> Taken:
    """Zero until the scenario asks for it."""
    return Taken(SWITCHED, by)


INDEX = Taken(INDEXING)


def record(fields: Sequence[Field]) -> np.dtype[np.void]:
    """The structured type of these fields."""
    return np.dtype([(f.name, f.dtype, f.shape) if f.shape else (f.name, f.dtype) for f in fields], align=True)


def entries(branch: type, prefix: str = "") -> Iterator[PlanEntry]:
    """Every field of a NamedTuple of numbers, arrays and structured arrays, each annotated with what it is.

    Raises
    ------
    TypeError
        A field says nothing about itself.
    """
    for name, hint in get_type_hints(branch, include_extras=True).items():
        about = get_args(hint)[1] if get_origin(hint) is Annotated else hint
        if isinstance(about, About):
            yield PlanEntry(prefix + name, "number" if get_args(hint)[0] in (int, float) else "array", about)
        elif isinstance(about, tuple):
            yield from (_entry(f"{prefix}{name}.", field) for field in about)
        elif hasattr(about, "_fields"):
            yield from entries(about, f"{prefix}{name}.")
        else:
            raise TypeError(f"{prefix}{name} of the Plan does not say what it is")


def _entry(prefix: str, field: Field) -> PlanEntry:
    shape: Any = (field.shape,) if isinstance(field.shape, int) else field.shape
    written = "×".join([field.dtype, *map(str, shape)])
    return PlanEntry(prefix + field.name, written, About(field.unit, field.meaning, field.source))
