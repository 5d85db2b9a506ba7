"""What a command post and the loop have room for, as far as a scenario tells before it is run.

Types of interceptor are a limit that is checked. A post that can hold fewer tracks than there are threats, or a radar
with more false alarms than a sector has room for, may be what the user means to study: they are foreseen in words,
and a replication in which they bind says so by its status.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from kalkan.catalogue import CatalogueError, parse_load, read_stance, resolve
from kalkan.scenario.checks.review import Review, text_of, whole_of
from kalkan.scenario.nouns.scenario import Scenario
from kalkan.schema import MAX_TYPES, N_SECTORS, SPARE_PLOTS

SIGMAS = 4.0  # false alarms of a sector are foreseen up to so many standard deviations above their mean


def check_types(review: Review) -> None:
    """No more types of interceptor than the loop has room for."""
    carried: set[str] = set()
    for _, entry in review.entries("systems"):
        loads, system = entry.get("loads"), text_of(entry, "type")
        if isinstance(loads, dict):
            carried |= {m for m in loads if (whole_of(loads, m) or 0) > 0}
        elif system in review.facts.systems:
            carried |= set(parse_load(str(review.catalogue.value(system, "load"))))
    if len(carried) > MAX_TYPES:
        review.say(("systems",), f"carry {len(carried)} types of interceptor in all; at most {MAX_TYPES} are allowed")


def foreseen(scenario: Scenario) -> list[str]:
    """What will or may not find room when the scenario runs, one sentence each; variants that differ by name."""
    told: dict[str, list[str]] = {}
    variants = scenario.variants_resolved()
    for name, variant in variants.items():
        for sentence in (*_tracks(variant), *_plots(variant)):
            told.setdefault(sentence, []).append(name)
    return [s if len(names) == len(variants) else f"{', '.join(names)}: {s}" for s, names in told.items()]


def _tracks(variant: Scenario) -> Iterator[str]:
    """Posts that can hold fewer tracks than there are threats."""
    threats = sum(r.count for r in variant.raids)
    for system in variant.systems:
        part = "command_post" if system.link == "up" else "engagement_radar"
        capacity = _number(variant, _word(variant, system.type, part), "targets_tracked")
        if capacity < threats:
            yield (
                f'system "{system.name}" can hold {capacity:.0f} tracks, and {threats} threats come: where they are '
                'seen together, replications will be marked "tracks full"'
            )


def _plots(variant: Scenario) -> Iterator[str]:
    """Radars with more false alarms in a sector than there is room for plots."""
    threats = sum(r.count for r in variant.raids)
    posts = [_word(variant, s.type, "command_post") for s in variant.systems]
    held = max(_number(variant, post, "targets_tracked") for post in posts)
    for radar in dict.fromkeys(r for s in variant.systems for r in _radars(variant, s.type)):
        mean = _number(variant, radar, "false_alarms_per_scan") / N_SECTORS
        room = max(held, threats + SPARE_PLOTS)
        if mean + SIGMAS * math.sqrt(mean) > room - threats:
            yield (
                f'radar "{radar}" makes about {mean:.0f} false plots in each eighth of a turn, for which there is room '
                f'for {room - threats:.0f}: replications will be marked "plots full"'
            )


def _radars(variant: Scenario, system: str) -> tuple[str, ...]:
    stance = read_stance(variant.stance, variant.catalogue)
    return resolve(variant.catalogue, system, "acquisition_radars", assume=variant.assume, stance=stance).ids


def _number(variant: Scenario, entry: str, quantity: str) -> float:
    try:
        stance = read_stance(variant.stance, variant.catalogue)
        return float(resolve(variant.catalogue, entry, quantity, assume=variant.assume, stance=stance).value)
    except CatalogueError:
        return math.nan  # nobody says: nothing is foreseen


def _word(variant: Scenario, entry: str, quantity: str) -> str:
    stance = read_stance(variant.stance, variant.catalogue)
    return str(resolve(variant.catalogue, entry, quantity, assume=variant.assume, stance=stance).value)
