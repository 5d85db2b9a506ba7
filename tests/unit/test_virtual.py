"""A terrain stays inside: a VRT names elevation files of its own folders, and no file asks a network."""

import http.server
import threading
import zipfile

import pytest

from kalkan.earth.terrain import Terrain, TerrainError
from tests.unit.rasters import PLAIN_M, SUMMIT, SUMMIT_M, band, hill, source, vrt, write, zipped

WMS = (
    "<GDAL_WMS><Service name='TMS'><ServerUrl>{url}/${{z}}/${{x}}/${{y}}.png</ServerUrl></Service><DataWindow>"
    "<UpperLeftX>-180</UpperLeftX><UpperLeftY>90</UpperLeftY><LowerRightX>180</LowerRightX><LowerRightY>-90</LowerRightY>"
    "<TileLevel>8</TileLevel></DataWindow><Projection>EPSG:4326</Projection><BlockSizeX>256</BlockSizeX>"
    "<BlockSizeY>256</BlockSizeY><BandsCount>1</BandsCount></GDAL_WMS>"
)


@pytest.fixture
def web():
    """The address of a server on this machine, and what it was asked."""
    asked = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", asked
    server.shutdown()
    server.server_close()


def look(path, **how):
    """Open and look at a place, as a run does."""
    terrain = Terrain.open(path, **how)
    return float(terrain.elevation(*SUMMIT)), terrain.window(*SUMMIT, 20e3).values


@pytest.fixture
def scene(tmp_path):
    """A hill in a folder, and a secret beside the folder."""
    home = tmp_path / "home"
    write(home / "dem" / "hill.tif", *hill())
    write(tmp_path / "secret.tif", *hill())
    (tmp_path / "passwd").write_bytes(b"root:x:0:0" * 2000)
    return home


SIMPLE = "SimpleSource"
RAW = '<SourceFilename relativeToVRT="0">{}</SourceFilename><ImageOffset>0</ImageOffset><PixelOffset>1</PixelOffset>'
DERIVED = "<PixelFunctionType>mul</PixelFunctionType>"


def test_a_plain_vrt_is_read_from_its_folder_and_from_the_scenario_s(scene):
    for name, kind in (("hill.tif", SIMPLE), ("./hill.tif", "ComplexSource"), ("../dem/hill.tif", SIMPLE)):
        assert look(vrt(scene / "dem" / "a.vrt", band(source(name, kind=kind))))[0] == SUMMIT_M
    whole = vrt(scene / "dem" / "a.vrt", band(source(scene / "dem" / "hill.tif", relative=0)))
    assert look(whole)[0] == SUMMIT_M
    (scene / "lists").mkdir()
    apart = vrt(scene / "lists" / "a.vrt", band(source("../dem/hill.tif")))
    assert look(apart, within=[scene])[0] == SUMMIT_M
    with pytest.raises(TerrainError, match=r"names '\.\./dem/hill\.tif', which is no file in .*lists"):
        look(apart)
    packed = zipped(scene / "dem" / "hill.zip", scene / "dem" / "hill.tif")
    assert look(vrt(scene / "dem" / "z.vrt", band(source(f"/vsizip/{packed}/hill.tif", relative=0))))[0] == SUMMIT_M


@pytest.mark.parametrize(
    "name",
    ["../../secret.tif", "{tmp}/secret.tif", "link.tif", "/vsicurl/{url}/x.tif", "/vsisubfile/0_99,{tmp}/secret.tif",
     "/vsizip//vsicurl/{url}/x.zip/x.tif", "/vsistdin/", "{url}/x.tif", "GTIFF_DIR:1:{tmp}/secret.tif", "wms.tif",
     "inner.vrt", "&lt;VRTDataset/&gt;", "/vsizip/{tmp}/secret.zip/secret.tif", "/dev/zero", "", "gone.tif"],
)  # fmt: skip
def test_a_source_elsewhere_is_refused_and_nothing_is_asked(scene, web, name):
    url, asked = web
    tmp = scene.parent
    zipped(tmp / "secret.zip", tmp / "secret.tif")
    (scene / "dem" / "wms.tif").write_text(WMS.format(url=url))
    (scene / "dem" / "link.tif").symlink_to(tmp / "secret.tif")
    vrt(scene / "dem" / "inner.vrt", band(source("../../secret.tif")))
    for relative in (0, 1):
        path = vrt(scene / "dem" / "a.vrt", band(source(name.format(tmp=tmp, url=url), relative)))
        with pytest.raises(TerrainError, match=r"a\.vrt"):
            look(path, within=[scene])
    assert asked == []


@pytest.mark.parametrize(
    "text",
    [band(RAW.format("/etc/hostname"), 'dataType="Int16" subClass="VRTRawRasterBand"'),
     band(RAW.format("hill.tif"), 'dataType="Int16" subClass="VRTRawRasterBand"'),
     band(source("hill.tif"), 'dataType="Float32" subClass="VRTDerivedRasterBand"', DERIVED),
     band(source("hill.tif"), more=DERIVED),
     band(source("hill.tif", kind="KernelFilteredSource")),
     band(source("hill.tif", more="<OpenOptions><OOI key='a'>b</OOI></OpenOptions>")),
     band(source("hill.tif"), more="<MaskBand/>"),
     band(source("hill.tif"), 'dataType="Byte"'), band(""), "", "<GDALWarpOptions/>",
     band(source("hill.tif")) * 3],
)  # fmt: skip
def test_bands_that_are_raw_computed_or_pictures_are_refused(scene, text):
    with pytest.raises(TerrainError, match=r"a\.vrt"):
        look(vrt(scene / "dem" / "a.vrt", text))


def test_a_warped_or_broken_or_misplaced_vrt_is_refused(scene):
    good = vrt(scene / "dem" / "a.vrt", band(source("hill.tif"))).read_text()
    size = 'rasterXSize="120" rasterYSize="120"'
    for old, new in [
        (size, f'{size} subClass="VRTWarpedDataset"'), (size, 'rasterXSize="-1" rasterYSize="120"'),
        (size, 'rasterXSize="99999999999" rasterYSize="120"'), ("VRTDataset", "WMT_MS_Capabilities"),
        ("</VRTDataset>", ""),
        (f"{1 / 120!r}, 0, 39", "0, 0, 39"), (f"{1 / 120!r}, 0, 39", "north, 0, 39"), ('xSize="120"', 'xSize="0"'),
        ("<VRTDataset", "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/hostname'>]><VRTDataset"),
    ]:  # fmt: skip
        assert old in good
        (scene / "dem" / "a.vrt").write_text(good.replace(old, new))
        with pytest.raises(TerrainError, match=r"a\.vrt"):
            look(scene / "dem" / "a.vrt")


@pytest.mark.parametrize("ending", [".tif", ".tiff", ".hgt", ".dt0", ".asc"])
def test_a_text_that_names_an_address_is_no_raster_whatever_it_is_called(tmp_path, web, ending):
    url, asked = web
    for text in (WMS.format(url=url), vrt(tmp_path / "x", band(source(f"/vsicurl/{url}/x.tif", 0))).read_text()):
        (tmp_path / f"tile{ending}").write_text(text)
        (tmp_path / "x").unlink(missing_ok=True)
        for path in (tmp_path / f"tile{ending}", tmp_path, zipped(tmp_path / "all.zip", tmp_path / f"tile{ending}")):
            with pytest.raises(TerrainError, match="is not a raster that kalkan can read"):
                look(path)
        (tmp_path / "all.zip").unlink()
    assert asked == []


@pytest.mark.parametrize("ending", [".ovr", ".msk"])
def test_what_lies_beside_a_raster_is_a_tiff_or_refused(tmp_path, web, ending):
    url, asked = web
    path = write(tmp_path / "hill.tif", *hill())
    (tmp_path / f"hill.tif{ending}").write_text(WMS.format(url=url))
    with pytest.raises(TerrainError, match=f"hill.tif{ending} beside it is no TIFF"):
        look(path)
    assert asked == []


def test_overviews_in_another_file_are_refused(tmp_path, web):
    url, asked = web
    path = write(tmp_path / "hill.tif", *hill())
    told = f'<Metadata domain="OVERVIEWS"><MDI key="OVERVIEW_FILE">/vsicurl/{url}/x.tif</MDI></Metadata>'
    (tmp_path / "hill.tif.aux.xml").write_text(f"<PAMDataset>{told}</PAMDataset>")
    with pytest.raises(TerrainError, match="takes its overviews from another file"):
        look(path)
    assert asked == []


def test_names_in_a_zip_do_not_lead_out_of_it(tmp_path):
    hidden = write(tmp_path / "secret.tif", *hill())
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        for name in ("../secret.tif", "/secret.tif", "a/../../secret.tif", "__MACOSX/._hill.tif"):
            packed.writestr(zipfile.ZipInfo(name), hidden.read_bytes())
    with pytest.raises(TerrainError, match="holds no elevation files"):
        Terrain.open(tmp_path / "a.zip")
    (tmp_path / "b.zip").write_bytes(b"PK\3\4 and no more")
    with pytest.raises(TerrainError, match="is not a zip"):
        Terrain.open(tmp_path / "b.zip")


@pytest.mark.parametrize("name", ["dem::x.tif", "a b 'c' \"d\".tif", "zip+http:&<x>.tif", "{x}.tif", "Çeşme Київ.tif"])
def test_odd_names_are_names(tmp_path, name):
    values, transform = hill()
    path = write(tmp_path / "tiles" / "plain.tif", values, transform)
    odd = path.rename(path.with_name(name))
    packed = zipped(tmp_path / f"{name}.zip", odd)
    for each in (odd, odd.parent, packed):
        height, window = look(each)
        assert (height, window.min()) == (SUMMIT_M, PLAIN_M), each
