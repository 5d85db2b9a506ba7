"""Outages: parts of the defence that do not work, for a time or for good, whoever or whatever is to blame."""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import Field, Strict

from kalkan.scenario.nouns.fields import Name, Noun, number
from kalkan.scenario.nouns.quantities import Bounds, quantity

_WHEN = Bounds(("time",), '"10 min"', high=86_400.0, high_text="24 h")
_MEAN = Bounds(("time",), '"40 h"', high=3.2e8, high_text="10 years", above_low=True)


class Outage(Noun):
    """Parts that go out together: once, at a time, or again and again, at random."""

    name: Name = Field(description="Your name for the outage; the key of its random numbers.")
    parts: Annotated[tuple[str, ...], Strict(False)] = Field(
        description='What goes out: "north" is the post and acquisition radars of system north, "north/1" its first '
        'fire unit; single parts are "north/post", "north/91n6e", "north/1/92n6e", "north/1/link", '
        '"north/1/launcher 3" or all "north/1/launchers".'
    )
    from_s: Annotated[float, quantity(_WHEN)] = Field(0.0, alias="from", description="When they go out.")
    until_s: Annotated[float, quantity(_WHEN)] | None = Field(
        None, alias="until", description="When they are back; default: never."
    )
    probability: Annotated[float, number(0.0, 1.0)] = Field(1.0, description="Chance that it happens at all.")
    mean_time_between_failures_s: Annotated[float, quantity(_MEAN)] | None = Field(
        None, alias="mean_time_between_failures",
        description="They fail again and again, from back in action to the next failure after this mean time.",
    )
    mean_time_to_repair_s: Annotated[float, quantity(_MEAN)] | None = Field(
        None, alias="mean_time_to_repair", description="And are out for this mean time."
    )

    @property
    def ends_s(self) -> float:
        """When they are back [s]; inf: never."""
        return math.inf if self.until_s is None else self.until_s
