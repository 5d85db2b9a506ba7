"""External sources, and jammers that nothing carries, as files tell them: whose they are, and where they are when."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kalkan.engine.recording import Motion, Recording
from kalkan.schema import FRIENDLY, HOSTILE, SIDES


class Beside(NamedTuple):
    """One of them.

    Attributes
    ----------
    name, role : str
        ``"external source"`` or ``"jammer"``.
    about : str
        What else a reader wants to know.
    side : str
        A word of ``schema.SIDES``.
    airborne : bool
    motion : Motion
        From 0 to the horizon.
    """

    name: str
    role: str
    about: str
    side: str
    airborne: bool
    motion: Motion


def beside(recording: Recording) -> list[Beside]:
    """Sources, then jammers."""
    found = [
        Beside(s.name, "external source", s.kind, SIDES[FRIENDLY].word, s.airborne, s.motion)
        for s in recording.sources
    ]
    for jammer in recording.jammers:
        if jammer.position_m is None:
            continue
        about = f"{jammer.effective_power_w / 1e3:,.4g} kW in {', '.join(jammer.bands)} band"
        still = Motion(
            np.array([0.0, recording.horizon_s]), np.repeat(jammer.position_m[None, :], 2, axis=0), np.zeros((2, 3))
        )
        found.append(Beside(jammer.name, "jammer", about, SIDES[HOSTILE].word, jammer.airborne, still))
    return found
