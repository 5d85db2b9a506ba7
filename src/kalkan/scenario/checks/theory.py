"""What a closed form needs to know of a scenario, from what it writes and the claims; and what it does not fit.

A post tells classes of targets by speed and altitude, while kill probabilities are those of the true class. A closed
form knows one rule and one probability: all classes must be fought alike, so that it does not matter what a threat
is taken for, and all threats must be of one class.
"""

from __future__ import annotations

import math
from typing import Any

from kalkan.catalogue import Catalogue, parse_load, resolve
from kalkan.scenario.nouns.doctrine import CLAIMED_CLASSES, FIGURES_OF, TARGET_CLASSES, Against
from kalkan.scenario.nouns.presets import IDEAL
from kalkan.scenario.nouns.raids import POISSON, Raid
from kalkan.scenario.nouns.scenario import Scenario
from kalkan.scenario.nouns.systems import System
from kalkan.scenario.nouns.theory import ERLANG, HUGHES, LAWS, MAGAZINE, SHOOT_LOOK_SHOOT, WILKENING

_MODEL = "kalkan-model"
_SPREAD = 3.0  # standard deviations of a Poisson count by which a stream must outlast the horizon


class _Asking:
    """A scenario's figures: as it assumes or writes them, else as claimed."""

    def __init__(self, scenario: Scenario, catalogue: Catalogue) -> None:
        self.scenario, self.catalogue = scenario, catalogue

    def word(self, entry: str, quantity: str, **conditions: str) -> Any:
        return resolve(self.catalogue, entry, quantity, assume=self.scenario.assume, conditions=conditions).value

    def number(self, entry: str, quantity: str, **conditions: str) -> float:
        return float(self.word(entry, quantity, **conditions))

    def whole(self, written: int | None, entry: str, quantity: str, **conditions: str) -> int:
        return round(self.number(entry, quantity, **conditions)) if written is None else written


def theory_facts(scenario: Scenario, catalogue: Catalogue) -> dict[str, Any] | None:
    """Parameters of the scenario's closed form; None where it names none.

    Parameters
    ----------
    scenario : Scenario
        One to which :func:`theory_fault` has nothing to say.
    catalogue : Catalogue
        Under the stance of the run.

    Returns
    -------
    dict
        ``law``, ``threats``, ``rounds`` (ready on the launchers), ``salvo``, ``looks``, ``p_kill``, ``channels``,
        ``arrivals_per_s``, ``assessment_s`` and ``ideal`` (whether the scenario gives every figure of the preset of
        that name, by it or by itself).
    """
    if scenario.theory is None:
        return None
    ask, system = _Asking(scenario, catalogue), scenario.systems[0]
    (missile,) = _missiles(ask, system)
    (rule,) = {_rule(ask, system, c) for c in TARGET_CLASSES}
    raids = scenario.raids
    streams = all(r.arrivals == POISSON and r.aim is not None for r in raids)
    return {
        "law": scenario.theory,
        "threats": sum(r.count for r in raids),
        "rounds": _rounds(ask, system)[missile],
        "salvo": rule[0],
        "looks": rule[1],
        "p_kill": ask.number(missile, "kill_probability", against=ask.word(raids[0].type, "target_class")),
        "channels": round(ask.number(ask.word(system.type, "engagement_radar"), "target_channels")),
        "arrivals_per_s": sum(1.0 / r.spacing_s for r in raids if r.spacing_s > 0.0) if streams else 0.0,
        "assessment_s": ask.number(ask.word(system.type, "command_post"), "assessment_time"),
        "ideal": _is_ideal(ask, system, missile),
    }


def theory_fault(scenario: Scenario, catalogue: Catalogue) -> str:
    """Everything that the scenario's closed form needs and does not find in it; ``""`` if it fits or names none."""
    if scenario.theory is None:
        return ""
    ask = _Asking(scenario, catalogue)
    faults = _of_systems(ask) + _of_raids(ask)
    if not faults and not _fits(theory_facts(scenario, catalogue) or {}, scenario):
        faults = [f"needs {LAWS[scenario.theory].needs}"]
    return "; ".join(faults)


def theory_note(scenario: Scenario) -> str:
    """What is to be known beside a comparison that is not held under ideal conditions, or ``""``."""
    facts = theory_facts(scenario, scenario.catalogue)
    return "" if facts is None or facts["ideal"] else NOT_IDEAL


NOT_IDEAL = (
    'without [assume] preset = "ideal" the simulated figure contains sensors, delays and scarcity '
    "that the formula leaves out"
)


def _of_systems(ask: _Asking) -> list[str]:
    """What is wrong with the defence for any closed form."""
    systems, law = ask.scenario.systems, ask.scenario.theory
    faults, units = [], sum(_fire_units(ask, s) for s in systems)
    if units != 1:
        faults.append(f"needs one system with one fire unit, not {units} fire units")
    missiles = {m for s in systems for m in _missiles(ask, s)}
    if len(missiles) != 1:
        faults.append("needs launchers that carry one type of interceptor; set loads")
    if any(len({_rule(ask, s, c) for c in TARGET_CLASSES}) > 1 for s in systems):
        faults.append(
            "needs one rule against all classes of targets, since posts tell them by speed and altitude alone; "
            "write salvo, look and max_salvos into the doctrine's own table"
        )
    if any(_holds_back(ask, s, missiles) for s in systems):
        faults.append(
            "needs a doctrine that holds nothing back: no reserve, earliest_range, latest_range, last_resort or never"
        )
    if any(_keeps_time(_against(ask, s, c)) for s in systems for c in TARGET_CLASSES):
        faults.append("needs a doctrine with no times of its own: no look_time or ripple_interval")
    if any(ask.scenario.doctrine[s.doctrine].reassign_gain_s is not None for s in systems):
        faults.append("needs a doctrine whose orders stand: no reassign_gain")
    if law in (HUGHES, MAGAZINE) and any(s.reload_sets for s in systems):
        faults.append("needs reload_sets = 0: its rounds are those on the launchers")
    return faults


def _of_raids(ask: _Asking) -> list[str]:
    classes = {ask.word(r.type, "target_class") for r in ask.scenario.raids}
    others = ask.scenario.flights or ask.scenario.traffic
    faults = ["needs raids of one target class: kill probabilities are claimed by class"] if len(classes) != 1 else []
    faults += ["needs raids that fly on as written: no react"] if any(r.react for r in ask.scenario.raids) else []
    return [*faults, "needs nothing but raids in the air; leave flights and traffic out"] if others else faults


def _fire_units(ask: _Asking, system: System) -> int:
    positions = system.fire_unit_positions
    return len(positions) if positions else ask.whole(system.fire_units, system.type, "fire_units")


def _rounds(ask: _Asking, system: System) -> dict[str, int]:
    """Rounds of each type on the launchers of one fire unit."""
    loads = parse_load(ask.word(system.type, "load")) if system.loads is None else system.loads
    launchers = ask.whole(system.launchers, system.type, "launchers_per_fire_unit")
    return {m: n * launchers for m, n in loads.items() if n > 0}


def _missiles(ask: _Asking, system: System) -> set[str]:
    return set(_rounds(ask, system))


def _against(ask: _Asking, system: System, target_class: str) -> Against:
    return ask.scenario.doctrine[system.doctrine].against(target_class)


def _rule(ask: _Asking, system: System, target_class: str) -> tuple[int, int]:
    """Rounds per salvo and salvos per target against a class."""
    against = _against(ask, system, target_class)
    looks = ask.word(_MODEL, "look") == "yes" if against.look is None else against.look
    figures = FIGURES_OF.get(target_class, target_class)
    salvo = ask.whole(against.salvo, _MODEL, "salvo", against=figures)
    return salvo, ask.whole(against.max_salvos, _MODEL, "max_salvos", against=figures) if looks else 1


def _holds_back(ask: _Asking, system: System, missiles: set[str]) -> bool:
    """Whether the doctrine keeps rounds for later, nearer or other targets."""
    rules = [_against(ask, system, c) for c in TARGET_CLASSES]
    barred = {m for r in rules for m in (*(r.never or ()), *(r.last_resort or ()))}
    shares = [ask.number(_MODEL, "earliest_share", against=c) for c in CLAIMED_CLASSES]
    near = any(r.earliest_range_m is not None or r.latest_range_m is not None for r in rules)
    near = near or any(s < 1.0 for s in shares)
    reserve = ask.whole(ask.scenario.doctrine[system.doctrine].reserve, _MODEL, "reserve")
    return near or reserve > 0 or not barred.isdisjoint(missiles)


def _keeps_time(rule: Against) -> bool:
    """Whether the doctrine sets times that are claimed otherwise, and that the closed form goes by."""
    return rule.look_time_s is not None or rule.ripple_interval_s is not None


def _is_ideal(ask: _Asking, system: System, missile: str) -> bool:
    parts = [ask.word(system.type, q) for q in ("command_post", "engagement_radar", "launcher")]
    return all(
        q in ask.scenario.assume.get(entry, {})
        for entry in (_MODEL, missile, *parts)
        for q in ask.catalogue.entry(entry).quantities
        if q in IDEAL
    )


def _fits(f: dict[str, Any], scenario: Scenario) -> bool:
    """Whether the scenario is what its closed form is about."""
    wanted = f["threats"] * f["salvo"] * f["looks"]
    return {
        WILKENING: f["looks"] == 1 and f["rounds"] >= wanted,
        SHOOT_LOOK_SHOOT: f["rounds"] >= wanted,
        HUGHES: f["salvo"] == 1 and f["looks"] >= f["rounds"],
        MAGAZINE: True,
        ERLANG: f["arrivals_per_s"] > 0.0
        and (f["salvo"], f["looks"], f["p_kill"]) == (1, 1, 1.0)
        and all(_outlasts(r, scenario.study.horizon_s) for r in scenario.raids),
    }[f["law"]]


def _outlasts(raid: Raid, horizon_s: float) -> bool:
    """Whether a stream of Poisson arrivals has members left at the horizon, but for about one run in a thousand.

    Where the count ends the stream, its end comes the earlier the denser it was: then fewer are lost than Erlang says.
    """
    expected = (horizon_s - raid.start_s) / raid.spacing_s
    return raid.count >= expected + _SPREAD * math.sqrt(expected)
