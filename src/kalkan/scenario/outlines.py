"""What a scenario draws on the map beside what fights: zones, airways of traffic, orbits written point by point."""

from __future__ import annotations

import math
from typing import NamedTuple

from kalkan.catalogue import resolve
from kalkan.scenario.nouns.places import Place
from kalkan.scenario.nouns.rules_of_engagement import Zone
from kalkan.scenario.nouns.scenario import Scenario
from kalkan.schema import AIRWAY_ZONE, FRIENDLY, NEUTRAL, ROUTE_ZONE, SIDES, ZONES

TRAFFIC, ORBIT = "traffic", "orbit"
ALWAYS, NO_LIMITS = (0.0, math.inf), (-math.inf, math.inf)
WHOSE = {
    ZONES[ROUTE_ZONE].word: SIDES[FRIENDLY].word, ZONES[AIRWAY_ZONE].word: SIDES[NEUTRAL].word,
    TRAFFIC: SIDES[NEUTRAL].word, ORBIT: SIDES[FRIENDLY].word,
}  # fmt: skip
"""Who flies in areas of a kind, where the kind alone says it."""


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
    side : str
        Who flies there, a word of ``schema.SIDES``: a zone of origin's own, or by :data:`WHOSE`; ``""``: nobody's.
    limits_m : tuple of 2 floats
        Lower and upper limit above the sea [m], infinite where there is none.
    span_s : tuple of 2 floats
        From when until when it holds [s].
    """

    name: str
    kind: str
    place: Place
    points: tuple[tuple[float, float], ...]
    width_m: float
    closed: bool
    side: str = ""
    limits_m: tuple[float, float] = NO_LIMITS
    span_s: tuple[float, float] = ALWAYS


def outlines(scenario: Scenario) -> list[Outline]:
    """Zones, then airways, then orbits, each in the file's order."""
    found = []
    for i, z in enumerate(scenario.zones):
        found.append(_of_zone(z, i))
    for i, t in enumerate(scenario.traffic):
        if t.airway:
            width_m = airway_width_m(scenario)
            found.append(
                Outline(t.name, TRAFFIC, ("traffic", i, "airway"), tuple(t.airway), width_m, False, WHOSE[TRAFFIC])
            )
    for i, s in enumerate(scenario.sources):
        if s.orbit is not None and s.orbit.waypoints is not None:
            place: Place = ("sources", i, "orbit", "waypoints")
            found.append(Outline(s.name, ORBIT, place, tuple(s.orbit.waypoints), 0.0, True, WHOSE[ORBIT]))
    return found


def _of_zone(zone: Zone, i: int) -> Outline:
    key = "area" if zone.area is not None else "line"
    return Outline(
        zone.name, zone.kind, ("zones", i, key), tuple(zone.area or zone.line or ()), zone.width_m or 0.0,
        zone.area is not None, zone.side or WHOSE.get(zone.kind, ""),
        (
            NO_LIMITS[0] if zone.floor is None else zone.floor.metres,
            NO_LIMITS[1] if zone.ceiling is None else zone.ceiling.metres,
        ),
        (zone.from_s, ALWAYS[1] if zone.until_s is None else zone.until_s),
    )  # fmt: skip


def airway_width_m(scenario: Scenario) -> float:
    """Width within which posts take a track to be on an airway of traffic: claimed, or assumed by the scenario [m]."""
    return float(resolve(scenario.catalogue, "kalkan-identity", "airway_width", assume=scenario.assume).value)


def zones_and_airways(scenario: Scenario) -> tuple[Outline, ...]:
    """All but the orbits, which are nothing that a map without their sources shows."""
    return tuple(o for o in outlines(scenario) if o.kind != ORBIT)
