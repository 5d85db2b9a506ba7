"""Ballistic missiles in the fight: what they are taken for, where they are met, and by what."""

from __future__ import annotations

import json

import numpy as np
import pytest

from kalkan.byref import by_reference, structured
from kalkan.earth.geodesy import ecef_to_geodetic
from kalkan.kernels import slots
from kalkan.kernels.mission import trace_one
from kalkan.kernels.paths import true_paths
from kalkan.kernels.records import allocate
from kalkan.kernels.state import TRUTH
from kalkan.schema import BALLISTIC_MISSILE, KILLED, LEAKED, MISSED, OUTCOMES, REASONS
from tests.engine.harness import compiled, run
from tests.engine.test_integration import errors

TEXT = """
title = "falling"
[region]
terrain = "flat"
[[assets]]
name = "base"
position = [37.5, 33.5]
value = 10
[[assets]]
name = "town"
position = [36.6, 33.38]
value = 1
[[systems]]
name = "set"
type = "{system}"
position = [37.55, 33.5]
fire_units = 1
fire_unit_positions = [[37.52, 33.52]]
{loads}
{doctrine}
[[raids]]
name = "salvo"
type = "short-range-ballistic-missile"
launch = [35.2, 33.2]
aim = "base"
count = {count}
spacing = "40 s"
{how}
[study]
replications = 10
seed = 1
horizon = "15 min"
"""
LARGE = 'loads = { "48n6e3" = 4 }'
SURE = '[assume."48n6e3"]\nkill_probability = 1\n[assume.kalkan-model]\ncommon_cause_share = 0\n'


def falling(
    system: str = "s-400", loads: str = LARGE, doctrine: str = "", count: int = 4, how: str = "", more: str = ""
):  # fmt: skip
    found = TEXT.format(system=system, loads=loads, doctrine=doctrine, count=count, how=how)
    return compiled(found + more)


def paths(plan, truth, first, t_s, out) -> None:
    """As ``true_paths``, whether or not it is compiled."""
    true_paths(by_reference(slots.ready(plan)), structured(truth), first, t_s, out)


def met(plan, found) -> np.ndarray:
    """Height [m] of every missile that was killed, at that moment."""
    heights = []
    for row in range(found.threat_outcome.shape[0]):
        truth = np.zeros(plan.threats.size, TRUTH)
        truth["start_s"], truth["hint"] = found.threat_start_s[row], 0
        out = np.zeros((truth.size, 6))
        paths(plan, truth, np.arange(truth.size + 1), found.threat_end_s[row].astype(float), out)
        heights += ecef_to_geodetic(*out[:, :3].T)[2][found.threat_outcome[row] == KILLED].tolist()
    return np.array(heights)


@pytest.fixture(scope="module")
def s400():
    plan = falling(more=SURE)
    return plan, run(plan, 10)


def test_it_comes_down_on_time_where_nobody_may_shoot():
    plan = falling(doctrine='[doctrine.standard]\nnever = ["48n6e3"]')
    found = run(plan, 2)
    assert (found.threat_outcome == LEAKED).all() and found.spent.sum() == 0
    flight_s = plan.plan.threats["leak_s"]
    np.testing.assert_allclose(found.threat_end_s, found.threat_start_s + flight_s, atol=0.1)
    assert (np.abs(flight_s - 290.0) < 20.0).all()  # 260 km: a minute of boost, and four of fall


def test_an_s400_meets_it_inside_its_envelope_against_ballistic_targets(s400):
    plan, found = s400
    assert (found.threat_outcome == KILLED).mean() > 0.9
    heights, reach = met(plan.plan, found), plan.plan.ballistic.reaches[0]
    assert (reach["range_max_m"], reach["altitude_min_m"], reach["altitude_max_m"]) == (60e3, 2e3, 25e3)
    assert heights.min() > 2e3 and heights.max() < 25.5e3  # the fall is foreseen with another drag than it has
    assert np.nanmax(found.threat_first_intercept_range_m) < 60e3


def test_nothing_is_met_below_the_keep_out_altitude():
    plan = falling(doctrine='[doctrine.standard]\nkeep_out_altitude = "20 km"', more=SURE)
    found = run(plan, 10)
    heights = met(plan.plan, found)
    assert heights.size > 20 and heights.min() > 19.9e3


@pytest.mark.parametrize("track_filter", ["converted", "ekf", "imm"])
def test_a_fall_keeps_its_track(track_filter):
    """A fall bends by 700 m from look to look: a filter that flew straight on would begin a second track on many."""
    found = run(falling(more=f'track_filter = "{track_filter}"\n'), 10)
    assert found.tracks_merged.sum() <= 4  # of 40 falls


def test_a_source_tells_of_a_fall_without_lag():
    """The mean error of its reports from boost to thick air is less than 1-sigma of one of them.

    With its small process noise a filter that flew straight on would be 6 km too high.
    """
    source = 'external_picture = true\n[[sources]]\nname = "hill"\ntype = "allied-radar"\nposition = [38.0, 35.5]\n'
    link = {
        "link_latency": "0 s", "link_update_period": "2 s", "link_availability": 1, "registration_bias": "0 m",
        "wrong_correlation": 0, "process_noise": "1 m/s2", "report_sigma": "1 m",
    }  # fmt: skip
    assumed = "[assume.link-16]\n" + "\n".join(f"{k} = {json.dumps(v)}" for k, v in link.items())
    made = falling(count=1, doctrine=source + '[doctrine.standard]\nnever = ["48n6e3"]', more=assumed)
    off, variance = [], []
    for replication in range(3):
        state = trace_one(made.plan, 1, 0, replication, allocate(1, made.sizes), 1 << 16)
        entries = state.trace.entries[: state.trace.n[0]]
        fell = entries[(entries["t_s"] > 160.0) & (entries["t_s"] < 260.0)]
        one, spread = errors(made.plan, state, fell)
        off.append(one)
        variance.append(spread)
    off, sigma = np.concatenate(off), np.sqrt(np.concatenate(variance).mean(0))
    assert len(off) >= 20 and (np.abs(off.mean(0)) < sigma).all()


def test_what_has_no_role_against_it_is_not_spent():
    found = run(falling(loads='loads = { "48n6e3" = 3, "9m96e2" = 4 }'), 5)
    spent = dict(zip(found.labels["interceptor"], found.spent.sum((0, 1)), strict=True))
    assert spent["48n6e3"] > 0 and spent["9m96e2"] == 0


def test_doctrine_and_figures_against_ballistic_missiles_are_its_own(s400):
    """The post takes it for what it is: the rules of that class count, and no other's."""
    one = falling(doctrine="[doctrine.standard.ballistic-missile]\nsalvo = 1\nmax_salvos = 1", more=SURE)
    found = run(one, 10)
    assert found.threat_shots.max() == 1 and s400[1].threat_shots.max() == 2
    others = "[doctrine.standard.aircraft]\nsalvo = 1\n[doctrine.standard.cruise-missile]\nsalvo = 1"
    np.testing.assert_array_equal(run(falling(doctrine=others, more=SURE), 10).threat_shots, s400[1].threat_shots)
    never = SURE.replace("kill_probability = 1", 'kill_probability = { "ballistic-missile" = 0 }')
    missed = run(falling(more=never), 4)
    assert {REASONS[r].word for r in missed.threat_reason.ravel()} == {REASONS[MISSED].word}


def test_a_patriot_defends_with_its_own_figures():
    """PAC-3 MSE meets it, GEM-T nearer; both are tried, the shortest-reaching first."""
    mse = run(falling("patriot", 'loads = { "pac-3-mse" = 12 }'), 20)
    gem = run(falling("patriot", 'loads = { "pac-2-gem-t" = 4 }'), 20)
    words = [{OUTCOMES[o].word for o in f.threat_outcome.ravel()} for f in (mse, gem)]
    assert words[0] <= {"killed", "leaked"}
    assert (mse.threat_outcome == KILLED).mean() > (gem.threat_outcome == KILLED).mean() + 0.1
    assert np.nanmean(gem.threat_first_intercept_range_m) < np.nanmean(mse.threat_first_intercept_range_m)


def test_a_post_knows_which_asset_it_falls_at():
    """A town under its way is not what it threatens, though straight on it would pass it first."""
    plan = falling(count=1)
    p = plan.plan
    assert p.kinds["target_class"][0] == BALLISTIC_MISSILE and p.pictures["ballistic_m"][0] == 65e3
    from kalkan.kernels.falling import impact

    path, t_s = p.paths[1], 200.0
    truth, out = np.zeros(1, TRUTH), np.zeros((1, 6))
    paths(p, truth, np.array([0, 1]), np.array([t_s]), out)
    m, o = p.pictures["to_local"][0], p.pictures["origin_m"][0]
    state = (*(m @ (out[0, :3] - o)), *(m @ out[0, 3:]))
    given = p.ballistic, structured(p.pictures), structured(p.assets), p.asset_m, 0
    until_s, value = impact(*given, *state)
    assert value == 10.0
    assert until_s == pytest.approx(p.knots["t_s"][path["last"] - 1] - t_s, abs=1.0)


@pytest.mark.parametrize(("fastest", "met_some"), [("2500 m/s", True), ("600 m/s", False)])
def test_an_interceptor_meets_nothing_faster_than_it_can(fastest: str, met_some: bool) -> None:
    """The flight of least energy over 255 km comes down with more than 600 m/s at every height."""
    plan = falling(more=f'[assume."48n6e3"]\nkill_probability = 1\nmax_target_speed = "{fastest}"\n')
    assert (run(plan, 10).spent.sum() > 0) == met_some
