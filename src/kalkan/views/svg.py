"""A figure as SVG that can stand in a page: themed, named for screen readers, ids of its own."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kalkan.views.steady import steady
from kalkan.views.style import COLOURS, drawing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ROLE = {c.light: name for name, c in COLOURS.items()}
_ID = re.compile(r'(\bid="|href="#|url\(#)([^")]+)')
_HEX = re.compile(r"#[0-9a-f]{6}\b")
_FONT = re.compile(r"font: ((?:italic |oblique )?)((?:\d+ |bold )?)([\d.]+)px [^;\"]*")
_HALO = re.compile(r'(<g id="[^"]*halo-[^"]*">\s*(?:<g clip-path="[^"]*">\s*)?<text style=")')
_EDGE = f"paint-order: stroke; stroke: {COLOURS['paper'].light}; stroke-width: 2.4px; stroke-linejoin: round; "
_IMAGE = re.compile(r"<image [^>]*/>")
_IMAGE_ID = re.compile(r' id="[^"]*"')
_FAMILY = re.compile(r"font-family: [^;\"]*;? ?")


@dataclass(frozen=True)
class Drawing:
    """A figure to come.

    Attributes
    ----------
    key : str
        Unique in a page.
    title : str
        What it shows, in a few words.
    text : str
        What a reader who cannot see it should know: its content in sentences.
    caption : str
        Under the figure: what is shown, with n and the kind of interval.
    draw : callable
        Draws into an empty matplotlib figure.
    wide_in, narrow_in : tuple of float
        Width and height [inch] for a page and for a phone; None: one size does for both.
    """

    key: str
    title: str
    text: str
    caption: str
    draw: Callable[[Figure], None]
    wide_in: tuple[float, float] = (7.4, 3.2)
    narrow_in: tuple[float, float] | None = (3.7, 3.2)

    def svg(self, size: str = "wide") -> str:
        """The SVG element for inline use; ``size`` is ``"wide"`` or ``"narrow"``."""
        inches = self.narrow_in if size == "narrow" and self.narrow_in else self.wide_in
        return inline(_drawn(self.draw, inches), f"{self.key}-{size}", self.title, self.text)


def _drawn(draw: Callable[[Figure], None], size_in: tuple[float, float]) -> str:
    from matplotlib.figure import Figure

    with drawing():
        figure = Figure(figsize=size_in, layout="constrained")
        draw(figure)
        return rendered(figure)


def rendered(figure: Figure) -> str:
    """A figure as an SVG file; within :func:`kalkan.views.style.drawing`."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    out = io.StringIO()
    FigureCanvasSVG(figure).print_svg(out, metadata={"Date": None, "Creator": None})
    return steady(out.getvalue())


def inline(svg: str, key: str, title: str, text: str) -> str:
    """Turn matplotlib's SVG file into an element for a page.

    Parameters
    ----------
    svg : str
        The file.
    key : str
        Put before every id, so that two figures of a page do not meet.
    title, text : str
        Name and description for screen readers.
    """
    body = svg[svg.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.S)
    body = re.sub(r"<style[^>]*>.*?</style>", "", body, flags=re.S)  # would apply to the whole page
    body = re.sub(r"<!--.*?-->", "", body, flags=re.S)
    body = _ID.sub(lambda m: f"{m[1]}{key}-{m[2]}", body)
    body = _FONT.sub(lambda m: f"font-style: {m[1].strip() or 'normal'}; font-weight: {m[2].strip() or '400'}; "
                               f"font-size: {m[3]}px", body)  # fmt: skip
    body = _FAMILY.sub("", body)  # the page's
    body = _HALO.sub(lambda m: m[1] + _EDGE, body)
    body = _HEX.sub(_variable, body)
    box = re.search(r'viewBox="[^"]*"', body)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'{box[0] if box else ""} class="drawn" role="img" '
        f'aria-labelledby="{key}-title" aria-describedby="{key}-desc">'
        f'<title id="{key}-title">{html.escape(title)}</title><desc id="{key}-desc">{html.escape(text)}</desc>'
    )
    return head + re.sub(r"\s*\n\s*", "\n", body[body.index(">") + 1 :]).strip()


def shared_images(page: str) -> str:
    """A page in which every embedded picture stands once, and is referred to where it is shown again."""
    known: dict[str, str] = {}

    def once(match: re.Match[str]) -> str:
        element = _IMAGE_ID.sub("", match[0])
        if element in known:
            return f'<use xlink:href="#{known[element]}"/>'
        known[element] = f"picture-{len(known) + 1}"
        return element.replace("<image", f'<image id="{known[element]}"', 1)

    return _IMAGE.sub(once, page)


def _variable(match: re.Match[str]) -> str:
    role = _ROLE.get(match[0])
    return f"var(--{role}, {match[0]})" if role else match[0]
