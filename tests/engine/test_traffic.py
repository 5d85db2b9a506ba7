"""Civil traffic on airways, through the real loop: how many fly, where, how high, and that the raid is as without."""

import math

import numpy as np
import pytest
from scipy.stats import poisson

from kalkan.earth.geodesy import ecef_to_geodetic
from kalkan.scenario.nouns.traffic import most_flights
from kalkan.schema import DEPARTED, NEUTRAL, UNRESOLVED
from tests.engine import harness

AIRWAY = """
[[traffic]]
name = "{name}"
airway = [[{lat}, {west}], [{lat}, {east}]]
levels = ["FL330", "FL350", "FL370"]
flights_per_hour = {rate}
arrivals = "{arrivals}"
speed = "230 m/s"
{more}
"""


def airway(name="UL1", rate=12, arrivals="poisson", lat=36.0, west=30.0, east=36.0, more=""):
    return AIRWAY.format(name=name, rate=rate, arrivals=arrivals, lat=lat, west=west, east=east, more=more)


def flown(text, n=40):
    """The plan, and of each replication and airliner when it starts and ends [s]."""
    found = harness.compiled(text)
    ran = harness.run(found, n)
    mine = found.plan.threats["side"] == NEUTRAL
    start = ran.threat_start_s[:, mine].astype(float)
    return found, ran, start, start + found.plan.threats["duration_s"][mine]


FAR = harness.raid(count=1, lat=37.8)


def test_flights_come_in_as_a_poisson_process_and_fill_the_airway_from_the_first_second():
    """Mean numbers are rate x time; counts scatter as Poisson's; gaps are exponential."""
    rate, horizon_s, n = 12.0, 1500.0, 400
    found, _, start, end = flown(harness.scenario(FAR + airway(rate=rate, lat=20.0), horizon="25 min"), n)
    flight_s = float(found.plan.threats["duration_s"][-1])
    assert flight_s == pytest.approx(627_000 / 230.0, rel=0.01)  # 6 degrees along the 20th parallel
    in_the_air = ((start <= 0.0) & (end >= 0.0)).sum(axis=1)
    came_in = ((start > 0.0) & (start <= horizon_s)).sum(axis=1)
    for counted, mean in ((in_the_air, rate / 3600.0 * flight_s), (came_in, rate / 3600.0 * horizon_s)):
        assert abs(counted.mean() - mean) < 4.0 * math.sqrt(mean / n)
        assert counted.var(ddof=1) == pytest.approx(mean, rel=4.0 * math.sqrt(2.0 / n) + 0.05)
    gaps = np.diff(start, axis=1).ravel()
    assert (gaps > 0.0).all() and gaps.mean() == pytest.approx(300.0, rel=0.03)
    assert np.mean(gaps > 300.0) == pytest.approx(math.exp(-1.0), abs=0.02)


def test_there_are_members_enough_for_all_but_one_replication_in_a_million():
    for mean in (0.01, 0.3, 2.0, 25.0, 400.0):
        assert poisson.sf(most_flights(mean), mean) < 1e-6
        assert most_flights(mean) <= poisson.isf(1e-6, mean) + 7


def test_even_spacing_is_even_and_the_same_in_every_replication():
    _, _, start, _ = flown(harness.scenario(FAR + airway(rate=20, arrivals="even", lat=20.0)), 3)
    assert np.allclose(np.diff(start, axis=1), 180.0, atol=1e-2) and (start == start[0]).all()
    assert start.max() < 1500.0 <= start.max() + 180.0


def test_airliners_fly_the_airway_at_its_levels():
    found, _, _, _ = flown(harness.scenario(FAR + airway(lat=20.0)), 1)
    plan = found.plan
    mine = np.flatnonzero(plan.threats["side"] == NEUTRAL)
    assert set(np.asarray(found.attrs["threat_type"])[mine]) == {"airliner"}
    heights = set()
    for i in mine[:12]:
        first, last = plan.paths[plan.threats["path"][i]]
        lat, _, height = ecef_to_geodetic(*plan.knots["position_m"][first:last].T)
        assert np.degrees(lat) == pytest.approx(20.0, abs=0.1)  # the geodesic bulges from the parallel
        speed = np.linalg.norm(plan.knots["velocity_m_s"][first:last], axis=1)
        assert speed == pytest.approx(230.0, rel=1e-6)
        heights |= set(np.round(height / 30.48).astype(int).tolist())
    assert heights == {330, 350, 370}


def test_a_share_of_a_claimed_density_is_its_flights():
    """3,140 flights a day by the newest claim, a hundredth of them: one in 27.5 min; another claim, another rate."""
    text = harness.scenario(FAR + airway(lat=20.0).replace(
        "flights_per_hour = 12", 'density = "civil-traffic-turkiye"\nshare = 0.01'
    ))  # fmt: skip
    found = harness.compiled(text)
    (row,) = [r for r in found.attrs["inputs"] if r["quantity"] == "flights_per_day"]
    gap_s = found.plan.threats["mean_gap_s"][-1]
    assert gap_s == pytest.approx(86_400.0 / (0.01 * row["value"]))
    more = harness.compiled(text + '[assume.civil-traffic-turkiye]\nflights_per_day = 8640\n')
    assert more.plan.threats["mean_gap_s"][-1] == pytest.approx(1000.0)


def test_the_claimed_altitude_is_flown_where_none_is_written():
    text = harness.scenario(FAR + airway(lat=20.0).replace('levels = ["FL330", "FL350", "FL370"]\n', ""))
    plan = harness.compiled(text).plan
    first, last = plan.paths[plan.threats["path"][-1]]
    height = ecef_to_geodetic(*plan.knots["position_m"][first:last].T)[2]
    assert height == pytest.approx(11_000.0, abs=1.0)


def test_traffic_that_nobody_sees_changes_nothing_of_the_raid():
    far = airway(lat=20.0, more='transponder = "silent"')
    raids = harness.raid(count=4, lat=31.0)
    without, beside = (harness.compiled(harness.scenario(raids + more)) for more in ("", far))
    assert (beside.plan.threats["transmits"] == 0).all()
    one, other = harness.run(without, 4), harness.run(beside, 4)
    for name in ("threat_outcome", "threat_end_s", "threat_first_plot_s", "threat_shots", "threat_start_s"):
        mine = getattr(other, name)[:, :4]
        assert np.array_equal(getattr(one, name), mine, equal_nan=True), name
    assert set(np.unique(other.threat_outcome[:, 4:])) <= {DEPARTED, UNRESOLVED}


def test_airliners_that_are_silent_are_shot_at_and_those_that_answer_are_not():
    """The same airway through the reach of the defence: who they are is told by transponder and flight plan."""
    shots = {}
    for more in ("", 'transponder = "silent"\nflight_plan = false'):
        across = airway(rate=60, lat=38.5, west=32.0, east=34.0, more=more)
        found, ran, _, _ = flown(harness.scenario(harness.raid(count=1) + across, p=1.0), 2)
        shots[more == ""] = ran.threat_shots[:, found.plan.threats["side"] == NEUTRAL].sum()
    assert shots[True] == 0 < shots[False]


def test_lone_flights_start_before_the_scenario_and_leave_at_the_end_of_the_airway():
    _, ran, start, end = flown(harness.scenario(FAR + airway(rate=20, lat=20.0, west=30.0, east=31.5)), 8)
    outcome = ran.threat_outcome[:, 1:]
    assert ((outcome == DEPARTED) == (end <= 1500.0)).all()
    assert (ran.threat_end_s[:, 1:][outcome == DEPARTED] >= 0.0).all() and (start < 0.0).any()
