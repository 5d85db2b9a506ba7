"""What a notebook's cell shows: tables and pictures in a frame that follows the notebook's light or dark theme.

No scripts, nothing from elsewhere. Where a notebook takes the styles away (an untrusted one), light colours remain.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from kalkan.views.style import css_variables

_DARK = ('[data-jp-theme-light="false"]', ".vscode-dark", '[data-theme="dark"]')
_STYLE = (
    f".kalkan-cell {{ {css_variables('light')} }} "
    f"{', '.join(f'{where} .kalkan-cell' for where in _DARK)} {{ {css_variables('dark')} }} "
    ".kalkan-cell p { max-width: 60rem } .kalkan-cell th, .kalkan-cell td { vertical-align: top } "
    ".kalkan-cell td:first-child, .kalkan-cell th:first-child, .kalkan-cell .words :is(td, th) { text-align: left } "
    ".kalkan-cell .words td { white-space: pre-line }"
)
_FRAME = "background: var(--paper, #fffffe); color: var(--ink, #1d2227); padding: 0.3em 0.6em; overflow-x: auto"


def framed(parts: Iterable[str]) -> str:
    """Pieces of HTML in one frame."""
    return f'<style>{_STYLE}</style><div class="kalkan-cell" style="{_FRAME}">{"".join(parts)}</div>'


def heading(text: str) -> str:
    """A strong line."""
    return f"<p><b>{html.escape(text)}</b></p>"


def paragraph(text: str) -> str:
    """A line of text; web addresses lead there."""
    return f"<p>{_linked(text)}</p>"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, words: bool = False) -> str:
    """A table; the first column names the rows, the others hold numbers, or `words`."""
    line = "".join(f"<th>{_lines(h)}</th>" for h in heads)
    body = "".join("<tr>" + "".join(f"<td>{_lines(c)}</td>" for c in row) + "</tr>" for row in rows)
    kind = ' class="words"' if words else ""
    return f"<table{kind}><thead><tr>{line}</tr></thead><tbody>{body}</tbody></table>"


def from_rich(shown: RenderableType) -> list[str]:
    """Texts and tables made for a screen, as paragraphs and tables of words."""
    if isinstance(shown, Group):
        return [part for one in shown.renderables for part in from_rich(one)]
    if isinstance(shown, Padding):
        return from_rich(shown.renderable)
    if isinstance(shown, Table):
        title = [heading(_plain(shown.title))] if shown.title else []
        rows = zip(*([_plain(c) for c in column.cells] for column in shown.columns), strict=True)
        return [*title, table([_plain(c.header) for c in shown.columns], rows, words=True)]
    text = _plain(shown).strip()
    return [heading(text) if _begins_bold(shown) else paragraph(text)] if text else []


def _begins_bold(shown: RenderableType) -> bool:
    spans = [s for s in shown.spans if s.start == 0] if isinstance(shown, Text) else []
    return isinstance(shown, Text) and any("bold" in str(style) for style in (shown.style, *(s.style for s in spans)))


def _plain(shown: RenderableType) -> str:
    """Text without styles."""
    return shown.plain if isinstance(shown, Text) else Text.from_markup(str(shown)).plain


def _lines(text: str) -> str:
    return _linked(text).replace("\n", "<br>")


def _linked(text: str) -> str:
    """Escaped, with what is a web address and nothing else as a link."""
    made = []
    for word in html.escape(text).split(" "):
        made.append(f'<a href="{word}">{word}</a>' if word.startswith(("https://", "http://")) else word)
    return " ".join(made)
