"""Bodies and endpoints of studies, made from their declarations: each is put into the queue of runs."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Annotated, Any

from pydantic import Field, create_model
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.routing import Route

from kalkan.apps.web.endpoints import AbsentError, body_of, endpoint
from kalkan.apps.web.messages import Message, WorkspacePath
from kalkan.apps.web.runs import Run, Runs
from kalkan.apps.web.waiting import AskedRun
from kalkan.operations import STUDIES, TEXTS, Operation

MOST = 1_000_000
Text = Annotated[str, Field(max_length=400)]
SHARED: dict[str, Any] = {
    "seed": (Annotated[int, Field(ge=0, lt=2**64, description="Default the file's.")] | None, None),
    "variants": (Annotated[list[Text], Field(min_length=1, max_length=64)] | None, None),
    "stance": (Annotated[Text, Field(description="Whose figures; default the file's.")] | None, None),
}
"""What the bodies of all studies share; threads, catalogue files and the folder are the server's own."""


def body_for(operation: Operation) -> type[Message]:
    """The body of a request for a study: its arguments, checked strictly."""
    fields = {a.name: (_kind(a.kind, a.says), a.default) for a in operation.arguments}
    fields |= {name: field for name, field in SHARED.items() if name not in operation.without}
    name = operation.name.title().replace("_", "") + "Question"
    return create_model(name, __base__=Message, __doc__=operation.says, path=(WorkspacePath, ...), **fields)  # type: ignore[call-overload]


def _kind(kind: Any, says: str) -> Any:
    if kind == TEXTS:
        return Annotated[list[Text], Field(min_length=1, max_length=8, description=says)]
    if kind is bool:
        return Annotated[bool, Field(description=says)]
    if kind is str:
        return Annotated[Text, Field(description=says)]
    whole = Annotated[int, Field(ge=0, le=MOST, description=says)]
    return whole | None if kind == int | None else whole


BODIES = {name: body_for(operation) for name, operation in STUDIES.items()}


class Studying:
    """The endpoints of one workspace."""

    def __init__(self, runs: Runs) -> None:
        self._runs = runs

    def routes(self) -> list[Route]:
        """Addresses and what they do."""
        return [Route(o.address, endpoint(self._start(o)), methods=["POST"]) for o in STUDIES.values()]

    def _start(self, operation: Operation) -> Any:
        async def start(request: Request) -> Any:
            """Put a study into the queue."""
            sent = await body_of(request, BODIES[operation.name])
            scenario = await run_in_threadpool(self._runs.workspace.parse, sent.model_dump()["path"])
            return self._runs.queue(self._run(operation.name, sent, scenario.title))

        return start

    def again(self, asked: AskedRun) -> Run:
        """The run of a study that waited.

        Raises
        ------
        KeyError, ValidationError
            There is no such study, or its body is wrong.
        """
        return self._run(asked.study, BODIES[asked.study](**asked.body), asked.title)

    def _run(self, name: str, sent: Message, title: str) -> Run:
        given = sent.model_dump()
        path = given.pop("path")
        out = f"out/{PurePosixPath(path).with_suffix('')}-studies"  # as the command, but apart for each folder
        return Run(self._runs.number(), path, title, out, study=name, arguments=given)


def found_by(runs: Runs) -> Route:
    """Where a finished study tells everything that it found."""

    async def found(request: Request) -> Any:
        answer = runs.found.get(request.path_params["id"])
        if answer is None:
            raise AbsentError("there is no such study, or it has not ended")
        return answer

    return Route("/api/studies/{id:int}", endpoint(found))
