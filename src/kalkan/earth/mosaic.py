"""Several files of heights (a folder of tiles, a zip, the sources of a VRT) as one virtual raster.

The mosaic is a GDAL virtual format (VRT) text that kalkan writes itself: nothing is copied, and only the tiles
that a window touches are ever opened. Where no tile lies there is no data. Where tiles overlap the finest counts.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import escape, unescape

from kalkan.earth.elevation import (
    TILE_ENDINGS,
    Measured,
    TerrainError,
    horizontal,
    left_out_of,
    measured,
    members_of,
    open_elevation,
    tiles_in,
    why_no_heights,
)
from kalkan.earth.meridians import together

WHOLE_HASH_BYTES = 256_000_000
HOLE = -32768
WGS84 = "EPSG:4326"
WHOLE_TURN_DEG = 359.99  # a raster as wide as this goes round the earth
Rectangle = tuple[float, float, float, float]  # column and row of the corner, width, height


class Piece(NamedTuple):
    """A rectangle of a file, and where it lies in the mosaic.

    Attributes
    ----------
    file : str
        What GDAL opens.
    taken, place : tuple of four float
        Column, row, width and height in the file and in the mosaic [cells].
    nodata : float or None
        Stored number of a hole.
    ratio, offset : float
        What the mosaic stores is ``number * ratio + offset``.
    """

    file: str
    taken: Rectangle
    place: Rectangle
    nodata: float | None
    ratio: float = 1.0
    offset: float = 0.0

    @property
    def text(self) -> str:
        """Its entry in the virtual raster."""
        hole = "" if self.nodata is None else f"<NODATA>{self.nodata!r}</NODATA>"
        if (self.ratio, self.offset) != (1.0, 0.0):
            hole += f"<ScaleOffset>{self.offset!r}</ScaleOffset><ScaleRatio>{self.ratio!r}</ScaleRatio>"
        return (
            f'<ComplexSource><SourceFilename relativeToVRT="0">{escape(self.file)}</SourceFilename>'
            f"<SourceBand>1</SourceBand>{_rect('SrcRect', self.taken)}{_rect('DstRect', self.place)}"
            f"{hole}</ComplexSource>"
        )


def _rect(name: str, rectangle: Rectangle) -> str:
    x, y, width, height = (f"{value:.12g}" for value in rectangle)
    return f'<{name} xOff="{x}" yOff="{y}" xSize="{width}" ySize="{height}"/>'


@dataclass(frozen=True)
class Mosaic:
    """One virtual raster.

    Attributes
    ----------
    width, height : int
        Columns and rows.
    crs : str
        Coordinate system, as WKT or a name.
    transform : tuple of six float
        From columns and rows to coordinates, in GDAL's order.
    kind : str
        Type of the stored numbers in GDAL's words.
    measured : Measured
        How they become metres.
    sources : tuple of Piece
        Later ones lie over earlier ones.
    left_out : tuple of str
        Files beside the heights that are none, each with the reason.
    assumed : bool
        The files say no coordinate system; degrees are taken.
    """

    width: int
    height: int
    crs: str
    transform: tuple[float, float, float, float, float, float]
    kind: str
    measured: Measured
    sources: tuple[Piece, ...]
    left_out: tuple[str, ...] = ()
    assumed: bool = False

    @property
    def text(self) -> str:
        """As GDAL reads it."""
        numbers = ", ".join(repr(float(x)) for x in self.transform)
        return (
            f'<VRTDataset rasterXSize="{self.width}" rasterYSize="{self.height}"><SRS>{escape(self.crs)}</SRS>'
            f'<GeoTransform>{numbers}</GeoTransform><VRTRasterBand dataType="{self.kind}" band="1">'
            f"<NoDataValue>{HOLE}</NoDataValue>{''.join(s.text for s in self.sources)}</VRTRasterBand></VRTDataset>"
        )


class HeightTile:
    """What one file of heights says of itself."""

    def __init__(self, name: str, shown: str) -> None:
        self.name, self.shown = name, shown
        with open_elevation(name, shown) as data:
            self.fault = why_no_heights(data)
            if self.fault:
                return
            self.measured = measured(data, shown)
            self.dtype, self.nodata = data.dtypes[0], data.nodata
            self.width, self.height = data.width, data.height
            t: Any = data.transform
            self.turned = t.b != 0.0 or t.d != 0.0 or t.a <= 0.0 or t.e >= 0.0
            self.left, self.top, self.dx, self.dy = float(t.c), float(t.f), float(t.a), float(-t.e)
            self.assumed = data.crs is None and data.driver == "AAIGrid" and self._in_degrees()
            self.crs = WGS84 if self.assumed else horizontal(data.crs) if data.crs is not None else ""

    def _in_degrees(self) -> bool:
        """Whether corners and cells can be degrees: an ASC has no place for its coordinate system."""
        right, bottom = self.left + self.width * self.dx, self.top - self.height * self.dy
        return -180.1 <= self.left < right <= 360.1 and -90.1 <= bottom < self.top <= 90.1 and self.dx < 1.0

    @property
    def place(self) -> tuple[float, ...]:
        """Corners and cell, to tell tiles of the same place."""
        return tuple(round(x, 6) for x in (self.left, self.top, self.dx, self.dy, self.width, self.height))

    def source(self, left: float, top: float, dx: float, dy: float) -> Piece:
        """Where it lies in a mosaic."""
        corner = (round((self.left - left) / dx), round((top - self.top) / dy))
        size = (round(self.width * self.dx / dx), round(self.height * self.dy / dy))
        return Piece(self.name, (0, 0, self.width, self.height), (*corner, *size), self.nodata)


def mosaic_of(path: Path) -> Mosaic:
    """The tiles of a folder or of a zip as one virtual raster, or an ASC with the coordinate system that it lacks.

    Tiles may have different cell sizes; the mosaic has the finest.

    Raises
    ------
    TerrainError
        There are no tiles, one cannot be read, or they do not fit together.
    """
    if path.is_dir():
        files, left_out = tiles_in(path), [f"{p.relative_to(path)} (by its name)" for p in left_out_of(path)]
    else:
        files, left_out = [path], []
    found = [HeightTile(name, str(file)) for file in files for name in members_of(file)]
    left_out += [f"{_short(t, path)} ({t.fault})" for t in found if t.fault]
    tiles = [t for t in found if not t.fault]
    if not tiles:
        beside = f"; left out: {', '.join(left_out)}" if left_out else ""
        raise TerrainError(f"terrain {path}: holds no elevation files ({', '.join(TILE_ENDINGS)}){beside}")
    _require_one_kind(tiles, path)
    _count_on(tiles)
    return _together(tiles, tuple(left_out))


def _count_on(tiles: list[HeightTile]) -> None:
    """Longitudes of tiles in degrees count on across 180°, so that neighbours are neighbours."""
    if in_degrees(tiles[0].crs):
        for tile, left in zip(tiles, together([t.left for t in tiles]).tolist(), strict=True):
            tile.left = left


def in_degrees(crs: str) -> bool:
    """Whether a coordinate system, as WKT or a name, has longitudes and latitudes."""
    from rasterio.crs import CRS

    return bool(CRS.from_user_input(crs).is_geographic)


def all_round(mosaic: Mosaic) -> Mosaic:
    """One that goes round the earth, once more to the west and to the east: windows may lie across either end."""
    left, dx, *rest = mosaic.transform
    turn = round(360.0 / dx)
    if not in_degrees(mosaic.crs) or mosaic.width * dx < WHOLE_TURN_DEG:
        return mosaic
    placed = [(s, s.place) for s in mosaic.sources]
    sources = tuple(s._replace(place=(x + k * turn, y, w, h)) for k in range(3) for s, (x, y, w, h) in placed)
    skewed, top, also, dy = rest
    transform = (left - 360.0, dx, skewed, top, also, dy)
    return replace(mosaic, width=mosaic.width + 2 * turn, transform=transform, sources=sources)


def _short(tile: HeightTile, path: Path) -> str:
    return str(Path(tile.shown).relative_to(path)) if path.is_dir() else tile.name.rpartition("}/")[2]


def _require_one_kind(tiles: list[HeightTile], path: Path) -> None:
    """All lie north up, in one coordinate system, in one unit, and no two in the same place."""
    for tile in tiles:
        if not tile.crs or tile.turned:
            raise TerrainError(f"terrain {tile.shown}: a tile needs a coordinate system (CRS) and north up")
    odd = next((t for t in tiles if t.crs != tiles[0].crs), None)
    if odd is not None:
        raise TerrainError(
            f"terrain {path}: its tiles have different coordinate systems: {_short(tiles[0], path)} and "
            f"{_short(odd, path)}; keep one system, or warp them into one (gdalwarp)"
        )
    require_one_measure([(_short(t, path), t.measured) for t in tiles], path)
    there: dict[tuple[float, ...], HeightTile] = {}
    for tile in tiles:
        other = there.setdefault(tile.place, tile)
        if other is not tile:
            raise TerrainError(
                f"terrain {path}: {_short(other, path)} and {_short(tile, path)} are of the same place; "
                "keep the one with the heights"
            )


def require_one_measure(files: list[tuple[str, Measured]], path: Path) -> Measured:
    """The unit, scale and offset of all files, which must agree.

    Raises
    ------
    TerrainError
        Two that do not, by name.
    """
    name, first = files[0]
    for other, how in files:
        if (how.scale, how.offset, how.unit_m) != (first.scale, first.offset, first.unit_m):
            raise TerrainError(
                f"terrain {path}: its tiles count differently: {name} in {first.in_words}, {other} in {how.in_words}; "
                "convert them to metres"
            )
    return first


def _together(tiles: list[HeightTile], left_out: tuple[str, ...]) -> Mosaic:
    dx, dy = min(t.dx for t in tiles), min(t.dy for t in tiles)
    left, top = min(t.left for t in tiles), max(t.top for t in tiles)
    width = max(round((t.left - left + t.width * t.dx) / dx) for t in tiles)
    height = max(round((top - t.top + t.height * t.dy) / dy) for t in tiles)
    kind = "Int16" if all(t.dtype == "int16" for t in tiles) else "Float32"
    sources = tuple(t.source(left, top, dx, dy) for t in sorted(tiles, key=lambda t: -t.dx * t.dy))
    transform = (left, dx, 0.0, top, 0.0, -dy)
    assumed = any(t.assumed for t in tiles)
    return Mosaic(width, height, tiles[0].crs, transform, kind, tiles[0].measured, sources, left_out, assumed)


def sources_of(path: Path, within: Sequence[Path] = ()) -> list[Path]:
    """Files that a ``.vrt`` names below its folder or those of `within`; empty for any other file."""
    if path.suffix.lower() != ".vrt":
        return []
    folders = [folder.resolve() for folder in (path.parent, *within)]
    named = re.findall(r"<SourceFilename[^>]*>([^<]+)</SourceFilename>", path.read_text(errors="replace"))
    files = [path.parent / unescape(name) for name in dict.fromkeys(named)]
    return [f for f in files if any(f.resolve().is_relative_to(folder) for folder in folders)]


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
