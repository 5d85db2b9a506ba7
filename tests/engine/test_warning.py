"""Early warning: a unit that searches for itself and faces away meets the missile of whose launch it is told."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kalkan.schema import EV_CUED, EV_FIRST_PLOT, EV_WARNED, KILLED, LEAKED
from tests.engine.harness import run
from tests.engine.test_ballistic import SURE, falling

AWAY = 'link = "cut"\nboresight = "0 deg"'  # north; the missile comes from the south


def warned(*, launch_km: float = 1.0, impact_km: float = 1.0, p: float = 1.0, delay_s: float = 40.0) -> str:
    return (
        f'[early_warning]\ndetection_probability = {p}\ndelay = "{delay_s} s"\nlaunch_error = "{launch_km} km"\n'
        f'impact_error = "{impact_km} km"\n'
    )


def battery(warning: str = "", n: int = 10, count: int = 1):
    plan = falling(doctrine=AWAY, count=count, more=SURE + warning)
    return plan, run(plan, n)


@pytest.fixture(scope="module")
def told():
    return battery(warned())


def test_a_battery_that_faces_away_meets_it_only_if_it_is_told(told):
    _, unwarned = battery()
    assert (unwarned.threat_outcome == LEAKED).all() and unwarned.spent.sum() == 0
    assert np.isnan(unwarned.threat_first_plot_s).all() and np.isnan(unwarned.threat_warned_s).all()
    assert (told[1].threat_outcome == KILLED).mean() > 0.8


def test_with_too_large_an_error_it_looks_elsewhere(told):
    """A launch point that errs by more than its distance is anywhere: most batteries look the wrong way."""
    _, lost = battery(warned(launch_km=1500.0), n=40)
    assert (lost.threat_outcome == LEAKED).mean() > 0.4 > 0.2 > (told[1].threat_outcome == LEAKED).mean()


def test_what_comes_down_elsewhere_turns_nobody():
    """An impact told to a kilometre, 50 km from all that is defended, is heard of and not heeded."""
    plan, _ = battery(warned())
    moved = plan.plan.asset_m.copy()
    moved[:, :, 1] += 60e3
    away = plan.__class__(plan.plan._replace(asset_m=moved), plan.labels, plan.sizes, plan.attrs)
    assert (run(away, 4).event_kind == EV_WARNED).any() and not (run(away, 4).event_kind == EV_CUED).any()


def test_it_comes_after_its_delay_and_the_turn_takes_its_time(told):
    """The warning after 40 s; the sector, half the horizon round, at the claimed rate of the radar."""
    plan, found = told
    units = plan.plan.units
    radar = plan.plan.radars[units["radar"][0]]
    place = plan.plan.knots["position_m"][plan.plan.paths["first"][plan.plan.threats["path"][0]]]
    o, m = radar["position_m"], radar["to_local"]
    east, north, _ = m @ (place - o)
    off = abs((math.atan2(east, north) - radar["boresight_rad"] + math.pi) % (2.0 * math.pi) - math.pi)
    for row in range(5):
        n = found.event_count[row]
        t_s, kind = found.event_time_s[row, :n], found.event_kind[row, :n]
        assert t_s[kind == EV_WARNED].min() == pytest.approx(40.0 + found.threat_start_s[row, 0], abs=1e-3)
        (cued,) = t_s[kind == EV_CUED]
        assert cued - t_s[kind == EV_WARNED].min() == pytest.approx(off / units["slew_rad_s"][0], rel=0.01)
        assert t_s[kind == EV_FIRST_PLOT].min() > cued
    np.testing.assert_allclose(found.threat_warned_s - found.threat_start_s, 40.0, atol=1e-3)


def cued_s(found) -> list[float]:
    """When the sector had turned for a warning, in the first replication [s]."""
    n = found.event_count[0]
    return found.event_time_s[0, :n][found.event_kind[0, :n] == EV_CUED].tolist()


def test_a_newer_warning_takes_the_place_of_the_one_before():
    """Two launches 40 s apart; a turn takes 180 s: it is done that long after the second warning, and once."""
    slow = '[assume.92n6e]\nslew_rate = "1 deg/s"\n'
    found = battery(warned(launch_km=0.0) + slow, n=1, count=2)[1]
    first, second = sorted(found.threat_warned_s[0])
    (cued,) = cued_s(found)
    assert second - first == pytest.approx(40.0, abs=0.1) and second + 150.0 < cued < second + 181.0


def test_an_order_takes_the_place_of_a_warning():
    """It faces an aircraft in the north, and has shot it down before the turn to the south would be done."""
    plane = """[[raids]]
name = "plane"
type = "f-16c"
count = 1
route = [{ position = [38.2, 33.5], altitude = "8 km MSL" }, { position = [37.5, 33.5], altitude = "8 km MSL" }]
aim = "base"
start = "40 s"
"""
    slow = '[assume.92n6e]\nslew_rate = "0.5 deg/s"\n'
    alone, both = (battery(warned(launch_km=0.0) + slow + more, n=1)[1] for more in ("", plane))
    assert len(cued_s(alone)) == 1 and both.threat_outcome[0].tolist().count(KILLED) >= 1
    assert cued_s(both) == [] and np.nanmax(both.threat_first_launch_s) < cued_s(alone)[0]


def test_what_the_scenario_leaves_open_is_claimed():
    plan, _ = battery("[early_warning]\n", n=1)
    w = plan.plan.warning
    assert (w.on, w.p_told, w.delay_s, w.launch_m, w.impact_m) == (1, 0.95, 90.0, 5e3, 25e3)
    assert {r["quantity"] for r in plan.attrs["inputs"] if r["entry"] == "launch-warning"} == {
        "launch_detection", "warning_delay", "launch_point_error", "impact_point_error"
    }  # fmt: skip


def test_the_tables_tell_what_a_warning_gave(told):
    from kalkan.results.measures import quantities
    from kalkan.results.quantity import Finished
    from kalkan.schema import VARIABLES

    plan, found = told
    arrays = {name: getattr(found, name) for name in VARIABLES if hasattr(found, name) and "event" not in name}
    q = {k: v.values for k, v in quantities(Finished(np.arange(10), arrays, plan.labels, plan.attrs)).items()}
    assert (q["warned"] == 1).all()
    ahead_s = np.mean(found.threat_first_plot_s - found.threat_warned_s)
    assert q["warned_ahead"].mean() == pytest.approx(ahead_s, rel=1e-5)


def test_launches_are_told_of_with_their_probability():
    _, found = battery(warned(p=0.4), n=40, count=4)
    share = float((~np.isnan(found.threat_warned_s)).mean())
    assert abs(share - 0.4) < 4.0 * math.sqrt(0.24 / 160)


def test_it_changes_nothing_of_what_is_drawn_for_others():
    """A battery that looks there already does what it did, warned or not."""
    facing = 'link = "cut"\nboresight = "186 deg"'
    there, also = (falling(doctrine=facing, count=3, more=SURE + warning) for warning in ("", warned()))
    one, other = run(there, 6), run(also, 6)
    for name in ("threat_end_s", "threat_outcome", "threat_first_plot_s", "spent", "plots"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert not np.isnan(other.threat_warned_s).any()
