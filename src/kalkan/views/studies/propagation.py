"""What a propagation of the claims says: as plain data, as cells and as a sentence.

A mean stands with the interval of the mean over claims and chance. What is not known stands as quantiles of the
draws' true means, each rounded where its own interval begins: never as a ± that may pass what is possible.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from kalkan.results.declared import DRAWN_FIRST, MEASURES, shown_in
from kalkan.results.drawn import SHOWN, Driver
from kalkan.results.goals import Goal
from kalkan.results.nested import ALL, Nested
from kalkan.studies.propagate import Propagated
from kalkan.views.numbers import decimals, exact, number, percent, plus_minus
from kalkan.views.studies.records import interval_record

CLEAR = 0.05  # a driver is named if luck alone would look as strong less often than this
FIRST = 0.9  # and if it ranks first in so many resamples of the draws
HEADLINE = shown_in(DRAWN_FIRST)
Record = Mapping[str, Any]


# ---- data
def nested_record(found: Nested) -> dict[str, Any]:
    """One measure: its mean with interval, and the quantiles of what is not known."""
    return {
        "mean": found.mean,
        "mean_interval": interval_record(found.known),
        "chance": found.chance,
        "low": found.low,
        "high": found.high,
        "low_error": found.low_error,
        "high_error": found.high_error,
        "variance_between": found.between,
        "variance_within": found.within,
    }


def outcome_content(
    labels: Sequence[str], of_variant: Sequence[dict[str, Nested]], differences: Sequence[dict[str, Nested]]
) -> dict[str, Any]:
    """What was drawn, and every measure of every variant and difference."""
    sample = next(iter(of_variant[0].values()))
    pairs = [f"{label} − {labels[0]}" for label in labels[1:]]
    return {
        "draws": sample.draws,
        "replications_per_draw": sample.inner,
        "share": sample.share,
        "variants": {n: _records(v) for n, v in zip(labels, of_variant, strict=True)},
        "differences": {n: _records(v) for n, v in zip(pairs, differences, strict=True)},
    }


def propagation_content(found: Propagated, goal: Goal, title: str) -> dict[str, Any]:
    """Everything that a propagation found."""
    content = {"title": title, **outcome_content(found.labels, found.of_variant, found.differences)}
    drivers = driver_records(found.drivers)
    return {
        **content,
        "answer": answer_sentence(content, goal, drivers),
        "drivers": drivers,
        "drivers_of": {n: driver_records(d) for n, d in zip(found.labels, found.drivers_of, strict=True)},
    }


def driver_records(found: Sequence[Driver]) -> list[dict[str, Any]]:
    """What a propagation goes with, clearest first."""
    return [{"quantities": list(d.names), "share": d.share, "p": d.p, "first": d.first} for d in found]


def _records(values: dict[str, Nested]) -> dict[str, Any]:
    return {k: nested_record(v) for k, v in values.items()}


# ---- words
def mean_text(record: Record, *, scale: float = 1.0, signed: bool = False, most: float = math.inf) -> str:
    """``−8.7 ± 0.5``: the mean over claims and chance with its interval."""
    ends = (record["mean_interval"][k] for k in ("mean", "low", "high"))
    return plus_minus(*(float("nan") if x is None else scale * x for x in ends), signed=signed, most=most)


def range_text(record: Record, *, scale: float = 1.0, signed: bool = False) -> str:
    """``−15 to −2``: the quantiles of what is not known; of few draws the least and the greatest."""
    low, high = (_rounded(record, k, scale, signed=signed) for k in ("low", "high"))
    return f"{low} to {high}" if low != high else low


def _rounded(record: Record, end: str, scale: float, *, signed: bool) -> str:
    error = scale * record[f"{end}_error"]
    value = scale * record[end]
    return number(value, decimals(error, value), signed=signed) if error > 0.0 else exact(value, signed=signed)


def share_words(share: float, draws: int) -> str:
    """``9 in 10 of 64 draws of the claims``; of few, of which there are no quantiles, ``all 8 draws of the claims``."""
    return f"{'all' if share >= ALL else f'{10 * share:g} in 10 of'} {draws:,} draws of the claims"


def outside(content: dict[str, Any]) -> list[str]:
    """Whose leakers, at the figures of the run itself, lie outside what its draws span, and what that comes from."""
    row = next((r for r in content["tables"][0]["rows"] if r["key"] == "leakers"), None)
    unknown = content.get("unknown") or {}
    if row is None or not unknown.get("asked"):
        return []
    plain = {name: value["mean"] for name, value in zip(content["columns"], row["values"], strict=True) if value}
    drawn = {name: unknown["variants"][name]["leakers"] for name in plain if name in unknown["variants"]}
    below = [name for name, range_ in drawn.items() if plain[name] < range_["low"]]
    above = [name for name, range_ in drawn.items() if plain[name] > range_["high"]]
    sides = [(names, side) for names, side in ((below, "below"), (above, "above")) if names]
    if not sides:
        return []
    one_side = len(drawn) > 1 and len(sides[0][0]) == len(drawn)
    apart = [f"all {sides[0][1]}"] if one_side else [f"“{name}” {side}" for names, side in sides for name in names]
    told = (
        f"leakers of this run, at the best sources, lie outside {share_words(unknown['share'], unknown['draws'])} "
        f"({', '.join(apart)}): what else is claimed leads away to one side"
    )
    drivers = unknown.get("drivers") or []
    return [f"{told}, {driven_by(drivers, unknown['draws'])}" if drivers else told]


def scale_of(key: str) -> tuple[float, str]:
    """Factor and unit in which people read a measure."""
    if key.startswith("p_"):
        return 100.0, " [%]"
    return {"%": (1.0, " [%]"), "USD": (1e-6, " [million USD]")}.get(MEASURES[key].unit, (1.0, ""))


def answer_sentence(content: dict[str, Any], goal: Goal, drivers: Sequence[Record] | None = None) -> str:
    """The answer in one sentence: mean, what is not known and, if drivers were looked for, what drives it."""
    percent = goal.key.startswith("p_")
    of = content["differences"] or content["variants"]
    scale = 100.0 if percent else 1.0
    unit = (" percentage points" if content["differences"] else " %") if percent else ""
    record, signed = list(of.values())[-1][goal.key], bool(content["differences"])
    most = 100.0 if percent or MEASURES[goal.key].unit == "%" else math.inf
    told = mean_text(record, scale=scale, signed=signed, most=most) + unit
    inside = range_text(record, scale=scale, signed=signed) + unit
    if signed:
        first, *_, last = content["variants"]
        head = f"{last} instead of {first} changes {goal.name} by {told} on average over the claims"
    else:
        head = f"{goal.name}: {told} on average over the claims"
    answer = head
    if record["low"] < record["high"]:
        before = "by " if signed else "from " if content["share"] >= ALL else ""
        answer += f"; in {share_words(content['share'], content['draws'])} {before}{inside}"
    return answer if drivers is None else f"{answer}; {driven_by(drivers, content['draws'])}"


def clear(drivers: Sequence[Record]) -> Record | None:
    """The driver that may be named, if there is one."""
    return next((d for d in drivers if d["p"] < CLEAR and d["first"] >= FIRST), None)


def driven_by(drivers: Sequence[Record], draws: int) -> str:
    """What drives the answer; a name only if it ranks first in nearly all resamples of the draws."""
    if not drivers:
        return "nothing disputed is in it"
    named = clear(drivers)
    if named is None:
        return f"no single claim stands out of {draws:,} draws (kalkan sensitivity: one at a time)"
    return f"driven most by {members(named['quantities'])} ({percent(named['share'])})"


def members(names: Sequence[str]) -> str:
    """``92N6E · range and 2 that move with it``."""
    return names[0] + (f" and {len(names) - 1} that move with it" if len(names) > 1 else "")


# ---- cells
def cell(record: Record, key: str, *, signed: bool = False, between: str = "\n") -> str:
    """``−8.7 ± 0.5`` and, on a line of its own, ``[−15 to −2]``."""
    scale, unit = scale_of(key)
    inside = range_text(record, scale=scale, signed=signed)
    most = 100.0 if unit == " [%]" else math.inf
    told = f"{between}[{inside}]" if record["low"] < record["high"] else ""  # of too few draws chance is all there is
    return mean_text(record, scale=scale, signed=signed, most=most) + told


def measured(content: Record, keys: Sequence[str] = SHOWN) -> list[str]:
    """Those of these measures that the study tells of, in order."""
    return [k for k in keys if all(k in v for v in content["variants"].values())]


def propagation_table(content: dict[str, Any], keys: Sequence[str] = SHOWN) -> tuple[list[str], list[list[str]]]:
    """Measures: mean with interval and quantiles, per variant and difference."""
    variants, differences = content["variants"], content["differences"]
    rows = []
    for key in measured(content, keys):
        cells = [cell(v[key], key) for v in variants.values()]
        cells += [cell(d[key], key, signed=True) for d in differences.values()]
        rows.append([Goal(key, False).name + scale_of(key)[1], *cells])
    return ["", *variants, *differences], rows


def drawn_rows(content: dict[str, Any], labels: Sequence[str], pairs: Sequence[str]) -> list[list[str]]:
    """The headline as rows for these variants and differences, in this order; an empty cell where it was not drawn."""
    asked = [(content["variants"].get(n), False) for n in labels]
    asked += [(content["differences"].get(n), True) for n in pairs]
    return [
        [Goal(key, False).name + scale_of(key)[1],
         *(cell(found[key], key, signed=signed, between=" ") if found else "" for found, signed in asked)]
        for key in HEADLINE
    ]  # fmt: skip


def drawn_table(content: dict[str, Any]) -> tuple[list[str], list[list[str]]]:
    """The headline of :func:`propagation_table`, for the tables of a run."""
    heads, rows = propagation_table(content, HEADLINE)
    draws = f"not known: {content['draws']:,} draws × {content['replications_per_draw']:,}"
    return [draws, *(h.replace(" − ", "\n− ", 1) for h in heads[1:])], rows


def legend(content: dict[str, Any]) -> str:
    """What the numbers of the table mean."""
    few = ": too few for quantiles" if content["share"] >= ALL else ""
    return (
        f"mean ± its 95 % interval over claims and chance [where {share_words(content['share'], content['draws'])} "
        f"lie, chance taken out{few}]"
    )
