"""The output stream."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

from kalkan.errors import printable


def screen() -> Any:
    """The output stream, at most 100 columns wide; what it is given cannot steer the terminal."""
    from rich.console import Console

    width = min(shutil.get_terminal_size((100, 24)).columns, 100)
    console = Console(width=width, highlight=False, soft_wrap=False)
    harmless: Any = _Harmless()
    console.push_render_hook(harmless)
    return console


class _Harmless:
    """Rich's hook: the words of a results folder, which anybody may have made, are shown and never obeyed."""

    def process_renderables(self, renderables: list[Any]) -> list[Any]:
        return [_Shown(inner) for inner in renderables]


class _Shown:
    """What it holds, with the characters that a terminal would obey exchanged."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __rich_console__(self, console: Any, options: Any) -> Iterator[Any]:
        for part in console.render(self.inner, options):
            yield part if part.control else part._replace(text=printable(part.text))
