"""How radio waves travel: bent rays and horizons, absorption by air and rain, lobing over the sea.

Rays are straight over an earth of radius k·R. Heights are above that earth, which is the sea level here.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from kalkan.earth import refraction
from kalkan.earth.refraction import STANDARD_K
from kalkan.models import absorption, multipath, propagation, rain
from kalkan.models.propagation import CLEAR, Air
from kalkan.physics.arguments import elementwise, number, numbers, plain, together

LOWEST_HZ, HIGHEST_HZ = absorption.FREQUENCY_MIN_HZ, absorption.FREQUENCY_MAX_HZ
SEA_LOWEST_HZ, SEA_HIGHEST_HZ = 1e9, 10e9
_apparent_tan = elementwise(refraction.apparent_tan)
_height_at_tan = elementwise(refraction.height_at_tan)
_pattern = elementwise(multipath.pattern_factor)


def effective_radius_m(k: float = STANDARD_K) -> float:
    """Earth radius over which rays are straight.

    Parameters
    ----------
    k : float
        Effective-earth factor [1], 0.3 to 10; 4/3 in the standard atmosphere.

    Returns
    -------
    float
        k·R [m], with the mean radius R = 6371.0088 km.

    Raises
    ------
    ValueError
        `k` is out of range.

    References
    ----------
    Recommendation ITU-R P.834-9 (2017), https://www.itu.int/rec/R-REC-P.834.

    Examples
    --------
    >>> from kalkan import physics
    >>> round(physics.effective_radius_m() / 1e3)
    8495
    """
    return refraction.effective_radius_m(number("k", k, "1", 0.3, 10.0))


def horizon_range_m(antenna_m: ArrayLike, target_m: ArrayLike, k: float = STANDARD_K) -> Any:
    """Ground range at which an antenna and a target come into sight of each other over a smooth earth.

    Parameters
    ----------
    antenna_m, target_m : array_like
        Heights [m], at least 0, any shapes that broadcast.
    k : float
        Effective-earth factor [1].

    Returns
    -------
    float64, broadcast shape
        Arc at sea level [m], exact on the sphere k·R; the usual √(2kR)(√h₁ + √h₂) is 0.05 % longer at 10 km.

    Raises
    ------
    ValueError
        A height is below 0, or `k` out of range.

    References
    ----------
    Recommendation ITU-R P.834-9 (2017), https://www.itu.int/rec/R-REC-P.834.

    Examples
    --------
    A cruise missile at 50 m comes into sight of a mast of 24 m at 49 km, an aircraft at 9 km at 411 km.

    >>> from kalkan import physics
    >>> (physics.horizon_range_m(24.0, [50.0, 9000.0]) / 1e3).round(1)
    array([ 49.3, 411. ])
    """
    antenna, target = numbers("antenna_m", antenna_m, "m", 0.0), numbers("target_m", target_m, "m", 0.0)
    antenna, target = together(antenna_m=antenna, target_m=target)
    return plain(refraction.horizon_arc_m(antenna, target, number("k", k, "1", 0.3, 10.0)))


def apparent_elevation_rad(
    ground_m: ArrayLike, target_m: ArrayLike, antenna_m: float = 0.0, k: float = STANDARD_K
) -> Any:
    """Elevation under which an antenna sees a target.

    Parameters
    ----------
    ground_m, target_m : array_like
        Ground range [m], at least 0, and height of the target [m], any shapes that broadcast.
    antenna_m : float
        Height of the antenna [m].
    k : float
        Effective-earth factor [1].

    Returns
    -------
    float64, broadcast shape
        Elevation at the antenna [rad]; straight up or down at no range.

    Raises
    ------
    ValueError
        A range is below 0, or `k` out of range.

    References
    ----------
    Recommendation ITU-R P.834-9 (2017), https://www.itu.int/rec/R-REC-P.834.

    Examples
    --------
    >>> from kalkan import physics
    >>> import numpy as np
    >>> np.rad2deg(physics.apparent_elevation_rad([50e3, 400e3], 9000.0)).round(2)
    array([10.03, -0.06])
    """
    ground, target = _over_ground(ground_m, target_m)
    radius = refraction.effective_radius_m(number("k", k, "1", 0.3, 10.0))
    return plain(np.arctan(_apparent_tan(ground, target, number("antenna_m", antenna_m, "m"), radius)))


def ray_height_m(ground_m: ArrayLike, elevation_rad: ArrayLike, antenna_m: float = 0.0, k: float = STANDARD_K) -> Any:
    """Height that a ray has over a ground range: what is seen above it, and what is hidden below.

    Parameters
    ----------
    ground_m : array_like
        Ground range [m], at least 0.
    elevation_rad : array_like
        Apparent elevation at the antenna [rad], above −π/2 and below π/2; broadcasts with `ground_m`.
    antenna_m : float
        Height of the antenna [m].
    k : float
        Effective-earth factor [1].

    Returns
    -------
    float64, broadcast shape
        Height [m]; infinite where the ray never comes over that range.

    Raises
    ------
    ValueError
        An argument is out of range.

    References
    ----------
    Recommendation ITU-R P.834-9 (2017), https://www.itu.int/rec/R-REC-P.834.

    Examples
    --------
    A level beam is 590 m high after 100 km.

    >>> from kalkan import physics
    >>> physics.ray_height_m([50e3, 100e3, 200e3], 0.0).round()
    array([ 147.,  589., 2355.])
    """
    quarter = math.pi / 2.0
    elevation = numbers("elevation_rad", elevation_rad, "rad", -quarter, quarter, above=True, below=True)
    ground, elevation = together(ground_m=numbers("ground_m", ground_m, "m", 0.0), elevation_rad=elevation)
    radius = refraction.effective_radius_m(number("k", k, "1", 0.3, 10.0))
    return plain(_height_at_tan(ground, np.tan(elevation), number("antenna_m", antenna_m, "m"), radius))


def air_attenuation_db_km(
    frequency_hz: float, altitude_m: ArrayLike, vapour_kg_m3: float = absorption.STANDARD_VAPOUR_KG_M3
) -> Any:
    """Attenuation of clear air per kilometre, one way, line by line.

    Parameters
    ----------
    frequency_hz : float
        1 GHz to 1 THz [Hz].
    altitude_m : array_like
        Above sea level [m], −500 to 85,000.
    vapour_kg_m3 : float
        Density of water vapour at sea level [kg/m³], 0 to 0.1; it falls by a factor e every 2 km.

    Returns
    -------
    float64, shape of `altitude_m`
        Attenuation [dB/km] by oxygen and water vapour of the US Standard Atmosphere 1976.

    Raises
    ------
    ValueError
        An argument is out of range.

    References
    ----------
    Recommendation ITU-R P.676-12 (2019), annex 1, https://www.itu.int/rec/R-REC-P.676; P.835-6 (2017), equation 6.

    Examples
    --------
    >>> from kalkan import physics
    >>> [round(float(physics.air_attenuation_db_km(f, 0.0)), 4) for f in (3e9, 10e9, 22.2e9)]
    [0.0074, 0.014, 0.1927]
    """
    frequency, vapour = _frequency(frequency_hz), number("vapour_kg_m3", vapour_kg_m3, "kg/m³", 0.0, 0.1)
    return plain(absorption.air_db_km(frequency, numbers("altitude_m", altitude_m, "m", -500.0, 85e3), vapour))


def rain_attenuation_db_km(
    frequency_hz: float, rain_rate_mm_h: ArrayLike, elevation_rad: float = 0.0,
    tilt_rad: float = rain.SLANT_POLARISATION_RAD,
) -> Any:  # fmt: skip
    """Attenuation of rain per kilometre, one way.

    Parameters
    ----------
    frequency_hz : float
        1 GHz to 1 THz [Hz].
    rain_rate_mm_h : array_like
        Rain rate [mm/h], at least 0.
    elevation_rad : float
        Elevation of the path [rad]; without effect at a tilt of 45°.
    tilt_rad : float
        Tilt of the polarisation [rad]: 0 horizontal, π/2 vertical, π/4 also for circular.

    Returns
    -------
    float64, shape of `rain_rate_mm_h`
        Attenuation k·Rᵅ [dB/km].

    Raises
    ------
    ValueError
        An argument is out of range.

    References
    ----------
    Recommendation ITU-R P.838-3 (2005), https://www.itu.int/rec/R-REC-P.838.

    Examples
    --------
    A cloudburst of 50 mm/h hardly hinders 3 GHz, and takes 1.5 dB/km each way at 10 GHz.

    >>> from kalkan import physics
    >>> [physics.rain_attenuation_db_km(f, [5.0, 50.0]).round(3).tolist() for f in (3e9, 10e9)]
    [[0.001, 0.014], [0.086, 1.483]]
    """
    frequency, rates = _frequency(frequency_hz), numbers("rain_rate_mm_h", rain_rate_mm_h, "mm/h", 0.0)
    elevation, tilt = number("elevation_rad", elevation_rad, "rad"), number("tilt_rad", tilt_rad, "rad")
    found = np.vectorize(rain.rain_db_km, otypes=[np.float64])
    return plain(found(frequency, rates, elevation, tilt))


def path_loss_db(
    slant_m: ArrayLike, elevation_rad: ArrayLike, *, frequency_hz: float, antenna_m: float = 0.0,
    k: float = STANDARD_K, air: Air = CLEAR,
) -> Any:  # fmt: skip
    """Loss by absorption and rain on the way to a target and back.

    Parameters
    ----------
    slant_m, elevation_rad : array_like
        Slant range [m], at least 0, and apparent elevation [rad], any shapes that broadcast.
    frequency_hz : float
        1 GHz to 1 THz [Hz].
    antenna_m : float
        Height of the antenna [m].
    k : float
        Effective-earth factor [1].
    air : Air
        Vapour and rain; default the clear standard atmosphere.

    Returns
    -------
    float64, broadcast shape
        Two-way loss [dB], at least 0; within 0.1 % up to 600 km.

    Raises
    ------
    ValueError
        An argument is out of range.

    References
    ----------
    Recommendations ITU-R P.676-12 (2019), https://www.itu.int/rec/R-REC-P.676, and P.838-3 (2005).

    Examples
    --------
    A level ray of 3 GHz loses 3.7 dB over 390 km in clear air; 20 mm/h of rain on the first 100 km take 1 dB more.

    >>> from kalkan import physics
    >>> wet = physics.Air(rain_rate_mm_h=20.0, rain_extent_m=100e3)
    >>> [round(float(physics.path_loss_db(390e3, 0.0, frequency_hz=3e9, air=a)), 2) for a in (physics.CLEAR, wet)]
    [3.67, 4.68]
    """
    slant, tangent = _slant(slant_m, elevation_rad)
    return plain(
        propagation.loss_db(
            slant, tangent, frequency_hz=_frequency(frequency_hz), antenna_m=number("antenna_m", antenna_m, "m"),
            radius_m=effective_radius_m(k), air=_air(air),
        )
    )  # fmt: skip


def excess_loss_db(
    slant_m: ArrayLike, elevation_rad: ArrayLike, claimed_range_m: float, *, frequency_hz: float,
    antenna_m: float = 0.0, k: float = STANDARD_K, air: Air = CLEAR,
) -> Any:  # fmt: skip
    """Loss beyond the one that a claim of range contains already: what to subtract from :func:`snr_db`.

    Parameters
    ----------
    slant_m, elevation_rad : array_like
        Slant range [m], at least 0, and apparent elevation [rad], any shapes that broadcast.
    claimed_range_m : float
        The claim's range [m], above 0.
    frequency_hz, antenna_m, k, air
        As in :func:`path_loss_db`.

    Returns
    -------
    float64, broadcast shape
        Two-way loss [dB]; negative on easier paths.

    Raises
    ------
    ValueError
        An argument is out of range.

    Notes
    -----
    kalkan's own convention: a claim holds in the clear standard atmosphere, to a target at 10 km over a smooth earth,
    or along the horizon where that target would lie below it.

    References
    ----------
    As :func:`path_loss_db`.

    Examples
    --------
    >>> from kalkan import physics
    >>> round(float(physics.excess_loss_db(200e3, 0.02, 390e3, frequency_hz=3e9)), 2)
    -1.55
    """
    claimed = number("claimed_range_m", claimed_range_m, "m", 0.0, above=True)
    slant, tangent = _slant(slant_m, elevation_rad)
    return plain(
        propagation.excess_db(
            slant, tangent, claimed, frequency_hz=_frequency(frequency_hz),
            antenna_m=number("antenna_m", antenna_m, "m"), radius_m=effective_radius_m(k), air=_air(air),
        )
    )  # fmt: skip


def lobing_factor(
    antenna_m: float, target_m: ArrayLike, ground_m: ArrayLike, *, frequency_hz: float, beamwidth_rad: float,
    wave_height_m: float = 0.0, k: float = STANDARD_K,
) -> Any:  # fmt: skip
    """Pattern factor over the sea: the field at a target over the one in free space.

    Parameters
    ----------
    antenna_m : float
        Height of the antenna [m], above 0.
    target_m, ground_m : array_like
        Height [m], at least 0, and ground range [m], above 0, of the target, any shapes that broadcast.
    frequency_hz : float
        1 to 10 GHz [Hz].
    beamwidth_rad : float
        Half-power width of the beam in elevation [rad], above 0; it points at the target.
    wave_height_m : float
        Significant wave height [m], at least 0.
    k : float
        Effective-earth factor [1].

    Returns
    -------
    float64, broadcast shape
        One-way factor F [1], 0.001 to 2; a radar's SNR carries F⁴.

    Raises
    ------
    ValueError
        An argument is out of range.

    References
    ----------
    D. E. Kerr (ed.), Propagation of Short Radio Waves (1951), sections 2.13 and 5.2; L. A. Klein and C. T. Swift, IEEE
    Trans. AP-25 (1977) 104, doi:10.1109/TAP.1977.1141539; A. R. Miller, R. M. Brown and E. Vegh, IEE Proc. H 131
    (1984) 114, doi:10.1049/ip-h-1.1984.0022; Recommendation ITU-R P.526-15.

    Examples
    --------
    A calm sea at three heights, and what waves of 3 m leave of its lobes.

    >>> from kalkan import physics
    >>> sea = {"frequency_hz": 10e9, "beamwidth_rad": 0.03}
    >>> physics.lobing_factor(20.0, [20.0, 35.0, 50.0], 20e3, **sea).round(2)
    array([1.51, 1.75, 1.46])
    >>> physics.lobing_factor(20.0, [20.0, 35.0, 50.0], 20e3, wave_height_m=3.0, **sea).round(2)
    array([1.46, 1.61, 1.28])
    """
    sea_hz = number("frequency_hz", frequency_hz, "Hz", SEA_LOWEST_HZ, SEA_HIGHEST_HZ)
    target = numbers("target_m", target_m, "m", 0.0)
    target, ground = together(target_m=target, ground_m=numbers("ground_m", ground_m, "m", 0.0, above=True))
    found = _pattern(
        number("antenna_m", antenna_m, "m", 0.0, above=True), target, ground, effective_radius_m(k),
        multipath.LIGHT_M_S / sea_hz, multipath.sea_permittivity(sea_hz),
        multipath.WAVE_SIGMA_SHARE * number("wave_height_m", wave_height_m, "m", 0.0),
        number("beamwidth_rad", beamwidth_rad, "rad", 0.0, above=True),
    )  # fmt: skip
    return plain(found)


def _over_ground(ground_m: ArrayLike, target_m: ArrayLike) -> Any:
    return together(ground_m=numbers("ground_m", ground_m, "m", 0.0), target_m=numbers("target_m", target_m, "m"))


def _slant(slant_m: ArrayLike, elevation_rad: ArrayLike) -> Any:
    quarter = math.pi / 2.0
    elevation = numbers("elevation_rad", elevation_rad, "rad", -quarter, quarter, above=True, below=True)
    slant, elevation = together(slant_m=numbers("slant_m", slant_m, "m", 0.0), elevation_rad=elevation)
    return slant, np.tan(elevation)


def _frequency(frequency_hz: float) -> float:
    return number("frequency_hz", frequency_hz, "Hz", LOWEST_HZ, HIGHEST_HZ)


def _air(air: Air) -> Air:
    return Air(
        number("air.vapour_kg_m3", air.vapour_kg_m3, "kg/m³", 0.0, 0.1),
        number("air.rain_rate_mm_h", air.rain_rate_mm_h, "mm/h", 0.0),
        number("air.rain_top_m", air.rain_top_m, "m"),
        math.inf if air.rain_extent_m == math.inf else number("air.rain_extent_m", air.rain_extent_m, "m", 0.0),
    )
