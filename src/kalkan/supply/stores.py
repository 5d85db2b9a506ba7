"""Who has how many missiles at the start, and who brings more: read-only arrays that :mod:`kalkan.supply.stock` reads.

:func:`stores_of` makes them of plain descriptions. Types of missiles are numbers in the order of a list of names, which
the arrays do not hold.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from kalkan.arrays import I8, Struct
from kalkan.names import name_hash
from kalkan.schema import MAX_TYPES
from kalkan.units import UNITS as SPELT

MONTH_S = SPELT["months"][1]
ENDLESS = 1 << 40  # rounds of a production that goes on
_ROUNDING = 1e-9  # of a count

LAUNCHERS = np.dtype(
    [
        ("unit", "i8"),  # that it belongs to
        ("load", "i8", MAX_TYPES),  # rounds of a full load, by type
        ("sets", "i8"),  # full reloads of each type in stock at the start
    ],
    align=True,
)
UNITS = np.dtype(
    [  # fire units; their launchers lie side by side
        ("system", "i8"),
        ("first", "i8"),  # launcher
        ("last", "i8"),  # one past the last launcher
        ("vehicles", "i8"),  # launchers or sets that are seen to at once
        ("reload_s", "f8"),  # from the unit's own reload sets [s]
        ("restock_s", "f8"),  # from the system's store [s]
    ],
    align=True,
)
SYSTEMS = np.dtype(
    [
        ("store", "i8", MAX_TYPES),  # rounds in its own store at the start
        ("depot", "i8"),  # that serves it, -1: none
    ],
    align=True,
)
DEPOTS = np.dtype(
    [
        ("key", "u8"),  # hash of the name: key of its random numbers
        ("rounds", "i8", MAX_TYPES),  # at the start
        ("convoys", "i8"),
        ("convoy_rounds", "i8"),  # that a convoy carries at most
        ("convoy_s", "f8"),  # mean time to a system [s]; the way back takes as long
        ("spread", "f8"),  # 1-sigma of the logarithm of that time
        ("p_lost", "f8"),  # chance that a convoy is lost
    ],
    align=True,
)
LINES = np.dtype(
    [  # what is made
        ("depot", "i8"),
        ("type", "i8"),
        ("first_s", "f8"),  # the first round comes to the depot [s]
        ("gap_s", "f8"),  # and then one after each [s]
        ("rounds", "i8"),  # in all
    ],
    align=True,
)


class Stores(NamedTuple):
    """Everything that does not change; the same for all replications."""

    types: int  # of missiles; what follows has room for MAX_TYPES
    launchers: Struct  # (n_launcher,) LAUNCHERS
    units: Struct  # (n_unit,) UNITS
    systems: Struct  # (n_system,) SYSTEMS
    depots: Struct  # (n_depot,) DEPOTS
    lines: Struct  # (n_line,) LINES


@dataclass(frozen=True, slots=True)
class FireUnit:
    """A fire unit and its launchers.

    Attributes
    ----------
    system : str
        Its system, with whose other units it shares a store.
    launchers : int
    load : mapping of str to int
        Rounds of a full launcher by missile.
    reload_sets : int
        Full reloads in stock for each launcher.
    reload_s, restock_s : float
        Time to fill one launcher from these, and to bring rounds of the system's store to one launcher or to its
        reload sets [s].
    vehicles : int
        Launchers, or reload sets, that are seen to at once; 0: as many as there are launchers.
    """

    system: str
    launchers: int
    load: Mapping[str, int]
    reload_sets: int = 0
    reload_s: float = 0.0
    restock_s: float = 0.0
    vehicles: int = 0


@dataclass(frozen=True, slots=True)
class Rear:
    """A depot with its convoys; fields as :data:`DEPOTS`, `rounds` by missile, `serves` names of systems."""

    name: str
    serves: Sequence[str]
    rounds: Mapping[str, int] = field(default_factory=dict)
    convoys: int = 0
    convoy_rounds: int = 0
    convoy_s: float = 0.0
    spread: float = 0.0
    p_lost: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """Missiles of one type that are made for one depot.

    One by one, evenly spaced. Without `from_s` they are made already when the campaign begins: the first comes to the
    depot one gap later. With it the first is made one gap after `from_s` and is there `delay_s` later; the last is
    made at `until_s` at the latest.
    """

    depot: str
    missile: str
    per_month: float
    delay_s: float = 0.0
    from_s: float | None = None
    until_s: float = math.inf


def stores_of(
    missiles: Sequence[str],
    units: Sequence[FireUnit],
    store: Mapping[str, Mapping[str, int]] = {},
    depots: Sequence[Rear] = (),
    lines: Sequence[Line] = (),
) -> Stores:
    """Arrays of these units, of their systems' stores by name of the system, of depots and of what is made.

    Missiles that are not in the list, and systems without units, are left out: no launcher takes such rounds.

    Raises
    ------
    ValueError
        More missiles than there is room for, a system that two depots serve, convoys that carry nothing, or a line for
        a depot that is not there.
    """
    if len(missiles) > MAX_TYPES:
        raise ValueError(f"{len(missiles)} types of missiles, at most {MAX_TYPES} are allowed")
    systems = list(dict.fromkeys(u.system for u in units))
    depots = sorted(depots, key=lambda d: d.name)
    served = [name for d in depots for name in d.serves]
    if len(set(served)) < len(served):
        raise ValueError("a system is served twice: one depot serves it")
    if empty := [d.name for d in depots if d.convoys > 0 and d.convoy_rounds < 1]:
        raise ValueError(f"convoys carry nothing: {', '.join(empty)} needs convoy_rounds")
    names = [d.name for d in depots]
    if strange := sorted({line.depot for line in lines} - set(names)):
        raise ValueError(f"no depot is called {', '.join(strange)}")

    def by_type(rounds: Mapping[str, int]) -> list[int]:
        return [rounds.get(m, 0) for m in missiles] + [0] * (MAX_TYPES - len(missiles))

    made = [_made(line, names.index(line.depot), missiles.index(line.missile)) for line in lines
            if line.missile in missiles]  # fmt: skip
    ends = np.cumsum([u.launchers for u in units], dtype=np.int64)
    rows = [(i, by_type(u.load), u.reload_sets) for i, u in enumerate(units) for _ in range(u.launchers)]
    servers = {name: k for k, d in enumerate(depots) for name in d.serves}
    return Stores(
        len(missiles),
        np.array(rows, LAUNCHERS),
        np.array(
            [(systems.index(u.system), end - u.launchers, end, u.vehicles or u.launchers, u.reload_s, u.restock_s)
             for u, end in zip(units, ends, strict=True)],
            UNITS,
        ),
        np.array([(by_type(store.get(s, {})), servers.get(s, -1)) for s in systems], SYSTEMS),
        np.array(
            [(name_hash(d.name), by_type(d.rounds), d.convoys, d.convoy_rounds, d.convoy_s, d.spread, d.p_lost)
             for d in depots],
            DEPOTS,
        ),
        np.array(made, LINES),
    )  # fmt: skip


def _made(line: Line, depot: int, kind: int) -> tuple[int, int, float, float, int]:
    """A row of :data:`LINES`."""
    if line.per_month <= 0.0:
        return depot, kind, math.inf, math.inf, 0
    gap_s = MONTH_S / line.per_month
    if line.from_s is not None:
        return depot, kind, line.from_s + gap_s + line.delay_s, gap_s, _within(line.until_s - line.from_s, gap_s)
    return depot, kind, gap_s, gap_s, _within(line.until_s + line.delay_s, gap_s)


def _within(time_s: float, gap_s: float) -> int:
    """Rounds that come within a time; one that ends with it counts."""
    return ENDLESS if time_s == math.inf else max(math.floor(time_s / gap_s + _ROUNDING), 0)


def bought(stores: Stores) -> I8:
    """Rounds that are there at the start, by type: ``(MAX_TYPES,)``."""
    launchers = stores.launchers["load"] * (1 + stores.launchers["sets"][:, None])
    found: I8 = launchers.sum(0) + stores.systems["store"].sum(0) + stores.depots["rounds"].sum(0)
    return found
