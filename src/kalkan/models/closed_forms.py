"""Exact answers of the open literature, against which a scenario can be held. Plain Python: nothing is compiled.

Salvos: every round kills with probability p, independently of all others. Queues: Poisson arrivals, and
whoever finds every channel busy is lost.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple


class Expectation(NamedTuple):
    """What a defence with a magazine can expect.

    Attributes
    ----------
    mean_leakers, p_no_leaker, mean_rounds : float
        Expected leakers, probability of none, expected rounds spent [1].
    """

    mean_leakers: float
    p_no_leaker: float
    mean_rounds: float


def barrage(threats: int, per_threat: float, p: float, p_track: float = 1.0) -> Expectation:
    """The same number of rounds at every threat, without a look.

    Wilkening, "A simple model for calculating ballistic missile defense effectiveness", Science & Global
    Security 8 (1999) 183: each threat is destroyed with Kw = P(track)·(1 − (1 − p)ⁿ), all of them with
    P0 = Kw^W. The formula is as others quote it; the paper was not at hand.
    """
    miss = 1.0 - p_track * (1.0 - (1.0 - p) ** per_threat)
    return Expectation(threats * miss, (1.0 - miss) ** threats, float(threats * per_threat))


def shoot_look_shoot(threats: int, salvo: int, looks: int, p: float) -> Expectation:
    """Salvo after salvo at every threat that still lives, up to a number of looks, with rounds enough.

    A threat leaks with (1 − p)^(salvo·looks); salvo k + 1 is needed with probability (1 − p)^(salvo·k).
    """
    miss = (1.0 - p) ** salvo
    rounds = sum(salvo * miss**k for k in range(looks))
    return Expectation(threats * miss**looks, (1.0 - miss**looks) ** threats, threats * rounds)


def salvo_exchange(threats: int, rounds: int, p: float) -> Expectation:
    """A magazine of single rounds, each at a threat that still lives: the stochastic form of Hughes's exchange.

    Kills are min(T, Bin(M, p)): the defensive salvo of Hughes, "A salvo model of warships in missile combat
    used to evaluate their staying power", Naval Research Logistics 42 (1995) 267, drawn as Armstrong, "A
    stochastic salvo model for naval surface combat", Operations Research 53 (2005) 830, draws it.
    Hughes's own deterministic answer is max(T − pM, 0); with M <= T it is the mean.
    """
    found = raid_chain(threats, rounds, 1, rounds, p) if threats and rounds else {(threats, rounds): 1.0}
    return _summed(found, rounds)


def magazine(threats: int, rounds: int, salvo: int, looks: int, p: float) -> Expectation:
    """Shoot-look-shoot with a magazine that may run out: the exact chain of :func:`raid_chain`."""
    return _summed(raid_chain(threats, rounds, salvo, looks, p), rounds)


def raid_chain(threats: int, rounds: int, salvo: int, looks: int, p: float) -> Mapping[tuple[int, int], float]:
    """Distribution of threats left and rounds left after so many looks.

    At each look `salvo` rounds go at every surviving threat, in order, until the rounds run out (one threat
    may get the remainder): a Markov chain over (threats, rounds) with binomial kills.
    """
    state = {(threats, rounds): 1.0}
    for _ in range(looks):
        after: dict[tuple[int, int], float] = {}
        for (left, stock), chance in state.items():
            full = min(left, stock // salvo)
            rest = stock - full * salvo if full < left else 0
            for kills, share in _kills(full, rest, salvo, p):
                key = (left - kills, stock - full * salvo - rest)
                after[key] = after.get(key, 0.0) + chance * share
        state = after
    return state


def _kills(full: int, rest: int, salvo: int, p: float) -> list[tuple[int, float]]:
    """Number of kills and its probability: `full` threats get a salvo each, one more gets `rest` rounds."""
    one, last = 1.0 - (1.0 - p) ** salvo, 1.0 - (1.0 - p) ** rest
    found = [0.0] * (full + 2)
    for k in range(full + 1):
        share = math.comb(full, k) * one**k * (1.0 - one) ** (full - k)
        found[k] += share * (1.0 - last)
        found[k + 1] += share * last
    return [(k, share) for k, share in enumerate(found) if share > 0.0]


def _summed(state: Mapping[tuple[int, int], float], rounds: int) -> Expectation:
    return Expectation(
        sum(chance * left for (left, _), chance in state.items()),
        sum(chance for (left, _), chance in state.items() if left == 0),
        sum(chance * (rounds - stock) for (_, stock), chance in state.items()),
    )


def erlang_loss(channels: int, offered: float) -> float:
    """Share of Poisson arrivals that find every channel busy and are lost: Erlang's B formula.

    B(0) = 1, B(c) = aB(c − 1) / (c + aB(c − 1)) with a the arrivals per mean service time. It holds for any
    distribution of the service time (Sevastyanov, Theory of Probability and its Applications 2 (1957) 104).
    """
    b = 1.0
    for c in range(1, channels + 1):
        b = offered * b / (c + offered * b)
    return b
