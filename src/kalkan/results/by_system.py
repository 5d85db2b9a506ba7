"""What each fire unit, radar and post did: one number per replication, as in ``results.measures``."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from kalkan.results.quantity import MEAN, Finished, Quantity, count

OF_UNIT = (
    ("orders", "engagements ordered", "1"),
    ("not_held", "engagements not held", "1"),
    ("met_nothing", "interceptors that met nothing", "1"),
    ("channels_peak", "most target channels busy", "1"),
    ("channels_full_s", "all target channels busy", "s"),
)
OF_RADAR = (("plots", "plots of true objects", "1"), ("false_plots", "false plots", "1"))
OF_POST = (
    ("tracks_confirmed", "tracks confirmed", "1"),
    ("tracks_false", "false tracks", "1"),
    ("track_swaps", "track swaps", "1"),
)


def by_system(records: Finished) -> Iterable[Quantity]:
    """Keys are ``VARIABLE_of_unit/NAME``, ``..._of_radar/NAME`` and ``..._of_post/NAME``."""
    for variable, name in (("spent", "interceptors launched"), ("kills", "threats killed")):
        yield from _each(records, variable, name, "1", "unit")
    for group, variables in (("unit", OF_UNIT), ("radar", OF_RADAR), ("post", OF_POST)):
        for variable, name, unit in variables:
            yield from _each(records, variable, name, unit, group)


def _each(records: Finished, variable: str, name: str, unit: str, group: str) -> Iterable[Quantity]:
    if variable not in records.arrays or group not in records.labels:
        return
    values = records.arrays[variable].astype(np.float64)
    values = values.reshape(*values.shape[:2], -1).sum(axis=2)
    for i, of in enumerate(records.labels[group]):
        key = f"{variable}_of_{group}/{of}"
        yield count(key, name, values[:, i]) if unit == "1" else Quantity(key, name, unit, MEAN, values[:, i], 0.0, 0.0)
