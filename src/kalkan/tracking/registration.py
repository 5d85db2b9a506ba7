"""Registration: biases of radars in range and azimuth, from objects that two of them see.

A radar that stands or points a little otherwise than it believes shifts all its plots. Of one object at one time two
radars' plots, each taken to a common frame, differ by the radars' biases and by noise alone; many such differences give
the biases by weighted least squares, linearised anew at each step (Gauss–Newton). Fischer, Muehe & Cameron,
"Registration errors in a netted air surveillance system", MIT Lincoln Laboratory TN 1980-40; Dana, "Registration: a
prerequisite for multiple sensor tracking", in Bar-Shalom (ed.), "Multitarget-Multisensor Tracking: Advanced
Applications", 1990, ch. 5.

Where only offsets of whole tracks are known, such as those of somebody else's picture, :func:`learn_offset` takes in
one after the other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kalkan.arrays import F8, I8
from kalkan.errors import KalkanError
from kalkan.jit import kernel

if TYPE_CHECKING:
    import xarray as xr

_STEPS = 20  # of Gauss and Newton; three or four are enough
_SETTLED = 1e-6  # a step of so much less than the errors of the estimate ends the search [1]
_BLIND = 1e-5  # noise alone feigns so much information where there is none [1]


class PairedRadar(NamedTuple):
    """One radar, as far as registration needs to know it.

    Attributes
    ----------
    position_m : array (3,)
        Its antenna in the common east-north-up frame [m].
    range_sigma_m, azimuth_sigma_rad, elevation_sigma_rad : float
        1-sigma noise of its plots [m, rad, rad].
    axes : array (3, 3), optional
        Its own east, north and up as rows, in the common frame [1]; default: those of the frame.
    """

    position_m: F8
    range_sigma_m: float
    azimuth_sigma_rad: float
    elevation_sigma_rad: float
    axes: F8 | None = None


class Pairs(NamedTuple):
    """Plots of one object at one time by two radars, each plot in one pair only.

    Attributes
    ----------
    radar : int array (n, 2)
        Which two radars.
    plot : array (n, 2, 3)
        Range [m], azimuth (compass, clockwise from north) [rad] and elevation [rad] of each.
    """

    radar: I8
    plot: F8


def registration(
    pairs: Pairs, sensors: Sequence[PairedRadar], *, prior: tuple[float, float] = (math.inf, math.inf)
) -> xr.Dataset:
    """Estimate the biases of radars: measured = true + bias + noise.

    Parameters
    ----------
    pairs : Pairs
    sensors : sequence of PairedRadar
    prior : (float, float)
        1-sigma of the biases in range [m] and azimuth [rad] before anything was seen; inf: nothing is known.

    Returns
    -------
    xarray.Dataset
        By ``radar``: ``range_bias`` [m], ``azimuth_bias`` [rad], their 1-sigma errors ``range_sigma`` and
        ``azimuth_sigma``; ``covariance`` of all biases (range and azimuth of the first radar, of the second ...).
        ``attrs``: ``chi2``, the squared residuals by their covariance, and its ``freedom``.

    Raises
    ------
    KalkanError
        The pairs do not tell all biases, such as those of two radars at one place, and no prior helps.
    """
    import xarray as xr

    n = 2 * len(sensors)
    known = np.tile([0.0 if math.isinf(s) else s**-2 for s in prior], len(sensors))
    bias, covariance = np.zeros(n), np.zeros((n, n))
    for _ in range(_STEPS):
        d, h, s = _differences(pairs, sensors, bias)
        weighed = np.linalg.solve(s, h)  # (n, 3, 2 radars)
        information = np.einsum("kia,kib->ab", h, weighed) + np.diag(known)
        covariance = _inverse(information)
        step = -covariance @ (np.einsum("kia,ki->a", weighed, d) + known * bias)
        bias = bias + step
        if (np.abs(step) <= _SETTLED * np.sqrt(np.diag(covariance))).all():
            break
    d, _, s = _differences(pairs, sensors, bias)
    chi2 = float(np.einsum("ki,ki->", d, np.linalg.solve(s, d[..., None])[..., 0]) + (known * bias**2).sum())
    freedom = 3 * len(d) + int((known > 0.0).sum()) - n
    sigma = np.sqrt(np.diag(covariance)).reshape(-1, 2)
    columns = {
        "range_bias": (bias[0::2], "m"), "azimuth_bias": (bias[1::2], "rad"),
        "range_sigma": (sigma[:, 0], "m"), "azimuth_sigma": (sigma[:, 1], "rad"),
    }  # fmt: skip
    data = {name: ("radar", values, {"units": unit}) for name, (values, unit) in columns.items()}
    return xr.Dataset(
        data | {"covariance": (("of", "with"), covariance)}, {"radar": np.arange(len(sensors))},
        attrs={"chi2": chi2, "freedom": freedom},
    )  # fmt: skip


def _differences(pairs: Pairs, sensors: Sequence[PairedRadar], bias: F8) -> tuple[F8, F8, F8]:
    """Differences of the corrected places (n, 3) [m], their derivatives by the biases, and their covariances [m2]."""
    count, n = len(pairs.radar), 2 * len(sensors)
    d, h, s = np.zeros((count, 3)), np.zeros((count, 3, n)), np.zeros((count, 3, 3))
    for r, sensor in enumerate(sensors):
        noise = np.diag([sensor.range_sigma_m, sensor.azimuth_sigma_rad, sensor.elevation_sigma_rad]) ** 2
        for side, sign in ((0, 1.0), (1, -1.0)):
            mine = pairs.radar[:, side] == r
            place, by_plot = _placed(pairs.plot[mine, side] - [bias[2 * r], bias[2 * r + 1], 0.0], sensor)
            d[mine] += sign * place
            h[mine, :, 2 * r : 2 * r + 2] -= sign * by_plot[:, :, :2]
            s[mine] += by_plot @ noise @ by_plot.transpose(0, 2, 1)
    return d, h, s


def _placed(plot: F8, sensor: PairedRadar) -> tuple[F8, F8]:
    """Places (m, 3) [m] of plots in the common frame, and their derivatives (m, 3, 3) by range, azimuth, elevation."""
    rng, (sin_a, sin_e), (cos_a, cos_e) = plot[:, 0], np.sin(plot[:, 1:]).T, np.cos(plot[:, 1:]).T
    axes = np.eye(3) if sensor.axes is None else np.asarray(sensor.axes)
    along = np.stack([cos_e * sin_a, cos_e * cos_a, sin_e], axis=1)
    across = np.stack([cos_e * cos_a, -cos_e * sin_a, np.zeros_like(rng)], axis=1)
    upward = np.stack([-sin_e * sin_a, -sin_e * cos_a, cos_e], axis=1)
    by_plot = np.stack([along, rng[:, None] * across, rng[:, None] * upward], axis=2)
    return np.asarray(sensor.position_m) + rng[:, None] * along @ axes, axes.T @ by_plot


def _inverse(information: NDArray[np.float64]) -> F8:
    """The covariance that belongs to an information matrix, whatever the units of its parts."""
    scale = np.sqrt(np.maximum(np.diag(information), 1e-300))
    values, vectors = np.linalg.eigh(information / np.outer(scale, scale))
    if values[0] <= _BLIND * values[-1]:
        raise KalkanError("the pairs do not tell the biases of all radars apart; give a prior, or pairs from elsewhere")
    return np.asarray((vectors / values) @ vectors.T / np.outer(scale, scale), np.float64)


@kernel
def learn_offset(b: F8, q: F8, d: F8, r: F8) -> None:
    """Take in one more difference of two tracks of one object: Kalman's update of a constant offset, in place.

    Parameters
    ----------
    b, q : array (2,), (2, 2)
        Offset of one picture against the other, east and north [m], and its covariance [m2].
    d, r : array (2,), (2, 2)
        The difference of the two estimates [m] and the sum of their covariances [m2]; their errors must not be alike,
        so each pair of tracks counts once, before the two are fused.
    """
    s00, s01, s11 = q[0, 0] + r[0, 0], q[0, 1] + r[0, 1], q[1, 1] + r[1, 1]
    det = s00 * s11 - s01 * s01
    y0, y1 = d[0] - b[0], d[1] - b[1]
    w0, w1 = (s11 * y0 - s01 * y1) / det, (s00 * y1 - s01 * y0) / det
    q00, q01, q11 = q[0, 0], q[0, 1], q[1, 1]
    b[0] += q00 * w0 + q01 * w1
    b[1] += q01 * w0 + q11 * w1
    g00, g01 = (q00 * s11 - q01 * s01) / det, (q01 * s00 - q00 * s01) / det
    g10, g11 = (q01 * s11 - q11 * s01) / det, (q11 * s00 - q01 * s01) / det
    q[0, 0] = q00 - g00 * q00 - g01 * q01
    q[0, 1] = q[1, 0] = q01 - g00 * q01 - g01 * q11
    q[1, 1] = q11 - g10 * q01 - g11 * q11
