"""The figures that matter most: reviewed one by one, with what is used, what is drawn, and why."""

from __future__ import annotations

from typing import Any

from kalkan.catalogue.claims import ClaimedQuantity, Entry
from kalkan.catalogue.explain import resolved_cases
from kalkan.catalogue.place import pool
from kalkan.catalogue.resolve import Resolved, matches
from kalkan.catalogue.voices import origin_of, voices
from kalkan.catalogue.whole import Catalogue


def reviewed(catalogue: Catalogue) -> list[dict[str, Any]]:
    """Every quantity with a review, in the order of the catalogue.

    Parameters
    ----------
    catalogue : Catalogue
        Answers under its own stance.

    Returns
    -------
    list of dict
        JSON-ready: ``path``, ``entry`` (name), ``quantity``, ``sentence``, ``review``, ``claims`` (how many,
        without those that are excluded), ``excluded`` (how many) and ``cases``: conditions, ``used``,
        ``drawn`` (ends of a number, every word of a branch), ``origins`` and ``rule``.
    """
    found = []
    for entry in catalogue.entries.values():
        for item in entry.quantities.values():
            if item.review:
                found.append(_row(catalogue, entry, item))
    return found


def _row(catalogue: Catalogue, entry: Entry, item: ClaimedQuantity) -> dict[str, Any]:
    excluded = sum(bool(c.excluded) for c in item.claims)
    return {
        "path": f"{entry.id}.{item.name}",
        "entry": entry.name,
        "quantity": item.name,
        "sentence": item.spec.sentence,
        "review": item.review,
        "claims": len(item.claims) - excluded,
        "excluded": excluded,
        "cases": [_case(item, found) for found in resolved_cases(catalogue, entry, item, None)],
    }


def _case(item: ClaimedQuantity, found: Resolved) -> dict[str, Any]:
    """One resolved figure beside all that may be drawn for it."""
    asked = {k: found.conditions[k] for k in (*item.spec.by, *item.default)}
    able = [c for c in item.claims if not c.excluded and c.level == item.level and matches(c, asked, item)]
    heard = voices(able, item)
    figures = [value for value, _ in pool(heard, item)]
    writer = found.claim or item.claims[0]
    words = isinstance(found.value, str)
    drawn = dict.fromkeys(map(str, figures)) if words else [writer.as_claimed(x) for x in (figures[0], figures[-1])]
    return {
        "conditions": {k: found.conditions[k] for k in item.spec.by},
        "used": writer.as_claimed(found.value),
        "drawn": list(drawn),
        "branch": words,
        "origins": len({origin_of(c) for c in heard}),
        "rule": found.rule,
    }
