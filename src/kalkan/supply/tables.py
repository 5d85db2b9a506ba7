"""What upkeep knows, what changes while it runs, and what it tells: a NamedTuple each, times [s] of the campaign."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kalkan.arrays import F8, I8, Struct

KINDS = POST, RADAR, LAUNCHER, LINK, VEHICLE = range(5)  # parts.kind
WORKS, WAITS, REPAIRED, MAINTAINED, GONE = range(5)  # where a part is

PARTS = np.dtype(
    [  # (n_part,)
        ("key", "u8"),  # hash of its name: the key of its random numbers
        ("kind", "i8"),  # POST, RADAR, LAUNCHER, LINK, VEHICLE
        ("group", "i8"),  # parts of one system that are alike: they share spares, and components fit
        ("life_s", "f8"),  # scale of the time from back in action to the next failure [s]
        ("repair_s", "f8"),  # scale of the repair on site [s]
        ("p_spare", "f8"),  # chance that a failure needs a component [1]
        ("every_s", "f8"),  # from one maintenance to the next [s]; inf: none
        ("maintenance_s", "f8"),  # it lasts [s]
        ("in_service_s", "f8"),  # from then on, in order, it is there [s]
    ],
    align=True,
)
PART = np.dtype(
    [  # how each part is, (n_row, n_part)
        ("status", "i8"),  # WORKS, WAITS, REPAIRED, MAINTAINED, GONE
        ("fails_s", "f8"),  # its next failure, unless maintenance comes between [s]
        ("due_s", "f8"),  # its next maintenance [s]
        ("first_due_s", "f8"),  # and its first [s]
        ("turns", "i8"),  # maintenances that have come due
        ("down_s", "f8"),  # since when it is down [s]
        ("back_s", "f8"),  # when repair or maintenance ends [s]; inf: it works or waits
        ("mend_s", "f8"),  # the repair after the coming failure, or the last, takes [s]
        ("family", "i8"),  # component that the coming failure needs; -1: none
        ("u_lead", "f8"),  # uniform of that component's lead time [1]
        ("missing", "i8"),  # components that it lacks: a bit each
        ("n_missing", "i8"),  # how many
        ("failures", "i8"),  # so far: the ordinal of its draws
        ("renewed", "i8"),  # maintenances that made it as new since the last failure
        ("maintained", "i8"),  # maintenances so far
        ("waits", "i8"),  # failures that found no spare
        ("robbed", "i8"),  # components that were taken from it for others
        ("lost_s", "f8"),  # time down, of what has ended [s]
    ],
    align=True,
)
POOL = np.dtype(
    [  # spares of one family of components of one group, (n_row, n_group · n_family)
        ("stock", "i8"),  # on the shelf
        ("owed", "i8"),  # components that parts wait for
        ("used", "i8"),  # given to parts
        ("ordered", "i8"),  # one for each that was asked for
        ("arrived", "i8"),  # of those
        ("never", "i8"),  # of those, what sanctions keep away for good
        ("forgone", "i8"),  # asked for by parts that are gone since
    ],
    align=True,
)
ORDER = np.dtype([("at_s", "f8"), ("pool", "i8")], align=True)  # arrives then, for this pool
SPELL = np.dtype([("part", "i8"), ("from_s", "f8"), ("until_s", "f8")], align=True)


class Upkeep(NamedTuple):
    """What does not change: parts, spares, and how long things take."""

    parts: Struct  # PARTS (n_part,)
    spares: I8  # (n_group,) S of each family of components
    n_family: int  # families of components of each part
    foreign_s: float  # scale of the lead time of what is made abroad [s]
    local_s: float  # and at home [s]
    local_share: float  # share of families that is made at home [1]
    sanctions: int  # 1: nothing comes from abroad
    cannibalisation: int  # 1: of parts that are down, one may lend another what it lacks
    failures: int  # one of schema.OF_FAILURES
    failure_shape: float  # of Weibull's distribution
    renews: int  # 1: maintenance makes a part as new
    repairs: int  # one of schema.OF_REPAIRS
    repair_spread: float  # standard deviation of the logarithm
    lead_times: int  # one of schema.OF_LEAD_TIMES
    n_order: int  # the most orders that can be under way at once


class UpkeepState(NamedTuple):
    """What changes, of every replication by itself."""

    parts: Struct  # PART (n_row, n_part)
    demand_s: F8  # (n_row, n_part) when it fails and needs a component [s]; inf: not as far as is known
    pools: Struct  # POOL (n_row, n_pool)
    orders: Struct  # ORDER (n_row, n_order)
    n_order: I8  # (n_row,) orders under way
    n_local: I8  # (n_row,) families that are made at home: the first ones


class Spells(NamedTuple):
    """When parts were down, in no order."""

    entries: Struct  # SPELL (n_row, n_spell); until_s is inf of what is down at the end
    n: I8  # (n_row,) how many; the caller empties
    lost: I8  # (n_row,) that found no room


def allocate(upkeep: Upkeep, n_row: int) -> UpkeepState:
    """Room for a block of `n_row` replications; `begin` fills it."""
    n_part, n_pool = upkeep.parts.size, upkeep.spares.size * upkeep.n_family
    return UpkeepState(
        np.zeros((n_row, n_part), PART), np.full((n_row, n_part), np.inf),
        np.zeros((n_row, n_pool), POOL), np.zeros((n_row, upkeep.n_order), ORDER),
        np.zeros(n_row, np.int64), np.zeros(n_row, np.int64),
    )  # fmt: skip


def allocate_spells(n_row: int, n_spell: int) -> Spells:
    """Room for `n_spell` spells of each of `n_row` replications."""
    entries = np.zeros((n_row, n_spell), SPELL)
    return Spells(entries, np.zeros(n_row, np.int64), np.zeros(n_row, np.int64))
