"""Early warning: what the loop knows of who sees launches from afar; zero where a scenario has none."""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from kalkan.arrays import I8
from kalkan.kernels.fields import INDEX, About, switched

_FROM = "early_warning"


class Warning(NamedTuple):
    """Launches of ballistic missiles, told to all posts."""

    on: Annotated[int, About("", "1: launches are told of", switched(_FROM))]
    p_told: Annotated[
        float, About("1", "chance that a launch is seen and told", switched(f"{_FROM}: launch_detection"))
    ]
    delay_s: Annotated[float, About("s", "from the launch to the posts", switched(f"{_FROM}: warning_delay"))]
    launch_m: Annotated[
        float, About("m", "1-sigma of the launch point, east and north", switched(f"{_FROM}: launch_point_error"))
    ]
    impact_m: Annotated[
        float, About("m", "1-sigma of the impact, east and north", switched(f"{_FROM}: impact_point_error"))
    ]
    launched: Annotated[I8, About("", "(n_launched,) the missiles that are launched", INDEX)]


def off() -> Warning:
    """Nobody warns."""
    return Warning(0, 0.0, 0.0, 0.0, 0.0, np.zeros(1, np.int64))
