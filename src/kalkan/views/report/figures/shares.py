"""Stacked bars: why leakers leaked, and which interceptors were spent or left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from kalkan.views.numbers import number
from kalkan.views.report.figures.axes import row_names
from kalkan.views.style import PAPER, TEXT_PT, colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LEAST = 0.055  # parts narrower than this share of the axis carry no number


def stacked(
    ax: Axes, rows: Sequence[str], parts: Mapping[str, Sequence[float]], label: str, *, places: int = 1,
    total: float | None = None, letters: int = 16,
) -> None:  # fmt: skip
    """Horizontal bars, one per row, made of parts that sum.

    Parameters
    ----------
    ax : Axes
    rows : sequence of str
        Names of the bars, from the top.
    parts : mapping of str to sequence of float
        Per part, its length in every row.
    label : str
        Of the axis.
    places : int
        Decimals of the numbers written into the bars.
    total : float, optional
        Right end of the axis; default the longest bar.
    letters : int
        Longest line of a name; 0: no names.
    """
    longest = total or max((sum(values) for values in zip(*parts.values(), strict=True)), default=0.0) or 1.0
    left = [0.0] * len(rows)
    for i, (name, values) in enumerate(parts.items()):
        ax.barh(range(len(rows)), values, 0.62, left, color=colour(i), edgecolor=PAPER, linewidth=0.8, label=name)
        for y, value in enumerate(values):
            if value >= _LEAST * longest:
                ax.text(left[y] + value / 2, y, number(value, places), ha="center", va="center_baseline",
                        fontsize=TEXT_PT - 1.0, color=PAPER)  # fmt: skip
            left[y] += value
    row_names(ax, rows if letters else [""] * len(rows), max(letters, 1))
    ax.set(xlim=(0.0, 1.03 * longest if total is None else total), ylim=(len(rows) - 0.5, -0.5), xlabel=label)
    ax.grid(axis="y", visible=False)
    ax.spines["left"].set_visible(False)
