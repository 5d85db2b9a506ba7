"""Results that show themselves: in a notebook as tables and maps, at a prompt as text.

These are what ``kalkan.run``, ``kalkan.open_results`` and ``kalkan.compare`` return.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kalkan.catalogue import Catalogue
from kalkan.engine import replay
from kalkan.engine.recording import Recording
from kalkan.engine.run import folder_of
from kalkan.results import chosen
from kalkan.results.assemble import Results, load_records
from kalkan.results.quantity import CONFIDENCE
from kalkan.scenario import ScenarioSource, load
from kalkan.showing import html
from kalkan.studies.until import run_or_until
from kalkan.views.cells import framed, heading, paragraph, table
from kalkan.views.handed import bare
from kalkan.views.notebook.recorded import recording_html
from kalkan.views.progress import watched
from kalkan.views.run.result_cells import all_cells, all_notes
from kalkan.views.run.summary import comparison, summary
from kalkan.views.run.tables import BRIEF, as_text
from kalkan.views.run.tables import heading as title

if TYPE_CHECKING:
    from kalkan.views.notebook.maps import Maps
    from kalkan.views.replay.replay_widget import Replay

html.register(Recording, recording_html)


class ShownResults(Results):
    """Results of one run, with the headline table as its picture."""

    def summary(self, confidence: float = CONFIDENCE) -> dict[str, Any]:
        """The tables as plain data; see :func:`kalkan.views.run.summary.summary`."""
        return summary(self, confidence)

    def report(self, path: str | Path | None = None) -> Path:
        """Write the report of the run; see :func:`kalkan.views.report.write_report`."""
        from kalkan.views.report import write_report

        return write_report(self, path)

    def maps(self) -> Maps:
        """Maps of the variants' laydowns, if the scenario and its terrain are where they were."""
        from kalkan.views.notebook.maps import Maps
        from kalkan.views.report.material import Material

        return Maps(Material(self).laydowns)

    def replay(
        self, variant: str | None = None, replication: int | None = None, *, wave: str | None = None
    ) -> Replay:
        """One replication as a widget for a notebook; see :func:`kalkan.views.replay.widget.widget`.

        Parameters
        ----------
        variant : str, optional
            Default: the first one.
        replication : int, optional
            Default: a typical one (:mod:`kalkan.results.chosen`).
        wave : str, optional
            Of a campaign; default: the first one.

        Raises
        ------
        KalkanError
            anywidget or the browser app is not installed; there is no such variant, replication or wave.
        """
        from kalkan.views.replay.widget import widget

        return widget(self.path, *chosen.wanted(self.path, variant, replication, wave), wave)

    def __repr__(self) -> str:
        return as_text(self.summary(), show=BRIEF)

    def _repr_html_(self) -> str:
        return framed([*_parts(self.summary()), self.maps().figures()])

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """What a notebook's file keeps, which is handed over; a prompt has :meth:`__repr__`."""
        return {"text/plain": bare(repr(self), self.path), "text/html": self._repr_html_()}


class Comparison:
    """Two runs side by side, with differences.

    Attributes
    ----------
    first, second : Results
    """

    def __init__(self, first: Results, second: Results) -> None:
        self.first, self.second = first, second

    def summary(self, confidence: float = CONFIDENCE) -> dict[str, Any]:
        """The tables as plain data; see :func:`kalkan.views.run.summary.comparison`."""
        return comparison(self.first, self.second, confidence)

    def __repr__(self) -> str:
        return as_text(self.summary(), show=BRIEF)

    def _repr_html_(self) -> str:
        return framed(_parts(self.summary()))

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """As of a run's results."""
        told = bare(repr(self), self.first.path, self.second.path)
        return {"text/plain": told, "text/html": self._repr_html_()}


def open_results(
    path: str | Path,
    *,
    variants: Sequence[str] | None = None,
    replications: int | None = None,
) -> ShownResults:
    """Open the results folder of a run.

    Parameters
    ----------
    path : path
    variants : sequence of str, optional
        Look at these only.
    replications : int, optional
        Look at the first so many of each variant only.

    Raises
    ------
    StoreError
        No results folder, nothing finished yet, or damaged data.
    """
    store, records = load_records(path, variants=variants, replications=replications)
    return ShownResults(store, records)


@watched
def run(
    scenario: ScenarioSource,
    *,
    replications: int | None = None,
    seed: int | None = None,
    threads: int | None = None,
    variants: Sequence[str] | None = None,
    out: str | Path | None = None,
    overwrite: bool = False,
    progress: Any = None,
    until: str | None = None,
    stance: str | Sequence[str] | None = None,
    catalogue: Catalogue | None = None,
    unknown: bool | int = True,
) -> ShownResults:
    """Simulate a scenario's variants and open the results: the words of ``kalkan run``.

    Parameters
    ----------
    scenario : path, table or Scenario
    replications, seed, threads, variants, out, overwrite, catalogue
        See :func:`kalkan.engine.run.run_study`.
    progress : Watcher or bool, optional
        Who is told how far it is; default: a bar or lines on the error stream; False: nobody.
    until : str, optional
        Go on until ``"leakers ± 0.2"`` or the like; `replications` is then the most.
    stance : str or sequence of str, optional
        Whose figures, in place of the scenario's stance; several are run side by side.
    unknown : bool or int
        Whether the disputed claims are drawn as well, for half of the run's processor time at most; a number: so
        many draws. ``results.unknown`` holds them.

    Raises
    ------
    ProblemsError, StoreError, Interrupted
        See :func:`kalkan.engine.run.run_study`.
    """
    if isinstance(scenario, str | Path):
        out = Path("out") / Path(scenario).stem if out is None else out
    scenario = load(scenario, catalogue=catalogue)
    if stance is not None:
        scenario = scenario.with_stances(stance.split(",") if isinstance(stance, str) else stance)
    folder = folder_of(scenario, out)
    wanted = run_or_until(
        scenario, until, replications=replications, seed=seed, threads=threads, variants=variants, out=folder,
        overwrite=overwrite, progress=progress, catalogue=catalogue, unknown=unknown,
    )  # fmt: skip
    return open_results(folder, variants=variants, replications=wanted)


@watched
def record(
    path: str | Path,
    *,
    variant: str | None = None,
    replication: int | None = None,
    wave: str | None = None,
    catalogue: Catalogue | None = None,
    tolerance_m: float = replay.TOLERANCE_M,
    progress: Any = None,
) -> Recording:
    """One replication of a finished run again, with its whole story; see :func:`kalkan.engine.replay.record`.

    Parameters
    ----------
    path : path
        A results folder.
    variant : str, optional
        Default: the first one.
    replication : int, optional
        Default: a typical one (:mod:`kalkan.results.chosen`), as for exports and replays.
    wave : str, optional
        Of a campaign, the wave to look at; default: the first one.
    catalogue, tolerance_m
        See :func:`kalkan.engine.replay.record`.

    progress : Watcher or bool, optional
        As for :func:`run`.

    Raises
    ------
    ProblemsError, StoreError
        There is no such variant, replication or wave, or it does not come out as it was stored.
    """
    name, number = chosen.wanted(path, variant, replication, wave)
    return replay.record(
        path, variant=name, replication=number, wave=wave, catalogue=catalogue, tolerance_m=tolerance_m,
        progress=progress,
    )  # fmt: skip


def compare(first: Results | str | Path, second: Results | str | Path) -> Comparison:
    """Two finished runs side by side: paired by replication if their seeds are equal, else Welch's.

    Parameters
    ----------
    first, second : Results or path of a results folder
    """
    opened = [r if isinstance(r, Results) else open_results(r) for r in (first, second)]
    return Comparison(*opened)


def _parts(content: dict[str, Any]) -> list[str]:
    """Heading, tables and notes as HTML."""
    tables = [table(heads, rows) for heads, rows in all_cells(content)]
    return [heading(title(content)), *tables, *map(paragraph, all_notes(content))]
