"""How much is simulated."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from kalkan.scenario.nouns.fields import Noun, whole
from kalkan.scenario.nouns.quantities import Bounds, quantity

_HORIZON = Bounds(("time",), '"90 min"', high=86_400.0, high_text="24 h", above_low=True)
_PERIOD = Bounds(("time",), '"10 s"', high=3600.0, high_text="1 h")
_CUT_OFF = Bounds(("length",), '"2 km"', high=50_000.0, high_text="50 km", above_low=True)


class Study(Noun):
    """Replications, seed and simulated time; the same in all variants."""

    replications: Annotated[int, whole(1, 10_000_000)] = Field(200, description="Replications per variant.")
    seed: Annotated[int, whole(0, 2**63 - 1)] = Field(1, description="Seed of the random numbers.")
    horizon_s: Annotated[float, quantity(_HORIZON)] = Field(
        5400.0, alias="horizon", description="Simulated time; what still flies then is unresolved."
    )
    picture_quality_s: Annotated[float, quantity(_PERIOD)] | None = Field(
        None, alias="picture_quality",
        description="How often each post's picture is held against the truth; \"0 s\": never. Default: every 10 s in "
        "scenarios with flights or traffic, else never.",
    )  # fmt: skip
    picture_cut_off_m: Annotated[float, quantity(_CUT_OFF)] = Field(
        2000.0, alias="picture_cut_off", description="Further from an object than this, a track does not tell of it."
    )
    track_filter: Literal["converted", "ekf", "imm"] = Field(
        "converted",
        description="Filter of the posts' tracks: plots as positions, in the radar's own coordinates (extended Kalman "
        "filter), or so with several motions mixed (interacting multiple models).",
    )
    initiation: Literal["m of n", "logic", "score"] = Field(
        "m of n",
        description="When a post confirms a track: M plots in the last N looks of one radar; two at once, then the "
        "rest of M in the rest of N looks; or by its score, a sequential probability ratio test against false plots.",
    )

    @property
    def is_usual_tracker(self) -> bool:
        """Whether the posts track as they do without a choice, with nothing else compiled."""
        return self.track_filter == "converted" and self.initiation == "m of n"
