"""What must hold of the whole engine, from a scenario's text to the results folder."""

from __future__ import annotations

import numpy as np
import pytest

from kalkan.engine import job
from kalkan.engine.run import run_study
from kalkan.engine.store import Store
from kalkan.kernels import mission
from kalkan.scenario import parse
from kalkan.schema import (
    DEPARTED,
    EV_EMPTY,
    EV_HELD,
    EV_KILL,
    EV_LAUNCH,
    EV_LEAK,
    EV_MISS,
    EV_ORDER,
    KILLED,
    LEAKED,
    NEVER_SEEN,
    RAGGED,
    UNRESOLVED,
    VARIABLES,
)  # fmt: skip
from tests.engine.harness import compiled, raid, run, scenario

RAIDS = (
    raid("alpha", 8, 37.9, 32.4, width=30, spacing=6).replace("aim", 'time_jitter = "20 s"\nroute_jitter = "2 km"\naim')
    + raid("bravo", 6, 38.0, 33.9, width=20, spacing=4)
    + raid("charlie", 4, 40.0, 33.2, width=10, spacing=8)
)


def real(raids: str = RAIDS, **options) -> str:
    """The catalogue's own radars, errors, false alarms and kill probabilities."""
    return scenario(raids, **({"perfect": False, "units": 2, "launchers": 2, "horizon": "12 min"} | options))


def fields(r) -> dict[str, np.ndarray]:
    return {k: v for k, v in vars(r).items() if k != "labels"}


@pytest.fixture(scope="module")
def plan_of():
    return compiled(real())


@pytest.fixture(scope="module")
def result(plan_of):
    return run(plan_of, 40)


def test_the_event_log_is_in_order_of_time(result):
    for times, n in zip(result.event_time_s, result.event_count, strict=True):
        assert n > 100
        assert (np.diff(times[:n]) >= 0.0).all()


# -- reproducible, whatever does the work ------------------------------------------------
@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return run_study(parse(real()), replications=14, seed=1, threads=1, out=tmp_path_factory.mktemp("one") / "out")


@pytest.mark.parametrize(("threads", "block"), [(2, 64), (4, 64), (2, 3), (1, 1)])
def test_threads_and_blocks_do_not_change_a_bit(tmp_path, monkeypatch, folder, result, threads, block):
    """One to four threads and blocks of any size give the same bytes.

    Against: property: reproducible, bit for bit.
    """
    monkeypatch.setattr(job, "LARGEST_BLOCK", block)
    other = run_study(parse(real()), replications=14, seed=1, threads=threads, out=tmp_path / "out")
    first, second = Store.open(folder), Store.open(other)
    (rows, arrays), (other_rows, others) = first.read("base"), second.read("base")
    assert rows.tolist() == other_rows.tolist() == list(range(14))
    for name, array in arrays.items():
        assert array.tobytes() == others[name].tobytes(), name
        if name not in RAGGED:  # and the same as the kernels alone
            np.testing.assert_array_equal(array, getattr(result, name)[:14], err_msg=name)
    for replication in range(14):
        x, y = first.read_events("base", replication), second.read_events("base", replication)
        assert all(x[name].tobytes() == y[name].tobytes() for name in RAGGED)


def test_every_seed_runs_on_the_same_machine_code(plan_of):
    """Half of all seeds mix to a stream below 2**63: they must not look like another type."""
    seeds = [*range(12), 2**31, 2**63 - 1]
    ends = [run(plan_of, 1, seed=s).threat_end_s for s in seeds]
    assert len(mission._run_rows.signatures) == 1
    assert len({e.tobytes() for e in ends}) == len(seeds)


def test_each_replication_depends_on_its_own_number_alone(plan_of, result):
    """A replication gives the same run singly, out of order, after others that left their traces in the state.

    Against: property: independent replications.
    """
    for number in (39, 3, 17, 3):
        for name, values in fields(run(plan_of, 1, first=number)).items():
            np.testing.assert_array_equal(values[0], getattr(result, name)[number], err_msg=name)


def test_names_decide_and_places_in_the_file_do_not(result):
    """The order of raids in the file changes no bit.

    Against: property: order does not matter.
    """
    blocks = ["[[raids]]" + b for b in RAIDS.split("[[raids]]")[1:]]
    for order in ((1, 2, 0), (2, 1, 0)):
        turned = run(compiled(real("".join(blocks[i] for i in order))), 40)
        assert turned.labels == result.labels
        for name, values in fields(turned).items():
            np.testing.assert_array_equal(values, getattr(result, name), err_msg=name)


@pytest.mark.parametrize("name", ["aa first", "zz last"])
def test_a_battery_out_of_reach_changes_no_bit_of_the_other(result, name):
    """A battery out of reach changes no bit of another one's outcomes and events, sorted before it or after.

    Against: property: locality.
    """
    far = f'[[systems]]\nname = "{name}"\ntype = "s-400"\nposition = [55.0, 80.0]\nloads = {{ "48n6e3" = 4 }}\n'
    both = run(compiled(real().replace("[doctrine.standard]", far + "[doctrine.standard]")), 40)
    for dim, names in (
        ("unit", ("met_nothing", "orders", "not_held", "channels_full_s", "channels_peak", "spent", "kills")),
        ("radar", ("plots", "false_plots")),
        ("post", ("tracks_confirmed", "tracks_false", "tracks_merged", "track_swaps")),
    ):
        mine = [both.labels[dim].index(label) for label in result.labels[dim]]
        for n in names:
            np.testing.assert_array_equal(getattr(both, n)[:, mine], getattr(result, n), err_msg=n)
    for n, values in fields(result).items():
        if n.startswith("threat_"):
            theirs = getattr(both, n)
            if VARIABLES[n].unit == "index":  # who it was, by name
                dim = "radar" if n.endswith("_radar") else "unit"
                theirs, values = (np.array([*r.labels[dim], ""])[v] for r, v in ((both, theirs), (result, values)))
            np.testing.assert_array_equal(theirs, values, err_msg=n)
    units = [both.labels["unit"].index(label) for label in result.labels["unit"]]
    for row in range(40):  # the far battery may order its own false tracks
        a = result.event_kind[row, : result.event_count[row]]
        b = both.event_kind[row, : both.event_count[row]]
        for kind in (EV_ORDER, EV_HELD, EV_LAUNCH, EV_KILL, EV_MISS, EV_EMPTY):
            for own, now in enumerate(units):
                before = (a == kind) & (result.event_object[row, : a.size] == own)
                after = (b == kind) & (both.event_object[row, : b.size] == now)
                np.testing.assert_array_equal(
                    both.event_time_s[row, : b.size][after], result.event_time_s[row, : a.size][before]
                )
        np.testing.assert_array_equal(
            both.event_time_s[row, : b.size][b == EV_LEAK], result.event_time_s[row, : a.size][a == EV_LEAK]
        )


# -- more is not worse -------------------------------------------------------------------
@pytest.mark.parametrize(
    ("less", "more"),
    [({"launchers": 1}, {"launchers": 2}), ({"rounds": 1}, {"rounds": 4}), ({"reloads": 0}, {"reloads": 1})],
)
def test_more_missiles_never_leak_more(less, more):
    """More missiles leak less: the mean of the paired differences is below 0 by more than its noise, and the pairs
    begin as one.

    Against: property: monotony, at 99.9 %.
    """
    reload = '\n[assume.5p85]\nreload_time = "2 min"\n'
    base = {"launchers": 1, "rounds": 2, "extra": reload}
    few, many = (run(compiled(real(**(base | options))), 150) for options in (less, more))
    difference = (many.threat_outcome == LEAKED).sum(axis=1) - (few.threat_outcome == LEAKED).sum(axis=1)
    half = 3.3 * difference.std(ddof=1) / np.sqrt(difference.size)
    assert difference.mean() + half < 0.0  # 18 threats against at most 8 rounds: this must show
    for row in range(150):  # until a magazine can have mattered, the same chance befalls both
        launch = few.event_kind[row] == EV_LAUNCH
        n = int(np.flatnonzero(launch)[0]) + 1
        for log in ("event_time_s", "event_kind", "event_subject", "event_object"):
            np.testing.assert_array_equal(getattr(many, log)[row, :n], getattr(few, log)[row, :n])


# -- books that must balance -------------------------------------------------------------
def test_the_log_tells_a_story_that_can_happen(plan_of, result):
    """Per threat: held before launch, launch before its arrivals, one end; per unit: order before launch.

    Against: property: causes before effects.
    """
    for row in range(40):
        n = result.event_count[row]
        kind, time = result.event_kind[row, :n], result.event_time_s[row, :n]
        subject, unit = result.event_subject[row, :n], result.event_object[row, :n]
        ends = {k: (kind == k).sum() for k in (EV_KILL, EV_MISS, EV_EMPTY)}
        assert sum(ends.values()) <= (kind == EV_LAUNCH).sum() == result.spent[row].sum()
        assert (np.isin(kind, (EV_ORDER,)) & (unit == 0)).sum() == result.orders[row, 0]
        for i in range(18):
            mine = subject == i
            launches = time[mine & (kind == EV_LAUNCH)]
            assert launches.size == result.threat_shots[row, i]
            kills, leaks = time[mine & (kind == EV_KILL)], time[mine & (kind == EV_LEAK)]
            assert kills.size == (result.threat_killer[row, i] >= 0) <= 1
            assert leaks.size == (result.threat_outcome[row, i] == LEAKED) <= 1
            assert not (kills.size and leaks.size)  # nothing here flies on after it leaked
            if launches.size:
                assert launches[0] == result.threat_first_launch_s[row, i]
                assert result.threat_first_plot_s[row, i] < launches[0]
                assert time[mine & (kind == EV_HELD)][0] <= launches[0]
                if kills.size:  # kills of this threat may come from rounds aimed at its neighbour
                    assert time[kind == EV_LAUNCH].min() < kills[0]


def test_a_dead_threat_stays_dead(result):
    """No plot, order to hold, leak or second kill after the kill; the killer is the unit in the log.

    Against: property: causes before effects.
    """
    for row in range(40):
        n = result.event_count[row]
        kind, time, subject = (a[row, :n] for a in (result.event_kind, result.event_time_s, result.event_subject))
        for i in np.flatnonzero(result.threat_outcome[row] == KILLED):
            end = result.threat_end_s[row, i]
            assert not (np.isin(kind, (EV_HELD, EV_LEAK)) & (subject == i) & (time > end)).any()
            at = np.flatnonzero((kind == EV_KILL) & (subject == i))
            assert time[at] == end
            assert result.event_object[row, at] == result.threat_killer[row, i]


def test_a_released_threat_counts_as_leaked_even_if_killed_later():
    """It leaks at its release point, early on, flies on, and may be shot down: leaked stays, the kill is booked."""
    away = raid("r", 6, 38.0, 33.0, width=20).replace(
        "route = [\n", 'release = 2\nroute = [\n'
    ).replace(
        '  { position = [39.0,', '  { position = [38.05, 33.0], altitude = "8 km MSL" },\n  { position = [39.0,'
    )
    r = run(compiled(scenario(away, p=0.4, salvo=1, max_salvos=8, horizon="18 min", launchers=12)), 30)
    leaked = r.threat_outcome == LEAKED
    later = leaked & (r.threat_killer >= 0)
    assert leaked.any()
    assert later.any()
    assert (r.kills.sum(axis=(1, 2)) == (r.threat_killer >= 0).sum(axis=1)).all()
    assert (r.threat_outcome != UNRESOLVED).all()


def test_endings_sum_to_the_raid(result):
    """Killed, leaked, departed and unresolved sum to the raid, and every leaker has a reason.

    Against: property: books that balance.
    """
    counts = sum((result.threat_outcome == code).sum(axis=1) for code in (KILLED, LEAKED, DEPARTED, UNRESOLVED))
    assert (counts == 18).all()
    leaked = result.threat_outcome == LEAKED
    assert (result.threat_reason[leaked] > 0).all()
    assert (result.threat_reason[~leaked] == 0).all()


def test_event_log_agrees_with_the_counters(result):
    """The event log and the counters say the same.

    Against: property: books that balance.
    """
    for row in range(40):
        kinds = result.event_kind[row, : result.event_count[row]]
        assert (kinds == EV_LAUNCH).sum() == result.spent[row].sum() == result.threat_shots[row].sum()
        assert (kinds == EV_KILL).sum() == result.kills[row].sum()
        assert (np.diff(result.event_time_s[row, : result.event_count[row]]) > -13.0).all()  # plots: at sector ends
    assert (result.kills.sum(axis=(1, 2)) == (result.threat_killer >= 0).sum(axis=1)).all()


def test_stock_and_channels_are_never_exceeded(plan_of, result):
    """Rounds spent and left are the stock; channels are never exceeded.

    Against: property: books that balance.
    """
    stock = plan_of.plan.launchers["load"].sum()
    assert (result.spent.sum(axis=(1, 2)) + result.rounds_left.sum(axis=(1, 2)) == stock).all()
    assert (result.channels_peak <= plan_of.plan.units["target_channels"]).all()


# -- limits ------------------------------------------------------------------------------
def test_a_unit_may_have_any_number_of_channels():
    """As many as the scenario assumes: 100 targets and 200 missiles at once."""
    around = [(39.0 + 1.0 * np.cos(a), 33.0 + 1.28 * np.sin(a)) for a in np.arange(9) * 2.0 * np.pi / 9.0]
    crowd = "".join(raid(f"r{i}", 10, lat, lon, width=60) for i, (lat, lon) in enumerate(around))
    channels = "target_channels = 100\nmissile_channels = 200"
    text = scenario(crowd, p=0.0, launchers=12, rounds=16, engagement=channels, look=False, horizon="9 min")
    text = text.replace('"48n6e3" = 16', '"9m96e2" = 16')
    r = run(compiled(text), 2)
    assert (r.channels_peak > 64).all()
    assert (r.channels_peak <= 100).all()
    for row in range(2):
        kind = r.event_kind[row, : r.event_count[row]]
        in_air = np.cumsum((kind == EV_LAUNCH).astype(int) - np.isin(kind, (EV_KILL, EV_MISS, EV_EMPTY)))
        assert 128 < in_air.max() <= 200
        assert r.spent[row].sum() + r.rounds_left[row].sum() == 192


@pytest.mark.parametrize("interval_s", [0.3, 1.0, 1.5, 4.0])
def test_launches_follow_the_interval_and_not_the_radar_looks(interval_s):
    """Twenty targets wait for one unit that looks once a second: the rounds leave the stated interval apart, to
    0.1 ms.

    Against: closed form: the interval.
    """
    crowd = "".join(raid(f"r{i}", 10, 38.1, lon, width=60) for i, lon in enumerate((32.0, 34.0)))
    text = scenario(crowd, p=0.0, engagement="target_channels = 20\nmissile_channels = 40", horizon="9 min")
    text = text.replace('launch_interval = "0.1 s"', f'launch_interval = "{interval_s} s"')
    r = run(compiled(text), 3)
    for row in range(3):
        launched = r.event_kind[row, : r.event_count[row]] == EV_LAUNCH
        gaps = np.diff(r.event_time_s[row, : launched.size][launched][:20])
        np.testing.assert_allclose(gaps, interval_s, atol=1e-4)


def test_missile_channels_bind():
    r = run(compiled(scenario(RAIDS, p=0.3, engagement="missile_channels = 3", horizon="9 min")), 20)
    for row in range(20):
        kind = r.event_kind[row, : r.event_count[row]]
        in_air = np.cumsum((kind == EV_LAUNCH).astype(int) - np.isin(kind, (EV_KILL, EV_MISS, EV_EMPTY)))
        assert in_air.max() == 3
        assert in_air.min() >= 0


@pytest.mark.parametrize("assignment", ["optimal", "nearest-first", "highest-value-first"])
def test_orders_stay_within_the_sector(assignment):
    """One unit that sees a quarter of the compass, threats from two sides at once: none is ordered unseen."""
    two = raid("north", 2, 40.2, 33.0, width=10) + raid("south", 2, 37.8, 33.0, width=10)
    text = scenario(two, p=1.0, assignment=assignment, horizon="10 min").replace(
        'sector_width = "360 deg"', 'sector_width = "90 deg"'
    )
    c = compiled(text)
    assert c.plan.radars["sector_rad"][c.plan.units["radar"][0]] == pytest.approx(np.pi / 2)
    r = run(c, 40)
    assert (r.orders >= 2).all()
    assert r.not_held.sum() == 0


# -- what sees and who shares ---------------------------------------------------------------
def test_what_reflects_nothing_is_never_seen():
    """What reflects nothing is never seen, and leaks for that reason.

    Against: property: limit.
    """
    text = real() + '\n[assume.f-16c]\nrcs = "1e-12 m2"\n'
    r = run(compiled(text), 12)
    assert r.plots.sum() == 0
    assert np.isnan(r.threat_first_track_s).all()
    assert (r.threat_outcome == LEAKED).all()
    assert (r.threat_reason == NEVER_SEEN).all()
    assert r.false_plots.sum() > 0


def test_coordinated_posts_do_not_shoot_twice():
    """Two posts side by side: sharing who engages what saves interceptors, on the same random numbers."""
    second = """
[[systems]]
name = "twin"
type = "s-400"
position = [39.0, 33.2]
"""
    spent = []
    for coordination in ("false", "true"):
        text = real().replace("[doctrine.standard]", second + "[doctrine.standard]")
        r = run(compiled(text + f"\n[command]\ncoordination = {coordination}\n"), 20)
        spent.append(r.spent.sum(axis=(1, 2)).mean())
    assert spent[1] < 0.8 * spent[0]


def test_a_cut_link_leaves_units_their_own_radar():
    whole = run(compiled(real()), 20)
    cut = run(compiled(real().replace('type = "s-400"', 'type = "s-400"\nlink = "cut"\nboresight = "180 deg"')), 20)
    assert whole.labels["post"] == ["set"]
    assert cut.labels["post"] == ["set/1", "set/2"]
    assert cut.kills.sum() > 0
    radars = [any("91N6E" in r for r in each.labels["radar"]) for each in (whole, cut)]
    assert radars == [True, False]
