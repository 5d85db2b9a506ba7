"""A user's VRT: read as a list of rectangles and written anew, so that nothing else in it is ever followed.

A VRT is text that may name any file or address, and bands that are computed, warped or raw bytes. kalkan takes
plain mosaics of elevation files below folders that the user has named, as gdalbuildvrt writes them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn
from xml.etree import ElementTree as Xml

from kalkan.earth.elevation import UNITS_M, Measured, TerrainError, members_of
from kalkan.earth.mosaic import HeightTile, Mosaic, Piece, Rectangle, require_one_measure

MAX_BYTES = 64_000_000
PLAIN = "kalkan reads plain mosaics, as gdalbuildvrt makes them; write the heights as a GeoTIFF (gdal_translate)"
IN_DATASET = {"SRS", "GeoTransform", "Metadata", "VRTRasterBand", "OverviewList", "BlockXSize", "BlockYSize"}
ABOUT_BAND = {
    "NoDataValue", "HideNoDataValue", "Scale", "Offset", "UnitType", "ColorInterp", "Description", "Metadata",
    "Histograms", "Overview", "CategoryNames",
}  # fmt: skip
SOURCES = {"SimpleSource", "ComplexSource"}
IN_SOURCE = {
    "SourceFilename", "SourceBand", "SourceProperties", "SrcRect", "DstRect", "NODATA", "ScaleRatio", "ScaleOffset",
}  # fmt: skip
KINDS = {"Int16": "Int16", **dict.fromkeys(("UInt16", "Int32", "UInt32", "Float32", "Float64"), "Float32")}
SIDES = ("xOff", "yOff", "xSize", "ySize")


def read_vrt(path: Path, within: Sequence[Path]) -> Mosaic:
    """The mosaic that a VRT describes.

    Parameters
    ----------
    path : Path
    within : sequence of Path
        Folders whose files it may name, those in it among them.

    Raises
    ------
    TerrainError
        It is no plain mosaic, or names something outside these folders.
    """
    return _Rewriter(path, [p.resolve() for p in within]).mosaic()


class _Rewriter:
    """One VRT while it is read."""

    def __init__(self, path: Path, within: list[Path]) -> None:
        self.path, self.within = path, within
        self.tiles: dict[str, HeightTile] = {}

    def refuse(self, why: str) -> NoReturn:
        raise TerrainError(f"terrain {self.path}: {why}")

    def mosaic(self) -> Mosaic:
        root = self._parsed()
        self._only(root, IN_DATASET)
        bands = root.findall("VRTRasterBand")
        if not bands or any(b.findtext("ColorInterp") != "Alpha" for b in bands[1:]):
            self.refuse(f"has {len(bands)} bands; kalkan reads one, of heights")
        band = bands[0]
        if root.get("subClass") or band.get("subClass", "VRTSourcedRasterBand") != "VRTSourcedRasterBand":
            kind = band.get("subClass") or root.get("subClass")
            self.refuse(f"has a band that is computed, warped or raw ({kind}); {PLAIN}")
        self._only(band, ABOUT_BAND | SOURCES)
        hole = self._number(band, "NoDataValue", None)
        sources = tuple(self._source(s, hole) for s in band if s.tag in SOURCES)
        if not sources:
            self.refuse("names no files")
        first = self.tiles[sources[0].file]
        stored = band.get("dataType", "Byte")
        if stored not in KINDS:
            self.refuse(f"has values of the type {stored[:40]}: a picture or a mask")
        return Mosaic(
            self._size(root, "rasterXSize"), self._size(root, "rasterYSize"), root.findtext("SRS") or first.crs,
            self._transform(root), KINDS[stored], self._measured(band, sources), sources, assumed=first.assumed,
        )  # fmt: skip

    def _parsed(self) -> Xml.Element:
        try:
            if self.path.stat().st_size > MAX_BYTES:
                self.refuse(f"is larger than {MAX_BYTES // 1_000_000} MB")
            text = self.path.read_text(encoding="utf-8")
            if "<!" in re.sub(r"<!--.*?-->|<!\[CDATA\[", "", text, flags=re.DOTALL):
                self.refuse("declares a document type, which no VRT needs")
            root = Xml.fromstring(text)  # without a document type there are no entities to expand
        except (OSError, ValueError, Xml.ParseError) as error:
            self.refuse(f"is no VRT that kalkan can read ({error})")
        if root.tag != "VRTDataset":
            self.refuse(f"is no VRT: it begins with <{root.tag[:40]}>")
        return root

    def _only(self, element: Xml.Element, known: set[str]) -> None:
        odd = next((child.tag for child in element if child.tag not in known), None)
        if odd is not None:
            self.refuse(f"has a <{odd[:40]}>; {PLAIN}")

    def _number(self, element: Xml.Element, tag: str, default: float | None) -> float | None:
        text = (element.findtext(tag) or "").strip()
        try:
            return float(text) if text else default
        except ValueError:
            self.refuse(f'says {text[:40]!r} as <{tag}>, which is no number')

    def _size(self, root: Xml.Element, side: str) -> int:
        text = root.get(side, "")
        if not (text.isdecimal() and 0 < int(text) < 2**31):
            self.refuse(f"says {text[:40]!r} as {side}")
        return int(text)

    def _transform(self, root: Xml.Element) -> tuple[float, float, float, float, float, float]:
        try:
            a, b, c, d, e, f = (float(x) for x in (root.findtext("GeoTransform") or "").split(","))
        except ValueError:
            self.refuse("does not say where it lies (six numbers in <GeoTransform>)")
        if not math.isfinite(a + b + c + d + e + f) or b * f == c * e:
            self.refuse("lies nowhere: the cells of its <GeoTransform> have no area")
        return a, b, c, d, e, f

    def _source(self, element: Xml.Element, hole: float | None) -> Piece:
        self._only(element, IN_SOURCE)
        tile = self._tile(element)
        whole = (0.0, 0.0, float(tile.width), float(tile.height))
        taken = self._rectangle(element, "SrcRect", whole)
        ratio, offset = self._number(element, "ScaleRatio", 1.0), self._number(element, "ScaleOffset", 0.0)
        given = self._number(element, "NODATA", None)
        if given is None and ratio == 1.0 and not offset:
            given = hole
        nodata = tile.nodata if given is None else given
        place = self._rectangle(element, "DstRect", whole)
        return Piece(tile.name, taken, place, nodata, float(ratio or 0.0), float(offset or 0.0))

    def _rectangle(self, element: Xml.Element, name: str, default: Rectangle) -> Rectangle:
        found = element.find(name)
        if found is None:
            return default
        try:
            x, y, width, height = (float(found.get(side, "")) for side in SIDES)
        except ValueError:
            self.refuse(f"has a <{name}> without four numbers")
        if not (math.isfinite(x + y) and 0.0 < width < 2**31 and 0.0 < height < 2**31):
            self.refuse(f"has a <{name}> of no size")
        return x, y, width, height

    def _tile(self, element: Xml.Element) -> HeightTile:
        """The file of a source, opened once by the drivers that are allowed."""
        if element.findtext("SourceBand", "1").strip() != "1":
            self.refuse(f"takes another band than the first; {PLAIN}")
        named = element.findtext("SourceFilename", "").strip()
        for name in self._inside(named):
            if name not in self.tiles:
                self.tiles[name] = HeightTile(name, f"{self.path}, its source {named}")
            tile = self.tiles[name]
            if tile.fault or not tile.crs or tile.turned:
                self.refuse(f"its source {named} {tile.fault or 'has no coordinate system (CRS), or not north up'}")
            return tile
        self.refuse(f"its source {named[:200]} is in no zip")

    def _inside(self, named: str) -> list[str]:
        """What GDAL opens of the file that is named, which lies in one of the folders."""
        packed = re.fullmatch(r"/vsizip/\{?(.+?\.zip)\}?(?:/(.*))?", named, re.IGNORECASE)
        file = self.path.parent / (packed[1] if packed else named)
        try:
            real = file.resolve()
            sound, there = any(real.is_relative_to(folder) for folder in self.within), real.is_file()
        except (OSError, ValueError):
            sound = there = False
        if not sound:
            folders = " or ".join(dict.fromkeys(f'"{folder}"' for folder in self.within))
            self.refuse(f"names {named[:200]!r}, which is no file in {folders}: move it there")
        if not there:
            self.refuse(f"names {named[:200]!r}: there is no such file")
        found = members_of(real)
        member = packed[2] if packed else None
        return [f for f in found if not member or f.endswith(f"}}/{member}")]

    def _measured(self, band: Xml.Element, sources: Sequence[Piece]) -> Measured:
        """Scale, offset and unit that the VRT states, else those of its files."""
        own = require_one_measure([(Path(s.file).name, self.tiles[s.file].measured) for s in sources], self.path)
        unit = (band.findtext("UnitType") or "").strip() or own.unit
        if unit.lower() not in UNITS_M:
            self.refuse(f'its heights are in "{unit[:40]}", which kalkan does not know; convert them to metres')
        applied = any((s.ratio, s.offset) != (1.0, 0.0) for s in sources)
        if applied or band.find("Scale") is not None or band.find("Offset") is not None:
            scale, offset = self._number(band, "Scale", 1.0), self._number(band, "Offset", 0.0)
            return Measured(float(scale or 1.0), float(offset or 0.0), unit)
        if UNITS_M[unit.lower()] != own.unit_m:
            self.refuse(f'says "{unit}", but its files hold heights in {own.in_words}; set the unit that is right')
        return Measured(own.scale, own.offset, unit)
