"""Absorption of radio waves by clear air: oxygen lines, water vapour lines, dry continuum.

Line by line, from 1 GHz to 1 THz. The air above a site is the US Standard Atmosphere 1976, which is the mean
annual global atmosphere of ITU-R P.835, with water vapour that falls by a factor e every 2 km; only
its density at sea level may be chosen. One air everywhere, without weather fronts or ducts, is kalkan's own
simplification.

Sources: Recommendation ITU-R P.676-12 (2019), Annex 1, equations 1 to 9; Recommendation ITU-R P.835-6
(2017), equation 6 for the vapour.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kalkan.models import atmosphere
from kalkan.models.absorption_lines import OXYGEN, WATER_VAPOUR

Floats = NDArray[np.float64]
FREQUENCY_MIN_HZ, FREQUENCY_MAX_HZ = 1e9, 1e12
STANDARD_VAPOUR_KG_M3 = 7.5e-3
VAPOUR_SCALE_M = 2000.0
PROFILE_TOP_M = 85_000.0  # nothing absorbs above
_PROFILE_LOWEST_M, _PROFILE_N = -500.0, 1711  # a point every 50 m


def vapour_pressure_pa(vapour_kg_m3: ArrayLike, temperature_k: ArrayLike) -> Floats:
    """Partial pressure [Pa] of water vapour of a density [kg/m³] at a temperature [K] (P.676, equation 4)."""
    return np.asarray(vapour_kg_m3, dtype=np.float64) * 1e5 * np.asarray(temperature_k) / 216.7


def oxygen_db_km(
    frequency_hz: float, dry_pa: ArrayLike, vapour_pa: ArrayLike, temperature_k: ArrayLike
) -> Floats:
    """Specific attenuation [dB/km] by oxygen and by the dry continuum, one way.

    Parameters
    ----------
    frequency_hz : float
        1 GHz to 1 THz.
    dry_pa, vapour_pa : array_like
        Partial pressures of dry air and of water vapour [Pa]; they broadcast with `temperature_k`.
    temperature_k : array_like
        Temperature [K].

    Raises
    ------
    ValueError
        For a frequency out of range.
    """
    f = _checked_ghz(frequency_hz)
    p, e, theta = _in_their_units(dry_pa, vapour_pa, temperature_k)
    f0, a1, a2, a3, a4, a5, a6 = (c[:, None] for c in OXYGEN.T)
    strength = a1 * 1e-7 * p * theta**3 * np.exp(a2 * (1.0 - theta))
    width = a3 * 1e-4 * (p * theta ** (0.8 - a4) + 1.1 * e * theta)
    width = np.sqrt(width**2 + 2.25e-6)  # Zeeman splitting
    mixing = (a5 + a6 * theta) * 1e-4 * (p + e) * theta**0.8
    refractivity = (strength * _line_shape(f, f0, width, mixing)).sum(axis=0)
    return (0.1820 * f * (refractivity + _dry_continuum(f, p, e, theta))).reshape(np.shape(temperature_k))


def water_vapour_db_km(
    frequency_hz: float, dry_pa: ArrayLike, vapour_pa: ArrayLike, temperature_k: ArrayLike
) -> Floats:
    """Specific attenuation [dB/km] by water vapour, one way; parameters as in :func:`oxygen_db_km`."""
    f = _checked_ghz(frequency_hz)
    p, e, theta = _in_their_units(dry_pa, vapour_pa, temperature_k)
    f0, b1, b2, b3, b4, b5, b6 = (c[:, None] for c in WATER_VAPOUR.T)
    strength = b1 * 1e-1 * e * theta**3.5 * np.exp(b2 * (1.0 - theta))
    width = b3 * 1e-4 * (p * theta**b4 + b5 * e * theta**b6)
    width = 0.535 * width + np.sqrt(0.217 * width**2 + 2.1316e-12 * f0**2 / theta)  # Doppler broadening
    refractivity = (strength * _line_shape(f, f0, width, np.zeros(1))).sum(axis=0)
    return (0.1820 * f * refractivity).reshape(np.shape(temperature_k))


def air_db_km(frequency_hz: float, altitude_m: ArrayLike, vapour_kg_m3: float = STANDARD_VAPOUR_KG_M3) -> Floats:
    """Specific attenuation [dB/km] of the standard atmosphere at altitudes [m], one way, any shape.

    Parameters
    ----------
    frequency_hz : float
        1 GHz to 1 THz.
    altitude_m : array_like
        Above sea level [m].
    vapour_kg_m3 : float
        Density of water vapour at sea level [kg/m³]; the standard is 7.5 g/m³.
    """
    z = np.asarray(altitude_m, dtype=np.float64)
    kelvin = atmosphere.temperature(z)
    e = vapour_pressure_pa(vapour_kg_m3 * np.exp(-z / VAPOUR_SCALE_M), kelvin)
    dry = np.maximum(atmosphere.pressure(z) - e, 0.0)
    return oxygen_db_km(frequency_hz, dry, e, kelvin) + water_vapour_db_km(frequency_hz, dry, e, kelvin)


@lru_cache(maxsize=64)
def air_profile(frequency_hz: float, vapour_kg_m3: float) -> tuple[Floats, Floats]:
    """Altitudes [m] and the logarithm of the specific attenuation there [ln(dB/km)], for interpolation."""
    altitude_m = np.linspace(_PROFILE_LOWEST_M, PROFILE_TOP_M, _PROFILE_N)
    return altitude_m, np.log(air_db_km(frequency_hz, altitude_m, vapour_kg_m3))


def _checked_ghz(frequency_hz: float) -> float:
    if not FREQUENCY_MIN_HZ <= frequency_hz <= FREQUENCY_MAX_HZ:
        raise ValueError(f"frequency_hz = {frequency_hz:g} must lie between 1 GHz and 1 THz")
    return frequency_hz * 1e-9


def _in_their_units(dry_pa: ArrayLike, vapour_pa: ArrayLike, temperature_k: ArrayLike) -> tuple[Floats, ...]:
    """Pressures [hPa] and 300 K over the temperature, each one row."""
    rows = np.broadcast_arrays(dry_pa, vapour_pa, temperature_k)
    p, e, kelvin = (np.asarray(r, dtype=np.float64).reshape(1, -1) for r in rows)
    return p * 1e-2, e * 1e-2, 300.0 / kelvin


def _line_shape(f: float, f0: Floats, width: Floats, mixing: Floats) -> Floats:
    """Van Vleck and Weisskopf's shape with interference between lines (equation 5)."""
    below = (width - mixing * (f0 - f)) / ((f0 - f) ** 2 + width**2)
    above = (width - mixing * (f0 + f)) / ((f0 + f) ** 2 + width**2)
    return f / f0 * (below + above)


def _dry_continuum(f: float, p: Floats, e: Floats, theta: Floats) -> Floats:
    """Debye spectrum of oxygen below 10 GHz and nitrogen absorption above 100 GHz (equations 8 and 9)."""
    d = 5.6e-4 * (p + e) * theta**0.8
    debye = 6.14e-5 / (d * (1.0 + (f / d) ** 2))
    nitrogen = 1.4e-12 * p * theta**1.5 / (1.0 + 1.9e-5 * f**1.5)
    return (f * p * theta**2 * (debye + nitrogen))[0]
