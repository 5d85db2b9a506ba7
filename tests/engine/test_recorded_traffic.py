"""Recorded tracks through the real loop: they fly where and when the file says, and its content is what counts."""

import numpy as np
import pandas as pd
import pytest

from kalkan.byref import by_reference, structured
from kalkan.catalogue import load_catalogue
from kalkan.compile import compile_scenario
from kalkan.earth.geodesy import ecef_to_geodetic
from kalkan.errors import ProblemsError
from kalkan.kernels import slots
from kalkan.kernels.mission import new_state
from kalkan.kernels.paths import true_paths
from kalkan.scenario import parse
from kalkan.scenario.checks.recorded import told_of_tracks
from kalkan.schema import DEPARTED, KILLED, NEUTRAL, UNRESOLVED
from tests.engine import harness

T0 = 1_777_636_800.0  # 2026-05-01T12:00:00Z
FILE = '[[traffic]]\nname = "recorded"\nfile = "tracks.csv"\n'


def flight(name, begins_s, minutes=10, lat=38.2, lon=32.0, altitude_m=11_000.0):
    """An airliner that flies east at 230 m/s, a point every 5 s."""
    t = np.arange(0.0, 60.0 * minutes + 1.0, 5.0)
    east = np.degrees(230.0 * t / 6_378_000.0 / np.cos(np.radians(lat)))
    return pd.DataFrame(
        {"time": T0 + begins_s + t, "icao24": name, "lat": lat, "lon": lon + east, "geoaltitude": altitude_m}
    )


def scenario(folder, *flights, more="", file=FILE):
    pd.concat(flights).to_csv(folder / "tracks.csv", index=False)
    text = harness.scenario(harness.raid(count=2) + file + more)
    return parse(text, base_dir=folder)


def compiled(found):
    return compile_scenario(found, load_catalogue())


def states(found, i, t_s):
    """Latitude, longitude [deg] and height [m] of threat `i` at times, and whether it flies then."""
    plan, state = found.plan, new_state(found.plan)
    row = plan.threats[i]
    state.truth["start_s"][i] = max(row["start_s"], 0.0) + row["shift_s"]
    first = np.zeros(plan.threats.size + 1, np.int64)
    first[i + 1 :] = len(t_s)
    out = np.empty((len(t_s), 6))
    true_paths(by_reference(slots.ready(plan)), structured(state.truth), first, np.asarray(t_s, float), out)
    lat, lon, height = ecef_to_geodetic(*out[:, :3].T)
    return np.degrees(lat), np.degrees(lon), height


def test_tracks_fly_where_and_when_they_were_recorded(tmp_path):
    """One from the first second, one on the way when the scenario begins, one later, one over before, one after."""
    found = compiled(
        scenario(
            tmp_path, flight("aaa", 0.0), flight("bbb", -300.0, lat=38.4), flight("ccc", 600.0, lat=38.6),
            flight("ddd", -900.0), flight("eee", 1600.0), more='begins = "2026-05-01T12:00:00Z"',
        )
    )  # fmt: skip
    assert found.labels["threat"][2:] == ["recorded aaa", "recorded bbb", "recorded ccc"]
    assert any("3 of its 5 tracks fly in the simulated time" in told for told in found.attrs["traffic"])
    for i, (begins_s, lat) in enumerate([(0.0, 38.2), (-300.0, 38.4), (600.0, 38.6)], start=2):
        t = np.linspace(max(begins_s, 0.0), begins_s + 600.0, 31)
        flown = states(found, i, t)
        east = np.degrees(230.0 * (t - begins_s) / 6_378_000.0 / np.cos(np.radians(lat)))
        assert flown[0] == pytest.approx(lat, abs=1e-4)  # 10 m
        assert flown[1] == pytest.approx(32.0 + east, abs=1e-4)
        assert flown[2] == pytest.approx(11_000.0, abs=2.0)
    assert found.plan.threats["side"][2:].tolist() == [NEUTRAL] * 3


def test_they_are_seen_and_leave_in_the_loop(tmp_path):
    """Nobody jumps: each begins and ends as recorded, and radars see it as any other."""
    two = flight("aaa", 0.0, 5), flight("bbb", 600.0, 30)
    found = compiled(scenario(tmp_path, *two, more='begins = "2026-05-01T12:00Z"'))
    ran = harness.run(found, 3)
    ended = ran.threat_outcome[:, 2:]
    assert set(ended[:, 0]) <= {DEPARTED, KILLED} and set(ended[:, 1]) <= {UNRESOLVED, KILLED}
    assert (ran.threat_start_s[:, 2:] == [0.0, 600.0]).all()
    assert np.isfinite(ran.threat_first_plot_s[:, 2:]).all()
    left = ran.threat_end_s[:, 2][ended[:, 0] == DEPARTED]
    assert left == pytest.approx(300.0, abs=0.1)


def test_the_file_s_content_is_of_the_scenario_s_identity_and_its_name_is_not(tmp_path):
    base = scenario(tmp_path, flight("aaa", 0.0))
    (tmp_path / "other.csv").write_bytes((tmp_path / "tracks.csv").read_bytes())
    renamed = parse(base.text.replace("tracks.csv", "other.csv"), base_dir=tmp_path)
    assert renamed.identity == base.identity
    before = base.identity
    moved = scenario(tmp_path, flight("aaa", 0.0, lat=38.3))
    assert moved.text == base.text and moved.identity != before


def test_silent_transponders_and_missing_plans_are_in_the_plan(tmp_path):
    found = compiled(scenario(tmp_path, flight("aaa", 0.0), more='transponder = "silent"\nflight_plan = false'))
    assert found.plan.threats["transmits"].tolist() == [0] * 3 and found.plan.threats["flight_plan"].tolist() == [0] * 3
    usual = compiled(scenario(tmp_path, flight("aaa", 0.0)))
    assert usual.plan.threats["transmits"].tolist() == [0, 0, 1]


def test_points_under_the_ground_are_lifted_and_told(tmp_path):
    """By pressure, an aircraft on approach was 20 m under the sea."""
    found = compiled(scenario(tmp_path, flight("aaa", 0.0, altitude_m=-20.0)))
    assert states(found, 2, [0.0, 100.0, 200.0])[2] == pytest.approx(30.0, abs=2.0)
    assert any("lifted" in told for told in found.attrs["traffic"])


def test_what_was_dropped_is_told_before_a_run(tmp_path):
    table = flight("aaa", 0.0)
    table.loc[50, "lat"] += 2.0
    (told,) = [t for t in told_of_tracks(scenario(tmp_path, table)) if "rows" in t]
    assert told.startswith('traffic "recorded": 121 rows, 1 tracks over 10 min') and "1 glitches of position" in told


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ('begins = "2026-05-01T13:00:00Z"', "2026-05-01T12:00:00Z to 2026-05-01T12:10:00Z"),
        ('begins = "noon"', "must be an instant"),
        ('altitude_unit = "yd"', 'must be one of "m", "ft"'),
        ('longest_gap = "1 s"', "longest_gap"),
        ('utc_offset = "3"', "needs a unit"),
        ("airway = [[39.0, 33.0], [40.0, 33.0]]\nflights_per_hour = 3", 'stands beside "airway"'),
        ("flights_per_hour = 3", "belongs to an airway"),
        ('type = "f-16c"', "not a civil aircraft"),
    ],
)
def test_bad_input_is_told_at_its_line(tmp_path, more, words):
    with pytest.raises(ProblemsError, match=words.replace("[", r"\[")) as caught:
        scenario(tmp_path, flight("aaa", 0.0), more=more)
    assert all(p.line for p in caught.value.problems)


def test_tracks_of_another_place_are_refused(tmp_path):
    with pytest.raises(ProblemsError, match="no track within 1,000 km"):
        scenario(tmp_path, flight("aaa", 0.0, lat=10.0))
    with pytest.raises(ProblemsError, match="swapped"):
        scenario(tmp_path, flight("aaa", 0.0, lat=40.0, lon=28.0).rename(columns={"lat": "lon", "lon": "lat"}))


def test_a_file_that_is_not_there_is_one_problem(tmp_path):
    with pytest.raises(ProblemsError) as caught:
        parse(harness.scenario(harness.raid() + FILE), base_dir=tmp_path)
    assert "does not exist" in str(caught.value) and len(caught.value.problems) == 1
