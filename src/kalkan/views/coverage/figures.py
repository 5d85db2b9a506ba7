"""Figures of a coverage study: one function per figure, each returns a matplotlib Figure."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kalkan.cover.coverage import Coverage
from kalkan.cover.floors import SIGHT, overlap
from kalkan.cover.laydown import FARTHEST_M, sites_deg
from kalkan.cover.section import VerticalSection
from kalkan.views.coverage.sheet import Sheet, ramp
from kalkan.views.coverage.words import a, height_text, share_text
from kalkan.views.maps.cartography import ACCENT, FAINT, GREY, Base, words
from kalkan.views.style import INK, PAPER

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SECTION_NOTE = (
    "Drawn over the effective earth: rays are straight, heights are read along the curved lines. "
    "Refraction by one k; no absorption, rain or multipath."
)
FLOOR_STEPS_M = (0, 10, 50, 100, 200, 500, 1000, 2000, 3000, 5000, 10_000)
Mask = NDArray[np.bool_]


def bubble(coverage: Coverage, base: Base, make: type[Sheet] = Sheet) -> Sheet:
    """The headline: the circle that is usually drawn, and what is really seen, at a few heights."""
    heights, target = coverage.headline, coverage.laydown.target.name
    share = coverage.radar_ratios[-1].share
    columns = 2 if len(heights) == 4 else min(len(heights), 3)
    sheet = make(
        coverage, base, math.ceil(len(heights) / columns), columns, "The circle and the coverage",
        f"Where at least one radar detects {a(target)} with probability 0.5 or more, against the circles "
        "of range in free space (dashed); numbers: share of the circles' area", 3.6,
    )  # fmt: skip
    blue = np.array([0.44, 0.62, 0.78])
    for i, height in enumerate(heights):
        seen = np.any([b.holds(coverage.grid, height) for b in coverage.of(0.5)], axis=0)
        colours = np.broadcast_to(blue, (*seen.shape, 3))
        ax = sheet.panel(i, f"{height_text(height)}", colours, seen, small=i > 0)
        _circles(ax, coverage, base)
        box = {"boxstyle": "square,pad=0.35", "facecolor": PAPER, "edgecolor": "none", "alpha": 0.86}
        ax.text(0.965, 0.965, share_text(share[i]), transform=ax.transAxes, fontsize=17, weight="bold", ha="right",
                va="top", zorder=13, bbox=box)  # fmt: skip
    for ax in sheet.axes[len(heights) :]:
        ax.set_axis_off()
    return sheet


def floors(coverage: Coverage, base: Base, make: type[Sheet] = Sheet) -> Sheet:
    """Floor of the whole laydown, above ground and above sea level."""
    floor = coverage.floor_m(0.5)
    sheet = make(
        coverage, base, 1, 2, "How low is it seen?",
        f"Lowest height at which any radar detects {a(coverage.laydown.target.name)} with probability 0.5 or more",
    )  # fmt: skip
    for i, (values, words_) in enumerate([(floor - coverage.grid.ground_m, "ground"), (floor, "sea level")]):
        mappable = _floor_panel(sheet, i, f"floor above {words_}", values)
    sheet.colour_bar(mappable, "floor [m]", FLOOR_STEPS_M, [f"{v:,}".replace(",", " ") for v in FLOOR_STEPS_M])
    return sheet


def radar_floors(coverage: Coverage, base: Base, make: type[Sheet] = Sheet, p_d: float = 0.5) -> Sheet:
    """Floor above ground of each radar."""
    names = coverage.laydown.radar_names
    columns = min(len(names), 2)
    told = "in line of sight" if p_d == SIGHT else f"detected with probability {p_d:g} or more"
    sheet = make(
        coverage, base, math.ceil(len(names) / columns), columns, "Radar by radar",
        f"Lowest height above ground at which {a(coverage.laydown.target.name)} is {told}",
    )  # fmt: skip
    for i, (name, band) in enumerate(zip(names, coverage.of(p_d), strict=True)):
        mast = coverage.laydown.layout.radars[i].height_m
        title = f"{name} · antenna {mast:g} m above ground"
        mappable = _floor_panel(sheet, i, title, band.above_ground_m(coverage.grid), small=True)
        _circles(sheet.axes[i], coverage, base, only=i)
    for ax in sheet.axes[len(names) :]:
        ax.set_axis_off()
    sheet.colour_bar(mappable, "floor [m]", FLOOR_STEPS_M, [f"{v:,}".replace(",", " ") for v in FLOOR_STEPS_M])
    return sheet


def overlaps(coverage: Coverage, base: Base, make: type[Sheet] = Sheet) -> Sheet:
    """How many radars detect the target, at each height of the question."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import BoundaryNorm

    heights, n = coverage.question.heights, len(coverage.bands)
    columns = 2 if len(heights) == 4 else min(len(heights), 3)
    sheet = make(
        coverage, base, math.ceil(len(heights) / columns), columns, "How many radars see it?",
        f"Radars that detect {a(coverage.laydown.target.name)} with probability 0.5 or more; "
        "radars with a sector look at one sector at a time", 3.3,
    )  # fmt: skip
    colours = ramp(n)
    for i, height in enumerate(heights):
        count = overlap(coverage.of(0.5), coverage.grid, height)
        sheet.panel(i, height_text(height), colours(count.astype(float) - 1), count > 0, small=True)
    for ax in sheet.axes[len(heights) :]:
        ax.set_axis_off()
    mappable = ScalarMappable(BoundaryNorm(np.arange(n + 1) + 0.5, n), colours.cmap)
    sheet.colour_bar(mappable, "radars", range(1, n + 1), [str(i) for i in range(1, n + 1)])
    return sheet


def comparison(coverage: Coverage, base: Base, make: type[Sheet] = Sheet) -> Sheet:
    """Floor above ground as it stands, altered, and the difference."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import SymLogNorm

    other = coverage.other
    assert other is not None
    sheet = make(
        coverage, base, 1, 3, f"As it stands, and with {coverage.question.difference}",
        f"Lowest height above ground at which any radar detects {a(coverage.laydown.target.name)} with "
        "probability 0.5 or more; of the change, purple is seen lower down, brown only higher up", 3.6,
    )  # fmt: skip
    floors_m = [c.floor_m(0.5) for c in (coverage, other)]
    for i, (one, title) in enumerate([(coverage, "as it stands"), (other, "altered")]):
        _floor_panel(sheet, i, title, floors_m[i] - coverage.grid.ground_m, small=i > 0, coverage=one)
    with np.errstate(invalid="ignore"):
        change = np.clip(floors_m[1], None, 2e4) - np.clip(floors_m[0], None, 2e4)
    painted = (np.isfinite(floors_m[0]) | np.isfinite(floors_m[1])) & (np.abs(change) >= 1.0)
    mappable = ScalarMappable(SymLogNorm(10.0, vmin=-5000.0, vmax=5000.0), "PuOr_r")
    sheet.panel(2, "change of the floor", mappable.to_rgba(change), painted, small=True, coverage=other)
    ticks = (-5000, -500, -50, 0, 50, 500, 5000)
    sheet.colour_bar(mappable, "change [m]", ticks, [f"{t:+d}" if t else "0" for t in ticks])
    return sheet


def sections(coverage: Coverage, one: VerticalSection) -> Figure:
    """Vertical diagram of one radar along one azimuth, over a bent earth so that rays are straight, as a sheet."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9.1, 4.3), facecolor=PAPER)
    ax = figure.add_axes((0.065, 0.17, 0.915, 0.63))
    figure.text(0.065, 0.955, f"{one.radar}, looking towards {math.degrees(one.azimuth_rad):.0f}°",
                fontsize=12.5, weight="bold", va="top")  # fmt: skip
    facts = f"{a(coverage.laydown.target.name, True)}, nose-on; heights above sea level; k = {coverage.laydown.k:.3g}"
    figure.text(0.065, 0.885, facts, fontsize=8, color=GREY, va="top")
    figure.text(0.065, 0.02, SECTION_NOTE, fontsize=6.6, color=GREY)
    handles = vertical(ax, one)
    figure.legend(handles=handles, loc="upper right", bbox_to_anchor=(0.985, 0.955), ncols=3, fontsize=7,
                  title="probability of detection", title_fontsize=7, frameon=False)  # fmt: skip
    return figure


def vertical(ax: Axes, one: VerticalSection) -> list[Any]:
    """Range and height of where a radar detects; returns the handles of a legend."""
    from matplotlib.colors import BoundaryNorm
    from matplotlib.patches import Patch

    d_km, drop = one.d_m / 1e3, one.drop_m(one.d_m)
    x, y = np.broadcast_to(d_km, one.p_d.shape), one.h_m[:, None] - drop[None, :]
    levels = [0.1, 0.5, 0.9, 1.0]
    norm = BoundaryNorm(levels, 3)
    seen = np.ma.masked_less_equal(one.p_d, 0.0)
    ax.grid(False)
    fills = ax.contourf(x, y / 1e3, seen, levels, cmap=ramp(3, low_is_dark=False).cmap, norm=norm)
    for h in (0.0, 1.0, 3.0, 5.0, 10.0, 15.0):
        line = h - drop / 1e3
        ax.plot(d_km, line, color=FAINT, linewidth=0.5, zorder=2)
        if h > 0.0:
            words(ax, d_km[-1] * 0.995, line[-1], f"{h:g} km", fontsize=6.5, ha="right", va="bottom")
    low = float(-drop[-1]) / 1e3 - 0.4
    ax.fill_between(d_km, np.full(d_km.size, low), (one.ground_m - drop) / 1e3, color="#6b6255", linewidth=0, zorder=3)
    ax.fill_between(d_km, np.full(d_km.size, low), -drop / 1e3, color="#57544e", linewidth=0, zorder=3)
    ax.plot([0.0], [one.antenna_m / 1e3], "^", color=PAPER, markeredgecolor=INK, markersize=6, zorder=5)
    ax.set(xlim=(0.0, d_km[-1]), ylim=(low, 15.6), xlabel="ground range [km]")
    ax.set_ylabel("height [km]")
    ax.set_yticks([0.0, 5.0, 10.0, 15.0])
    ax.tick_params(labelsize=7, length=2)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    tones = [fills.cmap(norm((u + v) / 2)) for u, v in pairwise(levels)]
    names = ("0.1 to 0.5", "0.5 to 0.9", "0.9 and more")
    return [Patch(color=t, label=n) for t, n in zip(tones, names, strict=True)]


def _floor_panel(
    sheet: Sheet, i: int, title: str, values: Any, small: bool = False, coverage: Coverage | None = None
) -> Any:
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import BoundaryNorm

    mappable = ScalarMappable(BoundaryNorm(FLOOR_STEPS_M, len(FLOOR_STEPS_M) - 1), ramp(len(FLOOR_STEPS_M) - 1).cmap)
    painted = values <= FLOOR_STEPS_M[-1]
    sheet.panel(i, title, mappable.to_rgba(np.where(painted, np.maximum(values, 0.0), 0.0)), painted, small, coverage)
    return mappable


def _circles(ax: Any, coverage: Coverage, base: Base, only: int | None = None) -> None:
    """Nominal circles, dashed; those within another only where they are asked for."""
    turn = np.linspace(0.0, 2.0 * math.pi, 181)
    nominal = np.minimum(coverage.laydown.nominal_range_m(), FARTHEST_M) / 1e3
    sites = sites_deg(coverage.laydown)
    x, y = (v / 1e3 for v in coverage.grid.to_plane(sites[:, 0], sites[:, 1]))

    def inside(r: int, q: int) -> bool:
        return bool(np.hypot(x[r] - x[q], y[r] - y[q]) + nominal[r] <= nominal[q] + (1.0 if q < r else -1e-9))

    everyone = range(len(nominal))
    outer = [r for r in everyone if not any(inside(r, q) for q in everyone if q != r)]
    for r in outer if only is None else [only]:
        ax.plot(x[r] + nominal[r] * np.sin(turn), y[r] + nominal[r] * np.cos(turn), color=ACCENT, linewidth=0.9,
                linestyle=(0, (5, 3)), zorder=6)  # fmt: skip
