"""What a command post and the loop have room for, as far as a scenario tells before it is run.

Types of interceptor are a limit that is checked. A post that can hold fewer tracks than there are threats, or a radar
with more false alarms than a sector has room for, may be what the user means to study: they are foreseen in words,
and a replication in which they bind says so by its status.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator

from kalkan.catalogue import CatalogueError, parse_load, read_stance, resolve
from kalkan.catalogue.resolve import ids_in
from kalkan.scenario.checks.raids import distance_m
from kalkan.scenario.checks.review import Review, text_of, whole_of
from kalkan.scenario.nouns.fields import Speed
from kalkan.scenario.nouns.presets import KEY, PRESETS
from kalkan.scenario.nouns.scenario import Scenario
from kalkan.scenario.readiness import Claimed, Used, deliveries_of, there
from kalkan.schema import MAX_TYPES, N_SECTORS, SPARE_PLOTS

_SOUND_M_S = 340.3  # at sea level, US Standard Atmosphere 1976
SIGMAS = 4.0  # false alarms of a sector are foreseen up to so many standard deviations above their mean
GIB = 2.0**30
MOST_STATE_BYTES = 4.0 * GIB
TRACK_BYTES, LOOK_BYTES, TRY_BYTES = 900.0, 16.0, 8.0  # of `tracking.tables` and `kernels.state`, to a tenth


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


def check_memory(review: Review) -> None:
    """The loop's tables, which every thread holds, are no larger than a usual machine has room for."""
    posts, units, radars, tracks = 0, 0, 0, 0
    for _, entry in review.entries("systems"):
        system = text_of(entry, "type")
        if system not in review.facts.systems:
            return
        mine = whole_of(entry, "fire_units") or review.facts.systems[system].fire_units
        cut = entry.get("link") == "cut"
        searching = () if cut else ids_in(str(review.catalogue.value(system, "acquisition_radars")))
        units, posts, radars = units + mine, posts + (mine if cut else 1), radars + mine + len(searching)
        tracks = max(tracks, _tracks_of(review, system, "engagement_radar" if cut else "command_post"))
    needed = state_bytes(posts, units, radars, tracks)
    if needed > MOST_STATE_BYTES:
        review.say(
            ("systems",),
            f"need about {needed / GIB:.0f} GiB of memory in each thread, for what {posts:,} posts know of {tracks:,} "
            f"tracks each by {radars:,} radars; at most {MOST_STATE_BYTES / GIB:.0f} GiB are allowed: "
            "take fewer systems, or assume less targets_tracked",
        )


def state_bytes(posts: int, units: int, radars: int, tracks: int) -> float:
    """Size of the loop's tables [B]: each post's tracks, each radar's looks at them, each unit's next try."""
    return float(posts) * tracks * (TRACK_BYTES + LOOK_BYTES * radars + TRY_BYTES * units)


def _tracks_of(review: Review, system: str, part: str) -> int:
    """Tracks that a post of a system has room for, the scenario's own figure first."""
    keeper = str(review.catalogue.value(system, part))
    assumed = review.table("assume")
    own = assumed.get(keeper)
    given = own.get("targets_tracked") if isinstance(own, dict) else None
    preset = PRESETS.get(str(assumed.get(KEY)), {}).get("targets_tracked")
    if given is None and preset is not None:
        given = preset.written
    if not isinstance(given, int | float) or isinstance(given, bool) or not math.isfinite(given):
        given = review.catalogue.value(keeper, "targets_tracked")
    return int(given)


def foreseen(scenario: Scenario) -> list[str]:
    """What will or may not find room when the scenario runs, one sentence each; variants that differ by name."""
    told: dict[str, list[str]] = {}
    variants = scenario.variants_resolved()
    for name, variant in variants.items():
        for sentence in (*_tracks(variant), *_plots(variant), *_late(variant), *_nothing_there(variant)):
            told.setdefault(sentence, []).append(name)
    return [s if len(names) == len(variants) else f"{', '.join(names)}: {s}" for s, names in told.items()]


def _tracks(variant: Scenario) -> Iterator[str]:
    """Posts that can hold fewer tracks than there are threats."""
    threats = sum(g.count for _, g in variant.groups)
    for system in variant.systems:
        part = "command_post" if system.link == "up" else "engagement_radar"
        capacity = _number(variant, _word(variant, system.type, part), "targets_tracked")
        if capacity < threats:
            yield (
                f'system "{system.name}" can hold {capacity:.0f} tracks, and {threats} vehicles fly: where they are '
                'seen together, replications will be marked "tracks full"'
            )


def _plots(variant: Scenario) -> Iterator[str]:
    """Radars with more false alarms in a sector than there is room for plots."""
    threats = sum(g.count for _, g in variant.groups)
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


def _late(variant: Scenario) -> Iterator[str]:
    """Raids whose last members cannot have arrived by the horizon, at the speed that is written or claimed."""
    for raid in variant.raids:
        if raid.aim is None or raid.exposure_s is not None or raid.launch:
            continue
        points = raid.route[: raid.release or len(raid.route)]
        fixed = [w.speed or raid.speed for w in points[:-1]]
        cruise = _number(variant, raid.type, "cruise_speed")
        flown_s = sum(
            distance_m(a.position, b.position) / _fastest_m_s(speed, cruise)
            for a, b, speed in zip(points, points[1:], fixed, strict=False)
        )
        due_s = raid.start_s + (raid.count - 1) * raid.spacing_s + flown_s
        if due_s > variant.study.horizon_s:
            yield (
                f'raid "{raid.name}": its last member is due after about {due_s / 60.0:.0f} min, beyond the horizon of '
                f"{variant.study.horizon_s / 60.0:g} min: whatever flies then stays undecided"
            )


def _nothing_there(variant: Scenario) -> Iterator[str]:
    """Days on which no fire unit is ready, and batches of which none is bought."""
    brought = {name for batch in variant.batches for name in batch.systems}
    if any(s.name not in brought for s in variant.systems):
        return
    if not variant.bought and variant.batches:
        yield "no batch is bought: nothing is defended, and everything leaks"
    if variant.as_of is None or not variant.bought:
        return
    figures = Claimed(variant.catalogue, variant.assume)
    wholes, deliveries = deliveries_of(variant, figures, Used(figures))
    day = datetime.date.fromisoformat(variant.as_of)
    if not any(there(name, whole, deliveries, day).units for name, whole in wholes.items()):
        first = min(d.ready for d in deliveries)
        yield f"as of {day} no fire unit is ready: nothing is defended; the first delivery is ready on {first}"


def _fastest_m_s(speed: Speed | None, cruise_m_s: float) -> float:
    """Speed of a leg [m/s]; of a Mach number, at sea level, where it is fastest."""
    if speed is None:
        return cruise_m_s
    return (speed.mach or 0.0) * _SOUND_M_S if speed.metres_per_second is None else speed.metres_per_second


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
