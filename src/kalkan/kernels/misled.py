"""Misled: what a post thought of an object when it first shot at it, and which evidence spoke most for hostile."""

from __future__ import annotations

from kalkan.arrays import F8, Struct
from kalkan.jit import kernel
from kalkan.models.identity import weighed_most
from kalkan.schema import HOSTILE, MISLED_BY_EVIDENCE, MISLED_BY_PRIOR


@kernel
def book_shot(who: Struct, log_likelihood: F8, threats: Struct, row: int, i: int, side: int, p: int, k: int) -> None:
    """Book the first launch at object `i` into row `row` of the records of `threats`.

    Parameters
    ----------
    who : Struct
        What posts know of who their tracks are (``evidence.WHO``).
    log_likelihood : float64 (n_kind, n_outcome, 3)
        Of ``models.identity``.
    side : int
        Whose the object truly is; one that is not hostile was misidentified, by the kind of evidence that spoke most
        for hostile against that side, or, where none did, by what the post expected before any evidence.
    p, k : int
        Picture and slot of the track that was shot at.
    """
    threats.threat_p_hostile_at_shot[row, i] = who.p[p, k, HOSTILE]
    if side != HOSTILE:
        kind = weighed_most(log_likelihood, who.outcome[p, k], HOSTILE, side)
        threats.threat_misled_by[row, i] = MISLED_BY_EVIDENCE + kind if kind >= 0 else MISLED_BY_PRIOR
