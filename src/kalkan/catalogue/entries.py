"""All entries of the catalogue, found by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from kalkan.catalogue.claims import ClaimedQuantity, Entry
from kalkan.catalogue.kinds import CIVIL
from kalkan.catalogue.stance import BEST_SOURCE, Stance
from kalkan.errors import KalkanError, did_you_mean, nearest_of
from kalkan.kept import Kept

DERIVED = 16  # facts of a few stances, designs of draws


class CatalogueError(KalkanError, KeyError):
    """The catalogue has no such entry, quantity or condition; the text names the nearest match."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True, slots=True, eq=False)
class Entries:
    """Every entry, and where things are found in them.

    Attributes
    ----------
    entries : mapping of str to Entry
        By identifier.
    identity : str
        SHA-256 of the data, for the provenance of results.
    stance : Stance
        Whose figures its answers take.
    files : tuple of Path
        Those added to kalkan's own.
    derived : Kept
        What was worked out of these claims, under any stance, by whoever needs it again.
    """

    entries: Mapping[str, Entry]
    identity: str
    stance: Stance = BEST_SOURCE
    files: tuple[Path, ...] = ()
    derived: Kept[Any] = field(default_factory=lambda: Kept(DERIVED), repr=False)

    def under(self, stance: Stance) -> Self:
        """The same claims, answering under another stance."""
        return replace(self, stance=stance)

    def ids(self, kind: str | None = None) -> tuple[str, ...]:
        """Identifiers of all entries, or of one kind; ``"radar"`` includes engagement radars."""
        if kind is None:
            return tuple(self.entries)
        wish = kind.replace("-", " ").replace("_", " ")
        if wish == "radar":
            return tuple(i for i, e in self.entries.items() if e.kind in ("radar", "engagement radar"))
        return tuple(i for i, e in self.entries.items() if e.kind == wish)

    def flyers(self) -> tuple[str, ...]:
        """Whatever flies and may be looked for: air vehicles, and civil aircraft, which no raid may have."""
        return tuple(i for i, e in self.entries.items() if e.kind in ("air vehicle", CIVIL))

    def nearest(self, name: str, kind: str | None = None) -> str | None:
        """The identifier closest to a mistyped one, or None if nothing is close."""
        return nearest_of(name, self.ids(kind))

    def entry(self, entry_id: str) -> Entry:
        """One entry.

        Raises
        ------
        CatalogueError
            There is no such entry; the text names the nearest.
        """
        try:
            return self.entries[entry_id]
        except KeyError:
            raise CatalogueError(
                f'"{entry_id}" is not in the catalogue' + did_you_mean(self.nearest(entry_id))
            ) from None

    def quantity(self, entry_id: str, quantity: str) -> ClaimedQuantity:
        """All claims about one quantity.

        Raises
        ------
        CatalogueError
            There is no such entry or quantity; the text names the nearest.
        """
        entry = self.entry(entry_id)
        try:
            return entry.quantities[quantity]
        except KeyError:
            close = nearest_of(quantity, tuple(entry.quantities))
            raise CatalogueError(f'"{entry_id}" has no quantity "{quantity}"' + did_you_mean(close)) from None
