"""A scenario as a notebook shows it.

The class itself stands on a lower floor, which knows no views: ``kalkan.load`` tells
:mod:`kalkan.showing` of this function.
"""

from __future__ import annotations

from collections.abc import Iterable

from kalkan.errors import KalkanError
from kalkan.scenario import Scenario
from kalkan.views.cells import framed, heading, paragraph, table


def scenario_html(scenario: Scenario) -> str:
    """Systems, assets, raids and variants as tables, and the maps of the laydowns."""
    variants = scenario.variants_resolved()
    systems = [
        [s.name, _name(scenario, s.type), _degrees(s.position),
         str(s.fire_units or len(s.fire_unit_positions or ()) or "as catalogued"),
         _among(n for n, v in variants.items() if any(o.name == s.name for o in v.systems))]
        for s in {s.name: s for v in variants.values() for s in v.systems}.values()
    ]  # fmt: skip
    assets = [[a.name, f"{a.value:g}", f"{a.hits_to_destroy}", _degrees(a.position)] for a in scenario.assets]
    raids = [[r.name, f"{r.count} × {_name(scenario, r.type)}", r.aim or "–"] for r in scenario.raids]
    return framed([
        heading(scenario.title),
        paragraph(scenario.about),
        paragraph(f"{scenario.study.replications:,} replications of {len(variants)} variants: "
                  f"{_among(v.label for v in variants.values())}. Stance: {scenario.stance}."),
        table(["system", "type", "place", "fire units", "variants"], systems, words=True),
        table(["asset", "value", "hits to destroy", "place"], assets, words=True),
        table(["raid", "air vehicles", "aim"], raids, words=True),
        *_maps(scenario),
    ])  # fmt: skip


def _maps(scenario: Scenario) -> list[str]:
    """Maps, or why there are none."""
    from kalkan.views.notebook.maps import laydown

    try:
        return [laydown(scenario).figures()]
    except KalkanError as error:
        return [paragraph(f"No map: {error}")]


def _name(scenario: Scenario, entry: str) -> str:
    """What people call an entry of the catalogue; its identifier if it is not there."""
    found = scenario.catalogue.entries.get(entry)
    return found.name if found else entry


def _degrees(position: tuple[float, float]) -> str:
    return f"{position[0]:.2f}°, {position[1]:.2f}°"


def _among(names: Iterable[str]) -> str:
    return ", ".join(names)
