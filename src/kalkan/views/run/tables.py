"""The results table on a screen, drawn from the plain data of ``views.run.summary``."""

from __future__ import annotations

import io
import math
import shlex
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from rich.console import Console, Group, RenderableType
from rich.text import Text

from kalkan.results.declared import BRIEF as OF_BRIEF
from kalkan.results.declared import shown_in
from kalkan.views.columns import Arranger, wrapped
from kalkan.views.run.notes import pairing_notes
from kalkan.views.run.paying import payment_sentences
from kalkan.views.run.range_tables import range_notes
from kalkan.views.run.result_cells import Cells, all_notes, difference_heads, table_cells
from kalkan.views.run.summary import ANSWER, MISSILES, RANGES, WAVES
from kalkan.views.screen import WIDEST, lines_of

ALL, BRIEF = "all", "brief"
SHOWS = (BRIEF, RANGES, MISSILES, WAVES, ALL)
FEW = 4  # variants: of more the brief answer leaves out shares of reasons and the note on pairing
RARE_PERCENT = 2.0  # reasons for fewer of the leakers than this, under every variant, are left out of the brief answer


class TableSection(NamedTuple):
    """Rows under a title: the name, then a cell for every variant and every difference (empty: none).

    With `beside`, differences are shown only where they stand beside the values.
    """

    title: str
    rows: Cells
    beside: bool = False


def results_view(content: dict[str, Any], width: int = WIDEST, show: str = ALL) -> RenderableType:
    """Heading, tables and notes as one rich renderable.

    Parameters
    ----------
    content : dict
        From :func:`kalkan.views.run.summary.summary` or ``comparison``.
    width : int
        Columns of the screen; see :mod:`kalkan.views.columns` for tables that are wider.
    show : str
        ``brief``, the essential answer; ``ranges``, ``missiles`` or ``waves``, tables of one part; or ``all``.
    """
    blocks: list[RenderableType] = [Text(heading(content), style="bold")]
    heads = ["", *content["columns"], *difference_heads(content)]
    for sections in _shown(content, show):
        blocks += [Text(""), *_aligned(heads, sections, width, len(content["columns"]))]
    blocks.append(Text(""))
    longer = [*range_notes(content["tables"]), *payment_sentences(content.get("paying", ()))]
    if len(content["columns"]) > 1:
        longer += [n for n in content["notes"] if n.startswith("terrain: ")]
    if len(content["columns"]) > FEW:
        longer += pairing_notes(content)
    notes = [n for n in all_notes(content) if show != BRIEF or n not in longer]
    notes = [*_reasons_told(content, show), *notes]
    blocks += [Text(line, style="dim") for note in notes for line in wrapped(note, width)]
    where = _where_more(content, show, width)
    where += [f"report: {content['report']}"] if content.get("report") else []
    return Group(*blocks, *(Text(line, no_wrap=True, overflow="ignore") for line in where))  # to be copied


def _reasons_told(content: dict[str, Any], show: str) -> list[str]:
    """What the reasons that stand in the tables mean, in one line, where all is shown; the answer has one screen."""
    rows = [r for t in content["tables"] if show == ALL for r in t["rows"] if r["key"].startswith("reason/")]
    told = [f"{r['name']}: {r['sentence']}" for r in rows if r.get("sentence")]
    return ["; ".join(told)] * bool(told)


def _where_more(content: dict[str, Any], show: str, width: int) -> list[str]:
    """How to see the rest, and where the results are."""
    folders = [content["folder"]] if "folder" in content else list(content["folders"].values())
    again = shlex.join(["kalkan", "show" if len(folders) == 1 else "compare", *folders])
    parts = [f"--{part}" for part in dict.fromkeys(t["part"] for t in content["tables"]) if part != ANSWER]
    others = [word for word in (*parts, f"--{ALL}") if word != f"--{show}"] if show != ALL else []
    more = [f"more tables: {again} {' or '.join(others)}"] if others else []
    if len(folders) > 1:
        return more
    here, watch = f"results: {folders[0]} · again: {again}", f"watch one: {shlex.join(['kalkan', 'replay', *folders])}"
    both = f"{here} · {watch}"
    return [*more, *([both] if len(both) <= width else [here, watch])]


def _shown(content: dict[str, Any], show: str) -> Iterator[list[TableSection]]:
    """Sections that are to be shown, those of one part together."""
    if show == BRIEF:
        yield list(_brief(content))
        return
    for part in dict.fromkeys(t["part"] for t in content["tables"]):
        if show in (ALL, part):
            headline, *others = (_section(t, content) for t in content["tables"] if t["part"] == part)
            yield [headline, *(_unknown_sections(content) if part == ANSWER else []), *others]


def _brief(content: dict[str, Any]) -> Iterator[TableSection]:
    """The essential answer: headline, what is not known, frequent reasons, raids, and what it took."""
    headline, *others = content["tables"]
    yield _section(headline | {"rows": [r for r in headline["rows"] if r["key"] != "killed"]}, content)
    yield from _unknown_sections(content)
    for table in (t for t in others if t["part"] == ANSWER):
        rows = [r for r in table["rows"] if not _rare(r)]
        if len(content["columns"]) > FEW:
            rows = [_without_shares(r) for r in rows]
        left_out = len(table["rows"]) - len(rows)
        section = _section(table | {"rows": rows}, content)
        rarer = [[f"{left_out} rarer (--{ALL})", *[""] * (len(section.rows[0]) - 1)]] if left_out and rows else []
        yield section._replace(rows=section.rows + rarer)
    taken = [r for t in others for r in t["rows"] if r["key"] in shown_in(OF_BRIEF)]
    if taken:
        section = _section({"title": "what it took", "rows": taken, "differences_shown": True}, content)
        yield section._replace(beside=True)


def _without_shares(row: dict[str, Any]) -> dict[str, Any]:
    """A row of reasons whose values stand alone, so that each fits on its line."""
    return row | {"values": [v and {k: x for k, x in v.items() if k != "share_percent"} for v in row["values"]]}


def _rare(row: dict[str, Any]) -> bool:
    """Whether a reason makes up less than `RARE_PERCENT` of the leakers under every variant."""
    shares = [v["share_percent"]["mean"] for v in row["values"] if v and v.get("share_percent")]
    return row["key"].startswith("reason/") and all(share < RARE_PERCENT for share in shares)


def _section(table: dict[str, Any], content: dict[str, Any]) -> TableSection:
    """A table with a cell for every column."""
    across = 1 + len(content["columns"]) + len(content["difference_columns"])
    _, rows = table_cells(table, content)
    return TableSection(table["title"], [[*row, *[""] * (across - len(row))] for row in rows])


def _unknown_sections(content: dict[str, Any]) -> list[TableSection]:
    """The headline over draws of the disputed claims; none where they were not drawn."""
    from kalkan.views.studies.propagation import drawn_rows

    unknown = content.get("unknown", {})
    if not unknown.get("asked"):
        return []
    pairs = [f"{d['to']} − {d['from']}" for d in content["difference_columns"]]
    title = f"not known: {unknown['draws']:,} draws × {unknown['replications_per_draw']:,}"
    return [TableSection(title, drawn_rows(unknown, content["columns"], pairs))]


def _aligned(heads: Sequence[str], sections: list[TableSection], width: int, n_values: int) -> Iterator[RenderableType]:
    """Sections below each other with one heading; differences below the values where they do not fit beside them."""
    filled = [i for i in range(len(heads)) if i <= n_values or any(row[i] for s in sections for row in s.rows)]
    heads = [heads[i] for i in filled]
    sections = [s._replace(rows=[[row[i] for i in filled] for row in s.rows]) for s in sections]
    columns = [[head, *(row[i] for s in sections for row in s.rows)] for i, head in enumerate(heads)]
    for piece, widths in enumerate(Arranger(columns, width).arranged([n_values, len(heads) - 1 - n_values])):
        yield from [Text("")] * (piece > 0)
        yield from lines_of(heads, widths, bold=True)
        told = [s for s in sections if any(row[i] for row in s.rows for i in widths if i)]
        told = [s for s in told if 1 in widths or not s.beside]
        for place, section in enumerate(told):
            yield from [Text("")] * (place > 0)
            yield from [Text(line, style="bold") for line in wrapped(section.title, width) if line]
            for row in section.rows:
                yield from lines_of(row, widths)


def as_text(content: dict[str, Any], width: int = WIDEST, show: str = ALL) -> str:
    """:func:`results_view` as plain text."""
    screen = Console(
        file=io.StringIO(), width=width, color_system=None, force_jupyter=False, legacy_windows=False
    )
    screen.print(results_view(content, width, show))
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


def _two_digits(value: float) -> str:
    """Two significant digits, without an exponent."""
    places = max(0, math.floor(math.log10(value)) - 1) if value >= 1.0 else 0
    return f"{round(value, -places):,.0f}" if value >= 10.0 else f"{value:.1f}"
