"""From a file or a text to a checked scenario, with every problem reported at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kalkan.catalogue import DEFAULT, Catalogue
from kalkan.errors import Problem, ProblemsError
from kalkan.scenario.checks.claims import catalogue_of
from kalkan.scenario.checks.facts import facts_under
from kalkan.scenario.checks.review import Review
from kalkan.scenario.checks.rules import idle_rules
from kalkan.scenario.checks.whole import check_tree
from kalkan.scenario.nouns.places import Place, Places, nearest, value_at
from kalkan.scenario.nouns.scenario import Scenario, fields_of
from kalkan.scenario.nouns.variants import LISTS, Merged, merge
from kalkan.scenario.reading.files import line_index, parse_toml, read_text


def load_file(path: str | Path, *, catalogue: Catalogue | None = None, files: Sequence[str | Path] = ()) -> Scenario:
    """Read and check a scenario file.

    Parameters
    ----------
    path : str or Path
        A TOML file; see the user guide for its form.
    catalogue : Catalogue, optional
        Whose entries may be named; default kalkan's own with the scenario's files and `files`.
    files : sequence of path, optional
        More catalogue files.

    Returns
    -------
    Scenario

    Raises
    ------
    ProblemsError
        With every problem of the file: line, the user's name for the place, what is allowed.
    """
    path = Path(path)
    return parse(read_text(path), file=str(path), base_dir=path.parent, catalogue=catalogue, files=files)


def parse(
    text: str,
    file: str = "<text>",
    base_dir: str | Path = ".",
    *,
    catalogue: Catalogue | None = None,
    files: Sequence[str | Path] = (),
) -> Scenario:
    """Check a scenario given as TOML text.

    Parameters
    ----------
    text : str
        The text.
    file : str
        Its name in messages.
    base_dir : str or Path
        Folder that relative file names start from.
    catalogue, files : optional
        As for :func:`load`.

    Raises
    ------
    ProblemsError
        With every problem of the text.
    """
    tree = parse_toml(text, file)
    return _parsed(tree, text, Places(file, tree, line_index(text)), Path(base_dir), catalogue, files)


def parse_made(
    text: str, base_dir: Path = Path(), *, catalogue: Catalogue | None = None, files: Sequence[str | Path] = ()
) -> Scenario:
    """Check a text that nobody wrote, since Python made it: problems have no line."""
    tree = parse_toml(text, "scenario")
    return _parsed(tree, text, Places("scenario", tree, {}), base_dir, catalogue, files)


def _parsed(
    tree: dict[str, Any],
    text: str,
    places: Places,
    base_dir: Path,
    catalogue: Catalogue | None,
    files: Sequence[str | Path],
) -> Scenario:
    problems: list[Problem] = []
    if catalogue is None:
        catalogue = catalogue_of(tree, places, base_dir, files, problems)
    idle = idle_rules(tree, facts_under(catalogue, tree.get("stance", DEFAULT)))
    problems += [places.problem(place, message) for place, message in idle.items()]
    return _checked(tree, text, places, base_dir, catalogue, problems)


def with_tree(scenario: Scenario, tree: dict[str, Any]) -> Scenario:
    """The scenario of another tree under the same file, folder and catalogue.

    Raises
    ------
    ProblemsError
        With every problem of the tree.
    """
    file = scenario._places.file if scenario._places else "<tree>"
    places = Places(file, tree, line_index(scenario.text))
    return _checked(tree, scenario.text, places, scenario.base_dir, scenario.catalogue, [])


def _checked(
    tree: dict[str, Any], text: str, places: Places, base_dir: Path, catalogue: Catalogue, problems: list[Problem]
) -> Scenario:
    """A tree checked, with its variants; `problems` that are known already are told with the others."""
    review = _review(tree, catalogue, base_dir)
    scenario = check_tree(review)
    problems += [places.problem(place, message) for place, message in review.found.items()]
    resolved = _check_variants(review, places, problems)
    if problems or scenario is None:
        raise ProblemsError(problems)
    _attach(scenario, text, base_dir, places, catalogue)
    for name, variant in resolved.items():
        _attach(variant, text, base_dir, variant._places or places, catalogue)
        scenario._resolved[name] = variant
    return scenario


def _review(tree: dict[str, Any], catalogue: Catalogue, base_dir: Path) -> Review:
    return Review(tree, catalogue, facts_under(catalogue, tree.get("stance", DEFAULT)), base_dir)


def _attach(scenario: Scenario, text: str, base_dir: Path, places: Places, catalogue: Catalogue) -> None:
    """Give a scenario what is not part of its meaning."""
    scenario._text, scenario._base_dir, scenario._places = text, base_dir, places
    scenario._catalogue, scenario._as_read = catalogue, fields_of(scenario)


def _check_variants(base: Review, places: Places, problems: list[Problem]) -> dict[str, Scenario]:
    """Merge and check every variant; a problem of the plain file is told once, not per variant."""
    resolved: dict[str, Scenario] = {}
    for name, diff in base.table("variants").items():
        if not isinstance(diff, dict):
            continue
        merged = merge(base.tree, name)
        review = _review(merged.tree, base.catalogue, base.base_dir)
        scenario = check_tree(review)
        own = Places(places.file, places.own, places.lines, name, merged.tree, merged.origins)
        problems += [places.problem(place, message) for place, message in merged.found.items()]
        problems += _variant_problems(base, review, merged, own)
        if scenario is not None:
            resolved[name] = scenario.model_copy(update={"base": name})
            resolved[name]._label, resolved[name]._against, resolved[name]._places = merged.label, merged.against, own
    return resolved


def _variant_problems(base: Review, review: Review, merged: Merged, places: Places) -> list[Problem]:
    """Findings in a merged tree that the plain file does not have."""
    told: list[Problem] = []
    gaps: dict[Place, list[str]] = {}
    for place, message in review.found.items():
        origin = places.origin(place)
        entry = place[:2]
        if origin in merged.found or base.found.get(origin) == message:
            continue
        if entry in merged.new and len(place) == 3 and message.startswith("is missing"):
            gaps.setdefault(entry, []).append(str(place[2]))
        else:
            told.append(places.problem(place, _of_what_is_gone(merged, place, places.variant) or message))
    return told + [_incomplete(places, base, entry, missing) for entry, missing in gaps.items()]


def _of_what_is_gone(merged: Merged, place: Place, variant: str) -> str:
    """That a list of an entry holds what the variant takes away, with the remedy; ``""``: it does not."""
    named, entry = value_at(merged.tree, place), value_at(merged.tree, place[:2])
    gone = [item.partition(".")[2] for item in merged.gone]
    if not isinstance(named, str) or not any(named == name or named.startswith(f"{name}/") for name in gone):
        return ""
    if place[0] not in LISTS or not isinstance(place[-1], int):
        return ""
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        return ""
    own = f"{place[0]}.{entry['name']}"
    listed = ", ".join(f'"{item}"' for item in (*merged.gone, own))
    return (
        f"is taken away by this variant: take away what names it too, remove = [{listed}], or change it under "
        f"[variants.{variant}.{own}]"
    )


def _incomplete(places: Places, base: Review, entry: Place, missing: list[str]) -> Problem:
    """A name that the file does not have, and too little to be a new entry."""
    section, name = str(entry[0]), str(places.origin(entry)[-1])
    near = nearest(name, base.names(section))
    listed = ", ".join(missing)
    return places.problem(entry, f"is new here and so must be complete; it lacks {listed}{near}")


def check_text(text: str, file: str = "<text>", **options: Any) -> tuple[Problem, ...]:
    """Problems of a scenario text, without raising; empty when it is sound."""
    try:
        parse(text, file, **options)
    except ProblemsError as error:
        return error.problems
    return ()
