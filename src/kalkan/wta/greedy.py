"""Assignments made quickly: by greatest marginal return, then by exchanges that save something."""

from __future__ import annotations

import numpy as np

from kalkan.wta.instance import Floats, Instance, Whole

ENOUGH = 1e-12  # of the value: what saves less is no exchange
MOST_PAIRS = 2500  # (weapon, target) pairs of which all exchanges are looked at


def by_marginal_return(instance: Instance, shots: Whole | None = None) -> Whole:
    """Give the round that saves most, again and again, until none saves anything (den Broeder et al. 1959).

    Parameters
    ----------
    instance : Instance
    shots : array of int, shape (weapon, target), optional
        Rounds that are given already.
    """
    shots = np.zeros(instance.p.shape, dtype=np.int64) if shots is None else shots.copy()
    left, residual = instance.rounds - shots.sum(axis=1), instance.surviving(shots)
    able = np.where((left > 0)[:, None], instance.p, 0.0)
    saves = able * residual
    weapon = saves.argmax(axis=0)
    most = saves.max(axis=0)
    while most.max(initial=0.0) > 0.0:
        target = int(most.argmax())
        i = weapon[target]
        shots[i, target] += 1
        left[i] -= 1
        residual[target] *= instance.q[i, target]
        again = np.array([target])
        if left[i] == 0:
            able[i] = 0.0
            again = np.flatnonzero(weapon == i)
        saves = able[:, again] * residual[again]
        weapon[again], most[again] = saves.argmax(axis=0), saves.max(axis=0)
    return shots


def exchanged(instance: Instance, shots: Whole, rounds: int = 200) -> Whole:
    """Move a round to another target, or exchange two, while that saves something; the best first."""
    shots = shots.copy()
    for _ in range(rounds):
        weapon, target = np.nonzero(shots)
        if not len(weapon) or len(weapon) > MOST_PAIRS:
            break
        without = _without(instance, shots, weapon, target)
        residual = instance.surviving(shots)
        if not (_move(instance, shots, weapon, target, without, residual)
                or _swap(instance, shots, weapon, target, without, residual)):  # fmt: skip
            break
    return shots


def _without(instance: Instance, shots: Whole, weapon: Whole, target: Whole) -> Floats:
    """What would survive of each pair's target with one round of its weapon less."""
    q = instance.q[weapon, target]
    residual = instance.surviving(shots)[target]
    found = residual / np.where(q > 0, q, 1.0)
    for k in np.flatnonzero(q == 0):
        fewer = shots[:, target[k]].copy()
        fewer[weapon[k]] -= 1
        found[k] = instance.values[target[k]] * np.prod(instance.q[:, target[k]] ** fewer)
    return found


def _move(
    instance: Instance, shots: Whole, weapon: Whole, target: Whole, without: Floats, residual: Floats
) -> bool:
    """Move one round, if that saves something."""
    saves = instance.p[weapon] * residual - (without - residual[target])[:, None]
    saves[np.arange(len(weapon)), target] = 0.0
    k, to = np.unravel_index(int(saves.argmax()), saves.shape)
    if saves[k, to] <= ENOUGH * residual.sum():
        return False
    shots[weapon[k], target[k]] -= 1
    shots[weapon[k], to] += 1
    return True


def _swap(
    instance: Instance, shots: Whole, weapon: Whole, target: Whole, without: Floats, residual: Floats
) -> bool:
    """Exchange two rounds, if that saves something; a target takes part in one exchange at a time."""
    other = without[:, None] * instance.q[weapon][:, target].T  # of pair a's target with the round of pair b
    saves = residual[target][:, None] - other
    saves = saves + saves.T
    saves[target[:, None] == target] = 0.0
    best = saves.argmax(axis=1)
    gain = saves[np.arange(len(best)), best]
    busy, done = np.zeros(instance.n_targets, dtype=bool), False
    for a in np.argsort(-gain, kind="stable"):
        b = best[a]
        if gain[a] <= ENOUGH * residual.sum():
            break
        if not busy[target[[a, b]]].any():
            busy[target[[a, b]]] = done = True
            for one, to in ((a, b), (b, a)):
                shots[weapon[one], target[one]] -= 1
                shots[weapon[one], target[to]] += 1
    return done
