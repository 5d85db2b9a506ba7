"""Coverage in words and numbers: the content of the command line, of ``--json`` and of the page."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from kalkan.catalogue import DEFAULT
from kalkan.cover.coverage import COARSE_M, Coverage
from kalkan.cover.footprint import Footprint
from kalkan.cover.laydown import FARTHEST_M, Laydown
from kalkan.cover.ratios import Ratio
from kalkan.cover.reach import STOP_M, Reach
from kalkan.errors import with_article
from kalkan.scenario import Scenario
from kalkan.scenario.nouns.fields import Altitude
from kalkan.views.numbers import number, percent
from kalkan.views.terrain import LEAST_SHARE, terrain_words


def height_text(height: Altitude) -> str:
    """A height in words that always say what it is above."""
    metres = height.metres
    size = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
    return f"{size} above {'ground' if height.above == 'ground' else 'sea level'}"


def share_text(share: float) -> str:
    """A share as per cent, two digits at least."""
    return percent(share, 0 if share >= 0.0995 or share < 0.00095 else 1)


def a(name: str, opening: bool = False) -> str:
    """A name with its article, with a capital if it opens a sentence."""
    return with_article(name, capital=opening)


def conditions(coverage: Coverage) -> list[str]:
    """What every map and number assumes, one sentence each."""
    laydown = coverage.laydown
    region, terrain = laydown.scenario.region, laydown.terrain
    clutter = region.clutter_height_m
    trees = "no trees or buildings"
    if clutter:
        trees = f"clutter of {clutter:g} m on land beyond {region.clutter_clear_m:g} m"
    name = "flat sea" if terrain.is_flat else terrain.name.rstrip("/").split("/")[-1]
    lines = [
        f"{_refraction(laydown)} · heights above sea level (taken as above the WGS-84 ellipsoid) · terrain: {name} · "
        f"{trees} · equal-area projection, north up · no farther than {FARTHEST_M / 1e3:.0f} km from a radar"
    ]
    if not terrain.is_flat and terrain.cell_m > COARSE_M:
        lines.append(
            f"Terrain cells are {terrain.cell_m / 1e3:.1f} km wide: they cut peaks and fill valleys, "
            "which flatters the defence against low fliers."
        )
    lines += [f"Terrain: {words}." for words in terrain_words(terrain.told)]
    if coverage.missing_share > LEAST_SHARE:
        lines.append(f"The terrain lacks {100 * coverage.missing_share:.2g} % of a radar's circle; it counts as sea.")
    bent = "layers, each the same everywhere" if region.layers else "one k"
    lines.append(f"Refraction by {bent}; {_weather(laydown.scenario)}; no jamming. Coasts, borders: Natural Earth.")
    if laydown.scenario.stance != DEFAULT:
        lines.append(f"Figures of the stance {laydown.scenario.stance}.")
    return lines


def _refraction(laydown: Laydown) -> str:
    """k, or the layers of air from the lowest up."""
    layers = laydown.scenario.region.layers
    if not layers:
        return f"k = {laydown.k:.3g}"
    return "refractivity " + ", ".join(f"{each.gradient_n_km:g} N/km from {each.from_m:g} m" for each in layers)


def _weather(scenario: Scenario) -> str:
    """What of the scenario's weather is in the maps."""
    weather = scenario.weather
    if weather is None:
        return "no weather: absorption as in each radar's range claim, no rain, no lobing over the sea"
    air = f"absorption with {weather.water_vapour_kg_m3 * 1e3:g} g/m³ of vapour at sea level"
    if weather.rain_rate_mm_h:
        within = "" if weather.rain_extent_m is None else f" within {weather.rain_extent_m / 1e3:g} km of each radar"
        air += f", rain of {weather.rain_rate_mm_h:g} mm/h up to {weather.rain_height_m / 1e3:g} km{within}"
    return air + (", lobing over the sea not drawn" if weather.sea_lobing else ", no lobing over the sea")


def content(coverage: Coverage) -> dict[str, Any]:
    """The study as plain data for scripts; units are in the keys."""
    target = coverage.laydown.target
    found = {
        "title": coverage.laydown.scenario.title,
        "target": {"type": target.entry, "name": target.name, "speed_m_s": target.speed_m_s},
        "refraction_k": coverage.laydown.k,
        "terrain": coverage.laydown.scenario.terrain_name,
        "missing_terrain_share": coverage.missing_share,
        "heights": [{"metres": h.metres, "above": h.above} for h in coverage.headline],
        "radars": [_radar(r, coverage, i) for i, r in enumerate(coverage.radar_ratios)],
        "fire_units": [_unit(of_unit, ratio) for of_unit, ratio in
                       zip(coverage.reaches, coverage.unit_ratios(), strict=True)],
        "conditions": conditions(coverage),
        "inputs": coverage.laydown.inputs,
    }  # fmt: skip
    if coverage.footprint is not None:
        found |= {"fire_units": [], "footprint": _footprint(coverage.footprint)}
    if coverage.other is not None:
        other = [_radar(r, coverage.other, i) for i, r in enumerate(coverage.other.radar_ratios)]
        found["altered"] = {"change": coverage.question.difference, "radars": other}
    return found


def _radar(ratio: Ratio, coverage: Coverage, i: int) -> dict[str, Any]:
    alone = i < len(coverage.bands)
    radar = coverage.laydown.layout.radars[i] if alone else None
    return {
        "name": ratio.name,
        "type": radar.entry if radar else None,
        "antenna_above_ground_m": radar.height_m if radar else None,
        "antenna_above_sea_m": float(coverage.laydown.radars["antenna_m"][i]) if alone else None,
        "nominal_range_m": ratio.nominal_range_m if alone else None,
        "nominal_km2": ratio.nominal_km2,
        "true_km2": list(ratio.true_km2),
        "share": list(ratio.share),
    }


def _unit(of_unit: list[Reach], ratio: Ratio) -> dict[str, Any]:
    return {
        "name": ratio.name,
        "claimed_range_m": ratio.nominal_range_m,
        "share": list(ratio.share),
        "by_height": [_reach(r) for r in of_unit],
    }


def _reach(one: Reach) -> dict[str, Any]:
    first, n = one.range_m[:, 0], one.engagements
    return {
        "metres": one.height.metres,
        "above": one.height.above,
        "directions_with_an_intercept": float(np.isfinite(first).mean()),
        "first_intercept_m": _spread(first),
        "first_sight_m": _spread(one.seen_m),
        "engagements": {"least": int(n.min()), "median": float(np.median(n)), "most": int(n.max())},
        "azimuth_deg": [round(math.degrees(v), 3) for v in one.azimuth_rad],
        "first_intercept_by_azimuth_m": [None if math.isnan(v) else round(float(v)) for v in first],
        "engagements_by_azimuth": [int(v) for v in n],
    }


def _spread(values: Any) -> dict[str, float | None]:
    known = values[np.isfinite(values)]
    if not known.size:
        return {"least": None, "median": None, "most": None}
    return {"least": float(known.min()), "median": float(np.median(known)), "most": float(known.max())}


def ratio_table(coverage: Coverage) -> tuple[list[str], list[list[str]]]:
    """Header and rows: nominal circle against true coverage."""
    header = ["", "nominal circle", *(height_text(h) for h in coverage.headline)]
    rows = []
    for r in coverage.radar_ratios:
        alone = math.isfinite(r.nominal_range_m)
        circle = f"{r.nominal_range_m / 1e3:.0f} km" if alone else f"{r.nominal_km2:,.0f} km²"
        rows.append([r.name, circle, *(share_text(s) for s in r.share)])
    return header, rows


def reach_table(coverage: Coverage) -> tuple[list[str], list[list[str]]]:
    """Header and rows: first intercept and engagements by fire unit and height, over the directions."""
    header = ["fire unit", "height", "first intercept", "directions", f"engagements before {STOP_M / 1e3:.0f} km"]
    rows = []
    for of_unit in coverage.reaches:
        for one in of_unit:
            told, n = _reach(one), one.engagements
            near, far = (told["first_intercept_m"][k] for k in ("least", "most"))
            span = "never" if far is None else f"{_from_to(near / 1e3, far / 1e3)} km"
            share = share_text(told["directions_with_an_intercept"])
            rows.append([one.unit, height_text(one.height), span, share, _from_to(n.min(), n.max())])
    return header, rows


def second_table(coverage: Coverage) -> tuple[list[str], list[list[str]]]:
    """What fire units can do: first intercepts, or what they can defend against a ballistic missile."""
    return reach_table(coverage) if coverage.footprint is None else footprint_table(coverage.footprint)


def footprint_table(made: Footprint) -> tuple[list[str], list[list[str]]]:
    """Header and rows: by fire unit the area that it can defend, once and twice, and each asset."""
    header = ["fire unit", "once", "twice", *made.assets]
    rows = []
    for u, name in enumerate(made.units):
        areas = [f"{made.area_km2(u, n):,.0f} km²" for n in (1, 2)]
        rows.append([name, *areas, *(_defence(made, u, k) for k in range(len(made.assets)))])
    return header, rows


def _defence(made: Footprint, u: int, k: int) -> str:
    """How often, and from which height on, a unit can meet what falls at an asset."""
    shots = int(made.asset_shots[u, k])
    if shots < 1:
        return "never"
    return f"{shots} ×, first at {made.asset_first_m[u, k] / 1e3:.0f} km"


def _footprint(made: Footprint) -> dict[str, Any]:
    """A footprint as plain data."""
    units = [
        {
            "name": name,
            "defended_km2": made.area_km2(u),
            "defended_twice_km2": made.area_km2(u, 2),
            "assets": {
                asset: {
                    "meetings": max(int(made.asset_shots[u, k]), 0),
                    "first_m": None if math.isnan(made.asset_first_m[u, k]) else float(made.asset_first_m[u, k]),
                }
                for k, asset in enumerate(made.assets)
            },
        }
        for u, name in enumerate(made.units)
    ]
    return {"raid": made.raid, "launch": list(made.launch_deg), "fire_units": units}


def _from_to(low: float, high: float) -> str:
    """Whole numbers ``0 to 8``; one if both read the same."""
    ends = [number(end, 0) for end in (low, high)]
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)
