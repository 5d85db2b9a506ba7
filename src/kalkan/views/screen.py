"""Tables on a screen: rows as lines of text, numbers to the right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.containers import Lines
from rich.table import Table
from rich.text import Text

from kalkan.views.columns import GAP, Arranger, Widths, least_width, wrapped

WIDEST = 100


def lines_of(row: Sequence[str], widths: Widths, *, bold: bool = False, names: int = 1) -> Iterator[Text]:
    """A row as lines: names to the left, numbers to the right; headings stand on the last line."""
    cells = {i: wrapped(row[i], width) for i, width in widths.items()}
    height = max(map(len, cells.values()))
    for line in range(height):
        parts = []
        for i, width in widths.items():
            at = line - (height - len(cells[i]) if bold else 0)
            text = cells[i][at] if 0 <= at < len(cells[i]) else ""
            parts.append(text.ljust(width) if i < names else text.rjust(width))
        yield Text((" " * GAP).join(parts).rstrip(), style="bold" if bold else "", no_wrap=True)


class CellText(Text):
    """Text of a table's cell that is broken between words, or after a mark within one, and nowhere else."""

    def wrap(self, console: Console, width: int, **_: Any) -> Lines:
        """Lines that are at most `width` wide."""
        return Lines(Text(line, style=self.style) for line in wrapped(self.plain, width, str.split))


class WordTable(Table):
    """A table of words as wide as the screen: each column has room for its longest word, the rest by its ratio.

    On a screen that has no room for the longest words side by side, the rows stand below each other: the first cell,
    and what the others say with their headings before it.
    """

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        between = 3 * len(self.columns)  # columns of the screen: padding at both sides, a blank for the box
        texts = [[str(column.header), *(str(cell) for cell in column.cells)] for column in self.columns]
        whole = [max(len(line) for cell in text for line in cell.split("\n")) for text in texts]
        least = [
            long if column.no_wrap else least_width(text)
            for column, text, long in zip(self.columns, texts, whole, strict=True)
        ]
        room, ratios = options.max_width - between - sum(least), [column.ratio or 0 for column in self.columns]
        if room < 0:
            yield from self._below_each_other(texts, options.max_width)
            return
        for column, width, long, ratio in zip(self.columns, least, whole, ratios, strict=True):
            column.width = min(width + room * ratio // (sum(ratios) or 1), long)
        yield from super().__rich_console__(console, options)

    def _below_each_other(self, texts: Sequence[Sequence[str]], width: int) -> Iterator[Text]:
        heads, *rows = zip(*texts, strict=True)
        yield from [Text(str(self.title), style="italic")] if self.title else []
        for names, *others in rows:
            yield Text("")
            yield from (Text(line, style="bold") for line in wrapped(names, width, str.split))
            for head, said in zip(heads[1:], others, strict=True):
                told = f"{head}: {said}" if head and said else said
                yield from (Text(f"  {line}") for line in wrapped(told, width - 2, str.split) if line)


class ScreenTable:
    """A plain table for a screen: the first columns name the rows, numbers stand to the right."""

    def __init__(self, heads: Sequence[str], rows: Sequence[Sequence[str]], names: int = 1) -> None:
        self.heads, self.rows, self.names = heads, rows, names

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        columns = [[head, *(row[i] for row in self.rows)] for i, head in enumerate(self.heads)]
        for piece, widths in enumerate(Arranger(columns, options.max_width, self.names).arranged()):
            yield from [Text("")] * (piece > 0)
            yield from lines_of(self.heads, widths, bold=True, names=self.names)
            for row in self.rows:
                yield from lines_of(row, widths, names=self.names)
