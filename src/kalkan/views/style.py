"""One look for every figure of a report: sizes, colours by role, light and dark.

Figures are drawn in the light colours, each of which stands for a role; in the SVG every such colour
becomes a CSS variable with the light colour as its fallback, so that a page can give dark ones. Series
are Okabe and Ito's colour-blind-safe set (jfly.uni-koeln.de/color, 2008), darkened where needed to
stand out from paper by 3 : 1 (WCAG 2.2, criterion 1.4.11).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple


class Colour(NamedTuple):
    """A role's colour on light and on dark paper."""

    light: str
    dark: str


COLOURS: dict[str, Colour] = {
    "ink": Colour("#1d2227", "#e8e6e1"),
    "muted": Colour("#59616b", "#a9b0b8"),
    "grid": Colour("#d9dcdf", "#363d45"),
    "paper": Colour("#fffffe", "#14181d"),
    "land": Colour("#ece9e1", "#2a2f33"),
    "sea": Colour("#e2eaf0", "#1a232b"),
    "coast": Colour("#8b949c", "#6b7681"),
    "defence": Colour("#0a5a8c", "#7cc4f5"),
    "raid": Colour("#b8420a", "#ff9a63"),
    "neutral": Colour("#2f7d32", "#7fd68a"),
    "series-1": Colour("#0072b2", "#56b4e9"),
    "series-2": Colour("#d55e00", "#f0894a"),
    "series-3": Colour("#008a65", "#2fc79e"),
    "series-4": Colour("#a8528a", "#dd93bf"),
    "series-5": Colour("#b37400", "#e9b949"),
    "series-6": Colour("#3d8fc4", "#9ad4f7"),
    "series-7": Colour("#6b6f76", "#b9bec6"),
    "series-8": Colour("#8c6d31", "#d3c08d"),
    "series-9": Colour("#4a4e8f", "#a9aef0"),
}
INK, MUTED, GRID, PAPER = (COLOURS[k].light for k in ("ink", "muted", "grid", "paper"))
SERIES = tuple(c.light for name, c in COLOURS.items() if name.startswith("series-"))
TEXT_PT = 9.0
DRESS = Path(__file__).parent / "dress"  # the style sheet of every page, ``page.css``

_RC: dict[str, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "kalkan",
    "font.family": "sans-serif",
    "font.size": TEXT_PT,
    "axes.titlesize": TEXT_PT,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlecolor": INK,
    "axes.labelsize": TEXT_PT,
    "axes.labelcolor": MUTED,
    "axes.edgecolor": MUTED,
    "axes.linewidth": 0.7,
    "axes.facecolor": "none",
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.prop_cycle": None,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "text.color": INK,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": TEXT_PT - 0.5,
    "ytick.labelsize": TEXT_PT - 0.5,
    "xtick.major.size": 3.0,
    "ytick.major.size": 0.0,
    "legend.frameon": False,
    "legend.fontsize": TEXT_PT - 0.5,
    "legend.handlelength": 1.4,
    "figure.facecolor": "none",
    "savefig.facecolor": "none",
    "hatch.linewidth": 0.6,
}


@contextmanager
def drawing() -> Iterator[None]:
    """Matplotlib's settings for as long as a figure is made and drawn."""
    import matplotlib as mpl
    from cycler import cycler

    settings: Any = _RC | {"axes.prop_cycle": cycler(color=list(SERIES))}
    with mpl.rc_context(settings):
        yield


def css_variables(theme: str) -> str:
    """``--ink: #1d2227; …`` for ``light`` or ``dark``."""
    return " ".join(f"--{name}: {getattr(c, theme)};" for name, c in COLOURS.items())


def colour(i: int) -> str:
    """Colour of the i-th series."""
    return SERIES[i % len(SERIES)]
