"""Which replication to look at: the best, a typical one, the worst, or one in which a certain threat leaked."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kalkan.results import chosen
from kalkan.results.assemble import Results
from kalkan.results.quantity import Finished, Quantity
from kalkan.schema import LEAKED

MOST_LISTED = 2000  # replications whose numbers are listed one by one


def choices(results: Results) -> list[dict[str, Any]]:
    """For every variant: its replications with their leakers and hits, and those worth a look.

    Returns
    -------
    list of dict
        JSON-ready: ``name``, ``label``, ``replications``, ``leakers``, ``hits`` (columns), ``best``,
        ``typical``, ``worst`` (replications), ``threats`` (names), ``leaked`` (per threat: up to twenty
        replications in which it leaked, and in how many it did) and of a campaign ``waves`` (names with the
        column of their ``leakers``) and ``wave_of`` (per threat).
    """
    return [
        _of_variant(name, results.label(name), results.records[name], results.quantities[name])
        for name in results.variants
    ]


def _of_variant(name: str, label: str, records: Finished, quantities: dict[str, Quantity]) -> dict[str, Any]:
    leaked = records.arrays["threat_outcome"] == LEAKED
    leakers = leaked.sum(axis=1)
    hits = records.arrays["asset_hits"].sum(axis=1)
    numbers = records.replications
    shown = slice(0, MOST_LISTED)
    return {
        "name": name,
        "label": label,
        "replications": numbers[shown].tolist(),
        "leakers": leakers[shown].tolist(),
        "hits": hits[shown].astype(int).tolist(),
        "finished": int(numbers.size),
        **chosen.numbers(quantities, numbers),
        "threats": list(records.labels["threat"]),
        "leaked": [
            {"times": int(mine.sum()), "replications": numbers[mine][:20].tolist()} for mine in leaked.T
        ],
        **_of_waves(records, leaked[shown]),
    }


def _of_waves(records: Finished, leaked: NDArray[np.bool_]) -> dict[str, Any]:
    """Waves of a campaign, each with its leakers in every replication, and the wave of each threat."""
    of = np.asarray(records.attrs.get("threat_wave", ()))
    waves = records.labels.get("wave", []) if of.size else []
    counts = [{"name": w, "leakers": leaked[:, of == w].sum(axis=1).tolist()} for w in waves]
    return {"waves": counts, "wave_of": of.tolist()}
