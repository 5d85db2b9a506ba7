"""Which replication to look at: the best, a typical one, the worst, or one in which a certain threat leaked."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kalkan.results.assemble import Results
from kalkan.results.measures import Finished
from kalkan.schema import LEAKED

MOST_LISTED = 2000  # replications whose numbers are listed one by one


def choices(results: Results) -> list[dict[str, Any]]:
    """For every variant: its replications with their leakers and hits, and those worth a look.

    Returns
    -------
    list of dict
        JSON-ready: ``name``, ``label``, ``replications``, ``leakers``, ``hits`` (columns), ``best``,
        ``typical``, ``worst`` (replications), ``threats`` (names) and ``leaked`` (per threat: up to twenty
        replications in which it leaked, and in how many it did).
    """
    return [_of_variant(name, results.label(name), results.records[name]) for name in results.variants]


def _of_variant(name: str, label: str, records: Finished) -> dict[str, Any]:
    leaked = records.arrays["threat_outcome"] == LEAKED
    leakers = leaked.sum(axis=1)
    hits = records.arrays["asset_hits"].sum(axis=1)
    order = ranked(leakers, hits)
    numbers = records.replications
    shown = slice(0, MOST_LISTED)
    return {
        "name": name,
        "label": label,
        "replications": numbers[shown].tolist(),
        "leakers": leakers[shown].tolist(),
        "hits": hits[shown].astype(int).tolist(),
        "finished": int(numbers.size),
        "best": int(numbers[order[0]]),
        "typical": int(numbers[order[(order.size - 1) // 2]]),
        "worst": int(numbers[order[-1]]),
        "threats": list(records.labels["threat"]),
        "leaked": [
            {"times": int(mine.sum()), "replications": numbers[mine][:20].tolist()} for mine in leaked.T
        ],
    }


def ranked(leakers: NDArray[Any], hits: NDArray[Any]) -> NDArray[np.intp]:
    """Rows from the fewest leakers to the most; among equals by hits, then by number."""
    return np.lexsort((np.arange(leakers.size), hits, leakers))
