"""Maps that show themselves in a notebook: of a scenario before any run, or of a run's variants."""

from __future__ import annotations

import html
from collections.abc import Sequence

from kalkan.scenario import ScenarioSource, load
from kalkan.views.cells import framed
from kalkan.views.maps.laydowns import LaydownMap
from kalkan.views.report.sections.place import map_picture


class Maps:
    """Different laydowns, each as a figure with what is on it in words.

    Attributes
    ----------
    laydowns : list of LaydownMap
    variants : list of list of str
        Which variants look like each of them.
    """

    def __init__(self, groups: Sequence[tuple[LaydownMap, list[str]]]) -> None:
        self.laydowns = [made for made, _ in groups]
        self.variants = [names for _, names in groups]
        self._pictures = [map_picture(i, made, [made.title]) for i, made in enumerate(self.laydowns)]

    def __len__(self) -> int:
        return len(self.laydowns)

    def __repr__(self) -> str:
        return "\n".join(p.text for p in self._pictures) or "no maps"

    def _repr_html_(self) -> str:
        return framed([self.figures()])

    def figures(self) -> str:
        """The maps as figures of HTML."""
        figures = (
            f'<figure style="max-width: 34rem; margin: 1em 0">{p.svg()}'
            f"<figcaption>{html.escape(p.caption)}</figcaption></figure>"
            for p in self._pictures
        )
        return "".join(figures)


def laydown(scenario: ScenarioSource) -> Maps:
    """Where a scenario's sites, assets and routes are, over its terrain, with what the radars have sight of.

    Parameters
    ----------
    scenario : path, table or Scenario

    Returns
    -------
    Maps
        One map per different laydown among the variants; shows itself in a notebook.

    Raises
    ------
    ProblemsError, TerrainError
        The scenario or its terrain is wrong.
    """
    from kalkan.views.report.material import laydowns_of

    return Maps(laydowns_of(load(scenario).variants_resolved()))
