"""Endpoints about scenarios: open, save, check while writing, move on the map, what radars see."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.routing import Route

from kalkan.apps.reporting import problems_of
from kalkan.apps.web.endpoints import AbsentError, ConflictError, answer, body_of, endpoint, text_in
from kalkan.apps.web.listing import listing
from kalkan.apps.web.looking import Looks
from kalkan.apps.web.messages import CoverageQuestion, Draft, Edit, GroundQuestion, NewScenario, Save
from kalkan.apps.web.workspace import Workspace, problem, version_of
from kalkan.errors import ProblemsError
from kalkan.files import write_whole
from kalkan.scenario import Scenario


class Scenarios:
    """The endpoints of one workspace."""

    def __init__(self, workspace: Workspace, looks: Looks) -> None:
        self.workspace, self.looks = workspace, looks
        self._saving = threading.Lock()

    def routes(self) -> list[Route]:
        """Addresses and what they do."""
        return [
            Route("/api/files", endpoint(self.files)),
            Route("/api/scenario", endpoint(self.open)),
            Route("/api/scenario", endpoint(self.save), methods=["PUT"]),
            Route("/api/scenario", endpoint(self.new), methods=["POST"]),
            Route("/api/check", endpoint(self.check), methods=["POST"]),
            Route("/api/list", endpoint(self.listing)),
            Route("/api/edit", endpoint(self.edit), methods=["POST"]),
            Route("/api/coverage", endpoint(self.coverage), methods=["POST"]),
            Route("/api/ground", endpoint(self.ground), methods=["POST"]),
        ]

    async def files(self, request: Request) -> Any:
        """Scenarios and results of the workspace."""
        return await run_in_threadpool(listing, self.workspace)

    async def open(self, request: Request) -> Any:
        """A scenario's text."""
        path = text_in(request, "path")
        if not self.workspace.inside(path, ".toml").exists():
            raise AbsentError(f"{path} does not exist")
        text = await run_in_threadpool(self.workspace.text, path)
        return {"path": path, "text": text, "version": version_of(text)}

    async def save(self, request: Request) -> Any:
        """Write a scenario's text, unless the file has changed since it was opened."""
        sent = await body_of(request, Save)
        await run_in_threadpool(self._save, sent)
        return {"path": sent.path, "version": version_of(sent.text)}

    def _save(self, sent: Save) -> None:
        file = self.workspace.inside(sent.path, ".toml")
        with self._saving:  # of several that know one version, the first is saved and the others are told
            if file.exists() and version_of(self.workspace.text(sent.path)) != sent.version:
                raise ConflictError(f"{sent.path} has changed since you opened it")
            file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(file, sent.text)

    async def new(self, request: Request) -> Any:
        """Write a starter."""
        from kalkan.scenario import STARTERS, starter

        sent = await body_of(request, NewScenario)
        file = self.workspace.inside(sent.path, ".toml")
        if sent.kind not in STARTERS:
            raise problem(sent.kind, f"is no starter; there are {', '.join(STARTERS)}")
        text = starter(sent.kind)
        await run_in_threadpool(self._begin, file, sent.path, text)
        return answer({"path": sent.path, "text": text, "version": version_of(text)}, 201)

    def _begin(self, file: Path, path: str, text: str) -> None:
        with self._saving:
            if file.exists():
                raise ConflictError(f"{path} is there already; kalkan does not overwrite it")
            file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(file, text)

    async def check(self, request: Request) -> Any:
        """Every mistake of a text, or the map of each of its variants."""
        sent = await body_of(request, Draft)
        return await run_in_threadpool(self._checked, sent.path, sent.text)

    def _checked(self, path: str, text: str) -> dict[str, Any]:
        from kalkan.views.claims.asking import refusals
        from kalkan.views.coverage.picture import live_offer
        from kalkan.views.maps.scene import scene

        try:
            scenario = self.workspace.parse(path, text)
        except ProblemsError as error:
            return {**problems_of(error), "scenes": [], "study": None, "coverage": None}
        study = {"replications": scenario.study.replications, "seed": scenario.study.seed}
        refused = refusals(scenario)  # what stands on the map can be mended there
        return {
            "problems": problems_of(ProblemsError(refused))["problems"] if refused else [],
            "title": scenario.title,
            "scenes": [scene(s) for s in scenario.variants_resolved().values()],
            "study": study,
            "coverage": live_offer(scenario),
        }

    async def listing(self, request: Request) -> Any:
        """What the catalogue has, or what a word names."""
        from kalkan.views.claims.asking import listing

        word = text_in(request, "word", "")
        return await run_in_threadpool(lambda: listing(word, everything=True))

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
