"""Early warning: who sees launches of ballistic missiles from afar, and tells the posts."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kalkan.scenario.nouns.fields import Noun, number
from kalkan.scenario.nouns.quantities import Bounds, quantity

_DELAY = Bounds(("time",), '"60 s"', high=3600.0, high_text="1 h")
_ERROR = Bounds(("length",), '"5 km"', high=2e6, high_text="2000 km")
_CLAIMED = "default: the claim of launch-warning"


class EarlyWarning(Noun):
    """A warning of each launch that is seen, to all posts: from where, to where, and when it comes down.

    Idle fire units whose sector can turn look to where the missile will rise.
    """

    detection_probability: Annotated[float, number(0.0, 1.0)] | None = Field(
        None, description=f"Chance that a launch is seen and told, 0 to 1; {_CLAIMED}."
    )
    delay_s: Annotated[float, quantity(_DELAY)] | None = Field(
        None, alias="delay", description=f"From the launch to the warning at the posts; {_CLAIMED}."
    )
    launch_error_m: Annotated[float, quantity(_ERROR)] | None = Field(
        None, alias="launch_error", description=f"1-sigma of the launch point that is told, east and north; {_CLAIMED}."
    )
    impact_error_m: Annotated[float, quantity(_ERROR)] | None = Field(
        None, alias="impact_error", description=f"1-sigma of the impact that is told, east and north; {_CLAIMED}."
    )
