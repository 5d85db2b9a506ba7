"""How good a picture is against the truth: GOSPA, OSPA, and the measures of a single integrated air picture (SIAP).

All take the truth and the tracks sampled at the same times (``belonging.Truth``, ``belonging.Tracks``) and give
labelled arrays with units. Distances are of positions in three dimensions.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import xarray as xr
from scipy.optimize import linear_sum_assignment

from kalkan.arrays import F8
from kalkan.tracking.belonging import Belonging, Tracks, Truth, belongings, distances

__all__ = ["Tracks", "Truth", "gospa", "ospa", "siap"]
CUT_OFF_M = 1000.0  # default: further from an object than this, a track does not tell of it [m]


def gospa(truth: Truth, tracks: Tracks, *, cut_off_m: float = CUT_OFF_M, order: float = 2.0) -> xr.Dataset:
    """Generalised optimal sub-pattern assignment with α = 2, time by time, and its parts.

    Rahmathullah, García-Fernández & Svensson, "Generalized optimal sub-pattern assignment metric", FUSION 2017,
    arXiv:1601.05585, eq. (1) and proposition 1: of all assignments of tracks to objects the one for which the sum of
    d**p over pairs nearer than c, and of c**p / 2 for each missed object and each false track, is least.

    Parameters
    ----------
    truth : Truth
    tracks : Tracks
    cut_off_m : float
        c [m]: no pair is further apart.
    order : float
        p, 1 at least.

    Returns
    -------
    xarray.Dataset
        By ``time`` [s]: ``gospa`` [m], ``localisation`` (the pairs' sum of d**p to the power 1/p) [m],
        ``missed`` objects, ``false`` tracks [1]. ``attrs["mean"]`` is the mean of ``gospa`` [m].
    """
    rows = []
    for d in _distances_by_time(truth, tracks):
        pair = d[_assigned(np.minimum(d, cut_off_m) ** order)]
        pair = pair[pair < cut_off_m]
        missed, false = d.shape[1] - pair.size, d.shape[0] - pair.size
        near = float((pair**order).sum())
        whole = near + 0.5 * cut_off_m**order * (missed + false)
        rows.append((whole ** (1.0 / order), near ** (1.0 / order), missed, false))
    names = (("gospa", "m"), ("localisation", "m"), ("missed", "1"), ("false", "1"))
    return _by_time(truth, names, rows, {"cut_off_m": cut_off_m, "order": order})


def ospa(truth: Truth, tracks: Tracks, *, cut_off_m: float = CUT_OFF_M, order: float = 2.0) -> xr.Dataset:
    """Optimal sub-pattern assignment, time by time.

    Schuhmacher, Vo & Vo, "A consistent metric for performance evaluation of multi-object filters", IEEE Transactions
    on Signal Processing 56, 2008, doi:10.1109/TSP.2008.920469, eq. (3): the mean over the larger of the two sets of
    min(d, c)**p, c where there is no partner, to the power 1/p; 0 where both are empty.

    Parameters
    ----------
    truth, tracks, cut_off_m, order
        As of :func:`gospa`.

    Returns
    -------
    xarray.Dataset
        By ``time`` [s]: ``ospa`` [m]. ``attrs["mean"]`` is its mean [m].
    """
    rows = []
    for d in _distances_by_time(truth, tracks):
        cost = np.minimum(d, cut_off_m) ** order
        whole = cost[_assigned(cost)].sum() + cut_off_m**order * abs(d.shape[0] - d.shape[1])
        rows.append(((float(whole) / max(*d.shape, 1)) ** (1.0 / order),))
    return _by_time(truth, (("ospa", "m"),), rows, {"cut_off_m": cut_off_m, "order": order})


def siap(
    truth: Truth, tracks: Tracks, *, cut_off_m: float = CUT_OFF_M, confirm: int = 3, end: int = 2
) -> xr.Dataset:
    """Measures of a single integrated air picture, over the whole time.

    Votruba et al., "Single Integrated Air Picture (SIAP) Metrics Implementation", SIAP System Engineering Task Force,
    2001, as Stone Soup's ``SIAPMetrics`` computes them. Which track belongs to which object: ``belonging``.

    Parameters
    ----------
    truth, tracks, cut_off_m
        As of :func:`gospa`.
    confirm, end : int
        Samples in a row at which an object must be nearest for a track to belong to it, and must not be to end that.

    Returns
    -------
    xarray.Dataset
        Numbers, nan where there is nothing to divide by:

        ``completeness`` share of the objects' samples at which some track belongs to them;
        ``ambiguity`` tracks for each object that has one; ``spuriousness`` share of the tracks' samples that belong to
        no object [1]; ``position_accuracy`` [m] and ``velocity_accuracy`` [m/s], mean error of tracks that belong;
        ``longest_segment`` share of an object's time that one track belongs to it, of the track that does so longest
        [1]; ``track_number_changes`` per time tracked, with as few tracks as can cover it [1/s].
    """
    stretches = belongings(truth, tracks, cut_off_m, confirm, end)
    row = {(int(n), int(k)): i for i, (n, k) in enumerate(zip(tracks.track, tracks.when, strict=True))}
    tracked, owned = np.zeros(truth.present.shape, bool), np.zeros(len(tracks.when), bool)
    errors: list[tuple[float, float]] = []
    for b in stretches:
        for k in range(b.first, b.last + 1):
            if (i := row.get((b.track, k))) is not None and truth.present[k, b.truth]:
                off = tracks.x[i] - truth.x[k, b.truth]
                errors.append((float(np.linalg.norm(off[:3])), float(np.linalg.norm(off[3:]))))
                tracked[k, b.truth], owned[i] = True, True
    lived, longest, changes, held = np.sum([
        _continuity(truth, j, [b for b in stretches if b.truth == j]) for j in range(truth.present.shape[1])
    ] or [(0.0, 0.0, 0.0, 0.0)], axis=0)  # fmt: skip
    n_owned, n_tracks = int(owned.sum()), len(tracks.when)
    off_m, off_m_s = np.sum(errors or [(0.0, 0.0)], axis=0)
    found = {
        "completeness": (tracked.sum(), truth.present.sum(), "1"), "ambiguity": (n_owned, tracked.sum(), "1"),
        "spuriousness": (n_tracks - n_owned, n_tracks, "1"), "position_accuracy": (off_m, n_owned, "m"),
        "velocity_accuracy": (off_m_s, n_owned, "m/s"), "longest_segment": (longest, lived, "1"),
        "track_number_changes": (changes, held, "1/s"),
    }  # fmt: skip
    values = {name: ((), _share(over, of), {"units": unit}) for name, (over, of, unit) in found.items()}
    return xr.Dataset(values, attrs={"cut_off_m": cut_off_m, "confirm": confirm, "end": end})


def _share(over: float, of: float) -> float:
    return float(over) / float(of) if of else float("nan")


def _distances_by_time(truth: Truth, tracks: Tracks) -> Iterator[F8]:
    """Distances (tracks, objects) [m] at each time."""
    for k in range(len(truth.t_s)):
        yield distances(tracks.x[tracks.when == k], truth.x[k, truth.present[k]])


def _assigned(cost: F8) -> tuple[Any, Any]:
    """Rows and columns of the cheapest assignment of the smaller side to the larger."""
    return tuple(linear_sum_assignment(cost))


def _by_time(truth: Truth, names: Any, rows: list[Any], attrs: dict[str, float]) -> xr.Dataset:
    """A dataset over time; the mean of its first variable among the attributes."""
    columns = np.array(rows, np.float64).reshape(len(truth.t_s), len(names)).T
    data = {name: ("time", c, {"units": unit}) for (name, unit), c in zip(names, columns, strict=True)}
    mean = float(columns[0].mean()) if columns.size else float("nan")
    return xr.Dataset(data, {"time": ("time", truth.t_s, {"units": "s"})}, attrs | {"mean": mean})


def _continuity(truth: Truth, j: int, mine: list[Belonging]) -> tuple[float, float, float, float]:
    """Of one object: lifetime, longest time that one track belongs to it, changes of track, time tracked [s]."""
    t, there = truth.t_s, np.flatnonzero(truth.present[:, j])
    if not there.size:
        return 0.0, 0.0, 0.0, 0.0
    by_track: dict[int, float] = {}
    for b in mine:
        by_track[b.track] = by_track.get(b.track, 0.0) + float(t[b.last] - t[b.first])
    held = sum(
        float(t[b] - t[a]) for a, b in pairwise(there)
        if any(m.first <= a and b <= m.last for m in mine)
    )  # fmt: skip
    changes = max(_fewest(mine, len(t)) - 1, 0)
    return float(t[there[-1]] - t[there[0]]), max(by_track.values(), default=0.0), changes, held


def _fewest(mine: list[Belonging], n: int) -> int:
    """Fewest tracks that cover the samples at which some track belongs to the object: always the one that lasts."""
    number, k = 0, 0
    while k < n:
        last = max((b.last for b in mine if b.first <= k <= b.last), default=-1)
        number += last >= 0
        k = max(last, k) + 1
    return number
