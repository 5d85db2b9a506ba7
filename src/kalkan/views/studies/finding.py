"""What a study found, however it was asked: tables, a sentence and figures that show themselves."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from kalkan.files import write_whole
from kalkan.views.steady import steady

if TYPE_CHECKING:
    from rich.console import RenderableType

HeadedRows = tuple[list[str], list[list[str]]]


Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Finding(Generic[Answer]):
    """The answer of a study.

    Attributes
    ----------
    heading : str
    answer : Answer
        What was found, as the study gives it: typed, in SI units.
    content : dict
        Everything that was found, as plain data.
    tables : sequence of (headings, rows)
        What people look at first.
    sentence : str
        The answer in words; may be empty.
    figures : mapping of str to callable
        By name of the file, each draws a matplotlib figure.
    folder : Path
        Where the study keeps what it has simulated, and what :meth:`save` writes.
    kept : str
        Name of the JSON file that reports look for; empty: none.
    names : int
        So many columns of the tables, the first ones, name the rows.
    flat : str
        The same as a flat table (CSV), or empty.
    """

    heading: str
    answer: Answer
    content: dict[str, Any]
    tables: Sequence[HeadedRows]
    sentence: str
    figures: Mapping[str, Callable[[], Any]]
    folder: Path
    kept: str = ""
    names: int = 1
    flat: str = field(default="", repr=False)

    def save(self) -> list[Path]:
        """Write figures (PNG and SVG), tables and the plain data into the folder; what was written."""
        from kalkan.views.studies.plots import save

        self.folder.mkdir(parents=True, exist_ok=True)
        files = []
        if self.flat:
            files.append(self.folder / f"{self.kept}.csv")
            write_whole(files[-1], self.flat)
        for name, draw in self.figures.items():
            files += save(draw(), self.folder, name)
        if self.kept:
            files.append(self.folder / f"{self.kept}.json")
            write_whole(files[-1], json.dumps(self.content, indent=1, ensure_ascii=False))
        return files

    def view(self) -> RenderableType:
        """For a screen of rich: heading, tables and the answer in words."""
        from rich.console import Group
        from rich.text import Text

        from kalkan.views.screen import ScreenTable

        parts: list[RenderableType] = [Text(self.heading, style="bold")]
        for heads, rows in self.tables:
            parts += ["", ScreenTable(heads, rows, self.names)]
        if self.sentence:
            parts += ["", Text(self.sentence)]
        return Group(*parts)

    def __repr__(self) -> str:
        import io

        from rich.console import Console

        from kalkan.views.screen import WIDEST

        screen = Console(file=io.StringIO(), width=WIDEST, color_system=None, force_jupyter=False, legacy_windows=False)
        screen.print(self.view())
        assert isinstance(screen.file, io.StringIO)
        return screen.file.getvalue().rstrip()

    def _repr_html_(self) -> str:
        from kalkan.views import cells

        parts = [cells.heading(self.heading), *(cells.table(heads, rows) for heads, rows in self.tables)]
        parts += [cells.paragraph(line) for line in self.sentence.splitlines()]
        return cells.framed([*parts, *(_svg(draw()) for draw in self.figures.values())])


def _svg(figure: Any) -> str:
    """A figure as SVG inside a page."""
    import io

    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None})
    drawn = steady(out.getvalue())
    inner = drawn[drawn.index("<svg") :]
    return f'<div style="display: inline-block; max-width: 46rem; background: white">{inner}</div>'
