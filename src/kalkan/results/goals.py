"""What a study is after, as a user writes it: ``leakers ± 0.2``, ``leakers difference <= -5``."""

from __future__ import annotations

import re
from typing import NamedTuple

from kalkan.errors import did_you_mean, nearest_of
from kalkan.results.declared import MEASURES, PLAIN
from kalkan.results.quantity import PROPORTION

_FORM = re.compile(
    r"\s*([A-Za-z_]+)(\s+difference)?\s*(?:(±|\+-|\+/-|<=|>=|=)\s*([-+−]?[\d.]+(?:[eE][-+]?\d+)?)\s*(%)?)?\s*"
)


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
        return MEASURES[self.key].called


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
    known = tuple(MEASURES) if ratios else PLAIN
    if key not in known:
        tail = did_you_mean(nearest_of(key, known)) or "; there are " + ", ".join(known)
        raise ValueError(f'"{key}" is not a measure{tail}')
    sign = {"+-": "±", "+/-": "±", None: ""}.get(sign, sign)
    if (sign == "") != (wants == "") or (wants and sign not in wants.split()):
        raise ValueError(f'"{text}" should read like {example}')
    try:
        value = float(number.replace("−", "-")) if number else 0.0
    except ValueError:
        raise ValueError(f'"{number}" is not a number') from None
    if percent and MEASURES[key].unit != "%":
        if MEASURES[key].kind != PROPORTION:
            raise ValueError(f'"{text}": {key} is not counted in %')
        value /= 100.0
    if sign == "±" and not value > 0.0:
        raise ValueError(f'"{text}": the half-width must be greater than zero')
    return Goal(key, bool(difference), sign, value)
