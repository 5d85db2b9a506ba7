"""What became of every round: the books of a stock."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kalkan.arrays import I8
from kalkan.supply.stock import Stock
from kalkan.supply.stores import Stores, bought


class Books(NamedTuple):
    """Rounds by replication and type, each ``(n_row, n_type)``.

    ``bought + made == spent + destroyed + lost + launchers + units + stores + depots + under_way``.
    """

    bought: I8  # there at the start, at all levels
    made: I8  # that came to depots from where they are made
    spent: I8  # launched
    destroyed: I8  # on launchers that are out of action for good
    lost: I8  # with convoys
    delivered: I8  # by convoys to systems, wherever they are now
    launchers: I8  # left on launchers, or being loaded on them
    units: I8  # left in reload sets, or loose beside them
    stores: I8  # left in the systems' own stores
    depots: I8  # left in depots
    under_way: I8  # on convoys


def books(stores: Stores, state: Stock) -> Books:
    """The books of all rows of a state, as they stand now."""
    load, lines = stores.launchers["load"], stores.lines
    made = np.zeros_like(state.depots["lost"].sum(1))
    for i in range(lines.size):
        made[:, lines["type"][i]] += state.made[:, i]
    work, units = state.work, state.units
    found = Books(
        bought=np.tile(bought(stores), (len(made), 1)),
        made=made,
        spent=units["spent"].sum(1),
        destroyed=units["destroyed"].sum(1),
        lost=state.depots["lost"].sum(1),
        delivered=state.systems["delivered"].sum(1),
        launchers=(state.loaded + work["coming"]).sum(1),
        units=units["loose"].sum(1) + ((state.sets + work["sets_coming"]) * load).sum(1),
        stores=state.systems["store"].sum(1),
        depots=state.depots["rounds"].sum(1),
        under_way=state.convoys["rounds"].sum((1, 2)),
    )
    return Books(*(part[:, : stores.types] for part in found))
