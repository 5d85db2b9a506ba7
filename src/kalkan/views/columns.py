"""Columns of a table on a screen: how wide, which beside each other, and where their text is broken.

Words are broken between words, numbers only before a bracket: never inside either. What does not fit side by side
becomes several tables below each other, each with the names of the rows again. Only a single word that is wider than
its column may be (a path, say) is cut, after a mark if it has one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

GAP = 2  # columns of the screen between two columns of the table
_NUMBER = re.compile(r"[(\[]?[≥<>]? ?[+−]?\d[\d,.]*(\*| ±| %| to | \(| \[| ·|$)")
_MARKS = re.compile(r"(?<=[./_·-])")
Widths = dict[int, int]  # of a table's columns, by their number
Texts = Sequence[str]  # heading and cells


def chunks(text: str) -> list[str]:
    """What may not be broken: words, or a number with its interval, and what stands in brackets behind it."""
    return parts_of_number(text) if _NUMBER.match(text) else text.split()


def parts_of_number(text: str) -> list[str]:
    """A number with its interval, and each thing that stands behind it."""
    return re.split(r" (?=[(\[·↗]|of \d+$)", text)


def wrapped(text: str, width: int, whole: Callable[[str], list[str]] = chunks) -> tuple[str, ...]:
    """Lines of a text that are at most `width` wide; what `whole` finds in it is not broken."""
    return tuple(line for part in text.split("\n") for line in _lines(part, width, whole))


class Arranger(NamedTuple):
    """A table whose columns are to be arranged on a screen.

    Attributes
    ----------
    columns : sequence of columns
        Heading and cells of each.
    width : int
        Of the screen.
    names : int
        So many columns, the first ones, name the rows, and stand in every table.
    """

    columns: Sequence[Texts]
    width: int
    names: int = 1

    def arranged(self, groups: Sequence[int] = ()) -> list[Widths]:
        """Widths of the columns, or of several tables where they do not fit side by side.

        `groups`: numbers of columns, behind the names, that belong together; default: all do.
        """
        numbers = list(range(self.names, len(self.columns)))
        whole = self._fitted(numbers)
        if whole:
            return [whole]
        ends = [sum(groups[: i + 1]) for i in range(len(groups))] or [len(numbers)]
        parts = [numbers[first:last] for first, last in zip([0, *ends], ends, strict=False)]
        pieces = [piece for part in parts if part for piece in self._pieces(part)]
        return [self._fitted(piece) or self._forced(piece) for piece in pieces]

    def _pieces(self, numbers: Sequence[int]) -> Iterator[list[int]]:
        """Columns that fit side by side, in order: as many as there is room for, at least one."""
        taken: list[int] = []
        for number in numbers:
            if taken and self._fitted([*taken, number]) is None:
                yield taken
                taken = []
            taken.append(number)
        yield taken

    def _fitted(self, numbers: Sequence[int]) -> Widths | None:
        """Widths of the names and these columns, if they fit: those that need the fewest lines."""
        chosen = [*range(self.names), *numbers]
        least = {i: max(_longest_chunk(text) for text in self.columns[i]) for i in chosen}
        whole = {i: max(_longest_line(text) for text in self.columns[i]) for i in chosen}
        room = self.width - GAP * (len(chosen) - 1) - sum(least.values())
        if room < 0:
            return None
        values = {i: max(least[i], *map(_longest_line, self.columns[i][1:]), 0) for i in numbers}
        tried = []
        for widest in range(least[0], whole[0] + 1):
            widths, left = dict(least), room
            for goal in ({i: min(widest, whole[i]) for i in range(self.names)}, values, whole):
                left = _grown(widths, goal, left)
            tried.append(widths)
        return min(tried, key=self._height)

    def _height(self, widths: Widths) -> int:
        """Lines of the table."""
        rows = zip(*(self.columns[i] for i in widths), strict=True)
        return sum(max(len(wrapped(t, w)) for t, w in zip(row, widths.values(), strict=True)) for row in rows)

    def _forced(self, numbers: Sequence[int]) -> Widths:
        """Widths where a single word is too wide: names get a third at most, the column what is left."""
        most = self.width // 3 // self.names
        names = {i: max(1, min(max(map(_longest_line, self.columns[i])), most)) for i in range(self.names)}
        left = self.width - sum(names.values()) - GAP * self.names
        return names | dict.fromkeys(numbers, max(1, left))


def _grown(widths: Widths, goal: Widths, room: int) -> int:
    """Widen columns towards a goal, the narrowest first; the room that is left."""
    while room > 0:
        short = [i for i, to in goal.items() if widths[i] < to]
        if not short:
            return room
        widths[min(short, key=lambda i: widths[i])] += 1
        room -= 1
    return 0


def _longest_chunk(text: str) -> int:
    return max((len(c) for line in text.split("\n") for c in chunks(line)), default=0)


def _longest_line(text: str) -> int:
    return max(map(len, text.split("\n")))


def _lines(text: str, width: int, whole: Callable[[str], list[str]]) -> Iterator[str]:
    line = ""
    for chunk in (piece for c in whole(text) for piece in _cut(c, width)):
        if line and len(line) + 1 + len(chunk) > width:
            yield line
            line = ""
        line = f"{line} {chunk}" if line else chunk
    yield line


def least_width(texts: Iterable[str]) -> int:
    """Of a column of words, so that none is broken but after a mark."""
    return max((len(piece) for text in texts for word in text.split() for piece in _MARKS.split(word)), default=1)


def _cut(word: str, width: int) -> Iterator[str]:
    """A word that is too wide in pieces, cut after its last mark that fits."""
    while len(word) > width:
        marks = [m.start() for m in _MARKS.finditer(word) if 0 < m.start() <= width]
        end = marks[-1] if marks else width
        yield word[:end]
        word = word[end:]
    yield word
