"""Zones, corridors and airways, as files that draw them tell them: in words, and by their limits."""

from __future__ import annotations

import math

from kalkan.engine.recorded import Area
from kalkan.engine.recording import Recording

NOBODY = "nobody"


def areas(recording: Recording) -> list[Area]:
    """Those that have a place on a map."""
    return [area for area in recording.areas if len(area.points)]


def whose(area: Area) -> str:
    """The side whose colour it has, a word of ``schema.SIDES``, or :data:`NOBODY`."""
    return area.side or NOBODY


def levels_m(area: Area) -> list[float]:
    """The limits that it has, from the lower up [m]."""
    return [limit_m for limit_m in area.limits_m if math.isfinite(limit_m)]


def rises(area: Area) -> bool:
    """Whether it stands on the ground and ends at an upper limit."""
    return not math.isfinite(area.limits_m[0]) and math.isfinite(area.limits_m[1])


def about(area: Area) -> str:
    """What it is, in words: kind, side, width, limits and times, as far as it has them."""
    low_m, high_m = area.limits_m
    begin_s, end_s = area.span_s
    told = [area.kind if not area.side else f"{area.kind}, {area.side}"]
    if area.width_m:
        told.append(f"{area.width_m / 1e3:,.4g} km wide")
    if math.isfinite(low_m):
        told.append(f"from {low_m:,.0f} m above sea up")
    if math.isfinite(high_m):
        told.append(f"up to {high_m:,.0f} m above sea")
    if begin_s > 0.0:
        told.append(f"from {begin_s / 60.0:,.4g} min on")
    if math.isfinite(end_s):
        told.append(f"until {end_s / 60.0:,.4g} min")
    return "; ".join(told)
