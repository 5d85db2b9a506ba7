"""What a closed form needs to know of a scenario, read from its plan; told as a problem where it does not fit."""

from __future__ import annotations

from typing import Any

import numpy as np

from kalkan.errors import ProblemsError
from kalkan.kernels.plan import Plan
from kalkan.scenario import Scenario
from kalkan.scenario.raids import POISSON
from kalkan.scenario.theory import ERLANG, HUGHES, LAWS, MAGAZINE, SHOOT_LOOK_SHOOT, WILKENING


def theory_facts(scenario: Scenario, plan: Plan) -> dict[str, Any] | None:
    """Parameters of the scenario's closed form; None where it names none.

    Returns
    -------
    dict
        ``law``, ``threats``, ``rounds`` (ready on the launchers), ``salvo``, ``looks``, ``p_kill``, ``channels``,
        ``arrivals_per_s`` and ``assessment_s``.

    Raises
    ------
    ProblemsError
        The scenario is not what the closed form is about.
    """
    if scenario.theory is None:
        return None
    classes = np.unique(plan.kinds["target_class"][plan.threats["kind"]])
    loads = plan.launchers["load"].sum(axis=0)
    problems = []
    if plan.units.size != 1:
        problems.append(f"needs one system with one fire unit, not {plan.units.size} fire units")
    if np.count_nonzero(loads) != 1:
        problems.append("needs launchers that carry one type of interceptor; set loads")
    if classes.size != 1:
        problems.append("needs raids of one target class: kill probabilities are claimed by class")
    if not problems:
        facts = _facts(scenario, plan, int(classes[0]), int(np.flatnonzero(loads)[0]))
        problems = [] if _fits(facts) else [f"needs {LAWS[scenario.theory].needs}"]
    if problems:
        raise ProblemsError([scenario.problem(("theory",), p) for p in problems])
    return facts


def _facts(scenario: Scenario, plan: Plan, target_class: int, w: int) -> dict[str, Any]:
    gaps = [r.spacing_s for r in scenario.raids if r.arrivals == POISSON ]
    salvo = int(plan.units["salvo"][0, target_class])
    return {
        "law": scenario.theory,
        "threats": int(plan.threats.size),
        "rounds": int(plan.launchers["load"][:, w].sum()),
        "salvo": salvo,
        "looks": int(plan.units["max_rounds"][0, target_class]) // max(salvo, 1),
        "p_kill": float(plan.interceptors["p_kill"][w, target_class]),
        "channels": int(plan.units["target_channels"][0]),
        "arrivals_per_s": sum(1.0 / g for g in gaps if g > 0.0) if len(gaps) == len(scenario.raids) else 0.0,
        "assessment_s": float(plan.pictures["assessment_s"][0]),
    }


def _fits(f: dict[str, Any]) -> bool:
    """Whether the scenario is what its closed form is about."""
    wanted = f["threats"] * f["salvo"] * f["looks"]
    return {
        WILKENING: f["looks"] == 1 and f["rounds"] >= wanted,
        SHOOT_LOOK_SHOOT: f["rounds"] >= wanted,
        HUGHES: f["salvo"] == 1 and f["looks"] >= f["rounds"],
        MAGAZINE: True,
        ERLANG: f["arrivals_per_s"] > 0.0 and (f["salvo"], f["looks"], f["p_kill"]) == (1, 1, 1.0),
    }[f["law"]]
