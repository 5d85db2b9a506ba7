"""Whose world results are of: what identifies a plan, and what differs between two of them, in the user's words.

Results are of one world if the same engine ran the same plans. A plan is identified by all that is in it: names,
types and bytes of every array, the names of its parts, and the facts that measures read beside the records. Code
that only makes plans (catalogue, scenario, compile) may change as long as its plans do not.
"""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kalkan.engine.plain import plain
from kalkan.errors import DifferentRunError
from kalkan.scenario import Scenario
from kalkan.sources import engine_identity

if TYPE_CHECKING:
    from kalkan.compile import Compiled

# of `Compiled.attrs`, what is only told and never counted with
WORDS = ("inputs", "stance", "terrain", "ground", "weather", "doctrine", "fights", "low_range_claims", "traffic")
PARTS = {  # fields of the plan as a user would call them
    "study": "capacities", "knots": "flight paths", "paths": "flight paths", "threats": "raids",
    "kinds": "air vehicles", "rcs_dbsm": "radar cross-sections", "assets": "assets", "asset_m": "assets",
    "radars": "radars", "p_d": "detection probabilities", "horizon": "lines of sight", "pictures": "command posts",
    "units": "fire units", "launchers": "launchers", "interceptors": "interceptors", "flight_s": "times of flight",
    "arrival_m_s": "speeds on arrival", "weather": "weather", "sources": "external sources",
    "interference": "jamming, clutter and resolution",
    "reacting": "reactions of raids", "campaign": "waves, upkeep and stock",
    "models": "models of detection, doctrine, kill and tracking", "labels": "names", "facts": "costs and values",
}  # fmt: skip
MOST_TOLD = 3
UsedFigure = Mapping[str, Any]


def variant_identity(variant: Scenario) -> str:
    """Identity of one variant; how many replications are wanted does not count, the seed is kept apart."""
    study = variant.study.model_copy(update={"replications": 1, "seed": 0})
    return variant.model_copy(update={"study": study, "variants": {}}).identity


def written_identity(variant: Scenario) -> str:
    """Hash [24 hex digits] of what a user wrote of a variant, which kalkan's defaults and rules do not move."""
    written = variant.model_dump(exclude_unset=True, exclude={"title", "about", "base", "variants", "study"})
    horizon_s = variant.study.model_dump(exclude_unset=True).get("horizon_s")
    return hashlib.sha256(json.dumps([written, horizon_s], sort_keys=True, default=str).encode()).hexdigest()[:24]


def plan_parts(compiled: Compiled) -> dict[str, str]:
    """Hash [16 hex digits] of each part of a plan, of its names and of the facts that measures read."""
    plan = compiled.plan
    fields = plan._asdict() if hasattr(plan, "_asdict") else {"study": plan}
    if compiled.campaign is not None:
        fields |= {"campaign": compiled.campaign}
    return {name: _hash(name, value) for name, value in fields.items()} | _told_parts(compiled.labels, compiled.attrs)


def facts_as_booked(about: Mapping[str, Any]) -> bool:
    """Whether names and facts that ``run.json`` holds of a variant are those of its plan, as far as that is there."""
    booked = about.get("plan", {})
    if not booked:
        return True
    return all(booked.get(k) == v for k, v in _told_parts(about["labels"], about["attrs"]).items())


def _told_parts(labels: Any, attrs: Any) -> dict[str, str]:
    """Hash [16 hex digits] of names, and of the facts that measures read."""
    facts = {k: v for k, v in plain(attrs).items() if k not in WORDS}
    return {k: _hash(k, json.dumps(v, sort_keys=True)) for k, v in {"labels": labels, "facts": facts}.items()}


def identity_of(parts: Mapping[str, str]) -> str:
    """One hash [16 hex digits] of all parts of a plan."""
    return hashlib.sha256(json.dumps(dict(parts), sort_keys=True).encode()).hexdigest()[:16]


def _hash(name: str, value: Any) -> str:
    digest = hashlib.sha256()
    _feed(digest, name, value)
    return digest.hexdigest()[:16]


def _feed(digest: Any, name: str, value: Any) -> None:
    """Names, types, shapes and bytes; a structured array field by field, since nobody fills the gaps between them."""
    if hasattr(value, "_asdict"):
        for field, part in value._asdict().items():
            _feed(digest, f"{name}.{field}", part)
    elif isinstance(value, np.ndarray) and value.dtype.names:
        for field in value.dtype.names:
            _feed(digest, f"{name}.{field}", value[field])
    elif isinstance(value, np.ndarray):
        digest.update(f"{name} {value.dtype.str} {value.shape} ".encode())
        digest.update(np.ascontiguousarray(value).data.cast("B") if value.size else b"")
    elif isinstance(value, tuple):
        for k, part in enumerate(value):
            _feed(digest, f"{name}.{k}", part)
    elif callable(value):
        python = getattr(value, "py_func", value)
        digest.update(f"{name} {python.__module__}.{python.__qualname__} {inspect.getsource(python)} ".encode())
    else:
        digest.update(f"{name} {type(value).__name__} {value!r} ".encode())


def told_changes(before: Mapping[str, Any], now: Compiled, made_by: str) -> str:
    """What differs between a plan as recorded in ``run.json`` and the same variant's plan now.

    Parameters
    ----------
    before : mapping
        What ``run.json`` holds of the variant.
    now : Compiled
    made_by : str
        Version of kalkan that made the folder.

    Returns
    -------
    str
        Figures whose values have changed; if there are none, the parts of the plan that differ.
    """
    figures = changed_figures(before.get("attrs", {}).get("inputs", ()), plain(now.attrs).get("inputs", ()))
    if figures:
        return f"figures have changed: {_listed(figures)}"
    old, new = before.get("plan", {}), plan_parts(now)
    parts = dict.fromkeys(PARTS.get(k, k) for k in (*new, *old) if old.get(k) != new.get(k))
    return (
        f"of the same scenario and the same figures kalkan {made_by} made other {_listed(list(parts))} than this "
        "version does on this machine"
    )


def changed_figures(before: Sequence[UsedFigure], now: Sequence[UsedFigure]) -> list[str]:
    """``91n6e.detection_range was 600 km, is 400 km`` for every figure whose value is another one."""
    old, new = ({_key(row): row for row in rows} for rows in (before, now))
    told = []
    for key, row in new.items():
        if key not in old:
            told.append(f"{_name(row)} is new, {_value(row)}")
        elif old[key]["value"] != row["value"]:
            told.append(f"{_name(row)} was {_value(old[key])}, is {_value(row)}")
    return [*told, *(f"{_name(row)} is no longer used" for key, row in old.items() if key not in new)]


def _key(row: UsedFigure) -> tuple[Any, ...]:
    return row["entry"], row["quantity"], tuple(sorted((k, str(v)) for k, v in row["conditions"].items()))


def _name(row: UsedFigure) -> str:
    conditions = ", ".join(v for v in row["conditions"].values() if isinstance(v, str))
    return f"{row['entry']}.{row['quantity']}" + (f" ({conditions})" if conditions else "")


def _value(row: UsedFigure) -> str:
    if row.get("shown"):
        return str(row["shown"])
    value = f"{row['value']:g}" if isinstance(row["value"], float) else str(row["value"])
    return f"{value} {row['unit']}".strip()


def _listed(words: list[str]) -> str:
    """The first few, and how many more there are."""
    rest = len(words) - MOST_TOLD
    return ", ".join(words[:MOST_TOLD]) + (f" and {rest} more" if rest > 0 else "")


def different_run(folder: Path, found: Sequence[str]) -> DifferentRunError:
    """The refusal to add to a folder, with what differs and what to do."""
    return DifferentRunError(
        f"{folder} holds a different run: {'; '.join(found)}. Choose another --out, or --overwrite to replace it"
    )


def engine_change(made_by: Mapping[str, str], here: Mapping[str, str]) -> str:
    """That the engine is another one, by the versions that a user knows."""
    known = {"kalkan": "version", "numba": "numba", "python": "Python"}
    was = [f"{word} {made_by[k]}" for k, word in known.items() if k in made_by and made_by[k] != here.get(k)]
    if was:
        return f"kalkan's engine changed from {', '.join(was)}"
    return f"kalkan's engine changed within version {made_by.get('kalkan', '?')}"


def made_by(run: Mapping[str, Any]) -> str:
    """Which version made a folder, if its engine is not this one; else ``""``."""
    if run["engine"] == engine_identity():
        return ""
    made, here = run["versions"].get("kalkan", "unknown"), version("kalkan")
    return f"made by kalkan {made} with another engine than that of this version ({here}); told as recorded"
