"""What break-even studies and studies of rare leaks say, as plain data and in a sentence."""

from __future__ import annotations

import math
from typing import Any

from kalkan.results.goals import Goal
from kalkan.studies.breakeven import BreakEven
from kalkan.studies.rare import Rare
from kalkan.views.numbers import decimals, exact, number, percent, plus_minus
from kalkan.views.studies.records import interval_record


def break_even_content(found: BreakEven, goal: Goal, target: str, unit: str) -> dict[str, Any]:
    """The break-even value with its interval, and every value looked at."""
    value, low, high = (x if math.isfinite(x) else None for x in (found.value, found.low, found.high))
    return {
        "target": target,
        "unit": unit,
        "goal": goal.text,
        "value": value,
        "low": low,
        "high": high,
        "crossings": found.crossings,
        "evaluated": [{"value": v, **interval_record(i)} for v, i in found.evaluated],
    }


def break_even_sentence(found: BreakEven, goal: Goal, target: str, unit: str) -> str:
    """What was found, in one sentence."""
    (first, at_first), (last, at_last) = found.evaluated[0], found.evaluated[-1]
    tail = f" {unit}" if unit else ""
    if found.crossings == 0:
        ends = f"{plus_minus(*at_first)} at {exact(first)}{tail}, {plus_minus(*at_last)} at {exact(last)}{tail}"
        side = "above" if at_first.estimate > goal.value else "at or below"
        doubt = "" if math.isnan(found.low) else "; within its interval it may cross"
        return f"no break-even: {_measure(goal)} stays {side} {goal.value:g} over the whole range ({ends}{doubt})"
    if found.crossings > 1:
        return f"no single break-even: {_measure(goal)} crosses {goal.value:g} {found.crossings} times over the range"
    half = max(found.high - found.low, found.tolerance) / 2.0
    places = decimals(half, found.value)
    span = f"{number(found.low, places)} to {number(found.high, places)}"
    return (
        f"{_measure(goal)} crosses {goal.value:g} at {target} = {number(found.value, places)}{tail} "
        f"(95 %: {span}{tail})"
    )


def _measure(goal: Goal) -> str:
    return ("the difference of " if goal.difference else "") + goal.name


def rare_content(found: Rare, label: str) -> dict[str, Any]:
    """The probability of a leak with how it was found."""
    return {
        "variant": label,
        "p_any_leaker": interval_record(found.p),
        "leakers": interval_record(found.leakers),
        "replications": found.n,
        "times_cheaper": found.gain if math.isfinite(found.gain) else None,
        "effective_replications": found.effective,
        "mean_weight": interval_record(found.mean_weight),
        "culprits": [{"threat": name, "share": share} for name, share in found.culprits],
    }


def rare_sentence(found: Rare, label: str) -> str:
    """One line per variant."""
    if found.effective == 0.0:
        return f"{label}: nothing leaked in {found.n:,} replications, whichever threat was spared"
    p, low, high = (f"{x:.2g}" for x in found.p)
    who = ", ".join(f"{name} ({percent(share)})" for name, share in found.culprits[:3])
    gain = "; not rare enough for this: a plain run of as many replications is as sharp"
    if found.gain > 1.0:
        gain = f"; a plain run needs {found.gain:,.0f} times the replications"
    return f"{label}: anything leaks with probability {p} ({low} to {high}){gain}; mostly {who}"
