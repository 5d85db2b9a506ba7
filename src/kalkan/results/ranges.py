"""At which range each raid is seen, tracked, shot at and met, from which antenna, and what bounds it.

A range says little without the height of the antenna: over a smooth earth one at h1 sees a target at h2 no
farther than ``sqrt(2kR) (sqrt h1 + sqrt h2)``. A raid that the file begins within the defence's coverage is first
seen where it begins: its ranges are lower bounds (:data:`INSIDE_SHARE`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kalkan.results.quantity import F8, Finished, Quantity, count, entry_name, ratio

INSIDE_SHARE = 5.0
"""A raid begins inside coverage if more than this share [%] of its members is seen in the first scan (kalkan's own)."""
LEAVING_SHARE = 5.0
"""Share of the members met that were flying away [%], from which on it is told (kalkan's own)."""
LOW_M = 150.0
"""Median height above the ground up to which a raid is compared with claims about low flyers (kalkan's own)."""


class Stage(NamedTuple):
    """A first contact: its key, and the words for its range and for the threats that had it."""

    key: str
    words: str
    past: str
    variable: str  # of the schema, without the ending: where it happened
    by: str  # variable of the schema: which radar or fire unit
    horizons: tuple[str, ...] = ()  # bounds that are given beside it
    also: str = ""  # only threats that have this range too


STAGES = (
    Stage("first_plot", "first seen at", "seen", "threat_first_plot", "threat_first_plot_radar", ("horizon",)),
    Stage("first_track", "first tracked at", "tracked", "threat_first_track", "threat_first_track_radar"),
    Stage("first_launch", "first shot at", "shot at", "threat_first_launch", "threat_first_launch_unit"),
    Stage("met_launch", "first shot at, if intercepted", "shot at and intercepted", "threat_first_launch",
          "threat_first_launch_unit", also="threat_first_intercept"),
    Stage("first_intercept", "first intercept at", "shot at and intercepted", "threat_first_intercept",
          "threat_first_intercept_unit", ("flat_horizon",), "threat_first_launch"),
)  # fmt: skip


def ranges(records: Finished) -> Iterable[Quantity]:
    """Per raid, and per type of vehicle that flies in several raids: ranges, antennas, horizons, lower bounds."""
    for suffix, name, mine in groups(records):
        for stage in STAGES:
            yield from _range(records, stage, suffix, name, mine)
        yield from _begins_inside(records, suffix, name, mine)
        yield from _met_leaving(records, suffix, name, mine)


def groups(records: Finished) -> Iterable[tuple[str, str, NDArray[np.bool_]]]:
    """Key's ending, name and members of each raid, then of each type that several raids have."""
    attrs, hostile = records.attrs, records.of_side()
    raid = np.asarray(attrs["threat_raid"])
    for name in dict.fromkeys(raid[hostile].tolist()):
        yield f"/{name}", name, raid == name
    kind = np.asarray(attrs.get("threat_type", raid))
    for name in dict.fromkeys(kind[hostile].tolist()) if "threat_type" in attrs else ():
        mine = (kind == name) & hostile
        if len(set(raid[mine].tolist())) > 1:
            yield f"_of_type/{name}", f"every {entry_name(attrs, name)}", mine


def _range(records: Finished, stage: Stage, suffix: str, name: str, mine: NDArray[np.bool_]) -> Iterable[Quantity]:
    """Range of a stage over the threats that had it, and how many they are; their antennas' height and horizon."""
    found = _ranges_m(records, stage.variable, mine)
    also = _ranges_m(records, stage.also, mine) if stage.also else found
    if found is None or also is None:
        return
    had = ~np.isnan(found) & ~np.isnan(also)
    yield _over(f"{stage.key}_range{suffix}", name, "m", np.where(had, found, 0.0), had)
    yield count(f"{stage.key}_members{suffix}", name, had.sum(axis=1).astype(np.float64), int(mine.sum()))
    if stage.by not in records.arrays or not records.attrs.get("radar_antenna_m"):
        return
    radar = records.arrays[stage.by].astype(np.int64)[:, mine]
    if stage.by.endswith("_unit"):
        radar = np.where(had, np.asarray(records.attrs["unit_radar"])[radar], -1)
    antenna = np.asarray(records.attrs["radar_antenna_m"])[radar]
    yield _over(f"{stage.key}_antenna{suffix}", name, "m", np.where(had, antenna, 0.0), had)
    raids = np.asarray(records.attrs["threat_raid"])[mine]
    for key in stage.horizons:
        of = np.array([records.attrs[f"raid_{key}_m"][r] for r in raids.tolist()])  # (threat, radar)
        values = np.take_along_axis(of.T, radar, axis=0)
        yield _over(f"{stage.key}_{key}{suffix}", name, "m", np.where(had, values, 0.0), had)


def _begins_inside(records: Finished, suffix: str, name: str, mine: NDArray[np.bool_]) -> Iterable[Quantity]:
    """Share of the seen members that the radar which saw them first saw in its first scan after they began [%]."""
    a = records.arrays
    if "threat_start_s" not in a or not records.attrs.get("radar_scan_s"):
        return
    radar = a["threat_first_plot_radar"].astype(np.int64)[:, mine]
    scan_s = np.asarray(records.attrs["radar_scan_s"])[radar]
    seen = radar >= 0
    at_once = seen & (a["threat_first_plot_s"][:, mine] - a["threat_start_s"][:, mine] <= scan_s)
    yield _over(f"begins_inside{suffix}", name, "%", 100.0 * at_once, seen)


def _met_leaving(records: Finished, suffix: str, name: str, mine: NDArray[np.bool_]) -> Iterable[Quantity]:
    """Share of the members shot at and intercepted that were met farther out than they were shot at [%]."""
    shot, met = (_ranges_m(records, f"threat_first_{k}", mine) for k in ("launch", "intercept"))
    if shot is not None and met is not None:
        both = ~np.isnan(shot) & ~np.isnan(met)
        yield _over(f"met_leaving{suffix}", name, "%", 100.0 * (both & (met > shot)), both)


def _ranges_m(records: Finished, variable: str, mine: NDArray[np.bool_]) -> F8 | None:
    """Ranges of some threats (replication, threat) [m]; None if the records have none."""
    found = records.arrays.get(f"{variable}_range_m")
    return None if found is None else found.astype(np.float64)[:, mine]


def _over(key: str, name: str, unit: str, values: NDArray[Any], had: NDArray[np.bool_]) -> Quantity:
    """Mean over the threats that had it."""
    total: F8 = values.sum(axis=1).astype(np.float64)
    return ratio(key, name, unit, total, had.sum(axis=1).astype(np.float64))
