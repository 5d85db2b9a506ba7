"""Disputed quantities: what a scenario uses of the catalogue on which the sources do not agree.

Only quantities that a plan of the scenario has read are factors (a screening that costs nothing), and
only those whose pool of figures (:mod:`kalkan.catalogue.place`) holds more than one. Partisan
contradictions are none: they are branches, for variants.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kalkan.catalogue import CONDITIONS, Catalogue, Resolved, Stance, resolve
from kalkan.catalogue.kinds import CONFLICTS
from kalkan.scenario import Scenario

UNPUBLISHED = "nobody publishes it"
AGREED = "different figures, no named conflict"


class Factor(NamedTuple):
    """A disputed quantity.

    Attributes
    ----------
    path : str
        ``"entry.quantity"``.
    name : str
        For people.
    conflict : str
        Kind of the conflict in words, after the first of its letters.
    low, high : str
        Ends of what is claimed, as the claimants write them.
    asked : tuple of dict
        Conditions under which the scenario's plans read it.
    """

    path: str
    name: str
    conflict: str
    low: str
    high: str
    asked: tuple[dict[str, float | str], ...]


def disputed(variants: Sequence[Scenario], *, money: bool = False) -> list[Factor]:
    """Disputed quantities that any of the variants uses, by path.

    Parameters
    ----------
    variants : sequence of Scenario
    money : bool
        Whether unit costs count; they change nothing but sums of money.
    """
    used: dict[str, dict[str, dict[str, float | str]]] = {}
    for variant in variants:
        for path, asked in _read(variant):
            used.setdefault(path, {})[repr(sorted(asked.items()))] = asked
    catalogue = variants[0].catalogue
    assume = variants[0].assume
    found = [_factor(catalogue, assume, path, list(rows.values())) for path, rows in sorted(used.items())]
    return [f for f in found if f is not None and (money or not f.path.endswith("unit_cost"))]


def _read(variant: Scenario) -> list[tuple[str, dict[str, float | str]]]:
    """Path and conditions of everything that a variant's plan reads."""
    from kalkan.catalogue import SPECS
    from kalkan.compile import compile_scenario

    rows = compile_scenario(variant, variant.catalogue).attrs["inputs"]
    return [
        (
            f"{r['entry']}.{r['quantity']}",
            {k: r["conditions"][k] for k in SPECS[r["quantity"]].by if k in r["conditions"]},
        )
        for r in rows
    ]


def _factor(catalogue: Catalogue, assume: object, path: str, asked: list[dict[str, float | str]]) -> Factor | None:
    entry, _, name = path.partition(".")
    quantity = catalogue.quantity(entry, name)
    letters = quantity.conflict.split()
    if "P" in letters or quantity.dimension == "text":
        return None
    ends = [[at(catalogue, assume, path, row, place) for place in (0.0, 1.0)] for row in asked]
    apart = [(low, high) for low, high in ends if low.value != high.value]
    if not apart:
        return None
    low, high = apart[0]
    ours = all(c.kind == "assumption" for c in quantity.claims if not c.excluded)
    conflict = CONFLICTS[letters[0]] if letters else UNPUBLISHED if ours else AGREED
    plain = name.replace("_", " ").replace(" p d", " p_d").replace(" p fa", " p_fa")
    words = f"{catalogue.entry(entry).name} · {plain}"
    return Factor(path, words, conflict, _shown(low), _shown(high), tuple(asked))


def at(catalogue: Catalogue, assume: object, path: str, asked: dict[str, float | str], place: float) -> Resolved:
    """A quantity at a place of what is claimed; the scenario's own figure if it assumes one."""
    return under(catalogue, assume, path, asked, Stance(places={path: place}))


def under(
    catalogue: Catalogue, assume: object, path: str, asked: dict[str, float | str], stance: Stance
) -> Resolved:
    """A quantity under a stance."""
    entry, _, name = path.partition(".")
    known = {k: v for k, v in asked.items() if k in CONDITIONS}
    return resolve(catalogue, entry, name, assume=assume, conditions=known, stance=stance)  # type: ignore[arg-type]


def _shown(found: Resolved) -> str:
    return found.claim.as_claimed(found.value) if found.claim else str(found.value)
