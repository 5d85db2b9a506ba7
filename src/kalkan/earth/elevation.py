"""Files of heights: which formats are opened, what tells a picture from heights, and in what unit they are.

Only the drivers named here ever see a file, so that no file, whatever it is called, makes GDAL ask a network
or open another file. Of virtual file systems only zip is used.
"""

from __future__ import annotations

import math
import re
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

from kalkan.errors import KalkanError

DRIVERS = ("GTiff", "DTED", "SRTMHGT", "AAIGrid")
TILE_ENDINGS = (".tif", ".tiff", ".hgt", ".dt0", ".dt1", ".dt2", ".asc", ".zip")
"""File endings of elevation models; a ``.zip`` holds some of the others."""
PACKED = (".gz", ".tgz", ".bz2", ".xz", ".zst", ".7z", ".rar", ".tar")
MAX_MEMBER_BYTES = 4_000_000_000  # of a file in a zip
# what comes beside the heights of Copernicus, TanDEM-X, ASTER and ALOS models, and what people make of them
BESIDE = re.compile(
    r"[._-](hem|edm|flm|wbm|acm|ql|qlk|num|msk|stk|cov|amp|am2|ipm|lsm|wam|swb|mask|preview|browse|thumb|hillshade|slope|aspect)$",
    re.IGNORECASE,
)
US_SURVEY_FOOT_M = 1200.0 / 3937.0
UNITS_M = {
    **dict.fromkeys(("", "m", "metre", "metres", "meter", "meters", "unknown"), 1.0),
    **dict.fromkeys(("ft", "foot", "feet", "international foot", "international feet"), 0.3048),
    **dict.fromkeys(
        ("us survey foot", "us survey feet", "us-ft", "ftus", "us_survey_foot", "foot_us", "u.s. survey foot", "sft"),
        US_SURVEY_FOOT_M,
    ),
    **dict.fromkeys(("dm", "decimetre", "decimeter"), 0.1),
    **dict.fromkeys(("cm", "centimetre", "centimeter"), 0.01),
}
"""Metres in a unit as raster bands and vertical coordinate systems name it."""
OPENING = {
    "GTIFF_REPORT_COMPD_CS": "YES",  # else a vertical coordinate system is dropped without a word
    "CPL_VSIL_CURL_ALLOWED_FILENAME": "none",
    "GDAL_VRT_ENABLE_PYTHON": "NO",
}
TIFF_STARTS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


class TerrainError(KalkanError):
    """A terrain cannot be read, or does not hold the heights that were asked for."""


class Measured(NamedTuple):
    """How stored numbers become metres: ``(number * scale + offset) * unit_m``.

    Attributes
    ----------
    scale, offset : float
        Of the band [1], [unit].
    unit : str
        As the file names it, or empty.
    """

    scale: float = 1.0
    offset: float = 0.0
    unit: str = ""

    @property
    def unit_m(self) -> float:
        """Metres in the unit."""
        return UNITS_M[self.unit.strip().lower()]

    @property
    def in_words(self) -> str:
        """Such as ``ft`` or ``m, scale 0.1``."""
        scale = f", scale {self.scale:g}" if self.scale != 1.0 else ""
        offset = f", offset {self.offset:g}" if self.offset else ""
        return (self.unit.strip() or "m") + scale + offset


def open_elevation(name: str, shown: str) -> Any:
    """Open one file of heights; nothing else is ever opened.

    Parameters
    ----------
    name : str
        Path, or ``/vsizip/`` and a path.
    shown : str
        What the user calls it.

    Raises
    ------
    TerrainError
        None of the allowed drivers reads it, or a file beside it is none of theirs.
    """
    import rasterio

    _vet_sidecars(name, shown)
    data: Any = None
    for driver in DRIVERS:
        try:
            with rasterio.Env(**OPENING):
                data = rasterio.open(name, driver=driver)
            break
        except rasterio.errors.RasterioError:
            continue
    if data is None:
        raise TerrainError(
            f"terrain {shown}: is not a raster that kalkan can read: GeoTIFF, DTED, ASC, or HGT named by its corner "
            f"as in N36E032.hgt; {_remedy(Path(name))}"
        )
    if "OVERVIEW_FILE" in data.tags(ns="OVERVIEWS"):
        data.close()
        raise TerrainError(f"terrain {shown}: takes its overviews from another file; make a GeoTIFF without")
    return data


def _remedy(path: Path) -> str:
    """How a file that no driver of ours reads becomes one that is read."""
    if path.suffix.lower() in PACKED:
        return "unpack it, or pack it as .zip"
    return "gdal_translate makes a GeoTIFF of most other formats"


def _vet_sidecars(name: str, shown: str) -> None:
    """Overviews and masks that lie beside a file, which GDAL opens by any driver, are TIFFs."""
    for ending in (".ovr", ".msk"):
        beside = Path(name + ending)
        if beside.is_file():
            with beside.open("rb") as stream:
                if stream.read(4) not in TIFF_STARTS:
                    raise TerrainError(f"terrain {shown}: {beside.name} beside it is no TIFF; remove it")


def members_of(path: Path) -> list[str]:
    """What GDAL opens of a file: its own path, or of a zip each file of heights in it.

    Raises
    ------
    TerrainError
        It is no zip, or holds no heights.
    """
    if path.suffix.lower() != ".zip":
        return [str(path.resolve())]
    try:
        with zipfile.ZipFile(path) as packed:
            listed = packed.infolist()
    except (OSError, zipfile.BadZipFile, ValueError) as error:
        raise TerrainError(f"terrain {path}: is not a zip that kalkan can read ({error})") from None
    good = [
        m.filename for m in listed
        if _is_heights(m.filename) and not m.filename.lower().endswith(".zip") and m.file_size <= MAX_MEMBER_BYTES
    ]  # fmt: skip
    if not good:
        raise TerrainError(f"terrain {path}: holds no elevation files ({', '.join(TILE_ENDINGS[:-1])})")
    return [f"/vsizip/{{{path.resolve()}}}/{name}" for name in sorted(good)]


def _is_heights(member: str) -> bool:
    """Whether a name in a folder or a zip is that of heights: not hidden, no mask and no preview."""
    parts = Path(member).parts
    plain = not any(p.startswith((".", "__MACOSX")) for p in parts) and not Path(member).is_absolute()
    return plain and Path(member).suffix.lower() in TILE_ENDINGS and not BESIDE.search(Path(member).stem)


def tiles_in(folder: Path) -> list[Path]:
    """Elevation files of a folder and the folders in it, sorted by path; hidden files, masks and previews are none."""
    return sorted(p for p in folder.rglob("*") if p.is_file() and _is_heights(str(p.relative_to(folder))))


def left_out_of(folder: Path) -> list[Path]:
    """Rasters of a folder that by their names are hidden files, masks or previews."""
    rasters = (p for p in folder.rglob("*") if p.suffix.lower() in TILE_ENDINGS and p.is_file())
    return sorted(p for p in rasters if not _is_heights(str(p.relative_to(folder))))


def why_no_heights(data: Any) -> str:
    """Why an open raster is a picture and no elevation model; empty if it may be one."""
    colours = [c.name for c in data.colorinterp]
    if data.count > 1 and any(c != "alpha" for c in colours[1:]):
        return f"has {data.count} bands: a picture, or more than heights"
    if colours[0] == "palette" or (data.dtypes[0] in ("uint8", "int8") and not (data.units[0] or "")):
        return "has 8-bit values: a picture or a mask"
    if data.dtypes[0].startswith("complex"):
        return "has complex values"
    return ""


def measured(data: Any, shown: str) -> Measured:
    """Scale, offset and unit of the first band; the unit of the vertical coordinate system if the band says none.

    Raises
    ------
    TerrainError
        The unit is unknown, the two contradict each other, or the file counts depths.
    """
    band, scale, offset = (data.units[0] or "").strip(), float(data.scales[0]), float(data.offsets[0])
    vertical, downwards = _vertical_unit(data.crs)
    unit = band or vertical
    for each in (band, vertical):
        if each.lower() not in UNITS_M:
            raise TerrainError(
                f'terrain {shown}: its heights are in "{each}", which kalkan does not know; convert them to metres'
            )
    if band and vertical and not math.isclose(UNITS_M[band.lower()], UNITS_M[vertical.lower()], rel_tol=1e-4):
        raise TerrainError(
            f'terrain {shown}: its band says "{band}" and its vertical coordinate system "{vertical}"; '
            "set the unit that is right (gdal_edit, gdal_translate -a_srs)"
        )
    if downwards:
        raise TerrainError(f"terrain {shown}: its vertical coordinate system counts downwards: depths, not heights")
    if not (math.isfinite(scale) and math.isfinite(offset) and scale):
        raise TerrainError(f"terrain {shown}: its scale {scale:g} and offset {offset:g} make no heights")
    return Measured(scale, offset, unit)


def _vertical_unit(crs: Any) -> tuple[str, bool]:
    """Unit of the vertical part of a coordinate system, and whether it counts downwards."""
    text = crs.to_wkt() if crs is not None else ""
    if not text.startswith(("COMPD_CS", "COMPOUNDCRS", "COMPOUND_CRS")):
        return "", False
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        axis = CRS.from_wkt(text).sub_crs_list[1].axis_info[0]
    except (CRSError, IndexError):
        return "", False
    return axis.unit_name, axis.direction == "down"


def horizontal(crs: Any) -> str:
    """Text of a coordinate system without its vertical part."""
    text = str(crs.to_wkt())
    if not text.startswith(("COMPD_CS", "COMPOUNDCRS", "COMPOUND_CRS")):
        return text
    from pyproj import CRS

    return str(CRS.from_wkt(text).sub_crs_list[0].to_wkt())
