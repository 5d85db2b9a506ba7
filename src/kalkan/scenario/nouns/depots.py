"""Missiles behind the front: depots, and where missiles are made."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, Strict

from kalkan.scenario.nouns.fields import Name, Noun, whole


class Depot(Noun):
    """A store of missiles that sends convoys to systems."""

    name: Name = Field(description="Your name for the depot.")
    serves: Annotated[tuple[str, ...], Strict(False)] = Field(description="Systems of this scenario that it supplies.")
    rounds: dict[str, Annotated[int, whole(0, 100_000)]] = Field(
        {}, description="Missiles in it at the start, by type."
    )


class Production(Noun):
    """Missiles of one type that are made, month by month, for one depot."""

    name: Name = Field(description="Your name for it; the key of its random numbers.")
    missile: str = Field(description="Interceptor of the catalogue.")
    depot: str = Field(description="Where they go.")
