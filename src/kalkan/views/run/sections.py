"""The page of every key of a scenario file, from the JSON Schema that editors use."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from kalkan.scenario import json_schema

Node = dict[str, Any]


def sections_page() -> str:
    """A Markdown page: the file itself, then each of its tables, as deep as they go."""
    schema = json_schema()
    lines = ["# Every key of a scenario file", ""]
    for title, node, said in [("top", schema, "The file itself and its tables."), *_tables(schema)]:
        lines += ["", f"## {title}", "", said, "", "| key | written as | default | meaning |", "|---|---|---|---|"]
        for key, part in node["properties"].items():
            default = "needed" if key in node.get("required", []) else _default(part)
            lines.append(f"| `{key}` | {_written_as(part)} | {default} | {part.get('description', '')} |")
    return "\n".join(lines) + "\n"


def _tables(schema: Node) -> Iterator[tuple[str, Node, str]]:
    """Heading, properties and a sentence of every kind of table; of each kind once."""
    found: set[str] = set()
    waiting = [("", schema)]
    while waiting:
        above, node = waiting.pop(0)
        for key, part in node["properties"].items():
            form, name = _table_of(part)
            if name in (None, *found) or "properties" not in schema["$defs"][name] or name == "Assume":
                continue
            found.add(name)
            title = form.format(key) if not above else f"{key} of {above}"
            below = schema["$defs"][name]
            yield f"`{title}`" if not above else title, below, below.get("description", "").splitlines()[0]
            waiting.append((f"`{title}`", below))


def _table_of(part: Node) -> tuple[str, Any]:
    """How the heading of a table is written, and the name of its kind in the schema; None: no table."""
    forms = ((part, "[{}]"), (part.get("items"), "[[{}]]"), (part.get("additionalProperties"), "[{}.NAME]"))
    for inner, form in forms:
        if isinstance(inner, dict) and "$ref" in inner:
            return form, inner["$ref"].rpartition("/")[2]
    return "", None


def _default(part: Node) -> str:
    value = part.get("default")
    return "—" if value in (None, "", {}, []) or isinstance(value, dict) else f"`{json.dumps(value)}`"


def _written_as(part: Node) -> str:
    if "enum" in part:
        return ", ".join(f"`{json.dumps(v)}`" for v in part["enum"])
    if part.get("examples"):
        return ", ".join(f"`{json.dumps(v)}`" for v in part["examples"][:2])
    bounds = [str(part[b]) for b in ("minimum", "maximum") if b in part]
    words = {"integer": "whole number", "string": "text", "array": "list", "object": "table"}
    kind: str = words.get(str(part.get("type", "object")), str(part.get("type", "table")))
    return f"{kind} {' to '.join(bounds)}" if len(bounds) == 2 else kind
