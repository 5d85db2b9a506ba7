"""Every cell of a run's tables as text, from the plain data of ``views.run.summary``."""

from __future__ import annotations

import math
from typing import Any

from kalkan.views.numbers import exact, number, plus_minus, span

_UNITS = {"m": (1e-3, "km"), "USD": (1e-6, "million USD"), "s": (1.0, "s"), "%": (1.0, "%"), "1": (1.0, "")}
Cells = list[list[str]]


def table_cells(table: dict[str, Any], content: dict[str, Any]) -> tuple[list[str], Cells]:
    """Headings and text of every cell of one table; the first column names the rows."""
    heads = [table["title"], *content["columns"]]
    if table["differences_shown"]:
        heads += difference_heads(content)
    rows = []
    for row in table["rows"]:
        name, *values = row_cells(row)
        differences = [_cell(d, row, signed=True) for d in row["differences"]]
        rows.append([name, *values, *(differences if table["differences_shown"] else [])])
    return heads, rows


def row_cells(row: dict[str, Any]) -> list[str]:
    """Name and values of a row of :func:`kalkan.views.run.summary.row_of`."""
    unit = _UNITS.get(row["unit"], (1.0, row["unit"]))[1]
    return [row["name"] + (f" [{unit}]" if unit else ""), *(_cell(v, row) for v in row["values"])]


def difference_heads(content: dict[str, Any]) -> list[str]:
    """Headings of the differences."""
    return [f"{d['to']}\n− {d['from']} ({d['how']})" for d in content["difference_columns"]]


def _cell(value: dict[str, Any] | None, row: dict[str, Any], *, signed: bool = False) -> str:
    if value is None:
        return "–"
    ends = [value["mean"], *(math.nan if value[k] is None else value[k] for k in ("low", "high"))]
    if row["kind"] == "proportion":
        return span(*ends, signed=signed) + _exactly(value, 100.0, " %")
    scale = _UNITS.get(row["unit"], (1.0, ""))[0]
    if row["kind"] == "claim":
        return " to ".join(dict.fromkeys(exact(scale * x) for x in ends[1:]))
    if row["kind"] == "bound":
        return exact(scale * value["mean"])
    most = 100.0 if row["unit"] == "%" else row.get("most", math.inf)
    text = "≥ " * value.get("lower_bound", False)
    text += plus_minus(*(scale * x for x in ends), signed=signed, most=most) + "*" * bool(value.get("scarce"))
    return text + _beside(value) + _exactly(value, scale, "")


def _exactly(value: dict[str, Any], scale: float, unit: str) -> str:
    """The exact value where there is one, to five significant digits."""
    return f" · exact {scale * value['exact']:.5g}{unit}" if "exact" in value else ""


def _beside(value: dict[str, Any]) -> str:
    """What stands behind a value: its share, of how many it is, the height of its antenna, how many flew away."""
    share, size, antenna_m = value.get("share_percent"), value.get("of"), value.get("antenna_m")
    text = f" ({number(share['mean'], 0)} %)" if share and value["mean"] else ""
    text += "" if antenna_m is None else f" ({number(antenna_m, 0)} m)"
    if value.get("members") is not None and number(value["members"], 1) != number(value["members_of"], 1):
        text += f" · {number(value['members'], 1)}\N{NO-BREAK SPACE}of\N{NO-BREAK SPACE}{value['members_of']}"
    text += f" ↗ {number(value['leaving_percent'], 0)} %" if value.get("leaving") else ""
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
    from kalkan.views.studies.propagation import drawn_table

    return [drawn_table(content["unknown"])] if content.get("unknown", {}).get("asked") else []


def unknown_words(content: dict[str, Any]) -> list[str]:
    """What the numbers of what is not known mean, or that it was not asked."""
    from kalkan.views.studies.propagation import legend, outside

    unknown = content.get("unknown")
    if unknown is None:
        return []
    if unknown["asked"]:
        told = f"not known: {legend(unknown)}; kalkan propagate draws more, and looks for what drives it"
        return [told, *outside(content)]
    return [f"what is not known was not asked: {unknown['why']}; kalkan propagate asks"]
