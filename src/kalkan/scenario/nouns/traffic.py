"""Civil traffic: airliners on airways by a schedule, or as they were recorded."""

from __future__ import annotations

import math
from typing import Annotated, ClassVar

from pydantic import Field, Strict

from kalkan.scenario.nouns.fields import AltitudeText, Name, Noun, Position, SpeedText, choice, number
from kalkan.scenario.nouns.flights import TRANSPONDER
from kalkan.scenario.nouns.quantities import Bounds, quantity
from kalkan.scenario.nouns.raids import EVEN, POISSON, Width
from kalkan.schema import IFF_SILENT, NEUTRAL, SIDES

AIRLINER = "airliner"
OF_AIRWAY = ("airway", "levels", "flights_per_hour", "density", "share", "arrivals", "speed", "route_jitter")
OF_FILE = ("file", "altitude_unit", "speed_unit", "time_unit", "utc_offset", "begins", "longest_gap")
"""Keys that belong to the one way of writing traffic and to the other."""
ALTITUDE_UNITS, SPEED_UNITS, TIME_UNITS = ("m", "ft", "km", "FL"), ("m/s", "kt", "km/h"), ("s", "ms")

HOUR_S, DAY_S = 3600.0, 86_400.0
_MILLIONTH = 4.753424  # standard normal quantile of 1 - 1e-6
_OFFSET = Bounds(("time",), '"3 h"', low=-14 * 3600.0, high=14 * 3600.0, high_text="14 h", low_text="-14 h")
_GAP = Bounds(("time",), '"5 min"', low=10.0, high=86_400.0, high_text="24 h", low_text="10 s")


def most_flights(mean: float) -> int:
    """Flights that a Poisson process of this mean number does not exceed but for one case in a million.

    By the normal quantile 4.75 with its correction for skewness, (z² - 1) / 6 (Cornish and Fisher 1938), and one
    for the steps of a count.
    """
    return math.ceil(mean + _MILLIONTH * math.sqrt(mean) + (_MILLIONTH**2 - 1.0) / 6.0) + 1


class Traffic(Noun):
    """Airliners on one airway, or of one file of recorded tracks."""

    name: Name = Field(description="Your name for them.")
    type: str = Field(AIRLINER, description="Civil aircraft of the catalogue.")
    airway: Annotated[tuple[Position, ...], Strict(False)] = Field(
        (), description="Positions in order, at least two: they come in at the first and leave at the last."
    )
    levels: Annotated[tuple[AltitudeText, ...], Strict(False)] = Field(
        (), description='Altitudes, such as ["FL330", "FL350"], that flights share; default: the claimed one.'
    )
    flights_per_hour: Annotated[float, number(0.0, 1000.0, above_low=True)] | None = Field(
        None, description="Mean number of flights that come in."
    )
    density: str | None = Field(
        None, description="Or: traffic of the catalogue, such as civil-traffic-turkiye, of which this is a share."
    )
    share: Annotated[float, number(0.0, 1.0, above_low=True)] | None = Field(
        None, description="Share of its flights that take this airway."
    )
    arrivals: Annotated[str, choice(POISSON, EVEN)] = Field(
        POISSON, description='"poisson": flights come at random; "even": evenly spaced.'
    )
    speed: SpeedText | None = Field(None, description="Speed over ground; default: the claimed cruise speed.")
    route_jitter_m: Width = Field(
        0.0, alias="route_jitter", description="Random move of a flight's whole path to one side, 1 sigma."
    )
    transponder: Annotated[bool | str, TRANSPONDER] = Field(
        True, description='Whether the civil transponders answer; "silent": switched off.'
    )
    flight_plan: bool = Field(True, description="Whether the defence has their flight plans.")
    file: str | None = Field(None, description="Recorded tracks: a CSV or Parquet file, relative to this one.")
    altitude_unit: Annotated[str, choice(*ALTITUDE_UNITS)] | None = Field(
        None, description="Unit of the file's altitudes, FL: flight levels; default: as the column's name says, else m."
    )
    speed_unit: Annotated[str, choice(*SPEED_UNITS)] | None = Field(
        None, description="Unit of the file's speeds; default: what the name of the column says, else m/s."
    )
    time_unit: Annotated[str, choice(*TIME_UNITS)] | None = Field(
        None, description="Unit of times that are numbers; default: seconds, or milliseconds if they can be no other."
    )
    utc_offset_s: Annotated[float, quantity(_OFFSET)] | None = Field(
        None, alias="utc_offset", description="How far the clock of times without a zone is ahead of UTC; default: 0."
    )
    begins: str | None = Field(
        None, description='Instant of the file at which the scenario begins, as in it; default: its first.'
    )
    longest_gap_s: Annotated[float, quantity(_GAP)] = Field(
        300.0, alias="longest_gap", description="A longer gap between two points divides a track."
    )
    side: ClassVar[str] = SIDES[NEUTRAL].word
    answer: ClassVar[int] = IFF_SILENT

    @property
    def transmits(self) -> bool:
        """Whether a civil transponder answers."""
        return self.transponder is True
