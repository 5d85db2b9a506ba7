"""The report: one HTML file of a run that opens without a network and prints."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from kalkan.engine.store import REPORT
from kalkan.errors import Problem, ProblemsError
from kalkan.files import whole
from kalkan.results.assemble import Results
from kalkan.views.report.blocks import Section
from kalkan.views.report.material import Material
from kalkan.views.report.sections import sections
from kalkan.views.run.tables import heading
from kalkan.views.style import DRESS, css_variables

TEMPLATES = Path(__file__).parent / "templates"
SUFFIXES = (".html", ".htm")


def write_report(results: Results, path: str | Path | None = None) -> Path:
    """Write the report of a run.

    Parameters
    ----------
    results : Results
    path : path, optional
        Ends in ``.html`` or ``.htm``, or is a folder; default: ``report.html`` in the run's folder.

    Returns
    -------
    Path
        The file, written whole or not at all.

    Raises
    ------
    ProblemsError
        The name is that of another kind of file.
    OSError
        It cannot be written.
    """
    path = _place(results, path)
    with whole(path) as file:  # opened first: a place that cannot be written is told at once
        file.write(page(results).encode())
    return path


def _place(results: Results, path: str | Path | None) -> Path:
    """The file that a report goes to."""
    if path is None or Path(path).is_dir():
        return (results.path if path is None else Path(path)) / REPORT
    if Path(path).suffix.lower() not in SUFFIXES:
        print_it = "; for a PDF, print the page from a browser" if Path(path).suffix.lower() == ".pdf" else ""
        wanted = f"must end in {' or '.join(SUFFIXES)}, or be a folder: the report is one HTML file{print_it}"
        raise ProblemsError([Problem("--out", f'= "{path}" {wanted}')])
    return Path(path)


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
        loader=jinja2.FileSystemLoader([TEMPLATES, DRESS]), autoescape=True, trim_blocks=True,
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
