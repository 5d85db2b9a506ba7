"""Disputed quantities: what a scenario uses of the catalogue on which the sources do not agree.

Only quantities that a plan of the scenario has read are factors (a screening that costs nothing), and
only those whose pool of figures (:mod:`kalkan.catalogue.place`) holds more than one: a figure of a single
origin without a range has the one that kalkan gives it by its grade. Words are branches: one or the other,
nothing in between. What the scenario writes is fixed. Partisan contradictions are none: they are for
variants.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from kalkan.catalogue import CONDITIONS, Catalogue, ClaimedQuantity, Resolved, Stance, resolve
from kalkan.catalogue.kinds import CONFLICTS
from kalkan.scenario import Scenario

if TYPE_CHECKING:
    from kalkan.compile.shared import Shared

SUMS = ("unit_cost", "price", "maintenance_share")
"""Quantities that change nothing but sums of money."""
UNPUBLISHED = "nobody publishes it"
AGREED = "different figures, no named conflict"
ALONE = "one origin without a range: kalkan's, by its grade"
BRANCH = "a branch: one or the other"
EVERYWHERE = 201  # places at which the words of a branch are looked for


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
    branches : tuple of str
        Of words: each of them; empty for a number.
    places : tuple of float
        Where one at a time looks: both ends of a number, the middle of each branch.
    """

    path: str
    name: str
    conflict: str
    low: str
    high: str
    asked: tuple[dict[str, float | str], ...]
    branches: tuple[str, ...] = ()
    places: tuple[float, ...] = (0.0, 1.0)


def disputed(
    variants: Sequence[Scenario], *, money: bool = False, shared: Shared | None = None
) -> list[Factor]:
    """Disputed quantities that any of the variants uses, by path.

    Parameters
    ----------
    variants : sequence of Scenario
    money : bool
        Whether costs count (:data:`SUMS`); they change nothing but sums of money.
    shared : Shared, optional
        What plans made before have in common with the variants'.
    """
    return [f for f in _each(variants, shared) if money or not _is_of_money(f)]


def anything_disputed(variants: Sequence[Scenario], shared: Shared | None = None) -> bool:
    """Whether any of the variants uses a disputed quantity other than money; nothing is listed."""
    return any(not _is_of_money(f) for variant in variants for f in _each([variant], shared))


def _is_of_money(factor: Factor) -> bool:
    return factor.path.rpartition(".")[2] in SUMS


def _each(variants: Sequence[Scenario], shared: Shared | None) -> Iterator[Factor]:
    """Disputed quantities that any of the variants uses, by path, one after the other."""
    used: dict[str, dict[str, dict[str, float | str]]] = {}
    for variant in variants:
        for path, asked in _read(variant, shared):
            used.setdefault(path, {})[repr(sorted(asked.items()))] = asked
    catalogue = variants[0].catalogue
    assume = variants[0].assume
    for path, rows in sorted(used.items()):
        found = _factor(catalogue, assume, path, list(rows.values()))
        if found is not None:
            yield found


def _read(variant: Scenario, shared: Shared | None) -> list[tuple[str, dict[str, float | str]]]:
    """Path and conditions of everything that a variant's plan reads."""
    from kalkan.catalogue import SPECS
    from kalkan.compile import compile_scenario
    from kalkan.compile.inputs import WRITTEN

    rows = compile_scenario(variant, variant.catalogue, shared=shared).attrs["inputs"]
    return [
        (
            f"{r['entry']}.{r['quantity']}",
            {k: r["conditions"][k] for k in SPECS[r["quantity"]].by if k in r["conditions"]},
        )
        for r in rows
        if r["rule"] != WRITTEN
    ]


def _factor(catalogue: Catalogue, assume: object, path: str, asked: list[dict[str, float | str]]) -> Factor | None:
    entry, _, name = path.partition(".")
    quantity = catalogue.quantity(entry, name)
    letters = quantity.conflict.split()
    if "P" in letters:
        return None
    if quantity.dimension == "text":
        return _branches(catalogue, assume, path, asked)
    ends = [[at(catalogue, assume, path, row, place) for place in (0.0, 1.0)] for row in asked]
    apart = [(low, high) for low, high in ends if low.value != high.value]
    if not apart:
        return None
    low = min((low for low, _ in apart), key=lambda found: float(found.value))
    high = max((high for _, high in apart), key=lambda found: float(found.value))
    conflict = CONFLICTS[letters[0]] if letters else _no_letter(quantity, low)
    return Factor(path, _name(catalogue, path), conflict, _shown(low), _shown(high), tuple(asked))


def _no_letter(quantity: ClaimedQuantity, low: Resolved) -> str:
    """Why a quantity without a named conflict is not known."""
    if all(c.kind == "assumption" for c in quantity.claims if not c.excluded):
        return UNPUBLISHED
    return ALONE if low.marked else AGREED


def _branches(catalogue: Catalogue, assume: object, path: str, asked: list[dict[str, float | str]]) -> Factor | None:
    """A quantity that is a word, with one place for each of the words that are claimed."""
    found: dict[str, list[float]] = {}
    for k in range(EVERYWHERE):
        place = (k + 0.5) / EVERYWHERE
        found.setdefault(str(at(catalogue, assume, path, asked[0], place).value), []).append(place)
    if len(found) < 2:
        return None
    words, middles = tuple(found), tuple(places[len(places) // 2] for places in found.values())
    return Factor(path, _name(catalogue, path), BRANCH, words[0], words[-1], tuple(asked), words, middles)


def _name(catalogue: Catalogue, path: str) -> str:
    entry, _, name = path.partition(".")
    plain = name.replace("_", " ").replace(" p d", " p_d").replace(" p fa", " p_fa")
    return f"{catalogue.entry(entry).name} · {plain}"


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
