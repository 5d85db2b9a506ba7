"""Change single values in a scenario's text; everything else, comments too, stays as it was written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from kalkan.errors import Problem, ProblemsError
from kalkan.scenario.reading.files import parse_toml


class Change(NamedTuple):
    """A new value for a place of the file."""

    place: tuple[str | int, ...]
    value: Any


def edit_text(text: str, changes: Sequence[Change], file: str = "<text>") -> str:
    """The text with some values changed.

    Parameters
    ----------
    text : str
        TOML.
    changes : sequence of Change
        Places that are there, or whose table is there; lists of numbers of the same length keep the way
        that they are written.
    file : str
        Its name in messages.

    Raises
    ------
    ProblemsError
        The text is no TOML, or a place leads nowhere.
    """
    import tomlkit

    parse_toml(text, file)
    document = tomlkit.parse(text)
    for change in changes:
        try:
            _set(document, change)
        except (KeyError, IndexError, TypeError, ValueError):
            where = " · ".join(map(str, change.place)) or "file"
            raise ProblemsError([Problem(where, "is not in the file any more", file)]) from None
    return str(document.as_string())


def _set(node: Any, change: Change) -> None:
    *path, last = change.place
    for key in path:
        node = node[key]
    old = node.get(last) if hasattr(node, "get") else node[last]
    if isinstance(old, list) and isinstance(change.value, list) and len(old) == len(change.value):
        for i, value in enumerate(change.value):
            if isinstance(value, list):
                _set(old, Change((i,), value))
            elif old[i] != value:
                old[i] = value
    else:
        node[last] = change.value
