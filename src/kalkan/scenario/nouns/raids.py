"""What comes in: groups of air vehicles and the routes that the user gives them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, Strict

from kalkan.scenario.nouns.fields import AltitudeText, Name, Noun, Position, SpeedText, choice, whole
from kalkan.scenario.nouns.quantities import Bounds, quantity

MAX_VEHICLES = 5000
"""Air vehicles in all raids of one variant together."""

EVEN, POISSON = "even", "poisson"
"""How members follow each other: at their spacing, or at random with the spacing as mean."""

_START = Bounds(("time",), '"10 min"', high=86_400.0, high_text="24 h")
_TIME = Bounds(("time",), '"20 s"', high=86_400.0, high_text="24 h")
_EXPOSURE = Bounds(("time",), '"20 s"', high=86_400.0, high_text="24 h", above_low=True)
_WIDTH = Bounds(("length",), '"4 km"', high=500_000.0, high_text="500 km")

Duration = Annotated[float, quantity(_TIME)]
Width = Annotated[float, quantity(_WIDTH)]


class Waypoint(Noun):
    """One point of a route."""

    position: Position = Field(description="[latitude, longitude] in degrees, WGS-84.")
    altitude: AltitudeText = Field(description='Height above ground "60 m AGL" or above sea "9 km MSL".')
    speed: SpeedText | None = Field(None, description="Speed from here on; default: the raid's speed.")

    @property
    def altitude_m(self) -> float:
        """Height [m] over what :attr:`above` names."""
        return self.altitude.metres

    @property
    def above(self) -> str:
        """``"ground"`` or ``"sea"``."""
        return self.altitude.above

    @property
    def speed_m_s(self) -> float | None:
        """Speed [m/s], if written as one."""
        return self.speed.metres_per_second if self.speed else None

    @property
    def speed_mach(self) -> float | None:
        """Mach number, if the speed is written as one."""
        return self.speed.mach if self.speed else None


class Raid(Noun):
    """Air vehicles of one type that fly one route."""

    name: Name = Field(description="Your name for the raid.")
    type: str = Field(description="Air vehicle of the catalogue, such as subsonic-cruise-missile.")
    count: Annotated[int, whole(1, 2000)] = Field(description="Air vehicles in the raid.")
    route: Annotated[tuple[Waypoint, ...], Strict(False)] = Field(
        description="Waypoints in order, at least two."
    )
    aim: str | None = Field(None, description="Asset that the raid is sent against.")
    release: Annotated[int, whole(1, 1000)] | None = Field(
        None, description="Waypoint (the first is 1) where weapons are released against the aim."
    )
    speed: SpeedText | None = Field(None, description="Speed; default: the catalogue's cruise speed.")
    start_s: Annotated[float, quantity(_START)] = Field(
        0.0, alias="start", description="When the first member would be at the first waypoint on the route itself."
    )
    spacing_s: Duration = Field(10.0, alias="spacing", description="Time between members, at aim or release.")
    arrivals: Annotated[str, choice(EVEN, POISSON)] = Field(
        EVEN, description='"poisson": members come at random; spacing is the mean time between them.'
    )
    exposure_s: Annotated[float, quantity(_EXPOSURE)] | None = Field(
        None,
        alias="exposure",
        description="Each member is in the air for so long only; it leaks then if it has an aim. Default: its route.",
    )
    formation_width_m: Width = Field(
        0.0, alias="formation_width", description="Width across which members are spread evenly, on every leg."
    )
    time_jitter_s: Duration = Field(0.0, alias="time_jitter", description="Random delay per member, 1 sigma.")
    route_jitter_m: Width = Field(
        0.0, alias="route_jitter", description="Random move of a member's whole path to one side, 1 sigma."
    )

    @property
    def speed_m_s(self) -> float | None:
        """Speed [m/s], if written as one."""
        return self.speed.metres_per_second if self.speed else None

    @property
    def speed_mach(self) -> float | None:
        """Mach number, if the speed is written as one."""
        return self.speed.mach if self.speed else None
