"""Commands about runs: simulate, print again, compare, report."""

from __future__ import annotations

import contextlib
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from kalkan.apps import options, studies
from kalkan.apps.interrupts import INTERRUPTED
from kalkan.apps.options import Catalogues, Everything, File, Folder, Json, Missiles, Quiet, Ranges, Waves, of_a_run
from kalkan.apps.reporting import print_json, reporting
from kalkan.apps.screen import screen


def run(
    file: File,
    replications: options.Replications = None,
    seed: options.Seed = None,
    threads: options.Threads = None,
    until: options.Until = None,
    variant: options.Variants = None,
    stance: options.Stances = None,
    catalogue: Catalogues = None,
    out: options.ResultsFolder = None,
    overwrite: options.Overwrite = False,
    report: options.WithReport = True,
    unknown: options.Disputed = True,
    draws: options.Draws = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Simulate a scenario and print the answer. A stopped run goes on where it left off."""
    if stance is not None and stance.strip() == studies.SAMPLED:
        studies.run_sampled(
            file, {"--until": until, "--overwrite": overwrite, "--no-report": not report, "--no-unknown": not unknown,
                   "--draws": draws},
            replications=replications, seed=seed, threads=threads, variant=variant, catalogue=catalogue, out=out,
            as_json=as_json, quiet=quiet,
        )  # fmt: skip
        return
    folder = Path("out") / file.stem if out is None else out
    again: list[tuple[str, Any]] = [("--replications", replications), ("--seed", seed), ("--threads", threads)]
    again += [("--stance", stance), ("--until", until), ("--draws", draws)]
    again += [("--catalogue", f) for f in catalogue or ()] + [("--variant", name) for name in variant or ()]
    with reporting(as_json), _stopped(file, folder, again, ["--no-unknown"] * (not unknown)):
        from kalkan.scenario import load
        from kalkan.studies.until import run_or_until
        from kalkan.views.progress import watcher

        scenario = load(file, files=catalogue or ())
        if stance is not None:
            scenario = scenario.with_stances(stance.split(","))
        with watcher(quiet) as watch:
            wanted = run_or_until(
                scenario, until, replications=replications, seed=seed, threads=threads, variants=variant, out=folder,
                overwrite=overwrite, progress=watch, unknown=draws if unknown and draws is not None else unknown,
            )  # fmt: skip
        _show(folder, as_json, report, variants=variant, replications=wanted)


@contextlib.contextmanager
def _stopped(file: Path, folder: Path, given: list[tuple[str, Any]], flags: list[str]) -> Iterator[None]:
    """After Ctrl-C: what is kept, and the command that goes on."""
    from kalkan.engine.watch import Interrupted

    try:
        yield
    except Interrupted as stopped:
        words = [str(w) for name, value in given if value is not None for w in (name, value)]
        again = shlex.join(["kalkan", "run", str(file), *words, *flags, "--out", str(folder)])
        kept = f"kept {stopped.kept:,} of {stopped.total:,} replications"
        print(f"{kept}; to go on: {again}", file=sys.stderr)
        raise typer.Exit(INTERRUPTED) from None


def show(
    folder: Folder, ranges: Ranges = False, missiles: Missiles = False, waves: Waves = False,
    everything: Everything = False, as_json: Json = False,
) -> None:  # fmt: skip
    """Print the answer of a run again, or its further tables. JSON has all of them."""
    with reporting(as_json):
        _show(folder, as_json, show=_wanted(ranges, missiles, waves, everything))


def report(
    folder: Folder,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where to write it; default report.html in the folder.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Write a run's report. It is one HTML file that opens without a network and prints."""
    with reporting(as_json):
        path = _write_report(folder, out)
        if as_json:
            print_json({"report": str(path), "bytes": path.stat().st_size})
        else:
            print(f"report: {path}")


def compare(
    first: Annotated[Path, typer.Argument(metavar="DIR", help="Results folder of a run.", callback=of_a_run)],
    second: Annotated[
        Path, typer.Argument(metavar="DIR", help="Results folder of another run.", callback=of_a_run)
    ],
    ranges: Ranges = False,
    missiles: Missiles = False,
    waves: Waves = False,
    everything: Everything = False,
    as_json: Json = False,
) -> None:
    """Compare two runs: the second minus the first. Paired by replication if their seeds are equal."""
    with reporting(as_json):
        from kalkan.views.notebook.results import compare as compare_runs

        content = compare_runs(first, second).summary()
        _print_tables(content, as_json, _wanted(ranges, missiles, waves, everything))


def _wanted(ranges: bool, missiles: bool, waves: bool, everything: bool) -> str:
    """Which tables: one part of them, all, or (empty) the brief answer."""
    asked = [part for part, wanted in (("ranges", ranges), ("missiles", missiles), ("waves", waves)) if wanted]
    return "all" if everything or len(asked) > 1 else "".join(asked)


def _show(folder: Path, as_json: bool, write_report: bool = False, show: str = "", **options: Any) -> None:
    """Print the tables of a run, and where its report is; first write it if that is wanted."""
    from kalkan.views.notebook.results import open_results

    content = open_results(folder, **options).summary()
    if not write_report:
        _print_tables(content, as_json, show)
    elif as_json:
        _print_tables(content | {"report": str(_write_report(folder))}, as_json)
    else:
        _print_tables(content | {"report": None}, as_json)
        print(f"report: {_write_report(folder)}")


def _write_report(folder: Path, out: Path | None = None) -> Path:
    from kalkan.views.notebook.results import open_results

    return open_results(folder).report(out)


def _print_tables(content: dict[str, Any], as_json: bool, show: str = "") -> None:
    if as_json:
        print_json(content)
        return
    from kalkan.views.run.tables import BRIEF, results_view

    out = screen()
    out.print(results_view(content, out.width, show or BRIEF))
