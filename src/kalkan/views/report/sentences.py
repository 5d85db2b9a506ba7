"""The answer in plain sentences, each with its interval. Words of the run stand in quotation marks."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from kalkan.views.numbers import decimals, exact, number, span
from kalkan.views.run.coordinating import coordination_sentences
from kalkan.views.run.paying import payment_sentences

Value = dict[str, Any]
_MILLION = 1e6
FEW = 4  # so many variants are told one by one
MOST_DIFFERENCES = 6


def findings(content: dict[str, Any]) -> list[str]:
    """The headline as sentences, the first about leakers; from :func:`kalkan.views.run.summary.summary`."""
    rows = _rows(content)
    return [
        leakers(content, rows["leakers"]), *gave_up(content, rows.get("gave_up")),
        *undecided(content, rows.get("unresolved")),
    ]  # fmt: skip


def changes(content: dict[str, Any]) -> list[str]:
    """What each variant does to the leakers, and how often nothing gets through."""
    rows = _rows(content)
    differences = zip(content["difference_columns"], rows["leakers"]["differences"], strict=True)
    told = [difference(column, value) for column, value in list(differences)[:MOST_DIFFERENCES] if value is not None]
    said = (*coordination_sentences(content.get("coordination", ())), *payment_sentences(content.get("paying", ())))
    costs = [f"{s[0].upper()}{s[1:]}." for s in said]
    return [*told, *none_at_all(content, rows.get("p_no_leaker")), *costs]


def reasons(content: dict[str, Any]) -> list[str]:
    """Why leakers leaked."""
    return list(why(content, [r for r in _rows(content).values() if r["key"].startswith("reason/")]))


def interceptors(content: dict[str, Any]) -> list[str]:
    """What was spent."""
    rows = _rows(content)
    return list(spent(content, rows.get("spent"), rows.get("cost_spent")))


def by_mistake(content: dict[str, Any]) -> list[str]:
    """How many friends and neutrals were shot at, where any fly and variants are few."""
    rows = _rows(content)
    whose = (("friends_shot_at", "Friends"), ("airliners_shot_at", "Airliners and other neutrals"))
    return [shot_at(content, word, rows[key]) for key, word in whose if key in rows and len(content["columns"]) <= FEW]


def at_decoys(content: dict[str, Any]) -> list[str]:
    """How many interceptors went to decoys and debris, of how many, where missiles release any and variants are few."""
    row = _rows(content).get("shots_at_decoys")
    if row is None or len(content["columns"]) > FEW:
        return []
    parts = [
        f"**{between(v)}** interceptors{after(content, h)}"
        for h, v in zip(content["columns"], row["values"], strict=True) if v is not None
    ]  # fmt: skip
    return [
        f"At decoys and debris of ballistic missiles were launched {listed(parts)}, on average: they do no damage, and "
        "whoever is not told apart from a missile is shot at as one."
    ] if parts else []


def _rows(content: dict[str, Any]) -> dict[str, Value]:
    return {row["key"]: row for table in content["tables"] for row in table["rows"]}


def leakers(content: dict[str, Any], row: Value) -> str:
    """Mean leakers of every variant."""
    many = len(content["columns"]) > FEW
    return span_of_variants(content, row) if many else each_variant(content, row)


def each_variant(content: dict[str, Any], row: Value) -> str:
    """Mean leakers of every variant, one by one, each of its own raid."""
    level = f"{100 * content['confidence']:g} % interval"
    raids = [v["raid"] for v in content["variants"]]
    noun = "air vehicle" if raids[0] == 1 else "air vehicles"
    parts = []
    for i, (heading, value) in enumerate(zip(content["columns"], row["values"], strict=True)):
        if value is None:
            continue
        of = f" of {raids[i]}" if len(set(raids)) > 1 or i == 0 else ""
        verb, level_of = (f" {noun} get through on average", f"{level} ") if i == 0 else ("", "")
        parts.append(f"{under(content, heading)}**{between(value)}**{of}{verb} ({level_of}{limits(value, least=0.0)})")
    text = listed(parts).replace(") and under", "), and under")
    return text[:1].upper() + text[1:] + "."


def span_of_variants(content: dict[str, Any], row: Value) -> str:
    """The least and the most mean leakers among many variants, each of its own raid."""
    raids = [v["raid"] for v in content["variants"]]
    rows = zip(row["values"], content["columns"], raids, strict=True)
    known = [(v, h, f" of {n}" if len(set(raids)) > 1 else "") for v, h, n in rows if v is not None]
    ends = [pick(known, key=lambda k: k[0]["mean"]) for pick in (min, max)]
    low, high = (f"**{between(v)}**{of} under “{h}” ({limits(v, least=0.0)})" for v, h, of in ends)
    head = f"Of {raids[0]} air vehicles, on" if len(set(raids)) == 1 else "On"
    return f"{head} average from {low} to {high} get through."


def gave_up(content: dict[str, Any], row: Value | None) -> Iterator[str]:
    """Threats that turned back or aborted, as the scenario has them react: no leakers, and not shot down."""
    if parts := _each_that_has(content, row):
        yield (
            f"Turned back or aborted when illuminated or shot at, so neither through nor shot down: {listed(parts)} on "
            "average. That they do is the scenario's own assumption, and whether they come again is not asked."
        )


def _each_that_has(content: dict[str, Any], row: Value | None) -> list[str]:
    """Means of the variants in which there are any."""
    return [] if row is None else [
        f"**{between(v)}**{after(content, h)}" for v, h in zip(row["values"], content["columns"], strict=True)
        if v is not None and v["mean"] > 0.0
    ]  # fmt: skip


def undecided(content: dict[str, Any], row: Value | None) -> Iterator[str]:
    """Threats that were still flying at the end: neither stopped nor through."""
    if parts := _each_that_has(content, row):
        yield (
            f"Still flying when the simulated time ended, and so neither stopped nor through: {listed(parts)} on "
            "average. They count as no success; a longer horizon decides them."
        )


def difference(column: Value, value: Value) -> str:
    """What a change does to the leakers, and whether the run can tell."""
    n = f"{value['n']:,} replication" + ("" if value["n"] == 1 else "s")
    how = f"Pair by pair over {n}" if column["how"] == "paired" else f"Unpaired, over {n} each"
    if value["low"] is None or value["low"] <= 0.0 <= value["high"]:
        if value["low"] == value["high"] == 0.0:
            return f"{how}, “{column['to']}” and “{column['from']}” let **equally many** through every time."
        return (
            f"{how}, the run **cannot tell** whether “{column['to']}” lets fewer through than “{column['from']}”: "
            f"the difference is {between(value, signed=True)} ({limits(value, signed=True)})."
        )
    word = "fewer" if value["mean"] < 0.0 else "more"
    ends = sorted(abs(value[k]) for k in ("low", "high"))
    places = _places(value)
    return (
        f"{how}, “{column['to']}” lets **{number(abs(value['mean']), places)} {word}** through than "
        f"“{column['from']}” ({number(ends[0], places)} to {number(ends[1], places)} {word})."
    )


def none_at_all(content: dict[str, Any], row: Value | None) -> Iterator[str]:
    """How often nothing leaks."""
    if row is None or len(content["columns"]) > FEW:
        return
    parts = [
        f"**{span(v['mean'], v['low'], v['high'])}**{' of replications' if i == 0 else ''}{after(content, heading)}"
        for i, (heading, v) in enumerate(zip(content["columns"], row["values"], strict=True))
        if v is not None
    ]
    yield f"Nothing at all gets through in {listed(parts)}."


def why(content: dict[str, Any], rows: list[Value]) -> Iterator[str]:
    """The most frequent reason for leaking, per variant that has leakers."""
    for i, heading in enumerate(content["columns"][:FEW]):
        shares = [(r["values"][i], r) for r in rows if (r["values"][i] or {}).get("share_percent")]
        if not shares:
            continue
        shares.sort(key=lambda s: -s[0]["share_percent"]["mean"])
        first = shares[0][0]["share_percent"]
        level = [s for s in shares[:3] if _overlap(first, s[0]["share_percent"])]
        told = [
            f"**{row['name']}** ({row['sentence']}; {number(value['share_percent']['mean'], 0)} % of leakers)"
            for value, row in level
        ]
        are = "reason for leaking is" if len(told) == 1 else "reasons for leaking are"
        text = f"{under(content, heading, ',')}the most frequent {are} {listed(told)}."
        yield text[:1].upper() + text[1:]


def spent(content: dict[str, Any], row: Value | None, cost: Value | None) -> Iterator[str]:
    """Interceptors, and what they cost where every type has a price."""
    if row is None or len(content["columns"]) > FEW:
        return
    parts = []
    for i, (heading, value) in enumerate(zip(content["columns"], row["values"], strict=True)):
        money = cost["values"][i] if cost else None
        price = f" for {between(money, scale=_MILLION)} million USD" if money else ""
        if value is not None:
            parts.append(f"**{between(value)}**{after(content, heading)}{price}")
    yield f"Interceptors spent, on average: {listed(parts)}."


def shot_at(content: dict[str, Any], word: str, row: Value) -> str:
    """Mean number of one side's aircraft that rounds were launched at."""
    level = f"{100 * content['confidence']:g} % interval "
    parts: list[str] = []
    for heading, value in zip(content["columns"], row["values"], strict=True):
        if value is not None:
            said = limits(value, least=0.0)
            never = value["mean"] == 0.0 and value["high"] is not None  # then the interval has one end that tells
            told, said = ("none", f"fewer than {number(value['high'], 2)}") if never else (between(value), said)
            parts.append(f"**{told}**{after(content, heading)} ({'' if parts else level}{said})")
    return f"{word} shot at, on average: {listed(parts)}."


def under(content: dict[str, Any], heading: str, comma: str = "") -> str:
    """``under “two batches” ``; nothing where there is one variant only."""
    return f"under “{heading}”{comma} " if len(content["columns"]) > 1 else ""


def after(content: dict[str, Any], heading: str) -> str:
    """`` under “two batches”``; nothing where there is one variant only."""
    return f" under “{heading}”" if len(content["columns"]) > 1 else ""


def between(value: Value, *, signed: bool = False, scale: float = 1.0) -> str:
    """A mean, rounded where its interval says so."""
    half = _half(value) / scale
    mean = value["mean"] / scale
    return exact(mean, signed=signed) if half <= 0.0 else number(mean, decimals(half, mean), signed=signed)


def limits(value: Value, *, signed: bool = False, least: float = -math.inf) -> str:
    """``8.2 to 8.8``, or that there is none; a difference may go below 0, a number of leakers does not."""
    if value["low"] is None:
        return "one replication, no interval"
    if value["low"] == value["high"]:
        return "the same in every replication"
    places = _places(value)
    return " to ".join(number(max(value[k], least), places, signed=signed) for k in ("low", "high"))


def listed(parts: list[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1] if parts else "–"


def _overlap(a: Value, b: Value) -> bool:
    """Whether two intervals share a value."""
    if a["low"] is None or b["low"] is None:
        return bool(a["mean"] == b["mean"])
    return bool(b["high"] >= a["low"] and a["high"] >= b["low"])


def _half(value: Value) -> float:
    return 0.0 if value["low"] is None else (value["high"] - value["low"]) / 2.0


def _places(value: Value) -> int:
    half = _half(value)
    return decimals(half, value["mean"]) if half > 0.0 and math.isfinite(half) else 0
