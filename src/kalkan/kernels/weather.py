"""Weather in the loop: what absorption, rain and the sea's reflection take from one look's signal."""

from __future__ import annotations

import math

from kalkan.arrays import Struct
from kalkan.earth.horizon import azimuth_turns
from kalkan.earth.refraction import local_radius
from kalkan.jit import kernel
from kalkan.kernels.plan import AirAndSea
from kalkan.models.multipath import BEAM_EDGE, LEAST_HEIGHT_M, factor_of, reflection
from kalkan.models.propagation import interpolate_loss
from kalkan.models.rain import path_below_m


@kernel
def weather_loss_db(
    weather: AirAndSea, radars: Struct, r: int, refraction_k: float, e: float, n: float, slant_m: float,
    ground_m: float, height_m: float, tan_elevation: float,
) -> float:  # fmt: skip
    """Two-way loss [dB] beyond the clear-air loss that the range claim of radar `r` contains.

    Parameters
    ----------
    e, n : float
        East and north of the target in the antenna's frame [m].
    slant_m, ground_m, height_m, tan_elevation : float
        Slant and ground range [m], altitude [m] and apparent elevation tangent [1] of the target.
    """
    air, antenna_m = weather.radars, radars.antenna_m[r]
    loss = interpolate_loss(weather.gas_db, r, radars.range_max_m[r], slant_m, tan_elevation)
    if air.rain_db_m[r] == 0.0 and not weather.lobing:
        return loss
    terms = (radars.lat_terms[r, 0], radars.lat_terms[r, 1], radars.lat_terms[r, 2])
    radius = refraction_k * local_radius(e, n, terms)
    if air.rain_db_m[r] > 0.0:
        length = min(slant_m, weather.rain_extent_m)
        loss += air.rain_db_m[r] * path_below_m(length, tan_elevation, antenna_m, weather.rain_top_m, radius)
    if weather.lobing:
        loss -= lobing_db(weather, r, e, n, antenna_m, ground_m, height_m, tan_elevation, radius)
    return loss


@kernel
def lobing_db(
    weather: AirAndSea, r: int, e: float, n: float, antenna_m: float, ground_m: float, height_m: float,
    tan_elevation: float, radius_m: float,
) -> float:  # fmt: skip
    """Two-way gain [dB] by interference with the sea's reflection; 0 where the reflecting point is not sea."""
    air = weather.radars
    if antenna_m <= LEAST_HEIGHT_M or ground_m < 1.0 or tan_elevation > BEAM_EDGE * air.beamwidth_rad[r]:
        return 0.0
    height = max(height_m, LEAST_HEIGHT_M)
    near, sine, difference = reflection(antenna_m, height, ground_m, radius_m)
    n_azimuth, n_range = weather.sea.shape[1], weather.sea.shape[2]
    j = int(near / air.sea_reach_m[r] * n_range)
    i = int(azimuth_turns(e, n) * n_azimuth + 0.5) % n_azimuth
    if j >= n_range or weather.sea[r, i, j] == 0:
        return 0.0
    water = complex(air.sea_real[r], air.sea_imaginary[r])
    factor = factor_of(
        near, sine, difference, antenna_m, height, ground_m, radius_m, air.wavelength_m[r], water, weather.wave_sigma_m,
        air.beamwidth_rad[r],
    )  # fmt: skip
    return 40.0 * math.log10(factor)
