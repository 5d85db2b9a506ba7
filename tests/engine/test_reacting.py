"""Raids that react: who turns back, descends or gives up, what it then flies, and what that does to the fight."""

from __future__ import annotations

import math
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from kalkan.byref import by_reference, structured
from kalkan.earth.terrain import Terrain
from kalkan.engine.recording import geodetic
from kalkan.kernels import slots
from kalkan.kernels.course import as_flown
from kalkan.kernels.mission import run_block, trace_one
from kalkan.kernels.paths import true_paths
from kalkan.kernels.records import allocate, columns
from kalkan.models import dubins
from kalkan.schema import (
    DEPARTED,
    EV_ABORTS,
    EV_DEPART,
    EV_DESCENDS,
    EV_HELD,
    EV_KILL,
    EV_LAUNCH,
    EV_TURNS_BACK,
    GAVE_UP,
    KILLED,
    LEAKED,
)
from tests.engine import harness, scenes
from tests.engine.scenes import NEVER_HIT
from tests.engine.test_integration import REMOTE

REAL = Path(__file__).parents[2] / "examples/terrain/globe30s_turkiye_emed.tif"
G_M_S2 = 9.80665
SPEED_M_S = 250.0  # of harness.raid
RADIUS_M = SPEED_M_S**2 / (G_M_S2 * math.sqrt(9.0**2 - 1.0))  # an F-16 turns at 9 g
STEEPEST_RAD = math.radians(30.0)  # an F-16 descends so
EVER = {"p": 0.0, "salvo": 1, "max_salvos": 1}  # one round, which misses
BEYOND = "[40.2, 33.0]"


def react(*reactions: str) -> str:
    return f"react = [{', '.join('{ ' + r + ' }' for r in reactions)}]\n"


def released(*reactions: str, count: int = 1) -> str:
    """Raiders that release some 40 km before the asset, and fly on beyond it."""
    near = '{ position = [38.6, 33.0], altitude = "8 km MSL" },\n  '
    text = harness.raid(count=count, spacing=10).replace("{ position = [39.0", near + "{ position = [39.0")
    text = text.replace("[39.0, 33.0]", BEYOND).replace('aim = "centre"', 'aim = "centre"\nrelease = 2')
    return text + react(*reactions)


def ran(raid: str, n: int = 1, **options) -> SimpleNamespace:
    return harness.run(harness.compiled(harness.scenario(raid, **(EVER | options))), n)


def times(r: SimpleNamespace, kind: int, row: int = 0) -> list[float]:
    n = r.event_count[row]
    return r.event_time_s[row, :n][r.event_kind[row, :n] == kind].tolist()


def flown(raid: str, step_s: float = 0.25, threat: int = 0, extra: str = "", edit=None, **options) -> SimpleNamespace:
    """What a threat truly flew in replication 0: times, positions, velocities, heights, and the plan as flown."""
    text = harness.scenario(raid, extra=extra, **(EVER | options))
    c = harness.compiled(edit(text) if edit else text)
    records = allocate(1, c.sizes)
    state = trace_one(c.plan, 1, 0, 0, records, 1 << 16)
    plan = as_flown(c.plan, state)
    start_s, end_s = float(state.truth["start_s"][threat]), float(state.truth["end_s"][threat])
    t_s = np.linspace(start_s, end_s, math.ceil((end_s - start_s) / step_s) + 1)
    out = np.empty((t_s.size, 6))
    first = np.where(np.arange(state.truth.size + 1) > threat, t_s.size, 0)
    true_paths(by_reference(slots.ready(plan)), structured(state.truth), first, t_s, out)
    return SimpleNamespace(
        t_s=t_s, position_m=out[:, :3], velocity_m_s=out[:, 3:], place=geodetic(out[:, :3]), plan=plan, state=state,
        **{k: np.array(v) for k, v in columns(records).items()},
    )  # fmt: skip


def speeds(f: SimpleNamespace) -> np.ndarray:
    """Of each step, from positions alone [m/s]."""
    return np.linalg.norm(np.diff(f.position_m, axis=0), axis=1) / np.diff(f.t_s)


# -- what each does to the fight -------------------------------------------------------------


@pytest.mark.parametrize("when", ["illuminated", "shot at"])
@pytest.mark.parametrize(
    ("does", "more", "outcome", "event"),
    [
        ("turn back", "", GAVE_UP, EV_TURNS_BACK),
        ("abort", "", GAVE_UP, EV_ABORTS),
        ("descend", ', to = "100 m MSL"', LEAKED, EV_DESCENDS),
    ],
    ids=["turn back", "abort", "descend"],
)
def test_each_reaction_is_set_off_by_either_and_has_its_own_ending(when, does, more, outcome, event):
    as_written = ran(released())
    assert (as_written.threat_outcome == LEAKED).all() and not times(as_written, event)
    reacts = ran(released(f'when = "{when}", do = "{does}"{more}'))
    assert (reacts.threat_outcome == outcome).all()
    cause = times(reacts, EV_HELD if when == "illuminated" else EV_LAUNCH)[0]
    assert times(reacts, event) == [cause]
    assert reacts.asset_hits.sum() == 0 if outcome == GAVE_UP else as_written.asset_hits.sum() >= 0


def test_who_turns_back_leaves_by_where_it_came_from_and_who_aborts_by_its_own_way_out():
    """Both release nothing. One is over its first waypoint at the end, the other over its last."""
    both = (f'when = "illuminated", do = "{does}", delay = "60 s"' for does in ("turn back", "abort"))
    home, onward = (flown(released(one)) for one in both)
    np.testing.assert_allclose(home.place[-1, :2], [37.8, 33.0], atol=1e-6)
    np.testing.assert_allclose(onward.place[-1, :2], [40.2, 33.0], atol=1e-6)
    assert (onward.place[:, 2] > 7999.0).all() and onward.threat_outcome[0] == home.threat_outcome[0] == GAVE_UP


def test_who_has_released_has_leaked_whatever_it_does_afterwards():
    late = 'delay = "6 min"'  # it releases after less, 88 km at 250 m/s
    r = ran(released(f'when = "illuminated", do = "turn back", {late}'))
    assert (r.threat_outcome == LEAKED).all() and len(times(r, EV_TURNS_BACK)) == 1
    r = ran(released(f'when = "illuminated", do = "abort", {late}'))
    assert (r.threat_outcome == LEAKED).all() and not times(r, EV_ABORTS)


def test_who_is_killed_after_it_gave_up_was_killed():
    raid = released('when = "illuminated", do = "abort"')
    r = ran(raid, n=4, p=1.0)
    assert times(r, EV_ABORTS)[0] < times(r, EV_KILL)[0]
    assert (r.threat_outcome == KILLED).all() and r.threat_end_s[0, 0] == pytest.approx(times(r, EV_KILL)[0])


def test_a_raid_without_an_aim_departs_when_it_is_really_at_its_end():
    down = react('when = "illuminated", do = "descend", to = "50 m MSL"')
    f = flown(harness.raid().replace('aim = "centre"\n', "") + down)
    assert f.threat_outcome[0] == DEPARTED and f.threat_end_s[0] == pytest.approx(f.t_s[-1], abs=1e-3)
    assert times(f, EV_DEPART) == [pytest.approx(f.t_s[-1], abs=1e-3)]


def test_beside_a_raid_with_an_aim_one_without_still_leaks_nowhere():
    down = react('when = "illuminated", do = "descend", to = "50 m MSL"')
    aimless = harness.raid("aimless", lat=37.9, lon=33.2).replace('aim = "centre"\n', "") + down
    r = ran(harness.raid() + down + aimless, n=2, units=2)
    which = r.labels["threat"].index("aimless 1")
    assert (r.threat_outcome[:, which] == DEPARTED).all() and (r.threat_outcome[:, 1 - which] == LEAKED).all()
    assert len(times(r, EV_DESCENDS)) == 2


@pytest.mark.parametrize(("does", "outcome"), [("turn back", GAVE_UP), ("", LEAKED)])
def test_they_react_to_a_defence_that_can_be_hit_as_well(does, outcome):
    outage = '[[outages]]\nname = "late"\nparts = ["set/post"]\nfrom = "20 min"\n'
    more = react(f'when = "illuminated", do = "{does}"') if does else ""
    r = ran(harness.raid().replace('aim = "centre"', 'aim = "set"') + more, n=2, extra=outage)
    assert (r.threat_outcome == outcome).all()


def test_a_round_at_a_vehicle_that_turns_meets_nothing():
    """It was sent to where the target would have been: 8 km on."""
    straight = ran(harness.raid(), p=1.0)
    turns = ran(harness.raid() + react('when = "shot at", do = "turn back"'), p=1.0, salvo=1, max_salvos=1)
    assert (straight.threat_outcome == KILLED).all()
    assert (turns.threat_outcome == GAVE_UP).all() and turns.spent.sum() == 1 and turns.met_nothing.sum() == 1


def test_below_the_horizon_a_raid_that_descends_is_seen_later_and_shot_at_later():
    """At 8 km it is in sight from the start; at 100 m the earth hides it until some 60 km before the radar."""
    high, low = (
        flown(harness.raid() + more, p=0.0, max_salvos=20, look=True)
        for more in ("", react('when = "shot at", do = "descend", to = "60 m MSL"'))
    )
    assert low.threat_outcome[0] == high.threat_outcome[0] == LEAKED
    pauses = [np.diff(times(f, EV_LAUNCH)).max() for f in (high, low)]
    assert pauses[1] > 150.0 > pauses[0]
    assert low.spent.sum() < high.spent.sum()


def test_the_chance_is_that_of_each_vehicle():
    raid = harness.raid(count=30, width=60) + react('when = "illuminated", do = "turn back", chance = 0.3')
    r = ran(raid, n=40, units=3, launchers=12)
    seen = r.event_count.size * 30
    share = (r.threat_outcome == GAVE_UP).sum() / seen
    held = np.mean([len(set(times(r, EV_HELD, row))) > 0 for row in range(40)])
    assert held == 1.0 and abs(share - 0.3) < 4.0 * math.sqrt(0.3 * 0.7 / seen)


def test_never_is_never():
    r = ran(harness.raid() + react('when = "illuminated", do = "turn back", chance = 0'), n=5)
    assert (r.threat_outcome == LEAKED).all()


def test_the_delay_is_from_the_cause_to_the_deed():
    for delay in (0, 7, 100):
        r = ran(harness.raid() + react(f'when = "shot at", do = "turn back", delay = "{delay} s"'))
        assert times(r, EV_TURNS_BACK)[0] - times(r, EV_LAUNCH)[0] == pytest.approx(delay, abs=1e-3)


@pytest.mark.parametrize(("when", "outcome"), [("illuminated", LEAKED), ("shot at", GAVE_UP)])
def test_who_is_engaged_on_reports_alone_is_shot_at_and_not_illuminated(when, outcome):
    """The engagement radar is blind: an external source's reports hold the target, and the missile is active."""
    r = scenes.played(*REMOTE, NEVER_HIT, f'raids.raid.react = [{{ when = "{when}", do = "turn back" }}]')
    assert r.remote_rounds.sum() > 0 and (r.threat_outcome == outcome).all()


# -- what it flies --------------------------------------------------------------------------


def test_a_turn_has_the_radius_of_the_hardest_turn_and_ends_on_its_own_path():
    """The shortest way of two turns from its place to three radii behind, reversed, as models.dubins has it."""
    f = flown(harness.raid() + react('when = "illuminated", do = "turn back", delay = "100 s"'), step_s=0.1)
    begin_s = 106.0
    way = dubins.shortest(
        dubins.Pose(0.0, 0.0, 0.0), dubins.Pose(-3.0 * RADIUS_M, 0.0, math.pi), RADIUS_M, 50.0, 0.05
    )
    lasts_s = float(way.s_m[-1]) / SPEED_M_S
    np.testing.assert_allclose(speeds(f), SPEED_M_S, rtol=2e-4)
    east = (f.place[:, 1] - 33.0) * 111320.0 * math.cos(math.radians(38.0))
    off = np.abs(east) > 1.0
    assert f.t_s[off].min() == pytest.approx(begin_s, abs=1.0)
    assert f.t_s[off].max() == pytest.approx(begin_s + lasts_s, abs=1.0)
    assert np.ptp(east) == pytest.approx(np.ptp(way.y_m), rel=0.01)
    v = f.velocity_m_s
    pull = np.linalg.norm(np.cross(v[:-1], np.diff(v, axis=0)), axis=1) / SPEED_M_S / np.diff(f.t_s)
    turning = pull > 0.5 * pull.max()
    assert np.median(pull[turning]) == pytest.approx(SPEED_M_S**2 / RADIUS_M, rel=0.01)
    assert pull.max() < 1.02 * SPEED_M_S**2 / RADIUS_M
    assert f.t_s[-1] == pytest.approx(begin_s + lasts_s + begin_s - 3.0 * RADIUS_M / SPEED_M_S, abs=0.1)
    np.testing.assert_allclose(f.place[:, 2], 8000.0, atol=0.1)
    np.testing.assert_allclose(f.place[-1], [37.8, 33.0, 8000.0], atol=1e-2)


def test_a_descent_has_its_slope_its_bends_and_its_time():
    """From level to 30 degrees and back, at no more than 1 g: v sin / g and back, and h / (v sin) between."""
    f = flown(harness.raid() + react('when = "shot at", do = "descend", to = "300 m MSL", delay = "4 s"'), step_s=0.1)
    height, sinks = 7700.0, SPEED_M_S * math.sin(STEEPEST_RAD)
    lasts_s = height / sinks + sinks / G_M_S2
    down = f.place[:, 2]
    begin_s = f.t_s[down < 7999.9].min() - math.sqrt(2.0 * 0.1 / G_M_S2)
    assert begin_s == pytest.approx(10.0, abs=0.15)
    assert f.t_s[down < 300.1].min() == pytest.approx(begin_s + lasts_s - math.sqrt(2.0 * 0.1 / G_M_S2), abs=0.3)
    rate = np.diff(down) / np.diff(f.t_s)
    assert -rate.min() == pytest.approx(sinks, rel=1e-3) and rate.max() < 0.01
    bend = np.diff(rate) / np.diff(f.t_s)[:-1]
    assert np.abs(bend).max() == pytest.approx(G_M_S2, rel=0.03)
    np.testing.assert_allclose(speeds(f), SPEED_M_S, rtol=2e-3)
    np.testing.assert_allclose(f.place[:, 1], 33.0, atol=1e-5)
    after = down[f.t_s > begin_s + lasts_s + 1.0]
    np.testing.assert_allclose(after, 300.0, atol=0.1)
    assert f.threat_outcome[0] == LEAKED and f.threat_end_s[0] == pytest.approx(f.t_s[-1], abs=1e-3)


def test_a_descent_lasts_longer_than_level_flight_by_what_it_flies_downwards():
    """By 1 - cos of its slope at each time; and the way is shorter, where it is nearer to the earth's middle."""
    level = flown(harness.raid())
    low = flown(harness.raid() + react('when = "shot at", do = "descend", to = "300 m MSL", delay = "4 s"'))
    sinks = SPEED_M_S * math.sin(STEEPEST_RAD)
    bending = np.linspace(0.0, math.sin(STEEPEST_RAD), 1001)
    lost = (7700.0 / sinks - sinks / G_M_S2) * (1.0 - math.cos(STEEPEST_RAD))
    lost += 2.0 * sinks / G_M_S2 * float(np.mean(1.0 - np.sqrt(1.0 - bending**2)))
    saved = 7700.0 / 6.37e6 * (level.t_s[-1] - 10.0 - 0.5 * 7700.0 / sinks)
    assert low.t_s[-1] - level.t_s[-1] == pytest.approx(lost - saved, abs=0.1)


def test_one_after_the_other_descends_and_turns_back_low_down():
    down, back = 'when = "illuminated", do = "descend", to = "100 m AGL"', 'when = "shot at", do = "turn back"'
    f = flown(harness.raid() + react(down, f'{back}, delay = "90 s"'))
    assert f.threat_outcome[0] == GAVE_UP and f.place[-1, 2] == pytest.approx(100.0, abs=1.0)
    np.testing.assert_allclose(f.place[-1, :2], [37.8, 33.0], atol=1e-4)
    np.testing.assert_allclose(speeds(f), SPEED_M_S, rtol=2e-3)


@pytest.mark.parametrize("order", [(0, 5), (5, 0)], ids=["descends first", "turns first"])
def test_turning_and_descending_at_once_lose_no_height_and_no_speed(order):
    """The one begins before the other is done: path and velocity go on without a jump, and nothing climbs."""
    down, back = order
    both = (
        f'when = "illuminated", do = "descend", to = "100 m MSL", delay = "{down + 50} s"',
        f'when = "illuminated", do = "turn back", delay = "{back + 50} s"',
    )
    f = flown(harness.raid() + react(*both), step_s=0.05)
    jump = np.linalg.norm(np.diff(f.velocity_m_s, axis=0), axis=1) / np.diff(f.t_s)
    assert jump.max() < 1.05 * math.hypot(SPEED_M_S**2 / RADIUS_M, 2.0 * G_M_S2)
    assert np.diff(f.place[:, 2]).max() < 0.01 and speeds(f).max() < 1.02 * SPEED_M_S
    assert f.place[-1, 2] < 4000.0 and f.threat_outcome[0] == GAVE_UP
    np.testing.assert_allclose(f.place[-1, :2], [37.8, 33.0], atol=1e-4)


def test_in_a_formation_with_jitter_each_keeps_its_place():
    raid = harness.raid(count=5, width=8) + 'route_jitter = "1 km"\n' + react('when = "illuminated", do = "turn back"')
    for threat in range(5):
        f = flown(raid, threat=threat, units=2)
        calm = flown(raid.split("react")[0], threat=threat, units=2)
        assert f.threat_outcome[0, threat] == GAVE_UP
        np.testing.assert_allclose(f.position_m[0], calm.position_m[0], atol=1e-6)
        np.testing.assert_allclose(f.position_m[-1], calm.position_m[0], atol=1.0)


def test_round_a_waypoint_it_turns_into_what_it_has_flown():
    """It turns back behind a corner, and flies home round that corner."""
    corner = '{ position = [38.2, 33.4], altitude = "8 km MSL" },\n  { position = [39.0'
    raid = harness.raid().replace("{ position = [39.0", corner)
    for delay in (170, 188, 193, 198, 204, 240):
        f = flown(raid + react(f'when = "illuminated", do = "turn back", delay = "{delay} s"'), step_s=0.1)
        np.testing.assert_allclose(f.place[-1, :2], [37.8, 33.0], atol=1e-5)
        np.testing.assert_allclose(speeds(f), SPEED_M_S, rtol=5e-3)
        pull = np.linalg.norm(np.diff(f.velocity_m_s, axis=0), axis=1) / np.diff(f.t_s)
        assert pull.max() < 1.03 * SPEED_M_S**2 / RADIUS_M, delay


def test_over_rough_ground_it_descends_to_the_ground_that_is_there():
    """Down to 150 m over the real terrain, and there it stays that near, or above what cannot be flown nearer."""
    ground = Terrain.open(REAL)
    raid = harness.raid(lat=37.4) + react('when = "illuminated", do = "descend", to = "150 m AGL", delay = "20 s"')
    f = flown(raid, edit=lambda text: text.replace('terrain = "flat"', f'terrain = "{REAL}"'))
    over = f.place[:, 2] - ground.elevation(f.place[:, 0], f.place[:, 1])
    low = over[(f.t_s > 150.0) & (f.t_s < f.t_s[-1] - 60.0)]
    assert over.min() > 100.0 and np.quantile(low, 0.2) < 400.0 < over[0]
    kept = f.plan.paths[f.plan.threats["path"][0]]
    knots = f.plan.knots[int(kept["first"]) : int(kept["last"])]
    told = np.interp(f.t_s - f.t_s[0], knots["t_s"], knots["clearance_m"])
    after = f.t_s > 150.0
    assert np.abs(told - over)[after].max() < 60.0


# -- the machinery --------------------------------------------------------------------------


def test_who_is_home_has_departed_but_gave_up():
    r = ran(harness.raid() + react('when = "illuminated", do = "turn back", delay = "60 s"'))
    assert not times(r, EV_DEPART) and (r.threat_outcome == GAVE_UP).all()


def test_records_do_not_depend_on_who_runs_which_block():
    down = 'when = "shot at", do = "descend", to = "200 m MSL"'
    both = react(down, 'when = "illuminated", do = "turn back", chance = 0.5, delay = "20 s"')
    c = harness.compiled(harness.scenario(harness.raid(count=6, width=20) + both, p=0.3, units=2))
    whole = allocate(6, c.sizes)
    run_block(c.plan, 1, 0, 0, 6, whole)
    parts = [allocate(2, c.sizes) for _ in range(3)]
    for k in (2, 0, 1):
        run_block(c.plan, 1, 0, 2 * k, 2, parts[k])
    for name, values in columns(whole).items():
        np.testing.assert_array_equal(values, np.concatenate([columns(p)[name] for p in parts]), err_msg=name)
    assert len(np.unique(whole.threat["threat_outcome"])) > 1


def test_what_never_happens_changes_no_record():
    calm, ready = (
        harness.run(harness.compiled(harness.scenario(harness.raid(count=4, width=10) + more, p=0.5)), 4)
        for more in ("", react('when = "illuminated", do = "turn back", chance = 0'))
    )
    for name, values in vars(calm).items():
        if isinstance(values, np.ndarray):
            np.testing.assert_array_equal(values, getattr(ready, name), err_msg=name)
