"""Texts of files that are handed over: no folder of the machine that they were made on."""

from __future__ import annotations

import re
from pathlib import Path

_ROOT = r"(?:/|~/|[A-Za-z]:[\\/])"
_QUOTED = re.compile(rf"""(["'])({_ROOT}(?:(?!\1)[^\n])*[\\/])((?:(?!\1)[^\n])+)(?=\1)""")
_TERRAIN = re.compile(  # as errors and notes call it; such a path may have spaces
    rf"(?<=\bterrain ){_ROOT}(?:(?!: )[^\n])*[\\/](?=\S)|(?<=\bterrain: ){_ROOT}[^;\n]*[\\/](?=\S)", re.IGNORECASE
)
_PLAIN = re.compile(r"""(?<![\w:/.~-])(?:/|[A-Za-z]:[\\/])(?:[^\s"':;,()\\/]+[\\/])+(?=[^\s"':;,()])""")


def bare(text: str, *known: Path) -> str:
    """A text with the last part of every absolute path in place of the whole; `known` ones may have spaces."""
    for path in known:
        text = text.replace(str(path), path.name) if path.is_absolute() else text
    return _PLAIN.sub("", _TERRAIN.sub("", bare_strings(text)))


def bare_strings(text: str) -> str:
    """A file's text with the last part of every absolute path that is a whole string (in quotes) in place of it."""
    return _QUOTED.sub(r"\1\3", text)
