"""What comes in and who else flies: groups of air vehicles and the routes that the user gives them."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field, Strict

from kalkan.scenario.nouns.fields import Altitude, AltitudeText, Name, Noun, Position, SpeedText, choice, whole
from kalkan.scenario.nouns.quantities import Bounds, quantity
from kalkan.scenario.nouns.reactions import Reaction
from kalkan.schema import HOSTILE, IFF_SILENT, SIDES

MAX_VEHICLES = 5000
"""Everything that flies in one variant together."""

EVEN, POISSON = "even", "poisson"
"""How members follow each other: at their spacing, or at random with the spacing as mean."""

_START = Bounds(("time",), '"10 min"', high=86_400.0, high_text="24 h")
_TIME = Bounds(("time",), '"20 s"', high=86_400.0, high_text="24 h")
_EXPOSURE = Bounds(("time",), '"20 s"', high=86_400.0, high_text="24 h", above_low=True)
_APOGEE = Bounds(("length",), '"60 km"', high=600e3, high_text="600 km", above_low=True)
MOST_DECOYS = 20
"""Decoys of one ballistic missile."""

_WIDTH = Bounds(("length",), '"4 km"', high=500_000.0, high_text="500 km")

Duration = Annotated[float, quantity(_TIME)]
Width = Annotated[float, quantity(_WIDTH)]


class Waypoint(Noun):
    """One point of a route."""

    position: Position = Field(description="[latitude, longitude] in degrees, WGS-84.")
    altitude: AltitudeText = Field(description='Height above ground "60 m AGL" or above sea "9 km MSL".')
    speed: SpeedText | None = Field(None, description="Speed from here on; default: that of the whole.")

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


class Flown(Noun):
    """Air vehicles of one type that fly one route, whosever they are."""

    name: Name = Field(description="Your name for them.")
    type: str = Field(description="Air vehicle of the catalogue, such as subsonic-cruise-missile.")
    count: Annotated[int, whole(1, 2000)] = Field(description="How many they are.")
    route: Annotated[tuple[Waypoint, ...], Strict(False)] = Field(
        description="Waypoints in order, at least two."
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
    def launch(self) -> tuple[float, float] | None:
        """Where it is launched from [deg], if it is a ballistic missile."""
        return None

    @property
    def waypoints(self) -> tuple[Waypoint, ...]:
        """The route; of a ballistic missile the place from which it comes."""
        return self.route


LEAST_ENERGY = "least-energy"
TRAJECTORIES = (LEAST_ENERGY, "lofted", "depressed")
"""Ways to the aim of a ballistic missile."""
APOGEE, BURN_OUT = "apogee", "burn-out"
"""Where a ballistic missile releases its decoys."""


class Raid(Flown):
    """Air vehicles or ballistic missiles that come to attack."""

    route: Annotated[tuple[Waypoint, ...], Strict(False)] = Field(
        (), description="Waypoints in order, at least two; a ballistic missile has a launch point instead."
    )
    launched_from: Position | None = Field(
        None, alias="launch", description="[latitude, longitude] of the launch of a ballistic missile, on the ground."
    )
    trajectory: Annotated[str, choice(*TRAJECTORIES)] = Field(
        LEAST_ENERGY,
        description="How a ballistic missile flies to its aim; lofted, depressed: with the claimed share of the apogee "
        "of least energy.",
    )
    apogee_m: Annotated[float, quantity(_APOGEE)] | None = Field(
        None, alias="apogee", description="Highest point of a ballistic flight; default: by its trajectory."
    )
    decoys: Annotated[int, whole(0, MOST_DECOYS)] = Field(
        0, description="Decoys that each ballistic missile releases, which fall beside it; default: none."
    )
    decoys_released: Annotated[str, choice(APOGEE, BURN_OUT)] = Field(
        APOGEE, description="Where it releases them: at its highest point, or when its motor is burnt out."
    )
    debris: bool = Field(
        False,
        description="true: each ballistic missile breaks up on its way down, and pieces of its body fall beside it, as "
        "is claimed of its type; default: it stays whole.",
    )
    aim: str | None = Field(
        None, description="Asset, system, fire unit or other part of the defence that the raid is sent against."
    )
    release: Annotated[int, whole(1, 1000)] | None = Field(
        None, description="Waypoint (the first is 1) where weapons are released against the aim."
    )
    react: Annotated[tuple[Reaction, ...], Strict(False)] = Field(
        (), description="What its vehicles do when illuminated or shot at; default: they fly on as written."
    )
    side: ClassVar[str] = SIDES[HOSTILE].word
    transmits: ClassVar[bool] = False
    answer: ClassVar[int] = IFF_SILENT
    flight_plan: ClassVar[bool] = False

    @property
    def launch(self) -> tuple[float, float] | None:
        """Where it is launched from [deg], if it is a ballistic missile."""
        return self.launched_from

    @property
    def waypoints(self) -> tuple[Waypoint, ...]:
        """The route; of a ballistic missile the place from which it comes."""
        if self.launched_from is None:
            return self.route
        return (Waypoint.model_construct(position=self.launched_from, altitude=Altitude(0.0, "ground"), speed=None),)
