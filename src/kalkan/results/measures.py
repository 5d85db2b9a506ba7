"""Measures: from the records of one variant to numbers per replication."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kalkan.errors import StoreError
from kalkan.results.by_system import by_system
from kalkan.results.quantity import F8, MEAN, PROPORTION, Finished, Quantity, count, entry_name, ratio
from kalkan.results.ranges import ranges
from kalkan.schema import DEPARTED, KILLED, LEAKED, OUTCOMES, REASONS, UNRESOLVED, VARIABLES


def quantities(records: Finished) -> dict[str, Quantity]:
    """All measures of a variant, by key; without those of variables that the version that recorded it did not have.

    Raises
    ------
    StoreError
        The endings of the threats do not sum to the raid.
    """
    parts = (by_group, ranges, reasons, by_system)
    return plain_quantities(records) | _measured(parts, records)


def plain_quantities(records: Finished) -> dict[str, Quantity]:
    """Those that are of the whole raid and the whole defence: what studies ask for."""
    return _measured((endings, damage, effort, money), records)


def _measured(parts: Iterable[Callable[[Finished], Iterable[Quantity]]], records: Finished) -> dict[str, Quantity]:
    return {q.key: q for part in parts for q in _as_recorded(part(records), records)}


def _as_recorded(found: Iterable[Quantity], records: Finished) -> Iterator[Quantity]:
    """A part's measures up to the first one whose variable is not in the records."""
    try:
        yield from found
    except KeyError as error:
        if error.args[0] not in VARIABLES or error.args[0] in records.arrays:
            raise


def endings(records: Finished) -> Iterable[Quantity]:
    """Leakers, killed, departed, unresolved; whether none leaked and none was left undecided."""
    outcome = records.arrays["threat_outcome"]
    counts = {code: _sum(outcome == code) for code in range(len(OUTCOMES))}
    raid = outcome.shape[1]
    if np.any(sum(counts.values()) != raid):
        raise StoreError("killed, leaked, departed and unresolved do not sum to the raid: damaged results")
    yield count("leakers", "leakers", counts[LEAKED], raid)
    yield count("killed", "killed", counts[KILLED], raid)
    yield count("departed", "departed", counts[DEPARTED], raid)
    yield count("unresolved", "unresolved", counts[UNRESOLVED], raid)
    none = (counts[LEAKED] == 0) & (counts[UNRESOLVED] == 0)
    yield Quantity("p_no_leaker", "no leaker at all", "1", PROPORTION, none.astype(np.float64))


def damage(records: Finished) -> Iterable[Quantity]:
    """Hits on assets, and value lost: value x min(1, hits / hits to destroy), summed over assets.

    kalkan's own simplification: damage is proportional to hits until the asset is destroyed.
    """
    hits = records.arrays["asset_hits"].astype(np.float64)
    value = np.asarray(records.attrs["asset_value"], np.float64)
    needed = np.asarray(records.attrs["asset_hits_to_destroy"], np.float64)
    lost = (value * np.minimum(1.0, hits / needed)).sum(axis=1)
    whole, step = float(value.sum()), float((value / needed).min())
    yield count("hits", "hits on assets", _sum(hits))
    yield Quantity("value_lost", "value lost", "1", MEAN, lost, step, 0.0, whole)
    kept = 100.0 * (1.0 - lost / whole)
    yield Quantity("value_kept", "share of value kept", "%", MEAN, kept, 100.0 * step / whole, 0.0, 100.0)
    for i, name in enumerate(records.labels["asset"]):
        yield count(f"hits_of_asset/{name}", name, hits[:, i])


def effort(records: Finished) -> Iterable[Quantity]:
    """Interceptors by type, shots per kill, and what went wrong with engagements."""
    a = records.arrays
    spent = a["spent"].sum(axis=1).astype(np.float64)
    left = a["rounds_left"].sum(axis=1).astype(np.float64)
    killed = _sum(a["threat_outcome"] == KILLED)
    yield count("spent", "interceptors spent", _sum(spent))
    yield ratio("shots_per_kill", "interceptors per kill", "1", _sum(spent), killed)
    for i, name in enumerate(records.labels["interceptor"]):
        called = entry_name(records.attrs, name)
        yield count(f"spent_of_type/{name}", f"{called} spent", spent[:, i])
        yield count(f"rounds_left/{name}", f"{called} left ready", left[:, i])
    yield count("met_nothing", "interceptors that met nothing", _sum(a["met_nothing"]))
    yield count("orders", "engagements ordered", _sum(a["orders"]))
    yield count("not_held", "engagements not held", _sum(a["not_held"]))
    full = a["channels_full_s"].astype(np.float64).mean(axis=1)
    yield Quantity("channels_full", "all channels of a unit busy", "s", MEAN, full, 0.0, 0.0)
    yield count("false_tracks", "false tracks", _sum(a["tracks_false"]))
    yield count("track_swaps", "track swaps", _sum(a["track_swaps"]))


def money(records: Finished) -> Iterable[Quantity]:
    """Cost of the interceptors spent against the cost of the threats killed [USD]."""
    of_round = np.asarray(records.attrs["interceptor_unit_cost_usd"], np.float64)
    of_threat = np.asarray(records.attrs["threat_unit_cost_usd"], np.float64)
    spent = (records.arrays["spent"].sum(axis=1) * of_round).sum(axis=1)
    killed = ((records.arrays["threat_outcome"] == KILLED) * of_threat).sum(axis=1)
    yield Quantity("cost_spent", "cost of interceptors", "USD", MEAN, spent, _cheapest(of_round), 0.0)
    yield Quantity("cost_killed", "cost of threats killed", "USD", MEAN, killed, _cheapest(of_threat), 0.0)
    yield ratio("cost_exchange", "spent per dollar killed", "1", spent, killed)


def by_group(records: Finished) -> Iterable[Quantity]:
    """Leakers and kills of each raid and of each target class."""
    outcome = records.arrays["threat_outcome"]
    for group in ("raid", "class"):
        of = np.asarray(records.attrs[f"threat_{group}"])
        for name in dict.fromkeys(of.tolist()):
            mine = outcome[:, of == name]
            yield count(f"leakers_of_{group}/{name}", name, _sum(mine == LEAKED), mine.shape[1])
            yield count(f"killed_of_{group}/{name}", name, _sum(mine == KILLED), mine.shape[1])


def reasons(records: Finished) -> Iterable[Quantity]:
    """Why leakers leaked: mean count of each reason, and its share of all leakers."""
    leaked = records.arrays["threat_outcome"] == LEAKED
    total = _sum(leaked)
    for code, (name, _sentence) in enumerate(REASONS):
        found = _sum(leaked & (records.arrays["threat_reason"] == code))
        name = name or "no reason recorded"
        if code or found.any():
            yield count(f"reason/{name}", name, found, leaked.shape[1])
            yield ratio(f"reason_share/{name}", name, "%", 100.0 * found, total, 100.0)


def _cheapest(costs: F8) -> float:
    """The least of the costs that are known and not nothing; 0 if there are none."""
    known = costs[np.isfinite(costs) & (costs > 0.0)]
    return float(known.min()) if known.size else 0.0


def _sum(array: NDArray[Any]) -> F8:
    """Sum over everything but replications."""
    return array.reshape(array.shape[0], -1).sum(axis=1).astype(np.float64)
