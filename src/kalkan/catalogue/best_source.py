"""The best source among several claims: the figure that weighs most, and why.

1. Claims within 2 % of each other agree. An origin counts once, with the weight of its best claim's
   grade (:mod:`kalkan.catalogue.grades`): ten pages that copy one brochure are one origin. The figure
   whose origins weigh most wins.
2. A tie goes to the figure whose best claim is, in this order: of the better grade; read, not at second hand; by
   kind of claimant (independent analysis, operator, government, manufacturer, encyclopaedia, press, estimate); stated
   for exactly the conditions asked; the middle one of what is claimed (nearest to the median of the
   origins by weight, so that one page more or less moves it to a neighbour and not to an end); the less
   capable value; newest; first in the file.
3. It is called a consensus only where at least two independent origins agree on it.
4. Nothing is ever averaged across claims. A claim that gives only a range stands for the middle of
   its own range (geometric for what is uncertain by a factor, such as cross-sections), and the rule text says so.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kalkan.catalogue.grades import grade, second_hand, weight
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


def _rank(claim: Claim, asked: Conditions, aside: float) -> tuple[object, ...]:
    """Order among claims whose origins weigh the same; the greater wins (rule 2)."""
    figure = claim.figure
    number = 0.0 if isinstance(figure, str) else figure
    return (
        -ord(grade(claim)),
        not second_hand(claim),
        -CLAIMANT_KINDS.index(claim.kind),
        sum(key in claim.conditions for key in asked),
        -aside,
        number if claim.spec.better == "low" else -number,
        "" if claim.date == "undated" else claim.date,
    )


def _aside(groups: Sequence[Sequence[Claim]]) -> list[float]:
    """How far each group, in rising order, lies from the median of the origins by weight (0 to 1/2)."""
    said = [c for g in groups for c in g]
    if isinstance(said[0].figure, str):
        return [0.0] * len(groups)
    rows = {o: sum(c.origin == o for c in said) for o in {c.origin for c in said}}
    weights = {o: weight(c for c in said if c.origin == o) for o in rows}
    shares = [sum(weights[c.origin] / rows[c.origin] for c in g) / sum(weights.values()) for g in groups]
    ends = list(itertools.accumulate(shares))
    return [round(max(end - share - 0.5, 0.5 - end, 0.0), 9) for end, share in zip(ends, shares, strict=True)]


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


def best_source(heard: Sequence[Claim], asked: Conditions) -> Choice:
    """The winning claim of several that speak, and why it wins.

    Parameters
    ----------
    heard : sequence of Claim
        From :func:`kalkan.catalogue.voices.voices`; not empty.
    asked : mapping
        Conditions asked, for ties.
    """
    said = [c for c in heard if c.kind != "assumption"] or list(heard)
    place = {id(c): n for n, c in enumerate(said)}
    groups = _groups(said)
    aside = {id(c): far for g, far in zip(groups, _aside(groups), strict=True) for c in g}
    rank = {id(c): (_rank(c, asked, aside[id(c)]), -place[id(c)]) for c in said}
    best = [max(g, key=lambda c: rank[id(c)]) for g in groups]
    order = sorted(range(len(groups)), key=lambda i: (_weight(groups[i]), rank[id(best[i])]), reverse=True)
    first, claim = groups[order[0]], best[order[0]]
    tie = len(order) > 1 and _weight(groups[order[1]]) == _weight(first)
    rule = _rule(claim, len({c.origin for c in first}), len({c.origin for c in said}))
    if tie and claim.kind != "assumption":
        rule += f"; tie broken by {_reason(rank[id(claim)][0], rank[id(best[order[1]])][0])}"
    if claim.value is None:
        kind = "geometric middle" if claim.spec.by_factor else "middle"
        rule += f"; {kind} of its own range"
    return Choice(claim, claim.figure, rule + (f"; {claim.marked}" if claim.marked else ""))


def _weight(group: Sequence[Claim]) -> int:
    """Weight of the independent origins of claims that agree."""
    return sum(weight(c for c in group if c.origin == origin) for origin in {c.origin for c in group})


def _rule(claim: Claim, agree: int, origins: int) -> str:
    """Why, in words that promise no more agreement than there is."""
    if claim.kind == "assumption":
        return "nobody publishes it: kalkan's assumption"
    if origins == 1:
        return f"the only origin, grade {grade(claim)}"
    if agree > 1:
        return f"consensus: {agree} of {origins} origins, best grade {grade(claim)}"
    return f"best source of {origins} origins, no other agrees, grade {grade(claim)}"


_REASONS = (
    "its grade",
    "having been read",
    "the kind of claimant",
    "stating the conditions asked",
    "being the middle one",
    "the less capable value",
    "being newer",
)


def _reason(winner: tuple[object, ...], loser: tuple[object, ...]) -> str:
    """The first test of rule 2 on which the winner beats the loser."""
    pairs = zip(winner, loser, _REASONS, strict=True)
    return next((reason for mine, other, reason in pairs if mine != other), "the order of the file")
