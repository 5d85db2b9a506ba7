"""Decoys and debris of ballistic missiles → wings of their own, each member with the missile that releases it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kalkan.compile.inputs import Inputs
from kalkan.compile.threats import Formation, Wing, member
from kalkan.models.ballistic import standard_air
from kalkan.models.releasing import (
    across,
    fall_beside,
    heights_m,
    knot_below,
    knot_of_apogee,
    knot_of_burnout,
    spread,
)
from kalkan.models.trajectory import Path
from kalkan.scenario.nouns.raids import BURN_OUT, Raid

DECOY, DEBRIS = "ballistic-decoy", "ballistic-debris"  # entries of the catalogue


class Release(NamedTuple):
    """What each missile of a raid lets go at one moment of its flight."""

    word: str  # what they are called
    entry: str
    each: int  # how many of them
    knot: int
    turn: float  # between two directions: pieces fly between decoys


def released_by(raid: Raid, formation: Formation, inputs: Inputs) -> list[Wing]:
    """Wings of what the members of a raid of ballistic missiles release; their ``parent`` counts within the raid."""
    path = formation.route
    return [_wing(raid, path, release, inputs) for release in _releases(raid, path, inputs)]


def _releases(raid: Raid, path: Path, inputs: Inputs) -> Iterator[Release]:
    if raid.decoys:
        burnt = raid.decoys_released == BURN_OUT
        knot = knot_of_burnout(path, inputs.number(raid.type, "boost_time")) if burnt else knot_of_apogee(path)
        yield Release("decoy", DECOY, raid.decoys, knot, 0.0)
    if raid.debris:
        pieces = inputs.whole(raid.type, "debris_pieces")
        yield Release("debris", DEBRIS, pieces, knot_below(path, inputs.number(raid.type, "breakup_altitude")), 0.5)


def _wing(raid: Raid, path: Path, release: Release, inputs: Inputs) -> Wing:
    """Each missile's lanes are alike: its pieces differ in direction and in ballistic coefficient."""
    n, knot, entry = release.each, release.knot, release.entry
    middle, ratio = (inputs.number(entry, q) for q in ("ballistic_coefficient", "coefficient_spread"))
    apart = inputs.number(entry, "separation_speed") * across(path.velocity[knot], path.position[knot], n, release.turn)
    floor_m = float(heights_m(path)[-1])
    lanes = tuple(
        fall_beside(path, knot, v, float(beta), floor_m, standard_air())
        for v, beta in zip(apart, spread(middle, ratio, n), strict=True)
    )
    rows = [
        member(raid.start_s + i * raid.spacing_s, lane, path=k, shift_s=float(path.t[knot]), parent=i, transmits=False,
               iff=raid.answer, flight_plan=False)
        for i in range(raid.count) for k, lane in enumerate(lanes)
    ]  # fmt: skip
    names = [f"{raid.name} {i + 1} {release.word} {k + 1}" for i in range(raid.count) for k in range(n)]
    plural = {"decoy": "decoys"}.get(release.word, release.word)
    return Wing(f"{raid.name}: {plural}", entry, raid.side, names, lanes, rows)

