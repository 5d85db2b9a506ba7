"""The consensus of several claims: the figure of the most independent origins, and why.

1. kalkan's own assumptions speak only when nobody else does.
2. Claims within 2 % of each other agree. The figure with the most distinct *origins* wins: ten
   pages that copy one brochure are one origin.
3. A tie goes to the figure whose best claim is, in this order: not an estimate (game, hobby page,
   other simulator); seen in its source rather than recalled; by kind of claimant (independent
   analysis, operator, government, manufacturer, encyclopaedia, press, estimate); stated for exactly
   the conditions asked; newest; the less capable value.
4. Nothing is ever averaged across claims. A claim that gives only a range stands for the middle of
   its own range (geometric for radar cross-sections), and the rule text says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kalkan.catalogue.kinds import CLAIMANT_KINDS

if TYPE_CHECKING:
    from kalkan.catalogue.claims import Claim

AGREEMENT = 1.02  # claims within this ratio say the same
Conditions = Mapping[str, float | str]


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """One claim, the value taken from it [SI or a word], and the sentence that says why."""

    claim: Claim
    value: float | str
    rule: str


def _rank(claim: Claim, asked: Conditions) -> tuple[object, ...]:
    """Order among claims of equally many origins; the greater wins (rule 3)."""
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


def consensus(able: Sequence[Claim], asked: Conditions) -> Choice:
    """The winning claim of several that may answer, and why it wins.

    Parameters
    ----------
    able : sequence of Claim
        Not excluded, of the right level and conditions; not empty.
    asked : mapping
        Conditions asked, for ties.
    """
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
    return Choice(claim, claim.figure, rule)


_REASONS = (
    "not being an estimate",
    "being seen in its source",
    "the kind of claimant",
    "stating the conditions asked",
    "being newer",
    "the less capable value",
)


def _reason(winner: Claim, loser: Claim, asked: Conditions) -> str:
    """The first test of rule 3 on which the winner beats the loser."""
    pairs = zip(_rank(winner, asked), _rank(loser, asked), _REASONS, strict=True)
    return next((reason for mine, other, reason in pairs if mine != other), "the order of the file")
