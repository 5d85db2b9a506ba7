"""What a study about what is not known says, as plain data and as lines of text."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from typing import Any

from kalkan.results.drivers import Driver
from kalkan.results.goals import PLAIN, Goal
from kalkan.results.intervals import Interval
from kalkan.results.nested import Nested
from kalkan.results.propagate import Propagated
from kalkan.results.sensitivity import Bar, Sobol
from kalkan.results.sweep import Swept
from kalkan.views.numbers import decimals, number, plus_minus

CLEAR = 0.05  # a driver is named if luck alone would look as strong less often than this
MOST_BARS = 15


def interval_record(found: Interval) -> dict[str, float | None]:
    """``{"mean", "low", "high"}`` with None for what is not finite."""
    return {k: x if math.isfinite(x) else None for k, x in zip(("mean", "low", "high"), found, strict=True)}


# ---- sweeps
def sweep_content(swept: Swept, title: str) -> dict[str, Any]:
    """Every measure at every point."""
    names = [a.target.text for a in swept.axes]
    pairs = [f"{label} − {swept.labels[0]}" for label in swept.labels[1:]]
    rows = [
        {
            "at": dict(zip(names, point, strict=True)),
            "variants": {n: _records(v) for n, v in zip(swept.labels, values, strict=True)},
            "differences": {n: _records(v) for n, v in zip(pairs, differences, strict=True)},
        }
        for point, values, differences in zip(swept.points, swept.values, swept.differences, strict=True)
    ]
    over = [{"target": a.target.text, "values": a.values} for a in swept.axes]
    return {"title": title, "replications": swept.n, "over": over, "units": PLAIN, "points": rows}


def _records(values: dict[str, Interval]) -> dict[str, Any]:
    return {k: interval_record(v) for k, v in values.items()}


def sweep_table(swept: Swept, goal: Goal) -> tuple[list[str], list[list[str]]]:
    """Headings and cells of one measure: a column per variant and paired difference."""
    plain, difference = goal._replace(difference=False), goal._replace(difference=True)
    heads = [*(a.target.text for a in swept.axes), *swept.labels]
    heads += [f"{label} − {swept.labels[0]}" for label in swept.labels[1:]]
    columns = [swept.of(plain, v) for v in range(len(swept.labels))]
    signed = [swept.of(difference, v) for v in range(len(swept.labels) - 1)]
    rows = [
        [
            *map(str, point),
            *(plus_minus(*column[i]) for column in columns),
            *(plus_minus(*column[i], signed=True) for column in signed),
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


# ---- propagation
def nested_record(found: Nested) -> dict[str, Any]:
    """One measure's mean, chance and what is not known."""
    return {
        "mean": found.mean,
        "chance": found.chance,
        "unknown": found.unknown,
        "low": found.low,
        "high": found.high,
        "mean_interval": interval_record(found.known),
        "variance_between": found.between,
        "variance_within": found.within,
    }


def propagation_content(found: Propagated, goal: Goal, title: str) -> dict[str, Any]:
    """Everything that a propagation found."""
    pairs = [f"{label} − {found.labels[0]}" for label in found.labels[1:]]
    return {
        "title": title,
        "draws": found.draws,
        "replications_per_draw": found.inner,
        "answer": answer_sentence(found, goal),
        "variants": {n: _nested(v) for n, v in zip(found.labels, found.of_variant, strict=True)},
        "differences": {n: _nested(v) for n, v in zip(pairs, found.differences, strict=True)},
        "drivers": _drivers(found.drivers),
        "drivers_of": {n: _drivers(d) for n, d in zip(found.labels, found.drivers_of, strict=True)},
    }


def _drivers(found: Sequence[Driver]) -> list[dict[str, Any]]:
    return [{"quantities": list(d.names), "share": d.share, "p": d.p} for d in found]


def _nested(values: dict[str, Nested]) -> dict[str, Any]:
    return {k: nested_record(v) for k, v in values.items()}


def two_errors(found: Nested, *, signed: bool = False, scale: float = 1.0) -> str:
    """``−15 ± 1 (chance) ± 6 (unknown)``; rounded where the smaller begins."""
    chance, unknown = scale * found.chance, scale * found.unknown
    places = decimals(chance) if chance > 0.0 else decimals(unknown)
    mean = number(scale * found.mean, places, signed=signed)
    return f"{mean} ± {number(chance, places)} (chance) ± {number(unknown, decimals(unknown))} (unknown)"


def answer_sentence(found: Propagated, goal: Goal) -> str:
    """The answer in one sentence, with what drives it."""
    percent = goal.key.startswith("p_")
    scale, unit = (100.0, " percentage points" if found.differences else " %") if percent else (1.0, "")
    if found.differences:
        told = two_errors(found.differences[-1][goal.key], signed=True, scale=scale)
        head = f"{found.labels[-1]} instead of {found.labels[0]} changes {goal.name} by {told}{unit}"
    else:
        head = f"{goal.name}: {two_errors(found.of_variant[0][goal.key], scale=scale)}{unit}"
    return f"{head}, {_driven_by(found, goal.name)}"


def _driven_by(found: Propagated, measure: str) -> str:
    """What drives the answer; if nothing stands out, what drives the variant of which that is clearest."""
    if clear := _clear(found.drivers):
        return f"driven {clear}"
    if not found.drivers:
        return "with nothing disputed in it"
    many = f"driven by many claims, none of which stands out of {found.draws} draws"
    variants = sorted(zip(found.labels, found.drivers_of, strict=True), key=lambda v: (v[1][0].p, -v[1][0].share))
    label, own = variants[0]
    if len(variants) > 1 and (clear := _clear(own)):
        return f"{many}; {measure} with {label}: driven {clear}"
    return f"{many} (kalkan sensitivity: one at a time)"


def _clear(drivers: Sequence[Driver]) -> str:
    """``mostly by`` the clearest drivers with their shares; empty if none is clear of luck."""
    clear = [d for d in drivers[:3] if d.p < CLEAR]
    word = "mostly" if sum(d.share for d in clear) > 0.5 else "most"
    return f"{word} by " + ", ".join(f"{_names(d)} ({100 * d.share:.0f} %)" for d in clear) if clear else ""


def _names(driver: Driver) -> str:
    more = len(driver.names) - 1
    return driver.names[0] + (f" and {more} that move with it" if more else "")


def propagation_table(found: Propagated) -> tuple[list[str], list[list[str]]]:
    """Every measure: mean, chance and what is not known, per variant and difference."""
    heads = ["", *found.labels, *(f"{label} − {found.labels[0]}" for label in found.labels[1:])]
    rows = []
    for key in found.of_variant[0]:
        scale, unit = {"%": (1.0, " [%]"), "USD": (1e-6, " [million USD]")}.get(PLAIN[key], (1.0, ""))
        scale, unit = (100.0, " [%]") if key.startswith("p_") else (scale, unit)
        cells = [_two(v[key], scale) for v in found.of_variant]
        cells += [_two(v[key], scale, signed=True) for v in found.differences]
        rows.append([Goal(key, False).name + unit, *cells])
    return heads, rows


def _two(found: Nested, scale: float, *, signed: bool = False) -> str:
    chance, unknown = scale * found.chance, scale * found.unknown
    places = decimals(chance) if chance > 0.0 else decimals(unknown)
    mean = number(scale * found.mean, places, signed=signed)
    return f"{mean} ± {number(chance, places)} ± {number(unknown, decimals(unknown))}"
