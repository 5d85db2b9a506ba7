"""What ``kalkan replay`` and ``kalkan serve`` do."""

from __future__ import annotations

import sys
from pathlib import Path

from kalkan.apps.web.server import must_be_built, replay_page, serve
from kalkan.errors import Problem, ProblemsError

HIGHEST_PORT = 65535


def run_replay(
    folder: Path, replication: int | None, variant: str | None, port: int, browser: bool, html: Path | None
) -> None:
    """Show one replication in the browser, or write it as a page.

    Raises
    ------
    ProblemsError, StoreError
        There is no such replication, or no app.
    """
    from kalkan.results import chosen

    _check_port(port)
    must_be_built()
    name, number = chosen.wanted(folder, variant, replication)
    if html is not None:
        _write_page(folder, name, number, html)
        return
    serve(folder, port=port, writes=False, start=replay_page(".", name, number), browser=browser, tell=_say)


def _write_page(folder: Path, variant: str, replication: int, html: Path) -> None:
    from kalkan.apps.progress import watcher
    from kalkan.apps.web.onefile import page
    from kalkan.views.replay.telling import compact, packed, tell

    shown = watcher(quiet=False)
    document = packed(tell(folder, variant, replication, shown), folder, shown)
    html.write_text(page(compact(document)), encoding="utf-8")
    print(f"wrote {html} · replication {replication} of {document['label']} · open it in any browser")


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
