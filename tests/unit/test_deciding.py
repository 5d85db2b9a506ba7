"""Decisions as sentences: from what the trace holds, whatever the reason."""

import math

import pytest

from kalkan.engine.recorded import Decision
from kalkan.schema import NO_CHANNEL, NO_REASON, NOT_IDENTIFIED, OUT_OF_ENVELOPE, POOR_CHANCE, REASONS
from kalkan.views.replay.deciding import sentence

LABELS = {"unit": ["north 1", "north 2"], "interceptor": ["48n6e3", "9m96e2"]}


def said(
    stage: str, reason: int, unit: int = 0, missile: int = -1, wait_s: float = math.nan, m: float = math.nan
) -> str:
    return sentence(Decision(60.0, unit, 3, stage, reason, missile, wait_s, m, 3, 10), LABELS)


@pytest.mark.parametrize(("told", "wanted"), [
    (said("ordered", NO_REASON, 1, 0, 0.0, 62_300.0), "ordered: 48N6E3 of north 2 meets it at 62 km; channel 3 of 10"),
    (said("waited", OUT_OF_ENVELOPE, 0, 1, 73.0, 41_000.0),
     "waits: 9M96E2 of north 1 reaches it at 41 km if it is launched in 73 s; 3 of 10 channels busy"),
    (said("waited", OUT_OF_ENVELOPE), "waits: no round of north 1 reaches it on its course; 3 of 10 channels busy"),
    (said("waited", NO_CHANNEL), "waits: no channel of north 1 is free; 3 of 10 channels busy"),
    (said("waited", NOT_IDENTIFIED, -1), "waits: who it is is not known well enough"),
    (said("held", POOR_CHANCE),
     "held by north 1, waits: no round of north 1 is likely enough to meet it; 3 of 10 channels busy"),
])  # fmt: skip
def test_a_decision_is_told_with_its_grounds(told: str, wanted: str) -> None:
    assert told == wanted


def test_every_reason_can_be_told() -> None:
    for reason in range(len(REASONS)):
        assert said("waited", reason).startswith("waits: ")
