"""Whose claims a scenario takes: its own catalogue files and its stance, checked against the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kalkan.catalogue import DEFAULT, STANCES, Catalogue, CatalogueError, load_catalogue, named_fault, read_stance
from kalkan.catalogue.stance import OLD_WORDS
from kalkan.errors import Problem, ProblemsError
from kalkan.scenario.checks.review import Review
from kalkan.scenario.nouns.places import Place, Places, nearest

_KEYS = ("whose", "claims")
_FORM = 'must be text such as "manufacturer", or a table with the key "whose"'


def catalogue_of(
    tree: dict[str, Any], places: Places, base_dir: Path, files: Sequence[str | Path], problems: list[Problem]
) -> Catalogue:
    """Kalkan's catalogue with the scenario's own files and the caller's added.

    Parameters
    ----------
    tree : dict
        Of the scenario; its ``catalogue`` lists files, relative to `base_dir`.
    files : sequence of path
        More files.
    problems : list
        Receives everything that is wrong; the answer is then kalkan's own catalogue.
    """
    listed = tree.get("catalogue", [])
    sound = isinstance(listed, list) and all(isinstance(f, str) for f in listed)
    if not sound:
        problems.append(places.problem(("catalogue",), 'must be a list of files, such as ["mine.toml"]'))
    own = [base_dir / f for f in listed] if sound else []
    absent = [i for i, path in enumerate(own) if not path.is_file()]
    problems += [places.problem(("catalogue", i), f"is not a file in {base_dir}") for i in absent]
    try:
        return load_catalogue([*(p for p in own if p.is_file()), *map(Path, files)])
    except ProblemsError as error:
        problems += error.problems
        return load_catalogue()


def check_stance(review: Review) -> str:
    """Check the stance, as text or as a table; its canonical text."""
    written = review.tree.get("stance", DEFAULT)
    table = written if isinstance(written, dict) else {"whose": written}
    whose = table.get("whose", DEFAULT)
    for key in table:
        if key not in _KEYS:
            review.say(("stance", key), "is not known here" + nearest(key, _KEYS))
    if not isinstance(whose, str):
        review.say(("stance",), _FORM)
        return DEFAULT
    home: Place = ("stance", "whose") if isinstance(written, dict) and "whose" in written else ("stance",)
    parts = [whose]
    try:
        parts = [read_stance(whose, review.catalogue).text]
    except CatalogueError as error:
        review.say(home, _told(whose, error))
    claims = table.get("claims", {})
    for entry, quantities in claims.items() if isinstance(claims, dict) else []:
        parts += _named(review, entry, quantities)
    if not isinstance(claims, dict):
        review.say(("stance", "claims"), "must be a table; write [stance.claims.91n6e]")
    return "+".join(parts)


def _told(whose: str, error: CatalogueError) -> str:
    """What is wrong with a stance, without the value that the place shows already."""
    word = whose.partition(":")[0].partition("+")[0].strip()
    if word not in STANCES and word not in OLD_WORDS:
        return "is not a stance" + nearest(whose, STANCES, show_all=len(STANCES))
    return str(error)


def _named(review: Review, entry: str, quantities: Any) -> list[str]:
    """The claims that a scenario names for the quantities of one entry."""
    place: Place = ("stance", "claims", entry)
    if not isinstance(quantities, dict):
        review.say(place, f'must be a table; write [stance.claims.{entry}] and quantity = "source"')
        return []
    parts = []
    for quantity, who in quantities.items():
        if not isinstance(who, str):
            review.say((*place, quantity), "must be the name of a source, in quotes")
            continue
        fault = named_fault(review.catalogue, f"{entry}.{quantity}", who)
        if fault:
            review.say((*place, quantity), fault)
        parts.append(f"{entry}.{quantity}={who}")
    return parts
