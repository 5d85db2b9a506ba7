"""How much is simulated."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kalkan.scenario.nouns.fields import Noun, whole
from kalkan.scenario.nouns.quantities import Bounds, quantity

_HORIZON = Bounds(("time",), '"90 min"', high=86_400.0, high_text="24 h", above_low=True)


class Study(Noun):
    """Replications, seed and simulated time; the same in all variants."""

    replications: Annotated[int, whole(1, 10_000_000)] = Field(200, description="Replications per variant.")
    seed: Annotated[int, whole(0, 2**63 - 1)] = Field(1, description="Seed of the random numbers.")
    horizon_s: Annotated[float, quantity(_HORIZON)] = Field(
        5400.0, alias="horizon", description="Simulated time; what still flies then is unresolved."
    )
