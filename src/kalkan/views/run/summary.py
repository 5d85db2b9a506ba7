"""What a results table says, as plain data: the same content for the screen, notebooks and ``--json``."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from kalkan.engine.store import REPORT
from kalkan.results import declared
from kalkan.results.assemble import Results, differences
from kalkan.results.by_wave import OF_WAVE
from kalkan.results.compare import Difference
from kalkan.results.declared import MEASURES, shown_in
from kalkan.results.quantity import CONFIDENCE, PROPORTION, Measure
from kalkan.schema import REASONS
from kalkan.views.numbers import ends
from kalkan.views.run.coordinating import coordination_costs, coordination_sentences
from kalkan.views.run.notes import (
    Column,
    column_notes,
    engines_note,
    made_by_note,
    pairing_notes,
    scarce_note,
    stopping_note,
    unsealed_note,
    whether_paired,
)
from kalkan.views.run.paying import payment_sentences, payments
from kalkan.views.run.range_tables import range_notes, range_tables
from kalkan.views.run.theory_table import theory_notes, theory_table

_WITH_DIFFERENCES = ("", "missiles", "money")  # on the screen; the data have them everywhere
ANSWER, RANGES, MISSILES, WAVES = "answer", "ranges", "missiles", "waves"  # parts, in which tables are asked for
MOST_WAVES = 12  # of which the answer itself tells


def summary(results: Results, confidence: float = CONFIDENCE) -> dict[str, Any]:
    """The tables of one run: every variant, and its paired difference from the first.

    Parameters
    ----------
    results : Results
    confidence : float
        Of all intervals.

    Returns
    -------
    dict
        JSON-ready: ``title``, ``seed``, ``variants``, ``speed``, ``tables`` (``part``: answer, ranges or missiles;
        rows with ``values`` and ``differences`` in the order of ``columns``), ``coordination`` (what its lack costs,
        where variants tell), ``paying`` (after how many raids dearer systems have paid, where assets have a cost),
        ``unknown`` (what is not known, or why it was not asked) and ``notes``.
    """
    columns = [Column(results, n, results.label(n)) for n in results.variants]
    content = _content(columns, _pairs(results), confidence)
    costs = coordination_costs(columns, confidence)
    paying = payments(columns, _pairs(results), confidence)
    run, first = results.run, next(iter(results.records.values()))
    return {
        "title": run["title"],
        "seed": run["seed"],
        "replications": {"finished": first.replications.size, "wanted": results.wanted},
        "complete": results.complete,
        "speed": _speed(results),
        **content,
        "coordination": costs,
        "paying": paying,
        "unknown": _unknown(results),
        **({"stopping": run["stopping"]} if "stopping" in run else {}),
        "notes": [
            *made_by_note(run),
            *unsealed_note(run),
            *([results.unknown.why] if results.unknown.damaged else []),
            *stopping_note(run),
            *coordination_sentences(costs),
            *payment_sentences(paying),
            *pairing_notes(content),
            *scarce_note(content),
            *theory_notes(columns),
            *range_notes(content["tables"]),
            *column_notes(columns),
            f"seed {run['seed']} · intervals: {100 * confidence:g} % confidence",
        ],
        "versions": run["versions"],
        "folder": str(results.path),
        "report": _report(results),
    }


def _unknown(results: Results) -> dict[str, Any]:
    """What the draws beside the run say, or why there are none."""
    from kalkan.views.studies.propagation import driver_records, outcome_content

    found = results.unknown.told(results.variants)
    if found is None:
        return {"asked": False, "draws": results.unknown.draws, "why": results.unknown.why or "this run drew no claims"}
    names = [n for n in results.variants if n in results.unknown.outcomes]
    content = outcome_content([results.label(n) for n in names], *found)
    return {"asked": True, **content, "drivers": driver_records(results.unknown.drivers)}


def _pairs(results: Results) -> list[tuple[int, int]]:
    """Each variant against the one that it names, else the first; under several stances, under its own stance."""
    about = [results.run["variants"][n] for n in results.variants]
    names = [a.get("variant", n) for a, n in zip(about, results.variants, strict=True)]
    stances = [a.get("stance", "") for a in about]
    if len(set(names)) == 1:
        return [(0, i) for i in range(1, len(about))]
    first = {s: i for i, s in reversed(list(enumerate(stances)))}
    at = {(n, s): i for i, (n, s) in enumerate(zip(names, stances, strict=True))}
    whom = [at.get((a.get("against", ""), s), first[s]) for a, s in zip(about, stances, strict=True)]
    return [(whom[i], i) for i, s in enumerate(stances) if first[s] != i]


def _report(results: Results) -> str | None:
    """Where the report of the run is, if there is one."""
    path = results.path / REPORT
    return str(path) if path.is_file() else None


def comparison(first: Results, second: Results, confidence: float = CONFIDENCE) -> dict[str, Any]:
    """The tables of two runs side by side; variants of one name are compared, else the first of each."""
    shared = [n for n in first.variants if n in second.variants]
    pairs = [(n, n) for n in shared] or [(first.variants[0], second.variants[0])]
    columns = [
        Column(results, name, f"{results.label(name)} [{tag}]")
        for old, new in pairs
        for results, name, tag in ((first, old, "A"), (second, new, "B"))
    ]
    content = _content(columns, [(2 * i, 2 * i + 1) for i in range(len(pairs))], confidence)
    return {
        "title": f"{first.run['title']} [A] and {second.run['title']} [B]",
        "folders": {"A": str(first.path), "B": str(second.path)},
        **content,
        "notes": [
            whether_paired(first, second, pairs),
            *engines_note(first.run, second.run),
            *dict.fromkeys((*unsealed_note(first.run), *unsealed_note(second.run))),
            *pairing_notes(content),
            *scarce_note(content),
            *range_notes(content["tables"]),
            *column_notes(columns),
            f"intervals: {100 * confidence:g} % confidence",
        ],
    }


def _content(
    columns: Sequence[Column], pairs: Sequence[tuple[int, int]], confidence: float
) -> dict[str, Any]:
    measures = [c.results.measures(confidence)[c.variant] for c in columns]
    diffs = [
        differences(
            columns[i].results, columns[i].variant, columns[j].results, columns[j].variant, confidence
        )
        for i, j in pairs
    ]
    paired = ["paired" if all(d.paired for d in diff.values()) else "unpaired" for diff in diffs]
    return {
        "confidence": confidence,
        "variants": [_about(c) for c in columns],
        "columns": [c.heading for c in columns],
        "difference_columns": [
            {"from": columns[i].heading, "to": columns[j].heading, "how": how}
            for (i, j), how in zip(pairs, paired, strict=True)
        ],
        "tables": [
            {"part": ANSWER, **t, "differences_shown": t["title"] in _WITH_DIFFERENCES}
            for t in _tables(columns, measures, diffs)
            if t["rows"]
        ],
    }


def _tables(
    columns: Sequence[Column], measures: list[dict[str, Measure]], diffs: list[dict[str, Difference]]
) -> Iterable[dict[str, Any]]:
    def rows(keys: Iterable[str], name: str = "") -> list[dict[str, Any]]:
        return [row_of(k, measures, diffs, name) for k in keys if _shown(k, measures)]

    yield {"title": "", "rows": _with_raid_size(rows(shown_in(declared.HEADLINE)), columns)}
    yield theory_table(columns)
    yield {"title": "why they leaked", "rows": _reason_rows(measures, diffs)}
    told = [*_keys(measures, "misled/"), *_keys(measures, "p_hostile_at_shot/")]
    yield {"title": "shot at though not hostile, by what misled", "rows": rows(told)}
    yield {
        "title": "leakers of each raid",
        "rows": _named_sizes(rows(_keys(measures, "leakers_of_raid/")), columns),
    }
    yield from ({"part": RANGES, **t} for t in range_tables(columns, measures, rows))
    types = _keys(measures, "spent_of_type/")
    others = [key for key in shown_in(declared.MISSILES) if key != "spent"]
    effort = rows(["spent", *(types if len(types) > 1 else []), *others])
    yield {"part": MISSILES, "title": "missiles", "rows": effort}
    yield {"part": MISSILES, "title": "losses of the defence", "rows": rows(shown_in(declared.LOSSES))}
    leaks, *further = ((title, rows(_keys(measures, f"{key}/"))) for key, title in OF_WAVE.items())
    few = 1 < len(leaks[1]) <= MOST_WAVES
    yield {"part": ANSWER if few else WAVES, "title": leaks[0], "rows": leaks[1] if len(leaks[1]) > 1 else []}
    part = WAVES if len(leaks[1]) > 1 else MISSILES  # one raid on a defence that has been in service has no waves
    yield {"part": part, "title": "supply", "rows": rows(shown_in(declared.SUPPLY))}
    yield from ({"part": WAVES, "title": title, "rows": found if part == WAVES else []} for title, found in further)
    yield {"part": RANGES, "title": "air picture", "rows": rows(shown_in(declared.PICTURE))}
    yield {"part": MISSILES, "title": "money", "rows": rows(shown_in(declared.MONEY))}
    assets = _keys(measures, "hits_of_asset/")
    yield {"part": MISSILES, "title": "hits on each asset", "rows": rows(assets if len(assets) > 1 else [])}


def _keys(measures: list[dict[str, Measure]], prefix: str) -> list[str]:
    return list(dict.fromkeys(k for m in measures for k in m if k.startswith(prefix)))


def _shown(key: str, measures: list[dict[str, Measure]]) -> bool:
    """Rows that are undefined everywhere, or rare things that never happened, are left out."""
    means = [m[key].mean for m in measures if key in m]
    if all(map(math.isnan, means)):
        return False
    return key not in MEASURES or not MEASURES[key].rare or any(means)


def row_of(
    key: str, measures: Sequence[dict[str, Measure]], diffs: Sequence[dict[str, Difference]] = (), name: str = ""
) -> dict[str, Any]:
    """One measure under every variant, and its differences, as plain data."""
    sample = next(m[key] for m in measures if key in m)
    return {
        "key": key,
        "name": name or sample.name,
        "unit": sample.unit,
        "kind": "proportion" if sample.kind == PROPORTION else "mean",
        "values": [_value(m.get(key)) for m in measures],
        "differences": [_difference(d.get(key)) for d in diffs],
    }


def _value(m: Measure | None) -> dict[str, Any] | None:
    if m is None or math.isnan(m.mean):
        return None
    return {"mean": m.mean, **ends(m.low, m.high), "n": m.n, "scarce": m.scarce}


def _difference(d: Difference | None) -> dict[str, Any] | None:
    if d is None or math.isnan(d.mean):
        return None
    return {
        "mean": d.mean, **ends(d.low, d.high), "n": d.n,
        "scarce": d.scarce, "paired": d.paired, "correlation": _finite(d.correlation),
        "variance_ratio": _finite(d.gain),
    }  # fmt: skip


def _finite(x: float) -> float | None:
    return x if math.isfinite(x) else None


def _reason_rows(
    measures: list[dict[str, Measure]], diffs: list[dict[str, Difference]]
) -> list[dict[str, Any]]:
    """Reasons that occurred, the most frequent first; each value carries its share of all leakers."""
    found = [k for k in _keys(measures, "reason/") if any(m[k].mean > 0.0 for m in measures if k in m)]
    found.sort(key=lambda k: -max(m[k].mean for m in measures if k in m))
    sentences = {reason.word: reason.sentence for reason in REASONS}
    rows = []
    for key in found:
        row = row_of(key, measures, diffs) | {"sentence": sentences.get(key.split("/", 1)[1], "")}
        for value, m in zip(row["values"], measures, strict=True):
            if value is not None:
                value["share_percent"] = _value(m.get(key.replace("reason/", "reason_share/")))
        rows.append(row)
    return rows


def _with_raid_size(rows: list[dict[str, Any]], columns: Sequence[Column]) -> list[dict[str, Any]]:
    """``leakers of 56``; where raids differ in size, every value has its own."""
    sizes = [_raid_size(c) for c in columns]
    if len(set(sizes)) == 1:
        rows[0] |= {"name": f"leakers of {sizes[0]}", "most": sizes[0]}
    else:
        _own_sizes(rows[0], sizes)
    return rows


def _named_sizes(rows: list[dict[str, Any]], columns: Sequence[Column]) -> list[dict[str, Any]]:
    """``cruise (16)``, where all variants that have the raid agree on its size; else every value has its own."""
    for row in rows:
        sizes = [c.results.records[c.variant].attrs["threat_raid"].count(row["name"]) for c in columns]
        if len({n for n in sizes if n}) == 1:
            row |= {"name": f"{row['name']} ({max(sizes)})", "most": max(sizes)}
        else:
            _own_sizes(row, sizes)
    return rows


def _own_sizes(row: dict[str, Any], sizes: Sequence[int]) -> None:
    for value, size in zip(row["values"], sizes, strict=True):
        if value is not None:
            value["of"] = size


def _raid_size(column: Column) -> int:
    return int(column.results.records[column.variant].of_side().sum())


def _about(c: Column) -> dict[str, Any]:
    n = c.results.records[c.variant].replications.size
    stance = c.results.run["variants"][c.variant].get("stance", "")
    return {"name": c.variant, "heading": c.heading, "stance": stance, "replications": n, "raid": _raid_size(c)}


def _speed(results: Results) -> dict[str, float | None]:
    """Simulated time against the time that the runs into this folder took."""
    wall_s = results.wall_s
    rate = results.simulated_s / wall_s if wall_s > 0.0 else None
    return {"simulated_s": results.simulated_s, "wall_s": wall_s, "times_real": rate}
