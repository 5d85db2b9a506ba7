"""What posts thought of who their tracks are, as files tell it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping

from kalkan.engine.recorded import Belief
from kalkan.engine.recording import Recording
from kalkan.schema import EVIDENCE, IFF, SIDES

REPLIED = "replied"


def by_track(recording: Recording) -> dict[str, list[Belief]]:
    """Beliefs of each track that a post asked about, by the track's name, in order of time."""
    found: dict[str, list[Belief]] = {}
    for belief in sorted(recording.beliefs, key=lambda b: b.t_s):
        found.setdefault(belief.track, []).append(belief)
    return found


def at(beliefs: list[Belief], t_s: float) -> Belief | None:
    """What was thought at a time [s]; None before the first."""
    i = bisect_right([b.t_s for b in beliefs], t_s)
    return beliefs[i - 1] if i else None


def side(belief: Belief) -> str:
    """The most probable side, a word of ``schema.SIDES``."""
    return SIDES[belief.p.index(max(belief.p))].word


def replied(evidence: Mapping[str, str]) -> bool | None:
    """Whether the newest military interrogation that counts brought a reply; None: none was made."""
    said = evidence.get(EVIDENCE[IFF].word)
    return None if said is None else said == REPLIED
