"""What a map that can be edited shows beside the fight: zones and airways, external sources, jammers in one place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from kalkan.scenario import Scenario
from kalkan.scenario.checks.ground import open_terrain
from kalkan.scenario.checks.ground_beside import stands_on_ground
from kalkan.scenario.nouns.places import Place
from kalkan.scenario.nouns.sources import Orbit
from kalkan.scenario.orbits import racetrack
from kalkan.scenario.outlines import outlines


def areas(scenario: Scenario) -> list[dict[str, Any]]:
    """Zones, the airways of traffic and orbits that are written point by point.

    Returns
    -------
    list of dict
        ``name``, ``kind`` (a zone's own, ``"traffic"`` or ``"orbit"``), ``closed`` (corners, else points of a line),
        ``width_m`` and ``points``, each with its ``position`` [degrees] and its ``place`` in the file.
    """
    return [
        {
            "name": o.name, "kind": o.kind, "closed": o.closed, "width_m": o.width_m,
            "points": [
                {"position": list(at), "place": list(scenario.written_at((*o.place, k)))}
                for k, at in enumerate(o.points)
            ],
        }
        for o in outlines(scenario)
    ]  # fmt: skip


def stations(scenario: Scenario) -> list[dict[str, Any]]:
    """External sources and jammers that stand in one place, or fly around one.

    Returns
    -------
    list of dict
        ``name``, ``role`` (``"source"`` or ``"jammer"``), ``airborne``, ``position`` [degrees] with its ``place`` in
        the file, and ``track``, the racetrack around it (empty where there is none).
    """
    found = []
    for i, source in enumerate(scenario.sources):
        if source.orbit is None and source.position is not None:
            found.append(_station(scenario, source.name, "source", source.position, ("sources", i, "position")))
        elif source.orbit is not None and source.orbit.centre is not None:
            at: Place = ("sources", i, "orbit", "centre")
            track = _track(source.orbit)
            found.append(_station(scenario, source.name, "source", source.orbit.centre, at, track, airborne=True))
    for i, jammer in enumerate(scenario.jammers):
        if jammer.position is not None:
            at = ("jammers", i, "position")
            airborne = not stands_on_ground(jammer, lambda: open_terrain(scenario))
            found.append(_station(scenario, jammer.name, "jammer", jammer.position, at, airborne=airborne))
    return found


def places(scenario: Scenario) -> list[Sequence[float]]:
    """Latitude and longitude [degrees] of all of it."""
    corners = [point["position"] for area in areas(scenario) for point in area["points"]]
    return corners + [at for s in stations(scenario) for at in (s["position"], *s["track"])]


def _station(
    scenario: Scenario, name: str, role: str, position: Sequence[float], place: Place,
    track: Sequence[Sequence[float]] = (), *, airborne: bool = False,
) -> dict[str, Any]:  # fmt: skip
    return {
        "name": name, "role": role, "airborne": airborne, "position": list(position),
        "place": list(scenario.written_at(place)), "track": [list(p) for p in track],
    }  # fmt: skip


def _track(orbit: Orbit) -> list[list[float]]:
    """Points [degrees] around a racetrack."""
    found: list[list[float]] = np.round(np.degrees(racetrack(orbit)), 5).tolist()
    return found
