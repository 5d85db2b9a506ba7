"""Land and sea around each antenna → the clutter that its signals compete with, and the false plots left of it.

What an antenna sees is in its horizon table already: the running maximum M of the ground's elevation tangent over the
range R. Where M grows, ground is in sight, under the grazing angle R dM/dR; where it does not, nothing is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from kalkan.arrays import F4, F8, Struct
from kalkan.compile.claim import RangeClaim
from kalkan.compile.inputs import MODEL, Inputs
from kalkan.compile.layout import Standing
from kalkan.earth.geodesy import destination
from kalkan.earth.refraction import effective_radius_m
from kalkan.earth.terrain import Terrain
from kalkan.models import clutter
from kalkan.models.jamming import pattern
from kalkan.models.radar import LIGHT_M_S
from kalkan.scenario import SurfaceClutter

N_AZIMUTH, N_RANGE = 360, 256
SEA_LEVEL_M = 0.5  # terrain within this of sea level counts as sea
FEWEST_HZ = 100.0  # no radar sends fewer pulses a second: fewer stand for staggered ones


class ClutterTables(NamedTuple):
    """Tables of all radars; see ``kernels.plan.Interference``."""

    clutter: F4
    surface_rad: F4
    spikes: F8


OFF = ClutterTables(np.zeros((0, 1, 1), np.float32), np.zeros((0, 1, 1), np.float32), np.zeros((0, 1)))


def clutter_tables(
    table: SurfaceClutter, sites: Sequence[Standing], claims: list[RangeClaim], inputs: Inputs, radars: Struct,
    horizon: F4, receivers: Struct, terrain: Terrain,
) -> ClutterTables:  # fmt: skip
    """Clutter around every radar.

    Parameters
    ----------
    table : SurfaceClutter
    sites, claims : list
        In the order of `radars`.
    radars, horizon, receivers : array
        Of the plan.
    """
    found = []
    for site, claim, radar, receiver in zip(sites, claims, radars, receivers, strict=True):
        edges, tangent = _seen(radar, horizon, float(receiver["clutter_reach_m"]))
        reflectivity = _reflectivity(table, site, inputs, edges, tangent, terrain)
        found.append(_of_radar(reflectivity, edges, tangent, site, claim, receiver, inputs))
    return ClutterTables(*(np.array(part) for part in zip(*found, strict=True)))


def reach_m(radar: Struct) -> float:
    """Outermost range of a radar's tables [m]."""
    return float(min(radar["range_max_m"], radar["horizon_radius_m"]))


def _seen(radar: Struct, horizon: F4, out_to_m: float) -> tuple[F8, F8]:
    """Edges of the ranges [m], and the highest tangent up to each of them, (N_AZIMUTH, N_RANGE + 1)."""
    first, n_azimuth, n_range = (int(radar[f"horizon_{x}"]) for x in ("first", "n_azimuth", "n_range"))
    rows = horizon[first : first + n_azimuth * n_range].reshape(n_azimuth, n_range)
    rows = rows[np.round(np.arange(N_AZIMUTH) * n_azimuth / N_AZIMUTH).astype(int) % n_azimuth].astype(np.float64)
    edges = out_to_m * (np.arange(N_RANGE + 1) / N_RANGE) ** 2
    x = np.maximum(edges * n_range / float(radar["horizon_radius_m"]), 1e-9)
    j = np.clip(x.astype(int), 1, n_range - 1)
    inner, outer = rows[:, j - 1], rows[:, j]
    between = inner + (x - j) * (j + 1.0) / x * (outer - inner)
    return edges, np.where(x < 1.0, np.minimum(inner, inner / x), between)


def _reflectivity(
    table: SurfaceClutter, site: Standing, inputs: Inputs, edges: F8, tangent: F8, terrain: Terrain
) -> F8:
    """Cross-section per area [1] of what is seen between the edges; 0 where nothing is."""
    middle = 0.5 * (edges[1:] + edges[:-1])
    grazing = np.arctan(middle * np.maximum(np.diff(tangent, axis=1), 0.0) / np.diff(edges))
    azimuth = np.arange(N_AZIMUTH) * (2.0 * math.pi / N_AZIMUTH)
    lat, lon = destination(
        math.radians(site.site.lat_deg), math.radians(site.site.lon_deg), azimuth[:, None], middle[None, :]
    )
    sea = np.abs(terrain.elevation(np.degrees(lat), np.degrees(lon))) < SEA_LEVEL_M
    frequency = inputs.number(site.entry, "frequency")
    land = clutter.land_reflectivity(grazing, inputs.number(MODEL, "land_gamma"), frequency)
    found = np.where(sea, clutter.sea_reflectivity(grazing, table.sea_state, frequency), land)
    return np.asarray(np.where(grazing > 0.0, found, 0.0))


def _of_radar(
    reflectivity: F8, edges: F8, tangent: F8, site: Standing, claim: RangeClaim, receiver: Struct, inputs: Inputs
) -> tuple[F4, F4, F8]:
    """Clutter over noise, elevations and running sum of spikes of one radar."""
    middle, beam = 0.5 * (edges[1:] + edges[:-1]), float(receiver["azimuth_beam_rad"])
    cell_m = inputs.number(site.entry, "range_resolution")
    area = np.maximum(middle, 1.0) * beam * cell_m
    over_noise = 10.0 ** (claim.snr_1m_db / 10.0) * reflectivity * area / np.maximum(middle, 1.0) ** 4
    over_noise[:, 0] = 0.0  # below the antenna
    elevation = np.arctan(tangent[:, 1:])
    weight = np.vectorize(pattern)(0.0, elevation / float(receiver["elevation_beam_rad"]), float(receiver["sidelobe"]))
    residue = over_noise * weight**2 / float(receiver["attenuation"])
    cells = np.diff(edges) / cell_m * (2.0 * math.pi / N_AZIMUTH) / beam
    spikes = cells * clutter.spike_probability(residue, claim.p_fa, inputs.number(MODEL, "clutter_spikiness"))
    running = np.concatenate([[0.0], np.cumsum(spikes.ravel())])
    return over_noise.astype(np.float32), elevation.astype(np.float32), running


def lift_1_m(refraction_k: float) -> float:
    """By how much a ray's apparent elevation is above the geometric one, for each metre of range [1/m]."""
    return 0.5 * (1.0 / effective_radius_m(1.0) - 1.0 / effective_radius_m(refraction_k))


def filter_columns(sites: Sequence[Standing], inputs: Inputs) -> dict[str, F8]:
    """Notch, blind speed, fold and attenuation of each radar's moving-target filter."""
    repetition = [inputs.number(s.entry, "pulse_repetition_frequency") for s in sites]
    repetition = [f if f >= FEWEST_HZ else 0.0 for f in repetition]
    wavelength = [LIGHT_M_S / inputs.number(s.entry, "frequency") for s in sites]
    attenuation_db = np.array([inputs.number(s.entry, "clutter_attenuation") for s in sites])
    return {
        "notch_m_s": np.array([inputs.number(s.entry, "notch_speed") for s in sites]),
        "blind_m_s": np.array(
            [clutter.blind_speed_m_s(w, f) if f else math.inf for w, f in zip(wavelength, repetition, strict=True)]
        ),
        "fold_m": np.array([LIGHT_M_S / (2.0 * f) if f else math.inf for f in repetition]),
        "attenuation": 10.0 ** (attenuation_db / 10.0),
    }
