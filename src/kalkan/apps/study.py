"""What the commands of studies share: how they ask, and how an answer is printed."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import typer

from kalkan.apps.interrupts import INTERRUPTED
from kalkan.apps.reporting import print_json

if TYPE_CHECKING:
    from kalkan.views.studies.finding import Finding


@contextlib.contextmanager
def asking(quiet: bool, **options: Any) -> Iterator[dict[str, Any]]:
    """Options of a study as ``kalkan.views.studies.asking`` has them; a stop by Ctrl-C says that nothing is lost."""
    from kalkan.views.progress import watcher

    try:
        with watcher(quiet) as watch:
            yield {**options, "files": options["files"] or (), "progress": watch}
    except KeyboardInterrupt:
        print("stopped; what is finished is kept: the same command goes on from there", file=sys.stderr)
        raise typer.Exit(INTERRUPTED) from None


def show(found: Finding, as_json: bool) -> None:
    """Write a study's files and print it: as JSON, or its heading, tables, sentence and files."""
    files = found.save()
    if as_json:
        print_json({**found.content, "files": [str(f) for f in files]})
        return
    from kalkan.apps.screen import screen

    out = screen()
    out.print(found.view())
    if files:
        out.print()
        out.print("figures and tables: " + ", ".join(str(f) for f in files), style="dim", markup=False)
