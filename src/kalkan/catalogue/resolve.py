"""From claims to the one value that a run uses: the rule, stated once.

The rule ("consensus")
----------------------
1. What the scenario assumes wins and is reported as such.
2. Claims that are excluded as wrong, that are stated for another level (a full complement is not a
   fire unit), or that hold for other conditions than those asked, take no part.
3. kalkan's own assumptions speak only when nobody else does.
4. Claims within 2 % of each other agree. The figure with the most distinct *origins* wins: ten
   pages that copy one brochure are one origin.
5. A tie goes to the figure whose best claim is, in this order: not an estimate (game, hobby page,
   other simulator); seen in its source rather than recalled; by kind of claimant (independent
   analysis, operator, government, manufacturer, encyclopaedia, press, estimate); stated for exactly
   the conditions asked; newest; the less capable value.
6. Nothing is ever averaged across claims. A claim that gives only a range stands for the middle of
   its own range (geometric for radar cross-sections), and the rule text says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kalkan.catalogue.kinds import CLAIMANT_KINDS, CONDITIONS
from kalkan.errors import KalkanError

if TYPE_CHECKING:
    from kalkan.catalogue.claims import Catalogue, Claim, Quantity

AGREEMENT = 1.02  # claims within this ratio say the same
Conditions = Mapping[str, float | str]
Assume = Mapping[str, Mapping[str, object]]


class CatalogueError(KalkanError, KeyError):
    """The catalogue has no such entry, quantity or condition; the text names the nearest match."""

    def __str__(self) -> str:
        return str(self.args[0])


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
        The chosen claim's own range, in SI.
    rule : str
        Why this value, in one sentence.
    conditions : dict
        What it holds for: asked, default and claimed conditions together.
    """

    value: float | str
    unit_si: str
    claim: Claim | None
    low: float | None
    high: float | None
    rule: str
    conditions: dict[str, float | str]

    @property
    def ids(self) -> tuple[str, ...]:
        """The catalogue ids that a word such as ``"91n6e, 96l6e"`` lists."""
        return tuple(part.strip() for part in str(self.value).split(",") if part.strip())


def resolve(
    catalogue: Catalogue,
    entry_id: str,
    quantity: str,
    *,
    assume: Assume | None = None,
    level: str | None = None,
    conditions: Conditions | None = None,
) -> Resolved:
    """Choose the value of a quantity by the rule of this module.

    Parameters
    ----------
    catalogue : Catalogue
        Where to look.
    entry_id, quantity : str
        What to resolve.
    assume : mapping, optional
        The scenario's own claims, ``{entry: {quantity: value or {condition: value}}}``, in SI.
    level : str, optional
        Level of the answer; default the level at which the engine uses the quantity.
    conditions : mapping, optional
        Such as ``{"against": "uav"}`` or ``{"band": "X", "aspect": "nose"}``.

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
        key: catalogue.resolve(entry_id, source, assume=assume).value
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
    claim, rule = _consensus(able, asked)
    stated = {k: v for k, v in claim.conditions.items() if not isinstance(v, tuple)}
    where = {**filled, **stated, **asked}
    return Resolved(claim.figure, item.unit_si, claim, claim.low, claim.high, rule, where)


def matches(claim: Claim, asked: Conditions, item: Quantity) -> bool:
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


def _assumed(assume: Assume | None, entry_id: str, item: Quantity, given: Conditions) -> float | str | None:
    """The scenario's own value, whole or by one of the conditions asked; None if it has none."""
    value = (assume or {}).get(entry_id, {}).get(item.name)
    if isinstance(value, Mapping):
        value = next((value[v] for v in given.values() if v in value), None)
    if value is None or isinstance(value, str):
        return value
    return float(value)  # type: ignore[arg-type]


def _rank(claim: Claim, asked: Conditions) -> tuple[object, ...]:
    """Order among claims of equally many origins; the greater wins (rule 5)."""
    figure = claim.figure
    number = 0.0 if isinstance(figure, str) else figure
    return (
        claim.kind not in ("estimate", "assumption"),
        claim.verified == "seen",
        -CLAIMANT_KINDS.index(claim.kind),
        sum(key in claim.conditions for key in asked),
        "" if claim.date == "undated" else claim.date,
        number if claim.spec.better == "low" else -number,
    )


def _groups(claims: Sequence[Claim]) -> list[list[Claim]]:
    """Claims that agree: equal words, or numbers within 2 % of the smallest of the group."""
    groups: list[list[Claim]] = []
    for claim in sorted(claims, key=lambda c: c.figure):
        first = groups[-1][0].figure if groups else None
        figure = claim.figure
        if isinstance(first, (int, float)) and isinstance(figure, (int, float)):
            agree = figure <= first + abs(first) * (AGREEMENT - 1.0)
        else:
            agree = first == figure
        if agree:
            groups[-1].append(claim)
        else:
            groups.append([claim])
    return groups


def _consensus(able: Sequence[Claim], asked: Conditions) -> tuple[Claim, str]:
    """The winning claim and the sentence that says why."""
    heard = [c for c in able if c.kind != "assumption"] or list(able)
    groups = _groups(heard)
    best = {id(g): max(g, key=lambda c: _rank(c, asked)) for g in groups}
    count = {id(g): len({c.origin for c in g}) for g in groups}
    groups.sort(key=lambda g: (count[id(g)], _rank(best[id(g)], asked)), reverse=True)
    claim, n = best[id(groups[0])], count[id(groups[0])]
    total = len({c.origin for c in heard})
    if claim.kind == "assumption":
        rule = "nobody publishes it: kalkan's assumption"
    elif total == 1 and len(groups) == 1:
        rule = "the only origin of a claim"
    else:
        rule = f"consensus: {n} of {total} origins"
        if len(groups) > 1 and count[id(groups[1])] == n:
            rule += f"; tie broken by {_reason(claim, best[id(groups[1])], asked)}"
    if claim.value is None:
        kind = "geometric middle" if claim.spec.dimension == "area" else "middle"
        rule += f"; {kind} of its own range"
    return claim, rule


_REASONS = (
    "not being an estimate",
    "being seen in its source",
    "the kind of claimant",
    "stating the conditions asked",
    "being newer",
    "the less capable value",
)


def _reason(winner: Claim, loser: Claim, asked: Conditions) -> str:
    """The first test of rule 5 on which the winner beats the loser."""
    pairs = zip(_rank(winner, asked), _rank(loser, asked), _REASONS, strict=True)
    return next((reason for mine, other, reason in pairs if mine != other), "the order of the file")
