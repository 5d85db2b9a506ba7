"""Ranges of first contact as tables: each with its antenna's height, its bounds, and what is claimed in public."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from kalkan.results.quantity import Measure, entry_name
from kalkan.results.ranges import INSIDE_SHARE, LEAVING_SHARE, LOW_M, STAGES, Stage

Rows = Callable[[Iterable[str]], list[dict[str, Any]]]
LOW = "against low flyers"
HORIZON = "horizon over a smooth earth"
ANTENNA_WORDS = "in brackets: height of the antenna above sea level, on which the range depends"
MEMBERS_WORDS = "1.8 of 4: the range is of so many of the raid's members, mean per replication, and not of all"
LEAVING_WORDS = (
    "↗: so many of the members that were both shot at and intercepted were flying away by then, and met farther "
    "out than they were shot at"
)
BOUND_WORDS = "horizons follow from heights alone and have no interval of chance"
INSIDE_WORDS = "≥: the raid begins inside coverage; it is seen where the file begins it, so the range is a lower bound"


def range_tables(columns: Sequence[Any], measures: list[dict[str, Measure]], rows: Rows) -> Iterable[dict[str, Any]]:
    """A table per stage of first contact, the horizons, and low flyers beside public claims.

    Parameters
    ----------
    columns : sequence of views.summary.Column
    measures : list of dict
        Of each column.
    rows : callable
        Makes rows of keys, without those that are undefined everywhere.
    """
    for stage in STAGES:
        made = rows(_keys(measures, f"{stage.key}_range"))
        for row in made:
            for value, m, column in zip(row["values"], measures, columns, strict=True):
                if value is not None:
                    value |= _beside(stage, row["key"].removeprefix(f"{stage.key}_range"), m, column)
        if stage.key == "met_launch":
            made = [row for row in made if _differs(row, measures)]
        yield {"title": title_of(stage), "rows": made}
    yield {"title": HORIZON, "rows": [_bound(r) for r in rows(_keys(measures, "first_plot_horizon"))]}
    yield {"title": LOW, "rows": list(_low_rows(columns, measures, rows))}


def title_of(stage: Stage) -> str:
    """``first seen at, where seen``."""
    return f"{stage.words}, where {stage.past}" if not stage.also else stage.words


def range_notes(tables: Sequence[dict[str, Any]]) -> list[str]:
    """What the brackets and marks of the range tables mean, where they occur."""
    rows = [r for t in tables for r in t["rows"]]
    values = [v for r in rows for v in r["values"] if v and "antenna_m" in v]
    notes = [ANTENNA_WORDS] if any(v["antenna_m"] is not None for v in values) else []
    notes += [MEMBERS_WORDS] if any(v["members"] is not None for v in values) else []
    notes += [LEAVING_WORDS] if any(v.get("leaving") for v in values) else []
    notes += [INSIDE_WORDS] if any(v["lower_bound"] for v in values) else []
    return notes + ([BOUND_WORDS] if any(r["kind"] == "bound" for r in rows) else [])


def _beside(stage: Stage, suffix: str, m: dict[str, Measure], column: Any) -> dict[str, Any]:
    """What stands beside a range: antenna, how many members it is of, and what makes it a lower bound."""
    inside, leaving = _mean(m, f"begins_inside{suffix}"), _mean(m, f"met_leaving{suffix}")
    kind, _, name = suffix.partition("/")
    of = column.results.records[column.variant].attrs["threat_type" if kind else "threat_raid"]
    told = {
        "antenna_m": _mean(m, f"{stage.key}_antenna{suffix}"),
        "members": _mean(m, f"{stage.key}_members{suffix}"),
        "members_of": of.count(name),
        "begins_inside_percent": inside,
        "lower_bound": (inside or 0.0) > INSIDE_SHARE,
    }
    if stage.key == "first_intercept":
        told |= {"leaving_percent": leaving, "leaving": (leaving or 0.0) > LEAVING_SHARE}
    return told


def _differs(row: dict[str, Any], measures: list[dict[str, Measure]]) -> bool:
    """Whether somebody was shot at and not intercepted: otherwise the range of first shot says it all."""
    suffix = row["key"].removeprefix("met_launch_range")
    shot, met = ([_mean(m, f"{k}_members{suffix}") for m in measures] for k in ("first_launch", "met_launch"))
    return shot != met


def _bound(row: dict[str, Any]) -> dict[str, Any]:
    """A row of what follows from heights alone."""
    return row | {"kind": "bound"}


def _keys(measures: list[dict[str, Measure]], prefix: str) -> list[str]:
    """Keys of raids, then of types, in the order of the variants."""
    found = dict.fromkeys(k for m in measures for k in m)
    return [k for end in ("/", "_of_type/") for k in found if k.startswith(prefix + end)]


def _mean(measures: dict[str, Measure], key: str) -> float | None:
    m = measures.get(key)
    return None if m is None or math.isnan(m.mean) else m.mean


def _low_rows(columns: Sequence[Any], measures: list[dict[str, Measure]], rows: Rows) -> Iterable[dict[str, Any]]:
    """Of each low raid where it is intercepted and the horizon of that antenna on flat ground; then the claims."""
    attrs = [c.results.records[c.variant].attrs for c in columns]
    low = dict.fromkeys(n for a in attrs for n, h in a.get("raid_clearance_m", {}).items() if h <= LOW_M)
    told = [c for a in attrs for c in a.get("low_range_claims", ())]
    claims = {(c["system"], c["claimant"], c["low"], c["high"]): c for c in told}
    if not low or not claims:
        return
    for name in low:
        heights = [a["raid_clearance_m"][name] for a in attrs if name in a.get("raid_clearance_m", {})]
        for key, words in (("range", "first intercept"), ("flat_horizon", "horizon from a flat site at sea level")):
            for row in rows([f"first_intercept_{key}/{name}"]):
                named = row | {"name": f"{name}, {heights[0]:.0f} m above ground: {words}"}
                yield named if key == "range" else _bound(named)
    for claim in claims.values():
        value = {"mean": (claim["low"] + claim["high"]) / 2.0, "low": claim["low"], "high": claim["high"], "n": 0}
        yield {
            "key": f"low_range_claim/{claim['system']}/{claim['claimant']}",
            "name": f"in public of {entry_name(attrs[0], claim['system'])}, by {claim['claimant']}",
            "unit": "m", "kind": "claim", "url": claim["url"],
            "values": [dict(value) for _ in measures], "differences": [],
        }  # fmt: skip
