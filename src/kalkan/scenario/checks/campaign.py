"""Cross-checks of campaigns: waves name raids, come in order, and one is over before the next begins."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

from kalkan.scenario.checks.raids import seconds_of
from kalkan.scenario.checks.review import Review, items_of, text_of, whole_of
from kalkan.scenario.nouns.campaign import MOST_WAVES, Campaign
from kalkan.scenario.nouns.places import Place, nearest
from kalkan.scenario.nouns.raids import MAX_VEHICLES
from kalkan.scenario.nouns.study import Study

_MOST_IN_ALL = 10 * MAX_VEHICLES


class _Coming(NamedTuple):
    """One time that a wave comes: what it is called, when [s], and where its entry stands."""

    name: str
    at_s: float
    place: Place


def check_campaign(review: Review) -> None:
    """Waves, their raids and times, and the campaign's own table."""
    table, waves = review.table("campaign"), list(review.entries("waves"))
    if "campaign" in review.tree and not waves:
        review.say(("campaign",), 'has no waves: write [[waves]] with at = "1 day", or remove it')
    for i, entry in waves:
        _check_raids(review, ("waves", i), entry)
        _check_repeats(review, ("waves", i), entry)
    if waves and "theory" in review.tree:
        review.say(("waves",), "stand beside theory, whose closed form is of one raid: remove one of them")
    if waves:
        _check_unused(review, [entry for _, entry in waves])
    coming = _coming(waves)
    if len(coming) > MOST_WAVES:
        review.say(("waves",), f"come {len(coming)} times in all; at most {MOST_WAVES} are allowed")
        return
    _check_order(review, table, waves, coming)
    _check_size(review, waves)


def _check_raids(review: Review, place: Place, entry: dict[str, Any]) -> None:
    """Every raid is one of the scenario's, and named once."""
    known, named = review.names("raids"), items_of(entry, "raids")
    if entry.get("raids") == []:
        review.say((*place, "raids"), "is empty; name raids of this scenario, or leave it out for all of them")
    for k, name in enumerate(named):
        if isinstance(name, str) and name not in known:
            review.say((*place, "raids", k), "is not a raid of this scenario" + nearest(name, known))
        elif name in named[:k]:
            review.say((*place, "raids", k), "is named twice; a raid comes once in a wave")


def _check_repeats(review: Review, place: Place, entry: dict[str, Any]) -> None:
    times = whole_of(entry, "times")
    if "every" in entry and (times is None or times == 1):
        review.say((*place, "every"), "does nothing without times, which says how often it comes")
    if times is not None and times > 1 and "every" not in entry:
        review.say((*place, "times"), 'needs every, the time from one to the next, such as "3 days"')


def _check_unused(review: Review, waves: list[dict[str, Any]]) -> None:
    """No raid that comes in no wave."""
    if any("raids" not in entry for entry in waves):
        return
    named = {name for entry in waves for name in items_of(entry, "raids") if isinstance(name, str)}
    for i, raid in review.entries("raids"):
        if (name := text_of(raid, "name")) and name not in named:
            review.say(("raids", i), "comes in no wave; name it in one, or remove it")


def _coming(waves: list[tuple[int, dict[str, Any]]]) -> list[_Coming]:
    """Every time that one comes, as far as that is sound, in the order in which they stand."""
    found = []
    for i, entry in waves:
        at_s, every_s = seconds_of(entry.get("at")), seconds_of(entry.get("every", "0 s"))
        times = whole_of(entry, "times") or 1
        if at_s is None or every_s is None or at_s < 0.0 or times < 1:
            continue
        for k in range(min(times, MOST_WAVES + 1)):
            name = text_of(entry, "name")
            found.append(_Coming(name if times == 1 else f"{name} {k + 1}", at_s + k * every_s, ("waves", i)))
    return found


def _check_order(
    review: Review, table: dict[str, Any], waves: list[tuple[int, dict[str, Any]]], coming: list[_Coming]
) -> None:
    """They stand in the order in which they come, have names of their own, and none begins before another is over."""
    first = [(i, seconds_of(entry.get("at")), text_of(entry, "name")) for i, entry in waves]
    sound = [(i, at_s, name) for i, at_s, name in first if at_s is not None]
    for (_, before_s, above), (i, at_s, _) in pairwise(sound):
        if at_s < before_s:
            told = f'is before wave "{above}", which stands above it; write waves in the order in which they come'
            review.say(("waves", i, "at"), told)
    names: dict[str, Place] = {}
    for one in coming:
        if one.name in names and names[one.name] != one.place:
            review.say((*one.place, "name"), f'makes a wave "{one.name}", and so does another; give it another name')
        names[one.name] = one.place
    length_s = seconds_of(review.table("study").get("horizon", "")) or Study().horizon_s
    lead_in_s = seconds_of(table.get("lead_in", "")) if "lead_in" in table else Campaign().lead_in_s
    if lead_in_s is None:
        return
    in_time = sorted(coming, key=lambda one: one.at_s)
    for before, one in pairwise(in_time):
        over_s, begin_s = before.at_s + length_s, one.at_s - lead_in_s
        if begin_s < over_s:
            review.say(
                (*one.place, "at"),
                f'"{one.name}" is looked for from {_day(begin_s)} on, while "{before.name}" is simulated until '
                f"{_day(over_s)}: leave more time between them, or shorten [study] horizon or lead_in",
            )
    _check_duration(review, table, in_time, length_s)


def _check_duration(review: Review, table: dict[str, Any], in_time: list[_Coming], length_s: float) -> None:
    duration_s = seconds_of(table.get("duration", ""))
    if duration_s is not None and in_time and in_time[-1].at_s + length_s > duration_s:
        told = f'ends before wave "{in_time[-1].name}" is over, at {_day(in_time[-1].at_s + length_s)}'
        review.say(("campaign", "duration"), told)


def _check_size(review: Review, waves: list[tuple[int, dict[str, Any]]]) -> None:
    """Not more vehicles in all than a replication can be written down for."""
    count = {text_of(raid, "name"): whole_of(raid, "count") or 0 for _, raid in review.entries("raids")}
    total = 0
    for _, entry in waves:
        names = items_of(entry, "raids") if "raids" in entry else list(count)
        total += (whole_of(entry, "times") or 1) * sum(count.get(n, 0) for n in names if isinstance(n, str))
    if total > _MOST_IN_ALL:
        review.say(("waves",), f"bring {total:,} air vehicles in all; at most {_MOST_IN_ALL:,} are allowed")


def _day(t_s: float) -> str:
    """``day 3, 05:30``: the first day is day 1."""
    minutes = round(t_s / 60.0)
    return f"day {minutes // 1440 + 1}, {minutes % 1440 // 60:02d}:{minutes % 60:02d}"
