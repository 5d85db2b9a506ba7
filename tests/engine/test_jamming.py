"""Jammers in the fight: who is held later, which plots are taken, and the strobes that are left."""

from __future__ import annotations

import numpy as np
import pytest

from kalkan.kernels import mission, trace
from kalkan.kernels.records import allocate
from kalkan.schema import DEPARTED, KILLED
from tests.engine.harness import compiled, raid, run, scenario

POD = """
[[jammers]]
name = "pod"
carried_by = "raid"
effective_power = "{power}"
bandwidth = "100 MHz"
bands = {bands}
"""
N = 40


HARMLESS = '[doctrine.standard.aircraft]\nearliest_range = "1 km"\n'  # no target is shot at before it is there


def jammed(power: str, bands: str = '["S", "X"]', far: float = 37.0, more: str = ""):
    extra = (POD.format(power=power, bands=bands) if power else "") + more
    return compiled(scenario(raid(count=2, lat=far, width=4), perfect=False, horizon="25 min", extra=extra))


@pytest.fixture(scope="module")
def clear():
    return run(jammed(""), N)


def test_who_screens_itself_is_held_later():
    """A pod of the X band alone: the search radars see as before, the engagement radar shoots later."""
    clear, x = (run(jammed(power, '["X"]'), 3) for power in ("", "20 W"))
    np.testing.assert_array_equal(x.threat_first_plot_range_m, clear.threat_first_plot_range_m)
    assert np.nanmean(x.threat_first_launch_range_m) < 0.9 * np.nanmean(clear.threat_first_launch_range_m)


def test_the_more_power_the_fewer_are_killed(clear):
    killed = [(r.threat_outcome == KILLED).sum() for r in (clear, run(jammed("20 W"), N), run(jammed("2 kW"), N))]
    assert killed[0] >= killed[1] > killed[2]


def test_what_jamming_took_would_have_been_plots(clear):
    """While nothing is shot at, plots and plots taken are together the plots of the clear world."""
    harmless = scenario(raid(count=2, lat=37.0, width=4), perfect=False, horizon="9 min", rounds=0)
    far = harmless.replace('loads = { "48n6e3" = 0 }', 'loads = { "48n6e3" = 1 }')
    far += HARMLESS
    without, with_pods = run(compiled(far), N), run(compiled(far + POD.format(power="20 W", bands='["S"]')), N)
    assert without.spent.sum() == 0
    np.testing.assert_array_equal(with_pods.plots + with_pods.plots_jammed, without.plots)
    assert with_pods.plots_jammed.sum() > 0.3 * without.plots.sum()


def strobes(plan_of):
    records = allocate(1, plan_of.sizes)
    state = mission.trace_one(plan_of.plan, 1, 0, 0, records, 200_000)
    entries = state.trace.entries[: int(state.trace.n[0])]
    return records, entries[entries["kind"] == trace.STROBE]


def test_strobes_point_at_the_jammer_once_a_turn():
    plan_of = jammed("2 kW")
    records, found = strobes(plan_of)
    assert found.size == records.radar["strobes"].sum() > 50
    off = found["value"] - np.pi  # the raid comes from the south
    assert np.abs(off).max() < np.radians(5.0) and np.std(off) > np.radians(0.05)
    for r in np.unique(found["place"]):  # the run begins amid a turn
        mine = np.sort(found["t_s"][(found["place"] == r) & (found["threat"] == 0)])
        assert np.diff(mine)[1:].min() > 0.7 * plan_of.plan.radars["scan_period_s"][r]


def test_strobes_end_where_the_radar_burns_through():
    """Until it is too near to be seen: in the last minute the raid is above the beams."""
    told = (strobes(jammed(power, far=38.2, more=HARMLESS))[1]["t_s"] for power in ("2 W", "2 kW"))
    few, many = (t_s[t_s < 300.0].max() for t_s in told)
    assert 0 < few < 0.8 * many


def test_a_dead_jammer_is_silent():
    """Strobes end with their jammers."""
    plan_of = jammed("20 W")
    records, found = strobes(plan_of)
    for i in np.flatnonzero(records.threat["threat_outcome"][0] == KILLED):
        mine = found["t_s"][found["threat"] == i]
        assert mine.size and mine.max() <= records.threat["threat_end_s"][0, i] + 1.0


def test_a_jammer_far_behind_everything_that_flies_in_is_heard():
    """Tables of the horizon end soon behind the raid's route; the jammer does not."""
    orbit = POD.replace('carried_by = "raid"', 'position = [36.3, 33.0]\naltitude = "10 km MSL"')
    extra = orbit.format(power="5 kW", bands='["S"]')
    plan_of = compiled(scenario(raid(lat=38.6), perfect=False, horizon="2 min", extra=extra))
    radars = plan_of.plan.radars
    assert (radars["horizon_radius_m"] < 290e3).all(), "the jammer is 300 km away"
    assert run(plan_of, 2).strobes.sum() > 0


def test_a_decoy_lives_as_long_as_it_is_said_to():
    """A raid without an aim and with an exposure: seen like what its cross-section says, and gone after its life."""
    decoy = raid("decoys", 4, lat=37.0).replace('aim = "centre"\n', 'exposure = "5 min"\n').replace("f-16c", "decoy")
    result = run(compiled(scenario(decoy, perfect=False, rounds=1, horizon="12 min")), 10)
    left = result.threat_outcome == DEPARTED
    assert left.any() and set(np.unique(result.threat_outcome)) <= {KILLED, DEPARTED}
    assert np.allclose((result.threat_end_s - result.threat_start_s)[left], 300.0)
    bright = scenario(decoy, perfect=False, rounds=1, horizon="12 min", extra='[assume.decoy]\nrcs = "5 m2"\n')
    assert run(compiled(bright), 10).plots.sum() > result.plots.sum()
