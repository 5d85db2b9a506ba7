"""Nested variance against a model with a known answer, the best split, and who drives the spread."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kalkan.results.drivers import drivers
from kalkan.results.nested import best_inner, between_error, nested

A, SIGMA = 3.0, 5.0  # y = A * x + SIGMA * chance, x uniform on (-1, 1): between = A²/3, within = SIGMA²


def _model(random: np.random.Generator, k: int, n: int) -> np.ndarray:
    return A * random.uniform(-1.0, 1.0, (k, 1)) + random.normal(0.0, SIGMA, (k, n))


def test_variance_of_the_conditional_mean_is_unbiased() -> None:
    """Variance between draws of what is not known, with chance taken out, within three standard errors.

    Against: closed form: a model whose variances are known.
    """
    random = np.random.default_rng(1)
    found = [nested(_model(random, 24, 8)) for _ in range(4000)]
    between = np.array([f.between for f in found])
    assert between.mean() == pytest.approx(A**2 / 3.0, abs=3.0 * between.std() / math.sqrt(between.size))
    naive = np.mean([f.between + f.within / 8 for f in found])
    assert naive > A**2 / 3.0 + 2.5, "the variance of the draws' means alone is too large by within / n"
    within = np.array([f.within for f in found])
    assert within.mean() == pytest.approx(SIGMA**2, abs=3.0 * within.std() / math.sqrt(within.size))


def test_intervals_of_both_loops_cover() -> None:
    """Intervals for chance and for what is not known cover as often as they say.

    Against: brute force: 3000 studies of a model with known answers.
    """
    random = np.random.default_rng(2)
    covered = chance = 0
    for _ in range(3000):
        x = random.uniform(-1.0, 1.0, (30, 1))
        found = nested(A * x + random.normal(0.0, SIGMA, (30, 6)))
        covered += found.known.low <= 0.0 <= found.known.high
        chance += abs(found.mean - A * x.mean()) <= found.chance  # the same draws, more replications
    error = 3.0 * math.sqrt(0.95 * 0.05 / 3000)
    assert covered / 3000 == pytest.approx(0.95, abs=error)
    assert chance / 3000 == pytest.approx(0.95, abs=error)


def test_chance_is_taken_out_of_what_is_not_known() -> None:
    """What is not known is told apart from chance.

    Against: closed form: normal quantiles.
    """
    random = np.random.default_rng(3)
    normal = [nested(random.normal(0.0, A, (400, 1)) + random.normal(0.0, SIGMA, (400, 4))) for _ in range(40)]
    assert np.mean([f.unknown for f in normal]) == pytest.approx(1.96 * A, rel=0.04)
    only_chance = nested(random.normal(0.0, SIGMA, (400, 4)))
    assert only_chance.unknown < 0.35 * SIGMA  # the draws' means alone spread by 0.98 SIGMA


def test_error_of_the_estimate_and_the_best_split() -> None:
    random = np.random.default_rng(4)
    between, within = 4.0, 25.0
    spread = np.std(
        [nested(random.normal(0, 2, (40, 1)) + random.normal(0, 5, (40, 8))).between for _ in range(3000)]
    )
    assert between_error(between, within, 40, 8) == pytest.approx(spread, rel=0.05)
    budget = 1000.0
    for overhead in (0.0, 5.0):
        n = best_inner(between, within, overhead, budget)
        errors = {m: between_error(between, within, budget / (m + overhead), m) for m in (n - 1, n, n + 1) if m > 1}
        assert min(errors, key=errors.get) == n
    assert best_inner(between, within, 5.0, budget) > best_inner(between, within, 0.0, budget)
    assert best_inner(between, within, 0.0, 1e3) == pytest.approx(best_inner(between, within, 0.0, 1e5), abs=1)


@pytest.mark.parametrize("shape", [(1, 5), (5, 1)])
def test_too_small(shape: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="two draws"):
        nested(np.zeros(shape))


def test_the_driver_is_found_and_luck_is_told() -> None:
    random = np.random.default_rng(5)
    k = 64
    ranks = np.array([random.permutation(k) + 1.0 for _ in range(100)])
    names = [(f"q{i}",) for i in range(100)]
    noise = random.normal(0.0, 1.0, (k, 16))
    driven = 0.1 * ranks[7][:, None] + noise
    best, second, *_ = drivers(driven, names, ranks)
    assert best.names == ("q7",) and best.share > 0.8 and best.p < 0.01
    assert second.p > 0.05
    lucky = [drivers(random.normal(0.0, 1.0, (k, 16)), names, ranks)[0].p for _ in range(20)]
    assert np.mean(np.array(lucky) < 0.05) < 0.2


def test_an_effect_that_turns_is_found_and_shares_are_those_of_the_variance() -> None:
    """Shares of the variance, for y = bent(a) + line(b) + c·d: the first two explain 4/9 and 4/9 alone, the
    product 1/9 only together.

    Against: closed form: decomposition of the variance.
    """
    random = np.random.default_rng(6)
    k, shares = 128, []
    for _ in range(40):
        columns = np.array([random.permutation(k) + 0.5 for _ in range(30)]) / k
        a, b, c, d = math.sqrt(12.0) * (columns[:4] - 0.5)
        bent = (a**2 - 1.0) / math.sqrt(4.0 / 5.0)
        outcomes = (2.0 * bent + 2.0 * b + c * d)[:, None] + random.normal(0.0, 1.0, (k, 16))
        found = drivers(outcomes, [(f"q{i}",) for i in range(30)], columns)
        assert {f.names[0] for f in found[:2]} == {"q0", "q1"} and found[1].p < 0.01
        by_name = {f.names[0]: f.share for f in found}
        shares.append([by_name[f"q{i}"] for i in range(30)])
    mean = np.mean(shares, axis=0)
    assert mean[:2] == pytest.approx(4.0 / 9.0, abs=0.05)  # ranks bend the shares a little
    assert mean[2:].max() < 0.03
