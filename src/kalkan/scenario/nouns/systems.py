"""The defence: air-defence systems and how their command posts work together."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, PrivateAttr, Strict

from kalkan.scenario.nouns.fields import Name, Noun, Position, choice, number, whole
from kalkan.scenario.nouns.quantities import MONEY, Bounds, quantity

_COMPASS = Bounds(("angle",), '"180 deg"', high=2.0 * math.pi, high_text="360 deg")
_MAST = Bounds(("length",), '"24 m"', high=200.0, high_text="200 m", above_low=True)
_RANGE = Bounds(("length",), '"80 km"', high=1e6, high_text="1000 km", above_low=True)
_HOLD = Bounds(("time",), '"60 s"', low=1.0, low_text="1 s", high=86_400.0, high_text="24 h")
_MOVE = Bounds(("time",), '"5 min"', high=86_400.0, high_text="24 h", above_low=True)
_LATENCY = Bounds(("time",), '"1 s"', high=3600.0, high_text="1 h")

IFF = ("compatible", "incompatible", "none")
"""How friends take a system's interrogator."""

INTEGRATION = ("integrated", "external_picture", "engage_on_remote", "iff")
"""Fields that say how a system is tied to others."""

LOSSES = ("value", "hand_over", "emission", "decoy_emitters")
"""Fields that count only where the defence can be hit."""

MastHeight = Annotated[float, quantity(_MAST)]
_RESTOCK = Bounds(("time",), '"3 h"', high=3.2e6, high_text="37 days", above_low=True)
Rounds = Annotated[int, whole(0, 100)]
MostRounds = Annotated[int, whole(0, 100_000)]

SUPPLIED, SUPPLIED_KEYS = ("store", "restock_time_s"), ("store", "restock_time")
"""Fields that count only between the raids of a campaign, and how they are written."""


class Emission(Noun):
    """When the radars of a system that search transmit."""

    manner: Annotated[str, choice("cued", "blinking", "wary")] = Field(
        description="Silent until cued by a track, on and off by turns, or silent while a track comes at the radar."
    )
    range_m: Annotated[float, quantity(_RANGE)] | None = Field(
        None, alias="range", description="Cued, wary: of tracks within this distance of the radar; needed."
    )
    hold_s: Annotated[float, quantity(_HOLD)] | None = Field(
        None, alias="hold", description="Cued: on, wary: silent for so long after the last; default: 60 s."
    )
    on_s: Annotated[float, quantity(_HOLD)] | None = Field(None, alias="on", description="Blinking: on for so long.")
    off_s: Annotated[float, quantity(_HOLD)] | None = Field(None, alias="off", description="Blinking: and then off.")


class System(Noun):
    """One air-defence system: a command post, its radars and its fire units."""

    name: Name = Field(description="Your name for the system.")
    type: str = Field(description="System of the catalogue, such as s-400.")
    position: Position = Field(
        description="[latitude, longitude] of the command post and acquisition radars."
    )
    fire_units: Annotated[int, whole(1, 8)] | None = Field(
        None, description="Number of fire units; default: the catalogue's composition."
    )
    fire_unit_positions: Annotated[tuple[Position, ...], Strict(False)] | None = Field(
        None, description="One [latitude, longitude] per fire unit; default: 8 km either side of the post."
    )
    launchers: Annotated[int, whole(1, 12)] | None = Field(
        None, description="Launchers per fire unit; default: the catalogue's composition."
    )
    loads: dict[str, Rounds] | None = Field(
        None, description="Missiles per launcher by type; default: a load that is claimed, a branch."
    )
    reload_sets: Annotated[int, whole(0, 100)] = Field(0, description="Full reloads in stock per launcher.")
    reload_vehicles: Annotated[int, whole(1, 20)] | None = Field(
        None, description="Reload vehicles of each fire unit, each for one launcher at a time; default: enough."
    )
    store: dict[str, MostRounds] | None = Field(
        None, description="Missiles in the system's own store at the start of a campaign, by type; default: none."
    )
    restock_time_s: Annotated[float, quantity(_RESTOCK)] | None = Field(
        None, alias="restock_time", description="Between raids, from the store to one launcher or its reload sets; "
        "default: the claim of kalkan-model.",
    )
    displace_after: Annotated[int, whole(1, 100)] | None = Field(
        None, description="Rounds after which a launcher moves to another position; default: it stays."
    )
    displacement_time_s: Annotated[float, quantity(_MOVE)] | None = Field(
        None, alias="displacement_time", description="For how long a launcher that moves launches nothing: striking, "
        "driving, setting up. It belongs to displace_after.",
    )
    boresight_rad: Annotated[float, quantity(_COMPASS)] | None = Field(
        None,
        alias="boresight",
        description="Where engagement radars look first, or for good (link cut); default: towards the raids.",
    )
    mast_height_m: dict[str, MastHeight] = Field(
        {}, alias="mast_height", description="Antenna height above ground by radar type of the system."
    )
    link: Annotated[str, choice("up", "cut")] = Field(
        "up", description="Link between the post and its fire units."
    )
    link_latency_s: Annotated[float, quantity(_LATENCY)] = Field(
        0.0, alias="link_latency", description="Delay of messages between the post and its fire units."
    )
    doctrine: str = Field("standard", description="Name of a [doctrine.*] table.")
    integrated: bool | None = Field(
        None, description="true or false: sets external_picture, engage_on_remote and iff together."
    )
    external_picture: bool | None = Field(
        None, description="Whether its post takes the tracks of [[sources]]; default: as integrated says, else no."
    )
    engage_on_remote: bool | None = Field(
        None,
        description="Whether it may engage on a track that only [[sources]] hold, where a claim says that it can; "
        "default: as integrated says, else no.",
    )
    iff: Annotated[str, choice(*IFF)] | None = Field(
        None,
        description="Whether friends answer its interrogator: their own kind, another kind, or it has none; "
        "default: incompatible if integrated = false, else compatible.",
    )

    value: Annotated[float, number(0.0, 1e12, above_low=True)] | None = Field(
        None, description="Worth of each of its places that a raid aims at, in the unit of the assets; default: 1."
    )
    price_usd: Annotated[float, quantity(MONEY)] | None = Field(
        None, alias="price", description="What the whole system costs, for sums of money; default: the claimed price "
        "of a fire unit, for each of its fire units.",
    )
    hand_over: str | None = Field(
        None, description="System whose post leads its fire units when its own leads no more; default: none."
    )

    emission: Emission | None = Field(None, description="Emission control; default: its radars always transmit.")
    decoy_emitters: Annotated[int, whole(1, 50)] | None = Field(
        None, description="Decoy emitters beside each of its radars, which draw anti-radiation missiles; default: none."
    )

    _there: Mapping[int, int] | None = PrivateAttr(None)

    @property
    def there(self) -> Mapping[int, int] | None:
        """Numbers of the fire units that have come and are ready, with their launchers; None: all of them."""
        return self._there

    def with_units(self, there: Mapping[int, int], *, link: str) -> System:
        """A copy of which only some fire units are there, and its link."""
        made = self.model_copy(update={"link": link})
        made._there = there
        return made

    @property
    def takes_external_picture(self) -> bool:
        """Whether its post takes the tracks of external sources."""
        return bool(self.integrated if self.external_picture is None else self.external_picture)

    @property
    def may_engage_on_remote(self) -> bool:
        """Whether it may engage on what only external sources hold, if it can."""
        wanted = self.integrated if self.engage_on_remote is None else self.engage_on_remote
        return bool(wanted) and self.takes_external_picture

    @property
    def interrogates(self) -> str:
        """One of :data:`IFF`."""
        return self.iff or ("incompatible" if self.integrated is False else "compatible")


class Command(Noun):
    """How command posts work together."""

    coordination: bool | None = Field(
        None, description="Posts share who engages what; default: the catalogue's claim, a branch."
    )
    crew_load: bool = Field(
        False, description="Crews react the later the more engagements their unit runs, by the claim crew_load."
    )
    join_rivals: bool = Field(
        False, description="Two tracks of a post that live on the plots of one object are made one after three turns."
    )
