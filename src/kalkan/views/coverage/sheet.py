"""The sheet of a coverage figure: title, facts, maps, colour bar and small print; or its parts for a page."""

from __future__ import annotations

from textwrap import fill
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kalkan.cover.coverage import Coverage
from kalkan.cover.laydown import sites_deg
from kalkan.views.coverage.words import conditions
from kalkan.views.maps.cartography import GREY, Base
from kalkan.views.style import INK, PAPER
from kalkan.views.svg import inline, rendered

Mask = NDArray[np.bool_]
_PART_IN = 3.7  # width of a map in a page: that of a phone
STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans", "font.size": 8, "axes.edgecolor": GREY, "axes.labelcolor": GREY,
    "text.color": INK, "xtick.color": GREY, "ytick.color": GREY, "svg.fonttype": "none", "hatch.linewidth": 0.4,
}  # fmt: skip


class Sheet:
    """A figure with title, line of facts below it, caption, and a row or grid of maps."""

    def __init__(self, coverage: Coverage, base: Base, rows: int, columns: int, title: str, facts: str,
                 size_in: float = 4.1) -> None:  # fmt: skip
        from matplotlib.figure import Figure

        self.coverage, self.base, self.title, self.facts = coverage, base, title, facts
        width, height = columns * size_in + 0.9, rows * (size_in + 0.28) + 1.45
        self.figure = Figure(figsize=(width, height), facecolor=PAPER)
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
        self.base.draw(ax, colours, painted)
        ax.set_title(title, loc="left", fontsize=8.5, color=INK, pad=4)
        self.base.scale_bar(ax)
        laydown = (coverage or self.coverage).laydown
        sites, names = sites_deg(laydown), [r.written.name for r in laydown.layout.radars]
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

    def key(self, ax: Any, title: str = "") -> None:
        """What the lines of a map are, in its corner."""
        box = {"framealpha": 0.9, "edgecolor": "none", "facecolor": PAPER}
        ax.legend(loc="upper right", fontsize=6.5, title=title or None, title_fontsize=6.5, **box).set_zorder(20)


class Parts(Sheet):
    """The maps of a figure one by one, so that a page can set them side by side or below each other.

    To be made and told within :func:`kalkan.views.style.drawing`.
    """

    def __init__(self, coverage: Coverage, base: Base, rows: int, columns: int, title: str, facts: str,
                 size_in: float = 4.1) -> None:  # fmt: skip
        from matplotlib.figure import Figure

        self.coverage, self.base, self.title, self.facts = coverage, base, title, facts
        figures = [Figure(figsize=(_PART_IN, _PART_IN), layout="constrained") for _ in range(rows * columns)]
        self.axes = np.array([figure.add_subplot() for figure in figures])
        self._titles: dict[int, str] = {}
        self._bar: Any = None

    def panel(self, i: int, title: str, colours: Any = None, painted: Mask | None = None, small: bool = False,
              coverage: Coverage | None = None) -> Any:  # fmt: skip
        """As of a sheet; sites have their names on every map."""
        self._titles[i] = title
        return super().panel(i, title, colours, painted, False, coverage)

    def colour_bar(self, mappable: Any, label: str, ticks: Any = None, names: Any = None) -> None:
        """A slim bar of its own."""
        from matplotlib.figure import Figure

        self._bar = Figure(figsize=(_PART_IN, 0.62), layout="constrained")
        options = {"orientation": "horizontal", "ticks": ticks, "spacing": "uniform"}
        bar = self._bar.colorbar(mappable, cax=self._bar.add_subplot(), **options)
        if names is not None:
            bar.ax.set_xticklabels(names)
        bar.ax.grid(False)
        bar.ax.tick_params(labelsize=6.5, length=2, pad=2)
        bar.outline.set(edgecolor=GREY, linewidth=0.5)
        bar.ax.set_title(label, fontsize=8, color=GREY, loc="left", pad=4)

    def key(self, ax: Any, title: str = "") -> None:
        """Below the map."""
        words = {"title": title, "title_fontsize": 7.5, "alignment": "left"} if title else {}
        ax.figure.legend(loc="outside lower left", fontsize=7.5, ncols=4 if title else 2, columnspacing=1.2, **words)

    def drawn(self, key: str) -> tuple[list[str], str]:
        """SVG elements of the maps and of the colour bar (or ``""``)."""
        maps = [
            inline(rendered(self.axes[i].figure), f"{key}-{i + 1}", title or self.title, f"{self.facts}. {title}")
            for i, title in self._titles.items()
        ]
        bar = self._bar and inline(rendered(self._bar), f"{key}-bar", "Colours", f"The colours of: {self.title}")
        return maps, bar or ""


def ramp(n: int, low_is_dark: bool = True) -> Any:
    """Clearly different steps of viridis, as colours of 0 … n-1."""
    from matplotlib import colormaps
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import ListedColormap, Normalize

    shares = np.linspace(0.16, 0.96, max(n, 1)) if low_is_dark else np.linspace(0.96, 0.24, max(n, 1))
    mappable = ScalarMappable(Normalize(-0.5, max(n, 1) - 0.5), ListedColormap(colormaps["viridis"](shares)))
    return _Steps(mappable)


class _Steps:
    """Colours of whole numbers."""

    def __init__(self, mappable: Any) -> None:
        self.cmap = mappable.cmap
        self._mappable = mappable

    def __call__(self, values: Any) -> Any:
        return self._mappable.to_rgba(values)
