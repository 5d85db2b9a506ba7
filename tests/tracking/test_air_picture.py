"""The air picture by itself: plots in, what becomes of tracks out; no simulation around it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numba import types

from kalkan.byref import by_reference
from kalkan.jit import absent, first_class, kernel
from kalkan.schema import CANDIDATES_FULL, TRACKS_FULL
from kalkan.tracking import filtering
from kalkan.tracking.rivals import settle_rivals
from kalkan.tracking.sector import track_sector
from kalkan.tracking.tables import (
    ALONE,
    BORN,
    CONFIRMED,
    DROPPED,
    JOINED,
    MET,
    N_CHANGES,
    N_PLOTS,
    PROVED,
    RESTATED,
    Filter,
    allocate,
)

RADARS = np.dtype(
    [("picture", "i8"), ("offset_m", "f8", 3), ("to_picture", "f8", (3, 3)), ("scan_period_s", "f8"),
     ("sector_rad", "f8"), ("range_sigma_m", "f8")], align=True,
)  # fmt: skip
RULES = np.dtype(
    [("confirm_m", "i8"), ("confirm_n", "i8"), ("confirm_gate", "f8"), ("usual_speed_m_s", "f8"), ("coast_s", "f8"),
     ("gone_s", "f8"), ("process_noise_m_s2", "f8"), ("ballistic_m", "f8"),
     ("capacity", "i8")], align=True,
)  # fmt: skip
SCAN_S, SIGMA_M = 8.0, 50.0
SECTORS = 8


@kernel
def everywhere(sight, r, boresight_rad, x, y, z):
    return sight[0] > 0.0


def coverage():
    return first_class(everywhere, types.boolean, (1.0,), 0, 0.0, 0.0, 0.0, 0.0)


def filters(**more):
    f8, i8 = types.float64, types.int64
    vector, matrix, stack = f8[:], f8[:, :], f8[:, :, :]
    air = by_reference(allocate(np.zeros(1, RADARS), np.zeros(1, RULES), 0.0, 0.0, 1, 1))
    return by_reference(
        Filter(
            first_class(filtering.predict, types.void, vector, matrix, f8, f8),
            first_class(filtering.update, types.void, vector, matrix, vector, matrix, stack),
            absent(types.void, air, i8, i8, f8, i8), absent(types.void, air, i8, i8, f8, i8),
            absent(f8, air, i8, i8, i8, i8), absent(types.void, air, i8, i8), absent(i8, air, i8, i8, types.boolean),
            first_class(settle_rivals, types.void, air, i8, i8, f8), **more,
        )
    )  # fmt: skip


class Station:
    """A radar at the origin of its picture that turns once in 8 s, and the picture that it feeds."""

    def __init__(self, m=2, n=3, coast_s=30.0, gone_s=SCAN_S, capacity=50, seen=True, slots=50, settles=0):
        radars, rules = np.zeros(1, RADARS), np.zeros(1, RULES)
        radars["to_picture"], radars["scan_period_s"] = np.eye(3), SCAN_S
        radars["sector_rad"], radars["range_sigma_m"] = 2.0 * math.pi, SIGMA_M
        rules["confirm_m"], rules["confirm_n"], rules["confirm_gate"] = m, n, 16.27
        rules["usual_speed_m_s"], rules["coast_s"] = 1e9, coast_s
        rules["gone_s"] = gone_s
        rules["process_noise_m_s2"], rules["capacity"] = 5.0, capacity
        self.air = allocate(radars, rules, 16.27, 400.0, slots, 64)
        self.air.free[0] = np.arange(slots)[::-1]
        self.seen, self.told, self.t_s, self.settles = 1.0 if seen else 0.0, [], 0.0, settles

    def turn(self, objects):
        """One turn; `objects` are (number, place at t [m]) for a function of time."""
        for sector in range(SECTORS):
            start, end = self.t_s, self.t_s + SCAN_S / SECTORS
            self._plots(objects, sector, 0.5 * (start + end))
            models = filters(settles=self.settles)
            track_sector(by_reference(self.air), models, coverage(), (self.seen,), 0, sector, 0.0, start, end)
            n = self.air.number[N_CHANGES]
            self.told += [dict(zip(c.dtype.names, c.tolist(), strict=True)) for c in self.air.changes[:n].copy()]
            self.t_s = end

    def _plots(self, objects, sector, t_s):
        n = 0
        for number, place in objects:
            x = np.asarray(place(t_s), float)
            bearing = math.atan2(x[0], x[1]) % (2.0 * math.pi)
            if int(bearing / (2.0 * math.pi) * SECTORS) != sector:
                continue
            plot = self.air.plots[n : n + 1]
            plot["t_s"], plot["range_m"], plot["threat"], plot["z_m"] = t_s, np.linalg.norm(x), number, x
            plot["r_m2"], plot["rate_m2_s2"] = np.eye(3) * SIGMA_M**2, np.inf
            n += 1
        self.air.number[N_PLOTS] = n

    def kinds(self, *only):
        return [c["kind"] for c in self.told if not only or c["kind"] in only]


def straight(start, velocity):
    return lambda t: np.asarray(start, float) + t * np.asarray(velocity, float)


FAR = (1, straight([60e3, 40e3, 8e3], [-200.0, 0.0, 0.0]))


def test_an_object_is_born_met_and_proved_by_two_looks_in_three():
    station = Station(m=2, n=3)
    for _ in range(4):
        station.turn([FAR])
    assert station.kinds(BORN, PROVED, ALONE, DROPPED) == [BORN, PROVED, ALONE]
    proved = next(c for c in station.told if c["kind"] == PROVED)
    assert proved["t_s"] == pytest.approx(SCAN_S, abs=SCAN_S), "on its second turn"
    assert station.kinds(MET) == [MET] * 4 and station.air.n[0] == 1
    k = station.air.active[0, 0]
    assert station.air.table["status"][0, k] == CONFIRMED
    np.testing.assert_allclose(station.air.table["x"][0, k, 3:5], [-200.0, 0.0], atol=12.0)
    place = FAR[1](station.air.table["t_s"][0, k])
    np.testing.assert_allclose(station.air.table["x"][0, k, :3], place, atol=3.0 * SIGMA_M)


@pytest.mark.parametrize(("m", "turns"), [(1, 1), (2, 2), (3, 3)])
def test_m_detections_prove_a_track(m, turns):
    station = Station(m=m, n=max(m, 3))
    for k in range(turns):
        assert PROVED not in station.kinds(), f"not before turn {turns}, but in {k}"
        station.turn([FAR])
    assert station.kinds(PROVED) == [PROVED]


def test_a_single_plot_dies_where_the_radar_would_see_it_and_lives_where_it_would_not():
    """A miss counts only where the place is covered; what nobody can see ends by the coasting time."""
    seen, hidden = Station(seen=True, coast_s=60.0), Station(seen=False, coast_s=60.0)
    for station in (seen, hidden):
        station.turn([FAR])
        for _ in range(4):
            station.turn([])
    assert seen.kinds() == [BORN, MET, DROPPED]
    assert hidden.kinds() == [BORN, MET]
    for _ in range(8):
        hidden.turn([])
    assert hidden.kinds() == [BORN, MET, DROPPED]


def test_a_confirmed_track_coasts_and_is_dropped_after_its_time():
    station = Station(coast_s=20.0)
    for _ in range(3):
        station.turn([FAR])
    last = max(c["t_s"] for c in station.told if c["kind"] == MET)
    for _ in range(6):
        station.turn([])
    dropped = [c for c in station.told if c["kind"] == DROPPED]
    assert len(dropped) == 1 and dropped[0]["status"] == CONFIRMED and station.air.n[0] == 0
    assert 20.0 < dropped[0]["t_s"] - last < 20.0 + SCAN_S


def test_a_track_judged_gone_ends_after_a_turn_without_a_plot_and_lives_on_with_one():
    """A kill that was assessed, perhaps wrongly: what the radar meets again is there, what it does not is not."""
    for there in (True, False):
        station = Station(coast_s=60.0)
        for _ in range(3):
            station.turn([FAR])
        (k,) = station.air.active[0, :1]
        station.air.table["judged_s"][0, k] = judged_s = station.t_s
        for _ in range(3):
            station.turn([FAR] if there else [])
        ended = [c["t_s"] for c in station.told if c["kind"] == DROPPED]
        assert station.air.n[0] == (1 if there else 0) and len(ended) == (0 if there else 1)
        assert all(SCAN_S < t_s - judged_s <= 1.25 * SCAN_S for t_s in ended)


def test_the_track_of_what_was_killed_takes_no_plots_of_a_neighbour():
    """The neighbour swerves a kilometre to where it was: out of its own gate, into the one that widens there.

    Where the dead one's track coasts on it takes the neighbour's plots: two tracks on one object.
    """
    def swerving(t_s):
        aside_m = 1200.0 * (t_s > 7.5 * SCAN_S)
        return straight([60e3, 40e3 + aside_m, 8e3], [-200.0, 0.0, 0.0])(t_s)

    taken = []
    for gone_s in (SCAN_S, 60.0):
        station = Station(coast_s=60.0, gone_s=gone_s)
        killed = (2, straight([60e3, 40.9e3, 8e3], [-200.0, 0.0, 0.0]))
        for _ in range(4):
            station.turn([(1, swerving), killed])
        (dead,) = (k for k in station.air.active[0, :2] if station.air.table["threat"][0, k] == 2)
        station.air.table["judged_s"][0, dead] = station.t_s
        for _ in range(6):
            station.turn([(1, swerving)])
        met = [c for c in station.told if c["kind"] == MET and c["track"] == dead and c["serial"] == 1]
        taken.append(any(c["threat"] == 1 for c in met))
    assert taken == [False, True]


def test_two_objects_are_two_tracks_and_their_slots_have_serials():
    station = Station()
    other = (2, straight([60e3, 45e3, 8e3], [-200.0, 0.0, 0.0]))
    for _ in range(4):
        station.turn([FAR, other])
    assert station.air.n[0] == 2 and station.kinds(ALONE) == [ALONE, ALONE]
    assert {c["threat"] for c in station.told if c["kind"] == PROVED} == {1, 2}


def test_a_hard_turn_is_joined_to_the_track_before_it():
    """Just after its fourth plot the object goes back: the new track becomes the old one, with the new estimate."""
    station = Station(coast_s=60.0)
    corner = 3 * SCAN_S + 2.0
    place = straight([60e3, 40e3, 8e3], [-250.0, 0.0, 0.0])
    back = (1, lambda t: place(t) if t < corner else place(corner) + (t - corner) * np.array([250.0, 0.0, 0.0]))
    for _ in range(9):
        station.turn([back])
    told = station.kinds(JOINED, RESTATED)
    assert told == [JOINED, RESTATED] and station.air.n[0] == 1
    joined, restated = (next(c for c in station.told if c["kind"] == kind) for kind in (JOINED, RESTATED))
    assert joined["other"] == restated["track"] != joined["track"]
    k = station.air.active[0, 0]
    assert k == joined["other"]
    np.testing.assert_allclose(station.air.table["x"][0, k, 3:5], [250.0, 0.0], atol=25.0)


def test_what_has_no_room_is_told():
    many = [(i, straight([60e3, 20e3 + 4e3 * i, 8e3], [-200.0, 0.0, 0.0])) for i in range(6)]
    station = Station(capacity=4)
    station.turn(many)
    assert station.air.n[0] == 4 and len(station.kinds(BORN)) == 4
    station._plots(many, 1, station.t_s)
    short = Station()
    short.air = short.air._replace(candidates=short.air.candidates[:2])
    gravest = 0
    for _ in range(2):
        for sector in range(SECTORS):
            short._plots(many, sector, short.t_s + 0.5)
            begun, short.t_s = short.t_s, short.t_s + 1.0
            track_sector(by_reference(short.air), filters(), coverage(), (1.0,), 0, sector, 0.0, begun, short.t_s)
            gravest = max(gravest, int(short.air.short[0]))
    assert gravest == CANDIDATES_FULL
    full = Station(capacity=1)
    full._plots(many, 1, 1.5)
    for sector in (0, 1):
        full._plots(many, sector, sector + 0.5)
        track_sector(by_reference(full.air), filters(), coverage(), (1.0,), 0, sector, 0.0, float(sector), sector + 1.0)
    assert full.air.short[0] == TRACKS_FULL
