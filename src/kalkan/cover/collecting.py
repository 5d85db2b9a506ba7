"""From a scenario to what is collected: its friendly flights past all of its radars, in its own claims."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from kalkan.arrays import F8
from kalkan.catalogue import Catalogue, read_stance
from kalkan.compile.flying import compile_flying
from kalkan.compile.ground import require_ground, terrain_of
from kalkan.compile.inputs import Inputs
from kalkan.compile.shared import Shared
from kalkan.cover.exposure import Airframe, Exposed, Sectors, expose, passings, watch_of
from kalkan.cover.laydown import Laydown, lay_down
from kalkan.errors import Problem, ProblemsError
from kalkan.models.exposure import in_db, luneburg_rcs_m2, relative_error, unmasked_error
from kalkan.models.radar import LIGHT_M_S
from kalkan.scenario import Exposure, Scenario
from kalkan.schema import FRIENDLY, SIDES

ENTRY = "signature-exposure"
QUARTERS = {"nose": (0.0, 0.25 * np.pi), "beam": (0.25 * np.pi, 0.75 * np.pi), "tail": (0.75 * np.pi, np.pi)}
"""Parts of the circle of aspects, by angle from the nose [rad]; a sector belongs to the one that holds its middle."""
_EDGE = 1e-9


@dataclass(frozen=True)
class Peacetime:
    """What flying in peacetime is taken to be.

    Attributes
    ----------
    days : int
    sorties_per_day : float
        Of each type [1].
    radiating_share : float
        Share of the flying time in which radars transmit [1].
    calibration : float
        Relative 1-sigma error of a radar's scale [1].
    background : float
        Relative 1-sigma error of the level of noise and clutter under the looks [1].
    known : float
        Relative 1-sigma error of what is believed of the reflectors [1].
    lens_m : float
        Diameter of the reflectors [m]; 0: there are none.
    """

    days: int
    sorties_per_day: float
    radiating_share: float
    calibration: float
    background: float
    known: float
    lens_m: float


@dataclass(frozen=True)
class Knowledge:
    """How well one cross-section is known after the days of the study.

    Attributes
    ----------
    rcs_m2, reflector_m2 : float
        Mean cross-section of the aircraft and of its reflectors, as they were looked at [m²].
    looks, plots, dwell_s : float
        A day.
    from_looks, from_plots : float
        Relative standard error by chance of the measured sum [1].
    own : float
        Relative standard error of the aircraft's own cross-section from all looks, with the errors that days do not
        take away [1].
    bound_m2 : float
        What the cross-section is shown not to exceed: two standard errors above it [m²].
    days_to_1_db : float
        Days until chance leaves 1 dB; infinite where there are no looks.
    """

    rcs_m2: float
    reflector_m2: float
    looks: float
    plots: float
    dwell_s: float
    from_looks: float
    from_plots: float
    own: float
    bound_m2: float
    days_to_1_db: float


@dataclass(frozen=True)
class Collected:
    """What all radars collect on one type of aircraft.

    Attributes
    ----------
    variant, stance : str
        Label of the variant, and whose figures.
    aircraft, name : str
        Entry of the catalogue, and its name for readers.
    flying : Peacetime
    sectors : Sectors
    radars : list of Exposed
        Of the radars that look at all.
    inputs : list of dict
        Every figure used, with its claimant.
    """

    variant: str
    stance: str
    aircraft: str
    name: str
    flying: Peacetime
    sectors: Sectors
    radars: list[Exposed]
    inputs: list[dict[str, Any]]

    def by_band(self) -> dict[str, Exposed]:
        """The radars of each band together: what they know adds up."""
        bands = sorted({r.band for r in self.radars})
        return {b: together(b, [r for r in self.radars if r.band == b]) for b in bands}

    def errors(self, exposed: Exposed, days: float | None = None) -> F8:
        """Relative standard error by chance of every sector after the days, from all looks [1]."""
        return relative_error(exposed.from_looks * (self.flying.days if days is None else days))

    def typical(self, exposed: Exposed, days: float) -> float:
        """Median of :meth:`errors` over the sectors that are looked at [1]; infinite if none is."""
        return float(np.median(self.errors(exposed, days)[exposed.seen])) if exposed.seen.any() else np.inf

    def left_over(self, exposed: Exposed) -> float:
        """Median over those sectors of the error that no number of days takes away [1]."""
        at, flying = exposed.seen, self.flying
        if not at.any():
            return np.inf
        under = flying.background * exposed.over_noise[at] / exposed.from_looks[at]
        left = unmasked_error(
            np.inf, exposed.rcs_m2[at], exposed.reflector_m2[at], calibration=flying.calibration, known=flying.known,
            background=under,
        )  # fmt: skip
        return float(np.median(left))

    def within(self, exposed: Exposed, error_db: float) -> int:
        """Number of sectors that chance leaves known to so many decibels after the days."""
        return int((in_db(self.errors(exposed)) <= error_db).sum())

    def quarter(self, exposed: Exposed, name: str) -> Knowledge:
        """What is known of one of :data:`QUARTERS`, at all elevations."""
        low, high = QUARTERS[name]
        off = np.abs((self.sectors.azimuths_rad + np.pi) % (2.0 * np.pi) - np.pi)
        at = (off >= low - _EDGE) & ((off < high - _EDGE) | (high >= np.pi))
        return self._known(exposed, at)

    def _known(self, exposed: Exposed, at: np.ndarray) -> Knowledge:
        def total(values: F8) -> float:
            return float(values[at].sum())

        flying, looks = self.flying, total(exposed.looks)
        means = (exposed.rcs_m2, exposed.reflector_m2)
        rcs, reflector = (float(np.nansum((m * exposed.looks)[at])) / looks if looks else np.nan for m in means)
        told = total(exposed.from_looks)
        under = flying.background * total(exposed.over_noise) / told if told else np.inf
        own = float(
            unmasked_error(
                told * flying.days, rcs, reflector, calibration=flying.calibration, known=flying.known, background=under
            )
        )
        return Knowledge(
            rcs, reflector, looks, total(exposed.plots), total(exposed.dwell_s),
            float(relative_error(told * flying.days)), float(relative_error(total(exposed.from_plots) * flying.days)),
            own, rcs * (1.0 + 2.0 * own), _days_to(1.0, told),
        )  # fmt: skip


def _days_to(error_db: float, information: float) -> float:
    """Days until chance leaves so many decibels."""
    error = 10.0 ** (0.1 * error_db) - 1.0
    return 1.0 / (error**2 * information) if information > 0.0 else np.inf


def together(name: str, radars: Iterable[Exposed]) -> Exposed:
    """Several radars of one band as one."""
    every = list(radars)
    looks = np.sum([r.looks for r in every], axis=0)
    made: dict[str, Any] = {}
    for field in fields(Exposed):
        values = [getattr(r, field.name) for r in every]
        if field.name in ("radar", "band"):
            made[field.name] = name
        elif field.name == "best_snr_db":
            made[field.name] = np.fmax.reduce(values)
        elif field.name in ("snr_db", "rcs_m2", "reflector_m2"):
            weighed = np.sum([np.nan_to_num(v) * r.looks for v, r in zip(values, every, strict=True)], axis=0)
            made[field.name] = np.where(looks > 0.0, weighed / np.where(looks > 0.0, looks, 1.0), np.nan)
        else:
            made[field.name] = np.sum(values, axis=0)
    return Exposed(**made)


def collect(
    scenario: Scenario, catalogue: Catalogue, *, days: int | None = None, reflectors: bool = False,
    progress: Callable[[str], None] = lambda _: None, shared: Shared | None = None,
) -> list[Collected]:  # fmt: skip
    """What a scenario's radars collect on each type of friendly aircraft, sorted by type.

    Parameters
    ----------
    scenario : Scenario
        Checked; its variants are not looked at, and its raids do not fly.
    catalogue : Catalogue
    days : int, optional
        Instead of the scenario's.
    reflectors : bool
        Fly with reflectors, whatever the scenario says.
    progress : callable
        Told in words what is being made.
    shared : Shared, optional
        What was made before has in common with this.

    Raises
    ------
    ProblemsError
        No friend flies here, or sites or routes are off the terrain.
    """
    asked, shared = scenario.exposure or Exposure(), shared or Shared()
    own = tuple(f for f in scenario.flights if f.side == SIDES[FRIENDLY].word)
    if not own:
        why = 'hold no friends, on whom radars could collect anything; add [[flights]] with side = "friendly"'
        raise ProblemsError([Problem("flights", why)])
    peaceful = scenario.model_copy(update={"raids": (), "flights": own, "variants": {}})
    peaceful._places, peaceful._catalogue = scenario._places, scenario._catalogue
    inputs = Inputs(catalogue.under(read_stance(scenario.stance, catalogue)), scenario.assume, shared)
    terrain = terrain_of(scenario, shared)
    require_ground(peaceful, terrain)
    air = compile_flying(peaceful, inputs, terrain)
    flying = _flying(asked, inputs, scenario.base, days, reflectors)
    sectors = Sectors(asked.azimuth_width_rad, asked.elevation_width_rad)
    found = []
    for kind in air.types:
        progress(f"what is collected on {catalogue.entry(kind).name}")
        laydown = lay_down(scenario, catalogue, kind, progress=progress, terrain=terrain, shared=shared)
        members = [i for i, of in enumerate(air.type_of) if of == kind]
        flights = passings(
            air.knots, air.paths, air.threats, members, flying.sorties_per_day * flying.radiating_share
        )
        radars = _past(laydown, flights, asked.practise, flying, sectors, inputs)
        found.append(
            Collected(
                scenario.label, scenario.stance, kind, catalogue.entry(kind).name, flying, sectors, radars,
                [*laydown.inputs, *(row for row in inputs.rows() if row["entry"] in (ENTRY, kind))],
            )
        )  # fmt: skip
    return found


def _flying(asked: Exposure, inputs: Inputs, where: str, days: int | None, reflectors: bool) -> Peacetime:
    lens = inputs.number(ENTRY, "reflector_diameter") if asked.reflectors or reflectors else 0.0
    return Peacetime(
        days=asked.days if days is None else days,
        sorties_per_day=inputs.given(asked.sorties_per_day, ENTRY, "sorties_per_day", where),
        radiating_share=inputs.given(asked.radiating_share, ENTRY, "radiating_share", where),
        calibration=inputs.number(ENTRY, "calibration_error"),
        background=inputs.number(ENTRY, "background_error"),
        known=inputs.number(ENTRY, "reflector_error"),
        lens_m=lens,
    )


def _past(
    laydown: Laydown, flights: list[Any], practise: bool, flying: Peacetime, sectors: Sectors, inputs: Inputs
) -> list[Exposed]:
    """Every radar that looks at friends, with what it collects."""
    kind = laydown.target.entry
    extent = max(inputs.number(kind, "length"), inputs.number(kind, "wingspan"))
    sites = laydown.layout.radars
    wavelengths = np.array([LIGHT_M_S / inputs.number(s.entry, "frequency") for s in sites])
    body = Airframe(extent, luneburg_rcs_m2(flying.lens_m, wavelengths))
    found = []
    for r, site in enumerate(sites):
        watch = watch_of(laydown, r, practise, inputs.number)
        if watch is not None:
            found.append(expose(laydown, r, flights, watch, body, inputs.word(site.entry, "band"), sectors))
    return found
