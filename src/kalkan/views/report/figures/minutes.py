"""One replication, minute by minute: what happened to each raid, totals, and channels in use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from kalkan.results.minutes import Marks, Steps, running_total
from kalkan.views.report.figures.axes import apart, in_rows, row_names
from kalkan.views.style import COLOURS, MUTED, PAPER, TEXT_PT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

RAID, DEFENCE = COLOURS["raid"].light, COLOURS["defence"].light
_ROW = 0.78  # height of a fire unit's row
_LOOK = {
    "seen": ("first seen", {"marker": "o", "ms": 4.5, "mfc": PAPER, "mec": MUTED, "mew": 1.0}, 0.0),
    "launch": ("launch", {"marker": "|", "ms": 6.0, "color": MUTED, "mew": 0.9}, -0.24),
    "kill": ("kill", {"marker": "o", "ms": 4.5, "mfc": DEFENCE, "mec": PAPER, "mew": 0.5}, 0.0),
    "leak": ("leak", {"marker": "X", "ms": 6.5, "mfc": RAID, "mec": PAPER, "mew": 0.6}, 0.0),
}


def raid_lanes(
    ax: Axes, raids: Sequence[str], raid_of: Sequence[int], marks: Mapping[str, Marks], *, columns: int = 4
) -> None:
    """First plots, launches, kills and leaks, one lane per raid.

    Parameters
    ----------
    ax : Axes
    raids : sequence of str
    raid_of : sequence of int
        Raid of every threat, as an index into `raids`.
    marks : mapping of str to Marks
        ``seen``, ``launch``, ``kill`` and ``leak``.
    columns : int
        Of the legend.
    """
    of = np.asarray(raid_of)
    for kind, (label, look, up) in _LOOK.items():
        known = marks[kind].subjects >= 0
        lanes = of[marks[kind].subjects[known]] + up
        times = marks[kind].times_s[known] / 60.0
        ax.plot(times, lanes, ls="none", label=f"{label} ({times.size})", zorder=3 if kind != "leak" else 4, **look)  # type: ignore[arg-type]
    row_names(ax, raids, 17, TEXT_PT - 1.5)
    ax.set(ylim=(len(raids) - 0.5, -0.6))
    ax.grid(axis="y", visible=False)
    ax.spines["left"].set_visible(False)
    for lane in range(len(raids)):
        ax.axhline(lane, color=COLOURS["grid"].light, lw=0.8, zorder=0)
    legend = in_rows(ax.get_legend_handles_labels(), columns)
    ax.legend(loc="lower left", bbox_to_anchor=(-0.3, 1.0), borderaxespad=0.2, columnspacing=0.8, handletextpad=0.0,
              fontsize=TEXT_PT - 1.0, **legend)  # fmt: skip


def totals(ax: Axes, marks: Mapping[str, Marks], end_s: float) -> None:
    """How many had been seen, killed and leaked by each time."""
    lines = (("leaked", "leak", RAID, "-"), ("killed", "kill", DEFENCE, "-"), ("seen", "seen", MUTED, (0, (1.5, 1.5))))
    steps = [running_total(marks[kind].times_s) for _, kind, _, _ in lines]
    top = max(s.peak for s in steps) or 1.0
    labels = apart([s.peak for s in steps], 0.17 * top)
    for (name, _, color, style), line, y in zip(lines, steps, labels, strict=True):
        _stairs(ax, line, end_s, color=color, ls=style, lw=1.6)
        ax.annotate(f"{name} {line.peak:.0f}", (end_s / 60.0, y), (4.0, 0.0), textcoords="offset points", color=color,
                    va="center", fontsize=TEXT_PT - 1.0, annotation_clip=False)  # fmt: skip
    ax.set_ylim(0.0, 1.1 * top)
    ax.set_ylabel("air vehicles")


def channels(ax: Axes, in_use: Mapping[str, Steps], have: Sequence[int], end_s: float) -> None:
    """Target channels in use: a row per fire unit, as high as it has channels; red where all are busy.

    Parameters
    ----------
    ax : Axes
    in_use : mapping of str to Steps
        Per fire unit.
    have : sequence of int
        Channels of each fire unit; empty if unknown, then a row is as high as its peak.
    end_s : float
        End of the time line [s].
    """
    for row, steps in enumerate(in_use.values()):
        most = have[row] if row < len(have) else max(steps.peak, 1.0)
        times, values = _corners(steps, end_s)
        height = _ROW * values / most
        for color, part in ((DEFENCE, values < most), (RAID, values >= most)):
            top = row + _ROW / 2 - np.where(part, height, 0.0)
            ax.fill_between(times, row + _ROW / 2, top, step="post", color=color, alpha=0.85, linewidth=0)
        ax.axhline(row + _ROW / 2, color=COLOURS["grid"].light, lw=0.8, zorder=0)
    row_names(ax, [f"{n} ({have[i]})" if i < len(have) else n for i, n in enumerate(in_use)], 20, TEXT_PT - 1.5)
    ax.set_title("Target channels in use", fontsize=TEXT_PT - 1.0, fontweight="normal", color=MUTED, pad=3.0)
    ax.set(ylim=(max(len(in_use), 1) - 0.5, -0.5), xlabel="minutes from the start")
    ax.grid(axis="y", visible=False)
    ax.spines["left"].set_visible(False)


def _stairs(ax: Axes, steps: Steps, end_s: float, **look: object) -> None:
    times, values = _corners(steps, end_s)
    ax.plot(times, values, drawstyle="steps-post", **look)  # type: ignore[arg-type]


def _corners(steps: Steps, end_s: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Times [min] and values from 0 to the end."""
    times = np.concatenate([[0.0], steps.times_s, [end_s]]) / 60.0
    values = np.concatenate([[0.0], steps.values, steps.values[-1:] if steps.values.size else [0.0]])
    return times, values
