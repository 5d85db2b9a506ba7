"""Polar measurements as positions of the picture, with their covariance (converted measurements, first order)."""

from __future__ import annotations

import math

from kalkan.arrays import F8, Struct
from kalkan.earth.frames import into
from kalkan.jit import kernel


@kernel
def to_picture(radars: Struct, r: int, east: float, north: float, up: float, z: F8) -> None:
    """Local position [m] of radar `r` → its picture's frame [m]."""
    o = radars.offset_m
    z[0], z[1], z[2] = into(radars.to_picture, r, east, north, up, o[r, 0], o[r, 1], o[r, 2])


@kernel
def covariance(
    radars: Struct, r: int, e: float, n: float, u: float, s_r: float, s_a: float, s_e: float, cov: F8
) -> None:
    """Covariance [m2] of a polar measurement, first order, in the picture's frame."""
    ground2 = e * e + n * n
    ground = max(math.sqrt(ground2), 1.0)
    slant = max(math.sqrt(ground2 + u * u), 1.0)
    m = radars.to_picture
    v_r, v_a, v_e = s_r * s_r, (ground * s_a) ** 2, (slant * s_e) ** 2
    re, rn, ru = e / slant, n / slant, u / slant
    ae, an = n / ground, -e / ground
    ee, en, eu = -ru * e / ground, -ru * n / ground, ground / slant
    for i in range(3):
        a = m[r, i, 0] * re + m[r, i, 1] * rn + m[r, i, 2] * ru
        b = m[r, i, 0] * ae + m[r, i, 1] * an
        c = m[r, i, 0] * ee + m[r, i, 1] * en + m[r, i, 2] * eu
        for j in range(i + 1):
            a2 = m[r, j, 0] * re + m[r, j, 1] * rn + m[r, j, 2] * ru
            b2 = m[r, j, 0] * ae + m[r, j, 1] * an
            c2 = m[r, j, 0] * ee + m[r, j, 1] * en + m[r, j, 2] * eu
            cov[i, j] = v_r * a * a2 + v_a * b * b2 + v_e * c * c2
            cov[j, i] = cov[i, j]
