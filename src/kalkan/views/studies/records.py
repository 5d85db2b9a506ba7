"""What a study about what is not known says, as plain data and as lines of text."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from typing import Any

from kalkan.results.declared import MEASURES, PLAIN
from kalkan.results.goals import Goal
from kalkan.results.intervals import Interval
from kalkan.studies.sensitivity import Bar, Sobol
from kalkan.studies.sweep import Swept
from kalkan.views.numbers import ends, plus_minus

MOST_BARS = 15


def interval_record(found: Interval) -> dict[str, float | None]:
    """``{"mean", "low", "high"}`` with None for what is not finite."""
    mean, low, high = found
    return {"mean": mean if math.isfinite(mean) else None, **ends(low, high)}


# ---- sweeps
def sweep_content(swept: Swept, title: str) -> dict[str, Any]:
    """Every measure at every point."""
    names = [a.parameter.text for a in swept.axes]
    pairs = [f"{label} − {swept.labels[0]}" for label in swept.labels[1:]]
    rows = [
        {
            "at": dict(zip(names, point, strict=True)),
            "variants": {n: _records(v) for n, v in zip(swept.labels, values, strict=True)},
            "differences": {n: _records(v) for n, v in zip(pairs, differences, strict=True)},
        }
        for point, values, differences in zip(swept.points, swept.values, swept.differences, strict=True)
    ]
    over = [{"target": a.parameter.text, "values": a.values} for a in swept.axes]
    about = {"title": title, "replications": swept.n, "over": over, "kept": swept.kept}
    return {**about, "units": {key: MEASURES[key].unit for key in PLAIN}, "points": rows}


def kept_sentence(kept: dict[str, list[str]]) -> str:
    """Which variants keep a value of their own, or ``""``."""
    told = [
        f"{' and '.join(f'“{n}”' for n in names)} {'sets' if len(names) == 1 else 'set'} {target} "
        f"{'itself and keeps its' if len(names) == 1 else 'themselves and keep their'} own value at every point."
        for target, names in kept.items()
        if names
    ]
    return " ".join(told)


def _records(values: dict[str, Interval]) -> dict[str, Any]:
    return {k: interval_record(v) for k, v in values.items()}


def sweep_table(swept: Swept, goal: Goal) -> tuple[list[str], list[list[str]]]:
    """Headings and cells of one measure: a column per variant and paired difference."""
    plain, difference = goal._replace(difference=False), goal._replace(difference=True)
    heads = [*(a.parameter.text for a in swept.axes), *swept.labels]
    heads += [f"{label} − {swept.labels[0]}" for label in swept.labels[1:]]
    columns = [swept.of(plain, v) for v in range(len(swept.labels))]
    signed = [swept.of(difference, v) for v in range(len(swept.labels) - 1)]
    scale = 1e-6 if MEASURES[goal.key].unit == "USD" else 1.0
    rows = [
        [
            *map(str, point),
            *(plus_minus(*(scale * x for x in column[i])) for column in columns),
            *(plus_minus(*(scale * x for x in column[i]), signed=True) for column in signed),
        ]
        for i, point in enumerate(swept.points)
    ]
    return heads, rows


def sweep_csv(content: dict[str, Any]) -> str:
    """A sweep as a flat table: one row per point, variant or difference, and measure."""
    names, text = [o["target"] for o in content["over"]], io.StringIO()
    out = csv.writer(text)
    out.writerow([*names, "of", "measure", "unit", "mean", "low", "high"])
    for point in content["points"]:
        at = [point["at"][n] for n in names]
        for of, measures in {**point["variants"], **point["differences"]}.items():
            for key, v in measures.items():
                out.writerow([*at, of, key, content["units"][key], v["mean"], v["low"], v["high"]])
    return text.getvalue()


# ---- sensitivity
def tornado_content(base: Interval, bars: Sequence[Bar]) -> dict[str, Any]:
    """The answer, and the change with every disputed quantity at either end."""
    return {
        "answer": interval_record(base),
        "quantities": [
            {
                "path": b.factor.path,
                "name": b.factor.name,
                "conflict": b.factor.conflict,
                "low": {"figure": b.factor.low, "change": interval_record(b.low)},
                "high": {"figure": b.factor.high, "change": interval_record(b.high)},
                "swing": b.swing,
            }
            for b in bars
        ],
    }


def sobol_content(found: Sobol) -> dict[str, Any]:
    """Indices as plain data."""
    rows = [
        {
            "name": i.name,
            "first": i.first,
            "first_half_width": i.first_half,
            "total": i.total,
            "total_half_width": i.total_half,
            "quantities": list(i.members),
        }
        for i in found.indices
    ]
    return {
        "indices": rows,
        "variance": found.variance,
        "chance_share": found.chance_share,
        "evaluations": found.evaluations,
    }


def tornado_table(bars: Sequence[Bar]) -> tuple[list[str], list[list[str]]]:
    """The longest bars."""
    shown = [b for b in bars if b.swing > 0.0][:MOST_BARS]
    rows = [
        [b.factor.name, b.factor.low, plus_minus(*b.low, signed=True), b.factor.high, plus_minus(*b.high, signed=True)]
        for b in shown
    ]
    return ["disputed quantity", "lowest", "change", "highest", "change"], rows


def sobol_table(found: Sobol, what: str) -> tuple[list[str], list[list[str]]]:
    """Indices with half-widths of their intervals."""
    rows = [
        [i.name, plus_minus(i.first, i.first - i.first_half, i.first + i.first_half),
         plus_minus(i.total, i.total - i.total_half, i.total + i.total_half), str(len(i.members))]
        for i in found.indices
    ]  # fmt: skip
    return [what, "alone", "in any way", "quantities"], rows
