"""``kalkan coverage``: the real command, its files read back by other programs, and mistakes."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from html.parser import HTMLParser

import numpy as np
import pytest
import rasterio
from rasterio.features import rasterize
from rasterio.transform import from_origin

import kalkan as facade
from tests.apps.pages import cut_text, too_wide
from tests.apps.test_cli import kalkan

HEIGHTS = "100 m AGL, 3 km MSL"
MASTS = '\n[variants.masts]\nsystems.north.mast_height = { "96l6e" = "24 m" }\n'


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """One study of the starter scenario over a made-up hill, with everything asked for."""
    folder = tmp_path_factory.mktemp("coverage")
    kalkan("new", "raid.toml", cwd=folder)
    lat, lon = 39.0 - 0.01 * (np.arange(500) + 0.5), 30.0 + 0.01 * (np.arange(600) + 0.5)
    hills = 900.0 * np.exp(-(((lat[:, None] - 36.9) / 0.2) ** 2) - ((lon[None, :] - 33.15) / 0.5) ** 2)
    shape = {"height": 500, "width": 600, "count": 1, "dtype": "float32"}
    place = {"crs": "EPSG:4326", "transform": from_origin(30.0, 39.0, 0.01, 0.01)}
    with rasterio.open(folder / "hill.tif", "w", driver="GTiff", **place, **shape) as data:
        data.write(np.where(hills > 1.0, hills, 0.0).astype(np.float32), 1)
    path = folder / "raid.toml"
    path.write_text(path.read_text().replace('"flat"', '"hill.tif"', 1) + MASTS)
    words = ["--heights", HEIGHTS, "--compare-mast", "96l6e=24 m", "--heading", "0 deg", "--cells", "240", "--svg"]
    return folder, json.loads(kalkan("coverage", "raid.toml", *words, "--json", "--quiet", cwd=folder).stdout)


def test_json_has_the_ratios_and_says_what_heights_are_above(made):
    _, found = made
    assert found["heights"] == [{"metres": 100.0, "above": "ground"}, {"metres": 3000.0, "above": "sea"}]
    assert [r["name"] for r in found["radars"]][-1] == "all radars"
    for radar in found["radars"]:
        assert 0.0 <= radar["share"][0] <= radar["share"][1] <= 1.0
    assert found["altered"]["change"] == "96l6e on 24 m"
    units = found["fire_units"]
    assert len(units) == 2 and len(units[0]["by_height"]) == 2
    assert "absorption as in each radar's range claim" in " ".join(found["conditions"]) and found["inputs"]


def test_the_page_needs_no_network_and_holds_every_picture(made):
    folder, found = made
    out = folder / "out/raid-coverage"
    assert found["page"] == "out/raid-coverage/coverage.html"
    page = (out / "coverage.html").read_text()
    sources = re.findall(r'(?:src|href)="([^"]*)"', page)
    assert sources and all(s.startswith(("data:image/png;base64,", "#")) for s in sources)
    embedded = [s for s in sources if s.startswith("data:")]
    again = page.count('<use xlink:href="#picture-')  # every map shows the relief, of which the page holds few copies
    assert again > 10 and len(embedded) < len(set(embedded)) + 3
    pictures = sorted(p.name for p in out.glob("*.png"))
    assert len(re.findall(r'<section id="', page)) == len(pictures) + 3
    assert {"bubble.png", "floor.png", "overlap.png", "radars.png", "passes.png", "comparison.png"} <= set(pictures)
    assert sorted(p.stem for p in out.glob("*.svg")) == sorted(p.stem for p in out.glob("*.png"))
    HTMLParser().feed(page)
    assert "the circle and the coverage" in page and "kalkan coverage" in page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_the_page_in_a_browser(made, browser, width, height, scheme):
    """In the report's dress: light and dark, nothing too wide, no text cut, no fault of accessibility."""
    from axe_playwright_python.sync_playwright import Axe

    folder, _ = made
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    tab = context.new_page()
    faults: list[str] = []
    tab.on("console", lambda m: faults.append(m.text) if m.type in ("error", "warning") else None)
    tab.goto((folder / "out/raid-coverage/coverage.html").as_uri())
    tab.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = Axe().run(tab).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found if v["impact"] in ("serious", "critical")] == []
    assert faults == [] and too_wide(tab) == [] and cut_text(tab) == []
    every = "[...document.querySelectorAll('svg.drawn image, svg.drawn use')]"
    widths = tab.evaluate(f"{every}.map(e => e.getBoundingClientRect().width)")
    pictures = [w for w in widths if w > 50]  # marks and ticks are smaller
    assert len(pictures) > 16
    paper = tab.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert paper == {"light": "rgb(255, 255, 254)", "dark": "rgb(20, 24, 29)"}[scheme]
    context.close()


def test_rasters_are_cloud_optimised_and_know_where_they_are(made):
    folder, _ = made
    for path in sorted((folder / "out/raid-coverage").glob("*.tif")):
        with rasterio.open(path) as data:
            assert data.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
            assert data.crs.to_dict()["proj"] == "laea" and all(data.descriptions)
    with rasterio.open(folder / "out/raid-coverage/floor.tif") as data:
        from pyproj import Transformer

        x, y = Transformer.from_crs("EPSG:4326", data.crs, always_xy=True).transform(33.15, 35.12)
        row, col = data.index(x, y)
        above_ground, above_sea = data.read(1)[row, col], data.read(2)[row, col]
        assert above_ground == above_sea  # over the sea
        assert 0.0 < above_ground < (127.6 / 4.12) ** 2  # at 127.6 km, with antennas above the sea
        no_data = data.read(5) == data.nodata
        assert no_data.any() and not no_data.all()


def test_gdal_and_ogr_read_the_files(made):
    folder, _ = made
    if shutil.which("gdalinfo") is None and not os.environ.get("CI"):
        pytest.skip("GDAL's programs are not installed")
    out = folder / "out/raid-coverage"
    told = json.loads(subprocess.run(["gdalinfo", "-json", out / "floor.tif"], capture_output=True, check=True).stdout)
    assert "Lambert Azimuthal Equal Area" in told["coordinateSystem"]["wkt"]
    assert told["metadata"]["IMAGE_STRUCTURE"]["LAYOUT"] == "COG"
    told = subprocess.run(
        ["ogrinfo", "-so", "-al", out / "coverage.geojson"], capture_output=True, check=True, text=True
    ).stdout
    assert "Multi Polygon" in told and '"EPSG",4326' in told


def test_polygons_cover_what_the_rasters_cover(made):
    folder, _ = made
    out = folder / "out/raid-coverage"
    features = json.loads((out / "coverage.geojson").read_text())["features"]
    for height, above, band in ((100.0, "ground", 1), (3000.0, "sea", 2)):
        shape = next(
            f["geometry"] for f in features
            if list(f["properties"].values()) == ["all radars", "sight", None, height, above]
        )  # fmt: skip
        with rasterio.open(out / "floor.tif") as data:
            from rasterio.warp import transform_geom

            mask = rasterize([transform_geom("EPSG:4326", data.crs, shape)], data.shape, transform=data.transform)
            floor = data.read(band)
            seen = (floor != data.nodata) & (floor <= height)
        assert 0.02 < seen.mean() < 0.99
        assert np.mean(mask.astype(bool) == seen) > 0.995


def test_every_mistake_is_named_at_once(made):
    folder, _ = made
    words = ["--target", "f16", "--heights", "50 m", "--azimuth", "500 deg", "--compare-mast", "91n6=10 m",
             "--compare-mast", "96l6e=300 m", "--compare-site", "north=95,10", "--heading", "east",
             "--variant", "two"]  # fmt: skip
    done = kalkan("coverage", "raid.toml", *words, cwd=folder, code=2)
    assert done.stderr.splitlines() == [
        "input: 8 problems",
        '  --variant         = "two" is not a variant of the scenario; known: "base", "masts"',
        '  --target          = "f16" is not an air vehicle of the catalogue — did you mean "f-16c"?',
        '  --heights         = "50 m" needs "50 m AGL" (above ground) or "50 m MSL" (above sea level)',
        '  --azimuth         = "500 deg" must be at most 360 deg',
        '  --heading         = "east" is not a number with a unit, such as "170 deg"',
        '  --compare-mast    = "91n6=10 m": "91n6" is not here — did you mean "91n6e"?',
        '  --compare-mast    = "96l6e=300 m" must be at most 200 m',
        '  --compare-site    = "north=95,10" has a latitude outside -90 to 90 — are latitude and longitude swapped?',
    ]


def test_a_site_moved_off_the_terrain_is_told_of_the_option_and_not_of_the_file(made):
    folder, _ = made
    done = kalkan("coverage", "raid.toml", "-q", "--compare-site", "north=10,10", cwd=folder, code=2)
    said = done.stderr.splitlines()
    assert said[0] == "input: 1 problem"
    assert said[1].startswith('  --compare-site    = "north=10,10" is where the terrain has no height')


def test_terrain_that_does_not_hold_the_sites(made, tmp_path):
    folder, _ = made
    text = (folder / "raid.toml").read_text().replace('"hill.tif"', f'"{folder}/hill.tif"')
    off = "position = [49.65, 33.15]\nfire_unit_positions = [[36.6, 33.1], [36.6, 23.1]]"
    (tmp_path / "off.toml").write_text(text.replace("position = [36.27, 33.15]", off))
    done = kalkan("coverage", "off.toml", cwd=tmp_path, code=2)
    assert "off.toml: 2 problems" in done.stderr
    told = ("position = [49.65, 33.15]", "fire_unit_positions #2 = [36.6, 23.1]")
    assert all(f'systems "north" · {t}' in done.stderr for t in told) and "line 17" in done.stderr
    assert done.stderr.count("is where the terrain has no height (off its edge, with none within 200 km)") == 2
    (tmp_path / "gaps.toml").write_text(text.replace("[region]", '[region]\nno_data = "error"'))
    done = kalkan("coverage", "gaps.toml", cwd=tmp_path, code=2)
    told = r"\d+ % of the \d+ km around 36\.27\d*, 33\.15\d* has no height \(the nearest \d+ km away"
    assert re.search(told, done.stderr)


def test_a_newer_study_leaves_nothing_of_the_older_one(made, tmp_path):
    folder, _ = made
    (tmp_path / "study").mkdir()
    (tmp_path / "study/notes.png").write_text("the user's own")
    with_heading = facade.coverage(folder / "raid.toml", heights=["1 km MSL"], heading="90 deg", cells=48)
    with_heading.write(tmp_path / "study")
    assert (tmp_path / "study/passes.tif").exists()
    facade.coverage(folder / "raid.toml", heights=["1 km MSL"], cells=48).write(tmp_path / "study")
    assert not (tmp_path / "study/passes.tif").exists() and not (tmp_path / "study/passes.png").exists()
    assert (tmp_path / "study/notes.png").exists() and (tmp_path / "study/floor.tif").exists()


def test_a_variant_with_the_mast_is_the_comparison_with_the_mast(made):
    folder, found = made
    study = facade.coverage(folder / "raid.toml", heights=["100 m AGL", "3 km MSL"], compare_variant="masts", cells=240)
    assert study.summary()["altered"]["change"] == "variant masts"
    assert study.summary()["altered"]["radars"] == found["altered"]["radars"]
    alone = facade.coverage(folder / "raid.toml", heights=["100 m AGL", "3 km MSL"], variant="masts", cells=240)
    assert alone.summary()["radars"] == found["altered"]["radars"] != found["radars"]


def test_the_facade_gives_the_same_numbers_and_prints_itself(made):
    folder, found = made
    study = facade.coverage(folder / "raid.toml", heights=["100 m AGL", "3 km MSL"], cells=240)
    text = repr(study)
    assert text.startswith("One site, one raid — coverage against a subsonic cruise missile")
    assert "nominal circle" in text and "100 m above ground" in text and "3 km above sea level" in text
    again = study.summary()
    assert again["radars"] == found["radars"] and again["fire_units"] == found["fire_units"]


def test_a_stance_and_a_catalogue_decide_whose_figures(made, tmp_path):
    """A named claim, and a claim in a file of the user's own, move the nominal circle as far as they say."""
    folder, _ = made
    claim = tmp_path / "mine.toml"
    claim.write_text(
        '[sources.mine]\nclaimant = "me"\nkind = "independent-analysis"\ntitle = "notes"\ndate = "2026"\n'
        'origin = "me"\n'
        'verified = "seen"\n[92n6e.detection_range]\nclaims = [{ value = 40, unit = "km", at = { rcs_m2 = 1 }, '
        'source = "mine" }]\n'
    )
    words = ["raid.toml", "--heights", "3 km MSL", "--cells", "64"]

    def circle(*more):
        study = facade.coverage(folder / "raid.toml", heights=["3 km MSL"], cells=64, **dict(more))
        return next(r["nominal_range_m"] for r in study.summary()["radars"] if r["name"].endswith("92N6E"))

    consensus = circle()
    named = circle(("files", [claim]), ("stance", "consensus+92n6e.detection_range=mine"))
    assert named < 0.5 * consensus
    done = kalkan(
        "coverage", *words, "--catalogue", str(claim), "--stance", "consensus+92n6e.detection_range=mine", "--quiet",
        "--out", str(tmp_path / "out"), cwd=folder,
    )  # fmt: skip
    assert f"{named / 1e3:.0f} km" in done.stdout
    assert "is not a stance" in kalkan("coverage", *words, "--stance", "nobody", cwd=folder, code=2).stderr
