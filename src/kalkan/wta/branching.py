"""Branch and price: the best assignment, and a bound that no assignment beats.

Each target takes one set of rounds; the linear programme over all sets (Dantzig–Wolfe) is solved by column generation
and bounds the value far better than one over single rounds. Where its mean rounds are whole, they are an assignment
that costs no more, since the value that survives is convex in the rounds; elsewhere the search branches on the rounds
of one weapon at one target, which the pricing keeps by itself.

Source: columns by enumeration, Lu & Chen (2021, doi:10.1016/j.omega.2019.102138); branch, price and cut, Bertsimas &
Paskov (2025, doi:10.1002/nav.22249). The pricing and the branching here are kalkan's own.
"""

from __future__ import annotations

import heapq
import itertools
import time
from typing import NamedTuple

import numpy as np

from kalkan.wta.candidates import Limits
from kalkan.wta.greedy import by_marginal_return, exchanged
from kalkan.wta.instance import Floats, Instance, Whole
from kalkan.wta.lagrange import Quick, ascent
from kalkan.wta.master import Master, alone
from kalkan.wta.pricing import search

GOAL = 1e-9  # relative gap at which the search ends
WHOLE = 1e-6  # mean rounds as near as this to a whole number are whole
CLOSE = 1e-10  # of the mean value of a target after greedy: what costs less by less is not worth a set
FEW = 5  # sets of a target that one pricing adds
FIRST_FEW = 30
STEPS = 150
FIRST_LIMIT, LAST_LIMIT = 200_000, 50_000_000  # sets that one pricing looks at


class Best(NamedTuple):
    """Rounds (weapon, target), and a lower bound of the value that survives any assignment."""

    shots: Whole
    bound: float


class _Priced(NamedTuple):
    """A node's lower bound, and mean rounds of its programme (None: out of time)."""

    lower: float
    mean: Floats | None


class _Search:
    """What one search knows: the programme of all sets found, and the best assignment."""

    def __init__(self, instance: Instance, deadline: float) -> None:
        self.instance, self.deadline = instance, deadline
        self.master = Master(instance)
        self.shots = exchanged(instance, by_marginal_return(instance))
        self.value = instance.value(self.shots)
        self.slack = CLOSE * self.value / instance.n_targets

    def offer(self, shots: Whole) -> None:
        """An assignment that may be better."""
        value = self.instance.value(shots)
        if value < self.value:
            self.shots, self.value = shots, value

    def seed(self, limits: Limits) -> float:
        """The first sets, and a first lower bound."""
        instance = self.instance
        self.master.add(alone(self.shots))
        free = limits.start(instance, np.zeros(instance.n_weapons))
        prices = ascent(instance, free, self.shots, STEPS, self.deadline)
        start = limits.start(instance, prices)
        costs, _ = Quick(instance, start).at(prices)
        margin = max(self.value - (costs.sum() - prices @ instance.rounds), 1e-3 * self.value) / instance.n_targets
        found = search(
            instance, prices, start, costs + 3 * margin, few=FIRST_FEW, limit=FIRST_LIMIT, deadline=self.deadline,
            tighten=False,
        )  # fmt: skip
        self.master.add(found.columns)
        return float(np.minimum(found.lower, costs).sum() - prices @ instance.rounds)

    def price(self, limits: Limits, lower: float) -> _Priced:
        """Generate sets within limits until none improves the programme, or the node cannot beat the best."""
        limit = FIRST_LIMIT
        while True:
            solved = self.master.solve(self.deadline)
            if solved is None:
                return _Priced(lower, None)
            start = limits.start(self.instance, solved.prices)
            below = solved.worth - self.slack
            found = search(
                self.instance, solved.prices, start, below, few=FEW, limit=limit, deadline=self.deadline
            )
            lower = max(lower, float(found.lower.sum() - solved.prices @ self.instance.rounds))
            if lower >= self.value * (1.0 - GOAL):
                return _Priced(lower, solved.mean)
            if len(found.columns.target):
                self.master.add(found.columns)
            elif found.complete or limit >= LAST_LIMIT or time.perf_counter() > self.deadline:
                return _Priced(lower, solved.mean)
            else:
                limit *= 8

    def node(self, limits: Limits, lower: float) -> _Priced:
        """Solve a node, and try what its mean rounds suggest."""
        priced = self.price(limits, lower)
        if priced.mean is not None:
            whole = np.rint(priced.mean)
            if np.abs(priced.mean - whole).max(initial=0.0) <= WHOLE:
                self.offer(whole.astype(np.int64))
            else:
                part = np.floor(priced.mean + WHOLE).astype(np.int64)
                self.offer(exchanged(self.instance, by_marginal_return(self.instance, part)))
        return priced


def solve(instance: Instance, deadline: float) -> Best:
    """The best assignment that is found until the deadline [s of ``time.perf_counter``], and what bounds it.

    Parameters
    ----------
    instance : Instance
        With weapons and targets, and a value that some assignment leaves above zero.
    deadline : float
    """
    found = _Search(instance, deadline)
    none = np.zeros(instance.p.shape, dtype=np.int64)
    root = Limits(none, none + instance.rounds[:, None])
    lower = found.seed(root)
    number = itertools.count()
    heap: list[tuple[float, int, Limits]] = [(lower, next(number), root)]
    settled = np.inf  # least bound of what was left without an assignment
    while heap and time.perf_counter() < deadline and heap[0][0] < found.value * (1.0 - GOAL):
        lower, _, limits = heapq.heappop(heap)
        if limits is not root:
            found.master.open(limits)
        priced = found.node(limits, lower)
        branches = _branches(instance, limits, priced.mean)
        if priced.mean is None or not branches:
            settled = min(settled, priced.lower)
        for branch in branches:
            heapq.heappush(heap, (priced.lower, next(number), branch))
    bound = min([settled, found.value, *(node[0] for node in heap)])
    return Best(found.shots, max(bound, 0.0))


def _branches(instance: Instance, limits: Limits, mean: Floats | None) -> list[Limits]:
    """Two nodes that share all whole assignments of a node: at most so many rounds of a weapon at a target, or more."""
    if mean is None:
        return []
    apart = np.abs(mean - np.rint(mean))
    weapon, target = np.unravel_index(int((apart * instance.p * instance.values).argmax()), apart.shape)
    if apart[weapon, target] <= WHOLE:
        return []
    fewer, more = int(np.floor(mean[weapon, target])), int(np.ceil(mean[weapon, target]))
    most, least = limits.most.copy(), limits.least.copy()
    most[weapon, target] = fewer
    least[weapon, target] = more
    found = [Limits(limits.least, most)]
    if least[weapon].sum() <= instance.rounds[weapon]:
        found.append(Limits(least, limits.most))
    return found
