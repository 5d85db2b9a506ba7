"""Parts of axes that several figures share: names of rows, legends in reading order."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kalkan.views.style import INK, TEXT_PT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LINE = 1.2  # distance of lines, in sizes of the text
_MOST_LINES = 3
_LEGEND = 34  # letters of a name in a legend
_HANDLE = 6  # room for its mark, in letters
_LETTERS_PER_IN = 14.0  # of a legend's text


def row_names(ax: Axes, names: Sequence[str], width: int, size_pt: float = TEXT_PT - 0.5) -> None:
    """Names of rows 0, 1, … left of the axes, broken into at most three lines of at most `width` letters.

    Each line is a text of its own that ends at the axis, so that it does not matter which font a page has.
    """
    ax.set_yticks(range(len(names)), [""] * len(names))
    for y, name in enumerate(names):
        lines = textwrap.wrap(name, width, max_lines=_MOST_LINES, placeholder=" …") or [name]
        for i, line in enumerate(lines):
            up = (len(lines) - 1) / 2.0 - i
            ax.annotate(line, (0.0, y), (-5.0, up * _LINE * size_pt), xycoords=("axes fraction", "data"),
                        textcoords="offset points", ha="right", va="center_baseline", fontsize=size_pt, color=INK,
                        annotation_clip=False)  # fmt: skip


def in_rows(
    drawn: tuple[Sequence[Any], Sequence[str]], columns: int, ax: Axes | None = None
) -> dict[str, Any]:
    """Arguments of a legend that is read line by line; matplotlib fills it column by column.

    ``drawn`` is what ``Axes.get_legend_handles_labels`` gives; there are fewer columns where they would be wider
    than the figure of ``ax``.
    """
    handles, words = drawn[0], [textwrap.shorten(w, _LEGEND, placeholder=" …") for w in drawn[1]]
    columns = min(columns, len(handles))
    if ax is not None:
        across_in = ax.figure.bbox.width / ax.figure.dpi
        widest = max(map(len, words), default=0) + _HANDLE
        columns = max(1, min(columns, int(_LETTERS_PER_IN * across_in / widest)))
    order = [i for c in range(columns) for i in range(c, len(handles), columns)]
    return {"handles": [handles[i] for i in order], "labels": [words[i] for i in order], "ncols": columns}


def apart(places: Sequence[float], least: float) -> list[float]:
    """Places for labels, moved so that neighbours are at least `least` apart, in the given order."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    moved = list(places)
    for before, i in itertools.pairwise(order):
        moved[i] = max(moved[i], moved[before] + least)
    return moved
