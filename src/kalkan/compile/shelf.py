"""The horizon tables of a plan in one array, each once; the plans of one draw share the array.

Two systems on one place have one horizon, and so have the variants of a draw: 18 MB a table are worth
making and keeping once. What a plan finds at its antennas' places in the array is the same either way.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Mapping

import numpy as np

from kalkan.arrays import F4
from kalkan.earth.heights import Between
from kalkan.earth.horizon import HorizonTable

ROOM = 4  # times what the first plan of a draw needs; pages that nobody writes cost nothing
KeptTable = HorizonTable | Between
Make = Callable[[], KeptTable]


class Shelf:
    """An array with tables one behind the other, found by what they depend on.

    Parameters
    ----------
    size : int
        Room in the array.
    """

    def __init__(self, size: int) -> None:
        self._array = np.empty(size, np.float32)
        self._end = 0
        self._first: dict[Hashable, int] = {}

    def __contains__(self, key: Hashable) -> bool:
        return key in self._first

    def fits(self, tables: Mapping[Hashable, KeptTable]) -> bool:
        """Whether there is room for tables that are not there yet."""
        return self._end + sum(_size(t) for t in tables.values()) <= self._array.size

    def put(self, tables: Mapping[Hashable, KeptTable]) -> None:
        """Write tables behind those that are there."""
        for key, table in tables.items():
            part = self._array[self._end : self._end + _size(table)].reshape(table.n_az, table.n_rng)
            if isinstance(table, Between):
                table.write(part)
            else:
                part[:] = table.tan_max
            self._first[key], self._end = self._end, self._end + _size(table)

    def found(self, keys: list[Hashable]) -> tuple[F4, list[int]]:
        """All that is written, and where the tables of some keys begin in it."""
        return self._array[: self._end], [self._first[k] for k in keys]


class Shelves:
    """Shelves for plans that are made one after the other: those of one draw share theirs."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._draw, self._shelf = "", Shelf(0)  # the latest

    def together(
        self, tables: Mapping[Hashable, KeptTable], keys: list[Hashable], draw: str
    ) -> tuple[F4, list[int]]:
        """Tables in one array, and where each antenna's begins.

        Parameters
        ----------
        tables : mapping
            Horizon tables by what they depend on.
        keys : list
            Of every antenna.
        draw : str
            Name of the draw whose plans share an array; ``""``: the plan has its own.
        """
        need = sum(_size(t) for t in tables.values())
        if not draw:
            own = Shelf(need)
            own.put(tables)
            return own.found(keys)
        with self._lock:
            if self._draw != draw or not self._shelf.fits(self._missing(tables)):
                self._draw, self._shelf = draw, Shelf(ROOM * need)
            self._shelf.put(self._missing(tables))
            return self._shelf.found(keys)

    def _missing(self, tables: Mapping[Hashable, KeptTable]) -> dict[Hashable, KeptTable]:
        return {k: t for k, t in tables.items() if k not in self._shelf}


def _size(table: KeptTable) -> int:
    return table.n_az * table.n_rng
