"""What a page about a run begins with: its findings, and the figures of its report that show them."""

from __future__ import annotations

from typing import Any

from kalkan.results.assemble import Results
from kalkan.results.goals import Goal
from kalkan.views.report.material import Material
from kalkan.views.report.sections.answer import spread
from kalkan.views.report.sections.place import MOST, map_picture
from kalkan.views.report.sentences import changes, findings, reasons
from kalkan.views.studies import propagation
from kalkan.views.style import css_variables
from kalkan.views.svg import Drawing


def findings_first(content: dict[str, Any]) -> list[str]:
    """Sentences of a summary or a comparison: differences, then how many get through, why, and what is not known."""
    unknown = content.get("unknown", {})
    drawn = [propagation.answer_sentence(unknown, Goal("leakers", False))] if unknown.get("asked") else []
    told = [f"With the disputed claims drawn as well: {sentence}." for sentence in drawn]
    return [*changes(content), *findings(content), *reasons(content), *told]


def glance(results: Results) -> dict[str, Any]:
    """Histograms and maps of a run as files.

    Parameters
    ----------
    results : Results

    Returns
    -------
    dict
        JSON-ready: ``figures`` (each with ``title``, ``text``, ``caption`` and the SVG of ``wide`` and ``narrow``
        pages), ``colours`` (of the ``light`` and the ``dark`` page, as declarations of CSS) and ``notes`` (what
        could not be drawn and why).
    """
    material = Material(results)
    maps = [map_picture(i, laydown, names, material) for i, (laydown, names) in enumerate(material.laydowns[:MOST])]
    drawings = [spread(material), *maps] if results.wanted > 1 else maps
    colours = {theme: css_variables(theme) for theme in ("light", "dark")}
    return {"figures": [_figure(d) for d in drawings], "colours": colours, "notes": material.notes}


def _figure(drawing: Drawing) -> dict[str, str]:
    """A figure whose SVG are files of their own."""
    sizes = {size: drawing.svg(size) for size in ("wide", "narrow")}
    return {"title": drawing.title, "text": drawing.text, "caption": drawing.caption, **sizes}
