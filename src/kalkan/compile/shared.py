"""What plans that are made one after the other have in common, so that it is made once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kalkan.compile.shelf import Shelves
from kalkan.earth.heights import REMEMBERED
from kalkan.earth.horizon import HorizonTable
from kalkan.earth.terrain import Terrain
from kalkan.kept import Kept

if TYPE_CHECKING:
    from kalkan.catalogue import Resolved
    from kalkan.models.flyout import FlyoutTable
    from kalkan.models.trajectory import Path

TERRAINS = 2  # open rasters
GAPS = 256  # circles around radars, of which is known how much the terrain lacks
PATHS, FLYOUTS = 256, 64  # raids' paths and interceptors' tables on which variants and draws agree


class Shared:
    """Made by whoever compiles several variants, draws or points, and handed on; no plan depends on what it holds.

    Attributes
    ----------
    terrains : Kept of Terrain
        Opened before.
    gaps : Kept of tuple
        What the terrain lacks around radars.
    horizons : Kept of HorizonTable
        Between which the horizon of an antenna lies whose height is drawn (:mod:`kalkan.earth.heights`).
    shelves : Shelves
        Arrays of horizon tables that the plans of a draw share.
    paths : Kept of tuple of Path
        Of raids, over a terrain.
    flyouts : Kept of FlyoutTable
    figures : Kept of dict
        Claims resolved under the latest stance.
    """

    def __init__(self) -> None:
        self.terrains: Kept[Terrain] = Kept(TERRAINS)
        self.gaps: Kept[tuple[float, float, float]] = Kept(GAPS, "gaps")
        self.horizons: Kept[HorizonTable] = Kept(REMEMBERED)
        self.shelves = Shelves()
        self.paths: Kept[tuple[Path, ...]] = Kept(PATHS, "paths")
        self.flyouts: Kept[FlyoutTable] = Kept(FLYOUTS, "flyouts")
        self.figures: Kept[dict[tuple[object, ...], Resolved]] = Kept(1)
