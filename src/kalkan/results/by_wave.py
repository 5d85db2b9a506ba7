"""A campaign wave by wave and day by day: one number per replication for each.

What is left is told as the wave begins, and what is kept as it ends; a wave that comes late counts for the day on which
it comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from kalkan.results.declared import DAY_S
from kalkan.results.quantity import F8, MEAN, Finished, Quantity, count
from kalkan.schema import LEAKED

OF_WAVE = {  # families, and what their tables are called
    "leakers_of_wave": "leakers of each wave",
    "leakers_of_day": "leakers of each day",
    "units_ready_at_wave": "fire units ready as each wave begins",
    "rounds_at_wave": "rounds on launchers as each wave begins",
    "behind_at_wave": "rounds behind them, in reloads, stores and depots",
    "parts_out_at_wave": "parts out of action as each wave begins",
    "value_after_wave": "share of value kept after each wave",
}


def by_wave(records: Finished) -> Iterable[Quantity]:
    """Keys are ``FAMILY/WAVE`` of `OF_WAVE`, and ``leakers_of_day/DAY``, the first day being day 1."""
    waves = records.labels.get("wave", [])
    if not waves or "threat_wave" not in records.attrs:
        return
    leaked = _leaked(records)
    kept = _value_kept(records)
    told = {"units_ready_at_wave": "wave_units_ready", "rounds_at_wave": "wave_rounds", "behind_at_wave": "wave_behind",
            "parts_out_at_wave": "wave_parts_out"}  # fmt: skip
    for k, name in enumerate(waves):
        yield count(f"leakers_of_wave/{name}", name, leaked[:, k])
        yield Quantity(f"value_after_wave/{name}", name, "%", MEAN, kept[:, k], 0.0, 0.0, 100.0)
        for key, variable in told.items():
            values = records.arrays[variable][:, k].astype(np.float64)
            yield count(f"{key}/{name}", name, values.reshape(len(values), -1).sum(axis=1))
    yield from _by_day(records, leaked)


def _leaked(records: Finished) -> F8:
    """Leakers of each wave, (n, n_wave)."""
    of = np.asarray(records.attrs["threat_wave"])[records.of_side()]
    leaked = records.of_threats("threat_outcome") == LEAKED
    return np.stack([leaked[:, of == w].sum(axis=1) for w in records.labels["wave"]], axis=1).astype(np.float64)


def _value_kept(records: Finished) -> F8:
    """Share of all value kept after each wave [%], (n, n_wave): damage as in ``declared``."""
    hits = np.cumsum(records.arrays["wave_hits"].astype(np.float64), axis=1)
    value = np.asarray(records.attrs["asset_value"], np.float64)
    needed = np.asarray(records.attrs["asset_hits_to_destroy"], np.float64)
    kept: F8 = 100.0 * (1.0 - (value * np.minimum(hits / needed, 1.0)).sum(axis=2) / value.sum())
    return kept


def _by_day(records: Finished, leaked: F8) -> Iterator[Quantity]:
    days = np.floor(records.arrays["wave_start_s"] / DAY_S).astype(np.int64)
    for day in range(int(days.min()), int(days.max()) + 1):
        on = days == day
        if on.any():
            yield count(f"leakers_of_day/{day + 1}", f"day {day + 1}", (leaked * on).sum(axis=1))
