"""What of the defence had come and was ready on the day of the raid, and whose dates these are."""

from __future__ import annotations

from typing import Any

from kalkan.scenario.readiness import THIS
from kalkan.views.claims.batches import WORDS
from kalkan.views.report.blocks import Cell, PageBlock, Paragraphs, Points, Section, Table
from kalkan.views.report.material import Material
from kalkan.views.report.sentences import listed
from kalkan.views.run.notes import bought_words

_HEADS = ["batch", "brings", "contract", "delivered", "ready", "there"]
_LEAD = (
    "Systems of the defence come in batches. A delivery is ready a work-up after its equipment has arrived and its "
    "crews are trained; what is not ready by the day of the raid has no part in it."
)


def batches(material: Material) -> Section | None:
    """What was there as of the day; None where nothing comes in batches."""
    told = {v: material.results.records[v].attrs.get("batches") for v in material.results.variants}
    groups: dict[str, tuple[Any, list[str]]] = {}
    for variant, content in told.items():
        if content:
            groups.setdefault(repr(content), (content, []))[1].append(material.label(variant))
    if not groups:
        return None
    blocks: list[PageBlock] = [Paragraphs([_LEAD])]
    for content, labels in groups.values():
        blocks.append(_table(content, labels))
    who = {repr(content["whose"]): content["whose"] for content, _ in groups.values()}
    for whose in who.values():
        blocks.append(Points([_sentence(name, rows) for name, rows in whose.items()]))
    return Section("batches", "What had come and was ready", blocks)


def _table(content: dict[str, Any], labels: list[str]) -> Table:
    day = content["as_of"]
    asked = f"As of {day}" if day else "No day is asked about, so all of it is there"
    asked += f"; {told}" if (told := bought_words(content)) else ""
    rows = [
        [
            Cell(d["batch"]), Cell(", ".join(d["brings"])), Cell(d["contract"] or "–"), Cell(d["delivered"]),
            Cell(d["ready"]), Cell("there" if d["there"] else "not yet"),
        ] for d in content["deliveries"]
    ]  # fmt: skip
    caption = f"{asked}: {listed(labels)}."
    return Table(caption, _HEADS, rows, numeric=False, name="batches")


def _sentence(batch: str, rows: list[dict[str, Any]]) -> str:
    """Whose dates and times those of a batch are."""
    parts = [f"{WORDS[r['about']]} {r['says']} ({_who(r)})" for r in rows]
    return f"**{batch}**: {', '.join(parts)}."


def _who(row: dict[str, Any]) -> str:
    return "written in the scenario" if row["claimant"] == THIS else str(row["claimant"])
