"""The knee of curves whose knee is known, the coverage of its interval, and raids of another size."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kalkan.errors import ProblemsError
from kalkan.scenario import parse, starter
from kalkan.studies.saturation import knee, of_size, saturation, size_of
from tests.unit import toy_engine

SIZES = np.array([10.0, 20.0, 40.0, 60.0, 80.0, 120.0, 160.0])


def test_two_lines_are_found_exactly() -> None:
    truth = 0.1 * np.minimum(SIZES, 70.0) + 0.9 * np.maximum(SIZES - 70.0, 0.0)
    found = knee(SIZES, np.repeat(truth[:, None], 20, axis=1))
    step = (SIZES[-2] - SIZES[0]) / 399
    assert found.clear and found.size.estimate == pytest.approx(70.0, abs=step)
    assert found.before.estimate == pytest.approx(0.1, abs=0.01)
    assert found.beyond.estimate == pytest.approx(0.9, abs=0.01)


@pytest.mark.parametrize("curve", [0.3 * SIZES, 40.0 * (1.0 - np.exp(-SIZES / 60.0)), 0.0 * SIZES])
def test_a_curve_that_does_not_rise_steeper_has_no_knee(curve: np.ndarray) -> None:
    noise = np.random.default_rng(3).normal(0.0, 1.0, (SIZES.size, 60))
    assert not knee(SIZES, curve[:, None] + noise).clear


def test_one_replication_tells_no_knee() -> None:
    assert not knee(SIZES, np.maximum(SIZES - 50.0, 0.0)[:, None]).clear


def test_interval_covers_with_shared_random_numbers() -> None:
    """Each vehicle leaks with 0.1 as long as there are rounds, for sure beyond; rounds vary about 70."""
    random, covered, trials = np.random.default_rng(11), 0, 300
    for _ in range(trials):
        rounds = random.normal(70.0, 4.0, 60)
        shared = random.normal(0.0, 0.03, 60)
        leakers = np.array(
            [(0.1 + shared) * np.minimum(n, rounds) + np.maximum(n - rounds, 0.0) for n in SIZES]
        ) + random.normal(0.0, 0.5, (SIZES.size, 60))
        found = knee(SIZES, leakers)
        covered += found.size.low <= 70.0 <= found.size.high
    assert covered / trials == pytest.approx(0.95, abs=3.0 * math.sqrt(0.95 * 0.05 / trials))


def test_raids_of_another_size_are_the_same_raids() -> None:
    scenario = parse(starter("small"))
    doubled = of_size(scenario, 2.0)
    assert size_of(doubled) == 2 * size_of(scenario)
    for raid, larger in zip(scenario.raids, doubled.raids, strict=True):
        changed = {k for k, v in raid if v != getattr(larger, k)}
        assert changed == {"count"}
    raid, larger = scenario.raids[0], doubled.raids[0]
    added_s = (larger.count - raid.count) * raid.spacing_s
    assert added_s > 0.0 and doubled.study.horizon_s == scenario.study.horizon_s + added_s
    assert of_size(scenario, 1.0).identity == scenario.identity
    assert [r.count for r in of_size(scenario, 1e-3).raids] == [1] * len(scenario.raids)


def test_the_same_duration_brings_members_closer() -> None:
    scenario = parse(starter("small"))
    (raid,), (larger,) = scenario.raids, of_size(scenario, 3.0, same_duration=True).raids
    assert larger.count == 3 * raid.count and larger.spacing_s < raid.spacing_s
    assert (larger.count - 1) * larger.spacing_s == pytest.approx((raid.count - 1) * raid.spacing_s)
    assert of_size(scenario, 3.0, same_duration=True).study == scenario.study


def test_every_size_that_cannot_be_is_told() -> None:
    scenario = parse(starter("small"))
    count = scenario.raids[0].count
    with pytest.raises(ProblemsError) as told:
        saturation([scenario], None, [0.001, 0.002, 1.0, 500.0], 4)  # type: ignore[arg-type]
    text = "\n".join(p.message for p in told.value.problems)
    assert f"500 makes {500 * count:,} vehicles" in text and "at most 2,000 are allowed" in text
    assert "leave out those that make the same size" in text


def test_asks_every_variant_at_every_size() -> None:
    from kalkan.studies.answers import Answers

    variants = list(toy_engine.scenario().variants_resolved().values())
    answers = Answers(
        seed=7, threads=1, compiler=lambda v, c, **_: toy_engine.compiler(v, c), runner=toy_engine.runner
    )
    found = saturation(variants, answers, [0.5, 1.0, 1.5, 2.0], 20)
    assert [c.label for c in found.curves] == ["base", "worse radar"] and answers.simulated == 2 * 4 * 20
    for curve in found.curves:
        assert len(curve.sizes) == len(curve.leakers) == 4 and curve.sizes == sorted(curve.sizes)
        assert all(x.low <= x.estimate <= x.high for x in curve.leakers)
    assert found.curves[0].leakers[0].estimate < found.curves[1].leakers[0].estimate
