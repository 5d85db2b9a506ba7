"""Supply: what breaks, what mends it, and where its spares and missiles come from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from kalkan.scenario.nouns.fields import Noun, choice, whole
from kalkan.scenario.nouns.quantities import Bounds, Reads, quantity
from kalkan.schema import DISTRIBUTIONS, EXPONENTIAL, OF_FAILURES, OF_LEAD_TIMES, OF_REPAIRS

_IN_SERVICE = Bounds(("time",), '"12 months"', high=86_400.0 * 365.25 * 50.0, high_text="50 years")
_CLAIMED = "default: the claim of kalkan-upkeep"
_USUAL = DISTRIBUTIONS[EXPONENTIAL].word
MOST_SPARES = 100
"""Of one family of components of one system."""


def _one_of(codes: Sequence[int]) -> Reads:
    return choice(*(DISTRIBUTIONS[code].word for code in codes))


class Supply(Noun):
    """Parts of the defence fail and are repaired, with spares that take time to come."""

    in_service_s: Annotated[float, quantity(_IN_SERVICE)] | None = Field(
        None, alias="in_service",
        description=f"So long before its start all parts were in order and all spares in stock; {_CLAIMED}.",
    )
    failures: Annotated[str, _one_of(OF_FAILURES)] = Field(
        _USUAL, description="How the times between failures are distributed."
    )
    repairs: Annotated[str, _one_of(OF_REPAIRS)] = Field(
        _USUAL, description="How the times of repair on site are distributed."
    )
    lead_times: Annotated[str, _one_of(OF_LEAD_TIMES)] = Field(
        _USUAL, description="How the times from the order of a spare to its arrival are distributed."
    )
    spares: Annotated[int, whole(0, MOST_SPARES)] | None = Field(
        None, description="Spares of each family of components that each system has for parts that are alike; "
        f"{_CLAIMED} for such a part.",
    )
    cannibalisation: bool = Field(
        False, description="true: a part that is down gives others what they lack, if it waits for something else."
    )
    maintenance: bool = Field(True, description="false: no preventive maintenance, for which parts are down as well.")
    sanctions: bool = Field(False, description="true: nothing comes from abroad; default: it does.")
    local_production: bool = Field(
        False, description="true: the claimed share of components is made at home; default: all come from abroad."
    )
