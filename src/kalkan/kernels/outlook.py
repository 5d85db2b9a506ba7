"""Outlook: what a post expects of a track, before it orders anybody to engage it.

Where the track will be when the engagement radar is cued, how high it can be, and what kind of target
it is taken for. Nothing here knows the true object. kalkan's own simplifications, all of them:

* A climb or dive is extrapolated only where the filter is sure of it.
* A track that came over a horizon is as high as that horizon was where it came up. The elevation of a low
  flyer far off is measured too coarsely to tell whether a lower antenna sees it yet; where it came up tells.
* Slow tracks are taken for drones, fast low ones for cruise missiles, those of more energy than anything that flies by
  wings has for ballistic missiles, where a doctrine has rules against them those faster than any aircraft for
  anti-radiation missiles, all others for aircraft.
"""

from __future__ import annotations

import math

from kalkan.arrays import F4, F8, Struct
from kalkan.earth.frames import out_of
from kalkan.earth.horizon import azimuth_turns, horizon_tan
from kalkan.earth.refraction import height_at_tan, local_radius, look
from kalkan.jit import kernel
from kalkan.kernels.intercept import altitude_m, climb_m_s, falls
from kalkan.schema import AIRCRAFT, ANTI_RADIATION_MISSILE, BALLISTIC_MISSILE, CRUISE_MISSILE, UAV
from kalkan.tracking.lifecycle import predicted
from kalkan.tracking.tables import AirPicture


@kernel
def perceived_class(pictures: Struct, p: int, x: float, y: float, z: float, vx: float, vy: float, vz: float) -> int:
    """What a track of picture `p` [m, m/s] is taken for: a code of ``schema.TARGETS``."""
    v2 = vx * vx + vy * vy + vz * vz
    if v2 < pictures.slow_m_s[p] ** 2:
        return UAV
    high = altitude_m(pictures, p, x, y, z)
    if falls(pictures, p, high, v2):
        return BALLISTIC_MISSILE
    if high < pictures.low_m[p]:
        return CRUISE_MISSILE
    fast = pictures.fast_m_s[p] > 0.0 and v2 > pictures.fast_m_s[p] ** 2
    return ANTI_RADIATION_MISSILE if fast else AIRCRAFT


@kernel
def believed_vz(pictures: Struct, p: int, x: F8, q: F8) -> float:
    """Vertical velocity [m/s] to extrapolate a track with: level flight, unless its climb is significant.

    Parameters
    ----------
    x, q : array (6,), (6, 6)
        State [m, m/s] and covariance of the track, in picture `p`'s frame.
    """
    climb = climb_m_s(pictures, p, x[0], x[1], x[2], x[3], x[4], x[5])
    sure = climb * climb >= pictures.climb_sigmas[p] ** 2 * q[5, 5]
    return x[5] if sure else x[5] - climb


@kernel
def outlook(pictures: Struct, tracks: AirPicture, p: int, k: int, t_s: float) -> tuple[float, float, float, float]:
    """Where track `k` of picture `p` is expected at `t_s` [s], in its frame [m], and its vertical velocity [m/s]."""
    table = tracks.table
    x, y, _ = predicted(tracks, p, k, t_s)
    vz = believed_vz(pictures, p, table.x[p, k], table.p[p, k])
    return x, y, table.x[p, k, 2] + (t_s - table.t_s[p, k]) * vz, vz


@kernel
def too_high_m(
    pictures: Struct, radars: Struct, horizon: F4, refraction_k: float, table: Struct, p: int, k: int,
    x: float, y: float, z: float,
) -> float:  # fmt: skip
    """By how much the expected place of track `k` [m] is too high for what came over the horizon where it did [m].

    0 where the track is higher than its errors allow for: it did not come over the horizon; and where others told
    of it first.
    """
    if table.begun_by[p, k] < 0:
        return 0.0
    sigma = math.sqrt(table.p[p, k, 2, 2])
    high = altitude_m(pictures, p, x, y, z)
    cap = _cap_m(pictures, radars, horizon, refraction_k, table, p, k, x, y, z)
    return high - cap if high - pictures.climb_sigmas[p] * sigma <= cap < high else 0.0


@kernel
def _cap_m(
    pictures: Struct, radars: Struct, horizon: F4, refraction_k: float, table: Struct, p: int, k: int,
    x: float, y: float, z: float,
) -> float:  # fmt: skip
    """Altitude [m] of track `k` if it came over the horizon of the radar that saw it first.

    The horizon half a scan before its first plot, but not below ``lowest_m`` above the horizon at x, y, z [m].
    """
    r = table.begun_by[p, k]
    half_s = -0.5 * radars.scan_period_s[r]
    came_up = _horizon_m(
        radars, horizon, refraction_k, r,
        table.begun_m[p, k, 0] + half_s * table.x[p, k, 3], table.begun_m[p, k, 1] + half_s * table.x[p, k, 4],
        table.begun_m[p, k, 2],
    )  # fmt: skip
    return max(came_up, _horizon_m(radars, horizon, refraction_k, r, x, y, z) + pictures.lowest_m[p])


@kernel
def _horizon_m(radars: Struct, horizon: F4, refraction_k: float, r: int, x: float, y: float, z: float) -> float:
    """Altitude [m] from which on radar `r` sees something above a point of its picture's frame [m]."""
    dx, dy, dz = x - radars.offset_m[r, 0], y - radars.offset_m[r, 1], z - radars.offset_m[r, 2]
    e, n, up = out_of(radars.to_picture, r, dx, dy, dz)
    terms = (radars.lat_terms[r, 0], radars.lat_terms[r, 1], radars.lat_terms[r, 2])
    k = refraction_k
    ground, _, _ = look(e, n, up, radars.antenna_m[r], terms, k)
    tan = horizon_tan(
        horizon, radars.horizon_first[r], radars.horizon_n_azimuth[r], radars.horizon_n_range[r],
        radars.horizon_radius_m[r], azimuth_turns(e, n), min(ground, radars.horizon_radius_m[r]),
    )  # fmt: skip
    return height_at_tan(ground, tan, radars.antenna_m[r], k * local_radius(e, n, terms))
