"""The march that builds a horizon table: along every azimuth, the highest terrain so far.

Samples lie 0.2 % of the range apart, but no closer than 0.5 m and no farther than 50 m (from 25 km
on), because an error of slope near the antenna grows with range: sampling near the site decides
the floor far away.
Positions follow the normal section of the ellipsoid (a great circle of the Euler sphere put
into ECEF), exactly the inverse of :func:`kalkan.earth.refraction.ground_range_height`.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from kalkan.earth.geodesy import (
    ECCENTRICITY_SQ,
    FLATTENING,
    SECOND_ECCENTRICITY_SQ,
    SEMI_MAJOR_M,
    SEMI_MINOR_M,
)
from kalkan.earth.refraction import curvature_terms, half_bulge_tan, local_radius, short_sin
from kalkan.jit import builder, kernel

NEAR_M = 20_000.0  # up to here heights come from the grid of full resolution
STEP_PER_RANGE = 0.002
LEAST_STEP_M = 0.5
MOST_STEP_M = 50.0
LEG_M = 5_000.0  # between exact positions; linear in between errs by < 0.5 m up to 60° latitude

Place = tuple[float, float]
GridTuple = tuple[NDArray[np.float32], float, float, float, float]


@kernel
def section_point(
    lat_rad: float, lon_rad: float, sin_az: float, cos_az: float, d: float, radius: float
) -> tuple[float, float]:
    """Latitude and longitude [deg] at arc d [m] along an azimuth, on the Euler sphere."""
    sa, ca = math.sin(lat_rad), math.cos(lat_rad)
    w = SEMI_MAJOR_M / math.sqrt(1.0 - ECCENTRICITY_SQ * sa * sa)
    along, down = radius * math.sin(d / radius), 2.0 * radius * math.sin(0.5 * d / radius) ** 2
    e, n = along * sin_az, along * cos_az
    x = w * ca - sa * n - ca * down
    z = w * (1.0 - ECCENTRICITY_SQ) * sa + ca * n - sa * down
    p = math.hypot(x, e)
    beta = math.atan2(z, p * (1.0 - FLATTENING))
    lat = math.atan2(
        z + SECOND_ECCENTRICITY_SQ * SEMI_MINOR_M * math.sin(beta) ** 3,
        p - ECCENTRICITY_SQ * SEMI_MAJOR_M * math.cos(beta) ** 3,
    )
    return math.degrees(lat), math.degrees(lon_rad + math.atan2(e, x))


@kernel
def grid_height(values: NDArray[np.float32], row: float, col: float) -> float:
    """Bilinear height [m] at fractional row and column; 0 (sea) off the grid."""
    n_row, n_col = values.shape
    if not (-0.5 <= row <= n_row - 0.5 and -0.5 <= col <= n_col - 0.5):
        return 0.0
    row = min(max(row, 0.0), n_row - 1.000001)
    col = min(max(col, 0.0), n_col - 1.000001)
    i, j = int(row), int(col)
    i1, j1 = min(i + 1, n_row - 1), min(j + 1, n_col - 1)
    fi, fj = row - i, col - j
    north = values[i, j] + fj * (values[i, j1] - values[i, j])
    south = values[i1, j] + fj * (values[i1, j1] - values[i1, j])
    return north + fi * (south - north)


@kernel
def march_cell(
    grid: GridTuple, start: Place, end: Place, ends_m: Place, n: int, h0: float, re: float, best: float
) -> float:
    """Running maximum of the apparent tangent after ``n`` samples in (ends_m[0], ends_m[1]]."""
    values, lat0, lon0, dlat, dlon = grid
    row, col = (start[0] - lat0) / dlat, (start[1] - lon0) / dlon
    d_row, d_col = (end[0] - start[0]) / dlat / n, (end[1] - start[1]) / dlon / n
    step, inverse_re = (ends_m[1] - ends_m[0]) / n, 1.0 / re
    for i in range(1, n + 1):
        d = ends_m[0] + i * step
        h = grid_height(values, row + i * d_row, col + i * d_col)
        theta = d * inverse_re
        tangent = (h - h0) / ((re + h) * short_sin(theta)) - half_bulge_tan(theta)
        best = max(best, tangent)
    return best


@kernel
def march_row(
    out: NDArray[np.float32],
    near: GridTuple,
    far: GridTuple,
    lat_rad: float,
    lon_rad: float,
    h0: float,
    azimuth: float,
    k: float,
    radius_m: float,
    highest: float,
) -> None:
    """Fill one azimuth's row: ``out[j]`` holds the maximum up to range (j+1)·radius/n_rng.

    ``highest`` bounds the terrain [m]: once not even that height could rise above the
    maximum so far, the rest of the row is settled.
    """
    n_rng = out.shape[0]
    cell = radius_m / n_rng
    sin_az, cos_az = math.sin(azimuth), math.cos(azimuth)
    radius = local_radius(sin_az, cos_az, curvature_terms(lat_rad))
    re = k * radius
    per_leg = max(1, int(LEG_M / cell))
    best, leg_end = -math.inf, 0
    here = section_point(lat_rad, lon_rad, sin_az, cos_az, 0.0, radius)
    step = (0.0, 0.0)
    for j in range(n_rng):
        d0 = j * cell
        if j == leg_end:
            count = min(per_leg, n_rng - j)
            leg_end = j + count
            theta = max(d0, 1.0) / re
            top = (highest - h0) / ((re + highest) * short_sin(theta)) - half_bulge_tan(theta)
            if highest > h0 and top < best:
                out[j:] = best
                return
            here = section_point(lat_rad, lon_rad, sin_az, cos_az, d0, radius)
            there = section_point(lat_rad, lon_rad, sin_az, cos_az, leg_end * cell, radius)
            step = ((there[0] - here[0]) / count, (there[1] - here[1]) / count)
        nxt = (here[0] + step[0], here[1] + step[1])
        n = math.ceil(cell / min(max(STEP_PER_RANGE * d0, LEAST_STEP_M), MOST_STEP_M) - 1e-9)
        best = march_cell(near if d0 < NEAR_M else far, here, nxt, (d0, d0 + cell), n, h0, re, best)
        out[j] = best
        here = nxt


@builder
def march(
    near: GridTuple,
    far: GridTuple,
    lat_rad: float,
    lon_rad: float,
    h0: float,
    k: float,
    radius_m: float,
    n_az: int,
    n_rng: int,
) -> NDArray[np.float32]:
    """Horizon table: running maxima of the apparent tangent [1], shape (n_az, n_rng).

    Parameters
    ----------
    near, far : tuple
        Grids for the first 20 km and for the rest: values, lat0, lon0, dlat, dlon [deg].
    lat_rad, lon_rad, h0 : float
        Antenna: position [rad] and height above sea [m].
    k, radius_m : float
        Effective-earth factor [1]; outermost range [m].
    """
    table = np.empty((n_az, n_rng), np.float32)
    highest = max(np.float32(0.0), max(near[0].max(), far[0].max()))
    for i in range(n_az):
        azimuth = 2.0 * math.pi * i / n_az
        march_row(table[i], near, far, lat_rad, lon_rad, h0, azimuth, k, radius_m, highest)
    return table
