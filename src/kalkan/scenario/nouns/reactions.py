"""What the vehicles of a raid do when the defence takes them on, as the user writes it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kalkan.scenario.nouns.fields import AltitudeText, Noun, choice, number
from kalkan.scenario.nouns.quantities import Bounds, quantity

WHENS = (ILLUMINATED, SHOT_AT) = "illuminated", "shot at"
DOES = (DESCEND, TURN_BACK, ABORT) = "descend", "turn back", "abort"
"""In the order of the codes of ``kernels.reacting``."""

_DELAY = Bounds(("time",), '"5 s"', high=3600.0, high_text="1 h")


class Reaction(Noun):
    """One reaction of each vehicle of a raid, once."""

    when: Annotated[str, choice(*WHENS)] = Field(
        description='"illuminated": an engagement radar holds it; "shot at": a round has been launched at it.'
    )
    do: Annotated[str, choice(*DOES)] = Field(
        description='"descend": to the altitude "to", and on along its route; "turn back": home along its own route, '
        'attacking nothing; "abort": on along its route, releasing nothing.'
    )
    to: AltitudeText | None = Field(
        None, description='Of "descend": height above ground "60 m AGL" or above sea "300 m MSL".'
    )
    delay_s: Annotated[float, quantity(_DELAY)] = Field(
        0.0, alias="delay", description="From being illuminated or shot at until it begins."
    )
    chance: Annotated[float, number(0.0, 1.0)] = Field(1.0, description="That a vehicle does it at all.")
