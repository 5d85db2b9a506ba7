"""One replication, minute by minute: what happened to each raid, totals, and channels in use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from kalkan.results.timeline import Marks, Steps, running_total
from kalkan.views.report.style import COLOURS, INK, MUTED, PAPER, TEXT_PT, colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes

RAID, DEFENCE = COLOURS["raid"].light, COLOURS["defence"].light
_LOOK = {
    "seen": ("first seen", {"marker": "o", "ms": 4.5, "mfc": PAPER, "mec": MUTED, "mew": 1.0}, 0.0),
    "launch": ("launch", {"marker": "|", "ms": 6.0, "color": MUTED, "mew": 0.9}, -0.24),
    "kill": ("kill", {"marker": "o", "ms": 4.5, "mfc": DEFENCE, "mec": PAPER, "mew": 0.5}, 0.0),
    "leak": ("leak", {"marker": "X", "ms": 6.5, "mfc": RAID, "mec": PAPER, "mew": 0.6}, 0.0),
}


def raid_lanes(ax: Axes, raids: Sequence[str], raid_of: Sequence[int], marks: Mapping[str, Marks]) -> None:
    """First plots, launches, kills and leaks, one lane per raid.

    Parameters
    ----------
    ax : Axes
    raids : sequence of str
    raid_of : sequence of int
        Raid of every threat, as an index into `raids`.
    marks : mapping of str to Marks
        ``seen``, ``launch``, ``kill`` and ``leak``.
    """
    of = np.asarray(raid_of)
    for kind, (label, look, up) in _LOOK.items():
        known = marks[kind].subjects >= 0
        lanes = of[marks[kind].subjects[known]] + up
        times = marks[kind].times_s[known] / 60.0
        ax.plot(times, lanes, ls="none", label=f"{label} ({times.size})", zorder=3 if kind != "leak" else 4, **look)  # type: ignore[arg-type]
    ax.set_yticks(range(len(raids)), raids)
    ax.set(ylim=(len(raids) - 0.5, -0.6))
    ax.grid(axis="y", visible=False)
    ax.spines["left"].set_visible(False)
    for lane in range(len(raids)):
        ax.axhline(lane, color=COLOURS["grid"].light, lw=0.8, zorder=0)
    ax.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=4, borderaxespad=0.2, columnspacing=1.2,
              handletextpad=0.3)  # fmt: skip


def totals(ax: Axes, marks: Mapping[str, Marks], end_s: float) -> None:
    """How many had been seen, killed and leaked by each time."""
    for name, kind, color, style in (
        ("seen", "seen", MUTED, (0, (1.5, 1.5))), ("killed", "kill", DEFENCE, "-"), ("leaked", "leak", RAID, "-"),
    ):  # fmt: skip
        steps = running_total(marks[kind].times_s)
        _stairs(ax, steps, end_s, color=color, ls=style, lw=1.6)
        last = float(steps.values[-1]) if steps.values.size else 0.0
        ax.annotate(name, (end_s / 60.0, last), (4.0, 0.0), textcoords="offset points", color=color, va="center",
                    fontsize=TEXT_PT - 1.0, annotation_clip=False)  # fmt: skip
    ax.set_ylim(bottom=0.0)
    ax.set_ylabel("air vehicles")


def channels(ax: Axes, in_use: Mapping[str, Steps], have: Sequence[int], end_s: float) -> None:
    """Target channels in use of each fire unit, and how many it has."""
    for i, (name, steps) in enumerate(in_use.items()):
        _stairs(ax, steps, end_s, color=colour(i), lw=1.4, ls=("-", (0, (4, 1.5)), (0, (1.2, 1.2)))[i % 3], label=name)
    for limit in sorted(set(have)):
        ax.axhline(limit, color=INK, lw=0.8, ls=(0, (5, 3)))
    if have:
        ax.annotate("all busy", (0.0, max(have)), (3.0, 2.5), xycoords=("axes fraction", "data"),
                    textcoords="offset points", fontsize=TEXT_PT - 1.5, color=INK, va="bottom")  # fmt: skip
    top = max([*have, *(s.peak for s in in_use.values()), 1.0])
    ax.set_ylim(0.0, 1.3 * top)
    ax.set_ylabel("target channels\nin use")
    ax.set_xlabel("minutes from the start")
    if len(in_use) <= 8:
        ax.legend(loc="upper right", ncols=min(4, len(in_use)), borderaxespad=0.0, columnspacing=1.0, handletextpad=0.4)


def _stairs(ax: Axes, steps: Steps, end_s: float, **look: object) -> None:
    times = np.concatenate([[0.0], steps.times_s, [end_s]]) / 60.0
    values = np.concatenate([[0.0], steps.values, steps.values[-1:] if steps.values.size else [0.0]])
    ax.plot(times, values, drawstyle="steps-post", **look)  # type: ignore[arg-type]
