"""Rules of initiation beside M of N: what to do with a tentative track after a hit or a miss.

``lifecycle`` asks them where ``models.other_rule`` is set; M of N is its own.
"""

from __future__ import annotations

from kalkan.jit import kernel
from kalkan.tracking.tables import CONFIRM, DROP, WAIT, AirPicture


@kernel
def by_logic(air: AirPicture, p: int, k: int, hit: bool) -> int:
    """2 of 2, then M of N: a second plot at once, then ``confirm_hits`` in ``confirm_looks`` looks.

    Bar-Shalom & Li, "Multitarget-Multisensor Tracking: Principles and Techniques", 1995, §3.3.
    """
    bank, manner = air.bank, air.manner
    bank.n_looks[p, k] += 1
    bank.n_hits[p, k] += 1 if hit else 0
    looks, hits = bank.n_looks[p, k], bank.n_hits[p, k]
    if looks == 1:  # its first plot
        return WAIT
    if hits < 2:
        return DROP
    if hits - 2 >= manner.confirm_hits[0]:
        return CONFIRM
    misses = looks - hits
    return DROP if misses > manner.confirm_looks[0] - manner.confirm_hits[0] else WAIT


@kernel
def by_score(air: AirPicture, p: int, k: int, hit: bool) -> int:
    """Sequential probability ratio test of an object against false plots: Wald 1945, doi:10.1214/aoms/1177731118.

    Hits have been counted by the filter (``single.credit``). The first plot says nothing for or against.
    """
    score, manner = air.bank.score, air.manner
    if not hit:
        score[p, k] += manner.log_p_miss[0]
    if score[p, k] >= manner.confirm_score[0]:
        return CONFIRM
    return DROP if score[p, k] <= manner.drop_score[0] else WAIT
