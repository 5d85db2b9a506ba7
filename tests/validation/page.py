"""The page: a chapter per model, a table of its tests, with what was found."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import kalkan
from tests.validation.comparisons import Findings
from tests.validation.entries import KINDS, Chapter, Entry, chapters

PAGE = Path(__file__).parents[2] / "docs" / "validation.md"
NONE = Findings()
DOI = re.compile(r"doi:(10\.[^\s,;]*[^\s,;.)])")


def write(found: Mapping[str, Findings]) -> None:
    """Write ``docs/validation.md``."""
    PAGE.write_text(page(chapters(), found), encoding="utf-8")


def page(plan: list[Chapter], found: Mapping[str, Findings]) -> str:
    """The whole page, in Markdown."""
    opening = (Path(__file__).parent / "opening.md").read_text(encoding="utf-8").strip()
    limits = (Path(__file__).parent / "limits.md").read_text(encoding="utf-8").strip()
    parts = [opening.format(version=kalkan.__version__, summary=summary(plan, found))]
    parts += [chapter(c, found) for c in plan]
    return "\n\n".join([*parts, limits]) + "\n"


def summary(plan: list[Chapter], found: Mapping[str, Findings]) -> str:
    """How many tests there are against each kind of reference, and how many values they compare."""
    rows = ["| against | tests | cases | values compared | what it is |", "|---|--:|--:|--:|---|"]
    tests = [e for c in plan for e in c.entries]
    count = Counter(e.kind for e in tests)
    for kind, meaning in KINDS.items():
        of_kind = [found.get(e.node, NONE) for e in tests if e.kind == kind]
        cases, values = sum(f.cases for f in of_kind), sum(f.n for f in of_kind)
        rows.append(f"| {kind} | {count[kind]} | {cases:,} | {values:,} | {meaning} |")
    return "\n".join(rows)


def chapter(plan: Chapter, found: Mapping[str, Findings]) -> str:
    """One chapter."""
    rows = ["| what is checked, and against what | cases (values) | tolerance | largest deviation |"]
    rows += ["|---|--:|---|--:|"] + [row(e, found.get(e.node, NONE)) for e in plan.entries]
    files = ", ".join(f"`{f}`" for f in plan.files)
    return f"## {plan.title}\n{plan.about}\n\n" + "\n".join(rows) + f"\n\nTests: {files}"


def row(entry: Entry, found: Findings) -> str:
    """One test."""
    kind, _, reference = entry.reference.partition(":")
    said = f"{cell(entry.sentence)}<br>*{kind}:* {cell(reference.strip())}<br>`{entry.name}`"
    if not found.cases:
        return f"| {said} | — | — | not run: {cell(found.skipped)} |"
    tolerances = found.tolerances() or [("—", "holds")]
    allowed, used = ("<br>".join(column) for column in zip(*tolerances, strict=True))
    values = f"<br>({found.n:,})" if found.n > found.cases else ""
    return f"| {said} | {found.cases:,}{values} | {unbroken(allowed)} | {unbroken(used)} |"


def unbroken(text: str) -> str:
    """Text whose spaces break no line, so that tolerances stand beside their deviations."""
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def cell(text: str) -> str:
    """Text that a cell of a table can hold."""
    return DOI.sub(r"[\g<0>](https://doi.org/\1)", text.replace("|", r"\|").replace("*", r"\*").replace("<", "&lt;"))
