"""What is not known: a bar per disputed quantity, and the answer over the values of one parameter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kalkan.views.report.figures.axes import in_rows, row_names
from kalkan.views.style import INK, TEXT_PT, colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Record = Mapping[str, Any]  # mean, low, high; None where there is no interval


def tornado(
    ax: Axes, names: Sequence[str], low: Sequence[Record], high: Sequence[Record], *, letters: int = 40
) -> None:
    """Change of the answer with each quantity at its lowest and highest claim; whiskers are intervals.

    Parameters
    ----------
    ax : Axes
    names : sequence of str
    low, high : sequence of mapping
        ``mean``, ``low`` and ``high`` of the change.
    letters : int
        Longest line of a name.
    """
    for i, (records, label) in enumerate(((low, "at its lowest claim"), (high, "at its highest claim"))):
        rows = [y + (0.2 if i else -0.2) for y in range(len(names))]
        ax.barh(rows, [r["mean"] for r in records], 0.36, color=colour(i), label=label, linewidth=0)
        for y, r in zip(rows, records, strict=True):
            if r["low"] is not None:
                ax.plot([r["low"], r["high"]], [y, y], color=INK, lw=1.0, solid_capstyle="butt")
    ax.axvline(0.0, color=INK, lw=0.8)
    row_names(ax, names, letters)
    ax.set(ylim=(len(names) - 0.4, -0.6), xlabel="change of the answer")
    ax.grid(axis="y", visible=False)
    ax.spines["left"].set_visible(False)
    ax.figure.legend(loc="outside upper left", columnspacing=1.2, **in_rows(ax.get_legend_handles_labels(), 2, ax))


def curves(
    ax: Axes, at: Sequence[Any], lines: Mapping[str, Sequence[Record]], label: str, unit: str = "leakers"
) -> None:
    """One measure over the values of a parameter: a line per variant, its interval shaded.

    Parameters
    ----------
    ax : Axes
    at : sequence
        Values; numbers stand to scale, words and quantities side by side.
    lines : mapping of str to sequence of mapping
        Per variant: ``mean``, ``low`` and ``high`` at every value.
    label : str
        Of the parameter.
    unit : str
        Of the measure.
    """
    numbers = all(isinstance(v, int | float) and not isinstance(v, bool) for v in at)
    x = [float(v) for v in at] if numbers else [float(i) for i in range(len(at))]
    for i, (name, records) in enumerate(lines.items()):
        mean = [r["mean"] for r in records]
        low, high = ([m if r[k] is None else r[k] for m, r in zip(mean, records, strict=True)] for k in ("low", "high"))
        ax.fill_between(x, low, high, color=colour(i), alpha=0.18, linewidth=0)
        ax.plot(x, mean, "oDs^v"[i % 5] + "-", color=colour(i), ms=4.5, lw=1.6, label=name)
    ax.set_xticks(x, [str(v) for v in at], fontsize=TEXT_PT - 0.5)
    ax.set(xlabel=label, ylabel=f"{unit}, mean per replication")
    ax.set_ylim(bottom=min(0.0, ax.get_ylim()[0]))
    if len(lines) > 1:
        ax.figure.legend(loc="outside upper left", columnspacing=1.2, **in_rows(ax.get_legend_handles_labels(), 3, ax))
