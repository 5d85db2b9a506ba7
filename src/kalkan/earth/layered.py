"""Horizon tables through layers of air: a fan of bent rays, laid over the terrain.

In layered air no single k says how high the ray of an apparent tangent is. A fan of rays leaves the
antenna and is followed from column to column, in each by the gradient at the height where it is: by how much
each is above the ray of the same tangent over the reference earth is its *lift*. The march of
:mod:`kalkan.earth.rays` then goes over the terrain as if it lay lower by the lift of the lowest ray that is
clear so far. What is kept of that ray is not its own tangent but that of the place where it is, over the reference
earth: the table holds the right floor for whoever looks it up with the reference k, and nothing else needs to know.

kalkan's own simplifications: layers follow the sea and are the same everywhere; rays are followed along the
meridian and across it, and the lift is linear in the earth's curvature between. The step of one column (250 m)
errs by millimetres where a ray changes its layer; between two rays of the fan the lift is linear, which errs by
decimetres at 100 km.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from kalkan.earth.rays import LEG_M, LEG_SHARE, NEAR_M, ClutterTuple, GridTuple, march_column, section_point
from kalkan.earth.refraction import apparent_tan, curvature_terms, height_at_tan, local_radius, short_sin
from kalkan.jit import builder, kernel

N_RAYS, LEVEL, SCALE, RAYS_PER_UNIT = 6001, 2300, 0.02, 970.0  # steeper rays are lifted as the steepest of the fan
STRAIGHT = 1e-12  # a ray along the earth is followed as over an earth of this curvature [1/m]

F8 = NDArray[np.float64]
Fan = tuple[NDArray[np.float32], float]  # lift [m], (2, ray, column) at the columns' ends; share of the second


@kernel
def tangent_of(m: int) -> float:
    """Apparent tangent [1] at which ray `m` leaves: from -0.1 to 0.45, level ones 2e-5 apart, steep ones farther."""
    return SCALE * math.sinh((m - LEVEL) / RAYS_PER_UNIT)


@kernel
def place_of(tan: float) -> float:
    """Where in the fan a ray of an apparent tangent is: the inverse of :func:`tangent_of`, within the fan."""
    return min(max(LEVEL + RAYS_PER_UNIT * math.asinh(max(tan, -1.0) / SCALE), 0.0), N_RAYS - 1.0)


@kernel
def curvature_at(h: float, from_m: F8, index_per_m: F8, radius: float) -> float:
    """Curvature of the earth under a straight ray [1/m] at a height: 1/R + dn/dh."""
    i = 0
    while i + 1 < from_m.size and h >= from_m[i + 1]:
        i += 1
    bend = 1.0 / radius + index_per_m[i]
    return bend if abs(bend) > STRAIGHT else STRAIGHT


@builder
def lifts(
    h0: float, from_m: F8, index_per_m: F8, k: float, lat_rad: float, radius_m: float, n_rng: int
) -> NDArray[np.float32]:
    """Lift [m] of every ray at the end of every column, shape (2, N_RAYS, n_rng): along the meridian and across it.

    Parameters
    ----------
    h0 : float
        Antenna above sea level [m].
    from_m, index_per_m : ndarray
        Where each layer begins [m above sea level], and its change of refractive index [1/m].
    k, lat_rad : float
        The reference earth's factor [1] and the antenna's latitude [rad].
    radius_m : float
        Range [m] of the last column's end.
    """
    out = np.empty((2, N_RAYS, n_rng), np.float32)
    cell, terms = radius_m / n_rng, curvature_terms(lat_rad)
    for way in range(2):
        radius = 1.0 / terms[way]
        for m in range(N_RAYS):
            tan = tangent_of(m)
            h, slope = h0, math.atan(tan)
            for j in range(n_rng):
                rise = math.tan(slope)
                bend = curvature_at(h + 0.5 * cell * rise, from_m, index_per_m, radius)
                h = height_at_tan(cell, rise, h, 1.0 / bend)
                slope += cell * bend
                out[way, m, j] = h - height_at_tan((j + 1) * cell, tan, h0, k * radius)
    return out


@kernel
def lift_of(fan: Fan, tan: float, j: int) -> float:
    """Lift [m] of the ray of an apparent tangent at the end of column `j`; 0 at the antenna (j = -1)."""
    if j < 0:
        return 0.0
    x = place_of(tan)
    m = min(int(x), N_RAYS - 2)
    lift, across = fan
    one = lift[0, m, j] + (x - m) * (lift[0, m + 1, j] - lift[0, m, j])
    other = lift[1, m, j] + (x - m) * (lift[1, m + 1, j] - lift[1, m, j])
    return one + across * (other - one)


@kernel
def ray_height(fan: Fan, tan: float, j: int, d: float, h0: float, re: float) -> float:
    """Height [m] of the ray of an apparent tangent at the end of column `j`, d [m] away; that of -inf is -inf."""
    if tan == -math.inf:
        return tan
    return height_at_tan(d, tan, h0, re) + lift_of(fan, tan, j)


@kernel
def ray_over(fan: Fan, tan: float, j: int, d: float, h: float, h0: float, re: float) -> float:
    """Lowest tangent [1] from `tan` up whose ray is at height h [m] or above at the end of column `j`."""
    low, low_h = tan, ray_height(fan, tan, j, d, h0, re)
    if low_h >= h:
        return tan
    first = int(place_of(tan)) + 1 if tan > tangent_of(0) else 0
    for m in range(first, N_RAYS):
        high = tangent_of(m)
        high_h = ray_height(fan, high, j, d, h0, re)
        if high_h >= h:
            if m == 0:
                return apparent_tan(d, h - lift_of(fan, high, j), h0, re)
            return low + (h - low_h) / (high_h - low_h) * (high - low)
        low, low_h = high, high_h
    return apparent_tan(d, h - lift_of(fan, low, j), h0, re)


@kernel
def clear_over(
    grid: GridTuple, start: tuple[float, float], end: tuple[float, float], clutter: ClutterTuple, fan: Fan,
    j: int, cell: float, h0: float, re: float, tan: float,
) -> float:  # fmt: skip
    """Tangent [1] of the lowest ray that is clear after column `j`, of those not below `tan`.

    Within the column the lift is linear in the range, which is another antenna's height and a turn of all tangents.
    """
    ends = (j * cell, (j + 1) * cell)
    across = (re * short_sin(ends[0] / re), re * short_sin(ends[1] / re))
    lift = (lift_of(fan, tan, j - 1), lift_of(fan, tan, j))
    turn = (lift[1] - lift[0]) / (across[1] - across[0])
    raised = lift[1] - turn * across[1]
    best = march_column(grid, start, end, ends, clutter, h0 + raised, re, tan + turn) - turn
    if best <= tan or best > 1.0:
        return max(best, tan)
    return ray_over(fan, tan, j, ends[1], height_at_tan(ends[1], best, h0, re) + lift[1], h0, re)


@kernel
def layered_row(
    out: NDArray[np.float32], near: GridTuple, far: GridTuple, clutter: ClutterTuple, lat_rad: float, lon_rad: float,
    h0: float, azimuth: float, k: float, radius_m: float, highest: float, lift: NDArray[np.float32],
) -> None:  # fmt: skip
    """Fill one azimuth's row as :func:`kalkan.earth.rays.march_row`, through the layers of a fan."""
    n_rng = out.shape[0]
    cell = radius_m / n_rng
    sin_az, cos_az = math.sin(azimuth), math.cos(azimuth)
    radius = local_radius(sin_az, cos_az, curvature_terms(lat_rad))
    re, fan = k * radius, (lift, sin_az * sin_az)  # Euler: the share of the curvature across the meridian
    tan, height, leg_end = -math.inf, -math.inf, 0
    here = section_point(lat_rad, lon_rad, sin_az, cos_az, 0.0, radius)
    step = (0.0, 0.0)
    for j in range(n_rng):
        d0, d1 = j * cell, (j + 1) * cell
        if j == leg_end:
            count = min(max(1, int(min(LEG_M, LEG_SHARE * d0) / cell)), n_rng - j)
            leg_end = j + count
            here = section_point(lat_rad, lon_rad, sin_az, cos_az, d0, radius)
            there = section_point(lat_rad, lon_rad, sin_az, cos_az, leg_end * cell, radius)
            step = ((there[0] - here[0]) / count, (there[1] - here[1]) / count)
        nxt = (here[0] + step[0], here[1] + step[1])
        before, height = height, ray_height(fan, tan, j, d1, h0, re)
        if min(before, height) <= highest:
            tan = clear_over(near if d0 < NEAR_M else far, here, nxt, clutter, fan, j, cell, h0, re, tan)
            height = ray_height(fan, tan, j, d1, h0, re)
        out[j] = apparent_tan(d1, height, h0, re)
        here = nxt


@builder
def march_layered(
    near: GridTuple, far: GridTuple, clutter: ClutterTuple, lat_rad: float, lon_rad: float, h0: float, k: float,
    radius_m: float, n_az: int, n_rng: int, lift: NDArray[np.float32],
) -> NDArray[np.float32]:  # fmt: skip
    """Horizon table (n_az, n_rng): tangents [1] over the reference earth of the lowest places in sight.

    Parameters as :func:`kalkan.earth.rays.march`, and `lift` of :func:`lifts` with the same columns.
    """
    table = np.empty((n_az, n_rng), np.float32)
    highest = max(0.0, near[0].max(), far[0].max()) + clutter[0]
    for i in range(n_az):
        azimuth = 2.0 * math.pi * i / n_az
        layered_row(table[i], near, far, clutter, lat_rad, lon_rad, h0, azimuth, k, radius_m, highest, lift)
    return table
