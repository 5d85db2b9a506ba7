"""What the sections draw from: the results, the scenario as it was run, and what is read on demand."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kalkan.catalogue import Catalogue
from kalkan.engine.again import catalogue_again, variant_again
from kalkan.engine.identity import changed_figures
from kalkan.engine.plain import plain
from kalkan.engine.store import Store
from kalkan.errors import DamagedError, KalkanError, StoreError
from kalkan.results.assemble import Results
from kalkan.results.quantity import Measure
from kalkan.sources import engine_identity
from kalkan.views.handed import bare
from kalkan.views.run.summary import summary

if TYPE_CHECKING:
    from kalkan.scenario import Scenario
    from kalkan.views.maps.laydowns import LaydownMap


@dataclass
class Material:
    """One run, ready to be written about.

    Attributes
    ----------
    results : Results
    notes : list of str
        What could not be shown and why; filled while sections are made.
    """

    results: Results
    notes: list[str] = field(default_factory=list)

    @functools.cached_property
    def content(self) -> dict[str, Any]:
        """The tables of ``kalkan show``."""
        return summary(self.results)

    @functools.cached_property
    def measures(self) -> dict[str, dict[str, Measure]]:
        """Per variant and key."""
        return self.results.measures()

    @functools.cached_property
    def text(self) -> str:
        """The scenario file as it was run, or ``""`` where it is not there.

        Raises
        ------
        DamagedError
            It is no longer what was run.
        """
        try:
            return Store.open(self.results.path).scenario_text()
        except DamagedError:
            raise
        except StoreError:
            return ""

    @functools.cached_property
    def catalogue(self) -> Catalogue | None:
        """The catalogue of the run, or None if today's differs."""
        try:
            today = catalogue_again(Store.open(self.results.path))
        except KalkanError:
            return None
        return today if today.identity == self.results.run["catalogue"] else None

    @functools.cached_property
    def scenarios(self) -> dict[str, Scenario]:
        """The variants of the scenario; empty, with a note, if it cannot be read again."""
        store = Store.open(self.results.path)
        try:
            return {name: variant_again(store, name) for name in self.results.variants}
        except KalkanError as error:
            self._missing(error)
            return {}

    @functools.cached_property
    def laydowns(self) -> list[tuple[LaydownMap, list[str]]]:
        """Different laydowns with the names of the variants that have them, all in one frame.

        They are drawn from plans, which are made again only where the run's own engine is there to make them.
        """
        run = self.results.run
        if run["engine"] != engine_identity():
            made = run["versions"].get("kalkan", "another version")
            self._missing(StoreError(f"it was made with another engine: that of kalkan {made} draws it"))
            return []
        try:
            figures = {n: self.results.records[n].attrs.get("inputs", []) for n in self.scenarios}
            return laydowns_of(self.scenarios, figures)
        except KalkanError as error:
            self._missing(error)
            return []

    def label(self, variant: str) -> str:
        """Heading of a variant."""
        return self.results.label(variant)

    def entry_name(self, entry: str) -> str:
        """Name of an entry of the catalogue for people; its identifier if it cannot be looked up."""
        found = self.catalogue.entries.get(entry) if self.catalogue else None
        return found.name if found else entry

    def table(self, title: str) -> dict[str, Any] | None:
        """One table of the summary, or None if it has no rows."""
        return next((t for t in self.content["tables"] if t["title"] == title), None)

    @property
    def n_words(self) -> str:
        """``200 replications``, or how many each variant has."""
        sizes = sorted({v["replications"] for v in self.content["variants"]})
        many = f"{sizes[0]:,}" if len(sizes) == 1 else f"{sizes[0]:,} to {sizes[-1]:,}"
        return f"{many} replication" + ("" if sizes == [1] else "s")

    def _missing(self, error: KalkanError) -> None:
        first = bare(str(error).strip().splitlines()[-1].strip())
        note = f"There is no map: the scenario, its terrain, the catalogue or kalkan is not as in the run ({first})."
        if note not in self.notes:
            self.notes.append(note)


def laydowns_of(
    scenarios: Mapping[str, Scenario], figures: Mapping[str, Sequence[Mapping[str, Any]]] | None = None
) -> list[tuple[LaydownMap, list[str]]]:
    """Different laydowns of some variants with the names of those that have them, all in one frame.

    Parameters
    ----------
    scenarios : mapping of str to Scenario
    figures : mapping of str to sequence of mapping, optional
        What was used of the catalogue when they were run (``inputs`` of the plan's facts).

    Raises
    ------
    ProblemsError, TerrainError, CatalogueError
        A variant cannot be compiled.
    StoreError
        A variant's figures are not those that were run.
    """
    from kalkan.compile import compile_scenario
    from kalkan.compile.shared import Shared
    from kalkan.views.maps.laydowns import around, joint_box, laydown, places_key

    shared = Shared()
    compiled = {name: compile_scenario(s, s.catalogue, shared=shared) for name, s in scenarios.items()}
    for name, rows in (figures or {}).items():
        if changed := changed_figures(rows, plain(compiled[name].attrs)["inputs"]):
            raise StoreError(f"figures have changed since: {changed[0]}")
    groups: dict[object, list[str]] = {}
    for name in scenarios:
        groups.setdefault(places_key(scenarios[name], compiled[name]), []).append(name)
    boxes = [around(scenarios[names[0]], compiled[names[0]]) for names in groups.values()]
    return [
        (laydown(scenarios[names[0]], compiled[names[0]], joint_box(boxes)), names) for names in groups.values()
    ]
