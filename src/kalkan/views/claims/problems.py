"""A user's mistakes as text and as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from kalkan.errors import Problem, ProblemsError


def as_text(error: ProblemsError) -> str:
    """Plain lines for a terminal: a heading per file, then line, place and message in columns."""
    return error.text()


def as_records(error: ProblemsError) -> list[dict[str, Any]]:
    """One plain table per problem: ``file``, ``line`` (0 if none), ``where``, ``message``."""
    return [_record(p) for p in error.problems]


def as_json(error: ProblemsError) -> str:
    """JSON for editors and programs: ``{"problems": [...]}`` with the records of :func:`as_records`."""
    return json.dumps({"problems": as_records(error)}, ensure_ascii=False, indent=2)


def _record(problem: Problem) -> dict[str, Any]:
    parts = asdict(problem)
    return {key: parts[key] for key in ("file", "line", "where", "message")}
