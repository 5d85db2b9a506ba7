"""What a study of payback says: as plain data, as cells and in sentences."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from kalkan.money import PRICE_YEAR
from kalkan.results.nested import ALL
from kalkan.studies.payback import Payback
from kalkan.views.numbers import percent, plus_minus
from kalkan.views.studies.finding import HeadedRows
from kalkan.views.studies.propagation import mean_text, nested_record, range_text, share_words

MILLION = 1e-6
LEGEND = f"million USD (of {PRICE_YEAR}): mean ± its 95 % interval over claims and chance [by what is claimed]"


def payback_content(found: Sequence[Payback], title: str) -> dict[str, Any]:
    """Everything that was found."""
    rows = [
        {
            "variant": p.label, "instead_of": p.instead, "raids": p.raids, "dearer": nested_record(p.dearer),
            "saved": nested_record(p.saved), "worth": nested_record(p.worth),
            "after": [x if math.isfinite(x) else None for x in p.after], "never": p.never,
        }
        for p in found
    ]  # fmt: skip
    draws = found[0].saved.draws
    about = {"title": title, "draws": draws, "replications_per_draw": found[0].saved.inner}
    answers = [payback_sentence(row, found[0].saved.share, draws) for row in rows]
    return {**about, "share": found[0].saved.share, "pairs": rows, "answers": answers}


def payback_table(content: dict[str, Any]) -> HeadedRows:
    """A column for every pair."""
    pairs = content["pairs"]
    raids = pairs[0]["raids"]
    rows = [
        ["systems cost more", *(_cell(p["dearer"]) for p in pairs)],
        ["a raid costs less", *(_cell(p["saved"]) for p in pairs)],
        [f"{_raids(raids)} pay{'s' * (raids == 1)} for systems up to", *(_cell(p["worth"]) for p in pairs)],
        ["raids until it has paid", *(_after(p, content["share"]) for p in pairs)],
        ["it never pays in", *(f"{percent(p['never'])} of the draws" for p in pairs)],
    ]
    return ["", *(f"{p['variant']} − {p['instead_of']}" for p in pairs)], rows


def payback_sentence(row: dict[str, Any], share: float, draws: int) -> str:
    """One pair in a sentence."""
    low, middle, high = row["after"]
    said = f"“{row['variant']}” instead of “{row['instead_of']}”"
    if row["never"] >= 1.0:
        return f"{said} pays in no draw of the claims: no number of such raids makes up for what it costs more."
    if middle is None:
        paid = f"never pays in {percent(row['never'])} of {draws:,} draws of the claims: it has paid"
    else:
        paid = f"has paid after {_number(middle)} raids like this one by the middle of what is claimed, and"
    ends = f"{_number(low)} to {'never' if high is None else _number(high)}"
    worth = row["worth"]
    return (
        f"{said} {paid} after {ends} in {share_words(share, draws)}; "
        f"{_raids(row['raids'])} pay{'s' * (row['raids'] == 1)} for systems that cost up to "
        f"{mean_text(worth, scale=MILLION)} million USD more ({range_text(worth, scale=MILLION)} by what is claimed)."
    )


def _cell(record: dict[str, Any]) -> str:
    inside = f"\n[{range_text(record, scale=MILLION)}]" if record["low"] < record["high"] else ""
    return mean_text(record, scale=MILLION, signed=True) + inside


def _after(pair: dict[str, Any], share: float) -> str:
    low, middle, high = ("never" if x is None else _number(x) for x in pair["after"])
    return f"{middle}\n[{low} to {high}]" if share < ALL else f"{low} to {high}"


def _number(raids: float) -> str:
    return plus_minus(raids, raids, raids)


def _raids(n: int) -> str:
    return f"{n:,} raid{'s' * (n != 1)}"
