"""The light functions of the façade, which never need the engine: ``check``, ``explain``, ``timeline``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kalkan import catalogue, scenario
from kalkan.errors import Problem, ProblemsError, StoreError

if TYPE_CHECKING:
    from rich.console import RenderableType


class Problems(tuple[Problem, ...]):
    """Problems of a scenario file; empty, and so false, if it is sound."""

    __slots__ = ()

    def __repr__(self) -> str:
        return ProblemsError(self).text() if self else "no problems"


class Explanation(dict[str, Any]):
    """Who claims what: plain data that prints as text."""

    def view(self) -> RenderableType:
        """For a screen of rich: of an entry or quantity, of a finished run, or of the deal's timeline."""
        if "statements" in self:
            from kalkan.views.claims.tables import timeline_view

            return timeline_view(self)
        if "preset" in self:
            from kalkan.views.claims.explain import preset_view

            return preset_view(self)
        if "figures" in self:
            from kalkan.views.claims.tables import used_view

            return used_view(self)
        from kalkan.views.claims.explain import explanation_view

        return explanation_view(self)

    def _repr_html_(self) -> str:
        from kalkan.views.cells import framed, from_rich

        return framed(from_rich(self.view()))

    def __repr__(self) -> str:
        import io

        from rich.console import Console

        screen = Console(file=io.StringIO(), width=100, color_system=None, force_jupyter=False)
        screen.print(self.view())
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


def explain(path: str | Path, *, stance: str | None = None, files: Sequence[str | Path] = ()) -> Explanation:
    """Who claims what about an entry of the catalogue or one of its quantities, or what a run used.

    Parameters
    ----------
    path : str
        Such as ``"s-400"`` or ``"91n6e.scan_period"``, a preset such as ``"ideal"``, or the results folder of a
        finished run.
    stance : str, optional
        Whose figures, as :func:`kalkan.catalogue.read_stance` reads it.
    files : sequence of path
        More catalogue files.

    Raises
    ------
    CatalogueError
        The path names nothing, or the stance is none.
    StoreError
        There is no such folder, or it holds no results, or damaged ones.
    """
    if str(path).lower() in scenario.PRESETS:
        return Explanation(scenario.preset_explained(str(path).lower()))
    known = catalogue.load_catalogue([Path(f) for f in files])
    record = Path(path) / "run.json"
    if Path(path).is_dir() and not record.is_file():
        raise StoreError(f"{path} is a folder, but not one of kalkan's results")
    if Path(path).is_file():
        raise StoreError(f"{path} is a file; explain takes an entry of the catalogue, or the folder of a finished run")
    if not record.is_file() and _looks_like_a_folder(str(path), known):
        raise StoreError(f"{path}: there is no such folder, and no entry of the catalogue by this name")
    if record.is_file():
        if stance is not None:
            raise StoreError(f"{path} is a finished run with a stance of its own; leave out --stance")
        try:
            run = json.loads(record.read_text(encoding="utf-8"))
        except ValueError as error:
            raise StoreError(f"{record} is damaged: {error}") from None
        return Explanation(catalogue.used_claims(known, run))
    if stance is not None:
        known = known.under(catalogue.read_stance(stance, known))
    return Explanation(catalogue.explain(known, str(path)))


def _looks_like_a_folder(path: str, known: catalogue.Catalogue) -> bool:
    """Whether a word is written like a place on the disk and begins with no entry's name."""
    return any(mark in path for mark in ("/", "\\", "~")) and path.split(".")[0].lower() not in known.entries


def timeline(subject: str = "", *, files: Sequence[str | Path] = ()) -> Explanation:
    """Who said what about the deal, by date, contradictions marked.

    Parameters
    ----------
    subject : str
        Only statements about this, such as ``"second_batch"``.
    files : sequence of path
        More catalogue files.

    Raises
    ------
    CatalogueError
        Nothing is said about the subject.
    """
    return Explanation(catalogue.timeline(catalogue.load_catalogue([Path(f) for f in files]), subject))
