"""Sight, detection or reach of a scenario as a picture for a map that can be edited."""

from __future__ import annotations

import base64
from typing import Any

from kalkan.cover.redraw import picture
from kalkan.scenario import Scenario
from kalkan.views.ground import png
from kalkan.views.sight import paint


def coverage_picture(scenario: Scenario, shows: str, target: str, height_m: float) -> dict[str, Any]:
    """:func:`kalkan.cover.redraw.picture`, painted.

    Returns
    -------
    dict
        JSON-ready: ``shows``, ``target``, ``height_m``, ``box`` [deg], ``png`` (data URI: clear, or blue, deeper for
        more radars or fire units), ``area_km2`` of all together, and ``each``: name and ``area_km2``.
    """
    made = picture(scenario, shows, target, height_m)
    image = "data:image/png;base64," + base64.b64encode(png(paint(made.count, len(made.names)))).decode()
    each = [{"name": name, "area_km2": round(km2)} for name, km2 in zip(made.names, made.km2, strict=True)]
    return {
        "shows": shows, "target": target, "height_m": height_m, "box": list(made.tile.box), "png": image,
        "area_km2": round(made.together_km2), "each": each,
    }  # fmt: skip
