"""The server: its routes, its pages, and how it starts and stops."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
import webbrowser
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from kalkan.apps.web.endpoints import answer, endpoint
from kalkan.apps.web.looking import Looks
from kalkan.apps.web.openapi import description
from kalkan.apps.web.replays import Replays
from kalkan.apps.web.runs import Runs
from kalkan.apps.web.scenarios import Scenarios
from kalkan.apps.web.security import Door, Guard, is_loopback, refuse
from kalkan.apps.web.studying import Studying, found_by
from kalkan.apps.web.workspace import Workspace
from kalkan.errors import NO_BROWSER_APP, KalkanError, Problem, ProblemsError

STATIC = Path(__file__).parent / "static"


def create_app(root: Path, door: Door, writes: bool = True) -> Guard:
    """The whole app.

    Parameters
    ----------
    root : Path
        The workspace.
    door : Door
    writes : bool
        False: only results can be looked at, as for ``kalkan replay``.
    """
    workspace = Workspace(root)
    looks = Looks()
    runs, replays = Runs(workspace), Replays(workspace, looks)
    studying = Studying(runs)
    writing = (*Scenarios(workspace, looks).routes(), *runs.routes(), *studying.routes(), found_by(runs))
    routes = [
        Route("/api/openapi.json", endpoint(_described)),
        Route("/api/about", endpoint(_about(workspace, writes))),
        *replays.routes(),
        *(writing if writes else ()),
        Route("/", _page),
        Mount("/", StaticFiles(directory=STATIC, check_dir=False)),
    ]

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        if writes:
            runs.take_up(studying.again)
        worker = asyncio.create_task(runs.work())
        try:
            yield
        finally:
            worker.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await worker

    handlers: Any = {404: _absent, 405: _wrong_method, 500: _fault}
    app = Starlette(routes=routes, lifespan=lifespan, exception_handlers=handlers)
    app.state.replays, app.state.runs, app.state.again = replays, runs, studying.again
    return Guard(app, door, runs.close)


def serve(
    root: Path, host: str = "127.0.0.1", port: int = 0, *, writes: bool = True, start: str = "", browser: bool = True,
    tell: Callable[[str], None] = print,
) -> None:  # fmt: skip
    """Serve until Ctrl-C.

    Parameters
    ----------
    root : Path
        The workspace.
    host, port
        Where to listen; port 0: a free one.
    writes : bool
        See :func:`create_app`.
    start : str
        Page to open, after the ``#`` of the address.
    browser : bool
        Open it in a browser.
    tell : callable
        Says where it is.

    Raises
    ------
    ProblemsError
        The address cannot be had, or the app has not been built.
    """
    import uvicorn

    from kalkan.apps.web.connections import MOST, Connection
    from kalkan.apps.web.ending import Server

    must_be_built()
    listener = listen(host, port)
    port = listener.getsockname()[1]
    token = "" if is_loopback(host) else secrets.token_urlsafe(24)
    door = Door(host, port, token)
    address = f"http://{_shown(host)}:{port}/"
    page = address + (f"?token={token}" if token else "") + (f"#{start}" if start else "")
    tell(f"{page}\nCtrl-C ends it")
    if browser:
        with contextlib.suppress(webbrowser.Error):
            webbrowser.open(page)
    app = create_app(root, door, writes)
    config = uvicorn.Config(
        app, http=Connection, ws="none", log_level="warning", server_header=False, date_header=False,
        timeout_graceful_shutdown=2, limit_concurrency=MOST, h11_max_incomplete_event_size=32_768,
    )  # fmt: skip
    with contextlib.suppress(KeyboardInterrupt):
        Server(config, app).run(sockets=[listener])


def must_be_built() -> None:
    """Say how to get the app where it is not.

    Raises
    ------
    KalkanError
        The pages are not there.
    """
    if not (STATIC / "index.html").is_file():
        raise KalkanError(NO_BROWSER_APP)


def listen(host: str, port: int) -> socket.socket:
    """A socket at an address.

    Raises
    ------
    ProblemsError
        The address cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host.strip("[]"), port))
        listener.listen(64)  # whoever reads the address may connect at once
    except (OSError, OverflowError) as error:
        listener.close()
        where = "--port" if not isinstance(error, socket.gaierror) else "--host"
        reason = getattr(error, "strerror", None) or str(error)
        raise ProblemsError([Problem(where, f"{host}:{port} cannot be had: {reason.lower()}")]) from None
    return listener


def replay_page(path: str, variant: str, replication: int, wave: str | None = None) -> str:
    """Address of a replay within the app, after the ``#``."""
    parts = [path, variant, str(replication), *([wave] if wave else [])]
    return "/replay/" + "/".join(quote(part, safe="") for part in parts)


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else "localhost" if host == "0.0.0.0" else host


async def _page(request: Request) -> Response:
    if not (STATIC / "index.html").is_file():
        return refuse(503, NO_BROWSER_APP)
    return FileResponse(STATIC / "index.html", headers={"cache-control": "no-cache"})


async def _described(request: Request) -> Any:
    return description()


def _about(workspace: Workspace, writes: bool) -> Callable[[Request], Any]:
    async def about(request: Request) -> Any:
        import kalkan

        return {"version": kalkan.__version__, "workspace": workspace.root.name, "writes": writes}

    return about


async def _absent(request: Request, error: Exception) -> Response:
    return answer({"problems": [_problem("is not here")]}, 404)


async def _wrong_method(request: Request, error: Exception) -> Response:
    headers = dict(getattr(error, "headers", None) or {})
    refused = answer({"problems": [_problem("cannot be done here")]}, 405)
    refused.headers.update(headers)
    return refused


async def _fault(request: Request, error: Exception) -> Response:
    return answer({"problems": [_problem(f"kalkan has a fault: {type(error).__name__}")]}, 500)


def _problem(message: str) -> dict[str, Any]:
    return {"file": "", "line": 0, "where": "request", "message": message}
