"""Money: over which time what the defence costs is counted."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kalkan.scenario.nouns.fields import Noun
from kalkan.scenario.nouns.quantities import Bounds, quantity

YEAR_S = 86_400.0 * 365.25
_SERVICE = Bounds(("time",), '"20 years"', high=YEAR_S * 60.0, high_text="60 years")


class Money(Noun):
    """What counts in sums of money, beside prices."""

    service_s: Annotated[float, quantity(_SERVICE)] = Field(
        0.0, alias="service", description="For how long systems are kept: beside their price, their maintenance over "
        "it counts; default: their price alone.",
    )  # fmt: skip
