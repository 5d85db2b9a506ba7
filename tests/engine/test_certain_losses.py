"""Losses of the defence where chance has no say: every probability is 0 or 1, so that one replication tells."""

from __future__ import annotations

import numpy as np
import pytest

from kalkan.schema import EV_RADAR_OUT
from tests.engine import harness
from tests.engine.test_outages import fight, outage, times_of

FIGURES = """
radar_put_out = {radar}
post_put_out = {post}
launcher_put_out = 1
beyond_repair = {beyond}
repair_time = "1 s"
decoy_attraction = 1
[assume.f-16c]
hit_probability = 1
[assume.anti-radiation-missile]
hit_probability = 1
silent_hit_share = 0
emitter_memory = "10 s"
"""


def struck(
    aim: str, how: str = "f-16c", *, radar=1, post=1, beyond=1, system: str = "", extra: str = "", n=1, **options
):  # fmt: skip
    """One attacker that nothing stops and that hits whatever it can."""
    raid = harness.raid().replace('aim = "centre"', f'aim = "{aim}"').replace("f-16c", how)
    figures = FIGURES.format(radar=radar, post=post, beyond=beyond)
    settings = {"p": 0.0, "salvo": 1, "max_salvos": 1} | options
    text = harness.scenario(raid, extra=figures + extra, **settings)
    return harness.run(harness.compiled(text.replace('name = "set"\n', f'name = "set"\n{system}\n', 1)), n)


def test_an_outage_of_no_probability_never_happens():
    assert fight(outage("set/91n6e", probability=0.0), count=1, n=1).radar_out_s.sum() == 0.0


def test_what_is_hardly_ever_whole_is_out_at_the_start():
    means = {"mean_time_between_failures": "1 s", "mean_time_to_repair": "1 h"}
    assert 0.0 in times_of(fight(outage("set/91n6e", **means), count=1, n=1), EV_RADAR_OUT)


def test_a_hit_that_puts_nothing_out():
    run = struck("set", radar=0, post=0)
    assert run.threat_hit.all() and run.radar_losses.sum() == 0 and run.post_losses.sum() == 0


def test_a_hit_puts_out_what_stands_at_its_place_for_good():
    run = struck("set")
    assert run.radar_losses[0].tolist() == [1, 1, 0] and run.post_losses[0, 0] == 1 and run.launcher_losses.sum() == 0
    np.testing.assert_allclose(run.radar_out_s[0, :2], 1500.0 - run.threat_end_s[0, 0], rtol=1e-5)
    unit = struck("set/1")
    assert unit.radar_losses[0].tolist() == [0, 0, 1] and unit.launcher_losses[0, 0] == 8
    assert unit.post_losses.sum() == 0


def test_a_part_alone_is_hit_alone():
    assert struck("set/96L6E").radar_losses[0].tolist() == [0, 1, 0]
    assert struck("set/1/launcher 2").launcher_losses.sum() == 1


def test_a_repaired_radar_is_back():
    run = struck("set/91n6e", beyond=0)
    assert run.radar_losses[0, 0] == 1 and 0.0 < run.radar_out_s[0, 0] < 60.0


def test_a_homing_missile_puts_out_one_radar_that_transmits():
    run = struck("set", "anti-radiation-missile")
    assert run.radar_losses[0, :2].sum() == 1 and run.post_losses.sum() == 0


def test_a_homing_missile_that_hears_nothing_hits_nothing():
    silent = 'emission = { manner = "cued", range = "1 km" }'
    assert struck("set", "anti-radiation-missile", system=silent).threat_hit.sum() == 0


@pytest.mark.parametrize(("since", "hit"), [("530 s", 1), ("500 s", 0)])
def test_a_homing_missile_remembers_for_its_time(since, hit):
    run = struck("set", "anti-radiation-missile", extra=outage("set/91n6e", "set/96l6e", since=since))
    assert run.threat_hit.sum() == hit


def test_many_decoys_draw_a_homing_missile():
    run = struck("set", "anti-radiation-missile", system="decoy_emitters = 50", n=2)
    assert run.threat_hit.sum() == 0  # each is drawn away in 50 of 52 cases


def test_an_engagement_radar_with_a_target_is_heard():
    assert struck("set/1", "anti-radiation-missile", max_salvos=40, launchers=12).threat_hit.sum() == 1
    never = '[doctrine.standard.aircraft]\nnever = ["48n6e3"]\n'
    assert struck("set/1", "anti-radiation-missile", extra=never).threat_hit.sum() == 0
