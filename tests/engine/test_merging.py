"""Tracks that are one object are joined; two objects that the radar resolves are not."""

from __future__ import annotations

import numpy as np
import pytest

from kalkan.schema import EV_ORDER, EV_RELEASE
from tests.engine.harness import compiled, raid, run, scenario

N = 40
HARMLESS = '\n[assume."48n6e3"]\nkill_probability = 0.0\n'
TURN = """
[[raids]]
name = "turner"
type = "f-16c"
count = 1
route = [
  { position = [37.6, 33.0], altitude = "8 km MSL" },
  { position = [38.4, 33.0], altitude = "8 km MSL" },
  { position = [37.9, 33.9], altitude = "8 km MSL" },
  { position = [37.3, 34.6], altitude = "8 km MSL" },
]
speed = "250 m/s"
"""


def fly(raids: str, extra: str = ""):
    """The catalogue's own radars and tracker against aircraft that no interceptor kills."""
    return run(compiled(scenario(raids, perfect=False, launchers=1, horizon="15 min", extra=HARMLESS + extra)), N)


def true_tracks(result) -> np.ndarray:
    """Confirmed tracks on true objects, by replication; those joined to another when confirmed are not among them."""
    return (result.tracks_confirmed - result.tracks_false)[:, 0]


def test_a_turn_leaves_one_track():
    """The aircraft turns by more than 120°: its old track is lost, and the new one is joined to it."""
    result = fly(TURN)
    np.testing.assert_array_equal(true_tracks(result), 1)
    np.testing.assert_array_equal(result.tracks_merged[:, 0], 1)


@pytest.mark.parametrize(("count", "width_km"), [(2, 1), (2, 3), (6, 10)])
def test_a_formation_that_the_radar_resolves_stays_what_it_is(count, width_km):
    """Neighbours 1 km apart or more: some two and a half times the 1-sigma azimuth error of 0.2° at 110 km."""
    result = fly(raid("formation", count, lat=38.0, width=width_km))
    np.testing.assert_array_equal(true_tracks(result), count)
    assert width_km == 1 or result.tracks_merged.sum() == 0


def test_no_engagement_is_left_on_a_track_that_was_joined():
    """The turning aircraft under fire: as many releases as orders once it is gone."""
    text = scenario(TURN, perfect=False, launchers=2, horizon="25 min", max_salvos=1, extra=HARMLESS)
    result = run(compiled(text), N)
    assert result.tracks_merged.sum() >= N
    kinds = result.event_kind
    assert (kinds == EV_ORDER).sum() >= N
    np.testing.assert_array_equal((kinds == EV_ORDER).sum(axis=1), (kinds == EV_RELEASE).sum(axis=1))
