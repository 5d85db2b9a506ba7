"""What a newcomer can run at once: the starters of ``kalkan new``, and the examples of a clone."""

from __future__ import annotations

import itertools
import os
import re
import tomllib
from pathlib import Path
from typing import NamedTuple

from kalkan.scenario.writing.starters import STARTERS

FOLDER = Path(__file__).parents[4] / "examples"
"""The examples of a clone; an installed wheel has none."""


class Example(NamedTuple):
    """A scenario to begin with.

    Attributes
    ----------
    name : str
        Of the file, without its ending; of a starter, its kind.
    title, about : str
        What it is, and in a sentence what it shows.
    file : str
        Where it is, as seen from here; ``""``: a starter, which ``kalkan new`` writes.
    """

    name: str
    title: str
    about: str
    file: str = ""


def examples() -> list[Example]:
    """Starters first, then the examples of the clone that kalkan runs from, if it does."""
    found = [_read(kind, text) for kind, text in STARTERS.items()]
    for path in sorted(FOLDER.glob("*.toml")) + sorted(FOLDER.glob("*/*.toml")):
        found.append(_read(path.stem, path.read_text(encoding="utf-8"))._replace(file=_seen(path)))
    return found


def _read(name: str, text: str) -> Example:
    """Title and sentence of a text: its ``about``, else the first sentence of the comment that it begins with."""
    tree = tomllib.loads(text)
    rows = itertools.takewhile(lambda row: row.startswith("# "), text.splitlines())
    comment = re.split(r"(?<=[.?!]) ", " ".join(row[2:].strip() for row in rows))[0]
    return Example(name, str(tree.get("title", name)), str(tree.get("about", comment)))


def _seen(path: Path) -> str:
    """Relative where it lies below this folder."""
    relative = os.path.relpath(path) if path.drive == Path.cwd().drive else str(path)
    return str(path) if relative.startswith("..") else relative
