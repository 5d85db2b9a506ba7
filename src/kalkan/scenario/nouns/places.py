"""Where in the user's file a thing stands: its line, and the user's own name for it.

A *place* is the path of a value in the tree that TOML gives: ``("raids", 0, "speed")``. It is
shown as the user would say it, ``raids "cruise" · speed = "240"``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kalkan.errors import Problem, nearest_of

Place = tuple[str | int, ...]

_NAMED = frozenset(
    {
        "assets",
        "systems",
        "raids",
        "flights",
        "traffic",
        "zones",
        "sources",
        "jammers",
        "outages",
        "batches",
        "waves",
        "depots",
        "production",
        "doctrine",
        "assume",
        "variants",
    }
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+\Z")
_LONGEST_VALUE = 40


def nearest(
    word: str, known: Iterable[str], *, show_all: int = 6, also: Mapping[str, Iterable[str]] | None = None
) -> str:
    """Ending of a message: the nearest known word, or the short list of all of them.

    Parameters
    ----------
    word : str
        What the user wrote.
    known : iterable of str
        What is allowed.
    show_all : int
        When nothing is near, up to this many allowed words are listed.
    also : mapping of str to iterable of str, optional
        Other spellings of what is allowed, such as aliases.

    Returns
    -------
    str
        `` — did you mean "s-400"?``, ``; known: "a", "b"`` or ``""``.
    """
    words = tuple(dict.fromkeys(known))
    if near := nearest_of(word, words, also):
        return f" — did you mean {quoted(near)}?"
    if 0 < len(words) <= show_all:
        return "; known: " + ", ".join(quoted(k) for k in sorted(words))
    return ""


def quoted(text: str) -> str:
    """Text in double quotes, control characters escaped, shortened beyond 40 characters."""
    shown = text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"
    return json.dumps(shown, ensure_ascii=False)


def child(node: Any, key: str | int) -> Any:
    """One step down the tree, or None where there is no such step."""
    if isinstance(key, str):
        return node.get(key) if isinstance(node, Mapping) else None
    return node[key] if isinstance(node, list) and 0 <= key < len(node) else None


def value_at(tree: Any, place: Place) -> Any:
    """Value at a place, or None."""
    for key in place:
        tree = child(tree, key)
    return tree


def shown_value(value: Any) -> str:
    """A value as TOML would write it, or ``""`` for tables and long lists."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _shown_number(value)
    if isinstance(value, list):
        parts = [shown_value(v) for v in value[:8]]
        text = "[" + ", ".join(parts) + "]"
        return text if all(parts) and len(value) <= 8 and len(text) <= _LONGEST_VALUE else ""
    return "" if value is None or isinstance(value, Mapping) else quoted(str(value))


def _shown_number(value: float) -> str:
    if isinstance(value, int) and value.bit_length() > 128:
        return "a very long number"
    return repr(value)


def where(tree: Any, place: Place) -> str:
    """The user's name for a place, such as ``raids "cruise" · speed = "240"``.

    Parameters
    ----------
    tree : dict
        The tree that the place leads through.
    place : tuple of str or int
        Path from the root.
    """
    parts: list[str] = []
    node, i = tree, 0
    while i < len(place):
        key = str(place[i])
        node = child(node, place[i])
        text = key if _BARE_KEY.match(key) else quoted(key)
        following = place[i + 1] if i + 1 < len(place) else None
        at_section = i == 0 or (i == 2 and place[0] == "variants")
        if isinstance(following, int):
            node, i = child(node, following), i + 1
            name = child(node, "name")
            text += f" {quoted(name)}" if isinstance(name, str) and name else f" #{following + 1}"
        elif isinstance(following, str) and at_section and key in _NAMED:
            node, i = child(node, following), i + 1
            text += f" {quoted(following)}"
        parts.append(text)
        i += 1
    shown = shown_value(node)
    return " · ".join(parts) + (f" = {shown}" if shown and parts else "")


@dataclass(frozen=True)
class Places:
    """Turns places of a checked tree into problems with file, line and the user's names.

    Attributes
    ----------
    file : str
        File name as the user gave it.
    own : dict
        The file's own tree.
    lines : mapping of Place to int
        1-based line of every key and list entry of the file.
    variant : str
        Name of the variant whose merged tree is checked, or ``""`` for the file's own.
    merged : dict
        The tree that places lead through: `own`, or the variant merged into it.
    origins : mapping of Place to Place
        For a variant: where a part of `merged` was written in `own`.
    """

    file: str
    own: dict[str, Any]
    lines: Mapping[Place, int]
    variant: str = ""
    merged: dict[str, Any] = field(default_factory=dict)
    origins: Mapping[Place, Place] = field(default_factory=dict)

    def origin(self, place: Place) -> Place:
        """Where a place of `merged` was written: the longest known beginning decides."""
        for n in range(len(place), 0, -1):
            start = self.origins.get(place[:n])
            if start is not None:
                return (*start, *place[n:])
        return place

    def line(self, place: Place) -> int:
        """Line [1-based] of a place of the file, or of what holds it; 0 if neither is known."""
        for n in range(len(place), 0, -1):
            if place[:n] in self.lines:
                return self.lines[place[:n]]
        return 0

    def problem(self, place: Place, message: str) -> Problem:
        """A problem at a place of the checked tree.

        Parameters
        ----------
        place : tuple of str or int
            For instance ``("raids", 0, "route", 1)``; in a variant, of its merged tree.
        message : str
            What is wrong and what is allowed.
        """
        if not self.variant:
            return Problem(where(self.own, place), message, self.file, self.line(place))
        origin = self.origin(place)
        if origin[:2] == ("variants", self.variant):
            return Problem(where(self.own, origin), message, self.file, self.line(origin))
        told = f'variants "{self.variant}" · {where(self.merged, place)}'
        return Problem(told, message, self.file, self.line(self._cause(place)))

    def _cause(self, place: Place) -> Place:
        """What the variant wrote below a place of the plain file, or the variant itself."""
        home = ("variants", self.variant)
        below = (o for p, o in self.origins.items() if p[: len(place)] == place and o[:2] == home)
        return next(below, home)
