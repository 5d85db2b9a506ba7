"""What a study is after, as a user writes it: ``leakers ± 0.2``, ``leakers difference <= -5``."""

from __future__ import annotations

import difflib
import re
from typing import NamedTuple

PLAIN = {
    "leakers": "1",
    "killed": "1",
    "departed": "1",
    "unresolved": "1",
    "p_no_leaker": "1",
    "hits": "1",
    "value_lost": "1",
    "value_kept": "%",
    "spent": "1",
    "met_nothing": "1",
    "orders": "1",
    "not_held": "1",
    "channels_full": "s",
    "false_tracks": "1",
    "track_swaps": "1",
    "cost_spent": "USD",
    "cost_killed": "USD",
}
"""Measures with one number per replication, and their units."""
RATIOS = {"shots_per_kill": "1", "cost_exchange": "1"}
"""Measures that are ratios of sums; a run can stop on them, a sweep cannot use them."""
NAMES = {
    "p_no_leaker": "probability of no leaker",
    "value_lost": "value lost",
    "value_kept": "share of value kept",
    "spent": "interceptors spent",
    "met_nothing": "interceptors that met nothing",
    "orders": "engagements ordered",
    "not_held": "engagements not held",
    "channels_full": "time with all channels of a unit busy",
    "false_tracks": "false tracks",
    "track_swaps": "track swaps",
    "hits": "hits on assets",
    "cost_spent": "cost of interceptors",
    "cost_killed": "cost of threats killed",
}
_FORM = re.compile(
    r"\s*([A-Za-z_]+)(\s+difference)?\s*(?:(±|\+-|\+/-|<=|>=|=)\s*([-+−]?[\d.]+(?:[eE][-+]?\d+)?)\s*(%)?)?\s*"
)


def step_of(key: str) -> float:
    """Smallest change that one event makes to a replication's value: 1 for counts and for whether something happens."""
    return 1.0 if PLAIN.get(key) == "1" and key != "value_lost" else 0.0


class Goal(NamedTuple):
    """A measure, perhaps as a paired difference from the first variant, and a number.

    Attributes
    ----------
    key : str
        Of the measure.
    difference : bool
        Whether the paired difference of variants is meant.
    sign : str
        ``"±"``, ``"<="``, ``">="``, ``"="``, or ``""`` where no number is given.
    value : float
        In the unit of the measure; probabilities as fractions.
    """

    key: str
    difference: bool
    sign: str = ""
    value: float = 0.0

    @property
    def text(self) -> str:
        """As a user writes it."""
        word = " difference" if self.difference else ""
        return f"{self.key}{word}" + (f" {self.sign} {self.value:g}" if self.sign else "")

    @property
    def name(self) -> str:
        """The measure for people."""
        return NAMES.get(self.key, self.key.replace("_", " "))


def read_goal(text: str, *, wants: str = "", ratios: bool = False) -> Goal:
    """Read one goal.

    Parameters
    ----------
    text : str
        Such as ``"leakers difference ± 0.3"``; ``+-`` is as good as ``±``.
    wants : str
        Signs that are allowed (``"±"`` or ``"<= >="``); ``""``: a measure alone.
    ratios : bool
        Whether measures that are ratios are allowed.

    Raises
    ------
    ValueError
        With what is wrong and what is allowed.
    """
    number = f" {wants.split()[0]} {0.3 if wants == '±' else -5}" if wants else ""
    example = f'"leakers difference{number}"'
    match = _FORM.fullmatch(text)
    if match is None:
        raise ValueError(f'"{text}" is not a measure{" and a number" if wants else ""}, such as {example}')
    key, difference, sign, number, percent = match.groups()
    known = {**PLAIN, **(RATIOS if ratios else {})}
    if key not in known:
        near = difflib.get_close_matches(key, known, 1, 0.5)
        tail = f' — did you mean "{near[0]}"?' if near else "; there are " + ", ".join(known)
        raise ValueError(f'"{key}" is not a measure{tail}')
    sign = {"+-": "±", "+/-": "±", None: ""}.get(sign, sign)
    if (sign == "") != (wants == "") or (wants and sign not in wants.split()):
        raise ValueError(f'"{text}" should read like {example}')
    try:
        value = float(number.replace("−", "-")) if number else 0.0
    except ValueError:
        raise ValueError(f'"{number}" is not a number') from None
    if percent and known[key] != "%":
        if not key.startswith("p_"):
            raise ValueError(f'"{text}": {key} is not counted in %')
        value /= 100.0
    if sign == "±" and not value > 0.0:
        raise ValueError(f'"{text}": the half-width must be greater than zero')
    return Goal(key, bool(difference), sign, value)
