"""As of a day: a scenario of which only that is there which is bought and which its batches have made ready.

What is not there is not compiled at all, so that a run is that of a scenario written without it. Where only a part of a
system is ready, its fire units keep their names, and so their random numbers. kalkan's own simplifications: a system is
there from its first fire unit on, which fights alone until post and acquisition radars are; a launcher is as good as
another, so that they are counted.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from kalkan.compile.inputs import MODEL, Inputs
from kalkan.scenario import Asset, Outage, Scenario, System
from kalkan.scenario.parts import around, parts_of, unit_of
from kalkan.scenario.readiness import (
    Arrived,
    Claimed,
    NamedParts,
    Used,
    deliveries_of,
    there,
    units_of,
    wholes_of,
    whose,
)

_NOTHING = Arrived(False, {})


def arrived(scenario: Scenario, inputs: Inputs) -> Scenario:
    """The scenario with what is bought and there on its day; itself, if it asks for neither."""
    if (scenario.as_of is None and scenario.first_batches is None) or not scenario.batches:
        return scenario
    wholes, standing = _standing(scenario, inputs)
    here = [_as_there(s, wholes.get(s.name), standing.get(s.name)) for s in scenario.systems]
    systems = {s.name: s for s in here if s is not None}
    named = {n.lower() for name, whole in wholes.items() if name in systems for n in parts_there(systems[name], whole)}
    gone = {n.lower(): name for name, whole in wholes.items() for n in whole if n.lower() not in named}
    return scenario.model_copy(
        update={
            "systems": tuple(_with_successor(s, systems) for s in systems.values()),
            "outages": tuple(_outages(scenario.outages, gone)),
            "assets": (*scenario.assets, *_empty_sites(scenario, gone, inputs)),
        }
    )


def _standing(scenario: Scenario, inputs: Inputs) -> tuple[dict[str, NamedParts], dict[str, Arrived]]:
    """What the systems of batches are made of, by name, and what is there of those of which not all must be."""
    figures = Claimed(inputs.catalogue, scenario.assume)
    bought = {name for batch in scenario.bought for name in batch.systems}
    if scenario.as_of is None:
        wholes = wholes_of(scenario, figures)
        return wholes, {name: _NOTHING for name in wholes if name not in bought}
    day = datetime.date.fromisoformat(scenario.as_of)
    wholes, deliveries = deliveries_of(scenario, figures, Used(inputs))
    return wholes, {name: there(name, whole, deliveries, day) for name, whole in wholes.items()}


def told(scenario: Scenario, inputs: Inputs) -> dict[str, Any]:
    """What tables and reports tell of the batches: the day, the deliveries with theirs, whose they are, how many."""
    _, deliveries = deliveries_of(scenario, Claimed(inputs.catalogue, scenario.assume), Used(inputs))
    rows = [
        {"batch": d.batch, "brings": list(d.brings), "contract": d.contract and d.contract.isoformat(),
         "delivered": d.delivered.isoformat(), "ready": d.ready.isoformat(),
         "there": scenario.as_of is None or d.ready.isoformat() <= scenario.as_of}
        for d in deliveries
    ]  # fmt: skip
    who = {b.name: whose(b, inputs.resolved) for b in scenario.bought}
    bought = {} if scenario.first_batches is None else {"bought": [len(scenario.bought), len(scenario.batches)]}
    return {"as_of": scenario.as_of, "deliveries": rows, "whose": who} | bought


def _as_there(system: System, whole: NamedParts | None, standing: Arrived | None) -> System | None:
    """A system as it is there: itself if all of it is, None if no fire unit is."""
    if whole is None or standing is None:
        return system
    if not standing.units:
        return None
    everything = {n: len(parts) - 1 for n, parts in units_of(whole, system.name).items()}
    if standing.units == everything and (standing.site or system.link == "cut"):
        return system
    return system.with_units(standing.units, link="up" if standing.site else "cut")


def parts_there(system: System, whole: NamedParts) -> NamedParts:
    """What may be named of a system as it is there, of the whole of it; see :func:`kalkan.scenario.parts.parts_of`."""
    if system.there is None:
        return whole
    engagement = units_of(whole, system.name)[min(system.there)][0].rpartition("/")[2]
    acquisition = [part.rpartition("/")[2] for part in whole.get(system.name, ())[1:]]
    return parts_of(system.name, system.there, acquisition, engagement, system.link == "up")


def _with_successor(system: System, here: Mapping[str, System]) -> System:
    """A system whose post is followed by one that is there, or by none."""
    other = here.get(system.hand_over or "")
    lost = system.hand_over is not None and (other is None or other.link == "cut")
    return system.model_copy(update={"hand_over": None}) if lost else system


def _outages(outages: Sequence[Outage], gone: Mapping[str, str]) -> list[Outage]:
    """Outages of what is there."""
    kept = []
    for outage in outages:
        parts = tuple(p for p in outage.parts if p.lower() not in gone)
        if parts:
            kept.append(outage if parts == outage.parts else outage.model_copy(update={"parts": parts}))
    return kept


def _empty_sites(scenario: Scenario, gone: Mapping[str, str], inputs: Inputs) -> list[Asset]:
    """Sites without a system that raids aim at: who arrives there has leaked, and nothing is lost."""
    assets = {a.name for a in scenario.assets}
    sites: dict[str, Asset] = {}
    for raid in scenario.raids:
        if raid.aim is None or raid.aim in assets or raid.aim.lower() not in gone:
            continue
        system = next(s for s in scenario.systems if s.name == gone[raid.aim.lower()])
        sites[raid.aim] = Asset.model_construct(
            name=raid.aim, position=_position(raid.aim, system, inputs), value=0.0, hits_to_destroy=1
        )
    return list(sites.values())


def _position(part: str, system: System, inputs: Inputs) -> tuple[float, float]:
    """Where a part of the defence would stand [deg]."""
    number = unit_of(part, system.name)
    if number is None:
        return system.position
    if system.fire_unit_positions:
        return system.fire_unit_positions[number - 1]
    units = system.fire_units or inputs.whole(system.type, "fire_units")
    return around(system.position, units, inputs.number(MODEL, "fire_unit_distance"))[number - 1]
