"""A measure's nouns: the numbers of finished replications, one number each, and an estimate with its interval.

Every measure is kept as one number per replication, so that two variants can be compared pair
by pair. A ratio (shots per kill) has no such number where its denominator is 0; it is kept as
linearised values ``R + (x - R y) / mean(y)`` with ``R = mean(x) / mean(y)``, whose mean is R and whose
interval is the delta method's (Cochran, Sampling Techniques, 3rd ed. 1977, ch. 6).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kalkan.results.intervals import clopper_pearson, mean_interval, scarce
from kalkan.schema import HOSTILE, SIDES

F8 = NDArray[np.float64]
CONFIDENCE = 0.95
RELEASED = -1  # in place of a side: decoys and debris of ballistic missiles, which are of no other
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
        ``threat_raid``, ``threat_side``, ``threat_class``, ``asset_value``, unit costs, ...
    """

    replications: NDArray[np.int64]
    arrays: Mapping[str, NDArray[Any]]
    labels: Mapping[str, list[str]]
    attrs: Mapping[str, Any]

    def of_side(self, code: int = HOSTILE) -> NDArray[np.bool_]:
        """Which threats are of a side, or `RELEASED`, (n_threat,); a version without sides knew hostile ones only."""
        n = len(self.labels["threat"])
        released = np.array(self.attrs.get("threat_released", [False] * n), np.bool_)
        if code == RELEASED:
            return released
        words = self.attrs.get("threat_side", [SIDES[HOSTILE].word] * n)
        return np.array([word == SIDES[code].word for word in words], np.bool_) & ~released

    def of_threats(self, variable: str, code: int = HOSTILE) -> NDArray[Any]:
        """A variable of the threats of one side, (n, n_threat of that side)."""
        mine = self.of_side(code)
        return self.arrays[variable] if mine.all() else self.arrays[variable][:, mine]

    def flown(self, code: int) -> NDArray[np.float64]:
        """How many of a side have set out before the horizon, (n,): traffic has room for more than come."""
        if not self.of_side(code).any():
            return np.zeros(self.replications.size)
        began = self.of_threats("threat_start_s", code) < float(self.attrs["horizon_s"])
        found: NDArray[np.float64] = began.sum(axis=1).astype(np.float64)
        return found


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


def ratio(key: str, name: str, unit: str, x: F8, y: F8, most: float = math.inf) -> Quantity:
    """Ratio of two sums over replications, as linearised values; nan if `y` is 0 throughout."""
    if not y.any():
        return Quantity(key, name, unit, RATIO, np.full(x.shape, np.nan))
    r = x.sum() / y.sum()
    return Quantity(key, name, unit, RATIO, r + (x - r * y) / y.mean(), 0.0, 0.0, most)


def entry_name(attrs: Mapping[str, Any], entry: str) -> str:
    """What people call an entry of the catalogue; its identifier in results that do not hold names."""
    return str(attrs.get("names", {}).get(entry, entry))
