"""What becomes of a defence between waves, for all rows of a block: rounds, damage, repair and what comes from behind.

Battle damage is carried over: a part that was hit is out until its repair ends, or for good. Beside it parts fail and
are repaired as upkeep says, in windows and between them, and rounds come as stock says, between them. kalkan's own
simplifications: posts still defend an asset that is destroyed; a part that was hit for a time fails like any other; a
reload vehicle that fails during a raid finishes it, and between raids enough of them work.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kalkan.arrays import F8
from kalkan.byref import by_reference
from kalkan.campaign import between
from kalkan.campaign.windows import CampaignPlan, Numbers, Window
from kalkan.kernels import carried as carrying
from kalkan.kernels import random
from kalkan.kernels.carried import Carried
from kalkan.kernels.records import Records
from kalkan.schema import MAX_TYPES, QUEUE_FULL
from kalkan.supply import stock, tables
from kalkan.supply.books import Books, books

SOON_S = 1.0  # what is still down at the end of a window is out until so long after it [s]
SPELLS_PER_PART = 16  # in a piece of the time between two waves, on average


class History:
    """Of the rows of one block.

    Parameters
    ----------
    campaign : CampaignPlan
    stream : uint64
        Key of the random numbers.
    first, n : int
        Which replications.
    """

    def __init__(self, campaign: CampaignPlan, stream: random.Word, first: int, n: int) -> None:
        self.campaign, self.stream, self.first, self.n = campaign, np.uint64(stream), first, n
        self.begin_s = self._wanted_s(campaign.windows[0])  # of the window, each row's own
        self.now_s = np.minimum(self.begin_s, 0.0)  # of the campaign, which may begin with the first window
        self.out_until_s = np.full((n, campaign.n_part), -math.inf)  # by hits
        self.stock = stock.allocate(campaign.stores, n)
        self._stores, self._stock = by_reference(campaign.stores), by_reference(self.stock)
        between.begin_stock(self._stores, self._stock, n)
        self.upkeep = Upkeeping(campaign, self.stream, first, self.now_s) if campaign.upkeep is not None else None

    def open(self, window: Window) -> Carried:
        """Move on to the begin of a window; what the defence is then, row by row."""
        self.begin_s = np.maximum(self._wanted_s(window), self.now_s)
        self._move_stock(self.begin_s)
        vehicles = int(window.plan.units["reload_vehicles"].max(initial=0))
        carried = carrying.allocate(
            self.n, window.launcher.size, window.plan.damage.parts.size, window.unit.size, vehicles
        )
        carried.loaded[:, :, : window.interceptor.size] = self.stock.loaded[self._own(window)]
        carried.sets[:, :, : window.interceptor.size] = self.stock.sets[self._own(window)]
        self._carry_damage(window, carried)
        if self.upkeep is not None:
            self.upkeep.open(window, carried, self.begin_s)
        return carried

    def _carry_damage(self, window: Window, carried: Carried) -> None:
        """Parts that were hit before and are not repaired yet."""
        left_s = self.out_until_s[:, window.part] - self.begin_s[:, None]
        for row, own in np.argwhere(left_s > 0.0).tolist():
            carried.spells[row, carried.n[row]] = (own, 0.0, left_s[row, own])
            carried.n[row] += 1

    def _own(self, window: Window) -> tuple[Any, ...]:
        """Where a window's launchers and types of interceptors are in the campaign's arrays."""
        return np.ix_(np.arange(self.n), window.launcher, window.interceptor)

    def _wanted_s(self, window: Window) -> F8:
        """When a window would begin if none came before it, each row's own [s]."""
        delays = [self._delay_s(window, row) for row in range(self.n)]
        return window.at_s - window.lead_in_s + np.array(delays)

    def _delay_s(self, window: Window, row: int) -> float:
        if self.campaign.jitter_s == 0.0:
            return 0.0
        u, _, _, _ = random.draw4(self.stream, self.first + row, random.WAVE, np.uint64(window.key), np.uint64(0), 0)
        return float(self.campaign.jitter_s * random.normal(u))

    def _move_stock(self, until_s: F8) -> None:
        between.move_stock(self._stores, self._stock, self.stream, self.first, self.now_s, until_s)

    def close(self, window: Window, carried: Carried) -> None:
        """What the window has left."""
        self.now_s = self.begin_s + window.length_s
        hit = carried.until_s > window.length_s + SOON_S
        self.out_until_s[:, window.part] = np.where(hit, self.begin_s[:, None] + carried.until_s, -math.inf)
        self._book_rounds(window, carried)
        if self.upkeep is not None:
            self.upkeep.close(window, self.now_s, self.lost)

    def _book_rounds(self, window: Window, carried: Carried) -> None:
        """Take what was launched off launchers and out of sets; launchers beyond repair are lost with their rounds."""
        own, n = self._own(window), window.interceptor.size
        load = self.campaign.stores.launchers["load"][np.ix_(window.launcher, window.interceptor)]
        launched = carried.launched[:, :, :n]
        left = self.stock.loaded[own] - launched
        used = np.where(load > 0, -(np.minimum(left, 0) // np.maximum(load, 1)), 0)
        self.stock.loaded[own] = left + used * load
        self.stock.sets[own] -= used
        fired = np.zeros((self.n, self.campaign.stores.units.size, MAX_TYPES), np.int64)
        of = self.campaign.stores.launchers["unit"][window.launcher]
        for q, unit in enumerate(of.tolist()):
            fired[:, unit, window.interceptor] += launched[:, q]
        gone = np.zeros((self.n, self.campaign.stores.launchers.size), np.int64)
        gone[:, window.launcher] = _of_launchers(window, self.lost[:, window.part])
        between.book_stock(self._stores, self._stock, fired, gone)

    @property
    def lost(self) -> NDArray[np.bool_]:
        """Which parts are beyond repair, (n, n_part)."""
        return np.isposinf(self.out_until_s)

    def book_open(self, records: Records, k: int, window: Window, carried: Carried) -> None:
        """Write down what wave `k` finds."""
        out = np.zeros((self.n, window.plan.damage.parts.size), np.bool_)
        for row in range(self.n):
            spells = carried.spells[row, : carried.n[row]]
            out[row, spells["part"][spells["from_s"] <= 0.0]] = True
        records.wave["wave_start_s"][:, k] = self.begin_s + window.lead_in_s
        records.wave["wave_parts_out"][:, k] = out.sum(axis=1)
        records.wave["wave_units_ready"][:, k] = _ready(window, carried, out)
        found = self._books()
        loaded = self.stock.loaded.sum(axis=1)[:, : found.units.shape[1]]
        records.wave_loads["wave_rounds"][:, k, window.interceptor] = (
            carried.loaded[:, :, : window.interceptor.size].sum(axis=1)
        )
        records.wave_loads["wave_behind"][:, k] = found.launchers - loaded + found.units + found.stores + found.depots

    def _books(self) -> Books:
        return books(self.campaign.stores, self.stock)

    def end(self, records: Records) -> None:
        """Move on to the end of the campaign, and write down what became of rounds and parts."""
        end_s = np.maximum(self.now_s, self.campaign.end_s)
        self._move_stock(end_s)
        found = self._books()
        records.stock["rounds_bought"][:], records.stock["rounds_made"][:] = found.bought, found.made
        records.stock["rounds_lost"][:] = found.lost + found.destroyed
        records.stock["rounds_kept"][:] = found.launchers + found.units + found.stores + found.depots + found.under_way
        if self.upkeep is not None:
            self.upkeep.end(records, end_s)


class Upkeeping:
    """Failures and repairs of the rows of one block; parts as the campaign counts them are in `place`."""

    def __init__(self, campaign: CampaignPlan, stream: random.Word, first: int, start_s: F8) -> None:
        n = start_s.size
        assert campaign.upkeep is not None
        self.constants, self.place, self.stream, self.first = campaign.upkeep, campaign.upkept, stream, first
        self.vehicles = campaign.vehicles
        self.state = tables.allocate(self.constants, n)
        self.spells = tables.allocate_spells(n, SPELLS_PER_PART * self.place.size)
        self._constants, self._state = by_reference(self.constants), by_reference(self.state)
        self._spells = by_reference(self.spells)
        self.out_s, self.now_s = np.zeros((n, self.place.size)), start_s
        between.begin_parts(self._constants, self._state, stream, first, start_s, self._spells)
        self.before = self.state.parts["failures"].copy(), self.state.parts["waits"].copy()

    def open(self, window: Window, carried: Carried, begin_s: F8) -> None:
        """Move on to the begin of a window, then through it; its spells are what the loop will find."""
        self._move(begin_s)
        self._move(begin_s + window.length_s)
        part_of, unit_of = _own(window.part, self.place), _own(window.unit, self.vehicles[:, 0])
        for row in range(begin_s.size):
            for spell in self.spells.entries[row, : self.spells.n[row]]:
                from_s = max(spell["from_s"] - begin_s[row], 0.0)
                until_s = min(spell["until_s"] - begin_s[row], window.length_s + SOON_S)
                part, (unit, vehicle) = part_of[self.place[spell["part"]]], self.vehicles[spell["part"]]
                if unit >= 0 and unit_of[unit] >= 0 and from_s == 0.0:
                    carried.vehicle_s[row, unit_of[unit], vehicle] = until_s
                elif part >= 0 and carried.n[row] < carried.spells.shape[1]:
                    carried.spells[row, carried.n[row]] = (part, from_s, until_s)
                    carried.n[row] += 1
                elif part >= 0:
                    self.spells.lost[row] += 1

    def _move(self, until_s: F8) -> None:
        between.move_parts(
            self._constants, self._state, self.stream, self.first, self.now_s, until_s, self._spells, self.out_s
        )
        self.now_s = until_s

    def close(self, window: Window, now_s: F8, lost: NDArray[np.bool_]) -> None:
        """What is beyond repair fails no more."""
        between.retire_parts(self._constants, self._state, lost[:, self.place], now_s)

    def end(self, records: Records, end_s: F8) -> None:
        """Move on to the end of the campaign, and write down what became of parts."""
        self._move(end_s)
        records.part["part_out_s"][:, self.place] = self.out_s
        records.part["part_failures"][:, self.place] = self.state.parts["failures"] - self.before[0]
        records.part["part_waits"][:, self.place] = self.state.parts["waits"] - self.before[1]
        status = records.replication["status"]
        status[:] = np.where(self.spells.lost > 0, np.maximum(status, QUEUE_FULL), status)


def _own(theirs: Numbers, places: Numbers) -> Numbers:
    """By place in the campaign's list, which of a window's own it is; -1: it is not there."""
    found = np.full(max(int(places.max(initial=-1)), int(theirs.max(initial=-1))) + 1, -1)
    found[theirs] = np.arange(theirs.size)
    return found


def _of_launchers(window: Window, flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """What holds of parts, of the launchers among them."""
    if not window.launcher_part.size:
        return np.zeros((len(flags), window.launcher.size), np.bool_)
    found: NDArray[np.bool_] = flags[:, window.launcher_part]
    return found


def _ready(window: Window, carried: Carried, out: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many fire units have a radar that works and a round on a launcher that works."""
    units: Any = window.plan.units
    rounds = np.where(_of_launchers(window, out), 0, carried.loaded.sum(axis=2))
    found = np.zeros(len(rounds), np.int64)
    for u in range(units.size):
        mine = rounds[:, int(units["first_launcher"][u]) : int(units["last_launcher"][u])]
        sees = ~out[:, window.radar_part[u]] if window.radar_part.size else True
        found += (mine.sum(axis=1) > 0) & sees
    return found
