"""Figures of signature exposure: what each sector of aspect is known to, and how days shrink the error.

Drawn from the plain data that a study keeps, so that commands and reports show the same.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from kalkan.views.style import GRID, INK, MUTED, PAPER, TEXT_PT, colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.projections.polar import PolarAxes

ExposureRecord = dict[str, Any]
STEPS_DB = (0.1, 0.3, 1.0, 3.0)
"""Ends of the steps of colour; what is worse than the last has the palest."""
_SHADES = (1.0, 0.72, 0.48, 0.28, 0.12)
_PHONE_IN = 5.0  # a figure narrower than this has its panels below each other
_APART = 0.12  # of a panel's width, between roses side by side: the right of one is not the left of the next
_LINES = ("-", "--", "-.")
_WORDS = ("nose", "right", "tail", "left")


def groups(content: ExposureRecord, kind: str) -> list[ExposureRecord]:
    """Of one type of aircraft, what every variant exposes."""
    return [g for g in content["exposed"] if g["aircraft"] == kind and g["bands"]]


def whole(content: ExposureRecord, kind: str, part: str) -> Any:
    """A figure by itself: ``map`` or ``days``."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.patheffects import withStroke

    from kalkan.views.style import drawing

    shown = groups(content, kind)
    panels = max(len(shown[0]["bands"]), 1) if shown else 1
    with drawing():
        size = (3.7 * panels + 0.3, 4.6) if part == "map" else (4.4 * panels, 4.0)
        figure = Figure(figsize=size, layout="constrained", facecolor="white")
        FigureCanvasAgg(figure)
        (maps if part == "map" else days)(figure, content, kind)
        for text in figure.findobj(lambda a: str(a.get_gid() or "").startswith("halo-")):
            text.set_path_effects([withStroke(linewidth=2.0, foreground=PAPER)])  # pages have it by their style
        figure.canvas.draw()
    return figure


def maps(figure: Any, content: ExposureRecord, kind: str) -> None:
    """By band, a rose of the sectors of aspect: darker is better known; the first variant."""
    shown = groups(content, kind)
    if not shown:
        return
    group = shown[0]
    if not _narrow(figure):
        figure.get_layout_engine().set(wspace=_APART)
    axes = _panels(figure, len(group["bands"]), subplot_kw={"projection": "polar"})
    for ax, (band, told) in zip(axes, group["bands"].items(), strict=True):
        rose(ax, content["sectors"], told["error_db"])
        ax.set_title(f"{band} band", pad=14.0)
    columns = 2 if _narrow(figure) else 3
    figure.legend(handles=_keys(), loc="outside lower center", ncols=columns, columnspacing=1.2)


def _narrow(figure: Any) -> bool:
    return bool(figure.get_figwidth() < _PHONE_IN)


def _panels(figure: Any, n: int, **how: Any) -> Any:
    """Axes side by side, or below each other where there is no room."""
    rows, columns = (n, 1) if _narrow(figure) else (1, n)
    return figure.subplots(rows, columns, squeeze=False, **how).ravel()


def rose(ax: PolarAxes, sectors: ExposureRecord, error_db: list[list[float | None]]) -> None:
    """One band: azimuth around, the nose up; from below outside, from above in the middle.

    Parameters
    ----------
    ax : Axes
        Polar.
    sectors : dict
        ``azimuth_deg`` and ``elevation_deg``, the middles.
    error_db : list of list
        By azimuth and elevation; None where nothing looks.
    """
    azimuth = np.radians(sectors["azimuth_deg"])
    width = 2.0 * math.pi / len(azimuth)
    values = np.array([[np.nan if v is None else v for v in row] for row in error_db])
    rows = np.flatnonzero(~np.isnan(values).all(axis=0))
    first, last = (int(rows[0]), int(rows[-1])) if rows.size else (0, len(sectors["elevation_deg"]) - 1)
    ax.set(theta_zero_location="N", theta_direction=-1)
    for j in range(first, last + 1):
        ring = last - j + 1.0
        for i, value in enumerate(values[:, j]):
            if not math.isnan(value):
                shade = _SHADES[int(np.searchsorted(STEPS_DB, value))]
                ax.bar(azimuth[i], 1.0, width, ring, color=colour(0), alpha=shade, edgecolor=GRID, linewidth=0.4)
    ax.set_rlim(0.0, last - first + 2.0)
    ax.set_xticks(np.radians([0.0, 90.0, 180.0, 270.0]), _WORDS)
    shown = range(first, last + 1, max((last - first) // 4, 1))
    for j in shown:
        name = f"{sectors['elevation_deg'][j]:+.0f}°".replace("-", "−")
        ax.text(math.radians(45.0), last - j + 1.5, name, fontsize=TEXT_PT - 2.5, color=INK, ha="center",
                va="center_baseline", gid=f"halo-{j}")  # fmt: skip
    ax.set_yticks([])
    ax.grid(False)
    ax.spines["polar"].set_visible(False)


def _keys() -> list[Any]:
    from matplotlib.patches import Patch

    ends = ["± 0.1 dB or better", *(f"± {v:g} dB" for v in STEPS_DB[1:]), f"worse than ± {STEPS_DB[-1]:g} dB"]
    return [Patch(color=colour(0), alpha=a, label=text, linewidth=0) for a, text in zip(_SHADES, ends, strict=True)]


def days(figure: Any, content: ExposureRecord, kind: str) -> None:
    """By band, the error of a typical sector over days: a line per variant, stances shaded, what days leave dotted."""
    shown = groups(content, kind)
    if not shown:
        return
    from matplotlib.lines import Line2D
    from matplotlib.ticker import FuncFormatter

    bands = list(shown[0]["bands"])
    axes = _panels(figure, len(bands), sharey=True)
    for ax, band in zip(axes, bands, strict=True):
        for i, group in enumerate(g for g in shown if band in g["bands"]):
            curve(ax, group["bands"][band], colour(i), _LINES[i % len(_LINES)], group["variant"])
        ax.set(title=f"{band} band", xlabel="days", xscale="log", yscale="log")
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:g}"))
    for ax in axes if _narrow(figure) else axes[:1]:
        ax.set_ylabel("error of a typical sector, ± dB")
    handles, names = axes[0].get_legend_handles_labels()
    handles.append(Line2D([], [], color=MUTED, linestyle=":", linewidth=1.4))
    columns = 2 if _narrow(figure) else min(len(names) + 1, 2 * len(bands))
    figure.legend(handles, [*names, "what days leave"], loc="outside lower center", ncols=columns)


def curve(ax: Axes, told: ExposureRecord, hue: str, line: str, label: str) -> None:
    """Chance over days with its ends, and the error that is left."""
    points = [p for p in told["over_days"] if p["value"] is not None]
    at = [p["days"] for p in points]
    low, high = ([p["value"] if p[end] is None else p[end] for p in points] for end in ("low", "high"))
    ax.fill_between(at, low, high, color=hue, alpha=0.15, linewidth=0)
    ax.plot(at, [p["value"] for p in points], color=hue, linestyle=line, label=label, linewidth=1.6)
    if told["left_db"]["value"] is not None and at:
        ax.plot([at[0], at[-1]], [told["left_db"]["value"]] * 2, color=hue, linestyle=":", linewidth=1.4)
