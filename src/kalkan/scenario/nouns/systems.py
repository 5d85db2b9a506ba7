"""The defence: air-defence systems and how their command posts work together."""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import Field, Strict

from kalkan.scenario.nouns.fields import Name, Noun, Position, choice, whole
from kalkan.scenario.nouns.quantities import Bounds, quantity

_COMPASS = Bounds(("angle",), '"180 deg"', high=2.0 * math.pi, high_text="360 deg")
_MAST = Bounds(("length",), '"24 m"', high=200.0, high_text="200 m", above_low=True)
_LATENCY = Bounds(("time",), '"1 s"', high=3600.0, high_text="1 h")

MastHeight = Annotated[float, quantity(_MAST)]
Rounds = Annotated[int, whole(0, 100)]


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


class Command(Noun):
    """How command posts work together."""

    coordination: bool | None = Field(
        None, description="Posts share who engages what; default: the catalogue's claim, a branch."
    )
