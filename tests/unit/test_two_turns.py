"""Turn, straight, turn against the shortest of all ways; and a height that is lost as its parts say."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kalkan.models import dubins
from kalkan.models.two_turns import along_turns, sinking, still_above, turn_straight_turn

RNG = np.random.default_rng(7)
FAR = [(r * math.cos(a), r * math.sin(a), h) for r, a, h in RNG.uniform((4.0, 0.0, 0.0), (12.0, 6.28, 6.28), (200, 3))]
NEAR = [(x, y, h) for x, y, h in RNG.uniform((-4.0, -4.0, 0.0), (4.0, 4.0, 6.28), (200, 3))]


def shortest(x: float, y: float, heading: float) -> float:
    way = dubins.shortest(dubins.Pose(0.0, 0.0, 0.0), dubins.Pose(x, y, heading), 1.0, 1.0, 0.2)
    return float(way.s_m[-1])


@pytest.mark.parametrize("poses", [FAR, NEAR], ids=["far", "near"])
def test_a_way_ends_where_it_is_to_and_is_the_shortest_where_two_turns_are(poses):
    for x, y, heading in poses:
        first, t, straight, last, q = turn_straight_turn(x, y, heading)
        ends = along_turns(first, t, straight, last, t + straight + q)
        np.testing.assert_allclose(ends[:2], (x, y), atol=1e-6)
        assert abs(math.remainder(ends[2] - heading, 2.0 * math.pi)) < 1e-6
        length = t + straight + q
        if poses is FAR:
            assert length == pytest.approx(shortest(x, y, heading), rel=1e-9)
        else:
            assert shortest(x, y, heading) <= length + 1e-6


def test_along_a_way_it_flies_evenly_and_bends_no_more_than_its_radius():
    word = turn_straight_turn(-3.0, 0.0, math.pi)
    s = np.linspace(0.0, word[1] + word[2] + word[4], 4001)
    x, y, heading = np.array([along_turns(*word[:4], v) for v in s]).T
    np.testing.assert_allclose(np.hypot(np.diff(x), np.diff(y)) / np.diff(s), 1.0, atol=1e-5)
    assert np.abs(np.diff(heading) / np.diff(s)).max() < 1.0 + 1e-9


@pytest.mark.parametrize("rate", [-200.0, -120.0, -30.0, 0.0, 40.0])
@pytest.mark.parametrize("height", [2.0, 50.0, 900.0, 9000.0])
def test_a_height_is_lost_to_nothing_within_its_limits(height, rate):
    """It ends level at 0; the rate goes on without a jump, no faster than it may or was, bent no more than it may."""
    fastest, bend = 125.0, 9.81
    t1, t2, t3, fall, back = sinking(height, rate, fastest, bend)
    whole = t1 + t2 + t3
    s = np.linspace(0.0, whole, 20_001)
    left, now = np.array([still_above(height, rate, t1, t2, t3, fall, bend, back, v) for v in s]).T
    assert left[0] == pytest.approx(height) and now[0] == pytest.approx(rate)
    assert left[-1] == pytest.approx(0.0, abs=1e-6) and now[-1] == pytest.approx(0.0, abs=1e-6)
    np.testing.assert_allclose(np.gradient(left, s)[1:-1], now[1:-1], atol=0.05 * bend * whole / 200 + 1e-3)
    assert now.min() > -max(fastest, -rate) - 1e-9 and left.min() > -1e-6
    steep = np.abs(np.diff(now) / np.diff(s)).max()
    assert steep < 1.001 * max(bend, back) and (back == bend or -rate > 0.0)


def test_what_is_over_stays_over():
    t1, t2, t3, fall, back = sinking(500.0, 0.0, 60.0, 9.81)
    after = still_above(500.0, 0.0, t1, t2, t3, fall, 9.81, back, t1 + t2 + t3 + 100.0)
    assert after == pytest.approx((0.0, 0.0), abs=1e-9)
