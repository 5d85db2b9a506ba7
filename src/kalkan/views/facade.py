"""``kalkan.check`` and ``kalkan.explain``: the light functions of the façade, never needing the engine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kalkan import catalogue, scenario
from kalkan.errors import Problem, ProblemsError


class Problems(tuple[Problem, ...]):
    """Problems of a scenario file; empty, and so false, if it is sound."""

    __slots__ = ()

    def __repr__(self) -> str:
        return ProblemsError(self).text() if self else "no problems"


class Explanation(dict[str, Any]):
    """Who claims what: plain data that prints as text."""

    def __repr__(self) -> str:
        import io

        from rich.console import Console

        from kalkan.views.explain import explanation_view

        screen = Console(file=io.StringIO(), width=100, color_system=None, force_jupyter=False)
        screen.print(explanation_view(self))
        assert isinstance(screen.file, io.StringIO)
        return screen.file.getvalue()


def check(path: str | Path) -> Problems:
    """Problems of a scenario file, all at once.

    Parameters
    ----------
    path : path
        A TOML file.

    Returns
    -------
    Problems
        A tuple, empty if the file is sound.
    """
    try:
        scenario.load(path)
    except ProblemsError as error:
        return Problems(error.problems)
    return Problems()


def explain(path: str, *, files: Sequence[str | Path] = ()) -> Explanation:
    """Who claims what about an entry of the catalogue or one of its quantities.

    Parameters
    ----------
    path : str
        Such as ``"s-400"`` or ``"91n6e.scan_period"``.
    files : sequence of path
        More catalogue files.

    Raises
    ------
    CatalogueError
        The path names nothing.
    """
    return Explanation(catalogue.explain(catalogue.load_catalogue([Path(f) for f in files]), path))
