"""The queue of runs: one at a time, each in a process of its own, watched live."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict, dataclass, field
from pathlib import PurePosixPath
from typing import Any

from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

from kalkan.apps.web.children import Child
from kalkan.apps.web.endpoints import AbsentError, ConflictError, answer, body_of, endpoint
from kalkan.apps.web.messages import NewRun
from kalkan.apps.web.waiting import AskedRun, Waiting
from kalkan.apps.web.workspace import Workspace
from kalkan.errors import KalkanError

MOST_WAITING = 20
MOST_KEPT = 50
HEARTBEAT_S = 15.0
ENDED = ("finished", "cancelled", "failed")


@dataclass
class Run:
    """One run, from the queue to its end, as the browser sees it."""

    id: int
    path: str
    title: str
    out: str
    replications: int | None = None
    stance: str = ""
    unknown: bool = True
    overwrite: bool = False
    study: str = ""  # the operation; empty: a plain run
    arguments: dict[str, Any] = field(default_factory=dict)  # of the study
    state: str = "waiting"  # then running, cancelling, and one of ENDED
    note: str = ""
    done: int = 0
    total: int = 0
    left_s: float = 0.0
    times_real: float = 0.0
    estimates: list[dict[str, Any]] = field(default_factory=list)
    history: list[list[float]] = field(default_factory=list)  # done, then each variant's half-width of leakers
    problems: list[dict[str, Any]] = field(default_factory=list)
    queued: float = field(default_factory=time.time)

    @property
    def body(self) -> dict[str, Any]:
        """The request that asks for it."""
        if self.study:
            return {"path": self.path, **self.arguments}
        return {name: getattr(self, name) for name in ("path", "replications", "stance", "unknown", "overwrite")}


class Runs:
    """The endpoints of one workspace, and its queue."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.runs: dict[int, Run] = {}
        self.found: dict[int, dict[str, Any]] = {}  # what finished studies found
        self._children: dict[int, Child] = {}
        self._numbers = itertools.count(1)
        self._waiting: asyncio.Queue[int] = asyncio.Queue()
        self._changed = asyncio.Event()
        self._closing = False
        self._kept = Waiting(workspace)

    def routes(self) -> list[Route]:
        """Addresses and what they do."""
        return [
            Route("/api/runs", endpoint(self.listing)),
            Route("/api/runs", endpoint(self.start), methods=["POST"]),
            Route("/api/runs/events", endpoint(self.events)),
            Route("/api/runs/{id:int}", endpoint(self.cancel), methods=["DELETE"]),
        ]

    async def listing(self, request: Request) -> Any:
        """All runs, the newest first."""
        return self._told()

    async def start(self, request: Request) -> Any:
        """Put a run into the queue."""
        sent = await body_of(request, NewRun)
        scenario = await run_in_threadpool(self.workspace.parse, sent.path)
        if sent.stance:
            await run_in_threadpool(scenario.with_stances, sent.stance.split(","))
        return self.queue(self.asked(sent, scenario.title))

    def asked(self, sent: NewRun, title: str) -> Run:
        """The run that a request asks for."""
        out = f"out/{PurePosixPath(sent.path).with_suffix('')}"  # as kalkan run, but apart for each folder
        return Run(self.number(), sent.path, title, out, sent.replications, sent.stance, sent.unknown, sent.overwrite)

    def number(self) -> int:
        """Of the next run."""
        return next(self._numbers)

    def take_up(self, studied: Callable[[AskedRun], Run]) -> None:
        """Let what waited when the last server ended wait again; what was at work is told, for its user to decide.

        Parameters
        ----------
        studied : callable
            The run of a study that waited.
        """
        for asked in self._kept.read()[:MOST_WAITING] if not self.runs else ():
            try:
                run = studied(asked) if asked.study else self.asked(NewRun(**asked.body), asked.title)
                self.workspace.inside(run.out)
            except (ValidationError, KalkanError, LookupError):
                continue  # nothing that could be asked for
            self.runs[run.id] = run
            if asked.begun:
                run.state, run.note = "cancelled", "the server ended while it was at work; run again to go on"
            else:
                self._waiting.put_nowait(run.id)
        self._keep()

    def _keep(self) -> None:
        """Write down what waits and what is at work."""
        going = [r for r in self.runs.values() if r.state not in ENDED]
        self._kept.write(
            AskedRun(study=r.study, body=r.body, title=r.title[:5000], begun=r.state != "waiting") for r in going
        )

    def queue(self, run: Run) -> Any:
        """Let a run wait for its turn.

        Raises
        ------
        ConflictError
            Too many wait already.
        """
        if sum(r.state not in ENDED for r in self.runs.values()) >= MOST_WAITING:
            raise ConflictError(f"{MOST_WAITING} runs are waiting already")
        self.workspace.inside(run.out)
        self.runs[run.id] = run
        for old in [r.id for r in self.runs.values() if r.state in ENDED][: max(0, len(self.runs) - MOST_KEPT)]:
            del self.runs[old]
            self.found.pop(old, None)
        self._waiting.put_nowait(run.id)
        self._keep()
        self._tell()
        return answer(asdict(run), 201)

    async def cancel(self, request: Request) -> Any:
        """Stop a run, or take it out of the queue; finished replications are kept."""
        run = self.runs.get(request.path_params["id"])
        if run is None:
            raise AbsentError("there is no such run")
        if run.state == "waiting":
            run.state = "cancelled"
        elif run.state == "running":
            run.state = "cancelling"
            self._children[run.id].stop()
        self._keep()
        self._tell()
        return asdict(run)

    async def events(self, request: Request) -> Any:
        """All runs, again and again, whenever something has changed (server-sent events)."""
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(self._stream(request), media_type="text/event-stream", headers=headers)

    async def _stream(self, request: Request) -> AsyncIterator[str]:
        while not self._closing and not await request.is_disconnected():
            changed = self._changed
            yield f"data: {json.dumps(self._told())}\n\n"
            try:
                await asyncio.wait_for(changed.wait(), HEARTBEAT_S)
            except TimeoutError:
                yield ": still here\n\n"

    def close(self) -> None:
        """Let nobody wait for news any more: the server is about to end."""
        self._closing = True
        self._tell()

    async def work(self) -> None:
        """Do one run after the other, until cancelled."""
        try:
            while True:
                run = self.runs.get(await self._waiting.get())
                if run is not None and run.state == "waiting":
                    await self._do(run)
        finally:
            for child in self._children.values():
                child.stop()
            self.leave()

    def leave(self) -> None:
        """Leave the queue on disk to the next server."""
        self._kept.release()

    async def _do(self, run: Run) -> None:
        self._children[run.id] = child = Child(self._job(run))
        run.state = "running"
        self._keep()
        self._tell()
        try:
            async for line in child.lines():
                self._take(run, line)
            if run.state not in ENDED:
                run.state = "failed"
                run.problems = run.problems or [_broken(run.out)]
        except (OSError, ValueError):
            run.state, run.problems = "failed", [_broken(run.out)]
        finally:
            del self._children[run.id]
            self._keep()
            self._tell()

    def _job(self, run: Run) -> dict[str, Any]:
        """What the worker is to do; it checks all paths again, which may lead elsewhere since the run was queued."""
        job: dict[str, Any] = {"root": str(self.workspace.root), "path": run.path, "out": run.out}
        if run.study:
            return job | {"do": "study", "study": run.study, "arguments": run.arguments}
        return job | {"do": "run", **run.body}

    def _take(self, run: Run, line: dict[str, Any]) -> None:
        """One line of a run at work."""
        if "problems" in line:
            run.state, run.problems = "failed", line["problems"]
            for problem in run.problems:
                problem["file"] = problem["file"].removeprefix(f"{self.workspace.root}/")
                problem["message"] = problem["message"].replace(f"{self.workspace.root}/", "")
        elif "answer" in line:
            run.state, run.note = "finished", ""
            if run.study:
                self.found[run.id] = line["answer"]
        elif "stopped" in line:
            run.state, run.note = "cancelled", f"kept {run.done} of {run.total} replications; run again to go on"
        for name in ("note", "done", "total", "left_s", "times_real", "estimates"):
            if name in line:
                setattr(run, name, line[name])
        if "out" in line:
            run.out = PurePosixPath(run.out).with_name(line["out"]).as_posix()
        if "estimates" in line:
            widths = [_half_width(e) for e in line["estimates"]]
            run.history = [*run.history[-299:], [run.done, *widths]]
        self._tell()

    def _told(self) -> dict[str, Any]:
        return {"runs": [asdict(r) for r in sorted(self.runs.values(), key=lambda r: -r.id)]}

    def _tell(self) -> None:
        before, self._changed = self._changed, asyncio.Event()
        before.set()


def _half_width(estimate: dict[str, Any]) -> float:
    leakers = estimate["values"].get("leakers", {})
    low, high = leakers.get("low"), leakers.get("high")
    return (high - low) / 2.0 if low is not None and high is not None else 0.0


def _broken(out: str) -> dict[str, Any]:
    return {
        "file": "",
        "line": 0,
        "where": PurePosixPath(out).name,
        "message": "the run broke down; start it with kalkan run to see why",
    }
