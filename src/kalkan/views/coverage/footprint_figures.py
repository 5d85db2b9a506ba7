"""Figures of footprints: where each fire unit can meet a ballistic missile before it hits."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from kalkan.cover.coverage import Coverage
from kalkan.cover.footprint import Footprint
from kalkan.earth.geodesy import inverse
from kalkan.views.coverage.sheet import Sheet, ramp
from kalkan.views.coverage.words import a
from kalkan.views.maps.cartography import Base, words
from kalkan.views.style import INK

MOST = 4  # meetings that the colours tell apart


def footprints(coverage: Coverage, made: Footprint, make: type[Sheet] = Sheet) -> Sheet:
    """Possible meetings by aim point, a map for each fire unit."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import BoundaryNorm

    base, n = Base(made.grid), len(made.units)
    columns = min(n, 2)
    sheet = make(
        coverage, base, math.ceil(n / columns), columns, "What can be defended",
        f"{a(coverage.laydown.target.name, True)} of raid {made.raid}: meetings that\nare possible before it is at "
        "that aim, rounds and channels enough",
    )  # fmt: skip
    colours = ramp(MOST)
    for u, name in enumerate(made.units):
        shots = made.shots[u]
        ax = sheet.panel(u, f"fire unit {name}", colours(np.minimum(shots, MOST) - 1), shots > 0)
        _mark_assets(ax, coverage, made)
        _mark_launch(ax, made)
    mappable = ScalarMappable(BoundaryNorm(np.arange(MOST + 1) + 0.5, MOST), colours.cmap)
    names = [*(str(i) for i in range(1, MOST)), f"{MOST} +"]
    sheet.colour_bar(mappable, "meetings", range(1, MOST + 1), names)
    return sheet


def _mark_assets(ax: Any, coverage: Coverage, made: Footprint) -> None:
    for asset in coverage.laydown.scenario.assets:
        x, y = made.grid.to_plane(np.array([asset.position[0]]), np.array([asset.position[1]]))
        east, north, half = float(x[0]) / 1e3, float(y[0]) / 1e3, made.grid.half_m / 1e3
        if max(abs(east), abs(north)) < half:
            ax.plot(east, north, marker="s", markersize=4, color=INK, zorder=11)
            words(ax, east, north - 0.05 * half, asset.name, ha="center", va="top", fontsize=7)


def _mark_launch(ax: Any, made: Footprint) -> None:
    """An arrow from the side that it comes from."""
    lat, lon = (float(v[made.grid.n // 2, made.grid.n // 2]) for v in (made.grid.lat_deg, made.grid.lon_deg))
    azimuth = float(inverse(*map(math.radians, (lat, lon, *made.launch_deg)))[0])
    half = made.grid.half_m / 1e3
    far, near = ((s * half * math.sin(azimuth), s * half * math.cos(azimuth)) for s in (0.97, 0.8))
    ax.annotate("", near, far, arrowprops={"arrowstyle": "-|>", "color": INK, "lw": 1.6}, zorder=12)
