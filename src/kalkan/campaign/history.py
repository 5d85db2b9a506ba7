"""What becomes of a defence between waves, for all rows of a block: rounds, damage, repair and what comes from behind.

Battle damage is carried over: a part that was hit is out until its repair ends, or for good. Launchers are filled up
from what stands behind them. kalkan's own simplification: posts still defend an asset that is destroyed.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kalkan.campaign.windows import Campaign, Window
from kalkan.kernels import carried as carrying
from kalkan.kernels import random
from kalkan.kernels.carried import Carried
from kalkan.kernels.records import Records
from kalkan.schema import MAX_TYPES

SOON_S = 1.0  # what is still down at the end of a window is out until so long after it [s]


class History:
    """Of the rows of one block.

    Parameters
    ----------
    campaign : Campaign
    stream : uint64
        Key of the random numbers.
    first, n : int
        Which replications.
    """

    def __init__(self, campaign: Campaign, stream: random.Word, first: int, n: int) -> None:
        self.campaign, self.stream, self.first, self.n = campaign, stream, first, n
        self.now_s = np.full(n, -math.inf)  # of the campaign, each row's own
        self.begin_s = np.zeros(n)
        self.out_until_s = np.full((n, campaign.n_part), -math.inf)  # by hits
        self.loaded = np.broadcast_to(campaign.load, (n, *campaign.load.shape)).copy()
        self.sets = np.repeat(np.broadcast_to(campaign.reload_sets, (n, campaign.n_launcher))[:, :, None], MAX_TYPES, 2)

    def open(self, window: Window) -> Carried:
        """Move on to the begin of a window; what the defence is then, row by row."""
        delays = [self._delay_s(window, row) for row in range(self.n)]
        wanted = window.at_s - window.lead_in_s + np.array(delays)
        self.begin_s = np.maximum(wanted, self.now_s)
        carried = carrying.allocate(self.n, window.launcher.size, window.plan.damage.parts.size)
        carried.loaded[:, :, : window.interceptor.size] = self.loaded[self._own(window)]
        carried.sets[:, :, : window.interceptor.size] = self.sets[self._own(window)]
        for row in range(self.n):
            for own, part in enumerate(window.part.tolist()):
                left_s = self.out_until_s[row, part] - self.begin_s[row]
                if left_s > 0.0:
                    carried.spells[row, carried.n[row]] = (own, 0.0, left_s)
                    carried.n[row] += 1
        return carried

    def _own(self, window: Window) -> tuple[Any, ...]:
        """Where a window's launchers and types of interceptors are in the campaign's arrays."""
        return np.ix_(np.arange(self.n), window.launcher, window.interceptor)

    def _delay_s(self, window: Window, row: int) -> float:
        if self.campaign.jitter_s == 0.0:
            return 0.0
        u, _, _, _ = random.draw4(self.stream, self.first + row, random.WAVE, np.uint64(window.key), np.uint64(0), 0)
        return self.campaign.jitter_s * random.normal(u)

    def close(self, window: Window, carried: Carried) -> None:
        """What the window has left."""
        own, n = self._own(window), window.interceptor.size
        load = self.campaign.load[np.ix_(window.launcher, window.interceptor)]
        before, left = carried.sets[:, :, :n], (carried.loaded - carried.launched)[:, :, :n]
        used = np.where(load > 0, np.ceil(np.maximum(-left, 0) / np.maximum(load, 1)), 0).astype(np.int64)
        loaded, sets = left + used * load, before - used
        refill = (loaded == 0) & (sets > 0) & (load > 0)
        self.loaded[own] = np.where(refill, load, loaded)
        self.sets[own] = np.where(refill, sets - 1, sets)
        self.now_s = self.begin_s + window.length_s
        hit = carried.until_s > window.length_s + SOON_S
        self.out_until_s[:, window.part] = np.where(hit, self.begin_s[:, None] + carried.until_s, -math.inf)

    def book_open(self, records: Records, k: int, window: Window, carried: Carried) -> None:
        """Write down what wave `k` finds."""
        plan = window.plan
        out = np.zeros((self.n, plan.damage.parts.size), np.bool_)
        for row in range(self.n):
            for spell in carried.spells[row, : carried.n[row]]:
                out[row, spell["part"]] |= bool(spell["from_s"] <= 0.0)
        records.wave["wave_start_s"][:, k] = self.begin_s + window.lead_in_s
        records.wave["wave_parts_out"][:, k] = out.sum(axis=1)
        records.wave["wave_units_ready"][:, k] = _ready(window, carried, out)
        lost = np.isinf(self.out_until_s[:, window.part]) & (self.out_until_s[:, window.part] > 0)
        gone = _of_launchers(window, lost)
        for own, w in enumerate(window.interceptor.tolist()):
            rounds = np.where(gone, 0, carried.loaded[:, :, own])
            records.wave_loads["wave_rounds"][:, k, w] = rounds.sum(axis=1)
            behind = carried.sets[:, :, own] * self.campaign.load[window.launcher, w]
            records.wave_loads["wave_behind"][:, k, w] = behind.sum(axis=1)


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
