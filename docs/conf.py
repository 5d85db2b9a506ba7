"""Sphinx configuration."""

from pathlib import Path

from kalkan.views import reference
from kalkan.views.run import sections

project = "kalkan"
author = "The kalkan founders"
extensions = ["myst_parser"]
html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["kalkan.css"]
exclude_patterns = ["_build"]
myst_heading_anchors = 3


def figures_page() -> str:
    """The figures that matter most, from the catalogue."""
    from kalkan.catalogue import load_catalogue, reviewed
    from kalkan.views.claims.reviewed import reviewed_page

    return reviewed_page(reviewed(load_catalogue()))


(Path(__file__).parent / "plan.md").write_text(reference.plan_page())
(Path(__file__).parent / "figures.md").write_text(figures_page())
(Path(__file__).parent / "variables.md").write_text(reference.variables_page())
(Path(__file__).parent / "operations.md").write_text(reference.operations_page())
(Path(__file__).parent / "measures.md").write_text(reference.measures_page())
(Path(__file__).parent / "sections.md").write_text(sections.sections_page())
