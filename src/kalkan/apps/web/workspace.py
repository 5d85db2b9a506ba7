"""The workspace: the one folder whose scenarios and results the app may touch."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from kalkan.errors import Problem, ProblemsError
from kalkan.scenario import Scenario
from kalkan.scenario.reading.files import MAX_BYTES, parse_toml, read_text

DEEPEST = 4  # folders below the workspace that are looked through
MOST_FILES = 500
RESULTS = "run.json"


class Workspace:
    """Files of one folder; whatever lies outside does not exist.

    Parameters
    ----------
    root : Path
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()

    def inside(self, path: str, ending: str = "") -> Path:
        """The file or folder of a relative path.

        Raises
        ------
        ProblemsError
            The path leaves the workspace, is hidden, or lacks the ending.
        """
        parts = path.split("/")
        plain = path == "." or all(p and not p.startswith(".") and "\\" not in p and p.isprintable() for p in parts)
        if not plain or len(path) > 400 or any(len(p.encode()) > 200 for p in parts):
            raise problem(path, "is not a path inside the workspace")
        found = (self.root / path).resolve()
        if not found.is_relative_to(self.root):
            raise problem(path, "leads out of the workspace")
        if ending and found.suffix.lower() != ending:
            raise problem(path, f"must end in {ending}")
        return found

    def results(self, path: str) -> Path:
        """A results folder.

        Raises
        ------
        ProblemsError
            It is none.
        """
        folder = self.inside(path)
        if not (folder / RESULTS).is_file():
            raise problem(path, "is no results folder")
        return folder

    def listing(self) -> dict[str, list[dict[str, Any]]]:
        """Scenario files and results folders, the newest first."""
        scenarios: list[dict[str, Any]] = []
        results: list[dict[str, Any]] = []
        for folder, names, files in os.walk(self.root):
            here = Path(folder)
            depth = len(here.relative_to(self.root).parts)
            names[:] = sorted(n for n in names if not n.startswith(".") and n not in ("node_modules", "__pycache__"))
            if depth >= DEEPEST:
                names.clear()
            if RESULTS in files:
                names.clear()
                results.append(self._results_entry(here))
                continue
            scenarios += [self._entry(here / f) for f in sorted(files) if f.endswith(".toml") and not f.startswith(".")]
            if len(scenarios) + len(results) > MOST_FILES:
                break
        return {
            "scenarios": _newest([e for e in scenarios if self._is_scenario(e)]),
            "results": _newest(results),
        }

    def _entry(self, path: Path) -> dict[str, Any]:
        return {"path": path.relative_to(self.root).as_posix(), "modified": path.stat().st_mtime}

    def _is_scenario(self, entry: dict[str, Any]) -> bool:
        """Whether a TOML file looks like a scenario; a broken one may."""
        try:
            path = self.root / entry["path"]
            if path.stat().st_size > MAX_BYTES:
                return False
            text = path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return False
        lines = [line.strip() for line in text.splitlines()]
        entry["title"] = next((_quoted(x) for x in lines if x.startswith("title") and "=" in x), path.stem)
        return any(line.startswith(("[[systems]]", "[[raids]]", "[[assets]]")) for line in lines)

    def _results_entry(self, folder: Path) -> dict[str, Any]:
        entry = self._entry(folder)
        try:
            run = json.loads((folder / RESULTS).read_text(encoding="utf-8"))
            ledger = folder / "ledger.jsonl"  # not there before the first block
            entry |= {
                "title": str(run["title"]),
                "variants": [str(v["label"]) for v in run["variants"].values()],
                "replications": int(run["replications"]),
                "modified": (ledger if ledger.is_file() else folder / RESULTS).stat().st_mtime,
            }
        except (OSError, ValueError, KeyError, TypeError):
            entry |= {"title": folder.name, "variants": [], "replications": 0}
        return entry

    def parse(self, path: str, text: str | None = None) -> Scenario:
        """A checked scenario of the workspace, from the text given or from its file.

        Raises
        ------
        ProblemsError
            Everything that is wrong with it; also if it names files outside the workspace.
        """
        from kalkan.scenario import parse

        file = self.inside(path, ".toml")
        text = read_text(file) if text is None else text
        outside = self._outside(text, path, file.parent)
        if outside:
            raise ProblemsError(outside)
        return parse(text, path, file.parent)

    def _outside(self, text: str, path: str, base: Path) -> list[Problem]:
        """Files that a scenario names and that are none of the workspace's."""
        tree = parse_toml(text, path)
        region, listed = tree.get("region"), tree.get("catalogue")
        named = [("region · terrain", region.get("terrain") if isinstance(region, dict) else None)]
        named += [("catalogue", name) for name in (listed if isinstance(listed, list) else [])]
        problems = []
        for where, name in named:
            if not isinstance(name, str):
                continue
            try:
                sound = (base / name).resolve().is_relative_to(self.root)
            except (OSError, ValueError):
                sound = False
            if not sound:
                message = f"leads out of the workspace; start kalkan serve in a folder that holds {name[:80]!r}"
                problems.append(Problem(where, message, path))
        return problems


def _newest(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(entries, key=lambda e: -e["modified"])


def problem(path: str, message: str) -> ProblemsError:
    """One problem with a path."""
    return ProblemsError([Problem("path", message, path[:100])])


def version_of(text: str) -> str:
    """What tells one state of a file from another."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _quoted(line: str) -> str:
    return line.split("=", 1)[1].split("#")[0].strip().strip("\"'")[:120]
