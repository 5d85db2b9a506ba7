"""The figures that matter most, as a page of the documentation; decides nothing."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from kalkan.catalogue.grades import MEANING, SPREAD, Spread

_OPENING = """# The figures that matter most
Made from the catalogue when these pages are built (`docs/conf.py`): the reasons stand beside the claims in
`src/kalkan/catalogue/data`, key `review`; `kalkan explain 92n6e.detection_range` shows one of them with every claim.
*Used* is what a plain run takes (stance `best-source`), *drawn* what `sensitivity` and `propagate` vary it over.
"""


def reviewed_page(rows: Sequence[dict[str, Any]]) -> str:
    """A Markdown page.

    Parameters
    ----------
    rows : sequence of dict
        From :func:`kalkan.catalogue.reviewed.reviewed`.
    """
    parts = [_OPENING, _grades()]
    for entry, listed in itertools.groupby(rows, key=lambda row: row["entry"]):
        parts.append(f"## {entry}\n")
        parts += [_figure(row) for row in listed]
    return "\n".join(parts)


def _grades() -> str:
    lines = [
        "## Grades, and what a figure without a range is taken to be uncertain by\n",
        "| grade | source | lengths, speeds, times, counts | cross-sections | prices | fractions |",
        "|---|---|---|---|---|---|",
    ]
    lines += [f"| {letter} | {MEANING[letter]} | {_spread(by)} |" for letter, by in SPREAD.items()]
    lines.append(f"| E | {MEANING['E']} | has a range of its own, always | | | |")
    return "\n".join(lines) + "\n"


def _spread(by: Spread) -> str:
    way = f"{100 * by.way:g} % of the way to 0 and to 1"
    return f"± {100 * by.share:g} % | ×/÷ {by.factor:g} | ×/÷ {by.price:g} | {way}"


def _figure(row: dict[str, Any]) -> str:
    """Heading, reason, and one line per different case."""
    name = row["quantity"].replace("_", " ").replace("rcs", "radar cross-section")
    out = f", {row['excluded']} more excluded as wrong" if row["excluded"] else ""
    lines = [f"### {name} (`{row['path']}`)", "", row["review"], ""]
    lines += ["| for | used | drawn | why this value |", "|---|---|---|---|"]
    alike = itertools.groupby(sorted(row["cases"], key=_same), key=_same)
    for (used, drawn, rule), cases in alike:
        lines.append(f"| {_conditions([c['conditions'] for c in cases])} | {used} | {drawn} | {rule} |")
    claims = f"{row['claims']} claim{'s'[: row['claims'] != 1]}"
    return "\n".join([*lines, "", f"{claims}{out}.", ""])


def _same(case: dict[str, Any]) -> tuple[str, str, str]:
    drawn = " — or — ".join(case["drawn"]) if case["branch"] else " to ".join(dict.fromkeys(case["drawn"]))
    return case["used"], drawn, case["rule"]


def _conditions(rows: Sequence[dict[str, Any]]) -> str:
    """``S/X nose`` for two rows that differ in one condition; ``all`` for none."""
    keys = list(rows[0])
    told = ["/".join(dict.fromkeys(str(r[k]) for r in rows)) for k in keys]
    return " ".join(told) or "all"
