"""The whole scenario: every noun together, its identity, and its variants."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, Field, PrivateAttr, Strict

from kalkan.catalogue import DEFAULT, STANCES, Catalogue, CatalogueError, load_catalogue, read_stance
from kalkan.earth.mosaic import content_identity, sources_of, tiles_in
from kalkan.errors import Problem, ProblemsError
from kalkan.scenario.nouns.assets import FLAT, Asset, Region
from kalkan.scenario.nouns.doctrine import STANDARD, Doctrine
from kalkan.scenario.nouns.fields import Name, Noun, choice
from kalkan.scenario.nouns.places import Place, Places
from kalkan.scenario.nouns.quantities import Reads
from kalkan.scenario.nouns.raids import Raid
from kalkan.scenario.nouns.study import Study
from kalkan.scenario.nouns.systems import Command, System
from kalkan.scenario.nouns.theory import LAWS
from kalkan.scenario.nouns.weather import Weather
from kalkan.showing import html

_NOT_IN_IDENTITY = ("title", "about", "base", "variants", "catalogue_files")


_STANCE = {
    "anyOf": [
        {"type": "string", "examples": [*STANCES[:-1], "sampled:3"]},
        {
            "type": "object",
            "properties": {
                "whose": {"type": "string", "description": "As the text alone."},
                "claims": {
                    "type": "object",
                    "description": "Claims named for single quantities: entry, quantity = source.",
                    "additionalProperties": {"type": "object", "additionalProperties": {"type": "string"}},
                },
            },
            "additionalProperties": False,
        },
    ]
}
_FILES = {"type": "array", "items": {"type": "string"}}
FILES = Reads(lambda listed: tuple(listed) if isinstance(listed, list | tuple) else (), _FILES)
STANCE = Reads(lambda written: written if isinstance(written, str) else DEFAULT, _STANCE)


class Scenario(Noun):
    """A checked scenario; numbers in SI under names that carry the unit.

    Made by :func:`kalkan.scenario.load` and :func:`kalkan.scenario.parse`, which also run the
    cross-checks that pydantic alone does not.
    """

    title: str = Field("Untitled", description="Title of reports.")
    about: str = Field("", description="What the scenario is about, in your own words.")
    base: Name = Field("base", description="Name of the plain file's own variant.")
    region: Region = Field(Region(), description="Terrain and refraction.")
    weather: Weather | None = Field(None, description="What air and sea do to the radars' signals.")
    assets: Annotated[tuple[Asset, ...], Strict(False)] = Field(description="What is defended.")
    systems: Annotated[tuple[System, ...], Strict(False)] = Field(description="The air-defence systems.")
    command: Command = Field(Command(), description="How command posts work together.")
    doctrine: dict[str, Doctrine] = Field({}, description="Ways of fighting, by name.")
    raids: Annotated[tuple[Raid, ...], Strict(False)] = Field(description="What comes in.")
    assume: dict[str, Any] = Field(
        {}, description="The scenario's own claims: catalogue entry, then quantity; or a preset of many."
    )
    stance: Annotated[str, STANCE] = Field(DEFAULT, description="Whose figures are taken, where sources disagree.")
    catalogue_files: Annotated[tuple[str, ...], FILES] = Field(
        (), alias="catalogue", description="More catalogue files, relative to this one."
    )
    study: Study = Field(Study(), description="How much is simulated.")
    theory: Annotated[str, choice(*LAWS)] | None = Field(
        None, description="Closed form of the open literature whose exact answer stands beside the simulated one."
    )
    variants: dict[str, dict[str, Any]] = Field({}, description="What differs in each variant, by name.")

    _text: str = PrivateAttr("")
    _base_dir: Path = PrivateAttr(Path())
    _label: str = PrivateAttr("")
    _places: Places | None = PrivateAttr(None)
    _resolved: dict[str, Scenario] = PrivateAttr(default_factory=dict)
    _catalogue: Catalogue | None = PrivateAttr(None)
    _variant: str = PrivateAttr("")

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
    def variant(self) -> str:
        """Name of this variant in the file, whatever the stance."""
        return self._variant or self.base

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue that it was checked against, answering under its stance."""
        catalogue = self._catalogue or load_catalogue()
        return catalogue.under(read_stance(self.stance, catalogue))

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

    def with_stances(self, stances: Sequence[str]) -> Scenario:
        """The same scenario under other stances: every variant once under each.

        Parameters
        ----------
        stances : sequence of str
            As :func:`kalkan.catalogue.read_stance` reads them.

        Returns
        -------
        Scenario
            With one stance, its variants keep their names; with several, a variant's name is
            followed by its stance, and differences pair variants under one stance.

        Raises
        ------
        ProblemsError
            A stance is not sound, or written twice.
        """
        catalogue = self._catalogue or load_catalogue()
        texts = _stance_texts(stances, catalogue)
        copies: dict[str, Scenario] = {}
        alone = len(self.variants_resolved()) == 1

        def prefix(variant: Scenario) -> str:
            return "" if alone else f"{variant.label}, "

        for text in texts:
            for name, variant in self.variants_resolved().items():
                long = name if len(texts) == 1 else f"{name} - {_bare(text)}"
                copy = variant.model_copy(update={"base": long, "stance": text, "variants": {}})
                copy._variant, copy._resolved = name, {}
                copy._label = variant._label if len(texts) == 1 else prefix(variant) + text
                copies[long] = copy
        first = next(iter(copies.values()))
        first._resolved = {name: copy for name, copy in copies.items() if copy is not first}
        return first

    def _repr_html_(self) -> str | None:
        """What a notebook shows."""
        return html(self)

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
        if self.weather is None:  # as if the table did not exist, so that scenarios without it keep their identity
            del parts["weather"]
        if self.theory is None:
            del parts["theory"]
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


def _stance_texts(stances: Sequence[str], catalogue: Catalogue) -> list[str]:
    """Canonical texts of stances; every mistake at once."""
    texts, problems = [], []
    for text in stances:
        try:
            texts.append(read_stance(text, catalogue).text)
        except CatalogueError as error:
            problems.append(Problem("--stance", str(error)))
    twice = sorted({t for t in texts if texts.count(t) > 1})
    problems += [Problem("--stance", f'"{t}" is given twice') for t in twice]
    if problems or not texts:
        raise ProblemsError(problems or [Problem("--stance", "names no stance")])
    return texts


def _bare(text: str) -> str:
    """A stance's text in the characters that a name may have."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", text).strip("-")


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
