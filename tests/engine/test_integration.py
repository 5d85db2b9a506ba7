"""External sources and their links: what they see, when posts are told of it, and what is done about it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from kalkan.byref import by_reference, structured
from kalkan.earth.geodesy import ecef_to_geodetic, inverse
from kalkan.earth.refraction import horizon_arc_m
from kalkan.kernels import slots
from kalkan.kernels.mission import run_block, trace_one
from kalkan.kernels.paths import true_paths
from kalkan.kernels.records import allocate, columns
from kalkan.kernels.trace import REPORT, TRACK
from kalkan.scenario import parse
from kalkan.schema import KILLED, LEAKED
from tests.engine import harness, scenes
from tests.engine.scenes import ACTIVE, BLIND, BLIND_UNIT, EXACT, FLYING, LINK

EXAMPLE = Path(__file__).parents[2] / "examples/integration.toml"
AWAY_S = 100.0  # the attacker has left the shortest range of the airborne radar [s]
STANDING = 'sources.eye = { type = "allied-radar", position = [39.0, 33.0] }'
TAKES = "systems.set.external_picture = true"
EYE = (TAKES, *LINK, *EXACT, FLYING)
REMOTE = (*EYE, BLIND, BLIND_UNIT, ACTIVE, "systems.set.engage_on_remote = true")


def traced(*lines: str, replication: int = 0):
    """Plan, state, trace and records of one replication of a scene."""
    c = scenes.planned(scenes.scene(*lines))
    records = allocate(1, c.sizes)
    state = trace_one(c.plan, 1, 0, replication, records, 1 << 16)
    return c.plan, state, state.trace.entries[: state.trace.n[0]], SimpleNamespace(**columns(records))


def truth_at(plan, state, t_s) -> np.ndarray:
    """ECEF position of the first threat [m] at times [s]."""
    t_s = np.atleast_1d(np.asarray(t_s, float))
    out, first = np.zeros((t_s.size, 6)), np.array([0] + [t_s.size] * state.truth.size)
    true_paths(by_reference(slots.ready(plan)), structured(state.truth), first, t_s, out)
    return out[:, :3]


def antenna_at(plan, state, t_s: float) -> np.ndarray:
    """ECEF position of the first source's antenna [m], as its orbit says."""
    radars, watch, knots = plan.sources.radars, state.external.watch, plan.sources.knots["position_m"]
    n = int(radars["n_knots"][0])
    along = (t_s / radars["orbit_s"][0] + watch["orbit_phase"][0]) * n if n > 1 else 0.0
    a, share = int(along) % n, along % 1.0
    return (1.0 - share) * knots[a] + share * knots[(a + 1) % n]


def errors(plan, state, entries, source: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Reported less true position of the first threat in the post's frame [m], and its variance [m2]."""
    told = entries[(entries["kind"] == REPORT) & (entries["slot"] == source) & (entries["threat"] == 0)]
    picture = plan.pictures[0]
    local = (truth_at(plan, state, told["t_s"]) - picture["origin_m"]) @ picture["to_local"].T
    return told["x"][:, :3] - local, told["variance_m2"]


@pytest.mark.parametrize(
    ("source", "begins"), [(FLYING, 34.0), (STANDING, 38.2)], ids=["on its orbit", "on the ground"]
)
def test_a_low_flyer_is_told_of_as_soon_as_it_is_over_the_sources_horizon(source, begins):
    """Smooth earth: kR (acos(kR/(kR + h1)) + acos(kR/(kR + h2))), from where the antenna is at that time."""
    low = scenes.route((begins, 33.0), (39.0, 33.0), altitudes=("100 m",))
    lines = (TAKES, *LINK, *EXACT, source, low, scenes.PEACE)
    plan, state, _, records = traced(*lines)
    told_s = float(records.threat_first_told_s[0, 0])
    ends = [ecef_to_geodetic(*p) for p in (antenna_at(plan, state, told_s), truth_at(plan, state, told_s)[0])]
    ground_m = float(inverse(ends[0][0], ends[0][1], ends[1][0], ends[1][1])[1])
    horizon_m = float(horizon_arc_m(float(ends[0][2]), 100.0))
    late_m = 250.0 * 6.0 + 20_000.0 * (source is FLYING)  # two looks and a report; the nearest place of the orbit
    assert horizon_m - late_m < ground_m < horizon_m + 15_000.0 * (source is FLYING) + 300.0


def test_an_orbit_is_flown_at_its_speed_and_closes():
    """A racetrack of two legs of 20 km and two half circles of 10 km radius."""
    plan = scenes.planned(scenes.scene(*EYE)).plan
    around_m = 2.0 * 20_000.0 + 2.0 * np.pi * 10_000.0
    assert plan.sources.radars["orbit_s"][0] * 200.0 == pytest.approx(around_m, rel=0.005)
    steps = np.diff(plan.sources.knots["position_m"], axis=0, append=plan.sources.knots["position_m"][:1])
    assert np.linalg.norm(steps, axis=1) == pytest.approx(around_m / len(steps), rel=0.02)


def test_latency_delays_what_posts_know_by_just_so_much():
    first, later = (
        traced(*EYE, f'assume.link-16.link_latency = "{late} s"')[3].threat_first_told_s[0, 0] for late in (0, 30)
    )
    assert later - first == pytest.approx(30.0, abs=1e-3)


def test_a_report_is_of_its_time_of_arrival():
    """However late it comes: the state is moved on, and stays right for what flies straight."""
    plan, state, entries, _ = traced(*EYE, scenes.PEACE, 'assume.link-16.link_latency = "30 s"')
    off, _ = errors(plan, state, entries)
    told_s = entries["t_s"][entries["kind"] == REPORT]
    settled = (told_s > AWAY_S + 60.0) & (told_s < 500.0)  # it arrives at 532 s
    assert settled.sum() > 100 and np.abs(off[settled]).max() < 300.0  # in 30 s it flies 7.5 km


def test_errors_of_reports_are_as_large_as_they_say():
    """Normalised squared errors of one report in each of 60 replications: chi-square with 3 degrees each.

    The process noise covers what level flight over a round earth is in straight axes: v²/R = 0.01 m/s².
    """
    lines = (TAKES, *LINK, FLYING, scenes.PEACE, 'assume.link-16.process_noise = "0.05 m/s2"',
             'assume.link-16.report_sigma = "1 m"', 'assume.e-7.scan_period = "5 s"')  # fmt: skip
    total, n = 0.0, 60
    for replication in range(n):
        plan, state, entries, _ = traced(*lines, replication=replication)
        off, variance = errors(plan, state, entries)
        late = int(np.searchsorted(entries["t_s"][entries["kind"] == REPORT], 280.0))
        total += float((off[late] ** 2 / variance[late]).sum())
    low, high = stats.chi2.ppf([0.001, 0.999], 3 * n)
    assert low < total < high


def test_a_registration_bias_moves_all_reports_of_a_source_alike():
    plan, state, entries, _ = traced(*EYE, scenes.PEACE, 'assume.link-16.registration_bias = "2 km"')
    off, _ = errors(plan, state, entries)
    bias = state.external.watch["bias_m"][0]
    assert np.abs(bias).max() > 100.0
    assert off[10:, :2].mean(axis=0) == pytest.approx(bias, abs=30.0)


def test_biases_are_spread_as_claimed():
    """Over 200 replications: chi-square of 400 normal draws."""
    drawn = []
    c = scenes.planned(scenes.scene(*EYE, 'assume.link-16.registration_bias = "2 km"', scenes.PEACE))
    short = c.plan._replace(study=c.plan.study._replace(horizon_s=1.0))
    for replication in range(200):
        state = trace_one(short, 1, 0, replication, allocate(1, c.sizes), 0)
        drawn += (state.external.watch["bias_m"][0] / 2000.0).tolist()
    low, high = stats.chi2.ppf([0.0005, 0.9995], len(drawn))
    assert low < float(np.square(drawn).sum()) < high


# reports so seldom that the post mostly has a track of its own before the first one
SELDOM = (
    *(line.replace('update_period = "2 s"', 'update_period = "1 min"') for line in EYE), scenes.PEACE,
    'assume.link-16.registration_bias = "2 km"',
)  # fmt: skip
REGISTERED = tuple(line.replace('{ type = "e-7"', '{ registered = true, type = "e-7"') for line in SELDOM)


def test_a_post_learns_the_bias_from_what_both_see():
    """One common object a replication: within 100 m of the bias, and no worse than its covariance says.

    The covariance allows for manoeuvres that nobody flies. Against: closed form: upper 99.9 % bound of χ² with two
    degrees of freedom for each replication in which something is learnt.
    """
    c, total, n = scenes.planned(scenes.scene(*REGISTERED)), 0.0, 0
    for replication in range(60):
        state = trace_one(c.plan, 1, 0, replication, allocate(1, c.sizes), 0)
        learnt, bias = state.external.learnt[0, 0], state.external.watch["bias_m"][0]
        if (np.diag(learnt["q_m2"]) < 2000.0**2).all():
            off = learnt["offset_m"] - bias
            assert np.abs(off).max() < 100.0
            total, n = total + float(off @ np.linalg.solve(learnt["q_m2"], off)), n + 1
    assert n > 30 and total < stats.chi2.ppf(0.999, 2 * n)


def test_what_a_second_object_tells_of_a_bias_is_added():
    """Each of three objects tells of it once: what the first told is not forgotten with the next."""
    c, told = scenes.planned(scenes.scene(*REGISTERED, "raids.raid.count = 3", 'raids.raid.spacing = "60 s"')), 0
    for replication in range(8):
        state = trace_one(c.plan, 1, 0, replication, allocate(1, c.sizes), 0)
        learnt, bias = state.external.learnt[0, 0], state.external.watch["bias_m"][0]
        if (np.diag(learnt["q_m2"]) < 2000.0**2).all():
            assert np.abs(learnt["offset_m"] - bias).max() < 200.0
            told += 1
    assert told >= 4


def test_a_registered_source_reports_nearer_to_the_truth():
    """The mean error of the last reports is less than the bias was, and they are believed the more."""
    halved = 0
    for replication in range(6):
        (plain, wide), (better, narrow) = (
            errors(*traced(*lines, replication=replication)[:3]) for lines in (SELDOM, REGISTERED)
        )
        nearer = np.abs(better[-3:, :2]).mean() < 0.5 * np.abs(plain[-3:, :2]).mean()
        halved += nearer and narrow[-1, :2].sum() < 0.5 * wide[-1, :2].sum()
    assert halved >= 3


@pytest.mark.parametrize("share", [0.5, 0.8])
def test_a_link_is_up_for_its_share_of_the_time(share):
    """Reports that come through, of those of an unbroken link: a binomial count of outages of 10 s."""
    def reports(availability: float) -> list[int]:
        lines = (*EYE, scenes.PEACE, f"assume.link-16.link_availability = {availability}",
                 'assume.link-16.link_outage = "10 s"')  # fmt: skip
        counts = []
        for replication in range(12):
            entries = traced(*lines, replication=replication)[2]
            counts.append(int((entries["kind"] == REPORT).sum()))
        return counts

    whole, some = sum(reports(1.0)), sum(reports(share))
    slots_seen = whole / 5.0
    sigma = np.sqrt(share * (1.0 - share) / slots_seen)
    assert some / whole == pytest.approx(share, abs=3.5 * sigma)


def defended(*lines: str, n: int = 3):
    """Every record of `n` replications of a scene, the entries of the event log without those of no replication."""
    found = vars(scenes.played(*lines, n=n)) | {}
    labels = found.pop("labels")
    count = int(found["event_count"].max())
    return labels, {k: v[:, :count] if k.startswith("event_") and v.ndim == 2 else v for k, v in found.items()}


@pytest.mark.parametrize("scene", [(), (BLIND,), scenes.ABREAST], ids=["as it is", "blind", "many"])
def test_over_a_dead_link_the_defence_fights_bit_for_bit_as_if_it_stood_alone(scene):
    """External sources look, follow and draw by keys of their own."""
    alone = defended('systems.set.iff = "compatible"', *scene)
    tied = defended(*EYE, "systems.set.integrated = true", "assume.link-16.link_availability = 0", *scene)
    assert alone[0] == tied[0]
    for name, values in alone[1].items():
        np.testing.assert_array_equal(values, tied[1][name], err_msg=name)


def test_so_it_does_in_the_example_among_friends_and_airliners():
    """Every record of it, identities and the picture's quality among them; over a live link much is otherwise."""
    text = EXAMPLE.read_text(encoding="utf-8").replace('"terrain/', f'"{EXAMPLE.parent}/terrain/')
    dead = "".join(f'sources."{name}".link_availability = 0\n' for name in ("early warning", "mountain radar"))
    same = '\n[variants.same-iff]\nsystems.coast.iff = "compatible"\n'
    variants = parse(f"{text}{same}\n[variants.dead]\nsystems.coast.integrated = true\n{dead}").variants_resolved()
    names = ("same-iff", "dead", "integrated")
    alone, over_it, live = (vars(harness.run(scenes.planned(variants[n]), 2)) for n in names)
    differ = []
    for name, values in alone.items():
        np.testing.assert_array_equal(values, over_it[name], err_msg=name)
        differ += [] if np.array_equal(values, live[name]) else [name]
    assert {"threat_outcome", "threat_first_told_s", "tracks_confirmed", "event_time_s"} <= set(differ)


def test_replications_do_not_depend_on_how_they_are_shared_out():
    c = scenes.planned(scenes.scene(TAKES, FLYING, *scenes.ABREAST))
    whole, parts = allocate(6, c.sizes), [allocate(2, c.sizes) for _ in range(3)]
    run_block(c.plan, 1, 0, 0, 6, whole)
    for i in (2, 0, 1):
        run_block(c.plan, 1, 0, 2 * i, 2, parts[i])
    for name, values in columns(whole).items():
        np.testing.assert_array_equal(values, np.concatenate([columns(p)[name] for p in parts]), err_msg=name)
    assert np.isfinite(columns(whole)["threat_first_told_s"]).all()


def test_a_track_that_only_others_hold_cues_the_engagement_radar():
    """The post's own radar sees nothing; its unit's radar finds what it is told of, and holds it by itself."""
    alone, told = scenes.played(BLIND), scenes.played(*EYE, BLIND)
    assert (alone.threat_outcome == LEAKED).all() and alone.orders.sum() == 0
    assert (told.threat_outcome == KILLED).all() and told.tracks_told.sum() == 1
    assert told.remote_rounds.sum() == 0 and np.isnan(told.threat_first_track_s).all()


@pytest.mark.parametrize(
    ("lines", "shot_at"),
    [
        ((), True),
        (("systems.set.engage_on_remote = false",), False),
        (('assume.s-400.engage_on_remote = "no"', "systems.set.engage_on_remote = false",
          "systems.set.integrated = true"), False),
        (('assume.48n6e3.active_distance = "0 m"',), False),
        (('assume.kalkan-model.remote_track_age = "0.1 s"',), False),
    ],
    ids=["it may and can", "it may not", "no claim says that it can", "no seeker of its own", "told of too long ago"],
)  # fmt: skip
def test_a_unit_shoots_at_what_only_others_see_where_it_may_and_can(lines, shot_at):
    r = scenes.played(*REMOTE, *lines)
    assert bool(r.spent.sum()) == shot_at and bool(r.remote_rounds.sum()) == shot_at
    assert (r.threat_outcome == (KILLED if shot_at else LEAKED)).all()


def test_integrated_is_all_three():
    """One word, or each by itself: the same bits."""
    one = defended(*REMOTE[:-1], "systems.set.integrated = true")
    each = defended(*REMOTE, 'systems.set.iff = "compatible"')
    for name, values in one[1].items():
        np.testing.assert_array_equal(values, each[1][name], err_msg=name)
    assert one[1]["remote_rounds"].sum() > 0


def test_where_nobody_tells_any_more_no_round_is_launched():
    """The link dies: what was held through reports is let go."""
    up = scenes.played(*REMOTE, n=20)
    rarely = ("assume.link-16.link_availability = 0.2", 'assume.link-16.link_outage = "60 s"')
    flickers = scenes.played(*REMOTE, *rarely, n=20)
    assert flickers.spent.sum() < up.spent.sum() and flickers.not_held.sum() > up.not_held.sum()


def test_own_and_told_tracks_of_one_object_are_one():
    r = scenes.played(*EYE, scenes.PEACE, n=5)
    assert (r.tracks_told + r.tracks_confirmed - r.tracks_merged).max() == 1 and r.wrong_correlations.sum() == 0


def test_a_wrong_correlation_makes_a_second_track_of_a_lone_object():
    always = (*EYE, scenes.PEACE, "assume.link-16.wrong_correlation = 1")
    r = scenes.played(*always, 'assume.link-16.link_latency = "60 s"', n=3)  # own track is there first
    assert (r.wrong_correlations >= 1).all() and (r.tracks_told >= 1).all()


def test_fusion_makes_a_track_better_that_its_post_sees_badly():
    """Error of the post's track with and without a source that sees well."""
    def error_m(*lines: str) -> float:
        plan, state, entries, _ = traced(*lines, scenes.PEACE, 'assume.91n6e.azimuth_sigma = "1 deg"',
                                         'assume.91n6e.elevation_sigma = "1 deg"')  # fmt: skip
        track = entries[(entries["kind"] == TRACK) & (entries["threat"] == 0) & (entries["t_s"] > AWAY_S)]
        picture = plan.pictures[0]
        local = (truth_at(plan, state, track["t_s"]) - picture["origin_m"]) @ picture["to_local"].T
        return float(np.sqrt(((track["x"][:, :3] - local) ** 2).sum(axis=1).mean()))

    assert error_m(*EYE) < 0.2 * error_m()


def test_only_who_knows_best_tells():
    """Of two sources the exact one holds reporting responsibility once it sees the object."""
    worse = STANDING.replace("sources.eye", "sources.blurred")
    entries = traced(*EYE, worse, 'assume.allied-radar.azimuth_sigma = "2 deg"', scenes.PEACE)[2]
    told = entries[(entries["kind"] == REPORT) & (entries["t_s"] > AWAY_S)]
    assert set(told["slot"]) == {1}  # blurred, eye: by name
