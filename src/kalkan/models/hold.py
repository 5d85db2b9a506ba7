"""How long a radar holds what it looks at: the chance that no run of misses breaks a track.

A hold breaks after `drop_misses` misses in a row. Looks are independent; the number of misses in a row
is then a Markov chain, and what is left of its unbroken states after n looks is the chance that the hold
has lasted. With one probability throughout this is the reliability of a consecutive-k-out-of-n system
(Feller, An Introduction to Probability Theory and Its Applications I, 3rd ed. 1968, XIII.7).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from kalkan.jit import kernel

Floats = NDArray[np.float64]


@kernel
def look_again(chain: Floats, drop_misses: int, p_d: float) -> float:
    """One more look at a held target.

    Parameters
    ----------
    chain : float64[drop_misses] or longer
        Probability of 0, 1, ... misses in a row, changed in place.
    drop_misses : int
        Misses in a row that break the hold.
    p_d : float
        Probability of detection at this look [1].

    Returns
    -------
    float
        Probability that the hold still lasts [1].
    """
    held = 0.0
    for j in range(drop_misses):
        held += chain[j]
    for j in range(drop_misses - 1, 0, -1):
        chain[j] = (1.0 - p_d) * chain[j - 1]
    chain[0] = held * p_d
    lasting = chain[0]
    for j in range(1, drop_misses):
        lasting += chain[j]
    return lasting


@kernel
def chance_within(radius_m: float, variance_m2: float) -> float:
    """Probability that a normal error of this variance on each of three axes is shorter than a radius.

    The Maxwell distribution: erf(a) − 2a·exp(−a²)/√π with a = radius/(σ√2).
    """
    if variance_m2 <= 0.0:
        return 1.0
    a = radius_m / math.sqrt(2.0 * variance_m2)
    return math.erf(a) - 2.0 * a * math.exp(-a * a) / math.sqrt(math.pi)
