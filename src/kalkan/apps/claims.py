"""Commands about the catalogue: what there is, who claims what, and who said what when."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kalkan.apps import completing
from kalkan.apps.options import Catalogues, Json, a_folder
from kalkan.apps.reporting import print_json, reporting
from kalkan.apps.screen import screen


def explain(
    path: Annotated[
        str,
        typer.Argument(
            metavar="[PATH]",
            help="Such as s-400, Shahed, 91n6e.scan_period, ideal, or the folder of a run. Default: say what there is.",
            autocompletion=completing.entries,
        ),
    ] = "",
    everything: Annotated[bool, typer.Option("--all", help="Of an entry: every claim about every quantity.")] = False,
    stance: Annotated[
        str | None,
        typer.Option(metavar="WHOSE", help="Say which claim this stance takes.", autocompletion=completing.stances),
    ] = None,
    catalogue: Catalogues = None,
    as_json: Json = False,
) -> None:
    """Say who claims what, and which claim is used. Of a finished run, which claims were."""
    with reporting(as_json):
        from kalkan.views.claims.asking import explain as explain_path

        explanation = explain_path(path, stance=stance, files=catalogue or ())
        if as_json:
            print_json(explanation)
        else:
            screen().print(explanation.view(everything))


def listing(
    word: Annotated[
        str,
        typer.Argument(
            metavar="[WORD]", help="Only what this word names, such as Shahed, Tomahawk or Панцирь.",
            autocompletion=completing.entries,
        ),
    ] = "",
    everything: Annotated[
        bool, typer.Option("--all", help="Radars, launchers and what is only listed, too; with a word they always are.")
    ] = False,
    catalogue: Catalogues = None,
    as_json: Json = False,
) -> None:
    """List systems, air vehicles, interceptors and examples. Or find them by a word."""
    with reporting(as_json):
        from kalkan.views.claims.asking import listing as what_there_is

        found = what_there_is(word, everything=everything, files=catalogue or ())
        if as_json:
            print_json(found)
        else:
            screen().print(found.view())


def timeline(
    subject: Annotated[
        str,
        typer.Argument(
            metavar="[WORD|FILE]",
            help="Only statements about this, such as second_batch; or a scenario: when its batches are ready.",
            autocompletion=completing.scenarios,
        ),
    ] = "",
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="Of a scenario: draw readiness over months into this folder, as PNG and SVG.",
            callback=a_folder,
        ),
    ] = None,
    catalogue: Catalogues = None,
    as_json: Json = False,
) -> None:
    """Print who said what about the deal, by date. Or when a scenario's batches are ready."""
    with reporting(as_json):
        from kalkan.errors import Problem, ProblemsError
        from kalkan.views.claims.asking import TOML
        from kalkan.views.claims.asking import timeline as statements
        from kalkan.views.claims.batches import Readiness

        if out is not None and not subject.endswith(TOML):
            raise ProblemsError([Problem("--out", "draws the batches of a scenario: name its file before it")])
        found = statements(subject, files=catalogue or ())
        files = [str(path) for path in found.write(out)] if out is not None and isinstance(found, Readiness) else []
        if as_json:
            print_json({**found, "files": files} if files else found)
            return
        screen().print(found.view())
        if files:
            print("\nwritten: " + ", ".join(files))
