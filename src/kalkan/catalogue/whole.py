"""The whole catalogue, and the questions one asks of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kalkan.catalogue.entries import Entries
from kalkan.catalogue.resolve import Resolved, resolve
from kalkan.catalogue.stance import Stance


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue(Entries):
    """Every entry, and the values that a run takes from them; see `Entries` for its fields."""

    def resolve(
        self,
        entry_id: str,
        quantity: str,
        *,
        assume: Mapping[str, Mapping[str, object]] | None = None,
        level: str | None = None,
        stance: Stance | None = None,
        **conditions: float | str,
    ) -> Resolved:
        """The value that kalkan uses, and why; see :func:`kalkan.catalogue.resolve.resolve`."""
        return resolve(self, entry_id, quantity, assume=assume, level=level, conditions=conditions, stance=stance)

    def value(self, entry_id: str, quantity: str, **conditions: float | str) -> float | str:
        """The resolved value in SI, or the word."""
        return resolve(self, entry_id, quantity, conditions=conditions).value
