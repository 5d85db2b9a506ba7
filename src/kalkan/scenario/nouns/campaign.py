"""A campaign: waves of raids over days, and what the defence has become when each comes."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, Strict

from kalkan.scenario.nouns.fields import Name, Noun, whole
from kalkan.scenario.nouns.quantities import Bounds, quantity

_AT = Bounds(("time",), '"3 days"', high=3.2e8, high_text="10 years")
_LENGTH = Bounds(("time",), '"30 days"', high=3.2e8, high_text="10 years", above_low=True)
_LEAD_IN = Bounds(("time",), '"10 min"', high=86_400.0, high_text="24 h")
_JITTER = Bounds(("time",), '"6 h"', high=3.2e7, high_text="1 year")
MOST_WAVES = 1000
"""Of one campaign, repeats included."""


class Campaign(Noun):
    """How long it lasts, and from when before each wave on the defence's sensing is simulated."""

    duration_s: Annotated[float, quantity(_LENGTH)] | None = Field(
        None, alias="duration", description="From its first day to the end; default: to the end of the last wave."
    )
    lead_in_s: Annotated[float, quantity(_LEAD_IN)] = Field(
        600.0, alias="lead_in", description="Sensing, and civil traffic, before each wave's zero hour; default: 10 min."
    )
    jitter_s: Annotated[float, quantity(_JITTER)] = Field(
        0.0, alias="jitter", description="Random delay of each wave, 1 sigma; waves keep their order."
    )


class Wave(Noun):
    """Raids that come together, once or again and again."""

    name: Name = Field(description="Your name for the wave; the key of its random numbers.")
    at_s: Annotated[float, quantity(_AT)] = Field(
        alias="at", description="Its zero hour, from the start of the campaign: the raids' start counts from there."
    )
    raids: Annotated[tuple[str, ...], Strict(False)] | None = Field(
        None, description="Raids of this scenario that come; default: all."
    )
    every_s: Annotated[float, quantity(_LENGTH)] | None = Field(
        None, alias="every", description="It comes again after this time; it belongs to times."
    )
    times: Annotated[int, whole(1, MOST_WAVES)] = Field(1, description="How often it comes, with every between.")
