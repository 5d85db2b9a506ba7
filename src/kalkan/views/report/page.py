"""The report: one HTML file of a run that opens without a network and prints."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from kalkan.engine.store import REPORT
from kalkan.results.assemble import Results
from kalkan.views.report.blocks import Section
from kalkan.views.report.material import Material
from kalkan.views.report.sections import sections
from kalkan.views.run.tables import heading
from kalkan.views.style import css_variables

TEMPLATES = Path(__file__).parent / "templates"


def write_report(results: Results, path: str | Path | None = None) -> Path:
    """Write the report of a run.

    Parameters
    ----------
    results : Results
    path : path, optional
        Default: ``report.html`` in the run's folder.

    Returns
    -------
    Path
        The file, written whole or not at all.

    Raises
    ------
    OSError
        It cannot be written.
    """
    path = results.path / REPORT if path is None else Path(path)
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8") as file:  # opened first: a place that cannot be written is told at once
        try:
            file.write(page(results))
        except BaseException:
            part.unlink()
            raise
    part.replace(path)
    return path


def page(results: Results) -> str:
    """The report as HTML text."""
    material = Material(results)
    return render(material, sections(material))


def render(material: Material, parts: list[Section]) -> str:
    """Put sections into the template.

    Everything that comes from a scenario is escaped; figures are SVG that kalkan itself has drawn.
    """
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True,
        lstrip_blocks=True, undefined=jinja2.StrictUndefined,
    )  # fmt: skip
    environment.filters |= {"strong": _strong, "markdown": _markdown, "breaks": _breaks}
    run: dict[str, Any] = material.results.run
    return environment.get_template("report.html").render(
        title=run["title"], run=run, content=material.content, sections=parts,
        subtitle=heading({**material.content, "speed": None}).split(" — ")[-1],
        light=css_variables("light"), dark=css_variables("dark"),
    )  # fmt: skip


def _strong(text: str) -> Any:
    """Escape, then turn ``**words**`` into strong ones and words in backticks into code."""
    from markupsafe import Markup, escape

    strong = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", str(escape(text)))
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", strong))


def _breaks(text: str) -> Any:
    """Escape, with line breaks kept."""
    from markupsafe import Markup, escape

    return Markup("<br>").join(escape(line) for line in text.split("\n"))


def _markdown(text: str) -> Any:
    """The documentation's own text as HTML; HTML inside is not let through."""
    from markdown_it import MarkdownIt
    from markupsafe import Markup

    return Markup(MarkdownIt("commonmark", {"html": False}).render(text))
