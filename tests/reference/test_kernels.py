"""The loop's small parts against outside truth: random numbers, assignment, filter."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment
from scipy.special import ndtri
from scipy.stats import poisson as poisson_law

from kalkan.kernels import random
from kalkan.tracking import filtering
from kalkan.tracking.assignment import solve
from kalkan.tracking.tables import COLUMNS, PAIRS, ROWS, Assignment

DATA = Path(__file__).parent / "data"


@pytest.mark.parametrize(
    ("counter", "key", "expected"),
    [  # known answers of the Random123 distribution (kat_vectors, philox 4x32 10)
        ([0] * 4, [0] * 2, [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]),
        ([0xFFFFFFFF] * 4, [0xFFFFFFFF] * 2, [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]),
        (
            [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344],
            [0xA4093822, 0x299F31D0],
            [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1],
        ),
    ],
)
def test_philox_known_answers(counter, key, expected):
    """Philox4x32-10, word for word.

    Against: published: known answers of Random123 (kat_vectors), doi:10.1145/2063384.2063405.
    """
    assert [int(w) for w in random.philox(*(np.uint64(w) for w in counter + key))] == expected


def test_normal_quantile_and_poisson_inversion():
    """Normal quantiles from 1e-12 to 1 - 1e-9, Poisson counts by inversion.

    Against: program: scipy.special.ndtri, scipy.stats.poisson.
    """
    p = np.concatenate([np.logspace(-12, -0.31, 300), 1.0 - np.logspace(-9, -0.31, 300)])
    np.testing.assert_allclose([random.normal(x) for x in p], ndtri(p), rtol=1e-12, atol=1e-14)
    for mean in (0.1, 1.3, 9.0):
        u = np.linspace(0.001, 0.999, 200)
        assert [random.poisson(x, mean) for x in u] == poisson_law.ppf(u, mean).astype(int).tolist()


def test_assignment_equals_scipy_on_sparse_problems():
    """Least total cost of 600 sparse assignments, in which any row may stay alone.

    Against: program: scipy.optimize.linear_sum_assignment on the same problem made dense.
    """
    rng = np.random.default_rng(1)
    for _ in range(600):
        n, m = rng.integers(1, 14, 2)
        cost, allowed = rng.normal(size=(n, m)) - 0.5, rng.random((n, m)) < rng.random()
        full = np.full((n, m + n), 1e6)
        full[:, :m][allowed] = cost[allowed]
        full[np.arange(n), m + np.arange(n)] = 0.0  # staying alone
        rows, columns = linear_sum_assignment(full)
        size = int(max(n, m)) + 2
        a = Assignment(np.zeros(allowed.sum() + 1, PAIRS), np.zeros(size, ROWS), np.zeros(size, COLUMNS))
        a.rows["first"][: n + 1] = np.r_[0, np.cumsum(allowed.sum(1))]
        a.pairs["column"][:-1], a.pairs["cost"][:-1] = np.nonzero(allowed)[1], cost[allowed]
        solve(a, n, m)
        chosen = a.rows["column"][:n]
        taken = chosen[chosen >= 0]
        assert len(set(taken)) == len(taken)
        total = sum(cost[i, j] for i, j in enumerate(chosen) if j >= 0)
        assert total == pytest.approx(full[rows, columns].sum(), abs=1e-9)


@pytest.mark.parametrize("case", json.loads((DATA / "alpha_beta_kalata.json").read_text())["cases"])
def test_steady_state_gains_are_kalatas(case):
    """The filter's steady gains α and β. With a period of 1 s and measurements to 1 m the tracking index is the
    process noise [m/s²].

    Against: published: Kalata's tracking index, doi:10.1109/TAES.1984.310438; SciPy's Riccati solver agrees to
    2e-15.
    """
    index = case["tracking_index"]
    x, p, r, scratch = np.zeros(6), np.eye(6) * 1e6, np.eye(3), np.zeros((5, 3, 3))
    for _ in range(int(60 / math.sqrt(index)) + 200):
        filtering.predict(x, p, 1.0, index)
        filtering.update(x, p, np.zeros(3), r, scratch)
    # after the update, the position covariance is alpha R and the cross covariance beta R / T
    assert p[0, 0] == pytest.approx(case["expected"]["alpha"], rel=1e-6)
    assert p[0, 3] == pytest.approx(case["expected"]["beta"], rel=1e-6)
