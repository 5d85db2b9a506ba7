"""Jammers, clutter and resolution → what the signals of each radar compete with besides its own noise."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from kalkan.arrays import F4, F8, Struct
from kalkan.compile.claim import RangeClaim
from kalkan.compile.clutter import OFF, clutter_tables, filter_columns, lift_1_m, reach_m
from kalkan.compile.flying import Flying
from kalkan.compile.inputs import MODEL, Inputs, keys
from kalkan.compile.layout import Standing
from kalkan.earth.geodesy import geodetic_to_ecef
from kalkan.earth.terrain import Terrain
from kalkan.kernels.plan import JAMMERS, RECEIVERS, Interference, struct
from kalkan.models.jamming import gain_of_beam, jam_to_noise_at_1m
from kalkan.models.radar import LIGHT_M_S
from kalkan.scenario import Jammer, Scenario


class Antennas(NamedTuple):
    """Antennas that may be disturbed: the defence's radars, or the places where those of others stand."""

    sites: Sequence[Standing]
    claims: list[RangeClaim]
    radars: Struct  # with the horizon's fields and the range of RADARS
    horizon: F4


def compile_interference(
    scenario: Scenario, antennas: Antennas, flying: Flying, inputs: Inputs, terrain: Terrain, *, resolves: bool = True
) -> Interference:
    """What else than its own noise the signals of each antenna compete with.

    Parameters
    ----------
    scenario : Scenario
    antennas : Antennas
    flying : Flying
    resolves : bool
        Whether what is in one of their cells may give one plot.
    """
    sites, table = antennas.sites, scenario.surface_clutter if antennas.sites else None
    resolution = resolves and scenario.sensing is not None and scenario.sensing.resolution
    emitters = [e for jammer in sorted(scenario.jammers, key=lambda x: x.name) for e in _emitters(jammer, flying)]
    emitters = emitters if sites else []
    on = bool(emitters) or resolution or table is not None
    receivers = _receivers(scenario, antennas, resolution, inputs) if on else np.zeros(0, RECEIVERS)
    jammers = struct(
        JAMMERS,
        key=keys([f"{jammer.name}/{flying.names[i]}" if i >= 0 else jammer.name for jammer, i in emitters]),
        threat=np.array([i for _, i in emitters], np.int64),
        position_m=np.array([_place_m(jammer, terrain) for jammer, _ in emitters]).reshape(-1, 3),
    )
    jam = np.array([[_at_1m(site, jammer, inputs) for jammer, _ in emitters] for site in sites if emitters])
    clutter = OFF
    if table is not None:
        clutter = clutter_tables(
            table, sites, antennas.claims, inputs, antennas.radars, antennas.horizon, receivers, terrain
        )
    lift = lift_1_m(scenario.region.refraction_k) if table is not None else 0.0
    return Interference(
        int(on), int(resolution), int(table is not None), lift, jammers, receivers,
        jam.reshape(len(sites), len(emitters)), *clutter,
    )  # fmt: skip


def _emitters(jammer: Jammer, flying: Flying) -> list[tuple[Jammer, int]]:
    """A jammer once for each threat that carries it; -1: none does."""
    if jammer.carried_by is None:
        return [(jammer, -1)]
    return [(jammer, i) for i, group in enumerate(flying.raid_of) if group == jammer.carried_by]


def _place_m(jammer: Jammer, terrain: Terrain) -> F8:
    """Where it stands, ECEF [m]; zeros where it is carried."""
    if jammer.position is None or jammer.altitude is None:
        return np.zeros(3)
    lat, lon = jammer.position
    ground = terrain.site_elevation(lat, lon) if jammer.altitude.above == "ground" else 0.0
    place = geodetic_to_ecef(math.radians(lat), math.radians(lon), jammer.altitude.metres + ground)
    return np.array([float(v) for v in place])


def _at_1m(site: Standing, jammer: Jammer, inputs: Inputs) -> float:
    """Jamming over noise at 1 m in the main lobe [1]; 0 in another band."""
    if inputs.word(site.entry, "band") not in jammer.bands:
        return 0.0
    gain = gain_of_beam(*(inputs.number(site.entry, f"{of}_beamwidth") for of in ("azimuth", "elevation")))
    wavelength_m = LIGHT_M_S / inputs.number(site.entry, "frequency")
    figure_db = inputs.number(site.entry, "noise_figure")
    return jam_to_noise_at_1m(jammer.effective_power_w, jammer.bandwidth_hz, gain, wavelength_m, figure_db)


def _receivers(scenario: Scenario, antennas: Antennas, resolution: bool, inputs: Inputs) -> Struct:
    """Beams, and what each part that is on needs; of a part that is off what makes it do nothing."""
    sites = antennas.sites
    n = len(sites)

    def column(quantity: str) -> F8:
        return np.array([inputs.number(s.entry, quantity) for s in sites])

    def of_rate(entry: str) -> float:
        claimed = inputs.claimed(entry, "radial_speed_resolution")
        return inputs.number(entry, "radial_speed_resolution") if claimed else math.inf

    columns = {
        "cell_m": column("range_resolution") if resolution else np.zeros(n),
        "cell_m_s": np.array([of_rate(s.entry) for s in sites]) if resolution else np.zeros(n),
        "strobe": np.full(n, 10.0 ** (inputs.number(MODEL, "strobe_threshold") / 10.0) if scenario.jammers else 0.0),
    }
    if scenario.surface_clutter is None:
        columns |= {name: np.full(n, math.inf) for name in ("blind_m_s", "fold_m")}
        columns |= {name: np.ones(n) for name in ("notch_m_s", "attenuation", "clutter_reach_m")}
    else:
        columns |= filter_columns(sites, inputs)
        columns["clutter_reach_m"] = np.array([reach_m(radar) for radar in antennas.radars])
    return struct(
        RECEIVERS,
        azimuth_beam_rad=column("azimuth_beamwidth"),
        elevation_beam_rad=column("elevation_beamwidth"),
        sidelobe=10.0 ** (-column("sidelobe_level") / 10.0),
        **columns,
    )
