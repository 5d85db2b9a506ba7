"""Assignment policies of a user's own, by name: what a doctrine's ``assignment`` may say beside kalkan's own words.

A policy is a function that says what each engagement would be worth; the command post then gives its free channels so
that the sum is as large as it can be. It is compiled alone and runs at full speed inside the loop::

    @kalkan.assignment_policy
    def protect_the_bridge(value, urgency_s, until_s, p_kill, rounds, channels, worth):
        for i in range(value.size):
            for u in range(rounds.size):
                worth[i, u] = value[i] * p_kill[i, u] / (1.0 + urgency_s[i])

    # [doctrine.standard]
    # assignment = "protect_the_bridge"

Its arguments are arrays over the tracks i that wait for an order, the most valuable and urgent first, and all fire
units u:

``value`` (i,)
    Of the asset that the track threatens [1].
``urgency_s`` (i,)
    Time until it is there [s].
``until_s`` (i, u)
    Time until a round of the unit would meet it [s]; inf: the unit cannot take it now.
``p_kill`` (i, u)
    Chance that the unit's salvo kills it, by the claims and the geometry of the meeting [1]; 0 where it cannot.
``rounds``, ``channels`` (u,)
    Ready rounds, and free target channels; 0 for units of other posts.
``worth`` (i, u)
    To be filled: what is not above 0 is not ordered. What a unit cannot take now is not ordered whatever it says.

It sees tracks and never the truth, and may call what numba can compile; arrays cannot be made in it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from kalkan.errors import PolicyError

Policy = Callable[..., Any]
ARGUMENTS = ("value", "urgency_s", "until_s", "p_kill", "rounds", "channels", "worth")
_KNOWN: dict[str, Policy] = {}


def assignment_policy(function: Policy) -> Policy:
    """Register a function as a policy under its own name, in this process; use it as a decorator.

    Parameters
    ----------
    function : callable
        Of the seven arguments of this module's description, in their order.

    Returns
    -------
    callable
        The same function.

    Raises
    ------
    PolicyError
        It takes other arguments, or has no source that identifies results made with it.
    """
    name = function.__name__
    taken = tuple(inspect.signature(function).parameters)
    if len(taken) != len(ARGUMENTS):
        raise PolicyError(
            f'the policy "{name}" takes {len(taken)} argument(s), but it is called with {len(ARGUMENTS)}: '
            + ", ".join(ARGUMENTS)
        )
    try:
        inspect.getsource(function)
    except OSError:
        raise PolicyError(
            f'the policy "{name}" has no source to identify results by: write it into a file or a notebook\'s cell'
        ) from None
    _KNOWN[name] = function
    return function


def names() -> tuple[str, ...]:
    """Names of the policies that are registered in this process."""
    return tuple(_KNOWN)


def find(name: str) -> Policy:
    """The registered policy of a name."""
    return _KNOWN[name]
