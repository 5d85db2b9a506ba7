"""The whole scenario: every noun together, its identity, and its variants."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, Field, PrivateAttr, Strict

from kalkan.earth.mosaic import content_identity, sources_of, tiles_in
from kalkan.errors import Problem
from kalkan.scenario.assets import FLAT, Asset, Region
from kalkan.scenario.doctrine import STANDARD, Doctrine
from kalkan.scenario.fields import Name, Noun
from kalkan.scenario.places import Place, Places
from kalkan.scenario.raids import Raid
from kalkan.scenario.study import Study
from kalkan.scenario.systems import Command, System

_NOT_IN_IDENTITY = ("title", "about", "base", "variants")


class Scenario(Noun):
    """A checked scenario; numbers in SI under names that carry the unit.

    Made by :func:`kalkan.scenario.load` and :func:`kalkan.scenario.parse`, which also run the
    cross-checks that pydantic alone does not.
    """

    title: str = Field("Untitled", description="Title of reports.")
    about: str = Field("", description="What the scenario is about, in your own words.")
    base: Name = Field("base", description="Name of the plain file's own variant.")
    region: Region = Field(Region(), description="Terrain and refraction.")
    assets: Annotated[tuple[Asset, ...], Strict(False)] = Field(description="What is defended.")
    systems: Annotated[tuple[System, ...], Strict(False)] = Field(description="The air-defence systems.")
    command: Command = Field(Command(), description="How command posts work together.")
    doctrine: dict[str, Doctrine] = Field({}, description="Ways of fighting, by name.")
    raids: Annotated[tuple[Raid, ...], Strict(False)] = Field(description="What comes in.")
    assume: dict[str, dict[str, Any]] = Field(
        {}, description="The scenario's own claims: catalogue entry, then quantity."
    )
    study: Study = Field(Study(), description="How much is simulated.")
    variants: dict[str, dict[str, Any]] = Field({}, description="What differs in each variant, by name.")

    _text: str = PrivateAttr("")
    _base_dir: Path = PrivateAttr(Path())
    _label: str = PrivateAttr("")
    _places: Places | None = PrivateAttr(None)
    _resolved: dict[str, Scenario] = PrivateAttr(default_factory=dict)

    def model_post_init(self, context: Any) -> None:
        """Give the standard doctrine where the file has none."""
        self.doctrine.setdefault(STANDARD, Doctrine())

    @property
    def text(self) -> str:
        """The file's text, for reports and for results that say where they come from."""
        return self._text

    @property
    def base_dir(self) -> Path:
        """Folder that relative file names start from."""
        return self._base_dir

    @property
    def label(self) -> str:
        """Name of this variant for headings: its `label`, else its name."""
        return self._label or self.base

    @property
    def terrain_path(self) -> Path | None:
        """The terrain file, or None for a flat earth."""
        return None if self.region.terrain == FLAT else self._base_dir / self.region.terrain

    def variants_resolved(self) -> dict[str, Scenario]:
        """The file's own variant first, then each variant in the file's order.

        Returns
        -------
        dict of str to Scenario
            Each a full, checked scenario without variants, under this one's `study`.
        """
        own = self.model_copy(update={"variants": {}})
        own._resolved = {}
        others = {n: s.model_copy(update={"study": self.study}) for n, s in self._resolved.items()}
        return {self.base: own, **others}

    def problem(self, place: Place, message: str) -> Problem:
        """A problem at a place of this scenario, for checks that need heavy libraries.

        Parameters
        ----------
        place : tuple of str or int
            In the file's own words: ``("raids", 0, "route", 1, "position")``.
        message : str
            What is wrong and what is allowed.

        Returns
        -------
        Problem
            With file, line and the user's names, to raise in a ``ProblemsError``.
        """
        places = self._places or Places("", {}, {})
        return places.problem(place, message)

    @property
    def identity(self) -> str:
        """SHA-256 [64 hex digits] of everything that changes the answer.

        Titles, labels, comments, the order of named entries and doctrines that no system uses
        do not count; the content of the terrain file does, its name does not.
        """
        parts = {k: _canonical(v) for k, v in self if k not in _NOT_IN_IDENTITY}
        used = {s.doctrine for s in self.systems}
        parts["doctrine"] = {k: v for k, v in parts["doctrine"].items() if k in used}
        parts["region"]["terrain"] = self._terrain_identity()
        parts["variants"] = {n: s.identity for n, s in list(self.variants_resolved().items())[1:]}
        text = json.dumps(parts, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def _terrain_identity(self) -> str:
        path = self.terrain_path
        if path is None:
            return FLAT
        try:
            files = tiles_in(path) if path.is_dir() else [path, *sources_of(path)]
            return content_identity(files) if path.exists() else path.name
        except OSError:
            return path.name


def _canonical(value: Any) -> Any:
    """Plain lists, tables and numbers; named entries in order of name."""
    if isinstance(value, BaseModel):
        return {k: _canonical(v) for k, v in value}
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, Mapping):
        return {k: _canonical(v) for k, v in value.items()}
    if isinstance(value, tuple | list):
        items = [_canonical(v) for v in value]
        named = bool(items) and all(isinstance(v, dict) and "name" in v for v in items)
        return sorted(items, key=lambda v: v["name"]) if named else items
    return value
