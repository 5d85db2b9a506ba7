"""Closed forms of the open literature that a scenario can ask to be held against: ``theory = "wilkening"``.

The exact answer is computed from what the scenario says (threats, rounds, salvo, looks, kill probability,
channels, arrivals) and stands beside the simulated figure. It holds under ``[assume] preset = "ideal"``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Law(NamedTuple):
    """A closed form: what it says, by whom, and what a scenario needs for it."""

    says: str
    source: str
    needs: str


WILKENING, SHOOT_LOOK_SHOOT, HUGHES, MAGAZINE, ERLANG = "wilkening", "shoot-look-shoot", "hughes", "magazine", "erlang"
LAWS: Mapping[str, Law] = {
    WILKENING: Law(
        "barrage: all W destroyed with probability (1 − (1 − p)^n)^W",
        "Wilkening, Science & Global Security 8 (1999) 183",
        "one salvo per target without a look (look = false), and rounds for all",
    ),
    SHOOT_LOOK_SHOOT: Law(
        "a threat leaks with probability (1 − p)^(n·L) after L salvos of n",
        "renewal of independent salvos",
        "looks (look = true), and rounds for every salvo at every target",
    ),
    HUGHES: Law(
        "kills are min(T, Bin(M, p)); with M <= T the mean is Hughes's T − pM",
        "Hughes, Naval Research Logistics 42 (1995) 267; Armstrong, Operations Research 53 (2005) 830",
        "salvo = 1, look = true, and max_salvos of at least the number of rounds",
    ),
    MAGAZINE: Law(
        "a Markov chain over threats and rounds, look by look",
        "exact recursion with binomial kills",
        "threats that come together, so that every salvo of a look leaves before the next look",
    ),
    ERLANG: Law(
        "Poisson arrivals that find every channel busy are lost: a^c/c! over the sum of a^k/k!, k from 0 to c",
        "Erlang 1917; Sevastyanov, Theory of Probability and its Applications 2 (1957) 104",
        "raids with an aim and arrivals = \"poisson\" that outlast the horizon (count more than horizon / spacing, "
        "by three times its root), salvo = 1, max_salvos = 1 and kill probability 1",
    ),
}
