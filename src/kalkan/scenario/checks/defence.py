"""Cross-checks of systems and doctrines against the catalogue and each other."""

from __future__ import annotations

import math
from typing import Any

from kalkan import policies
from kalkan.catalogue.kinds import CIVIL
from kalkan.scenario.checks.facts import article
from kalkan.scenario.checks.review import Review, items_of, length_of, text_of, whole_of
from kalkan.scenario.nouns.doctrine import MISSILE_LISTS, STANDARD, TARGET_CLASSES
from kalkan.scenario.nouns.places import Place, nearest

_RANGES = ("earliest_range", "latest_range")
_CIVIL = "is a civil aircraft, which attacks nobody: write it as [[flights]], or fly a type that attacks"


def check_systems(review: Review) -> None:
    """Types, composition, loads, masts and doctrine of every system."""
    for i, entry in review.entries("systems"):
        place: Place = ("systems", i)
        check_type(review, place, entry, "system")
        _check_positions(review, place, entry)
        _check_loads(review, place, entry)
        _check_masts(review, place, entry)
        _check_moves(review, place, entry)
        doctrines = {STANDARD, *review.table("doctrine")}
        chosen = text_of(entry, "doctrine")
        if chosen and chosen not in doctrines:
            review.say(
                (*place, "doctrine"), f"is not a doctrine of this scenario{nearest(chosen, doctrines)}"
            )


def check_type(review: Review, place: Place, entry: dict[str, Any], kind: str, *also: str) -> None:
    """The type is an entry of the catalogue, and of the right kind, or of one that is allowed `also`."""
    name = text_of(entry, "type")
    if "type" not in entry or not isinstance(entry["type"], str):
        return
    found = review.facts.kinds.get(name)
    if found is None:
        review.say((*place, "type"), review.facts.absent(name, kind))
    elif found in also:
        return
    elif found == CIVIL and kind == "air vehicle":
        review.say((*place, "type"), _CIVIL)
    elif found != kind:
        known = ", ".join(f'"{k}"' for k in review.facts.ids(kind))
        review.say((*place, "type"), f"is {article(found)}, not {article(kind)}; known: {known}")


def _check_positions(review: Review, place: Place, entry: dict[str, Any]) -> None:
    positions = entry.get("fire_unit_positions")
    facts = review.facts.systems.get(text_of(entry, "type"))
    if not isinstance(positions, list):
        return
    stated = whole_of(entry, "fire_units")
    wanted = stated
    if facts and "fire_units" not in entry:
        wanted = review.assumed_whole(text_of(entry, "type"), "fire_units", facts.fire_units)
    if wanted is not None and len(positions) != wanted:
        source = "fire_units" if stated is not None else "the catalogue"
        message = f"must hold one position per fire unit: {wanted} by {source}, not {len(positions)}"
        review.say((*place, "fire_unit_positions"), message)


def _check_loads(review: Review, place: Place, entry: dict[str, Any]) -> None:
    """Interceptors exist, this system carries them, and they fit into the tubes."""
    loads = entry.get("loads")
    if not isinstance(loads, dict):
        return
    system = text_of(entry, "type")
    whole = {m: n for m in loads if (n := whole_of(loads, m)) is not None}
    counts = {m: whole.get(m, 0) for m in loads}
    check_load(review, (*place, "loads"), system, counts, complete=len(whole) == len(loads))


def check_load(review: Review, place: Place, system: str, loads: dict[str, int], *, complete: bool = True) -> None:
    """Interceptors of a load exist, this system takes them, and they fit into the tubes.

    Parameters
    ----------
    complete : bool
        Whether every number is sound; if not, tubes are not counted.
    """
    facts = review.facts.systems.get(system)
    written_each = place[-1] == "loads"
    for name in loads:
        here = (*place, name) if written_each else place
        check_interceptor(review, here, name)
        if facts and name in review.facts.per_tube and name not in review.facts.carried[system]:
            review.say(here, f'is not carried by "{system}"{nearest(name, review.facts.carried[system])}')
    counts = {m: n for m, n in loads.items() if m in review.facts.per_tube}
    if facts is None or not complete or len(counts) != len(loads):
        return
    if sum(counts.values()) == 0:
        review.say(place, "is empty; give at least one missile per launcher")
    needed = tubes_needed(counts, review.facts.per_tube)
    tubes = review.assumed_whole(facts.launcher, "tubes", facts.tubes)
    if needed > tubes:
        packs = [f'{n} "{m}" share a tube' for m, n in review.facts.per_tube.items() if n > 1 and m in counts]
        shared = f" ({', '.join(packs)})" if packs else ""
        review.say(place, f"needs {needed} tubes, but a launcher has {tubes}{shared}")


def tubes_needed(counts: dict[str, int], per_tube: Any) -> int:
    """Large tube positions that a launcher's load takes; small missiles come in packs.

    Parameters
    ----------
    counts : dict of str to int
        Missiles by type.
    per_tube : mapping of str to int
        Missiles of a type that one position carries.
    """
    return sum(math.ceil(n / per_tube[m]) for m, n in counts.items())


def check_interceptor(review: Review, place: Place, name: str) -> None:
    """A name is of an interceptor of the catalogue."""
    found = review.facts.kinds.get(name)
    if found is None:
        review.say(place, review.facts.absent(name, "interceptor"))
    elif found != "interceptor":
        review.say(place, f"is {article(found)}, not an interceptor")


def _check_masts(review: Review, place: Place, entry: dict[str, Any]) -> None:
    masts = entry.get("mast_height")
    system = text_of(entry, "type")
    facts = review.facts.systems.get(system)
    if facts is None or not isinstance(masts, dict):
        return
    for radar in masts:
        if radar not in facts.radars:
            message = f'is not a radar of "{system}"{nearest(radar, facts.radars)}'
            review.say((*place, "mast_height", radar), message)


def _check_moves(review: Review, place: Place, entry: dict[str, Any]) -> None:
    """Launchers that move say when and for how long; vehicles have something to bring."""
    after, time = "displace_after", "displacement_time"
    if (after in entry) != (time in entry):
        review.say((*place, after if after in entry else time), f"belongs to {time if after in entry else after}")
    if "reload_vehicles" in entry and not whole_of(entry, "reload_sets"):
        review.say((*place, "reload_vehicles"), "has nothing to bring: reload_sets is 0; write how many are in stock")


def check_doctrine(review: Review) -> None:
    """Interceptors that a doctrine names exist and are named once."""
    for name, entry in review.table("doctrine").items():
        if not isinstance(entry, dict):
            continue
        _check_missiles(review, ("doctrine", name), entry)
        _check_ranges(review, ("doctrine", name), entry, entry)
        for target_class in TARGET_CLASSES:
            if isinstance(entry.get(target_class), dict):
                _check_missiles(review, ("doctrine", name, target_class), entry[target_class])
                _check_ranges(review, ("doctrine", name, target_class), entry[target_class], entry)
    _check_policies(review)


def _check_ranges(review: Review, place: Place, entry: dict[str, Any], doctrine: dict[str, Any]) -> None:
    """Something lies between the earliest and the latest range of a class, its own or the doctrine's."""
    said = [key for key in _RANGES if key in entry]
    if not said:
        return
    earliest, latest = (length_of(entry.get(key, doctrine.get(key))) for key in _RANGES)
    if earliest is not None and latest is not None and latest >= earliest:
        review.say((*place, said[-1]), "leaves nothing to shoot at: latest_range must be less than earliest_range")


def _check_policies(review: Review) -> None:
    """Of functions of the user's own a scenario follows one: they stand in one place of the loop."""
    own = {n: text_of(d, "assignment") for n, d in review.table("doctrine").items() if isinstance(d, dict)}
    own = {n: name for n, name in own.items() if name in policies.names()}
    followed = {text_of(s, "doctrine") or STANDARD for _, s in review.entries("systems")}
    first = ""
    for name in (n for n in own if n in followed):
        first = first or own[name]
        if own[name] != first:
            review.say(
                ("doctrine", name, "assignment"),
                f'is another function of yours than "{first}": systems of one scenario follow one; put both into it',
            )


def _check_missiles(review: Review, place: Place, entry: dict[str, Any]) -> None:
    for field in MISSILE_LISTS:
        listed = items_of(entry, field)
        for k, missile in enumerate(listed):
            if not isinstance(missile, str):
                continue
            check_interceptor(review, (*place, field, k), missile)
            if missile in listed[:k]:
                review.say((*place, field, k), "is named twice")
    for missile in items_of(entry, "never"):
        if missile in [*items_of(entry, "preferred"), *items_of(entry, "last_resort")]:
            review.say((*place, "never"), f'holds "{missile}", which is also preferred or a last resort')
