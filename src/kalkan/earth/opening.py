"""From a path to an open raster of heights: a file, a folder or a zip of tiles, or a VRT."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from kalkan.earth.elevation import OPENING, Measured, TerrainError, measured, open_elevation, why_no_heights
from kalkan.earth.mosaic import WHOLE_TURN_DEG, Mosaic, all_round, content_identity, mosaic_of
from kalkan.earth.virtual import read_vrt

READING = "2"  # how stored numbers become heights; tables made from another reading are not these


class Opened(NamedTuple):
    """An open raster and what is known of it.

    Attributes
    ----------
    dataset : rasterio dataset
    measured : Measured
        How its numbers become metres.
    identity : str
        Hash of all that decides its heights.
    n_files : int
        Files of heights that are used.
    left_out : tuple of str
        Files beside them that are none, with the reasons.
    assumed : bool
        No coordinate system is stated; degrees are taken.
    """

    dataset: Any
    measured: Measured
    identity: str
    n_files: int = 1
    left_out: tuple[str, ...] = ()
    assumed: bool = False


def open_raster(path: Path, within: Sequence[Path] = ()) -> Opened:
    """Open an elevation file, a folder or a zip of them, or a VRT of files below its folder or those of `within`.

    Raises
    ------
    TerrainError
        It is absent, holds no heights, or does not say where they are.
    """
    if not path.exists():
        raise TerrainError(f"terrain {path}: there is no such file or folder")
    if path.suffix.lower() == ".vrt" and path.is_file():
        return _opened(path, read_vrt(path, [path.parent, *within]))
    if path.is_dir() or path.suffix.lower() == ".zip":
        return _opened(path, mosaic_of(path))
    data = open_elevation(str(path.resolve()), str(path))
    if data.crs is None and data.driver == "AAIGrid":
        data.close()
        return _opened(path, mosaic_of(path))
    why, t = why_no_heights(data), data.transform
    if why or data.crs is None or t.determinant == 0.0:
        data.close()
        raise TerrainError(f"terrain {path}: {why or 'does not say its coordinate system (CRS) or where it lies'}")
    if data.crs.is_geographic and data.width * abs(t.a) > WHOLE_TURN_DEG:
        data.close()
        return _opened(path, mosaic_of(path))
    how = measured(data, str(path))
    files = [Path(name) for name in data.files or [str(path)]]
    return Opened(data, how, content_identity(files, f"{READING} {how}"))


def _opened(path: Path, mosaic: Mosaic) -> Opened:
    import rasterio

    mosaic = all_round(mosaic)
    try:
        with rasterio.Env(**OPENING):
            data = rasterio.open(mosaic.text, driver="VRT")
    except rasterio.errors.RasterioError as error:
        raise TerrainError(f"terrain {path}: its files make no raster that kalkan can read ({error})") from None
    names = list(dict.fromkeys(s.file for s in mosaic.sources))
    packed = [re.fullmatch(r"/vsizip/\{(.+?)\}/.*", name) for name in names]
    files = [Path(p[1] if p else name) for p, name in zip(packed, names, strict=True)]
    beside = [f.with_name(f.name + end) for f in files for end in (".aux.xml", ".msk")]
    beside += [f.with_suffix(end) for f in files for end in (".prj", ".tfw")]
    where = [(s.taken, s.place, s.nodata, s.ratio, s.offset) for s in mosaic.sources]
    salt = f"{READING} {mosaic.measured} {mosaic.width} {mosaic.height} {mosaic.crs} {mosaic.transform} {where}"
    identity = content_identity(list(dict.fromkeys([*files, *beside])), salt)
    return Opened(data, mosaic.measured, identity, len(names), mosaic.left_out, mosaic.assumed)
