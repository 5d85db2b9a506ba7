"""Where an idle fire unit turns: to its target as far as it must, and midway to a meeting that it would not see."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kalkan.byref import structured
from kalkan.kernels.command import facing, facing_both
from kalkan.kernels.engagement import turned_to
from kalkan.kernels.state import UNIT
from tests.engine.harness import compiled, raid, scenario

PLAN = compiled(scenario(raid(), extra='[assume.92n6e]\nsector_width = "90 deg"\n', perfect=False)).plan


def looks(target_deg: float, meeting_deg: float, engaged: int = 0) -> tuple[float, float]:
    """Compass directions [deg] by the target alone, and by both; the unit looks south at first."""
    unit = np.zeros(1, UNIT)
    unit["slew_rad"], unit["n"] = math.pi, engaged
    at = [1e5 * f(math.radians(a)) for a in (target_deg, meeting_deg) for f in (math.sin, math.cos)]
    given = structured(PLAN.radars), structured(PLAN.units), structured(unit), 0
    one = facing(*given, at[0], at[1], 0.0)
    both = facing_both(*given, at[0], at[1], 0.0, at[2], at[3], 0.0)
    return math.degrees(one) % 360.0, math.degrees(both) % 360.0


@pytest.mark.parametrize(
    ("target", "meeting", "engaged", "alone", "both"),
    [
        (180, 180, 0, 180.0, 180.0),
        (150, 150, 0, 172.5, 172.5),  # to the edge of the inner half, which is 22.5 degrees to each side
        (150, 130, 0, 172.5, 172.5),  # the meeting lies within the sector as it is
        (150, 120, 0, 172.5, 135.0),  # it does not: midway
        (210, 240, 0, 187.5, 225.0),
        (150, 120, 1, 180.0, 180.0),  # one that is engaged does not turn
    ],
)
def test_a_unit_turns_to_see_target_and_meeting(target, meeting, engaged, alone, both):
    """By hand, for a sector of 90 degrees."""
    assert looks(target, meeting, engaged) == (pytest.approx(alone, abs=0.1), pytest.approx(both, abs=0.1))


@pytest.mark.parametrize(("t_s", "faced"), [(3.0, 350.0), (10.0, 350.0), (13.0, 2.0), (20.0, 30.0)])
def test_a_turn_that_is_broken_off_has_come_as_far_as_its_time(t_s, faced):
    """From 350 to 30 degrees by north, 40 degrees from 10 s on until 20 s: 4 degrees each second."""
    unit = np.zeros(1, UNIT)
    unit["from_rad"], unit["slew_rad"] = math.radians(350.0), math.radians(30.0)
    unit["turns_s"], unit["turned_s"] = 10.0, 20.0
    assert math.degrees(turned_to(structured(unit), 0, t_s)) % 360.0 == pytest.approx(faced)
