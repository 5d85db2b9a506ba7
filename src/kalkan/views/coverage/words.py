"""Coverage in words and numbers: the content of the command line, of ``--json`` and of the page."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from kalkan.catalogue import DEFAULT
from kalkan.cover.coverage import COARSE_M, Coverage
from kalkan.cover.laydown import FARTHEST_M
from kalkan.cover.ratios import Ratio
from kalkan.cover.reach import STOP_M, Reach
from kalkan.scenario import Scenario
from kalkan.scenario.nouns.fields import Altitude


def height_text(height: Altitude) -> str:
    """A height in words that always say what it is above."""
    metres = height.metres
    size = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
    return f"{size} above {'ground' if height.above == 'ground' else 'sea level'}"


def share_text(share: float) -> str:
    """A share as per cent, two digits at least."""
    per_cent = 100.0 * share
    return f"{per_cent:.0f} %" if per_cent >= 9.95 else f"{per_cent:.1f} %" if per_cent >= 0.095 else "0 %"


def a(name: str, opening: bool = False) -> str:
    """A name with its article, with a capital if it opens a sentence; "an" before a letter read as a vowel."""
    article = "an" if name[0] in "AEIOUaeiou" or name[:2] in ("F-", "S-", "M-") else "a"
    return f"{article.capitalize() if opening else article} {name}"


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
        f"k = {laydown.k:.3g} · heights above sea level (taken as above the WGS-84 ellipsoid) · terrain: {name} · "
        f"{trees} · equal-area projection, north up · no farther than {FARTHEST_M / 1e3:.0f} km from a radar"
    ]
    if not terrain.is_flat and terrain.cell_m > COARSE_M:
        lines.append(
            f"Terrain cells are {terrain.cell_m / 1e3:.1f} km wide: they cut peaks and fill valleys, "
            "which flatters the defence against low fliers."
        )
    if coverage.missing_share > 0.0005:
        lines.append(f"The terrain lacks {100 * coverage.missing_share:.2g} % of a radar's circle; it counts as sea.")
    lines.append(f"Refraction by one k; {_weather(laydown.scenario)}; no jamming. Coasts, borders: Natural Earth.")
    if laydown.scenario.stance != DEFAULT:
        lines.append(f"Figures of the stance {laydown.scenario.stance}.")
    return lines


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
        "terrain": coverage.laydown.terrain.name,
        "missing_terrain_share": coverage.missing_share,
        "heights": [{"metres": h.metres, "above": h.above} for h in coverage.headline],
        "radars": [_radar(r, coverage, i) for i, r in enumerate(coverage.radar_ratios)],
        "fire_units": [_unit(of_unit, ratio) for of_unit, ratio in
                       zip(coverage.reaches, coverage.unit_ratios(), strict=True)],
        "conditions": conditions(coverage),
        "inputs": coverage.laydown.inputs,
    }  # fmt: skip
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
            span = "never" if far is None else f"{near / 1e3:.0f} to {far / 1e3:.0f} km"
            share = share_text(told["directions_with_an_intercept"])
            rows.append([one.unit, height_text(one.height), span, share, f"{n.min()} to {n.max()}"])
    return header, rows
