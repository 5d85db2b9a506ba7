"""Scenarios that Python makes: from a table, or from this package's own nouns.

Both become the text that a file would hold, so that they are checked as a file is, stored with
the results, and told again by replays and reports.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import numpy as np
from pydantic import BaseModel

from kalkan.catalogue import Catalogue
from kalkan.errors import Problem, ProblemsError
from kalkan.scenario.nouns.fields import Altitude, Speed
from kalkan.scenario.nouns.places import Place, where
from kalkan.scenario.nouns.quantities import Reads
from kalkan.scenario.nouns.scenario import Scenario
from kalkan.scenario.reading.parsing import load_file, parse_made

ScenarioSource = Scenario | Mapping[str, Any] | str | Path


def load(source: ScenarioSource, *, catalogue: Catalogue | None = None, files: Sequence[str | Path] = ()) -> Scenario:
    """A checked scenario from whatever a user has.

    Parameters
    ----------
    source : path, mapping or Scenario
        A file; a table as the file would give it, ``{"assets": [{"name": "town", …}], …}``, whose entries may be
        nouns (``Asset(…)``); or a scenario, checked now if nobody has, or if it was made of a checked one by
        ``model_copy``: its variants then differ from what it has become.
    catalogue : Catalogue, optional
        Whose entries may be named; default kalkan's own with the scenario's files and `files`.
    files : sequence of path, optional
        More catalogue files.

    Raises
    ------
    ProblemsError
        With every problem.
    """
    if isinstance(source, Scenario):
        if source.is_as_read:
            return source
        known = None if files else source._catalogue
        return _from_tree(written(source), catalogue or known, files, source.base_dir)
    if isinstance(source, Mapping):
        return _from_tree(source, catalogue, files)
    return load_file(source, catalogue=catalogue, files=files)


def _from_tree(
    tree: Mapping[str, Any], catalogue: Catalogue | None, files: Sequence[str | Path], base_dir: Path = Path()
) -> Scenario:
    import tomlkit

    return parse_made(tomlkit.dumps(_plain(tree, tree, ())), base_dir, catalogue=catalogue, files=files)


def _plain(node: Any, tree: Any, place: Place) -> Any:
    """What TOML can hold of a value: tables, lists, texts, numbers; what is None is left out."""
    if isinstance(node, BaseModel):
        node = written(node)
    if isinstance(node, Mapping):
        return {str(k): _plain(v, tree, (*place, str(k))) for k, v in node.items() if v is not None}
    if isinstance(node, np.generic | np.ndarray):
        node = node.tolist()
    if isinstance(node, list | tuple):
        return [_plain(v, tree, (*place, i)) for i, v in enumerate(node)]
    if isinstance(node, Path):
        return node.as_posix()
    if isinstance(node, datetime.date):
        return node.isoformat()
    if isinstance(node, bool | int | float | str):
        return node
    message = f"is a {type(node).__name__}; a scenario holds tables, lists, texts, numbers, true and false"
    raise ProblemsError([Problem(where(tree, place) or "scenario", message)])


def written(noun: BaseModel) -> dict[str, Any]:
    """A noun as the file would hold it: the user's keys, quantities with units; only what was set."""
    table = {}
    for name in noun.model_fields_set:
        field = type(noun).model_fields[name]
        units = [m.unit for m in (*field.metadata, *_parts(field.annotation)) if isinstance(m, Reads) and m.unit]
        table[field.alias or name] = _value(getattr(noun, name), units[0] if units else "")
    return {k: table[k] for k in _keys(noun) if k in table}


def _parts(annotation: Any) -> Iterator[Any]:
    """Everything that an annotation is made of, such as the quantity in ``dict[str, Annotated[float, …]] | None``."""
    for part in get_args(annotation):
        yield part
        yield from _parts(part)


def _keys(noun: BaseModel) -> list[str]:
    return [f.alias or name for name, f in type(noun).model_fields.items()]


def _value(value: Any, unit: str) -> Any:
    if isinstance(value, Altitude):
        return f"{value.metres!r} m {'AGL' if value.above == 'ground' else 'MSL'}"
    if isinstance(value, Speed):
        return f"{value.metres_per_second!r} m/s" if value.mach is None else f"{value.mach!r} Mach"
    if isinstance(value, BaseModel):
        return written(value)
    if isinstance(value, Mapping):
        return {k: _value(v, unit) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_value(v, unit) for v in value]
    return f"{value!r} {unit}" if unit and isinstance(value, float) else value
