"""What must hold of every run, whatever the scenario."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from kalkan.kernels.mission import run_block
from kalkan.kernels.records import allocate, columns
from kalkan.schema import (
    DEPARTED,
    EV_KILL,
    EV_LAUNCH,
    KILLED,
    LEAKED,
    NEVER_SEEN,
    UNRESOLVED,
)
from tests.engine.harness import compiled, raid, run, scenario

SEVERAL = (
    raid("alpha", 12, 37.4, 32.2, width=30, spacing=6)
    + raid("bravo", 8, 37.2, 33.6, width=20, spacing=4)
    + raid("charlie", 6, 37.9, 34.4, width=10, spacing=8)
)
JITTER = SEVERAL.replace('speed = "250 m/s"', 'speed = "250 m/s"\ntime_jitter = "20 s"\nroute_jitter = "2 km"')


def real(raids: str = JITTER, **options) -> str:
    """A scenario with the catalogue's own radars, errors, false alarms and kill probabilities."""
    return scenario(raids, perfect=False, units=2, **options)


@pytest.fixture(scope="module")
def plan_of():
    return compiled(real(launchers=3))


@pytest.fixture(scope="module")
def result(plan_of):
    return run(plan_of, 24)


def same(a, b) -> None:
    """Every variable equal, bit for bit."""
    for name in vars(a):
        if name != "labels":
            np.testing.assert_array_equal(getattr(a, name), getattr(b, name), err_msg=name)


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_threads_do_not_matter(plan_of, result, threads):
    records = [allocate(4, plan_of.sizes) for _ in range(6)]
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda i: run_block(plan_of.plan, 1, 0, 4 * i, 4, records[i]), range(6)))
    for name in columns(records[0]):
        joined = np.concatenate([columns(r)[name] for r in records])
        np.testing.assert_array_equal(joined, getattr(result, name), err_msg=name)


def test_a_replication_alone_equals_itself_in_the_batch(plan_of, result):
    alone = run(plan_of, 1, first=17)
    for name in vars(alone):
        if name != "labels":
            np.testing.assert_array_equal(getattr(alone, name)[0], getattr(result, name)[17], err_msg=name)


def test_another_seed_gives_other_numbers(plan_of, result):
    other = run(plan_of, 24, seed=2)
    assert (other.threat_end_s != result.threat_end_s).any()


def test_order_in_the_file_does_not_matter(result):
    blocks = JITTER.split("[[raids]]")[1:]
    turned = "".join("[[raids]]" + b for b in reversed(blocks))
    same(run(compiled(real(turned, launchers=3)), 24), result)


def test_a_battery_far_away_changes_nothing(plan_of, result):
    far = """
[[systems]]
name = "zz far away"
type = "s-400"
position = [55.0, 80.0]
loads = { "48n6e3" = 4 }
"""
    text = real(launchers=3).replace("[doctrine.standard]", far + "[doctrine.standard]")
    both = run(compiled(text), 24)
    mine = [both.labels["unit"].index(u) for u in result.labels["unit"]]
    for name in ("threat_outcome", "threat_reason", "threat_end_s", "threat_first_plot_s", "threat_shots"):
        np.testing.assert_array_equal(getattr(both, name), getattr(result, name), err_msg=name)
    np.testing.assert_array_equal(both.spent[:, mine], result.spent)


def test_endings_sum_to_the_raid(result):
    counts = sum((result.threat_outcome == code).sum(axis=1) for code in (KILLED, LEAKED, DEPARTED, UNRESOLVED))
    assert (counts == 26).all()
    leaked = result.threat_outcome == LEAKED
    assert (result.threat_reason[leaked] > 0).all()
    assert (result.threat_reason[~leaked] == 0).all()


def test_event_log_agrees_with_the_counters(result):
    for row in range(24):
        kinds = result.event_kind[row, : result.event_count[row]]
        assert (kinds == EV_LAUNCH).sum() == result.spent[row].sum() == result.threat_shots[row].sum()
        assert (kinds == EV_KILL).sum() == result.kills[row].sum()
        assert (np.diff(result.event_time_s[row, : result.event_count[row]]) > -13.0).all()  # plots: at sector ends
    assert (result.kills.sum(axis=(1, 2)) == (result.threat_killer >= 0).sum(axis=1)).all()


def test_stock_and_channels_are_never_exceeded(plan_of, result):
    stock = plan_of.plan.launchers["load"].sum()
    assert (result.spent.sum(axis=(1, 2)) + result.rounds_left.sum(axis=(1, 2)) == stock).all()
    assert (result.channels_peak <= plan_of.plan.units["target_channels"]).all()


def test_more_missiles_never_leak_more():
    """On common random numbers: the paired mean difference is not above 0 beyond its interval."""
    few, many = (run(compiled(real(launchers=n)), 120) for n in (1, 6))
    difference = (many.threat_outcome == LEAKED).sum(axis=1) - (few.threat_outcome == LEAKED).sum(axis=1)
    half = 3.3 * difference.std(ddof=1) / np.sqrt(difference.size)
    assert difference.mean() <= half
    assert difference.mean() < -1.0  # this raid outnumbers one launcher a unit: more must help


def test_what_reflects_nothing_is_never_seen():
    text = real(launchers=3) + '\n[assume.f-16c]\nrcs = "1e-12 m2"\n'
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
    assert not any("91n6e" in r for r in cut.labels["radar"])
