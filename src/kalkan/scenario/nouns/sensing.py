"""What makes sensing hard besides weather and jammers: echoes of land and sea, and objects too near to each other."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kalkan.scenario.nouns.fields import Noun, whole


class SurfaceClutter(Noun):
    """Echoes of the land and the sea that each antenna sees; without this table there are none."""

    sea_state: Annotated[int, whole(0, 6)] = Field(
        2, description="Of the sea, 0 to 6 (Douglas); how land echoes is the claim land_gamma."
    )


class Sensing(Noun):
    """What the radars cannot do."""

    resolution: bool = Field(
        False, description="Whether objects in one cell of a radar's range, angle and range rate give one plot."
    )
