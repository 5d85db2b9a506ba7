"""Radar sites → radar arrays, detection tables and horizon tables."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Hashable

import numpy as np

from kalkan.arrays import F4, F8, Struct
from kalkan.compile.claim import RangeClaim
from kalkan.compile.inputs import MODEL, Inputs, keys
from kalkan.compile.layout import Layout, RadarSite
from kalkan.earth.frames import Frame, between, frame
from kalkan.earth.heights import Between, at_height
from kalkan.earth.horizon import N_AZ, N_RNG, Clutter, HorizonTable, load_or_build
from kalkan.earth.refraction import curvature_terms
from kalkan.earth.refractivity import Layers
from kalkan.earth.terrain import Terrain
from kalkan.kept import Kept, kept_on_disk
from kalkan.kernels.plan import ASSUMED_SWERLING, LOOK_ENGAGE, LOOK_SEARCH, RADARS, SNR_MIN_DB, SNR_STEP_DB, struct
from kalkan.models.detection import p_d_table
from kalkan.scenario import Region

N_SNR = 1601
COARSER = 4  # a horizon between two heights has so many times fewer azimuths: it errs by more for other reasons
RADIUS_STEP_M = 50_000.0  # horizon tables come in these steps, so that similar scenarios share them
Progress = Callable[[str], None]
Antenna = tuple[float, float, float, float, float, int, int, Clutter, Layers]
Horizons = Callable[[Terrain, Antenna], HorizonTable]  # makes a table from what it depends on


def compile_radars(
    layout: Layout, claims: list[RangeClaim], frames: list[Frame], farthest_m: Callable[[Frame], float],
    inputs: Inputs, terrain: Terrain, region: Region, swerling: set[int], progress: Progress,
    horizons: Horizons | None = None,
) -> tuple[Struct, F8, F4]:  # fmt: skip
    """All radars, their detection tables, and their horizon tables in one array.

    Parameters
    ----------
    claims : list of RangeClaim
        Of the radars.
    frames : list of Frame
        Of the pictures.
    farthest_m : callable
        Largest distance [m] of any threat's path from a frame: nothing needs to be seen beyond.
    swerling : set of int
        Fluctuation classes that occur; the tables of others stay zero.
    progress : callable
        Told which horizon is being made.
    horizons : callable, optional
        Makes the horizon tables; default those of the run itself, kept on disk.
    """
    sites = layout.radars
    antennas = [
        frame(s.site.lat_deg, s.site.lon_deg, terrain.site_elevation(s.site.lat_deg, s.site.lon_deg) + s.height_m)
        for s in sites
    ]
    turns = [between(a, frames[s.frame]) for a, s in zip(antennas, sites, strict=True)]
    instrumented = _column(sites, inputs, "instrumented_range")
    reaches = [min(reach, farthest_m(a)) for a, reach in zip(antennas, instrumented, strict=True)]
    keys_of: list[Hashable] = []
    tables: dict[Hashable, HorizonTable | Between] = {}
    for s, reach in zip(sites, reaches, strict=True):
        antenna, drawn = _antenna(s, reach, terrain, region), inputs.drawn(s.entry, "antenna_height")
        keys_of.append((terrain.identity, *antenna, drawn))
        if keys_of[-1] not in tables:
            tables[keys_of[-1]] = (
                _table_of(s, reach, terrain, region, progress, inputs.shared.horizons if drawn else None)
                if horizons is None
                else horizons(terrain, antenna)
            )
    horizon, first = inputs.shared.shelves.together(tables, keys_of, inputs.draw)
    radars = struct(
        RADARS,
        key=keys([s.identity for s in sites]),
        picture=np.array([s.frame if s.feeds else -1 for s in sites], np.int64),
        role=np.array([LOOK_ENGAGE if s.engages else LOOK_SEARCH for s in sites], np.int64),
        position_m=np.array([a.origin_m for a in antennas]),
        to_local=np.array([a.axes for a in antennas]),
        to_picture=np.array([t[0] for t in turns]),
        offset_m=np.array([t[1] for t in turns]),
        antenna_m=np.array([a.altitude_m for a in antennas]),
        lat_terms=np.array([curvature_terms(math.radians(s.site.lat_deg)) for s in sites]),
        scan_period_s=np.array(
            [inputs.number(s.entry, "search_period" if s.engages else "scan_period") for s in sites]
        ),
        sector_rad=_column(sites, inputs, "sector_width"),
        boresight_rad=np.array([s.boresight_rad for s in sites]),
        range_min_m=_column(sites, inputs, "min_range"),
        range_max_m=instrumented,
        tan_elevation_min=np.tan(_column(sites, inputs, "elevation_min")),
        tan_elevation_max=np.tan(_column(sites, inputs, "elevation_max")),
        snr_1m_db=np.array([c.snr_1m_db for c in claims]),
        snr_reference_db=np.array([c.snr_db for c in claims]),
        range_sigma_m=_column(sites, inputs, "range_sigma"),
        azimuth_sigma_rad=_column(sites, inputs, "azimuth_sigma"),
        elevation_sigma_rad=_column(sites, inputs, "elevation_sigma"),
        rate_sigma_m_s=np.array([_rate_sigma(s.entry, inputs) for s in sites]),
        noise_floor=np.full(len(sites), inputs.number(MODEL, "noise_floor_fraction")),
        false_alarms_per_scan=_column(sites, inputs, "false_alarms_per_scan"),
        horizon_first=np.array(first, np.int64),
        horizon_n_azimuth=np.array([tables[k].n_az for k in keys_of], np.int64),
        horizon_n_range=np.array([tables[k].n_rng for k in keys_of], np.int64),
        horizon_radius_m=np.array([tables[k].radius_m for k in keys_of]),
    )
    return radars, detection_tables(claims, swerling), horizon


def _column(sites: list[RadarSite], inputs: Inputs, quantity: str) -> F8:
    return np.array([inputs.number(s.entry, quantity) for s in sites])


def _rate_sigma(entry: str, inputs: Inputs) -> float:
    """1-sigma error of the range rate [m/s]; infinite for a radar of which no claim says that it measures it."""
    claimed = inputs.claimed(entry, "radial_speed_sigma")
    return inputs.number(entry, "radial_speed_sigma") if claimed else math.inf


def detection_tables(claims: list[RangeClaim], swerling: set[int]) -> F8:
    """Probability of detection [1], (radar, 5, SNR), for the fluctuation classes that occur; others stay zero."""
    tables = np.zeros((len(claims), 5, N_SNR))
    high = SNR_MIN_DB + SNR_STEP_DB * (N_SNR - 1)
    for i, claim in enumerate(claims):
        for case in swerling | {ASSUMED_SWERLING}:
            tables[i, case] = _detection_table(case, claim.n_pulses, claim.p_fa, SNR_MIN_DB, high, N_SNR)
    return tables


@functools.lru_cache(maxsize=256)
@kept_on_disk
def _detection_table(swerling: int, n_pulses: int, p_fa: float, low_db: float, high_db: float, n: int) -> F8:
    return p_d_table(swerling, n_pulses, p_fa, low_db, high_db, n)


def horizon_of(site: RadarSite, reach_m: float, terrain: Terrain, region: Region, progress: Progress) -> HorizonTable:
    """The antenna's horizon out to `reach_m`, from the cache or made now."""
    progress(f"horizon of {site.name}")
    return load_or_build(terrain, *_antenna(site, reach_m, terrain, region))


def _table_of(
    site: RadarSite, reach_m: float, terrain: Terrain, region: Region, progress: Progress,
    between: Kept[HorizonTable] | None,
) -> HorizonTable | Between:  # fmt: skip
    """As :func:`horizon_of`; for a height that is drawn, between those of two heights that are kept."""
    if between is None:
        return horizon_of(site, reach_m, terrain, region, progress)
    progress(f"horizon of {site.name}")
    lat_deg, lon_deg, height_m, radius_m, k, n_az, n_rng, clutter, layers = _antenna(site, reach_m, terrain, region)
    n_az = max(n_az // COARSER, 4)
    return at_height(terrain, lat_deg, lon_deg, height_m, radius_m, k, n_az, n_rng, clutter, layers, kept=between)


def _antenna(site: RadarSite, reach_m: float, terrain: Terrain, region: Region) -> Antenna:
    """What a horizon table depends on besides the terrain."""
    radius_m = math.ceil(reach_m / RADIUS_STEP_M) * RADIUS_STEP_M
    n_az, n_rng = (4, N_RNG) if terrain.is_flat and not region.clutter_height_m else (N_AZ, N_RNG)
    clutter = Clutter(region.clutter_height_m, region.clutter_clear_m if region.clutter_height_m else 0.0)
    place = (site.site.lat_deg, site.site.lon_deg, site.height_m)
    return *place, radius_m, region.refraction_k, n_az, n_rng, clutter, region.layers
