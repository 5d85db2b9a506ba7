"""Readiness over months: each batch from its contract to its readiness, and below it the fire units that are there."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from kalkan.views.style import INK, MUTED, PAPER, colour

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WIDE_IN, _ROW_IN, _CURVE_IN, _REST_IN = 7.4, 0.42, 2.0, 1.1
_MARGIN = datetime.timedelta(days=120)


def figure_of(content: dict[str, Any]) -> Any:
    """A figure by itself.

    Parameters
    ----------
    content : dict
        From :func:`kalkan.views.claims.batches.readiness`.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    from kalkan.views.style import drawing

    groups = content["groups"]
    rows = [len(g["deliveries"]) for g in groups]
    heights = [h for n in rows for h in (_ROW_IN * n + 0.35, _CURVE_IN)]
    with drawing():
        size = (_WIDE_IN, sum(heights) + _REST_IN)
        figure = Figure(figsize=size, layout="constrained", facecolor="white")
        FigureCanvasAgg(figure)
        axes = figure.subplots(len(heights), 1, sharex=True, squeeze=False, height_ratios=heights)[:, 0]
        for k, group in enumerate(groups):
            days = {label: day for label, day in content["as_of"].items() if label in group["variants"]}
            bars(axes[2 * k], group)
            curve(axes[2 * k + 1], group)
            for ax in axes[2 * k : 2 * k + 2]:
                _asked(ax, days, named=ax is axes[2 * k + 1])
            if len(groups) > 1:
                axes[2 * k].set_title(", ".join(group["variants"]))
        axes[-1].set_xlim(*_ends(content))
        axes[-1].xaxis.set_major_formatter(_formatter(axes[-1]))
        figure.legend(handles=_keys(), loc="outside lower center", ncols=3, columnspacing=1.2)
        figure.canvas.draw()
    return figure


def bars(ax: Axes, group: dict[str, Any]) -> None:
    """Every delivery: from the contract to its arrival, and from there to readiness, with what is disputed."""
    rows = group["deliveries"]
    for y, row in enumerate(rows):
        delivered, ready = _date(row["delivered"]["day"]), _date(row["ready"]["day"])
        if row["contract"]:
            ax.plot([_date(row["contract"]["day"]), delivered], [y, y], color=MUTED, linewidth=1.2)
            ax.plot([_date(row["contract"]["day"])], [y], "o", color=MUTED, markersize=5)
        ax.plot([delivered, ready], [y, y], color=colour(0), linewidth=5, solid_capstyle="butt")
        ax.plot([ready], [y], "D", color=colour(0), markersize=6, markeredgecolor=PAPER)
        for key in ("contract", "delivered", "ready"):
            told = row[key]
            if told and told["earliest"] != told["latest"]:
                y_low = y + 0.28
                ax.plot(
                    [_date(told["earliest"]), _date(told["latest"])], [y_low, y_low],
                    color=colour(1), linewidth=1.2, marker="|", markersize=5,
                )  # fmt: skip
    ax.set_yticks(range(len(rows)), [_called(row, rows) for row in rows])
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.grid(axis="y", visible=False)


def curve(ax: Axes, group: dict[str, Any]) -> None:
    """Fire units that are ready: by the dates that are used, and between the earliest and the latest claimed."""
    from matplotlib.ticker import MaxNLocator

    lines = {name: [(_date(s["day"]), s["fire_units"]) for s in steps] for name, steps in group["curve"].items()}
    days = sorted({day for line in lines.values() for day, _ in line})
    days = [days[0] - 10 * _MARGIN, *days, days[-1] + 10 * _MARGIN]
    low, high = ([_at(lines[name], day) for day in days] for name in ("latest", "earliest"))
    ax.fill_between(days, low, high, step="post", color=colour(1), alpha=0.25, linewidth=0)
    ax.step(days, [_at(lines["used"], day) for day in days], where="post", color=colour(0), linewidth=2)
    ax.set_ylabel("fire units ready")
    ax.set_ylim(0, max(n for line in lines.values() for _, n in line) + 0.6)
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))


def _at(line: list[tuple[datetime.date, int]], day: datetime.date) -> int:
    return next((n for since, n in reversed(line) if since <= day), 0)


def _asked(ax: Axes, days: dict[str, str | None], *, named: bool) -> None:
    """The days that variants ask about."""
    for day in dict.fromkeys(d for d in days.values() if d):
        ax.axvline(_date(day), color=INK, linewidth=1, linestyle="--")
        if named:
            ax.annotate(
                f"as of {day}", (_date(day), 1), xycoords=("data", "axes fraction"), xytext=(-3, -2),
                textcoords="offset points", ha="right", va="top", rotation=90,
                bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1.0, "alpha": 0.8},
            )  # fmt: skip


def _called(row: dict[str, Any], rows: list[dict[str, Any]]) -> str:
    alone = sum(r["batch"] == row["batch"] for r in rows) == 1
    return row["batch"] if alone else f"{row['batch']}: {', '.join(row['brings'])}"


def _ends(content: dict[str, Any]) -> tuple[Any, Any]:
    """What is shown: everything that happens or is asked about, with some room."""
    rows = [row for group in content["groups"] for row in group["deliveries"]]
    told = [row[key] for row in rows for key in ("contract", "delivered", "ready")]
    days = [t[end] for t in told if t for end in ("earliest", "latest")] + [d for d in content["as_of"].values() if d]
    return _date(min(days)) - _MARGIN, _date(max(days)) + _MARGIN


def _date(day: str) -> Any:
    return datetime.date.fromisoformat(day)


def _formatter(ax: Axes) -> Any:
    from matplotlib.dates import ConciseDateFormatter

    return ConciseDateFormatter(ax.xaxis.get_major_locator())


def _keys() -> list[Any]:
    from matplotlib.lines import Line2D

    return [
        Line2D([], [], color=MUTED, marker="o", label="contract, until delivery"),
        Line2D([], [], color=colour(0), linewidth=4, marker="D", label="delivered, until ready"),
        Line2D([], [], color=colour(1), marker="|", label="earliest to latest that is claimed"),
    ]
