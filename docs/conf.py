"""Sphinx configuration."""

from pathlib import Path

project = "kalkan"
author = "The kalkan founders"
extensions = ["myst_parser"]
html_theme = "furo"
exclude_patterns = ["_build"]
myst_heading_anchors = 3


def variables_page() -> str:
    """Table of all result variables, from the one list that defines them."""
    from kalkan.schema import EVENTS, OUTCOMES, REASONS, VARIABLES

    lines = ["# Result variables", "", "| variable | dimensions | unit | meaning |", "|---|---|---|---|"]
    lines += [f"| `{n}` | {', '.join(v.dims)} | {v.unit} | {v.sentence} |" for n, v in VARIABLES.items()]
    for title, codes in (("Endings of a threat", OUTCOMES), ("Why a leaker leaked", REASONS), ("Events", EVENTS)):
        lines += ["", f"## {title}", "", "| code | name | meaning |", "|---|---|---|"]
        lines += [f"| {i} | {name or '—'} | {meaning} |" for i, (name, meaning) in enumerate(codes)]
    return "\n".join(lines) + "\n"


(Path(__file__).parent / "variables.md").write_text(variables_page())
