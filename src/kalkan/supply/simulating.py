"""Upkeep for users of the library: parts in words, replications as arrays."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kalkan.arrays import F8, I8, U1, Struct
from kalkan.byref import by_reference
from kalkan.jit import kernel
from kalkan.kernels import random
from kalkan.kernels.random import Word
from kalkan.names import name_hash
from kalkan.schema import DISTRIBUTIONS, FIXED, MOST_FAMILIES, OF_FAILURES, OF_LEAD_TIMES, OF_REPAIRS, WEIBULL
from kalkan.supply.lives import scale_of
from kalkan.supply.tables import (
    GONE,
    PARTS,
    RADAR,
    WORKS,
    Upkeep,
    UpkeepState,
    allocate,
    allocate_spells,
)
from kalkan.supply.upkeep import advance, begin

FAILURES, REPAIRS, LEAD_TIMES = (
    {DISTRIBUTIONS[code].word: code for code in of} for of in (OF_FAILURES, OF_REPAIRS, OF_LEAD_TIMES)
)


@dataclass(frozen=True, kw_only=True)
class Equipment:
    """A part that fails and is repaired.

    Attributes
    ----------
    name : str
        The key of its random numbers.
    kind : int
        POST, RADAR, LAUNCHER, LINK or VEHICLE of :mod:`kalkan.supply.tables`; for the reader, nothing follows from it.
    group : str
        Parts of one group are alike: they share spares, and one's components fit another.
    mean_time_between_failures_s, mean_time_to_repair_s : float
        From back in action to the next failure, and of the repair on site [s]; positive.
    p_spare : float
        Chance that a failure needs a component [1].
    maintenance_interval_s, maintenance_time_s : float
        From one preventive maintenance to the next, and how long one lasts [s]; inf: there is none.
    in_service_s : float
        When it comes into service, in order [s].
    """

    name: str
    group: str
    mean_time_between_failures_s: float
    mean_time_to_repair_s: float
    kind: int = RADAR
    p_spare: float = 0.0
    maintenance_interval_s: float = math.inf
    maintenance_time_s: float = 0.0
    in_service_s: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Supplied:
    """Where spares come from, and how times are distributed.

    Attributes
    ----------
    spares : int or dict of str to int
        S: on the shelf at first, of each family of components of each group; or by group.
    families : int
        Families of components of a part; a failure is in any of them as likely as in another.
    foreign_lead_time_s, local_lead_time_s : float
        Mean time [s] from an order to its arrival, of what is made abroad and at home; positive.
    local_share : float
        Share of families that is made at home [1]; of a part of a family it is chance, once in a replication.
    sanctions, cannibalisation : bool
        Nothing comes from abroad; parts that are down lend each other components.
    failures, repairs, lead_times : str
        Words of :data:`FAILURES`, :data:`REPAIRS` and :data:`LEAD_TIMES`.
    failure_shape, repair_spread : float
        Shape of Weibull's distribution, and standard deviation of the logarithm of a lognormal one [1].
    """

    spares: int | dict[str, int] = 0
    families: int = 1
    foreign_lead_time_s: float = 1.0
    local_lead_time_s: float = 1.0
    local_share: float = 0.0
    sanctions: bool = False
    cannibalisation: bool = False
    failures: str = "exponential"
    repairs: str = "exponential"
    lead_times: str = "exponential"
    failure_shape: float = 1.0
    repair_spread: float = 1.0


@dataclass(frozen=True)
class Course:
    """What became of parts and spares, at the times that were asked about.

    Attributes
    ----------
    works : array (n_replication, n_time, n_part) of bool
    stock, owed : array (n_replication, n_time, n_pool)
        Spares on the shelf, and components that parts wait for; pools are groups in the order of their first part,
        and in each its families.
    down_s : array (n_replication, n_part)
        Time down, from its time in service to the last time [s].
    failures, waits, maintained, robbed : array (n_replication, n_part)
        Failures; those that found no spare; maintenances; components that were taken from it for others.
    used, ordered, arrived, never : array (n_replication, n_pool)
        Components given to parts, ordered, of those arrived, and of those never to come.
    """

    works: np.ndarray[Any, np.dtype[np.bool_]]
    stock: I8
    owed: I8
    down_s: F8
    failures: I8
    waits: I8
    maintained: I8
    robbed: I8
    used: I8
    ordered: I8
    arrived: I8
    never: I8


def upkeep_of(parts: Sequence[Equipment], supplied: Supplied | None = None) -> Upkeep:
    """What compiled upkeep knows of some parts and their spares.

    Raises
    ------
    ValueError
        No part, a name twice, or a number or word that cannot be.
    """
    supplied = supplied or Supplied()
    _require(parts, supplied)
    failures, repairs = FAILURES[supplied.failures], REPAIRS[supplied.repairs]
    groups = list(dict.fromkeys(p.group for p in parts))
    table = np.zeros(len(parts), PARTS)
    for i, part in enumerate(parts):
        table[i] = (
            name_hash(part.name), part.kind, groups.index(part.group),
            scale_of(failures, part.mean_time_between_failures_s, supplied.failure_shape),
            scale_of(repairs, part.mean_time_to_repair_s, supplied.repair_spread),
            part.p_spare, part.maintenance_interval_s, part.maintenance_time_s, part.in_service_s,
        )  # fmt: skip
    spares = supplied.spares
    stock = [spares[g] for g in groups] if isinstance(spares, dict) else [spares] * len(groups)
    ages = failures == FIXED or (failures == WEIBULL and supplied.failure_shape > 1.0)
    return Upkeep(
        table, np.array(stock, np.int64), supplied.families, supplied.foreign_lead_time_s, supplied.local_lead_time_s,
        supplied.local_share, int(supplied.sanctions), int(supplied.cannibalisation), failures, supplied.failure_shape,
        int(ages), repairs, supplied.repair_spread, LEAD_TIMES[supplied.lead_times], _room(parts, stock, supplied),
    )  # fmt: skip


def simulate(upkeep: Upkeep, at_s: Sequence[float], *, replications: int = 1000, seed: int = 1) -> Course:
    """Replications of upkeep alone, without raids.

    Parameters
    ----------
    upkeep : Upkeep
        Of `upkeep_of`.
    at_s : sequence of float
        Times [s] to tell about, rising.
    replications, seed : int
        How many, and which.

    Returns
    -------
    Course

    Raises
    ------
    ValueError
        The times are none or do not rise, or there are no replications.
    """
    times = np.asarray(at_s, float)
    if times.ndim != 1 or times.size == 0 or (np.diff(times) <= 0.0).any() or not np.isfinite(times).all():
        raise ValueError("at_s must be finite times that rise")
    if replications < 1:
        raise ValueError("replications must be at least 1")
    state, n_part, n_pool = allocate(upkeep, replications), upkeep.parts.size, upkeep.spares.size * upkeep.n_family
    works = np.zeros((replications, times.size, n_part), np.uint8)
    stock, owed = (np.zeros((replications, times.size, n_pool), np.int64) for _ in range(2))
    stream, untold = np.uint64(random.mix(np.uint64(seed), np.uint64(0))), allocate_spells(replications, 0)
    _watch(by_reference(upkeep), by_reference(state), stream, times, by_reference(untold), works, stock, owed)
    parts, pools = state.parts, state.pools
    down = np.isfinite(parts["down_s"]) & (parts["status"] != GONE)
    open_s = np.where(down, times[-1] - np.where(down, parts["down_s"], 0.0), 0.0)
    return Course(
        works.astype(bool), stock, owed, parts["lost_s"] + open_s,
        *(parts[f].copy() for f in ("failures", "waits", "maintained", "robbed")),
        *(pools[f].copy() for f in ("used", "ordered", "arrived", "never")),
    )  # fmt: skip


@kernel
def _watch(
    upkeep: Upkeep, state: UpkeepState, stream: Word, at_s: F8, spells: Any, works: U1, stock: I8, owed: I8
) -> None:
    """All rows of a state, replication by replication, with how things are at each time."""
    for row in range(works.shape[0]):
        begin(upkeep, state, row, stream, row)
        for k in range(at_s.size):
            advance(upkeep, state, row, stream, row, at_s[k], at_s[k], spells)
            _copy(state.parts, state.pools, row, k, works, stock, owed)


@kernel
def _copy(parts: Struct, pools: Struct, row: int, k: int, works: U1, stock: I8, owed: I8) -> None:
    for i in range(works.shape[2]):
        works[row, k, i] = parts.status[row, i] == WORKS
    for p in range(stock.shape[2]):
        stock[row, k, p], owed[row, k, p] = pools.stock[row, p], pools.owed[row, p]


def _room(parts: Sequence[Equipment], stock: Sequence[int], supplied: Supplied) -> int:
    """The most orders that can be under way at once: all spares, and what all parts may lack."""
    each = supplied.families if supplied.cannibalisation else 1
    return sum(stock) * supplied.families + len(parts) * each


def _require(parts: Sequence[Equipment], supplied: Supplied) -> None:
    wrong = [] if parts else ["there must be a part"]
    if len({p.name for p in parts}) < len(parts):
        wrong.append("names of parts must differ")
    for p in parts:
        if not (p.mean_time_between_failures_s > 0.0 and p.mean_time_to_repair_s > 0.0):
            wrong.append(f"{p.name}: mean times must be positive")
        if not 0.0 <= p.p_spare <= 1.0:
            wrong.append(f"{p.name}: p_spare must be between 0 and 1")
        if not (p.maintenance_interval_s > p.maintenance_time_s >= 0.0):
            wrong.append(f"{p.name}: maintenance must take less than its interval, and not be negative")
    for word, words in ((supplied.failures, FAILURES), (supplied.repairs, REPAIRS), (supplied.lead_times, LEAD_TIMES)):
        if word not in words:
            wrong.append(f'"{word}" must be one of {", ".join(words)}')
    spares = supplied.spares.values() if isinstance(supplied.spares, dict) else [supplied.spares]
    if min(spares, default=0) < 0:
        wrong.append("spares must not be negative")
    if isinstance(supplied.spares, dict) and (none := {p.group for p in parts} - supplied.spares.keys()):
        wrong.append(f"spares says nothing of {', '.join(sorted(none))}")
    if not 1 <= supplied.families <= MOST_FAMILIES:
        wrong.append(f"families must be between 1 and {MOST_FAMILIES}")
    if not 0.0 <= supplied.local_share <= 1.0:
        wrong.append("local_share must be between 0 and 1")
    if not min(supplied.foreign_lead_time_s, supplied.local_lead_time_s) > 0.0:
        wrong.append("lead times must be positive")
    if not (supplied.failure_shape > 0.0 and supplied.repair_spread >= 0.0):
        wrong.append("failure_shape must be positive, and repair_spread not negative")
    if wrong:
        raise ValueError("; ".join(wrong))
