"""Decisions and their grounds in the trace: true to what happens then, and nothing happens otherwise."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kalkan.kernels.mission import trace_one
from kalkan.kernels.records import allocate, columns
from kalkan.kernels.trace import DECISION, HELD, ORDERED, WAITED
from kalkan.schema import NO_CHANNEL, NO_REASON, NOT_WORTH, OUT_OF_ENVELOPE, POOR_CHANCE
from tests.engine import scenes

NEAR = ('assume.48n6e3.max_range = "60 km"',)


def explained(*lines: str):
    """Decisions of one replication, with names of what they are about; and its records."""
    c = scenes.planned(scenes.scene(*lines))
    records = allocate(1, c.sizes)
    plan = c.plan._replace(watching=c.plan.watching._replace(decisions=1))
    entries = trace_one(plan, 1, 0, 0, records, 20_000).trace.entries
    return entries[entries["kind"] == DECISION], c, columns(records)


def test_a_track_waits_until_it_is_in_reach_and_is_told_where() -> None:
    told, c, records = explained(*NEAR)
    first, last = told[0], told[-1]
    assert (first["x"][0], first["code"]) == (WAITED, OUT_OF_ENVELOPE)
    assert (last["x"][0], last["code"]) == (ORDERED, NO_REASON)
    assert (last["x"][3], last["x"][4]) == (1, c.plan.units["target_channels"][0])
    assert c.labels["interceptor"][int(first["x"][1])] == "48n6e3"
    met_km = records["threat_first_intercept_range_m"][0, 0] / 1e3
    assert first["x"][2] / 1e3 == pytest.approx(60.0, abs=1.0) and met_km == pytest.approx(60.0, abs=2.0)
    assert last["x"][2] / 1e3 == pytest.approx(met_km, abs=2.0)
    assert first["t_s"] + first["value"] == pytest.approx(last["t_s"], abs=8.0)
    assert len(told) == 2, "what does not change is not told again"


@pytest.mark.parametrize(("lines", "stage", "reason"), [
    ((*scenes.ONLY_ONE, scenes.TWO), WAITED, NO_CHANNEL),
    ((scenes.PEACE,), WAITED, NOT_WORTH),
    (("doctrine.standard.launch_threshold = 1.0", "assume.92n6e.drop_misses = 1"), HELD, POOR_CHANCE),
])  # fmt: skip
def test_why_it_waits(lines: tuple[str, ...], stage: int, reason: int) -> None:
    told, _, _ = explained(*lines)
    assert (stage, reason) in {(int(d["x"][0]), int(d["code"])) for d in told}


def test_a_replication_that_is_explained_is_the_same_replication() -> None:
    lines = (*scenes.ONLY_ONE, scenes.TWO, scenes.NEVER_HIT)
    _, c, records = explained(*lines)
    plain = allocate(1, c.sizes)
    entries = trace_one(c.plan, 1, 0, 0, plain, 20_000).trace.entries
    assert not (entries["kind"] == DECISION).any()
    for name, values in columns(plain).items():
        assert np.asarray(values).tobytes() == np.asarray(records[name]).tobytes(), name


def test_nobody_who_can_never_be_reached_is_promised_a_range() -> None:
    told, _, _ = explained('assume.48n6e3.max_target_altitude = "5 km"')
    assert [int(d["code"]) for d in told] == [OUT_OF_ENVELOPE] and math.isnan(told[0]["x"][2])
