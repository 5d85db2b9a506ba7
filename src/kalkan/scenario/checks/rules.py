"""Rules of a doctrine that can never apply.

They are looked for in the file with all its variants: a variant may use what the plain file leaves unused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kalkan.scenario.checks.facts import Facts
from kalkan.scenario.checks.review import items_of, text_of, whole_of
from kalkan.scenario.nouns.doctrine import MISSILE_LISTS, STANDARD, TARGET_CLASSES
from kalkan.scenario.nouns.places import Place, nearest, quoted
from kalkan.scenario.nouns.variants import merge

Tree = Mapping[str, Any]


def idle_rules(tree: dict[str, Any], facts: Facts) -> dict[Place, str]:
    """What a file's doctrines say in vain.

    Parameters
    ----------
    tree : dict
        The whole file, with its variants; it may be wrong anywhere.
    facts : Facts
        What the catalogue knows.

    Returns
    -------
    dict of Place to str
        Doctrines that no system follows, missiles that none of those who follow one carries, and numbers of
        salvos where only one is launched.
    """
    found: dict[Place, str] = {}
    followers = _followers(tree)
    for place, name, doctrine in _doctrines(tree):
        if name in followers:
            _say_missiles(found, place, doctrine, followers[name], facts)
        elif len(place) == 2 or name not in _table(tree, "doctrine"):
            found[place] = _unused(name, tree)
        _say_salvos(found, place, doctrine)
    return found


def _table(tree: Any, key: str) -> Mapping[str, Any]:
    value = tree.get(key) if isinstance(tree, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def _doctrines(tree: Tree) -> Iterator[tuple[Place, str, dict[str, Any]]]:
    """Place, name and table of every doctrine that the file writes, in its own part and in its variants."""
    homes: list[tuple[Place, Any]] = [((), tree)]
    homes += [(("variants", v), diff) for v, diff in _table(tree, "variants").items()]
    for home, part in homes:
        for name, doctrine in _table(part, "doctrine").items():
            if isinstance(doctrine, dict):
                yield (*home, "doctrine", name), name, doctrine


def _followers(tree: dict[str, Any]) -> dict[str, set[str]]:
    """Doctrine → types of the systems that follow it, in the plain file or in a variant."""
    trees = [tree, *(merge(tree, v).tree for v, diff in _table(tree, "variants").items() if isinstance(diff, dict))]
    found: dict[str, set[str]] = {}
    for system in (s for t in trees for s in items_of(t, "systems") if isinstance(s, dict)):
        found.setdefault(text_of(system, "doctrine") or STANDARD, set()).add(text_of(system, "type"))
    return found


def _unused(name: str, tree: Tree) -> str:
    """Told of a doctrine that no system follows, with the likeliest remedy."""
    systems = [text_of(s, "name") for s in items_of(dict(tree), "systems") if isinstance(s, dict)]
    chosen = {text_of(s, "doctrine") or STANDARD for s in items_of(dict(tree), "systems") if isinstance(s, dict)}
    said = "is followed by no system, here or in a variant"
    if name in systems:
        return f"{said}; write doctrine = {quoted(name)} into the system {quoted(name)}"
    near = nearest(name, chosen, show_all=0)
    return said + (near or f"; write doctrine = {quoted(name)} into a system, or take the table away")


def _say_missiles(
    found: dict[Place, str], home: Place, doctrine: dict[str, Any], types: set[str], facts: Facts
) -> None:
    """Missiles of the catalogue that no system carries which follows the doctrine."""
    if not types <= set(facts.carried):
        return  # a system that is told of elsewhere
    carried = sorted({m for t in types for m in facts.carried[t]})
    who = " and ".join(quoted(t) for t in sorted(types))
    for place, rules in _rules(home, doctrine):
        for field in MISSILE_LISTS:
            for k, missile in enumerate(items_of(rules, field)):
                known = isinstance(missile, str) and missile in facts.per_tube
                if known and missile not in carried:
                    found[(*place, field, k)] = f"is not carried by {who}{nearest(missile, carried, show_all=0)}"


def _say_salvos(found: dict[Place, str], home: Place, doctrine: dict[str, Any]) -> None:
    """Numbers of salvos that stand beside look = false."""
    for place, rules in _rules(home, doctrine):
        looks = rules.get("look", doctrine.get("look"))
        salvos = whole_of(rules, "max_salvos")
        overruled = rules is doctrine and any(_table(doctrine, c).get("look") is True for c in TARGET_CLASSES)
        if looks is False and salvos is not None and salvos > 1 and not overruled:
            found[(*place, "max_salvos")] = (
                "has no effect with look = false: one salvo, then the target is left; "
                "write look = true, or leave it out"
            )


def _rules(home: Place, doctrine: dict[str, Any]) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Place and table of a doctrine's own rules and of those by class of target."""
    yield home, doctrine
    for target_class in TARGET_CLASSES:
        rules = doctrine.get(target_class)
        if isinstance(rules, dict):
            yield (*home, target_class), rules
