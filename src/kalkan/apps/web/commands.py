"""What ``kalkan replay`` and ``kalkan serve`` do."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from kalkan.apps.web.server import must_be_built, replay_page, serve
from kalkan.errors import DifferentRunError, Problem, ProblemsError, StoreError
from kalkan.files import write_whole

HIGHEST_PORT = 65535
FEW = 20
"""Replications that a scenario is run with so that one of them can be watched: enough to find a typical one."""


def run_replay(
    folder: Path, replication: int | None, variant: str | None, wave: str | None, port: int, browser: bool,
    html: Path | None,
) -> None:  # fmt: skip
    """Show one replication in the browser, or write it as a page.

    Raises
    ------
    ProblemsError, StoreError
        There is no such replication or wave, or no app.
    """
    from kalkan.results import chosen

    _check_port(port)
    must_be_built()
    name, number = chosen.wanted(folder, variant, replication, wave)
    if html is not None:
        _write_page(folder, name, number, wave, html)
        return
    page = replay_page(".", name, number, wave)
    serve(folder, port=port, writes=False, start=page, browser=browser, tell=_say)


def run_first(file: Path, replication: int | None, variant: str | None) -> Path:
    """Run a few replications of a scenario, unless its results folder has them; returns that folder.

    Raises
    ------
    ProblemsError, StoreError
        The scenario is wrong; or the folder holds another run.
    """
    from kalkan.views.notebook.results import run
    from kalkan.views.progress import watcher

    must_be_built()
    folder = Path("out") / file.stem
    n = FEW if replication is None else max(FEW, replication + 1)
    print(f"{n} replications of {file} into {folder}, unless they are there", file=sys.stderr, flush=True)
    try:
        with watcher(quiet=False) as watch:
            run(file, replications=n, variants=[variant] if variant else None, progress=watch, unknown=False)
    except DifferentRunError:
        anew = shlex.join(["kalkan", "run", str(file), "--overwrite"])
        old = shlex.join(["kalkan", "replay", str(folder)])
        why = f"{folder} holds a run of another scenario, seed or engine than {file} and this kalkan"
        raise StoreError(f"{why}. Run it anew: {anew}; or watch what is there: {old}") from None
    return folder


def _write_page(folder: Path, variant: str, replication: int, wave: str | None, html: Path) -> None:
    from kalkan.apps.web.onefile import page
    from kalkan.views.progress import watcher
    from kalkan.views.replay.telling import compact, packed, tell

    shown = watcher(quiet=False)
    document = packed(tell(folder, variant, replication, wave, shown), folder, shown)
    write_whole(html, page(compact(document)))
    of_wave = f", {document['wave']}," if len(document["waves"]) > 1 else ""
    print(f"wrote {html} · replication {replication}{of_wave} of {document['label']} · open it in any browser")


def run_serve(folder: Path, host: str, port: int, browser: bool) -> None:
    """Serve a workspace.

    Raises
    ------
    ProblemsError
        It is no folder, or the address cannot be had.
    """
    _check_port(port)
    if not folder.is_dir():
        raise ProblemsError([Problem("folder", "is not a folder", str(folder))])
    must_be_built()
    serve(folder, host, port, browser=browser, tell=_say)


def _check_port(port: int) -> None:
    if not 0 <= port <= HIGHEST_PORT:
        raise ProblemsError([Problem("--port", f"= {port} must be a whole number from 0 to {HIGHEST_PORT}")])


def _say(text: str) -> None:
    print(text, file=sys.stdout, flush=True)
