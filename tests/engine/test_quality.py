"""Pictures held against the truth while a run goes on: what is counted, and that nothing else changes."""

from __future__ import annotations

import numpy as np
import pytest

from kalkan.byref import by_reference, structured
from kalkan.kernels import rooms, slots
from kalkan.kernels.carried import nothing
from kalkan.kernels.mission import trace_one
from kalkan.kernels.paths import true_paths
from kalkan.kernels.quality import watch
from kalkan.kernels.records import allocate
from kalkan.kernels.world import RUN, World
from kalkan.results.declared import MEASURES
from kalkan.results.quantity import Finished, estimate
from kalkan.schema import VARIABLES
from kalkan.tracking.metrics import Tracks, Truth, gospa
from kalkan.tracking.scoring import CLAIMANTS, OBJECTS, score
from kalkan.tracking.tables import CONFIRMED, allocate_assignment
from tests.engine.harness import compiled, raid, run, scenario

FORMATION = raid("formation", 8, lat=38.2, width=4)
HARMLESS = '\n[assume."48n6e3"]\nkill_probability = 0.0\n'
MINE = [name for name in VARIABLES if name.startswith("picture_")]
MARKS = ("completeness", "completeness_in_view", "ambiguity", "spuriousness", "position_accuracy", "velocity_accuracy",
         "gospa", "second_tracks")  # fmt: skip
FLIGHT = """
[[flights]]
name = "patrol"
type = "f-16c"
count = 1
route = [
  { position = [38.6, 33.0], altitude = "8 km MSL" },
  { position = [38.6, 33.9], altitude = "8 km MSL" },
]
speed = "250 m/s"
"""


def watched(raids=FORMATION, period="20 s", cut_off="2 km", **about):
    text = scenario(raids, **about)
    return text.replace("[study]", f'[study]\npicture_quality = "{period}"\npicture_cut_off = "{cut_off}"')


def at_the_end(plan_of, replication):
    """The picture and the truth when the run ends, as the public functions take them, and what was recorded."""
    plan, records = plan_of.plan, allocate(1, plan_of.sizes)
    state = trace_one(plan, 1, 0, replication, records, 0)
    n, t_s = len(state.truth), plan.study.horizon_s
    ecef, first = np.empty((n, 6)), np.arange(n + 1)
    true_paths(by_reference(slots.ready(plan)), structured(state.truth), first, np.full(n, t_s), ecef)
    axes, origin = plan.pictures["to_local"][0], plan.pictures["origin_m"][0]
    x = np.c_[(ecef[:, :3] - origin) @ axes.T, ecef[:, 3:] @ axes.T]
    there = (state.truth["alive"] == 1) & (state.truth["start_s"] <= t_s) & (t_s <= state.truth["end_s"])
    table = state.tracks.table[0][state.tracks.table["status"][0] == CONFIRMED]
    moved = table["x"].copy()
    moved[:, :3] += (t_s - table["t_s"])[:, None] * moved[:, 3:]
    return (
        Truth(np.array([t_s]), x[None], there[None]), Tracks(np.zeros(len(moved), int), np.arange(len(moved)), moved),
        records.post[0, 0],
    )  # fmt: skip


@pytest.mark.parametrize(("minutes", "cut_off"), [(6, "2 km"), (6, "300 m"), (10, "500 m"), (3, "2 km")])
def test_what_is_counted_is_what_the_public_functions_count(minutes, cut_off):
    """One comparison at the end: GOSPA to 1e-9, objects, tracks and pairs exactly, errors of the pairs to 1 mm.

    Against: property: kalkan.tracking.metrics, which is held against Stone Soup.
    """
    text = watched(period=f"{minutes} min", cut_off=cut_off, perfect=False, horizon=f"{minutes} min", extra=HARMLESS)
    for replication in range(3):
        truth, tracks, post = at_the_end(compiled(text), replication)
        found = gospa(truth, tracks, cut_off_m={"2 km": 2000.0, "300 m": 300.0, "500 m": 500.0}[cut_off])
        assert post["picture_samples"] == 1
        assert post["picture_gospa_m"] == pytest.approx(float(found["gospa"][0]), rel=1e-9)
        assert post["picture_objects"] == truth.present.sum() and post["picture_tracks"] == len(tracks.when)
        assert post["picture_objects"] - post["picture_tracked"] == int(found["missed"][0])
        assert post["picture_owned"] >= post["picture_tracked"] >= post["picture_seen"]


def test_a_watched_replication_is_the_same_replication():
    """Every other record is bit for bit that of a run that nobody watches."""
    plain, seen = (run(compiled(watched(period=p, perfect=False)), 4) for p in ("0 s", "7 s"))
    for name in VARIABLES:
        if name not in MINE:
            assert getattr(plain, name).tobytes() == getattr(seen, name).tobytes(), name
    assert not any(getattr(plain, name).any() for name in MINE)
    assert (seen.picture_samples == 25 * 60 // 7).all()


def test_a_perfect_picture_has_perfect_marks():
    """Radars without error and targets that no round kills: after the first minute all are tracked, one track each."""
    seen = run(compiled(watched(horizon="5 min", p=0.0)), 3)
    assert (seen.picture_objects == 8 * 15).all() and (seen.picture_in_view == seen.picture_objects).all()
    lacking = seen.picture_objects - seen.picture_tracked
    assert (lacking <= 8).all()  # at 20 s they are not confirmed yet
    assert (seen.picture_owned == seen.picture_tracked).all() and (seen.picture_tracks == seen.picture_owned).all()
    assert (seen.picture_error_m / seen.picture_owned < 50.0).all() and not seen.picture_second.any()


def test_what_no_radar_sees_is_not_in_view():
    """Aircraft at 8 km some 900 km away are beyond the horizon: they fly, but no radar could see them."""
    seen = run(compiled(watched(raid("far", 3, lat=31.0), horizon="4 min")), 2)
    assert (seen.picture_objects == 3 * 12).all()
    assert not seen.picture_in_view.any() and not seen.picture_tracked.any()


@pytest.mark.parametrize(("written", "period_s"), [("", 10.0), ('picture_quality = "0 s"', 0.0), (
    'picture_quality = "30 s"', 30.0)])  # fmt: skip
def test_flights_have_their_pictures_watched_unless_the_scenario_says_otherwise(written, period_s):
    text = scenario(raid() + FLIGHT).replace("[study]", f"[study]\n{written}")
    assert compiled(text).plan.watching.period_s == period_s
    assert compiled(scenario(raid())).plan.watching.period_s == 0.0


def test_a_plan_that_nobody_watches_compiles_nothing_for_it():
    assert "watch" not in rooms.names(compiled(scenario(raid())).plan)
    assert "watch" in rooms.names(compiled(watched()).plan)


def of(**counts):
    """Measures of two replications of one post, from what was counted in them."""
    arrays = {name: np.array(counts.get(name, (0, 0)), np.float64).reshape(2, 1) for name in MINE}
    records = Finished(np.arange(2), arrays, {"threat": []}, {"threat_raid": [], "threat_side": []})
    return {key: estimate(MEASURES[key].quantity(records)).mean for key in MARKS}


def test_measures_by_hand():
    """Ratios of sums: 8 + 4 of 10 + 10 objects tracked, of which 9 in view; 14 tracks, 13 of them on an object.

    Against: closed form: by hand.
    """
    found = of(
        picture_samples=(2, 2), picture_objects=(10, 10), picture_in_view=(9, 6), picture_tracked=(8, 4),
        picture_seen=(8, 4), picture_tracks=(9, 5), picture_owned=(9, 4), picture_error_m=(900.0, 400.0),
        picture_error_m_s=(90.0, 40.0), picture_gospa_m=(2e3, 6e3), picture_second=(1, 0),
    )  # fmt: skip
    expected = {
        "completeness": 60.0, "completeness_in_view": 80.0, "ambiguity": 13 / 12, "spuriousness": 100 / 14,
        "position_accuracy": 100.0, "velocity_accuracy": 10.0, "gospa": 2000.0, "second_tracks": 0.5,
    }  # fmt: skip
    assert found == pytest.approx(expected)


def test_where_nobody_watched_there_is_nothing_to_tell():
    found = of()
    assert all(np.isnan(found[key]) for key in ("completeness", "ambiguity", "spuriousness", "gospa"))
    assert found["second_tracks"] == 0.0


def placed(dtype, *places_m):
    made = np.zeros(max(len(places_m), 1), dtype)
    made["x"][: len(places_m), 0] = places_m
    return made


def test_a_track_that_is_left_over_belongs_to_the_nearest_object_too():
    """Objects at 0 and 1 km, tracks at 100 m, 900 m, −200 m and 9 km: a second track on the first, and one on nothing.

    Against: closed form: by hand, GOSPA² = 100² + 100² + 1000²/2 · 2.
    """
    objects, claimants = placed(OBJECTS, 0.0, 1e3), placed(CLAIMANTS, 100.0, 900.0, -200.0, 9e3)
    found = score(structured(objects), 2, structured(claimants), 4, 1e3, structured(allocate_assignment(8)))
    assert found[:3] == (pytest.approx(np.sqrt(2e4 + 1e6)), 2, 3)
    assert claimants["owner"].tolist() == [0, 1, 0, -1]
    assert claimants["error_m"][:3] == pytest.approx([100.0, 100.0, 200.0])



@pytest.mark.parametrize(("times", "expected"), [(2, 0), (3, 1), (6, 1)])
def test_a_track_that_stays_left_over_is_a_second_one(times, expected):
    """A copy of a track on a lone aircraft, two comparisons long: a trade of plots. Three: a second track, once."""
    plan_of = compiled(watched(raid(), horizon="3 min", p=0.0))
    records = allocate(1, plan_of.sizes)
    state = trace_one(plan_of.plan, 1, 0, 0, records, 0)
    air, (k, *others) = state.tracks, np.flatnonzero(state.tracks.table["status"][0] == CONFIRMED)
    assert not others and records.post["picture_second"][0, 0] == 0
    copy = air.free[0, air.table.shape[1] - 1 - air.n[0]]
    air.table[0, copy] = air.table[0, k]
    air.table["x"][0, copy, 0] += 300.0
    air.active[0, air.n[0]] = copy
    air.n[0] += 1
    world = by_reference(World(slots.ready(plan_of.plan), state, records, np.zeros(1, RUN), nothing()))
    for i in range(times):
        watch(world, 0, 181.0 + i)
    assert records.post["picture_second"][0, 0] == expected
