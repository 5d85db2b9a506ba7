"""The sheet of a coverage figure: title, facts, maps, colour bar and small print."""

from __future__ import annotations

from textwrap import fill
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kalkan.cover.coverage import Coverage
from kalkan.cover.laydown import sites_deg
from kalkan.views.coverage.words import conditions
from kalkan.views.maps.cartography import GREY, INK, Base

Mask = NDArray[np.bool_]
STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans", "font.size": 8, "axes.edgecolor": GREY, "axes.labelcolor": GREY,
    "text.color": INK, "xtick.color": GREY, "ytick.color": GREY, "svg.fonttype": "none", "hatch.linewidth": 0.4,
}  # fmt: skip


class Sheet:
    """A figure with title, line of facts below it, caption, and a row or grid of maps."""

    def __init__(self, coverage: Coverage, base: Base, rows: int, columns: int, title: str, facts: str,
                 size_in: float = 4.1) -> None:  # fmt: skip
        from matplotlib.figure import Figure

        self.coverage, self.base = coverage, base
        width, height = columns * size_in + 0.9, rows * (size_in + 0.28) + 1.45
        self.figure = Figure(figsize=(width, height), facecolor="white")
        self.figure.subplots_adjust(
            left=0.42 / width, right=1 - 0.62 / width, bottom=0.86 / height, top=1 - 0.86 / height,
            wspace=0.1, hspace=0.16,
        )  # fmt: skip
        self.axes = np.atleast_1d(self.figure.subplots(rows, columns)).ravel()
        self.figure.text(0.42 / width, 1 - 0.2 / height, title, fontsize=12.5, weight="bold", va="top")
        self.figure.text(0.42 / width, 1 - 0.46 / height, facts, fontsize=8, color=GREY, va="top")
        caption = "\n".join(fill(line, int(width * 19)) for line in conditions(coverage))
        self.figure.text(0.42 / width, 0.12 / height, caption, fontsize=6.6, color=GREY, va="bottom", linespacing=1.35)

    def panel(self, i: int, title: str, colours: Any = None, painted: Mask | None = None, small: bool = False,
              coverage: Coverage | None = None) -> Any:  # fmt: skip
        """One map, with the sites of `coverage` if it is not the sheet's own; returns its Axes."""
        ax = self.axes[i]
        self.base.draw(ax, self.base.picture(colours, painted))
        ax.set_title(title, loc="left", fontsize=8.5, color=INK, pad=4)
        self.base.scale_bar(ax)
        laydown = (coverage or self.coverage).laydown
        sites, names = sites_deg(laydown), [r.name.split("/")[0] for r in laydown.layout.radars]
        self.base.sites(ax, names, sites[:, 0], sites[:, 1], small)
        return ax

    def colour_bar(self, mappable: Any, label: str, ticks: Any = None, names: Any = None) -> None:
        """A slim bar at the right-hand edge."""
        width, height = self.figure.get_size_inches()
        box = (1 - 0.5 / width, 1.0 / height, 0.1 / width, 1 - 2.3 / height)
        bar = self.figure.colorbar(mappable, cax=self.figure.add_axes(box), ticks=ticks, spacing="uniform")
        if names is not None:
            bar.ax.set_yticklabels(names)
        bar.ax.tick_params(labelsize=6.5, length=2, pad=2)
        bar.outline.set(edgecolor=GREY, linewidth=0.5)
        bar.ax.set_title(label, fontsize=6.8, color=GREY, loc="right", pad=6)


def ramp(n: int, low_is_dark: bool = True) -> Any:
    """Clearly different steps of viridis, as colours of 0 … n-1."""
    from matplotlib import colormaps
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import ListedColormap, Normalize

    shares = np.linspace(0.12, 0.96, max(n, 1)) if low_is_dark else np.linspace(0.96, 0.2, max(n, 1))
    mappable = ScalarMappable(Normalize(-0.5, max(n, 1) - 0.5), ListedColormap(colormaps["viridis"](shares)))
    return _Steps(mappable)


class _Steps:
    """Colours of whole numbers."""

    def __init__(self, mappable: Any) -> None:
        self.cmap = mappable.cmap
        self._mappable = mappable

    def __call__(self, values: Any) -> Any:
        return self._mappable.to_rgba(values)
