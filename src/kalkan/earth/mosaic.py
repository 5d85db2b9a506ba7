"""A folder of elevation tiles (SRTM ``.hgt``, Copernicus ``.tif``) as one virtual raster.

The mosaic is a GDAL virtual format (VRT) text: nothing is copied, and only the tiles that a window
touches are ever opened. Where no tile lies there is no data.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, unescape

from kalkan.errors import KalkanError

TILE_ENDINGS = (".tif", ".tiff", ".hgt")
WHOLE_HASH_BYTES = 256_000_000


class TerrainError(KalkanError):
    """A terrain cannot be read, or does not hold the heights that were asked for."""


def tiles_in(folder: Path) -> list[Path]:
    """Elevation files of a folder and the folders in it, sorted by path."""
    return sorted(p for p in folder.rglob("*") if p.suffix.lower() in TILE_ENDINGS and p.is_file())


def mosaic_text(folder: Path) -> str:
    """The folder's tiles as the text of one virtual raster.

    Tiles may have different cell sizes; the mosaic has the finest.

    Raises
    ------
    TerrainError
        There are no tiles, one cannot be read, or they do not share a coordinate system.
    """
    tiles = [_Tile(path) for path in tiles_in(folder)]
    if not tiles:
        raise TerrainError(f"terrain {folder}: holds no elevation files ({', '.join(TILE_ENDINGS)})")
    odd = next((t for t in tiles if t.crs != tiles[0].crs), None)
    if odd is not None:
        raise TerrainError(
            f"terrain {folder}: its tiles have different coordinate systems: {tiles[0].path.name} and {odd.path.name}; "
            "keep one system, or make a VRT with gdalwarp"
        )
    dx, dy = min(t.dx for t in tiles), min(t.dy for t in tiles)
    left, top = min(t.left for t in tiles), max(t.top for t in tiles)
    width = max(round((t.left - left + t.width * t.dx) / dx) for t in tiles)
    height = max(round((top - t.top + t.height * t.dy) / dy) for t in tiles)
    floating = any(t.dtype.startswith("float") for t in tiles)
    kind, hole = ("Float32", "-32768") if floating or tiles[0].dtype != "int16" else ("Int16", "-32768")
    sources = "".join(t.source(left, top, dx, dy) for t in tiles)
    return (
        f'<VRTDataset rasterXSize="{width}" rasterYSize="{height}"><SRS>{escape(tiles[0].crs)}</SRS>'
        f"<GeoTransform>{left!r}, {dx!r}, 0.0, {top!r}, 0.0, {-dy!r}</GeoTransform>"
        f'<VRTRasterBand dataType="{kind}" band="1"><NoDataValue>{hole}</NoDataValue>{sources}'
        "</VRTRasterBand></VRTDataset>"
    )


class _Tile:
    """Where one tile lies."""

    def __init__(self, path: Path) -> None:
        import rasterio

        self.path = path
        try:
            data: Any = rasterio.open(path)
        except rasterio.errors.RasterioError as error:
            raise TerrainError(f"terrain {path}: is not a raster that kalkan can read ({error})") from None
        with data:
            if data.crs is None or data.transform.b != 0.0 or data.transform.e >= 0.0:
                raise TerrainError(f"terrain {path}: a tile needs a coordinate system (CRS) and north up")
            t = data.transform
            self.crs, self.dtype, self.nodata = data.crs.to_wkt(), data.dtypes[0], data.nodata
            self.width, self.height = data.width, data.height
            self.left, self.top, self.dx, self.dy = float(t.c), float(t.f), float(t.a), float(-t.e)

    def source(self, left: float, top: float, dx: float, dy: float) -> str:
        """Its entry in the virtual raster."""
        hole = "" if self.nodata is None else f"<NODATA>{self.nodata:g}</NODATA>"
        return (
            f'<ComplexSource><SourceFilename relativeToVRT="0">{escape(str(self.path.resolve()))}</SourceFilename>'
            f'<SourceBand>1</SourceBand><SrcRect xOff="0" yOff="0" xSize="{self.width}" ySize="{self.height}"/>'
            f'<DstRect xOff="{round((self.left - left) / dx)}" yOff="{round((top - self.top) / dy)}" '
            f'xSize="{round(self.width * self.dx / dx)}" ySize="{round(self.height * self.dy / dy)}"/>'
            f"{hole}</ComplexSource>"
        )


def sources_of(path: Path) -> list[Path]:
    """Files that a ``.vrt`` names, next to it or with their full path; empty for any other file."""
    if path.suffix.lower() != ".vrt":
        return []
    named = re.findall(r"<SourceFilename[^>]*>([^<]+)</SourceFilename>", path.read_text(errors="replace"))
    return [path.parent / unescape(name) for name in dict.fromkeys(named)]


def content_identity(files: list[Path], salt: str = "") -> str:
    """Hash [64 hex digits] of the files' content; of more than 256 MB in all, of path, size and time."""
    digest = hashlib.sha256(salt.encode())
    present = [(p, p.stat()) for p in files if p.is_file()]
    whole = sum(stat.st_size for _, stat in present) <= WHOLE_HASH_BYTES
    for path, stat in present:
        if whole:
            with path.open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
        else:
            digest.update(f"{path.resolve()} {stat.st_size} {stat.st_mtime_ns}".encode())
    return digest.hexdigest()
