"""What a report is made of: sections of blocks, as plain data for the template."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from kalkan.views.columns import parts_of_number
from kalkan.views.run.result_cells import table_cells
from kalkan.views.svg import Drawing

PHONE_LETTERS = 46  # of the text of tables, across a phone of 390 pixels
_GAP = 1.2  # between two columns [letters]
MOST_ACROSS = 3  # columns of values and differences; with more, differences stand below values


@dataclass(frozen=True)
class Cell:
    """One cell of a table.

    Attributes
    ----------
    text : str
    data : dict
        For ``data-`` attributes, so that programs can read the exact values.
    href : str
        Where the text leads, or ``""``.
    under : Cell or None
        What stands below it in the same cell.
    """

    text: str
    data: dict[str, Any] = field(default_factory=dict)
    href: str = ""
    under: Cell | None = None


@dataclass(frozen=True)
class Table:
    """A table; the first column names the rows.

    Attributes
    ----------
    caption : str
    heads : sequence of str
    rows : sequence of sequence of Cell
        A row of one cell is a heading for those below.
    numeric : bool
        Whether all columns but the first hold numbers.
    name : str
        For the style sheet and for tests.
    """

    kind: ClassVar[str] = "table"
    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    numeric: bool = True
    name: str = ""

    @property
    def tall(self) -> bool:
        """Whether on a phone the cells of a row must stand below each other, each with its heading.

        By its narrowest width: of every column the longest word, which numbers and their intervals are.
        """
        columns = [[head] for head in self.heads]
        for row in self.rows:
            for column, cell in zip(columns, row if len(row) > 1 else (), strict=False):
                column += [cell.text, cell.under.text if cell.under else ""]
        widths = [max(len(word) for text in column for word in re.split(r"[ \n]", text)) for column in columns]
        return sum(widths) + _GAP * (len(widths) - 1) > PHONE_LETTERS


@dataclass(frozen=True)
class Folds:
    """Tables, each folded under a line that says what it is."""

    kind: ClassVar[str] = "folds"
    tables: Sequence[Table]


@dataclass(frozen=True)
class Heading:
    """A heading inside a section."""

    kind: ClassVar[str] = "heading"
    text: str


@dataclass(frozen=True)
class Paragraphs:
    """Text; ``**words**`` are strong."""

    kind: ClassVar[str] = "paragraphs"
    texts: Sequence[str]
    name: str = ""


@dataclass(frozen=True)
class Points:
    """A list of sentences; ``**words**`` are strong."""

    kind: ClassVar[str] = "points"
    texts: Sequence[str]
    name: str = ""


@dataclass(frozen=True)
class Figures:
    """One figure, or several side by side."""

    kind: ClassVar[str] = "figures"
    pictures: Sequence[Drawing]


@dataclass(frozen=True)
class Markdown:
    """A text of the documentation."""

    kind: ClassVar[str] = "markdown"
    text: str


@dataclass(frozen=True)
class FactList:
    """Names and values."""

    kind: ClassVar[str] = "facts"
    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class References:
    """Numbered sources: a text and a link (or ``""``) each."""

    kind: ClassVar[str] = "references"
    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Verbatim:
    """A file, folded under a line that says what it is."""

    kind: ClassVar[str] = "verbatim"
    summary: str
    text: str


PageBlock = Table | Folds | Heading | Paragraphs | Points | Figures | Markdown | FactList | References | Verbatim


@dataclass(frozen=True)
class Section:
    """A numbered part of the report."""

    key: str
    title: str
    blocks: Sequence[PageBlock]


def result_table(table: dict[str, Any], content: dict[str, Any], caption: str, name: str = "") -> Table:
    """A table of :func:`kalkan.views.run.summary.summary` with every value's mean and interval as data.

    Differences stand in columns of their own where there are few columns, else below the values that they belong to.
    """
    heads, texts = table_cells(table, content)
    n, below = len(content["columns"]), _below(content) if len(heads) - 1 > MOST_ACROSS else {}
    rows = []
    for row, words in zip(table["rows"], texts, strict=True):
        values = [*row["values"], *(row["differences"] if table["differences_shown"] else [])]
        cells = [Cell(unbroken(t), _data(v)) for t, v in zip(words[1:], values, strict=True)]
        if below and len(cells) > n:
            cells = [replace(c, under=cells[n + below[i]] if i in below else None) for i, c in enumerate(cells[:n])]
        rows.append([Cell(words[0], {"key": row["key"]}), *cells])
    told = table["differences_shown"] and below
    shown = heads[1 : n + 1] if told else heads[1:]
    return Table(f"{caption} {_below_words(content)}" if told else caption, ["", *shown], rows, name=name)


def _below(content: dict[str, Any]) -> dict[int, int]:
    """Of each variant that is compared with another, by its number, the number of its difference."""
    number = {heading: i for i, heading in enumerate(content["columns"])}
    return {number[d["to"]]: i for i, d in enumerate(content["difference_columns"])}


def _below_words(content: dict[str, Any]) -> str:
    """What stands below the values."""
    columns = content["difference_columns"]
    first = dict.fromkeys(d["from"] for d in columns)
    others = [f"of “{d['to']}” from “{d['from']}”" for d in columns if d["from"] != content["columns"][0]]
    how = " and ".join(dict.fromkeys(d["how"] for d in content["difference_columns"]))
    whom = f"“{next(iter(first))}”" if len(first) == 1 else "the first variant under the same stance"
    if len(first) > 1 and len({v["stance"] for v in content["variants"]}) == 1:
        whom = ", ".join([f"“{content['columns'][0]}”", *others])
    return f"Below each value: its {how} difference from {whom}."


def unbroken(text: str) -> str:
    """A number with its interval, broken into lines only before what stands behind it."""
    return " ".join(part.replace(" ", "\N{NO-BREAK SPACE}") for part in parts_of_number(text))


def _data(value: dict[str, Any] | None) -> dict[str, Any]:
    keys = ("mean", "low", "high", "n")
    return {} if value is None else {k: value[k] for k in keys if value.get(k) is not None}
