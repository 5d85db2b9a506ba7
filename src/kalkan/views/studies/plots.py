"""Figures of studies about what is not known: one function per figure, drawn into given Axes.

Colours are Okabe and Ito's, told apart by colour-blind readers; every variant also has a marker of its own.
Intervals are shaded or drawn as whiskers.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from kalkan.files import whole, write_whole
from kalkan.results.declared import MEASURES
from kalkan.results.goals import Goal
from kalkan.results.intervals import Interval
from kalkan.results.nested import ALL
from kalkan.scenario.nouns.spelling import split_quantity
from kalkan.studies.breakeven import BreakEven
from kalkan.studies.propagate import Propagated
from kalkan.studies.saturation import Saturation
from kalkan.studies.sensitivity import Bar, Index
from kalkan.studies.sweep import Axis, Swept
from kalkan.views.steady import steady

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
MARKERS = "osD^vP*"
LOW_COLOUR, HIGH_COLOUR = "#56B4E9", "#E69F00"
LONGEST_NAME = 60


def axes(rows: int, columns: int, width: float, height: float) -> tuple[Any, Any]:
    """A new figure that needs no screen, and its grid of Axes (rows, columns)."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure, figure.subplots(rows, columns, squeeze=False)


def save(figure: Any, folder: Path, name: str) -> list[Path]:
    """Write a figure as PNG and SVG."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{name}.png", folder / f"{name}.svg"]
    with whole(paths[0]) as file:
        figure.savefig(file, format="png", dpi=150)
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None})
    write_whole(paths[1], steady(out.getvalue()))
    return paths


def quantity_label(goal: Goal) -> str:
    """Axis label of a measure: name and unit."""
    unit = {"1": "", "%": " [%]", "s": " [s]", "USD": " [USD]"}[MEASURES[goal.key].unit]
    return ("difference of " if goal.difference else "") + goal.name + unit


def sweep_figure(swept: Swept, goal: Goal) -> Any:
    """A sweep in one dimension as curves, in two as maps: every variant, and the last difference."""
    plain, difference = goal._replace(difference=False), goal._replace(difference=True)
    parts = [(plain, v, label) for v, label in enumerate(swept.labels)]
    last = [(difference, len(swept.labels) - 2, f"{swept.labels[-1]} − {swept.labels[0]}")]
    with_difference = len(swept.labels) > 1
    if len(swept.axes) == 1:
        figure, grid = axes(1, 1 + with_difference, 5.5 * (1 + with_difference), 4.2)
        curves(grid[0][0], swept, parts)
        if with_difference:
            curves(grid[0][1], swept, last)
            grid[0][1].axhline(0.0, color="0.6", linewidth=0.8)
        return figure
    maps = parts + last * with_difference
    figure, grid = axes(1, len(maps), 5.2 * len(maps), 4.4)
    for ax, (g, v, label) in zip(grid[0], maps, strict=True):
        heat_map(ax, swept, g, v, label)
    return figure


def curves(ax: Any, swept: Swept, parts: Sequence[tuple[Goal, int, str]]) -> None:
    """Answers over one swept parameter with shaded intervals."""
    places, ticks = positions(swept.axes[0])
    for i, (goal, variant, label) in enumerate(parts):
        values = swept.of(goal, variant)
        colour = COLOURS[i % len(COLOURS)] if not goal.difference else COLOURS[-1]
        ax.plot(places, [v.estimate for v in values], color=colour, marker=MARKERS[i % 7], label=label)
        ax.fill_between(
            places, [v.low for v in values], [v.high for v in values], color=colour, alpha=0.25, linewidth=0.0
        )
    if ticks is not None:
        ax.set_xticks(places, ticks)
    ax.set_xlabel(_axis_label(swept.axes[0]))
    ax.set_ylabel(quantity_label(parts[0][0]))
    ax.set_title("95 % intervals shaded" if not parts[0][0].difference else "paired difference", fontsize=9)
    ax.legend(frameon=False, fontsize=9)
    ax.grid(alpha=0.25)


def heat_map(ax: Any, swept: Swept, goal: Goal, variant: int, label: str) -> None:
    """Answers over two swept parameters as a map, every cell with its number and half-width."""
    from kalkan.views.numbers import plus_minus

    first, second = swept.axes
    values = swept.of(goal, variant)
    table = np.array([v.estimate for v in values]).reshape(len(first.values), len(second.values))
    edge = float(np.abs(table).max()) or 1.0
    scale = {"cmap": "PuOr", "vmin": -edge, "vmax": edge} if goal.difference else {"cmap": "cividis"}
    image = ax.imshow(table, aspect="auto", origin="lower", **scale)
    for k, value in enumerate(values):
        i, j = divmod(k, len(second.values))
        red, green, blue, _ = image.cmap(image.norm(value.estimate))
        dark = 0.3 * red + 0.6 * green + 0.1 * blue < 0.5
        text = plus_minus(*value, signed=goal.difference)
        ax.text(j, i, text.replace(" ± ", "\n± "), ha="center", va="center", fontsize=8, color="w" if dark else "k")
    ax.set_xticks(range(len(second.values)), [str(v) for v in second.values])
    ax.set_yticks(range(len(first.values)), [str(v) for v in first.values])
    ax.set_xlabel(_axis_label(second))
    ax.set_ylabel(_axis_label(first))
    ax.set_title(f"{quantity_label(goal)}: {label}", fontsize=9)


def positions(axis: Axis) -> tuple[list[float], list[str] | None]:
    """Places on an axis, and tick labels where the values are words."""
    numbers, found = [], set()
    for value in axis.values:
        try:
            number, unit = (float(value), "") if not isinstance(value, str) else split_quantity(value)
        except ValueError:
            return [float(i) for i in range(len(axis.values))], [str(v) for v in axis.values]
        numbers.append(number)
        found.add(unit)
    if len(found) > 1 or any(isinstance(v, bool) for v in axis.values):
        return [float(i) for i in range(len(axis.values))], [str(v) for v in axis.values]
    whole = all(isinstance(v, int) for v in axis.values)
    return numbers, [str(v) for v in axis.values] if whole and len(numbers) <= 12 else None


def _axis_label(axis: Axis) -> str:
    
    text = axis.parameter.text
    value = axis.values[0]
    if isinstance(value, str):
        try:
            unit = split_quantity(value)[1]
        except ValueError:
            return text
        return f"{text} [{unit}]" if unit and positions(axis)[1] is None else text
    return text


def tornado(ax: Any, base: Interval, bars: Sequence[Bar], goal: Goal, most: int = 15) -> None:
    """The longest bars of a tornado: the answer with each quantity at either end of what is claimed."""
    shown = [b for b in bars if b.swing > 0.0][:most][::-1]
    for row, bar in enumerate(shown):
        for end, colour, word, y in (
            (bar.low, LOW_COLOUR, bar.factor.low, row + 0.19),
            (bar.high, HIGH_COLOUR, bar.factor.high, row - 0.19),
        ):
            ax.barh(y, end.estimate, left=base.estimate, color=colour, height=0.36, zorder=2)
            ends = [base.estimate + end.low, base.estimate + end.high]
            ax.plot(ends, [y, y], color="0.2", linewidth=1.0, zorder=3)
            other = bar.high if end is bar.low else bar.low
            right = end.estimate > 0.0 or (end.estimate == 0.0 and other.estimate <= 0.0)
            ax.annotate(
                f" {word} ", (ends[right], y), fontsize=6.5, ha="left" if right else "right", va="center"
            )
    ax.set_yticks(range(len(shown)), [_short(b.factor.name) for b in shown], fontsize=8)
    ax.axvline(base.estimate, color="0.2", linewidth=0.8, zorder=4)
    ax.axvspan(base.low, base.high, color="0.8", zorder=0)
    ax.set_xlabel(quantity_label(goal))
    ax.set_title("lowest figure claimed (blue) and highest (orange); whiskers: 95 %", fontsize=9)
    ax.margins(x=0.18)


def sobol(ax: Any, indices: Sequence[Index], title: str) -> None:
    """First-order and total indices with their intervals."""
    shown = list(indices)[::-1]
    for y, i in enumerate(shown):
        ax.errorbar(i.first, y + 0.14, xerr=i.first_half, fmt="o", color=COLOURS[0], capsize=3)
        ax.errorbar(i.total, y - 0.14, xerr=i.total_half, fmt="s", color=COLOURS[1], capsize=3)
    ax.set_yticks(range(len(shown)), [_short(i.name) for i in shown], fontsize=8)
    ax.axvline(0.0, color="0.6", linewidth=0.8)
    ax.set_xlabel("share of the variance: alone (circles), in any way (squares)", fontsize=9)
    ax.set_title(title, fontsize=9)
    ax.grid(alpha=0.25, axis="x")


def break_even(ax: Any, found: BreakEven, goal: Goal, label: str) -> None:
    """The answer over the parameter, the threshold, and where they cross."""
    x = [v for v, _ in found.evaluated]
    ax.plot(x, [i.estimate for _, i in found.evaluated], color=COLOURS[0], marker="o", markersize=3)
    ax.fill_between(
        x, [i.low for _, i in found.evaluated], [i.high for _, i in found.evaluated], color=COLOURS[0], alpha=0.25
    )
    ax.axhline(goal.value, color="0.3", linewidth=1.0, linestyle="--")
    if np.isfinite(found.low):
        ax.axvspan(found.low, found.high, color=COLOURS[4], alpha=0.3)
    if np.isfinite(found.value):
        ax.axvline(found.value, color=COLOURS[1])
    ax.set_xlabel(label)
    ax.set_ylabel(quantity_label(goal))
    ax.grid(alpha=0.25)


def saturation(ax: Any, found: Saturation) -> None:
    """Leakers over the size of the raid, the two lines that tell them, and each knee with its interval."""
    for i, curve in enumerate(found.curves):
        colour = COLOURS[i % len(COLOURS)]
        ax.plot(
            curve.sizes, [x.estimate for x in curve.leakers], MARKERS[i % 7], color=colour, markersize=4,
            label=curve.label,
        )
        ax.fill_between(
            curve.sizes, [x.low for x in curve.leakers], [x.high for x in curve.leakers], color=colour, alpha=0.25
        )
        if curve.knee.clear:
            bend, before, beyond = curve.knee.size, curve.knee.before.estimate, curve.knee.beyond.estimate
            x = np.array([0.0, bend.estimate, curve.sizes[-1]])
            ax.plot(x, before * np.minimum(x, x[1]) + beyond * np.maximum(x - x[1], 0.0), color=colour, linewidth=1.0)
            ax.axvspan(bend.low, bend.high, color=colour, alpha=0.15)
            ax.axvline(bend.estimate, color=colour, linestyle="--", linewidth=1.0)
    ax.set_xlabel("vehicles of all raids")
    ax.set_ylabel("leakers")
    ax.set_title("95 % intervals shaded; dashed: the knee", fontsize=9)
    ax.legend(frameon=False, fontsize=9)
    ax.grid(alpha=0.25)


def draws(ax: Any, found: Propagated, goal: Goal) -> None:
    """Every draw's answer with its chance, in rising order; the share of the claims below it."""
    last = found.outcomes[-1][goal.key]
    outcomes = last - found.outcomes[0][goal.key] if len(found.outcomes) > 1 else last
    told = (found.differences or found.of_variant)[-1][goal.key]
    means = outcomes.mean(axis=1)
    half = 1.96 * outcomes.std(axis=1, ddof=1) / np.sqrt(outcomes.shape[1])
    order = np.argsort(means, kind="stable")
    share = (np.arange(means.size) + 0.5) / means.size
    ax.errorbar(means[order], share, xerr=half[order], fmt="o", color=COLOURS[0], markersize=3, elinewidth=0.8)
    ax.axvline(told.mean, color=COLOURS[1], label="mean over claims and chance")
    inside = f"{'all draws' if told.share >= ALL else f'{100 * told.share:g} % of the claims'}, chance taken out"
    ax.axvspan(told.low, told.high, color=COLOURS[4], alpha=0.2, label=inside)
    ax.set_xlabel(quantity_label(goal._replace(difference=len(found.outcomes) > 1)))
    ax.set_ylabel("share of the draws of the claims")
    ax.set_title(f"{found.draws} draws × {found.inner} replications; bars: chance, 95 %", fontsize=9)
    ax.legend(frameon=False, fontsize=8)
    ax.grid(alpha=0.25)


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"
