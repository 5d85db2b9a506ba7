"""Parts of the defence that go out, through the whole loop: what it then sees, does, and gets back."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kalkan.schema import (
    EV_ALONE,
    EV_LED,
    EV_RADAR_BACK,
    EV_RADAR_OUT,
    EVENTS,
    KILLED,
    LEAKED,
    N_SECTORS,
    OUT_OF_ACTION,
    REASONS,
)
from tests.engine import harness

SIGMAS = 4.0  # of a binomial count or a mean; a test that is right fails once in 15,000 times


def outage(*parts: str, name: str = "outage", **times: str | float) -> str:
    """An [[outages]] table; times as ``until="6 min"``, begin as ``since``."""
    lines = [f'{k} = "{v}"' if isinstance(v, str) else f"{k} = {v}" for k, v in times.items()]
    listed = ", ".join(f'"{p}"' for p in parts)
    return f'\n[[outages]]\nname = "{name}"\nparts = [{listed}]\n' + "\n".join(lines).replace("since", "from") + "\n"


def fight(extra: str, *, count: int = 4, n: int = 2, **options):
    """Run a raid of F-16s on a perfect defence of which something is out."""
    text = harness.scenario(harness.raid(count=count), salvo=1, extra=extra, **({"p": 1.0} | options))
    return harness.run(harness.compiled(text), n)


def times_of(run, kind: int, row: int = 0) -> list[float]:
    n = int(run.event_count[row])
    return run.event_time_s[row, :n][run.event_kind[row, :n] == kind].tolist()


def test_a_defence_without_radars_sees_nothing_and_says_why():
    run = fight(outage("set", "set/1"))
    assert run.plots.sum() == 0 and run.spent.sum() == 0
    assert (run.threat_outcome == LEAKED).all() and (run.threat_reason == OUT_OF_ACTION).all()
    np.testing.assert_allclose(run.radar_out_s, 25 * 60.0)


def test_recovery_resumes_with_the_first_turn_of_the_radar():
    run = fight(outage("set/91N6E", "set/96l6e", "set/1/92n6e", until="4 min"))
    sector_s = 2.0 / N_SECTORS  # one that passes when the radar is back counts as a whole
    assert (run.threat_first_plot_s >= 240.0 - sector_s).all() and (run.threat_first_plot_s < 246.0).all()
    assert (run.threat_outcome == KILLED).all()
    np.testing.assert_allclose(run.radar_out_s, 240.0)
    assert times_of(run, EV_RADAR_OUT) == [0.0] * 3 and times_of(run, EV_RADAR_BACK) == [240.0] * 3


def test_without_its_post_a_fire_unit_fights_alone_until_the_post_is_back():
    run = fight(outage("set/post", since="0 s", until="9 min"), n=1)
    assert times_of(run, EV_ALONE) == [60.0]  # the claimed time in which it takes over
    assert (run.threat_outcome == KILLED).all() and (run.threat_first_launch_s > 60.0).all()
    assert run.post_out_s[0].tolist() == [540.0, 0.0]
    back = times_of(run, EV_LED)
    assert back and back[0] >= 600.0
    assert run.alone_s[0, 0] == pytest.approx(back[0] - 60.0)


def test_a_unit_that_fights_alone_sees_only_with_its_own_radar():
    blind = fight(outage("set/post", "set/1/92n6e"), n=1, count=1)
    assert blind.plots.sum() == 0 and (blind.threat_reason == OUT_OF_ACTION).all()
    seeing = fight(outage("set/post"), n=1, count=1)
    assert seeing.plots[0, :2].sum() == 0 and seeing.plots[0, 2] > 0  # its post's radars report to nobody


def test_a_post_without_radars_leads_nobody():
    run = fight(outage("set/91n6e", "set/96l6e"), n=1)
    assert times_of(run, EV_ALONE) == [60.0] and (run.threat_outcome == KILLED).all()


def test_units_that_lost_their_links_engage_one_target_twice():
    """The post gives a target to one of its units; units alone know nothing of each other."""
    led = fight("", units=2, count=3)
    cut = fight(outage("set/1/link", "set/2/link"), units=2, count=3)
    assert led.spent.sum() == 2 * 3
    assert cut.spent.sum() >= 2 * 5
    assert np.nanmin(cut.threat_first_launch_s) >= 60.0  # their post, which sees everything, orders them no more
    one = fight(outage("set/1/link"), units=2, count=3)
    assert one.alone_s[0, 0] > 0.0 and one.alone_s[0, 1] == 0.0 and one.link_out_s[0].tolist() == [1500.0, 0.0]


HAND_OVER = """
[[systems]]
name = "other"
type = "s-400"
position = [39.05, 33.0]
fire_units = 1
launchers = 1
loads = { "48n6e3" = 2 }
"""


def test_a_post_that_takes_over_leads_the_units_of_the_other():
    """Under the successor a unit is led with its own units: nothing is shot at twice; nobody is alone."""
    raid = harness.raid(count=4).replace('aim = "centre"', 'aim = "centre"\nstart = "2 min"')
    text = harness.scenario(raid, p=1.0, salvo=1, extra=outage("set/post") + HAND_OVER)
    handed = text.replace('name = "set"\n', 'name = "set"\nhand_over = "other"\n')
    run = harness.run(harness.compiled(handed), 1)
    unit = run.labels["unit"].index("set/1")
    assert run.alone_s.sum() == 0.0 and times_of(run, EV_LED) == [60.0]
    assert run.orders[0, unit] > 0 and run.spent.sum() == 4
    alone = harness.run(harness.compiled(text), 1)
    assert alone.alone_s[0, unit] > 0.0


def test_a_launcher_that_is_out_keeps_its_rounds():
    names = [f"set/1/launcher {k}" for k in range(1, 8)]
    run = fight(outage(*names), count=8, rounds=1)
    assert (run.spent.sum(axis=(1, 2)) == 1).all() and (run.rounds_left == 0).all()
    np.testing.assert_allclose(run.launchers_out_s, 7 * 1500.0)
    back = fight(outage(*names, until="4 min"), count=8, rounds=1)
    assert (back.spent.sum(axis=(1, 2)) == 8).all()


def test_a_launcher_that_is_out_is_reloaded_when_it_is_back():
    names = [f"set/1/launcher {k}" for k in range(1, 9)]
    first = fight("", count=9, rounds=1, reloads=1, launcher='reload_time = "1 min"')
    assert (first.spent.sum(axis=(1, 2)) == 9).all()
    later = outage(*names, since="30 s", until="5 min")  # all rounds are gone by then, none is reloaded yet
    run = fight(later, count=9, rounds=1, reloads=1, launcher='reload_time = "1 min"')
    assert (run.spent.sum(axis=(1, 2)) == 9).all()
    last = np.nanmax(run.threat_first_launch_s, axis=1)
    assert (last >= 300.0).all()


def test_an_outage_happens_with_its_probability():
    n, p = 400, 0.3
    run = fight(outage("set/91n6e", "set/96l6e", probability=p, since="20 min"), count=1, n=n)
    happened = run.radar_out_s[:, 0] > 0.0
    assert abs(happened.sum() - n * p) < SIGMAS * math.sqrt(n * p * (1 - p))
    np.testing.assert_array_equal(happened, run.radar_out_s[:, 1] > 0.0)  # parts of one outage go out together


def test_the_share_of_time_in_action_is_that_of_an_alternating_renewal_process():
    """MTBF / (MTBF + MTTR), and its variance over a time T of two exponential states (Cox, Renewal Theory, ch. 7).

    Var = 2 A (1 - A) / (r T) (1 - (1 - exp(-r T)) / (r T)) with r = 1/MTBF + 1/MTTR, in equilibrium.
    """
    up_s, down_s, horizon_s, n = 300.0, 100.0, 1500.0, 400
    mean = {"mean_time_between_failures": f"{up_s:g} s", "mean_time_to_repair": f"{down_s:g} s"}
    run = fight(outage("set/91n6e", **mean), count=1, n=n)
    share = 1.0 - run.radar_out_s[:, run.labels["radar"].index("set/91N6E")].astype(float) / horizon_s
    a, rt = up_s / (up_s + down_s), (1.0 / up_s + 1.0 / down_s) * horizon_s
    variance = 2.0 * a * (1.0 - a) / rt * (1.0 - (1.0 - math.exp(-rt)) / rt)
    assert abs(share.mean() - a) < SIGMAS * math.sqrt(variance / n)
    assert share.var() == pytest.approx(variance, rel=SIGMAS * math.sqrt(2.0 / n))
    at_start = sum(0.0 in times_of(run, EV_RADAR_OUT, row) for row in range(n))  # found as at any other time
    assert abs(at_start - n * (1.0 - a)) < SIGMAS * math.sqrt(n * a * (1.0 - a))


def test_a_replication_is_the_same_whatever_the_block_did_before():
    """Radars and fire units change in the block's own copies, and begin anew."""
    mean = {"mean_time_between_failures": "4 min", "mean_time_to_repair": "3 min"}
    text = harness.scenario(
        harness.raid(count=6, spacing=40), p=0.7, salvo=1,
        extra=outage("set/post", **mean) + outage("set/1/92n6e", name="radar", **mean),
    )  # fmt: skip
    plan = harness.compiled(text)
    before = [plan.plan.radars.copy(), plan.plan.units.copy(), plan.plan.pictures.copy()]
    together, alone = harness.run(plan, 6), harness.run(plan, 1, first=5)
    for was, now in zip(before, (plan.plan.radars, plan.plan.units, plan.plan.pictures), strict=True):
        assert was.tobytes() == now.tobytes()  # what others read of the plan stays as it is
    for name in ("threat_outcome", "threat_end_s", "plots", "spent", "alone_s", "radar_out_s", "event_time_s"):
        np.testing.assert_array_equal(getattr(together, name)[5:], getattr(alone, name), err_msg=name)
    assert together.alone_s.sum() > 0.0


def test_words_of_the_reason():
    assert REASONS[OUT_OF_ACTION].word == "out of action" and EVENTS[EV_ALONE].word == "fights alone"
