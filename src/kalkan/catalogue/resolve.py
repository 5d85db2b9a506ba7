"""From claims to the one value that a run uses: the rule, stated once.

1. What the scenario assumes wins and is reported as such.
2. Claims that are excluded as wrong, that are stated for another level (a full complement is not a
   fire unit), or that hold for other conditions than those asked, take no part.
3. Of the rest those speak that state what is asked; class figures only where none does
   (:mod:`kalkan.catalogue.voices`).
4. Among these the *stance* chooses (:mod:`kalkan.catalogue.stance`); without one, the best source
   (:mod:`kalkan.catalogue.best_source`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kalkan.catalogue.best_source import AGREEMENT
from kalkan.catalogue.entries import CatalogueError, Entries
from kalkan.catalogue.grades import grade
from kalkan.catalogue.kinds import CONDITIONS
from kalkan.catalogue.stance import Stance, choose
from kalkan.catalogue.voices import voices

if TYPE_CHECKING:
    from kalkan.catalogue.claims import Claim, ClaimedQuantity

Conditions = Mapping[str, float | str]
Assume = Mapping[str, Mapping[str, object]]


def ids_in(text: str) -> tuple[str, ...]:
    """The catalogue ids in a list such as ``"91n6e, 96l6e"``; ``"none"`` lists none."""
    return tuple(p for part in text.split(",") if (p := part.strip()) and p != "none")


@dataclass(frozen=True, slots=True, eq=False)
class Resolved:
    """The value that a run uses, and why.

    Attributes
    ----------
    value : float or str
        In SI, or a word.
    unit_si : str
        SI unit; ``""`` for words.
    claim : Claim or None
        The chosen claim; None if the scenario assumes the value.
    low, high : float or None
        Range of the chosen claim, in SI: its own, or the one that kalkan gives it (see `marked`).
    rule : str
        Why this value, in one sentence.
    conditions : dict
        What it holds for: asked, default and claimed conditions together.
    grade : str
        Of the chosen claim (:mod:`kalkan.catalogue.grades`); ``""`` if the scenario assumes it.
    marked : str
        Why the range is kalkan's and not the claimant's, or ``""``.
    """

    value: float | str
    unit_si: str
    claim: Claim | None
    low: float | None
    high: float | None
    rule: str
    conditions: dict[str, float | str]
    grade: str = ""
    marked: str = ""

    @property
    def ids(self) -> tuple[str, ...]:
        """The catalogue ids that a word such as ``"91n6e, 96l6e"`` lists."""
        return ids_in(str(self.value))


def resolve(
    catalogue: Entries,
    entry_id: str,
    quantity: str,
    *,
    assume: Assume | None = None,
    level: str | None = None,
    conditions: Conditions | None = None,
    stance: Stance | None = None,
) -> Resolved:
    """Choose the value of a quantity by the rule of this module.

    Parameters
    ----------
    catalogue : Entries
        Where to look.
    entry_id, quantity : str
        What to resolve.
    assume : mapping, optional
        The scenario's own claims, ``{entry: {quantity: value or {condition: value}}}``, in SI.
    level : str, optional
        Level of the answer; default the level at which the engine uses the quantity.
    conditions : mapping, optional
        Such as ``{"against": "uav"}`` or ``{"band": "X", "aspect": "nose"}``.

    stance : Stance, optional
        Whose figure; default the catalogue's own stance.

    Returns
    -------
    Resolved

    Raises
    ------
    CatalogueError
        Unknown entry, quantity or condition; a needed condition is missing; nobody claims it.
    """
    item = catalogue.quantity(entry_id, quantity)
    given = dict(conditions or {})
    strange = [key for key in given if key not in CONDITIONS]
    if strange:
        raise CatalogueError(f'"{strange[0]}" is not a condition; conditions are ' + ", ".join(CONDITIONS))
    asked = {**item.default, **given}
    filled = {
        key: resolve(catalogue, entry_id, source, assume=assume, stance=stance).value
        for key, source in item.conditions_from.items()
        if key not in asked
    }
    assumed = _assumed(assume, entry_id, item, given)
    if assumed is not None:
        rule = "this scenario assumes"
        return Resolved(assumed, item.unit_si, None, None, None, rule, {**filled, **asked})
    missing = [key for key in item.spec.by if key not in asked]
    if missing:
        raise CatalogueError(f'"{entry_id}" {quantity} needs the condition ' + " and ".join(missing))
    wanted = level or item.level
    able = [c for c in item.claims if not c.excluded and c.level == wanted and matches(c, asked, item)]
    if not able:
        at = ", ".join(f"{k} = {v}" for k, v in asked.items())
        raise CatalogueError(f'nobody claims "{entry_id}" {quantity}' + (f" for {at}" if at else ""))
    kind = catalogue.entry(entry_id).kind
    heard = voices(able, item)
    found = choose(heard, asked, item, kind, catalogue.stance if stance is None else stance)
    low, high, marked = found.claim.low, found.claim.high, found.claim.marked
    claim = found.claim.listed or found.claim
    stated = {k: v for k, v in claim.conditions.items() if not isinstance(v, tuple)}
    where = {**filled, **stated, **asked}
    return Resolved(found.value, item.unit_si, claim, low, high, found.rule, where, grade(claim), marked)


def matches(claim: Claim, asked: Conditions, item: ClaimedQuantity) -> bool:
    """Whether a claim may answer for the conditions asked.

    A claim that does not state a condition answers for all its values, except for the
    quantity's default conditions, which must be stated. A stated word that was not asked for
    (a mast when nobody asked for a mast) does not answer.
    """
    for key, wish in asked.items():
        stated = claim.conditions.get(key)
        if stated is None:
            if key in item.default:
                return False
        elif not _same(stated, wish):
            return False
    return all(key in asked for key, v in claim.conditions.items() if not isinstance(v, (int, float)))


def _same(stated: float | str | tuple[str, ...], wish: float | str) -> bool:
    if isinstance(stated, tuple):
        return wish in stated
    if isinstance(stated, (int, float)) and isinstance(wish, (int, float)):
        return max(stated, wish) <= AGREEMENT * min(stated, wish)
    return stated == wish


def _assumed(assume: Assume | None, entry_id: str, item: ClaimedQuantity, given: Conditions) -> float | str | None:
    """The scenario's own value, whole or by one of the conditions asked; None if it has none."""
    value = (assume or {}).get(entry_id, {}).get(item.name)
    if isinstance(value, Mapping):
        value = next((value[v] for v in given.values() if v in value), None)
    if value is None or isinstance(value, str):
        return value
    return float(value)  # type: ignore[arg-type]
