"""Resolution: objects in one cell of a radar give one plot, until they part."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kalkan.kernels import mission, trace
from kalkan.kernels.records import allocate
from kalkan.schema import KILLED
from tests.engine.harness import compiled, raid, run, scenario

ON = "[sensing]\nresolution = true\n"
OFF = "[sensing]\nresolution = false\n"


def plots_of(plan_of, radar: str):
    """Scan number, place in the picture [m] and true object of every plot of a radar, in one replication."""
    records = allocate(1, plan_of.sizes)
    state = mission.trace_one(plan_of.plan, 1, 0, 0, records, 400_000)
    entries = state.trace.entries[: int(state.trace.n[0])]
    r = plan_of.labels["radar"].index(radar)
    found = entries[(entries["kind"] == trace.PLOT) & (entries["place"] == r) & (entries["threat"] >= 0)]
    period, phase = plan_of.plan.radars["scan_period_s"][r], state.sensed.scans["phase"][r]
    return np.floor(found["t_s"] / period + phase).astype(int), found["x"][:, :3], found["threat"], records


def test_two_in_azimuth_part_where_the_beam_is_as_wide_as_they_are_apart():
    """Two aircraft 4 km apart: one plot a scan beyond 4 km / 2°, two within.

    Against: closed form: separation over beamwidth.
    """
    plan_of = compiled(scenario(raid(count=2, lat=37.0, width=4), rounds=1, p=0.0, horizon="13 min", extra=ON))
    scans, places, _, _ = plots_of(plan_of, "set/91N6E")
    parts = 4000.0 / math.radians(2.0)
    away = np.array([np.hypot(*places[scans == s, :2].T).mean() for s in np.unique(scans)])
    number = np.array([(scans == s).sum() for s in np.unique(scans)])
    far, near = away > parts + 3000.0, (away < parts - 3000.0) & (away > 30e3)
    assert far.sum() > 20 and near.sum() > 20
    assert (number[far] == 1).all() and (number[near] == 2).all()


def test_one_plot_of_two_lies_between_them():
    """Equal signals: in the middle, to the metres that the aspect differs by."""
    plan_of = compiled(scenario(raid(count=2, lat=37.0, width=4), rounds=1, p=0.0, horizon="5 min", extra=ON))
    scans, places, _, records = plots_of(plan_of, "set/91N6E")
    assert np.unique(scans).size == scans.size > 10
    assert np.abs(places[:, 0]).max() < 100.0, "each by itself is 2 km to one side"
    assert records.radar["plots_merged"][0, plan_of.labels["radar"].index("set/91N6E")] == scans.size


def test_two_in_range_part_by_the_range_cell():
    """One behind the other by 100 m they are one plot of the 150 m cells, by 250 m two."""
    number = []
    for gap_s in ("0.4", "1"):
        text = scenario(raid(count=2, lat=37.0, spacing=1), rounds=1, p=0.0, horizon="5 min", extra=ON)
        scans, _, _, _ = plots_of(compiled(text.replace('spacing = "1 s"', f'spacing = "{gap_s} s"')), "set/91N6E")
        number.append(round(scans.size / np.unique(scans).size, 1))
    assert number == [1.0, 2.0]


def test_a_range_rate_resolution_parts_what_else_would_be_one():
    """At most 120 m apart, one 6 m/s faster: two plots for a radar of 5 m/s, one for a radar of 50 m/s."""
    two = raid("slow", 1, lat=37.0) + raid("fast", 1, lat=37.0).replace("250 m/s", "256 m/s")
    text = scenario(two, rounds=1, p=0.0, horizon="20 s", extra=ON)
    number = []
    for resolution in ("5 m/s", "50 m/s"):
        claim = f'[assume.91n6e]\nradial_speed_resolution = "{resolution}"\n'
        scans, _, _, _ = plots_of(compiled(text.replace("[assume.91n6e]\n", claim)), "set/91N6E")
        number.append(round(scans.size / np.unique(scans).size, 1))
    assert number == [2.0, 1.0]


def test_cross_sections_add_up():
    """Four in one cell are detected with the probability of four times the cross-section.

    Against: closed form: the radar equation and the exact curve of Swerling 1, over the looks of an approach.
    """
    quiet = '[assume.91n6e]\ninstrumented_range = "600 km"\nfalse_alarms_per_scan = 0\n'
    text = scenario(raid(count=4, lat=35.4, spacing=0), perfect=False, horizon="8 min", rounds=1, extra=ON + quiet)
    plan_of = compiled(text)
    plan, r = plan_of.plan, plan_of.labels["radar"].index("set/91N6E")
    n = 100
    got = run(plan_of, n).plots[:, r]
    curve, expected = plan.p_d[r, plan.kinds["swerling"][0]], 0.0
    for t in np.arange(0.0, 480.0, 1.0):
        away = 400.4e3 - 250.0 * t
        snr = plan.radars["snr_1m_db"][r] + plan.rcs_dbsm[0, r, 0] + 10.0 * math.log10(4.0) - 40.0 * math.log10(away)
        seen = away < 380.4e3  # the smooth horizon of 8 km and of an antenna at 8 m
        expected += seen * float(np.interp(snr, -20.0 + 0.05 * np.arange(curve.size), curve))
    expected /= plan.radars["scan_period_s"][r]
    assert got.mean() == pytest.approx(expected, rel=0.04)


def test_off_is_as_if_it_were_not_there():
    plain, off = (run(compiled(scenario(raid(count=4, width=2), perfect=False, extra=x)), 4) for x in ("", OFF))
    for name, value in vars(plain).items():
        if name != "labels":
            np.testing.assert_array_equal(value, getattr(off, name), err_msg=name)


def test_a_tight_formation_is_shot_at_later():
    """Eight that look like one or two for most of the way: there is no track to shoot at for the others."""
    eight = raid(count=8, lat=37.6, width=1, spacing=0)
    apart, together = (
        run(compiled(scenario(eight, perfect=False, launchers=4, horizon="20 min", extra=x)), 30) for x in ("", ON)
    )
    assert np.nanmean(together.threat_first_launch_range_m) < 0.8 * np.nanmean(apart.threat_first_launch_range_m)
    assert np.isfinite(together.threat_first_plot_s).all(), "part of a plot is seen"


def test_of_a_formation_seen_as_one_each_member_is_shot_at():
    """Six as near as one are one track, and two rounds are the limit: of a target, not of the plot.

    Each that was assessed as killed gives way to the next, as long as plots go on. (A round may meet a neighbour of
    what it was launched at; then the second one is for the first.)
    """
    tight = raid(count=6, lat=37.5, width=0.02)
    found = run(compiled(scenario(tight, p=1.0, salvo=1, max_salvos=2, horizon="20 min", extra=ON)), 4)
    assert (found.threat_outcome == KILLED).all() and (found.spent.sum(axis=(1, 2)) <= 12).all()
    assert found.tracks_confirmed.max() < 6, "the post never saw six"
