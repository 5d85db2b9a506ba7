"""Missiles behind the front: depots, and where missiles are made."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, Strict

from kalkan.scenario.nouns.fields import Name, Noun, choice, number, whole
from kalkan.scenario.nouns.quantities import Bounds, quantity
from kalkan.scenario.nouns.systems import MostRounds

ABROAD, LOCAL = "abroad", "local"
_WAY = Bounds(("time",), '"24 h"', high=3.2e7, high_text="1 year", above_low=True)
_TIME = Bounds(("time",), '"10 days"', high=3.2e8, high_text="10 years")
_CLAIMED = "default: the claim of kalkan-model"


class Depot(Noun):
    """A store of missiles that sends convoys to systems."""

    name: Name = Field(description="Your name for the depot; the key of its convoys' random numbers.")
    serves: Annotated[tuple[str, ...], Strict(False)] = Field(description="Systems of this scenario that it supplies.")
    rounds: dict[str, MostRounds] = Field({}, description="Missiles in it at the start, by type.")
    convoys: Annotated[int, whole(1, 50)] | None = Field(
        None, description=f"Convoys that it has, each away until it is back; {_CLAIMED}."
    )
    convoy_rounds: Annotated[int, whole(1, 1000)] | None = Field(
        None, description=f"Missiles that a convoy carries at most; {_CLAIMED}."
    )
    convoy_time_s: Annotated[float, quantity(_WAY)] | None = Field(
        None, alias="convoy_time", description="Mean time from the depot to a system, loading and unloading included; "
        f"{_CLAIMED}.",
    )
    convoy_loss: Annotated[float, number(0.0, 1.0)] | None = Field(
        None, description=f"Chance that a convoy is lost with its missiles, 0 to 1; {_CLAIMED}."
    )


class Production(Noun):
    """Missiles of one type that are made, month by month, for one depot."""

    name: Name = Field(description="Your name for it.")
    missile: str = Field(description="Interceptor of the catalogue.")
    depot: str = Field(description="Where they go.")
    per_month: Annotated[float, number(0.0, 10_000.0)] | None = Field(
        None, description="Missiles a month, one by one, evenly spaced; default: a twelfth of the claim made_per_year "
        "of the missile, where there is one.",
    )
    made: Annotated[str, choice(ABROAD, LOCAL)] = Field(
        ABROAD, description="abroad: sanctions of [supply] stop it; local: it needs local_production of [supply]."
    )
    delay_s: Annotated[float, quantity(_TIME)] | None = Field(
        None, alias="delay", description="From the factory to the depot; it belongs to from or until; default: none."
    )
    from_s: Annotated[float, quantity(_TIME)] | None = Field(
        None, alias="from", description="Production begins, from the start of the campaign; default: it runs already, "
        "and what was made before is on its way.",
    )
    until_s: Annotated[float, quantity(_TIME)] | None = Field(
        None, alias="until", description="Production ends; default: it goes on."
    )
