"""The laydown: a scenario's radars, fire units and interceptors against one type of target."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from kalkan.arrays import F4, F8, Struct
from kalkan.catalogue import Catalogue, read_stance
from kalkan.compile.arrived import arrived
from kalkan.compile.ballistic import compile_ballistic, flies
from kalkan.compile.defence import acquisition_s, reaction_s
from kalkan.compile.ground import require_sites, terrain_of
from kalkan.compile.inputs import Inputs
from kalkan.compile.layout import Layout
from kalkan.compile.radars import Horizons
from kalkan.compile.shared import Shared
from kalkan.compile.sited import Sited, site
from kalkan.compile.weather import RadarAir
from kalkan.cover.loss import LOSSLESS, LossTable, loss_of
from kalkan.earth.frames import Frame
from kalkan.earth.terrain import Terrain
from kalkan.errors import ProblemsError
from kalkan.kernels.ballistic import Ballistic
from kalkan.scenario import Scenario, Weather

Losses = Callable[[RadarAir, Weather, float, float], LossTable]
FARTHEST_M = 450_000.0  # no map reaches farther: the horizon of a target at 10 km from a low site


@dataclass(frozen=True)
class Target:
    """A type of air vehicle, as radars and interceptors meet it.

    Attributes
    ----------
    entry : str
        Catalogue entry.
    name : str
        Its name for readers.
    rcs_dbsm : ndarray, shape (n_radar, 3)
        Nose, beam, tail in each radar's band [dB above 1 m²].
    swerling : int
        Fluctuation class.
    speed_m_s : float
        Cruise speed; of a ballistic missile its highest [m/s].
    """

    entry: str
    name: str
    rcs_dbsm: F8
    swerling: int
    speed_m_s: float


@dataclass(frozen=True)
class Laydown:
    """Everything that coverage is computed from.

    Attributes
    ----------
    scenario : Scenario
    terrain : Terrain
    layout : Layout
        Names and places of radars and fire units.
    target : Target
    radars : structured array, shape (n_radar,)
        ``kalkan.kernels.plan.RADARS``.
    horizon : ndarray of float32
        All horizon tables, one behind the other.
    needed_db : dict of float to ndarray, shape (n_radar,)
        SNR [dB] that each probability of detection takes.
    losses : list of LossTable
        Loss on the way, by radar.
    units : structured array, shape (n_unit,)
        ``kalkan.kernels.plan.UNITS``.
    reaction_s, assessment_s : ndarray, shape (n_unit,)
        From first sight to launch, and from intercept to the next launch [s].
    interceptors, flight_s
        ``kalkan.kernels.plan.INTERCEPTORS`` and fly-out times [s].
    interceptor_names : list of str
    inputs : list of dict
        Every figure used, with its claimant.
    figures : Inputs
        Where more of them come from.
    ballistic : Ballistic
        Envelopes against ballistic missiles, if the target is one.
    """

    scenario: Scenario
    terrain: Terrain
    layout: Layout
    target: Target
    radars: Struct
    horizon: F4
    p_d: F8
    needed_db: dict[float, F8]
    losses: list[LossTable]
    units: Struct
    reaction_s: F8
    assessment_s: F8
    interceptors: Struct
    flight_s: F8
    interceptor_names: list[str]
    inputs: list[dict[str, Any]]
    figures: Inputs
    ballistic: Ballistic

    @property
    def k(self) -> float:
        """Effective-earth factor [1]."""
        return float(self.scenario.region.refraction_k)

    @property
    def radar_names(self) -> list[str]:
        """Radars in the order of `radars`."""
        return [r.name for r in self.layout.radars]

    def nominal_range_m(self, p_d: float = 0.5) -> F8:
        """Slant range [m] of each radar against the target's nose in free space, within the instrumented range.

        The radius of the circle that is usually drawn: no horizon, no terrain.
        """
        budget_db = self.radars["snr_1m_db"] + self.target.rcs_dbsm[:, 0] - self.needed_db[p_d]
        return np.minimum(10.0 ** (budget_db / 40.0), self.radars["range_max_m"])


def lay_down(
    scenario: Scenario,
    catalogue: Catalogue,
    target: str,
    p_d: tuple[float, ...] = (0.5, 0.9),
    progress: Callable[[str], None] | None = None,
    terrain: Terrain | None = None,
    part: Callable[[Layout], Layout] = lambda layout: layout,
    farthest_m: Callable[[Frame], float] = lambda _: FARTHEST_M,
    horizons: Horizons | None = None,
    losses: Losses = loss_of,
    shared: Shared | None = None,
) -> Laydown:
    """Site a scenario's defence against one type of target; its raids are not looked at.

    Parameters
    ----------
    scenario : Scenario
        Checked.
    catalogue : Catalogue
    target : str
        An air vehicle of the catalogue.
    p_d : tuple of float
        Probabilities of detection that maps will be drawn for, above the radars' false-alarm probability.
    progress : callable, optional
        Told in words what is being made.
    terrain : Terrain, optional
        Opened before; default the scenario's.
    part : callable
        Takes what is asked about out of the layout; default all of it.
    farthest_m : callable
        Ground range [m] from an antenna's frame beyond which nothing is asked.
    horizons : callable, optional
        Makes the horizon tables; default those of the run itself, kept on disk.
    losses : callable
        Makes the loss on the way, as :func:`kalkan.cover.loss.loss_of`.
    shared : Shared, optional
        What was made before has in common with this.

    Raises
    ------
    ProblemsError
        Sites are off the terrain.
    TerrainError
        The terrain cannot be read, or heights are missing where they must not.
    """
    inputs = Inputs(catalogue.under(read_stance(scenario.stance, catalogue)), scenario.assume, shared)
    terrain = terrain or terrain_of(scenario, inputs.shared)
    require_sites(scenario, terrain)
    written, scenario = scenario, arrived(scenario, inputs)
    if not scenario.systems:
        raise ProblemsError([written.problem(("as_of",), "is before any system is ready: there is nothing to cover")])
    here = site(
        scenario, inputs, terrain, [target], farthest_m, part=part, progress=progress or (lambda _: None),
        horizons=horizons,
    )  # fmt: skip
    layout, swerling = here.layout, int(here.kinds["swerling"][0])
    falls, name = flies([target], inputs), catalogue.entry(target).name
    speed_m_s = inputs.number(target, "max_speed" if falls else "cruise_speed")
    ballistic = compile_ballistic(layout.units, here.missiles, [target], inputs)
    return Laydown(
        scenario=scenario,
        terrain=terrain,
        layout=layout,
        target=Target(target, name, here.rcs_dbsm[0], swerling, speed_m_s),
        radars=here.radars,
        horizon=here.horizon,
        p_d=here.p_d,
        needed_db={p: np.array([c.needed_snr_db(p, swerling) for c in here.claims]) for p in p_d},
        losses=_losses(here, scenario.weather, losses),
        units=here.units,
        reaction_s=np.array([_first_shot_s(layout, u.post, u.radar_entry, inputs) for u in layout.units]),
        assessment_s=np.array([inputs.number(layout.posts[u.post].entry, "assessment_time") for u in layout.units]),
        interceptors=here.interceptors,
        flight_s=here.flight_s,
        interceptor_names=here.missiles,
        inputs=inputs.rows(),
        figures=inputs,
        ballistic=ballistic,
    )


def _losses(here: Sited, weather: Weather | None, losses: Losses) -> list[LossTable]:
    """Loss on the way of every radar; nothing is lost without weather."""
    if weather is None:
        return [LOSSLESS] * len(here.radars)
    each = zip(here.airs, here.radars, strict=True)
    return [losses(air, weather, float(r["antenna_m"]), float(r["range_max_m"])) for air, r in each]


def _first_shot_s(layout: Layout, post: int, radar: str, inputs: Inputs) -> float:
    """From first sight by the engagement radar to launch [s]: orders, link and acquisition."""
    return reaction_s(layout.posts[post], inputs) + acquisition_s(radar, inputs)


def sites_deg(laydown: Laydown) -> F8:
    """Latitude and longitude [deg] of every radar, shape (n_radar, 2)."""
    return np.array([(r.site.lat_deg, r.site.lon_deg) for r in laydown.layout.radars])


def unit_range_m(laydown: Laydown, unit: int) -> float:
    """Claimed range [m] of the longest-reaching interceptor that a fire unit carries."""
    preferred = laydown.units["preference"][unit]  # by class of target
    carried = np.unique(preferred[preferred >= 0])
    return float(laydown.interceptors["range_max_m"][carried].max()) if carried.size else math.nan
