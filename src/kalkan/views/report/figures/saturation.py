"""Leakers over the size of a raid: the curve of each variant, and its knee."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kalkan.views.report.figures.axes import in_rows
from kalkan.views.style import colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def bent(ax: Axes, curves: Sequence[Mapping[str, Any]]) -> None:
    """Means with shaded intervals; where a knee is clear, a dashed line with its interval.

    Parameters
    ----------
    ax : Axes
    curves : sequence of mapping
        ``variant``, ``sizes``, ``leakers`` (``mean``, ``low``, ``high`` at each size) and ``knee``, as a study of
        saturation tells them.
    """
    for i, curve in enumerate(curves):
        sizes, told = curve["sizes"], curve["leakers"]
        mean = [x["mean"] for x in told]
        low, high = ([m if x[k] is None else x[k] for m, x in zip(mean, told, strict=True)] for k in ("low", "high"))
        ax.fill_between(sizes, low, high, color=colour(i), alpha=0.18, linewidth=0)
        ax.plot(sizes, mean, "oDs^v"[i % 5] + "-", color=colour(i), ms=4.5, lw=1.6, label=curve["variant"])
        if curve["knee"]["clear"]:
            size = curve["knee"]["size"]
            ax.axvspan(size["low"], size["high"], color=colour(i), alpha=0.14, linewidth=0)
            ax.axvline(size["mean"], color=colour(i), lw=1.0, ls="--")
    ax.set(xlabel="vehicles of all raids", ylabel="leakers, mean per replication")
    ax.set_xlim(left=0.0)
    ax.set_ylim(bottom=0.0)
    if len(curves) > 1:
        ax.figure.legend(loc="outside upper left", columnspacing=1.2, **in_rows(ax.get_legend_handles_labels(), 2, ax))
