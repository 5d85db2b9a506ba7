"""Folders of tiles, big files, holes and clutter."""

import math
import os
import subprocess
import sys

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin
from rasterio.windows import Window

from kalkan.earth import horizon
from kalkan.earth.terrain import Terrain, TerrainError


def write(path, values, transform, crs="EPSG:4326", nodata=None, driver="GTiff"):
    size = {"height": values.shape[0], "width": values.shape[1], "count": 1, "dtype": values.dtype}
    with rasterio.open(path, "w", driver=driver, crs=crs, transform=transform, nodata=nodata, **size) as data:
        data.write(values, 1)
    return path


def hgt(folder, lat, lon, hole=False):
    """An SRTM tile, 3 arc-seconds, whose heights are 1000·(lat - 36) + 100·(lon - 32) m."""
    step = 1 / 1200
    lats, lons = lat + 1 - np.arange(1201) * step, lon + np.arange(1201) * step
    values = np.round(1000.0 * (lats[:, None] - 36.0) + 100.0 * (lons[None, :] - 32.0)).astype(np.int16)
    if hole:
        values[600:660, 600:660] = -32768
    path = folder / f"N{lat:02d}E{lon:03d}.hgt"
    corner = from_origin(lon - step / 2, lat + 1 + step / 2, step, step)
    return write(path, values, corner, "EPSG:4326", -32768, "SRTMHGT")


def test_a_folder_of_hgt_tiles_is_one_terrain(tmp_path):
    for lat, lon in ((36, 32), (36, 33), (37, 32)):
        hgt(tmp_path, lat, lon)
    terrain = Terrain.open(tmp_path)
    rng = np.random.default_rng(1)
    lat, lon = rng.uniform(36.0, 38.0, 2000), rng.uniform(32.0, 34.0, 2000)
    here = (lat < 36.998) | (lon < 32.998)
    want = 1000.0 * (lat - 36.0) + 100.0 * (lon - 32.0)
    assert np.allclose(terrain.elevation(lat, lon)[here], want[here], atol=0.9)
    assert not terrain.covers(37.5, 33.5) and terrain.covers(36.9999, 33.0001)
    share, distance_m, _ = terrain.missing_share(37.0, 33.0, 40e3)
    assert share == pytest.approx(0.25, abs=0.01) and distance_m < 500.0


def test_a_vrt_and_its_folder_are_the_same_and_the_identity_follows_the_tiles(tmp_path):
    from kalkan.earth.mosaic import content_identity, mosaic_of, sources_of

    hgt(tmp_path, 36, 32)
    (tmp_path / "all.vrt").write_text(mosaic_of(tmp_path).text)
    lat, lon = np.linspace(36.1, 36.9, 50), np.linspace(32.1, 32.9, 50)
    both = [Terrain.open(p).elevation(lat, lon) for p in (tmp_path, tmp_path / "all.vrt")]
    assert np.array_equal(*both)
    files = sources_of(tmp_path / "all.vrt")
    assert [f.name for f in files] == ["N36E032.hgt"]
    before = content_identity(files)
    hgt(tmp_path, 36, 32, hole=True)
    assert content_identity(files) != before


def test_tiles_that_do_not_fit_together_are_named(tmp_path):
    hgt(tmp_path, 36, 32)
    write(tmp_path / "utm.tif", np.zeros((10, 10), np.int16), from_origin(5e5, 4e6, 100, 100), "EPSG:32636")
    with pytest.raises(TerrainError, match=r"N36E032\.hgt and utm\.tif"):
        Terrain.open(tmp_path)
    (tmp_path / "utm.tif").write_text("not a raster")
    with pytest.raises(TerrainError, match=r"utm\.tif: is not a raster"):
        Terrain.open(tmp_path)


def test_an_error_says_how_much_is_missing(tmp_path):
    hgt(tmp_path, 36, 32, hole=True)
    strict = Terrain.open(tmp_path, "error")
    with pytest.raises(TerrainError, match=r"4\.[78] % of the 13 km around 36\.4700, 32\.5300 has no height"):
        strict.window(36.47, 32.53, 13e3)
    with pytest.raises(TerrainError, match=r"50 % of the 10 km around 36\.5000, 32\.0000 .* towards"):
        strict.window(36.5, 32.0, 10e3)
    assert strict.window(36.8, 32.2, 10e3).values.min() > 600.0
    assert Terrain.open(tmp_path).window(36.47, 32.53, 10e3).values.min() == 0.0


BIG = """
import pathlib, sys
from kalkan.earth.terrain import Terrain
grid = Terrain.open(sys.argv[1]).window(36.5, 33.2, 400e3)
# of this program alone: getrusage would count what its parent had when it was forked
lines = pathlib.Path("/proc/self/status").read_text().splitlines()
peak_kb = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
print(grid.values.max(), grid.values.size, peak_kb / 1024)
"""


@pytest.mark.parametrize(
    "crs, n, corner",  # heights of two bytes: 10.4 GB in degrees, 1.2 GB in metres
    [("EPSG:4326", 72_000, (23.2, 46.5, 1 / 3600)), ("EPSG:32636", 24_000, (-5e5, 5.1e6, 90))],
)
def test_a_cut_of_400_km_from_a_big_mosaic_stays_under_1_gb(tmp_path, crs, n, corner):
    path = tmp_path / "big.tif"
    profile = {"driver": "GTiff", "height": n, "width": n, "count": 1, "dtype": "int16", "nodata": -32768}
    tiled = {"tiled": True, "blockxsize": 512, "blockysize": 512, "sparse_ok": True, "bigtiff": "yes"}
    with rasterio.open(path, "w", crs=crs, transform=from_origin(*corner, corner[2]), **profile, **tiled) as data:
        for i in range(n // 2 - 2048, n // 2 + 2048, 512):
            data.write(np.full((512, 512), 700, np.int16), 1, window=Window(n // 2, i, 512, 512))
    done = subprocess.run(
        [sys.executable, "-c", BIG, str(path)], capture_output=True, text=True, check=True, env=os.environ
    )
    highest, cells, peak_mb = map(float, done.stdout.split())
    assert highest == pytest.approx(700.0, abs=1.0) and 10e6 < cells < 42e6
    assert peak_mb < 1000.0


@pytest.fixture(scope="module")
def plateau(tmp_path_factory):
    """Land 100 m high, and sea north of 37.5° N."""
    values = np.full((400, 400), 100.0, np.float32)
    values[:150] = 0.0
    path = tmp_path_factory.mktemp("plateau") / "plateau.tif"
    return Terrain.open(write(path, values, from_origin(31.0, 39.0, 0.01, 0.01)))


def test_clutter_raises_the_floor_over_land_by_the_closed_form(plateau):
    """Beyond the clearing an antenna lower than the trees sees over the nearest of them only."""
    clutter = horizon.Clutter(15.0, 1000.0)
    bare = horizon.build(plateau, 37.0, 33.0, 24.0, 60e3)
    grown = horizon.build(plateau, 37.0, 33.0, 24.0, 60e3, clutter=clutter)
    hidden = horizon.build(plateau, 37.0, 33.0, 4.0, 60e3, clutter=clutter)
    assert np.isclose(horizon.floor_height(grown, math.pi, 15e3), 115.0, atol=1.5)  # the tree tops at the target
    assert np.isclose(horizon.floor_height(bare, math.pi, 15e3), 100.0, atol=1.5)
    d = np.array([5e3, 20e3, 40e3])
    re = bare.k * 6.37e6
    tree_line = 104.0 + (11.0 / 1000.0 - 1000.0 / (2 * re)) * d + d**2 / (2 * re)
    assert np.allclose(horizon.floor_height(hidden, math.pi, d), tree_line, atol=3.0)


def test_clutter_spares_the_clearing_and_the_sea(plateau):
    at_sea = horizon.build(plateau, 38.5, 33.0, 24.0, 40e3, clutter=horizon.Clutter(15.0, 500.0))
    bare = horizon.build(plateau, 38.5, 33.0, 24.0, 40e3)
    assert np.array_equal(at_sea.tan_max, bare.tan_max)
    wide = horizon.build(plateau, 37.0, 33.0, 24.0, 20e3, clutter=horizon.Clutter(15.0, 30e3))
    assert np.array_equal(wide.tan_max, horizon.build(plateau, 37.0, 33.0, 24.0, 20e3).tan_max)
