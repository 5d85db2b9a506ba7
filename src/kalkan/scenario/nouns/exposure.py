"""Flying in peacetime beside radars: for how long and how often, and how it is counted."""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import Field

from kalkan.scenario.nouns.fields import Noun, number, whole
from kalkan.scenario.nouns.quantities import Bounds, quantity

_LEAST_RAD, _MOST_RAD = math.radians(1.0), math.radians(90.0)
_AZIMUTH = Bounds(("angle",), '"15 deg"', _LEAST_RAD, _MOST_RAD, high_text="90 deg", low_text="1 deg")
_ELEVATION = Bounds(("angle",), '"10 deg"', _LEAST_RAD, _MOST_RAD, high_text="90 deg", low_text="1 deg")


class Exposure(Noun):
    """What ``kalkan exposure`` asks about the friendly flights; a run takes nothing from it."""

    days: Annotated[int, whole(1, 36_500)] = Field(30, description="Days of the calendar over which it is observed.")
    sorties_per_day: Annotated[float, number(0.0, 1000.0, above_low=True)] | None = Field(
        None, description="Flights of each type a day, shared by its flights here; default: the catalogue's claim."
    )
    radiating_share: Annotated[float, number(0.0, 1.0, above_low=True)] | None = Field(
        None, description="Share of the flying time in which radars transmit; default: the catalogue's claim."
    )
    practise: bool = Field(True, description="Engagement radars follow friends as in training; false: they do not.")
    reflectors: bool = Field(False, description="The aircraft fly with reflectors that raise their cross-section.")
    azimuth_width_rad: Annotated[float, quantity(_AZIMUTH)] = Field(
        math.radians(15.0), alias="azimuth_width", description="Sectors of aspect: width in azimuth, a part of 360 deg."
    )
    elevation_width_rad: Annotated[float, quantity(_ELEVATION)] = Field(
        math.radians(10.0), alias="elevation_width", description="The same in elevation, a part of 90 deg."
    )
