"""Classes of targets → columns of the plan: whose figures each takes, and which interceptors are for which."""

from __future__ import annotations

from collections.abc import Sequence

from kalkan.compile.inputs import Inputs
from kalkan.scenario.nouns.doctrine import FIGURES_OF, TARGET_CLASSES
from kalkan.schema import AIRCRAFT, BALLISTIC_MISSILE, EVERYWHERE

BALLISTIC = TARGET_CLASSES[BALLISTIC_MISSILE]
P_KILL = "kill_probability"
ROLE = {BALLISTIC: "max_range_ballistic"}
"""Classes against which only those interceptors are of use for which this quantity is claimed."""


def asked(types: Sequence[str], inputs: Inputs) -> tuple[str, ...]:
    """The class whose rules each column takes: its own, or, of one that nobody flies, those against aircraft."""
    flown = {inputs.word(t, "target_class") for t in types} | {TARGET_CLASSES[c] for c in EVERYWHERE} | set(FIGURES_OF)
    return tuple(c if c in flown else TARGET_CLASSES[AIRCRAFT] for c in TARGET_CLASSES)


def figures_of(target_class: str) -> str:
    """The class whose claims hold for a class of targets: its own, unless a doctrine alone tells it apart."""
    return FIGURES_OF.get(target_class, target_class)


def has_role(missile: str, target_class: str, inputs: Inputs) -> bool:
    """Whether an interceptor is of any use against a class."""
    return target_class not in ROLE or inputs.claimed(missile, ROLE[target_class])


def p_kill(missile: str, target_class: str, inputs: Inputs) -> float:
    """Claimed single-shot probability against a class [1]; 0 for what has no role against it.

    Against a class of which nobody claims one, the claims against its next of kin stand (:data:`FIGURES_OF`).
    """
    if not has_role(missile, target_class, inputs):
        return 0.0
    own = inputs.states(missile, P_KILL, target_class)
    return inputs.number(missile, P_KILL, against=target_class if own else figures_of(target_class))


def tell_borrowed(missiles: Sequence[str], flown: set[str], inputs: Inputs) -> None:
    """Note which kill probabilities against what flies are those against another class."""
    for target_class in sorted(flown & FIGURES_OF.keys()):
        for missile in missiles:
            if not inputs.states(missile, P_KILL, target_class):
                inputs.borrowed(missile, P_KILL, target_class, figures_of(target_class))


def ratio_of(quantity: str, target_class: str) -> str:
    """The quantity of kalkan-model that holds a ratio of speeds against a class."""
    return f"ballistic_{quantity}" if target_class == BALLISTIC else quantity
