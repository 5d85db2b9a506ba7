"""A scene across 180° is a scene as anywhere else: coverage, maps, mosaics, rasters round the earth, exports.

Against itself, turned about the axis of the earth: WGS-84 is a body of revolution.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
import rasterio
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from rasterio.transform import from_origin

import kalkan
from kalkan.catalogue import load_catalogue
from kalkan.compile import compile_scenario
from kalkan.cover.coverage import Question, cover
from kalkan.cover.redraw import Redraw
from kalkan.earth import areas
from kalkan.earth.box import Box
from kalkan.earth.meridians import middle, span, together, unwrapped
from kalkan.earth.terrain import Terrain
from kalkan.exports import geojson, kml, tacview
from kalkan.exports.writing import START
from kalkan.scenario import parse
from kalkan.scenario.nouns.fields import Altitude
from kalkan.views.coverage.files import write_files
from kalkan.views.maps.ground import ground
from kalkan.views.maps.laydowns import laydown
from kalkan.views.maps.natural_earth import lines_within
from kalkan.views.maps.scene import scene

HARBOUR = (Path(__file__).parent / "data/harbour.toml").read_text(encoding="utf-8")

HIGH = Altitude(500.0, "ground")
ACROSS = 180.0 - 33.0  # turns the scene, 32.0 to 33.2° E, across the date line


def turned(by_deg: float, text: str = HARBOUR) -> str:
    """A scenario's text with every position so far to the east, within ±180°."""

    def shifted(match):
        lon = round((float(match[2]) + by_deg + 180.0) % 360.0 - 180.0, 6)
        return f"position = [{match[1]}, {lon}]"

    return re.sub(r"position = \[([-\d.]+), ([-\d.]+)\]", shifted, text)


def test_coverage_has_the_same_area_on_the_same_map(tmp_path):
    made = {}
    for by in (0.0, ACROSS):
        scenario = parse(turned(by))
        asked = Question("subsonic-cruise-missile", heights=(HIGH,), cells=96)
        made[by] = cover(scenario, load_catalogue(), asked, {})
    here, there = made[0.0], made[ACROSS]
    assert there.grid.half_m == pytest.approx(here.grid.half_m, rel=1e-9)
    assert np.ptp(there.grid.lon_deg) == pytest.approx(np.ptp(here.grid.lon_deg), rel=1e-9)
    for one, other in zip(here.radar_ratios, there.radar_ratios, strict=True):
        assert other.true_km2 == pytest.approx(one.true_km2, rel=2e-3) and one.true_km2[0] > 1000.0
        assert other.nominal_km2 == pytest.approx(one.nominal_km2, rel=2e-3)
    areas = []
    for by, one in made.items():
        folder = tmp_path / str(by)
        folder.mkdir()
        write_files(one, folder)
        shapes = json.loads((folder / "coverage.geojson").read_text())["features"]
        areas.append([km2_of(f["geometry"]["coordinates"]) for f in shapes])
    assert areas[0] == pytest.approx(areas[1], rel=2e-3) and min(areas[0]) > 1000.0


def km2_of(polygons: list) -> float:
    """Area by pyproj; no ring leaves ±180° or steps across it, outer rings turn to the left (RFC 7946, 3.1.6 and 9)."""
    from pyproj import Geod

    total = 0.0
    for rings in polygons:
        for i, ring in enumerate(rings):
            lon, lat = np.array(ring).T
            assert ring[0] == ring[-1] and np.abs(lon).max() <= 180.0 and np.abs(np.diff(lon)).max() < 180.0
            area, _ = Geod(ellps="WGS84").polygon_area_perimeter(lon, lat)
            assert (area > 0.0) == (i == 0)
            total += area / 1e6
    return total


def planar(rings: list) -> float:
    """Area within the outer ring less that of the holes [deg²], on a plate carrée."""
    around = [0.5 * np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y) for x, y in (np.array(r).T for r in rings)]
    return abs(around[0]) - sum(map(abs, around[1:]))


def inside(rings: list, point) -> bool:
    """By matplotlib, even and odd."""
    from matplotlib.path import Path as Outline

    return sum(Outline(np.array(r)).contains_point(point) for r in rings) % 2 == 1


@given(
    st.lists(st.floats(0.5, 3.0), min_size=5, max_size=24), st.floats(-3.5, 3.5), st.booleans(), st.booleans(),
    st.lists(st.tuples(st.floats(-4.0, 4.0), st.floats(-4.0, 4.0)), min_size=8, max_size=8),
)  # fmt: skip
def test_an_area_is_its_parts_on_both_sides(radii, off, has_hole, is_reversed, points):
    """Stars with and without a hole: the parts have the area and the points of the whole, and keep to their sides."""
    angle = np.linspace(0.0, 2.0 * np.pi, len(radii), endpoint=False)
    star = np.column_stack([180.0 + off + radii * np.cos(angle), 50.0 + radii * np.sin(angle)])
    whole = [star, (180.0 + off, 50.0) + 0.2 * (star - (180.0 + off, 50.0))][: 1 + has_hole]
    wrapped = [np.column_stack([unwrapped(r[:, 0], 0.0), r[:, 1]])[:: -1 if is_reversed else 1] for r in whole]
    made = areas.parts(wrapped)
    assert sum(planar(p) for p in made) == pytest.approx(planar(whole), rel=1e-9)
    for polygon in made:
        for ring in polygon:
            assert np.abs(ring[:, 0]).max() <= 180.0 and np.abs(np.diff(ring[:, 0])).max() < 10.0
    for lon, lat in points:
        point = (180.0 + off + lon, 50.0 + lat)
        there = (float(unwrapped(point[0], 0.0)), point[1])
        assert inside(whole, point) == (sum(inside(p, there) for p in made) == 1)


def test_a_curved_area_falls_into_its_parts():
    """An S of three arms and a hole in one of them, across 180°: no part runs along the line where there is no area."""
    outer = [
        (179, 0), (182, 0), (182, 3), (179.5, 3), (179.5, 4), (182, 4), (182, 5), (179, 5), (179, 2),
        (181, 2), (181, 1), (179, 1),
    ]  # fmt: skip
    hole = [(181.2, 0.5), (181.8, 0.5), (181.8, 2.5), (181.2, 2.5)]
    made = areas.parts([np.array(r, float) for r in (outer, hole)])
    boxes = sorted((r.min(axis=0).tolist(), r.max(axis=0).tolist(), len(p) - 1) for p in made for r in p[:1])
    assert boxes[:2] == [([-180, 0], [-178, 3], 1), ([-180, 4], [-178, 5], 0)]
    assert boxes[2:] == [([179, 0], [180, 1], 0), ([179, 2], [180, 5], 0)]
    assert sum(planar(p) for p in made) == pytest.approx(planar([outer, hole]))


@pytest.mark.parametrize("side", [-1.0, 1.0])
@pytest.mark.parametrize("way", [-1, 1])
def test_an_area_round_a_pole_holds_it(side, way):
    lon = np.linspace(-180.0, 180.0, 37)[::way] + 3.0
    (ring,), *more = areas.parts([np.column_stack([unwrapped(lon, 0.0), np.full(37, 88.0 * side)])])
    assert not more and np.abs(ring[:, 0]).max() == 180.0 and np.abs(ring[:, 1]).max() == 90.0
    assert planar([ring]) == pytest.approx(2.0 * 360.0)
    jumps = np.abs(np.diff(ring[:, 0])) > 180.0
    assert jumps.sum() == 1 and (np.abs(ring[:-1][jumps, 1]) == 90.0).all()


@pytest.mark.parametrize("shows", ["sight", "reach"])
def test_the_app_draws_the_same_areas(shows):
    here, there = (
        Redraw().picture(parse(turned(by)), shows, "f-16c", Altitude(3000.0, "ground")) for by in (0.0, ACROSS)
    )
    assert there.km2 == pytest.approx(here.km2, rel=0.01) and min(here.km2) > 1000.0
    assert there.together_km2 == pytest.approx(here.together_km2, rel=0.01)
    west, _, east, _ = there.tile.box
    assert east - west == pytest.approx(here.tile.box.east - here.tile.box.west, rel=0.02)


def test_the_report_has_the_same_map():
    made = {}
    for by in (0.0, ACROSS):
        scenario = parse(turned(by))
        made[by] = laydown(scenario, compile_scenario(scenario, load_catalogue()))
    here, there = made[0.0], made[ACROSS]
    assert there.box.east - there.box.west == pytest.approx(here.box.east - here.box.west, abs=1e-6)
    assert there.box.west == pytest.approx(here.box.west + ACROSS, abs=1e-5)
    for one, other in zip((*here.assets, *here.units), (*there.assets, *there.units), strict=True):
        assert other.lon_deg == pytest.approx(one.lon_deg + ACROSS, abs=1e-5)
    assert there.routes[0].lon_deg == pytest.approx(here.routes[0].lon_deg + ACROSS, abs=1e-5)
    for one, other in zip(here.layers, there.layers, strict=True):
        assert other.share == pytest.approx(one.share, abs=0.005)


def test_maps_of_the_app_hold_the_scene_and_its_coasts():
    box = scene(parse(turned(ACROSS)))["box"]
    plain = scene(parse(turned(0.0)))["box"]
    assert box == pytest.approx([plain[0] + ACROSS, plain[1], plain[2] + ACROSS, plain[3]], abs=1e-6)
    lon = np.concatenate([line[::2] for line in ground(Terrain.flat(), Box(177.0, -20.0, 183.0, -15.0))["coasts"]])
    assert lon.min() < 179.0 and lon.max() > 180.0  # Fiji lies on both sides


def test_coasts_are_the_same_whichever_way_a_box_is_counted():
    east, west = lines_within(180.5, -20.0, 189.0, -10.0), lines_within(-179.5, -20.0, -171.0, -10.0)
    assert len(east.coasts) == len(west.coasts) > 0
    for one, other in zip(east.coasts, west.coasts, strict=True):
        assert one - [360.0, 0.0] == pytest.approx(other, abs=1e-9)


@pytest.fixture
def ridge(tmp_path):
    """The same two tiles, 1° wide each, by 30° E and by 180°; and a raster round the earth with a ridge at 180°."""

    def tile(path, west, lon0, width=120):
        step = 1.0 / 120.0
        lon, lat = west + (np.arange(width) + 0.5) * step, 53.0 - (np.arange(240) + 0.5) * step
        values = (1000.0 + 300.0 * (unwrapped(lon, lon0) - lon0)[None, :] + 50.0 * (lat - 52.0)[:, None])
        with rasterio.open(path, "w", driver="GTiff", crs="EPSG:4326", transform=from_origin(west, 53.0, step, step),
                           height=240, width=width, count=1, dtype="float32") as data:  # fmt: skip
            data.write(values.astype(np.float32), 1)

    (tmp_path / "there").mkdir()
    (tmp_path / "here").mkdir()
    tile(tmp_path / "there/a.tif", 179.0, 180.0)
    tile(tmp_path / "there/b.tif", -180.0, 180.0)
    tile(tmp_path / "here/a.tif", 29.0, 30.0)
    tile(tmp_path / "here/b.tif", 30.0, 30.0)
    tile(tmp_path / "round.tif", -180.0, 180.0, 360 * 120)
    return tmp_path


def test_tiles_on_both_sides_are_one_terrain(ridge):
    here, there = Terrain.open(ridge / "here"), Terrain.open(ridge / "there")
    rng = np.random.default_rng(1)
    lat, lon = rng.uniform(51.01, 52.99, 500), rng.uniform(29.01, 30.99, 500)
    want = here.elevation(lat, lon)
    assert there.elevation(lat, lon + 150.0) == pytest.approx(want, abs=1e-3)
    assert there.elevation(lat, lon - 210.0) == pytest.approx(want, abs=1e-3)
    for lon0 in (180.0, -180.0, 179.9, -179.9):
        window = there.window(52.0, lon0, 40e3)
        plain = here.window(52.0, lon0 - (150.0 if lon0 > 0 else -210.0), 40e3)
        assert window.values.shape == plain.values.shape
        assert window.values == pytest.approx(plain.values, abs=1e-3)
        assert abs(window.lon0_deg + 0.5 * window.dlon_deg * window.values.shape[1] - lon0) < 0.1
    assert there.missing_share(52.0, 180.0, 40e3)[0] == 0.0


@pytest.mark.parametrize("cells", [40_000_000, 400])
def test_a_raster_round_the_earth_has_no_end_at_180(ridge, cells):
    whole, part = Terrain.open(ridge / "round.tif"), Terrain.open(ridge / "there")
    lon = np.array([179.7, 179.999, 180.0, -180.0, -179.999, -179.7])
    assert whole.elevation(52.0, lon) == pytest.approx(part.elevation(52.0, lon), abs=0.1)
    for lon0 in (179.95, -179.95):
        one, other = (t.window(52.0, lon0, 30e3, cells) for t in (whole, part))
        assert one.values.mean() == pytest.approx(other.values.mean(), abs=2.0)
        assert np.ptp(one.values) == pytest.approx(np.ptp(other.values), rel=0.1)


@pytest.fixture(scope="module")
def crossing(tmp_path_factory):
    out = tmp_path_factory.mktemp("dateline") / "run"
    kalkan.run(parse(turned(ACROSS)), replications=1, out=out)
    return kalkan.record(out, replication=0)


def test_geojson_lines_end_at_180(crossing):
    lines = [f for f in json.loads(geojson.content(crossing, START))["features"] if "times_s" in f["properties"]]
    cut = [f for f in lines if f["geometry"]["type"] == "MultiLineString"]
    assert any(f["properties"]["layer"] == "threat" for f in cut)
    for line in lines:
        several = line["geometry"]["type"] == "MultiLineString"
        parts = line["geometry"]["coordinates"] if several else [line["geometry"]["coordinates"]]
        times = line["properties"]["times_s"] if several else [line["properties"]["times_s"]]
        for part, t_s in zip(parts, times, strict=True):
            assert len(part) == len(t_s) >= 1
            assert np.abs(np.diff([p[0] for p in part])).max(initial=0.0) < 180.0
        for before, after, t0, t1 in zip(parts, parts[1:], times, times[1:], strict=False):
            assert abs(before[-1][0]) == 180.0 and before[-1][0] == -after[0][0]
            assert before[-1][1:] == after[0][1:] and t0[-1] == t1[0]


def test_kml_tracks_end_at_180(crossing):
    root = etree.fromstring(kml.content(crossing, START))
    gx = "{http://www.google.com/kml/ext/2.2}"
    assert len(list(root.iter(f"{gx}MultiTrack"))) > 0
    for track in root.iter(f"{gx}Track"):
        lon = np.array([float(c.text.split()[0]) for c in track.iter(f"{gx}coord")])
        assert np.abs(lon).max() <= 180.0 and np.abs(np.diff(lon)).max(initial=0.0) < 180.0
        assert len(lon) == len(list(track.iter("{http://www.opengis.net/kml/2.2}when")))


def test_tacview_paths_do_not_go_round_the_earth(crossing):
    last: dict[str, float] = {}
    for name, lon in re.findall(r"^([0-9a-f]+),T=([-\d.]+)\|", tacview.content(crossing, START).decode(), re.M):
        assert abs(float(lon)) < 5.0 and abs(float(lon) - last.get(name, float(lon))) < 2.0
        last[name] = float(lon)


@given(st.lists(st.integers(-1799, 1800), min_size=1, max_size=8), st.integers(-3600, 3600))
def test_the_shortest_arc_turns_with_its_longitudes(tenths, by):
    """Whatever the turn, the arc is as long, holds all, and its middle turns along (where only one arc is shortest)."""
    lon = np.array(tenths) / 10.0
    moved = unwrapped(lon + by / 10.0, 0.0)
    (west, east), (west2, east2) = span(lon), span(moved)
    assert east - west == pytest.approx(east2 - west2, abs=1e-6) and 0.0 <= east - west < 360.0
    assert np.abs(together(moved) - middle(moved)).max() == pytest.approx((east2 - west2) / 2.0, abs=1e-6)


@given(st.floats(-180, 180), st.floats(-180, 180))
def test_longitudes_near_a_meridian_are_left_as_they_are(lon, about):
    there = float(unwrapped(lon, about))
    assert abs(there - about) <= 180.0 and abs(there - lon) in (0.0, pytest.approx(360.0))
    if abs(lon - about) < 180.0:
        assert there == lon
