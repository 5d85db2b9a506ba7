"""US Standard Atmosphere 1976 up to 86 km.

Above 86 km the density and the pressure fall exponentially at the temperature of 86 km
(kalkan's own simplification: drag up there is negligible for what kalkan flies). Altitudes are
geometric metres above sea level; below -5 km the value at -5 km is used.

Source: U.S. Standard Atmosphere, 1976, NOAA-S/T 76-1562, table 4 and equations 18 to 50.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
EARTH_RADIUS_M = 6356766.0
GRAVITY_M_S2 = 9.80665
GAS_CONSTANT = 287.0528742470439  # J/(kg K): 8.31432 / 0.0289644
HEAT_RATIO = 1.4
LOWEST_M = -5000.0
_BASE_M = np.array([0.0, 11000.0, 20000.0, 32000.0, 47000.0, 51000.0, 71000.0, 84852.0])
_LAPSE_K_PER_M = np.array([-0.0065, 0.0, 0.001, 0.0028, 0.0, -0.0028, -0.002, 0.0])
# Ratio of molecular mass to its sea-level value, 80 km to 86 km (table 8 of the standard)
_MASS_RATIO_M = np.linspace(80e3, 86e3, 13)
_MASS_RATIO = np.array(
    (
        *(1.0, 0.999996, 0.999989, 0.999971, 0.999941, 0.999909, 0.999870),
        *(0.999829, 0.999786, 0.999741, 0.999694, 0.999641, 0.999579),
    )
)


def _bases() -> tuple[Floats, Floats]:
    """Temperature [K] and pressure [Pa] at the foot of each layer."""
    temperature, pressure = [288.15], [101325.0]
    for i in range(len(_BASE_M) - 1):
        thickness = float(_BASE_M[i + 1] - _BASE_M[i])
        t, lapse = temperature[-1], float(_LAPSE_K_PER_M[i])
        top = t + lapse * thickness
        if lapse == 0.0:
            factor = math.exp(-GRAVITY_M_S2 * thickness / (GAS_CONSTANT * t))
        else:
            factor = (t / top) ** (GRAVITY_M_S2 / (GAS_CONSTANT * lapse))
        temperature.append(top)
        pressure.append(pressure[-1] * factor)
    return np.array(temperature), np.array(pressure)


_BASE_K, _BASE_PA = _bases()


def temperature(altitude_m: ArrayLike) -> Floats:
    """Kinetic temperature [K] at geometric altitudes [m], any shape."""
    z = np.asarray(altitude_m, dtype=np.float64)
    return _each(z)[0] * np.interp(z, _MASS_RATIO_M, _MASS_RATIO)


def pressure(altitude_m: ArrayLike) -> Floats:
    """Pressure [Pa] at geometric altitudes [m], any shape."""
    return _each(np.asarray(altitude_m, dtype=np.float64))[1]


def density(altitude_m: ArrayLike) -> Floats:
    """Density [kg/m³] at geometric altitudes [m], any shape."""
    kelvin, pascal = _each(np.asarray(altitude_m, dtype=np.float64))
    return pascal / (GAS_CONSTANT * kelvin)


def sound_speed(altitude_m: ArrayLike) -> Floats:
    """Speed of sound [m/s] at geometric altitudes [m], any shape."""
    return np.sqrt(HEAT_RATIO * GAS_CONSTANT * _each(np.asarray(altitude_m, dtype=np.float64))[0])


def _each(altitude_m: Floats) -> tuple[Floats, Floats]:
    """Molecular-scale temperature [K] and pressure [Pa], in the shape of the input."""
    z = np.maximum(altitude_m, LOWEST_M)
    h = EARTH_RADIUS_M * z / (EARTH_RADIUS_M + z)
    layer = np.clip(np.searchsorted(_BASE_M, h, side="right") - 1, 0, 7)
    base_k, lapse, above = _BASE_K[layer], _LAPSE_K_PER_M[layer], h - _BASE_M[layer]
    kelvin = base_k + lapse * above
    level = lapse == 0.0
    power = GRAVITY_M_S2 / (GAS_CONSTANT * np.where(level, 1.0, lapse))
    factor = np.where(
        level, np.exp(-GRAVITY_M_S2 * above / (GAS_CONSTANT * base_k)), (base_k / kelvin) ** power
    )
    return kelvin, _BASE_PA[layer] * factor
