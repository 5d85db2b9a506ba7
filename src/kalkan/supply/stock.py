"""Stock: missiles on launchers, in reload sets, in the systems' stores, in depots and on the way, between raids.

The rule, kalkan's own simplification:

1. Launchers are filled up, those of the emptiest unit first: from their unit's reload sets, in the unit's reload time,
   and from the system's store for what these lack, in its restock time.
2. Then reload sets are made up again, one for one launcher at a time, from loose rounds of the unit and from what the
   system's launchers leave of the store.
3. A system asks its depot for all that it lacks, at all these levels, of what it had at the start. While the depot has
   such rounds and a convoy, one leaves for the system that lacks most, with what it lacks most of.

A unit sees to as many launchers and sets at once as it has reload vehicles, or launchers where they are enough. A round
is made, comes, or is lost at its time; what falls due before `from_s` of :func:`advance`, while nobody looked, is seen
to then.

Nothing here depends on how a time is cut into pieces: what can start has started at each instant, and the time and fate
of a depot's n-th convoy are drawn by its name and n.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from kalkan.arrays import I8, Struct
from kalkan.jit import kernel
from kalkan.kernels import random
from kalkan.schema import MAX_TYPES
from kalkan.supply.stores import Stores

FREE = -1  # where a convoy goes that goes nowhere

WORK = np.dtype(
    [  # what is done about each launcher, (row, n_launcher)
        ("gone", "i8"),  # 1: out of action for good
        ("coming", "i8", MAX_TYPES),  # rounds that it is being loaded with
        ("due_s", "f8"),  # when they are on it [s]; inf: none come
        ("sets_coming", "i8", MAX_TYPES),  # reload sets that are made up for it
        ("sets_due_s", "f8"),  # when they are [s]; inf: none are
    ],
    align=True,
)
UNIT = np.dtype(
    [  # (row, n_unit)
        ("loose", "i8", MAX_TYPES),  # rounds of reload sets that were opened
        ("spent", "i8", MAX_TYPES),  # booked: launched
        ("destroyed", "i8", MAX_TYPES),  # booked: on launchers that are gone
    ],
    align=True,
)
SYSTEM = np.dtype(
    [  # (row, n_system)
        ("store", "i8", MAX_TYPES),  # rounds in its store
        ("delivered", "i8", MAX_TYPES),  # booked: brought by convoys
        ("lacks", "i8", MAX_TYPES),  # scratch: rounds that it asks its depot for
        ("spare", "i8", MAX_TYPES),  # scratch: rounds of its store that none of its launchers lacks
    ],
    align=True,
)
DEPOT = np.dtype(
    [  # (row, n_depot)
        ("rounds", "i8", MAX_TYPES),  # in it
        ("sent", "i8"),  # convoys so far: the ordinal of the next draw
        ("lost", "i8", MAX_TYPES),  # booked: lost with convoys
        ("lost_convoys", "i8"),  # booked
    ],
    align=True,
)
CONVOY = np.dtype(
    [  # (row, n_depot, n_convoy)
        ("to", "i8"),  # system, FREE: none
        ("rounds", "i8", MAX_TYPES),  # that it carries
        ("due_s", "f8"),  # when it arrives [s]; inf: it has, or was lost
        ("back_s", "f8"),  # when it, or another in its place, is back at the depot [s]
        ("is_lost", "i8"),  # 1: it never arrives, which is known when it should have
    ],
    align=True,
)


class Stock(NamedTuple):
    """The state of all replications of a block.

    ``loaded`` and ``sets`` are for the caller to read and to write: what is on launchers, and full reload sets,
    by type. Between two calls of :func:`advance` a raid may take from both; :func:`spend` books what it launched.
    """

    loaded: I8  # (row, n_launcher, MAX_TYPES)
    sets: I8  # (row, n_launcher, MAX_TYPES)
    work: Struct  # (row, n_launcher) WORK
    units: Struct  # (row, n_unit) UNIT
    systems: Struct  # (row, n_system) SYSTEM
    depots: Struct  # (row, n_depot) DEPOT
    convoys: Struct  # (row, n_depot, n_convoy) CONVOY
    made: I8  # (row, n_line) rounds that have come from where they are made


def allocate(stores: Stores, n: int) -> Stock:
    """State of `n` replications; :func:`begin` fills a row."""
    shape = (n, stores.launchers.size)
    return Stock(
        np.zeros((*shape, MAX_TYPES), np.int64),
        np.zeros((*shape, MAX_TYPES), np.int64),
        np.zeros(shape, WORK),
        np.zeros((n, stores.units.size), UNIT),
        np.zeros((n, stores.systems.size), SYSTEM),
        np.zeros((n, stores.depots.size), DEPOT),
        np.zeros((n, stores.depots.size, int(stores.depots["convoys"].max(initial=0))), CONVOY),
        np.zeros((n, stores.lines.size), np.int64),
    )


@kernel
def begin(stores: Stores, state: Stock, row: int) -> None:
    """Everything as at the start of the campaign: all is full, nothing is on its way."""
    for q in range(stores.launchers.size):
        state.work.gone[row, q] = 0
        state.work.due_s[row, q] = state.work.sets_due_s[row, q] = math.inf
        for w in range(MAX_TYPES):
            state.loaded[row, q, w] = stores.launchers.load[q, w]
            state.sets[row, q, w] = stores.launchers.sets[q]
            state.work.coming[row, q, w] = state.work.sets_coming[row, q, w] = 0
    for u in range(stores.units.size):
        for w in range(MAX_TYPES):
            state.units.loose[row, u, w] = state.units.spent[row, u, w] = state.units.destroyed[row, u, w] = 0
    for s in range(stores.systems.size):
        for w in range(MAX_TYPES):
            state.systems.store[row, s, w], state.systems.delivered[row, s, w] = stores.systems.store[s, w], 0
    for d in range(stores.depots.size):
        state.depots.sent[row, d] = state.depots.lost_convoys[row, d] = 0
        for w in range(MAX_TYPES):
            state.depots.rounds[row, d, w], state.depots.lost[row, d, w] = stores.depots.rounds[d, w], 0
        for c in range(stores.depots.convoys[d]):
            state.convoys.to[row, d, c], state.convoys.is_lost[row, d, c] = FREE, 0
            state.convoys.due_s[row, d, c] = state.convoys.back_s[row, d, c] = math.inf
            for w in range(MAX_TYPES):
                state.convoys.rounds[row, d, c, w] = 0
    for i in range(stores.lines.size):
        state.made[row, i] = 0


@kernel
def advance(
    stores: Stores, state: Stock, row: int, stream: Any, replication: int, from_s: float, until_s: float
) -> None:
    """Let one replication's stock go on.

    Parameters
    ----------
    stores : Stores
    state : Stock
        Its row is changed. ``advance`` from 0 to a and from a to b equals 0 to b bit for bit.
    row : int
    stream : uint64
        ``kernels.random.mix(seed, branch)``.
    replication : int
        Number of the replication: with the names of depots the key of its random numbers.
    from_s, until_s : float
        Seconds of the campaign, finite. What fell due before `from_s` happens then; what falls due at `until_s` has
        happened.
    """
    t_s = from_s
    while t_s <= until_s:
        _take_in(stores, state, row, t_s)
        _give_out(stores, state, row, stream, replication, t_s)
        t_s = max(t_s, _next_s(stores, state, row))


@kernel
def spend(state: Stock, row: int, fired: I8) -> None:
    """Book what was launched, ``(n_unit, MAX_TYPES)``; the caller has taken it out of ``loaded`` and ``sets``."""
    for u in range(fired.shape[0]):
        for w in range(MAX_TYPES):
            state.units.spent[row, u, w] += fired[u, w]


@kernel
def write_off(stores: Stores, state: Stock, row: int, gone: I8) -> None:
    """Launchers that are out of action for good, ``(n_launcher,)`` 1 where they are: their rounds are lost with them.

    They are never filled again. Their reload sets, and rounds under way to them, stay with their unit.
    """
    for q in range(stores.launchers.size):
        if gone[q] == 0 or state.work.gone[row, q]:
            continue
        u = stores.launchers.unit[q]
        state.work.gone[row, q] = 1
        for w in range(stores.types):
            state.units.destroyed[row, u, w] += state.loaded[row, q, w]
            state.units.loose[row, u, w] += state.work.coming[row, q, w]
            state.loaded[row, q, w] = state.work.coming[row, q, w] = 0
        state.work.due_s[row, q] = math.inf


# ------------------------------------------------------------------------------------------- what falls due


@kernel
def _next_s(stores: Stores, state: Stock, row: int) -> float:
    """When something falls due next [s]."""
    next_s = math.inf
    for q in range(stores.launchers.size):
        next_s = min(next_s, state.work.due_s[row, q], state.work.sets_due_s[row, q])
    for d in range(stores.depots.size):
        for c in range(stores.depots.convoys[d]):
            next_s = min(next_s, state.convoys.due_s[row, d, c], state.convoys.back_s[row, d, c])
    for i in range(stores.lines.size):
        next_s = min(next_s, _made_s(stores, state, row, i))
    return next_s


@kernel
def _made_s(stores: Stores, state: Stock, row: int, i: int) -> float:
    """When the next round of a line comes to its depot [s]."""
    made = state.made[row, i]
    return stores.lines.first_s[i] + made * stores.lines.gap_s[i] if made < stores.lines.rounds[i] else math.inf


@kernel
def _take_in(stores: Stores, state: Stock, row: int, t_s: float) -> None:
    """Whatever is due by now has come."""
    for i in range(stores.lines.size):
        while _made_s(stores, state, row, i) <= t_s:
            state.made[row, i] += 1
            state.depots.rounds[row, stores.lines.depot[i], stores.lines.type[i]] += 1
    for d in range(stores.depots.size):
        for c in range(stores.depots.convoys[d]):
            if state.convoys.due_s[row, d, c] <= t_s:
                _arrive(stores, state, row, d, c)
            if state.convoys.back_s[row, d, c] <= t_s:
                state.convoys.to[row, d, c], state.convoys.back_s[row, d, c] = FREE, math.inf
    for q in range(stores.launchers.size):
        if state.work.due_s[row, q] <= t_s:
            _stand_loaded(stores, state, row, q)
        if state.work.sets_due_s[row, q] <= t_s:
            state.work.sets_due_s[row, q] = math.inf
            for w in range(stores.types):
                state.sets[row, q, w] += state.work.sets_coming[row, q, w]
                state.work.sets_coming[row, q, w] = 0


@kernel
def _arrive(stores: Stores, state: Stock, row: int, d: int, c: int) -> None:
    """A convoy is where it goes, or is known to be lost."""
    s = state.convoys.to[row, d, c]
    state.convoys.due_s[row, d, c] = math.inf
    state.depots.lost_convoys[row, d] += state.convoys.is_lost[row, d, c]
    for w in range(stores.types):
        n = state.convoys.rounds[row, d, c, w]
        state.convoys.rounds[row, d, c, w] = 0
        if state.convoys.is_lost[row, d, c]:
            state.depots.lost[row, d, w] += n
        else:
            state.systems.store[row, s, w] += n
            state.systems.delivered[row, s, w] += n


@kernel
def _stand_loaded(stores: Stores, state: Stock, row: int, q: int) -> None:
    """A launcher is loaded; what no longer finds room on it, since a raid reloaded it meanwhile, lies at its unit."""
    u = stores.launchers.unit[q]
    state.work.due_s[row, q] = math.inf
    for w in range(stores.types):
        n = state.work.coming[row, q, w]
        fits = min(n, max(stores.launchers.load[q, w] - state.loaded[row, q, w], 0))
        state.loaded[row, q, w] += fits
        state.units.loose[row, u, w] += n - fits
        state.work.coming[row, q, w] = 0


# ------------------------------------------------------------------------------------------- what can start


@kernel
def _give_out(stores: Stores, state: Stock, row: int, stream: Any, replication: int, t_s: float) -> None:
    """Start all that can start, so that nothing more could at this instant."""
    q = _next_launcher(stores, state, row)
    while q >= 0:
        _load(stores, state, row, q, t_s)
        q = _next_launcher(stores, state, row)
    _count_spare(stores, state, row)
    q = _next_set(stores, state, row)
    while q >= 0:
        _make_up(stores, state, row, q, t_s)
        q = _next_set(stores, state, row)
    for d in range(stores.depots.size):
        c, s = _next_convoy(stores, state, row, d)
        while c >= 0:
            _send(stores, state, row, d, c, s, stream, replication, t_s)
            c, s = _next_convoy(stores, state, row, d)


@kernel
def missing(stores: Stores, state: Stock, row: int, q: int, w: int) -> int:
    """Rounds of a type that a launcher lacks of its full load and that are not under way to it."""
    if state.work.gone[row, q]:
        return 0
    return max(stores.launchers.load[q, w] - state.loaded[row, q, w] - state.work.coming[row, q, w], 0)


@kernel
def _has_vehicle(stores: Stores, state: Stock, row: int, u: int) -> bool:
    """Whether a reload vehicle of a unit is free."""
    busy = 0
    for q in range(stores.units.first[u], stores.units.last[u]):
        busy += int(state.work.due_s[row, q] < math.inf) + int(state.work.sets_due_s[row, q] < math.inf)
    return busy < stores.units.vehicles[u]


@kernel
def _at_unit(stores: Stores, state: Stock, row: int, u: int, w: int) -> int:
    """Rounds of a type that a unit has beside its launchers, in sets or loose."""
    n = state.units.loose[row, u, w]
    for q in range(stores.units.first[u], stores.units.last[u]):
        n += state.sets[row, q, w] * stores.launchers.load[q, w]
    return n


@kernel
def _has_rounds(stores: Stores, state: Stock, row: int, u: int, w: int) -> bool:
    """Whether the store of a unit's system, or the unit itself, has rounds of a type."""
    return state.systems.store[row, stores.units.system[u], w] > 0 or _at_unit(stores, state, row, u, w) > 0


@kernel
def _is_emptier(has: int, full: int, than_has: int, than_full: int) -> bool:
    """Whether one share is less than another, in whole numbers."""
    return has * than_full < than_has * full


@kernel
def _next_launcher(stores: Stores, state: Stock, row: int) -> int:
    """The launcher that is filled next: the emptiest of the emptiest unit that can fill one; -1: none."""
    best, least, of = -1, 1, 1
    for u in range(stores.units.size):
        if not _has_vehicle(stores, state, row, u):
            continue
        has, full, own, own_has, own_full = 0, 0, -1, 1, 1
        for q in range(stores.units.first[u], stores.units.last[u]):
            if state.work.gone[row, q]:
                continue
            here, room, can = 0, 0, False
            for w in range(stores.types):
                lacks = missing(stores, state, row, q, w)
                here += stores.launchers.load[q, w] - lacks
                room += stores.launchers.load[q, w]
                can = can or (lacks > 0 and _has_rounds(stores, state, row, u, w))
            has, full = has + here, full + room
            free = state.work.due_s[row, q] == math.inf
            if can and free and (own < 0 or _is_emptier(here, room, own_has, own_full)):
                own, own_has, own_full = q, here, room
        if own >= 0 and (best < 0 or _is_emptier(has, full, least, of)):
            best, least, of = own, has, full
    return best


@kernel
def _load(stores: Stores, state: Stock, row: int, q: int, t_s: float) -> None:
    """Begin to fill a launcher with what there is, of all types at once."""
    u = stores.launchers.unit[q]
    s, takes_s = stores.units.system[u], stores.units.reload_s[u]
    for w in range(stores.types):
        lacks = missing(stores, state, row, q, w)
        own = _take_at_unit(stores, state, row, u, q, w, lacks)
        brought = min(lacks - own, state.systems.store[row, s, w])
        state.systems.store[row, s, w] -= brought
        state.work.coming[row, q, w] += own + brought
        if brought > 0:
            takes_s = stores.units.restock_s[u]
    state.work.due_s[row, q] = t_s + takes_s


@kernel
def _take_at_unit(stores: Stores, state: Stock, row: int, u: int, q: int, w: int, n: int) -> int:
    """Take up to `n` rounds for launcher `q`: loose ones, of its own sets, then of the sets of those that have most."""
    while state.units.loose[row, u, w] < n:
        best = q
        if state.sets[row, q, w] == 0:
            for other in range(stores.units.first[u], stores.units.last[u]):
                best = other if state.sets[row, other, w] > state.sets[row, best, w] else best
        if state.sets[row, best, w] == 0 or stores.launchers.load[best, w] == 0:
            break
        state.sets[row, best, w] -= 1
        state.units.loose[row, u, w] += stores.launchers.load[best, w]
    taken = min(n, state.units.loose[row, u, w])
    state.units.loose[row, u, w] -= taken
    return taken


@kernel
def _count_spare(stores: Stores, state: Stock, row: int) -> None:
    """How much of each store no launcher of its system lacks."""
    for s in range(stores.systems.size):
        for w in range(stores.types):
            state.systems.spare[row, s, w] = state.systems.store[row, s, w]
    for q in range(stores.launchers.size):
        s = stores.units.system[stores.launchers.unit[q]]
        for w in range(stores.types):
            state.systems.spare[row, s, w] -= missing(stores, state, row, q, w)


@kernel
def _lacks_set(stores: Stores, state: Stock, row: int, q: int, w: int) -> bool:
    """Whether a reload set of a type is missing for a launcher and could be made up now."""
    load, u = stores.launchers.load[q, w], stores.launchers.unit[q]
    if load == 0 or state.work.gone[row, q]:
        return False
    if state.sets[row, q, w] + state.work.sets_coming[row, q, w] >= stores.launchers.sets[q]:
        return False
    return state.units.loose[row, u, w] + max(state.systems.spare[row, stores.units.system[u], w], 0) >= load


@kernel
def _next_set(stores: Stores, state: Stock, row: int) -> int:
    """The launcher for which reload sets are made up next, of the unit that has fewest of its sets; -1: none."""
    best, least, of = -1, 1, 1
    for u in range(stores.units.size):
        if not _has_vehicle(stores, state, row, u):
            continue
        has, full, own, own_has = 0, 0, -1, 0
        for q in range(stores.units.first[u], stores.units.last[u]):
            here, can = 0, False
            for w in range(stores.types):
                if stores.launchers.load[q, w] > 0:
                    here += state.sets[row, q, w] + state.work.sets_coming[row, q, w]
                    full += stores.launchers.sets[q]
                    can = can or _lacks_set(stores, state, row, q, w)
            has += here
            if can and state.work.sets_due_s[row, q] == math.inf and (own < 0 or here < own_has):
                own, own_has = q, here
        if own >= 0 and (best < 0 or _is_emptier(has, full, least, of)):
            best, least, of = own, has, full
    return best


@kernel
def _make_up(stores: Stores, state: Stock, row: int, q: int, t_s: float) -> None:
    """Begin to make up a reload set of each type that a launcher lacks."""
    u = stores.launchers.unit[q]
    s, takes_s = stores.units.system[u], stores.units.reload_s[u]
    for w in range(stores.types):
        if not _lacks_set(stores, state, row, q, w):
            continue
        load = stores.launchers.load[q, w]
        own = min(load, state.units.loose[row, u, w])
        state.units.loose[row, u, w] -= own
        state.systems.store[row, s, w] -= load - own
        state.systems.spare[row, s, w] -= load - own
        state.work.sets_coming[row, q, w] += 1
        if own < load:
            takes_s = stores.units.restock_s[u]
    state.work.sets_due_s[row, q] = t_s + takes_s


@kernel
def goal(stores: Stores, state: Stock, row: int, s: int, w: int) -> int:
    """Rounds of a type that a system wants: what it had at the start, but for launchers that are gone."""
    n = stores.systems.store[s, w]
    for q in range(stores.launchers.size):
        if stores.units.system[stores.launchers.unit[q]] == s and not state.work.gone[row, q]:
            n += stores.launchers.load[q, w] * (1 + stores.launchers.sets[q])
    return n


@kernel
def lack(stores: Stores, state: Stock, row: int, s: int, w: int) -> int:
    """Rounds of a type that a system wants and neither has nor is brought."""
    n = goal(stores, state, row, s, w) - state.systems.store[row, s, w]
    for u in range(stores.units.size):
        if stores.units.system[u] != s:
            continue
        n -= _at_unit(stores, state, row, u, w)
        for q in range(stores.units.first[u], stores.units.last[u]):
            n -= state.loaded[row, q, w] + state.work.coming[row, q, w]
            n -= state.work.sets_coming[row, q, w] * stores.launchers.load[q, w]
    d = stores.systems.depot[s]
    if d >= 0:
        for c in range(stores.depots.convoys[d]):
            if state.convoys.to[row, d, c] == s:
                n -= state.convoys.rounds[row, d, c, w]
    return max(n, 0)


@kernel
def _next_convoy(stores: Stores, state: Stock, row: int, d: int) -> tuple[int, int]:
    """A convoy that is free, and the system that lacks the greatest share of what the depot has; -1: none leaves."""
    free = -1
    for c in range(stores.depots.convoys[d] - 1, -1, -1):
        free = c if state.convoys.to[row, d, c] == FREE else free
    if free < 0:
        return -1, -1
    best, most, of = -1, 0, 1
    for s in range(stores.systems.size):
        if stores.systems.depot[s] != d:
            continue
        lacks, wants, can = 0, 0, False
        for w in range(stores.types):
            n = lack(stores, state, row, s, w)
            state.systems.lacks[row, s, w] = n
            lacks += n
            wants += goal(stores, state, row, s, w)
            can = can or (n > 0 and state.depots.rounds[row, d, w] > 0)
        if can and _is_emptier(most, of, lacks, wants):
            best, most, of = s, lacks, wants
    return (free, best) if best >= 0 else (-1, -1)


@kernel
def _send(
    stores: Stores, state: Stock, row: int, d: int, c: int, s: int, stream: Any, replication: int, t_s: float
) -> None:
    """A convoy leaves, its rounds chosen one by one of the type that the system then lacks most."""
    state.convoys.to[row, d, c] = s
    for _ in range(stores.depots.convoy_rounds[d]):
        best, most = -1, 0
        for w in range(stores.types):
            n = state.systems.lacks[row, s, w]
            if n > most and state.depots.rounds[row, d, w] > 0:
                best, most = w, n
        if best < 0:
            break
        state.systems.lacks[row, s, best] -= 1
        state.depots.rounds[row, d, best] -= 1
        state.convoys.rounds[row, d, c, best] += 1
    u0, u1, _, _ = random.draw4(
        stream, replication, random.CONVOY, stores.depots.key[d], np.uint64(0), state.depots.sent[row, d]
    )
    spread = stores.depots.spread[d]
    way_s = stores.depots.convoy_s[d] * math.exp(spread * random.normal(u0) - 0.5 * spread * spread)
    state.depots.sent[row, d] += 1
    state.convoys.is_lost[row, d, c] = int(u1 < stores.depots.p_lost[d])
    state.convoys.due_s[row, d, c], state.convoys.back_s[row, d, c] = t_s + way_s, t_s + 2.0 * way_s
