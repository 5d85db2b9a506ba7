"""Jammers: who radiates noise, from where, and how strongly."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, Strict

from kalkan.scenario.nouns.fields import AltitudeText, Name, Noun, Position, choice
from kalkan.scenario.nouns.quantities import Bounds, quantity

BANDS = ("L", "S", "C", "X")
_POWER = Bounds(("power",), '"10 kW"', high=1e9, high_text="1 GW", above_low=True)
_BANDWIDTH = Bounds(("frequency",), '"200 MHz"', low=1e3, high=1e11, high_text="100 GHz", low_text="1 kHz")


class Jammer(Noun):
    """A noise jammer, carried by every member of a raid or flight, or standing in one place."""

    name: Name = Field(description="Your name for the jammer.")
    carried_by: str | None = Field(None, description="Raid or flight whose members carry one each.")
    position: Position | None = Field(
        None, description="[latitude, longitude] of one that nothing carries: on the ground, or on station far off."
    )
    altitude: AltitudeText | None = Field(None, description='Its height, "10 km MSL"; with position.')
    effective_power_w: Annotated[float, quantity(_POWER)] = Field(
        alias="effective_power", description="Power times antenna gain towards the radars, in each band."
    )
    bandwidth_hz: Annotated[float, quantity(_BANDWIDTH)] = Field(
        alias="bandwidth", description="Over which that power is spread, in each band."
    )
    bands: Annotated[tuple[Annotated[str, choice(*BANDS)], ...], Strict(False)] = Field(
        description='Radar bands that it jams, such as ["S", "X"].'
    )
