"""The scene of a scenario: what stands where and what flies which way, for a map that can be edited."""

from __future__ import annotations

from typing import Any

import numpy as np

from kalkan.compile.inputs import Inputs
from kalkan.compile.layout import Layout, RadarSite, lay_out
from kalkan.earth.box import Box
from kalkan.scenario import Scenario
from kalkan.scenario.nouns.places import Place
from kalkan.views.maps import beside
from kalkan.views.maps.ground import box_around


def inputs_of(scenario: Scenario) -> Inputs:
    """The figures that a scenario takes, under its own stance."""
    return Inputs(scenario.catalogue, scenario.assume)


def scene(scenario: Scenario) -> dict[str, Any]:
    """One variant's map.

    Parameters
    ----------
    scenario : Scenario
        Checked; one of ``variants_resolved``.

    Returns
    -------
    dict
        JSON-ready: ``systems``, ``radars``, ``units``, ``assets``, ``groups``, ``areas``, ``stations``; everything that
        can be moved has a ``place``, where the file says its position. Also ``terrain`` (its name) and ``box`` [deg].
    """
    inputs = inputs_of(scenario)
    layout = lay_out(scenario, inputs)
    return {
        "variant": scenario.variant,
        "label": scenario.label,
        "terrain": scenario.region.terrain,
        "systems": [
            {"name": s.name, "type": s.type, "position": list(s.position), "link": s.link,
             "place": _place(scenario, ("systems", i, "position"))}
            for i, s in enumerate(scenario.systems)
        ],
        "radars": [_radar(r, inputs) for r in layout.radars],
        "units": _units(scenario, layout, inputs),
        "assets": [
            {"name": a.name, "value": a.value, "position": list(a.position),
             "place": _place(scenario, ("assets", i, "position"))}
            for i, a in enumerate(scenario.assets)
        ],
        "groups": [
            {"name": g.name, "type": g.type, "class": inputs.word(g.type, "target_class"), "count": g.count,
             "side": g.side, "aim": g.aim, "release": g.release,
             "route": [
                 {"position": list(w.position), "altitude_m": round(w.altitude_m), "above": w.above,
                  "place": _place(scenario, (*place, *(("launch",) if g.launch else ("route", k, "position"))))}
                 for k, w in enumerate(g.waypoints)
             ]}
            for place, g in scenario.groups
        ],
        "areas": beside.areas(scenario),
        "stations": beside.stations(scenario),
        "box": list(scene_box(scenario, layout)),
    }  # fmt: skip


def scene_box(scenario: Scenario, layout: Layout) -> Box:
    """What a map of the scenario shows."""
    places = [(p.site.lat_deg, p.site.lon_deg) for p in layout.posts]
    places += [a.position for a in scenario.assets] + [w.position for _, g in scenario.groups for w in g.waypoints]
    places += [(lat, lon) for lat, lon, *_ in beside.places(scenario)]
    lat, lon = np.array(places).T
    return box_around(lat, lon)


def _radar(radar: RadarSite, inputs: Inputs) -> dict[str, Any]:
    claim = inputs.resolved(radar.entry, "detection_range")
    return {
        "name": radar.name,
        "type": radar.entry,
        "position": [radar.site.lat_deg, radar.site.lon_deg],
        "height_m": radar.height_m,
        "engages": radar.engages,
        "range_m": inputs.number(radar.entry, "instrumented_range"),
        "detection_m": float(claim.value),
        "detection_rcs_m2": float(claim.conditions["rcs_m2"]),
    }


def _units(scenario: Scenario, layout: Layout, inputs: Inputs) -> list[dict[str, Any]]:
    index = {s.name: i for i, s in enumerate(scenario.systems)}
    units = []
    for unit in layout.units:
        system, _, number = unit.name.rpartition("/")
        i, k = index[system], int(number) - 1
        written = bool(scenario.systems[i].fire_unit_positions)
        reach = max((inputs.number(m, "max_range") for m in unit.loads), default=0.0)
        place: Place = ("systems", i, "fire_unit_positions", *([k] if written else []))
        units.append({
            "name": unit.name, "system": system, "position": [unit.site.lat_deg, unit.site.lon_deg],
            "reach_m": reach, "launchers": unit.launchers, "loads": unit.loads, "written": written,
            "place": _place(scenario, place),
        })  # fmt: skip
    return units


def _place(scenario: Scenario, place: Place) -> list[str | int]:
    """Where the user's file says it, also for what a variant changes."""
    return list(scenario.written_at(place))
