"""Kalman filter: nearly constant velocity in three dimensions, position measured.

State x = (position [m], velocity [m/s]) in a post's east-north-up frame, covariance P (6 × 6).
Manoeuvre noise is a piecewise-constant white acceleration, so that the steady-state gains
equal Kalata's (doi:10.1109/TAES.1984.310438). Bar-Shalom, Li & Kirubarajan, "Estimation with
Applications to Tracking and Navigation", 2001, §5.2 and §6.3.2.
"""

from __future__ import annotations

import math
from typing import Any

from kalkan.arrays import F8
from kalkan.jit import kernel


@kernel
def predict(x: F8, p: F8, dt_s: float, noise_m_s2: float) -> None:
    """Move a state and its covariance by dt [s], in place (dt may be slightly negative)."""
    for i in range(3):
        x[i] += dt_s * x[i + 3]
    for i in range(3):
        for j in range(i, 3):
            c = p[i, j] + dt_s * (p[i, j + 3] + p[j, i + 3]) + dt_s * dt_s * p[i + 3, j + 3]
            p[i, j] = c
            p[j, i] = c
    for i in range(3):
        for j in range(3):
            c = p[i, j + 3] + dt_s * p[i + 3, j + 3]
            p[i, j + 3] = c
            p[j + 3, i] = c
    a = noise_m_s2 * noise_m_s2
    q = a * dt_s * dt_s
    for i in range(3):
        p[i, i] += 0.25 * q * dt_s * dt_s
        p[i, i + 3] += 0.5 * q * dt_s
        p[i + 3, i] = p[i, i + 3]
        p[i + 3, i + 3] += q


@kernel
def moved(models: Any, x: F8, p: F8, dt_s: float, noise_m_s2: float) -> None:
    """Predict with the filter of `models`; the usual one is called directly, so that it can be inlined."""
    if models.usual_filter:
        predict(x, p, dt_s, noise_m_s2)
    else:
        models.predict(x, p, dt_s, noise_m_s2)


@kernel
def updated(models: Any, x: F8, p: F8, z: F8, r: F8, scratch: F8) -> None:
    """Update with the filter of `models`; see :func:`moved`."""
    if models.usual_filter:
        update(x, p, z, r, scratch)
    else:
        models.update(x, p, z, r, scratch)


@kernel
def invert(s: F8, out: F8) -> float:
    """Inverse of a symmetric positive 3 × 3 matrix; returns the determinant."""
    a, b, c = s[0, 0], s[0, 1], s[0, 2]
    d, e, f = s[1, 1], s[1, 2], s[2, 2]
    c00, c01, c02 = d * f - e * e, c * e - b * f, b * e - c * d
    det = a * c00 + b * c01 + c * c02
    k = 1.0 / det
    out[0, 0] = c00 * k
    out[0, 1] = c01 * k
    out[0, 2] = c02 * k
    out[1, 0] = out[0, 1]
    out[1, 1] = (a * f - c * c) * k
    out[1, 2] = (b * c - a * e) * k
    out[2, 0] = out[0, 2]
    out[2, 1] = out[1, 2]
    out[2, 2] = (a * d - b * b) * k
    return det


@kernel
def distance(x: F8, p: F8, z: F8, r: F8, dt_s: float, gate: float, scratch: F8) -> tuple[float, float]:
    """Squared Mahalanobis distance of a measurement and det S; (inf, 0) outside the gate.

    Parameters
    ----------
    x, p : array (6,), (6, 6)
        Predicted state.
    z, r : array (3,), (3, 3)
        Measured position [m], covariance [m2].
    dt_s : float
        Measurement's time minus the state's [s]; small: only the position is moved by it.
    gate : float
        Largest squared distance.
    scratch : array (4, 3, 3)
    """
    s, inv = scratch[0], scratch[1]
    d0 = z[0] - x[0] - dt_s * x[3]
    d1 = z[1] - x[1] - dt_s * x[4]
    d2 = z[2] - x[2] - dt_s * x[5]
    for i in range(3):
        for j in range(3):
            s[i, j] = p[i, j] + r[i, j]
    det = invert(s, inv)
    m = (
        d0 * (inv[0, 0] * d0 + 2.0 * (inv[0, 1] * d1 + inv[0, 2] * d2))
        + d1 * (inv[1, 1] * d1 + 2.0 * inv[1, 2] * d2)
        + d2 * d2 * inv[2, 2]
    )
    if m > gate:
        return math.inf, 0.0
    return m, det


@kernel
def update(x: F8, p: F8, z: F8, r: F8, scratch: F8) -> None:
    """Take in a measured position z [m] with covariance r [m2], in place."""
    s, inv, a, b = scratch[0], scratch[1], scratch[2], scratch[3]
    for i in range(3):
        for j in range(3):
            s[i, j] = p[i, j] + r[i, j]
    invert(s, inv)
    for i in range(3):
        for j in range(3):
            a[i, j] = p[i, 0] * inv[0, j] + p[i, 1] * inv[1, j] + p[i, 2] * inv[2, j]
            b[i, j] = p[i + 3, 0] * inv[0, j] + p[i + 3, 1] * inv[1, j] + p[i + 3, 2] * inv[2, j]
    d0, d1, d2 = z[0] - x[0], z[1] - x[1], z[2] - x[2]
    for i in range(3):
        x[i] += a[i, 0] * d0 + a[i, 1] * d1 + a[i, 2] * d2
        x[i + 3] += b[i, 0] * d0 + b[i, 1] * d1 + b[i, 2] * d2
    for i in range(3):  # velocity block first: it needs the old cross terms
        for j in range(i, 3):
            c = p[i + 3, j + 3] - (b[i, 0] * p[0, j + 3] + b[i, 1] * p[1, j + 3] + b[i, 2] * p[2, j + 3])
            p[i + 3, j + 3] = c
            p[j + 3, i + 3] = c
    for j in range(3):  # cross block, column by column: each reads only its own old column
        q0, q1, q2 = p[0, j + 3], p[1, j + 3], p[2, j + 3]
        for i in range(3):
            c = p[i, j + 3] - (a[i, 0] * q0 + a[i, 1] * q1 + a[i, 2] * q2)
            p[i, j + 3] = c
            p[j + 3, i] = c
    for i in range(3):  # position block: P - A P = A R, symmetric
        for j in range(3):
            s[i, j] = a[i, 0] * r[0, j] + a[i, 1] * r[1, j] + a[i, 2] * r[2, j]
    for i in range(3):
        for j in range(i, 3):
            c = 0.5 * (s[i, j] + s[j, i])
            p[i, j] = c
            p[j, i] = c


@kernel
def rate_residual(
    x: F8, p: F8, px: float, py: float, pz: float, rate_m_s: float, rate_m2_s2: float
) -> tuple[float, float, float, float, float]:
    """Innovation of a measured range rate.

    Parameters
    ----------
    x, p : array (6,), (6, 6)
        Predicted state.
    px, py, pz : float
        Line of sight from the radar [m]: the measured place less the antenna's.
    rate_m_s, rate_m2_s2 : float
        Range rate [m/s] and its variance [m2/s2].

    Returns
    -------
    residual_m_s, variance_m2_s2, lx, ly, lz
        Measured less predicted rate [m/s], its variance by the velocity's covariance, unit line of sight.
        That the line of sight itself is known only within the plot's error is left out (first order).
    """
    k = 1.0 / math.sqrt(px * px + py * py + pz * pz)
    lx, ly, lz = k * px, k * py, k * pz
    v = (
        lx * (p[3, 3] * lx + 2.0 * (p[3, 4] * ly + p[3, 5] * lz)) + ly * (p[4, 4] * ly + 2.0 * p[4, 5] * lz)
        + p[5, 5] * lz * lz
    )
    return rate_m_s - (lx * x[3] + ly * x[4] + lz * x[5]), v + rate_m2_s2, lx, ly, lz


@kernel
def update_rate(x: F8, p: F8, px: float, py: float, pz: float, rate_m_s: float, rate_m2_s2: float, gain: F8) -> None:
    """Take in a measured range rate, in place; parameters as of `rate_residual`, `gain` (6,) is scratch."""
    residual, variance, lx, ly, lz = rate_residual(x, p, px, py, pz, rate_m_s, rate_m2_s2)
    for i in range(6):
        gain[i] = (p[i, 3] * lx + p[i, 4] * ly + p[i, 5] * lz) / variance
    for i in range(6):
        x[i] += gain[i] * residual
        for j in range(i, 6):
            c = p[i, j] - gain[i] * gain[j] * variance
            p[i, j] = c
            p[j, i] = c


@kernel
def begin(x: F8, p: F8, z: F8, r: F8, speed_sigma_m_s: float) -> None:
    """One-point initiation: position from the plot, velocity zero with a wide sigma [m/s]."""
    for i in range(3):
        x[i] = z[i]
        x[i + 3] = 0.0
        for j in range(3):
            p[i, j] = r[i, j]
            p[i, j + 3] = 0.0
            p[i + 3, j] = 0.0
            p[i + 3, j + 3] = 0.0
        p[i + 3, i + 3] = speed_sigma_m_s * speed_sigma_m_s
