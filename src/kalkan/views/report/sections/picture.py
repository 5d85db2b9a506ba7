"""The air picture: who else flew, how good the posts' pictures were, and who was shot at by mistake and why."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kalkan.results.mistakes import Mistake, mistakes
from kalkan.schema import FRIENDLY, NEUTRAL
from kalkan.views.numbers import number
from kalkan.views.report.blocks import Cell, PageBlock, Paragraphs, Points, Section, Table, result_table
from kalkan.views.report.material import Material
from kalkan.views.report.sentences import by_mistake
from kalkan.views.run.leaking import clock

PICTURE, MISTAKES = "air picture", "shot at though not hostile, by what misled"
CASES = 8  # of a variant that are listed
_SIDES = ((FRIENDLY, "friendly aircraft"), (NEUTRAL, "neutral aircraft"))
_QUALITY = (
    "Every post's tracks are held against the true objects as the run goes on. **Completeness** is the share of "
    "flying objects that have a track, **ambiguity** the number of tracks for each of those (1 is perfect), "
    "**spuriousness** the share of tracks that belong to nothing: the single integrated air picture attributes of the "
    "open literature. **GOSPA** sums the errors of tracked objects, missed objects and false tracks in one length."
)
_MISTAKES = (
    "Each object is counted under the evidence that weighed most for shooting at it when the first round was launched. "
    "Where weapons are free, what is not known as friendly or neutral is shot at, also at a small P(hostile)."
)


def picture(material: Material) -> Section | None:
    """Who else flew, mistakes and the quality of tracks; None where a scenario has none of it."""
    tables = {title: _of_the_picture(material.table(title)) for title in (MISTAKES, PICTURE)}
    told = [*_others(material), *by_mistake(material.content)]
    if not told and not any(tables.values()):
        return None
    blocks: list[PageBlock] = [Points(told)] if told else []
    for title, lead, caption in (
        (MISTAKES, _MISTAKES, "Shot at though not hostile, by what misled the post"),
        (PICTURE, _QUALITY, "Quality of the posts' air pictures"),
    ):
        table = tables[title]
        if table is not None:
            blocks += [Paragraphs([lead]), _shown(material, table, f"{caption}; means over {material.n_words}.")]
            blocks += _cases(material) if title == MISTAKES else []
    return Section("picture", "The air picture", blocks)


def _cases(material: Material) -> list[PageBlock]:
    """The first cases of each variant, one a row, so that a reader can look at them in a replay."""
    found = {variant: mistakes(records) for variant, records in material.results.records.items()}
    total = sum(map(len, found.values()))
    rows: list[list[Cell]] = []
    for variant, cases in found.items():
        if cases and len(found) > 1:
            rows.append([Cell(material.label(variant))])
        rows += [_case(case) for case in cases[:CASES]]
    if not rows:
        return []
    shown = sum(min(len(cases), CASES) for cases in found.values())
    which = "Every case" if shown == total else f"{shown} of {total} cases, by replication"
    caption = f"{which}; kalkan replay DIR --replication N shows one, with all that its post knew of it."
    heads = ["who", "side", "replication", "first shot at", "P(hostile) then", "misled by", "ending"]
    return [Table(caption, heads, rows, numeric=False, name="cases")]


def _case(case: Mistake) -> list[Cell]:
    p = "–" if math.isnan(case.p_hostile) else number(case.p_hostile, 2)
    ending = "killed" if case.killed else "missed"
    words = (case.threat, case.side, str(case.replication), clock(case.first_shot_s), p, case.misled_by, ending)
    return [Cell(word) for word in words]


def _of_the_picture(table: dict[str, Any] | None) -> dict[str, Any] | None:
    """The table, unless all that it has is the first shot at low flyers, which every fight has."""
    return table if table and any(row["key"] != "low_first_shot" for row in table["rows"]) else None


def _shown(material: Material, table: dict[str, Any], caption: str) -> PageBlock:
    return result_table(table, material.content, caption, "picture")


def _others(material: Material) -> list[str]:
    """What flies beside the raid, of each group of variants that agree."""
    told: dict[str, list[str]] = {}
    for variant in material.results.variants:
        records = material.results.records[variant]
        parts = [part for side, word in _SIDES if (part := _flown(records.flown(side), word))]
        if parts:
            told.setdefault(" and ".join(parts), []).append(material.label(variant))
    one = len(told) == 1 and len(next(iter(told.values()))) == len(material.results.variants)
    return [
        f"Beside the raid, {parts} fly in these skies{'' if one else ' under ' + ', '.join(f'“{n}”' for n in names)}."
        for parts, names in told.items()
    ]


def _flown(numbers: NDArray[np.float64], word: str) -> str:
    """How many of one side fly; of those that come at random the mean."""
    least, most = (int(v) for v in (numbers.min(), numbers.max()))
    if most == 0:
        return ""
    return f"{number(most, 0)} {word}" if least == most else f"on average {number(float(numbers.mean()), 1)} {word}"
