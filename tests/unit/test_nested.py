"""Nested variance against a model with a known answer, the best split, and who drives the spread."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kalkan.results.nested import ALL, best_inner, between_error, nested
from kalkan.studies.drivers import drivers
from kalkan.views.studies.propagation import FIRST, clear, driven_by

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
    assert {f.share for f in normal} == {0.9}
    assert np.mean([(f.high - f.low) / 2.0 for f in normal]) == pytest.approx(1.645 * A, rel=0.04)
    only_chance = nested(random.normal(0.0, SIGMA, (400, 4)))
    assert (only_chance.high - only_chance.low) / 2.0 < 0.3 * SIGMA  # the draws' means alone spread by 0.82 SIGMA


def test_two_studies_agree_within_their_intervals() -> None:
    """Means of 48 draws × 8 and of 256 draws × 16 differ by less than both intervals together allow, in 95 % of pairs
    of studies; by less than what more replications of the same draws would narrow, in far fewer.

    Against: brute force: 2000 pairs of studies of a skewed world.
    """
    random = np.random.default_rng(8)

    def study(k: int, n: int) -> tuple[float, float, float]:
        world = 6.0 * random.beta(0.5, 1.0, (k, 1)) ** 2  # of a difference of leakers, most draws near none
        found = nested(world + random.normal(0.0, 2.0, (k, n)))
        return found.mean, found.known.reach, found.chance

    pairs = [(study(48, 8), study(256, 16)) for _ in range(2000)]
    apart = np.array([abs(a[0] - b[0]) for a, b in pairs])
    allowed, chance = (np.array([np.hypot(a[i], b[i]) for a, b in pairs]) for i in (1, 2))
    assert (apart <= allowed).mean() >= 0.95 - 3.0 * math.sqrt(0.95 * 0.05 / 2000)
    assert (apart <= chance).mean() < 0.75


def test_quantiles_have_errors_and_stay_within_what_is_possible() -> None:
    """Quantiles of shares lie between 0 and 1; their own intervals hold the true quantile as often as they say.

    Against: closed form: the quantile of a uniform distribution.
    """
    random = np.random.default_rng(9)
    covered = 0
    for _ in range(300):
        p = random.uniform(0.0, 1.0, (64, 1))
        found = nested((random.random((64, 16)) < p).astype(float), least=0.0, most=1.0)
        assert 0.0 <= found.low <= found.high <= 1.0
        assert 0.0 <= found.known.low <= found.known.high <= 1.0
        covered += abs(found.low - 0.05) <= 2.0 * found.low_error
    assert covered >= 0.9 * 300
    assert [nested(random.random((k, 2))).share for k in (4, 8, 19, 20)] == [ALL, ALL, ALL, 0.9]


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
    assert best.names == ("q7",) and best.share > 0.8 and best.p < 0.01 and best.first >= 0.9
    assert second.p > 0.05
    lucky = [drivers(random.normal(0.0, 1.0, (k, 16)), names, ranks)[0].p for _ in range(20)]
    assert np.mean(np.array(lucky) < 0.05) < 0.2


def test_of_two_equal_drivers_neither_is_first_nearly_always() -> None:
    """Two quantities drive alike: both are clear of luck, and resamples of the draws do not agree on the first."""
    random = np.random.default_rng(7)
    k = 96
    ranks = np.array([random.permutation(k) + 1.0 for _ in range(40)])
    outcomes = 0.1 * (ranks[3] + ranks[4])[:, None] + random.normal(0.0, 1.0, (k, 16))
    a, b, *_ = drivers(outcomes, [(f"q{i}",) for i in range(40)], ranks)
    assert {a.names, b.names} == {("q3",), ("q4",)} and max(a.p, b.p) < 0.01
    assert max(a.first, b.first) < FIRST and a.first + b.first > 0.95
    told = [{"quantities": list(d.names), "share": d.share, "p": d.p, "first": d.first} for d in (a, b)]
    assert clear(told) is None and driven_by(told, k).startswith("no single claim stands out")
    told[0]["first"] = 0.95
    assert driven_by(told, k) == f"driven most by {a.names[0]} ({100 * a.share:.0f} %)"


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
