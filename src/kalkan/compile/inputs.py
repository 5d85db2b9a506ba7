"""Inputs: every number that a plan takes from the catalogue, with where it came from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from kalkan.catalogue import SPECS, Catalogue, Resolved, resolve
from kalkan.catalogue.kinds import RELEASED
from kalkan.compile.shared import Shared
from kalkan.names import name_hash
from kalkan.units import SI_UNIT

WRITTEN = "written in the scenario: fixed"
_CLAIMED = ("shown", "date", "title", "url", "note", "source", "claim", "grade", "marked")
MODEL = "kalkan-model"  # entry of the catalogue: judgements that belong to no system


class Inputs:
    """Reads the catalogue for one scenario and remembers what was asked.

    Parameters
    ----------
    catalogue : Catalogue
        Answers under its own stance.
    assume : mapping
        The scenario's own claims, which win.
    shared : Shared, optional
        What plans made before have in common with this one.
    """

    def __init__(
        self, catalogue: Catalogue, assume: Mapping[str, Mapping[str, object]], shared: Shared | None = None
    ) -> None:
        self.catalogue = catalogue
        self.shared = shared or Shared()
        self._assume = assume
        self._rows: dict[tuple[object, ...], dict[str, Any]] = {}
        self._listed: list[dict[str, Any]] = []
        self._is_listed = False
        stance = catalogue.stance
        key = (catalogue.identity, stance.text, stance.only, repr(assume))
        self._resolved: dict[tuple[object, ...], Resolved] = self.shared.figures.get(key, dict)

    @property
    def draw(self) -> str:
        """Name of the draw that the figures are of, or ``""``."""
        return self.catalogue.stance.text if self.catalogue.stance.draw else ""

    def drawn(self, entry: str, quantity: str) -> bool:
        """Whether a figure is drawn or placed for a study of what is not known: many plans, each used briefly."""
        stance = self.catalogue.stance
        return bool(stance.draw) or f"{entry}.{quantity}" in stance.places

    def resolved(self, entry: str, quantity: str, **conditions: float | str) -> Resolved:
        """Resolve a quantity and note it; see ``Catalogue.resolve``."""
        key = (entry, quantity, tuple(sorted(conditions.items())))
        found = self._resolved.get(key)
        if found is None:
            found = resolve(self.catalogue, entry, quantity, assume=self._assume, conditions=conditions)
            self._resolved[key] = found
        row = {
            "entry": entry,
            "quantity": quantity,
            "conditions": {k: v for k, v in found.conditions.items()},
            "value": found.value,
            "unit": found.unit_si,
            "low": found.low,
            "high": found.high,
            "claimant": found.claim.claimant if found.claim else "this scenario",
            "kind": found.claim.kind if found.claim else "assumption",
            "shown": found.claim.as_claimed(found.value) if found.claim else "",
            "date": found.claim.date if found.claim else "",
            "title": found.claim.title if found.claim else "",
            "url": found.claim.url if found.claim else "",
            "note": found.claim.note if found.claim else "",
            "rule": found.rule,
            "source": found.claim.source if found.claim else "",
            "claim": found.claim.shown if found.claim else "",
            "grade": found.grade,
            "marked": found.marked,
        }
        self._note(key, row)
        return found

    def _note(self, key: tuple[object, ...], row: dict[str, Any]) -> None:
        """Remember a row, also in the list that was handed out."""
        is_new = key not in self._rows
        self._rows[key] = row
        if self._is_listed and is_new:
            self.rows()

    def claimed(self, entry: str, quantity: str) -> bool:
        """Whether anybody claims a quantity that an entry may do without; a claim that cannot be used counts."""
        item = self.catalogue.entry(entry).quantities.get(quantity)
        return item is not None and any(not c.excluded for c in item.claims)

    def states(self, entry: str, quantity: str, target_class: str) -> bool:
        """Whether the scenario, or a claim that can be used, says something of a class of targets by name."""
        assumed = self._assume.get(entry, {}).get(quantity)
        if isinstance(assumed, Mapping) and target_class in assumed:
            return True
        item = self.catalogue.entry(entry).quantities.get(quantity)
        stated = [c.conditions.get("against") for c in item.claims if not c.excluded] if item is not None else []
        return any(target_class in (s if isinstance(s, tuple) else (s,)) for s in stated)

    def borrowed(self, entry: str, quantity: str, target_class: str, other: str) -> None:
        """Note that a figure about one class of targets is that about another, for want of a claim."""
        self.resolved(entry, quantity, against=other)
        row = self._rows[entry, quantity, (("against", other),)]
        rule = f"nobody claims it against {target_class}s: as against {other}s"
        told = {"conditions": row["conditions"] | {"against": target_class}, "rule": f"{rule}; {row['rule']}"}
        self._note((entry, quantity, (("against", target_class),)), row | told)

    def written(self, entry: str, quantity: str, value: float | str, where: str, **conditions: float | str) -> None:
        """Note a value that the scenario writes in place of a claim: it is fixed, and no study varies it.

        Parameters
        ----------
        entry, quantity : str
            The claim that it replaces.
        value : float or str
            In SI, or words.
        where : str
            What it is written for, such as the name of a system; several may differ.
        """
        unit = SI_UNIT.get(SPECS[quantity].dimension, "") if not isinstance(value, str) else ""
        row = {key: "" for key in _CLAIMED} | {
            "entry": entry, "quantity": quantity, "conditions": {**conditions, "for": where}, "value": value,
            "unit": unit, "low": None, "high": None, "claimant": "this scenario", "kind": "assumption", "rule": WRITTEN,
        }  # fmt: skip
        self._note((entry, quantity, (*sorted(conditions.items()), ("for", where))), row)

    def given(
        self, written: float | None, entry: str, quantity: str, where: str, **conditions: float | str
    ) -> float:
        """A number in SI: as the scenario writes it for something, else as claimed."""
        if written is None:
            return self.number(entry, quantity, **conditions)
        self.written(entry, quantity, written, where, **conditions)
        return written

    def number(self, entry: str, quantity: str, **conditions: float | str) -> float:
        """A quantity's value in SI."""
        return float(self.resolved(entry, quantity, **conditions).value)

    def worth_of(self, entry: str, quantity: str) -> float:
        """A quantity [SI] of what flies; 0, by definition, of what a missile releases: it does no damage."""
        return 0.0 if self.catalogue.entry(entry).kind == RELEASED else self.number(entry, quantity)

    def whole(self, entry: str, quantity: str, **conditions: float | str) -> int:
        """A count."""
        return round(self.number(entry, quantity, **conditions))

    def word(self, entry: str, quantity: str, **conditions: float | str) -> str:
        """A quantity that is a word."""
        return str(self.resolved(entry, quantity, **conditions).value)

    def rows(self) -> list[dict[str, Any]]:
        """Everything asked, sorted by entry and quantity: one list, into which comes what is asked later too."""
        self._is_listed = True
        self._listed[:] = [self._rows[key] for key in sorted(self._rows, key=str)]
        return self._listed


def keys(names: list[str]) -> np.ndarray[Any, np.dtype[np.uint64]]:
    """Hashes of names, uint64."""
    return np.array([name_hash(n) for n in names], np.uint64)
