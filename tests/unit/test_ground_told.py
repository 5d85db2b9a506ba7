"""What a run tells of its terrain, and that the same hill in another form is the same ground."""

import numpy as np
import pytest

from kalkan.compile import compile_scenario
from kalkan.engine.identity import identity_of, plan_parts
from kalkan.errors import ProblemsError
from kalkan.scenario import parse
from kalkan.views.terrain import gap_words, terrain_words
from tests.unit.rasters import FOOT_M, band, hill, quarters, source, vrt, write

RAID = """
title = "Hill"
[region]
terrain = "{terrain}"
{more}
[[assets]]
name = "town"
position = {site}
value = 1
[[systems]]
name = "north"
type = "s-400"
position = {site}
boresight = "180 deg"
[[raids]]
name = "raid"
type = "subsonic-cruise-missile"
count = 1
route = [{{ position = [38.1, 33.0], altitude = "60 m AGL" }}, {{ position = {site}, altitude = "60 m AGL" }}]
aim = "town"
"""


def compiled(folder, terrain, site=(38.8, 33.0), more=""):
    scenario = parse(RAID.format(terrain=terrain, site=list(site), more=more), base_dir=folder)
    return compile_scenario(scenario, scenario.catalogue)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The same hill as it is, in feet, in tiles of decimetres, and as a VRT; and with a sea bed in the south."""
    made = tmp_path_factory.mktemp("ground")
    values, transform = hill()
    write(made / "metres.tif", values, transform)
    write(made / "feet.tif", values / FOOT_M, transform, unit="ft")
    quarters(made / "tiles", values, transform, dtype="int16")
    quarters(made / "dm", values * 10.0, transform, dtype="int16", scale=0.1)
    write(made / "dm" / "tile0_WBM.tif", values[:60, :60] * 0, transform, "uint8")
    vrt(made / "all.vrt", band(source("metres.tif")))
    return made


def test_one_hill_is_one_plan_whatever_its_form(folder):
    plain = compiled(folder, "metres.tif")
    for other in ("tiles/", "dm/", "all.vrt"):
        same = compiled(folder, other)
        assert identity_of(plan_parts(same)) == identity_of(plan_parts(plain)), other
    feet = compiled(folder, "feet.tif")  # as floats, to a millimetre
    assert np.allclose(feet.plan.horizon, plain.plan.horizon, rtol=0.0, atol=1e-6)
    assert np.allclose(feet.plan.knots["position_m"], plain.plan.knots["position_m"], rtol=0.0, atol=0.01)


def test_what_was_used_is_told(folder):
    told = compiled(folder, "dm/").attrs["ground"]
    assert terrain_words(told) == [
        "4 files used; left out: tile0_WBM.tif (by its name)",
        "its heights are stored in m, scale 0.1, and were converted to metres",
    ]


def test_a_terrain_that_ends_before_the_radar_s_range_is_told_with_its_share(folder):
    gap = compiled(folder, "metres.tif").attrs["ground"]["missing"]
    lat, lon = np.deg2rad(38.8), np.deg2rad(33.0)
    half_east = np.deg2rad(0.5) * np.cos(lat) * 6371e3
    area = 2.0 * half_east * np.deg2rad(1.0) * 6371e3  # the raster: a degree by a degree
    assert gap["radius_m"] >= 78e3 and lon > 0.0
    assert gap["share"] == pytest.approx(1.0 - area / (np.pi * gap["radius_m"] ** 2), abs=0.02)
    assert gap["distance_m"] == pytest.approx(np.deg2rad(0.2) * 6371e3, abs=2e3) and gap["azimuth_deg"] % 360 < 30


def test_a_ship_off_the_terrain_lies_at_sea_and_that_is_told(folder):
    ship = compiled(folder, "metres.tif", (37.9, 33.0))
    assert ship.attrs["ground"]["at_sea"] == ["north"]
    assert gap_words([ship.attrs["ground"]])[-1] == "no height under north, which lies at sea level"
    assert ship.plan.radars["antenna_m"].max() < 60.0
    with pytest.raises(ProblemsError, match="has no height"):
        compiled(folder, "metres.tif", (37.9, 33.0), 'no_data = "error"')


def test_low_flight_over_a_bed_of_the_sea_is_over_its_surface(folder):
    values, transform = hill()
    bed, surface = values.copy(), values.copy()
    bed[84:], surface[84:] = -1900.0, 0.0
    write(folder / "bed.tif", bed, transform)
    write(folder / "surface.tif", surface, transform)
    plans = [compiled(folder, name) for name in ("bed.tif", "surface.tif")]
    assert identity_of(plan_parts(plans[0])) == identity_of(plan_parts(plans[1]))
    assert "the bed of the sea, down to -1900 m" in terrain_words(plans[0].attrs["ground"])[0]
