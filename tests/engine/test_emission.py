"""Emission control and missiles that home on emitters, through the whole loop."""

from __future__ import annotations

import math

import numpy as np
import pytest

from kalkan.schema import EV_RADAR_ON, EV_RADAR_SILENT, LEAKED, NEVER_SEEN
from tests.engine import harness
from tests.engine.test_outages import outage, times_of
from tests.engine.test_struck import binomial

HORIZON_S = 1500.0
MISSILE = """
radar_put_out = 1.0
beyond_repair = 1.0
decoy_attraction = 0.5
[assume.anti-radiation-missile]
hit_probability = 0.8
silent_hit_share = 0.25
emitter_memory = "10 s"
"""


def run_with(emission: str = "", *, n: int = 1, extra: str = "", raids: str | None = None, **options):
    """A raid that nothing stops, against a system with this emission control or these decoys."""
    text = harness.scenario(raids or harness.raid(), extra=extra, **({"p": 0.0, "salvo": 1, "max_salvos": 1} | options))
    text = text.replace('name = "set"\n', f'name = "set"\n{emission}\n', 1)
    return harness.run(harness.compiled(text), n)


def homing(emission: str = "", *, n: int = 600, aim: str = "set", extra: str = "", **options):
    """One anti-radiation missile at 250 m/s that arrives after 533 s."""
    raid = harness.raid().replace('aim = "centre"', f'aim = "{aim}"').replace("f-16c", "anti-radiation-missile")
    return run_with(emission, n=n, raids=raid, extra=MISSILE + extra, **options)


def test_a_blinking_radar_looks_for_its_share_of_the_time():
    whole = run_with()
    blinks = run_with('emission = { manner = "blinking", on = "20 s", off = "40 s" }')
    np.testing.assert_allclose(blinks.radar_silent_s[0, :2], 1000.0)
    on, off = times_of(blinks, EV_RADAR_ON), times_of(blinks, EV_RADAR_SILENT)
    assert off[:4] == [20.0, 20.0, 80.0, 80.0] and on[:4] == [60.0, 60.0, 120.0, 120.0]
    assert blinks.plots[0, :2].sum() / whole.plots[0, :2].sum() == pytest.approx(20 / 60, abs=0.03)


def test_a_radar_that_nobody_cues_sees_nothing_and_that_is_no_loss():
    run = run_with('emission = { manner = "cued", range = "300 km" }')
    assert run.plots[0, :2].sum() == 0 and (run.threat_reason[run.threat_outcome == LEAKED] == NEVER_SEEN).all()
    np.testing.assert_allclose(run.radar_silent_s[0, :2], HORIZON_S)


OTHER = """
[command]
coordination = {tied}
[[systems]]
name = "other"
type = "s-400"
position = [39.0, 33.05]
fire_units = 1
"""


@pytest.mark.parametrize("tied", [True, False])
def test_a_radar_is_cued_by_the_track_of_another_post_that_is_coordinated(tied):
    """At 250 m/s from 133 km (8 km up) the raid is within 60 km of the radars after about 295 s."""
    extra = OTHER.format(tied=str(tied).lower())
    run = run_with('emission = { manner = "cued", range = "60 km", hold = "30 s" }', extra=extra)
    mine = [i for i, name in enumerate(run.labels["radar"]) if name in ("set/91N6E", "set/96L6E")]
    on = [t for t in times_of(run, EV_RADAR_ON)]
    if not tied:
        assert not on and run.plots[0, mine].sum() == 0
        return
    assert len(on) == 2 and all(290.0 < t < 300.0 for t in on)
    assert (run.plots[0, mine] > 0).all()
    assert (run.radar_silent_s[0, mine] > on[0]).all()  # and again, some time after its last track


def test_a_missile_homes_on_one_radar_that_transmits():
    run = homing()
    assert (run.threat_outcome == LEAKED).all()
    binomial(int(run.threat_hit.sum()), 600, 0.8)
    lost = run.radar_losses[:, :2]
    assert (lost.sum(axis=1) == run.threat_hit[:, 0]).all() and run.post_losses.sum() == 0
    binomial(int(lost[:, 0].sum()), int(lost.sum()), 0.5)


def test_a_missile_rarely_hits_what_fell_silent_long_before():
    silent = homing('emission = { manner = "cued", range = "1 km" }')
    binomial(int(silent.threat_hit.sum()), 600, 0.8 * 0.25)


@pytest.mark.parametrize(("since", "share"), [("530 s", 1.0), ("500 s", 0.25)])
def test_a_missile_remembers_an_emitter_for_a_while(since, share):
    """It arrives at 533 s, and remembers for 10 s."""
    run = homing(n=400, extra=outage("set/91n6e", "set/96l6e", since=since))
    assert 531.0 < run.threat_end_s[0, 0] < 536.0
    binomial(int(run.threat_hit.sum()), 400, 0.8 * share)


def test_decoy_emitters_draw_their_share():
    """Four decoys count as two radars beside two radars: half of the missiles are drawn away."""
    binomial(int(homing("decoy_emitters = 4").threat_hit.sum()), 600, 0.8 * 2 / (2 + 4 * 0.5))


def test_an_engagement_radar_is_heard_only_while_it_has_a_target():
    """A unit that may not shoot at it is ordered to nothing; one that shoots until the end is heard until then.

    At 8 km it is taken for an aircraft.
    """
    idle = homing(aim="set/1", extra='[doctrine.standard.aircraft]\nnever = ["48n6e3"]\n')
    assert idle.orders.sum() == 0
    binomial(int(idle.threat_hit.sum()), 600, 0.8 * 0.25)
    busy = homing(aim="set/1", max_salvos=40, launchers=12)
    assert (busy.threat_shots > 5).all()
    binomial(int(busy.threat_hit.sum()), 600, 0.8)


def test_a_wary_radar_falls_silent_before_what_comes_at_it_and_pays_with_its_picture():
    calm = homing(n=200)
    wary = homing('emission = { manner = "wary", range = "60 km", hold = "300 s" }', n=200)
    assert (wary.radar_silent_s[:, :2] > 250.0).all()
    assert wary.plots[:, :2].sum() < 0.8 * calm.plots[:, :2].sum()
    binomial(int(wary.threat_hit.sum()), 200, 0.8 * 0.25)


def test_who_passes_by_is_no_threat_to_a_wary_radar():
    aside = harness.raid().replace("[39.0, 33.0]", "[39.0, 34.0]").replace('aim = "centre"', "")
    run = run_with('emission = { manner = "wary", range = "200 km" }', raids=aside)
    assert run.plots[0, :2].sum() > 0 and run.radar_silent_s.sum() == 0.0
    assert math.isfinite(float(run.threat_first_track_s[0, 0]))
