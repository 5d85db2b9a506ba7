"""Who said what, when: dated statements in order, and which of them cannot both be true.

Two statements about one quantity contradict each other when

- they are dates, or numbers for one level, that do not agree (a month agrees with a day in it; ranges
  agree where they meet; numbers within 2 % agree), or
- the data say so: ``contradicts = { signed = ["not yet"] }`` means that whoever says "not yet" on the
  day of a statement "signed" or later contradicts it. The other way round time may have passed, and
  of a statement dated only by the year or month in which the other fell nothing is concluded.

Claims that are excluded as slips are listed with their reason and contradict nobody.
"""

from __future__ import annotations

import itertools
import re
from typing import Any

from kalkan.catalogue.best_source import AGREEMENT
from kalkan.catalogue.claims import Claim, ClaimedQuantity
from kalkan.catalogue.entries import CatalogueError
from kalkan.catalogue.ranges import span
from kalkan.catalogue.whole import Catalogue
from kalkan.errors import did_you_mean, nearest_of

_DATE = re.compile(r"\d{4}(-\d\d){0,2}(/\d{4}-\d\d-\d\d)?")


def timeline(catalogue: Catalogue, subject: str = "") -> dict[str, Any]:
    """Every statement about the deals of the catalogue, in order of its date.

    Parameters
    ----------
    catalogue : Catalogue
    subject : str, optional
        Only quantities whose name contains this word, such as ``"second_batch"``.

    Returns
    -------
    dict
        JSON-ready: ``subject`` and ``statements``; each has ``number``, ``date``, ``claimant``, ``kind``,
        ``about``, ``says``, ``note``, ``excluded``, ``title``, ``url``, ``verified``, and
        ``contradicts``: the numbers of the statements that it contradicts.

    Raises
    ------
    CatalogueError
        Nothing is about `subject`.
    """
    items = [q for i in catalogue.ids("deal") for q in catalogue.entry(i).quantities.values()]
    word = subject.strip().lower().replace(" ", "_").replace("-", "_")
    chosen = [q for q in items if word in q.name]
    if not chosen:
        close = nearest_of(word, tuple(q.name for q in items))
        remedy = did_you_mean(close) or "; kalkan timeline shows all"
        raise CatalogueError(f'no statement is about "{subject}"{remedy}')
    said = [(claim, item) for item in chosen for claim in item.claims]
    said.sort(key=lambda pair: (pair[0].date == "undated", pair[0].date, pair[1].name, pair[0].claimant))
    against: dict[int, list[int]] = {n: [] for n in range(len(said))}
    for (m, (one, item)), (n, (other, other_item)) in itertools.combinations(enumerate(said), 2):
        if item is other_item and contradict(one, other, item):
            against[m].append(n + 1)
            against[n].append(m + 1)
    rows = [_statement(n, claim, item, against[n]) for n, (claim, item) in enumerate(said)]
    return {"subject": subject, "statements": rows}


def _statement(n: int, claim: Claim, item: ClaimedQuantity, against: list[int]) -> dict[str, Any]:
    return {
        "number": n + 1,
        "date": claim.date,
        "claimant": claim.claimant,
        "kind": claim.kind,
        "origin": claim.origin,
        "about": item.name,
        "sentence": item.spec.sentence,
        "says": claim.shown,
        "note": claim.note,
        "excluded": claim.excluded,
        "title": claim.title,
        "url": claim.url,
        "verified": claim.verified,
        "contradicts": against,
    }


def contradict(one: Claim, other: Claim, item: ClaimedQuantity) -> bool:
    """Whether two claims about one quantity cannot both be true."""
    if one.excluded or other.excluded or one.level != other.level:
        return False
    if dict(one.conditions) != dict(other.conditions):
        return False
    if isinstance(one.value, str) and isinstance(other.value, str):
        if _DATE.fullmatch(one.value) and _DATE.fullmatch(other.value):
            return not (one.value.startswith(other.value) or other.value.startswith(one.value))
        earlier, later = sorted((one, other), key=lambda c: c.date)
        if later.date == earlier.date:
            return _settled(item, earlier, later) or _settled(item, later, earlier)
        vague = later.date.startswith(earlier.date) or "undated" in (one.date, other.date)
        return not vague and _settled(item, earlier, later)
    (low, high), (floor, top) = span(one), span(other)
    return low > top * AGREEMENT or floor > high * AGREEMENT


def _settled(item: ClaimedQuantity, earlier: Claim, later: Claim) -> bool:
    return later.value in item.contradicts.get(str(earlier.value), ())
