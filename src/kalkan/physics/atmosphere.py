"""The US Standard Atmosphere 1976 over altitude."""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike

from kalkan.models import atmosphere
from kalkan.physics.arguments import Floats, numbers, plain

HIGHEST_M = 1e6


def air_temperature_k(altitude_m: ArrayLike) -> Any:
    """Temperature of the standard atmosphere.

    Parameters
    ----------
    altitude_m : array_like
        Geometric, above sea level [m], −5000 to 1,000,000; the values of 86 km hold above it.

    Returns
    -------
    float64, shape of `altitude_m`
        Kinetic temperature [K].

    Raises
    ------
    ValueError
        An altitude is out of range.

    References
    ----------
    U.S. Standard Atmosphere, 1976, NOAA-S/T 76-1562, https://ntrs.nasa.gov/citations/19770009539, table 4 and
    equations 18 to 50.

    Examples
    --------
    >>> from kalkan import physics
    >>> physics.air_temperature_k([0.0, 11019.0, 40e3]).round(1)
    array([288.2, 216.7, 250.3])
    """
    return plain(atmosphere.temperature(_altitude(altitude_m)))


def air_pressure_pa(altitude_m: ArrayLike) -> Any:
    """Pressure of the standard atmosphere.

    Parameters
    ----------
    altitude_m : array_like
        As in :func:`air_temperature_k`; above 86 km it falls exponentially (kalkan's own simplification).

    Returns
    -------
    float64, shape of `altitude_m`
        Pressure [Pa].

    Raises
    ------
    ValueError
        An altitude is out of range.

    References
    ----------
    As :func:`air_temperature_k`.

    Examples
    --------
    >>> from kalkan import physics
    >>> physics.air_pressure_pa([0.0, 10e3]).round()
    array([101325.,  26500.])
    """
    return plain(atmosphere.pressure(_altitude(altitude_m)))


def air_density_kg_m3(altitude_m: ArrayLike) -> Any:
    """Density of the standard atmosphere, which drag is computed with.

    Parameters
    ----------
    altitude_m : array_like
        As in :func:`air_pressure_pa`.

    Returns
    -------
    float64, shape of `altitude_m`
        Density [kg/m³].

    Raises
    ------
    ValueError
        An altitude is out of range.

    References
    ----------
    As :func:`air_temperature_k`.

    Examples
    --------
    >>> from kalkan import physics
    >>> physics.air_density_kg_m3([0.0, 10e3, 20e3]).round(4)
    array([1.225 , 0.4135, 0.0889])
    """
    return plain(atmosphere.density(_altitude(altitude_m)))


def sound_speed_m_s(altitude_m: ArrayLike) -> Any:
    """Speed of sound of the standard atmosphere: what a Mach number of a scenario is turned into.

    Parameters
    ----------
    altitude_m : array_like
        As in :func:`air_temperature_k`.

    Returns
    -------
    float64, shape of `altitude_m`
        Speed of sound [m/s].

    Raises
    ------
    ValueError
        An altitude is out of range.

    References
    ----------
    As :func:`air_temperature_k`.

    Examples
    --------
    >>> from kalkan import physics
    >>> physics.sound_speed_m_s([0.0, 11e3]).round(1)
    array([340.3, 295.2])
    """
    return plain(atmosphere.sound_speed(_altitude(altitude_m)))


def _altitude(altitude_m: ArrayLike) -> Floats:
    return numbers("altitude_m", altitude_m, "m", atmosphere.LOWEST_M, HIGHEST_M)
