"""Every flying thing has a side: the raid is counted alone, and what befalls others is counted for itself."""

import numpy as np
import pytest

from kalkan.results.measures import plain_quantities, quantities
from kalkan.results.quantity import Finished, estimate
from kalkan.schema import DEPARTED, FRIENDLY, HOSTILE, IFF_FAILED, IFF_SILENT, IFF_VALID, KILLED, NEUTRAL
from tests.engine import harness

FLIGHT = """
[[flights]]
name = "{name}"
type = "{type}"
count = {count}
route = [
  {{ position = [{lat}, 33.0], altitude = "9 km MSL" }},
  {{ position = [39.6, 33.4], altitude = "9 km MSL" }},
]
speed = "240 m/s"
spacing = "30 s"
{more}
"""


def flight(name="patrol", kind="f-16c", count=2, lat=38.2, more=""):
    return FLIGHT.format(name=name, type=kind, count=count, lat=lat, more=more)


def finished(found, n=6):
    ran = harness.run(found, n)
    arrays = {k: v for k, v in vars(ran).items() if k != "labels"}
    return Finished(np.arange(n), arrays, found.labels, found.attrs)


BOTH = harness.scenario(harness.raid(count=3) + flight() + flight("holiday", "airliner", 3, 38.0, 'side = "neutral"'))


def test_plan_holds_sides_and_answers_in_order():
    more = 'transponder = "silent"\niff = "failed"\nflight_plan = false'
    text = harness.scenario(
        harness.raid(count=2) + flight(count=1) + flight("away", "f-16c", 1, 38.1, more)
        + flight("holiday", "airliner", 1, 38.0, 'side = "neutral"')
    )  # fmt: skip
    found = harness.compiled(text)
    threats = found.plan.threats
    assert found.labels["threat"] == ["raid 1", "raid 2", "away 1", "holiday 1", "patrol 1"]
    assert threats["side"].tolist() == [HOSTILE, HOSTILE, FRIENDLY, NEUTRAL, FRIENDLY]
    assert threats["transmits"].tolist() == [0, 0, 0, 1, 0]
    assert threats["iff"].tolist() == [IFF_SILENT, IFF_SILENT, IFF_FAILED, IFF_SILENT, IFF_VALID]
    assert threats["flight_plan"].tolist() == [0, 0, 0, 1, 1]
    assert found.attrs["threat_side"] == ["hostile", "hostile", "friendly", "neutral", "friendly"]
    assert (threats["aim"][2:] == -1).all() and np.isinf(threats["leak_s"][2:]).all()


def test_the_raid_is_counted_alone_and_others_for_themselves():
    """With rounds that cannot miss and nobody identified, everything in reach is shot down, whosever it is."""
    text = BOTH + '\n[rules_of_engagement]\nweapons_control = "free"\nrequired_confidence = 1.0\n'
    records = finished(harness.compiled(text.replace("kill_probability = 0.7", "kill_probability = 1.0")))
    outcome = records.arrays["threat_outcome"]
    np.testing.assert_array_equal(records.of_threats("threat_outcome"), outcome[:, :3])
    found = quantities(records)
    assert found["leakers"].most == 3.0
    assert (found["killed"].values == (outcome[:, :3] == KILLED).sum(axis=1)).all()
    assert (found["friends_killed"].values == (outcome[:, 6:] == KILLED).sum(axis=1)).all()
    assert (found["airliners_killed"].values == (outcome[:, 3:6] == KILLED).sum(axis=1)).all()
    assert found["friends_killed"].values.sum() > 0 and found["airliners_killed"].values.sum() > 0
    shots = records.arrays["threat_shots"]
    assert (found["shots_at_airliners"].values == shots[:, 3:6].sum(axis=1)).all()
    assert (found["friends_shot_at"].values == (shots[:, 6:] > 0).sum(axis=1)).all()
    ended = sum(found[k].values for k in ("leakers", "killed", "departed", "unresolved"))
    assert (ended == 3.0).all()
    assert (records.arrays["kills"].sum(axis=(1, 2)) == found["killed"].values).all()
    assert estimate(found["airliners_killed"]).half_width >= 0.0
    assert not any("patrol" in key or "holiday" in key for key in found)
    costs = np.asarray(records.attrs["threat_unit_cost_usd"])[:3]
    assert found["cost_killed"].values == pytest.approx(found["killed"].values * costs[0])


def test_nothing_is_told_of_sides_that_do_not_fly():
    alone = finished(harness.compiled(harness.scenario(harness.raid(count=3))), 2)
    about = {"friends_shot_at", "friends_killed", "shots_at_friends", "airliners_shot_at", "airliners_killed"}
    assert about.isdisjoint(quantities(alone))
    assert all((plain_quantities(alone)[key].values == 0.0).all() for key in about)  # studies may ask


def test_flights_far_away_change_nothing_of_the_raid():
    """A flight that no radar sees flies to its end, and leaves every number of the raid: its draws are its own."""
    far = flight().replace("38.2, 33.0", "38.2, 45.0").replace("39.6, 33.4", "39.6, 45.4")
    raids = harness.raid(count=4, lat=31.0)  # the farthest, so that lines of sight are worked out as far without it
    without, beside = (harness.compiled(harness.scenario(raids + more)) for more in ("", far))
    one, other = harness.run(without, 4), harness.run(beside, 4)
    for name in ("threat_outcome", "threat_end_s", "threat_first_plot_s", "threat_shots", "threat_start_s"):
        mine = getattr(other, name)[:, :4]
        assert np.array_equal(getattr(one, name), mine, equal_nan=True), name
    assert (other.threat_outcome[:, 4:] == DEPARTED).all()
    assert np.array_equal(one.spent, other.spent) and np.array_equal(one.plots, other.plots)


def test_airliners_that_come_after_the_horizon_are_not_counted():
    late = flight("late", "airliner", 2, 38.0, 'side = "neutral"\nstart = "20 min"').replace("30 s", "10 min")
    found = quantities(finished(harness.compiled(harness.scenario(harness.raid() + late)), 2))
    assert (found["airliners_flown"].values == 1.0).all()  # the second would begin 5 min after the end
