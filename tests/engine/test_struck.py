"""Hits on the defence, through the whole loop: how often they put a part out, and what of it comes back."""

from __future__ import annotations

import math

import numpy as np

from kalkan.schema import LEAKED, OUT_OF_ACTION
from tests.engine import harness

SIGMAS = 4.0
CLAIMS = """
[assume.f-16c]
hit_probability = 0.7
"""
SHARES = """
radar_put_out = 0.5
post_put_out = 0.4
launcher_put_out = 0.25
beyond_repair = {beyond}
repair_time = "{repair}"
"""


def struck(aim: str, *, beyond: float = 1.0, repair: str = "6 h", n: int = 600, count: int = 1, more: str = "", **opt):
    """A raid that nothing stops, aimed at a part of the defence that stands at the centre."""
    raid = harness.raid(count=count, spacing=20).replace('aim = "centre"', f'aim = "{aim}"')
    shares = SHARES.format(beyond=beyond, repair=repair)
    text = harness.scenario(raid + more, p=0.0, salvo=1, max_salvos=1, extra=shares + CLAIMS, **opt)
    return harness.run(harness.compiled(text), n)


def binomial(found: int, n: int, p: float) -> None:
    assert abs(found - n * p) < SIGMAS * math.sqrt(n * p * (1 - p)), (found, n * p)


def test_a_hit_puts_a_part_out_with_its_claimed_probability():
    run = struck("set/1/92n6e")
    assert (run.threat_outcome == LEAKED).all()
    binomial(int(run.asset_hits[:, run.labels["asset"].index("set/1/92n6e")].sum()), 600, 0.7)
    binomial(int(run.radar_losses[:, 2].sum()), 600, 0.7 * 0.5)
    assert run.radar_losses[:, :2].sum() == 0 and run.launcher_losses.sum() == 0 and run.post_losses.sum() == 0


def test_a_hit_on_a_place_may_put_out_each_part_that_stands_there():
    unit = struck("set/1")
    binomial(int(unit.launcher_losses.sum()), 8 * int(unit.threat_hit.sum()), 0.25)
    binomial(int(unit.radar_losses[:, 2].sum()), int(unit.threat_hit.sum()), 0.5)
    post = struck("set")
    binomial(int(post.post_losses.sum()), int(post.threat_hit.sum()), 0.4)
    assert post.radar_losses[:, 2].sum() == 0 and post.launcher_losses.sum() == 0
    both = (post.radar_losses[:, :2] > 0).all(axis=1)
    binomial(int(both.sum()), int(post.threat_hit.sum()), 0.25)  # independent of each other


def test_what_is_repaired_is_out_for_an_exponential_time():
    """Mean of min(X, T) of an exponential X with mean m: m (1 - exp(-T/m))."""
    mean_s = 200.0
    run = struck("set/1/92n6e", beyond=0.0, repair="200 s", n=800)
    lost = run.radar_losses[:, 2] > 0
    out_s = run.radar_out_s[lost, 2].astype(float)
    left_s = 1500.0 - run.threat_end_s[lost, 0].astype(float)
    wanted_s = (mean_s * (1.0 - np.exp(-left_s / mean_s))).mean()
    assert abs(out_s.mean() - wanted_s) < SIGMAS * mean_s / math.sqrt(lost.sum())
    for_good = struck("set/1/92n6e", beyond=1.0, n=200)
    lost = for_good.radar_losses[:, 2] > 0
    np.testing.assert_allclose(
        for_good.radar_out_s[lost, 2], 1500.0 - for_good.threat_end_s[lost, 0], rtol=1e-5
    )


def test_who_comes_after_the_hit_gets_through_for_want_of_the_radar():
    """The first puts the only engagement radar out; the second, far behind, would be shot at."""
    second = harness.raid("second", lat=34.8)
    run = struck("set/1/92n6e", n=60, more=second, horizon="40 min")
    late = run.labels["threat"].index("second 1")
    out = run.radar_losses[:, 2] > 0
    shot_at = run.threat_shots[:, late] > 0
    assert out.any() and (~out).any()
    assert (run.threat_reason[out & ~shot_at, late] == OUT_OF_ACTION).all() and (out & ~shot_at).any()
    assert shot_at[~out].all()


def test_a_part_that_is_aimed_at_is_defended_and_is_worth_something():
    raid = harness.raid().replace('aim = "centre"', 'aim = "set/1"')
    text = harness.scenario(raid, p=1.0).replace('name = "set"\n', 'name = "set"\nvalue = 5\n')
    compiled = harness.compiled(text)
    i = compiled.labels["asset"].index("set/1")
    assert compiled.attrs["asset_value"][i] == 5.0 == compiled.plan.assets["value"][i]
    assert compiled.plan.damage.stands[i].sum() == 9  # its radar and its launchers
