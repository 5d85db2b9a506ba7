"""How the rounds of a salvo follow each other: at the launcher's interval, rippled, or at once."""

from __future__ import annotations

import numpy as np
import pytest

from kalkan.schema import EV_LAUNCH, LEAKED
from tests.engine import scenes

SLOW = ('assume.5p85.launch_interval = "4 s"', "doctrine.standard.salvo = 3", "doctrine.standard.look = false",
        scenes.NEVER_HIT)  # fmt: skip


def launches_s(*lines: str, threat: str = "raid 1") -> list[float]:
    """When rounds leave for a threat, after the first of all [s]."""
    r = scenes.played(*SLOW, *lines)
    n = r.event_count[0]
    launched = r.event_kind[0, :n] == EV_LAUNCH
    times, whom = r.event_time_s[0, :n][launched], r.event_subject[0, :n][launched]
    return list(np.round(times[whom == r.labels["threat"].index(threat)] - times[0], 6))


@pytest.mark.parametrize(("ripple", "wanted"), [(None, [0, 4, 8]), ("0 s", [0, 0, 0]), ("2.5 s", [0, 2.5, 5]),
                                                ("9 s", [0, 9, 18])])  # fmt: skip
def test_a_salvo_is_spaced_as_the_doctrine_says(ripple: str | None, wanted: list[float]) -> None:
    """Exactly, whatever the dwell period of the engagement radar, at whose ends launches are looked at."""
    lines = [f'doctrine.standard.ripple_interval = "{ripple}"'] if ripple else []
    assert launches_s(*lines) == wanted


def test_while_one_channel_ripples_another_launches() -> None:
    """Every 9 s one for each target, 4 s apart: nobody waits for a rail that is free."""
    lines = (scenes.TWO, 'doctrine.standard.ripple_interval = "9 s"', 'assume.55k6e.command_cycle = "20 s"')
    first, second = (launches_s(*lines, threat=t) for t in ("raid 1", "second 1"))
    assert {tuple(first), tuple(second)} == {(0, 9, 18), (4, 13, 22)}


def test_salvos_at_different_targets_keep_the_units_interval() -> None:
    lines = (scenes.TWO, 'doctrine.standard.ripple_interval = "0 s"', 'assume.55k6e.command_cycle = "20 s"')
    first, second = (launches_s(*lines, threat=t) for t in ("raid 1", "second 1"))
    assert {tuple(first), tuple(second)} == {(0, 0, 0), (4, 4, 4)}


def test_a_class_has_its_own_clock_and_ranges() -> None:
    """What is said of drones alone moves nothing of an aircraft."""
    table = 'doctrine.standard.{} = {{ ripple_interval = "9 s", latest_range = "200 km" }}'
    assert launches_s(table.format("uav")) == [0, 4, 8]
    assert (scenes.played(*SLOW, table.format("aircraft")).threat_outcome == LEAKED).all()
