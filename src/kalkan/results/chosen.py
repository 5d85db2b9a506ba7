"""Which replication to look at: a typical one, the worst, the best.

The only definition: the report, the replay, the app, the notebook and exports ask here. A threat that was still
undecided when the simulated time ended counts like a leaker, never like a success.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kalkan.engine.replay import chosen_variant
from kalkan.engine.store import Store
from kalkan.results.quantity import Quantity

F8 = NDArray[np.float64]
_KEYS = ("leakers", "value_lost", "killed", "spent")


def wanted(
    folder: str | Path, variant: str | None = None, replication: int | None = None, wave: str | None = None
) -> tuple[str, int]:
    """Name of the variant and number of its replication: by default the first variant, and a typical replication.

    Raises
    ------
    ProblemsError
        No such variant or replication, or no such wave of a campaign.
    StoreError
        The folder holds no results.
    """
    name = chosen_variant(Store.open(folder), variant, replication, wave)
    return name, number_of("typical", folder, name) if replication is None else replication


def number_of(which: str, folder: str | Path, variant: str) -> int:
    """Number of the best, typical or worst finished replication of a variant.

    Raises
    ------
    StoreError
        The folder holds no results.
    """
    from kalkan.results.assemble import Results, load_records

    results = Results(*load_records(folder, variants=[variant]))
    return numbers(results.quantities[variant], results.records[variant].replications)[which]


def numbers(quantities: dict[str, Quantity], replications: NDArray[np.int64]) -> dict[str, int]:
    """Numbers of the replications worth a look: ``best``, ``typical`` and ``worst``."""
    return {name: int(replications[pick(quantities)]) for name, pick in PICKS.items()}


def typical(quantities: dict[str, Quantity]) -> int:
    """Row of the replication that is nearest to the medians of leakers, value lost, kills and rounds spent.

    Distances are in standard deviations; leakers count as much as everything else together, and the first
    of equals is taken. kalkan's own definition.
    """
    distance = np.zeros(quantities[_KEYS[0]].values.size)
    for key in _KEYS:
        values = _through(quantities) if key == _KEYS[0] else quantities[key].values
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
    lost, spent = (quantities[k].values for k in ("value_lost", "spent"))
    through = _through(quantities)
    return np.lexsort((-np.arange(through.size), spent, lost, through))


def _through(quantities: dict[str, Quantity]) -> F8:
    """Leakers, and threats that were still undecided."""
    undecided = quantities.get("unresolved")
    return quantities["leakers"].values + (undecided.values if undecided else 0.0)


def _median(values: F8) -> float:
    """The lower median: a value that occurs."""
    return float(np.sort(values)[(values.size - 1) // 2])


PICKS = {"best": best, "typical": typical, "worst": worst}
