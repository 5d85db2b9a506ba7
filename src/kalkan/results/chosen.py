"""Which replication to look at: a typical one, the worst, the best."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kalkan.results.measures import Quantity

F8 = NDArray[np.float64]
_KEYS = ("leakers", "value_lost", "killed", "spent")


def typical(quantities: dict[str, Quantity]) -> int:
    """Row of the replication that is nearest to the medians of leakers, value lost, kills and rounds spent.

    Distances are in standard deviations; leakers count as much as everything else together, and the first
    of equals is taken. kalkan's own definition.
    """
    distance = np.zeros(quantities[_KEYS[0]].values.size)
    for key in _KEYS:
        values = quantities[key].values
        spread = float(values.std())
        if spread > 0.0:
            distance += (len(_KEYS) - 1 if key == _KEYS[0] else 1) * np.abs(values - _median(values)) / spread
    return int(np.argmin(distance))


def worst(quantities: dict[str, Quantity]) -> int:
    """Row of the replication with most leakers; among equals most value lost, then most rounds spent."""
    return int(_order(quantities)[-1])


def best(quantities: dict[str, Quantity]) -> int:
    """Row of the replication with fewest leakers; among equals least value lost, then fewest rounds spent."""
    return int(_order(quantities)[0])


def _order(quantities: dict[str, Quantity]) -> NDArray[np.intp]:
    """Rows from best to worst; of equals, the last row comes first and so the first row counts as worst."""
    leakers, lost, spent = (quantities[k].values for k in ("leakers", "value_lost", "spent"))
    return np.lexsort((-np.arange(leakers.size), spent, lost, leakers))


def _median(values: F8) -> float:
    """The lower median: a value that occurs."""
    return float(np.sort(values)[(values.size - 1) // 2])
