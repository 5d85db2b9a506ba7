"""Whatever a run refuses, check refuses: in the same words, with the line, before anything is compiled.

Heights are planes and ridges, so that clearances are known exactly.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

import kalkan
from kalkan.compile import compile_scenario
from kalkan.errors import ProblemsError
from kalkan.scenario import load, parse

HARBOUR = (Path(__file__).parent / "data/harbour.toml").read_text(encoding="utf-8")

RIDGE_M = 1200.0
STEP = 1.0 / 120.0


def heights(ridge_m: float = RIDGE_M, hole: bool = False) -> np.ndarray:
    """34° to 38° N, 31° to 35° E: 100 m, with a ridge along 35.8° N, and a hole around 35.5° N, 33.4° E."""
    lat = 38.0 - (np.arange(480) + 0.5) * STEP
    lon = 31.0 + (np.arange(480) + 0.5) * STEP
    values = np.full((480, 480), 100.0, np.float32)
    values[np.abs(lat - 35.8) < 0.03] = ridge_m
    if hole:
        values[np.ix_(np.abs(lat - 35.5) < 0.05, np.abs(lon - 33.4) < 0.05)] = -9999.0
    return values


def write(path, values, west=31.0, north=38.0, crs="EPSG:4326"):
    shape = {"height": values.shape[0], "width": values.shape[1], "count": 1, "dtype": "float32"}
    transform = from_origin(west, north, STEP, STEP) if "4326" in (crs or "4326") else from_origin(5e5, 4e6, 900, 900)
    with rasterio.open(path, "w", driver="GTiff", crs=crs, transform=transform, nodata=-9999.0, **shape) as data:
        data.write(values, 1)


ROUTE = re.compile(r"route = \[.*?\n\]", re.S)


def text(terrain="ground.tif", *, site=(36.65, 33.15), route=None, no_data=None):
    """The harbour over a terrain; its route comes over the ridge from 35.2° N, 32.0° E."""
    holes = f'no_data = "{no_data}"\n' if no_data else ""
    made = HARBOUR.replace('terrain = "flat"  ', f'terrain = "{terrain}"\n{holes}')
    made = made.replace("position = [36.65, 33.15]", f"position = [{site[0]}, {site[1]}]")
    if route:
        rows = "\n".join(f'  {{ position = [{a}, {o}], altitude = "{h}" }},' for a, o, h in route)
        made = ROUTE.sub(f"route = [\n{rows}\n]", made)
    return made


def jammer(position, altitude):
    place = f'position = [{position}]\naltitude = "{altitude}"\n'
    return f'[[jammers]]\nname = "noise"\n{place}effective_power = "1 kW"\nbandwidth = "1 MHz"\nbands = ["S"]\n'


def source(where):
    return f'[[sources]]\nname = "eye"\n{where}\n'


END = (36.5, 33.2, "60 m AGL")
CASES = {
    "no coordinate system": (
        lambda d: write(d / "ground.tif", heights(), crs=None), text(), "does not say its coordinate system"),
    "no raster": (
        lambda d: (d / "ground.tif").write_text("height"), text(), "is not a raster that kalkan can read"),
    "a file cut short": (
        lambda d: cut_short(d / "ground.tif"), text(), "is damaged, or not whole"),
    "tiles of two systems": (
        lambda d: two_systems(d / "tiles"), text("tiles/"), "different coordinate systems"),
    "a site in a hole": (
        lambda d: write(d / "ground.tif", heights(hole=True)), text(site=(35.5, 33.4)), "the terrain has no height"),
    "a site off the terrain": (
        lambda d: write(d / "ground.tif", heights()), text(site=(46.5, 33.15)), "where the terrain has no height"),
    "a waypoint off the terrain": (
        lambda d: write(d / "ground.tif", heights()),
        text(no_data="error", route=[(33.5, 32.0, "60 m AGL"), END]), "where the terrain has no height"),
    "a leg over a hole": (
        lambda d: write(d / "ground.tif", heights(hole=True)),
        text(no_data="error", route=[(35.5, 33.0, "900 m MSL"), (35.5, 33.8, "900 m MSL"), END]),
        r"a leg without a height under it, first at 35\.5\d*, 33\.3\d*"),
    "waypoints 5 m apart": (
        lambda d: write(d / "ground.tif", heights()),
        text(route=[(35.2, 32.0, "60 m AGL"), (35.20004, 32.0, "60 m AGL"), END]), "less than 10 m from waypoint 1"),
    "a waypoint under the ground": (
        lambda d: write(d / "ground.tif", heights()),
        text(route=[(35.2, 32.0, "60 m MSL"), END]), "is 40 m under the ground: fly above 100 m"),
    "a leg through a ridge": (
        lambda d: write(d / "ground.tif", heights()),
        text(route=[(35.2, 33.2, "500 m MSL"), (36.5, 33.2, "500 m MSL")]),
        r"700 m under the ground at 35\.\d+, 33\.2000, on the way to waypoint 2: fly above 1,200 m"),
    "under the sea": (
        None, text("flat", route=[(35.2, 32.0, "-40 m MSL"), END]), "is 40 m under the sea: fly above 0 m"),
    "a jammer under the ground": (
        lambda d: write(d / "ground.tif", heights()), text() + jammer("35.8, 33.2", "200 m MSL"),
        r"is 1,000 m under the ground: put it above 1,200 m, or write a height above ground \(AGL\)"),
    "a jammer on ground that is not there": (
        lambda d: write(d / "ground.tif", heights(hole=True)), text() + jammer("46.5, 33.4", "5 m AGL"),
        "the terrain has no height"),
    "an orbit through a ridge": (
        lambda d: write(d / "ground.tif", heights()),
        text() + source('type = "e-7"\norbit = { centre = [35.7, 33.2], length = "40 km", altitude = "1250 m MSL" }'),
        "is at 1,250 m, and the ground under it at 1,200 m: fly higher"),
    "a source off the terrain": (
        lambda d: write(d / "ground.tif", heights()),
        text() + source('type = "allied-radar"\nposition = [46.5, 33.2]'), "the terrain has no height"),
}  # fmt: skip


def cut_short(path):
    write(path, heights())
    path.write_bytes(path.read_bytes()[:40_000])


def two_systems(folder):
    folder.mkdir()
    write(folder / "a.tif", heights())
    write(folder / "b.tif", heights(), crs="EPSG:32636")


@pytest.mark.parametrize("name", CASES)
def test_check_refuses_what_a_run_refuses(name, tmp_path):
    make, written, wanted = CASES[name]
    if make:
        make(tmp_path)
    file = tmp_path / "raid.toml"
    file.write_text(written)
    told = kalkan.check(file)
    assert len(told) == 1 and re.search(wanted, told[0].message) and told[0].line > 0
    with pytest.raises(ProblemsError) as refused:
        scenario = load(file)
        compile_scenario(scenario, scenario.catalogue)
    assert refused.value.problems == tuple(told)


@pytest.mark.parametrize(
    "route",
    [
        [(35.2, 33.2, "1210 m MSL"), (36.5, 33.2, "1210 m MSL")],  # over the ridge
        [(35.2, 33.2, "60 m AGL"), (36.5, 33.2, "60 m AGL")],  # follows it
        [(35.2, 33.2, "500 m MSL"), (36.5, 33.2, "60 m AGL")],  # follows it, too: never below its height above ground
        [(35.2, 33.2, "92 m MSL"), (35.7, 33.2, "92 m MSL"), (36.5, 33.2, "60 m AGL")],  # within the terrain's error
    ],
)
def test_what_can_be_flown_is_not_refused(route, tmp_path):
    write(tmp_path / "ground.tif", heights())
    (tmp_path / "raid.toml").write_text(text(route=route))
    assert kalkan.check(tmp_path / "raid.toml") == ()


def test_every_problem_is_told_at_once_and_each_variant_with_its_own(tmp_path):
    write(tmp_path / "ground.tif", heights())
    low = '[variants.low]\n[variants.low.raids.cruise]\nroute = [{ position = [35.2, 33.2], altitude = "500 m MSL" }, '
    low += '{ position = [36.5, 33.2], altitude = "500 m MSL" }]\n'
    written = text(site=(46.5, 33.15), route=[(35.2, 32.0, "60 m MSL"), END]) + low
    (tmp_path / "raid.toml").write_text(written)
    told = kalkan.check(tmp_path / "raid.toml")
    assert [p.line for p in told] == [written.splitlines().index(line) + 1 for line in (
        "position = [46.5, 33.15]", '  { position = [35.2, 32.0], altitude = "60 m MSL" },', low.splitlines()[2],
    )]  # fmt: skip
    assert "700 m under the ground" in told[2].message and told[2].where.startswith('variants "low"')


def test_a_site_whose_numbers_are_exchanged_is_told_so(tmp_path):
    write(tmp_path / "ground.tif", heights())
    swapped = HARBOUR.replace('"flat"', '"ground.tif"\nno_data = "error"')
    swapped = re.sub(r"\[(3\d\.\d+), (3\d\.\d+)\]", r"[\2, \1]", swapped)
    (tmp_path / "raid.toml").write_text(swapped)
    told = kalkan.check(tmp_path / "raid.toml")
    assert any("swapped?" in p.message and "position = [33.15, 36.65]" in p.where for p in told)


@pytest.mark.parametrize("which", ["[36.65, 33.15]", "[36.50, 33.20]              #"])
def test_one_position_exchanged_is_told_though_all_are_near_each_other(which):
    """A scene near the diagonal, as most of Türkiye is: 3.5° exchanged are 450 km, within 20°."""
    text = HARBOUR.replace("36.65", "38.65").replace("36.50", "38.50").replace("35.20", "37.20")
    which = which.replace("36", "38")
    lat, lon = re.findall(r"[\d.]+", which)
    with pytest.raises(ProblemsError) as refused:
        parse(text.replace(which, which.replace(f"{lat}, {lon}", f"{lon}, {lat}")))
    assert any("with latitude and longitude exchanged" in p.message for p in refused.value.problems)
    parse(text)


def test_a_gap_that_only_the_horizon_needs_is_told_by_deep(tmp_path):
    write(tmp_path / "ground.tif", heights()[:, :280])  # ends at 33.33° E, 16 km beyond the site
    (tmp_path / "raid.toml").write_text(text(no_data="error", route=[(35.2, 33.2, "60 m AGL"), END]))
    assert kalkan.check(tmp_path / "raid.toml") == ()
    (told,) = kalkan.check(tmp_path / "raid.toml", deep=True)
    assert "has no height" in told.message and told.line == 7 and told.where == 'region · terrain = "ground.tif"'


def test_a_large_terrain_is_read_whole_by_deep_alone(tmp_path, monkeypatch):
    from kalkan.earth.terrain import Terrain, TerrainError
    from kalkan.scenario.checks import ground

    def damaged(terrain):
        raise TerrainError(f"terrain {terrain.name}: is damaged")

    write(tmp_path / "ground.tif", heights())
    scenario = parse(text(), base_dir=tmp_path)
    monkeypatch.setattr(Terrain, "require_readable", damaged)
    assert [p.message for p in ground.ground_faults(scenario)] == ["is damaged"]
    monkeypatch.setattr(ground, "SMALL_CELLS", 10)
    assert ground.ground_faults(scenario) == ()
    assert [p.message for p in ground.ground_faults(scenario, whole=True)] == ["is damaged"]


def test_check_does_not_wait_for_the_engine(tmp_path):
    write(tmp_path / "ground.tif", heights())
    (tmp_path / "raid.toml").write_text(text())
    code = "import sys, kalkan; assert kalkan.check(sys.argv[1]) == (); sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path / "raid.toml")], check=False).returncode == 0


@pytest.mark.parametrize(
    ("terrain", "altitude", "airborne"),
    [
        ("flat", "8 m AGL", False), ("flat", "150 m AGL", True), ("flat", "10 km MSL", True),
        ("flat", "60 m MSL", False), ("ground.tif", "1260 m MSL", False),
        ("ground.tif", "1400 m MSL", True), ("ground.tif", "60 m AGL", False),
    ],
)  # fmt: skip
def test_a_jammer_stands_on_the_ground_or_flies(tmp_path, terrain, altitude, airborne):
    """On a ridge of 1,200 m, 60 m above the sea level of its top is a mast."""
    from kalkan.views.maps.scene import scene

    write(tmp_path / "ground.tif", heights())
    (tmp_path / "raid.toml").write_text(text(terrain) + jammer("35.8, 33.2", altitude))
    (station,) = scene(load(tmp_path / "raid.toml"))["stations"]
    assert (station["role"], station["airborne"]) == ("jammer", airborne)
