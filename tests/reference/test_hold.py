"""The chance that a hold lasts, against the closed form of a consecutive-k-out-of-n system."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from scipy import stats

from kalkan.physics import chance_of_hold, chance_within


def no_run_of(k: int, n: int, q: float) -> float:
    """De Moivre's closed form, in exact fractions: no k failures in a row in n trials that fail with probability q."""
    fails = Fraction(q)

    def total(n: int) -> Fraction:
        terms = [j for j in range(n // k + 1) if n - j * k >= j]
        return sum(((-1) ** j * math.comb(n - j * k, j) * ((1 - fails) * fails**k) ** j for j in terms), Fraction(0))

    return float(total(n) - (fails**k * total(n - k) if n >= k else 0))


@pytest.mark.parametrize("k", [1, 2, 3, 5, 8])
@pytest.mark.parametrize("q", [0.02, 0.3, 0.5, 0.8])
def test_a_hold_lasts_as_de_moivre_says(k: int, q: float) -> None:
    """Chance that no run of k misses occurs in 1 to 120 looks, to 1e-10.

    Against: closed form: de Moivre's reliability of a consecutive-k-out-of-n system.
    """
    for n in (1, k, k + 1, 20, 60, 120):
        assert chance_of_hold(np.full(n, 1.0 - q), k) == pytest.approx(no_run_of(k, n, q), abs=1e-10)


def test_looks_of_different_chances_by_enumeration() -> None:
    """Every sequence of hits and misses of eight looks with chances of their own, to 1e-12.

    Against: brute force: the sum over all 256 sequences.
    """
    p = np.array([0.9, 0.2, 0.5, 0.7, 0.1, 0.4, 0.8, 0.3])
    total = 0.0
    for word in range(256):
        hits = [(word >> i) & 1 for i in range(8)]
        if "000" not in "".join(map(str, hits)):
            total += math.prod(p[i] if hit else 1.0 - p[i] for i, hit in enumerate(hits))
    assert chance_of_hold(p, 3) == pytest.approx(total, abs=1e-12)


@pytest.mark.parametrize("sigma_m", [30.0, 300.0, 1000.0, 4000.0])
def test_an_error_within_the_basket_follows_maxwell(sigma_m: float) -> None:
    """Chance that a three-dimensional normal error is shorter than 1 km, to 1e-12.

    Against: program: scipy.stats.maxwell.
    """
    assert chance_within(1000.0, sigma_m) == pytest.approx(stats.maxwell.cdf(1000.0, scale=sigma_m), abs=1e-12)
