"""Land of flat maps, against places whose side of the coast anybody can look up."""

import base64

import numpy as np
import pytest

from kalkan.earth.box import Box
from kalkan.earth.terrain import Terrain
from kalkan.scenario import STARTERS, parse
from kalkan.views.maps.ground import ground, relief_png
from kalkan.views.maps.land import land
from kalkan.views.maps.natural_earth import lines_within
from tests.unit.rasters import hill, write

CYPRUS = Box(31.5, 34.0, 35.0, 37.0)
SEES = {
    "Nicosia": (35.17, 33.36, True), "Troodos": (34.93, 32.88, True), "Konya plain, Taurus": (36.9, 33.0, True),
    "between Cyprus and Anatolia": (35.75, 33.3, False), "south of Limassol": (34.3, 33.0, False),
}  # fmt: skip


def at(found, box, lat, lon):
    rows, columns = found.shape
    row = int((box.north - lat) / (box.north - box.south) * rows)
    return bool(found[row, int((lon - box.west) / (box.east - box.west) * columns)])


@pytest.mark.parametrize("n", [60, 300])
def test_known_places(n):
    found = land(CYPRUS, n, n)
    told = {name: at(found, CYPRUS, lat, lon) for name, (lat, lon, _) in SEES.items()}
    assert told == {name: wanted for name, (*_, wanted) in SEES.items()}


@pytest.mark.parametrize(
    ("box", "share"),
    [
        (Box(32.0, 38.5, 33.0, 39.5), 1.0),  # the Anatolian plateau: no coast within the box
        (Box(18.0, 34.0, 19.0, 35.0), 0.0),  # the Ionian Sea
        (Box(-30.0, 40.0, -28.0, 42.0), 0.0),  # the Atlantic
        (Box(10.0, 22.0, 12.0, 24.0), 1.0),  # the Sahara
        (Box(51.1, 40.1, 51.9, 40.9), 0.0),  # the Caspian Sea, a lake within the coasts
        (Box(-100.0, 40.0, -98.0, 42.0), 1.0),  # Nebraska
    ],
)
def test_where_there_is_no_coast(box, share):
    assert land(box, 50, 50).mean() == share


def test_cyprus_has_its_area():
    """9251 km² (UN Demographic Yearbook, whole island), to the 2 % that its outline at 1:10 m allows."""
    box = Box(32.0, 34.4, 34.9, 35.9)
    found = land(box, 600, 1160)
    lat = box.north - (np.arange(600) + 0.5) / 600 * (box.north - box.south)
    cell_km2 = (111.32 * 1.5 / 600) * (111.32 * np.cos(np.radians(lat)) * 2.9 / 1160)
    assert (found * cell_km2[:, None]).sum() == pytest.approx(9251, rel=0.02)


def test_a_flat_terrain_s_ground_shows_land_and_sea():
    import rasterio.io

    told = ground(Terrain.flat(), CYPRUS)["relief"]
    with rasterio.io.MemoryFile(base64.b64decode(told.split(",")[1])) as file, file.open() as data:
        alpha = data.read(2)
    rows, columns = alpha.shape
    y = np.arcsinh(np.tan(np.radians([CYPRUS.north, CYPRUS.south])))
    for lat, lon, wanted in SEES.values():
        row = int((y[0] - np.arcsinh(np.tan(np.radians(lat)))) / (y[0] - y[1]) * rows)
        column = int((lon - CYPRUS.west) / (CYPRUS.east - CYPRUS.west) * columns)
        assert bool(alpha[row, column]) == wanted


@pytest.mark.parametrize("kind", STARTERS)
def test_starters_stand_on_a_coast(kind):
    """Harbours within 5 km of the coast, posts on land, routes over the sea until shortly before the harbour."""
    scenario = parse(STARTERS[kind])
    box = Box(30.5, 34.2, 36.0, 37.2)
    found = land(box, 1500, 2750)  # cells of 0.002 degrees
    every = [s for v in scenario.variants_resolved().values() for s in v.systems]
    assert all(at(found, box, *s.position) for s in every)
    for asset in scenario.assets:
        lat, lon = asset.position
        near = {at(found, box, lat + dy, lon + dx) for dy in (-0.045, 0.0, 0.045) for dx in (-0.045, 0.0, 0.045)}
        assert near == {True, False}, asset.name
    for raid in scenario.raids:
        (lat0, lon0), (lat1, lon1) = (w.position for w in raid.route)
        steps = np.linspace(0.0, 0.95, 200)
        assert not any(at(found, box, lat0 + s * (lat1 - lat0), lon0 + s * (lon1 - lon0)) for s in steps), raid.name


FAR_EAST = [
    (44.5, 134.0, True), (41.0, 134.0, False),  # north of Vladivostok, Sea of Japan
    (55.0, 159.0, True), (55.0, 150.0, False),  # Kamchatka, Sea of Okhotsk
    (66.5, -175.0, True), (60.0, -179.0, False),  # Chukotka beyond 180°, Bering Sea
    (71.2, -179.5, True), (72.5, 165.0, False),  # Wrangel Island, across 180°; East Siberian Sea
    (69.3, 88.0, True), (74.0, 70.0, False),  # Norilsk, Kara Sea
    (68.5, 33.5, True), (72.0, 40.0, False),  # Murmansk, Barents Sea
]  # fmt: skip


@pytest.mark.parametrize(("lat", "lon", "is_land"), FAR_EAST)
def test_coasts_that_cross_180_degrees_are_whole(lat, lon, is_land):
    for half in (2.0, 5.0):
        box = Box(lon - half, lat - half, lon + half, lat + half)
        assert at(land(box, 100, 100), box, lat, lon + 1e-6) == is_land


def test_no_line_goes_round_the_world():
    lines = lines_within(-180.0, -90.0, 180.0, 90.0)
    assert max(float(np.abs(np.diff(line[:, 0])).max()) for line in (*lines.coasts, *lines.borders)) < 30.0


def alpha(png_bytes):
    import rasterio.io

    with rasterio.io.MemoryFile(png_bytes) as file, file.open() as data:
        return data.read(2)


def test_land_goes_on_where_the_terrain_ends_and_lies_below_the_sea(tmp_path):
    """A map twice as wide as its terrain, a plain of which a part lies at -20 m."""
    heights, place = hill()
    heights[40:60] = -20.0
    terrain = Terrain.open(write(tmp_path / "t.tif", heights, place))  # 32.5 to 33.5° E, 38 to 39° N: inland
    assert (alpha(relief_png(terrain, Box(32.0, 37.5, 34.0, 39.5), 200)) == 255).all()
    assert (alpha(relief_png(terrain, Box(17.5, 33.5, 19.5, 35.5), 200)) == 0).all(), "the Ionian Sea"
