"""All entries of the catalogue, found by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from kalkan.catalogue.claims import ClaimedQuantity, Entry
from kalkan.catalogue.kinds import BALLISTIC, CIVIL
from kalkan.catalogue.stance import BEST_SOURCE, Stance
from kalkan.errors import KalkanError, bare, did_you_mean, nearest_of
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
        """Whatever flies and may be looked for: air vehicles, ballistic missiles, and civil aircraft."""
        return tuple(i for i, e in self.entries.items() if e.kind in ("air vehicle", BALLISTIC, CIVIL))

    def spellings(self) -> dict[str, tuple[str, ...]]:
        """Usual name and aliases of every entry."""
        return {i: e.spellings for i, e in self.entries.items()}

    def named(self, word: str) -> Entry | None:
        """The entry with this identifier, name or alias, in any case and script; None if there is none or two."""
        wanted = bare(word)
        found = [e for i, e in self.entries.items() if wanted in {bare(s) for s in (i, *e.spellings)}]
        return self.entries.get(word.lower()) or (found[0] if len(found) == 1 else None)

    def search(self, word: str) -> tuple[Entry, ...]:
        """Entries that have a word in their identifier, name, aliases, kind or description; all for an empty one."""
        wanted = bare(word)
        if not wanted:
            return () if word else tuple(self.entries.values())
        said = {i: (i, *e.spellings, e.kind, e.about) for i, e in self.entries.items()}
        return tuple(e for i, e in self.entries.items() if any(wanted in bare(s) for s in said[i]))

    def nearest(self, name: str, kind: str | None = None) -> str | None:
        """The identifier that a mistyped one, a name or a part of one means, or None if nothing is close."""
        return nearest_of(name, self.ids(kind), self.spellings())

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
