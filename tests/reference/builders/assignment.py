"""Weapon–target assignment: every way to share out the rounds, and a relaxation in which rounds can be divided."""

from __future__ import annotations

import itertools
import math

import numpy as np

from tests.reference.builders import Builder, Case


def exhaustive(c: Case) -> Case:
    """Least value that survives: target after target, every set of what rounds are left (dynamic programming)."""
    sizes = [n + 1 for n in c["rounds"]]
    steps = [math.prod(sizes[i + 1 :]) for i in range(len(sizes))]
    states = np.array(list(itertools.product(*map(range, sizes))))  # rounds that are left
    least = np.zeros(len(states))
    for target, value in enumerate(c["V"]):
        survives = value * np.prod((1.0 - np.array(c["P"])[:, target]) ** states, axis=1)
        before, least = least, np.full(len(states), np.inf)
        for spent, cost in zip(states, survives, strict=True):
            able = np.flatnonzero((states >= spent).all(axis=1))
            least[able] = np.minimum(least[able], cost + before[able - spent @ np.array(steps)])
    return {"optimum": float(least[-1])}


def divisible(c: Case) -> Case:
    """Greatest damage where rounds can be divided: convex, by sequential quadratic programming."""
    from scipy.optimize import LinearConstraint, minimize

    q, values = np.array(c["q"]), np.array(c["V"])
    weapon, target = np.nonzero(q < 1)
    decay, rounds = -np.log(q[weapon, target]), np.array(c["available"])
    into = (target == np.arange(len(values))[:, None]).astype(float)
    of = (weapon == np.arange(len(rounds))[:, None]).astype(float)

    def left(x: np.ndarray) -> tuple[float, np.ndarray]:
        survives = values * np.exp(-into @ (decay * x))
        return survives.sum(), -decay * survives[target]

    found = minimize(
        left, (rounds / of.sum(axis=1))[weapon], jac=True, method="SLSQP", bounds=[(0, None)] * len(decay),
        constraints=[
            LinearConstraint(of, -np.inf, rounds), LinearConstraint(into, np.array(c["least"], dtype=float), np.inf)
        ], options={"maxiter": 1000, "ftol": 1e-12},
    )  # fmt: skip
    return {"damage": float(values.sum() - found.fun)}


BUILDERS = {
    "wta_static": Builder(exhaustive),
    "wta_typed": Builder(exhaustive),
    "wta_bracken_mccormick": Builder(divisible, rel=1e-7),
}
