"""Scenarios and recordings as a notebook shows them.

The classes themselves stand on lower floors, which know no views: their ``_repr_html_`` names these functions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from kalkan.errors import KalkanError
from kalkan.views.cells import framed, heading, paragraph, table

if TYPE_CHECKING:
    from kalkan.engine.recording import Recording
    from kalkan.scenario import Scenario


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


def recording_html(recording: Recording) -> str:
    """What became of every raid, what every fire unit did, and the map of what was flown."""
    raids = [_of_raid(recording, raid) for raid in dict.fromkeys(t.raid for t in recording.threats)]
    units = [_of_unit(recording, i, name) for i, name in enumerate(recording.labels["unit"])]
    confirmed = sum(t.confirmed_s == t.confirmed_s for t in recording.tracks)
    n_false = int((recording.plots.threat < 0).sum())
    return framed([
        heading(f"{recording.title} · {recording.label} · replication {recording.replication}"),
        table(["raid", "flew", "killed", "leaked", "hits", "why they leaked"], raids),
        table(["fire unit", "interceptors", "kills", "misses", "target dead before", "met nothing"], units),
        paragraph(f"{recording.plots.t_s.size:,} plots, {n_false:,} of them false; {len(recording.tracks):,} tracks, "
                  f"{confirmed:,} of them confirmed. kalkan.export writes it for other programs; "
                  f"kalkan.open_results(…).replay(\"{recording.variant}\", {recording.replication}) plays it."),
        *_flown(recording),
    ])  # fmt: skip


def _of_raid(recording: Recording, raid: str) -> list[str]:
    threats = [t for t in recording.threats if t.raid == raid]
    outcomes = Counter(t.outcome for t in threats)
    reasons = Counter(t.reason for t in threats if t.outcome == "leaked")
    why = ", ".join(f"{reason} {n}" for reason, n in reasons.most_common())
    counts = [len(threats), outcomes["killed"], outcomes["leaked"], sum(t.hit for t in threats)]
    return [raid, *map(str, counts), why or "–"]


def _of_unit(recording: Recording, unit: int, name: str) -> list[str]:
    """An interceptor that meets nothing was one too many if its target had died before: the second of a salvo."""
    mine = [m for m in recording.missiles if m.unit == unit]
    outcomes = Counter(m.outcome for m in mine)
    empty = [m for m in mine if m.outcome == "met nothing"]
    late = sum(m.aimed >= 0 and recording.threats[m.aimed].killed_s <= m.motion.t_s[-1] for m in empty)
    counts = [len(mine), outcomes["kill"], outcomes["miss"], late, len(empty) - late]
    return [name, *map(str, counts)]


def _maps(scenario: Scenario) -> list[str]:
    """Maps, or why there are none."""
    from kalkan.views.maps import laydown

    try:
        return [laydown(scenario).figures()]
    except KalkanError as error:
        return [paragraph(f"No map: {error}")]


def _flown(recording: Recording) -> list[str]:
    from kalkan.views.recorded import recorded_map

    try:
        return [recorded_map(recording)]
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
