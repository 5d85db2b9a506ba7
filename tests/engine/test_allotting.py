"""Assignment by what engagements are worth: expected value, and policies of a user's own through their door."""

from __future__ import annotations

import math

import numpy as np
import pytest

import kalkan
from kalkan import policies
from kalkan.errors import PolicyError, ProblemsError
from kalkan.kernels import rooms, slots
from kalkan.kernels.allotting import expected_value
from kalkan.kernels.plan import ASSIGN_OWN
from kalkan.scenario import parse
from kalkan.schema import AIRCRAFT, EV_ORDER, KILLED, LEAKED, UAV
from tests.engine import harness, scenes
from tests.engine.test_rules import CONTENDED


@kalkan.assignment_policy
def farthest_first(value, urgency_s, until_s, p_kill, rounds, channels, worth):
    for i in range(value.size):
        for u in range(rounds.size):
            worth[i, u] = 1.0 + urgency_s[i]


@kalkan.assignment_policy
def nothing(value, urgency_s, until_s, p_kill, rounds, channels, worth):
    for i in range(value.size):
        for u in range(rounds.size):
            worth[i, u] = 0.0


@kalkan.assignment_policy
def as_expected(value, urgency_s, until_s, p_kill, rounds, channels, worth):
    expected_value(value, urgency_s, until_s, p_kill, rounds, channels, worth)


@kalkan.assignment_policy
def after_100_s(value, urgency_s, until_s, p_kill, rounds, channels, worth):
    for i in range(value.size):
        for u in range(rounds.size):
            worth[i, u] = 1.0 if until_s[i, u] > 100.0 else 0.0


def by(policy: str) -> str:
    return f'doctrine.standard.assignment = "{policy}"'


def first_order(r) -> str:
    """Who is the first to be ordered."""
    orders = np.flatnonzero(r.event_kind[0, : r.event_count[0]] == EV_ORDER)
    return r.labels["threat"][r.event_subject[0, orders[0]]]


# a drone over a rich asset, which rounds hardly kill, and an aircraft over a poor one, which they do; one channel
HARD_OR_SURE = (
    *scenes.ONLY_ONE, 'assume.55k6e.command_cycle = "10 s"', 'assume.55k6e.threatened_radius = "10 km"',
    "doctrine.standard.last_resort = []", "assets.rich = { position = [39.0, 33.6], value = 500 }",
    scenes.another("rich", lon=33.6, lat=38.4, aim="rich", kind="one-way-attack-drone", altitude="3 km MSL",
                   more=', speed = "60 m/s"'),
)  # fmt: skip


@pytest.mark.parametrize(("policy", "first"), [("highest-value-first", "rich 1"), ("expected-value", "raid 1")])
def test_expected_value_weighs_what_a_round_can_do(policy: str, first: str) -> None:
    c = scenes.planned(scenes.scene(*HARD_OR_SURE, by(policy)))
    c.plan.interceptors["p_kill"][:, AIRCRAFT], c.plan.interceptors["p_kill"][:, UAV] = 0.9, 0.001
    assert first_order(harness.run(c, 1)) == first


def test_expected_value_is_an_optimum_too() -> None:
    """A unit is kept for what it alone can reach."""
    r = scenes.played(*CONTENDED, by("expected-value"))
    assert ((r.threat_outcome == LEAKED).sum(), (r.threat_outcome == KILLED).sum()) == (0, 2)


def test_a_policy_of_ones_own_decides_who_is_engaged() -> None:
    near, far = (scenes.played(*scenes.ONLY_ONE, scenes.another("late", lon=33.4, lat=37.4), by(p))
                 for p in ("nearest-first", "farthest_first"))  # fmt: skip
    assert (first_order(near), first_order(far)) == ("raid 1", "late 1")
    assert scenes.played(by("nothing")).spent.sum() == 0


@pytest.mark.parametrize(("reaction", "ordered"), [("100 s", True), ("5 s", False)])
def test_a_policy_hears_when_a_round_would_be_there(reaction: str, ordered: bool) -> None:
    """The post's reaction is part of that time: no round flies for 100 s here."""
    far = scenes.route((38.0, 33.0), (39.0, 33.0))
    r = scenes.played(f'assume.55k6e.reaction_time = "{reaction}"', far, by("after_100_s"))
    assert bool(r.orders.sum()) == ordered


def test_a_policy_that_copies_kalkans_own_gives_the_same_bits() -> None:
    mine, own = (scenes.planned(scenes.scene(*CONTENDED, by(p))) for p in ("as_expected", "expected-value"))
    assert (mine.plan.pictures["assignment"] == ASSIGN_OWN).all()
    mine, own = vars(harness.run(mine, 2)), vars(harness.run(own, 2))
    assert [n for n in own if n != "labels" and np.asarray(own[n]).tobytes() != np.asarray(mine[n]).tobytes()] == []


def test_expected_value_alone() -> None:
    """Value times chance; nothing where it comes too late."""
    worth = np.full((3, 1), math.nan)
    expected_value(
        np.array([10.0, 10.0, 4.0]), np.array([50.0, 90.0, 10.0]), np.array([[40.0], [40.0], [11.0]]),
        np.array([[0.5], [0.5], [1.0]]), np.array([4]), np.array([1]), worth,
    )  # fmt: skip
    np.testing.assert_array_equal(worth[:, 0], [5.0, 5.0, 0.0])


def test_what_does_not_weigh_pays_nothing() -> None:
    """The room and its scratch are there only where a doctrine asks for them."""
    usual, weighing = (scenes.planned(scenes.scene(by(p))).plan for p in ("optimal", "expected-value"))
    assert "cycle" in rooms.names(usual) and "cycle_by_worth" not in rooms.names(usual)
    assert "cycle_by_worth" in rooms.names(weighing) and "cycle" not in rooms.names(weighing)
    assert usual.models.policy is None and slots.names(usual) == slots.names(weighing)


def test_wrong_policies_are_told() -> None:
    with pytest.raises(PolicyError, match='the policy "short" takes 1 argument'):
        policies.assignment_policy(lambda_named("short"))
    with pytest.raises(ProblemsError, match=r'must be one of "optimal".*"farthest_first".*did you mean "nothing"'):
        scenes.scene(by("nothin"))
    two = scenes.BASE.replace("[doctrine.standard]", "") + """
[doctrine.standard]
assignment = "nothing"
[doctrine.second]
assignment = "farthest_first"
[[systems]]
name = "two"
type = "s-400"
position = [39.2, 33.0]
doctrine = "second"
"""
    with pytest.raises(ProblemsError, match='another function of yours than "nothing": systems of one scenario'):
        parse(two)


def lambda_named(name: str):
    def f(value):
        return value

    f.__name__ = name
    return f
