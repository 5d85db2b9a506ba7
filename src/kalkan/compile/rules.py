"""Doctrine → arrays: what a scenario writes for a class of targets, and the claims where it leaves something open."""

from __future__ import annotations

import functools
import inspect
import math
from collections.abc import Iterable, Sequence

import numpy as np

from kalkan import policies
from kalkan.arrays import Struct
from kalkan.compile.classes import figures_of, has_role
from kalkan.compile.inputs import MODEL, Inputs
from kalkan.compile.layout import PostSite, UnitSite
from kalkan.jit import kernel
from kalkan.kernels.plan import (
    ALWAYS,
    ASSIGN_EXPECTED,
    ASSIGN_NEAREST,
    ASSIGN_OPTIMAL,
    ASSIGN_OWN,
    ASSIGN_VALUE,
    LAST_RESORT,
    NEVER,
)
from kalkan.policies import Policy
from kalkan.scenario.nouns.doctrine import FIGURES_OF, TARGET_CLASSES, Against, Doctrine
from kalkan.schema import MAX_TYPES

_ASSIGNMENTS = {
    "optimal": ASSIGN_OPTIMAL, "nearest-first": ASSIGN_NEAREST, "highest-value-first": ASSIGN_VALUE,
    "expected-value": ASSIGN_EXPECTED,
}  # fmt: skip
_SHORTEST = "shortest-reaching"


def rules(
    units: list[UnitSite], posts: Sequence[PostSite], missiles: list[str], classes: Sequence[str], inputs: Inputs
) -> dict[str, np.ndarray]:
    """Columns of fire units that say how they fight; most differ by target class, in the order of `classes`.

    Returns
    -------
    dict of str to array
        ``salvo``, ``max_rounds``, ``earliest_m``, ``latest_m``, ``look_s``, ``ripple_s`` (n_unit, n_class);
        ``preference``, ``worth`` (n_unit, n_class, MAX_TYPES); ``least_chance``, ``reserve`` (n_unit,).
    """
    by_class = [[_rule(u, posts[u.post].entry, c, missiles, inputs) for c in classes] for u in units]
    columns = {name: np.array([[rule[name] for rule in row] for row in by_class]) for name in by_class[0][0]}
    chance = [inputs.given(u.doctrine.launch_threshold, MODEL, "launch_threshold", u.system) for u in units]
    reserve = [round(inputs.given(u.doctrine.reserve, MODEL, "reserve", u.system)) for u in units]
    return columns | {"least_chance": np.array(chance), "reserve": np.array(reserve, np.int64)}


def tells_homing_apart(doctrine: Doctrine) -> bool:
    """Whether a doctrine has rules of its own against anti-radiation missiles: then a post takes tracks for them."""
    return doctrine.anti_radiation_missile is not None


def assignment(post: PostSite, inputs: Inputs) -> int:
    """How a post gives threats to its fire units: code of the plan."""
    written = post.doctrine.assignment
    if written is None:
        return _ASSIGNMENTS[inputs.word(MODEL, "assignment")]
    inputs.written(MODEL, "assignment", written, post.system)
    return _ASSIGNMENTS.get(written, ASSIGN_OWN)


def fights(
    units: Sequence[UnitSite], made: Struct, missiles: Sequence[str], flown: set[str], inputs: Inputs
) -> list[dict[str, object]]:
    """How each system fights, in plain data for readers: of its first unit, against the classes that are `flown`."""
    found: dict[str, dict[str, object]] = {}
    for k, u in enumerate(units):
        if u.system not in found:
            row = made[k]
            found[u.system] = {
                "system": u.system, "assignment": u.doctrine.assignment or inputs.word(MODEL, "assignment"),
                "reserve": int(row["reserve"]), "reassign_gain_s": u.doctrine.reassign_gain_s,
                "against": {
                    c: _told_rule(row, i, missiles) for i, c in enumerate(TARGET_CLASSES)
                    if c in flown or (c in FIGURES_OF and tells_homing_apart(u.doctrine))
                },
            }  # fmt: skip
    return list(found.values())


def _told_rule(row: np.void, i: int, missiles: Sequence[str]) -> dict[str, object]:
    """One class of one unit: counts, metres (0: no limit), seconds, and missiles in their order of choice."""
    order = [int(w) for w in row["preference"][i] if w >= 0]
    by_worth = {worth: [missiles[w] for w in order if row["worth"][i][w] == worth] for worth in (ALWAYS, LAST_RESORT)}
    earliest_m = float(row["earliest_m"][i])
    return {
        "salvo": int(row["salvo"][i]), "most": int(row["max_rounds"][i]), "look_s": float(row["look_s"][i]),
        "ripple_s": float(row["ripple_s"][i]), "latest_m": float(row["latest_m"][i]),
        "earliest_m": earliest_m if math.isfinite(earliest_m) else 0.0, "missiles": by_worth[ALWAYS],
        "last_resort": by_worth[LAST_RESORT],
    }  # fmt: skip


def own_policy(posts: Sequence[PostSite]) -> Policy | None:
    """The function of the user's own that the posts give threats by; None: kalkan's own ways.

    A variant has one at most, which the scenario's checks have seen to.
    """
    asked = {p.doctrine.assignment for p in posts} - {*_ASSIGNMENTS, None}
    name = asked.pop() or "" if asked else ""
    return _compiled(name, inspect.getsource(policies.find(name))) if name else None


@functools.cache
def _compiled(name: str, _source: str) -> Policy:
    """A policy as the loop calls it; one for all plans, so that it is compiled once, and anew if it is another."""
    return kernel(policies.find(name))


def _rule(
    unit: UnitSite, post: str, target_class: str, missiles: list[str], inputs: Inputs
) -> dict[str, object]:
    """What the doctrine of a unit says about a class of targets; what it leaves open, as claimed."""
    against = unit.doctrine.against(target_class)

    def whole(quantity: str, chosen: int | None) -> int:
        named = figures_of(target_class) if chosen is None else target_class
        return round(inputs.given(chosen, MODEL, quantity, unit.system, against=named))

    salvo = whole("salvo", against.salvo)
    looks = _looks(unit, target_class, against, inputs)
    return {
        "salvo": salvo,
        "max_rounds": salvo * (whole("max_salvos", against.max_salvos) if looks else 1),
        "earliest_m": _earliest_m(unit, target_class, against, inputs),
        "latest_m": against.latest_range_m or 0.0,
        "look_s": _time_s(against.look_time_s, post, "assessment_time", unit, target_class, inputs),
        "ripple_s": _time_s(
            against.ripple_interval_s, unit.launcher_entry, "launch_interval", unit, target_class, inputs
        ),
        "preference": _preference(unit, target_class, against.preferred, missiles, inputs),
        "worth": [_worth(m, target_class, against, inputs) for m in missiles]
        + [NEVER] * (MAX_TYPES - len(missiles)),
    }


def _time_s(
    written_s: float | None, entry: str, quantity: str, unit: UnitSite, target_class: str, inputs: Inputs
) -> float:
    """A time [s] as the doctrine writes it against a class, else as claimed of a part of the system."""
    if written_s is None:
        return inputs.number(entry, quantity)
    inputs.written(entry, quantity, written_s, unit.system, against=target_class)
    return written_s


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
    share = inputs.number(MODEL, "earliest_share", against=figures_of(target_class))
    return math.inf if share >= 1.0 else share * max(inputs.number(m, "max_range") for m in unit.loads)


def _worth(missile: str, target_class: str, against: Against, inputs: Inputs) -> int:
    """When a missile is spent on a class of targets: NEVER, as a LAST_RESORT, or ALWAYS."""
    if not has_role(missile, target_class, inputs) or _barred(missile, target_class, against, inputs):
        return NEVER
    if against.last_resort is not None:
        inputs.written(missile, "last_resort_against", "by the doctrine", target_class)
        return LAST_RESORT if missile in against.last_resort else ALWAYS
    held_back = figures_of(target_class) in inputs.resolved(missile, "last_resort_against").ids
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
    return figures_of(target_class) in inputs.resolved(missile, "never_against").ids


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
