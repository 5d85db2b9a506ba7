"""What a finished run was computed from: every figure with its claim, and what was left out and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kalkan.catalogue.claims import ClaimedQuantity
from kalkan.catalogue.entries import CatalogueError
from kalkan.catalogue.specs import SPECS
from kalkan.catalogue.stance import DEFAULT
from kalkan.catalogue.whole import Catalogue


def used_claims(catalogue: Catalogue, run: Mapping[str, Any]) -> dict[str, Any]:
    """The figures of a run, by entry and quantity, side by side for its variants.

    Parameters
    ----------
    catalogue : Catalogue
        For the claims that were not used.
    run : mapping
        Content of the results folder's ``run.json``.

    Returns
    -------
    dict
        JSON-ready: ``title``, ``variants`` (name, label, stance), ``same_catalogue`` (whether the
        catalogue is the one of the run) and ``figures``: entry, quantity, conditions, ``used`` (one for
        each different figure: variants, value, claim, claimant, kind, rule, title, url, date) and
        ``excluded`` (claims that are wrong, with the reason and the address).
    """
    names = {n: v for n, v in run["variants"].items() if "attrs" in v}
    figures: dict[tuple[Any, ...], dict[str, Any]] = {}
    for name, about in names.items():
        for row in about["attrs"]["inputs"]:
            _add(figures, catalogue, name, row)
    return {
        "title": run["title"],
        "same_catalogue": run["catalogue"] == catalogue.identity,
        "variants": [
            {"name": n, "label": v["label"], "stance": v.get("stance", DEFAULT)} for n, v in names.items()
        ],
        "figures": [figures[key] for key in sorted(figures, key=str)],
    }


def _add(figures: dict[tuple[Any, ...], dict[str, Any]], catalogue: Catalogue, name: str, row: Any) -> None:
    """Put one input of one variant to the figures that it belongs to."""
    spec = SPECS.get(row["quantity"])
    by = {k: row["conditions"][k] for k in (spec.by if spec else ()) if k in row["conditions"]}
    key = (row["entry"], row["quantity"], *by.values())
    if key not in figures:
        item = _quantity(catalogue, row["entry"], row["quantity"])
        figures[key] = {
            "entry": row["entry"],
            "quantity": row["quantity"],
            "conditions": by,
            "sentence": spec.sentence if spec else "",
            "used": [],
            "excluded": [] if item is None else _excluded(item),
        }
    content = {k: v for k, v in row.items() if k not in ("entry", "quantity", "conditions")}
    same = (u for u in figures[key]["used"] if all(u[k] == v for k, v in content.items()))
    found = next(same, None)
    if found is None:
        figures[key]["used"].append({"variants": [name], **content})
    else:
        found["variants"].append(name)


def _quantity(catalogue: Catalogue, entry: str, quantity: str) -> ClaimedQuantity | None:
    try:
        return catalogue.quantity(entry, quantity)
    except CatalogueError:
        return None


def _excluded(item: ClaimedQuantity) -> list[dict[str, str]]:
    return [
        {"claim": c.shown, "claimant": c.claimant, "reason": c.excluded, "title": c.title, "url": c.url}
        for c in item.claims
        if c.excluded
    ]
