"""Doctrine → arrays: what a scenario writes for a class of targets, and the claims where it leaves something open."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from kalkan.compile.inputs import MODEL, Inputs
from kalkan.compile.layout import PostSite, UnitSite
from kalkan.kernels.plan import ALWAYS, ASSIGN_NEAREST, ASSIGN_OPTIMAL, ASSIGN_VALUE, LAST_RESORT, NEVER
from kalkan.scenario.nouns.doctrine import TARGET_CLASSES, Against
from kalkan.schema import MAX_TYPES

_ASSIGNMENTS = {"optimal": ASSIGN_OPTIMAL, "nearest-first": ASSIGN_NEAREST, "highest-value-first": ASSIGN_VALUE}
_SHORTEST = "shortest-reaching"


def rules(units: list[UnitSite], missiles: list[str], inputs: Inputs) -> dict[str, np.ndarray]:
    """Columns of fire units that say how they fight; most differ by target class.

    Returns
    -------
    dict of str to array
        ``salvo``, ``max_rounds``, ``earliest_m`` (n_unit, n_class); ``preference``, ``worth`` (n_unit, n_class,
        MAX_TYPES); ``least_chance``, ``reserve`` (n_unit,).
    """
    by_class = [[_rule(u, c, missiles, inputs) for c in TARGET_CLASSES] for u in units]
    columns = {name: np.array([[rule[name] for rule in row] for row in by_class]) for name in by_class[0][0]}
    chance = [inputs.given(u.doctrine.launch_threshold, MODEL, "launch_threshold", u.system) for u in units]
    reserve = [round(inputs.given(u.doctrine.reserve, MODEL, "reserve", u.system)) for u in units]
    return columns | {"least_chance": np.array(chance), "reserve": np.array(reserve, np.int64)}


def assignment(post: PostSite, inputs: Inputs) -> int:
    """How a post gives threats to its fire units: code of the plan."""
    written = post.doctrine.assignment
    if written is None:
        return _ASSIGNMENTS[inputs.word(MODEL, "assignment")]
    inputs.written(MODEL, "assignment", written, post.system)
    return _ASSIGNMENTS[written]


def _rule(unit: UnitSite, target_class: str, missiles: list[str], inputs: Inputs) -> dict[str, object]:
    """What the doctrine of a unit says about a class of targets; what it leaves open, as claimed."""
    against = unit.doctrine.against(target_class)

    def whole(quantity: str, chosen: int | None) -> int:
        return round(inputs.given(chosen, MODEL, quantity, unit.system, against=target_class))

    salvo = whole("salvo", against.salvo)
    looks = _looks(unit, target_class, against, inputs)
    return {
        "salvo": salvo,
        "max_rounds": salvo * (whole("max_salvos", against.max_salvos) if looks else 1),
        "earliest_m": _earliest_m(unit, target_class, against, inputs),
        "preference": _preference(unit, target_class, against.preferred, missiles, inputs),
        "worth": [_worth(m, target_class, against, inputs) for m in missiles]
        + [NEVER] * (MAX_TYPES - len(missiles)),
    }


def _looks(unit: UnitSite, target_class: str, against: Against, inputs: Inputs) -> bool:
    """Whether the outcome of a salvo is awaited before another."""
    if against.look is None:
        return inputs.word(MODEL, "look") == "yes"
    inputs.written(MODEL, "look", "yes" if against.look else "no", unit.system, against=target_class)
    return against.look


def _earliest_m(unit: UnitSite, target_class: str, against: Against, inputs: Inputs) -> float:
    """Ground range beyond which nothing is launched [m]; infinite without a limit."""
    written = against.earliest_range_m
    if written is not None:
        words = f"none beyond {written:g} m"
        inputs.written(MODEL, "earliest_share", words, unit.system, against=target_class)
        return written
    share = inputs.number(MODEL, "earliest_share", against=target_class)
    return math.inf if share >= 1.0 else share * max(inputs.number(m, "max_range") for m in unit.loads)


def _worth(missile: str, target_class: str, against: Against, inputs: Inputs) -> int:
    """When a missile is spent on a class of targets: NEVER, as a LAST_RESORT, or ALWAYS."""
    if _barred(missile, target_class, against, inputs):
        return NEVER
    if against.last_resort is not None:
        inputs.written(missile, "last_resort_against", "by the doctrine", target_class)
        return LAST_RESORT if missile in against.last_resort else ALWAYS
    held_back = target_class in inputs.resolved(missile, "last_resort_against").ids
    return LAST_RESORT if held_back and missile not in (against.preferred or ()) else ALWAYS


def _barred(missile: str, target_class: str, against: Against, inputs: Inputs) -> bool:
    """Whether a missile is never spent on a class: as written, else as claimed, unless the doctrine asks for it."""
    if against.never is not None:
        if inputs.claimed(missile, "never_against"):
            inputs.written(missile, "never_against", "by the doctrine", target_class)
        return missile in against.never
    asked_for = missile in (*(against.preferred or ()), *(against.last_resort or ()))
    if asked_for or not inputs.claimed(missile, "never_against"):
        return False
    return target_class in inputs.resolved(missile, "never_against").ids


def _preference(
    unit: UnitSite, target_class: str, preferred: Sequence[str] | None, missiles: list[str], inputs: Inputs
) -> list[int]:
    """Interceptor types in order of choice: the doctrine's, then by their reach."""
    carried = [m for m in missiles if unit.loads.get(m, 0) > 0]
    wanted = [m for m in preferred or () if m in carried]
    if wanted:
        inputs.written(MODEL, "preferred", ", ".join(wanted), unit.system, against=target_class)
    rest = _by_reach([m for m in carried if m not in wanted], inputs)
    chosen = [missiles.index(m) for m in [*wanted, *rest]]
    return chosen + [-1] * (MAX_TYPES - len(chosen))


def _by_reach(missiles: Iterable[str], inputs: Inputs) -> list[str]:
    """Missiles by their longest range; which end first is asked where there are several."""
    rising = sorted(missiles, key=lambda m: (inputs.number(m, "max_range"), m))
    shortest_first = len(rising) < 2 or inputs.word(MODEL, "preferred") == _SHORTEST
    return rising if shortest_first else rising[::-1]
