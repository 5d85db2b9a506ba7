"""What the browser draws: grounds, coverage, replay documents, choices, and edits that keep comments."""

from __future__ import annotations

import base64
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalkan.earth.box import Box
from kalkan.earth.terrain import Terrain
from kalkan.errors import ProblemsError
from kalkan.results import chosen
from kalkan.results.assemble import Results, load_records
from kalkan.results.quantity import MEAN, Quantity
from kalkan.scenario import load, parse, starter
from kalkan.scenario.nouns.fields import Altitude
from kalkan.scenario.writing.editing import Change, edit_text
from kalkan.views.coverage.picture import coverage_picture, flown_heights, live_offer, packed_offer
from kalkan.views.maps.ground import box_around, ground, mercator_grid, picture_size, relief_png
from kalkan.views.notebook.results import open_results
from kalkan.views.replay.document import _levels, _steps, _ups_and_downs
from kalkan.views.report.material import Material
from kalkan.views.report.sections.fight import _picked
from kalkan.views.run.choices import choices
from tests.unit.toy_engine import simulate

TERRAIN = "examples/terrain/globe30s_turkiye_emed.tif"
BLACK_SEA = Box(32.0, 41.0, 36.0, 43.5)


def picture(uri: str) -> np.ndarray:
    import warnings

    import rasterio
    from rasterio.io import MemoryFile

    with warnings.catch_warnings(), MemoryFile(base64.b64decode(uri.split(",")[1])) as file:
        warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
        return file.open().read()


# ---- coverage


@pytest.fixture(scope="module")
def second_batch():
    """The example's larger variant, on real terrain."""
    return load("examples/second-batch.toml").variants_resolved()["two-batches"]


def test_land_hides_and_the_picture_says_where(second_batch):
    seen = coverage_picture(second_batch, "sight", "f-16c", Altitude(300.0, "ground"))
    alpha = picture(seen["png"])[3]
    lat, lon = mercator_grid(Box(*seen["box"]), alpha.shape[1], alpha.shape[0])
    north = alpha[np.abs(lat - 42.4).argmin(), np.abs(lon - 33.85).argmin()]
    south = alpha[np.abs(lat - 41.4).argmin(), np.abs(lon - 33.85).argmin()]
    assert north > 0 and south == 0
    assert max(e["area_km2"] for e in seen["each"]) <= seen["area_km2"] < sum(e["area_km2"] for e in seen["each"])


def test_what_a_server_offers_begins_with_the_raids(second_batch):
    offer = live_offer(second_batch)
    flown = {r.type for r in second_batch.raids}
    first = offer["targets"][: len(flown)]
    assert {t["id"] for t in offer["targets"] if t["flies"]} == {t["id"] for t in first} == flown
    assert next(t["flies"] for t in first if t["id"] == "f-16c") == {"height_m": 7500.0, "above": "sea"}
    assert len(offer["targets"]) > len(flown)
    asked = [(h["height_m"], h["above"]) for h in offer["heights"]]
    assert len(set(asked)) == len(asked) and (7500.0, "sea") in asked and (50.0, "ground") in asked
    assert offer["pictures"] == []


def test_a_page_without_a_server_holds_every_type_of_the_raids_at_its_own_heights():
    scenario = parse(starter("small"))
    offer = packed_offer(scenario)
    held = {(p["shows"], p["target"], p["height_m"], p["above"]) for p in offer["pictures"]}
    for target, heights in flown_heights(scenario).items():
        for shows in ("p_d 0.5", "p_d 0.9", "reach"):
            assert (shows, target, heights[0].metres, heights[0].above) in held
            assert (shows, target, 50.0, "ground") in held
    assert {t["id"] for t in offer["targets"]} == set(flown_heights(scenario))
    assert sum(len(p["png"]) for p in offer["pictures"]) < 400_000


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
    assert found["relief"].startswith("data:image/png;base64,") and found["coasts"]
    for line in found["coasts"]:
        lon, lat = np.array(line).reshape(-1, 2).T
        assert ((lon > 31.5) & (lon < 36.5) & (lat > 40.5) & (lat < 44.0)).all()


@given(st.floats(-80, 80), st.floats(-180, 175), st.floats(0, 5), st.floats(0, 5))
def test_a_box_holds_its_places_and_lies_on_the_map(lat, lon, up, right):
    box = box_around(np.array([lat, min(lat + up, 83.0)]), np.array([lon, lon + right]))
    assert box.south < lat < box.north and box.west < lon < box.east
    assert -84 <= box.south < box.north <= 84 and box.east - box.west <= 360  # across 180° as anywhere else
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


def test_best_typical_and_worst_are_the_same_everywhere(tmp_path):
    """In the app's choices, the report, the notebook's replay and exports."""
    folder = simulate(tmp_path / "out")
    results = Results(*load_records(folder))
    material = Material(open_results(folder))
    for told in choices(results):
        name = told["name"]
        rows = _picked(material, name)
        numbers = results.records[name].replications
        assert {k: int(numbers[row]) for k, row in rows.items()} == {k: told[k] for k in rows}
        for which in ("best", "typical", "worst"):
            assert chosen.number_of(which, folder, name) == told[which]


def test_an_undecided_threat_is_no_success():
    """The best replication is one in which all are stopped, not one whose threats are still flying at the end."""
    q = {
        k: Quantity(k, k, "1", MEAN, np.array(v, float))
        for k, v in {"leakers": [0, 1, 0], "unresolved": [4, 0, 0], "value_lost": [0, 1, 0], "killed": [2, 5, 6],
                     "spent": [1, 9, 9]}.items()
    }  # fmt: skip
    assert (chosen.best(q), chosen.worst(q)) == (2, 0)


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
    from kalkan.views.maps.scene import scene

    text = starter("small")
    found = scene(parse(text))
    for thing in (found["systems"][0], found["assets"][0], found["groups"][0]["route"][-1]):
        lat, lon = thing["position"]
        moved = edit_text(text, [Change(tuple(thing["place"]), [round(lat + 0.01, 4), lon])])
        again = scene(parse(moved))
        assert again != found
