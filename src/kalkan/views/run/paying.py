"""After how many raids a dearer defence has paid: what its systems cost more, over what each raid then costs less."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kalkan.money import PRICE_YEAR
from kalkan.results.assemble import differences
from kalkan.views.numbers import number, plus_minus
from kalkan.views.run.notes import Column

_MILLION = 1e-6


def payments(columns: Sequence[Column], pairs: Sequence[tuple[int, int]], confidence: float) -> list[dict[str, Any]]:
    """Pairs of variants of which the later has dearer systems, where assets have a cost.

    Returns
    -------
    list of dict
        ``from`` and ``to`` (headings), ``price`` (what the systems cost more [USD]), ``saved`` (what a raid like this
        costs less: damage to assets and interceptors, mean and ends of the interval [USD]), ``raids`` (mean and ends:
        after so many it has paid; None: never) and ``paired``.
    """
    found = []
    for one, other in pairs:
        early, late = columns[one], columns[other]
        if not all(any(c.results.records[c.variant].attrs.get("asset_cost_usd", ())) for c in (early, late)):
            continue
        by = differences(early.results, early.variant, late.results, late.variant, confidence)
        if by["cost_systems"].mean > 0.0:
            found.append(_payment(early, late, by["cost_systems"].mean, by["cost_raid"]))
    return found


def _payment(early: Column, late: Column, price: float, raid: Any) -> dict[str, Any]:
    saved = [-raid.mean, -raid.high, -raid.low]
    raids = [price / x if x > 0.0 else None for x in (saved[0], saved[2], saved[1])]
    return {
        "from": early.heading, "to": late.heading, "price": price, "saved": saved, "raids": raids,
        "paired": raid.paired,
        "what": "campaign" if len(late.results.records[late.variant].labels.get("wave", ())) > 1 else "raid",
    }  # fmt: skip


def payment_sentences(told: Sequence[dict[str, Any]]) -> list[str]:
    """Each pair in a sentence."""
    return [_sentence(one) for one in told]


def _sentence(told: dict[str, Any]) -> str:
    price = f"{number(_MILLION * told['price'], 0)} million USD (of {PRICE_YEAR})"
    mean, low, high = (-_MILLION * x for x in told["saved"])
    then = plus_minus(mean, high, low, signed=True)
    said = (
        f"“{told['to']}” costs {price} more than “{told['from']}”; a {told['what']} like this then costs {then} "
        "million USD (interceptors and damage)"
    )
    best, fewest, most = told["raids"]
    if fewest is None:
        return f"{said}: it never pays"
    if best is None or most is None:
        return f"{said}: whether it ever pays is not clear of chance"
    return f"{said}: it has paid after {plus_minus(best, fewest, most)} such {told['what']}s"
