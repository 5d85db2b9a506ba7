"""Pages of the documentation that are made from declarations when it is built; they decide nothing."""

from __future__ import annotations

from kalkan.kernels.fields import CLAIMED, INDEXING, Entry, Source, entries
from kalkan.kernels.plan import Plan

_PLAN = """# What the loop knows
Every number that a replication depends on, as plain arrays: the Plan, which `compile` makes of a scenario and the
catalogue. Made from the declarations in `src/kalkan/kernels/plan.py` when these pages are built. A type with `×` is one
element's. Where a number comes from is tested: what comes from claims must change with them, and nothing else may
(`tests/unit/test_every_number_has_a_claim.py`).
"""


def plan_page() -> str:
    """Table of every field of the Plan: type, unit, meaning, source."""
    lines = [_PLAN]
    parts: dict[str, list[Entry]] = {}
    for entry in entries(Plan):
        parts.setdefault(entry.name.rpartition(".")[0], []).append(entry)
    for part, fields in parts.items():
        lines += [f"## {part or 'tables of their own'}", ""]
        lines += ["| field | type | unit | meaning | from |", "|---|---|---|---|---|"]
        for name, written_as, about in fields:
            row = (f"`{name.rpartition('.')[2]}`", written_as, about.unit, about.meaning, _source(about.source))
            lines.append("| " + " | ".join(row) + " |")
        lines.append("")
    return "\n".join(lines)


def _source(source: Source) -> str:
    if source.kind == CLAIMED:
        return "claims " + ", ".join(f"`{q}`" for q in source.of.split())
    return "" if source.kind == INDEXING else f"{source.kind} {source.of}"
