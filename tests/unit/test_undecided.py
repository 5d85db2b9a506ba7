"""Threats that still fly at the horizon are told as undecided: before a run and beside its numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kalkan.results.quantity import Finished
from kalkan.scenario import foreseen, parse
from kalkan.schema import KILLED, UNRESOLVED
from kalkan.views.run.notes import _undecided_note

HARBOUR = (Path(__file__).parent / "data/harbour.toml").read_text(encoding="utf-8")


def drones(horizon: str, **changed: str) -> str:
    """Twenty drones at 50 m/s over 300 km, five minutes apart: the last is due after 195 min."""
    text = HARBOUR.replace('horizon = "60 min"', f'horizon = "{horizon}"')
    text = text.replace('spacing = "10 s"', 'spacing = "5 min"\nspeed = "50 m/s"').replace("count = 16", "count = 20")
    text = text.replace("[35.20, 32.00]", "[33.796, 33.20]")
    for old, new in changed.items():
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize(("horizon", "told"), [("60 min", True), ("190 min", True), ("200 min", False)])
def test_a_horizon_before_the_last_arrival_is_foreseen(horizon, told):
    """20 − 1 gaps of 5 min and 300 km at 50 m/s: 95 + 100 min."""
    found = [s for s in foreseen(parse(drones(horizon))) if "stays undecided" in s]
    assert bool(found) == told
    if told:
        assert 'raid "cruise": its last member is due after about 195 min' in found[0]


def test_a_leg_at_its_own_speed_counts_so():
    leg = "[33.796, 33.20], altitude = \"60 m AGL\""
    fast = drones("100 min").replace(leg, leg + ", speed = \"0.9 Mach\"")
    assert any("about 111 min" in s for s in foreseen(parse(fast)))  # 95 min, and 300 km at 306 m/s


def _finished(outcome):
    return Finished(np.arange(4), {"threat_outcome": outcome}, {"threat": ["t"] * 20}, {})


def test_undecided_threats_are_told_beside_the_numbers():
    outcome = np.full((4, 20), KILLED)
    outcome[:, :12] = UNRESOLVED
    told = _undecided_note(_finished(outcome), {"horizon_s": 3600.0})
    assert told.startswith("undecided: 12") and "of 20 threats" in told and "(60 min)" in told
    outcome[:] = KILLED
    assert _undecided_note(_finished(outcome), {"horizon_s": 3600.0}) == ""
