"""What a scenario draws on the map beside what fights: zones, airways of traffic, orbits written point by point."""

from __future__ import annotations

from typing import NamedTuple

from kalkan.catalogue import resolve
from kalkan.scenario.nouns.places import Place
from kalkan.scenario.nouns.scenario import Scenario

TRAFFIC, ORBIT = "traffic", "orbit"


class Outline(NamedTuple):
    """Points on the map that belong together.

    Attributes
    ----------
    name, kind : str
        Kind of a zone as written; ``"traffic"`` for an airway of traffic, ``"orbit"`` for that of a source.
    place : tuple
        Where the scenario has the list of its points.
    points : tuple of pairs
        Latitude and longitude [degrees].
    width_m : float
        Of a corridor, of an airway of traffic as it is claimed; 0 where there is none.
    closed : bool
        Whether the points are corners.
    """

    name: str
    kind: str
    place: Place
    points: tuple[tuple[float, float], ...]
    width_m: float
    closed: bool


def outlines(scenario: Scenario) -> list[Outline]:
    """Zones, then airways, then orbits, each in the file's order."""
    found = []
    for i, z in enumerate(scenario.zones):
        key = "area" if z.area is not None else "line"
        points = tuple(z.area or z.line or ())
        found.append(Outline(z.name, z.kind, ("zones", i, key), points, z.width_m or 0.0, z.area is not None))
    for i, t in enumerate(scenario.traffic):
        if t.airway:
            width_m = airway_width_m(scenario)
            found.append(Outline(t.name, TRAFFIC, ("traffic", i, "airway"), tuple(t.airway), width_m, False))
    for i, s in enumerate(scenario.sources):
        if s.orbit is not None and s.orbit.waypoints is not None:
            place: Place = ("sources", i, "orbit", "waypoints")
            found.append(Outline(s.name, ORBIT, place, tuple(s.orbit.waypoints), 0.0, True))
    return found


def airway_width_m(scenario: Scenario) -> float:
    """Width within which posts take a track to be on an airway of traffic: claimed, or assumed by the scenario [m]."""
    return float(resolve(scenario.catalogue, "kalkan-identity", "airway_width", assume=scenario.assume).value)


def zones_and_airways(scenario: Scenario) -> tuple[Outline, ...]:
    """All but the orbits, which are nothing that a map without their sources shows."""
    return tuple(o for o in outlines(scenario) if o.kind != ORBIT)
