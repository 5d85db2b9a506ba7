"""Layout: which posts, radars, fire units and launchers a scenario's systems become.

A system is made of catalogue parts: a command post with acquisition radars, and fire units of
one engagement radar and launchers each. Where a system has no acquisition radars, its engagement
radars also search their sectors for the post, and stay as they are pointed. Where a scenario does not say
where a unit looks, it looks towards the raids (:func:`towards_raids`). Where the link is
cut, each fire unit becomes its own picture, searches with its engagement radar and orders itself;
the acquisition radars' plots reach nobody who could shoot, so they are left out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kalkan.catalogue import parse_load
from kalkan.compile.inputs import MODEL, Inputs
from kalkan.earth.geodesy import inverse
from kalkan.scenario import Doctrine, Raid, Scenario, System
from kalkan.scenario.parts import around


@dataclass
class Site:
    """A place on the ground [degrees]."""

    lat_deg: float
    lon_deg: float


class Standing(Protocol):
    """An antenna somewhere, of an entry of the catalogue."""

    @property
    def entry(self) -> str:
        """Whose figures are its own."""

    @property
    def site(self) -> Site:
        """Where it stands."""


@dataclass
class RadarSite:
    """One antenna."""

    name: str
    identity: str  # what its random numbers go by: another spelling of its name does not change them
    entry: str
    site: Site
    height_m: float  # above ground
    frame: int  # picture in whose frame it reports
    feeds: bool  # its plots go into that picture
    engages: bool
    boresight_rad: float
    written: System  # its system as the scenario has it


@dataclass
class PostSite:
    """One picture: a command post, or a fire unit alone."""

    name: str
    entry: str
    site: Site
    capacity: int
    doctrine: Doctrine
    latency_s: float
    radar_entry: str  # engagement radar of its fire units
    written: System  # its system as the scenario has it

    @property
    def system(self) -> str:
        """Name of its system."""
        return self.written.name


@dataclass
class UnitSite:
    """One fire unit."""

    name: str
    site: Site
    post: int
    radar: int
    radar_entry: str
    launcher_entry: str
    launchers: int
    loads: dict[str, int]
    doctrine: Doctrine
    written: System  # its system as the scenario has it

    @property
    def system(self) -> str:
        """Name of its system."""
        return self.written.name

    @property
    def number(self) -> int:
        """Which of its system's fire units it is, from 1."""
        return int(self.name.rpartition("/")[2])


@dataclass
class Layout:
    """Everything that stands on the ground, sorted by name."""

    posts: list[PostSite] = field(default_factory=list)
    radars: list[RadarSite] = field(default_factory=list)
    units: list[UnitSite] = field(default_factory=list)


def lay_out(scenario: Scenario, inputs: Inputs) -> Layout:
    """Expand the systems of a scenario into their parts."""
    layout = Layout()
    for system in sorted(scenario.systems, key=lambda s: s.name):
        _add_system(layout, scenario, system, inputs)
    return layout


def _add_system(layout: Layout, scenario: Scenario, system: System, inputs: Inputs) -> None:
    post_entry = inputs.word(system.type, "command_post")
    radar_entry = inputs.word(system.type, "engagement_radar")
    doctrine = scenario.doctrine[system.doctrine]
    site = Site(*system.position)
    together = system.link == "up"
    acquisition = sorted(inputs.resolved(system.type, "acquisition_radars").ids) if together else []
    if together:
        capacity = inputs.whole(post_entry, "targets_tracked")
        layout.posts.append(
            PostSite(system.name, post_entry, site, capacity, doctrine, system.link_latency_s, radar_entry, system)
        )
        post = len(layout.posts) - 1
        for entry in acquisition:
            height = _height(system, entry, inputs)
            names = f"{system.name}/{_spelt(entry, inputs)}", f"{system.name}/{entry}"
            layout.radars.append(RadarSite(*names, entry, site, height, post, True, False, 0.0, system))
    launchers = round(inputs.given(system.launchers, system.type, "launchers_per_fire_unit", system.name))
    loads = _loads(system, inputs)
    for number, place in enumerate(_unit_sites(system, inputs), start=1):
        if system.there is not None and number not in system.there:
            continue
        mine = launchers if system.there is None else system.there[number]
        name = f"{system.name}/{number}"
        if not together:
            capacity = inputs.whole(radar_entry, "targets_tracked")
            layout.posts.append(PostSite(name, post_entry, place, capacity, doctrine, 0.0, radar_entry, system))
        post = len(layout.posts) - 1
        layout.radars.append(
            RadarSite(
                f"{name}/{_spelt(radar_entry, inputs)}", f"{name}/{radar_entry}", radar_entry, place,
                _height(system, radar_entry, inputs), post, not acquisition, True,
                _boresight(system, place, scenario.raids), system,
            )
        )  # fmt: skip
        layout.units.append(
            UnitSite(
                name, place, post, len(layout.radars) - 1, radar_entry, inputs.word(system.type, "launcher"),
                mine, dict(loads), doctrine, system,
            )
        )  # fmt: skip


def _spelt(entry: str, inputs: Inputs) -> str:
    """An entry's designation as the catalogue spells it (``91N6E``) where that begins its name, else its id."""
    begun = inputs.catalogue.entries[entry].name[: len(entry)]
    return begun if begun.lower() == entry else entry


def _boresight(system: System, place: Site, raids: Sequence[Raid]) -> float:
    """Where a unit looks first [rad]: as written, else towards the raids."""
    return towards_raids(place, raids) if system.boresight_rad is None else system.boresight_rad


def towards_raids(place: Site, raids: Sequence[Raid]) -> float:
    """Compass direction [rad] from which the scenario says that raids come; north where there are none.

    The direction of the sum of unit vectors to the first waypoints, each weighted by the raid's number of
    vehicles (the mean direction of circular statistics; Mardia & Jupp, Directional Statistics, 2000, ch. 2).
    That a defence knows from where it is threatened is kalkan's own simplification.
    """
    if not raids:
        return 0.0
    azimuth = bearings_rad(place, raids)
    count = np.array([r.count for r in raids])
    return float(np.arctan2(count @ np.sin(azimuth), count @ np.cos(azimuth)) % (2.0 * np.pi))


def bearings_rad(place: Site, raids: Sequence[Raid]) -> NDArray[np.float64]:
    """Compass direction [rad] to each raid's first waypoint."""
    starts = np.radians([r.waypoints[0].position for r in raids])
    return inverse(math.radians(place.lat_deg), math.radians(place.lon_deg), starts[:, 0], starts[:, 1])[0]


def _height(system: System, radar: str, inputs: Inputs) -> float:
    """Antenna height above ground [m]: the scenario's mast, else the catalogue's vehicle."""
    chosen = system.mast_height_m.get(radar)
    if chosen is None:
        return inputs.number(radar, "antenna_height")
    inputs.written(radar, "antenna_height", chosen, system.name)
    return chosen


def _unit_sites(system: System, inputs: Inputs) -> list[Site]:
    """Where the fire units stand: as written, else evenly around the post (kalkan's own)."""
    if system.fire_unit_positions:
        inputs.written(system.type, "fire_units", len(system.fire_unit_positions), system.name)
        inputs.written(MODEL, "fire_unit_distance", "positions as written", system.name)
        return [Site(*p) for p in system.fire_unit_positions]
    n = round(inputs.given(system.fire_units, system.type, "fire_units", system.name))
    return [Site(*p) for p in around(system.position, n, inputs.number(MODEL, "fire_unit_distance"))]


def _loads(system: System, inputs: Inputs) -> dict[str, int]:
    """Missiles of each type on one launcher: as written, else one of the loads that are claimed."""
    if system.loads is None:
        return parse_load(inputs.word(system.type, "load"))
    loads = {k: v for k, v in system.loads.items() if v > 0}
    inputs.written(system.type, "load", " + ".join(f"{n} x {m}" for m, n in loads.items()), system.name)
    return loads
