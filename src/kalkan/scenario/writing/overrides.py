"""One parameter set from outside the file: a defence parameter or a claim, in every variant.

Targets are written as in the file or in the catalogue: ``doctrine.standard.salvo``,
``systems.west.launchers``, ``command.coordination``, ``92n6e.target_channels``,
``48n6e3.kill_probability.uav``; ``batches`` is how many of them are bought, the first ones. What comes in, what is
defended and where it stands are inputs of a study and are refused: nothing here searches over raids.
"""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kalkan.errors import Problem, ProblemsError
from kalkan.scenario.nouns.doctrine import STANDARD, Doctrine
from kalkan.scenario.nouns.places import Place, nearest
from kalkan.scenario.nouns.scenario import Scenario
from kalkan.scenario.nouns.spelling import split_quantity
from kalkan.scenario.reading.files import parse_toml
from kalkan.scenario.reading.parsing import with_tree

DEFENCE = ("doctrine", "systems", "sources", "command")
INPUTS = (
    "raids", "assets", "traffic", "region", "study", "theory", "variants", "title", "about", "base", "stance",
    "catalogue",
)  # fmt: skip
BATCHES = "batches"
"""Target that is the number of batches that are bought."""
BOUGHT = ("first_batches",)
_NOT_SWEPT = ("name", "type", "position", "fire_unit_positions", "orbit")
FIVE = 5  # values of a range that does not say how many


@dataclass(frozen=True)
class Parameter:
    """Where a parameter stands.

    Attributes
    ----------
    text : str
        As the user wrote it.
    place : tuple of str
        In the scenario's tree, entries of lists by name.
    """

    text: str
    place: tuple[str, ...]

    @property
    def counts_batches(self) -> bool:
        """Whether it is the number of batches that are bought."""
        return self.place == BOUGHT


def read_parameter(scenario: Scenario, text: str) -> Parameter:
    """The parameter that a text names.

    Raises
    ------
    ValueError
        It names nothing, or an input that is not swept; the text says what is allowed.
    """
    head, *rest = text.strip().split(".")
    if head in INPUTS:
        raise ValueError(f'"{head}" is an input of the study; only defence parameters and claims are varied')
    if head in DEFENCE:
        return Parameter(text, _defence(scenario, head, rest))
    if head == BATCHES:
        return Parameter(text, _number_of_batches(scenario, rest))
    entries = {e.casefold(): e for e in scenario.catalogue.ids()}
    entry = entries.get(head.casefold())
    if entry is None:
        if head in Doctrine.model_fields:
            named = next(iter(scenario.doctrine), STANDARD)
            raise ValueError(f'"{head}" is a parameter of a doctrine — did you mean "doctrine.{named}.{head}"?')
        having = [f"{i}.{head}" for i, e in scenario.catalogue.entries.items() if head in e.quantities]
        if having:
            raise ValueError(f'"{head}" is a figure of many entries: name one, such as {", ".join(having[:3])}')
        known = [*DEFENCE, BATCHES, *entries.values()]
        near = nearest(head, known, also=scenario.catalogue.spellings())
        raise ValueError(f'"{head}" is neither {", ".join((*DEFENCE, BATCHES))} nor in the catalogue{near}')
    quantities = scenario.catalogue.entry(entry).quantities
    if not rest or rest[0] not in quantities or len(rest) > 2:
        word = rest[0] if rest else ""
        raise ValueError(f'"{entry}" has no quantity "{word}"{nearest(word, quantities)}')
    return Parameter(text, ("assume", entry, *rest))


def _defence(scenario: Scenario, head: str, rest: list[str]) -> tuple[str, ...]:
    if head != "command":
        named = list(scenario.doctrine) if head == "doctrine" else [s.name for s in getattr(scenario, head)]
        rest = _name_first(rest, named)
        if not rest or rest[0] not in named:
            word = rest[0] if rest else ""
            raise ValueError(f'"{word}" is not one of {head}{nearest(word, named)}')
    if len(rest) < (1 if head == "command" else 2):
        raise ValueError(f"names no parameter, such as {head}.{'coordination' if head == 'command' else 'NAME.salvo'}")
    if head in ("systems", "sources") and rest[1] in _NOT_SWEPT:
        raise ValueError(f'"{rest[1]}" says what stands where; only parameters of the defence are varied')
    return (head, *rest)


def _number_of_batches(scenario: Scenario, rest: list[str]) -> tuple[str, ...]:
    if rest:
        raise ValueError(f"what a batch brings and when is an input; only their number is varied, as {BATCHES}=0..2")
    if not scenario.batches:
        raise ValueError("there are no [[batches]] in this scenario to count")
    return BOUGHT


def _name_first(rest: list[str], named: list[str]) -> list[str]:
    """A name with full stops in it, such as ``Site 1.5``, as one part."""
    for n in range(len(rest), 1, -1):
        if ".".join(rest[:n]) in named:
            return [".".join(rest[:n]), *rest[n:]]
    return rest


def read_values(text: str) -> list[Any]:
    """Values of a sweep: ``1,2,3``, ``40 km,80 km`` or a range with a number of steps, ``0.5..0.9:5``.

    Raises
    ------
    ValueError
        No value, or a range that is none.
    """
    if ".." in text:
        return _range(text)
    values = [_value(part.strip()) for part in text.split(",") if part.strip()]
    if not values:
        raise ValueError("needs values, such as 1,2,3 or 0.5..0.9:5")
    return values


def read_ends(text: str) -> tuple[float, float, str]:
    """Ends of a range ``0.5..0.9`` or ``100 km..300 km`` and their common unit.

    Raises
    ------
    ValueError
        It is not a range of rising numbers.
    """
    low, _, high = text.partition("..")
    try:
        (a, unit_a), (b, unit) = split_quantity(low), split_quantity(high)
    except ValueError:
        raise ValueError(f'"{text}" is not a range, such as 0.5..0.9 or "100 km..300 km"') from None
    if unit_a not in ("", unit) or not a < b:
        raise ValueError(f'"{text}" is not a range of rising values in one unit')
    return a, b, unit


def shown(number: float, unit: str, *, whole: bool = False) -> Any:
    """A value of a range as the file would hold it."""
    if unit:
        return f"{number:.9g} {unit}"
    return round(number) if whole else float(f"{number:.9g}")


def _range(text: str) -> list[Any]:
    text, _, count = text.partition(":")
    low, high, unit = read_ends(text)
    whole = not unit and all(part.strip().lstrip("+-").isdigit() for part in text.split(".."))
    if count and not (count.strip().isdigit() and 2 <= int(count) <= 1000):
        raise ValueError(f'"{count.strip()}" is not a number of values from 2 to 1000')
    if whole and not count:
        return [int(low) + i for i in range(int(high) - int(low) + 1)]
    n = int(count) if count else FIVE
    numbers = [low + (high - low) * i / (n - 1) for i in range(n)]
    return [shown(x, unit, whole=whole and float(x).is_integer()) for x in numbers]


def _value(text: str) -> Any:
    try:
        return tomllib.loads(f"v = {text}")["v"]
    except tomllib.TOMLDecodeError:
        return text


def keepers(scenario: Scenario, parameter: Parameter) -> list[str]:
    """Names of the variants that set a parameter themselves, and so keep their own value of it."""
    tree = parse_toml(scenario.text, "scenario")
    return [name for name, diff in tree.get("variants", {}).items() if _holds(diff, parameter.place)]


def _holds(node: Any, place: Place) -> bool:
    """Whether a tree says anything at a place, or at a table above it in another form."""
    for key in place:
        if isinstance(node, list):
            node = next((e for e in node if isinstance(e, dict) and e.get("name") == key), None)
        elif isinstance(node, dict):
            node = node.get(str(key))
        if node is None:
            return False
    return True


def with_values(scenario: Scenario, values: Mapping[Parameter, Any]) -> Scenario:
    """The scenario with parameters set in the plain file; a variant that sets one itself keeps its own (`keepers`).

    Parameters
    ----------
    scenario : Scenario
        From a file or a text.
    values : mapping of Parameter to value
        As TOML would give it: numbers, text with units, true or false.

    Raises
    ------
    ProblemsError
        A value is not allowed there; told at the target, not at a line of the file.
    """
    tree = copy.deepcopy(parse_toml(scenario.text, "scenario"))
    for parameter, value in values.items():
        _set(tree, parameter.place, value)
    try:
        return with_tree(scenario, tree)
    except ProblemsError as error:
        told = ", ".join(f"{t.text}={v}" for t, v in values.items())
        found = dict.fromkeys(f"{p.where} {p.message}" for p in error.problems)
        raise ProblemsError([Problem(told, message) for message in found]) from None


def _set(tree: dict[str, Any], place: Place, value: Any) -> None:
    """Set a value; entries of a list are found by name, tables are made where they are missing."""
    node: Any = tree
    for key in place[:-1]:
        if isinstance(node, list):
            node = next((e for e in node if isinstance(e, dict) and e.get("name") == key), None)
        else:
            below = node.setdefault(key, {})
            node = below if isinstance(below, dict | list) else node.update({key: {}}) or node[key]
        if node is None:
            return
    if isinstance(node, dict):
        node[str(place[-1])] = value
