"""Who says it: everything the catalogue holds about a system, a part or a quantity, as plain data.

A path is dotted: ``"s-400"``, ``"91n6e"``, ``"s-400.91N6E.range"``, ``"f-35a.rcs"``. Letters' case
does not matter, and an alias will do. The last part may be a quantity or one word of its name: ``range`` means
``detection_range``, ``instrumented_range``, ``min_range`` and ``range_sigma``.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from kalkan.catalogue.best_source import AGREEMENT
from kalkan.catalogue.claims import Claim, ClaimedQuantity, Entry
from kalkan.catalogue.entries import CatalogueError
from kalkan.catalogue.grades import MEANING, grade
from kalkan.catalogue.kinds import CONDITIONS, CONFLICTS
from kalkan.catalogue.resolve import Resolved, ids_in, resolve
from kalkan.catalogue.role import CONTEXT, DATES, role
from kalkan.catalogue.specs import parse_load
from kalkan.catalogue.voices import open_conditions, states_all
from kalkan.catalogue.whole import Catalogue
from kalkan.errors import did_you_mean, nearest_of

_PARTS = ("command_post", "acquisition_radars", "engagement_radar", "launcher")  # "related" comes last
_VERIFIED = {"seen": "seen in source", "from memory": "from memory, unverified"}


def explain(
    catalogue: Catalogue, path: str, *, assume: Mapping[str, Mapping[str, object]] | None = None
) -> dict[str, Any]:
    """Everything that is claimed about what `path` names.

    Parameters
    ----------
    catalogue : Catalogue
        Where to look.
    path : str
        Dotted: an entry, a part of a system, a quantity or a word of its name.
    assume : mapping, optional
        A scenario's own claims, which then win.

    Returns
    -------
    dict
        JSON-ready: ``path``, ``whole`` (no quantity was asked for), ``stance``, ``entry`` (id, name, kind, aliases,
        about), ``parts`` (of a system, each with its resolved figures, and the names of those that no run uses) and
        ``quantities`` (role in a run, resolved cases, rule, conflict, every claim).

    Raises
    ------
    CatalogueError
        The path names nothing; the text offers the nearest match.
    """
    entry, words = _walk(catalogue, path)
    wanted = _pick(entry, words, catalogue) if words else tuple(entry.quantities)
    parts = [] if words else [_summary(catalogue, catalogue.entry(i), assume) for i in _part_ids(entry)]
    return {
        "path": path,
        "whole": not words,
        "stance": catalogue.stance.text,
        "entry": _head(entry),
        "parts": parts,
        "quantities": [_quantity(catalogue, entry, entry.quantities[name], assume) for name in wanted],
    }


def _head(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id, "name": entry.name, "kind": entry.kind, "aliases": list(entry.aliases), "about": entry.about,
    }  # fmt: skip


def _part_ids(entry: Entry) -> tuple[str, ...]:
    """Ids of the parts that any claim about a system names, interceptors and relatives last."""
    named = [str(c.value) for p in _PARTS if p in entry.quantities for c in entry.quantities[p].claims]
    loads = entry.quantities["load"].claims if "load" in entry.quantities else ()
    named += [missile for c in loads for missile in parse_load(str(c.value))]
    taken = entry.quantities["interceptors"].claims if "interceptors" in entry.quantities else ()
    named += [str(c.value) for c in taken]
    related = entry.quantities["related"].claims if "related" in entry.quantities else ()
    named += [str(c.value) for c in related]
    return tuple(dict.fromkeys(i for text in named for i in ids_in(text)))


def _walk(catalogue: Catalogue, path: str) -> tuple[Entry, list[str]]:
    """The entry that a path leads to, and the words left over."""
    first, *rest = [part.strip().lower() for part in path.split(".")]
    entry = catalogue.named(first)
    if entry is None and not rest and (having := _having(catalogue, first)):
        raise CatalogueError(f'"{first}" is no entry of the catalogue but a figure of many, such as {having}')
    entry = entry or catalogue.entry(first)
    while rest and (part := catalogue.named(rest[0])) and part.id in _part_ids(entry):
        entry, rest = part, rest[1:]
    return entry, rest


def _having(catalogue: Catalogue, word: str) -> str:
    """Paths of the first quantities that are called so, or by that word among others."""
    word = word.replace(" ", "_").replace("-", "_")
    paths = {i: [q for q in e.quantities if word == q or word in q.split("_")] for i, e in catalogue.entries.items()}
    found = sorted(((q != word, f"{i}.{q}") for i, names in paths.items() for q in names), key=lambda pair: pair[0])
    return ", ".join(path for _, path in found[:3])


def _pick(entry: Entry, words: list[str], catalogue: Catalogue) -> tuple[str, ...]:
    """Quantities whose name is the word or contains it."""
    word = words[0].replace(" ", "_").replace("-", "_")
    if len(words) == 1:
        if word in entry.quantities:
            return (word,)
        found = tuple(name for name in entry.quantities if word in name.split("_"))
        if found:
            return found
    choices = (*entry.quantities, *_part_ids(entry))
    tokens = tuple({t for name in entry.quantities for t in name.split("_")})
    text = ".".join(words)
    close = nearest_of(text, (*choices, *tokens)) or nearest_of(text, catalogue.ids())
    hint = did_you_mean(close) or f"; kalkan explain {entry.id} shows what it has"
    raise CatalogueError(f'"{entry.id}" has no part or quantity "{text}"' + hint)


def _summary(catalogue: Catalogue, entry: Entry, assume: Mapping[str, Mapping[str, object]] | None) -> dict[str, Any]:
    """A part of a system, with one resolved line per quantity."""
    figures = {}
    for name, item in entry.quantities.items():
        cases = _cases(catalogue, entry, item, assume)
        if cases:
            figures[name] = "; ".join(_with_condition(c, item) for c in cases)
    return {**_head(entry), "figures": figures, "context": [q for q in figures if role(q, entry.kind) == CONTEXT]}


def _with_condition(case: dict[str, Any], item: ClaimedQuantity) -> str:
    words = [str(case["conditions"][key]) for key in item.spec.by]
    return f"{case['shown']} ({', '.join(words)})" if words else str(case["shown"])


def _cases(
    catalogue: Catalogue, entry: Entry, item: ClaimedQuantity, assume: Mapping[str, Mapping[str, object]] | None
) -> list[dict[str, Any]]:
    """The resolved value for each combination of the conditions that must be given, as plain data."""
    return [_case(item, found) for found in resolved_cases(catalogue, entry, item, assume)]


def resolved_cases(
    catalogue: Catalogue, entry: Entry, item: ClaimedQuantity, assume: Mapping[str, Mapping[str, object]] | None
) -> list[Resolved]:
    """What a quantity comes to under every combination of the conditions that must be given."""
    options = []
    for key in item.spec.by:
        words = CONDITIONS[key] or dict.fromkeys(str(c.conditions[key]) for c in item.claims)
        options.append([(key, word) for word in words])
    cases = []
    for combination in itertools.product(*options):
        try:
            found = resolve(catalogue, entry.id, item.name, assume=assume, conditions=dict(combination))
        except CatalogueError:
            continue
        cases.append(found)
    return cases


def _case(item: ClaimedQuantity, found: Resolved) -> dict[str, Any]:
    writer = found.claim or item.claims[0]
    return {
        "value_si": found.value,
        "unit_si": found.unit_si,
        "low_si": found.low,
        "high_si": found.high,
        "shown": writer.as_claimed(found.value),
        "rule": found.rule,
        "grade": found.grade,
        "marked": found.marked,
        "range": [writer.as_claimed(x) for x in (found.low, found.high) if x is not None],
        "conditions": dict(found.conditions),
        "claim": item.claims.index(found.claim) if found.claim else None,
    }


def _quantity(
    catalogue: Catalogue, entry: Entry, item: ClaimedQuantity, assume: Mapping[str, Mapping[str, object]] | None
) -> dict[str, Any]:
    cases = _cases(catalogue, entry, item, assume)
    return {
        "entry": entry.id,
        "quantity": item.name,
        "sentence": item.spec.sentence,
        "role": role(item.name, entry.kind),
        "level": item.level,
        "by": list(item.spec.by),
        "about": item.about,
        "review": item.review,
        "conflict": [{"letter": c, "meaning": CONFLICTS[c]} for c in item.conflict.split()],
        "cases": cases,
        "claims": [_claim(item, entry.kind, n, claim, cases) for n, claim in enumerate(item.claims)],
    }


def _claim(item: ClaimedQuantity, kind: str, number: int, claim: Claim, cases: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "shown": claim.shown,
        "value_si": claim.figure,
        "conditions": {k: list(v) if isinstance(v, tuple) else v for k, v in claim.conditions.items()},
        "level": claim.level,
        "standing": _standing(item, kind, number, claim, cases),
        "claimant": claim.claimant,
        "kind": claim.kind,
        "grade": grade(claim),
        "grade_means": MEANING[grade(claim)],
        "date": claim.date,
        "origin": claim.origin,
        "verified": _VERIFIED[claim.verified],
        "conflict": [{"letter": c, "meaning": CONFLICTS[c]} for c in claim.conflict.split()],
        "excluded": claim.excluded,
        "title": claim.title,
        "url": claim.url,
        "version": claim.version,
        "source": claim.source,
        "note": claim.note,
    }


def _standing(item: ClaimedQuantity, kind: str, number: int, claim: Claim, cases: list[dict[str, Any]]) -> str:
    """How a claim stands to the resolved value: used (or, in no run, taken), agrees, differs, or has no part."""
    if claim.excluded:
        return "excluded"
    if claim.level != item.level:
        return "another level"
    if any(case["claim"] == number for case in cases):
        return "taken" if role(item.name, kind) in (CONTEXT, DATES) else "used"
    if not states_all(claim, item):
        return f"class figure: states no {' or '.join(open_conditions(claim, item))}"
    mine = [case for case in cases if _speaks_for(claim, case["conditions"], item)]
    if not mine:
        return "other conditions"
    return "agrees" if any(_agree(claim.figure, case["value_si"]) for case in mine) else "differs"


def _speaks_for(claim: Claim, conditions: Mapping[str, object], item: ClaimedQuantity) -> bool:
    keys = {*item.spec.by, *item.default}
    for key in keys:
        stated = claim.conditions.get(key)
        if stated is None:
            if key in item.default:
                return False
        elif conditions[key] != stated and not (isinstance(stated, tuple) and conditions[key] in stated):
            return False
    return True


def _agree(a: float | str, b: float | str) -> bool:
    if isinstance(a, str) or isinstance(b, str):
        return a == b
    return abs(a - b) <= (AGREEMENT - 1.0) * max(abs(a), abs(b))
