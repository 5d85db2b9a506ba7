"""Files that are handed over name no folder of the machine that they were made on."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

import kalkan
from kalkan.exports import FORMATS
from kalkan.views.handed import bare, bare_strings
from tests.apps.test_cli import kalkan as command


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A run whose scenario names its terrain by an absolute path, asked for by absolute paths."""
    folder = tmp_path_factory.mktemp("somebody s own folder")
    command("new", "raid.toml", cwd=folder)
    shape = {"height": 60, "width": 80, "count": 1, "dtype": "float32"}
    where = {"crs": "EPSG:4326", "transform": from_origin(27.0, 42.0, 0.15, 0.15)}
    with rasterio.open(folder / "plain.tif", "w", driver="GTiff", **where, **shape) as data:
        data.write(np.full((60, 80), 5.0, np.float32), 1)
    path = folder / "raid.toml"
    path.write_text(path.read_text().replace('terrain = "flat"', f'terrain = "{folder}/plain.tif"'))
    command("run", path, "--replications", "2", "--draws", "2", "--quiet", "--out", folder / "out", cwd=folder)
    return folder


def named(folder, *files):
    """Which of these files hold the folder's name, in their bytes."""
    name = folder.name.encode()
    return [f.name for f in files if name in f.read_bytes()]


def test_report_replay_and_coverage(place):
    page = (place / "out/report.html").read_text()
    assert named(place, place / "out/report.html", place / "out/run.json") == []
    assert "Terrain: plain.tif; ridges" in page and "terrain = &#34;plain.tif&#34;" in page
    assert "of absolute paths the last part" in page
    command("replay", place / "out", "--html", place / "replay.html", cwd=place)
    command("coverage", place / "raid.toml", "--cells", "64", "--quiet", "--out", place / "cover", cwd=place)
    assert named(place, place / "replay.html", *(place / "cover").iterdir()) == []
    assert '"terrain": "plain.tif"' in (place / "cover/coverage.json").read_text()


@pytest.mark.parametrize("to", FORMATS)
def test_exports(place, to):
    (made,) = kalkan.export(place / "out", to, out=place / f"exported-{to}")
    files = list(made.iterdir()) if made.is_dir() else [made]
    assert files and named(place, *files) == []


def test_what_a_notebook_keeps(place):
    results, scenario = kalkan.open_results(place / "out"), kalkan.load(place / "raid.toml")
    for shown in (results, scenario, kalkan.coverage(scenario, cells=64), kalkan.record(place / "out")):
        assert place.name not in shown._repr_html_()
    kept = results._repr_mimebundle_()
    assert place.name in repr(results) and place.name.split()[-1] not in kept["text/plain"]


def test_a_report_without_its_terrain_says_so_without_saying_where(place, tmp_path):
    shutil.copytree(place / "out", tmp_path / "out")
    (place / "plain.tif").rename(place / "elsewhere.tif")
    try:
        command("report", tmp_path / "out", cwd=tmp_path)
    finally:
        (place / "elsewhere.tif").rename(place / "plain.tif")
    page = (tmp_path / "out/report.html").read_text()
    assert "There is no map" in page and place.name not in page and tmp_path.name not in page


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("terrain /home/a b/x.tif: there is no such file", "terrain x.tif: there is no such file"),
        ("terrain: C:\\My maps\\x.tif; ridges", "terrain: x.tif; ridges"),
        ('line 3  "D:/data/x.tif" is not a file', 'line 3  "x.tif" is not a file'),
        ("/srv/runs/out/scenario.toml cannot be read", "scenario.toml cannot be read"),
        ("see https://example.org/a/b and 1/2 km, and/or ~ 3", "see https://example.org/a/b and 1/2 km, and/or ~ 3"),
        ("terrain: terrain/x.tif; ridges", "terrain: terrain/x.tif; ridges"),
    ],
)
def test_absolute_paths_and_nothing_else_are_shortened(text, wanted):
    assert bare(text) == wanted


def test_of_a_file_s_text_only_whole_strings_are_paths():
    assert bare_strings("terrain = '/data/x.tif'  # /data/y.tif") == "terrain = 'x.tif'  # /data/y.tif"
    assert bare_strings('terrain = "maps/x.tif"\nabout = "a/b"') == 'terrain = "maps/x.tif"\nabout = "a/b"'
