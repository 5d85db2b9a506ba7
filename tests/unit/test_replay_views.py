"""What the browser draws: grounds, sight, replay documents, choices, and edits that keep comments."""

from __future__ import annotations

import base64
import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalkan.earth.terrain import Terrain
from kalkan.errors import ProblemsError
from kalkan.scenario import parse, starter
from kalkan.scenario.editing import Change, edit_text
from kalkan.views.choices import ranked
from kalkan.views.ground import Box, box_around, ground, mercator_grid, picture_size, relief_png
from kalkan.views.replay import _levels, _steps, _ups_and_downs
from kalkan.views.sight import Antenna, sight

TERRAIN = "examples/terrain/globe30s_turkiye_emed.tif"
BLACK_SEA = Box(32.0, 41.0, 36.0, 43.5)


def picture(uri: str) -> np.ndarray:
    import warnings

    import rasterio
    from rasterio.io import MemoryFile

    with warnings.catch_warnings(), MemoryFile(base64.b64decode(uri.split(",")[1])) as file:
        warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
        return file.open().read()


# ---- sight, against the closed form of the smooth earth


@pytest.mark.parametrize(("antenna_m", "height_m"), [(4.0, 50.0), (24.0, 300.0), (24.0, 3000.0)])
def test_sight_over_a_smooth_sea_is_the_horizon_circle(antenna_m, height_m):
    """d = sqrt(2 k R) (sqrt h1 + sqrt h2), R the mean earth radius: area within what a pixel's width allows."""
    seen = sight(Terrain.flat(), [Antenna(42.0, 34.0, antenna_m, 1e6)], height_m, 4.0 / 3.0)
    d = math.sqrt(2.0 * 4.0 / 3.0 * 6_371_000.0) * (math.sqrt(antenna_m) + math.sqrt(height_m))
    assert seen["area_km2"] == pytest.approx(math.pi * d**2 / 1e6, rel=0.015)


def test_sight_ends_at_the_instrumented_range():
    seen = sight(Terrain.flat(), [Antenna(42.0, 34.0, 24.0, 60_000.0)], 3000.0, 4.0 / 3.0)
    assert seen["area_km2"] == pytest.approx(math.pi * 60.0**2, rel=0.02)


def test_land_hides_and_the_picture_says_where():
    high = Terrain.open(TERRAIN)
    eye = Antenna(41.94, 33.85, 24.0, 400_000.0)
    over_sea, over_land = sight(Terrain.flat(), [eye], 300.0, 4 / 3), sight(high, [eye], 300.0, 4 / 3)
    alpha = picture(over_land["png"])[3]
    lat, lon = mercator_grid(Box(*over_land["box"]), alpha.shape[1], alpha.shape[0])
    north = alpha[np.abs(lat - 42.4).argmin(), np.abs(lon - 33.85).argmin()]
    south = alpha[np.abs(lat - 41.4).argmin(), np.abs(lon - 33.85).argmin()]
    assert north > 0 and south == 0
    assert over_land["area_km2"] > over_sea["area_km2"]  # the site stands on a hill above the sea


def test_two_antennas_see_what_either_sees():
    eyes = [Antenna(42.0, 34.0, 24.0, 1e6), Antenna(42.0, 40.0, 24.0, 1e6)]
    one, two = sight(Terrain.flat(), eyes[:1], 50.0, 4 / 3), sight(Terrain.flat(), eyes, 50.0, 4 / 3)
    assert two["area_km2"] == pytest.approx(2 * one["area_km2"], rel=0.03)


# ---- grounds


def test_relief_is_clear_over_the_sea_and_opaque_on_land():
    terrain = Terrain.open(TERRAIN)
    grey, alpha = picture("," + base64.b64encode(relief_png(terrain, BLACK_SEA, 300)).decode())
    lat, lon = mercator_grid(BLACK_SEA, grey.shape[1], grey.shape[0])
    land = terrain.elevation(lat[:, None], lon[None, :]) > 0
    assert np.array_equal(alpha > 0, land) and 0.2 < land.mean() < 0.8
    assert grey[land].std() > 5  # slopes are seen


def test_a_slope_towards_the_light_is_brighter():
    """Light from the north-west: north-west slopes are brighter than south-east slopes."""
    terrain = Terrain.open(TERRAIN)
    grey, alpha = picture("," + base64.b64encode(relief_png(terrain, BLACK_SEA, 300)).decode()).astype(float)
    lat, lon = mercator_grid(BLACK_SEA, grey.shape[1], grey.shape[0])
    down, across = np.gradient(terrain.elevation(lat[:, None], lon[None, :]))
    towards = (down + across > 100) & (alpha > 0)
    away = (down + across < -100) & (alpha > 0)
    assert grey[towards].mean() > grey[away].mean() + 20


def test_coasts_stay_near_their_box():
    found = ground(Terrain.flat(), BLACK_SEA)
    assert found["relief"] is None and found["coasts"]
    for line in found["coasts"]:
        lon, lat = np.array(line).reshape(-1, 2).T
        assert ((lon > 31.5) & (lon < 36.5) & (lat > 40.5) & (lat < 44.0)).all()


@given(st.floats(-80, 80), st.floats(-170, 170), st.floats(0, 5), st.floats(0, 5))
def test_a_box_holds_its_places_and_lies_on_the_map(lat, lon, up, right):
    box = box_around(np.array([lat, min(lat + up, 83.0)]), np.array([lon, lon + right]))
    assert box.south < lat < box.north and box.west < lon < box.east
    assert -84 <= box.south < box.north <= 84 and -180 <= box.west < box.east <= 180
    width, height = picture_size(box, 400)
    assert max(width, height) in (399, 400, 401) and min(width, height) >= 2


# ---- steps and choices

SPANS = st.lists(st.tuples(st.integers(0, 500), st.integers(1, 400)).map(lambda s: (s[0], s[0] + s[1])), max_size=30)


@given(SPANS, st.integers(0, 1000))
def test_steps_count_what_is_in_the_air(spans, time):
    steps = _steps(_ups_and_downs(spans))
    before = [n for t, n in zip(steps["t"], steps["n"], strict=True) if t <= time * 100]
    assert (before[-1] if before else 0) == sum(a <= time < b for a, b in spans)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 3)), max_size=40))
def test_levels_keep_the_last_of_each_time_and_no_repetition(levels):
    levels.sort(key=lambda x: x[0])
    steps = _levels(levels)
    assert steps["t"] == sorted(set(steps["t"]))
    assert all(a != b for a, b in zip(steps["n"], steps["n"][1:], strict=False))
    if levels:
        assert steps["n"][-1] == levels[-1][1]


def test_replications_are_ranked_by_leakers_then_hits_then_number():
    order = ranked(np.array([2, 0, 1, 0, 1]), np.array([0, 1, 5, 0, 2]))
    assert order.tolist() == [3, 1, 4, 2, 0]


# ---- edits


@given(st.floats(-89, 89).map(lambda x: round(x, 4)), st.floats(-179, 179).map(lambda x: round(x, 4)))
def test_an_edit_changes_one_line_and_reads_back(lat, lon):
    text = starter("small")
    new = edit_text(text, [Change(("systems", 0, "position"), [lat, lon])])
    changed = [(a, b) for a, b in zip(text.splitlines(), new.splitlines(), strict=True) if a != b]
    assert len(changed) <= 1
    import tomllib

    assert tomllib.loads(new)["systems"][0]["position"] == [lat, lon]
    assert re.findall("#.*", new) == re.findall("#.*", text)


def test_an_edit_reaches_inline_tables_variants_and_missing_lists():
    text = starter("second-batch") if "second-batch" in starter("second-batch") else starter("small")
    text += '\n[variants.moved.systems.other]  # mine\ntype = "s-400"\nposition = [41.0, 34.0] # here\n'
    new = edit_text(text, [
        Change(("raids", 0, "route", 0, "position"), [43.5, 33.0]),
        Change(("variants", "moved", "systems", "other", "position"), [41.5, 34.5]),
        Change(("variants", "moved", "systems", "other", "fire_unit_positions"), [[41.6, 34.5], [41.4, 34.5]]),
    ])  # fmt: skip
    assert "position = [41.5, 34.5] # here" in new and "# mine" in new
    assert "fire_unit_positions = [[41.6, 34.5], [41.4, 34.5]]" in new
    assert "position = [43.5, 33.0], altitude" in new


NOWHERE = [("systems", 7, "position"), ("nothing", "position"), ("systems", "x", 1), ("title", 0)]


@pytest.mark.parametrize("place", NOWHERE)
def test_an_edit_of_what_is_not_there_is_told(place):
    with pytest.raises(ProblemsError, match="is not in the file any more"):
        edit_text(starter("small"), [Change(place, [1.0, 2.0])])


def test_scenes_say_where_the_file_says_it():
    """What a scene calls the place of a thing is the place at which an edit moves it."""
    from kalkan.views.scene import scene

    text = starter("small")
    found = scene(parse(text))
    for thing in (found["systems"][0], found["assets"][0], found["raids"][0]["route"][-1]):
        lat, lon = thing["position"]
        moved = edit_text(text, [Change(tuple(thing["place"]), [round(lat + 0.01, 4), lon])])
        again = scene(parse(moved))
        assert again != found
