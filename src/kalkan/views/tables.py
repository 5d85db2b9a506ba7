"""The results table on a screen, drawn from the plain data of ``views.summary``."""

from __future__ import annotations

import io
import itertools
import math
from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from kalkan.views.numbers import exact, number, plus_minus, span

WIDEST = 100
_GAP = 3  # columns between two columns
_UNITS = {"m": (1e-3, "km"), "USD": (1e-6, "million USD"), "s": (1.0, "s"), "%": (1.0, "%"), "1": (1.0, "")}
Cells = list[list[str]]


def results_view(content: dict[str, Any], width: int = WIDEST) -> RenderableType:
    """Tables, notes and heading as one rich renderable.

    Parameters
    ----------
    content : dict
        From :func:`kalkan.views.summary.summary` or ``comparison``.
    width : int
        Columns of the screen; tables that do not fit are split by column.
    """
    blocks: list[RenderableType] = [Text(heading(content), style="bold")]
    cells = all_cells(content)
    widths = _widths(cells)
    for heads, rows in cells:
        blocks += [Text(""), *_drawn(heads, rows, widths, width)]
    blocks.append(Text(""))
    blocks += [Text(note, style="dim") for note in all_notes(content)]
    for folder in [content["folder"]] if "folder" in content else []:
        blocks.append(Text(f"results: {folder} · again: kalkan show {folder}"))
    for report in [content["report"]] if content.get("report") else []:
        blocks.append(Text(f"report: {report}"))
    return Group(*blocks)


def unknown_words(content: dict[str, Any]) -> list[str]:
    """What the numbers of what is not known mean, or that it was not asked."""
    from kalkan.views.propagation import legend, outside

    unknown = content.get("unknown")
    if unknown is None:
        return []
    if unknown["asked"]:
        told = f"not known: {legend(unknown)}; kalkan propagate draws more, and looks for what drives it"
        return [told, *outside(content)]
    return [f"what is not known was not asked: {unknown['why']}; kalkan propagate asks"]


def grid(heads: Sequence[str], rows: Cells) -> Table:
    """A plain table: the first column names the rows, numbers stand to the right."""
    drawn = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="bold")
    for i, head in enumerate(heads):
        drawn.add_column(Text(head), justify="left" if i == 0 else "right", vertical="bottom", overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(cell) for cell in row))
    return drawn


def as_text(content: dict[str, Any], width: int = WIDEST) -> str:
    """The same as plain text."""
    screen = Console(
        file=io.StringIO(), width=width, color_system=None, force_jupyter=False, legacy_windows=False
    )
    screen.print(results_view(content, width))
    assert isinstance(screen.file, io.StringIO)
    return "\n".join(line.rstrip() for line in screen.file.getvalue().splitlines())


def heading(content: dict[str, Any]) -> str:
    """``Second batch — 2 variants × 200 replications · 18 s · 31,000 × real time``."""
    n = len(content["variants"])
    counts = sorted({v["replications"] for v in content["variants"]})
    replications = f"{counts[0]:,}" if len(counts) == 1 else f"{counts[0]:,} to {counts[-1]:,}"
    noun = "variant" if n == 1 else "variants"
    parts = [f"{content['title']} — {n} {noun} × {replications} replications"]
    speed = content.get("speed")
    if speed and speed["times_real"]:
        parts += [duration(speed["wall_s"]), f"{_two_digits(speed['times_real'])} × real time"]
    return " · ".join(parts)


def duration(seconds: float) -> str:
    """``18 s``, ``4 min 10 s``, ``2 h 5 min``."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def table_cells(table: dict[str, Any], content: dict[str, Any]) -> tuple[list[str], Cells]:
    """Headings and text of every cell of one table; the first column names the rows."""
    heads = [table["title"], *content["columns"]]
    if table["differences_shown"]:
        heads += [f"{d['to']}\n− {d['from']} ({d['how']})" for d in content["difference_columns"]]
    rows = []
    for row in table["rows"]:
        unit = _UNITS.get(row["unit"], (1.0, row["unit"]))[1]
        name = row["name"] + (f" [{unit}]" if unit else "")
        values = [_cell(v, row) for v in row["values"]]
        differences = [_cell(d, row, signed=True) for d in row["differences"]]
        rows.append([name, *values, *(differences if table["differences_shown"] else [])])
    return heads, rows


def _cell(value: dict[str, Any] | None, row: dict[str, Any], *, signed: bool = False) -> str:
    if value is None:
        return "–"
    ends = [value["mean"], *(math.nan if value[k] is None else value[k] for k in ("low", "high"))]
    if row["kind"] == "proportion":
        return span(*ends, signed=signed) + _exactly(value, 100.0, " %")
    scale = _UNITS.get(row["unit"], (1.0, ""))[0]
    if row["kind"] == "claim":
        return " to ".join(dict.fromkeys(exact(scale * x) for x in ends[1:]))
    most = 100.0 if row["unit"] == "%" else math.inf
    text = "≥ " * value.get("lower_bound", False)
    text += plus_minus(*(scale * x for x in ends), signed=signed, most=most) + "*" * bool(value.get("scarce"))
    return text + _beside(value) + _exactly(value, scale, "")


def _exactly(value: dict[str, Any], scale: float, unit: str) -> str:
    """The exact value where there is one, to five significant digits."""
    return f" · exact {scale * value['exact']:.5g}{unit}" if "exact" in value else ""


def _beside(value: dict[str, Any]) -> str:
    """What stands behind a value: its share, of how many it is, or the height of its antenna."""
    share, size, antenna_m = value.get("share_percent"), value.get("of"), value.get("antenna_m")
    text = f" ({number(share['mean'], 0)} %)" if share and value["mean"] else ""
    text += "" if antenna_m is None else f" ({number(antenna_m, 0)} m)"
    return text + (f" of {size}" if size is not None else "")


def all_cells(content: dict[str, Any]) -> list[tuple[list[str], Cells]]:
    """Every table of a summary, that of what is not known behind the headline."""
    headline, *others = [table_cells(table, content) for table in content["tables"]]
    return [headline, *unknown_cells(content), *others]


def all_notes(content: dict[str, Any]) -> list[str]:
    """What a reader must know to trust the numbers; first what is not known."""
    return [*unknown_words(content), *content["notes"]]


def unknown_cells(content: dict[str, Any]) -> list[tuple[list[str], Cells]]:
    """The headline over draws of the disputed claims, as a table of its own; none where they were not drawn."""
    from kalkan.views.propagation import drawn_table

    return [drawn_table(content["unknown"])] if content.get("unknown", {}).get("asked") else []


def _widths(tables: Sequence[tuple[list[str], Cells]]) -> list[int]:
    """Width of each column over all tables, so that they stand below each other."""
    longest = [
        [
            max(len(line) for text in column for line in text.split("\n"))
            for column in zip(heads, *rows, strict=True)
        ]
        for heads, rows in tables
    ]
    return [max(column) for column in itertools.zip_longest(*longest, fillvalue=0)]


def _drawn(heads: list[str], rows: Cells, widths: Sequence[int], width: int) -> Iterator[RenderableType]:
    """One table, or several where the columns do not fit side by side."""
    name_width = min(widths[0], max(20, width // 3))
    for piece, chosen in enumerate(_packed([name_width, *widths[1 : len(heads)]], width)):
        drawn = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="bold")
        drawn.add_column(Text(heads[0]), width=name_width, vertical="bottom", overflow="fold")
        for i in chosen:
            drawn.add_column(
                Text(heads[i]), min_width=widths[i], justify="right", vertical="bottom", overflow="fold"
            )
        for row in rows:
            drawn.add_row(Text(row[0]), *(Text(row[i]) for i in chosen))
        if piece:
            yield Text("")
        yield drawn


def _packed(widths: Sequence[int], width: int) -> Iterator[list[int]]:
    """Columns that fit beside the first, at least one at a time."""
    chosen: list[int] = []
    used = widths[0]
    for i in range(1, len(widths)):
        if chosen and used + _GAP + widths[i] > width:
            yield chosen
            chosen, used = [], widths[0]
        chosen.append(i)
        used += _GAP + widths[i]
    yield chosen


def _two_digits(value: float) -> str:
    """Two significant digits, without an exponent."""
    places = max(0, math.floor(math.log10(value)) - 1) if value >= 1.0 else 0
    return f"{round(value, -places):,.0f}" if value >= 10.0 else f"{value:.1f}"
