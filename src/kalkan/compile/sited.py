"""The first half of compilation: what stands where, and what it can see and reach.

A scenario's systems become radars, fire units and interceptors as arrays. The loop's plan
(:mod:`kalkan.compile.bridge`) adds what flies and what decides; coverage (:mod:`kalkan.cover.laydown`) looks around
from it. Both read the same claims, frames, horizons and tables.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from kalkan.arrays import F4, F8, Struct
from kalkan.compile.claim import RangeClaim, range_claim
from kalkan.compile.classes import asked
from kalkan.compile.defence import compile_interceptors, compile_units, picture_frames
from kalkan.compile.ground import require_sites
from kalkan.compile.inputs import Inputs
from kalkan.compile.layout import Layout, lay_out
from kalkan.compile.radars import Horizons, Progress, compile_radars
from kalkan.compile.threats import compile_kinds
from kalkan.compile.weather import RadarAir, radar_airs
from kalkan.earth.frames import Frame
from kalkan.earth.terrain import Terrain
from kalkan.errors import Problem, ProblemsError
from kalkan.kernels.plan import INTERCEPTORS, LAUNCHERS, UNITS
from kalkan.scenario import Scenario
from kalkan.schema import MAX_TYPES


@dataclass(frozen=True)
class Sited:
    """Radars, fire units and interceptors of a scenario, in place.

    Attributes
    ----------
    layout : Layout
        Names and places.
    frames : list of Frame, n_post
        Of the pictures of the posts.
    claims : list of RangeClaim, n_radar
    airs : list of RadarAir, n_radar
        What the weather does to each radar's waves; empty without weather.
    kinds : structured array (n_type,), ``kalkan.kernels.plan.KINDS``
    rcs_dbsm : float64 (n_type, n_radar, 3)
        Nose, beam and tail of each type in each radar's band [dB above 1 m²].
    radars : structured array (n_radar,), ``kalkan.kernels.plan.RADARS``
    p_d : float64 (n_radar, 5, n_snr)
        Probability of detection [1] by Swerling class and SNR.
    horizon : float32
        All horizon tables, one behind the other.
    missiles : list of str
        Interceptor types that are carried, sorted.
    units : structured array (n_unit,), ``kalkan.kernels.plan.UNITS``
    launchers : structured array (n_launcher,), ``kalkan.kernels.plan.LAUNCHERS``
    interceptors : structured array (n_interceptor,), ``kalkan.kernels.plan.INTERCEPTORS``
    flight_s, arrival_m_s : float64 (n_interceptor, n_range, n_altitude)
        Times of flight [s] and speeds on arrival [m/s].
    """

    layout: Layout
    frames: list[Frame]
    claims: list[RangeClaim]
    airs: list[RadarAir]
    kinds: Struct
    rcs_dbsm: F8
    radars: Struct
    p_d: F8
    horizon: F4
    missiles: list[str]
    units: Struct
    launchers: Struct
    interceptors: Struct
    flight_s: F8
    arrival_m_s: F8


def site(
    scenario: Scenario,
    inputs: Inputs,
    terrain: Terrain,
    types: Sequence[str],
    farthest_m: Callable[[Frame], float],
    *,
    part: Callable[[Layout], Layout] = lambda layout: layout,
    progress: Progress = lambda _: None,
    horizons: Horizons | None = None,
) -> Sited:
    """Site a scenario's defence.

    Parameters
    ----------
    scenario : Scenario
        Checked; its raids are not looked at.
    inputs : Inputs
        Whose figures.
    terrain : Terrain
    types : sequence of str
        Air vehicles of the catalogue that are to be seen.
    farthest_m : callable
        Distance [m] from an antenna's frame beyond which nothing needs to be seen.
    part : callable
        Takes what is asked about out of the layout; default all of it.
    progress : callable
        Told in words which horizon is being made.
    horizons : callable, optional
        Makes the horizon tables; default those of the run itself, kept on disk.

    Raises
    ------
    ProblemsError
        Sites are off the terrain, or more types of interceptor are carried than the loop has room for.
    TerrainError, CatalogueError
        Heights or figures are missing where they must not.
    """
    layout = part(lay_out(scenario, inputs))
    require_sites(scenario, terrain)
    frames = picture_frames(layout, terrain)
    bands = [inputs.word(r.entry, "band") for r in layout.radars]
    kinds, rcs_dbsm = compile_kinds(list(types), bands, inputs)
    claims = [range_claim(r.entry, inputs) for r in layout.radars]
    radars, p_d, horizon = compile_radars(
        layout, claims, frames, farthest_m, inputs, terrain, scenario.region, {int(s) for s in kinds["swerling"]},
        progress, horizons,
    )  # fmt: skip
    missiles = sorted({m for u in layout.units for m in u.loads})
    if len(missiles) > MAX_TYPES:
        raise ProblemsError([Problem("systems", f"carry {len(missiles)} types of interceptor, at most {MAX_TYPES}")])
    classes = asked(types, inputs)
    units, launchers = np.zeros(0, UNITS), np.zeros(0, LAUNCHERS)
    if layout.units:
        units, launchers = compile_units(
            layout, frames, missiles, classes, terrain, scenario.command.crew_load, inputs
        )
    interceptors, flight_s, arrival_m_s = np.zeros(0, INTERCEPTORS), np.zeros((0, 1, 1)), np.zeros((0, 1, 1))
    if missiles:
        interceptors, flight_s, arrival_m_s = compile_interceptors(missiles, classes, inputs)
    airs = radar_airs(scenario.weather, layout.radars, claims, inputs, scenario.region.refraction_k)
    return Sited(
        layout, frames, claims, airs, kinds, rcs_dbsm, radars, p_d, horizon, missiles, units, launchers, interceptors,
        flight_s, arrival_m_s,
    )  # fmt: skip
