"""The light functions of the façade, which never need the engine: ``check``, ``explain``, ``listing``, ``timeline``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kalkan import catalogue, scenario
from kalkan.engine.store import RUN, Store
from kalkan.errors import Problem, ProblemsError, StoreError
from kalkan.views.claims.explanation import Explanation

TOML = ".toml"  # what the name of a scenario's file ends in


class Problems(tuple[Problem, ...]):
    """Problems of a scenario file; empty, and so false, if it is sound."""

    __slots__ = ()

    def __repr__(self) -> str:
        return ProblemsError(self).text() if self else "no problems"


def check(source: scenario.ScenarioSource, *, deep: bool = False) -> Problems:
    """Problems of a scenario, all at once: everything for which a run would refuse it.

    Parameters
    ----------
    source : path, table or Scenario
        A TOML file, or what Python makes.
    deep : bool
        Also read a large terrain whole, and prepare every variant as a run does: routes that cannot be flown, gaps
        in a terrain whose holes are errors. That may take as long as the beginning of a run.

    Returns
    -------
    Problems
        A tuple, empty if the file is sound.
    """
    try:
        return Problems(refusals(scenario.load(source), deep=deep))
    except ProblemsError as error:
        return Problems(error.problems)


def refusals(checked: scenario.Scenario, *, deep: bool = False) -> tuple[Problem, ...]:
    """What a run would refuse of a scenario whose text is sound, as :func:`check` tells it."""
    from kalkan.scenario.checks.ground import ground_faults

    if (found := ground_faults(checked, whole=deep)) or not deep:
        return found
    from kalkan.compile.trial import faults

    return faults(checked)


def explain(path: str | Path = "", *, stance: str | None = None, files: Sequence[str | Path] = ()) -> Explanation:
    """Who claims what about an entry of the catalogue or one of its quantities, or what a run used; or what there is.

    Parameters
    ----------
    path : str
        Such as ``"s-400"``, ``"Shahed"`` or ``"91n6e.scan_period"``, a preset such as ``"ideal"``, or the results
        folder of a finished run. Without one: what can be explained.
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
    if path == "":
        return listing(everything=True, files=files)
    if str(path).lower() in scenario.PRESETS:
        return Explanation(scenario.preset_explained(str(path).lower()))
    known = catalogue.load_catalogue([Path(f) for f in files])
    record = Path(path) / RUN
    if Path(path).is_dir() and not record.is_file():
        raise StoreError(f"{path} is a folder, but not one of kalkan's results")
    if Path(path).is_file():
        raise StoreError(f"{path} is a file; explain takes an entry of the catalogue, or the folder of a finished run; "
            f"kalkan check says what is wrong with a scenario")
    if not record.is_file() and _looks_like_a_folder(str(path), known):
        raise StoreError(f"{path}: there is no such folder, and no entry of the catalogue by this name")
    if record.is_file():
        if stance is not None:
            raise StoreError(f"{path} is a finished run with a stance of its own; leave out --stance")
        return Explanation(catalogue.used_claims(known, Store.open(path).run))
    if stance is not None:
        known = known.under(catalogue.read_stance(stance, known))
    return Explanation(catalogue.explain(known, str(path)))


def _looks_like_a_folder(path: str, known: catalogue.Catalogue) -> bool:
    """Whether a word is written like a place on the disk and begins with no entry's name."""
    return any(mark in path for mark in ("/", "\\", "~")) and not known.named(path.split(".")[0])


def listing(word: str = "", *, everything: bool = False, files: Sequence[str | Path] = ()) -> Explanation:
    """What there is: systems, air vehicles, interceptors, examples; or what is called by a word.

    Parameters
    ----------
    word : str
        A name, alias or word of a description, such as ``"Shahed"`` or ``"Панцирь"``; default: no word is looked for.
    everything : bool
        Radars, launchers and what is only listed as well; with a word they always are.
    files : sequence of path
        More catalogue files.
    """
    from kalkan.scenario.writing.examples import examples
    from kalkan.views.claims.listed import listed

    known = catalogue.load_catalogue([Path(f) for f in files])
    return Explanation(listed(known, examples(), word.strip(), everything=everything))


def timeline(subject: scenario.ScenarioSource = "", *, files: Sequence[str | Path] = ()) -> Explanation:
    """Who said what about the deal, by date, contradictions marked; of a scenario, when its batches are ready.

    Parameters
    ----------
    subject : str, path, table or Scenario
        Only statements about this, such as ``"second_batch"``; or a scenario, whose text ends in ``.toml`` if it is a
        file. What is told of it can be drawn: ``timeline("raid.toml").write("out")``.
    files : sequence of path
        More catalogue files.

    Raises
    ------
    CatalogueError
        Nothing is said about the subject.
    ProblemsError
        The scenario is not sound, or has no batches.
    """
    if not isinstance(subject, str) or subject.endswith(TOML):
        from kalkan.views.claims.batches import readiness

        return readiness(scenario.load(subject, files=files))
    return Explanation(catalogue.timeline(catalogue.load_catalogue([Path(f) for f in files]), subject))
