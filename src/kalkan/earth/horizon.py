"""Horizon tables: line of sight over terrain in one look-up.

A table belongs to one antenna. Row = azimuth, column = range; a cell holds the highest apparent
elevation tangent of the terrain from the antenna out to that range. A target is in sight when
its own tangent is not below the table's, at its azimuth and range.

- Column ``j`` ends at range ``(j+1)·radius/n_rng``. Between columns range × tangent is linear, which is
  exact for flat ground and for a constant tangent, so that terrain counts up to the target, not
  beyond it (to within one column, 250 m by default). Within the first column a falling tangent
  keeps the height of its sight line.
- The two rows beside the target are blended linearly: little slower than taking the nearest, and a
  third to six tenths of its floor error. The higher of the two would raise the floor always. The measured
  errors are in docs/design/2026-11-horizon-tables.md.
- Beyond the radius nothing is in sight: build a table at least as wide as the radar reaches.
"""

from __future__ import annotations

import contextlib
import hashlib
import math
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kalkan.caches import caches
from kalkan.earth import rays
from kalkan.earth.geodesy import euler_radius
from kalkan.earth.horizon_files import builder_stamp, read, write
from kalkan.earth.layered import lifts, march_layered
from kalkan.earth.refraction import STANDARD_K, height_at_tan
from kalkan.earth.refractivity import PER_METRE, Layers
from kalkan.earth.terrain import Grid, Terrain
from kalkan.jit import builder, kernel

N_AZ = 2880
N_RNG = 1600
_TURN = 1.0 / (2.0 * math.pi)


class Clutter(NamedTuple):
    """Trees and buildings, as one height added to all land beyond a clearing around the antenna.

    kalkan's own simplification: land is what lies above sea level (depressions below it stay bare), and
    the clutter is opaque. A target lower than the clutter around it is hidden.
    """

    height_m: float = 0.0
    clear_m: float = 0.0


BARE = Clutter()


@dataclass(frozen=True)
class HorizonTable:
    """The horizon of one antenna.

    Attributes
    ----------
    tan_max : ndarray of float32, shape (n_az, n_rng)
        Highest apparent elevation tangent so far [1]; C-contiguous, one azimuth is one row.
    radius_m : float
        Range of the last column [m].
    antenna_msl_m : float
        Height of the antenna above sea level [m].
    lat_deg, lon_deg : float
        Position of the antenna [deg].
    k : float
        Effective-earth factor [1].
    """

    tan_max: NDArray[np.float32]
    radius_m: float
    antenna_msl_m: float
    lat_deg: float
    lon_deg: float
    k: float

    @property
    def n_az(self) -> int:
        """Number of azimuths."""
        return int(self.tan_max.shape[0])

    @property
    def n_rng(self) -> int:
        """Number of range columns."""
        return int(self.tan_max.shape[1])


def build(
    terrain: Terrain,
    lat_deg: float,
    lon_deg: float,
    antenna_m_above_ground: float,
    radius_m: float,
    k: float = STANDARD_K,
    n_az: int = N_AZ,
    n_rng: int = N_RNG,
    clutter: Clutter = BARE,
    layers: Layers = (),
) -> HorizonTable:
    """March along every azimuth and keep the running maximum of the terrain's apparent tangent.

    Parameters
    ----------
    terrain : Terrain
        Heights above sea level.
    lat_deg, lon_deg : float
        Site [deg], WGS-84.
    antenna_m_above_ground : float
        Height of the antenna above the ground at the site [m], >= 0.
    radius_m : float
        Outermost range [m], > 0; meant for 1 km to 1000 km.
    k : float
        Effective-earth factor [1], > 0.
    n_az, n_rng : int
        Azimuths and range columns (two at least); the defaults are what the measured errors belong to.

    clutter : Clutter
        What stands on the ground; nothing by default.
    layers : Layers
        Air whose refractivity has a gradient of its own in each layer; then `k` is only the reference that the
        table's tangents belong to. Nothing by default: k at all heights.

    Raises
    ------
    TerrainError
        If the site is off the terrain, or heights are missing under ``no_data="error"``.
    ValueError
        If a size, the radius or k is not positive, or the antenna is below the ground.
    """
    if not (radius_m > 0.0 and 0.0 < k < math.inf and n_az > 0 and n_rng > 1):
        raise ValueError(f"radius, k and sizes must be positive: {radius_m=} {k=} {n_az=} {n_rng=}")
    if not antenna_m_above_ground >= 0.0:
        raise ValueError(f"the antenna must not be below the ground: {antenna_m_above_ground=}")
    antenna_msl_m = terrain.site_elevation(lat_deg, lon_deg) + antenna_m_above_ground
    far = terrain.window(lat_deg, lon_deg, radius_m)
    near = terrain.window(lat_deg, lon_deg, min(radius_m, 1.25 * rays.NEAR_M))
    place = (math.radians(lat_deg), math.radians(lon_deg), antenna_msl_m)
    cover = (float(clutter.height_m), float(clutter.clear_m))
    given = (_as_tuple(near), _as_tuple(far), cover, *place, float(k), float(radius_m), n_az, n_rng)
    if not layers:
        table = rays.march(*given)
    else:
        from_m, gradient_n_km = (np.array(values, np.float64) for values in zip(*layers, strict=True))
        bent = antenna_msl_m, from_m, gradient_n_km * PER_METRE, float(k), place[0], float(radius_m), n_rng
        table = march_layered(*given, lifts(*bent))
    return HorizonTable(table, float(radius_m), antenna_msl_m, lat_deg, lon_deg, float(k))


def _as_tuple(grid: Grid) -> rays.GridTuple:
    return grid.values, grid.lat0_deg, grid.lon0_deg, grid.dlat_deg, grid.dlon_deg


@kernel
def azimuth_turns(e: float, n: float) -> float:
    """Azimuth [turns, 0..1] of a target at east e, north n, by a polynomial (2e-8 rad).

    Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 4.4.49.
    """
    ae, an = abs(e), abs(n)
    big = max(ae, an)
    if big == 0.0:
        return 0.0
    x = min(ae, an) / big
    t = x * x
    p = -0.0752896400 + t * (0.0429096138 + t * (-0.0161657367 + t * 0.0028662257))
    p = 1.0 + t * (-0.3333314528 + t * (0.1999355085 + t * (-0.1420889944 + t * (0.1065626393 + t * p))))
    turns = x * p * _TURN
    if ae > an:
        turns = 0.25 - turns
    if n < 0.0:
        turns = 0.5 - turns
    return 1.0 - turns if e < 0.0 else turns


@kernel
def azimuth_index(e: float, n: float, n_az: int) -> int:
    """Row of the azimuth nearest to a target at east e, north n, in 0..n_az-1."""
    i = int(azimuth_turns(e, n) * n_az + 0.5)
    return i if i < n_az else i - n_az


@kernel
def horizon_tan(
    table: NDArray[np.float32],
    offset: int,
    n_az: int,
    n_rng: int,
    radius_m: float,
    turns: float,
    d: float,
) -> float:
    """Highest terrain tangent [1] from the antenna to ground range d [m], <= the radius.

    ``table`` and ``offset`` as in :func:`visible`; ``turns`` is the azimuth [turns, 0..1].
    """
    a = turns * n_az
    i = int(a)
    f = a - i
    left = offset + (i if i < n_az else 0) * n_rng
    right = offset + (i + 1 if i + 1 < n_az else 0) * n_rng
    x = max(d * (n_rng / radius_m), 1e-9)
    j = min(max(int(x), 1), n_rng - 1)
    inner = (1.0 - f) * table[left + j - 1] + f * table[right + j - 1]
    if x < 1.0:
        return min(inner, inner / x)
    outer = (1.0 - f) * table[left + j] + f * table[right + j]
    return inner + (x - j) * (j + 1.0) / x * (outer - inner)


@kernel
def visible(
    table: NDArray[np.float32],
    offset: int,
    n_az: int,
    n_rng: int,
    radius_m: float,
    e: float,
    n: float,
    d: float,
    tan_el: float,
) -> bool:
    """Whether the terrain leaves a target in sight: one look-up.

    Parameters
    ----------
    table : ndarray of float32
        One or many tables, each raveled, one after the other.
    offset : int
        Where this antenna's table starts.
    n_az, n_rng, radius_m
        Sizes [1] and outermost range [m] of the table.
    e, n : float
        East and north of the target in the antenna's frame (any common scale).
    d, tan_el : float
        Ground range [m] and apparent elevation tangent [1] of the target, from
        :func:`kalkan.earth.refraction.look`.
    """
    if d > radius_m:
        return False
    return tan_el >= horizon_tan(table, offset, n_az, n_rng, radius_m, azimuth_turns(e, n), d)


@builder
def _floors(
    table: NDArray[np.float32],
    n_az: int,
    radius_m: float,
    h0: float,
    azimuth: NDArray[np.float64],
    d: NDArray[np.float64],
    re: NDArray[np.float64],
) -> NDArray[np.float64]:
    out = np.empty(d.size)
    n_rng = table.size // n_az
    for i in range(d.size):
        if d[i] > radius_m:
            out[i] = np.inf
            continue
        turns = azimuth[i] * _TURN - math.floor(azimuth[i] * _TURN)
        out[i] = height_at_tan(d[i], horizon_tan(table, 0, n_az, n_rng, radius_m, turns, d[i]), h0, re[i])
    return out


def floor_height(table: HorizonTable, azimuth_rad: ArrayLike, d_m: ArrayLike) -> NDArray[np.float64]:
    """Lowest height above sea level [m] that is in sight, at azimuths [rad] and ground ranges [m].

    The inverse of :func:`visible`; infinite beyond the table's radius. Shapes broadcast.
    """
    azimuth, d = np.broadcast_arrays(np.asarray(azimuth_rad, float), np.asarray(d_m, float))
    re = table.k * np.asarray(euler_radius(math.radians(table.lat_deg), azimuth.ravel()))
    flat = table.tan_max.reshape(-1)
    out = _floors(flat, table.n_az, table.radius_m, table.antenna_msl_m, azimuth.ravel(), d.ravel(), re)
    return out.reshape(d.shape)


def load_or_build(
    terrain: Terrain,
    lat_deg: float,
    lon_deg: float,
    antenna_m_above_ground: float,
    radius_m: float,
    k: float = STANDARD_K,
    n_az: int = N_AZ,
    n_rng: int = N_RNG,
    clutter: Clutter = BARE,
    layers: Layers = (),
) -> HorizonTable:
    """:func:`build`, remembered on disk, in the folder ``horizon`` of :mod:`kalkan.caches`.

    The file's name is a hash of the terrain's content, of all arguments and of the sources of
    this room; its content carries a checksum, and a damaged file is built again. A folder that
    cannot be written only costs time.
    """
    given = (float(lat_deg), float(lon_deg), float(antenna_m_above_ground), float(radius_m), float(k))
    told = f"{terrain.identity} {given!r} {n_az} {n_rng} {tuple(clutter)} {tuple(layers)} {builder_stamp()}"
    key = hashlib.sha256(told.encode())
    place, kept = Path("horizon") / f"{key.hexdigest()[:32]}.npy", caches()
    found = next((f for root in kept.read if (f := read(root / place, n_az, n_rng))), None)
    if found is not None:
        tan_max, antenna_msl_m = found
        return HorizonTable(tan_max, given[3], antenna_msl_m, given[0], given[1], given[4])
    table = build(terrain, *given, n_az, n_rng, clutter, layers)
    with contextlib.suppress(OSError):
        write(kept.root / place, table.tan_max, table.antenna_msl_m)
    return table


__all__ = [
    "BARE",
    "Clutter",
    "HorizonTable",
    "azimuth_index",
    "azimuth_turns",
    "build",
    "floor_height",
    "horizon_tan",
    "load_or_build",
    "visible",
]
