"""Figures of what fire units can reach: one function per figure, each returns a matplotlib Figure."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from kalkan.cover.coverage import Coverage
from kalkan.views.coverage.sheet import Sheet, ramp
from kalkan.views.coverage.words import a, height_text
from kalkan.views.maps.cartography import ACCENT, Base, words
from kalkan.views.style import INK, PAPER, colour


def reaches(coverage: Coverage, base: Base, unit: int, make: type[Sheet] = Sheet) -> Sheet:
    """First intercept by height, and engagement after engagement at the lowest height, for one fire unit."""
    of_unit = coverage.reaches[unit]
    target = coverage.laydown.target
    sheet = make(
        coverage, base, 1, 2, f"What fire unit {of_unit[0].unit} can reach",
        f"{a(target.name, True)} at {target.speed_m_s:.0f} m/s straight at the unit, from every direction; "
        "rounds and channels enough, no doctrine that waits",
    )  # fmt: skip
    ax = sheet.panel(0, "first intercept, by height of the target", small=True)
    site = _site_km(coverage, unit)
    for i, one in enumerate(of_unit):
        _outline(ax, site, one.azimuth_rad, one.range_m[:, 0], colour(i), height_text(one.height))
    _outline(ax, site, of_unit[0].azimuth_rad, np.full(of_unit[0].azimuth_rad.size, of_unit[0].nominal_m), ACCENT,
             "claimed range", dashed=True)  # fmt: skip
    sheet.key(ax)
    low = of_unit[0]
    ax = sheet.panel(1, f"n-th possible intercept, {height_text(low.height)}", small=True)
    most = int(low.engagements.max())
    chosen = [n for n in (1, 2, 3, 4, 6, 8, 12, 16) if n <= most]
    for i, n in enumerate(chosen):
        _outline(ax, site, low.azimuth_rad, low.range_m[:, n - 1], colour(i), f"{n}.")
    if chosen:
        sheet.key(ax, "intercept")
        furthest = np.nanmax(low.range_m[:, 0]) / 1e3 * 1.5
        ax.set_xlim(site[0] - furthest, site[0] + furthest)
        ax.set_ylim(site[1] - furthest, site[1] + furthest)
        _rescale(ax, furthest)
    return sheet


def passing(coverage: Coverage, base: Base, make: type[Sheet] = Sheet) -> Sheet:
    """Engagements of targets on one heading by the time they pass each place."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import BoundaryNorm

    assert coverage.passes is not None and coverage.question.heading_rad is not None
    heading = math.degrees(coverage.question.heading_rad)
    target = coverage.laydown.target
    edges = np.array([1, 2, 3, 5, 9, 17, 33]) - 0.5
    sheet = make(
        coverage, base, 1, 1, f"Engaged by the time of passing, heading {heading:.0f}°",
        f"{a(target.name, True)}, {height_text(coverage.question.heights[0])}, {target.speed_m_s:.0f} m/s; "
        "all fire units, rounds and channels enough", 5.4,
    )  # fmt: skip
    mappable = ScalarMappable(BoundaryNorm(edges, len(edges) - 1), ramp(len(edges) - 1).cmap)
    values = coverage.passes.astype(float)
    ax = sheet.panel(0, "", mappable.to_rgba(np.minimum(values, 32)), values > 0)
    s, c = math.sin(math.radians(heading)), math.cos(math.radians(heading))
    at = 0.86 * base.half_km
    ax.annotate("", (at + 0.07 * at * s, at + 0.07 * at * c), (at - 0.07 * at * s, at - 0.07 * at * c),
                arrowprops={"arrowstyle": "-|>", "color": INK, "lw": 1.6}, zorder=12)  # fmt: skip
    names = ["1", "2", "3–4", "5–8", "9–16", "17–32"]
    sheet.colour_bar(mappable, "times", (edges[:-1] + edges[1:]) / 2, names)
    return sheet


def _site_km(coverage: Coverage, unit: int) -> tuple[float, float]:
    site = coverage.laydown.layout.units[unit].site
    x, y = coverage.grid.to_plane(np.array([site.lat_deg]), np.array([site.lon_deg]))
    return float(x[0]) / 1e3, float(y[0]) / 1e3


def _outline(ax: Any, site: Any, azimuth: Any, range_m: Any, tone: str, name: str, dashed: bool = False) -> None:
    r = np.nan_to_num(range_m) / 1e3
    x, y = site[0] + r * np.sin(azimuth), site[1] + r * np.cos(azimuth)
    ax.plot(np.append(x, x[0]), np.append(y, y[0]), color=PAPER, linewidth=2.4, alpha=0.7, zorder=6)
    ax.plot(np.append(x, x[0]), np.append(y, y[0]), color=tone, linewidth=1.3,
            linestyle=(0, (5, 3)) if dashed else "-", label=name, zorder=7)  # fmt: skip


def _rescale(ax: Any, half_km: float) -> None:
    """A zoomed panel: the old scale bar leaves, a new one comes."""
    for artist in [*ax.lines, *ax.texts]:
        if artist.get_zorder() in (8, 9, 10) or (artist.get_zorder() == 12 and str(artist.get_text()).endswith(" km")):
            artist.remove()
    middle = (np.mean(ax.get_xlim()), np.mean(ax.get_ylim()))
    length = max(s for s in (1, 2, 5, 10, 20, 50, 100, 200) if s <= 0.5 * half_km)
    x, y = middle[0] - 0.93 * half_km, middle[1] - 0.91 * half_km
    ax.plot([x, x + length], [y, y], color=INK, linewidth=2.2, solid_capstyle="butt", zorder=9)
    words(ax, x, y + 0.035 * half_km, f"{length} km", ha="left", va="bottom", fontsize=7)
    ax.set_xticks([])
    ax.set_yticks([])
