"""Sphinx configuration."""

import json
from pathlib import Path

from kalkan.views import reference

project = "kalkan"
author = "The kalkan founders"
extensions = ["myst_parser"]
html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["kalkan.css"]
exclude_patterns = ["_build"]
myst_heading_anchors = 3


def sections_page() -> str:
    """Table of all keys of a scenario file, from the JSON Schema that editors use."""
    from kalkan.scenario import json_schema

    schema = json_schema()
    sections = {
        "top": schema["properties"],
        "`[region]`": "Region",
        "`[[assets]]`": "Asset",
        "`[[systems]]`": "System",
        "`[command]`": "Command",
        "`[doctrine.NAME]`": "Doctrine",
        "`[[raids]]`": "Raid",
        "a waypoint of `route`": "Waypoint",
        "`[study]`": "Study",
    }
    lines = ["# Every key of a scenario file", ""]
    for title, name in sections.items():
        node = schema["$defs"][name] if isinstance(name, str) else schema
        needed = node.get("required", [])
        lines += ["", f"## {title}", "", about(title, node), ""]
        lines += ["| key | written as | default | meaning |", "|---|---|---|---|"]
        for key, part in node["properties"].items():
            default = "needed" if key in needed else _default(part)
            lines.append(f"| `{key}` | {_written_as(part)} | {default} | {part.get('description', '')} |")
    return "\n".join(lines) + "\n"


def about(title: str, node: dict) -> str:
    """First sentence of a section."""
    return "The file itself and its tables." if title == "top" else node.get("description", "").splitlines()[0]


def _default(part: dict) -> str:
    value = part.get("default")
    return "—" if value in (None, "", {}, []) or isinstance(value, dict) else f"`{json.dumps(value)}`"


def _written_as(part: dict) -> str:
    if "enum" in part:
        return ", ".join(f"`{json.dumps(v)}`" for v in part["enum"])
    if part.get("examples"):
        return ", ".join(f"`{json.dumps(v)}`" for v in part["examples"][:2])
    bounds = [str(part[b]) for b in ("minimum", "maximum") if b in part]
    kind = {"integer": "whole number", "string": "text", "array": "list", "object": "table"}
    kind = kind.get(part.get("type", "object"), part.get("type", "table"))
    return f"{kind} {' to '.join(bounds)}" if len(bounds) == 2 else kind


def figures_page() -> str:
    """The figures that matter most, from the catalogue."""
    from kalkan.catalogue import load_catalogue, reviewed
    from kalkan.views.reviewed import reviewed_page

    return reviewed_page(reviewed(load_catalogue()))


(Path(__file__).parent / "plan.md").write_text(reference.plan_page())
(Path(__file__).parent / "figures.md").write_text(figures_page())
(Path(__file__).parent / "variables.md").write_text(reference.variables_page())
(Path(__file__).parent / "measures.md").write_text(reference.measures_page())
(Path(__file__).parent / "sections.md").write_text(sections_page())
