"""Which track belongs to which true object, sampled at certain times.

A track belongs to the object nearest to it, within a cut-off distance, from the first of `confirm` samples in a row at
which that is so until `end` samples in a row at which it is not: one track has at most one object, one object may have
several tracks. As Stone Soup's ``TrackToTruth`` does it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kalkan.arrays import F8, I8


class Truth(NamedTuple):
    """True objects, sampled at certain times.

    Attributes
    ----------
    t_s : array (T,)
        When [s], ascending.
    x : array (T, N, 6)
        Position [m] and velocity [m/s] in any frame, the tracks' too.
    present : bool array (T, N)
        Whether the object counts then: it exists, and where the picture should have it.
    """

    t_s: F8
    x: F8
    present: NDArray[np.bool_]


class Tracks(NamedTuple):
    """Tracks, sampled at the same times: one row for each track at each of them.

    Attributes
    ----------
    when : int array (n,)
        Index of the time.
    track : int array (n,)
        The track's number.
    x : array (n, 6)
        Its state then [m, m/s].
    """

    when: I8
    track: I8
    x: F8


class Belonging(NamedTuple):
    """A track belongs to an object from one sample to another, both included."""

    track: int
    truth: int
    first: int
    last: int


def nearest(truth: Truth, tracks: Tracks, cut_off_m: float) -> I8:
    """The object nearest to each row of the tracks, nearer than the cut-off [m]; -1: none."""
    found = np.full(len(tracks.when), -1)
    for k in range(len(truth.t_s)):
        rows, there = np.flatnonzero(tracks.when == k), np.flatnonzero(truth.present[k])
        if rows.size and there.size:
            d = distances(tracks.x[rows], truth.x[k, there])
            best = d.argmin(axis=1)
            found[rows] = np.where(d[np.arange(rows.size), best] < cut_off_m, there[best], -1)
    return found


def distances(a: F8, b: F8) -> F8:
    """Distances [m] of all positions of `a` (n, >= 3) from all of `b` (m, >= 3), (n, m)."""
    return np.asarray(np.linalg.norm(a[:, None, :3] - b[None, :, :3], axis=-1), np.float64)


def belongings(truth: Truth, tracks: Tracks, cut_off_m: float, confirm: int, end: int) -> list[Belonging]:
    """Every stretch of time in which a track belongs to an object, track by track."""
    near, order = nearest(truth, tracks, cut_off_m), np.lexsort((tracks.when, tracks.track))
    found: list[Belonging] = []
    for number in np.unique(tracks.track):
        rows = order[tracks.track[order] == number]
        found += _of_one(int(number), list(zip(tracks.when[rows].tolist(), near[rows].tolist(), strict=True)),
                         confirm, end)  # fmt: skip
    return found


def _of_one(track: int, samples: list[tuple[int, int]], confirm: int, end: int) -> Iterator[Belonging]:
    """The stretches of one track from its samples (time, nearest object).

    As in Stone Soup, misses are forgotten by a match alone, and an object that was nearest once remains a candidate
    while the track goes back to its own.
    """
    current = candidate = -1
    first = last = since = in_a_row = misses = 0
    for k, seen in samples:
        if current >= 0 and seen == current:
            last, misses = k, 0
            continue
        if seen < 0 and current < 0:
            candidate, in_a_row = -1, 0
        elif seen == candidate and seen >= 0:
            in_a_row += 1
        else:
            candidate, since, in_a_row = seen, k, 1
        if current >= 0:
            misses += 1
            if misses < end:
                continue
            yield Belonging(track, current, first, last)
            current = -1
        if in_a_row >= confirm and candidate >= 0:
            current, first, last = candidate, since, k
            candidate, in_a_row = -1, 0
    if current >= 0:
        yield Belonging(track, current, first, last)
