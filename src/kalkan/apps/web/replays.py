"""Endpoints about results: tables, comparisons, which replication to look at, and the replay itself."""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kalkan.apps.web.children import answer_of
from kalkan.apps.web.endpoints import body_of, endpoint, text_in, whole_in
from kalkan.apps.web.looking import Looks
from kalkan.apps.web.messages import StoredCoverageQuestion
from kalkan.apps.web.workspace import Workspace, problem
from kalkan.errors import ProblemsError, StoreError
from kalkan.kept import Kept

if TYPE_CHECKING:
    from kalkan.engine.store import Store
    from kalkan.scenario import Scenario

KEPT_DOCUMENTS = 6
KEPT_FIGURES = 6
KEPT_SCENARIOS = 8


class Replays:
    """The endpoints of one workspace."""

    def __init__(self, workspace: Workspace, looks: Looks) -> None:
        self.workspace, self.looks = workspace, looks
        self._documents: OrderedDict[tuple[str, str, int, str, float], str] = OrderedDict()
        self._lock = asyncio.Lock()
        self._figures: OrderedDict[tuple[str, float], Any] = OrderedDict()
        self._drawing = asyncio.Lock()
        self._scenarios: Kept[Scenario] = Kept(KEPT_SCENARIOS)

    def routes(self) -> list[Route]:
        """Addresses and what they do."""
        asked = {
            "results": self.results, "compare": self.compare, "figures": self.figures, "report": self.report,
            "choices": self.choices, "replay": self.replay, "onefile": self.onefile,
        }  # fmt: skip
        looked = Route("/api/coverage/stored", endpoint(self._in_place(self.coverage)), methods=["POST"])
        return [*(Route(f"/api/{name}", endpoint(self._in_place(f))) for name, f in asked.items()), looked]

    def _in_place(self, function: Callable[[Request], Awaitable[Any]]) -> Callable[[Request], Awaitable[Any]]:
        """What it complains of, with files named as in the workspace: where that lies is nobody's concern."""

        def local(text: str) -> str:
            return text.replace(f"{self.workspace.root}/", "")

        async def served(request: Request) -> Any:
            try:
                return await function(request)
            except ProblemsError as error:
                problems = [replace(p, message=local(p.message), file=local(p.file)) for p in error.problems]
                raise ProblemsError(problems) from None
            except StoreError as error:
                raise StoreError(local(str(error))) from None

        return served

    async def results(self, request: Request) -> Any:
        """The tables of a run."""
        folder = self.workspace.results(text_in(request, "path"))

        def read() -> Any:
            from kalkan.views.notebook.results import open_results

            return _shown(open_results(folder).summary())

        return await run_in_threadpool(read)

    async def compare(self, request: Request) -> Any:
        """Two runs side by side."""
        first, second = (self.workspace.results(text_in(request, name)) for name in ("first", "second"))

        def read() -> Any:
            from kalkan.views.notebook.results import compare, open_results

            return _shown(compare(*(open_results(f) for f in (first, second))).summary())

        return await run_in_threadpool(read)

    async def figures(self, request: Request) -> Any:
        """Histograms and maps of a run, as its report has them; the last few are remembered."""
        folder = self.workspace.results(text_in(request, "path"))
        key = (str(folder), _stamp(folder))
        async with self._drawing:
            if key not in self._figures:
                self._figures[key] = await answer_of({"do": "figures", "folder": str(folder)})
            while len(self._figures) > KEPT_FIGURES:
                self._figures.popitem(last=False)
            return self._figures[key]

    async def report(self, request: Request) -> Any:
        """The report of a run: one page to hand over."""
        folder = self.workspace.results(text_in(request, "path"))
        page = await answer_of({"do": "report", "folder": str(folder)})
        return _attached(page, "report.html")

    async def choices(self, request: Request) -> Any:
        """Which replications there are, and which are worth a look."""
        folder = self.workspace.results(text_in(request, "path"))

        def read() -> Any:
            from kalkan.results.assemble import Results, load_records
            from kalkan.views.run.choices import choices

            results = Results(*load_records(folder))
            return {"title": results.run["title"], "variants": choices(results)}

        return await run_in_threadpool(read)

    async def replay(self, request: Request) -> Any:
        """One replication, of a campaign one wave of it, as a document."""
        text = await self.document(
            text_in(request, "path"), text_in(request, "variant"), whole_in(request, "replication"),
            text_in(request, "wave", ""),
        )  # fmt: skip
        return Response(text, headers={"cache-control": "no-store"}, media_type="application/json")

    async def onefile(self, request: Request) -> Any:
        """One replication as a page that opens from disk."""
        from kalkan.apps.web.onefile import page
        from kalkan.views.replay.telling import compact, packed

        path, variant = text_in(request, "path"), text_in(request, "variant")
        number, wave = whole_in(request, "replication"), text_in(request, "wave", "")
        folder, text = self.workspace.results(path), await self.document(path, variant, number, wave)

        def made() -> str:
            return page(compact(packed(json.loads(text), folder)))

        return _attached(await run_in_threadpool(made), f"replay-{number}.html")

    async def coverage(self, request: Request) -> Any:
        """What radars saw or detected, or fire units reached, at a height."""
        from kalkan.engine.store import Store

        sent = await body_of(request, StoredCoverageQuestion)
        store = Store.open(self.workspace.results(sent.path))
        variant = sent.variant or next(iter(store.run["variants"]))
        if variant not in store.run["variants"]:
            raise problem(variant, f"is not a variant; there are {', '.join(store.run['variants'])}")
        return await run_in_threadpool(lambda: self.looks.picture(self._scenario(store, variant, sent.wave), sent))

    def _scenario(self, store: Store, variant: str, wave: str | None) -> Scenario:
        """A variant as it was run; the last few are remembered, since reading one takes longer than a look."""
        from kalkan.views.replay.telling import scenario_of

        key = (str(store.path), variant, wave, (store.path / "run.json").stat().st_mtime)
        return self._scenarios.get(key, lambda: scenario_of(store.path, variant, wave or ""))

    async def document(self, path: str, variant: str, replication: int, wave: str = "") -> str:
        """The replay document as text, of a campaign of its wave, by default the first; the last few are remembered.

        Raises
        ------
        ProblemsError, StoreError
            There is no such replication or wave, or it does not come out as it was stored.
        """
        folder = self.workspace.results(path)
        key = (path, variant, replication, wave, _stamp(folder))
        async with self._lock:
            if key not in self._documents:
                self._documents[key] = await self._recorded(folder, variant, replication, wave)
            self._documents.move_to_end(key)
            while len(self._documents) > KEPT_DOCUMENTS:
                self._documents.popitem(last=False)
            return self._documents[key]

    async def _recorded(self, folder: Path, variant: str, replication: int, wave: str) -> str:
        from kalkan.views.replay.telling import compact

        job = {"do": "replay", "folder": str(folder), "variant": variant, "replication": replication,
               "wave": wave or None}  # fmt: skip
        return compact(await answer_of(job))


def _stamp(folder: Path) -> float:
    """When the last block of a run was finished; 0: none yet."""
    ledger = folder / "ledger.jsonl"
    return ledger.stat().st_mtime if ledger.exists() else 0.0


def _attached(page: str, name: str) -> Response:
    """A page to be kept as a file, never shown under this server's name."""
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(page, headers=headers, media_type="text/html")


def _shown(content: dict[str, Any]) -> dict[str, Any]:
    """A summary as the browser shows it: sentences, cells ready to read, no places of this machine's files."""
    from kalkan.views.report.glance import findings_first
    from kalkan.views.run.result_cells import all_cells, all_notes
    from kalkan.views.run.tables import heading

    cells = zip(all_cells(content), _differences(content), strict=True)
    tables = [{"heads": heads, "rows": rows, "differences": n} for (heads, rows), n in cells]
    return {
        "title": content["title"], "heading": heading(content), "findings": findings_first(content),
        "notes": all_notes(content), "tables": tables, "variants": content["variants"],
    }  # fmt: skip


def _differences(content: dict[str, Any]) -> list[int]:
    """How many of the last columns of each table are differences; that of what is not known stands second."""
    first, *others = [len(content["difference_columns"]) * t["differences_shown"] for t in content["tables"]]
    unknown = content.get("unknown", {})
    return [first, *([len(unknown["differences"])] if unknown.get("asked") else []), *others]
