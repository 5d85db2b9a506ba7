"""The whole scenario: every noun together, its identity, and its variants."""

from __future__ import annotations

import copy
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Annotated, Any

from pydantic import BaseModel, Field, PrivateAttr, Strict

from kalkan.catalogue import DEFAULT, STANCES, Catalogue, CatalogueError, load_catalogue, read_stance
from kalkan.earth.elevation import tiles_in
from kalkan.earth.mosaic import content_identity, sources_of
from kalkan.errors import Problem, ProblemsError
from kalkan.scenario.nouns.assets import FLAT, Asset, Region
from kalkan.scenario.nouns.batches import Batch
from kalkan.scenario.nouns.campaign import Campaign, Wave
from kalkan.scenario.nouns.dates import Day
from kalkan.scenario.nouns.depots import Depot, Production
from kalkan.scenario.nouns.doctrine import STANDARD, Doctrine
from kalkan.scenario.nouns.early_warning import EarlyWarning
from kalkan.scenario.nouns.exposure import Exposure
from kalkan.scenario.nouns.fields import FolderName, Noun, Words, choice, whole
from kalkan.scenario.nouns.flights import Flight, Group
from kalkan.scenario.nouns.jammers import Jammer
from kalkan.scenario.nouns.money import Money
from kalkan.scenario.nouns.outages import Outage
from kalkan.scenario.nouns.places import Place, Places
from kalkan.scenario.nouns.quantities import Reads
from kalkan.scenario.nouns.raids import Raid, Waypoint
from kalkan.scenario.nouns.rules_of_engagement import Identification, RulesOfEngagement, Zone
from kalkan.scenario.nouns.sensing import Sensing, SurfaceClutter
from kalkan.scenario.nouns.sources import Source
from kalkan.scenario.nouns.study import Study
from kalkan.scenario.nouns.supply import Supply
from kalkan.scenario.nouns.systems import INTEGRATION, LOSSES, SUPPLIED, Command, System
from kalkan.scenario.nouns.theory import LAWS
from kalkan.scenario.nouns.traffic import Traffic
from kalkan.scenario.nouns.weather import Weather
from kalkan.showing import html

_NOT_IN_IDENTITY = ("title", "about", "base", "variants", "catalogue_files", "exposure")
_LATER = (
    "weather",
    "theory",
    "flights",
    "traffic",
    "zones",
    "sources",
    "jammers",
    "identification",
    "rules_of_engagement",
    "surface_clutter",
    "sensing",
    "outages",
    "batches",
    "as_of",
    "early_warning",
    "campaign",
    "waves",
    "supply",
    "depots",
    "production",
    "money",
)
"""Where they are empty it is as if they did not exist: scenarios without them keep their identity."""

_USUAL: dict[str, Any] = dict.fromkeys(
    (*INTEGRATION, *LOSSES, *SUPPLIED, "latest_range_m", "look_time_s", "ripple_interval_s", "keep_out_altitude_m",
     "reassign_gain_s", "ballistic_missile", "anti_radiation_missile", "launched_from", "apogee_m", "self_defence",
     "price_usd", "cost_usd", "reload_vehicles", "displace_after", "displacement_time_s", "refractivity_gradient_n_km")
) | {"trajectory": "least-energy", "initiation": "m of n", "crew_load": False}  # fmt: skip
_USUAL |= {"refractivity_layers": [], "react": [], "decoys": 0, "decoys_released": "apogee", "debris": False}
_USUAL |= {"spare_decoys": None, "first_batches": None}
"""Fields of any noun that came later, with what they are where nobody writes them: so they do not count either."""


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

    title: Words = Field("Untitled", description="Title of reports.")
    about: Words = Field("", description="What the scenario is about, in your own words.")
    base: FolderName = Field("base", description="Name of the plain file's own variant.")
    region: Region = Field(Region(), description="Terrain and refraction.")
    weather: Weather | None = Field(None, description="What air and sea do to the radars' signals.")
    surface_clutter: SurfaceClutter | None = Field(None, description="What land and sea send back to the radars.")
    sensing: Sensing | None = Field(None, description="What else the radars cannot do.")
    assets: Annotated[tuple[Asset, ...], Strict(False)] = Field(description="What is defended.")
    systems: Annotated[tuple[System, ...], Strict(False)] = Field(description="The air-defence systems.")
    sources: Annotated[tuple[Source, ...], Strict(False)] = Field(
        (), description="External sources: radars of others whose tracks come over a link."
    )
    early_warning: EarlyWarning | None = Field(
        None, description="Who sees launches of ballistic missiles from afar and tells the posts; default: nobody."
    )
    command: Command = Field(Command(), description="How command posts work together.")
    doctrine: dict[str, Doctrine] = Field({}, description="Ways of fighting, by name.")
    raids: Annotated[tuple[Raid, ...], Strict(False)] = Field(description="What comes in.")
    flights: Annotated[tuple[Flight, ...], Strict(False)] = Field(
        (), description="Who else flies: the defender's own aircraft and those of others."
    )
    traffic: Annotated[tuple[Traffic, ...], Strict(False)] = Field(
        (), description="Civil traffic: airways with their flights, or recorded tracks."
    )
    zones: Annotated[tuple[Zone, ...], Strict(False)] = Field(
        (), description="Parts of the airspace that mean something."
    )
    identification: Identification | None = Field(
        None, alias="identity", description="What posts know of who flies there; they tell sides apart."
    )
    rules_of_engagement: RulesOfEngagement | None = Field(None, description="Who may be shot at, and when.")
    exposure: Exposure | None = Field(
        None, description="What is asked about the signatures of friends that fly here in peacetime."
    )
    jammers: Annotated[tuple[Jammer, ...], Strict(False)] = Field((), description="Who radiates noise at the radars.")
    outages: Annotated[tuple[Outage, ...], Strict(False)] = Field(
        (), description="Parts of the defence that do not work, for a time or for good."
    )
    batches: Annotated[tuple[Batch, ...], Strict(False)] = Field(
        (), description="What contracts bring, and when it comes and is ready."
    )
    as_of: Day | None = Field(
        None, description="The day of the raid: of the batches, what is ready by then is there; default: all of it."
    )
    first_batches: Annotated[int, whole(0, 1000)] | None = Field(
        None, description="So many of the batches, the first as they are written, are bought; default: all of them."
    )
    campaign: Campaign | None = Field(None, description="Waves of raids over days, fought by one defence.")
    waves: Annotated[tuple[Wave, ...], Strict(False)] = Field((), description="When which raids come; in order.")
    supply: Supply | None = Field(None, description="What breaks and what mends it; default: nothing breaks.")
    depots: Annotated[tuple[Depot, ...], Strict(False)] = Field((), description="Missiles behind the systems' own.")
    production: Annotated[tuple[Production, ...], Strict(False)] = Field((), description="Missiles that are made.")
    money: Money | None = Field(None, description="What counts in sums of money beside prices; default: nothing.")
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
    _as_read: dict[str, Any] = PrivateAttr(default_factory=dict)
    _base_dir: Path = PrivateAttr(Path())
    _label: str = PrivateAttr("")
    _against: str = PrivateAttr("")
    _places: Places | None = PrivateAttr(None)
    _resolved: dict[str, Scenario] = PrivateAttr(default_factory=dict)
    _catalogue: Catalogue | None = PrivateAttr(None)
    _variant: str = PrivateAttr("")
    _has_history: bool = PrivateAttr(False)

    def model_post_init(self, context: Any) -> None:
        """Give the standard doctrine where the file has none."""
        self.doctrine.setdefault(STANDARD, Doctrine())

    @property
    def text(self) -> str:
        """The file's text, for reports and for results that say where they come from."""
        return self._text

    @property
    def is_as_read(self) -> bool:
        """Whether its text holds it: not so of one that Python made, or made of another by ``model_copy``."""
        return bool(self._text) and self._as_read == fields_of(self)

    def _changed(self, **fields: Any) -> Scenario:
        """A copy with other fields, of which the text, with what else is stored beside it, still says all."""
        made = self.model_copy(update=fields)
        made._as_read = fields_of(made)
        return made

    @property
    def base_dir(self) -> Path:
        """Folder that relative file names start from."""
        return self._base_dir

    @property
    def label(self) -> str:
        """Name of this variant for headings: its `label`, else its name."""
        return self._label or self.base

    @property
    def against(self) -> str:
        """Name in the file of the variant that this one is compared with; ``""``: the plain file's own."""
        return self._against

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
    def bought(self) -> tuple[Batch, ...]:
        """The batches that are bought: all, or so many of the first as `first_batches` says."""
        return self.batches[: self.first_batches]

    @property
    def groups(self) -> list[tuple[Place, Group]]:
        """Everything that flies a route, and where the file says so: the raids by name, then the flights by name."""
        sections: dict[str, Sequence[Group]] = {"raids": self.raids, "flights": self.flights}
        return [
            ((section, i), group)
            for section, groups in sections.items()
            for i, group in sorted(enumerate(groups), key=lambda numbered: numbered[1].name)
        ]

    @property
    def airways(self) -> list[tuple[Place, list[Waypoint]]]:
        """Every airway at each altitude that is written for it, and where the file says so."""
        return [
            (("traffic", i), [Waypoint.model_construct(position=at, altitude=level) for at in t.airway])
            for i, t in enumerate(self.traffic)
            for level in t.levels
        ]

    @property
    def tells_sides_apart(self) -> bool:
        """Whether posts identify what they track; without anything to tell apart, everything counts as hostile."""
        said = (self.identification, self.rules_of_engagement)
        return bool(self.flights or self.traffic or self.zones) or any(table is not None for table in said)

    @property
    def is_campaign(self) -> bool:
        """Whether its defence has a history: raids come in waves, or what breaks and what mends it is asked about."""
        return self.campaign is not None or bool(self.waves) or self.supply is not None

    @property
    def has_history(self) -> bool:
        """Whether it is one wave of a campaign in which parts of the defence may be out from what was before."""
        return self._has_history

    def with_history(self, **fields: Any) -> Scenario:
        """A copy with other fields, as one wave of a campaign in which parts of the defence may be out."""
        made = self.model_copy(update=fields)
        made._has_history = True
        return made

    @property
    def terrain_path(self) -> Path | None:
        """The terrain file, or None for a flat earth."""
        return None if self.region.terrain == FLAT else self._base_dir / self.region.terrain

    @property
    def terrain_name(self) -> str:
        """The terrain as files that are handed over tell it: as written, of an absolute path the last part."""
        written = self.region.terrain
        absolute = PurePosixPath(written).is_absolute() or PureWindowsPath(written).is_absolute()
        return PureWindowsPath(written).name if absolute else written

    def variants_resolved(self) -> dict[str, Scenario]:
        """The file's own variant first, then each variant in the file's order.

        Returns
        -------
        dict of str to Scenario
            Each a full, checked scenario without variants, under this one's `study`.
        """
        own = self._changed(variants={})
        own._resolved = {}
        others = {n: s._changed(study=self.study) for n, s in self._resolved.items()}
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
                made = variant._changed(base=long, stance=text, variants={})
                made._variant, made._resolved = name, {}
                made._label = variant._label if len(texts) == 1 else prefix(variant) + text
                copies[long] = made
        first = next(iter(copies.values()))
        first._resolved = {name: made for name, made in copies.items() if made is not first}
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

    def written_at(self, place: Place) -> Place:
        """Where the file says what stands at a place of this variant: a place of the file's own tree."""
        return place if self._places is None else self._places.origin(place)

    @property
    def identity(self) -> str:
        """SHA-256 [64 hex digits] of everything that changes the answer.

        Titles, labels, comments, the order of named entries, doctrines that no system uses and batches
        of which neither a day nor a number is asked about do not count; the content of the terrain file does,
        its name does not.
        """
        parts = {k: _canonical(v) for k, v in self if k not in _NOT_IN_IDENTITY and (v or k not in _LATER)}
        parts = _unusual(parts)
        if self.as_of is None and self.first_batches is None:
            parts.pop("batches", None)
        elif self.first_batches is not None:
            parts["first_batches"] = sorted(b.name for b in self.bought)  # which these are, as they are written
        for entry in parts.get("traffic", []):
            entry["file"] = entry["file"] and self._content(self._base_dir / entry["file"])
        used = {s.doctrine for s in self.systems}
        parts["doctrine"] = {k: v for k, v in parts["doctrine"].items() if k in used}
        parts["region"]["terrain"] = self._terrain_identity()
        parts["variants"] = {n: s.identity for n, s in list(self.variants_resolved().items())[1:]}
        text = json.dumps(parts, sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()

    @staticmethod
    def _content(path: Path) -> str:
        """Identity of a file by what it holds; by its name, if it cannot be read."""
        try:
            return content_identity([path]) if path.is_file() else path.name
        except OSError:
            return path.name

    def _terrain_identity(self) -> str:
        path = self.terrain_path
        if path is None:
            return FLAT
        try:
            files = tiles_in(path) if path.is_dir() else [path, *sources_of(path, [self.base_dir])]
            return content_identity(files) if path.exists() else path.name
        except (OSError, ValueError, RuntimeError):  # a broken name, or links that lead to each other
            return path.name


def fields_of(scenario: Scenario) -> dict[str, Any]:
    """The fields as they are now; of tables, which can be changed in place, a copy."""
    return {name: copy.deepcopy(value) if isinstance(value, dict) else value for name, value in scenario}


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
    """A stance's text in the characters that every shell and file system takes."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", text).strip("-")


def _unusual(value: Any) -> Any:
    """Without the fields of `_USUAL` that are as usual."""
    if isinstance(value, dict):
        return {k: _unusual(v) for k, v in value.items() if k not in _USUAL or v != _USUAL[k]}
    return [_unusual(v) for v in value] if isinstance(value, list) else value


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
