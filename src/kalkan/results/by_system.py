"""What each fire unit, radar and post did: one number per replication, as in ``results.measures``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from kalkan.results.quantity import MEAN, Finished, Quantity, count


class Each(NamedTuple):
    """A variable of the schema that is told for each fire unit, radar or post.

    Attributes
    ----------
    variable, name : str
    head : str
        Of a column.
    unit : str
    """

    variable: str
    name: str
    head: str
    unit: str = "1"


OF_UNIT = (
    Each("spent", "interceptors launched", "launched"),
    Each("kills", "threats killed", "kills"),
    Each("orders", "engagements ordered", "ordered"),
    Each("not_held", "engagements not held", "not held"),
    Each("met_nothing", "interceptors that found no target", "found no target"),
    Each("channels_peak", "most target channels busy", "peak channels"),
    Each("channels_full_s", "all target channels busy", "all busy [s]", "s"),
)
OF_RADAR = (Each("plots", "plots of true objects", "plots"), Each("false_plots", "false plots", "false plots"))
OF_POST = (
    Each("tracks_confirmed", "tracks confirmed", "tracks"),
    Each("tracks_false", "false tracks", "false tracks"),
    Each("track_swaps", "track swaps", "swaps"),
    Each("tracks_merged", "tracks joined to another", "joined"),
)


def by_system(records: Finished) -> Iterable[Quantity]:
    """Keys are ``VARIABLE_of_unit/NAME``, ``..._of_radar/NAME`` and ``..._of_post/NAME``."""
    for group, told in (("unit", OF_UNIT), ("radar", OF_RADAR), ("post", OF_POST)):
        for each in told:
            yield from _each(records, each, group)


def _each(records: Finished, each: Each, group: str) -> Iterable[Quantity]:
    if each.variable not in records.arrays or not records.labels.get(group):
        return
    values = records.arrays[each.variable].astype(np.float64)
    values = values.reshape(*values.shape[:2], -1).sum(axis=2)
    for i, of in enumerate(records.labels[group]):
        key, own = f"{each.variable}_of_{group}/{of}", values[:, i]
        counted = each.unit == "1"
        yield count(key, each.name, own) if counted else Quantity(key, each.name, each.unit, MEAN, own, 0.0, 0.0)
