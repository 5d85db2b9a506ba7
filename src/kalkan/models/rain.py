"""Attenuation by rain: specific attenuation, and how much of a ray lies in the rain.

Specific attenuation is k R^alpha [dB/km] for a rain rate R [mm/h], from 1 GHz to 1 THz. The rain is one layer
of one rate from the ground up to a rain height, as far as a stated distance from the antenna: kalkan's
own simplification. Real rain of 50 mm/h falls in cells of a few kilometres; as a layer without end it
is the worst case.

Sources: Recommendation ITU-R P.838-3 (2005), equations 1 to 5 and tables 1 to 4; Recommendation
ITU-R P.839-4 (2013) for what a rain height is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from kalkan.jit import kernel

FREQUENCY_MIN_HZ, FREQUENCY_MAX_HZ = 1e9, 1e12
SLANT_POLARISATION_RAD = math.pi / 4.0
"""Tilt taken where the polarisation is not public: 45°, between horizontal and vertical (kalkan's own)."""

_K_H = ((-5.33980, -0.10008, 1.13098), (-0.35351, 1.26970, 0.45400), (-0.23789, 0.86036, 0.15354),
        (-0.94158, 0.64552, 0.16817))  # fmt: skip
_K_V = ((-3.80595, 0.56934, 0.81061), (-3.44965, -0.22911, 0.51059), (-0.39902, 0.73042, 0.11899),
        (0.50167, 1.07319, 0.27195))  # fmt: skip
_ALPHA_H = ((-0.14318, 1.82442, -0.55187), (0.29591, 0.77564, 0.19822), (0.32177, 0.63773, 0.13164),
            (-5.37610, -0.96230, 1.47828), (16.1721, -3.29980, 3.43990))  # fmt: skip
_ALPHA_V = ((-0.07771, 2.33840, -0.76284), (0.56727, 0.95545, 0.54039), (-0.20238, 1.14520, 0.26809),
            (-48.2991, 0.791669, 0.116226), (48.5833, 0.791459, 0.116479))  # fmt: skip


def rain_coefficients(
    frequency_hz: float, elevation_rad: float = 0.0, tilt_rad: float = SLANT_POLARISATION_RAD
) -> tuple[float, float]:
    """The coefficients k [dB/km at 1 mm/h] and alpha [1].

    Parameters
    ----------
    frequency_hz : float
        1 GHz to 1 THz.
    elevation_rad : float
        Elevation of the path [rad]; without effect at a tilt of 45°.
    tilt_rad : float
        Tilt of the polarisation [rad]: 0 horizontal, pi/2 vertical, pi/4 also for circular.

    Raises
    ------
    ValueError
        For a frequency out of range.
    """
    if not FREQUENCY_MIN_HZ <= frequency_hz <= FREQUENCY_MAX_HZ:
        raise ValueError(f"frequency_hz = {frequency_hz:g} must lie between 1 GHz and 1 THz")
    x = math.log10(frequency_hz * 1e-9)
    k_h, k_v = 10.0 ** (_bells(x, _K_H) - 0.18961 * x + 0.71147), 10.0 ** (_bells(x, _K_V) - 0.16398 * x + 0.63297)
    alpha_h, alpha_v = _bells(x, _ALPHA_H) + 0.67849 * x - 1.95537, _bells(x, _ALPHA_V) - 0.053739 * x + 0.83433
    share = math.cos(elevation_rad) ** 2 * math.cos(2.0 * tilt_rad)
    k = 0.5 * (k_h + k_v + (k_h - k_v) * share)
    alpha = 0.5 * (k_h * alpha_h + k_v * alpha_v + (k_h * alpha_h - k_v * alpha_v) * share) / k
    return k, alpha


def rain_db_km(
    frequency_hz: float,
    rain_rate_mm_h: float,
    elevation_rad: float = 0.0,
    tilt_rad: float = SLANT_POLARISATION_RAD,
) -> float:
    """Specific attenuation [dB/km] of a rain rate [mm/h], one way; the rest as in :func:`rain_coefficients`."""
    if rain_rate_mm_h <= 0.0:
        return 0.0
    k, alpha = rain_coefficients(frequency_hz, elevation_rad, tilt_rad)
    return float(k * rain_rate_mm_h**alpha)


@kernel
def path_below_m(
    slant_m: float, tan_elevation: float, antenna_m: float, top_m: float, effective_radius_m: float
) -> float:
    """Length [m] of the first `slant_m` of a ray that lies below an altitude.

    Parameters
    ----------
    slant_m : float
        Length of the ray [m].
    tan_elevation : float
        Tangent of its apparent elevation at the antenna [1].
    antenna_m, top_m : float
        Altitudes of the antenna and of the top of the layer [m].
    effective_radius_m : float
        Earth radius k·R [m], over which the ray is straight.
    """
    radius = effective_radius_m + antenna_m
    sine = tan_elevation / math.sqrt(1.0 + tan_elevation * tan_elevation)
    b = radius * sine
    c = (top_m - antenna_m) * (2.0 * effective_radius_m + top_m + antenna_m)
    discriminant = b * b + c
    if discriminant <= 0.0:
        return 0.0
    root = math.sqrt(discriminant)
    leaves = c / (b + root) if b > 0.0 else root - b
    if c > 0.0:
        return min(slant_m, leaves)
    if b >= 0.0:
        return 0.0
    enters = -c / (root - b)
    return max(min(slant_m, leaves) - enters, 0.0)


def _bells(x: float, terms: Sequence[tuple[float, float, float]]) -> float:
    return sum(a * math.exp(-(((x - b) / c) ** 2)) for a, b, c in terms)
