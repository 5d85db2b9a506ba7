"""The scenario's weather → losses and reflecting sea, per radar."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from kalkan.arrays import F4, U1, Struct
from kalkan.compile.claim import RangeClaim
from kalkan.compile.inputs import Inputs
from kalkan.compile.layout import Standing
from kalkan.earth.geodesy import destination
from kalkan.earth.horizon import visible
from kalkan.earth.refraction import apparent_tan, effective_radius_m, local_radius
from kalkan.earth.terrain import Terrain
from kalkan.kernels.plan import AIRS, AirAndSea, struct
from kalkan.models import absorption, multipath, propagation
from kalkan.models.radar import LIGHT_M_S
from kalkan.scenario import Weather

SEA_N_AZIMUTH, SEA_N_RANGE = 360, 64
SEA_LEVEL_M = 0.5  # terrain within this of sea level counts as sea
WAVE_CREST_M = 1.0  # the sea counts as seen if a point this high above it is


class RadarAir(NamedTuple):
    """What the air of a scenario does to the waves of one radar.

    Attributes
    ----------
    frequency_hz : float
        For absorption and rain [Hz]; below 1 GHz as at 1 GHz, where both are little already.
    radius_m : float
        Effective earth radius [m].
    claim_loss_db : float
        Two-way absorption [dB] that the radar's range claim contains.
    rain_db_m : float
        Two-way loss of each metre in the rain [dB/m].
    """

    frequency_hz: float
    radius_m: float
    claim_loss_db: float
    rain_db_m: float


def radar_airs(
    table: Weather | None, sites: Sequence[Standing], claims: list[RangeClaim], inputs: Inputs, refraction_k: float
) -> list[RadarAir]:
    """The air of every radar; none without weather."""
    radius_m = effective_radius_m(refraction_k)

    def air_of(table: Weather, site: Standing, claim: RangeClaim) -> RadarAir:
        frequency = max(inputs.number(site.entry, "frequency"), absorption.FREQUENCY_MIN_HZ)
        contained = propagation.reference_loss_db(frequency, claim.range_m, radius_m)
        rain = propagation.two_way_rain_db_m(frequency, table.rain_rate_mm_h)
        return RadarAir(frequency, radius_m, contained, rain)

    return [air_of(table, s, c) for s, c in zip(sites, claims, strict=True)] if table else []


def compile_weather(
    table: Weather | None, airs: list[RadarAir], sites: Sequence[Standing], inputs: Inputs, radars: Struct,
    horizon: F4, terrain: Terrain, refraction_k: float,
) -> AirAndSea:  # fmt: skip
    """What the air and the sea do to each radar.

    Parameters
    ----------
    table : Weather or None
        None: no weather at all, every radar as in its range claim.
    airs : list of RadarAir
    sites : sequence of Standing
        In the order of `radars`.
    radars, horizon : array
        Of the plan.
    """
    if table is None:
        off = struct(AIRS, **{name: np.zeros(1) for name in AIRS.names or ()})
        return AirAndSea(0, 0.0, 0.0, 0, 0.0, off, np.zeros((1, 1, 1), np.float32), np.zeros((1, 1, 1), np.uint8))
    air = _airs(airs, sites, inputs, radars)
    sea = np.zeros((1, 1, 1), np.uint8)
    if table.sea_lobing:
        each = zip(sites, radars, air, strict=True)
        sea = np.array([_sea(s, radar, a, horizon, terrain, refraction_k) for s, radar, a in each])
    extent = math.inf if table.rain_extent_m is None else table.rain_extent_m
    wave_sigma_m = multipath.WAVE_SIGMA_SHARE * table.wave_height_m
    gas = np.array([_gas_table(table, a, radar) for a, radar in zip(airs, radars, strict=True)])
    return AirAndSea(1, table.rain_height_m, extent, int(table.sea_lobing), wave_sigma_m, air, gas, sea)


def _airs(airs: list[RadarAir], sites: Sequence[Standing], inputs: Inputs, radars: Struct) -> Struct:
    frequency = np.array([inputs.number(s.entry, "frequency") for s in sites])
    water = np.array([multipath.sea_permittivity(float(f)) for f in frequency])
    return struct(
        AIRS,
        rain_db_m=[a.rain_db_m for a in airs],
        wavelength_m=LIGHT_M_S / frequency,
        sea_real=water.real,
        sea_imaginary=water.imag,
        beamwidth_rad=[inputs.number(s.entry, "elevation_beamwidth") for s in sites],
        sea_reach_m=np.sqrt(2.0 * np.array([a.radius_m for a in airs]) * np.maximum(radars["antenna_m"], 1.0)),
    )


def _gas_table(table: Weather, air: RadarAir, radar: Struct) -> F4:
    """Absorption beyond what a radar's range claim contains [dB]."""
    gas = propagation.gas_table(
        float(radar["range_max_m"]), frequency_hz=air.frequency_hz, antenna_m=float(radar["antenna_m"]),
        radius_m=air.radius_m, vapour_kg_m3=table.water_vapour_kg_m3,
    )  # fmt: skip
    return np.asarray(gas - np.float32(air.claim_loss_db))


def _sea(site: Standing, radar: Struct, air: Struct, horizon: F4, terrain: Terrain, k: float) -> U1:
    """Which cells around an antenna are sea that it sees; shape (SEA_N_AZIMUTH, SEA_N_RANGE)."""
    azimuth = np.arange(SEA_N_AZIMUTH) * (2.0 * math.pi / SEA_N_AZIMUTH)
    away = (np.arange(SEA_N_RANGE) + 0.5) * (float(air["sea_reach_m"]) / SEA_N_RANGE)
    lat, lon = destination(
        math.radians(site.site.lat_deg), math.radians(site.site.lon_deg), azimuth[:, None], away[None, :]
    )
    water = np.abs(terrain.elevation(np.degrees(lat), np.degrees(lon))) < SEA_LEVEL_M
    first, n_azimuth, n_range = (int(radar[f"horizon_{x}"]) for x in ("first", "n_azimuth", "n_range"))
    h0, farthest_m = float(radar["antenna_m"]), float(radar["horizon_radius_m"])
    terms = (float(radar["lat_terms"][0]), float(radar["lat_terms"][1]), float(radar["lat_terms"][2]))
    for i, j in np.argwhere(water):
        e, n, d = math.sin(azimuth[i]), math.cos(azimuth[i]), float(away[j])
        tangent = apparent_tan(d, WAVE_CREST_M, h0, k * local_radius(e, n, terms))
        water[i, j] = visible(horizon, first, n_azimuth, n_range, farthest_m, e, n, d, tangent)
    return water.astype(np.uint8)
