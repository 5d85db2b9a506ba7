"""Stances as a user writes them: ``"manufacturer"``, ``"sampled:3/64@7"``, ``"press+91n6e.scan_period=kopp-apa"``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kalkan.catalogue.draw import DRAWS, SEED, draw
from kalkan.catalogue.entries import CatalogueError
from kalkan.catalogue.stance import OLD_WORDS, SAMPLED, STANCES, Stance, speaks
from kalkan.errors import did_you_mean, nearest_of

if TYPE_CHECKING:
    from kalkan.catalogue.whole import Catalogue

_DRAW = re.compile(r"(\d{1,9})(?:/(\d{1,9}))?(?:@(\d{1,18}))?")


def read_stance(text: str, catalogue: Catalogue) -> Stance:
    """The stance that a text names.

    Parameters
    ----------
    text : str
        One of the words of :data:`kalkan.catalogue.STANCES` (or ``consensus``, the older word for the first);
        ``sampled`` with a draw, as
        ``sampled:3`` or ``sampled:3/64`` (draw 3 of 64) or ``sampled:3/64@7`` (seed 7). Then, each
        after a ``+``, claims named for one quantity: ``entry.quantity=source``.
    catalogue : Catalogue
        Whose claims it chooses among.

    Raises
    ------
    CatalogueError
        With everything that is wrong with it.
    """
    head, *rest = (part.strip() for part in text.split("+"))
    faults: list[str] = []
    stance = _whose(head, catalogue, faults)
    named = {}
    for part in rest:
        path, _, who = (x.strip() for x in part.partition("="))
        fault = named_fault(catalogue, path, who)
        faults += [fault] if fault else []
        named[path] = who
    if faults:
        raise CatalogueError("; ".join(faults))
    return Stance(stance.whose, named, stance.uniforms, stance.draw)


def _whose(head: str, catalogue: Catalogue, faults: list[str]) -> Stance:
    word, colon, number = head.partition(":")
    word = OLD_WORDS.get(word, word)
    if word not in STANCES:
        faults.append(
            f'"{word}" is not a stance; there are ' + ", ".join(STANCES) + did_you_mean(nearest_of(word, STANCES))
        )
    elif word != SAMPLED:
        if colon:
            faults.append(f'"{head}": only "sampled" takes a draw')
        return Stance(word)
    else:
        found = _DRAW.fullmatch(number)
        index, n, seed = (
            (int(x) if x else y for x, y in zip(found.groups(), (0, DRAWS, SEED), strict=True)) if found else (0, 0, 0)
        )
        if index < n:
            return draw(catalogue, seed, index, n)
        faults.append(
            f'"{head}" needs a draw, such as "sampled:3" (of {DRAWS}) or "sampled:3/256"; '
            "all draws: kalkan run FILE --stance sampled"
        )
    return Stance()


def named_fault(catalogue: Catalogue, path: str, who: str) -> str:
    """What is wrong with a claim named for a quantity; ``""`` if it can be taken."""
    entry, _, quantity = path.partition(".")
    try:
        item = catalogue.quantity(entry, quantity)
    except CatalogueError as error:
        return str(error)
    own = [c for c in item.claims if speaks(c, who)]
    usable = [c for c in own if not c.excluded and c.level == item.level]
    if usable:
        return ""
    if own:
        reason = own[0].excluded or f"it is stated for another level ({own[0].level})"
        return f'the claim of "{who}" about {path} is not used: {reason}'
    sources = tuple(dict.fromkeys(c.source for c in item.claims if not c.excluded))
    return f'"{who}" claims nothing about {path}; there are ' + ", ".join(sources)
