"""A replication told again is the same replication, and its story hangs together."""

import shutil

import numpy as np
import pytest

import kalkan
from kalkan.earth.geodesy import enu_basis
from kalkan.engine.ledger import OF_RAIDS
from kalkan.engine.motions import thin
from kalkan.engine.store import Store
from kalkan.errors import ProblemsError, StoreError
from kalkan.results import chosen
from kalkan.scenario import parse
from kalkan.schema import EV_KILL, EV_LAUNCH, EV_TRACK, EV_TRACK_END, RAGGED
from tests.engine.harness import scenario
from tests.engine.test_merging import HARMLESS, TURN


def of_kind(recording, kind):
    return recording.records["event_kind"] == kind


@pytest.mark.parametrize("variant", ["base", "slow-radar", "alone"])
@pytest.mark.parametrize("replication", [0, 3])
def test_every_variable_comes_out_as_it_was_stored(folder, variant, replication):
    recording = kalkan.record(folder, variant=variant, replication=replication)
    stored = Store.open(folder).read_one(variant, replication)
    assert set(stored) == {*OF_RAIDS, *RAGGED} == set(recording.records)
    for name, array in stored.items():
        assert array.tobytes() == np.asarray(recording.records[name], array.dtype).tobytes(), name
    assert recording.records["event_count"] == recording.records[RAGGED[0]].size > 0


def test_a_trace_that_runs_out_of_room_is_run_again(folder, recording, monkeypatch):
    monkeypatch.setattr("kalkan.engine.replay.FIRST_ROOM", 10)
    again = kalkan.record(folder, replication=recording.replication)
    assert again.plots.t_s.tobytes() == recording.plots.t_s.tobytes()
    assert [t.name for t in again.tracks] == [t.name for t in recording.tracks]


def test_plots_and_tracks_are_as_many_as_the_loop_counted(recording):
    r = recording.records
    true = recording.plots.threat >= 0
    for radar in range(len(recording.labels["radar"])):
        mine = recording.plots.radar == radar
        assert (mine & true).sum() == r["plots"][radar]
        assert (mine & ~true).sum() == r["false_plots"][radar]
    confirmed = [t for t in recording.tracks if t.confirmed_s == t.confirmed_s]
    assert len(confirmed) == r["tracks_confirmed"].sum() > 0
    times = np.sort(np.float32([t.confirmed_s for t in confirmed]))
    assert (times == np.sort(r["event_time_s"][of_kind(recording, EV_TRACK)])).all()
    ends = np.float32([t.end_s for t in confirmed if t.end_s < recording.horizon_s])
    assert (np.sort(ends) == np.sort(r["event_time_s"][of_kind(recording, EV_TRACK_END)])).all()


def test_a_track_that_is_joined_when_confirmed_is_not_told_as_confirmed(tmp_path):
    """An aircraft turns by more than 120°: one confirmed track, one beginning, and at most one end."""
    text = scenario(TURN, perfect=False, launchers=1, horizon="15 min", extra=HARMLESS)
    kalkan.run(parse(text), replications=2, out=tmp_path, unknown=False)
    story = kalkan.record(tmp_path, replication=1)
    assert story.records["tracks_merged"].sum() == 1
    confirmed = [t for t in story.tracks if t.confirmed_s == t.confirmed_s]
    assert len(confirmed) == story.records["tracks_confirmed"].sum() == of_kind(story, EV_TRACK).sum() == 1
    ends = np.float32([t.end_s for t in confirmed if t.end_s < story.horizon_s])
    assert story.records["event_time_s"][of_kind(story, EV_TRACK_END)].tolist() == ends.tolist()


def test_missiles_are_the_launches_and_meet_what_they_killed(recording):
    r = recording.records
    launches = of_kind(recording, EV_LAUNCH)
    assert len(recording.missiles) == r["spent"].sum() == launches.sum() > 0
    assert np.float32([m.motion.t_s[0] for m in recording.missiles]).tolist() == r["event_time_s"][launches].tolist()
    assert [m.aimed for m in recording.missiles] == r["event_subject"][launches].tolist()
    kills = [m for m in recording.missiles if m.outcome == "kill"]
    assert sorted(m.met for m in kills) == sorted(r["event_subject"][of_kind(recording, EV_KILL)].tolist())
    for m in kills:
        threat = recording.threats[m.met]
        assert threat.outcome == "killed" and threat.killed_s == np.float32(m.motion.t_s[-1])
        assert np.linalg.norm(m.motion.position_m[-1] - threat.motion.at(m.motion.t_s[-1])) < 0.01


def test_missiles_start_at_their_unit_and_fly_no_faster_than_they_can(recording):
    for m in recording.missiles:
        site = recording.site("fire unit", m.unit)
        assert np.linalg.norm(m.motion.position_m[0] - site.position_m) < 0.01
        legs = np.linalg.norm(np.diff(m.motion.position_m, axis=0), axis=1) / np.diff(m.motion.t_s)
        assert legs.max() < 2200.0  # the claims say 2000 m/s at most; bending the arc adds a little
        assert (np.diff(m.motion.t_s) > 0.0).all()


@pytest.mark.parametrize("variant", ["base", "alone"])
def test_the_beam_points_where_the_plots_are(folder, variant):
    """Rotating radars and, where fire units fight alone, sectors that turn with them."""
    story = kalkan.record(folder, variant=variant, replication=1)
    away = []
    for k in range(0, story.plots.t_s.size, 7):
        radar = int(story.plots.radar[k])
        site = story.site("radar", radar)
        lat, lon = np.radians(site.geodetic[:2])
        east, north, _ = enu_basis(lat, lon) @ (story.plots.position_m[k] - site.position_m)
        turn = np.arctan2(east, north) - story.beam_rad(radar, story.plots.t_s[k])
        away.append(abs((turn + np.pi) % (2.0 * np.pi) - np.pi))
    assert len(away) > 20
    assert np.median(away) < 0.01 and np.quantile(away, 0.95) < 0.05


def test_plots_scatter_about_the_truth_as_their_sigma_says(recording):
    """The normalised error is chi-square with 3 degrees of freedom, if truth, frames and times are right."""
    plots = recording.plots
    true = np.flatnonzero(plots.threat >= 0)
    away = np.array([plots.position_m[k] - recording.threats[plots.threat[k]].motion.at(plots.t_s[k]) for k in true])
    size = np.linalg.norm(away, axis=1) / np.linalg.norm(plots.sigma_m[true], axis=1)
    assert true.size > 100
    assert 0.8 < np.sqrt((size**2).mean()) < 1.2


def test_tracks_follow_the_truth(recording):
    confirmed = [t for t in recording.tracks if t.confirmed_s == t.confirmed_s and t.mostly >= 0]
    assert confirmed
    for track in confirmed:
        late = track.motion.t_s >= track.confirmed_s
        truth = recording.threats[track.mostly].motion.at(track.motion.t_s[late])
        away = np.linalg.norm(track.motion.position_m[late] - truth, axis=1)
        assert np.median(away) < 5.0 * np.median(np.linalg.norm(track.sigma_m[late], axis=1))


def test_true_paths_are_as_near_as_asked(folder, recording):
    fine = kalkan.record(folder, replication=recording.replication, tolerance_m=0.5)
    for coarse, exact in zip(recording.threats, fine.threats, strict=True):
        assert len(coarse.motion.t_s) < len(exact.motion.t_s)
        away = np.linalg.norm(coarse.motion.at(exact.motion.t_s) - exact.motion.position_m, axis=1)
        assert away.max() <= 10.5


def test_thinning_keeps_a_corner_and_nothing_of_a_straight_line():
    t = np.arange(11.0)
    straight = np.stack([t * 100.0, 0.0 * t, 0.0 * t], axis=1)
    assert thin(t, straight, 1.0).tolist() == [0, 10]
    corner = straight.copy()
    corner[6:, 1] = (t[6:] - 5.0) * 100.0
    assert thin(t, corner, 1.0).tolist() == [0, 5, 10]
    stop = straight.copy()
    stop[5:] = stop[5]  # the same line, but another speed
    assert thin(t, stop, 1.0).tolist() == [0, 5, 10]


def test_without_a_number_it_is_the_typical_replication_that_exports_and_replays_take(folder):
    found = {name: chosen.number_of("typical", folder, name) for name in ("base", "slow-radar", "alone")}
    variant, typical = next((name, n) for name, n in found.items() if n != 0)  # of 0 the test would not notice
    assert kalkan.record(folder, variant=variant).replication == typical
    (file,) = kalkan.export(folder, "geojson", variant=variant, out=folder.parent / "typical")
    assert file.stem == f"{variant}-{typical:05d}"


def test_wrong_arguments_are_told_at_once(folder):
    with pytest.raises(ProblemsError) as caught:
        kalkan.record(folder, variant="two", replication=4)
    text = str(caught.value)
    assert '"two" is not a variant; there are base, slow-radar, alone' in text
    assert "= 4 is not finished; there are 0 to 3" in text


def test_a_folder_without_results_says_so(tmp_path):
    with pytest.raises(StoreError, match="not a kalkan results folder"):
        kalkan.record(tmp_path)


def test_a_scenario_that_was_edited_in_the_folder_is_refused(folder, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    file = other / "scenario.toml"
    file.write_text(file.read_text().replace("count = 16", "count = 15"))
    with pytest.raises(StoreError, match="no longer what was run"):
        kalkan.record(other)


def test_another_seed_does_not_pass_as_the_stored_replication(folder, tmp_path):
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    store = Store.open(other)
    store.run["seed"] += 1
    store.save_run()
    with pytest.raises(StoreError, match="does not come out as it was stored"):
        kalkan.record(other)
