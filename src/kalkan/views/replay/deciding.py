"""What a post decided about a target and why, as a sentence from the trace: nothing is worked out here again."""

from __future__ import annotations

import math
from typing import Any

from kalkan.engine.recorded import Decision
from kalkan.engine.recording import Recording
from kalkan.schema import (
    NO_CHANNEL,
    NO_MISSILE,
    NOT_CHOSEN,
    NOT_HELD,
    NOT_IDENTIFIED,
    NOT_WORTH,
    ON_HOLD,
    OUT_OF_ENVELOPE,
    POOR_CHANCE,
    REASONS,
    TAKEN_FOR_DECOY,
    TOO_LATE,
)

_WAITS = {
    NO_CHANNEL: "no channel of {unit} is free",
    NO_MISSILE: "{unit} has no round ready",
    NOT_HELD: "an engagement radar looked for it in vain",
    TOO_LATE: "no round of {unit} comes in time",
    NOT_CHOSEN: "others come first, or enough rounds have been spent on it",
    POOR_CHANCE: "no round of {unit} is likely enough to meet it",
    NOT_WORTH: "the doctrine spends no round of {unit} on it now",
    NOT_IDENTIFIED: "who it is is not known well enough",
    ON_HOLD: "the rules hold all fire",
    TAKEN_FOR_DECOY: "it is taken for a decoy or debris",
    OUT_OF_ENVELOPE: "no round of {unit} reaches it on its course",
}


def decisions(recording: Recording) -> dict[str, list[Any]]:
    """Times [0.01 s], true objects behind the tracks (-1: none) and sentences, in order of time."""
    told = sorted(recording.decisions, key=lambda d: d.t_s)
    return {
        "t": [round(d.t_s * 100.0) for d in told],
        "threat": [d.threat for d in told],
        "text": [sentence(d, recording.labels) for d in told],
    }


def sentence(d: Decision, labels: dict[str, list[str]]) -> str:
    """One decision with its grounds: ``waits: 9M96E2 of north 1 reaches it at 41 km; 3 of 10 channels busy``."""
    unit = labels["unit"][d.unit] if d.unit >= 0 else "any unit"
    busy = f"{d.channels} of {d.channels_of} channels busy" if d.unit >= 0 else ""
    where = f"{labels['interceptor'][d.interceptor].upper()} of {unit}" if d.interceptor >= 0 else ""
    if d.stage == "ordered":
        meets = f": {where} meets it at {_km(d.meeting_m)}" if where else f": {unit}"
        return f"ordered{meets}; channel {d.channels} of {d.channels_of}"
    grounds = _WAITS.get(d.reason, REASONS[d.reason].word).format(unit=unit)
    if d.reason == OUT_OF_ENVELOPE and where:
        grounds = f"{where} reaches it at {_km(d.meeting_m)}{_later(d.wait_s)}"
    waits = f"held by {unit}, waits: " if d.stage == "held" else "waits: "
    return waits + "; ".join(part for part in (grounds, busy) if part)


def _km(metres: float) -> str:
    return f"{metres / 1e3:.0f} km"


def _later(wait_s: float) -> str:
    return f" if it is launched in {wait_s:.0f} s" if math.isfinite(wait_s) and wait_s > 0.0 else ""
