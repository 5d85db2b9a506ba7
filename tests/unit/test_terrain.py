"""Terrain: interpolation, coverage, projections and what goes wrong with files."""

from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from kalkan.earth.terrain import TILE, Terrain, TerrainError
from kalkan.errors import KalkanError

REAL = Path(__file__).parents[2] / "examples/terrain/globe30s_turkiye_emed.tif"


def write(path, values, transform, crs="EPSG:4326", nodata=None):
    profile = {"height": values.shape[0], "width": values.shape[1], "count": 1, "dtype": values.dtype}
    with rasterio.open(
        path, "w", driver="GTiff", crs=crs, transform=transform, nodata=nodata, **profile
    ) as data:
        data.write(values, 1)
    return path


@pytest.fixture
def plane(tmp_path):
    """0.01° cells, 30-40 E, 36-44 N, rising 100 m per degree north and 10 m per degree east."""
    lat = 44.0 - 0.01 * (np.arange(800) + 0.5)
    lon = 30.0 + 0.01 * (np.arange(1000) + 0.5)
    values = (100.0 * (lat[:, None] - 36.0) + 10.0 * (lon[None, :] - 30.0)).astype(np.float32)
    return write(tmp_path / "plane.tif", values, from_origin(30.0, 44.0, 0.01, 0.01))


def test_bilinear_reproduces_a_plane_across_tiles(plane):
    terrain = Terrain.open(plane)
    rng = np.random.default_rng(1)
    lat, lon = rng.uniform(36.01, 43.99, 5000), rng.uniform(30.01, 39.99, 5000)
    assert TILE < 1000  # more than one tile
    want = 100.0 * (lat - 36.0) + 10.0 * (lon - 30.0)
    assert np.allclose(terrain.elevation(lat, lon), want, rtol=0, atol=1e-3)
    assert np.allclose(terrain.elevation(lat, lon + 360.0), want, rtol=0, atol=1e-3)
    assert terrain.elevation(np.array([[38.0], [39.0]]), np.array([31.0, 32.0, 33.0])).shape == (2, 3)


def test_real_terrain_equals_rasterio_at_cell_centres():
    terrain = Terrain.open(REAL)
    with rasterio.open(REAL) as data:
        raw = data.read(1)
        rng = np.random.default_rng(2)
        rows, cols = rng.integers(0, data.height, 500), rng.integers(0, data.width, 500)
        lon, lat = rasterio.transform.xy(data.transform, rows, cols)
    assert np.allclose(terrain.elevation(lat, lon), raw[rows, cols], rtol=0, atol=1e-3)


def test_projected_raster_gives_the_same_plane(tmp_path):
    from pyproj import Transformer

    x = 200_000.0 + 1000.0 * (np.arange(300) + 0.5)
    y = 4_400_000.0 - 1000.0 * (np.arange(250) + 0.5)
    values = (0.002 * (x[None, :] - 2e5) + 0.001 * (4.4e6 - y[:, None])).astype(np.float32)
    path = write(tmp_path / "utm.tif", values, from_origin(2e5, 4.4e6, 1e3, 1e3), "EPSG:32636")
    px, py = np.array([250_300.0, 400_123.0]), np.array([4_300_777.0, 4_200_000.0])
    lon, lat = Transformer.from_crs("EPSG:32636", "EPSG:4326", always_xy=True).transform(px, py)
    terrain = Terrain.open(path)
    want = 0.002 * (px - 2e5) + 0.001 * (4.4e6 - py)
    assert np.allclose(terrain.elevation(lat, lon), want, rtol=0, atol=0.01)
    grid = terrain.window(lat[0], lon[0], 20e3)
    i, j = 20, 20
    there = (grid.lat0_deg + i * grid.dlat_deg, grid.lon0_deg + j * grid.dlon_deg)
    assert grid.values[i, j] == pytest.approx(float(terrain.elevation(*there)), abs=1e-3)


@pytest.mark.parametrize("max_cells", [10_000_000, 2000])
def test_window_holds_the_disc_at_the_right_place(plane, max_cells):
    grid = Terrain.open(plane).window(40.0, 35.0, 50e3, max_cells)
    assert grid.values.size <= max_cells * 1.1
    rows, cols = grid.values.shape
    lat = grid.lat0_deg + grid.dlat_deg * np.arange(rows)
    lon = grid.lon0_deg + grid.dlon_deg * np.arange(cols)
    assert lat[0] > 40.45 and lat[-1] < 39.55 and lon[0] < 34.42 and lon[-1] > 35.58
    want = 100.0 * (lat[:, None] - 36.0) + 10.0 * (lon[None, :] - 30.0)
    assert np.allclose(grid.values, want, rtol=0, atol=0.01)


def test_missing_cells_are_sea_or_an_error(tmp_path):
    values = np.full((40, 40), 500, np.int16)
    values[10:20, 10:20] = -9999
    path = write(tmp_path / "hole.tif", values, from_origin(30.0, 40.0, 0.1, 0.1), nodata=-9999)
    hole, solid, outside = (38.5, 31.5), (37.0, 33.0), (20.0, 20.0)
    sea, strict = Terrain.open(path, "sea"), Terrain.open(path, "error")
    assert float(sea.elevation(*hole)) == 0.0 and float(sea.elevation(*outside)) == 0.0
    assert float(strict.elevation(*solid)) == 500.0
    for place in (hole, outside):
        assert not sea.covers(*place)
        with pytest.raises(TerrainError, match="no height at"):
            strict.elevation(*place)
        with pytest.raises(TerrainError, match="does not hold the site"):
            sea.site_elevation(*place)
    lat, lon = np.array([38.5, 37.0, 20.0, 36.5]), np.array([31.5, 33.0, 20.0, 33.5])
    assert sea.covers(lat, lon).mean() == 0.5
    assert sea.window(38.5, 31.5, 60e3).values.min() == 0.0
    with pytest.raises(TerrainError, match="no height"):
        strict.window(38.5, 31.5, 60e3)
    assert strict.window(37.0, 32.5, 20e3).values.min() == 500.0
    assert sea.identity != strict.identity


def test_flat_is_sea_everywhere():
    flat = Terrain.flat()
    assert flat.is_flat and flat.covers(80.0, -170.0) and flat.site_elevation(10.0, 10.0) == 0.0
    assert not flat.elevation(np.zeros(3), np.zeros(3)).any()


def test_identity_follows_the_content(tmp_path):
    values = np.zeros((4, 4), np.int16)
    first = write(tmp_path / "a.tif", values, from_origin(30.0, 40.0, 0.1, 0.1))
    same = write(tmp_path / "b.tif", values, from_origin(30.0, 40.0, 0.1, 0.1))
    other = write(tmp_path / "c.tif", values + 1, from_origin(30.0, 40.0, 0.1, 0.1))
    ids = [Terrain.open(p).identity for p in (first, same, other)]
    assert ids[0] == ids[1] != ids[2]


def test_bad_files_are_named(tmp_path):
    (tmp_path / "empty").mkdir()
    text = tmp_path / "notes.tif"
    text.write_text("no raster here")
    bare = write(tmp_path / "bare.tif", np.zeros((4, 4), np.int16), from_origin(0, 4, 1, 1), crs=None)
    for path, words in [
        (tmp_path / "absent.tif", "no such file"),
        (text, "is not a raster"),
        (bare, "coordinate system"),
        (tmp_path / "empty", "holds no elevation files"),
    ]:
        with pytest.raises(TerrainError, match=words) as caught:
            Terrain.open(path)
        assert str(path) in str(caught.value) and isinstance(caught.value, KalkanError)
    with pytest.raises(TerrainError, match="no_data"):
        Terrain.open(bare, "zero")


def test_local_coordinates_are_refused_in_words(tmp_path):
    local = 'LOCAL_CS["site",UNIT["metre",1]]'
    path = write(
        tmp_path / "local.tif", np.zeros((20, 20), np.float32), from_origin(0.0, 0.0, 90.0, 90.0), crs=local
    )
    with pytest.raises(TerrainError, match="no known relation to latitude and longitude"):
        Terrain.open(path).elevation(36.0, 33.0)
