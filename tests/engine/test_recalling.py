"""Orders that no longer serve are taken back before a round is in the air, if a doctrine says so; else they stand."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from kalkan.kernels import rooms
from kalkan.schema import (
    EV_HELD,
    EV_LAUNCH,
    EV_ORDER,
    EV_RECALLED,
    EV_RELEASE,
    EV_TRACK,
    KILLED,
    NOT_CHOSEN,
    NOT_HELD,
    OUT_OF_ENVELOPE,
)
from kalkan.views.report.doctrines import doctrines
from tests.engine import scenes

GAIN = 'doctrine.standard.reassign_gain = "10 s"'
ONE_CHANNEL, SLOW = "assume.92n6e.target_channels = 1", 'assume.55k6e.reaction_time = "60 s"'
# the one of more value is seen when the only channel has its order already
RICH_LATER = (
    ONE_CHANNEL, SLOW, "assets.rich = { position = [39.0, 33.6], value = 1000 }",
    'assume.55k6e.threatened_radius = "10 km"', scenes.another("rich", lon=33.6, aim="rich", more=', start = "20 s"'),
)  # fmt: skip
# the unit in the south has shot the first one down just when the unit in the north reacts to the second
NEARER_FREE = (
    ONE_CHANNEL, SLOW, "systems.set.fire_units = 2",
    "systems.set.fire_unit_positions = [[38.6, 33.0], [39.4, 33.0]]",
    scenes.another("second", lon=33.0, aim="centre", more=', start = "95 s"'),
)  # fmt: skip
# it climbs out of reach while the unit reacts
CLIMBS = (
    ONE_CHANNEL, 'assume.55k6e.reaction_time = "120 s"', 'assume.48n6e3.max_target_altitude = "9 km"',
    scenes.route((37.8, 33.0), (37.88, 33.0), (38.1, 33.0), (39.0, 33.0), altitudes=("8 km", "8 km", "14 km")),
)  # fmt: skip
# two posts that do not tell each other; the second's link is slow, the first has shot the target down meanwhile
SHOT_BY_ANOTHER = (
    scenes.OTHER.replace("launchers", 'link_latency = "200 s", launchers'), "command.coordination = false",
)  # fmt: skip


def happened(r: SimpleNamespace, kind: int) -> list[tuple[float, str, int, float]]:
    """Time [s], threat, fire unit and value of the events of a kind."""
    log = range(int(r.event_count[0]))
    return [
        (float(r.event_time_s[0, i]), r.labels["threat"][r.event_subject[0, i]], int(r.event_object[0, i]),
         float(r.event_value[0, i]))
        for i in log if r.event_kind[0, i] == kind
    ]  # fmt: skip


@pytest.mark.parametrize("scene", [RICH_LATER, NEARER_FREE, CLIMBS, SHOT_BY_ANOTHER])
def test_orders_stand_unless_the_doctrine_says_otherwise(scene: tuple[str, ...]) -> None:
    r = scenes.played(*scene)
    assert r.orders_recalled.sum() == 0 and not happened(r, EV_RECALLED)
    assert "cycle_anew" not in rooms.names(scenes.planned(scenes.scene(*scene)).plan)


def test_a_target_of_more_value_takes_the_channel_of_a_lesser_one() -> None:
    stands, r = scenes.played(*RICH_LATER), scenes.played(*RICH_LATER, GAIN)
    first = [happened(x, EV_LAUNCH)[0][1] for x in (stands, r)]
    assert first == ["raid 1", "rich 1"]
    assert [(who, reason) for _, who, _, reason in happened(r, EV_RECALLED)] == [("raid 1", NOT_CHOSEN)]
    assert (r.threat_outcome == KILLED).all(), "the lesser one is ordered again when the channel is free"


def test_no_order_is_taken_back_for_a_target_of_the_same_value() -> None:
    same = [line.replace("value = 1000", "value = 10") for line in RICH_LATER]
    assert scenes.played(*same, GAIN).orders_recalled.sum() == 0


def test_what_is_held_is_not_given_up_for_a_target_of_more_value() -> None:
    """It came too late: the lesser one is held, not to be shot at, until the unit loses patience."""
    late = [line.replace('start = "20 s"', 'start = "90 s"') for line in RICH_LATER]
    waits = "doctrine.standard.launch_threshold = 1.0", "assume.92n6e.drop_misses = 2"
    r = scenes.played(*late, *waits, 'assume.55k6e.hold_patience = "60 s"', GAIN)
    (held_s, who, *_), (seen_s, later, *_) = happened(r, EV_HELD)[0], happened(r, EV_TRACK)[1]
    assert (who, later) == ("raid 1", "rich 1") and held_s < seen_s < held_s + 50.0
    assert not [t for t, *_ in happened(r, EV_RECALLED) if held_s <= t <= held_s + 60.0]


def test_an_order_goes_to_the_unit_that_meets_the_target_earlier() -> None:
    stands, r = scenes.played(*NEARER_FREE), scenes.played(*NEARER_FREE, GAIN)
    assert [(who, unit) for _, who, unit, _ in happened(r, EV_RECALLED)] == [("second 1", 1)]
    assert happened(r, EV_ORDER)[-1][1:3] == ("second 1", 0)
    (_, south), (_, north) = r.threat_killer[0], stands.threat_killer[0]
    assert (south, north) == (0, 1) and r.threat_end_s[0, 1] < stands.threat_end_s[0, 1] - 10.0


def test_no_order_is_passed_on_for_less_than_the_gain() -> None:
    """Some forty seconds are to be won here."""
    assert scenes.played(*NEARER_FREE, 'doctrine.standard.reassign_gain = "60 s"').orders_recalled.sum() == 0


EAST = scenes.route((38.7, 34.2), (39.0, 33.0)), 'systems.set.boresight = "90 deg"'


def turning(slew_rate: str) -> tuple[str, ...]:
    """It shot the first one down in the east; to the south it turns by some 75 degrees."""
    return (*NEARER_FREE, *EAST, 'assume.92n6e.sector_width = "60 deg"', f'assume.92n6e.slew_rate = "{slew_rate}"')


@pytest.mark.parametrize(("slew_rate", "recalled"), [("4 deg/s", 1), ("0.2 deg/s", 0)])
def test_the_turn_of_the_other_unit_counts(slew_rate: str, recalled: int) -> None:
    """In 19 s it is worth it; in 6 minutes it is not."""
    stands, r = scenes.played(*turning(slew_rate)), scenes.played(*turning(slew_rate), GAIN)
    assert r.orders_recalled.sum() == recalled
    assert [u for _, who, u, _ in happened(r, EV_ORDER) if who == "second 1"] == [1, 0][: 1 + recalled]
    assert (r.threat_end_s[0, 1] < stands.threat_end_s[0, 1] - 10.0) == (recalled == 1)


def test_an_order_is_not_passed_to_and_fro() -> None:
    """The unit whose order was taken back has not turned yet, and knows it."""
    r = scenes.played(*turning("0.5 deg/s"), GAIN)
    assert r.orders_recalled.sum() == 1
    ordered_s, launched_s = happened(r, EV_ORDER)[-1][0], happened(r, EV_LAUNCH)[-1][0]
    assert launched_s > ordered_s + 60.0 + 70.0 / 0.5


def test_an_order_at_what_has_left_the_reach_is_taken_back() -> None:
    freed = [happened(scenes.played(*CLIMBS, *more), EV_RELEASE)[0][0] for more in ((), (GAIN,))]
    r = scenes.played(*CLIMBS, GAIN)
    assert freed[1] < freed[0] - 30.0
    assert happened(r, EV_RECALLED)[0][3] == OUT_OF_ENVELOPE


def test_an_order_at_what_another_post_has_shot_down_is_taken_back() -> None:
    r = scenes.played(*SHOT_BY_ANOTHER, GAIN)
    [(when_s, _, _, reason)] = happened(r, EV_RECALLED)
    assert reason == NOT_HELD and when_s < r.threat_end_s[0, 0] + 4.0
    freed = [t for t, *_ in happened(scenes.played(*SHOT_BY_ANOTHER), EV_RELEASE)]
    assert max(freed) > when_s + 60.0


def test_no_order_is_taken_back_once_a_round_is_in_the_air() -> None:
    """Of the scene with a free nearer unit, with a reaction so short that the farther one has launched."""
    sooner = [line.replace("95 s", "40 s") for line in NEARER_FREE]
    r = scenes.played(*sooner, 'assume.55k6e.reaction_time = "5 s"', GAIN)
    assert r.orders_recalled.sum() == 0 and len(happened(r, EV_LAUNCH)) == 2


def test_orders_and_channels_add_up() -> None:
    """Each order ends in a channel that is free again, taken back or not."""
    r = scenes.played(*RICH_LATER, GAIN)
    assert len(happened(r, EV_ORDER)) == len(happened(r, EV_RELEASE)) == int(r.orders.sum())
    assert np.array_equal(r.orders_recalled.sum(), len(happened(r, EV_RECALLED)))


@pytest.mark.parametrize(("lines", "said"), [
    ((), False), ((GAIN,), "would meet the target 10 s earlier"),
    (('doctrine.standard.reassign_gain = "0 s"',), "would meet the target earlier;"),
])  # fmt: skip
def test_the_report_says_so(lines: tuple[str, ...], said: str | bool) -> None:
    (sentence,) = doctrines(scenes.planned(scenes.scene(*lines)).attrs)
    assert (said in sentence) if isinstance(said, str) else ("orders" not in sentence)
