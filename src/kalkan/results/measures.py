"""Measures: from the records of one variant to numbers per replication, and to means with intervals.

Every measure is kept as one number per replication, so that two variants can be compared pair
by pair. A ratio (shots per kill) has no such number where its denominator is 0; it is kept as
linearised values ``R + (x - R y) / mean(y)`` with ``R = mean(x) / mean(y)``, whose mean is R and whose
interval is the delta method's (Cochran, Sampling Techniques, 3rd ed. 1977, ch. 6).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kalkan.errors import StoreError
from kalkan.results.intervals import clopper_pearson, mean_interval, scarce
from kalkan.schema import DEPARTED, KILLED, LEAKED, OUTCOMES, REASONS, UNRESOLVED, VARIABLES

F8 = NDArray[np.float64]
CONFIDENCE = 0.95
MEAN, PROPORTION, RATIO = "mean", "proportion", "ratio"


class Quantity(NamedTuple):
    """One number per replication.

    Attributes
    ----------
    key : str
        Name for programs, such as ``leakers`` or ``leakers_of_raid/cruise``.
    name : str
        Name for people.
    unit : str
    kind : str
        ``mean``, ``proportion`` (values 0 and 1) or ``ratio`` (linearised values).
    values : float64 array (n,)
        All nan where a ratio's denominator is 0 throughout.
    step : float
        Smallest change that one event makes: 1 for counts, the cheapest round for costs; 0: there is no such thing.
    least, most : float
        What a value cannot pass.
    """

    key: str
    name: str
    unit: str
    kind: str
    values: F8
    step: float = 0.0
    least: float = -math.inf
    most: float = math.inf


class Measure(NamedTuple):
    """An estimate with its two-sided interval; ends are infinite, or bounds, for a single replication.

    `scarce` marks means of samples that are too small for any method (:func:`kalkan.results.intervals.scarce`).
    """

    key: str
    name: str
    unit: str
    kind: str
    mean: float
    low: float
    high: float
    n: int
    scarce: bool = False

    @property
    def half_width(self) -> float:
        """Half of the interval."""
        return (self.high - self.low) / 2.0

    @property
    def reach(self) -> float:
        """From the estimate to the farther end."""
        return max(self.high - self.mean, self.mean - self.low)


class Finished(NamedTuple):
    """Finished replications of one variant and what their indices mean.

    Attributes
    ----------
    replications : int64 array (n,)
        Their numbers.
    arrays : mapping of str to array
        Variables of ``kalkan.schema`` without the event dimension, `n` rows.
    labels : mapping of str to list of str
        Names along ``threat``, ``unit``, ``interceptor``, ``asset``, ``post``, ``radar``.
    attrs : mapping
        ``threat_raid``, ``threat_class``, ``asset_value``, unit costs, ...
    """

    replications: NDArray[np.int64]
    arrays: Mapping[str, NDArray[Any]]
    labels: Mapping[str, list[str]]
    attrs: Mapping[str, Any]


def estimate(quantity: Quantity, confidence: float = CONFIDENCE) -> Measure:
    """Mean with its interval: Clopper and Pearson's for proportions, `mean_interval` otherwise; nan where undefined."""
    key, name, unit, kind, values, step, least, most = quantity
    if not np.isfinite(values).all():
        return Measure(key, name, unit, kind, math.nan, math.nan, math.nan, values.size)
    if kind == PROPORTION:
        return Measure(
            key, name, unit, kind, *clopper_pearson(int(values.sum()), values.size, confidence), values.size
        )
    interval = mean_interval(values, confidence, step=step, least=least, most=most)
    return Measure(key, name, unit, kind, *interval, values.size, scarce(values) and interval.low < interval.high)


def count(key: str, name: str, values: F8, most: float = math.inf) -> Quantity:
    """A number of things, from 0 up."""
    return Quantity(key, name, "1", MEAN, values, 1.0, 0.0, most)


def quantities(records: Finished) -> dict[str, Quantity]:
    """All measures of a variant, by key; without those of variables that the version that recorded it did not have.

    Raises
    ------
    StoreError
        The endings of the threats do not sum to the raid.
    """
    from kalkan.results.by_system import by_system
    from kalkan.results.ranges import ranges

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


def ratio(key: str, name: str, unit: str, x: F8, y: F8, most: float = math.inf) -> Quantity:
    """Ratio of two sums over replications, as linearised values; nan if `y` is 0 throughout."""
    if not y.any():
        return Quantity(key, name, unit, RATIO, np.full(x.shape, np.nan))
    r = x.sum() / y.sum()
    return Quantity(key, name, unit, RATIO, r + (x - r * y) / y.mean(), 0.0, 0.0, most)


def entry_name(attrs: Mapping[str, Any], entry: str) -> str:
    """What people call an entry of the catalogue; its identifier in results that do not hold names."""
    return str(attrs.get("names", {}).get(entry, entry))


def _cheapest(costs: F8) -> float:
    """The least of the costs that are known and not nothing; 0 if there are none."""
    known = costs[np.isfinite(costs) & (costs > 0.0)]
    return float(known.min()) if known.size else 0.0


def _sum(array: NDArray[Any]) -> F8:
    """Sum over everything but replications."""
    return array.reshape(array.shape[0], -1).sum(axis=1).astype(np.float64)
