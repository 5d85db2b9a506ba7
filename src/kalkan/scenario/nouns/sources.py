"""External sources: radars of others, on the ground or on an orbit, whose tracks come over a link."""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import Field, Strict

from kalkan.scenario.nouns.fields import AltitudeText, Name, Noun, Position, SpeedText, number
from kalkan.scenario.nouns.quantities import Bounds, quantity

_LEG = Bounds(("length",), '"80 km"', high=1e6, high_text="1000 km", above_low=True)
_COMPASS = Bounds(("angle",), '"90 deg"', high=2.0 * math.pi, high_text="360 deg")
_LATENCY = Bounds(("time",), '"2 s"', high=600.0, high_text="10 min")
_PERIOD = Bounds(("time",), '"10 s"', low=0.5, high=600.0, high_text="10 min", low_text="0.5 s")
_OUTAGE = Bounds(("time",), '"60 s"', low=1.0, high=86_400.0, high_text="24 h", low_text="1 s")
_ERROR = Bounds(("length",), '"200 m"', high=100_000.0, high_text="100 km")
_CLAIMED = "default: the claim of link-16"


class Orbit(Noun):
    """Where an airborne source flies, round and round: a racetrack, or waypoints that close to a loop."""

    centre: Position | None = Field(None, description="[latitude, longitude] of the middle of a racetrack.")
    length_m: Annotated[float, quantity(_LEG)] | None = Field(
        None, alias="length", description="Length of the racetrack's straight legs."
    )
    width_m: Annotated[float, quantity(_LEG)] = Field(
        20_000.0, alias="width", description="Distance between the legs, twice the radius of its turns."
    )
    heading_rad: Annotated[float, quantity(_COMPASS)] = Field(
        0.0, alias="heading", description="Compass direction of the legs."
    )
    waypoints: Annotated[tuple[Position, ...], Strict(False)] | None = Field(
        None, description="Instead: [latitude, longitude] of three points or more, flown from one to the next."
    )
    altitude: AltitudeText | None = Field(
        None, description='Height above sea, such as "9 km MSL"; default: the claim operating_altitude of its type.'
    )
    speed: SpeedText | None = Field(None, description="Speed; default: the claim cruise_speed of its type.")


class Source(Noun):
    """One external source: a radar that is not of the defence, its tracker and its link.

    It looks, and whoever takes the external picture (`systems.external_picture`) gets its tracks. What is written of
    the link holds for this source.
    """

    name: Name = Field(description="Your name for the source.")
    type: str = Field(description="Airborne radar or radar of the catalogue, such as e-7 or allied-radar.")
    position: Position | None = Field(None, description="[latitude, longitude] of a radar on the ground.")
    orbit: Orbit | None = Field(None, description="Where an airborne radar flies.")
    link_latency_s: Annotated[float, quantity(_LATENCY)] | None = Field(
        None, alias="link_latency", description=f"From the time of a report to its arrival; {_CLAIMED}."
    )
    link_update_period_s: Annotated[float, quantity(_PERIOD)] | None = Field(
        None, alias="link_update_period", description=f"Time between two reports of one track; {_CLAIMED}."
    )
    link_availability: Annotated[float, number(0.0, 1.0)] | None = Field(
        None, description=f"Share of the time in which the link is up, 0 to 1; {_CLAIMED}."
    )
    link_outage_s: Annotated[float, quantity(_OUTAGE)] | None = Field(
        None, alias="link_outage", description=f"The link is up or down for so long at a time; {_CLAIMED}."
    )
    report_sigma_m: Annotated[float, quantity(_ERROR)] | None = Field(
        None, alias="report_sigma", description=f"1-sigma that the link adds to a position, per axis; {_CLAIMED}."
    )
    registration_bias_m: Annotated[float, quantity(_ERROR)] | None = Field(
        None, alias="registration_bias", description=f"1-sigma of its grid against the post's; {_CLAIMED}."
    )
    registered: bool = Field(
        False, description="Whether a post estimates that bias from objects that both see, and takes it off."
    )
    identifies: bool = Field(
        True, description="Whether its reports say who answered its own interrogator, which friends answer."
    )
    wrong_correlation: Annotated[float, number(0.0, 1.0)] | None = Field(
        None, description=f"Chance that a track is taken for another object's, or a new one; {_CLAIMED}."
    )
