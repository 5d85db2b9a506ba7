"""Two tracks on the plots of one object become one; two objects that part become two tracks."""

from __future__ import annotations

import numpy as np
import pytest

from kalkan.tracking.tables import ALONE, CONFIRMED, DROPPED, JOINED, RESTATED
from tests.tracking.test_air_picture import FAR, SCAN_S, Station, straight

RIVALRY = 3  # turns that settle who is who


def doubled(station, off_m=150.0):
    """Put a second track beside the only one, as after two tracks have traded a plot; its slot."""
    air = station.air
    (k,) = air.active[0, : air.n[0]]
    copy = air.free[0, air.table.shape[1] - 1 - air.n[0]]
    serial = air.table["serial"][0, copy] + 1
    air.table[0, copy] = air.table[0, k]
    air.table["serial"][0, copy], air.table["confirmed_s"][0, copy] = serial, station.t_s
    air.table["x"][0, copy, 0] += off_m
    air.looks[0, copy] = air.looks[0, k]
    air.active[0, air.n[0]] = copy
    air.n[0] += 1
    return copy


def following(turns=4, objects=(FAR,), **about):
    station = Station(coast_s=120.0, **about)
    for _ in range(turns):
        station.turn(objects)
    return station


def swaying(t_s):
    """One object, whose plots lie now on this side and now on the other, as noise has it [m]."""
    side = -350.0 if int(t_s / SCAN_S) % 2 else 350.0
    return FAR[1](t_s) + np.array([side, 0.0, 0.0])


def beside(settles):
    """A station with two tracks on the one swaying object, and its older one."""
    station = following(settles=settles)
    (older,) = station.air.active[0, :1]
    copy = doubled(station, 350.0)
    return station, older, copy


def test_two_tracks_on_one_object_become_the_older_one():
    """Both have plots, never in one turn: after three turns they are one, not before. Without the rule they stay."""
    station, older, copy = beside(1)
    for turn in range(RIVALRY):
        assert station.kinds(JOINED) == [], turn
        station.turn([(1, swaying)])
    assert station.kinds(JOINED, RESTATED) == [JOINED, RESTATED] and station.air.n[0] == 1
    joined = next(c for c in station.told if c["kind"] == JOINED)
    assert (joined["track"], joined["other"]) == (copy, older)
    ended = next(c for c in station.told if c["kind"] == DROPPED)
    assert ended["track"] == copy and ended["status"] == CONFIRMED, "it stood alone, and its end is told"
    plain, *_ = beside(0)
    for _ in range(RIVALRY + 3):
        plain.turn([(1, swaying)])
    assert plain.kinds(JOINED) == [] and plain.air.n[0] == 2


@pytest.mark.parametrize("apart_m", [250.0, 500.0, 2000.0])
def test_two_objects_that_give_two_plots_stay_two(apart_m):
    """Neighbours five, ten and forty sigma apart, for twenty turns.

    Compared with a property: one object gives one plot a turn, two give two.
    """
    other = (2, straight([60e3, 40e3 + apart_m, 8e3], [-200.0, 0.0, 0.0]))
    station = following(24, [FAR, other], settles=1)
    assert station.kinds(JOINED) == [] and station.air.n[0] == 2


def test_one_turn_in_which_both_have_a_plot_ends_a_rivalry():
    """A neighbour that is missed now and then is no second track: its count begins anew."""
    other = (2, straight([60e3, 40.3e3, 8e3], [-200.0, 0.0, 0.0]))
    station = following(4, [FAR, other], settles=1)
    for turn in range(12):
        station.turn(([FAR], [other], [FAR, other])[turn % 3])
    assert station.kinds(JOINED) == [] and station.air.n[0] == 2


def test_a_track_that_always_goes_empty_handed_is_not_joined():
    """It may be a neighbour that the radar misses: it coasts until it ends."""
    station = following(settles=1)
    doubled(station, off_m=150.0)
    for _ in range(RIVALRY + 1):
        station.turn([FAR])
    assert station.kinds(JOINED) == [] and station.air.n[0] == 2


def test_two_objects_that_part_become_two_tracks():
    """One plot between them while a radar cannot tell them apart; from the turn on which they give two, two tracks.

    The old track goes on with one of them, the other is confirmed by its second plot.
    """
    def flying(sign):
        start = straight([60e3, 40e3, 8e3], [-200.0, 0.0, 0.0])
        return lambda t: start(t) + np.array([0.0, sign * 60.0 * max(t - 40.0, 0.0), 0.0])

    def plots(t_s):
        one, two = flying(1.0), flying(-1.0)
        if np.linalg.norm(one(t_s) - two(t_s)) < 300.0:
            return [(1, lambda t: 0.5 * (one(t) + two(t)))]
        return [(1, one), (2, two)]

    station = Station(coast_s=120.0, settles=1)
    while station.t_s < 120.0:
        station.turn(plots(station.t_s))
    assert station.air.n[0] == 2 and station.kinds(ALONE) == [ALONE, ALONE] and station.kinds(JOINED) == []
    held = {int(station.air.table["threat"][0, k]) for k in station.air.active[0, :2]}
    assert held == {1, 2}
