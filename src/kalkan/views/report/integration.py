"""What being tied into others' picture changes, in one sentence for each pair of variants that differ in it."""

from __future__ import annotations

from typing import Any

from kalkan.views.report.sentences import between, limits, listed

Value = dict[str, Any]
_KM, _MINUTE = 1e3, 60.0


def integration(content: dict[str, Any]) -> list[str]:
    """One paired sentence for each difference between a variant that is told of nothing and one that is.

    Parameters
    ----------
    content : dict
        From :func:`kalkan.views.run.summary.summary`.

    Returns
    -------
    list of str
        Leakers, how long ahead of its own radars the defence is told, from how far it first shoots at low flyers, and
        friends and airliners shot at, as far as the run has them; empty where no variant is told of anything.
    """
    rows = {row["key"]: row for table in content["tables"] for row in table["rows"]}
    ahead = rows.get("told_ahead")
    if ahead is None:
        return []
    at = {heading: i for i, heading in enumerate(content["columns"])}
    found = []
    for k, column in enumerate(content["difference_columns"]):
        before, after = at[column["from"]], at[column["to"]]
        if _mean(ahead, before) is None and _mean(ahead, after) is not None:
            found.append(_sentence(rows, column, k, before, after))
    return found


def _sentence(rows: dict[str, Value], column: Value, k: int, before: int, after: int) -> str:
    """Of one pair of variants."""
    leakers = rows["leakers"]["differences"][k]
    told = [
        _fewer(leakers),
        f"is told of raiders **{between(rows['told_ahead']['values'][after], scale=_MINUTE)} min** before its own "
        "radars see them",
        *_first_shot(rows.get("low_first_shot"), before, after),
        *_others(rows, k),
    ]
    pairs = "Pair by pair" if column["how"] == "paired" else "Unpaired"
    which = f"“{column['to']}” against “{column['from']}”"
    return f"{pairs}, tied into the picture of others ({which}) the defence {listed(told)}."


def _fewer(value: Value | None) -> str:
    if value is None or value["low"] is None:
        return "lets a number through that one replication does not tell apart"
    if value["low"] <= 0.0 <= value["high"]:
        told = f"{between(value, signed=True)}; {limits(value, signed=True)}"
        return f"lets as many through as far as the run can tell ({told})"
    word = "fewer" if value["mean"] < 0.0 else "more"
    turned = _unsigned(value)
    return f"lets **{between(turned)} {word}** through ({limits(turned)})"


def _unsigned(value: Value) -> Value:
    """A difference as a number that is more or fewer."""
    low, high = sorted(abs(value[k]) for k in ("low", "high"))
    return {**value, "mean": abs(value["mean"]), "low": low, "high": high}


def _first_shot(row: Value | None, before: int, after: int) -> list[str]:
    """From how far low flyers are first shot at."""
    if row is None or _mean(row, after) is None:
        return []
    then = f"at **{between(row['values'][after], scale=_KM)} km**"
    if _mean(row, before) is None:
        return [f"first shoots at low flyers {then}, where alone it never does"]
    return [f"first shoots at low flyers {then} instead of {between(row['values'][before], scale=_KM)} km"]


def _others(rows: dict[str, Value], k: int) -> list[str]:
    """Friends and airliners that are shot at, more or fewer."""
    words = (("friends_shot_at", "friends"), ("airliners_shot_at", "airliners"))
    changes = [(word, rows[key]["differences"][k]) for key, word in words if key in rows]
    told = [_change(word, v) for word, v in changes if v is not None]
    return [f"shoots at {listed(told)}"] if told else []


def _change(word: str, value: Value) -> str:
    """``0.14 more friends (0.04 to 0.24)``, or that the run tells no difference."""
    if value["low"] is None:
        return f"a number of {word} that one replication does not tell apart"
    if value["low"] <= 0.0 <= value["high"]:
        told = f"{between(value, signed=True)}; {limits(value, signed=True)}"
        return f"as many {word} as far as the run can tell ({told})"
    turned = _unsigned(value)
    return f"**{between(turned)} {'fewer' if value['mean'] < 0.0 else 'more'}** {word} ({limits(turned)})"


def _mean(row: Value, i: int) -> float | None:
    value = row["values"][i]
    return None if value is None else value["mean"]
