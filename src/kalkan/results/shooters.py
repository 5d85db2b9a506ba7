"""Who shot what at what range: fire units against types of air vehicle, one number per replication."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from kalkan.results.quantity import Finished, Quantity, count, entry_name, ratio
from kalkan.schema import KILLED

SHOT, RANGE, MET, KILLS = "first_shot_by", "first_shot_range_by", "first_met_range_by", "killed_by"


def shooters(records: Finished) -> Iterable[Quantity]:
    """Keys are ``WHAT/UNIT/TYPE``: hostile vehicles that a unit was the first to shoot at, how far off they were
    then [m], how far off those were that its interceptors met first [m], and those that it killed.
    """
    attrs, arrays = records.attrs, records.arrays
    if "threat_type" not in attrs or "threat_first_launch_unit" not in arrays or "unit" not in records.labels:
        return
    types, hostile = np.asarray(attrs["threat_type"]), records.of_side()
    for kind in dict.fromkeys(types[hostile].tolist()):
        mine = (types == kind) & hostile
        killed = arrays["threat_outcome"][:, mine] == KILLED
        for u, unit in enumerate(records.labels["unit"]):
            ending, name = f"/{unit}/{kind}", f"{unit} at {entry_name(attrs, kind)}"
            first = arrays["threat_first_launch_unit"][:, mine] == u
            met = arrays["threat_first_intercept_unit"][:, mine] == u
            yield count(SHOT + ending, name, _per_run(first))
            yield ratio(RANGE + ending, name, "m", _over(arrays["threat_first_launch_range_m"][:, mine], first),
                        _per_run(first))  # fmt: skip
            yield ratio(MET + ending, name, "m", _over(arrays["threat_first_intercept_range_m"][:, mine], met),
                        _per_run(met))  # fmt: skip
            yield count(KILLS + ending, name, _per_run(killed & (arrays["threat_killer"][:, mine] == u)))


def _per_run(which: np.ndarray) -> np.ndarray:
    """How many of each replication."""
    total: np.ndarray = which.sum(axis=1).astype(np.float64)
    return total


def _over(values: np.ndarray, which: np.ndarray) -> np.ndarray:
    """Sum of each replication over some."""
    return np.where(which, np.nan_to_num(values.astype(np.float64)), 0.0).sum(axis=1)
