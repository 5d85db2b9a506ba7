"""One coverage study: every map, table and diagram of a scenario, computed and kept together."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from kalkan.arrays import F8
from kalkan.catalogue import Catalogue
from kalkan.cover.alter import Alteration, altered
from kalkan.cover.floors import SIGHT, Band, lowest, radar_bands
from kalkan.cover.footprint import Footprint, footprint, launched
from kalkan.cover.grid import CELLS, MapGrid, grid_around
from kalkan.cover.laydown import FARTHEST_M, Laydown, lay_down, sites_deg, unit_range_m
from kalkan.cover.ratios import Ratio, radar_ratios
from kalkan.cover.reach import Reach, passes, reach
from kalkan.cover.section import VerticalSection, section
from kalkan.errors import Problem, ProblemsError
from kalkan.scenario import Scenario
from kalkan.scenario.checks.ground_beside import no_ground
from kalkan.scenario.nouns.fields import Altitude

HEIGHTS = tuple(Altitude(h, "ground") for h in (10.0, 50.0, 100.0, 500.0, 1000.0, 3000.0, 10_000.0))
HEADLINE = tuple(Altitude(h, "ground") for h in (50.0, 500.0, 10_000.0))
COARSE_M = 250.0  # terrain cells wider than this call for a warning on maps


@dataclass(frozen=True)
class Question:
    """What a study asks.

    Attributes
    ----------
    target : str
        Air vehicle of the catalogue.
    heights : tuple of Altitude
        Of visibility maps.
    azimuths_rad : tuple of float
        Of vertical diagrams [rad].
    heading_rad : float or None
        Of the map of engagements by the time of passing [rad].
    change : Alteration
        Site comparison; empty: none.
    versus : str
        Name of a variant to compare with instead; empty: none.
    cells : int
        Cells along each side of the maps.
    """

    target: str
    heights: tuple[Altitude, ...] = HEIGHTS
    azimuths_rad: tuple[float, ...] = (0.0,)
    heading_rad: float | None = None
    change: Alteration = field(default_factory=Alteration)
    versus: str = ""
    cells: int = CELLS

    @property
    def difference(self) -> str:
        """What is compared, in words; empty: nothing."""
        return " · ".join(t for t in (f"variant {self.versus}" if self.versus else "", self.change.text()) if t)


@dataclass(frozen=True)
class Coverage:
    """The answer; every height says what it is above.

    Attributes
    ----------
    question : Question
    laydown : Laydown
    grid : MapGrid
    bands : list of dict
        By radar: band of sight under 0, and of each probability of detection.
    radar_ratios : list of Ratio
        Detection (p_d 0.5) over the nominal circle, by radar and together, at `headline` heights.
    headline : tuple of Altitude
    reaches : list of list of Reach
        By fire unit, then by height of the question.
    passes : ndarray or None
        Engagements by the time of passing, at the question's lowest height.
    sections : list of VerticalSection
    other : Coverage or None
        The altered scenario on the same grid.
    missing_share : float
        Largest share of a radar's circle in which the terrain has no heights [1].
    footprint : Footprint or None
        What fire units can defend against a target that is a ballistic missile; there are no `reaches` then.
    """

    question: Question
    laydown: Laydown
    grid: MapGrid
    bands: list[dict[float, Band]]
    radar_ratios: list[Ratio]
    headline: tuple[Altitude, ...]
    reaches: list[list[Reach]]
    passes: np.ndarray | None
    sections: list[VerticalSection]
    other: Coverage | None
    missing_share: float
    footprint: Footprint | None = None

    def of(self, p_d: float) -> list[Band]:
        """Bands of all radars for one probability (0: sight)."""
        return [b[p_d] for b in self.bands]

    def floor_m(self, p_d: float = SIGHT) -> F8:
        """Floor of the whole laydown [m above sea level]."""
        return lowest(self.of(p_d))

    def unit_ratios(self) -> list[Ratio]:
        """First intercept over the circle of the longest-reaching interceptor's claimed range."""
        rows = []
        for of_unit in self.reaches:
            first = of_unit[0]
            nominal = math.pi * first.nominal_m**2 / 1e6
            rows.append(Ratio(first.unit, first.nominal_m, nominal, tuple(r.area_km2(1) for r in of_unit)))
        return rows


def cover(
    scenario: Scenario,
    catalogue: Catalogue,
    question: Question,
    radars_of: dict[str, tuple[str, ...]],
    progress: Callable[[str], None] | None = None,
    versus: Scenario | None = None,
) -> Coverage:
    """Compute a study.

    Parameters
    ----------
    scenario : Scenario
        Checked; its variants are not looked at.
    versus : Scenario, optional
        Compare with this one (with the question's change, if there is one); default: itself with the change.
    catalogue : Catalogue
    question : Question
    radars_of : dict
        Radar types by system type of the catalogue.
    progress : callable, optional
        Told in words what is being made.
    """
    tell = progress or (lambda _: None)
    laydown = lay_down(scenario, catalogue, question.target, progress=tell)
    laydowns = [laydown]
    if question.change or versus is not None:
        _require_moved(question.change, laydown)
        changed = altered(versus or scenario, question.change, radars_of)
        laydowns.append(lay_down(changed, catalogue, question.target, progress=tell, terrain=laydown.terrain))
    tell("maps")
    sites = np.concatenate([sites_deg(one) for one in laydowns])
    circles = np.concatenate([_circles_m(one) for one in laydowns])
    grid = grid_around(sites, circles, laydown.terrain, question.cells)
    answers = [_answer(one, grid, question) for one in laydowns]
    return answers[0] if len(answers) == 1 else replace(answers[0], other=answers[1])


def _require_moved(change: Alteration, laydown: Laydown) -> None:
    """Places that sites are moved to have a height: said in the command's words, not of the file's line."""
    off = [(k, place, no_ground(laydown.terrain, *place)) for k, place in change.sites_deg.items()]
    lost = [f'= "{k}={lat:g},{lon:g}" {why}' for k, (lat, lon), why in off if why]
    if lost:
        raise ProblemsError([Problem("--compare-site", message) for message in lost])


def _circles_m(laydown: Laydown) -> F8:
    """Radius [m] around each radar that maps must show."""
    circles = laydown.nominal_range_m()
    for u in range(len(laydown.layout.units)):
        r = int(laydown.units["radar"][u])
        circles[r] = max(circles[r], unit_range_m(laydown, u))
    return np.asarray(circles)


def _answer(laydown: Laydown, grid: MapGrid, question: Question) -> Coverage:
    found = [radar_bands(laydown, grid, r) for r in range(len(laydown.layout.radars))]
    headline = question.heights if question.heights != HEIGHTS else HEADLINE
    units = range(len(laydown.layout.units))
    heading = question.heading_rad
    return Coverage(
        question=question,
        laydown=laydown,
        grid=grid,
        bands=found,
        radar_ratios=radar_ratios(laydown, grid, [b[0.5] for b in found], headline),
        headline=headline,
        reaches=[] if laydown.ballistic.on else [[reach(laydown, u, h) for h in headline] for u in units],
        passes=None if heading is None else passes(laydown, grid, question.heights[0], heading),
        sections=[section(laydown, r, a) for r in _one_each(laydown) for a in question.azimuths_rad],
        other=None,
        missing_share=_missing_share(laydown),
        footprint=_footprint(laydown),
    )


def _footprint(laydown: Laydown) -> Footprint | None:
    """What can be defended against the first raid of the target's type."""
    if not laydown.ballistic.on or not laydown.layout.units:
        return None
    raid = launched(laydown)
    return None if raid is None else footprint(laydown, raid)


def _one_each(laydown: Laydown) -> Sequence[int]:
    """All radars, but of each system only the first engagement radar of each type."""
    chosen: dict[tuple[str, str], int] = {}
    for i, radar in enumerate(laydown.layout.radars):
        chosen.setdefault((radar.written.name, radar.entry), i)
    return list(chosen.values())


def _missing_share(laydown: Laydown) -> float:
    reach_m = np.minimum(laydown.nominal_range_m(), FARTHEST_M)
    pairs = zip(sites_deg(laydown), reach_m, strict=True)
    return max(laydown.terrain.missing_share(lat, lon, float(d))[0] for (lat, lon), d in pairs)
