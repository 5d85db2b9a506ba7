"""The scenario's own claims, ``[assume.*]``: checked against the catalogue and turned into SI."""

from __future__ import annotations

import math
from typing import Any

from pydantic_core import PydanticCustomError

from kalkan.catalogue import parse_load
from kalkan.scenario.checks.defence import check_load
from kalkan.scenario.checks.facts import AssumableFacts
from kalkan.scenario.checks.review import Review
from kalkan.scenario.nouns.places import Place, nearest
from kalkan.scenario.nouns.presets import KEY, PRESETS
from kalkan.scenario.nouns.quantities import Bounds, read_quantity

_EXAMPLES = {
    "length": '"40 km"',
    "time": '"12 s"',
    "speed": '"240 m/s"',
    "angle": '"0.2 deg"',
    "angular rate": '"30 deg/s"',
    "area": '"0.5 m2"',
    "mass": '"1800 kg"',
    "acceleration": '"9 g"',
    "frequency": '"3 GHz"',
    "money": '"1.5 M USD"',
    "ratio_db": '"10 dB"',
    "areal density": '"10000 kg/m2"',
}
_LARGEST = 1e12
Assumed = float | str | dict[str, float | str]


def check_assume(review: Review) -> dict[str, dict[str, Assumed]]:
    """Check every assumed value; return them in SI, those of a preset behind the scenario's own.

    Returns
    -------
    dict of str to dict
        Entry → quantity → value [SI], word, or a table of values by condition.
    """
    result = _preset(review)
    for entry, values in review.table("assume").items():
        if entry == KEY:
            continue
        place: Place = ("assume", entry)
        known = review.facts.assumable.get(entry)
        if known is None:
            review.say(place, review.facts.absent(entry))
        elif isinstance(values, dict):
            own = {q: _assumed(review, (*place, q), q, v, known) for q, v in values.items()}
            result[entry] = result.get(entry, {}) | own
            if isinstance(values.get("load"), str) and "load" in known:
                _check_load(review, (*place, "load"), entry, values["load"])
        else:
            review.say(place, f"must be a table; write [assume.{entry}]")
    return result


def _check_load(review: Review, place: Place, system: str, text: str) -> None:
    """A load in words: its form, and that the launcher takes it."""
    try:
        check_load(review, place, system, parse_load(text))
    except ValueError as error:
        review.say(place, str(error))


def _preset(review: Review) -> dict[str, dict[str, Assumed]]:
    """The figures of the preset that the scenario names, for every entry of the catalogue that has them."""
    name = review.table("assume").get(KEY)
    if name is None:
        return {}
    preset = PRESETS.get(name) if isinstance(name, str) else None
    if preset is None:
        review.say(("assume", KEY), f"is not a preset{nearest(str(name), PRESETS, show_all=len(PRESETS))}")
        return {}
    home: Place = ("assume", KEY)
    return {
        entry: {q: _one(review, home, preset[q].written, facts) for q, facts in known.items() if q in preset}
        for entry, known in review.facts.assumable.items()
        if not preset.keys().isdisjoint(known)
    }


def _assumed(review: Review, place: Place, quantity: str, value: Any, known: Any) -> Assumed:
    facts: AssumableFacts | None = known.get(quantity)
    if facts is None:
        review.say(place, f'is not a quantity of "{place[1]}"{nearest(quantity, known)}')
        return 0.0
    if not isinstance(value, dict):
        return _one(review, place, value, facts)
    if not facts.conditions:
        review.say(place, "must be one value; this quantity does not depend on a condition")
    elif not value:
        review.say(place, "is empty")
    result: dict[str, float | str] = {}
    for key, part in value.items():
        if facts.conditions and key not in facts.conditions:
            review.say((*place, key), f"is not a condition of {quantity}{nearest(key, facts.conditions)}")
        result[key] = _one(review, (*place, key), part, facts)
    return result


def _one(review: Review, place: Place, value: Any, facts: AssumableFacts) -> float | str:
    """One value in SI; a finding if it is wrong."""
    try:
        if facts.dimension == "text":
            return _word(value, facts.words)
        if facts.dimension in ("number", "fraction"):
            return _plain(value, facts)
        low = -math.inf if facts.dimension in ("angle", "ratio_db") else 0.0
        bounds = Bounds(
            (facts.dimension,),
            _EXAMPLES[facts.dimension],
            low=low,
            above_low=not facts.may_be_zero,
        )
        return read_quantity(value, bounds)[0]
    except PydanticCustomError as error:
        review.say(place, error.message())
    except ValueError as error:
        review.say(place, str(error))
    return 0.0


def _word(value: Any, words: tuple[str, ...]) -> str:
    """A word, or several with commas between."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be text in quotes")
    for part in value.split(","):
        if words and part.strip() not in words:
            raise ValueError("must be one of " + ", ".join(f'"{w}"' for w in words))
    return value


def _plain(value: Any, facts: AssumableFacts) -> float:
    """A number without a unit; fractions also as ``"70 %"``."""
    fraction = facts.dimension == "fraction"
    if fraction and isinstance(value, str):
        value = read_quantity(value, Bounds(("fraction",), '0.7 or "70 %"'))[0]
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ValueError("must be a number without quotes")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("is not a finite number")
    if fraction and not 0.0 <= value <= 1.0:
        raise ValueError("must be between 0 and 1")
    if value < 0 or value > _LARGEST:
        raise ValueError("must not be negative" if value < 0 else "is too large")
    if value == 0 and not facts.may_be_zero:
        raise ValueError("must be greater than zero")
    return float(value)
