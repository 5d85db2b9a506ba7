"""A unit with a sector must choose between two axes; and what is done when a target dies by another's round."""

from __future__ import annotations

import numpy as np
import pytest

from kalkan.schema import EV_KILL, EV_LAUNCH, EV_ORDER, EV_RELEASE
from tests.engine import scenes

NORTH = scenes.another("north", lon=33.0, lat=40.4, aim="centre", beyond=39.0)
SECTOR = ('assume.92n6e.sector_width = "60 deg"', 'systems.set.boresight = "180 deg"')


def logged(r, kind: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Times, subjects and objects of a kind of event."""
    n = r.event_count[0]
    which = r.event_kind[0, :n] == kind
    return r.event_time_s[0, :n][which], r.event_subject[0, :n][which], r.event_object[0, :n][which]


def first_launches_s(*lines: str) -> np.ndarray:
    return scenes.played(NORTH, *lines).threat_first_launch_s[0]


def test_a_unit_set_to_two_axes_must_choose_and_turning_takes_its_time() -> None:
    """Nobody is shot at in the north until the south is done with, and the sector has come round."""
    both = first_launches_s()
    assert abs(both[0] - both[1]) < 10.0, "with eyes all round both are shot at together"
    quick, slow = (
        np.sort(first_launches_s(*SECTOR, f'assume.92n6e.slew_rate = "{rate} deg/s"')) for rate in (60, 6)
    )
    assert quick[1] - quick[0] > 60.0
    assert slow[1] - quick[1] > 0.5 * (165.0 / 6 - 165.0 / 60)


@pytest.mark.parametrize(("slew_rate", "orders"), [(60.0, 1), (0.05, 0)])
def test_a_unit_that_would_turn_too_long_is_not_ordered(slew_rate: float, orders: int) -> None:
    """By 165 degrees: in an hour the target, which it believes to fly straight on, is far out of reach."""
    r = scenes.played(*scenes.TURNED_AWAY, f'assume.92n6e.slew_rate = "{slew_rate} deg/s"')
    assert r.orders.sum() == orders


def test_a_target_that_another_kills_frees_the_channel_and_gets_no_more_rounds() -> None:
    """Two posts that do not tell each other: when one has killed, the other breaks its salvo off and is free."""
    r = scenes.played(scenes.OTHER, "command.coordination = false", "doctrine.standard.salvo = 4",
                      'doctrine.standard.ripple_interval = "40 s"')  # fmt: skip
    (killed_s,), _, (killer,) = logged(r, EV_KILL)
    launched_s, _, _ = logged(r, EV_LAUNCH)
    freed_s, _, units = logged(r, EV_RELEASE)
    assert launched_s.max() < killed_s + 10.0 and len(launched_s) < 8
    other = freed_s[units != killer]
    in_flight_until = launched_s.max() + 120.0
    assert other.size and other.max() < in_flight_until


def test_a_second_order_waits_until_the_unit_has_turned_for_the_first() -> None:
    """Both come from the south; the sector looks east and turns by some 75 degrees (to the edge of its inner half)."""
    second = scenes.another("second", lon=33.1, aim="centre", more=', start = "4 s"')
    lines = second, SECTOR[0], 'systems.set.boresight = "90 deg"', 'assume.92n6e.slew_rate = "1.5 deg/s"'
    ordered, launched = (logged(scenes.played(*lines), kind)[0] for kind in (EV_ORDER, EV_LAUNCH))
    assert ordered[1] - ordered[0] < 10.0
    assert launched.min() > ordered[0] + 70.0 / 1.5
