"""Weather in the loop: what absorption, rain and the sea's reflection take from one look's signal."""

from __future__ import annotations

import math

from kalkan.earth.horizon import azimuth_turns
from kalkan.jit import kernel
from kalkan.kernels.plan import AirAndSea
from kalkan.models.multipath import BEAM_EDGE, LEAST_HEIGHT_M, factor_of, reflection
from kalkan.models.propagation import interpolate_loss
from kalkan.models.rain import path_below_m


@kernel
def weather_loss_db(
    weather: AirAndSea, r: int, range_max_m: float, antenna_m: float, radius_m: float, e: float, n: float,
    slant_m: float, ground_m: float, height_m: float, tan_elevation: float,
) -> float:  # fmt: skip
    """Two-way loss [dB] beyond the clear-air loss that the range claim of radar `r` contains.

    Parameters
    ----------
    r : int
        Row of the weather's tables.
    range_max_m, antenna_m, radius_m : float
        Instrumented range, altitude of the antenna, and effective earth radius towards the target [m].
    e, n : float
        East and north of the target in the antenna's frame [m].
    slant_m, ground_m, height_m, tan_elevation : float
        Slant and ground range [m], altitude [m] and apparent elevation tangent [1] of the target.
    """
    air = weather.radars
    loss = interpolate_loss(weather.gas_db, r, range_max_m, slant_m, tan_elevation)
    if air.rain_db_m[r] > 0.0:
        length = min(slant_m, weather.rain_extent_m)
        loss += air.rain_db_m[r] * path_below_m(length, tan_elevation, antenna_m, weather.rain_top_m, radius_m)
    if weather.lobing:
        loss -= lobing_db(weather, r, e, n, antenna_m, ground_m, height_m, tan_elevation, radius_m)
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
