"""What it costs that posts do not tell each other whom they engage: variants that differ by nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kalkan.results.assemble import differences
from kalkan.results.compare import Difference
from kalkan.views.numbers import plus_minus
from kalkan.views.run.notes import Column

_ALONE = {"pictures", "facts"}  # parts of a plan in which coordination stands


def coordination_costs(columns: Sequence[Column], confidence: float) -> list[dict[str, Any]]:
    """Pairs of variants of one run that differ by coordination alone, and what is spent and leaks without it.

    Returns
    -------
    list of dict
        ``with`` and ``without`` (headings), ``rounds`` (means of both), ``rounds_difference`` and
        ``leakers_difference`` (mean and ends of the interval), ``paired``.
    """
    found = []
    for apart in columns:
        together = next((c for c in columns if _differ_by_it_alone(c, apart)), None)
        found += [_cost(together, apart, confidence)] if together else []
    return found


def _differ_by_it_alone(together: Column, apart: Column) -> bool:
    """Whether posts tell each other whom they engage in the first and not in the second, and all else is equal."""
    attrs = [c.results.records[c.variant].attrs for c in (together, apart)]
    if not attrs[0].get("coordination") or attrs[1].get("coordination", True) or together.results is not apart.results:
        return False
    parts = [c.results.run["variants"][c.variant].get("plan", {}) for c in (together, apart)]
    same = _beside(attrs[0]) == _beside(attrs[1])
    return same and bool(parts[0]) and {k for k in parts[0] if parts[0][k] != parts[1].get(k)} <= _ALONE


def _beside(attrs: Mapping[str, Any]) -> dict[str, Any]:
    """All facts and figures of a variant but those of coordination."""
    figures = [row for row in attrs.get("inputs", ()) if row["quantity"] != "coordination"]
    return {k: v for k, v in attrs.items() if k != "coordination"} | {"inputs": figures}


def _cost(together: Column, apart: Column, confidence: float) -> dict[str, Any]:
    found = differences(together.results, together.variant, apart.results, apart.variant, confidence)
    spent = [c.results.measures(confidence)[c.variant]["spent"].mean for c in (together, apart)]
    return {
        "with": together.heading, "without": apart.heading, "rounds": spent, "paired": found["spent"].paired,
        "rounds_difference": _interval(found["spent"]), "leakers_difference": _interval(found["leakers"]),
    }  # fmt: skip


def _interval(d: Difference) -> list[float]:
    return [d.mean, d.low, d.high]


def coordination_sentences(costs: Sequence[dict[str, Any]]) -> list[str]:
    """Each pair in a sentence."""
    return [_sentence(cost) for cost in costs]


def _sentence(cost: dict[str, Any]) -> str:
    with_, without = cost["rounds"]
    times = f", {without / with_:.1f} times the rounds" if with_ > 0.0 else ""
    how = "pair by pair" if cost["paired"] else "unpaired"
    return (
        f"without coordination (“{cost['without']}” against “{cost['with']}”, which differ by nothing else) the posts "
        f"spend {without:.1f} rounds instead of {with_:.1f}{times}; {how} {_signed(cost['rounds_difference'])} rounds "
        f"and {_signed(cost['leakers_difference'])} leakers"
    )


def _signed(interval: Sequence[float]) -> str:
    mean, low, high = interval
    return plus_minus(mean, low, high, signed=True)
