"""One reading of a raw tree: the findings so far, and tolerant access to a tree that may be wrong.

Cross-checks run on the raw tree, beside pydantic's field checks and not after them, so that a
user sees everything at once. They therefore never trust a type.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic_core import PydanticCustomError

from kalkan.catalogue import Catalogue
from kalkan.scenario.checks.facts import Facts
from kalkan.scenario.nouns.places import Place
from kalkan.scenario.nouns.positions import read_position
from kalkan.scenario.nouns.quantities import Bounds, read_quantity

_LENGTH = Bounds(("length",), '"20 km"')


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


def position_of(value: Any) -> tuple[float, float] | None:
    """Latitude and longitude [deg] of a raw value in any of the forms of a position, or None."""
    try:
        return read_position(value)
    except PydanticCustomError:
        return None


def length_of(value: Any) -> float | None:
    """A length [m] as it is written, or None."""
    try:
        return read_quantity(value, _LENGTH)[0]
    except PydanticCustomError:
        return None
