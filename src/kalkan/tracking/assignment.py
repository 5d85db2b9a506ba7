"""Optimal assignment of rows to columns on a sparse list of allowed pairs.

Shortest augmenting paths with prices (Jonker & Volgenant 1987, doi:10.1007/BF02278710): rows
first take their cheapest column where it is free, the others are inserted one by one. Every row
may also stay alone at cost 0, so pairs are worth taking only where their cost is negative: the
caller subtracts the price of staying alone. The search touches only columns that can be
reached, so many small clusters cost little.
"""

from __future__ import annotations

import math

from kalkan.arrays import F8, I8
from kalkan.jit import kernel
from kalkan.tracking.tables import Assignment


@kernel
def sort_by(key: F8, order: I8, n: int) -> None:
    """Shell sort: `order[:n]` becomes the indices of `key[:n]` in ascending, stable order."""
    for i in range(n):
        order[i] = i
    gap = 1
    while gap < n // 3:
        gap = 3 * gap + 1
    while gap > 0:
        for i in range(gap, n):
            v = order[i]
            k = key[v]
            j = i
            while j >= gap and (key[order[j - gap]] > k or (key[order[j - gap]] == k and order[j - gap] > v)):
                order[j] = order[j - gap]
                j -= gap
            order[j] = v
        gap //= 3


@kernel
def solve(a: Assignment, n_rows: int, n_columns: int) -> None:
    """Minimise the sum of costs; the answer is ``a.rows.column`` (-1: the row stays alone).

    Parameters
    ----------
    a : Assignment
        Pairs of row i are ``rows.first[i]:rows.first[i + 1]``, each with a column and a cost.
    n_rows, n_columns : int
    """
    for j in range(n_columns):
        a.columns.row[j] = -1
        a.columns.price[j] = 0.0
        a.columns.distance[j] = math.inf
        a.columns.settled[j] = False
    for i in range(n_rows):
        _take_best(a, i)
    for i in range(n_rows):
        if a.rows.column[i] < 0 and a.rows.first[i] < a.rows.first[i + 1]:
            _insert(a, i)


@kernel
def _take_best(a: Assignment, i: int) -> None:
    """Start: row `i` takes its cheapest column if that is free and worth it, at the price of its cost."""
    a.rows.column[i] = -1
    a.rows.price[i] = 0.0
    best, least = -1, 0.0
    for e in range(a.rows.first[i], a.rows.first[i + 1]):
        if a.pairs.cost[e] < least:
            best, least = a.pairs.column[e], a.pairs.cost[e]
    if best >= 0 and a.columns.row[best] < 0:
        a.rows.column[i] = best
        a.rows.price[i] = least
        a.columns.row[best] = i


@kernel
def _insert(a: Assignment, start: int) -> None:
    """Give row `start` its place by one shortest augmenting path (Dijkstra over reduced costs)."""
    n_touched = 0
    alone = -a.rows.price[start]  # distance at which the path may end by leaving a row alone
    alone_row = start
    row, here = start, 0.0
    end = -1
    while True:
        for e in range(a.rows.first[row], a.rows.first[row + 1]):
            j = a.pairs.column[e]
            if a.columns.settled[j]:
                continue
            d = here + a.pairs.cost[e] - a.rows.price[row] - a.columns.price[j]
            if d < a.columns.distance[j]:
                if a.columns.distance[j] == math.inf:
                    a.columns.touched[n_touched] = j
                    n_touched += 1
                a.columns.distance[j] = d
                a.columns.came_from[j] = row
        best = -1
        for k in range(n_touched):
            j = a.columns.touched[k]
            if not a.columns.settled[j] and (best < 0 or a.columns.distance[j] < a.columns.distance[best]):
                best = j
        if best < 0 or a.columns.distance[best] >= alone:
            break
        a.columns.settled[best] = True
        if a.columns.row[best] < 0:
            end = best
            alone = a.columns.distance[best]
            break
        row, here = a.columns.row[best], a.columns.distance[best]
        if here - a.rows.price[row] < alone:
            alone = here - a.rows.price[row]
            alone_row = row
    _reprice(a, start, alone, n_touched)
    _augment(a, start, end, alone_row)


@kernel
def _reprice(a: Assignment, start: int, length: float, n_touched: int) -> None:
    """Keep reduced costs non-negative after a path of the given length; forget the search."""
    a.rows.price[start] += length
    for k in range(n_touched):
        j = a.columns.touched[k]
        if a.columns.settled[j]:
            if a.columns.row[j] >= 0:
                a.rows.price[a.columns.row[j]] += length - a.columns.distance[j]
            a.columns.price[j] -= length - a.columns.distance[j]
            a.columns.settled[j] = False
        a.columns.distance[j] = math.inf


@kernel
def _augment(a: Assignment, start: int, end: int, alone_row: int) -> None:
    """Flip the path back from column `end`, or from the row that is left alone."""
    column = end
    if column < 0:
        if alone_row == start:
            return
        column = a.rows.column[alone_row]
        a.rows.column[alone_row] = -1
    while True:
        row = a.columns.came_from[column]
        previous = a.rows.column[row]
        a.rows.column[row] = column
        a.columns.row[column] = row
        if row == start:
            return
        column = previous
