"""A campaign over its days: curves of each variant with their intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kalkan.views.style import colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def over_days(
    ax: Axes, curves: Mapping[str, Sequence[Mapping[str, Any] | None]], days: Mapping[str, Sequence[float]], what: str
) -> None:
    """Means with shaded intervals, a marker for each wave.

    Parameters
    ----------
    ax : Axes
    curves : mapping of str to sequence
        By variant: ``mean``, ``low`` and ``high`` for each wave.
    days : mapping of str to sequence of float
        By variant: when each wave comes [days], the first day beginning at 1.
    what : str
        Of the axis.
    """
    for i, (variant, row) in enumerate(curves.items()):
        told = [(d, v) for d, v in zip(days[variant], row, strict=True) if v is not None]
        at, mean = [d for d, _ in told], [v["mean"] for _, v in told]
        low, high = ([v["mean"] if v[k] is None else v[k] for _, v in told] for k in ("low", "high"))
        ax.fill_between(at, low, high, color=colour(i), alpha=0.18, linewidth=0)
        ax.plot(at, mean, "oDs^v"[i % 5] + "-", color=colour(i), ms=3.5, lw=1.4, label=variant)
    ax.set(xlabel="day of the campaign", ylabel=what)
    ax.set_ylim(bottom=0.0)
