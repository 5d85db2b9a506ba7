"""What a run of a scene records, as one number, and how it is to change."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np

from kalkan.schema import KILLED, LEAKED

Measure = Callable[[SimpleNamespace], float]


def shots(r: SimpleNamespace) -> float:
    return float(r.spent.sum())


def leakers(r: SimpleNamespace) -> float:
    return float((r.threat_outcome == LEAKED).sum())


def killed(r: SimpleNamespace) -> float:
    return float((r.threat_outcome == KILLED).sum())


def when_s(name: str) -> Measure:
    """Mean of a time of the threats [s]; infinite if it never came for one."""
    return lambda r: float(np.nan_to_num(getattr(r, name), nan=np.inf).mean())


def range_km(name: str) -> Measure:
    """Mean of a range of the threats [km]; 0 where there is none."""
    return lambda r: float(np.nan_to_num(getattr(r, name), nan=0.0).mean()) / 1e3


first_track_s, first_launch_s, over_s = (when_s(f"threat_{x}_s") for x in ("first_track", "first_launch", "end"))
first_plot_km, first_launch_km, first_meeting_km = (
    range_km(f"threat_first_{x}_range_m") for x in ("plot", "launch", "intercept")
)


def recorded(name: str) -> Measure:
    """The sum of a result variable."""
    return lambda r: float(getattr(r, name).sum())


def tracks_begun(r: SimpleNamespace) -> float:
    """Tracks confirmed, also those that turned out to be the continuation of another."""
    return float(r.tracks_confirmed.sum() + r.tracks_merged.sum())


def happened(kind: int, nth: int = 1) -> Measure:
    """When an event of a kind happened for the n-th time [s]; infinite: never."""

    def measure(r: SimpleNamespace) -> float:
        times = r.event_time_s[0, : r.event_count[0]][r.event_kind[0, : r.event_count[0]] == kind]
        return float(times[nth - 1]) if len(times) >= nth else math.inf

    return measure


def rounds_of(missile: str) -> Measure:
    return lambda r: float(r.spent[:, :, r.labels["interceptor"].index(missile)].sum())


def launched_at_s(threat: str) -> Measure:
    """When the first round left for a threat [s]; infinite: none."""

    def measure(r: SimpleNamespace) -> float:
        when = float(r.threat_first_launch_s[0, r.labels["threat"].index(threat)])
        return math.inf if math.isnan(when) else when

    return measure


class Change(NamedTuple):
    """What one field decides: with `line` instead of the scene's own (or the default), a measure rises or falls."""

    line: str
    measure: Measure
    rises: bool
    scene: tuple[str, ...]
    n: int


def rises(measure: Measure, line: str, *scene_lines: str, n: int = 1) -> Change:
    return Change(line, measure, True, scene_lines, n)


def falls(measure: Measure, line: str, *scene_lines: str, n: int = 1) -> Change:
    return Change(line, measure, False, scene_lines, n)
