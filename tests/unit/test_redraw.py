"""Coverage redrawn while a site is dragged, against closed forms and the whole study's own numbers."""

from __future__ import annotations

import math

import pytest

from kalkan.compile.ground import terrain_of
from kalkan.compile.shared import Shared
from kalkan.cover.floors import SIGHT, radar_bands
from kalkan.cover.footprint import footprint
from kalkan.cover.grid import grid_around
from kalkan.cover.lattice import ground_of
from kalkan.cover.laydown import lay_down, sites_deg
from kalkan.cover.reach import reach
from kalkan.cover.redraw import Redraw
from kalkan.scenario import load, parse, starter
from kalkan.scenario.nouns.fields import Altitude

HIGH = Altitude(3000.0, "ground")
picture = Redraw().picture


@pytest.fixture(scope="module")
def whole():
    return lay_down(parse(starter("small")), parse(starter("small")).catalogue, "f-16c")


@pytest.mark.parametrize(("shows", "p_d"), [("sight", SIGHT), ("p_d 0.5", 0.5), ("p_d 0.9", 0.9)])
def test_areas_are_those_of_the_study(whole, shows, p_d):
    made = picture(parse(starter("small")), shows, "f-16c", HIGH)
    grid = grid_around(sites_deg(whole), whole.nominal_range_m(), whole.terrain, cells=640)
    for name, km2 in zip(made.names, made.km2, strict=True):
        band = radar_bands(whole, grid, whole.radar_names.index(name))[p_d]
        assert km2 == pytest.approx(band.holds(grid, HIGH).sum() * grid.cell_km2, rel=0.015)


def test_reach_is_the_outline_of_the_first_meeting(whole):
    made = picture(parse(starter("small")), "reach", "f-16c", HIGH)
    for u, km2 in enumerate(made.km2):
        assert km2 == pytest.approx(reach(whole, u, HIGH).area_km2(), rel=0.015)


def test_reach_of_what_falls_is_its_footprint_whatever_the_height():
    """That of the whole study on its own grid; a low height is no horizon, and who is launched by nobody has none."""
    scenario = load("examples/ballistic.toml").variants_resolved()["s-400"]
    laydown = lay_down(scenario, scenario.catalogue, "short-range-ballistic-missile")
    area = footprint(laydown, scenario.raids[0]).area_km2(0)
    for height in (Altitude(50.0, "ground"), HIGH):
        (km2,) = picture(scenario, "reach", "short-range-ballistic-missile", height).km2
        assert km2 == pytest.approx(area, rel=0.015)
    assert picture(scenario, "reach", "scud-b", HIGH).km2 == [0.0]


def test_sight_over_a_smooth_sea_is_the_horizon_circle():
    made = picture(parse(starter("small")), "sight", "f-16c", Altitude(50.0, "ground"))
    masts = {r.name: r.height_m for r in lay_down(
        parse(starter("small")), parse(starter("small")).catalogue, "f-16c").layout.radars}  # fmt: skip
    for name, km2 in zip(made.names, made.km2, strict=True):
        d = math.sqrt(2.0 * 4.0 / 3.0 * 6_371_000.0) * (math.sqrt(masts[name]) + math.sqrt(50.0))
        assert km2 == pytest.approx(math.pi * d**2 / 1e6, rel=0.02)


def test_over_the_sea_a_height_is_the_same_above_sea_and_ground():
    for shows in ("sight", "p_d 0.9", "reach"):
        one, two = (picture(parse(starter("small")), shows, "f-16c", Altitude(3000.0, a)) for a in ("ground", "sea"))
        assert (one.count == two.count).all() and one.km2 == two.km2


def test_a_height_above_sea_ends_at_the_mountains_and_one_above_ground_does_not():
    scenario = load("examples/second-batch.toml").variants_resolved()["two-batches"]
    ground, sea = (picture(scenario, "sight", "f-16c", Altitude(1000.0, above)) for above in ("ground", "sea"))
    mountains = [ground_of(p.tile, terrain_of(scenario, Shared())).ground_m > 1000.0 for p in (ground, sea)]
    assert ground.count[mountains[0]].max() > 0
    assert mountains[1].any() and sea.count[mountains[1]].max() == 0


WET = '[weather]\nrain_rate = "50 mm/h"\n'


def test_rain_shortens_detection_but_not_sight():
    dry, wet = (parse(starter("small") + weather) for weather in ("", WET))
    a, b = (picture(s, "p_d 0.9", "f-16c", HIGH) for s in (dry, wet))
    assert b.together_km2 < 0.99 * a.together_km2
    assert picture(dry, "sight", "f-16c", HIGH).km2 == picture(wet, "sight", "f-16c", HIGH).km2


def test_what_is_kept_of_the_weather_is_what_would_be_computed():
    """Two rains one after the other: nothing of the first stays."""
    weak, strong = (parse(starter("small") + WET.replace("50", rate)) for rate in ("5", "50"))
    redraw = Redraw()
    first = redraw.picture(weak, "reach", "f-16c", HIGH)
    assert redraw.picture(strong, "reach", "f-16c", HIGH).together_km2 != first.together_km2
    for again in (redraw.picture(weak, "reach", "f-16c", HIGH), Redraw().picture(weak, "reach", "f-16c", HIGH)):
        assert (again.count == first.count).all()
