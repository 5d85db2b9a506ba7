"""The weather: what the air and the sea do to the radars' signals."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kalkan.scenario.nouns.fields import Noun
from kalkan.scenario.nouns.quantities import Bounds, quantity

_RAIN_RATE = Bounds(("rain rate",), '"20 mm/h"', high=300.0, high_text="300 mm/h")
_RAIN_HEIGHT = Bounds(("length",), '"4 km"', high=20_000.0, high_text="20 km", above_low=True)
_RAIN_EXTENT = Bounds(("length",), '"10 km"', high=2_000_000.0, high_text="2000 km", above_low=True)
_VAPOUR = Bounds(("density",), '"7.5 g/m3"', high=0.05, high_text="50 g/m3")
_WAVES = Bounds(("length",), '"0.5 m"', high=20.0, high_text="20 m")


class Weather(Noun):
    """Absorption, rain and lobing over the sea; without this table every radar is as its range claim says."""

    water_vapour_kg_m3: Annotated[float, quantity(_VAPOUR)] = Field(
        7.5e-3, alias="water_vapour", description="Density of water vapour at sea level; standard 7.5 g/m3."
    )
    rain_rate_mm_h: Annotated[float, quantity(_RAIN_RATE)] = Field(
        0.0, alias="rain_rate", description="Rain rate, everywhere up to `rain_height`; 50 mm/h is a cloudburst."
    )
    rain_height_m: Annotated[float, quantity(_RAIN_HEIGHT)] = Field(
        4000.0, alias="rain_height", description="Altitude above sea level up to which it rains."
    )
    rain_extent_m: Annotated[float, quantity(_RAIN_EXTENT)] | None = Field(
        None, alias="rain_extent", description="Distance from each antenna up to which it rains; without it, all over."
    )
    sea_lobing: bool = Field(
        False, description="Whether the sea reflects, so that direct and reflected waves interfere."
    )
    wave_height_m: Annotated[float, quantity(_WAVES)] = Field(
        0.5, alias="wave_height", description="Significant wave height; waves weaken the reflection."
    )
