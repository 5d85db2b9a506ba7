"""Endpoints about scenarios: open, save, check while writing, move on the map, what radars see."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.routing import Route

from kalkan.apps.reporting import problems_of
from kalkan.apps.web.endpoints import AbsentError, ConflictError, answer, body_of, endpoint, text_in
from kalkan.apps.web.looking import Looks
from kalkan.apps.web.messages import CoverageQuestion, Draft, Edit, GroundQuestion, NewScenario, Save
from kalkan.apps.web.workspace import Workspace, problem, version_of
from kalkan.errors import ProblemsError
from kalkan.scenario import Scenario
from kalkan.scenario.reading.files import read_text


class Scenarios:
    """The endpoints of one workspace."""

    def __init__(self, workspace: Workspace, looks: Looks) -> None:
        self.workspace, self.looks = workspace, looks

    def routes(self) -> list[Route]:
        """Addresses and what they do."""
        return [
            Route("/api/files", endpoint(self.files)),
            Route("/api/scenario", endpoint(self.open)),
            Route("/api/scenario", endpoint(self.save), methods=["PUT"]),
            Route("/api/scenario", endpoint(self.new), methods=["POST"]),
            Route("/api/check", endpoint(self.check), methods=["POST"]),
            Route("/api/edit", endpoint(self.edit), methods=["POST"]),
            Route("/api/coverage", endpoint(self.coverage), methods=["POST"]),
            Route("/api/ground", endpoint(self.ground), methods=["POST"]),
        ]

    async def files(self, request: Request) -> Any:
        """Scenarios and results of the workspace."""
        return await run_in_threadpool(self.workspace.listing)

    async def open(self, request: Request) -> Any:
        """A scenario's text."""
        path = text_in(request, "path")
        file = self.workspace.inside(path, ".toml")
        if not file.is_file():
            raise AbsentError(f"{path} does not exist")
        text = await run_in_threadpool(read_text, file)
        return {"path": path, "text": text, "version": version_of(text)}

    async def save(self, request: Request) -> Any:
        """Write a scenario's text, unless the file has changed since it was opened."""
        sent = await body_of(request, Save)
        file = self.workspace.inside(sent.path, ".toml")
        before = await run_in_threadpool(read_text, file) if file.is_file() else None
        if before is not None and version_of(before) != sent.version:
            raise ConflictError(f"{sent.path} has changed since you opened it")
        await run_in_threadpool(write_whole, file, sent.text)
        return {"path": sent.path, "version": version_of(sent.text)}

    async def new(self, request: Request) -> Any:
        """Write a starter."""
        from kalkan.scenario import STARTERS, starter

        sent = await body_of(request, NewScenario)
        file = self.workspace.inside(sent.path, ".toml")
        if sent.kind not in STARTERS:
            raise problem(sent.kind, f"is no starter; there are {', '.join(STARTERS)}")
        if file.exists():
            raise ConflictError(f"{sent.path} is there already; kalkan does not overwrite it")
        text = starter(sent.kind)
        await run_in_threadpool(write_whole, file, text)
        return answer({"path": sent.path, "text": text, "version": version_of(text)}, 201)

    async def check(self, request: Request) -> Any:
        """Every mistake of a text, or the map of each of its variants."""
        sent = await body_of(request, Draft)
        return await run_in_threadpool(self._checked, sent.path, sent.text)

    def _checked(self, path: str, text: str) -> dict[str, Any]:
        from kalkan.views.coverage.picture import live_offer
        from kalkan.views.maps.scene import scene

        try:
            scenario = self.workspace.parse(path, text)
        except ProblemsError as error:
            return {**problems_of(error), "scenes": [], "study": None, "coverage": None}
        study = {"replications": scenario.study.replications, "seed": scenario.study.seed}
        return {
            "problems": [],
            "title": scenario.title,
            "scenes": [scene(s) for s in scenario.variants_resolved().values()],
            "study": study,
            "coverage": live_offer(scenario),
        }

    async def edit(self, request: Request) -> Any:
        """Change positions in a text; comments stay."""
        from kalkan.scenario.writing.editing import Change, edit_text

        sent = await body_of(request, Edit)
        changes = [Change(tuple(m.place), m.value) for m in sent.changes]
        return {"text": await run_in_threadpool(edit_text, sent.text, changes, sent.path)}

    async def coverage(self, request: Request) -> Any:
        """What radars see or detect, or fire units reach, at a height."""
        sent = await body_of(request, CoverageQuestion)
        return await run_in_threadpool(lambda: self.looks.picture(self._variant(sent), sent))

    def _variant(self, sent: CoverageQuestion) -> Scenario:
        variants = self.workspace.parse(sent.path, sent.text).variants_resolved()
        if sent.variant and sent.variant not in variants:
            raise problem(sent.variant, f"is not a variant; there are {', '.join(variants)}")
        return variants[sent.variant] if sent.variant else next(iter(variants.values()))

    async def ground(self, request: Request) -> Any:
        """Relief, coasts and borders around a scenario."""
        sent = await body_of(request, GroundQuestion)
        return await run_in_threadpool(self._ground, sent)

    def _ground(self, sent: GroundQuestion) -> dict[str, Any]:
        from kalkan.compile.ground import terrain_of
        from kalkan.earth.box import Box
        from kalkan.views.maps.ground import ground
        from kalkan.views.maps.scene import scene

        scenario = self.workspace.parse(sent.path, sent.text)
        return ground(terrain_of(scenario), Box(*scene(scenario)["box"]))


def write_whole(file: Path, text: str) -> None:
    """Write a file so that a crash leaves the old one or the new one, never half of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.part")
    part.write_text(text, encoding="utf-8", newline="")
    part.replace(file)
