"""Coverage redrawn while a site is dragged, against closed forms and the whole study's own numbers."""

from __future__ import annotations

import math

import pytest

from kalkan.cover.floors import SIGHT, radar_bands
from kalkan.cover.grid import grid_around
from kalkan.cover.laydown import lay_down, sites_deg
from kalkan.cover.reach import reach
from kalkan.cover.redraw import picture
from kalkan.scenario import parse, starter
from kalkan.scenario.fields import Altitude

HIGH = Altitude(3000.0, "ground")


@pytest.fixture(scope="module")
def whole():
    return lay_down(parse(starter("small")), parse(starter("small")).catalogue, "f-16c")


@pytest.mark.parametrize(("shows", "p_d"), [("sight", SIGHT), ("p_d 0.5", 0.5), ("p_d 0.9", 0.9)])
def test_areas_are_those_of_the_study(whole, shows, p_d):
    made = picture(parse(starter("small")), shows, "f-16c", 3000.0)
    grid = grid_around(sites_deg(whole), whole.nominal_range_m(), whole.terrain, cells=640)
    for name, km2 in zip(made.names, made.km2, strict=True):
        band = radar_bands(whole, grid, whole.radar_names.index(name))[p_d]
        assert km2 == pytest.approx(band.holds(grid, HIGH).sum() * grid.cell_km2, rel=0.015)


def test_reach_is_the_outline_of_the_first_meeting(whole):
    made = picture(parse(starter("small")), "reach", "f-16c", 3000.0)
    for u, km2 in enumerate(made.km2):
        assert km2 == pytest.approx(reach(whole, u, HIGH).area_km2(), rel=0.015)


def test_sight_over_a_smooth_sea_is_the_horizon_circle():
    made = picture(parse(starter("small")), "sight", "f-16c", 50.0)
    masts = {r.name: r.height_m for r in lay_down(
        parse(starter("small")), parse(starter("small")).catalogue, "f-16c").layout.radars}  # fmt: skip
    for name, km2 in zip(made.names, made.km2, strict=True):
        d = math.sqrt(2.0 * 4.0 / 3.0 * 6_371_000.0) * (math.sqrt(masts[name]) + math.sqrt(50.0))
        assert km2 == pytest.approx(math.pi * d**2 / 1e6, rel=0.02)
