"""Recorded tracks of a scenario: that their file can be used, when they begin, and what is told of them."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from kalkan.scenario.checks.raids import distance_m
from kalkan.scenario.checks.review import Review, position_of
from kalkan.scenario.nouns.places import Place
from kalkan.scenario.nouns.quantities import Bounds, read_quantity
from kalkan.scenario.nouns.scenario import Scenario
from kalkan.scenario.nouns.traffic import Traffic
from kalkan.scenario.recorded.instants import read_instant
from kalkan.scenario.recorded.table import TracksError
from kalkan.scenario.recorded.tracks import RecordedTracks, read_tracks
from kalkan.scenario.recorded.units import Options

_SINCE = Bounds(("time",), '"10 min"')
_FAR_M = 1_000_000.0


def tracks_of(traffic: Traffic, base_dir: Path) -> RecordedTracks:
    """The recorded tracks of an entry of traffic that has a file.

    Raises
    ------
    TracksError
        The file cannot be used.
    """
    options = Options(
        traffic.altitude_unit, traffic.speed_unit, traffic.time_unit, traffic.utc_offset_s, traffic.longest_gap_s
    )
    return read_tracks(base_dir / str(traffic.file), options)


def begins_s(traffic: Traffic, recorded: RecordedTracks) -> float:
    """Time of the file at which the scenario begins [s], as its points have it.

    Raises
    ------
    ValueError
        It is no time, or not one of the file.
    """
    if traffic.begins is None:
        return recorded.begins_s
    at_s = _since_start_s(traffic.begins) if recorded.own_start else _instant_s(traffic)
    if not recorded.begins_s <= at_s < recorded.ends_s:
        raise ValueError(f"is not within the file, which has tracks from {_span(recorded)}")
    return at_s


def _since_start_s(text: str) -> float:
    try:
        return read_quantity(text, _SINCE)[0]
    except PydanticCustomError:
        raise ValueError('must be a time since the start that the file counts from, such as "10 min"') from None


def _instant_s(traffic: Traffic) -> float:
    at_s, _ = read_instant(traffic.begins, traffic.utc_offset_s or 0.0)
    if at_s != at_s:
        raise ValueError('must be an instant, such as "2026-05-01T12:00:00Z"')
    return at_s


def _span(recorded: RecordedTracks) -> str:
    if recorded.own_start:
        return f"{recorded.begins_s:g} s to {recorded.ends_s:g} s"
    first, last = (datetime.fromtimestamp(int(t), UTC) for t in (recorded.begins_s, recorded.ends_s))
    return f"{first:%Y-%m-%dT%H:%M:%SZ} to {last:%Y-%m-%dT%H:%M:%SZ}"


def check_file(review: Review, place: Place, entry: dict[str, Any]) -> int:
    """The file of an entry can be used and its beginning lies in it; the number of its tracks."""
    try:
        traffic = _sound_part(entry)
    except ValidationError:
        return 0  # told where its fields are checked
    try:
        recorded = tracks_of(traffic, review.base_dir)
    except TracksError as error:
        review.say((*place, "file"), str(error))
        return 0
    try:
        begins_s(traffic, recorded)
    except ValueError as error:
        review.say((*place, "begins"), str(error))
    _check_near(review, place, recorded)
    return len(recorded.tracks)


def _sound_part(entry: dict[str, Any]) -> Traffic:
    """An entry as far as its fields are sound, so that its file is looked at beside them."""
    try:
        return Traffic.model_validate(entry)
    except ValidationError as error:
        faulty = {e["loc"][0] for e in error.errors()}
        return Traffic.model_validate({"name": "traffic"} | {k: v for k, v in entry.items() if k not in faulty})


def _check_near(review: Review, place: Place, recorded: RecordedTracks) -> None:
    """Some track passes within reach of something, or would if latitude and longitude were exchanged."""
    sites = [at for _, s in review.entries("systems") if (at := position_of(s.get("position"))) is not None]
    points = [(float(p.lat_deg[i]), float(p.lon_deg[i])) for _, p in recorded.tracks for i in (0, p.t_s.size // 2, -1)]
    if not sites or min(distance_m(s, p) for s in sites for p in points) < _FAR_M:
        return
    turned = [(lon, lat) for lat, lon in points if abs(lon) <= 90.0]
    if turned and min(distance_m(s, p) for s in sites for p in turned) < _FAR_M:
        review.say((*place, "file"), "has tracks far from everything — are its latitudes and longitudes swapped?")
    elif min(distance_m(s, (math.degrees(a), math.degrees(o))) for s in sites for a, o in points) < _FAR_M:
        review.say((*place, "file"), "has tracks far from everything — are its positions in radians? write degrees")
    else:
        review.say((*place, "file"), f"has no track within {_FAR_M / 1e3:,.0f} km of a system")


def told_of_tracks(scenario: Scenario) -> list[str]:
    """What was read of every file of recorded tracks, and what of it was dropped."""
    variants = scenario.variants_resolved().values()
    files = [(v, t) for v in variants for t in v.traffic if t.file is not None]
    told = (
        f'traffic "{t.name}": {sentence}' for variant, t in files for sentence in tracks_of(t, variant.base_dir).told
    )
    return list(dict.fromkeys(told))
