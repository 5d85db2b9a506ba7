"""Heights and public range claims that say what a range is worth: attributes of a plan, read by ``results.ranges``."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np

from kalkan.arrays import F8, Struct
from kalkan.catalogue import CatalogueError
from kalkan.compile.inputs import Inputs
from kalkan.compile.layout import Layout, bearings_rad
from kalkan.earth.geodesy import ecef_to_geodetic
from kalkan.earth.refraction import horizon_range_m
from kalkan.earth.refractivity import layered_horizon_m
from kalkan.kernels.plan import LOOK_ENGAGE, Plan
from kalkan.scenario import Scenario


def seen_from(plan: Plan, layout: Layout, scenario: Scenario, inputs: Inputs) -> dict[str, Any]:
    """What stands how high, and what is claimed to reach how far against low flyers.

    Returns
    -------
    dict
        Of each radar ``radar_antenna_m`` (above sea level) and ``radar_scan_s``; of each fire unit ``unit_radar``;
        of each raid ``raid_clearance_m`` and of each flight ``flight_clearance_m``, the median height above the ground
        over the time of its route, and
        per radar ``raid_horizon_m``, the smooth-earth horizon ``sqrt(2kR) (sqrt h1 + sqrt h2)`` (or that through the
        scenario's layers of air) of the antenna where it stands and the raid's median height above the sea, and
        ``raid_flat_horizon_m``, the same for the antenna on its vehicle or mast at sea level and the height above the
        ground; ``low_range_claims``: who claims which range of a system against low flyers [m]; ``fixed_sectors``:
        engagement radars that search one sector for good, with the raids that begin outside it.
    """
    raids, region = sorted(r.name for r in scenario.raids), scenario.region
    reach_m = partial(horizon_range_m, k=region.refraction_k)
    if region.layers:
        reach_m = partial(layered_horizon_m, layers=region.layers)
    groups = [g.name for _, g in scenario.groups]  # their own routes come first, the raids' before the flights'
    heights, clearances = _medians(plan.knots, plan.paths[: len(groups)])
    antennas = np.maximum(plan.radars["antenna_m"], 0.0)
    masts = np.array([r.height_m for r in layout.radars])

    def horizons(h1_m: F8, h2_m: F8) -> dict[str, list[float]]:
        return {name: reach_m(h1_m, h).tolist() for name, h in zip(raids, h2_m, strict=False)}

    return {
        "fixed_sectors": [_fixed(plan, layout, scenario, r) for r in range(len(layout.radars)) if _stays(plan, r)],
        "radar_antenna_m": plan.radars["antenna_m"].tolist(),
        "radar_scan_s": plan.radars["scan_period_s"].tolist(),
        "unit_radar": plan.units["radar"].tolist(),
        "raid_clearance_m": dict(zip(raids, clearances.tolist(), strict=False)),
        "flight_clearance_m": dict(zip(groups[len(raids) :], clearances[len(raids) :].tolist(), strict=True)),
        "raid_horizon_m": horizons(antennas, heights),
        "raid_flat_horizon_m": horizons(masts, clearances),
        "low_range_claims": [
            claim for s in sorted({s.type for s in scenario.systems}) for claim in _low_range_claims(s, inputs)
        ],
    }


def _stays(plan: Plan, r: int) -> bool:
    """Whether radar `r` engages, searches its own sector, and so never turns."""
    radar = plan.radars[r]
    return bool(radar["role"] == LOOK_ENGAGE and radar["picture"] >= 0 and radar["sector_rad"] < 2.0 * math.pi)


def _fixed(plan: Plan, layout: Layout, scenario: Scenario, r: int) -> dict[str, Any]:
    """Where radar `r` looks for good [deg], and which raids begin outside."""
    boresight, width = (float(plan.radars[r][name]) for name in ("boresight_rad", "sector_rad"))
    off = bearings_rad(layout.radars[r].site, scenario.raids) - boresight
    outside = np.abs((off + math.pi) % (2.0 * math.pi) - math.pi) > width / 2.0
    return {
        "radar": layout.radars[r].name,
        "boresight_deg": math.degrees(boresight),
        "sector_deg": math.degrees(width),
        "outside": [raid.name for raid, out in zip(scenario.raids, outside, strict=True) if out],
    }


def _medians(knots: Struct, paths: Struct) -> tuple[F8, F8]:
    """Median height of each path above the sea and above the ground [m], by the time spent there.

    Knots stand closer together where the ground is rough, so a median over knots would be another height.
    """
    height = ecef_to_geodetic(*knots["position_m"].T)[2]
    found = []
    for first, last in paths:
        t = knots["t_s"][first:last]
        evenly = np.linspace(t[0], t[-1], 1001)
        found.append([np.median(np.interp(evenly, t, h[first:last])) for h in (height, knots["clearance_m"])])
    medians = np.array(found)
    return np.maximum(medians[:, 0], 0.0), medians[:, 1]


def _low_range_claims(system: str, inputs: Inputs) -> list[dict[str, Any]]:
    """Public claims to compare with, never inputs: a system's range against low flyers."""
    try:
        claims = inputs.catalogue.quantity(system, "low_target_range").claims
    except CatalogueError:
        return []
    rows = []
    for c in claims:
        ends = [float(v) for v in (c.low, c.value, c.high) if v is not None]
        if not c.excluded:
            rows.append({"system": system, "claimant": c.claimant, "low": min(ends), "high": max(ends), "url": c.url})
    return rows
