"""One model of motion, plots taken in as the radar measures them: range, azimuth, elevation, range rate.

Extended Kalman filter (Bar-Shalom, Li & Kirubarajan, 2001, §10.3). A plot's residuals in range, azimuth and elevation
and their variances are turned into the picture's frame along the predicted line of sight and across it; then Kalman's
formulas for a measured position hold as they stand. So the converted measurement differs only in whose line of sight
is taken, the plot's or the track's: where both are one, the filters are equal.
"""

from __future__ import annotations

import math

from kalkan.arrays import F8
from kalkan.earth.frames import into, out_of
from kalkan.jit import kernel
from kalkan.tracking import filtering, motion
from kalkan.tracking.tables import AirPicture

LOG_DENSITY = 1.5 * math.log(2.0 * math.pi)  # of three coordinates

@kernel
def foresee(air: AirPicture, p: int, k: int, t_s: float, n: int) -> None:
    """Write into candidate `n` where track `k` will be at `t_s` [s], and how surely."""
    table, x, q = air.table, air.candidates.x[n], air.candidates.p[n]
    for i in range(6):
        x[i] = table.x[p, k, i]
        for j in range(6):
            q[i, j] = table.p[p, k, i, j]
    motion.move(x, q, t_s - table.t_s[p, k], air.manner, 0, air.rules.ballistic_m[p])


@kernel
def place(air: AirPicture, r: int, n: int, dt_s: float, j: int) -> None:
    """Write what plot `j` of radar `r`, `dt_s` [s] later, is to candidate `n`: see :func:`measured`."""
    measured(air, r, air.candidates.x[n], dt_s, air.plots.z_m[j], air.plots.r_m2[j])


@kernel
def measured(air: AirPicture, r: int, x: F8, dt_s: float, z: F8, cov: F8) -> None:
    """Write a plot of radar `r` as a measured position into ``air.vector[0]`` and ``air.matrix[4]``.

    Parameters
    ----------
    x : array (6,)
        Predicted state [m, m/s], `dt_s` [s] before the plot.
    z, cov : array (3,), (3, 3)
        The plot [m, m2].
    """
    if air.manner.polar[0]:
        beside(air, r, x[0] + dt_s * x[3], x[1] + dt_s * x[4], x[2] + dt_s * x[5], z, cov)
        return
    out, spread = air.vector[0], air.matrix[4]
    for i in range(3):
        out[i] = z[i]
        for j in range(3):
            spread[i, j] = cov[i, j]


@kernel
def beside(air: AirPicture, r: int, x: float, y: float, z: float, plot: F8, cov: F8) -> None:
    """Write the plot as a position beside the predicted one (x, y, z) [m], its axes along that line of sight."""
    m, o = air.radars.to_picture, air.radars.offset_m
    e, n, u = out_of(m, r, x - o[r, 0], y - o[r, 1], z - o[r, 2])
    ez, nz, uz = out_of(m, r, plot[0] - o[r, 0], plot[1] - o[r, 1], plot[2] - o[r, 2])
    g, gz = max(math.sqrt(e * e + n * n), 1.0), max(math.sqrt(ez * ez + nz * nz), 1.0)
    d, dz = max(math.sqrt(g * g + u * u), 1.0), max(math.sqrt(gz * gz + uz * uz), 1.0)
    azimuth = _angle(ez * n - nz * e, ez * e + nz * n)
    elevation = _angle(uz * g - gz * u, gz * g + uz * u)
    lx, ly, lz = into(m, r, ez / dz, nz / dz, uz / dz)
    ax, ay, az = into(m, r, nz / gz, -ez / gz, 0.0)
    bx, by, bz = into(m, r, -uz * ez / (gz * dz), -uz * nz / (gz * dz), gz / dz)
    v_l = _along(cov, lx, ly, lz)
    v_a, v_b = _along(cov, ax, ay, az) * (g / gz) ** 2, _along(cov, bx, by, bz) * (d / dz) ** 2
    lx, ly, lz = into(m, r, e / d, n / d, u / d)
    ax, ay, az = into(m, r, n / g, -e / g, 0.0)
    bx, by, bz = into(m, r, -u * e / (g * d), -u * n / (g * d), g / d)
    f, h, w = dz - d, g * azimuth, d * elevation
    out, spread = air.vector[0], air.matrix[4]
    out[0] = x + f * lx + h * ax + w * bx
    out[1] = y + f * ly + h * ay + w * by
    out[2] = z + f * lz + h * az + w * bz
    spread[0, 0] = v_l * lx * lx + v_a * ax * ax + v_b * bx * bx
    spread[0, 1] = v_l * lx * ly + v_a * ax * ay + v_b * bx * by
    spread[0, 2] = v_l * lx * lz + v_a * ax * az + v_b * bx * bz
    spread[1, 1] = v_l * ly * ly + v_a * ay * ay + v_b * by * by
    spread[1, 2] = v_l * ly * lz + v_a * ay * az + v_b * by * bz
    spread[2, 2] = v_l * lz * lz + v_a * az * az + v_b * bz * bz
    spread[1, 0], spread[2, 0], spread[2, 1] = spread[0, 1], spread[0, 2], spread[1, 2]


@kernel
def _angle(sine: float, cosine: float) -> float:
    """Angle [rad] of a vector; a small one by its series, to 1e-13."""
    if cosine > 0.0 and abs(sine) < 0.05 * cosine:
        t = sine / cosine
        t2 = t * t
        return t * (1.0 - t2 * (1.0 / 3.0 - t2 * (0.2 - t2 * (1.0 / 7.0 - t2 / 9.0))))
    return math.atan2(sine, cosine)


@kernel
def _along(cov: F8, x: float, y: float, z: float) -> float:
    """Variance [m2] along a unit vector."""
    return (
        cov[0, 0] * x * x + cov[1, 1] * y * y + cov[2, 2] * z * z
        + 2.0 * (cov[0, 1] * x * y + cov[0, 2] * x * z + cov[1, 2] * y * z)
    )  # fmt: skip


@kernel
def take_rate(air: AirPicture, r: int, x: F8, q: F8, before: F8, j: int) -> float:
    """Take the range rate of plot `j` into a state after its position; its squared normalised residual [1].

    In the radar's own space the rate depends on the place too, as it does at the state `before` (6,) the plot: so the
    four coordinates are one update of an extended Kalman filter. Beside a converted position it is taken along the
    plot's line of sight (first order).
    """
    plots, o, h, gain = air.plots, air.radars.offset_m, air.vector[2], air.gain
    if plots.rate_m2_s2[j] == math.inf:
        return 0.0
    z, polar = plots.z_m, air.manner.polar[0]
    sx = (before[0] if polar else z[j, 0]) - o[r, 0]
    sy = (before[1] if polar else z[j, 1]) - o[r, 1]
    sz = (before[2] if polar else z[j, 2]) - o[r, 2]
    k, n = 1.0 / math.sqrt(sx * sx + sy * sy + sz * sz), x.size
    h[3], h[4], h[5], h[6] = k * sx, k * sy, k * sz, 0.0
    told = h[3] * before[3] + h[4] * before[4] + h[5] * before[5]
    residual, spread = plots.rate_m_s[j] - told, plots.rate_m2_s2[j]
    for i in range(3):
        h[i] = k * (before[i + 3] - told * h[i + 3]) if polar else 0.0
    for i in range(n):
        gain[i] = 0.0
        for m in range(6):
            gain[i] += q[i, m] * h[m]
    for i in range(6):
        residual -= h[i] * (x[i] - before[i])
        spread += h[i] * gain[i]
    for i in range(n):
        x[i] += gain[i] / spread * residual
        for m in range(i, n):
            q[i, m] -= gain[i] * gain[m] / spread
            q[m, i] = q[i, m]
    return residual * residual / spread


@kernel
def absorb(air: AirPicture, r: int, p: int, k: int, j: int) -> float:
    """Take plot `j` of radar `r` into track `k`; the plot's squared Mahalanobis distance [1]."""
    table, plots = air.table, air.plots
    x, q = table.x[p, k], table.p[p, k]
    motion.move(x, q, plots.t_s[j] - table.t_s[p, k], air.manner, 0, air.rules.ballistic_m[p])
    d2, log_det = correct(air, r, x, q, j)
    credit(air, r, p, k, -0.5 * (d2 + log_det) - LOG_DENSITY, j)
    return d2


@kernel
def correct(air: AirPicture, r: int, x: F8, q: F8, j: int) -> tuple[float, float]:
    """Update a predicted state with plot `j`; its squared distance [1] and ln of the determinant of its covariance."""
    plots, before = air.plots, air.vector[1]
    for i in range(6):
        before[i] = x[i]
    measured(air, r, x, 0.0, plots.z_m[j], plots.r_m2[j])
    d2, det = filtering.distance(x, q, air.vector[0], air.matrix[4], 0.0, math.inf, air.matrix)
    if x.size == 7:
        _turn_rate(x, q, air.vector[0], air.matrix[1])
    filtering.update(x, q, air.vector[0], air.matrix[4], air.matrix)
    d2 += take_rate(air, r, x, q, before, j)
    return d2, math.log(det) if air.manner.scored[0] or air.manner.n_modes[0] > 1 else 0.0


@kernel
def _turn_rate(x: F8, q: F8, z: F8, inverse: F8) -> None:
    """Update the seventh element with a position, before the six others; the residual's inverse covariance [1/m2]."""
    a0, a1, a2 = q[6, 0], q[6, 1], q[6, 2]
    g0 = a0 * inverse[0, 0] + a1 * inverse[1, 0] + a2 * inverse[2, 0]
    g1 = a0 * inverse[0, 1] + a1 * inverse[1, 1] + a2 * inverse[2, 1]
    g2 = a0 * inverse[0, 2] + a1 * inverse[1, 2] + a2 * inverse[2, 2]
    x[6] += g0 * (z[0] - x[0]) + g1 * (z[1] - x[1]) + g2 * (z[2] - x[2])
    q[6, 6] -= g0 * a0 + g1 * a1 + g2 * a2
    for j in range(6):
        q[6, j] -= g0 * q[0, j] + g1 * q[1, j] + g2 * q[2, j]
        q[j, 6] = q[6, j]


@kernel
def credit(air: AirPicture, r: int, p: int, k: int, log_likelihood: float, j: int) -> None:
    """Add a hit to the track's score: how much likelier the plot is of the object than false [1].

    The score of Blackman & Popoli, "Design and Analysis of Modern Tracking Systems", 1999, §6.2.

    Parameters
    ----------
    log_likelihood : float
        ln of the density of the plot's residual [1/m3].
    """
    if not air.manner.scored[0]:
        return
    o, z = air.radars.offset_m, air.plots.z_m[j]
    e, n, u = out_of(air.radars.to_picture, r, z[0] - o[r, 0], z[1] - o[r, 1], z[2] - o[r, 2])
    g2 = max(e * e + n * n, 1.0)
    log_volume = 0.5 * (math.log(g2 + u * u) + math.log(g2))  # of 1 m by 1 rad by 1 rad there
    air.bank.score[p, k] += air.manner.log_p_d[0] + log_likelihood - air.log_false[r] + log_volume


@kernel
def open(air: AirPicture, p: int, k: int) -> None:
    """Make what is known of a track that has just begun with one plot: how fast it climbs."""
    up = air.manner.speed_up_sigma_m_s[0]
    air.table.p[p, k, 5, 5] = up * up
    air.bank.score[p, k], air.bank.n_looks[p, k], air.bank.n_hits[p, k] = 0.0, 0, 0
