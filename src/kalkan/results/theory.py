"""Simulated figures beside the exact answers of the closed form that a scenario names."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from kalkan.models import closed_forms
from kalkan.results.measures import quantities
from kalkan.results.quantity import Finished, Quantity, ratio
from kalkan.scenario.checks.theory import NOT_IDEAL
from kalkan.scenario.nouns.theory import ERLANG, HUGHES, LAWS, MAGAZINE, SHOOT_LOOK_SHOOT, WILKENING
from kalkan.schema import KILLED, LEAKED

SETTLING = 5.0
"""Service times after which a queue that began empty counts as settled (kalkan's own)."""


Stated = Mapping[str, Any]
ClosedForm = Callable[[Finished, Stated], "list[Held]"]


class Held(NamedTuple):
    """A simulated quantity and the exact value of its mean."""

    quantity: Quantity
    exact: float


def against_theory(records: Finished) -> list[Held]:
    """Each quantity about which the scenario's closed form speaks; empty where it names none."""
    facts = records.attrs.get("theory")
    return _LAWS[facts["law"]](records, facts) if facts else []


def words(facts: Stated) -> str:
    """What is compared, in a sentence: the law, its source, and the numbers that went in."""
    law = LAWS[facts["law"]]
    numbers = f"{facts['threats']} threats, {facts['rounds']} rounds, salvo {facts['salvo']}, {facts['looks']} looks"
    if facts["law"] == ERLANG:
        numbers = f"{facts['channels']} channels, an arrival every {1.0 / facts['arrivals_per_s']:.4g} s"
    told = f"exact: {law.says} ({law.source}); {numbers}, p = {facts['p_kill']:g}"
    return told if facts.get("ideal", True) else f"{told}; {NOT_IDEAL}"


def _raid(exact: Callable[[Stated], closed_forms.Expectation]) -> ClosedForm:
    """Leakers, the chance of none, and rounds spent, against a closed form of a raid."""

    def held(records: Finished, facts: Stated) -> list[Held]:
        found, answer = quantities(records), exact(facts)
        pairs = zip(("leakers", "p_no_leaker", "spent"), answer, strict=True)
        return [Held(found[key], value) for key, value in pairs]

    return held


def _erlang(records: Finished, facts: Stated) -> list[Held]:
    """Share of arrivals that leak, once the queue has settled, against Erlang's loss formula.

    The formula asks only for the mean time that a channel is taken, which is the run's own: from the launch to
    the kill, and the assessment. Arrivals are counted in a stretch of time that is the same in every replication:
    between the settling and the last time from which on an arrival may be undecided at the horizon. A count that
    ended with the last member would end the earlier the denser the arrivals, and miss those that are lost then.
    """
    a = records.arrays
    outcome, start = a["threat_outcome"], a["threat_start_s"].astype(np.float64)
    killed = outcome == KILLED
    if not killed.any():
        return []
    taken = (a["threat_end_s"].astype(np.float64) - a["threat_first_launch_s"])[killed]
    service_s = float(np.nanmean(taken)) + facts["assessment_s"]
    within = (start > SETTLING * service_s) & (start <= facts.get("until_s", math.inf))
    counted = within & (killed | (outcome == LEAKED))
    lost = ((outcome == LEAKED) & counted).sum(axis=1).astype(np.float64)
    exact = closed_forms.erlang_loss(facts["channels"], facts["arrivals_per_s"] * service_s)
    share = ratio("turned_away", "arrivals turned away", "%", 100.0 * lost, counted.sum(axis=1).astype(np.float64))
    return [Held(share, 100.0 * exact)]


_CHAIN = ("threats", "rounds", "salvo", "looks", "p_kill")
_LAWS: Mapping[str, ClosedForm] = {
    WILKENING: _raid(lambda f: closed_forms.barrage(f["threats"], f["salvo"], f["p_kill"])),
    SHOOT_LOOK_SHOOT: _raid(lambda f: closed_forms.shoot_look_shoot(f["threats"], f["salvo"], f["looks"], f["p_kill"])),
    HUGHES: _raid(lambda f: closed_forms.salvo_exchange(f["threats"], f["rounds"], f["p_kill"])),
    MAGAZINE: _raid(lambda f: closed_forms.magazine(*(f[k] for k in _CHAIN))),
    ERLANG: _erlang,
}
