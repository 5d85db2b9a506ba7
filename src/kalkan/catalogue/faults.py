"""What is wrong with a table of a catalogue file, in the user's words; nothing here raises.

Each function looks at one table as TOML gives it, whatever that is, and returns sentences.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from typing import Any

from kalkan.catalogue.kinds import CLAIMANT_KINDS, CONDITIONS, CONFLICTS, KINDS, LEVELS
from kalkan.catalogue.specs import SPECS, TEXT, parse_load
from kalkan.errors import did_you_mean, nearest_of
from kalkan.units import UNITS, units_of

SOURCE = {"claimant", "kind", "title", "url", "date", "version", "origin", "verified"}
OPTIONAL = {"url", "version"}
ENTRY = {"kind", "name", "about", "level", "aliases"}
QUANTITY = {"claims", "level", "default", "conditions_from", "conflict", "about", "contradicts", "review"}
NUMBERS = ("value", "low", "high")
CLAIM = {*NUMBERS, "unit", "source", "at", "level", "conflict", "excluded", "note", "beside"}
_WORDS = (*SOURCE, "unit", "source", "level", "conflict", "excluded", "note", "about", "name", "review")
_URL = re.compile(r"https?://[^\s/]+\.[^\s]+")
_DATE = re.compile(r"undated|\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_ID = re.compile(r"[a-z0-9][a-z0-9-]*")


def form_faults(table: Mapping[str, Any]) -> list[str]:
    """Keys whose value has not the form that they need; the other checks trust the form."""
    faults = [f"{k} must be text in quotes" for k in _WORDS if not isinstance(table.get(k, ""), str)]
    for key in ("at", "default"):
        value = table.get(key, {})
        if not isinstance(value, dict) or any(not _is_condition(v) for v in value.values()):
            faults.append(f"{key} is a table such as {{ rcs_m2 = 1 }}")
    faults += [
        f"{k} must be a word, a number or a list of words" for k in CONDITIONS if not _is_condition(table.get(k, ""))
    ]
    source = table.get("conditions_from", {})
    if not isinstance(source, dict) or not all(isinstance(v, str) for v in source.values()):
        faults.append('conditions_from is a table such as { p_d = "reference_p_d" }')
    lists = table.get("contradicts", {})
    if not isinstance(lists, dict) or not all(_is_words(v) for v in lists.values()):
        faults.append('contradicts is a table such as { signed = ["not yet"] }')
    return faults


def _is_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(v, str) for v in value)


def _is_condition(value: Any) -> bool:
    return isinstance(value, str) or _is_number(value) or _is_words(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def source_faults(table: Any) -> list[str]:
    """What is wrong with a source."""
    if not isinstance(table, dict):
        return ["is not a table of a source"]
    faults = form_faults(table)
    if faults:
        return faults
    faults = [f'does not know "{k}"' for k in sorted(set(table) - SOURCE)]
    faults += [f"needs {k}" for k in sorted(SOURCE - OPTIONAL) if not table.get(k)]
    if table.get("kind", "press") not in CLAIMANT_KINDS:
        faults.append("kind is one of " + ", ".join(CLAIMANT_KINDS))
    if table.get("verified", "seen") not in ("seen", "from memory"):
        faults.append('verified is "seen" or "from memory"')
    if table.get("url") and not _URL.fullmatch(table["url"]):
        faults.append(f'url "{table["url"]}" is not a web address')
    if not _DATE.fullmatch(str(table.get("date", "undated"))):
        faults.append('date is "undated" or like "2019-07-15"')
    return faults


def entry_faults(entry_id: str, head: Mapping[str, Any], known: Collection[str]) -> list[str]:
    """What is wrong with the head of an entry: complete if it is new, absent if it is among the `known`."""
    if entry_id in known:
        return [f"is there already: leave out {', '.join(sorted(head))}"] if head else []
    if not head:
        close = did_you_mean(nearest_of(entry_id, tuple(known)))
        return [f"is not in the catalogue{close}; a new entry needs kind, name and level"]
    faults = [f"needs {k}" for k in ("kind", "name", "level") if not head.get(k)]
    faults += form_faults(head)
    if not _is_words(head.get("aliases", [])):
        faults.append('aliases is a list such as ["Shahed-136", "Geran-2"]')
    if head.get("kind") not in tuple(KINDS):
        faults.append("kind is one of " + ", ".join(KINDS))
    if head.get("level") not in LEVELS:
        faults.append("level is one of " + ", ".join(LEVELS))
    if not _ID.fullmatch(entry_id):
        faults.append("identifiers are lower case letters, digits and hyphens")
    return faults


def quantity_faults(name: str, body: Any, is_new: bool) -> list[str]:
    """What is wrong with the table of a quantity, its claims aside."""
    if name not in SPECS:
        return ["is not a known quantity" + did_you_mean(nearest_of(name, tuple(SPECS)))]
    if not isinstance(body, dict) or not isinstance(body.get("claims"), list) or not body["claims"]:
        return ["needs a list of claims"]
    faults = [f'does not know "{k}"' for k in sorted(set(body) - QUANTITY)] + form_faults(body)
    if faults:
        return faults
    extra = sorted(set(body) & QUANTITY - {"claims"})
    if extra and not is_new:
        faults.append(f"is there already: only claims can be added, not {', '.join(extra)}")
    if body.get("level", LEVELS[0]) not in LEVELS:
        faults.append("level is one of " + ", ".join(LEVELS))
    faults += _conflict_faults(body)
    faults += _condition_faults(body.get("default", {}))
    return faults


def _conflict_faults(table: Mapping[str, Any]) -> list[str]:
    strange = set(table.get("conflict", "")) - set(CONFLICTS) - {" "}
    return ["conflict letters are " + " ".join(CONFLICTS)] if strange else []


def _condition_faults(conditions: Mapping[str, Any]) -> list[str]:
    faults = [f'does not know the condition "{k}"' for k in conditions if k not in CONDITIONS]
    for key, value in conditions.items():
        allowed = CONDITIONS.get(key)
        words = value if isinstance(value, list) else [value]
        if allowed and not set(words) <= set(allowed):
            faults.append(f"{key} is one of " + ", ".join(allowed))
        if key in CONDITIONS and key.endswith(("_m2", "_d", "_fa")) and not _is_number(value):
            faults.append(f"{key} must be a number")
    return faults


def claim_faults(row: Any, name: str, sources: Mapping[str, Any]) -> list[str]:
    """What is wrong with a claim about the quantity `name`."""
    if not isinstance(row, dict):
        return ["is not a claim table"]
    faults = form_faults(row)
    if faults:
        return faults
    faults = [f'does not know "{k}"' for k in sorted(set(row) - CLAIM - SOURCE - set(CONDITIONS))]
    source = {**sources.get(row.get("source", ""), {}), **{k: v for k, v in row.items() if k in SOURCE}}
    if row.get("source") in sources:
        faults += source_faults(source)
    else:
        hint = did_you_mean(nearest_of(str(row.get("source")), tuple(sources)))
        faults.append(f'source "{row.get("source")}" is not defined{hint}')
    if row.get("level", LEVELS[0]) not in LEVELS:
        faults.append("level is one of " + ", ".join(LEVELS))
    faults += _conflict_faults(row)
    if set(row.get("conflict", "")) & set("UR") and not row.get("excluded"):
        faults.append("a unit slip (U) or role error (R) is wrong: it needs its reason in excluded")
    assumption = source.get("kind") == "assumption"
    faults += _number_faults(row, SPECS[name].dimension, assumption)
    conditions = {**row.get("at", {}), **{k: row[k] for k in CONDITIONS if k in row}}
    faults += _condition_faults(conditions)
    faults += [f"needs {k}: what it holds for" for k in _needed(name) if k not in conditions]
    if assumption and not row.get("note"):
        faults.append("an assumption needs its reason in note")
    if not isinstance(row.get("beside", False), bool) or (row.get("beside") and not assumption):
        faults.append("beside is true or false, and of kalkan's own kind of claim (assumption)")
    if name == "load":
        faults += load_faults(row.get("value"))
    return faults


def load_faults(value: object) -> list[str]:
    """What is wrong with the words of a load."""
    try:
        parse_load(str(value))
    except ValueError as error:
        return [str(error)]
    return []


def _needed(name: str) -> Collection[str]:
    """Conditions without which a claim says nothing: those that name a thing."""
    return {"interceptor"} & set(SPECS[name].by)


def _number_faults(row: Mapping[str, Any], dimension: str, assumption: bool) -> list[str]:
    """What is wrong with the figure itself."""
    if dimension == TEXT:
        return [] if isinstance(row.get("value"), str) and row["value"] else ["value must be a word"]
    faults = []
    if not all(_is_number(row[k]) for k in NUMBERS if k in row):
        faults.append("value, low and high must be numbers; the unit stands in unit")
    if row.get("unit") not in UNITS or UNITS[row["unit"]][0] != dimension:
        allowed = ", ".join(units_of(dimension))
        faults.append(f'unit "{row.get("unit", "")}" does not fit; it is one of {allowed}')
    if faults:
        return faults
    if "value" not in row and not ("low" in row and "high" in row):
        return ["needs a value, or low and high"]
    if assumption and not ("low" in row and "high" in row):
        return ["an assumption needs low and high"]
    in_order = [row[k] for k in ("low", "value", "high") if k in row]
    return [] if in_order == sorted(in_order) else ["low, value and high are not in order"]
