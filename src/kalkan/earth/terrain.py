"""Terrain: heights from a raster file, read piece by piece, or a flat sea.

GeoTIFF, DTED, HGT, ASC, plain VRT mosaics, in any coordinate system; or a folder or a zip of tiles
(:mod:`kalkan.earth.elevation`). Only what a window needs is read, in strips: memory does not grow
with the file. Heights above sea level are used as heights above the ellipsoid: kalkan's own simplification, which
shifts a whole region by the geoid (25-40 m in Türkiye) and leaves lines of sight as they are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kalkan.earth.cells import LOWEST_LAND_M, averaged, heights_of, survey
from kalkan.earth.elevation import Measured, TerrainError, horizontal
from kalkan.earth.gaps import OPEN_SEA_M, SHORE_M, lowest_shore_m, share_missing
from kalkan.earth.horizon_files import builder_stamp
from kalkan.earth.opening import Opened, open_raster
from kalkan.kept import OnDisk

TILE = 512
METRES_PER_DEGREE = 111_320.0
STRIP_CELLS = 4_000_000  # cells of the file that are in memory at once while a window is read
GDAL_CACHE_BYTES = 64_000_000
OVERSAMPLE = 4.0  # a grid in other axes needs finer cells to keep crests, as far as there is room for them:
OVERSAMPLED_CELLS = 6_000_000


@dataclass(frozen=True)
class Grid:
    """Heights on a latitude-longitude grid around one place.

    Attributes
    ----------
    values : ndarray of float32, shape (n_lat, n_lon)
        Height of each cell centre [m], row 0 in the north; missing cells are 0 (sea).
    lat0_deg, lon0_deg : float
        Centre of cell (0, 0) [deg].
    dlat_deg, dlon_deg : float
        Step between rows (negative) and between columns [deg].
    """

    values: NDArray[np.float32]
    lat0_deg: float
    lon0_deg: float
    dlat_deg: float
    dlon_deg: float


class Terrain:
    """Heights above sea level over a region; make one with :meth:`open` or :meth:`flat`."""

    def __init__(self, opened: Opened | None, no_data: str, name: str) -> None:
        self._dataset: Any = opened.dataset if opened else None
        self._measured = opened.measured if opened else Measured()
        self.opened = opened
        self.no_data = no_data
        self.identity = f"{opened.identity} {no_data}" if opened else "flat"
        self.name = name
        if opened is None:
            return
        transform = opened.dataset.transform
        self._inverse = ~transform
        self._crs = horizontal(opened.dataset.crs)
        self._geographic = _is_plain_wgs84(self._crs, transform)
        self._to_raster: Any = None
        self._tile = lru_cache(maxsize=128)(self._read_tile)
        self._look_over()

    def _look_over(self) -> None:
        """Survey the raster: whether it holds heights at all, and whether it goes down under the sea."""
        from rasterio.windows import Window

        data = self._dataset
        self.survey = OnDisk("survey", builder_stamp).get(
            self.identity,
            lambda: survey(
                lambda row, col, rows, cols: self._raw(Window(col, row, cols, rows)), data.height, data.width,
                self._measured,
            ),
        )  # fmt: skip
        if self.survey.whole and not self.survey.n_heights:
            raise TerrainError(f"terrain {self.name}: holds no heights")

    @classmethod
    def flat(cls) -> Terrain:
        """Sea level everywhere."""
        return cls(None, "sea", "flat")

    @classmethod
    def open(cls, path: str | Path, no_data: str = "sea", within: Sequence[Path] = ()) -> Terrain:
        """Open a raster of heights above sea level, in metres or in a unit that it names.

        Parameters
        ----------
        path : path
            An elevation file; or a folder or a zip of such files.
        no_data : {"sea", "error"}
            Missing cells and places off the raster are at 0 m, or raise.
        within : sequence of Path
            Folders besides its own that a VRT may name files of.

        Raises
        ------
        TerrainError
            If the file is absent, holds no heights, or says no coordinate system.
        """
        if no_data not in ("sea", "error"):
            raise TerrainError(f'no_data is "sea" or "error", not {no_data!r}')
        return cls(open_raster(Path(path), within), no_data, str(path))

    @property
    def told(self) -> dict[str, Any]:
        """How the files were read, as facts for whoever tells them; empty for the flat sea."""
        if self.opened is None:
            return {}
        return {
            "files": self.opened.n_files, "left_out": list(self.opened.left_out), "assumed": self.opened.assumed,
            "measured": self.opened.measured.in_words, "voids": list(self.survey.voids),
            "seabed_m": self.survey.lowest_m if self.survey.has_seabed else None,
        }  # fmt: skip

    @property
    def is_flat(self) -> bool:
        """Whether this is the flat sea."""
        return self._dataset is None

    @property
    def cells(self) -> int:
        """Number of cells of the raster; 0 for the flat sea."""
        return 0 if self._dataset is None else int(self._dataset.width) * int(self._dataset.height)

    def require_readable(self) -> None:
        """Read everything once, in strips.

        Raises
        ------
        TerrainError
            A part of a file cannot be read, or holds what is no height.
        """
        if self._dataset is None:
            return
        from rasterio.windows import Window

        width, height = self._dataset.width, self._dataset.height
        rows = max(1, STRIP_CELLS // width)
        for top in range(0, height, rows):
            self._read(Window(0, top, width, min(rows, height - top)))

    def elevation(self, lat_deg: ArrayLike, lon_deg: ArrayLike) -> NDArray[np.float64]:
        """Heights [m above sea level], bilinear between cell centres; shapes broadcast.

        Raises
        ------
        TerrainError
            With ``no_data="error"``, where a height is missing.
        """
        heights = self._heights(lat_deg, lon_deg)
        missing = np.isnan(heights)
        if self.no_data == "error" and missing.any():
            lat, lon = np.broadcast_arrays(np.asarray(lat_deg, float), np.asarray(lon_deg, float))
            where = f"{lat[missing][0]:.4f}, {lon[missing][0]:.4f}"
            raise TerrainError(
                f"terrain {self.name}: no height at {where} ({missing.sum()} of {missing.size} places); "
                'use another terrain or no_data = "sea"'
            )
        return np.where(missing, 0.0, heights)

    def covers(self, lat_deg: ArrayLike, lon_deg: ArrayLike) -> NDArray[np.bool_]:
        """Whether the terrain holds a height at each place; shapes broadcast."""
        return np.asarray(~np.isnan(self._heights(lat_deg, lon_deg)))

    def site_elevation(self, lat_deg: float, lon_deg: float) -> float:
        """Height [m] of the ground, or of the sea, under a site.

        Raises
        ------
        TerrainError
            If :meth:`no_site` says why nothing can stand there.
        """
        height = float(self._heights(lat_deg, lon_deg))
        if math.isnan(height):
            why = self.no_site(lat_deg, lon_deg)
            if why:
                place = f"{lat_deg:.4f}, {lon_deg:.4f}"
                raise TerrainError(f"terrain {self.name}: does not hold the site at {place}: it {why}")
            return 0.0
        return height

    def no_site(self, lat_deg: float, lon_deg: float) -> str:
        """Why nothing can stand at a place; empty if something can.

        With ``no_data="sea"`` a ship can lie where no height is, unless no terrain is near, or ground higher than
        `SHORE_M` is all around: such a hole is no water at sea level (kalkan's own rule).
        """
        if bool(self.covers(lat_deg, lon_deg)):
            return ""
        if self.no_data == "error":
            return "is where the terrain has no height (off its edge, or a hole)"
        shore_m = lowest_shore_m(self._heights, self.cell_m, lat_deg, lon_deg)
        if math.isnan(shore_m):
            return f"is where the terrain has no height (off its edge, with none within {OPEN_SEA_M / 1e3:.0f} km)"
        if shore_m > SHORE_M:
            return f"is where the terrain has no height (a hole among ground of {shore_m:.0f} m and more, so no sea)"
        return ""

    def window(self, lat_deg: float, lon_deg: float, radius_m: float, max_cells: int = 40_000_000) -> Grid:
        """Heights around a place, on a latitude-longitude grid.

        A finer raster than ``max_cells`` allows is averaged over square groups of cells; one in another
        coordinate system than WGS-84 degrees is read at points, a third as many.

        Raises
        ------
        TerrainError
            With ``no_data="error"``, if a height within the radius is missing.
        """
        half_lat, half_lon = _half_sizes_deg(lat_deg, radius_m)
        if self._dataset is None:
            return Grid(np.zeros((2, 2), np.float32), lat_deg + half_lat, lon_deg - half_lon,
                        -2.0 * half_lat, 2.0 * half_lon)  # fmt: skip
        self._require_disc(lat_deg, lon_deg, radius_m)
        read = self._native_window if self._geographic else self._resampled_window
        grid = read(lat_deg, lon_deg, half_lat, half_lon, max_cells)
        if self.no_data == "error":
            self._require_cells(grid, lat_deg, lon_deg, radius_m)
        np.nan_to_num(grid.values, copy=False)
        return grid

    def _native_window(self, lat: float, lon: float, half_lat: float, half_lon: float, cells: int) -> Grid:
        from rasterio.windows import Window

        data, t = self._dataset, self._dataset.transform
        rows, cols = self._pixels(np.array([lat + half_lat, lat - half_lat]), np.array([lon, lon]))
        cols = cols + np.array([-half_lon, half_lon]) / t.a
        r0, r1 = max(0, math.floor(rows[0])), min(data.height, math.ceil(rows[1]) + 1)
        c0, c1 = max(0, math.floor(cols[0])), min(data.width, math.ceil(cols[1]) + 1)
        if r1 <= r0 or c1 <= c0:
            return _nothing(lat, lon, half_lat, half_lon)
        group = max(1, math.ceil(math.sqrt((r1 - r0) * (c1 - c0) / cells)))
        nr = max(1, min(math.ceil((r1 - r0) / group), (data.height - r0) // group))
        nc = max(1, min(math.ceil((c1 - c0) / group), (data.width - c0) // group))
        r1, c1 = min(data.height, r0 + nr * group), min(data.width, c0 + nc * group)
        values = np.empty((nr, nc), np.float32)
        strip = max(1, STRIP_CELLS // (nc * group * group))
        for start in range(0, nr, strip):
            stop = min(start + strip, nr)
            top, bottom = r0 + (r1 - r0) * start // nr, r0 + (r1 - r0) * stop // nr
            part = Window(c0, top, c1 - c0, bottom - top)
            values[start:stop] = averaged(self._read(part), group) if group > 1 else self._read(part)
        dlat, dlon = t.e * (r1 - r0) / nr, t.a * (c1 - c0) / nc
        lat0, lon0 = t.f + t.e * r0 + 0.5 * dlat, t.c + t.a * c0 + 0.5 * dlon
        lon0 += 360.0 * round((lon - (lon0 + 0.5 * dlon * nc)) / 360.0)
        return Grid(values, lat0, lon0, dlat, dlon)

    def _resampled_window(self, lat: float, lon: float, half_lat: float, half_lon: float, cells: int) -> Grid:
        own, area = self.cell_m / METRES_PER_DEGREE, 4.0 * half_lat * half_lon
        fine = max(own / OVERSAMPLE, min(own, math.sqrt(area / OVERSAMPLED_CELLS)))
        step = max(fine, math.sqrt(3.0 * area / cells))
        nr, nc = math.ceil(2.0 * half_lat / step) + 1, math.ceil(2.0 * half_lon / step) + 1
        lat0, lon0 = lat + half_lat, lon - half_lon
        values = np.empty((nr, nc), np.float32)
        for i in range(0, nr, TILE):
            for j in range(0, nc, TILE):
                lats = lat0 - step * np.arange(i, min(i + TILE, nr))
                lons = lon0 + step * np.arange(j, min(j + TILE, nc))
                values[i : i + TILE, j : j + TILE] = self._resampled_block(lats, lons)
        return Grid(values, lat0, lon0, -step, step)

    def _resampled_block(self, lats: NDArray[Any], lons: NDArray[Any]) -> NDArray[np.float32]:
        """Bilinear heights on a small grid, NaN where any cell needed is missing.

        The projection is evaluated every 2 km at most and interpolated in between: within 0.1 m.
        """
        from rasterio.windows import Window
        from scipy.ndimage import map_coordinates, zoom

        every = min(16, max(1, int(2000.0 / METRES_PER_DEGREE / max(abs(lats[0] - lats[-1]), 1e-9) * lats.size)))
        sparse = [np.linspace(v[0], v[-1], 2 + v.size // every) for v in (lats, lons)]
        coarse = self._pixels(*np.meshgrid(*sparse, indexing="ij"))
        zooms = (lats.size / sparse[0].size, lons.size / sparse[1].size)
        rows, cols = (zoom(c, zooms, order=1) for c in coarse)
        nr, nc = self._dataset.height, self._dataset.width
        r0, r1 = max(math.floor(rows.min()), 0), min(math.ceil(rows.max()) + 1, nr)
        c0, c1 = max(math.floor(cols.min()), 0), min(math.ceil(cols.max()) + 1, nc)
        if r1 <= r0 or c1 <= c0:
            return np.full(rows.shape, np.nan, np.float32)
        cells = self._read(Window(c0, r0, c1 - c0, r1 - r0))
        heights = map_coordinates(cells, [rows - r0, cols - c0], order=1, mode="nearest", output=np.float32)
        off = (rows < -0.5) | (rows > nr - 0.5) | (cols < -0.5) | (cols > nc - 0.5)
        return np.asarray(np.where(off, np.float32(np.nan), heights))

    def missing_share(self, lat_deg: float, lon_deg: float, radius_m: float) -> tuple[float, float, float]:
        """Share [0..1] of a circle's area without heights, and where the first gap lies.

        Returns
        -------
        share, distance_m, azimuth_deg
            As :func:`kalkan.earth.gaps.share_missing` estimates them.
        """
        if self._dataset is None:
            return 0.0, math.nan, math.nan
        return share_missing(self.covers, self.cell_m, (lat_deg, lon_deg, radius_m))

    def _require_disc(self, lat: float, lon: float, radius_m: float) -> None:
        if self.no_data != "error":
            return
        share, distance_m, azimuth_deg = self.missing_share(lat, lon, radius_m)
        if share > 0.0:
            where = f"the nearest {distance_m / 1e3:.0f} km away towards {azimuth_deg:.0f}°"
            raise TerrainError(self._gap_text(share, lat, lon, radius_m, where))

    def _require_cells(self, grid: Grid, lat: float, lon: float, radius_m: float) -> None:
        """No cell within the circle is a hole, however small."""
        rows, cols = np.nonzero(np.isnan(grid.values))
        north = (grid.lat0_deg + rows * grid.dlat_deg - lat) * METRES_PER_DEGREE
        east = (grid.lon0_deg + cols * grid.dlon_deg - lon) * METRES_PER_DEGREE * math.cos(math.radians(lat))
        holes = int(np.count_nonzero(np.hypot(north, east) < 0.99 * radius_m))
        if holes:
            cell = abs(grid.dlat_deg * grid.dlon_deg) * METRES_PER_DEGREE**2 * math.cos(math.radians(lat))
            share = holes * cell / (math.pi * radius_m**2)
            raise TerrainError(self._gap_text(share, lat, lon, radius_m, f"{holes} cells in all"))

    def _gap_text(self, share: float, lat: float, lon: float, radius_m: float, where: str) -> str:
        return (
            f"terrain {self.name}: {100.0 * share:.2g} % of the {radius_m / 1e3:.0f} km around {lat:.4f}, {lon:.4f} "
            f'has no height ({where}); use another terrain or no_data = "sea"'
        )

    @property
    def cell_m(self) -> float:
        """Height of a cell [m] in the middle of the raster; 0 for the flat sea."""
        if self._dataset is None:
            return 0.0
        t, data = self._dataset.transform, self._dataset
        if data.crs.is_geographic:
            return float(abs(t.e) + abs(t.d)) * METRES_PER_DEGREE
        return float(math.hypot(t.d, t.e)) * float(data.crs.linear_units_factor[1])

    def _pixels(self, lat: NDArray[Any], lon: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Fractional row and column, counted between cell centres, of each place."""
        if self._geographic:
            middle = self._dataset.transform.c + 0.5 * self._dataset.transform.a * self._dataset.width
            x, y = middle + (lon - middle + 180.0) % 360.0 - 180.0, lat
        else:
            if self._to_raster is None:
                self._to_raster = self._transformer()
            x, y = self._to_raster.transform(lon, lat)
        i = self._inverse
        return i.d * x + i.e * y + i.f - 0.5, i.a * x + i.b * y + i.c - 0.5

    def _transformer(self) -> Any:
        from pyproj import Transformer
        from pyproj.exceptions import ProjError

        try:
            return Transformer.from_crs("EPSG:4326", self._crs, always_xy=True)
        except ProjError:
            raise TerrainError(
                f"terrain {self.name}: its coordinate system (CRS) has no known relation to latitude and longitude"
            ) from None

    def _heights(self, lat_deg: ArrayLike, lon_deg: ArrayLike) -> NDArray[np.float64]:
        """Bilinear heights [m]; NaN where any of the cells needed is missing."""
        lat, lon = np.broadcast_arrays(np.asarray(lat_deg, float), np.asarray(lon_deg, float))
        if self._dataset is None:
            return np.zeros(lat.shape)
        rows, cols = self._pixels(lat.ravel(), lon.ravel())
        nr, nc = self._dataset.height, self._dataset.width
        inside = (rows >= -0.5) & (rows <= nr - 0.5) & (cols >= -0.5) & (cols <= nc - 0.5)
        out = np.full(rows.size, np.nan)
        r, c = np.clip(rows[inside], 0.0, nr - 1.0), np.clip(cols[inside], 0.0, nc - 1.0)
        out[inside] = self._bilinear(r, c)
        return out.reshape(lat.shape)

    def _bilinear(self, rows: NDArray[Any], cols: NDArray[Any]) -> NDArray[Any]:
        out = np.empty(rows.size)
        r0, c0 = rows.astype(np.int64), cols.astype(np.int64)
        across = self._dataset.width // TILE + 1
        tile_of = (r0 // TILE) * across + c0 // TILE
        for tile_id in np.unique(tile_of):
            mine = np.flatnonzero(tile_of == tile_id)
            tr, tc = divmod(int(tile_id), across)
            tile = self._tile(tr, tc)
            i, j = r0[mine] - tr * TILE, c0[mine] - tc * TILE
            fr, fc = rows[mine] - r0[mine], cols[mine] - c0[mine]
            i1, j1 = np.where(fr > 0.0, i + 1, i), np.where(fc > 0.0, j + 1, j)
            north = tile[i, j] * (1.0 - fc) + tile[i, j1] * fc
            south = tile[i1, j] * (1.0 - fc) + tile[i1, j1] * fc
            out[mine] = north * (1.0 - fr) + south * fr
        return out

    def _read_tile(self, tile_row: int, tile_col: int) -> NDArray[np.float32]:
        from rasterio.windows import Window

        r0, c0 = tile_row * TILE, tile_col * TILE
        height, width = min(TILE + 1, self._dataset.height - r0), min(TILE + 1, self._dataset.width - c0)
        return self._read(Window(c0, r0, width, height))

    def _raw(self, window: Any) -> Any:
        """Stored numbers of a window of the file, masked where its tags say that there are none."""
        import rasterio

        try:
            with rasterio.Env(GDAL_CACHEMAX=GDAL_CACHE_BYTES):  # else GDAL keeps a twentieth of the machine's memory
                return self._dataset.read(1, window=window, masked=True)
        except rasterio.errors.RasterioError as error:
            told = error.__cause__ or error
            raise TerrainError(f"terrain {self.name}: is damaged, or not whole ({told}); get it again") from None

    def _read(self, window: Any) -> NDArray[np.float32]:
        """Heights of the surface [m], the sea's where the raster holds its bed; NaN where there are none."""
        heights, impossible = heights_of(self._raw(window), self._measured)
        if impossible.any():
            row, col = (int(i[0]) for i in np.nonzero(impossible))
            lat, lon = self._place(window.row_off + row, window.col_off + col)
            raise TerrainError(
                f"terrain {self.name}: holds {heights[row, col]:,.0f} m at {lat:.4f}, {lon:.4f}, which is no height on "
                "earth; mark such cells as holes (gdal_translate -a_nodata), or set its unit or scale right"
            )
        if self.survey.has_seabed:
            np.maximum(heights, 0.0, out=heights)
        else:
            heights[heights < LOWEST_LAND_M] = 0.0
        return heights

    def _place(self, row: int, col: int) -> tuple[float, float]:
        """Latitude and longitude [deg] of the centre of a cell."""
        t = self._dataset.transform
        x, y = t.c + t.a * (col + 0.5) + t.b * (row + 0.5), t.f + t.d * (col + 0.5) + t.e * (row + 0.5)
        if self._geographic:
            return float(y), float(x)
        lon, lat = self._transformer().transform(x, y, direction="INVERSE")
        return float(lat), float(lon)


def _nothing(lat: float, lon: float, half_lat: float, half_lon: float) -> Grid:
    """A window without a height."""
    holes = np.full((2, 2), np.nan, np.float32)
    return Grid(holes, lat + half_lat, lon - half_lon, -2.0 * half_lat, 2.0 * half_lon)


def _half_sizes_deg(lat_deg: float, radius_m: float) -> tuple[float, float]:
    """Half height and half width [deg] of a box that holds a disc, with 2 % to spare."""
    half_lat = 1.02 * radius_m / (METRES_PER_DEGREE * 0.99)
    widest = math.radians(min(abs(lat_deg) + half_lat, 89.0))
    return half_lat, min(half_lat / math.cos(widest), 179.9)


def _is_plain_wgs84(crs: str, t: Any) -> bool:
    from rasterio.crs import CRS

    return CRS.from_wkt(crs).to_epsg() == 4326 and t.b == t.d == 0.0 and t.a > 0.0 and t.e < 0.0


__all__ = ["TILE", "Grid", "Terrain", "TerrainError"]
