"""Single cases of friends and neutrals that were shot at: in which replication, when, and which evidence misled."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kalkan.results.quantity import Finished
from kalkan.schema import FRIENDLY, KILLED, MISLED, NEUTRAL, SIDES


class Mistake(NamedTuple):
    """One of them.

    Attributes
    ----------
    replication : int
        Its number.
    threat, side : str
        Who, and whose.
    first_shot_s : float
        When the first round was launched at it [s].
    p_hostile : float
        What the post took it for then; nan where it told no sides apart.
    misled_by : str
        The evidence that spoke most for shooting, a word of ``schema.MISLED``.
    killed : bool
    """

    replication: int
    threat: str
    side: str
    first_shot_s: float
    p_hostile: float
    misled_by: str
    killed: bool


def mistakes(records: Finished) -> list[Mistake]:
    """Every case of a variant, by replication and then by time."""
    others = records.of_side(FRIENDLY) | records.of_side(NEUTRAL)
    side = np.where(records.of_side(FRIENDLY), SIDES[FRIENDLY].word, SIDES[NEUTRAL].word)
    arrays, names = records.arrays, records.labels["threat"]
    found = [
        Mistake(
            int(records.replications[k]), names[i], str(side[i]), float(arrays["threat_first_launch_s"][k, i]),
            float(arrays["threat_p_hostile_at_shot"][k, i]), MISLED[int(arrays["threat_misled_by"][k, i])].word,
            bool(arrays["threat_outcome"][k, i] == KILLED),
        )
        for k, i in np.argwhere((arrays["threat_shots"] > 0) & others).tolist()
    ]  # fmt: skip
    return sorted(found, key=lambda m: (m.replication, m.first_shot_s))
