"""One reading of a raw tree: the findings so far, and tolerant access to a tree that may be wrong.

Cross-checks run on the raw tree, beside pydantic's field checks and not after them, so that a
user sees everything at once. They therefore never trust a type.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeGuard

from kalkan.catalogue import Catalogue
from kalkan.scenario.checks.facts import Facts
from kalkan.scenario.nouns.places import Place


@dataclass
class Review:
    """A raw tree under review.

    Attributes
    ----------
    tree : dict
        Sections as TOML gives them.
    catalogue : Catalogue
        Whose entries and claims may be named.
    facts : Facts
        What it knows, under the tree's stance.
    base_dir : Path
        Folder that relative file names start from.
    found : dict of Place to str
        First message for each place.
    """

    tree: dict[str, Any]
    catalogue: Catalogue
    facts: Facts
    base_dir: Path
    found: dict[Place, str] = field(default_factory=dict)

    def say(self, place: Place, message: str) -> None:
        """Note a finding, unless the place already has one."""
        self.found.setdefault(place, message)

    def entries(self, section: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """Index and table of each entry of a list section; whatever is no table is left out."""
        items = self.tree.get(section)
        if isinstance(items, list):
            for i, entry in enumerate(items):
                if isinstance(entry, dict):
                    yield i, entry

    def table(self, section: str) -> dict[str, Any]:
        """A table section, or an empty one."""
        value = self.tree.get(section)
        return value if isinstance(value, dict) else {}

    def assumed_whole(self, entry: str, quantity: str, otherwise: int) -> int:
        """A whole number that the scenario assumes of the catalogue, or the catalogue's own."""
        values = self.table("assume").get(entry)
        assumed = whole_of(values, quantity) if isinstance(values, dict) else None
        return otherwise if assumed is None else assumed

    def names(self, section: str) -> list[str]:
        """Names of the entries of a list section."""
        return [name for _, entry in self.entries(section) if (name := text_of(entry, "name"))]


def text_of(table: dict[str, Any], key: str) -> str:
    """Text under a key, or ``""``."""
    value = table.get(key)
    return value if isinstance(value, str) else ""


def whole_of(table: dict[str, Any], key: str) -> int | None:
    """Whole number under a key, or None."""
    value = table.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def items_of(table: dict[str, Any], key: str) -> list[Any]:
    """List under a key, or an empty one."""
    value = table.get(key)
    return value if isinstance(value, list) else []


def is_position(value: Any) -> TypeGuard[list[float]]:
    """Whether a raw value is [latitude, longitude] within range."""
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(isinstance(v, int | float) and not isinstance(v, bool) for v in value)
        and -90 <= value[0] <= 90
        and -180 <= value[1] <= 180
    )
