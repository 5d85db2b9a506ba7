"""The Patriot battery: one radar that searches and supports at once and does not turn."""

import math
from pathlib import Path

import numpy as np
import pytest

from kalkan.catalogue import load_catalogue
from kalkan.compile import compile_scenario
from kalkan.kernels.mission import run_block
from kalkan.kernels.records import allocate, columns
from kalkan.scenario import load, parse
from kalkan.schema import DEPARTED

CAT = load_catalogue()
EXAMPLES = sorted([*(_ALL := Path(__file__).parents[2] / "examples").glob("*.toml"), *_ALL.glob("events/*.toml")])
SCENARIO = """
title = "Patriot"
[region]
terrain = "flat"
[[assets]]
name = "harbour"
position = [36.0, 33.0]
value = 1
[[systems]]
name = "battery"
type = "patriot"
position = [36.0, 33.0]
fire_unit_positions = [[36.0, 33.0]]
boresight = "{boresight} deg"
{more}
[[raids]]
name = "drones"
type = "one-way-attack-drone"
count = 4
route = [
  {{ position = [36.9, 33.0], altitude = "2000 m MSL" }},
  {{ position = [36.1, 33.0], altitude = "2000 m MSL" }},
]
start = "1 min"
spacing = "60 s"
[study]
horizon = "60 min"
"""


SPENT = "last_resort = []"  # rounds are spent on drones as on anything else


def run(boresight, more="", n=8, doctrine=SPENT):
    text = SCENARIO.format(boresight=boresight, more=more) + f"[doctrine.standard]\n{doctrine}\n"
    compiled = compile_scenario(parse(text), CAT)
    records = allocate(n, compiled.sizes)
    run_block(compiled.plan, 3, 0, 0, n, records)
    return compiled, columns(records)


@pytest.mark.parametrize("file", EXAMPLES, ids=[e.stem for e in EXAMPLES])
def test_every_example_is_sound(file):
    assert load(file).variants_resolved()


def test_its_radar_feeds_its_post_and_searches_its_sector():
    plan = run(0)[0].plan
    assert plan.radars.size == plan.units.size == plan.pictures.size == 1
    assert plan.radars["picture"].tolist() == [0] and plan.units["radar"].tolist() == [0]
    assert plan.radars["scan_period_s"][0] == CAT.value("an-mpq-65", "search_period")
    assert math.degrees(plan.radars["sector_rad"][0]) == pytest.approx(90)


def test_a_launcher_carries_two_gem_t_and_six_mse():
    compiled = run(0)[0]
    loads = dict(zip(compiled.labels["interceptor"], compiled.plan.launchers["load"][0], strict=False))
    assert loads == {"pac-2-gem-t": 2, "pac-3-mse": 6}


def test_it_shoots_at_what_comes_from_ahead():
    _, found = run(0)
    assert (found["orders"].sum(axis=1) >= 4).all()
    assert found["kills"].sum() > 0.5 * 4 * 8


def test_as_claimed_drones_that_come_near_no_asset_get_no_round():
    """Both rounds are a last resort against drones, and these end their flight 11 km from the harbour."""
    _, found = run(0, doctrine="")
    assert np.isfinite(found["threat_first_track_s"]).all()
    assert found["spent"].sum() == 0 and (found["threat_outcome"] == DEPARTED).all()


def test_it_neither_sees_nor_turns_to_what_comes_from_behind():
    _, found = run(180)
    assert found["orders"].sum() == 0 and found["kills"].sum() == 0
    assert np.isnan(found["threat_first_plot_s"]).all()


def test_cut_off_from_its_post_it_fights_as_before():
    together, alone = run(0)[1], run(0, 'link = "cut"')[1]
    assert alone["kills"].sum() == pytest.approx(together["kills"].sum(), abs=8)
