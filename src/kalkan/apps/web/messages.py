"""What the browser sends: the bodies of requests, checked strictly."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

WorkspacePath = Annotated[
    str, Field(min_length=1, max_length=400, description="Relative to the workspace, with slashes.")
]
ScenarioText = Annotated[str, Field(max_length=5_000_000, description="A scenario in TOML.")]
Number = Annotated[float, Field(ge=-1e12, le=1e12, allow_inf_nan=False)]
PositionPair = Annotated[list[Number], Field(min_length=2, max_length=2)]


class Message(BaseModel):
    """Base of all bodies: nothing unknown, nothing converted."""

    model_config = ConfigDict(strict=True, extra="forbid")


class Draft(Message):
    """A scenario as it stands in the editor."""

    path: WorkspacePath
    text: ScenarioText


class Save(Draft):
    """A scenario to be written; `version` is that of the file that was opened, "" for a new one."""

    version: Annotated[str, Field(max_length=64)]


class NewScenario(Message):
    """A starter to be written."""

    path: WorkspacePath
    kind: Annotated[str, Field(max_length=40)] = "small"


class Move(Message):
    """A place of the file and the position that it gets."""

    place: Annotated[list[str | int], Field(min_length=1, max_length=8)]
    value: PositionPair | Annotated[list[PositionPair], Field(min_length=1, max_length=16)]


class Edit(Draft):
    """Positions to be changed in a scenario's text."""

    changes: Annotated[list[Move], Field(min_length=1, max_length=64)]


class CoverageLook(Message):
    """What is in sight, detected or reached at a height."""

    variant: Annotated[str, Field(max_length=100)] = ""
    height_m: Annotated[float, Field(ge=1.0, le=30_000.0)]
    above: Literal["ground", "sea"] = "ground"
    shows: Literal["sight", "p_d 0.5", "p_d 0.9", "reach"] = "sight"
    target: Annotated[str, Field(max_length=100, description="Air vehicle; empty: the first raid's.")] = ""


class CoverageQuestion(Draft, CoverageLook):
    """The coverage of a scenario as it stands in the editor, in one variant."""


class StoredCoverageQuestion(CoverageLook):
    """The coverage of a scenario that was run, in one variant; of a campaign in one wave, by default the first."""

    path: WorkspacePath
    wave: Annotated[str, Field(max_length=400)] | None = None


class GroundQuestion(Draft):
    """The ground under a scenario."""


class NewRun(Message):
    """A run to be queued."""

    path: WorkspacePath
    replications: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    stance: Annotated[str, Field(max_length=400)] = ""
    unknown: bool = True
    overwrite: bool = False
