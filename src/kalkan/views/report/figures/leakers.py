"""How many got through: the spread over replications, and the leakers of each raid."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kalkan.results.quantity import Measure
from kalkan.views.report.figures.axes import in_rows, row_names
from kalkan.views.style import INK, MUTED, PAPER, colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LETTERS_PER_IN = 11.0  # of a heading


def right_end(leakers: Iterable[NDArray[np.float64]], measures: Iterable[Measure]) -> int:
    """Of the axis that all variants share: it holds every replication and every interval."""
    ends = (m.high for m in measures if np.isfinite(m.half_width))
    return max(8, *(int(x.max()) for x in leakers), *(math.ceil(end) for end in ends))


def shares(leakers: NDArray[np.float64], most: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Edges of the bars up to `most` leakers, and the share of replications in each [%]."""
    width = max(1, -(-(most + 1) // 40))
    edges = np.arange(-0.5, most + width + 0.5, width)
    counts, _ = np.histogram(leakers, edges)
    return edges, 100.0 * counts / leakers.size


def leaker_spread(
    ax: Axes, leakers: NDArray[np.float64], measure: Measure, name: str, number: int, most: int, highest: float
) -> None:
    """Share of replications with each number of leakers, with the mean and its interval above.

    Parameters
    ----------
    ax : Axes
    leakers : float64 array (n,)
        One number per replication.
    measure : Measure
        Their mean with its interval.
    name : str
        Of the variant.
    number : int
        Of the variant; decides the colour.
    most : int
        Right end of the axis.
    highest : float
        The longest bar of any variant [%].
    """
    from matplotlib.ticker import MaxNLocator

    edges, share = shares(leakers, most)
    width = float(edges[1] - edges[0])
    ax.bar(edges[:-1] + width / 2, share, 0.86 * width, color=colour(number), linewidth=0)
    top = 1.16 * max(highest, 1.0)
    low, high = (measure.low, measure.high) if np.isfinite(measure.half_width) else (measure.mean, measure.mean)
    ax.plot([low, high], [top, top], color=INK, lw=2.4, solid_capstyle="butt")
    ax.plot([measure.mean], [top], "o", ms=5, mfc=PAPER, mec=INK, mew=1.3)
    ax.set(xlim=(-0.5 - 0.2 * width, most + 0.7 * width), ylim=(0.0, 1.12 * top))
    ax.set_yticks([tick for tick in ax.get_yticks() if tick <= 100.0])
    ax.set_title(textwrap.fill(name, round(_LETTERS_PER_IN * ax.get_window_extent().width / ax.figure.dpi)))
    ax.set_ylabel("% of replications")
    ax.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    ax.grid(axis="x", visible=False)


def by_row(
    ax: Axes, rows: Sequence[str], measures: Mapping[str, Sequence[Measure | None]], *, letters: int = 40
) -> None:
    """Mean leakers with intervals: a row for each raid (or stance), a mark per variant.

    Parameters
    ----------
    ax : Axes
    rows : sequence of str
        Their names.
    measures : mapping of str to sequence of Measure
        Per variant, in the order of `rows`.
    letters : int
        Longest line of a name.
    """
    n = len(measures)
    for v, (name, values) in enumerate(measures.items()):
        offset = 0.0 if n == 1 else 0.5 * (v / (n - 1) - 0.5)
        _dots(ax, [(i + offset, m) for i, m in enumerate(values) if m is not None], name, v)
    row_names(ax, rows, letters)
    ax.set(ylim=(len(rows) - 0.4, -0.6), xlabel="leakers, mean per replication")
    ax.set_xlim(left=0.0)
    ax.margins(x=0.05)
    ax.grid(axis="y", visible=False)
    ax.spines["left"].set_visible(False)
    if n > 1:
        legend = in_rows(ax.get_legend_handles_labels(), 4 if letters > 20 else 2, ax)
        ax.figure.legend(loc="outside upper left", columnspacing=1.2, **legend)


def first_contact(
    ax: Axes, raids: Sequence[str], stages: Mapping[str, Sequence[float]], *, letters: int = 40
) -> None:
    """Mean range [km] at each stage of first contact, one row per raid; nan: never."""
    rows = range(len(raids))
    for i in rows:
        known = [x for x in (km[i] for km in stages.values()) if np.isfinite(x)]
        if len(known) > 1:
            ax.plot([max(known), min(known)], [i, i], color=MUTED, lw=1.2, zorder=1)
    for number, (name, km) in enumerate(stages.items()):
        face = PAPER if number % 2 == 0 else colour(number)
        ax.plot(km, rows, "osD^"[number % 4], ms=6, mfc=face, mec=colour(number), mew=1.5, ls="none", label=name)
    row_names(ax, raids, letters)
    ax.set(ylim=(len(raids) - 0.4, -0.6), xlabel="range, mean [km]")
    ax.set_xlim(left=0.0)
    ax.grid(axis="y", visible=False)
    ax.spines["left"].set_visible(False)
    ax.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=4 if letters > 20 else 2, borderaxespad=0.2)


def _dots(ax: Axes, rows: Sequence[tuple[float, Measure]], name: str, number: int) -> None:
    marker = "oDs^v"[number % 5]
    for y, m in rows:
        if np.isfinite(m.half_width):
            ax.plot([m.low, m.high], [y, y], color=colour(number), lw=2.0, solid_capstyle="butt", alpha=0.7)
    ax.plot([m.mean for _, m in rows], [y for y, _ in rows], marker, ms=5.5, color=colour(number), ls="none",
            label=name, clip_on=False)  # fmt: skip

