"""Commands about scenario files: check one, start one, and their schema."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from kalkan.apps.options import Catalogues, File, Json
from kalkan.apps.reporting import print_json, reporting


def check(file: File, catalogue: Catalogues = None, as_json: Json = False) -> None:
    """Say everything that is wrong with a scenario file, and which capacities will not suffice."""
    with reporting(as_json):
        from kalkan.scenario import foreseen, load
        from kalkan.scenario.checks.theory import theory_note

        scenario = load(file, files=catalogue or ())
        notes = sorted({note for v in scenario.variants_resolved().values() if (note := theory_note(v))})
        if as_json:
            told = {"problems": [], "foreseen": foreseen(scenario)}
            print_json({**told, **({"notes": notes} if notes else {})})
            return
        variants, threats = scenario.variants_resolved(), sum(r.count for r in scenario.raids)
        print(
            f"{file}: no problems · variants: {', '.join(variants)} · {threats} threats · "
            f"{scenario.study.replications:,} replications each"
        )
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
    kind: Annotated[str, typer.Option(metavar="KIND", help="small or second-batch.")] = "small",
) -> None:
    """Write a small, commented scenario to start from."""
    with reporting():
        from kalkan.errors import Problem, ProblemsError
        from kalkan.scenario import STARTERS, starter

        if kind not in STARTERS:
            raise ProblemsError([Problem("--kind", f'= "{kind}" must be one of {", ".join(STARTERS)}')])
        try:
            with file.open("x", encoding="utf-8") as opened:
                opened.write(starter(kind))
        except FileExistsError:
            raise ProblemsError(
                [Problem("file", "is there already; kalkan does not overwrite it", str(file))]
            ) from None
        name = shlex.quote(str(file))
        print(f"wrote {file} · check it: kalkan check {name} · run it: kalkan run {name}")
