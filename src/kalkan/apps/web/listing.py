"""What a workspace holds: scenario files and results folders, and what was passed over and why.

Any file may lie in a folder that somebody works in. One that cannot be read hides itself, never its neighbours.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from kalkan.apps.web.workspace import RESULTS, Workspace, must_be_plain
from kalkan.errors import ProblemsError
from kalkan.scenario.reading.files import MAX_BYTES

DEEPEST = 4  # folders below the workspace that are looked through
MOST_FILES = 500
LARGEST_RUN_BYTES = 50_000_000
UNREADABLE = (OSError, ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError)
"""What reading a file that kalkan did not write may raise."""
Listed = dict[str, Any]


def listing(workspace: Workspace) -> dict[str, list[Listed]]:
    """Scenario files and results folders, the newest first; and what was ``passed_over``, with the reason.

    Parameters
    ----------
    workspace : Workspace
    """
    found: dict[str, list[Listed]] = {"scenarios": [], "results": [], "passed_over": []}
    for path, kind in _walked(workspace.root):
        told = _told(workspace, path, kind)
        if told is not None:
            found["passed_over" if "why" in told else kind].append(told)
        if sum(map(len, found.values())) > MOST_FILES:
            break
    return {name: sorted(entries, key=lambda e: -e.get("modified", 0.0)) for name, entries in found.items()}


def _walked(root: Path) -> Iterator[tuple[Path, str]]:
    """Every file or folder that may be a scenario or hold results, with the kind that it may be."""
    for folder, names, files in os.walk(root):
        here = Path(folder)
        names[:] = sorted(n for n in names if not n.startswith(".") and n not in ("node_modules", "__pycache__"))
        if len(here.relative_to(root).parts) >= DEEPEST:
            names.clear()
        if RESULTS in files:
            names.clear()
            yield here, "results"
            continue
        for name in sorted(files):
            if name.endswith(".toml") and not name.startswith("."):
                yield here / name, "scenarios"


def _told(workspace: Workspace, path: Path, kind: str) -> Listed | None:
    """An entry of the listing; None: no scenario; with ``why``: passed over."""
    relative = path.relative_to(workspace.root).as_posix()
    if not relative.isprintable():
        return {"path": relative.encode("utf-8", "replace").decode(), "why": "its name cannot be written as text"}
    read: Callable[[Path], Listed | None] = _results if kind == "results" else _scenario
    try:
        told = read(workspace.inside(relative))
    except ProblemsError as error:
        return {"path": relative, "why": error.problems[0].message}
    except OSError as error:
        return {"path": relative, "why": f"cannot be read: {(error.strerror or 'the file system refuses').lower()}"}
    except UNREADABLE:
        return {"path": relative, "why": f"its {RESULTS} is not as kalkan writes it"}
    return None if told is None else {"path": relative, **told}


def _scenario(path: Path) -> Listed | None:
    """Title and time of a TOML file that looks like a scenario; a broken one may."""
    must_be_plain(path)
    about = path.stat()
    if about.st_size > MAX_BYTES:
        return None
    lines = [line.strip() for line in path.read_text(encoding="utf-8", errors="replace").splitlines()]
    if not any(line.startswith(("[[systems]]", "[[raids]]", "[[assets]]")) for line in lines):
        return None
    title = next((_quoted(x) for x in lines if x.startswith("title") and "=" in x), path.stem)
    return {"title": title, "modified": about.st_mtime}


def _results(folder: Path) -> Listed:
    """What was run, as ``run.json`` tells it; the time is that of the last finished block."""
    file, ledger = folder / RESULTS, folder / "ledger.jsonl"
    must_be_plain(file)
    if file.stat().st_size > LARGEST_RUN_BYTES:
        raise ValueError(file)
    run = json.loads(file.read_text(encoding="utf-8"))
    return {
        "title": str(run["title"]),
        "variants": [str(v["label"]) for v in run["variants"].values()],
        "replications": int(run["replications"]),
        "modified": (ledger if ledger.is_file() else file).stat().st_mtime,  # no ledger before the first block
    }


def _quoted(line: str) -> str:
    try:
        return str(tomllib.loads(line).get("title", ""))[:120]
    except ValueError:
        return line.split("=", 1)[1].strip().strip("\"'")[:120]
