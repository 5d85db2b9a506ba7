"""Between and in windows: upkeep and stock of all rows of a block, moved on in compiled code."""

from __future__ import annotations

from typing import Any

from kalkan.arrays import F8
from kalkan.jit import kernel
from kalkan.kernels.random import Word
from kalkan.supply import stock, upkeep
from kalkan.supply.stock import Stock
from kalkan.supply.stores import Stores
from kalkan.supply.tables import Spells, Upkeep, UpkeepState

STEP_S = 30.0 * 86_400.0  # spells are asked for in such pieces at most [s]


@kernel
def begin_parts(
    parts: Upkeep, state: UpkeepState, stream: Word, first: int, start_s: F8, spells: Spells
) -> None:  # fmt: skip
    """Every row from when its parts came into service to its own start [s]."""
    for row in range(spells.n.size):
        upkeep.begin(parts, state, row, stream, first + row)
        upkeep.advance(parts, state, row, stream, first + row, start_s[row], start_s[row], spells)
        spells.n[row] = 0


@kernel
def move_parts(
    parts: Upkeep, state: UpkeepState, stream: Word, first: int, from_s: F8, until_s: F8, spells: Spells, out_s: F8
) -> None:
    """Every row on to its own time; in `spells` those of the whole time, or of its last piece.

    Parameters
    ----------
    from_s, until_s : array (n,)
        Where each row stands, and where it is to stand [s].
    out_s : array (n, n_part)
        Time that each part is down, to which this time's share is added, from the start of the campaign on [s].
    """
    for row in range(from_s.size):
        a_s = from_s[row]
        while True:
            b_s = min(a_s + STEP_S, until_s[row])
            spells.n[row] = 0
            upkeep.advance(parts, state, row, stream, first + row, a_s, b_s, spells)
            for k in range(spells.n[row]):
                begin_s = max(spells.entries[row, k].from_s, a_s, 0.0)
                out_s[row, spells.entries[row, k].part] += max(min(spells.entries[row, k].until_s, b_s) - begin_s, 0.0)
            if b_s >= until_s[row]:
                break
            a_s = b_s


@kernel
def retire_parts(parts: Upkeep, state: UpkeepState, gone: Any, now_s: F8) -> None:
    """Parts that are beyond repair, (n, n_part) 1 where they are, give and take no more."""
    for row in range(now_s.size):
        for i in range(gone.shape[1]):
            if gone[row, i]:
                upkeep.retire(parts, state, row, i, now_s[row])


@kernel
def begin_stock(stores: Stores, state: Stock, n: int) -> None:
    """Every row full, as at the start of the campaign."""
    for row in range(n):
        stock.begin(stores, state, row)


@kernel
def move_stock(stores: Stores, state: Stock, stream: Word, first: int, from_s: F8, until_s: F8) -> None:
    """Every row on to its own time."""
    for row in range(from_s.size):
        stock.advance(stores, state, row, stream, first + row, from_s[row], until_s[row])


@kernel
def book_stock(stores: Stores, state: Stock, fired: Any, gone: Any) -> None:
    """What each row's window launched, (n, n_unit, MAX_TYPES), and which launchers are gone, (n, n_launcher)."""
    for row in range(fired.shape[0]):
        stock.spend(state, row, fired[row])
        stock.write_off(stores, state, row, gone[row])
