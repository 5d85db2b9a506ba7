"""What each further batch changes: as plain data, as a table, in sentences and as bars."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from typing import Any

from kalkan.results.goals import Goal
from kalkan.studies.further import Further
from kalkan.studies.sweep import Swept
from kalkan.views.numbers import plus_minus
from kalkan.views.studies.finding import HeadedRows
from kalkan.views.studies.propagation import scale_of
from kalkan.views.studies.records import interval_record

DAMAGE = "cost_damage"
MOST_STEPS = 8  # told one by one
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
FurtherRecord = dict[str, Any]


# ---- data
def further_content(swept: Swept) -> list[FurtherRecord]:
    """Every curve over the number of batches as plain data."""
    return [_content(f, swept) for f in swept.further]


def _content(found: Further, swept: Swept) -> FurtherRecord:
    others = [a.parameter.text for a in swept.axes if not a.parameter.counts_batches]
    return {
        "variant": swept.labels[found.variant],
        "at": dict(zip(others, found.at, strict=True)),
        "numbers": found.numbers,
        "steps": [{k: interval_record(v) for k, v in step.items()} for step in found.steps],
        "enough": found.enough,
        "rest": {k: interval_record(v) for k, v in found.rest.items()},
    }


def keys_told(key: str, content: FurtherRecord) -> list[str]:
    """The measure that is asked for and, where assets have a cost, the damage to them."""
    damaged = any(v[DAMAGE]["mean"] for p in content["points"] for v in p["variants"].values())
    return list(dict.fromkeys([key, DAMAGE] if damaged else [key]))


# ---- words
def further_sentences(curves: Iterable[FurtherRecord], key: str) -> list[str]:
    """Of every variant, what each further batch changes of a measure, and from where on one more does not."""
    return [_sentence(curve, key) for curve in curves]


def _sentence(curve: FurtherRecord, key: str) -> str:
    numbers, enough = curve["numbers"], curve["enough"][key]
    where = "".join(f", {target} = {value}" for target, value in curve["at"].items())
    head = f"“{curve['variant']}”{where}"
    if enough == numbers[0]:
        return f"{head}: no further batch changes {_name(key)} by anything that can be told from chance."
    clear = [step for step, many in zip(_steps(curve, key), numbers[1:], strict=True) if many <= enough]
    shown = clear if len(clear) <= MOST_STEPS else [*clear[:2], "…", clear[-1]]
    told = f"{_name(key)}: {', '.join(shown)}"
    if enough == numbers[-1]:
        return f"{head}: {told}; also the last of these can be told from chance."
    rest = change_text(curve["rest"][key], key)
    return (
        f"{head}: {told}; from {_batches(enough)} on a further one changes nothing that can be told from chance "
        f"({numbers[-1]} instead of {enough}: {rest})."
    )


def _steps(curve: FurtherRecord, key: str) -> list[str]:
    """``the first −12.3 ± 0.4`` for every step."""
    pairs = zip(curve["numbers"], curve["numbers"][1:], strict=False)
    told = zip(pairs, curve["steps"], strict=True)
    return [f"{_which(few, many)} {change_text(step[key], key)}" for (few, many), step in told]


def _which(few: int, many: int) -> str:
    if many == few + 1:
        return f"the {_ORDINALS[few] if few < len(_ORDINALS) else f'{many}th'}"
    return f"{few + 1} to {many}"


def _batches(n: int) -> str:
    return f"{n} batch{'es' * (n != 1)}"


def _name(key: str) -> str:
    return Goal(key, False).name + scale_of(key)[1]


def change_text(record: FurtherRecord, key: str) -> str:
    """A difference with its interval, in the unit in which people read the measure."""
    scale = scale_of(key)[0]
    mean, low, high = (math.nan if record[k] is None else scale * record[k] for k in ("mean", "low", "high"))
    return plus_minus(mean, low, high, signed=True)


# ---- cells
def further_table(content: FurtherRecord, keys: Sequence[str]) -> HeadedRows:
    """A row for every step: of each variant and measure what it changes."""
    curves: list[FurtherRecord] = content["further"]
    several = len({c["variant"] for c in curves}) > 1
    columns = {(c["variant"], key): None for c in curves for key in keys}
    others = list(curves[0]["at"])
    heads = [*others, "further batch", *(f"{v}: {_name(k)}" if several else _name(k) for v, k in columns)]
    rows: dict[tuple[Any, ...], list[str]] = {}
    for curve in curves:
        pairs = zip(curve["numbers"], curve["numbers"][1:], strict=False)
        for (few, many), step in zip(pairs, curve["steps"], strict=True):
            row = rows.setdefault((*map(str, curve["at"].values()), _which(few, many)), [])
            row += [change_text(step[k], k) for k in keys]
    return heads, [[*at, *cells] for at, cells in rows.items()]


# ---- figure
def bars(ax: Any, curves: Sequence[FurtherRecord], key: str) -> None:
    """What each further batch changes, with its interval: a group of bars for every step, one for each curve."""
    from kalkan.views.studies.plots import COLOURS

    width = 0.8 / len(curves)
    scale, unit = scale_of(key)
    for i, curve in enumerate(curves):
        steps = [s[key] for s in curve["steps"]]
        x = [k + (i - (len(curves) - 1) / 2.0) * width for k in range(len(steps))]
        mean = [scale * s["mean"] for s in steps]
        ends = [[s["mean"] if s[e] is None else s[e] for s in steps] for e in ("low", "high")]
        arms = [[abs(scale * end - m) for end, m in zip(row, mean, strict=True)] for row in ends]
        label = ", ".join([curve["variant"], *(f"{t} = {v}" for t, v in curve["at"].items())])
        ax.bar(x, mean, width, yerr=arms, color=COLOURS[i % 7], ecolor="0.2", capsize=2, label=label)
    numbers = curves[0]["numbers"]
    ax.set_xticks(range(len(numbers) - 1), [_which(few, many) for few, many in itertools.pairwise(numbers)])
    ax.axhline(0.0, color="0.2", linewidth=0.8)
    ax.set_ylabel(f"change of {Goal(key, False).name}{unit}")
    ax.set_title("what each further batch changes, paired; whiskers: 95 %", fontsize=9)
    ax.grid(alpha=0.25, axis="y")
