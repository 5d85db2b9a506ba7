"""What a reader must know to trust the numbers of a results table, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kalkan.catalogue import DEFAULT
from kalkan.engine.identity import made_by
from kalkan.engine.store import UNSEALED
from kalkan.results.assemble import Results
from kalkan.results.intervals import ENOUGH, ENOUGH_VARIED
from kalkan.results.quantity import Finished
from kalkan.schema import OK, STATUS, UNRESOLVED
from kalkan.views.numbers import number
from kalkan.views.terrain import gap_words, terrain_words


@dataclass(frozen=True)
class Column:
    """One variant of one run, under its heading."""

    results: Results
    variant: str
    heading: str


def pairing_notes(content: dict[str, Any]) -> list[str]:
    """What pairing gains for the leakers: as many times more replications would do without it."""
    (row,) = (r for r in content["tables"][0]["rows"] if r["key"] == "leakers")
    told = [
        (f"{d['to']} − {d['from']}", number(v["correlation"], 2), number(v["variance_ratio"], 1))
        for d, v in zip(content["difference_columns"], row["differences"], strict=True)
        if v is not None and v["correlation"] is not None and v["variance_ratio"] is not None
    ]
    sentence = "pairing, leakers of {}: correlation {}; unpaired, {} times as many replications would be as sharp"
    return ["; ".join([sentence.format(*told[0]), *("{}: {}, {}".format(*t) for t in told[1:])])] if told else []


def scarce_note(content: dict[str, Any]) -> list[str]:
    """What the mark behind a number means, if there is one."""
    rows = (r for t in content["tables"] for r in t["rows"])
    if not any(v and v.get("scarce") for r in rows for v in (*r["values"], *r["differences"])):
        return []
    return [
        f"* fewer than {ENOUGH} replications, or fewer than {ENOUGH_VARIED} that differ from the others: too few for "
        "any method to vouch for the interval (a count that is 0 in all n has 3/n)"
    ]


def whether_paired(first: Results, second: Results, pairs: Sequence[tuple[str, str]]) -> str:
    """Whether differences are paired, and over how many replications."""
    a, b = first.run["seed"], second.run["seed"]
    if a != b:
        return (
            f"different seeds ({a} and {b}): replications are not pairs, so Welch's intervals for differences"
        )
    sizes = [
        np.intersect1d(first.records[x].replications, second.records[y].replications).size for x, y in pairs
    ]
    if not all(sizes):
        return "the runs share no replications: not pairs, so Welch's intervals"
    return (
        f"both runs have seed {a}: differences are paired over the {min(sizes)} replications that both have"
    )


def made_by_note(run: Any) -> list[str]:
    """Which version made the folder, if its engine is not this one."""
    return [told] if (told := made_by(run)) else []


def unsealed_note(run: Any) -> list[str]:
    """That a folder of an older kalkan has no checksum of what was run, and what was compared instead."""
    if run["format"] != UNSEALED:
        return []
    return [
        "the folder was written before kalkan kept a checksum of run.json: names, costs and values are those of the "
        "plan that was run, the seed and the sources of figures could not be checked"
    ]


def engines_note(first: Any, second: Any) -> list[str]:
    """That two runs differ by more than their scenarios."""
    if first["engine"] == second["engine"]:
        return []
    a, b = (r["versions"].get("kalkan", "unknown") for r in (first, second))
    return [f"the runs were made by different engines (kalkan {a} and {b}), which is a part of their difference"]


def stopping_note(run: Any) -> list[str]:
    """When a run stopped that went on until its answer was sharp enough."""
    told = run.get("stopping")
    return [f"{told['why']}; under sequential looking the valid interval is the mean ± what was wanted"] if told else []


def column_notes(columns: Sequence[Column]) -> list[str]:
    """What a reader must know to trust the numbers; each note once."""
    notes: list[str] = []
    for c in columns:
        records = c.results.records[c.variant]
        posts = records.attrs.get("posts", len(records.labels["post"]))
        notes += [_command_note(records.attrs, posts), *_terrain_notes(records.attrs)]
        stance = records.attrs.get("stance", DEFAULT)
        if stance != DEFAULT:
            notes.append(f"{c.heading}: figures of the stance {stance}")
        notes.append(f"{c.heading}: {told}" if (told := _weather_note(records.attrs)) else "")
        notes.append(f"{c.heading}: {told}" if (told := _batches_note(records.attrs)) else "")
        notes += records.attrs.get("traffic", [])
        cut = ", ".join(records.attrs.get("links_cut", []))
        notes.append(f"{c.heading}: links cut at {cut}" if cut else "")
        notes += [f"{c.heading}: {_sector_note(f)}" for f in records.attrs.get("fixed_sectors", []) if f["outside"]]
        for code, (_, sentence) in enumerate(STATUS):
            count = int((records.arrays.get("status", np.zeros(0)) == code).sum())
            if code != OK and count:
                notes.append(f"{c.heading}: {count} of {records.replications.size} replications {sentence}")
        notes.append(f"{c.heading}: {told}" if (told := _undecided_note(records, c.results.run)) else "")
        if records.replications.size < c.results.wanted:
            notes.append(
                f"{c.heading}: {records.replications.size} of {c.results.wanted} replications finished"
            )
    grounds = [c.results.records[c.variant].attrs.get("ground", {}) for c in columns]
    notes += [f"terrain: {words}" for words in gap_words(grounds)]
    return [n for n in dict.fromkeys(notes) if n]


def _batches_note(attrs: Any) -> str:
    """What of the batches is bought and there on the day of the raid; nothing where neither is asked about."""
    batches = attrs.get("batches")
    if not batches or (batches["as_of"] is None and "bought" not in batches):
        return ""
    bought = bought_words(batches)
    if batches["as_of"] is None or not batches["deliveries"]:
        return bought
    ready = [f"{_brought(d)} since {d['ready']}" for d in batches["deliveries"] if d["there"]]
    later = [f"{_brought(d)} from {d['ready']}" for d in batches["deliveries"] if not d["there"]]
    parts = [f"ready are {'; '.join(ready)}" if ready else "nothing of its batches is ready"]
    parts += [f"not yet {'; '.join(later)}"] if later else []
    return f"{bought}{bought and '; '}as of {batches['as_of']} {'; '.join(parts)}"


def bought_words(batches: Any) -> str:
    """How many of the batches are bought; ``""`` where all are."""
    if "bought" not in batches:
        return ""
    number, written = batches["bought"]
    return f"bought are the first {number} of {written} batches" if number else f"none of {written} batches is bought"


def _brought(delivery: Any) -> str:
    return f"{', '.join(delivery['brings'])} ({delivery['batch']})"


def _undecided_note(records: Finished, run: Any) -> str:
    """How many threats the end of the simulated time leaves undecided."""
    if "threat_outcome" not in records.arrays:
        return ""
    outcome = records.of_threats("threat_outcome")
    n = float((outcome == UNRESOLVED).sum(axis=1).mean())
    if n == 0.0:
        return ""
    minutes = run["horizon_s"] / 60.0
    return (
        f"undecided: {number(n, 1)} of {outcome.shape[1]} threats on average were still flying when the simulated time "
        f"ended ({minutes:g} min), neither stopped nor through; a longer horizon decides them"
    )


def _sector_note(fixed: Any) -> str:
    """Which raids a radar that never turns cannot see where they begin."""
    return (
        f"{fixed['radar']} looks towards {fixed['boresight_deg']:.0f}° for good, {fixed['sector_deg']:.0f}° wide; "
        f"outside begin {', '.join(fixed['outside'])}"
    )


def _command_note(attrs: Any, posts: int) -> str:
    if posts < 2:
        return ""
    if attrs.get("coordination"):
        return "coordination on: posts share who engages what"
    return "coordination off: posts do not share who engages what; both may shoot at one target"


def _terrain_notes(attrs: Any) -> list[str]:
    terrain, told = attrs.get("terrain", "flat"), attrs.get("ground", {})
    if terrain == "flat":
        return ["terrain: none, sea level everywhere"]
    return [
        f"terrain: {terrain}; ridges narrower than its grid (about 1 km for 30 arc seconds) "
        "are smoothed, which changes what low flyers hide behind",
        *(f"terrain: {words}" for words in terrain_words(told)),
    ]


def _weather_note(attrs: Any) -> str:
    """What air and sea do, or nothing where the scenario has no weather."""
    weather = attrs.get("weather")
    if not weather:
        return ""
    parts = [f"absorption with {weather['water_vapour_kg_m3'] * 1e3:g} g/m3 of vapour"]
    if weather["rain_rate_mm_h"] > 0.0:
        extent = weather["rain_extent_m"]
        where = "everywhere" if extent is None else f"within {extent / 1e3:g} km of each radar"
        parts.append(f"rain {weather['rain_rate_mm_h']:g} mm/h {where} up to {weather['rain_height_m'] / 1e3:g} km")
    if weather["sea_lobing"]:
        parts.append(f"the sea reflects, waves {weather['wave_height_m']:g} m")
    return ", ".join(parts)
