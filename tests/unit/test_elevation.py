"""Elevation data as people have it: units, scales, voids, beds of seas, formats, and what lies beside them."""

import numpy as np
import pytest
from rasterio.transform import from_origin

from kalkan.earth.terrain import Terrain, TerrainError
from kalkan.views.terrain import gap_words, terrain_words
from tests.unit.rasters import (
    FOOT_M,
    PLAIN_M,
    SUMMIT,
    SUMMIT_M,
    SURVEY_FOOT_M,
    band,
    hgt,
    hill,
    quarters,
    source,
    vrt,
    write,
    zipped,
)


def heights(path, **how):
    """Of the summit and of the plain [m]."""
    terrain = Terrain.open(path, **how)
    return [round(float(terrain.elevation(lat, 33.0)), 1) for lat in (SUMMIT[0], 38.2)]


TRUE = [SUMMIT_M, PLAIN_M]


@pytest.mark.parametrize(
    "unit, metres",
    [("m", 1.0), ("metre", 1.0), ("ft", FOOT_M), ("foot", FOOT_M), ("Feet", FOOT_M), ("US survey foot", SURVEY_FOOT_M),
     ("cm", 0.01)],
)  # fmt: skip
def test_heights_in_the_unit_of_the_band_are_converted(tmp_path, unit, metres):
    values, transform = hill()
    one = write(tmp_path / "one.tif", values / metres, transform, unit=unit)
    folder = quarters(tmp_path / "tiles", values / metres, transform, unit=unit)
    assert heights(one) == heights(folder) == TRUE


@pytest.mark.parametrize(
    "crs, metres",  # WGS 84 with heights of EGM96 [m], NAVD88 [US survey ft] and NAVD88 [ft]: EPSG registry
    [("EPSG:4326+5773", 1.0), ("EPSG:4326+6360", SURVEY_FOOT_M), ("EPSG:4326+8228", FOOT_M)],
)
def test_heights_in_the_unit_of_the_vertical_coordinate_system_are_converted(tmp_path, crs, metres):
    values, transform = hill()
    assert heights(write(tmp_path / "one.tif", values / metres, transform, crs=crs)) == TRUE
    assert heights(quarters(tmp_path / "tiles", values / metres, transform, crs=crs)) == TRUE


def test_units_that_say_nothing_sure_are_refused(tmp_path):
    values, transform = hill()
    furlongs = write(tmp_path / "a.tif", values, transform, unit="furlong")
    both = write(tmp_path / "b.tif", values, transform, crs="EPSG:4326+6360", unit="m")
    depths = write(tmp_path / "c.tif", values, transform, crs="EPSG:4326+5831")
    mixed = quarters(tmp_path / "mixed", values, transform)
    write(mixed / "tile3.tif", values[60:, 60:] / FOOT_M, from_origin(33.0, 38.5, 1 / 120, 1 / 120), unit="ft")
    for path, words in [
        (furlongs, '"furlong", which kalkan does not know'), (both, 'band says "m" and its vertical'),
        (depths, "depths, not heights"), (mixed, r"tile0\.tif in m, tile3\.tif in ft; convert them to metres"),
    ]:  # fmt: skip
        with pytest.raises(TerrainError, match=words):
            Terrain.open(path)


@pytest.mark.parametrize("scale, offset, dtype", [(0.1, 0.0, "int16"), (1.0, 500.0, "int16"), (0.5, -400.0, "uint16")])
def test_scale_and_offset_hold_for_a_file_a_folder_a_zip_and_a_vrt(tmp_path, scale, offset, dtype):
    values, transform = hill()
    how = {"dtype": dtype, "scale": scale, "offset": offset}
    one = write(tmp_path / "one.tif", (values - offset) / scale, transform, **how)
    folder = quarters(tmp_path / "tiles", (values - offset) / scale, transform, **how)
    packed = zipped(tmp_path / "tiles.zip", *sorted(folder.iterdir()))
    bare = vrt(tmp_path / "bare.vrt", band(source("one.tif")))
    told = f"<Scale>{scale}</Scale><Offset>{offset}</Offset>"
    said = vrt(tmp_path / "said.vrt", band(source("one.tif"), more=told))
    ratio = f"<ScaleOffset>{offset}</ScaleOffset><ScaleRatio>{scale}</ScaleRatio>"
    unscaled = vrt(tmp_path / "unscaled.vrt", band(source("one.tif", more=ratio, kind="ComplexSource")))
    for path in (one, folder, packed, bare, said, unscaled):
        assert heights(path) == TRUE, path.name


@pytest.mark.parametrize("void", [-32768, -32767, 32767, -9999, 9999, -99999, 65535, -3.4028234663852886e38, np.nan])
@pytest.mark.parametrize("unit, metres", [("m", 1.0), ("ft", FOOT_M)])
def test_a_void_that_no_tag_names_is_a_hole(tmp_path, void, unit, metres):
    if void == 9999 and unit == "ft":
        pytest.skip("3048 m, a height")
    values, transform = hill()
    stored = values / metres
    stored[100:110, 50:70] = void
    path = write(tmp_path / "one.tif", stored, transform, unit=unit)
    terrain, strict = Terrain.open(path), Terrain.open(path, "error")
    assert heights(path) == TRUE
    lat, lon = 39.0 - 105 / 120, 33.0
    assert not terrain.covers(lat, lon) and float(terrain.elevation(lat, lon)) == 0.0
    assert terrain.window(*SUMMIT, 40e3).values.min() == 0.0 and terrain.window(*SUMMIT, 40e3).values.max() == SUMMIT_M
    with pytest.raises(TerrainError, match=r"no height at 38\.1250, 33\.0000"):
        strict.elevation(lat, lon)
    with pytest.raises(TerrainError, match="a hole among ground of 260 m and more, so no sea"):
        terrain.site_elevation(lat, lon)
    if np.isfinite(void) and abs(void) < 1e30:
        assert f"{void:g} in it is no height" in terrain_words(terrain.told)[-1]


def test_a_tagged_void_of_a_float_is_kept_in_full_in_a_mosaic(tmp_path):
    values, transform = hill()
    values[100:110] = lowest = float(np.finfo(np.float32).min)
    folder = quarters(tmp_path / "tiles", values, transform, nodata=lowest)
    assert not Terrain.open(folder).covers(38.125, 33.0) and heights(folder) == TRUE


def test_a_void_does_not_spoil_the_mean_of_its_neighbours(tmp_path):
    values, transform = hill()
    values[::4, ::4] = -32768
    terrain = Terrain.open(write(tmp_path / "one.tif", values, transform))
    coarse = terrain.window(*SUMMIT, 40e3, max_cells=200).values
    assert coarse.min() >= PLAIN_M - 0.01 and coarse.max() <= SUMMIT_M


@pytest.mark.parametrize("height", [1e9, 9500.0, -20000.0])
def test_heights_that_are_none_on_earth_are_refused_with_their_place(tmp_path, height):
    values, transform = hill()
    values[12, 60] = height
    terrain = Terrain.open(write(tmp_path / "one.tif", values, transform))
    told = r"holds -?\d+(,\d{3})* m at 38\.8958, 33\.0042, which is no height on earth"
    with pytest.raises(TerrainError, match=told):
        terrain.window(*SUMMIT, 60e3)


def test_nothing_but_holes_is_no_terrain(tmp_path):
    values, transform = hill()
    with pytest.raises(TerrainError, match="holds no heights"):
        Terrain.open(write(tmp_path / "one.tif", values * 0 - 9999, transform))


def test_the_bed_of_the_sea_is_its_surface_and_land_below_sea_level_stays(tmp_path):
    values, transform = hill()
    bed, shore = values.copy(), values.copy()
    bed[90:], shore[90:] = np.linspace(-2, -2000, 30)[:, None], -430.0
    sea = Terrain.open(write(tmp_path / "bed.tif", bed, transform))
    dead_sea = Terrain.open(write(tmp_path / "shore.tif", shore, transform))
    assert float(sea.elevation(38.2, 33.0)) == float(sea.elevation(38.05, 33.0)) == 0.0
    assert sea.window(*SUMMIT, 50e3).values.min() == 0.0 and float(sea.elevation(*SUMMIT)) == SUMMIT_M
    assert sea.site_elevation(38.05, 33.0) == 0.0  # a ship
    assert "the bed of the sea, down to -2000 m" in terrain_words(sea.told)[0]
    assert float(dead_sea.elevation(38.1, 33.0)) == -430.0 and terrain_words(dead_sea.told) == []


def test_pictures_masks_and_hidden_files_are_left_out_and_named(tmp_path):
    values, transform = hill()
    folder = tmp_path / "bundle"
    write(folder / "DEM" / "C10_N38_DEM.tif", values, transform)
    write(folder / "AUX" / "C10_N38_HEM.tif", values * 0 + 0.5, transform)  # errors of heights, as floats
    write(folder / "AUX" / "C10_N38_WBM.tif", values * 0 + 1, transform, "uint8")
    write(folder / "look.tif", values / 10, transform, "uint8")
    write(folder / "colours.tif", np.stack([values / 10] * 3), transform, "uint8")
    (folder / "DEM" / "._C10_N38_DEM.tif").write_bytes(b"\0\5\x16\7 not a raster")
    terrain = Terrain.open(folder)
    assert heights(folder) == TRUE
    left = " ".join(terrain.told["left_out"])
    assert all(name in left for name in ("C10_N38_HEM.tif", "C10_N38_WBM.tif", "look.tif", "colours.tif", "._C10"))
    assert "1 file used; left out: " in terrain_words(terrain.told)[0] and "2 more" in terrain_words(terrain.told)[0]
    for name, words in (("look.tif", "8-bit"), ("colours.tif", "3 bands")):
        with pytest.raises(TerrainError, match=words):
            Terrain.open(folder / name)


def test_two_files_of_one_place_are_named_and_the_finer_of_two_counts(tmp_path):
    values, transform = hill()
    folder = tmp_path / "tiles"
    write(folder / "a.tif", values, transform)
    coarse, wide = hill(60, step=1 / 60)
    write(folder / "z_coarse.tif", coarse * 0 + 5, wide)
    assert heights(folder) == TRUE
    write(folder / "b.tif", values * 0 + 7, transform)
    with pytest.raises(TerrainError, match=r"a\.tif and b\.tif are of the same place"):
        Terrain.open(folder)


@pytest.mark.parametrize(
    ("name", "remedy"),
    [("N36E032.hgt.gz", "unpack it"), ("tiles.tar.GZ", "unpack it"), ("points.xyz", "gdal_translate makes a GeoTIFF")],
)
def test_what_is_not_read_is_told_with_its_remedy(tmp_path, name, remedy):
    (tmp_path / name).write_bytes(b"\x1f\x8b" + bytes(50))
    with pytest.raises(TerrainError, match=f"is not a raster that kalkan can read: .*; {remedy}"):
        Terrain.open(tmp_path / name)


def test_dted_asc_and_zipped_hgt_are_read(tmp_path):
    step = 1 / 120
    lat = 39.0 - step * np.arange(121)
    values = np.where(np.abs(lat - 38.5)[:, None] < 0.03, SUMMIT_M, PLAIN_M) * np.ones((1, 121))
    corner = from_origin(33.0 - step / 2, 39.0 + step / 2, step, step)
    dted = write(tmp_path / "tiles" / "n38.dt0", values, corner, "int16", "DTED")
    tile = hgt(tmp_path, 38, 33)
    packed = zipped(tmp_path / "N38E033.SRTMGL3.hgt.zip", tile)
    asc = tmp_path / "grid.asc"
    rows = "\n".join(" ".join(f"{v:.0f}" for v in row) for row in values)
    head = f"ncols 121\nnrows 121\nxllcorner {33 - step / 2}\nyllcorner {38 - step / 2}\ncellsize {step}\n"
    asc.write_text(f"{head}{rows}\n")
    shouting = tmp_path / "SHOUTING.DT0"
    shouting.write_bytes(dted.read_bytes())
    for path in (dted, dted.parent, shouting, tile, packed, asc):
        terrain = Terrain.open(path)
        assert [float(terrain.elevation(x, 33.5)) for x in (38.5, 38.2)] == TRUE, path.name
    assert "read as WGS-84 degrees" in terrain_words(Terrain.open(asc).told)[0]
    metric = asc.with_name("metric.asc")
    metric.write_text(asc.read_text().replace("xllcorner 3", "xllcorner 50003"))
    with pytest.raises(TerrainError, match="coordinate system"):
        Terrain.open(metric)


def test_a_place_without_height_is_sea_where_it_can_be(tmp_path):
    values, transform = hill()
    path = write(tmp_path / "one.tif", values, transform)
    sea, strict = Terrain.open(path), Terrain.open(path, "error")
    assert sea.site_elevation(37.9, 33.0) == 0.0 and sea.no_site(37.9, 33.0) == ""  # a ship off the southern edge
    assert "no height (off its edge, or a hole)" in strict.no_site(37.9, 33.0)
    assert "none within 200 km" in sea.no_site(33.0, 38.5)  # exchanged coordinates
    assert sea.window(30.0, 20.0, 10e3).values.max() == 0.0


def test_gaps_are_told_with_share_and_place():
    gap = {"radar": "north/91N6E", "share": 0.342, "radius_m": 2e5, "distance_m": 44e3, "azimuth_deg": 84.2}
    other = {"missing": gap | {"radar": "south/91N6E", "share": 0.2}, "at_sea": ["picket"]}
    assert gap_words([other, {"missing": gap, "at_sea": ["picket"]}]) == [
        "no heights in 34 % of the 200 km around north/91N6E, from 44 km on: that counts as sea",
        "no height under picket, which lies at sea level",
    ]
    assert gap_words([{"missing": gap | {"share": 1e-4}, "at_sea": []}]) == gap_words([{}]) == []
