"""The march that builds a horizon table: along every azimuth, the highest terrain so far.

No crest is missed: the march goes from cell edge to cell edge of the grid. Between two edges the
bilinear surface under a straight line is a parabola, of which both ends and the highest apparent
tangent in between are taken exactly. Sampling at fixed steps cuts the crests that lie between samples.
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
LEG_M = 5_000.0  # at most, between exact positions; linear in between errs by < 0.5 m up to 60° latitude
LEG_SHARE = 0.05  # and at most this share of the range: half a metre aside next to the site moves far floors

PlaceTuple = tuple[float, float]
ClutterTuple = tuple[float, float]  # height and radius of the clearing [m]
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
def first_crossing(x: float, dx: float) -> tuple[float, float]:
    """Share of a stretch from x to x + dx at which it meets a whole number, and from one to the next."""
    if dx > 0.0:
        return (math.floor(x) + 1.0 - x) / dx, 1.0 / dx
    if dx < 0.0:
        return (math.ceil(x) - 1.0 - x) / dx, -1.0 / dx
    return math.inf, math.inf


@kernel
def parabola(
    values: NDArray[np.float32], row: float, col: float, d_row: float, d_col: float
) -> tuple[float, float, float]:
    """Heights [m] along a piece of one cell: q0 + q1·w + q2·w², w from 0 to 1; sea off the grid.

    The cell is the one that holds the middle. The outer half of an edge cell has the height of its centre
    line; the grid's rim is met to half a cell.
    """
    n_row, n_col = values.shape
    mid_row, mid_col = row + 0.5 * d_row, col + 0.5 * d_col
    if not (-0.5 <= mid_row <= n_row - 0.5 and -0.5 <= mid_col <= n_col - 0.5):
        return 0.0, 0.0, 0.0
    i, j = max(int(mid_row), 0), max(int(mid_col), 0)
    i1 = min(i + 1, n_row - 1) if mid_row > 0.0 else i
    j1 = min(j + 1, n_col - 1) if mid_col > 0.0 else j
    corner = np.float64(values[i, j])
    east, south = values[i, j1] - corner, values[i1, j] - corner
    twist = values[i1, j1] - corner - east - south
    fi, fj = row - i, col - j
    q1 = d_col * east + d_row * south + twist * (fi * d_col + fj * d_row)
    return corner + fj * east + fi * south + fi * fj * twist, q1, twist * d_row * d_col


@kernel
def tangent_at(d: float, h: float, h0: float, re: float) -> float:
    """Apparent tangent [1] of height h at range d > 0, as :func:`kalkan.earth.refraction.apparent_tan`."""
    theta = d / re
    return (h - h0) / ((re + h) * short_sin(theta)) - half_bulge_tan(theta)


@kernel
def highest_tangent(q: tuple[float, float, float], s0: float, s1: float, h0: float, re: float) -> float:
    """Highest apparent tangent [1] over one parabola of heights between ranges s0 and s1 [m].

    With heights ``p0 + p1·s + p2·s²`` the tangent is ``(p0 - h0)/s + p1 + (p2 - 1/2re)·s`` to second
    order, so that a crest between the ends lies at ``s² = (p0 - h0)/(p2 - 1/2re)``, both negative.
    """
    best = tangent_at(s1, q[0] + q[1] + q[2], h0, re)
    if s0 > 0.0:
        best = max(best, tangent_at(s0, q[0], h0, re))
    length = s1 - s0
    w0 = -s0 / length
    offset = q[0] + w0 * (q[1] + w0 * q[2]) - h0
    bend = q[2] / (length * length) - 0.5 / re
    if offset < 0.0 and bend < 0.0 and s0 * s0 * bend > offset > s1 * s1 * bend:
        s = math.sqrt(offset / bend)
        w = (s - s0) / length
        best = max(best, tangent_at(s, q[0] + w * (q[1] + w * q[2]), h0, re))
    return best


@kernel
def march_column(
    grid: GridTuple, start: PlaceTuple, end: PlaceTuple, ends_m: PlaceTuple, clutter: ClutterTuple,
    h0: float, re: float, best: float,
) -> float:  # fmt: skip
    """Running maximum of the apparent tangent after the stretch from ends_m[0] to ends_m[1]."""
    values, lat0, lon0, dlat, dlon = grid
    row, col = (start[0] - lat0) / dlat, (start[1] - lon0) / dlon
    d_row, d_col = (end[0] - start[0]) / dlat, (end[1] - start[1]) / dlon
    length = ends_m[1] - ends_m[0]
    cleared = (clutter[1] - ends_m[0]) / length if clutter[0] > 0.0 else math.inf
    u_row, step_row = first_crossing(row, d_row)
    u_col, step_col = first_crossing(col, d_col)
    u = 0.0
    while u < 1.0:
        v = min(u_row, u_col, 1.0)
        if u < cleared < v:
            v = cleared
        if v > u:
            q = parabola(values, row + u * d_row, col + u * d_col, (v - u) * d_row, (v - u) * d_col)
            if u >= cleared and q[0] + 0.5 * q[1] + 0.25 * q[2] > 0.0:
                q = (q[0] + clutter[0], q[1], q[2])
            best = max(best, highest_tangent(q, ends_m[0] + u * length, ends_m[0] + v * length, h0, re))
        u_row = u_row + step_row if u_row <= v else u_row
        u_col = u_col + step_col if u_col <= v else u_col
        u = v
    return best


@kernel
def march_row(
    out: NDArray[np.float32],
    near: GridTuple,
    far: GridTuple,
    clutter: ClutterTuple,
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
    best, leg_end = -math.inf, 0
    here = section_point(lat_rad, lon_rad, sin_az, cos_az, 0.0, radius)
    step = (0.0, 0.0)
    for j in range(n_rng):
        d0 = j * cell
        if j == leg_end:
            count = min(max(1, int(min(LEG_M, LEG_SHARE * d0) / cell)), n_rng - j)
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
        best = march_column(near if d0 < NEAR_M else far, here, nxt, (d0, d0 + cell), clutter, h0, re, best)
        out[j] = best
        here = nxt


@builder
def march(
    near: GridTuple,
    far: GridTuple,
    clutter: ClutterTuple,
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
    clutter : tuple
        Height that trees and buildings add to land, and radius around the antenna without them [m].
    lat_rad, lon_rad, h0 : float
        Antenna: position [rad] and height above sea [m].
    k, radius_m : float
        Effective-earth factor [1]; outermost range [m].
    """
    table = np.empty((n_az, n_rng), np.float32)
    highest = max(0.0, near[0].max(), far[0].max()) + clutter[0]
    for i in range(n_az):
        azimuth = 2.0 * math.pi * i / n_az
        march_row(table[i], near, far, clutter, lat_rad, lon_rad, h0, azimuth, k, radius_m, highest)
    return table
