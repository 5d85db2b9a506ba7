"""Horizon tables: smooth earth against the closed form, real terrain against a ray march."""

import math
from pathlib import Path

import numpy as np
import pytest
from pyproj import Geod

from kalkan.earth import geodesy, horizon, refraction
from kalkan.earth.terrain import Terrain, TerrainError

REAL = Path(__file__).parents[2] / "examples/terrain/globe30s_turkiye_emed.tif"
K = 4.0 / 3.0
SITES = {"summit": (37.8, 32.07), "valley": (40.65, 35.83)}


@pytest.fixture(scope="module")
def real():
    return Terrain.open(REAL)


@pytest.fixture(scope="module")
def summit(real):
    return horizon.build(real, *SITES["summit"], 24.0, 400e3)


def marched_floor(terrain, site, antenna_m, azimuth, d):
    """Floor [m] by brute force: pyproj geodesic, the textbook tangent, no code of the table."""
    h0 = float(terrain.elevation(*site)) + antenna_m
    re = K * float(geodesy.euler_radius(math.radians(site[0]), azimuth))
    s = np.concatenate([np.arange(0.5, 1e3, 0.5), np.arange(1e3, 25e3, 5.0), np.arange(25e3, d, 50.0)])
    s = np.append(s[s < d], d)
    same = np.broadcast_to
    lon, lat, _ = Geod(ellps="WGS84").fwd(
        same(site[1], s.shape), same(site[0], s.shape), same(np.rad2deg(azimuth), s.shape), s
    )
    h, x = terrain.elevation(lat, lon), s / re
    tan_max = (((re + h) * np.cos(x) - (re + h0)) / ((re + h) * np.sin(x))).max()
    return (re + h0) / (np.cos(d / re) - tan_max * np.sin(d / re)) - re


@pytest.mark.parametrize("antenna_m", [4.0, 24.0, 300.0])
def test_smooth_earth_equals_the_closed_form(antenna_m):
    """Lowest visible height [m] over the sea, to 1 m.

    Against: closed form: the tangent ray.
    """
    table = horizon.build(Terrain.flat(), 37.0, 33.0, antenna_m, 400e3, n_az=64)
    d = np.linspace(100.0, 400e3, 3001)
    for azimuth in (0.0, 0.4, math.pi / 2, 3.3):
        re = K * geodesy.euler_radius(math.radians(37.0), azimuth)
        beyond = np.maximum(d / re - math.acos(re / (re + antenna_m)), 0.0)
        floor = re / np.cos(beyond) - re  # the tangent ray over the sea
        ours = horizon.floor_height(table, azimuth, d)
        assert np.abs(ours - floor).max() < 1.0


@pytest.mark.parametrize("name", SITES)
@pytest.mark.parametrize("antenna_m", [4.0, 24.0])
def test_floor_against_a_ray_march(real, name, antenna_m):
    """Lowest visible height over real mountains, between the table's azimuths too: mean error below 15 m, median
    below 8 m.

    Against: brute force: a ray marched along PROJ's geodesics in steps of 0.5 to 50 m.
    """
    table = horizon.build(real, *SITES[name], antenna_m, 400e3)
    rng = np.random.default_rng(9)
    azimuth, d = rng.uniform(0, 2 * np.pi, 100), rng.uniform(10e3, 400e3, 100)
    floor = [marched_floor(real, SITES[name], antenna_m, *p) for p in zip(azimuth, d, strict=True)]
    error = horizon.floor_height(table, azimuth, d) - floor
    assert np.abs(error).mean() < 15.0
    assert abs(np.median(error)) < 8.0


@pytest.mark.parametrize("name", SITES)
@pytest.mark.parametrize("antenna_m", [4.0, 24.0])
def test_profiles_along_the_tables_own_azimuths_are_exact(real, name, antenna_m):
    """The same where nothing is blended between the table's rows or columns: to 1 m.

    Against: brute force: a march in steps of 0.25 to 10 m, each crest searched in 4001 finer ones.
    """
    table = horizon.build(real, *SITES[name], antenna_m, 400e3)
    columns, worst = np.arange(1, 17) * 25e3, []
    for row in (0, 333, 720, 1440, 1777, 2160, 2500):
        azimuth = row * 2 * math.pi / table.n_az
        s = np.concatenate([np.arange(0.25, 2e3, 0.25), np.arange(2e3, 50e3, 2.0), np.arange(50e3, 4e5 + 1, 10.0)])
        tangent, _, _ = tangents(real, SITES[name], table.antenna_msl_m, azimuth, s)
        floor = []
        for end in columns:
            best = int(np.argmax(tangent[s <= end]))
            near = np.linspace(s[max(best - 1, 0)], min(s[min(best + 1, s.size - 1)], end), 4001)  # a crest is a kink
            finest, origin, re = tangents(real, SITES[name], table.antenna_msl_m, azimuth, near)
            floor.append(origin / (math.cos(end / re) - finest.max() * math.sin(end / re)) - re)
        worst.append(np.abs(horizon.floor_height(table, azimuth, columns) - floor).max())
    assert max(worst) < 1.0, worst


def tangents(terrain, site, antenna_msl_m, azimuth, s):
    """Textbook tangents of the terrain along a geodesic; antenna and earth's centre distance, effective radius [m]."""
    re = K * float(geodesy.euler_radius(math.radians(site[0]), azimuth))
    h = terrain.elevation(*map(np.rad2deg, geodesy.destination(*map(math.radians, site), azimuth, s)))
    x, origin = s / re, re + antenna_msl_m
    return ((re + h) * np.cos(x) - origin) / ((re + h) * np.sin(x)), origin, re


def test_visible_agrees_with_the_floor(summit):
    """A target 3 m over the lowest visible height is in sight, 3 m under it is not, through the whole look-up from
    earth-centred places.

    Against: itself: the height of the rows above.
    """
    lat0, lon0, h0 = math.radians(summit.lat_deg), math.radians(summit.lon_deg), summit.antenna_msl_m
    rng = np.random.default_rng(3)
    azimuth, d = rng.uniform(0, 2 * np.pi, 500), rng.uniform(5e3, 399e3, 500)
    lat, lon = geodesy.destination(lat0, lon0, azimuth, d)
    floor = horizon.floor_height(summit, azimuth, d)
    terms = refraction.curvature_terms(lat0)
    flat, seen = summit.tan_max.reshape(-1), []
    for above in (3.0, -3.0):
        for e, n, u in zip(*geodesy.enu(lat0, lon0, h0, lat, lon, floor + above), strict=True):
            ground, _, tan_el = refraction.look(e, n, u, h0, terms, K)
            seen.append(horizon.visible(flat, 0, 2880, 1600, 400e3, e, n, ground, tan_el))
    assert np.mean(seen[:500]) > 0.98 and np.mean(seen[500:]) < 0.02


def test_second_of_two_tables_and_beyond_the_radius(summit):
    """Each antenna reads its own table, and none beyond its radius.

    Against: property: bounds of a look-up.
    """
    wall = np.full(summit.tan_max.size, np.inf, np.float32)
    both = np.concatenate([wall, summit.tan_max.reshape(-1)])
    at = (2880, 1600, 400e3, 1e5, 1e5, 2e5)
    assert horizon.visible(both, wall.size, *at, 0.5) and not horizon.visible(both, 0, *at, 0.5)
    assert not horizon.visible(both, wall.size, 2880, 1600, 400e3, 1.0, 1.0, 400_001.0, 1e9)
    assert horizon.visible(both, wall.size, 2880, 1600, 400e3, 1.0, 1.0, 400_000.0, 1e9)
    assert np.isinf(horizon.floor_height(summit, 1.0, 400_001.0))


def test_azimuth_index_against_libm():
    """The fast azimuth of the loop, in cells of 1/8 degree; the nearest cell is at most half a cell away.

    Against: program: the C library's atan2.
    """
    n_az = 2880
    azimuth = np.concatenate([np.linspace(0, 2 * np.pi, 40_001), [1e-12, 2 * np.pi - 1e-12]])
    for a in azimuth:
        e, n = 7e4 * math.sin(a), 7e4 * math.cos(a)
        exact = math.atan2(e, n) / (2 * math.pi) * n_az
        turns = horizon.azimuth_turns(e, n)
        assert 0.0 <= turns <= 1.0
        assert abs((turns * n_az - exact + n_az / 2) % n_az - n_az / 2) < 1e-4
        index = horizon.azimuth_index(e, n, n_az)
        assert 0 <= index < n_az
        assert abs((index - exact + n_az / 2) % n_az - n_az / 2) < 0.5 + 1e-4


def test_running_maximum_never_falls(summit):
    """What hides a target goes on hiding farther ones at the same elevation.

    Against: property: monotony.
    """
    assert (np.diff(summit.tan_max, axis=1) >= 0).all() and summit.tan_max.flags.c_contiguous


def test_north_wraps_without_a_seam(summit):
    """There is no seam at north.

    Against: property: continuity.
    """
    d = np.linspace(1e3, 4e5, 50)
    across = horizon.floor_height(summit, np.array([[-1e-7], [1e-7], [2 * np.pi - 1e-7]]), d)
    assert np.abs(across - across[0]).max() < 0.5


def test_terrain_beyond_the_target_does_not_count(tmp_path):
    """A wall 30 km north hides what is behind it, and nothing in front of it.

    Against: closed form: a wall of known height and place.
    """
    import rasterio
    from rasterio.transform import from_origin

    values = np.zeros((600, 600), np.float32)
    values[268:270] = 2000.0  # about 30.8 km north of 37 N
    profile = {"driver": "GTiff", "height": 600, "width": 600, "count": 1, "dtype": "float32"}
    with rasterio.open(
        tmp_path / "wall.tif", "w", crs="EPSG:4326", transform=from_origin(30, 39.9667, 0.01, 0.01), **profile
    ) as data:
        data.write(values, 1)
    terrain = Terrain.open(tmp_path / "wall.tif")
    profile_n = terrain.elevation(37.0 + np.linspace(0.25, 0.31, 61), 33.0)
    first = np.radians(np.linspace(0.25, 0.31, 61)[np.argmax(profile_n > 0)]) * 6.36e6
    table = horizon.build(terrain, 37.0, 33.0, 30.0, 100e3)
    assert horizon.floor_height(table, 0.0, first - 600.0) < 60.0
    assert horizon.floor_height(table, 0.0, first + 3000.0) > 1900.0
    assert horizon.floor_height(table, math.pi, first + 3000.0) < 60.0


def test_cache_returns_the_same_table_and_survives_damage(real, tmp_path, monkeypatch):
    """A damaged cache file is noticed and made again.

    Against: property: bytes that were altered never count.
    """
    monkeypatch.setenv("KALKAN_CACHE_DIR", str(tmp_path))
    given = (real, *SITES["valley"], 4.0, 50e3, K, 90, 100)
    first = horizon.load_or_build(*given)
    (file,) = (tmp_path / "horizon").iterdir()
    monkeypatch.setattr(horizon, "build", lambda *_: pytest.fail("was not read from the cache"))
    again = horizon.load_or_build(*given)
    assert np.array_equal(first.tan_max, again.tan_max) and first.antenna_msl_m == again.antenna_msl_m
    monkeypatch.undo()
    monkeypatch.setenv("KALKAN_CACHE_DIR", str(tmp_path))
    whole = file.read_bytes()
    flipped = whole[:9000] + bytes([whole[9000] ^ 0x40]) + whole[9001:]
    for damaged in (whole[: len(whole) // 2], b"", b"not a table", flipped):
        file.write_bytes(damaged)
        assert np.array_equal(horizon.load_or_build(*given).tan_max, first.tan_max)
        assert file.read_bytes() == whole
    horizon.load_or_build(*given[:3], 5.0, *given[4:])
    horizon.load_or_build(Terrain.flat(), *given[1:])
    assert len(list((tmp_path / "horizon").iterdir())) == 3


def test_site_off_the_terrain_and_bad_arguments(real):
    """Sites outside the terrain and impossible antennas are refused.

    Against: property: no answer outside the range of validity.
    """
    with pytest.raises(TerrainError, match="does not hold the site"):
        horizon.build(real, 60.0, 10.0, 24.0, 400e3)
    with pytest.raises(TerrainError, match="no height"):
        horizon.build(Terrain.open(REAL, "error"), 43.5, 40.0, 24.0, 400e3)
    with pytest.raises(ValueError, match="positive"):
        horizon.build(real, 38.0, 33.0, 24.0, 0.0)
    with pytest.raises(ValueError, match="below the ground"):
        horizon.build(real, 38.0, 33.0, -1.0, 1e5)
