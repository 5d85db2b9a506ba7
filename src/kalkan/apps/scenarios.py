"""Commands about scenario files: check one, start one, and their schema."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from kalkan.apps import completing
from kalkan.apps.options import Catalogues, File, Json
from kalkan.apps.reporting import print_json, reporting


def check(
    file: File,
    catalogue: Catalogues = None,
    deep: Annotated[
        bool, typer.Option("--deep", help="Also read a large terrain whole, and prepare every variant as a run does.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Say everything for which a run would refuse a scenario file. And which capacities will not suffice."""
    with reporting(as_json):
        from kalkan.errors import ProblemsError
        from kalkan.scenario import foreseen, load
        from kalkan.scenario.checks.recorded import told_of_tracks
        from kalkan.scenario.checks.theory import theory_note
        from kalkan.views.claims.asking import refusals

        scenario = load(file, files=catalogue or ())
        if refused := refusals(scenario, deep=deep):
            raise ProblemsError(refused)
        notes = sorted({note for v in scenario.variants_resolved().values() if (note := theory_note(v))})
        read = told_of_tracks(scenario)
        if as_json:
            told = {"problems": [], "foreseen": foreseen(scenario)}
            print_json({**told, **({"read": read} if read else {}), **({"notes": notes} if notes else {})})
            return
        variants, threats = scenario.variants_resolved(), sum(r.count for r in scenario.raids)
        print(
            f"{file}: no problems · variants: {', '.join(variants)} · {threats} threats · "
            f"{scenario.study.replications:,} replications each"
        )
        print(f"run it: kalkan run {shlex.quote(str(file))}")
        for sentence in read:
            print(f"read: {sentence}")
        for sentence in foreseen(scenario):
            print(f"foreseen: {sentence}")
        for note in notes:
            print(f"note: {note}")


def schema() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    with reporting():
        from kalkan.scenario import json_schema

        print_json(json_schema())


def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it; never overwritten.")],
    kind: Annotated[
        str, typer.Option(metavar="KIND", help="small or second-batch.", autocompletion=completing.starters)
    ] = "small",
) -> None:
    """Write a small, commented scenario to start from."""
    with reporting():
        from kalkan.errors import Problem, ProblemsError
        from kalkan.files import write_whole
        from kalkan.scenario import STARTERS, starter

        if kind not in STARTERS:
            raise ProblemsError([Problem("--kind", f'= "{kind}" must be one of {", ".join(STARTERS)}')])
        try:
            write_whole(file, starter(kind), new=True)
        except FileExistsError:
            raise ProblemsError(
                [Problem("file", "is there already; kalkan does not overwrite it", str(file))]
            ) from None
        name = shlex.quote(str(file))
        print(f"wrote {file} · check it: kalkan check {name} · run it: kalkan run {name}")
