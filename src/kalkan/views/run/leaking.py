"""Why a threat leaked or gave up, or a friend was shot at, in a few sentences from what happened to it."""

from __future__ import annotations

import math

import numpy as np

from kalkan.engine.recording import Recording, Threat
from kalkan.schema import (
    EV_ABORTS,
    EV_EMPTY,
    EV_FIRST_PLOT,
    EV_LAUNCH,
    EV_LEAK,
    EV_LOST,
    EV_MISS,
    EV_ORDER,
    EV_RECALLED,
    EV_TRACK,
    EV_TURNS_BACK,
    EVENTS,
    GAVE_UP,
    HOSTILE,
    LEAKED,
    MISLED,
    OUTCOMES,
    REASONS,
    SIDES,
)


def why(recording: Recording, threat: Threat) -> list[str]:
    """Sentences for the card of a threat that leaked or gave up, or was shot at though not hostile; else none."""
    if threat.side != SIDES[HOSTILE].word:
        return _misled(recording, threat)
    if threat.outcome == OUTCOMES[GAVE_UP].word:
        return _gave_up(recording, threat)
    if threat.outcome != OUTCOMES[LEAKED].word:
        return []
    log = recording.records
    mine = (log["event_subject"] == threat.index) & [EVENTS[k].of_threat for k in log["event_kind"].tolist()]
    times = {k: log["event_time_s"][mine & (log["event_kind"] == k)] for k in range(len(EVENTS))}
    n = {k: int(t.size) for k, t in times.items()}
    told = [_reason(threat.reason)]
    if not n[EV_FIRST_PLOT]:
        told.append("No radar ever had a plot of it.")
    elif n[EV_LEAK]:
        seen_s = float(np.min(times[EV_FIRST_PLOT]))
        minutes = (float(times[EV_LEAK][0]) - seen_s) / 60.0
        told.append(f"It was in the picture {minutes:.1f} min before it leaked, from {clock(seen_s)} on.")
    if n[EV_FIRST_PLOT] and not n[EV_TRACK]:
        told.append("No post made a track of it.")
    if n[EV_ORDER]:
        lost = f"; an engagement radar could not hold it {_times(n[EV_LOST])}" if n[EV_LOST] else ""
        back = f"; the order was taken back {_times(n[EV_RECALLED])}" if n[EV_RECALLED] else ""
        told.append(f"It was ordered to be engaged {_times(n[EV_ORDER])}{lost}{back}.")
    elif n[EV_TRACK]:
        told.append("No fire unit was ordered to engage it.")
    if shots := n[EV_LAUNCH]:
        ends = [f"{n[k]} {word}" for k, word in ((EV_MISS, "missed"), (EV_EMPTY, "found no target")) if n[k]]
        were = "interceptor was" if shots == 1 else "interceptors were"
        told.append(f"{shots} {were} launched at it{': ' if ends else ''}{', '.join(ends)}.")
    return told


def _gave_up(recording: Recording, threat: Threat) -> list[str]:
    """When, before whom, and where it flies then."""
    log, i = recording.records, threat.index
    mine = np.flatnonzero((log["event_subject"] == i) & np.isin(log["event_kind"], (EV_TURNS_BACK, EV_ABORTS)))
    if not mine.size:
        return []
    turns = log["event_kind"][mine[0]] == EV_TURNS_BACK
    unit = recording.labels["unit"][int(log["event_object"][mine[0]])]
    where = "turned back and flew home along its own route" if turns else "flew on along its route and released nothing"
    shots = int(log["threat_shots"][i])
    rounds = "no round was ever launched at it"
    if shots:
        rounds = "1 interceptor was launched at it" if shots == 1 else f"{shots} interceptors were launched at it"
    return [f"At {clock(float(log['event_time_s'][mine[0]]))} it {where}, taken on by {unit}; {rounds}."]


def _misled(recording: Recording, threat: Threat) -> list[str]:
    """Why a post took it for hostile when it first shot at it, and what it knew then."""
    log, i = recording.records, threat.index
    if log["threat_shots"][i] == 0:
        return []
    first_s, p = float(log["threat_first_launch_s"][i]), float(log["threat_p_hostile_at_shot"][i])
    post = int(recording.site("fire unit", int(log["threat_first_launch_unit"][i])).about["post"])
    told = [f"Shot at from {clock(first_s)} on though {threat.side}."]
    if math.isfinite(p):
        by = MISLED[int(log["threat_misled_by"][i])]
        told.append(f"Its P(hostile) was {p:.2f}; what spoke most for it: {by.word} ({by.sentence}).")
    known = [b for b in recording.beliefs if b.threat == i and b.post == post and b.t_s <= first_s]
    if known:
        told += _not_spared(known[-1].p)
        said = "; ".join(f"{kind}: {words}" for kind, words in known[-1].evidence.items())
        told.append(f"The post knew of it: {said}.")
    return told


def _not_spared(p: tuple[float, float, float]) -> list[str]:
    """Why it was shot at though it was not taken for hostile: weapons were free, or the zone counted as hostile."""
    if p[HOSTILE] >= max(p):
        return []
    others = (f"P({side.word}) {p[k]:.2f}" for k, side in enumerate(SIDES) if k != HOSTILE)
    return [f"{' and '.join(others)} were not enough, under the rules, to spare it."]


def clock(seconds: float) -> str:
    """``04:07``, or ``1:02:09`` from an hour on."""
    whole = int(seconds)
    hours = f"{whole // 3600}:" if whole >= 3600 else ""
    return f"{hours}{whole // 60 % 60:02}:{whole % 60:02}"


def _reason(word: str) -> str:
    sentence = {r.word: r.sentence for r in REASONS}[word]
    return f"{word.capitalize()}: {sentence}." if word else "No reason recorded."


def _times(n: int) -> str:
    return {1: "once", 2: "twice"}.get(n, f"{n} times")
