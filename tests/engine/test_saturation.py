"""A defence of so many rounds, each of which kills: the knee is their number, and beyond it all leaks."""

from __future__ import annotations

import pytest

from kalkan.scenario import parse
from kalkan.studies.answers import Answers
from kalkan.studies.saturation import saturation
from tests.engine import harness

ROUNDS = 8


def test_the_knee_is_the_number_of_rounds() -> None:
    text = harness.scenario(
        harness.raid(count=4, spacing=30), p=1.0, salvo=1, launchers=2, rounds=4, horizon="25 min", look=False
    )
    answers = Answers(seed=1, threads=1)
    found = saturation([parse(text)], answers, [0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0], 6)
    (curve,) = found.curves
    assert curve.sizes == [2, 4, 6, 8, 10, 12, 16]
    assert [x.estimate for x in curve.leakers] == [max(0, n - ROUNDS) for n in curve.sizes]
    assert curve.knee.size.estimate == pytest.approx(ROUNDS, abs=0.05)
    assert curve.knee.before.estimate == pytest.approx(0.0, abs=0.02)
    assert curve.knee.beyond.estimate == pytest.approx(1.0, abs=0.02)
