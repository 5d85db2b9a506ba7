"""Stances: whose figures a run takes, and the choice of one claim under each.

======================= ==================================================================================
``best-source``         the figure whose independent origins weigh most (:mod:`kalkan.catalogue.best_source`)
``manufacturer``        what makers say, also where others repeat them; best source where they are silent
``independent``         independent analysts who do not repeat a maker; best source where they are silent
``press``               what the press writes, whoever it repeats; then encyclopaedias; then best source
``low``                 of everything claimed, the figure that is worst for the defence
``high``                of everything claimed, the figure that is best for the defence
``sampled:3/64``        draw number 3 of 64: an origin by lot, then a place in its range
======================= ==================================================================================

``consensus`` is an older word for ``best-source`` and is still read: often no two origins agree.
A named claim for one quantity is added with ``+``: ``"press+91n6e.detection_range=kopp-apa"``.

``low`` and ``high`` are meant from the defence's side. Each quantity declares which direction makes
the thing described more capable (``Spec.better``); for what flies in, that direction is turned round.
A quantity that has no such direction, or is a word, stays at its best source. Both take in the
ranges that kalkan gives to figures that stand alone without one.

In a draw, each origin has two random numbers. The first, u, is its turn to be believed: of the origins
that speak about a quantity the one with the least -ln(1 - u) / w is taken, with w the weight of its
grade, so that each is taken as often as it weighs, however many rows repeat it, and one origin is
believed on everything or nothing where the same others speak with the same grades. The second is the
place within its range (:mod:`kalkan.catalogue.ranges`), counted from the less to the more capable end, so that
all figures of one origin move together. Partisan contradictions (class P) are never
sampled: they are for variants. Other words (a load, yes or no) are branches: one of them by lot, nothing
in between. Excluded claims have no part in any stance. kalkan's own simplification: the weights of
grades, and that origins are independent.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from kalkan.catalogue.best_source import Choice, best_source
from kalkan.catalogue.grades import weight
from kalkan.catalogue.kinds import defence_wants
from kalkan.catalogue.place import placed
from kalkan.catalogue.ranges import figure_at, span
from kalkan.catalogue.voices import origin_of

if TYPE_CHECKING:
    from kalkan.catalogue.claims import Claim, ClaimedQuantity

SAMPLED = "sampled"
DEFAULT = "best-source"
OLD_WORDS: Mapping[str, str] = {"consensus": DEFAULT}  # still read
STANCES = (DEFAULT, "manufacturer", "independent", "press", "low", "high", SAMPLED)
Uniforms = Mapping[str, tuple[float, float]]
Conditions = Mapping[str, float | str]
Rule: TypeAlias = "Callable[[Sequence[Claim], Conditions, ClaimedQuantity, str, Stance], Choice]"


@dataclass(frozen=True, slots=True)
class Stance:
    """Whose figures a run takes.

    Attributes
    ----------
    whose : str
        One of :data:`STANCES`.
    named : mapping of str to str
        ``"entry.quantity"`` → name of a source or claimant, whose claim is taken for that quantity.
    uniforms : mapping of str to (float, float)
        Of a draw: per origin (:func:`origin_of`), its turn to be believed and its place in a range.
    draw : str
        Of a draw: its number, such as ``"3/64"``.
    only : frozenset of str or None
        Of a draw: the quantities (``"entry.quantity"``) that are drawn; the others stay at their
        best source. None: all.
    places : mapping of str to float
        ``"entry.quantity"`` → place from 0 to 1 in all that is claimed (:mod:`kalkan.catalogue.place`),
        before everything else.
    """

    whose: str = DEFAULT
    named: Mapping[str, str] = field(default_factory=dict)
    uniforms: Uniforms = field(default_factory=dict)
    draw: str = ""
    only: frozenset[str] | None = None
    places: Mapping[str, float] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The stance as a user writes it."""
        whose = f"{self.whose}:{self.draw}" if self.draw else self.whose
        named = [f"{path}={who}" for path, who in sorted(self.named.items())]
        return "+".join([whose, *named, *(f"{path}@{place:.9g}" for path, place in sorted(self.places.items()))])


BEST_SOURCE = Stance()


def choose(claims: Sequence[Claim], asked: Conditions, item: ClaimedQuantity, kind: str, stance: Stance) -> Choice:
    """The claim and value that a stance takes.

    Parameters
    ----------
    claims : sequence of Claim
        Those that speak (:func:`kalkan.catalogue.voices.voices`). Not empty.
    asked : mapping
        Conditions asked, for ties.
    item : ClaimedQuantity
    kind : str
        Kind of its entry: decides which direction is good for the defence.
    stance : Stance

    Returns
    -------
    Choice
    """
    path = f"{claims[0].entry}.{item.name}"
    if path in stance.places:
        return placed(claims, item, stance.places[path])
    mine = [c for c in claims if speaks(c, stance.named[path])] if path in stance.named else []
    if mine:
        found = best_source(mine, asked)
        return Choice(found.claim, found.value, "the claim that the stance names")
    rule = _RULES.get(stance.whose)
    return rule(claims, asked, item, kind, stance) if rule else best_source(claims, asked)


def speaks(claim: Claim, who: str) -> bool:
    """Whether a claim is by the source, claimant or origin that a user names."""
    return who.casefold() in (claim.source.casefold(), claim.claimant.casefold(), claim.origin.casefold())


def _school(word: str, *preferred: Callable[[Claim], bool]) -> Rule:
    """A rule that takes the best source of the first group of claims that says anything."""

    def rule(claims: Sequence[Claim], asked: Conditions, item: ClaimedQuantity, kind: str, stance: Stance) -> Choice:
        for test in preferred:
            mine = [c for c in claims if test(c)]
            if mine:
                found = best_source(mine, asked)
                return Choice(found.claim, found.value, f"{word}: {found.rule}")
        found = best_source(claims, asked)
        return Choice(found.claim, found.value, f"no claim of this stance ({word}); {found.rule}")

    return rule


def _own(kind: str) -> Callable[[Claim], bool]:
    """Claims in a kind of claimant's own voice: whoever repeats a maker has the maker's."""
    return lambda claim: claim.kind == kind and claim.voice == kind


def _extreme(claims: Sequence[Claim], asked: Conditions, item: ClaimedQuantity, kind: str, stance: Stance) -> Choice:
    """The end of all ranges that is worst or best for the defence."""
    wish = defence_wants(item.name, kind)
    if wish is None or item.dimension == "text":
        found = best_source(claims, asked)
        return Choice(found.claim, found.value, f"no direction is better for the defence; {found.rule}")
    ends = [(end, c) for c in claims for end in span(c)]
    pick = max if (wish == "high") == (stance.whose == "high") else min
    value, claim = pick(ends, key=lambda pair: pair[0])
    word = "best" if stance.whose == "high" else "worst"
    origins = len({c.origin for c in claims})
    return Choice(claim, value, f"{word} for the defence among the claims of {origins} origin{'s'[: origins != 1]}")


def _drawn(claims: Sequence[Claim], asked: Conditions, item: ClaimedQuantity, kind: str, stance: Stance) -> Choice:
    """An origin by lot, then one of its claims and a place in its range."""
    path = f"{claims[0].entry}.{item.name}"
    if "P" in item.conflict.split():
        found = best_source(claims, asked)
        return Choice(found.claim, found.value, f"a partisan contradiction is not drawn; {found.rule}")
    if stance.only is not None and path not in stance.only:
        found = best_source(claims, asked)
        return Choice(found.claim, found.value, f"not drawn; {found.rule}")
    origins = {o: [c for c in claims if origin_of(c) == o] for o in sorted({origin_of(c) for c in claims})}
    origin = min(origins, key=lambda o: (-math.log1p(-stance.uniforms[o][0]) / weight(origins[o]), o))
    value, claim = figure_at(origins[origin], item, stance.uniforms[origin][1])
    rule = f"drawn: {origin}, one of {len(origins)} origin{'s'[: len(origins) != 1]}"
    return Choice(claim, value, rule + (f"; {claim.marked}" if claim.marked else ""))


_RULES: Mapping[str, Rule] = {
    "manufacturer": _school("the maker's figure", _own("manufacturer"), lambda c: c.voice == "manufacturer"),
    "independent": _school("independent analysts", _own("independent-analysis")),
    "press": _school("the press", lambda c: c.kind == "press", lambda c: c.kind == "encyclopaedia"),
    "low": _extreme,
    "high": _extreme,
    SAMPLED: _drawn,
}
