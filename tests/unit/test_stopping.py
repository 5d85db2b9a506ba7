"""Sequential stopping: the coverage that is promised, the same replications as a fixed run, and resuming."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import numpy as np
import pytest

from kalkan.engine.run import run_study
from kalkan.engine.stopping import FIRST, excess_of, looks, next_size
from kalkan.errors import ProblemsError
from kalkan.results.assemble import load_records
from kalkan.results.intervals import mean_interval
from kalkan.studies.until import half_widths, read_until, run_until
from tests.unit import toy_engine

SIMULATED, MC_ERROR = 3000, 3.0 * math.sqrt(0.95 * 0.05 / 3000)


def _distributions(random: np.random.Generator) -> dict:
    """Differences, counts and waits: draw n values; mean; standard deviation."""
    return {
        "normal": (lambda n: random.normal(0.0, 1.0, n), 0.0, 1.0),
        "paired counts": (lambda n: random.poisson(3.0, n) - random.binomial(10, 0.6, n), -3.0, math.sqrt(5.4)),
        "rare counts": (lambda n: random.poisson(0.2, n).astype(float), 0.2, math.sqrt(0.2)),
        "exponential": (lambda n: random.exponential(1.0, n), 1.0, 1.0),
    }


@pytest.mark.parametrize("name", ["normal", "paired counts", "rare counts", "exponential"])
def test_fixed_width_interval_covers_under_sequential_looking(name: str) -> None:
    """A run that stops when its interval is narrow enough keeps its nominal 95 %, within Monte-Carlo error; the
    mean plus or minus what was wanted.

    Against: brute force: coverage under the looking itself; theory in doi:10.1214/aoms/1177700156.
    """
    draw, mean, sd = _distributions(np.random.default_rng(7))[name]
    wanted = 1.96 * sd / math.sqrt(400)
    covered, sizes = 0, []
    for _ in range(SIMULATED):
        x = draw(2000)
        sums, squares = np.cumsum(x), np.cumsum(x * x)

        def excess(n: int, sums: np.ndarray = sums, squares: np.ndarray = squares) -> float:
            variance = (squares[n - 1] - sums[n - 1] ** 2 / n) / (n - 1)
            return 1.97 * math.sqrt(max(variance, 0.0) / n) / wanted

        *_, last = looks(excess, 2000)
        covered += abs(sums[last.n - 1] / last.n - mean) <= wanted
        sizes.append(last.n)
    assert covered / SIMULATED >= 0.95 - MC_ERROR
    assert covered / SIMULATED <= 0.97
    assert np.mean(sizes) < 1.12 * 400, "sequential looking costs a tenth more than knowing the spread"


def test_looks_grow_and_end() -> None:
    seen = list(looks(lambda n: math.sqrt(1000.0 / n), 100_000))
    assert seen[0].n == FIRST
    assert [a.n < b.n for a, b in itertools.pairwise(seen)] == [True] * (len(seen) - 1)
    assert seen[-1].excess <= 1.0 and seen[-2].excess > 1.0
    assert list(looks(lambda n: 5.0, 250))[-1].n == 250  # the limit
    assert next_size(100, math.inf, 1000) == 200
    assert excess_of([0.1, math.nan], 0.2) == math.inf


def test_same_replications_as_a_fixed_run_and_resumable(tmp_path: Path) -> None:
    scenario = toy_engine.scenario()
    options = {"compiler": toy_engine.compiler, "runner": toy_engine.runner, "threads": 1}
    goals = read_until("leakers ± 0.3, leakers difference ± 0.5", scenario)
    told = run_until(scenario, goals, most=3000, first=40, out=tmp_path / "a", **options)
    assert told.reached and len(told.looks) > 1
    n = told.replications
    run_study(scenario, replications=n, out=tmp_path / "b", **options)
    (_, ours), (_, fixed) = (load_records(tmp_path / d, replications=n) for d in "ab")
    for variant, records in fixed.items():
        for key, array in records.arrays.items():
            assert np.array_equal(ours[variant].arrays[key], array, equal_nan=array.dtype.kind == "f"), key
    again = run_until(scenario, goals, most=3000, first=40, out=tmp_path / "b", **options)
    assert again.replications == n, "a longer prefix that was there before changes nothing"
    for goal in goals:
        from kalkan.results.assemble import Results

        assert max(half_widths(Results(*load_records(tmp_path / "a", replications=n)), goal)) <= goal.value


def test_limit_is_told(tmp_path: Path) -> None:
    scenario = toy_engine.scenario()
    goals = read_until("leakers ± 0.0001", scenario)
    told = run_until(
        scenario, goals, most=120, out=tmp_path, compiler=toy_engine.compiler, runner=toy_engine.runner, threads=1
    )
    assert not told.reached and told.replications == 120
    assert "limit" in told.why


def test_a_hundred_zeros_do_not_prove_zero() -> None:
    assert mean_interval(np.zeros(100)).half_width == 0.0  # hence Nádas's term in `half_widths`


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("leekers ± 1", 'did you mean "leakers"'),
        ("leakers", "should read like"),
        ("leakers ± 0", "greater than zero"),
        ("leakers ± 5 %", "not counted in %"),
        ("leakers <= 3", "should read like"),
        ("", "is not a measure and a number"),
    ],
)
def test_bad_goals(text: str, told: str) -> None:
    with pytest.raises(ProblemsError) as caught:
        read_until(text, toy_engine.scenario())
    assert told in str(caught.value)


def test_goals_in_ascii_and_per_cent() -> None:
    goals = read_until("p_no_leaker +- 2 %, leakers difference +/- 0.3", toy_engine.scenario())
    assert [g.text for g in goals] == ["p_no_leaker ± 0.02", "leakers difference ± 0.3"]
    with pytest.raises(ProblemsError, match="two variants"):
        read_until("leakers difference ± 1", toy_engine.scenario(variant=False))
