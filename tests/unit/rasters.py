"""Small elevation files as people have them, for tests: one hill, in any unit, format and company."""

import zipfile

import numpy as np
import rasterio
from rasterio.transform import from_origin

SUMMIT = (38.5, 33.0)
SUMMIT_M, PLAIN_M = 1206.0, 260.0
FOOT_M, SURVEY_FOOT_M = 0.3048, 1200.0 / 3937.0


def hill(size=120, west=32.5, north=39.0, step=1 / 120):
    """Heights [m] of a ridge along 38.5° N, 1206 m high, in a plain at 260 m; whole metres."""
    lat = north - step * (np.arange(size) + 0.5)
    heights = PLAIN_M + (SUMMIT_M - PLAIN_M) * np.clip(1.3 - np.abs(lat - SUMMIT[0]) / 0.1, 0.0, 1.0)
    return np.round(np.repeat(heights[:, None], size, axis=1)), from_origin(west, north, step, step)


def write(path, values, transform, dtype="float32", driver="GTiff", **tags):
    """A raster of one band, or of as many as `values` has; `tags`: nodata, unit, scale, offset, crs."""
    values = np.asarray(values, dtype)
    bands = values if values.ndim == 3 else values[None]
    profile = {"count": bands.shape[0], "height": bands.shape[1], "width": bands.shape[2], "dtype": dtype}
    profile |= {"crs": tags.get("crs", "EPSG:4326"), "transform": transform, "nodata": tags.get("nodata")}
    path.parent.mkdir(parents=True, exist_ok=True)
    with rasterio.open(path, "w", driver=driver, **profile) as data:
        data.write(bands)
        if "unit" in tags:
            data.units = (tags["unit"],) * bands.shape[0]
        if "scale" in tags or "offset" in tags:
            data.scales, data.offsets = (tags.get("scale", 1.0),), (tags.get("offset", 0.0),)
    return path


def quarters(folder, values, transform, **how):
    """The raster cut into four tiles of a folder."""
    half = values.shape[0] // 2
    for i in range(4):
        r, c = divmod(i, 2)
        west, north = transform.c + c * half * transform.a, transform.f + r * half * transform.e
        corner = from_origin(west, north, transform.a, -transform.e)
        write(folder / f"tile{i}.tif", values[r * half : (r + 1) * half, c * half : (c + 1) * half], corner, **how)
    return folder


def hgt(folder, lat=38, lon=32, values=None):
    """An SRTM tile of 3 arc-seconds, named by its corner; by default a plain at 260 m with a summit of 1206 m."""
    step = 1 / 1200
    if values is None:
        values = np.full((1201, 1201), PLAIN_M, np.int16)
        values[590:611] = SUMMIT_M
    corner = from_origin(lon - step / 2, lat + 1 + step / 2, step, step)
    return write(folder / f"N{lat:02d}E{lon:03d}.hgt", values, corner, "int16", "SRTMHGT", nodata=-32768)


def zipped(path, *files):
    """A zip of files, by their bare names."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in files:
            packed.write(file, file.name)
    return path


def vrt(path, band, attributes='rasterXSize="120" rasterYSize="120"', more=""):
    """A VRT over the place of :func:`hill`, with the text of a band."""
    path.write_text(
        f"<VRTDataset {attributes}><SRS>EPSG:4326</SRS>"
        f"<GeoTransform>32.5, {1 / 120!r}, 0, 39.0, 0, {-1 / 120!r}</GeoTransform>{more}{band}</VRTDataset>"
    )
    return path


def source(name, relative=1, more="", kind="SimpleSource"):
    """The text of a source of a VRT."""
    rects = "".join(f'<{r} xOff="0" yOff="0" xSize="120" ySize="120"/>' for r in ("SrcRect", "DstRect"))
    named = f'<SourceFilename relativeToVRT="{relative}">{name}</SourceFilename><SourceBand>1</SourceBand>'
    return f"<{kind}>{named}{rects}{more}</{kind}>"


def band(sources, attributes='dataType="Float32" band="1"', more=""):
    """The text of a band of a VRT."""
    return f"<VRTRasterBand {attributes}>{more}{sources}</VRTRasterBand>"
